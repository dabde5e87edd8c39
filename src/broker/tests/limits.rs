//! Length limits and what happens beyond them (semantics section 13).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn limited(length: i32) -> FieldTable {
    FieldTable::new().with("x-max-length", length)
}

fn rejecting(length: i32) -> FieldTable {
    limited(length).with("x-overflow", "reject-publish")
}

#[test]
fn drop_head_drops_the_oldest() {
    let mut bench = Bench::new();
    bench.declare("q", limited(2));
    bench.publish_all("q", "m0 m1 m2 m3");
    assert_eq!(bench.ready("q"), "m2 m3");
}

#[test]
fn drop_head_delivers_to_an_idle_consumer_even_at_length_zero() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", limited(0));
    bench.qos(other, 1, false);
    bench.consume(other, "q", "c");
    bench.publish("q", "m0");
    assert_eq!(bench.delivered(), "c:m0");
    bench.publish("q", "m1");
    assert_eq!((bench.counts("q").0, bench.dropped()), (0, 1));
}

#[test]
fn octets_are_counted_of_bodies_and_a_message_too_large_drops_everything() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new().with("x-max-length-bytes", 10));
    bench.publish_all("q", "aaaa bbbb cc");
    assert_eq!(bench.ready("q"), "aaaa bbbb cc");
    bench.publish("q", "d");
    assert_eq!(bench.ready("q"), "bbbb cc d");
    bench.publish("q", "eleven octe");
    assert_eq!((bench.ready("q").as_str(), bench.dropped()), ("", 4));
}

#[test]
fn unacked_messages_do_not_count_and_a_requeued_one_is_itself_dropped() {
    let mut bench = Bench::new();
    bench.declare("q", limited(2));
    bench.publish_all("q", "m0 m1");
    bench.get(HERE, "q");
    bench.publish("q", "m2");
    assert_eq!(bench.ready("q"), "m1 m2");
    bench.ok(HERE, reject(1, true));
    assert_eq!((bench.ready("q").as_str(), bench.dropped()), ("m1 m2", 1));
}

#[test]
fn reject_publish_refuses_the_newest_even_with_an_idle_consumer() {
    let mut bench = Bench::new();
    bench.declare("q", rejecting(0));
    bench.consume(HERE, "q", "c");
    bench.publish("q", "m0");
    assert_eq!(bench.delivered(), "");
    assert!(
        bench
            .effects
            .iter()
            .any(|it| matches!(it, Effect::Refused { .. }))
    );
}

#[test]
fn reject_publish_keeps_what_is_requeued_over_the_limit() {
    let mut bench = Bench::new();
    bench.declare("q", rejecting(1));
    bench.publish("q", "m0");
    bench.get(HERE, "q");
    bench.publish_all("q", "m1 m2");
    bench.ok(HERE, reject(1, true));
    assert_eq!(bench.ready("q"), "m0 m1");
}

#[test]
fn reject_publish_dead_letters_nothing_and_reject_publish_dlx_what_it_refuses() {
    for (overflow, expected) in [("reject-publish", ""), ("reject-publish-dlx", "m1")] {
        let mut bench = Bench::new();
        bench.declare("dead", FieldTable::new());
        let arguments = limited(1)
            .with("x-overflow", overflow)
            .with("x-dead-letter-exchange", "")
            .with("x-dead-letter-routing-key", "dead");
        bench.declare("q", arguments);
        bench.publish_all("q", "m0 m1");
        assert_eq!(
            (bench.ready("q").as_str(), bench.ready("dead").as_str()),
            ("m0", expected)
        );
    }
}
