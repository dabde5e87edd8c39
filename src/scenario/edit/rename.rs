//! Renaming: the node gets its name, and arguments that named it follow.
//!
//! Dead-letter and alternate exchanges are named in arguments, and a dead-letter routing key that
//! is a queue's name reaches it through the default exchange. Deliberately not here: routing keys
//! and binding keys, which only happen to spell a queue's name.

use super::{Applied, EditError, bounds};
use crate::scenario::{NodeKind, Scenario, Shape};
use crate::types::{FieldTable, FieldValue, NodeId, VhostName};
use std::rc::Rc;

const DEAD_LETTER_EXCHANGE: &str = "x-dead-letter-exchange";
const DEAD_LETTER_ROUTING_KEY: &str = "x-dead-letter-routing-key";
const ALTERNATE_EXCHANGE: &str = "alternate-exchange";

impl Scenario {
    pub(super) fn rename(&mut self, id: NodeId, name: &str) -> Result<Applied, EditError> {
        let before = self.existing(id)?;
        let shape = before.kind.shape();
        bounds::check_name(shape, name).map_err(|problem| problem.at_node(id))?;
        if before.name == name {
            return Ok(Applied::default());
        }
        let old = before.name.clone();
        let vhost = before.vhost.clone();
        // Another node of that name keeps what refers to it.
        let shared = self.nodes.values().any(|node| {
            node.id != id && node.vhost == vhost && node.name == old && node.kind.shape() == shape
        });
        if let Some(node) = self.nodes.get_mut(&id) {
            Rc::make_mut(node).name = name.to_owned();
        }
        if !shared {
            match shape {
                Shape::Exchange => self.follow_exchange(&vhost, &old, name),
                Shape::Queue => self.follow_queue(&vhost, &old, name),
                Shape::Producer | Shape::Consumer => {}
            }
        }
        Ok(Applied::default())
    }

    fn follow_exchange(&mut self, vhost: &VhostName, old: &str, name: &str) {
        for node in self.nodes.values_mut().filter(|n| n.vhost == *vhost) {
            let key = match &node.kind {
                NodeKind::Exchange(exchange)
                    if names(&exchange.arguments, ALTERNATE_EXCHANGE, old) =>
                {
                    ALTERNATE_EXCHANGE
                }
                NodeKind::Queue(queue) if names(&queue.arguments, DEAD_LETTER_EXCHANGE, old) => {
                    DEAD_LETTER_EXCHANGE
                }
                NodeKind::Exchange(_)
                | NodeKind::Queue(_)
                | NodeKind::Producer(_)
                | NodeKind::Consumer(_) => continue,
            };
            set_argument(&mut Rc::make_mut(node).kind, key, name);
        }
    }

    fn follow_queue(&mut self, vhost: &VhostName, old: &str, name: &str) {
        for node in self.nodes.values_mut().filter(|n| n.vhost == *vhost) {
            let NodeKind::Queue(queue) = &node.kind else {
                continue;
            };
            let by_default_exchange = names(&queue.arguments, DEAD_LETTER_EXCHANGE, "");
            if by_default_exchange && names(&queue.arguments, DEAD_LETTER_ROUTING_KEY, old) {
                set_argument(&mut Rc::make_mut(node).kind, DEAD_LETTER_ROUTING_KEY, name);
            }
        }
    }
}

fn names(arguments: &FieldTable, key: &str, name: &str) -> bool {
    arguments.get(key).and_then(FieldValue::as_text) == Some(name)
}

fn set_argument(kind: &mut NodeKind, key: &str, value: &str) {
    match kind {
        NodeKind::Exchange(exchange) => exchange.arguments.set(key, value),
        NodeKind::Queue(queue) => queue.arguments.set(key, value),
        NodeKind::Producer(_) | NodeKind::Consumer(_) => {}
    }
}
