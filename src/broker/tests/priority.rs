//! Priority queues (semantics section 14).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn levels(max: i32) -> FieldTable {
    FieldTable::new().with("x-max-priority", max)
}

fn publish_at(bench: &mut Bench, body: &str, priority: u8) {
    let properties = Properties {
        priority: Some(priority),
        ..Properties::default()
    };
    bench.ok(HERE, publish("q", body, Some(properties)));
}

#[test]
fn higher_first_then_first_in_first_out() {
    let mut bench = Bench::new();
    bench.declare("q", levels(5));
    bench.publish("q", "none");
    for (body, priority) in [("a", 1), ("b", 5), ("c", 9), ("d", 0), ("e", 5), ("f", 1)] {
        publish_at(&mut bench, body, priority);
    }
    assert_eq!(bench.ready("q"), "b c e a f none d");
    let message = bench.take("q");
    assert_eq!(body(&message), "b");
    let priority = bench.take("q").properties().and_then(|it| it.priority);
    assert_eq!(priority, Some(9), "delivered as it was published");
}

#[test]
fn without_the_argument_or_with_zero_priority_is_ignored() {
    for arguments in [FieldTable::new(), levels(0)] {
        let mut bench = Bench::new();
        bench.declare("q", arguments);
        publish_at(&mut bench, "a", 1);
        publish_at(&mut bench, "b", 5);
        assert_eq!(bench.ready("q"), "a b");
    }
}

#[test]
fn a_requeued_message_returns_to_its_place_within_its_priority() {
    let mut bench = Bench::new();
    bench.declare("q", levels(255));
    for (body, priority) in [("a", 200), ("b", 200), ("c", 3)] {
        publish_at(&mut bench, body, priority);
    }
    bench.get(HERE, "q");
    publish_at(&mut bench, "d", 200);
    bench.ok(HERE, reject(1, true));
    assert_eq!(bench.ready("q"), "a b d c");
}

#[test]
fn drop_head_drops_the_most_urgent() {
    let mut bench = Bench::new();
    bench.declare("q", levels(5).with("x-max-length", 3));
    for priority in [1, 5, 3, 2, 4] {
        publish_at(&mut bench, &priority.to_string(), priority);
    }
    assert_eq!(bench.ready("q"), "3 2 1");
}

#[test]
fn an_expired_low_message_behind_a_live_high_one_stays_and_is_counted() {
    let mut bench = Bench::new();
    bench.declare("q", levels(5));
    bench.publish_for("q", "low", 10);
    publish_at(&mut bench, "high", 5);
    bench.advance(1000);
    assert_eq!(bench.counts("q").0, 2);
    bench.take("q");
    assert_eq!(bench.counts("q").0, 0);
}

#[test]
fn a_higher_message_takes_the_head_and_the_deadline_with_it() {
    let mut bench = Bench::new();
    bench.declare("q", levels(5));
    bench.publish_for("q", "low", 1000);
    assert_eq!(
        bench.broker.next_deadline(),
        Some(SimTime::from_millis(1000))
    );
    publish_at(&mut bench, "high", 5);
    // 3.x does not look at the head when one jumps the queue, and finds nothing to drop when it does.
    let low = SimTime::from_millis(1000);
    assert_eq!(bench.broker.next_deadline(), Some(low));
    bench.take("q");
    assert_eq!(bench.broker.next_deadline(), Some(low));
    publish_at(&mut bench, "high", 5);
    bench.advance(1000);
    assert_eq!(bench.broker.next_deadline(), None);
    assert_eq!(bench.counts("q").0, 2, "the expired one stands behind");
}

#[test]
fn an_idle_consumer_is_given_messages_as_they_come() {
    let mut bench = Bench::new();
    bench.declare("q", levels(5));
    bench.consume(HERE, "q", "c");
    publish_at(&mut bench, "low", 1);
    assert_eq!(bench.delivered(), "c:low");
    publish_at(&mut bench, "high", 5);
    assert_eq!(bench.delivered(), "c:high");
}

#[test]
fn purge_covers_all_priorities() {
    let mut bench = Bench::new();
    bench.declare("q", levels(100));
    for priority in [0, 1, 63, 64, 65, 100] {
        publish_at(&mut bench, "x", priority);
    }
    let reply = bench.ok(
        HERE,
        Command::QueuePurge {
            queue: QueueName::truncated("q"),
        },
    );
    assert!(matches!(reply, Reply::Purged { messages: 6 }), "{reply:?}");
}
