//! The file format, version 1: JSON that people can read and write by hand.
//!
//! What equals its default is left out, times are text, short lists stay on one line. A file that
//! cannot be read gives one problem with line, column and path. `docs/scenario.md` describes
//! the format. Deliberately not here: RabbitMQ's own files ([`definitions`](super::definitions)),
//! and what is readable but unwise ([`validate`](super::validate)).

mod pretty;
mod read;
mod write;

pub use read::read;
pub use write::write;

pub(super) use pretty::pretty;
pub(super) use read::{json, refuse_at};

/// The version this program writes.
pub const VERSION: u64 = 1;
