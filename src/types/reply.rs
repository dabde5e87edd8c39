//! Reply codes and the error a broker gives: number, name, sentence, and what it closes.
//!
//! Source: AMQP 0-9-1 specification, 1.2 and the XML's constants. Deliberately not here: when the
//! broker gives which; that stands where the rule is.

use std::fmt;

/// What an error ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// A soft error: the channel is closed, the connection lives.
    Channel,
    /// A hard error: the whole connection is closed.
    Connection,
}

macro_rules! reply_codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $scope:ident;)*) => {
        /// A reply code of AMQP 0-9-1.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum ReplyCode { $($(#[$doc])* $variant = $number,)* }

        impl ReplyCode {
            /// Every code, in order of number.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The number on the wire.
            #[must_use]
            pub const fn number(self) -> u16 {
                self as u16
            }

            /// The name as RabbitMQ prints it before the text.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What an error of this code ends.
            #[must_use]
            pub const fn scope(self) -> Scope {
                match self { $(Self::$variant => Scope::$scope,)* }
            }
        }
    };
}

reply_codes! {
    /// Success.
    ReplySuccess = 200, "REPLY_SUCCESS", Channel;
    /// The content is too large.
    ContentTooLarge = 311, "CONTENT_TOO_LARGE", Channel;
    /// No queue for a mandatory message.
    NoRoute = 312, "NO_ROUTE", Channel;
    /// No consumer for an immediate message.
    NoConsumers = 313, "NO_CONSUMERS", Channel;
    /// An operator closed the connection.
    ConnectionForced = 320, "CONNECTION_FORCED", Connection;
    /// The vhost path is not acceptable.
    InvalidPath = 402, "INVALID_PATH", Connection;
    /// Permission refused.
    AccessRefused = 403, "ACCESS_REFUSED", Channel;
    /// What was named does not exist.
    NotFound = 404, "NOT_FOUND", Channel;
    /// What was named is locked by another connection.
    ResourceLocked = 405, "RESOURCE_LOCKED", Channel;
    /// What was asked contradicts what exists.
    PreconditionFailed = 406, "PRECONDITION_FAILED", Channel;
    /// A frame cannot be read.
    FrameError = 501, "FRAME_ERROR", Connection;
    /// A frame holds a value out of range.
    SyntaxError = 502, "SYNTAX_ERROR", Connection;
    /// A method is not acceptable.
    CommandInvalid = 503, "COMMAND_INVALID", Connection;
    /// A channel was used that is not open, or opened twice.
    ChannelError = 504, "CHANNEL_ERROR", Connection;
    /// A frame came that was not expected.
    UnexpectedFrame = 505, "UNEXPECTED_FRAME", Connection;
    /// The broker is out of some resource.
    ResourceError = 506, "RESOURCE_ERROR", Connection;
    /// What was asked is not allowed here.
    NotAllowed = 530, "NOT_ALLOWED", Connection;
    /// What was asked is not implemented.
    NotImplemented = 540, "NOT_IMPLEMENTED", Connection;
    /// The broker failed.
    InternalError = 541, "INTERNAL_ERROR", Connection;
}

/// Class and method of the AMQP method that failed, as numbers on the wire; (0, 0) when none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MethodId {
    /// The class: connection 10, channel 20, exchange 40, queue 50, basic 60, confirm 85, tx 90.
    pub class: u16,
    /// The method within the class.
    pub method: u16,
}

impl MethodId {
    /// The method `method` of class `class`.
    #[must_use]
    pub const fn new(class: u16, method: u16) -> Self {
        Self { class, method }
    }
}

/// A refusal in the broker's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmqpError {
    /// The reply code; its scope says whether the channel or the connection is closed.
    pub code: ReplyCode,
    /// The sentence without the code's name, e.g. `no queue 'q' in vhost '/'`.
    pub text: String,
    /// Which method was refused.
    pub method: MethodId,
}

impl AmqpError {
    /// The longest reply text RabbitMQ sends, in octets; longer ones end in `...`.
    pub const REPLY_TEXT_OCTETS_MAX: usize = 255;

    /// A refusal of `method` with `code` and `text`.
    #[must_use]
    pub fn new(code: ReplyCode, text: impl Into<String>, method: MethodId) -> Self {
        Self {
            code,
            text: text.into(),
            method,
        }
    }

    /// What this error closes.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.code.scope()
    }

    /// Appends the term `{tag,value}` to `text` as RabbitMQ prints it (Erlang's `~p`): on a line of 80
    /// columns, or else with a line feed before the value.
    pub fn push_term(text: &mut String, tag: &str, value: &str) {
        const COLUMNS: usize = 78;
        let column = text.chars().count();
        let feed = if column + tag.len() + value.len() + 3 > COLUMNS {
            format!("\n{:1$}", "", column + 1)
        } else {
            String::new()
        };
        text.extend(["{", tag, ",", &feed, value, "}"]);
    }

    /// The reply text before it is cut: `NOT_FOUND - no queue 'q' in vhost '/'`.
    #[must_use]
    pub fn whole_text(&self) -> String {
        if self.text.is_empty() {
            return self.code.name().to_owned();
        }
        format!("{} - {}", self.code.name(), self.text)
    }

    /// The reply text for people, cut to 255 octets between two characters.
    #[must_use]
    pub fn reply_text(&self) -> String {
        let mut text = self.whole_text();
        if text.len() > Self::REPLY_TEXT_OCTETS_MAX {
            let mut end = Self::REPLY_TEXT_OCTETS_MAX - 3;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
            text.push_str("...");
        }
        text
    }
}

impl fmt::Display for AmqpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code.number(), self.reply_text())
    }
}

impl std::error::Error for AmqpError {}
