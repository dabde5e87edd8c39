//! Connections from outside: octets of programs that are no part of the document.
//!
//! Every octet that comes in is an operator's action with its simulated time, so a run with such
//! connections replays like any other. What the server has to say takes no simulated time; it waits
//! here until somebody fetches it, and how much was fetched changes nothing in the run. Deliberately
//! not here: the protocol (`amqp`), and whoever is at the other end.

use crate::amqp::{Peer, Server, Settings};
use crate::broker::{Broker, Effect};
use crate::scenario::Shape;
use crate::sim::Simulation;
use crate::sim::world::{Owner, World};
use crate::types::{
    BindingId, ConnectionId, ExchangeId, MessageId, NodeId, Outside, QueueId, SimTime, SortedMap,
    VhostId,
};
use std::rc::Rc;

/// Octets that the operator log keeps at the most. Whoever sends more has a run that cannot be
/// replayed from its log.
const LOG_OCTETS_MAX: usize = 64 << 20;

/// Octets for one connection that wait to be fetched.
#[derive(Debug, Clone, Default)]
struct Pipe {
    waiting: Vec<u8>,
    /// Octets that were fetched before these.
    fetched: u64,
    /// The server has said its last word.
    over: bool,
}

/// What a program outside calls itself, and where it publishes and consumes.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    server: Server,
    pipes: SortedMap<ConnectionId, Pipe>,
    names: SortedMap<ConnectionId, Rc<str>>,
    /// From a producer outside to where it published, from a queue to a consumer outside, and straight
    /// from the one to the other where answers go.
    lines: SortedMap<(NodeId, NodeId), usize>,
    /// What such connections bound and is still bound.
    bindings: Vec<BindingId>,
    /// Changes whenever something else could be shown than before.
    version: u64,
    logged_octets: usize,
    /// The server knows the effects that are seen to next.
    knows: bool,
}

/// Octets for a program outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The octets.
    pub octets: Vec<u8>,
    /// They are the last: the connection is closed.
    pub over: bool,
}

impl Wire {
    fn new() -> Self {
        // Simulated time may pass a thousand times faster than the program's: it could never send its
        // heartbeats in time, nor open the connection.
        let settings = Settings {
            heartbeat: 0,
            handshake: None,
            ..Settings::default()
        };
        Self {
            server: Server::new(settings),
            pipes: SortedMap::new(),
            names: SortedMap::new(),
            lines: SortedMap::new(),
            bindings: Vec::new(),
            version: 0,
            logged_octets: 0,
            knows: false,
        }
    }

    #[cold]
    pub(super) fn next_deadline(&self, broker: &Broker) -> Option<SimTime> {
        self.server.next_deadline(broker)
    }

    /// Whether the log still takes so many octets.
    pub(super) fn logs(&mut self, octets: usize) -> bool {
        self.logged_octets = self.logged_octets.saturating_add(octets);
        self.logged_octets <= LOG_OCTETS_MAX
    }

    pub(super) fn has(&self, connection: ConnectionId) -> bool {
        self.pipes.get(&connection).is_some_and(|pipe| !pipe.over)
    }

    pub(super) fn is_open(&self) -> bool {
        self.pipes.values().any(|pipe| !pipe.over)
    }

    fn draw_line(&mut self, from: NodeId, to: NodeId) {
        if self.lines.insert((from, to), 0).is_none() {
            self.version += 1;
        }
    }

    /// A connection is no more.
    fn end(&mut self, connection: ConnectionId) {
        let producer = NodeId::outside(Outside::Producer(connection));
        let consumer = NodeId::outside(Outside::Consumer(connection));
        self.lines
            .retain(|(from, to), _| *from != producer && *to != consumer);
        self.version += 1;
    }
}

impl World {
    /// Somebody outside connects.
    pub(super) fn wire_connect(&mut self) {
        let connection = self.new_connection(Owner::Wire);
        let now = self.now;
        let wire = self.wire.get_or_insert_with(|| Box::new(Wire::new()));
        wire.pipes.insert(connection, Pipe::default());
        wire.server
            .connect(now, connection, Peer { loopback: true });
        self.tell_wire(false);
        self.take_effects(None);
    }

    /// Octets came from outside.
    pub(super) fn wire_octets(&mut self, connection: ConnectionId, octets: &[u8]) {
        if let Some(wire) = &mut self.wire {
            let (broker, effects) = (&mut self.broker, &mut self.effects);
            wire.server
                .handle_bytes(broker, self.now, connection, octets, effects);
            self.tell_wire(true);
            self.take_effects(None);
        }
    }

    /// Somebody outside is gone.
    pub(super) fn wire_disconnect(&mut self, connection: ConnectionId) {
        if let Some(wire) = &mut self.wire {
            let (broker, effects) = (&mut self.broker, &mut self.effects);
            wire.server
                .handle_disconnect(broker, self.now, connection, effects);
            wire.pipes.remove(&connection);
            wire.end(connection);
            self.tell_wire(true);
            self.take_effects(None);
        }
    }

    /// The server's deadlines and the broker's.
    #[cold]
    pub(super) fn wire_expire(&mut self) {
        if let Some(wire) = &mut self.wire {
            let (broker, effects) = (&mut self.broker, &mut self.effects);
            wire.server.handle_timeout(broker, self.now, effects);
            self.tell_wire(false);
            self.take_effects(None);
        }
    }

    /// Carries what others caused to connections from outside.
    #[cold]
    pub(super) fn carry_to_wire(&mut self) {
        if let Some(wire) = &mut self.wire
            && !std::mem::take(&mut wire.knows)
        {
            wire.server.handle_effects(self.now, &self.effects);
            self.tell_wire(false);
            if let Some(wire) = &mut self.wire {
                wire.knows = false;
            }
        }
    }

    /// Takes what the server has to say, ends what is over, and looks what came to be.
    #[inline(never)]
    fn tell_wire(&mut self, by_wire: bool) {
        let Some(wire) = &mut self.wire else {
            return;
        };
        while let Some(connection) = wire.server.poll_woken() {
            if let Some(name) = wire.server.client_name(connection) {
                wire.names.insert(connection, name);
            }
            let Some(pipe) = wire.pipes.get_mut(&connection) else {
                continue;
            };
            let (broker, effects) = (&mut self.broker, &mut self.effects);
            let output = wire.server.output(connection);
            let octets = output.len();
            pipe.waiting.extend_from_slice(output);
            // What waits here is written: how fast it is fetched must not matter to the run.
            wire.server
                .handle_written(broker, self.now, connection, octets, effects);
            if !pipe.over && wire.server.is_over(connection) {
                pipe.over = true;
                wire.server
                    .handle_disconnect(broker, self.now, connection, effects);
                wire.end(connection);
            }
        }
        wire.knows = true;
        let mut published = None;
        for index in 0..self.effects.len() {
            self.look_at(index, by_wire, &mut published);
        }
    }

    /// Whether a connection is one from outside.
    pub(super) fn is_wire(&self, connection: ConnectionId) -> bool {
        self.owners.get(connection.index()) == Some(&Owner::Wire)
    }

    /// Notes what an effect changes in what there is to be shown. `published` is the message that such
    /// a connection published last.
    fn look_at(
        &mut self,
        index: usize,
        by_wire: bool,
        published: &mut Option<(MessageId, NodeId)>,
    ) {
        match self.effects[index] {
            Effect::Published {
                channel,
                exchange,
                message,
            } if self.is_wire(channel.connection) => {
                let producer = NodeId::outside(Outside::Producer(channel.connection));
                *published = Some((message, producer));
                if let Some(to) = self.node_of_exchange(exchange) {
                    self.draw_line(producer, to);
                }
            }
            Effect::Enqueued {
                queue,
                message,
                via,
                ..
            } if self.node_of_exchange(via).is_none() => {
                // Straight to a queue means through the default exchange, which no box shows.
                self.go_straight(*published, message, self.node_of_queue(queue));
            }
            Effect::ConsumerStarted { channel, queue, .. }
            | Effect::Gotten { channel, queue, .. }
                if self.is_wire(channel.connection) =>
            {
                let consumer = NodeId::outside(Outside::Consumer(channel.connection));
                if let Some(queue) = self.node_of_queue(queue) {
                    self.draw_line(queue, consumer);
                }
            }
            Effect::DirectReply {
                channel,
                ref message,
                ..
            } => {
                let consumer = NodeId::outside(Outside::Consumer(channel.connection));
                self.go_straight(*published, message.id(), Some(consumer));
            }
            Effect::ConsumerStopped { channel, queue, .. } => {
                self.stop_consuming(channel.connection, queue);
            }
            Effect::QueueDeclared { vhost, queue } => self.meet_queue(vhost, queue),
            Effect::ExchangeDeclared { vhost, exchange } => self.meet_exchange(vhost, exchange),
            Effect::Bound { binding } => {
                if let Some(wire) = self.wire.as_mut().filter(|_| by_wire) {
                    wire.bindings.push(binding);
                    wire.version += 1;
                }
            }
            Effect::Unbound { binding } => {
                if let Some(wire) = &mut self.wire {
                    wire.bindings.retain(|known| *known != binding);
                    wire.version += 1;
                }
            }
            Effect::QueueDeleted { .. } | Effect::ExchangeDeleted { .. } => self.show_anew(),
            _ => {}
        }
    }

    /// A message went from who `published` it to a queue or a consumer, past every box of an exchange.
    fn go_straight(
        &mut self,
        published: Option<(MessageId, NodeId)>,
        message: MessageId,
        to: Option<NodeId>,
    ) {
        if let (Some((id, producer)), Some(to)) = (published, to)
            && id == message
        {
            self.draw_line(producer, to);
        }
    }

    fn draw_line(&mut self, from: NodeId, to: NodeId) {
        if let Some(wire) = &mut self.wire {
            wire.draw_line(from, to);
        }
    }

    /// A consumer ended; its line goes with the last of its connection.
    fn stop_consuming(&mut self, connection: ConnectionId, queue: QueueId) {
        let mut left = self.broker.consumers(queue);
        let goes_on = left.any(|consumer| consumer.channel.connection == connection);
        let from = self.node_of_queue(queue);
        if let (Some(from), Some(wire)) = (from.filter(|_| !goes_on), &mut self.wire) {
            let consumer = NodeId::outside(Outside::Consumer(connection));
            if wire.lines.remove(&(from, consumer)).is_some() {
                wire.version += 1;
            }
        }
    }

    fn show_anew(&mut self) {
        if let Some(wire) = &mut self.wire {
            wire.version += 1;
        }
    }

    /// A queue that is called like one of the document is that one, whoever declared it.
    fn meet_queue(&mut self, vhost: VhostId, queue: QueueId) {
        self.show_anew();
        let named = self.broker.queue_view(queue).map(|view| view.name.as_str());
        if let Some(node) = named.and_then(|name| self.node_named(vhost, name, Shape::Queue)) {
            self.topology.set_queue(node, queue);
        }
    }

    fn meet_exchange(&mut self, vhost: VhostId, exchange: ExchangeId) {
        self.show_anew();
        let named = self.broker.exchange(exchange);
        let named = named.map(|view| view.name.as_str());
        if let Some(node) = named.and_then(|name| self.node_named(vhost, name, Shape::Exchange)) {
            self.topology.set_exchange(node, exchange);
        }
    }

    fn node_named(&self, vhost: VhostId, name: &str, shape: Shape) -> Option<NodeId> {
        let vhost = self.broker.vhost_name(vhost)?;
        let mut nodes = self.scenario.nodes.values();
        let found = nodes
            .find(|node| node.name == name && node.vhost == *vhost && node.kind.shape() == shape);
        found.map(|node| node.id)
    }

    /// The node that shows a queue: one of the document, or one that stands for what a client
    /// declared.
    pub(super) fn node_of_queue(&self, queue: QueueId) -> Option<NodeId> {
        let known = self.topology.node_of_queue(queue);
        known.or_else(|| {
            let outside = NodeId::outside(Outside::Queue(queue));
            self.wire.as_ref().map(|_| outside)
        })
    }

    /// ... an exchange. No box stands for the default exchange that is not in the document.
    pub(super) fn node_of_exchange(&self, exchange: ExchangeId) -> Option<NodeId> {
        let known = self.topology.node_of_exchange(exchange);
        known.or_else(|| {
            self.wire.as_ref()?;
            let view = self.broker.exchange(exchange);
            let is_default = view.is_some_and(|view| view.name.as_str().is_empty());
            (!is_default).then(|| NodeId::outside(Outside::Exchange(exchange)))
        })
    }
}

impl Simulation {
    /// What waits for a connection from outside, apart from the first `from` octets it ever got: a
    /// replay makes them again for a program that has them. Nothing of the run changes by it. `None`
    /// when there is no such connection.
    pub fn fetch_octets(&mut self, connection: ConnectionId, from: u64) -> Option<Fetched> {
        let mut world = self.world_mut();
        let world = &mut *world;
        let pipe = world.wire.as_mut()?.pipes.get_mut(&connection)?;
        let mut octets = std::mem::take(&mut pipe.waiting);
        let known = usize::try_from(from.saturating_sub(pipe.fetched)).unwrap_or(usize::MAX);
        pipe.fetched += octets.len() as u64;
        octets.drain(..known.min(octets.len()));
        let over = pipe.over;
        if over && let Some(wire) = &mut world.wire {
            wire.pipes.remove(&connection);
        }
        Some(Fetched { octets, over })
    }

    /// Whether octets wait for anybody.
    #[must_use]
    pub fn has_octets(&self) -> bool {
        let world = self.world();
        let pipes = world.wire.iter().flat_map(|wire| wire.pipes.values());
        pipes
            .into_iter()
            .any(|pipe| pipe.over || !pipe.waiting.is_empty())
    }

    /// Whether a connection from outside may send now; it may not while an alarm blocks it.
    #[must_use]
    pub fn wants_octets(&self, connection: ConnectionId) -> bool {
        let world = self.world();
        let wire = world.wire.as_ref();
        wire.is_some_and(|wire| wire.has(connection) && wire.server.wants_bytes(connection))
    }

    /// What the program at a connection from outside calls itself.
    #[must_use]
    pub fn wire_name(&self, connection: ConnectionId) -> Option<Rc<str>> {
        self.world().wire.as_ref()?.names.get(&connection).cloned()
    }

    /// Changes whenever something outside of the document came or went; 0 as long as there is nothing.
    #[must_use]
    pub fn wire_version(&self) -> u64 {
        self.world().wire.as_ref().map_or(0, |wire| wire.version)
    }

    /// Lines from producers outside to where they publish, and from queues to consumers outside.
    #[must_use]
    pub fn wire_lines(&self) -> Vec<(NodeId, NodeId)> {
        let world = self.world();
        let lines = world.wire.iter().flat_map(|wire| wire.lines.keys());
        lines.copied().collect()
    }

    /// What connections from outside bound.
    #[must_use]
    pub fn wire_bindings(&self) -> Vec<BindingId> {
        let world = self.world();
        let wire = world.wire.as_ref();
        wire.map(|wire| wire.bindings.clone()).unwrap_or_default()
    }
}
