//! Programs outside: their pipes into the run, and what they declared, shown beside the document.
//!
//! What stands in the broker and not in the document is drawn all the same, with its lines, and can be
//! kept. Deliberately not here: the protocol, and what is at the other end of a pipe.

use super::App;
use crate::broker::{BindingView, Broker, Destination};
use crate::editor::geometry::rect_of;
use crate::scenario::{
    Consumer, Edge, EdgeKind, Edit, Exchange, Node, NodeKind, Point, Producer, Queue, Scenario,
    layout,
};
use crate::sim::{Fetched, OperatorAction};
use crate::types::{ConnectionId, EdgeId, NodeId, Outside, SortedMap, VhostId};
use std::rc::Rc;

/// Edges from here on stand in no document.
const OUTSIDE_EDGES: u32 = 1 << 31;
/// Room between the document's boxes and those of programs outside, in stage units.
const GAP: i32 = 130;
/// Frames that are drawn after octets came, so that what they did is seen while nothing plays.
const STIRRED_FRAMES: u8 = 2;

/// A program's way into a run. It ends with the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pipe {
    /// The number of the run (`App::run_number`).
    pub run: u64,
    /// Its connection there.
    pub connection: ConnectionId,
}

impl App {
    // --- pipes ---

    /// A program outside connects to the run as it stands.
    pub fn open_pipe(&mut self) -> Pipe {
        self.stir();
        Pipe {
            run: self.run_number,
            connection: self.run.connect(),
        }
    }

    /// Octets from a program outside, taken at the present instant. `false` when they are to be sent
    /// again later: an alarm keeps it from publishing.
    pub fn write_pipe(&mut self, pipe: Pipe, octets: &[u8]) -> bool {
        let connection = pipe.connection;
        if pipe.run != self.run_number {
            return true;
        }
        if !self.run.wants_octets(connection) {
            return false;
        }
        let octets = octets.into();
        self.operate_pipe(OperatorAction::WireOctets { connection, octets });
        true
    }

    /// What waits for a program outside that has got `from` octets so far. `None` when its connection
    /// is no more: the run was begun anew, or the last octets were fetched before.
    pub fn read_pipe(&mut self, pipe: Pipe, from: u64) -> Option<Fetched> {
        if pipe.run != self.run_number {
            return None;
        }
        self.run.fetch_octets(pipe.connection, from)
    }

    /// A program outside is gone.
    pub fn close_pipe(&mut self, pipe: Pipe) {
        if pipe.run == self.run_number {
            self.operate_pipe(OperatorAction::WireDisconnect(pipe.connection));
        }
    }

    /// Whether programs outside should read their pipes: octets wait for one, or all are no more.
    pub fn pipes_wait(&mut self) -> bool {
        std::mem::take(&mut self.pipes_ended) || self.run.has_octets()
    }

    fn operate_pipe(&mut self, action: OperatorAction) {
        // What is said on a connection that is over is heard by nobody.
        if self.run.operate(action).is_ok() {
            self.stir();
        }
    }

    fn stir(&mut self) {
        self.run_is_fresh = false;
        self.playback.ended = None;
        self.stirred = STIRRED_FRAMES;
    }

    /// Whether a program outside did something lately that is yet to be drawn.
    #[must_use]
    pub fn is_stirred(&self) -> bool {
        self.stirred > 0
    }

    // --- what is shown of them ---

    /// The document, and what programs outside made of the run.
    pub(super) fn shown(&self) -> &Rc<Scenario> {
        self.shown.as_ref().unwrap_or_else(|| self.scenario())
    }

    /// What a program outside calls itself.
    pub(super) fn outside_name(&self, connection: ConnectionId) -> String {
        match self.run.wire_name(connection) {
            Some(name) if !name.is_empty() => name.to_string(),
            Some(_) | None => self.words().outside_client(u64::from(connection.0)),
        }
    }

    /// Takes over what came or went outside of the document.
    pub(super) fn follow_wire(&mut self) {
        let version = (self.run_number, self.run.wire_version());
        if self.wire_version != version {
            let before = self.scene.node_count();
            self.wire_version = version;
            self.rebuild_scene();
            let seen = self.editor.viewport.seen();
            let hidden = |node: NodeId| {
                let rect = self.scene.rect(node);
                node.as_outside().is_some() && rect.is_some_and(|rect| !rect.overlaps(&seen))
            };
            if self.scene.node_count() > before && self.scene.nodes().any(|node| hidden(node.id)) {
                self.fit();
            }
        }
    }

    /// The document with what programs outside declared; `None` as long as there is nothing.
    pub(super) fn with_outside(&self) -> Option<Rc<Scenario>> {
        if self.run.wire_version() == 0 {
            return None;
        }
        let mut outside = Scenario::new();
        self.run.with_broker(|broker| {
            for (from, to, kind) in self.outside_edges(broker) {
                let id = EdgeId(OUTSIDE_EDGES + outside.edges.len() as u32);
                // A client stands where the thing at the other end of its line stands.
                let (first, second) = match kind {
                    EdgeKind::Publish => (to, from),
                    EdgeKind::Binding { .. } | EdgeKind::Consume => (from, to),
                };
                self.add_outside(broker, first, second, &mut outside);
                self.add_outside(broker, second, first, &mut outside);
                outside
                    .edges
                    .insert(id, Rc::new(Edge { id, from, to, kind }));
            }
            for queue in broker.queues() {
                if let Some(node) = self.run.node_of_queue(queue.id) {
                    self.add_outside(broker, node, node, &mut outside);
                }
            }
            for exchange in broker.exchanges() {
                let own = exchange.name.as_str().starts_with("amq.");
                if let Some(node) = self.run.node_of_exchange(exchange.id).filter(|_| !own) {
                    self.add_outside(broker, node, node, &mut outside);
                }
            }
        });
        Some(Rc::new(self.placed(outside)))
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
    fn add_outside(&self, broker: &Broker, id: NodeId, other: NodeId, outside: &mut Scenario) {
        let Some(thing) = id.as_outside() else {
            return;
        };
        if outside.node(id).is_some() || self.scenario().node(id).is_some() {
            return;
        }
        let beside = || {
            let other = outside.node(other).or_else(|| self.scenario().node(other));
            other.map(|node| node.vhost.clone()).unwrap_or_default()
        };
        let named = |vhost: VhostId| broker.vhost_name(vhost).cloned().unwrap_or_default();
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
                beside(),
                NodeKind::Producer(Producer::default()),
            ),
            Outside::Consumer(connection) => (
                self.outside_name(connection),
                beside(),
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
    fn placed(&self, outside: Scenario) -> Scenario {
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

    /// Moves boxes that stand in no document.
    pub(super) fn move_outside(&mut self, id: NodeId, dx: f64, dy: f64) {
        if let Some(node) = self.shown().node(id) {
            let place = Point::from(rect_of(node).centre.moved(dx, dy));
            self.outside_places.insert(id, place);
            // Drawn anew with the next frame.
            self.wire_version = (u64::MAX, 0);
        }
    }

    // --- keeping it ---

    /// Whether a program outside declared anything that the document could have.
    pub(super) fn has_outside(&self) -> bool {
        self.shown().nodes.keys().any(|id| is_thing(*id))
    }

    /// Takes what programs outside declared into the document. Names that the broker made are left
    /// out: nobody may declare them.
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

/// Whether a node stands for a queue or exchange outside of the document.
fn is_thing(id: NodeId) -> bool {
    matches!(
        id.as_outside(),
        Some(Outside::Queue(_) | Outside::Exchange(_))
    )
}
