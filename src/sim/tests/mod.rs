//! Tests of the simulator: small documents built in code, run, and asked what happened.

mod alarm;
mod clone;
mod life;
mod measure;
mod order;
pub(crate) mod wire;

use crate::scenario::{
    Consumer, Distribution, Edge, EdgeKind, Exchange, Load, LoadShape, Node, NodeKind, Point,
    Producer, Queue, Scenario,
};
use crate::sim::{Simulation, TraceKind, TraceRecord};
use crate::types::{BindingKey, EdgeId, FieldTable, NodeId, SimDuration, SimTime, VhostName};
use std::rc::Rc;

/// A document under construction.
pub(super) struct Draft(pub(super) Scenario);

impl Draft {
    pub(super) fn new() -> Self {
        Self(Scenario {
            seed: 1,
            vhosts: vec![VhostName::truncated("/")],
            ..Scenario::default()
        })
    }

    pub(super) fn node(&mut self, name: &str, kind: NodeKind) -> NodeId {
        let id = self.0.next_node_id();
        let node = Node {
            id,
            name: name.to_owned(),
            vhost: VhostName::truncated("/"),
            position: Point::default(),
            kind,
        };
        self.0.nodes.insert(id, Rc::new(node));
        id
    }

    pub(super) fn queue(&mut self, name: &str) -> NodeId {
        self.node(name, NodeKind::Queue(Queue::default()))
    }

    pub(super) fn edge(&mut self, from: NodeId, to: NodeId, kind: EdgeKind) -> EdgeId {
        let id = self.0.next_edge_id();
        self.0
            .edges
            .insert(id, Rc::new(Edge { id, from, to, kind }));
        id
    }

    pub(super) fn binding(&mut self, from: NodeId, to: NodeId, key: &str) -> EdgeId {
        let binding_key = BindingKey::truncated(key);
        let arguments = FieldTable::new();
        self.edge(
            from,
            to,
            EdgeKind::Binding {
                binding_key,
                arguments,
            },
        )
    }

    /// A producer, a queue, a consumer, in a row.
    pub(super) fn line(producer: Producer, queue: Queue, consumer: Consumer) -> Self {
        let mut draft = Self::new();
        let from = draft.node("producer", NodeKind::Producer(producer));
        let queue = draft.node("q", NodeKind::Queue(queue));
        let to = draft.node("consumer", NodeKind::Consumer(consumer));
        draft.edge(from, queue, EdgeKind::Publish);
        draft.edge(queue, to, EdgeKind::Consume);
        draft
    }

    pub(super) fn run(self) -> Simulation {
        Simulation::new(Rc::new(self.0))
    }
}

pub(super) const PRODUCER: NodeId = NodeId(1);
pub(super) const QUEUE: NodeId = NodeId(2);
pub(super) const CONSUMER: NodeId = NodeId(3);

pub(super) fn fixed(value: f64) -> Distribution {
    Distribution::Fixed { value }
}

/// One message a second, no latency.
pub(super) fn producer(rate: f64) -> Producer {
    Producer {
        load: Load {
            shape: LoadShape::Constant { rate },
            ..Load::default()
        },
        latency: fixed(0.0),
        ..Producer::default()
    }
}

/// Work of `seconds`, no latency.
pub(super) fn consumer(seconds: f64) -> Consumer {
    Consumer {
        service: fixed(seconds),
        latency: fixed(0.0),
        ..Consumer::default()
    }
}

pub(super) fn secs(seconds: u64) -> SimTime {
    SimTime::from_secs(seconds)
}

pub(super) fn millis(millis: u64) -> SimDuration {
    SimDuration::from_millis(millis)
}

/// Runs to `until` without a limit of events.
pub(super) fn go(run: &mut Simulation, until: SimTime) {
    run.run_until(until, u64::MAX);
}

/// Every retained record.
pub(super) fn records(run: &Simulation) -> Vec<TraceRecord> {
    let mut records = Vec::new();
    run.records_since(0, |record| records.push(record.clone()));
    records
}

/// How many retained records are such.
pub(super) fn count(run: &Simulation, is: impl Fn(&TraceKind) -> bool) -> usize {
    records(run)
        .iter()
        .filter(|record| is(&record.kind))
        .count()
}

pub(super) fn exchange(exchange_type: crate::types::ExchangeType) -> NodeKind {
    NodeKind::Exchange(Exchange {
        exchange_type,
        ..Exchange::default()
    })
}
