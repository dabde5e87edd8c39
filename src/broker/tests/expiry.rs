//! Messages and queues that end by themselves (semantics sections 4 and 13).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn ttl(millis: i32) -> FieldTable {
    FieldTable::new().with("x-message-ttl", millis)
}

fn expires(millis: i32) -> FieldTable {
    FieldTable::new().with("x-expires", millis)
}

#[test]
fn a_message_expires_at_its_instant_and_no_earlier() {
    let mut bench = Bench::new();
    bench.declare("q", ttl(1000));
    bench.publish("q", "m0");
    assert_eq!(
        bench.broker.next_deadline(),
        Some(SimTime::from_millis(1000))
    );
    bench.advance(999);
    assert_eq!(bench.ready("q"), "m0");
    bench.advance(1);
    assert_eq!((bench.ready("q").as_str(), bench.dropped()), ("", 1));
    assert_eq!(bench.broker.next_deadline(), None);
}

#[test]
fn the_shorter_of_queue_and_message_counts() {
    let mut bench = Bench::new();
    bench.declare("q", ttl(1000));
    bench.publish_for("q", "longer", 5000);
    bench.publish_for("q", "shorter", 500);
    bench.advance(999);
    assert_eq!(
        bench.ready("q"),
        "longer shorter",
        "an expired one behind a live one stays"
    );
    bench.advance(1);
    assert_eq!(bench.ready("q"), "");
}

#[test]
fn an_expired_message_behind_a_live_one_leaves_when_it_gets_to_the_head() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.publish("q", "live");
    bench.publish_for("q", "short", 10);
    bench.publish("q", "next");
    bench.advance(1000);
    assert_eq!(bench.counts("q").0, 3);
    assert_eq!(bench.get(HERE, "q"), "live tag 1, 1 left");
    assert_eq!(bench.ready("q"), "next");
}

#[test]
fn no_time_to_live_is_enough_for_an_idle_consumer_only() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", ttl(0));
    bench.publish("q", "m0");
    assert_eq!((bench.counts("q").0, bench.dropped()), (0, 1));
    bench.qos(other, 1, false);
    bench.consume(other, "q", "c");
    bench.publish("q", "m1");
    assert_eq!(bench.delivered(), "c:m1");
    bench.publish("q", "m2");
    assert_eq!(bench.dropped(), 1);
}

#[test]
fn a_zero_expiration_behind_another_message_stays_until_it_is_head() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.publish("q", "m0");
    bench.publish_for("q", "m1", 0);
    assert_eq!(bench.ready("q"), "m0 m1");
    bench.take("q");
    assert_eq!(bench.ready("q"), "");
}

#[test]
fn a_requeue_keeps_the_first_deadline_and_unacked_messages_do_not_expire() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", ttl(1000));
    bench.publish_all("q", "m0 m1");
    bench.get(other, "q");
    bench.get(other, "q");
    bench.advance(500);
    bench.ok(other, reject(1, true));
    assert_eq!(bench.ready("q"), "m0");
    bench.advance(1000);
    assert_eq!(bench.counts("q"), (0, 1, 0));
    bench.consume(HERE, "q", "c");
    bench.ok(other, reject(2, true));
    assert_eq!((bench.delivered().as_str(), bench.dropped()), ("", 1));
}

#[test]
fn deadlines_passed_by_are_met_first_each_at_its_own_instant() {
    let mut bench = Bench::new();
    bench.declare("last", ttl(100).with("x-dead-letter-exchange", "none"));
    let arguments = ttl(100)
        .with("x-dead-letter-exchange", "")
        .with("x-dead-letter-routing-key", "last");
    bench.declare("first", arguments);
    bench.publish("first", "m0");
    bench.now = SimTime::from_millis(150);
    bench.publish("nowhere", "x");
    let id = bench
        .broker
        .queue_named(VhostId(0), "last")
        .expect("a queue");
    let arrived = bench
        .broker
        .ready(id)
        .next()
        .expect("a message")
        .enqueued_at;
    assert_eq!(arrived, SimTime::from_millis(100));
    bench.now = SimTime::from_secs(10);
    bench.publish("nowhere", "x");
    assert_eq!(bench.counts("last").0, 0);
}

#[test]
fn an_unused_queue_expires_with_its_messages_and_dead_letters_none() {
    let mut bench = Bench::new();
    bench.declare("dead", FieldTable::new());
    let arguments = expires(1000)
        .with("x-dead-letter-exchange", "")
        .with("x-dead-letter-routing-key", "dead");
    bench.declare("q", arguments);
    bench.advance(600);
    bench.publish("q", "m0");
    bench.advance(399);
    assert!(
        bench.exists("q"),
        "publishing does not renew, but it is not time yet"
    );
    bench.advance(1);
    assert!(!bench.exists("q"));
    assert_eq!(bench.counts("dead").0, 0);
}

#[test]
fn declaring_and_getting_renew_a_queue_and_a_consumer_keeps_it() {
    let mut bench = Bench::new();
    bench.declare("q", expires(1000));
    bench.advance(900);
    bench.declare("q", expires(1000));
    bench.advance(900);
    bench.get(HERE, "q");
    bench.advance(900);
    let queue = QueueName::truncated("q");
    let passive = QueueDeclare {
        queue,
        passive: true,
        ..QueueDeclare::default()
    };
    bench.ok(HERE, Command::QueueDeclare(passive));
    bench.advance(900);
    bench.consume(HERE, "q", "c");
    bench.advance(10_000);
    assert!(bench.exists("q"));
    bench.ok(HERE, cancel("c"));
    bench.advance(999);
    assert!(bench.exists("q"));
    bench.advance(1);
    assert!(!bench.exists("q"));
}

#[test]
fn an_expiring_queue_tells_nobody_else_and_its_names_are_free_again() {
    let mut bench = Bench::new();
    bench.declare("q", expires(10));
    bench.ok(HERE, bind("q", "amq.fanout"));
    bench.advance(10);
    assert_eq!(bench.broker.bindings().count(), 0);
    bench.declare("q", FieldTable::new());
    assert_eq!(bench.broker.next_deadline(), None);
}
