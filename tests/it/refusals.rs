//! The document's checks and the broker agree: what validation calls an error is what the broker
//! refuses to declare or bind, and nothing else.

use brokerlab::scenario::{
    Edge, EdgeKind, Exchange, Node, NodeKind, Point, Problem, Queue, Scenario, validate,
};
use brokerlab::sim::{Simulation, TraceKind};
use brokerlab::types::{
    BindingKey, EdgeId, ExchangeType, FieldTable, FieldValue, NodeId, ProblemCode, Profile,
    Severity, VhostName,
};
use rand_core::{Rng as _, SeedableRng as _};
use rand_pcg::Pcg32;
use std::rc::Rc;

struct Random(Pcg32);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0.next_u32() % end
    }

    fn chance(&mut self, one_in: u32) -> bool {
        self.below(one_in) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize].clone()
    }

    fn value(&mut self) -> FieldValue {
        let texts = [
            "",
            "all",
            "drop-head",
            "reject-publish",
            "quorum",
            "classic",
            "stream",
            "lazy",
        ];
        let numbers = [
            -2,
            -1,
            0,
            1,
            2,
            3,
            255,
            256,
            315_360_000_000,
            315_360_000_001,
        ];
        match self.below(6) {
            0 => FieldValue::Bool(true),
            1 => FieldValue::F64(1.0),
            2 | 3 => FieldValue::I64(self.pick(&numbers)),
            _ => FieldValue::text(self.pick(&texts)),
        }
    }

    fn table(&mut self, keys: &[&str], most: u32) -> FieldTable {
        let mut table = FieldTable::new();
        for _ in 0..self.below(most + 1) {
            let key = self.pick(keys);
            table.set(key, self.value());
        }
        table
    }
}

const QUEUE_KEYS: [&str; 19] = [
    "x-message-ttl",
    "x-expires",
    "x-max-length",
    "x-max-length-bytes",
    "x-max-priority",
    "x-overflow",
    "x-dead-letter-exchange",
    "x-dead-letter-routing-key",
    "x-single-active-consumer",
    "x-queue-type",
    "x-queue-mode",
    "x-queue-version",
    "x-delivery-limit",
    "x-delayed-retry-type",
    "x-delayed-retry-min",
    "x-delayed-retry-max",
    "x-max-age",
    "x-queue-master-locator",
    "x-unknown",
];

fn document(nodes: Vec<(&str, NodeKind)>, profile: Profile) -> Scenario {
    let mut scenario = Scenario::new();
    scenario.profile = profile;
    for (name, kind) in nodes {
        let id = scenario.next_node_id();
        let node = Node {
            id,
            name: name.to_owned(),
            vhost: VhostName::truncated("/"),
            position: Point::default(),
            kind,
        };
        scenario.nodes.insert(id, Rc::new(node));
    }
    scenario
}

/// Problems that mean a refusal. An exchange type of a plugin is one that this broker refuses.
fn refusals(scenario: &Scenario) -> Vec<Problem> {
    let refused = |problem: &Problem| {
        problem.severity() == Severity::Error || problem.code == ProblemCode::ExchangeTypePlugin
    };
    validate(scenario).into_iter().filter(refused).collect()
}

/// The broker's words when it refused something.
fn said(run: &Simulation) -> Vec<String> {
    let mut said = Vec::new();
    run.records_since(0, |record| {
        if let TraceKind::Closed { text, .. } = &record.kind {
            said.push(text.to_string());
        }
    });
    said
}

fn agree(seed: u64, scenario: Scenario) {
    let expected = refusals(&scenario);
    let run = Simulation::new(Rc::new(scenario.clone()));
    let said = said(&run);
    assert_eq!(
        expected.is_empty(),
        said.is_empty(),
        "seed {seed}: validation says {expected:?}, the broker says {said:?} of {:?} {:?}; repeat \
         with cargo test --test it refusals",
        scenario.nodes,
        scenario.edges
    );
}

#[test]
fn a_queue_is_an_error_exactly_when_the_broker_refuses_it() {
    for seed in 0..3000 {
        let mut random = Random(Pcg32::seed_from_u64(seed));
        let queue = Queue {
            durable: !random.chance(4),
            exclusive: random.chance(5),
            auto_delete: random.chance(5),
            arguments: random.table(&QUEUE_KEYS, 3),
            ..Queue::default()
        };
        let name = random.pick(&["q", "q", "", "amq.q"]);
        let profile = random.pick(&Profile::ALL);
        agree(
            seed,
            document(vec![(name, NodeKind::Queue(queue))], profile),
        );
    }
}

#[test]
fn an_exchange_is_an_error_exactly_when_the_broker_refuses_it() {
    let types = [
        "direct",
        "fanout",
        "topic",
        "headers",
        "x-consistent-hash",
        "",
        "odd",
    ];
    // The default exchange is never declared, so the broker has nothing to say of it.
    let names = [
        "e",
        "e",
        "amq.e",
        "amq.topic",
        "amq.direct",
        "amq.rabbitmq.trace",
    ];
    for seed in 0..2000 {
        let mut random = Random(Pcg32::seed_from_u64(seed));
        let exchange = Exchange {
            exchange_type: ExchangeType::from(random.pick(&types).to_owned()),
            durable: !random.chance(4),
            auto_delete: random.chance(5),
            internal: random.chance(5),
            arguments: random.table(&["alternate-exchange", "x"], 2),
        };
        let name = random.pick(&names);
        let profile = random.pick(&Profile::ALL);
        agree(
            seed,
            document(vec![(name, NodeKind::Exchange(exchange))], profile),
        );
    }
}

#[test]
fn a_binding_is_an_error_exactly_when_the_broker_refuses_it() {
    let keys = ["", "a.#", "#.#", "#.a.#.b.#", "##.###", "*.*.*"];
    for seed in 0..2000 {
        let mut random = Random(Pcg32::seed_from_u64(seed));
        let exchange = Exchange {
            exchange_type: random.pick(&[
                ExchangeType::Direct,
                ExchangeType::Topic,
                ExchangeType::Headers,
            ]),
            ..Exchange::default()
        };
        let queue = NodeKind::Queue(Queue::default());
        let profile = random.pick(&Profile::ALL);
        let exchange = NodeKind::Exchange(exchange);
        let mut scenario = document(vec![("e", exchange), ("q", queue)], profile);
        let edge = Edge {
            id: EdgeId(1),
            from: NodeId(1),
            to: NodeId(2),
            kind: EdgeKind::Binding {
                binding_key: BindingKey::truncated(random.pick(&keys)),
                arguments: random.table(&["x-match", "x-match", "tier"], 2),
            },
        };
        scenario.edges.insert(edge.id, Rc::new(edge));
        agree(seed, scenario);
    }
}
