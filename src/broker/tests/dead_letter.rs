//! Dead-lettering: when, where to, and what is written down (semantics section 13).

use super::*;
use crate::broker::{ExchangeDeclare, UnroutableFate};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn to_default(key: &str) -> FieldTable {
    FieldTable::new()
        .with("x-dead-letter-exchange", "")
        .with("x-dead-letter-routing-key", key)
}

/// `q` dead-letters to `dead`.
fn stage() -> Bench {
    let mut bench = Bench::new();
    bench.declare("dead", FieldTable::new());
    bench.declare("q", to_default("dead"));
    bench
}

fn reject_head(bench: &mut Bench, queue: &str) {
    let Reply::Got { delivery_tag, .. } = bench.ok(
        HERE,
        Command::BasicGet {
            queue: QueueName::truncated(queue),
            no_ack: false,
        },
    ) else {
        panic!("nothing to reject in {queue}");
    };
    bench.ok(HERE, reject(delivery_tag.0, false));
}

/// The headers of a message in words: `key=value`, tables in braces.
fn headers(message: &Message) -> String {
    message.headers().map(table).unwrap_or_default()
}

fn table(table: &FieldTable) -> String {
    let words: Vec<String> = table
        .iter()
        .map(|(key, value)| format!("{key}={}", words(value)))
        .collect();
    words.join(" ")
}

fn words(value: &FieldValue) -> String {
    match value {
        FieldValue::Table(inner) => format!("{{{}}}", table(inner)),
        FieldValue::Array(values) => {
            let values: Vec<String> = values.iter().map(words).collect();
            format!("[{}]", values.join(", "))
        }
        FieldValue::Timestamp(seconds) => format!("@{seconds}"),
        other => match other.as_text() {
            Some(text) => format!("'{text}'"),
            None => format!("{}", other.as_integer().expect("a number")),
        },
    }
}

#[test]
fn a_rejected_message_carries_its_history() {
    let mut bench = stage();
    bench.now = SimTime::from_secs(7);
    bench.publish_for("q", "m0", 5000);
    reject_head(&mut bench, "q");
    let message = bench.take("dead");
    let expected = "x-death=[{count=1 reason='rejected' queue='q' time=@7 exchange='' \
                    routing-keys=['q'] original-expiration='5000'}] x-first-death-exchange='' \
                    x-first-death-queue='q' x-first-death-reason='rejected'";
    assert_eq!(headers(&message), expected);
    assert_eq!(
        message.properties().map(|it| it.expiration.clone()),
        Some(None)
    );
    assert_eq!(
        (message.exchange().as_str(), message.routing_key().as_str()),
        ("", "dead")
    );
}

#[test]
fn the_same_queue_and_reason_again_is_counted_and_moved_to_the_front() {
    let mut bench = stage();
    bench.declare("dead2", to_default("q"));
    bench.publish("q", "m0");
    reject_head(&mut bench, "q");
    let message = bench.take("dead");
    let properties = message.properties().map(|it| (**it).clone());
    bench.ok(HERE, publish("dead2", "m0", properties));
    reject_head(&mut bench, "dead2");
    reject_head(&mut bench, "q");
    let message = bench.take("dead");
    let expected = "x-death=[{count=2 exchange='' queue='q' reason='rejected' routing-keys=['q'] \
                    time=@0}, {count=1 exchange='' queue='dead2' reason='rejected' \
                    routing-keys=['dead2'] time=@0}] x-first-death-exchange='' \
                    x-first-death-queue='q' x-first-death-reason='rejected'";
    assert_eq!(headers(&message), expected);
}

#[test]
fn two_reasons_are_two_entries() {
    let mut bench = Bench::new();
    bench.declare("dead", FieldTable::new());
    bench.declare("q", to_default("wait"));
    bench.declare("wait", to_default("q").with("x-message-ttl", 1000));
    bench.publish("q", "m0");
    reject_head(&mut bench, "q");
    bench.advance(1000);
    assert_eq!(bench.ready("q"), "m0", "back after the wait");
    let message = bench.take("q");
    let newest = "x-death=[{count=1 exchange='' queue='wait' reason='expired'";
    assert!(
        headers(&message).starts_with(newest),
        "{}",
        headers(&message)
    );
}

#[test]
fn limits_and_expiry_dead_letter_while_ack_purge_delete_and_requeue_do_not() {
    let mut bench = Bench::new();
    bench.declare("dead", FieldTable::new());
    bench.declare("short", to_default("dead").with("x-max-length", 1));
    bench.declare("brief", to_default("dead").with("x-message-ttl", 10));
    bench.publish_all("short", "a b");
    bench.publish("brief", "c");
    bench.advance(10);
    assert_eq!(bench.ready("dead"), "a c");
    bench.get(HERE, "short");
    bench.ok(HERE, reject(1, true));
    bench.get(HERE, "short");
    bench.ack(HERE, 2);
    bench.publish("short", "d");
    bench.ok(
        HERE,
        Command::QueuePurge {
            queue: QueueName::truncated("short"),
        },
    );
    bench.publish("short", "e");
    bench.ok(HERE, delete("short"));
    assert_eq!(bench.ready("dead"), "a c");
}

#[test]
fn a_missing_exchange_loses_the_message() {
    let mut bench = Bench::new();
    bench.declare(
        "q",
        FieldTable::new().with("x-dead-letter-exchange", "none"),
    );
    bench.publish("q", "m0");
    reject_head(&mut bench, "q");
    assert!(
        !bench
            .effects
            .iter()
            .any(|it| matches!(it, Effect::DeadLettered { .. }))
    );
}

#[test]
fn a_dead_letter_that_finds_no_queue_is_lost() {
    let mut bench = Bench::new();
    bench.declare("q", to_default("none"));
    bench.publish("q", "m0");
    reject_head(&mut bench, "q");
    let fate = bench.effects.iter().find_map(|effect| match effect {
        Effect::Unroutable { fate, .. } => Some(*fate),
        _ => None,
    });
    assert_eq!(fate, Some(UnroutableFate::DeadLetter));
}

#[test]
fn with_a_key_of_its_own_the_cc_header_goes_without_one_all_keys_route() {
    let keys = |name: &str| FieldValue::Array(vec![FieldValue::text(name)]);
    for (own_key, expected) in [(true, "dead"), (false, "dead copy blind")] {
        let mut bench = Bench::new();
        bench.ok(
            HERE,
            Command::ExchangeDeclare(ExchangeDeclare {
                exchange: ExchangeName::truncated("dlx"),
                ..ExchangeDeclare::default()
            }),
        );
        for queue in ["dead", "copy", "blind"] {
            bench.declare(queue, FieldTable::new());
        }
        for (queue, key) in [
            ("dead", "q"),
            ("dead", "own"),
            ("copy", "copy"),
            ("blind", "blind"),
        ] {
            bench.ok(
                HERE,
                Command::QueueBind {
                    queue: QueueName::truncated(queue),
                    exchange: ExchangeName::truncated("dlx"),
                    binding_key: BindingKey::truncated(key),
                    arguments: FieldTable::new(),
                },
            );
        }
        let mut arguments = FieldTable::new().with("x-dead-letter-exchange", "dlx");
        if own_key {
            arguments.set("x-dead-letter-routing-key", "own");
        }
        bench.declare("q", arguments);
        let table = FieldTable::new()
            .with("CC", keys("copy"))
            .with("BCC", keys("blind"));
        let properties = Properties {
            headers: Some(table),
            ..Properties::default()
        };
        bench.ok(HERE, publish("q", "m0", Some(properties)));
        for queue in ["copy", "blind"] {
            bench.ok(
                HERE,
                Command::QueuePurge {
                    queue: QueueName::truncated(queue),
                },
            );
        }
        reject_head(&mut bench, "q");
        let reached: Vec<&str> = ["dead", "copy", "blind"]
            .into_iter()
            .filter(|queue| bench.counts(queue).0 == 1)
            .collect();
        assert_eq!(reached.join(" "), expected);
        let message = bench.take("dead");
        let headers = headers(&message);
        assert_eq!(headers.contains("CC=['copy']"), !own_key, "{headers}");
        assert!(headers.contains("routing-keys=['q', 'copy']"), "{headers}");
        assert!(!headers.contains("BCC"), "{headers}");
    }
}

#[test]
fn an_automatic_cycle_is_cut_and_a_rejection_never() {
    let mut bench = Bench::new();
    bench.declare("a", to_default("b").with("x-message-ttl", 10));
    bench.declare("b", to_default("a").with("x-message-ttl", 10));
    bench.publish("a", "m0");
    bench.advance(10);
    assert_eq!((bench.counts("a").0, bench.counts("b").0), (0, 1));
    bench.advance(10);
    assert_eq!(
        (bench.counts("a").0, bench.counts("b").0),
        (0, 0),
        "a was there before"
    );
    bench.declare("self", to_default("self"));
    bench.publish("self", "m1");
    for _ in 0..5 {
        reject_head(&mut bench, "self");
        assert_eq!(bench.ready("self"), "m1");
    }
}

#[test]
fn a_rejection_in_between_opens_the_cycle() {
    let mut bench = Bench::new();
    bench.declare("work", to_default("wait"));
    bench.declare("wait", to_default("work").with("x-message-ttl", 10));
    bench.publish("work", "m0");
    for _ in 0..5 {
        reject_head(&mut bench, "work");
        bench.advance(10);
        assert_eq!(bench.ready("work"), "m0");
    }
}

#[test]
fn expiry_into_the_same_queue_is_dropped() {
    let mut bench = Bench::new();
    bench.declare("q", to_default("q").with("x-message-ttl", 10));
    bench.publish("q", "m0");
    bench.advance(10);
    assert_eq!(bench.counts("q").0, 0);
}

#[test]
fn a_history_of_another_type_is_replaced_and_no_first_death_is_written() {
    let mut bench = stage();
    let headers_of = FieldTable::new().with("x-death", "nonsense");
    let properties = Properties {
        headers: Some(headers_of),
        ..Properties::default()
    };
    bench.ok(HERE, publish("q", "m0", Some(properties)));
    reject_head(&mut bench, "q");
    let message = bench.take("dead");
    let expected = "x-death=[{count=1 reason='rejected' queue='q' time=@0 exchange='' \
                    routing-keys=['q']}]";
    assert_eq!(headers(&message), expected);
}

#[test]
fn several_dead_letters_keep_their_order_and_are_not_redelivered() {
    let mut bench = stage();
    bench.publish_all("q", "m0 m1 m2");
    for _ in 0..3 {
        bench.get(HERE, "q");
    }
    bench.nack(HERE, through(0), false);
    assert_eq!(bench.ready("dead"), "m0 m1 m2");
    assert_eq!(bench.get(HERE, "dead"), "m0 tag 4, 2 left");
}

#[test]
fn a_message_keeps_its_number_through_its_whole_journey() {
    let mut bench = stage();
    let Reply::Published { message } = bench.ok(HERE, publish("q", "m0", None)) else {
        panic!("a publish is answered");
    };
    reject_head(&mut bench, "q");
    assert_eq!(bench.take("dead").id(), message);
}
