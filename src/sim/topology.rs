//! Which node stands for which exchange and queue of the broker, and who declares them.
//!
//! Deliberately not here: bindings and what they match; the broker knows them.

use crate::types::{ChannelRef, ExchangeId, NodeId, QueueId, QueueName, SortedMap, VhostName};

/// Ids of the broker and nodes of the document, both ways. The way from an id to its node remains
/// when the thing is gone, so that old records can still be read.
#[derive(Debug, Clone, Default)]
pub(super) struct Topology {
    queues: SortedMap<NodeId, QueueId>,
    queue_nodes: SortedMap<QueueId, NodeId>,
    exchanges: SortedMap<NodeId, ExchangeId>,
    exchange_nodes: SortedMap<ExchangeId, NodeId>,
    /// Names as the broker has them, where it made them itself.
    names: SortedMap<NodeId, QueueName>,
    /// The channel on which a vhost's things are declared.
    pub(super) channels: SortedMap<VhostName, ChannelRef>,
    /// The node that is being declared: whose a refusal is.
    pub(super) about: NodeId,
}

impl Topology {
    pub(super) fn set_queue(&mut self, node: NodeId, queue: QueueId) {
        self.queues.insert(node, queue);
        self.queue_nodes.or_insert_with(queue, || node);
    }

    pub(super) fn set_exchange(&mut self, node: NodeId, exchange: ExchangeId) {
        self.exchanges.insert(node, exchange);
        self.exchange_nodes.or_insert_with(exchange, || node);
    }

    pub(super) fn set_name(&mut self, node: NodeId, name: QueueName) {
        self.names.insert(node, name);
    }

    pub(super) fn name(&self, node: NodeId) -> Option<&QueueName> {
        self.names.get(&node)
    }

    pub(super) fn queue_gone(&mut self, queue: QueueId) {
        self.queues.retain(|_, known| *known != queue);
    }

    pub(super) fn exchange_gone(&mut self, exchange: ExchangeId) {
        self.exchanges.retain(|_, known| *known != exchange);
    }

    pub(super) fn queue_of(&self, node: NodeId) -> Option<QueueId> {
        self.queues.get(&node).copied()
    }

    pub(super) fn node_of_queue(&self, queue: QueueId) -> Option<NodeId> {
        self.queue_nodes.get(&queue).copied()
    }

    pub(super) fn exchange_of(&self, node: NodeId) -> Option<ExchangeId> {
        self.exchanges.get(&node).copied()
    }

    pub(super) fn node_of_exchange(&self, exchange: ExchangeId) -> Option<NodeId> {
        self.exchange_nodes.get(&exchange).copied()
    }
}
