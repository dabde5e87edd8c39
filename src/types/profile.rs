//! Which RabbitMQ is imitated where versions differ.
//!
//! Deliberately not here: the differences themselves; each stands where it acts.

use serde::Serialize;
use std::fmt;

/// A named set of behaviours of one line of RabbitMQ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub enum Profile {
    /// RabbitMQ 3.x, measured on 3.10.
    #[serde(rename = "3.x")]
    V3,
    /// RabbitMQ 4.x, the newest release of the line.
    #[default]
    #[serde(rename = "4.x")]
    V4,
}

impl Profile {
    /// Every profile, oldest first.
    pub const ALL: [Self; 2] = [Self::V3, Self::V4];

    /// The name people see and type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V3 => "3.x",
            Self::V4 => "4.x",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
