//! The simulator: a broker, its clients and the links between them in simulated time.
//!
//! A run is a scenario, a seed and a log of what the operator did; the same three give the same
//! trace to the bit, on every target and at any frame rate. Deliberately not here: wall-clock time,
//! pictures, documents being edited.

pub mod operator;
pub mod trace;

pub use operator::{OperatorAction, OperatorEntry};
pub use trace::{Parcel, TraceKind, TraceRecord, Wait};
