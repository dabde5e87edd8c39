//! What validation promises: each mistake is named, at its place, and a sound document has none.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::types::{ExchangeType, FieldTable, Profile, Severity};

/// `code path` of each problem, worst places left out.
fn said(scenario: &Scenario) -> Vec<String> {
    let problems = validate(scenario);
    let line = |problem: &Problem| format!("{} {}", problem.code, problem.place.path);
    problems
        .iter()
        .map(|p| line(p).trim_end().to_owned())
        .collect()
}

fn set(scenario: &mut Scenario, node: NodeId, kind: NodeKind) {
    scenario
        .apply(&Edit::SetNode { node, kind })
        .expect("the same kind");
}

#[test]
fn a_row_from_producer_to_consumer_has_no_problem() {
    assert_eq!(said(&row().0), Vec::<String>::new());
}

#[test]
fn a_transient_shared_queue_is_refused_by_4_and_fine_in_3() {
    let (mut scenario, [_, _, queue, _]) = row();
    let kind = NodeKind::Queue(Queue {
        durable: false,
        ..Queue::default()
    });
    set(&mut scenario, queue, kind);
    assert_eq!(said(&scenario), ["transient-shared-queue durable"]);
    scenario.profile = Profile::V3;
    assert_eq!(said(&scenario), Vec::<String>::new());
}

#[test]
fn arguments_are_checked_as_the_broker_checks_them() {
    let (mut scenario, [_, _, queue, _]) = row();
    let arguments = FieldTable::new()
        .with("x-message-ttl", -1_i64)
        .with("x-expires", 0_i64)
        .with("x-max-priority", 256_i64)
        .with("x-max-length", "ten")
        .with("x-overflow", "drop-tail")
        .with("x-queue-mode", "lazy")
        .with("x-single-active-consumer", "yes")
        .with("x-dead-letter-routing-key", "k")
        .with("x-something-else", "is ignored");
    set(
        &mut scenario,
        queue,
        NodeKind::Queue(Queue {
            arguments,
            ..Queue::default()
        }),
    );
    assert_eq!(
        said(&scenario),
        [
            "argument-wrong arguments.x-message-ttl",
            "argument-wrong arguments.x-expires",
            "argument-wrong arguments.x-max-length",
            "argument-wrong arguments.x-max-priority",
            "argument-wrong arguments.x-overflow",
            "argument-wrong arguments.x-single-active-consumer",
            "argument-refused arguments.x-queue-mode",
            "dead-letter-key-alone arguments.x-dead-letter-routing-key",
        ]
    );
}

#[test]
fn what_arguments_name_must_be_there() {
    let (mut scenario, [_, exchange, queue, _]) = row();
    let arguments = FieldTable::new().with("alternate-exchange", "nowhere");
    set(
        &mut scenario,
        exchange,
        NodeKind::Exchange(Exchange {
            arguments,
            ..Exchange::default()
        }),
    );
    let arguments = FieldTable::new()
        .with("x-dead-letter-exchange", "")
        .with("x-dead-letter-routing-key", "gone");
    set(
        &mut scenario,
        queue,
        NodeKind::Queue(Queue {
            arguments,
            ..Queue::default()
        }),
    );
    assert_eq!(
        said(&scenario),
        [
            "alternate-exchange-missing arguments.alternate-exchange",
            "dead-letter-queue-missing arguments.x-dead-letter-routing-key",
        ]
    );
    let arguments = FieldTable::new().with("x-dead-letter-exchange", "amq.fanout");
    set(
        &mut scenario,
        queue,
        NodeKind::Queue(Queue {
            arguments,
            ..Queue::default()
        }),
    );
    assert_eq!(
        said(&scenario).len(),
        1,
        "a predeclared exchange is always there"
    );
}

#[test]
fn names_must_differ_and_leave_the_brokers_own_alone() {
    let (mut scenario, [_, exchange, queue, _]) = row();
    let twin = add(&mut scenario, NodeKind::Queue(Queue::default()));
    let rename = |scenario: &mut Scenario, node, name: &str| {
        let name = name.to_owned();
        scenario
            .apply(&Edit::Rename { node, name })
            .expect("a name");
    };
    rename(&mut scenario, twin, "queue");
    rename(&mut scenario, exchange, "amq.mine");
    let codes: Vec<_> = validate(&scenario)
        .iter()
        .map(|p| (p.code.code(), p.place.node))
        .collect();
    assert_eq!(
        codes,
        [
            ("name-reserved", Some(exchange)),
            ("name-twice", Some(queue)),
            ("name-twice", Some(twin)),
            ("queue-without-consumer", Some(twin)),
        ]
    );
    rename(&mut scenario, exchange, "amq.topic");
    assert_eq!(said(&scenario)[0], "predeclared-differs type");
}

#[test]
fn loose_ends_and_empty_loads_are_named() {
    let mut scenario = Scenario::new();
    let idle = Producer {
        load: Load {
            shape: LoadShape::Constant { rate: 0.0 },
            ..Load::default()
        },
        ..Producer::default()
    };
    let idle = add(&mut scenario, NodeKind::Producer(idle));
    add(&mut scenario, NodeKind::Consumer(Consumer::default()));
    assert_eq!(
        said(&scenario),
        [
            "producer-without-target",
            "load-empty load",
            "consumer-without-queue"
        ]
    );
    let nowhere = add(&mut scenario, NodeKind::Exchange(Exchange::default()));
    connect(&mut scenario, idle, nowhere).expect("a link");
    assert!(said(&scenario).contains(&"exchange-without-binding".to_owned()));
}

#[test]
fn numbers_out_of_range_say_which() {
    let (mut scenario, [producer, _, _, consumer]) = row();
    let kind = NodeKind::Producer(Producer {
        load: Load {
            shape: LoadShape::Ramp {
                from: -1.0,
                to: 5.0,
                over: SimDuration::from_secs(1),
            },
            ..Load::default()
        },
        routing_key: Choice::Drawn(vec![("a".into(), 0)]),
        size: Distribution::Fixed { value: 1e9 },
        latency: Distribution::Uniform { min: 2.0, max: 1.0 },
        confirm_window: Some(0),
        ..Producer::default()
    });
    set(&mut scenario, producer, kind);
    let kind = NodeKind::Consumer(Consumer {
        workers: 0,
        failures: Failures {
            share: 1.5,
            ..Failures::default()
        },
        service: Distribution::Exponential { mean: -1.0 },
        ..Consumer::default()
    });
    set(&mut scenario, consumer, kind);
    assert_eq!(
        said(&scenario),
        [
            "number-out-of-range load",
            "choice-empty routing_key",
            "range-reversed latency",
            "message-too-large size",
            "number-out-of-range confirm_window",
            "number-out-of-range service",
            "number-out-of-range workers",
            "number-out-of-range failures.share",
        ]
    );
}

#[test]
fn bindings_the_broker_refuses_are_named_on_their_line() {
    let (mut scenario, [_, exchange, queue, _]) = row();
    let exchange_type = ExchangeType::Topic;
    set(
        &mut scenario,
        exchange,
        NodeKind::Exchange(Exchange {
            exchange_type,
            ..Exchange::default()
        }),
    );
    let edge = bind(&mut scenario, exchange, queue, "#.a.#.b.#").expect("a binding");
    let problems = validate(&scenario);
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].code.code(), problems[0].place.edge),
        ("topic-key-hashes", Some(edge))
    );
    assert_eq!(problems[0].severity(), Severity::Error);
}

/// Documents of any kind, however broken, are validated without a panic and always alike.
#[test]
fn any_document_is_validated_the_same_way_twice() {
    for seed in 0..200 {
        let scenario = super::random::Random::new(seed).scenario();
        assert_eq!(validate(&scenario), validate(&scenario), "seed {seed}");
    }
}
