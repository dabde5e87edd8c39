//! The types of exchange, by the names they are declared with.
//!
//! Deliberately not here: how each type routes.

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
    /// A type of a plugin, or no type at all; the broker refuses to declare it.
    Other(String),
}

impl ExchangeType {
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
