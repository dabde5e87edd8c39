//! Newtype ids: small numbers that stand for things and cannot be mixed up.
//!
//! Deliberately not here: who hands them out, or what they point at.

use serde::Serialize;
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl $name {
            /// This id as an index into a dense table.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id! {
    /// An AMQP connection. The caller of the broker chooses the numbers; small dense ones are cheap.
    ConnectionId(u32)
}
id! {
    /// A user inside one broker; 0 is nobody whose rights are asked about: a simulated client.
    UserId(u32)
}
id! {
    /// A virtual host inside one broker.
    VhostId(u32)
}
id! {
    /// An exchange inside one broker; never given to another exchange.
    ExchangeId(u32)
}
id! {
    /// A queue inside one broker; never given to another queue.
    QueueId(u32)
}
id! {
    /// A binding inside one broker; never given to another binding.
    BindingId(u32)
}
id! {
    /// A published message. Copies of it in several queues, and what dead-lettering makes of it, keep
    /// this number, so that a journey can be followed.
    MessageId(u64)
}
id! {
    /// One message in one queue. Rises with every enqueue in the whole broker, so it is also the
    /// position in the queue.
    CopyId(u64)
}
id! {
    /// The number of a delivery on a channel, from 1 (AMQP 0-9-1, basic class, delivery-tag).
    DeliveryTag(u64)
}
id! {
    /// The number of a publish on a channel in confirm mode, from 1.
    PublishSequence(u64)
}
id! {
    /// A box on the stage, stable for the life of a document.
    NodeId(u32)
}
id! {
    /// A line on the stage, stable for the life of a document.
    EdgeId(u32)
}
id! {
    /// A simulated coroutine inside one run.
    ProcessId(u32)
}

/// What came to be in a run and stands in no document: what a client on the wire declared, and the
/// client itself, once as who publishes and once as who consumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// A queue.
    Queue(QueueId),
    /// An exchange.
    Exchange(ExchangeId),
    /// A connection that publishes.
    Producer(ConnectionId),
    /// A connection that consumes.
    Consumer(ConnectionId),
}

/// Nodes from here on stand in no document.
const OUTSIDE_FIRST: u32 = 1 << 31;

impl NodeId {
    /// The node that stands for something outside of the document. Told from the id alone, so that
    /// nobody has to remember who got which. Ids of a run stay far below 2^29.
    #[must_use]
    pub const fn outside(thing: Outside) -> Self {
        let (kind, id) = match thing {
            Outside::Queue(id) => (0, id.0),
            Outside::Exchange(id) => (1, id.0),
            Outside::Producer(id) => (2, id.0),
            Outside::Consumer(id) => (3, id.0),
        };
        Self(OUTSIDE_FIRST | id << 2 | kind)
    }

    /// What it stands for, when it stands in no document.
    #[must_use]
    pub const fn as_outside(self) -> Option<Outside> {
        let Some(number) = self.0.checked_sub(OUTSIDE_FIRST) else {
            return None;
        };
        let id = number >> 2;
        Some(match number & 3 {
            0 => Outside::Queue(QueueId(id)),
            1 => Outside::Exchange(ExchangeId(id)),
            2 => Outside::Producer(ConnectionId(id)),
            _ => Outside::Consumer(ConnectionId(id)),
        })
    }
}

/// A channel of a connection. Channel 0 stands for the connection itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct ChannelRef {
    /// The connection.
    pub connection: ConnectionId,
    /// The channel number on it.
    pub channel: u16,
}

impl ChannelRef {
    /// Channel `channel` of connection `connection`.
    #[must_use]
    pub const fn new(connection: ConnectionId, channel: u16) -> Self {
        Self {
            connection,
            channel,
        }
    }
}

impl fmt::Display for ChannelRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.connection, self.channel)
    }
}
