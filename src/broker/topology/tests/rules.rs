//! The rules of routing, one table for each exchange type, then the rules of the walk.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::support::{Wiring, exchange};
use crate::broker::command::ExchangeDeclare;
use crate::types::{Decimal, FieldTable, FieldValue, Profile};

/// An exchange `x` of this type with one binding to `q`.
fn bound(exchange_type: &str, binding_key: &str, arguments: &FieldTable) -> Wiring {
    let mut wiring = Wiring::new(Profile::V4);
    wiring.exchange("x", exchange_type);
    wiring.queue("q");
    wiring
        .try_bind("x", "q", binding_key, arguments)
        .expect("a binding");
    wiring
}

fn alternate(name: &str, exchange_type: &str, to: &str) -> ExchangeDeclare {
    let arguments = FieldTable::new().with("alternate-exchange", to);
    ExchangeDeclare {
        arguments,
        ..exchange(name, exchange_type)
    }
}

#[test]
fn a_vhost_has_seven_exchanges_from_the_start() {
    let wiring = Wiring::new(Profile::V4);
    let exchanges = wiring.topology.exchanges.iter().flatten();
    let lines: Vec<String> = exchanges
        .map(|it| {
            format!(
                "{} {} {} {}",
                it.name, it.exchange_type, it.durable, it.internal
            )
        })
        .collect();
    let expected = [
        " direct true false",
        "amq.direct direct true false",
        "amq.topic topic true false",
        "amq.match headers true false",
        "amq.headers headers true false",
        "amq.fanout fanout true false",
        "amq.rabbitmq.trace topic true true",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn direct_wants_equal_keys_and_reads_no_wildcards() {
    for (binding_key, matches, differs) in [
        ("a", vec!["a"], vec!["A", "a.", "", "b"]),
        ("#", vec!["#"], vec!["", "a"]),
        ("*.b", vec!["*.b"], vec!["a.b"]),
        ("", vec![""], vec!["a"]),
    ] {
        let mut wiring = bound("direct", binding_key, &FieldTable::new());
        for key in matches {
            assert_eq!(wiring.route("x", key), ["q"], "{binding_key} and {key}");
        }
        for key in differs {
            assert!(wiring.route("x", key).is_empty(), "{binding_key} and {key}");
        }
    }
}

#[test]
fn fanout_reads_no_key() {
    let mut wiring = bound("fanout", "k", &FieldTable::new());
    for key in ["", "k", "a.b"] {
        assert_eq!(wiring.route("x", key), ["q"]);
    }
}

#[test]
fn the_default_exchange_reads_the_key_as_a_queues_name() {
    let mut wiring = Wiring::new(Profile::V4);
    for queue in ["q", "Q", "a.b"] {
        wiring.queue(queue);
    }
    assert_eq!(wiring.route("", "q"), ["q"]);
    assert_eq!(wiring.route("", "a.b"), ["a.b"]);
    assert!(wiring.route("", "missing").is_empty());
    assert_eq!(
        wiring.route_with("", "q", None, &["missing", "Q", "q"]),
        ["q", "Q"]
    );
    wiring.remove_queue("q");
    assert!(wiring.route("", "q").is_empty());
}

#[test]
fn topic_words_and_wildcards_match_as_measured() {
    let everything = ["", "a", "a.b", ".", "a..b", "#", "*"];
    for (binding_key, matches, differs) in [
        ("#", everything.to_vec(), vec![]),
        ("*", vec!["a", "#"], vec!["", "."]),
        ("a.#", vec!["a", "a.b", "a.", "a..b"], vec!["", ".a"]),
        ("a.#.b", vec!["a.b", "a.x.y.b", "a..b"], vec!["a", "a.b."]),
        ("#.b", vec!["b", "a.b", "a..b"], vec!["a.b."]),
        ("*.#", vec!["a", "a.b", ".", "..", "a."], vec![""]),
        ("#.*", vec!["a", "a.b", ".", "..", "a."], vec![""]),
        ("#.", vec![".", "..", "a.", "a.b."], vec!["", "a"]),
        ("*..*", vec!["..", "a..b"], vec!["."]),
        ("", vec![""], vec!["."]),
        ("a*", vec!["a*"], vec!["ab", "a.b"]),
        ("##", vec!["##"], vec!["", "a", "a.b"]),
        ("**", vec!["**"], vec!["a", "a.b"]),
        ("a.b", vec!["a.b"], vec!["a.b.", "a", "A.b", "a.*", "a.#"]),
    ] {
        let mut wiring = bound("topic", binding_key, &FieldTable::new());
        for key in matches {
            assert_eq!(wiring.route("x", key), ["q"], "'{binding_key}' and '{key}'");
        }
        for key in differs {
            assert!(
                wiring.route("x", key).is_empty(),
                "'{binding_key}' and '{key}'"
            );
        }
    }
}

#[test]
fn headers_compare_arguments_as_x_match_says() {
    let table = |entries: &[(&str, i32)]| {
        entries
            .iter()
            .fold(FieldTable::new(), |table, (key, value)| {
                table.with(key, *value)
            })
    };
    let both = table(&[("a", 1), ("b", 2)]);
    let with_x = table(&[("a", 1), ("x-b", 2)]);
    let only_x = table(&[("x-b", 2)]);
    let (none, one) = (FieldTable::new(), table(&[("a", 1)]));
    let mode = |arguments: &FieldTable, mode: &str| arguments.clone().with("x-match", mode);
    for (arguments, headers, expected) in [
        (mode(&both, "all"), Some(&both), true),
        (mode(&both, "all"), Some(&one), false),
        (both.clone(), Some(&one), false),
        (both.clone(), Some(&both), true),
        (mode(&both, "any"), Some(&one), true),
        (mode(&both, "any"), Some(&none), false),
        (mode(&both, "any"), None, false),
        // Nothing to compare: all matches every message, any none.
        (mode(&none, "all"), None, true),
        (none.clone(), Some(&both), true),
        (mode(&none, "any"), Some(&both), false),
        (mode(&only_x, "all"), None, true),
        (mode(&only_x, "any"), Some(&only_x), false),
        // Arguments that begin with x- count only where the mode says so.
        (mode(&with_x, "all"), Some(&one), true),
        (mode(&with_x, "all-with-x"), Some(&one), false),
        (mode(&with_x, "all-with-x"), Some(&with_x), true),
        (mode(&with_x, "any-with-x"), Some(&only_x), true),
        (mode(&with_x, "any"), Some(&only_x), false),
        // x-match itself is never compared.
        (mode(&none, "all-with-x"), None, true),
    ] {
        let mut wiring = bound("headers", "ignored", &arguments);
        let routed = !wiring.route_with("x", "k", headers, &[]).is_empty();
        assert_eq!(routed, expected, "{arguments:?} and {headers:?}");
    }
}

#[test]
fn header_values_are_equal_by_value_and_not_by_width() {
    let five = FieldValue::I32(5);
    let text = FieldValue::text;
    let array = |value: &FieldValue| FieldValue::Array(vec![value.clone()]);
    let nested = |value: i32| FieldValue::Table(FieldTable::new().with("k", value));
    let decimal = |scale| FieldValue::Decimal(Decimal { scale, value: 50 });
    for (wanted, given, expected) in [
        (five.clone(), FieldValue::I64(5), true),
        (five.clone(), FieldValue::U8(5), true),
        (five.clone(), FieldValue::F64(5.0), true),
        (FieldValue::F32(5.0), five.clone(), true),
        (five.clone(), FieldValue::F64(5.5), false),
        (five.clone(), FieldValue::Timestamp(5), true),
        (five.clone(), text("5"), false),
        (text("1"), FieldValue::I32(1), false),
        (FieldValue::I32(1), FieldValue::Bool(true), false),
        (text("true"), FieldValue::Bool(true), false),
        (FieldValue::Bool(true), FieldValue::Bool(true), true),
        (text("a"), text("a"), true),
        (text("a"), text("A"), false),
        (text("a"), FieldValue::Bytes((*b"a").into()), true),
        // Above 2^53 not every whole number is a float; the comparison stays exact.
        (
            FieldValue::I64(9_007_199_254_740_993),
            FieldValue::F64(9_007_199_254_740_992.0),
            false,
        ),
        (FieldValue::F64(f64::NAN), FieldValue::F64(f64::NAN), false),
        (
            FieldValue::I64(i64::MAX),
            FieldValue::F64(f64::INFINITY),
            false,
        ),
        (decimal(1), decimal(1), true),
        (decimal(1), decimal(2), false),
        // Inside arrays and tables the width counts, since RabbitMQ keeps the type beside the value.
        (array(&five), array(&five), true),
        (array(&five), array(&FieldValue::I64(5)), false),
        (nested(5), nested(5), true),
        (nested(5), nested(6), false),
        (FieldValue::Void, text("anything"), true),
        (FieldValue::Void, FieldValue::Void, true),
        (five.clone(), FieldValue::Void, false),
    ] {
        let arguments = FieldTable::new().with("h", wanted.clone());
        let headers = FieldTable::new().with("h", given.clone());
        let mut wiring = bound("headers", "", &arguments);
        let routed = !wiring.route_with("x", "", Some(&headers), &[]).is_empty();
        assert_eq!(routed, expected, "{wanted:?} and {given:?}");
    }
    let mut wiring = bound(
        "headers",
        "",
        &FieldTable::new().with("h", FieldValue::Void),
    );
    assert!(
        wiring
            .route_with("x", "", Some(&FieldTable::new()), &[])
            .is_empty()
    );
}

#[test]
fn the_same_binding_twice_is_one_and_other_arguments_make_another() {
    for exchange_type in ["direct", "fanout", "topic", "headers"] {
        let mut wiring = bound(exchange_type, "k", &FieldTable::new());
        wiring.bind("x", "q", "k");
        assert_eq!(wiring.topology.bindings.len(), 1);
        let arguments = FieldTable::new().with("a", 1).with("b", 2);
        wiring
            .try_bind("x", "q", "k", &arguments)
            .expect("a binding");
        let turned = FieldTable::new().with("b", 2).with("a", 1);
        wiring
            .try_bind("x", "q", "k", &turned)
            .expect("the same binding");
        assert_eq!(wiring.topology.bindings.len(), 2);
        wiring
            .unbind("x", "q", "k", &FieldTable::new())
            .expect("an unbind");
        let routed = wiring.route_with("x", "k", Some(&arguments), &[]);
        assert_eq!(routed, ["q"], "the other binding still leads there");
        wiring.unbind("x", "q", "k", &turned).expect("an unbind");
        assert!(
            wiring
                .route_with("x", "k", Some(&arguments), &[])
                .is_empty()
        );
    }
}

#[test]
fn a_queue_gets_one_copy_however_many_bindings_and_ways_lead_there() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring.exchange("x", "topic");
    wiring.exchange("y", "fanout");
    wiring.queue("q");
    for binding_key in ["a.b", "a.*", "#", "#.b"] {
        wiring.bind("x", "q", binding_key);
    }
    wiring.link("x", "y", "a.#");
    wiring.bind("y", "q", "");
    assert_eq!(wiring.route("x", "a.b"), ["q"]);
}

#[test]
fn every_hop_matches_the_original_key_and_every_exchange_is_asked_once() {
    let mut wiring = Wiring::new(Profile::V4);
    for exchange in ["a", "b", "c"] {
        wiring.exchange(exchange, "topic");
    }
    for queue in ["q", "r"] {
        wiring.queue(queue);
    }
    // A diamond, a cycle and a binding of an exchange to itself.
    wiring.link("a", "b", "k.#");
    wiring.link("a", "c", "k.#");
    wiring.link("b", "a", "#");
    wiring.link("c", "c", "#");
    wiring.link("c", "b", "#");
    wiring.bind("b", "q", "*.x");
    wiring.bind("c", "q", "k.x");
    wiring.bind("c", "r", "other");
    assert_eq!(wiring.route("a", "k.x"), ["q"]);
    let hops: Vec<_> = wiring
        .routes
        .forwarded
        .iter()
        .map(|hop| (hop.0.0, hop.1.0))
        .collect();
    assert_eq!(hops, [(7, 8), (7, 9)]);
    let (_, via) = wiring.routes.queues[0];
    assert_eq!(via.0, 8, "the first exchange that reached the queue");
}

#[test]
fn the_alternate_exchange_is_asked_where_nothing_matched() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring
        .declare(&alternate("x", "direct", "spare"))
        .expect("an exchange");
    wiring.queue("q");
    wiring.queue("lost");
    wiring.bind("x", "q", "k");
    assert!(
        wiring.route("x", "other").is_empty(),
        "a missing alternate is ignored"
    );
    wiring.exchange("spare", "fanout");
    wiring.bind("spare", "lost", "");
    assert_eq!(wiring.route("x", "k"), ["q"]);
    assert_eq!(
        wiring.route("x", "other"),
        ["lost"],
        "it may come to be later"
    );
    let [(_, _, by_alternate)] = wiring.routes.forwarded[..] else {
        panic!("one hop");
    };
    assert!(by_alternate);
    // One key that matches is enough: the alternate is for the message, not for a key.
    assert_eq!(wiring.route_with("x", "other", None, &["k"]), ["q"]);
}

#[test]
fn a_binding_to_an_exchange_that_routes_nowhere_still_counts_as_a_match() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring
        .declare(&alternate("x", "direct", "spare"))
        .expect("an exchange");
    wiring.exchange("spare", "fanout");
    wiring.exchange("dead-end", "direct");
    wiring.queue("lost");
    wiring.bind("spare", "lost", "");
    wiring.link("x", "dead-end", "k");
    assert!(wiring.route("x", "k").is_empty());
}

#[test]
fn alternates_work_at_every_hop_in_chains_and_in_cycles() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring.exchange("first", "fanout");
    wiring
        .declare(&alternate("a", "direct", "b"))
        .expect("an exchange");
    wiring
        .declare(&alternate("b", "direct", "c"))
        .expect("an exchange");
    wiring
        .declare(&alternate("c", "direct", "a"))
        .expect("an exchange");
    wiring.queue("q");
    wiring.link("first", "a", "");
    assert!(wiring.route("first", "k").is_empty());
    assert_eq!(wiring.routes.forwarded.len(), 3);
    wiring.bind("c", "q", "k");
    assert_eq!(wiring.route("first", "k"), ["q"]);
}

#[test]
fn the_default_exchange_as_an_alternate_routes_nothing() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring
        .declare(&alternate("x", "direct", ""))
        .expect("an exchange");
    wiring.queue("q");
    assert!(wiring.route("x", "q").is_empty());
}

#[test]
fn an_internal_exchange_is_reached_by_binding_and_as_an_alternate() {
    let mut wiring = Wiring::new(Profile::V4);
    let internal = ExchangeDeclare {
        internal: true,
        ..exchange("in", "fanout")
    };
    wiring.declare(&internal).expect("an exchange");
    wiring
        .declare(&alternate("x", "direct", "in"))
        .expect("an exchange");
    wiring.exchange("y", "fanout");
    wiring.queue("q");
    wiring.bind("in", "q", "");
    wiring.link("y", "in", "");
    assert_eq!(wiring.route("x", "k"), ["q"]);
    assert_eq!(wiring.route("y", "k"), ["q"]);
}

#[test]
fn cc_and_bcc_keys_route_too_and_a_queue_still_gets_one_copy() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring.exchange("d", "direct");
    wiring.exchange("t", "topic");
    wiring.exchange("f", "fanout");
    for queue in ["q", "r", "s"] {
        wiring.queue(queue);
        wiring.bind("d", queue, queue);
        wiring.bind("t", queue, &format!("{queue}.*"));
        wiring.bind("f", queue, "");
    }
    assert_eq!(
        wiring.route_with("d", "s", None, &["q", "s", "none"]),
        ["s", "q"]
    );
    assert_eq!(
        wiring.route_with("t", "r.1", None, &["q.1", "r.2"]),
        ["r", "q"]
    );
    assert_eq!(
        wiring.route_with("f", "k", None, &["q", "r"]),
        ["q", "r", "s"]
    );
}

#[test]
fn queues_come_in_the_order_of_their_oldest_matching_binding() {
    let mut wiring = Wiring::new(Profile::V4);
    for (exchange, binding_keys) in [
        ("topic", ["#", "a.b", "*.b"]),
        ("direct", ["a.b"; 3]),
        ("fanout", [""; 3]),
    ] {
        wiring.exchange(exchange, exchange);
        for (queue, binding_key) in ["z", "m", "a"].into_iter().zip(binding_keys) {
            wiring.queue(queue);
            wiring.bind(exchange, queue, binding_key);
        }
        assert_eq!(wiring.route(exchange, "a.b"), ["z", "m", "a"], "{exchange}");
    }
}
