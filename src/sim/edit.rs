//! The document is edited while it runs: what changed is carried over, the rest is left alone.
//!
//! What a broker cannot change on a living thing (a queue's arguments, an exchange's type) is deleted and
//! declared anew, as a human would have to. Seed and profile belong to the whole run and take effect
//! with the next. Deliberately not here: comparing documents for any other purpose.

use crate::broker::Command;
use crate::scenario::definitions::has_policies;
use crate::scenario::{Consumer, Edge, Node, NodeKind, Producer, Scenario};
use crate::sim::arrivals::Arrivals;
use crate::sim::assembly::{Lines, exchange_name, exclusive_owner, sources};
use crate::sim::client::{Receiver, Role, Session, Source};
use crate::sim::draft::Draft;
use crate::sim::outages::same_lines;
use crate::sim::random::Draw;
use crate::sim::world::World;
use crate::types::{NodeId, QueueName, SortedMap};
use std::rc::Rc;

impl World {
    /// Takes over `after`.
    pub(super) fn edit(&mut self, after: &Rc<Scenario>) {
        let before = std::mem::replace(&mut self.scenario, Rc::clone(after));
        for vhost in &after.vhosts {
            self.broker.add_vhost(vhost);
        }
        let carried = [&before.carried, &after.carried];
        if carried[0] != carried[1] && carried.into_iter().any(has_policies) {
            self.apply_policies();
        }
        if before.broker != after.broker {
            self.apply_limits();
        }
        let (lines_before, lines) = (Lines::of(&before), Lines::of(after));
        for node in before.nodes.values() {
            if is_other_client(node, after.node(node.id)) {
                self.leave(node.id);
            }
        }
        for edge in before.edges.values() {
            if after.edge(edge.id) != Some(edge) {
                self.unbind(&before, edge, &lines_before);
            }
        }
        let mut renewed = SortedMap::new();
        for node in before.nodes.values() {
            if is_other_thing(node, after.node(node.id)) {
                renewed.insert(node.id, ());
                self.delete(node, &lines_before);
            }
        }
        for node in after.nodes.values() {
            if before.node(node.id).is_none() {
                renewed.insert(node.id, ());
            }
            if renewed.contains_key(&node.id) {
                self.declare(node, &lines);
            }
        }
        for edge in after.edges.values() {
            let is_new = before.edge(edge.id) != Some(edge);
            if is_new || renewed.contains_key(&edge.from) || renewed.contains_key(&edge.to) {
                self.bind(after, edge, &lines);
            }
        }
        for node in after.nodes.values() {
            self.update(&before, after, node, &lines, &renewed);
        }
    }

    fn leave(&mut self, node: NodeId) {
        if let Some(client) = self.client_of_node.remove(&node) {
            self.remove(client);
        }
    }

    fn unbind(&mut self, scenario: &Scenario, edge: &Edge, lines: &Lines<'_>) {
        let Some(to) = scenario.node(edge.to) else {
            return;
        };
        // What is bound to an exclusive queue goes when its consumer connects anew.
        if exclusive_owner(to, lines).is_some() {
            return;
        }
        if let Some(command) = self.binding(scenario, edge, false) {
            let _ = self.say_for(to, command);
        }
    }

    fn delete(&mut self, node: &Node, lines: &Lines<'_>) {
        let command = match &node.kind {
            NodeKind::Queue(_) => {
                if exclusive_owner(node, lines).is_some() {
                    return;
                }
                let made = self.topology.name(node.id).cloned();
                Command::QueueDelete {
                    queue: match made {
                        Some(made) if node.name.is_empty() => made,
                        Some(_) | None => QueueName::truncated(&node.name),
                    },
                    if_unused: false,
                    if_empty: false,
                }
            }
            // The broker's own exchanges are there whatever the document says.
            NodeKind::Exchange(_) if node.name.is_empty() || node.name.starts_with("amq.") => {
                return;
            }
            NodeKind::Exchange(_) => Command::ExchangeDelete {
                exchange: exchange_name(node),
                if_unused: false,
            },
            NodeKind::Producer(_) | NodeKind::Consumer(_) => return,
        };
        let _ = self.say_for(node, command);
    }

    /// Starts a client or gives it its new settings.
    fn update(
        &mut self,
        before: &Scenario,
        after: &Scenario,
        node: &Node,
        lines: &Lines<'_>,
        renewed: &SortedMap<NodeId, ()>,
    ) {
        let Some(&client) = self.client_of_node.get(&node.id) else {
            self.start(after, node, lines);
            return;
        };
        let same = before.node(node.id) == Some(node);
        match &node.kind {
            NodeKind::Producer(producer) => {
                self.update_producer(client, before, after, node, producer, lines);
                if !same {
                    self.change_latency(client, Draw::new(&producer.latency));
                    self.change_outages(client, &producer.outages);
                }
            }
            NodeKind::Consumer(consumer) => {
                self.update_consumer(client, after, node, consumer, lines, renewed);
                if !same {
                    self.change_latency(client, Draw::new(&consumer.latency));
                    self.change_outages(client, &consumer.outages);
                }
            }
            NodeKind::Exchange(_) | NodeKind::Queue(_) => {}
        }
        if self.client(client).halt.is_some() {
            self.restart(client);
        }
    }

    fn change_latency(&mut self, client: u32, latency: Draw) {
        self.client_mut(client).link.latency = latency;
    }

    fn update_producer(
        &mut self,
        client: u32,
        before: &Scenario,
        after: &Scenario,
        node: &Node,
        producer: &Producer,
        lines: &Lines<'_>,
    ) {
        let targets = self.targets(after, node.id, lines);
        let was = match before.node(node.id).map(|node| &node.kind) {
            Some(NodeKind::Producer(was)) => Some(was),
            Some(NodeKind::Consumer(_) | NodeKind::Exchange(_) | NodeKind::Queue(_)) | None => None,
        };
        let now = self.now;
        let Some(sender) = self.client_mut(client).sender() else {
            return;
        };
        sender.targets = targets;
        if was == Some(producer) {
            return;
        }
        sender.draft = Draft::new(producer);
        sender.limit = producer.limit;
        sender.ended = false;
        if was.is_none_or(|was| was.load != producer.load) {
            let stream = &mut sender.arrivals_stream;
            let mut arrivals = Arrivals::new(&producer.load, stream);
            arrivals.take_over(&sender.arrivals, now, stream);
            sender.arrivals = arrivals;
        }
        let confirms = sender.window.is_some() != producer.confirm_window.is_some();
        sender.window = producer.confirm_window;
        if confirms {
            // A channel cannot leave confirm mode, and one that enters it counts from one.
            self.bounce(client);
        } else {
            self.set_back_free(client);
            self.note_status(client);
        }
    }

    fn update_consumer(
        &mut self,
        client: u32,
        after: &Scenario,
        node: &Node,
        consumer: &Consumer,
        lines: &Lines<'_>,
        renewed: &SortedMap<NodeId, ()>,
    ) {
        let wanted = sources(after, node.id, lines);
        let gone = wanted
            .iter()
            .any(|source| renewed.contains_key(&source.queue));
        let Some(receiver) = self.client_mut(client).receiver() else {
            return;
        };
        let fresh = Receiver::new(consumer, wanted);
        let other_terms = receiver.prefetch != fresh.prefetch
            || receiver.no_ack != fresh.no_ack
            || receiver.priority != fresh.priority
            || receiver.exclusive != fresh.exclusive;
        let other_lines = !same_lines(&receiver.sources, &fresh.sources);
        let other_staff = receiver.workers != fresh.workers;
        receiver.service = fresh.service;
        receiver.failure = fresh.failure;
        receiver.outcome = fresh.outcome;
        receiver.workers = fresh.workers;
        receiver.prefetch = fresh.prefetch;
        receiver.no_ack = fresh.no_ack;
        receiver.priority = fresh.priority;
        receiver.exclusive = fresh.exclusive;
        let before = if other_terms || other_lines {
            std::mem::replace(&mut receiver.sources, fresh.sources)
        } else {
            Vec::new()
        };
        if other_staff {
            self.staff(client);
            self.set_back_free(client);
            self.client_mut(client).status = None;
            self.note_status(client);
        }
        if gone {
            self.bounce(client);
        } else if other_terms || other_lines {
            self.consume_anew(client, &before, other_terms);
        }
    }

    /// Ends what consumes under the old terms and begins under the new.
    fn consume_anew(&mut self, client: u32, before: &[Source], other_terms: bool) {
        if self.client(client).session == Session::Closed {
            return;
        }
        let Role::Consumer(receiver) = &mut self.client_mut(client).role else {
            return;
        };
        let mut ended = Vec::new();
        for source in before.iter().filter(|source| source.active) {
            let mut same = receiver
                .sources
                .iter_mut()
                .filter(|now| now.tag == source.tag);
            match same.next() {
                Some(now) if !other_terms => now.active = true,
                Some(_) | None => ended.push(source.tag.clone()),
            }
        }
        for consumer_tag in ended {
            self.send(client, Command::BasicCancel { consumer_tag });
        }
        for command in self.consumes(client) {
            self.send(client, command);
        }
    }
}

/// Whether a client of the old document cannot go on as the one of the new.
fn is_other_client(before: &Node, after: Option<&Node>) -> bool {
    let Some(after) = after else {
        return true;
    };
    let same_role = match (&before.kind, &after.kind) {
        (NodeKind::Producer(_), NodeKind::Producer(_))
        | (NodeKind::Consumer(_), NodeKind::Consumer(_)) => true,
        (
            NodeKind::Producer(_)
            | NodeKind::Consumer(_)
            | NodeKind::Exchange(_)
            | NodeKind::Queue(_),
            _,
        ) => false,
    };
    !same_role || before.vhost != after.vhost
}

/// Whether an exchange or queue must be deleted and, where the new document has it, declared anew.
fn is_other_thing(before: &Node, after: Option<&Node>) -> bool {
    let Some(after) = after else {
        return matches!(before.kind, NodeKind::Exchange(_) | NodeKind::Queue(_));
    };
    let same_place = before.name == after.name && before.vhost == after.vhost;
    match (&before.kind, &after.kind) {
        (NodeKind::Exchange(before), NodeKind::Exchange(after)) => !same_place || before != after,
        (NodeKind::Queue(before), NodeKind::Queue(after)) => !same_place || before != after,
        (NodeKind::Producer(_) | NodeKind::Consumer(_), _) => false,
        (NodeKind::Exchange(_) | NodeKind::Queue(_), _) => true,
    }
}
