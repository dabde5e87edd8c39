//! The simulator: a broker, its clients and the links between them in simulated time.
//!
//! A run is a scenario, a seed and a log of what the operator did; the same three give the same
//! trace to the bit, on every target and at any frame rate. Deliberately not here: wall-clock time,
//! pictures, documents being edited.

mod arrivals;
mod assembly;
mod calendar;
mod client;
mod context;
pub mod definitions;
mod draft;
mod edit;
mod effects;
mod executor;
mod held;
pub mod operator;
mod outages;
mod policies;
mod process;
mod random;
mod recorder;
mod simulation;
pub mod stats;
mod topology;
pub mod trace;
mod transport;
mod view;
mod waits;
mod wire;
mod world;

pub use operator::{OperateError, OperatorAction, OperatorEntry};
pub use simulation::Simulation;
pub use stats::Stats;
pub use trace::{ClientStatus, Parcel, TraceKind, TraceRecord, Wait};
pub use view::{ClientState, ClientView, HandView, ProcessView, Progress, Step, Stop};
pub use wire::Fetched;

/// More events at one instant than any sensible scenario has; then something goes round in circles without
/// time passing (work that takes no time and is always requeued, say).
pub const EVENTS_AT_ONE_INSTANT_MAX: u64 = 100_000;

#[cfg(test)]
pub(crate) mod tests;
