//! Lines between boxes: who publishes where, what is bound to what, who consumes from which queue.
//!
//! Deliberately not here: dead-letter and alternate-exchange lines. They follow from the arguments
//! of queues and exchanges, and a second copy of them could disagree.

use crate::types::{BindingKey, EdgeId, FieldTable, NodeId};

/// A line from one node to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Stable for the life of the document.
    pub id: EdgeId,
    /// Where it begins.
    pub from: NodeId,
    /// Where it ends.
    pub to: NodeId,
    /// What it means.
    pub kind: EdgeKind,
}

/// What a line means.
#[derive(Debug, Clone, PartialEq)]
pub enum EdgeKind {
    /// From a producer to an exchange, or straight to a queue: through the default exchange with
    /// the queue's name as routing key, whatever key the producer has.
    Publish,
    /// From an exchange to a queue or to another exchange.
    Binding {
        /// The binding key.
        binding_key: BindingKey,
        /// Arguments; headers exchanges compare them.
        arguments: FieldTable,
    },
    /// From a queue to a consumer.
    Consume,
}

impl Edge {
    /// Whether it begins or ends at `node`.
    #[must_use]
    pub fn touches(&self, node: NodeId) -> bool {
        self.from == node || self.to == node
    }
}
