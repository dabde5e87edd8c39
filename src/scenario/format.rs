//! The file format, version 1: JSON that people can read and write by hand.
//!
//! What equals its default is left out, times are text, short lists stay on one line. A file that
//! cannot be read gives one problem with line, column and path. `docs/scenario.md` describes
//! the format. Deliberately not here: RabbitMQ's own files ([`definitions`](super::definitions)),
//! and what is readable but unwise ([`validate`](super::validate)).

mod cursor;
mod json;
mod load;
mod node;
mod number;
mod parse;
mod pretty;
mod read;
mod write;

pub use json::{Json, JsonObject, Number};
pub use read::read;
pub use write::write;

pub(super) use cursor::{Cursor, Read, shown, too_long};
pub(super) use node::table;
pub(super) use parse::{json, parse};
pub(super) use pretty::{flat, pretty};
pub(super) use read::{read_local_text, refuse_at};

use super::Problem;
use crate::types::FieldValue;

/// The version this program writes.
pub const VERSION: u64 = 1;

/// A value of a field table, written as JSON.
///
/// # Errors
/// When the text is no JSON, or holds a number or a name that no field can have.
pub fn read_field_value(text: &str) -> Result<FieldValue, Problem> {
    let value = json(text)?;
    let read = Cursor::top(&value).field_value();
    read.map_err(|refusal| refuse_at(text, &refusal.path, refusal.problem))
}

/// Such a value as JSON on one line.
#[must_use]
pub fn write_field_value(value: &FieldValue) -> String {
    flat(&node::field_value(value))
}
