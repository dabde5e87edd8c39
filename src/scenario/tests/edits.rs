//! What edits promise.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::random::Random;
use super::*;
use crate::types::{FieldValue, ProblemCode};

fn argument<'a>(scenario: &'a Scenario, node: NodeId, key: &str) -> Option<&'a str> {
    let arguments = match &scenario.node(node)?.kind {
        NodeKind::Queue(queue) => &queue.arguments,
        NodeKind::Exchange(exchange) => &exchange.arguments,
        NodeKind::Producer(_) | NodeKind::Consumer(_) => return None,
    };
    arguments.get(key).and_then(FieldValue::as_text)
}

#[test]
fn every_pair_of_kinds_is_linked_or_refused_with_its_own_reason() {
    let mut allowed = Vec::new();
    for from in Shape::ALL {
        for to in Shape::ALL {
            if let Ok(kind) = link_shapes(from, to) {
                allowed.push((from.word(), to.word(), kind));
            }
        }
    }
    assert_eq!(
        allowed,
        [
            ("producer", "exchange", LinkKind::Publish),
            ("producer", "queue", LinkKind::Publish),
            ("exchange", "exchange", LinkKind::Binding),
            ("exchange", "queue", LinkKind::Binding),
            ("queue", "exchange", LinkKind::DeadLetter),
            ("queue", "consumer", LinkKind::Consume),
        ]
    );
}

#[test]
fn a_line_from_a_queue_to_an_exchange_sets_the_dead_letter_exchange() {
    let (mut scenario, [_, exchange, queue, _]) = row();
    let lines = scenario.edges.len();
    connect(&mut scenario, queue, exchange).expect("a dead-letter link");
    assert_eq!(scenario.edges.len(), lines, "it is no line of its own");
    assert_eq!(
        argument(&scenario, queue, "x-dead-letter-exchange"),
        Some("exchange")
    );
}

#[test]
fn arguments_follow_a_renamed_exchange_and_a_renamed_queue() {
    let (mut scenario, [_, exchange, queue, _]) = row();
    connect(&mut scenario, queue, exchange).expect("a dead-letter link");
    let other = add(
        &mut scenario,
        NodeKind::Exchange(Exchange {
            arguments: FieldTable::new().with("alternate-exchange", "exchange"),
            ..Exchange::default()
        }),
    );
    let retry = add(
        &mut scenario,
        NodeKind::Queue(Queue {
            arguments: FieldTable::new()
                .with("x-dead-letter-exchange", "")
                .with("x-dead-letter-routing-key", "queue"),
            ..Queue::default()
        }),
    );
    for (node, name) in [(exchange, "events"), (queue, "orders")] {
        let name = name.to_owned();
        scenario
            .apply(&Edit::Rename { node, name })
            .expect("a name");
    }
    assert_eq!(
        argument(&scenario, queue, "x-dead-letter-exchange"),
        Some("events")
    );
    assert_eq!(
        argument(&scenario, other, "alternate-exchange"),
        Some("events")
    );
    assert_eq!(
        argument(&scenario, retry, "x-dead-letter-routing-key"),
        Some("orders")
    );
}

#[test]
fn a_removed_node_takes_its_lines_along() {
    let (mut scenario, [_, _, queue, _]) = row();
    let edit = Edit::Remove {
        nodes: vec![queue],
        edges: Vec::new(),
    };
    scenario.apply(&edit).expect("the queue is there");
    assert_eq!((scenario.nodes.len(), scenario.edges.len()), (3, 1));
}

#[test]
fn two_bindings_between_one_pair_need_different_keys() {
    let (mut scenario, [_, exchange, queue, _]) = row();
    bind(&mut scenario, exchange, queue, "a").expect("another key");
    let refused = bind(&mut scenario, exchange, queue, "a").expect_err("the same key");
    assert_eq!(refused.code, ProblemCode::LinkTwice);
    let twin = scenario
        .edges
        .values()
        .map(|edge| (**edge).clone())
        .nth(1)
        .expect("a binding");
    let insert = Edit::Insert {
        nodes: Vec::new(),
        edges: vec![twin],
    };
    assert_eq!(
        scenario.apply(&insert).expect_err("twice").code,
        ProblemCode::LinkTwice
    );
}

#[test]
fn a_pasted_piece_gets_ids_of_its_own_and_keeps_its_lines() {
    let (mut scenario, _) = row();
    let edit = Edit::Insert {
        nodes: scenario
            .nodes
            .values()
            .map(|node| (**node).clone())
            .collect(),
        edges: scenario
            .edges
            .values()
            .map(|edge| (**edge).clone())
            .collect(),
    };
    let applied = scenario.apply(&edit).expect("a copy fits");
    assert_eq!((scenario.nodes.len(), scenario.edges.len()), (8, 6));
    for edge in applied.edges {
        let edge = scenario.edge(edge).expect("it was made");
        assert!(applied.nodes.contains(&edge.from) && applied.nodes.contains(&edge.to));
    }
}

#[test]
fn a_default_exchange_takes_no_bindings_and_an_internal_one_no_publishers() {
    let (mut scenario, [producer, exchange, _, _]) = row();
    let fresh = add(&mut scenario, NodeKind::Queue(Queue::default()));
    scenario
        .apply(&Edit::Rename {
            node: exchange,
            name: String::new(),
        })
        .expect("the default exchange has an empty name");
    let refused = connect(&mut scenario, exchange, fresh).expect_err("no binding");
    assert_eq!(refused.code, ProblemCode::LinkDefaultExchange);
    let internal = add(
        &mut scenario,
        NodeKind::Exchange(Exchange {
            internal: true,
            ..Exchange::default()
        }),
    );
    let refused = connect(&mut scenario, producer, internal).expect_err("no publish");
    assert_eq!(refused.code, ProblemCode::LinkInternalExchange);
}

#[test]
fn no_infinite_number_and_no_overlong_name_enters_a_document() {
    let (mut scenario, [producer, _, queue, consumer]) = row();
    let before = scenario.clone();
    let endless = Producer {
        size: Distribution::Fixed {
            value: f64::INFINITY,
        },
        ..Producer::default()
    };
    let unsure = Consumer {
        service: Distribution::Uniform {
            min: f64::NAN,
            max: 1.0,
        },
        ..Consumer::default()
    };
    let refusals = [
        (
            Edit::SetNode {
                node: producer,
                kind: NodeKind::Producer(endless),
            },
            "size",
        ),
        (
            Edit::SetNode {
                node: consumer,
                kind: NodeKind::Consumer(unsure),
            },
            "service",
        ),
        (
            Edit::Rename {
                node: queue,
                name: "q".repeat(256),
            },
            "name",
        ),
    ];
    for (edit, path) in refusals {
        let refused = scenario.apply(&edit).expect_err(path);
        assert_eq!(refused.place.path, path);
        assert_eq!(scenario, before);
    }
}

/// Random edits, many of them nonsense: a refused one changes nothing, and after every accepted one
/// each line still joins two nodes that may be joined.
#[test]
fn a_refused_edit_leaves_everything_as_it_was() {
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let mut scenario = random.scenario();
        for step in 0..30 {
            let before = scenario.clone();
            let edit = random.edit();
            if let Err(problem) = scenario.apply(&edit) {
                assert_eq!(
                    scenario, before,
                    "seed {seed} step {step}: {problem} {edit:?}"
                );
            }
            for edge in scenario.edges.values() {
                let shape = |node| scenario.node(node).map(|node| node.kind.shape());
                let (from, to) = (shape(edge.from), shape(edge.to));
                let ends = from.zip(to).map(|(from, to)| link_shapes(from, to));
                assert!(
                    matches!(ends, Some(Ok(kind)) if kind.fits(&edge.kind)),
                    "seed {seed} step {step}: {edge:?}; repeat with \
                     cargo test a_refused_edit_leaves_everything_as_it_was"
                );
            }
        }
    }
}

#[test]
fn ids_never_run_out_even_after_the_highest() {
    let (mut scenario, [producer, ..]) = row();
    let mut node = scenario.node(producer).expect("it is there").clone();
    node.id = NodeId(u32::MAX);
    let nodes = vec![node];
    let edges = Vec::new();
    scenario
        .apply(&Edit::Insert { nodes, edges })
        .expect("it gets another id");
    add(&mut scenario, NodeKind::Queue(Queue::default()));
    assert_eq!(scenario.nodes.len(), 6);
}
