//! What stands round the stage: bar, palette, inspector, journey, transport.
//!
//! Deliberately not here: the stage and the charts.

mod bar;
pub(crate) mod button;
mod field;
mod inspector;
mod journey;
mod palette;
mod transport;

pub(crate) use bar::{Bar, BarView};
pub(crate) use field::{Draft, Typing, end_typing};
pub(crate) use inspector::Inspector;
pub(crate) use journey::Journey;
pub(crate) use palette::{Palette, Press, pick, press};
pub(crate) use transport::{Transport, TransportFrame};
