//! Boxes and lines for what programs outside declared: drawn beside the document, kept in it.
//!
//! The built page fetches this when the first program connects (`xtask/src/annex.rs`,
//! `www/js/connect.mjs`). Deliberately not here: when they are drawn anew (`wire.rs`).

use super::App;
use super::wire::is_thing;
use crate::broker::{BindingView, Broker, Destination};
use crate::scenario::{
    Consumer, Edge, EdgeKind, Edit, Exchange, Node, NodeKind, Point, Producer, Queue, Scenario,
    layout,
};
use crate::types::{EdgeId, NodeId, Outside, SortedMap, VhostId};
use std::rc::Rc;

/// Edges from here on stand in no document.
const OUTSIDE_EDGES: u32 = 1 << 31;
/// Room between the document's boxes and those of programs outside, in stage units.
const GAP: i32 = 130;
impl App {
    /// What programs outside declared, and themselves.
    #[inline(never)]
    pub(super) fn outside(&self) -> Scenario {
        let mut outside = Scenario::new();
        self.run.with_broker(|broker| {
            for (from, to, kind) in self.outside_edges(broker) {
                let id = EdgeId(OUTSIDE_EDGES + outside.edges.len() as u32);
                self.add_outside(broker, from, &mut outside);
                self.add_outside(broker, to, &mut outside);
                outside
                    .edges
                    .insert(id, Rc::new(Edge { id, from, to, kind }));
            }
            for queue in broker.queues() {
                if let Some(node) = self.run.node_of_queue(queue.id) {
                    self.add_outside(broker, node, &mut outside);
                }
            }
            for exchange in broker.exchanges() {
                let own = exchange.name.as_str().starts_with("amq.");
                if let Some(node) = self.run.node_of_exchange(exchange.id).filter(|_| !own) {
                    self.add_outside(broker, node, &mut outside);
                }
            }
        });
        outside
    }

    /// Lines that stand in no document.
    fn outside_edges(&self, broker: &Broker) -> Vec<(NodeId, NodeId, EdgeKind)> {
        let line = |(from, to): (NodeId, NodeId)| {
            let kind = match to.as_outside() {
                Some(Outside::Consumer(_)) => EdgeKind::Consume,
                Some(Outside::Queue(_) | Outside::Exchange(_) | Outside::Producer(_)) | None => {
                    EdgeKind::Publish
                }
            };
            (from, to, kind)
        };
        let mut edges: Vec<_> = self.run.wire_lines().into_iter().map(line).collect();
        for id in self.run.wire_bindings() {
            edges.extend(
                broker
                    .binding(id)
                    .and_then(|view| self.outside_binding(view)),
            );
        }
        edges
    }

    fn outside_binding(&self, view: BindingView<'_>) -> Option<(NodeId, NodeId, EdgeKind)> {
        let from = self.run.node_of_exchange(view.source)?;
        let to = match view.destination {
            Destination::Queue(queue) => self.run.node_of_queue(queue)?,
            Destination::Exchange(exchange) => self.run.node_of_exchange(exchange)?,
        };
        let kind = EdgeKind::Binding {
            binding_key: view.binding_key.clone(),
            arguments: view.arguments.clone(),
        };
        let mut known = self.scenario().edges.values();
        let is_known = known.any(|edge| edge.from == from && edge.to == to && edge.kind == kind);
        (!is_known).then_some((from, to, kind))
    }

    /// Adds a box for what stands in no document.
    fn add_outside(&self, broker: &Broker, id: NodeId, outside: &mut Scenario) {
        let Some(thing) = id.as_outside() else {
            return;
        };
        if outside.node(id).is_some() || self.scenario().node(id).is_some() {
            return;
        }
        let named = |vhost: VhostId| broker.vhost_name(vhost).cloned().unwrap_or_default();
        let of_client = |connection| {
            broker
                .connection_vhost(connection)
                .map(named)
                .unwrap_or_default()
        };
        let (name, vhost, kind) = match thing {
            Outside::Queue(queue) => {
                let Some(view) = broker.queue_view(queue) else {
                    return;
                };
                let queue = Queue {
                    declared: true,
                    durable: view.durable,
                    exclusive: view.owner.is_some(),
                    auto_delete: view.auto_delete,
                    arguments: view.arguments.clone(),
                };
                let name = view.name.to_string();
                (name, named(view.vhost), NodeKind::Queue(queue))
            }
            Outside::Exchange(exchange) => {
                let Some(view) = broker.exchange(exchange) else {
                    return;
                };
                let exchange = Exchange {
                    exchange_type: view.exchange_type.clone(),
                    durable: view.durable,
                    auto_delete: view.auto_delete,
                    internal: view.internal,
                    arguments: view.arguments.clone(),
                };
                let name = view.name.to_string();
                (name, named(view.vhost), NodeKind::Exchange(exchange))
            }
            Outside::Producer(connection) => (
                self.outside_name(connection),
                of_client(connection),
                NodeKind::Producer(Producer::default()),
            ),
            Outside::Consumer(connection) => (
                self.outside_name(connection),
                of_client(connection),
                NodeKind::Consumer(Consumer::default()),
            ),
        };
        let node = Node {
            id,
            name,
            vhost,
            position: Point::default(),
            kind,
        };
        outside.nodes.insert(id, Rc::new(node));
    }

    /// The document with those boxes below its own, unless somebody put them elsewhere.
    #[inline(never)]
    pub(super) fn placed(&self, outside: Scenario) -> Scenario {
        let mut shown = Scenario::clone(self.scenario());
        let places = layout::arrange(&outside, &self.vhost);
        let own = shown.nodes.values().filter(|node| node.vhost == self.vhost);
        let (mut left, mut bottom) = (i32::MAX, i32::MIN);
        for node in own {
            left = left.min(node.position.x);
            bottom = bottom.max(node.position.y);
        }
        let first = |side: fn(&Point) -> i32| places.iter().map(|(_, place)| side(place)).min();
        let (dx, dy) = match (first(|place| place.x), first(|place| place.y)) {
            (Some(x), Some(y)) if left < i32::MAX => (
                left.saturating_sub(x),
                bottom.saturating_add(GAP).saturating_sub(y),
            ),
            _ => (0, 0),
        };
        let places: SortedMap<NodeId, Point> = places.into_iter().collect();
        for (id, node) in outside.nodes.iter() {
            let mut node = Node::clone(node);
            if let Some(place) = self.outside_places.get(id) {
                node.position = *place;
            } else if let Some(place) = places.get(id) {
                node.position.x = place.x.saturating_add(dx);
                node.position.y = place.y.saturating_add(dy);
            }
            shown.nodes.insert(*id, Rc::new(node));
        }
        for (id, edge) in outside.edges.iter() {
            shown.edges.insert(*id, Rc::clone(edge));
        }
        shown
    }

    /// Takes what programs outside declared into the document. Names that the broker made are left
    /// out: nobody may declare them.
    #[inline(never)]
    pub(super) fn adopt(&mut self) {
        let mut next = self.scenario().next_node_id().0;
        let mut renumbered = SortedMap::new();
        let mut nodes = Vec::new();
        for node in self.shown().nodes.values() {
            if is_thing(node.id) && !node.name.starts_with("amq.gen-") {
                let mut node = Node::clone(node);
                renumbered.insert(node.id, NodeId(next));
                node.id = NodeId(next);
                next = next.saturating_add(1);
                nodes.push(node);
            }
        }
        let mut edges = Vec::new();
        for edge in self.shown().edges.values() {
            let end = |id: NodeId| match id.as_outside() {
                Some(_) => renumbered.get(&id).copied(),
                None => Some(id),
            };
            if edge.id.0 >= OUTSIDE_EDGES
                && matches!(edge.kind, EdgeKind::Binding { .. })
                && let (Some(from), Some(to)) = (end(edge.from), end(edge.to))
            {
                edges.push(Edge {
                    from,
                    to,
                    ..Edge::clone(edge)
                });
            }
        }
        if self.edit(&Edit::Insert { nodes, edges }).is_some() {
            self.wire_version = (u64::MAX, 0);
            self.announce(self.words().say_adopted().to_owned());
        }
    }
}
