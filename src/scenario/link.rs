//! Which kinds of node may be joined, what the line then means, and why not.
//!
//! Deliberately not here: carrying a link out ([`edit`](super::edit)).

use super::{EdgeKind, Exchange, Node, NodeKind, Scenario};
use crate::types::{BindingKey, FieldTable, NodeId, ProblemCode};

/// What a line from one node to another means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// A producer publishes there.
    Publish,
    /// An exchange routes there.
    Binding,
    /// A consumer takes from there.
    Consume,
    /// The queue's dead letters go there: no line of its own, but the queue's
    /// `x-dead-letter-exchange` argument.
    DeadLetter,
}

/// A node's kind without its settings: a row or column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Producer.
    Producer,
    /// Exchange.
    Exchange,
    /// Queue.
    Queue,
    /// Consumer.
    Consumer,
}

impl Shape {
    /// Every shape, in the order messages flow.
    pub const ALL: [Self; 4] = [Self::Producer, Self::Exchange, Self::Queue, Self::Consumer];

    /// The word used in files and for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Producer => "producer",
            Self::Exchange => "exchange",
            Self::Queue => "queue",
            Self::Consumer => "consumer",
        }
    }
}

impl NodeKind {
    /// The kind without its settings.
    #[must_use]
    pub const fn shape(&self) -> Shape {
        match self {
            Self::Producer(_) => Shape::Producer,
            Self::Exchange(_) => Shape::Exchange,
            Self::Queue(_) => Shape::Queue,
            Self::Consumer(_) => Shape::Consumer,
        }
    }
}

/// The table: what a line between two shapes means, or why there can be none.
///
/// # Errors
/// The reason, as a code.
pub const fn link_shapes(from: Shape, to: Shape) -> Result<LinkKind, ProblemCode> {
    use ProblemCode as Why;
    use Shape::{Consumer, Exchange, Producer, Queue};
    match (from, to) {
        (Producer, Exchange | Queue) => Ok(LinkKind::Publish),
        (Exchange, Exchange | Queue) => Ok(LinkKind::Binding),
        (Queue, Consumer) => Ok(LinkKind::Consume),
        (Queue, Exchange) => Ok(LinkKind::DeadLetter),
        (Producer, Producer) => Err(Why::LinkProducerToProducer),
        (Producer, Consumer) => Err(Why::LinkProducerToConsumer),
        (Exchange, Producer) => Err(Why::LinkExchangeToProducer),
        (Exchange, Consumer) => Err(Why::LinkExchangeToConsumer),
        (Queue, Queue) => Err(Why::LinkQueueToQueue),
        (Queue, Producer) => Err(Why::LinkQueueToProducer),
        (Consumer, Producer | Exchange | Queue | Consumer) => Err(Why::LinkFromConsumer),
    }
}

/// What a line between these two nodes of `scenario` would mean, or why there can be none. Asked
/// while a line is being dragged, so it changes nothing.
///
/// # Errors
/// The reason, as a code.
pub fn link(scenario: &Scenario, from: NodeId, to: NodeId) -> Result<LinkKind, ProblemCode> {
    let from = scenario.node(from).ok_or(ProblemCode::UnknownNode)?;
    let to = scenario.node(to).ok_or(ProblemCode::UnknownNode)?;
    let kind = link_shapes(from.kind.shape(), to.kind.shape())?;
    if from.vhost != to.vhost {
        return Err(ProblemCode::LinkAcrossVhosts);
    }
    match kind {
        LinkKind::Binding if is_default_exchange(from) || is_default_exchange(to) => {
            Err(ProblemCode::LinkDefaultExchange)
        }
        LinkKind::Publish if is_internal(to) => Err(ProblemCode::LinkInternalExchange),
        LinkKind::Publish | LinkKind::Consume | LinkKind::Binding | LinkKind::DeadLetter => {
            Ok(kind)
        }
    }
}

fn is_default_exchange(node: &Node) -> bool {
    node.name.is_empty() && matches!(node.kind, NodeKind::Exchange(_))
}

fn is_internal(node: &Node) -> bool {
    matches!(
        node.kind,
        NodeKind::Exchange(Exchange { internal: true, .. })
    )
}

impl LinkKind {
    /// A fresh line of this kind; `None` for a dead letter, which has none.
    #[must_use]
    pub fn edge_kind(self) -> Option<EdgeKind> {
        match self {
            Self::Publish => Some(EdgeKind::Publish),
            Self::Consume => Some(EdgeKind::Consume),
            Self::Binding => Some(EdgeKind::Binding {
                binding_key: BindingKey::default(),
                arguments: FieldTable::new(),
            }),
            Self::DeadLetter => None,
        }
    }

    /// Whether a line's settings are of this kind.
    #[must_use]
    pub const fn fits(self, kind: &EdgeKind) -> bool {
        matches!(
            (self, kind),
            (Self::Publish, EdgeKind::Publish)
                | (Self::Binding, EdgeKind::Binding { .. })
                | (Self::Consume, EdgeKind::Consume)
        )
    }
}
