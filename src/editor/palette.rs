//! Things that can be put on the stage.
//!
//! Deliberately not here: what they are called; that is the catalogue's.

use crate::scenario::{Consumer, Exchange, NodeKind, Producer, Queue};
use crate::types::ExchangeType;

/// A thing in the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaletteItem {
    /// A producer.
    Producer,
    /// A direct exchange.
    Direct,
    /// A fanout exchange.
    Fanout,
    /// A topic exchange.
    Topic,
    /// A headers exchange.
    Headers,
    /// A queue.
    Queue,
    /// A consumer.
    Consumer,
}

impl PaletteItem {
    /// Everything in the palette, in its order.
    pub const ALL: [Self; 7] = [
        Self::Producer,
        Self::Direct,
        Self::Fanout,
        Self::Topic,
        Self::Headers,
        Self::Queue,
        Self::Consumer,
    ];

    /// A stable word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Producer => "producer",
            Self::Direct => "direct",
            Self::Fanout => "fanout",
            Self::Topic => "topic",
            Self::Headers => "headers",
            Self::Queue => "queue",
            Self::Consumer => "consumer",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.name() == name)
    }

    /// A new one, with everything as it usually is.
    #[must_use]
    pub fn kind(self) -> NodeKind {
        let exchange = |exchange_type| {
            NodeKind::Exchange(Exchange {
                exchange_type,
                ..Exchange::default()
            })
        };
        match self {
            Self::Producer => NodeKind::Producer(Producer::default()),
            Self::Direct => exchange(ExchangeType::Direct),
            Self::Fanout => exchange(ExchangeType::Fanout),
            Self::Topic => exchange(ExchangeType::Topic),
            Self::Headers => exchange(ExchangeType::Headers),
            Self::Queue => NodeKind::Queue(Queue::default()),
            Self::Consumer => NodeKind::Consumer(Consumer::default()),
        }
    }
}
