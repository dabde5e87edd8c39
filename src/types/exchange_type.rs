//! The types of exchange, by the names they are declared with.
//!
//! Deliberately not here: how each type routes.

use super::{FieldTable, FieldValue, Profile};
use serde::Serialize;
use std::fmt;

/// The type of an exchange.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(into = "String")]
pub enum ExchangeType {
    /// Routing key equals binding key.
    #[default]
    Direct,
    /// Every binding matches.
    Fanout,
    /// Words with `*` and `#`.
    Topic,
    /// Headers are compared.
    Headers,
    /// A type of a plugin, or no type at all.
    Other(String),
}

impl ExchangeType {
    /// Of a plugin: by a hash of the routing key or of a header, in shares.
    pub const CONSISTENT_HASH: &'static str = "x-consistent-hash";
    /// Of a plugin: one binding, by chance.
    pub const RANDOM: &'static str = "x-random";
    /// The same, among queues of the node; of RabbitMQ itself since 4.0.
    pub const LOCAL_RANDOM: &'static str = "x-local-random";

    /// Of a plugin: messages wait there if they ask for it, and are routed as by another type then.
    pub const DELAYED: &'static str = "x-delayed-message";
    /// The argument that names this other type.
    pub const DELAYED_TYPE: &'static str = "x-delayed-type";

    /// The type by whose rule an exchange with these arguments routes: itself, or the other type of one
    /// that delays. `None` when such a one names no other type.
    #[must_use]
    pub fn rule(&self, arguments: &FieldTable) -> Option<Self> {
        if self.name() != Self::DELAYED {
            return Some(self.clone());
        }
        let name = arguments.get(Self::DELAYED_TYPE);
        let name = name.and_then(FieldValue::as_text)?;
        (name != Self::DELAYED).then(|| Self::from(name.to_owned()))
    }

    /// Whether a broker knows it; plugins that are run here are always enabled.
    #[must_use]
    pub fn is_known(&self, profile: Profile) -> bool {
        match self {
            Self::Direct | Self::Fanout | Self::Topic | Self::Headers => true,
            Self::Other(name) => match name.as_str() {
                Self::CONSISTENT_HASH | Self::RANDOM | Self::DELAYED => true,
                Self::LOCAL_RANDOM => profile == Profile::V4,
                _ => false,
            },
        }
    }

    /// The name as it is declared.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Direct => "direct",
            Self::Fanout => "fanout",
            Self::Topic => "topic",
            Self::Headers => "headers",
            Self::Other(name) => name,
        }
    }
}

impl From<String> for ExchangeType {
    fn from(name: String) -> Self {
        match name.as_str() {
            "direct" => Self::Direct,
            "fanout" => Self::Fanout,
            "topic" => Self::Topic,
            "headers" => Self::Headers,
            _ => Self::Other(name),
        }
    }
}

impl From<ExchangeType> for String {
    fn from(kind: ExchangeType) -> Self {
        kind.name().to_owned()
    }
}

impl fmt::Display for ExchangeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
