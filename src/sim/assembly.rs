//! From the document to the run: what is declared, in which order, and who is started.
//!
//! Deliberately not here: what an edit changes (`edit`).

use crate::broker::{Command, ExchangeDeclare, QueueDeclare, Reply};
use crate::scenario::definitions::has_policies;
use crate::scenario::{Consumer, Edge, EdgeKind, Node, NodeKind, Producer, Scenario};
use crate::sim::client::{Client, Link, Receiver, Role, Sender, Session, Source};
use crate::sim::draft::Target;
use crate::sim::process::{Process, Stage, number};
use crate::sim::random::{Purpose, Stream};
use crate::sim::trace::Wait;
use crate::sim::world::{Owner, World};
use crate::types::{
    AmqpError, ChannelRef, ConnectionId, ConsumerTag, ExchangeName, NodeId, QueueName, RoutingKey,
    Scope, SortedMap, VhostName,
};
use std::rc::Rc;

/// A document's lines by the node they begin or end at, so that no client has to look through all.
pub(super) struct Lines<'a> {
    from: SortedMap<NodeId, Vec<&'a Edge>>,
    to: SortedMap<NodeId, Vec<&'a Edge>>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(scenario: &'a Scenario) -> Self {
        let mut lines = Self {
            from: SortedMap::new(),
            to: SortedMap::new(),
        };
        for edge in scenario.edges.values() {
            lines.from.or_default(edge.from).push(edge);
            lines.to.or_default(edge.to).push(edge);
        }
        lines
    }

    pub(super) fn from(&self, node: NodeId) -> impl Iterator<Item = &'a Edge> + '_ {
        self.from.get(&node).into_iter().flatten().copied()
    }

    pub(super) fn to(&self, node: NodeId) -> impl Iterator<Item = &'a Edge> + '_ {
        self.to.get(&node).into_iter().flatten().copied()
    }
}

impl World {
    /// Declares everything and starts everybody.
    pub(super) fn assemble(&mut self) {
        let scenario = Rc::clone(&self.scenario);
        for vhost in &scenario.vhosts {
            self.broker.add_vhost(vhost);
        }
        if has_policies(&scenario.carried) {
            self.apply_policies();
        }
        let lines = Lines::of(&scenario);
        for node in scenario.nodes.values() {
            self.declare(node, &lines);
        }
        for edge in scenario.edges.values() {
            self.bind(&scenario, edge, &lines);
        }
        for node in scenario.nodes.values() {
            self.start(&scenario, node, &lines);
        }
    }

    /// Says a command that declares, binds or deletes something for `node`, in its vhost. A refusal
    /// has been recorded; it closes the channel, so another is opened.
    pub(super) fn say_for(&mut self, node: &Node, command: Command) -> Result<Reply, AmqpError> {
        self.topology.about = node.id;
        let channel = self.assembly_channel(&node.vhost)?;
        let result = self.say(channel, command, None);
        if let Err(error) = &result {
            match error.scope() {
                Scope::Channel => {
                    let _ = self.say(channel, Command::ChannelOpen, None);
                }
                Scope::Connection => {
                    self.topology.channels.remove(&node.vhost);
                }
            }
        }
        result
    }

    fn assembly_channel(&mut self, vhost: &VhostName) -> Result<ChannelRef, AmqpError> {
        if let Some(channel) = self.topology.channels.get(vhost) {
            return Ok(*channel);
        }
        let connection = self.new_connection(Owner::Assembly);
        let open = Command::open(vhost.clone());
        self.say(ChannelRef::new(connection, 0), open, None)?;
        let channel = ChannelRef::new(connection, 1);
        self.say(channel, Command::ChannelOpen, None)?;
        self.topology.channels.insert(vhost.clone(), channel);
        Ok(channel)
    }

    pub(super) fn new_connection(&mut self, owner: Owner) -> ConnectionId {
        // Far fewer connections than 2^32: one for each vhost, client and
        // connection from outside there ever was.
        let connection = ConnectionId(self.owners.len() as u32);
        self.owners.push(owner);
        connection
    }

    /// Declares an exchange or queue, unless a client does it itself.
    pub(super) fn declare(&mut self, node: &Node, lines: &Lines<'_>) {
        match &node.kind {
            NodeKind::Exchange(_) => self.declare_exchange(node),
            NodeKind::Queue(queue) => {
                if queue.declared
                    && exclusive_owner(node, lines).is_none()
                    && let Some(declare) = declared(node)
                    && let Ok(Reply::QueueDeclared { queue, .. }) = self.say_for(node, declare)
                {
                    self.know_queue(node, queue);
                }
            }
            NodeKind::Producer(_) | NodeKind::Consumer(_) => {}
        }
    }

    fn declare_exchange(&mut self, node: &Node) {
        // The default exchange is there and cannot be declared.
        if !node.name.is_empty()
            && let Some(declare) = declared(node)
            && self.say_for(node, declare).is_err()
        {
            return;
        }
        let vhost = self.broker.vhost_named(&node.vhost);
        let found = vhost.and_then(|vhost| self.broker.exchange_named(vhost, &node.name));
        if let Some(exchange) = found {
            self.topology.set_exchange(node.id, exchange);
        }
    }

    /// A node's queue exists under `name`.
    pub(super) fn know_queue(&mut self, node: &Node, name: QueueName) {
        let vhost = self.broker.vhost_named(&node.vhost);
        let found = vhost.and_then(|vhost| self.broker.queue_named(vhost, name.as_str()));
        if let Some(queue) = found {
            self.topology.set_queue(node.id, queue);
        }
        if node.name.is_empty() {
            self.topology.set_name(node.id, name);
        }
    }

    /// The name of a node's queue as the broker knows it.
    pub(super) fn queue_name(&self, node: NodeId) -> QueueName {
        match (self.topology.name(node), self.scenario.node(node)) {
            (Some(made), Some(node)) if node.name.is_empty() => made.clone(),
            (_, Some(node)) => QueueName::truncated(&node.name),
            (_, None) => QueueName::default(),
        }
    }

    /// Binds what a binding line says, unless a client does it itself.
    pub(super) fn bind(&mut self, scenario: &Scenario, edge: &Edge, lines: &Lines<'_>) {
        let Some(to) = scenario.node(edge.to) else {
            return;
        };
        if exclusive_owner(to, lines).is_some() {
            return;
        }
        if let Some(command) = self.binding(scenario, edge, true) {
            let _ = self.say_for(to, command);
        }
    }

    /// The command that binds (or unbinds) a binding line of `scenario`.
    pub(super) fn binding(&self, scenario: &Scenario, edge: &Edge, bind: bool) -> Option<Command> {
        let EdgeKind::Binding {
            binding_key,
            arguments,
        } = &edge.kind
        else {
            return None;
        };
        let from = scenario.node(edge.from)?;
        let to = scenario.node(edge.to)?;
        let (binding_key, arguments) = (binding_key.clone(), arguments.clone());
        let source = exchange_name(from);
        let queue = if to.name.is_empty() {
            self.queue_name(to.id)
        } else {
            QueueName::truncated(&to.name)
        };
        Some(match (&to.kind, bind) {
            (NodeKind::Queue(_), true) => Command::QueueBind {
                queue,
                exchange: source,
                binding_key,
                arguments,
            },
            (NodeKind::Queue(_), false) => Command::QueueUnbind {
                queue,
                exchange: source,
                binding_key,
                arguments,
            },
            (NodeKind::Exchange(_), true) => Command::ExchangeBind {
                destination: exchange_name(to),
                source,
                binding_key,
                arguments,
            },
            (NodeKind::Exchange(_), false) => Command::ExchangeUnbind {
                destination: exchange_name(to),
                source,
                binding_key,
                arguments,
            },
            (NodeKind::Producer(_) | NodeKind::Consumer(_), _) => return None,
        })
    }

    /// An exclusive queue belongs to the connection that declares it, so its first consumer declares
    /// and binds it on its own.
    pub(super) fn exclusive_declares(&self, client: u32) -> Vec<Command> {
        let client = self.client(client);
        let Role::Consumer(receiver) = &client.role else {
            return Vec::new();
        };
        let mut commands = Vec::new();
        for source in &receiver.sources {
            let Some(node) = self.scenario.node(source.queue) else {
                continue;
            };
            let NodeKind::Queue(queue) = &node.kind else {
                continue;
            };
            let owner = self
                .scenario
                .edges_at(node.id)
                .find(|edge| edge.from == node.id && edge.kind == EdgeKind::Consume);
            if !queue.exclusive || !queue.declared || owner.map(|edge| edge.to) != Some(client.node)
            {
                continue;
            }
            commands.extend(declared(node));
            let bindings = self
                .scenario
                .edges_at(node.id)
                .filter(|edge| edge.to == node.id);
            commands.extend(bindings.filter_map(|edge| self.binding(&self.scenario, edge, true)));
        }
        commands
    }

    /// A client has declared the exclusive queue that it calls `asked`.
    pub(super) fn know_exclusive(&mut self, client: u32, asked: &QueueName, made: QueueName) {
        let Role::Consumer(receiver) = &self.client(client).role else {
            return;
        };
        let scenario = Rc::clone(&self.scenario);
        let node = receiver
            .sources
            .iter()
            .filter_map(|source| scenario.node(source.queue))
            .find(|node| QueueName::truncated(&node.name) == *asked);
        if let Some(node) = node {
            self.know_queue(node, made);
        }
    }

    /// Starts a producer or consumer.
    pub(super) fn start(&mut self, scenario: &Scenario, node: &Node, lines: &Lines<'_>) {
        let (role, latency, outages) = match &node.kind {
            NodeKind::Producer(producer) => (
                Role::Producer(Box::new(self.sender(scenario, node, producer, lines))),
                &producer.latency,
                &producer.outages,
            ),
            NodeKind::Consumer(consumer) => (
                Role::Consumer(Box::new(receiver(scenario, node, consumer, lines))),
                &consumer.latency,
                &consumer.outages,
            ),
            NodeKind::Exchange(_) | NodeKind::Queue(_) => return,
        };
        let number = self.clients.len() as u32;
        let connection = self.new_connection(Owner::Client {
            client: number,
            node: node.id,
        });
        self.clients.push(Client {
            node: node.id,
            vhost: node.vhost.clone(),
            connection,
            session: Session::Closed,
            epoch: 0,
            connection_open: false,
            channel_open: false,
            paused: false,
            down: false,
            cut: false,
            removed: false,
            halt: None,
            status: None,
            link: Link::new(self.seed, node.id, latency),
            outages: outages.clone(),
            plan: 0,
            processes: Vec::new(),
            role,
        });
        self.client_of_node.insert(node.id, number);
        self.plan_outages(number);
        self.staff(number);
    }

    fn sender(
        &self,
        scenario: &Scenario,
        node: &Node,
        producer: &Producer,
        lines: &Lines<'_>,
    ) -> Sender {
        let mut sender = Sender::new(
            self.seed,
            node.id,
            producer,
            self.targets(scenario, node.id, lines),
        );
        // One that is started in mid-run has missed what was due before.
        if self.now > crate::types::SimTime::ZERO {
            let stream = &mut sender.arrivals_stream;
            sender.arrivals.skip_to(self.now, stream);
        }
        sender
    }

    /// Gives a client the coroutines it has not got yet.
    pub(super) fn staff(&mut self, client: u32) {
        let wanted = self.client(client).workers().max(1);
        let have = self.client(client).processes.len() as u32;
        for worker in have..wanted {
            let id = number(self.processes.len());
            let node = self.client(client).node;
            self.processes.push(Process {
                node,
                client,
                worker,
                stage: Stage::Connect,
                wait: Wait::Ready,
                turn: 0,
                fired: false,
                ready: false,
                restart: true,
                idle: false,
                hand: None,
                service: Stream::new(self.seed, node, Purpose::Service, worker),
                failure: Stream::new(self.seed, node, Purpose::Failure, worker),
            });
            self.client_mut(client).processes.push(id);
            self.wake(id);
        }
    }

    /// Where a producer's lines lead.
    pub(super) fn targets(
        &self,
        scenario: &Scenario,
        node: NodeId,
        lines: &Lines<'_>,
    ) -> Vec<Target> {
        let target = |edge: &Edge| {
            if edge.kind != EdgeKind::Publish {
                return None;
            }
            let to = scenario.node(edge.to)?;
            match &to.kind {
                NodeKind::Exchange(_) => Some(Target {
                    exchange: exchange_name(to),
                    key: None,
                }),
                NodeKind::Queue(_) => Some(Target {
                    exchange: ExchangeName::default(),
                    key: Some(RoutingKey::from(&self.queue_name(to.id))),
                }),
                NodeKind::Producer(_) | NodeKind::Consumer(_) => None,
            }
        };
        lines.from(node).filter_map(target).collect()
    }
}

/// The consumer that declares a queue itself, because only its own connection may use it.
pub(super) fn exclusive_owner(node: &Node, lines: &Lines<'_>) -> Option<NodeId> {
    match &node.kind {
        NodeKind::Queue(queue) if queue.exclusive => lines
            .from(node.id)
            .find(|edge| edge.kind == EdgeKind::Consume)
            .map(|edge| edge.to),
        NodeKind::Queue(_)
        | NodeKind::Exchange(_)
        | NodeKind::Producer(_)
        | NodeKind::Consumer(_) => None,
    }
}

pub(super) fn exchange_name(node: &Node) -> ExchangeName {
    ExchangeName::truncated(&node.name)
}

/// The command that declares a node's exchange or queue.
pub(super) fn declared(node: &Node) -> Option<Command> {
    match &node.kind {
        NodeKind::Exchange(exchange) => Some(Command::ExchangeDeclare(ExchangeDeclare {
            exchange: exchange_name(node),
            exchange_type: exchange.exchange_type.clone(),
            passive: false,
            durable: exchange.durable,
            auto_delete: exchange.auto_delete,
            internal: exchange.internal,
            arguments: exchange.arguments.clone(),
        })),
        NodeKind::Queue(queue) => Some(Command::QueueDeclare(QueueDeclare {
            queue: QueueName::truncated(&node.name),
            passive: false,
            durable: queue.durable,
            exclusive: queue.exclusive,
            auto_delete: queue.auto_delete,
            arguments: queue.arguments.clone(),
        })),
        NodeKind::Producer(_) | NodeKind::Consumer(_) => None,
    }
}

/// The lines a consumer consumes from.
pub(super) fn sources(scenario: &Scenario, node: NodeId, lines: &Lines<'_>) -> Vec<Source> {
    let source = |edge: &Edge| {
        let queue = scenario.node(edge.from)?;
        let consumes = edge.kind == EdgeKind::Consume && matches!(queue.kind, NodeKind::Queue(_));
        consumes.then(|| Source {
            edge: edge.id,
            queue: queue.id,
            tag: ConsumerTag::truncated(&format!("ctag{node}.{}", edge.id)),
            active: false,
        })
    };
    lines.to(node).filter_map(source).collect()
}

fn receiver(scenario: &Scenario, node: &Node, consumer: &Consumer, lines: &Lines<'_>) -> Receiver {
    Receiver::new(consumer, sources(scenario, node.id, lines))
}
