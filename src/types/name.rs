//! Names that travel as AMQP short strings: checked once, when they are made.
//!
//! Deliberately not here: which names are reserved or exist; that is the broker's business.

use super::shared::SharedText;
use serde::Serialize;
use std::borrow::Borrow;
use std::fmt;

/// The longest short string in octets (AMQP 0-9-1, 4.2.5.3).
const SHORT_STRING_OCTETS_MAX: usize = 255;

/// A name is longer than the 255 octets of an AMQP short string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameTooLong {
    /// Its length in octets.
    pub octets: usize,
}

impl fmt::Display for NameTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the name has {} octets; AMQP names have at most {SHORT_STRING_OCTETS_MAX}",
            self.octets
        )
    }
}

impl std::error::Error for NameTooLong {}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
        #[serde(transparent)]
        pub struct $name(SharedText);

        impl $name {
            /// Checks and makes the name.
            ///
            /// # Errors
            /// When it is longer than 255 octets.
            pub fn new(text: impl AsRef<str>) -> Result<Self, NameTooLong> {
                let text = text.as_ref();
                if text.len() > SHORT_STRING_OCTETS_MAX {
                    return Err(NameTooLong { octets: text.len() });
                }
                Ok(Self(SharedText::new(text)))
            }

            /// Makes the name, cut at the last whole character within 255 octets.
            #[must_use]
            pub fn truncated(text: &str) -> Self {
                let mut end = text.len().min(SHORT_STRING_OCTETS_MAX);
                while !text.is_char_boundary(end) {
                    end -= 1;
                }
                Self(SharedText::new(&text[..end]))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// Whether it has no characters.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl From<ShortText> for $name {
            fn from(text: ShortText) -> Self {
                Self(text.shared())
            }
        }
    };
}

/// Any other short string: a content type, a correlation id, a key of a field table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct ShortText(SharedText);

impl ShortText {
    /// Checks and makes the text.
    ///
    /// # Errors
    /// When it is longer than 255 octets.
    pub fn new(text: impl AsRef<str>) -> Result<Self, NameTooLong> {
        let text = text.as_ref();
        if text.len() > SHORT_STRING_OCTETS_MAX {
            return Err(NameTooLong { octets: text.len() });
        }
        Ok(Self(SharedText::new(text)))
    }

    /// Makes the text, cut at the last whole character within 255 octets.
    #[must_use]
    pub fn truncated(text: &str) -> Self {
        let mut end = text.len().min(SHORT_STRING_OCTETS_MAX);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        Self(SharedText::new(&text[..end]))
    }

    /// The text that stands for a short string of the wire, which is never too long in octets though
    /// characters that stand for octets take more room here.
    pub(crate) fn of_wire(text: &str) -> Self {
        Self(SharedText::new(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    fn shared(self) -> SharedText {
        self.0
    }
}

impl fmt::Display for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl AsRef<str> for ShortText {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for ShortText {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

macro_rules! same_text {
    ($($from:ident => $to:ident),* $(,)?) => {
        $(impl From<&$from> for $to {
            fn from(name: &$from) -> Self {
                Self(name.0.clone())
            }
        })*
    };
}

// The same words in another role: the default exchange reads a routing key as a queue's name, a
// topic binding is compared with a routing key, a dead letter may take a queue's name as its key.
same_text! {
    QueueName => RoutingKey,
    QueueName => BindingKey,
    QueueName => ShortText,
    RoutingKey => ShortText,
    BindingKey => ShortText,
    ExchangeName => ShortText,
}

name! {
    /// The name of a virtual host.
    VhostName
}
name! {
    /// The name of an exchange; `""` is the default exchange.
    ExchangeName
}
name! {
    /// The name of a queue.
    QueueName
}
name! {
    /// The key on a message, chosen by its publisher.
    RoutingKey
}
name! {
    /// The key on a binding, compared with a message's routing key.
    BindingKey
}
name! {
    /// The name of a consumer on its channel.
    ConsumerTag
}
