//! Exchanges of plugins: consistent hashing as RabbitMQ 3.10.8 was measured to do it, and chance.

use super::*;
use crate::broker::ExchangeDeclare;
use crate::types::ExchangeType;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn exchange(kind: &str, arguments: FieldTable) -> Command {
    Command::ExchangeDeclare(ExchangeDeclare {
        exchange: ExchangeName::truncated("x"),
        exchange_type: ExchangeType::from(kind.to_owned()),
        arguments,
        ..ExchangeDeclare::default()
    })
}

fn weighed(queue: &str, weight: &str) -> Command {
    Command::QueueBind {
        queue: QueueName::truncated(queue),
        exchange: ExchangeName::truncated("x"),
        binding_key: BindingKey::truncated(weight),
        arguments: FieldTable::new(),
    }
}

fn send(bench: &mut Bench, key: &str, body: &str, headers: Option<FieldTable>) {
    let properties = headers.map(|headers| Properties {
        headers: Some(headers),
        ..Properties::default()
    });
    let Command::BasicPublish(publish) = publish(key, body, properties) else {
        panic!("a publish");
    };
    let exchange = ExchangeName::truncated("x");
    bench.ok(
        HERE,
        Command::BasicPublish(Publish {
            exchange,
            ..publish
        }),
    );
}

fn ring(arguments: FieldTable) -> Bench {
    let mut bench = Bench::new();
    bench.ok(HERE, exchange("x-consistent-hash", arguments));
    for (queue, weight) in [("a", "1"), ("b", "2"), ("c", "3")] {
        bench.declare(queue, FieldTable::new());
        bench.ok(HERE, weighed(queue, weight));
    }
    bench
}

#[test]
fn keys_are_shared_out_as_by_rabbitmqs_plugin() {
    let mut bench = ring(FieldTable::new());
    // A second binding to the same queue gives no further share.
    bench.ok(HERE, weighed("a", "5"));
    for key in 0..30 {
        send(&mut bench, &format!("key {key}"), &key.to_string(), None);
    }
    assert_eq!(bench.ready("a"), "0 13 27");
    assert_eq!(bench.ready("b"), "1 6 8 9 10 12 14 15 18 19 21 23 26");
    assert_eq!(bench.ready("c"), "2 3 4 5 7 11 16 17 20 22 24 25 28 29");
    // Taking it away takes the first one's share.
    let unbind = Command::QueueUnbind {
        queue: QueueName::truncated("a"),
        exchange: ExchangeName::truncated("x"),
        binding_key: BindingKey::truncated("5"),
        arguments: FieldTable::new(),
    };
    bench.ok(HERE, unbind);
    let (ready, ..) = bench.counts("b");
    for key in [0, 1, 6, 7, 9] {
        send(&mut bench, &format!("key {key}"), "again", None);
    }
    assert_eq!(bench.counts("b"), (ready + 5, 0, 0));
}

#[test]
fn a_header_is_hashed_with_its_type() {
    let mut bench = ring(FieldTable::new().with("hash-header", "h"));
    for key in 0..20 {
        let headers = FieldTable::new().with("h", format!("v{key}").as_str());
        send(&mut bench, "k", &key.to_string(), Some(headers));
    }
    send(&mut bench, "k", "98", None);
    send(&mut bench, "k", "99", Some(FieldTable::new().with("z", 1)));
    assert_eq!(bench.ready("a"), "10 11 12 13 17");
    assert_eq!(bench.ready("b"), "1 2 3 8 16 18 98 99");
    assert_eq!(bench.ready("c"), "0 4 5 6 7 9 14 15 19");
}

#[test]
fn what_cannot_be_hashed_is_refused() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    let mut refused = |command: Command| {
        bench.open(1, 2);
        bench.refused(channel(1, 2), command)
    };
    let hashes = |key, value| FieldTable::new().with(key, value);
    assert_eq!(
        refused(exchange(
            "x-consistent-hash",
            hashes("hash-property", "app_id")
        )),
        "406 PRECONDITION_FAILED - Unsupported property: app_id"
    );
    let both = hashes("hash-property", "message_id").with("hash-header", "h");
    assert_eq!(
        refused(exchange("x-consistent-hash", both)),
        "406 PRECONDITION_FAILED - hash-header and hash-property are mutually exclusive"
    );
    bench.ok(HERE, exchange("x-consistent-hash", FieldTable::new()));
    let mut refused = |key: &str| {
        bench.open(1, 2);
        bench.refused(channel(1, 2), weighed("q", key))
    };
    for (key, text) in [
        ("x", "an integer: <<\"x\">>"),
        ("", "an integer: <<>>"),
        ("0", "greater than 0"),
    ] {
        let text = format!("406 PRECONDITION_FAILED - The binding key must be {text}");
        assert_eq!(refused(key), text);
    }
}

#[test]
fn chance_gives_every_message_to_one_queue_and_none_goes_short() {
    let mut bench = Bench::new();
    bench.ok(HERE, exchange("x-random", FieldTable::new()));
    for queue in ["a", "b", "c"] {
        bench.declare(queue, FieldTable::new());
        bench.ok(HERE, weighed(queue, "whatever"));
    }
    for number in 0..90 {
        send(&mut bench, "k", &number.to_string(), None);
    }
    let counts = ["a", "b", "c"].map(|queue| bench.counts(queue).0);
    assert_eq!(counts.iter().sum::<usize>(), 90);
    assert!(counts.iter().all(|count| *count > 15), "{counts:?}");
}
