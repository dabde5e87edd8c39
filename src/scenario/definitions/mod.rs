//! RabbitMQ's definitions files: in and out.
//!
//! Every file RabbitMQ accepts opens; what it leaves unsaid gets RabbitMQ's defaults, and what
//! cannot be honoured becomes a problem with the path in the file. What the stage does not show
//! (users, permissions, policies, parameters) is carried in the document and comes out again on
//! export. Deliberately not here: what policies do.

mod entry;
mod export;
mod import;
mod policies;

pub use export::export;
pub use import::{Imported, import};
pub use policies::policies;

use crate::scenario::format::{Json, JsonObject};

/// Keys of which a definitions file has at least one.
const SECTIONS: [&str; 10] = [
    "queues",
    "exchanges",
    "bindings",
    "vhosts",
    "users",
    "permissions",
    "policies",
    "parameters",
    "global_parameters",
    "rabbit_version",
];

/// Whether a document that carries these sections has policies, or may have.
#[must_use]
pub fn has_policies(carried: &JsonObject) -> bool {
    ["policies", "parameters"].iter().any(|section| {
        let entries = carried.get(section).and_then(Json::as_array);
        entries.is_some_and(|entries| !entries.is_empty())
    })
}

/// Whether a JSON value has the look of a definitions file.
pub(super) fn looks_like(value: &Json) -> bool {
    SECTIONS.iter().any(|key| value.get(key).is_some())
}
