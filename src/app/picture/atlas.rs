//! The simulation as the picture asks for it.
//!
//! Deliberately not here: anything that is drawn.

use super::{Atlas, Waiting};
use crate::scenario::{EdgeKind, NodeKind};
use crate::sim::Simulation;
use crate::types::{ExchangeId, NodeId, QueueId, SimTime};

impl Atlas for Simulation {
    fn now(&self) -> SimTime {
        Self::now(self)
    }

    fn node_of_queue(&self, queue: QueueId) -> Option<NodeId> {
        Self::node_of_queue(self, queue)
    }

    fn node_of_exchange(&self, exchange: ExchangeId) -> Option<NodeId> {
        Self::node_of_exchange(self, exchange)
    }

    fn publish_target(&self, producer: NodeId, exchange: &str, key: &str) -> Option<NodeId> {
        let scenario = self.scenario();
        let mut edges = scenario
            .edges_at(producer)
            .filter(|edge| edge.from == producer && edge.kind == EdgeKind::Publish);
        edges.find_map(|edge| {
            let target = scenario.node(edge.to)?;
            let meant = match target.kind {
                NodeKind::Exchange(_) => target.name == exchange,
                // Straight to a queue means through the default exchange with its name as key.
                NodeKind::Queue(_) => exchange.is_empty() && target.name == key,
                NodeKind::Producer(_) | NodeKind::Consumer(_) => false,
            };
            meant.then_some(target.id)
        })
    }

    fn waiting(&self, node: NodeId, most: usize, visit: &mut dyn FnMut(Waiting<'_>)) -> (u64, u64) {
        let Some(queue) = self.queue_of(node) else {
            return (0, 0);
        };
        self.with_broker(|broker| {
            for ready in broker.ready(queue).take(most) {
                visit(Waiting {
                    message: ready.message.id(),
                    routing_key: ready.message.routing_key(),
                    redelivered: ready.redelivered,
                    enqueued_at: ready.enqueued_at,
                });
            }
            let view = broker.queue_view(queue);
            view.map_or((0, 0), |view| {
                let depth = view.ready + view.delayed;
                (depth as u64, u64::from(view.unacked))
            })
        })
    }
}
