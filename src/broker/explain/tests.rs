//! What an explanation says.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{Alternate, Lot, Mismatch, Reached, RouteExplanation, Verdict, explain};
use crate::broker::command::ExchangeDeclare;
use crate::broker::topology::{QueueBinding, Topology};
use crate::types::{
    BindingKey, ExchangeName, ExchangeType, FieldTable, FieldValue, MethodId, Profile, QueueName,
    RoutingKey, VhostId,
};

const ROOT: VhostId = VhostId(0);
const METHOD: MethodId = MethodId::new(50, 20);

fn declare(topology: &mut Topology, name: &str, exchange_type: &str, alternate: Option<&str>) {
    let mut declare = ExchangeDeclare {
        exchange: ExchangeName::truncated(name),
        exchange_type: ExchangeType::from(exchange_type.to_owned()),
        ..ExchangeDeclare::default()
    };
    if let Some(alternate) = alternate {
        declare.arguments.set("alternate-exchange", alternate);
    }
    let done = topology.exchange_declare(ROOT, &declare, METHOD, &mut Vec::new());
    done.expect("an exchange");
}

fn bind(topology: &mut Topology, exchange: &str, queue: &str, key: &str, arguments: &FieldTable) {
    let queue_name = QueueName::truncated(queue);
    let binding = QueueBinding {
        exchange: &ExchangeName::truncated(exchange),
        queue: Some(topology.register_queue(ROOT, &queue_name)),
        queue_name: &queue_name,
        binding_key: &BindingKey::truncated(key),
        arguments,
    };
    topology
        .queue_bind(ROOT, &binding, METHOD, &mut Vec::new())
        .expect("a binding");
}

fn ask(
    topology: &Topology,
    exchange: &str,
    key: &str,
    headers: Option<&FieldTable>,
) -> RouteExplanation {
    let (exchange, key) = (
        ExchangeName::truncated(exchange),
        RoutingKey::truncated(key),
    );
    explain(topology, ROOT, &exchange, &key, headers).expect("an explanation")
}

/// The verdict on the only binding of an exchange of this type.
fn verdict(
    exchange_type: &str,
    binding_key: &str,
    arguments: &FieldTable,
    key: &str,
    headers: Option<&FieldTable>,
) -> Verdict {
    let mut topology = Topology::new(Profile::V4);
    declare(&mut topology, "x", exchange_type, None);
    bind(&mut topology, "x", "q", binding_key, arguments);
    ask(&topology, "x", key, headers).hops[0].bindings[0]
        .verdict
        .clone()
}

fn only_reason(verdict: Verdict) -> Mismatch {
    match verdict {
        Verdict::NotMatched { mut reasons } if reasons.len() == 1 => reasons.remove(0).mismatch,
        other => panic!("one reason, not {other:?}"),
    }
}

#[test]
fn a_topic_binding_says_which_word_does_not_fit() {
    let differs = |position, wanted: &str, given: &str| Mismatch::WordDiffers {
        position,
        wanted: wanted.to_owned(),
        given: given.to_owned(),
    };
    let few = |wanted: &str| Mismatch::TooFewWords {
        wanted: wanted.to_owned(),
    };
    let many = |position, given: &str| Mismatch::TooManyWords {
        position,
        given: given.to_owned(),
    };
    for (binding_key, key, expected) in [
        ("a.b", "a.c", differs(1, "b", "c")),
        ("a.b", "c.b", differs(0, "a", "c")),
        ("a.*", "a", few("*")),
        ("a.b.c", "a.b", few("c")),
        ("a.b", "a.b.c", many(2, "c")),
        ("*", "", few("*")),
        ("", "a", many(0, "a")),
        ("a.", "a.b", differs(1, "", "b")),
        ("a.#.b", "a.x.c", differs(2, "b", "c")),
        ("a.#.b", "a", few("b")),
        ("#.b", "a.b.", many(2, "")),
        ("#.b.*", "a.b", few("*")),
    ] {
        let verdict = verdict("topic", binding_key, &FieldTable::new(), key, None);
        assert_eq!(
            only_reason(verdict),
            expected,
            "'{binding_key}' and '{key}'"
        );
    }
}

#[test]
fn a_headers_binding_says_which_header_does_not_fit() {
    let text = FieldValue::text;
    let header = |name| crate::types::ShortText::truncated(name);
    let arguments = FieldTable::new().with("a", "1").with("b", "2");
    let missing = |name, wanted| Mismatch::HeaderMissing {
        header: header(name),
        wanted,
    };
    let headers = FieldTable::new().with("a", "1");
    let all = verdict("headers", "", &arguments, "", Some(&headers));
    assert_eq!(only_reason(all), missing("b", text("2")));
    let other = FieldTable::new().with("a", 1).with("b", "2");
    let differs = Mismatch::HeaderDiffers {
        header: header("a"),
        wanted: text("1"),
        given: FieldValue::I32(1),
    };
    let all = verdict("headers", "", &arguments, "", Some(&other));
    assert_eq!(only_reason(all), differs);
    let any = arguments.clone().with("x-match", "any");
    let none = Mismatch::NoHeaderFits {
        headers: vec![missing("a", text("1")), missing("b", text("2"))],
    };
    assert_eq!(only_reason(verdict("headers", "", &any, "", None)), none);
    let nothing = FieldTable::new().with("x-match", "any");
    let any = verdict("headers", "", &nothing, "", Some(&headers));
    assert_eq!(only_reason(any), Mismatch::NothingToCompare);
}

#[test]
fn every_key_that_was_tried_has_its_reason() {
    let cc = FieldValue::Array(vec!["b".into(), "c".into()]);
    let headers = FieldTable::new().with("CC", cc);
    let none = FieldTable::new();
    let Verdict::NotMatched { reasons } = verdict("direct", "z", &none, "a", Some(&headers)) else {
        panic!("no key is z");
    };
    let keys: Vec<_> = reasons.iter().flat_map(|reason| &reason.key).collect();
    assert_eq!(
        keys,
        ["a", "b", "c"]
            .map(RoutingKey::truncated)
            .iter()
            .collect::<Vec<_>>()
    );
    let matched = verdict("direct", "c", &none, "a", Some(&headers));
    assert_eq!(
        matched,
        Verdict::Matched {
            key: Some(RoutingKey::truncated("c")),
            taken: true
        }
    );
    let fanout = verdict("fanout", "", &none, "a", Some(&headers));
    assert_eq!(
        fanout,
        Verdict::Matched {
            key: None,
            taken: true
        }
    );
}

#[test]
fn alternates_say_whether_they_were_used() {
    let mut topology = Topology::new(Profile::V4);
    declare(&mut topology, "x", "direct", Some("spare"));
    bind(&mut topology, "x", "q", "k", &FieldTable::new());
    let spare = || ExchangeName::truncated("spare");
    let of = |topology: &Topology, key: &str, hop: usize| {
        ask(topology, "x", key, None).hops[hop].alternate.clone()
    };
    assert_eq!(
        of(&topology, "k", 0),
        Alternate::NotNeeded { name: spare() }
    );
    assert_eq!(
        of(&topology, "other", 0),
        Alternate::Missing { name: spare() }
    );
    declare(&mut topology, "spare", "fanout", Some("x"));
    let exchange = topology.exchange_id(ROOT, "spare").expect("an exchange");
    assert_eq!(
        of(&topology, "other", 0),
        Alternate::Used {
            name: spare(),
            exchange
        }
    );
    let back = Alternate::AlreadyReached {
        name: ExchangeName::truncated("x"),
    };
    assert_eq!(of(&topology, "other", 1), back);
    let told = ask(&topology, "x", "other", None);
    let from = told.hops[0].exchange;
    assert_eq!(told.hops[1].reached, Reached::Alternate { from });
    assert!(told.unroutable && told.queues.is_empty());
}

#[test]
fn the_default_exchange_says_what_the_key_names() {
    let mut topology = Topology::new(Profile::V4);
    let queue = topology.register_queue(ROOT, &QueueName::truncated("q"));
    let told = ask(&topology, "", "q", None);
    assert_eq!(told.hops[0].names[0].queue, Some(queue));
    assert_eq!(told.queues[0].queue, queue);
    let told = ask(&topology, "", "missing", None);
    assert_eq!(told.hops[0].names[0].queue, None);
    assert!(told.unroutable);
}

#[test]
fn an_internal_exchange_is_explained_with_its_refusal_and_a_missing_one_refused() {
    let topology = Topology::new(Profile::V4);
    let told = ask(&topology, "amq.rabbitmq.trace", "k", None);
    let refusal = told.refusal.expect("a refusal");
    assert!(
        refusal.starts_with("ACCESS_REFUSED - cannot publish to internal"),
        "{refusal}"
    );
    let missing = ExchangeName::truncated("missing");
    let error = explain(&topology, ROOT, &missing, &RoutingKey::default(), None);
    assert!(
        error
            .expect_err("a refusal")
            .text
            .starts_with("no exchange 'missing'")
    );
}

#[test]
fn an_explanation_becomes_readable_json() {
    let mut topology = Topology::new(Profile::V4);
    declare(&mut topology, "x", "topic", None);
    bind(&mut topology, "x", "q", "a.*", &FieldTable::new());
    bind(&mut topology, "x", "r", "b", &FieldTable::new());
    let told = ask(&topology, "x", "a.b", None);
    let json = serde_json::to_string_pretty(&told.hops[0].bindings).expect("json");
    let expected = expect_test::expect![[r#"
        [
          {
            "binding": 0,
            "destination": {
              "queue": 0
            },
            "destination_name": "q",
            "binding_key": "a.*",
            "arguments": {},
            "verdict": "matched",
            "key": "a.b",
            "taken": true
          },
          {
            "binding": 1,
            "destination": {
              "queue": 1
            },
            "destination_name": "r",
            "binding_key": "b",
            "arguments": {},
            "verdict": "not-matched",
            "reasons": [
              {
                "key": "a.b",
                "reason": "word-differs",
                "position": 0,
                "wanted": "b",
                "given": "a"
              }
            ]
          }
        ]"#]];
    expected.assert_eq(&json);
}

/// An exchange of a plugin's type `x` with queues `a`, `b` and `c`, by the weights 1 to 3.
fn of_plugin(exchange_type: &str, arguments: FieldTable) -> Topology {
    let mut topology = Topology::new(Profile::V4);
    let declare = ExchangeDeclare {
        exchange: ExchangeName::truncated("x"),
        exchange_type: ExchangeType::from(exchange_type.to_owned()),
        arguments,
        ..ExchangeDeclare::default()
    };
    let done = topology.exchange_declare(ROOT, &declare, METHOD, &mut Vec::new());
    done.expect("an exchange");
    for (queue, weight) in [("a", "1"), ("b", "2"), ("c", "3")] {
        bind(&mut topology, "x", queue, weight, &FieldTable::new());
    }
    topology
}

fn reached(explained: &RouteExplanation) -> Vec<(&str, bool)> {
    let queues = explained.queues.iter();
    queues.map(|it| (it.name.as_str(), it.perhaps)).collect()
}

#[test]
fn consistent_hashing_says_where_the_hash_leads() {
    let topology = of_plugin("x-consistent-hash", FieldTable::new());
    for (key, queue) in [("key 0", "a"), ("key 1", "b"), ("key 2", "c")] {
        let explained = ask(&topology, "x", key, None);
        assert_eq!(reached(&explained), [(queue, false)], "{key}");
        let others = explained.hops[0].bindings.iter();
        let others = others.filter(|it| it.destination_name != queue);
        for other in others {
            let elsewhere = Mismatch::HashedElsewhere {
                to: queue.to_owned(),
            };
            assert_eq!(only_reason(other.verdict.clone()), elsewhere);
        }
    }
    let by = FieldTable::new().with("hash-property", "message_id");
    let explained = ask(&of_plugin("x-consistent-hash", by), "x", "k", None);
    let name = "message_id".to_owned();
    let lot = Verdict::Perhaps {
        one_of: 3,
        by: Lot::Property { name },
        taken: true,
    };
    assert_eq!(explained.hops[0].bindings[0].verdict, lot);
}

#[test]
fn chance_is_called_chance_until_another_way_makes_it_sure() {
    for kind in ["x-random", "x-local-random"] {
        let mut topology = of_plugin(kind, FieldTable::new());
        let explained = ask(&topology, "x", "k", None);
        assert_eq!(reached(&explained), [("a", true), ("b", true), ("c", true)]);
        assert!(!explained.unroutable);
        let lot = Verdict::Perhaps {
            one_of: 3,
            by: Lot::Chance,
            taken: true,
        };
        assert_eq!(explained.hops[0].bindings[2].verdict, lot);
        declare(&mut topology, "first", "fanout", None);
        bind(&mut topology, "first", "b", "", &FieldTable::new());
        let to = ExchangeName::truncated("x");
        let from = ExchangeName::truncated("first");
        let matching = (&BindingKey::default(), &FieldTable::new());
        topology
            .exchange_bind(ROOT, (&from, &to), matching, METHOD, &mut Vec::new())
            .expect("a binding");
        let explained = ask(&topology, "first", "k", None);
        assert_eq!(
            reached(&explained),
            [("b", false), ("a", true), ("c", true)]
        );
    }
}

#[test]
fn a_delay_is_told_with_the_way_that_comes_after_it() {
    let arguments = FieldTable::new()
        .with("x-delayed-type", "topic")
        .with("alternate-exchange", "amq.fanout");
    let mut topology = of_plugin("x-delayed-message", arguments);
    bind(&mut topology, "amq.fanout", "rest", "", &FieldTable::new());
    let headers = FieldTable::new().with("x-delay", 5000);
    let explained = ask(&topology, "x", "2", Some(&headers));
    assert_eq!(explained.hops[0].delay_ms, Some(5000));
    assert_eq!(reached(&explained), [("b", false), ("rest", false)]);
    assert!(matches!(
        explained.hops[0].alternate,
        Alternate::Used { .. }
    ));
    let explained = ask(&topology, "x", "2", None);
    assert_eq!(explained.hops[0].delay_ms, None);
    assert_eq!(reached(&explained), [("b", false)]);
}
