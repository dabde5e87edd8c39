//! Who is given what (semantics of rotation, prefetch and redelivery).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn idle_consumers_take_turns_also_across_pauses() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    for tag in ["c1", "c2", "c3"] {
        bench.consume(channel(1, 1), "q", tag);
    }
    let mut order = Vec::new();
    for number in 0..5 {
        bench.advance(1000);
        bench.publish("q", &number.to_string());
        order.push(bench.delivered());
    }
    assert_eq!(order.join(" "), "c1:0 c2:1 c3:2 c1:3 c2:4");
}

#[test]
fn a_full_consumer_gets_nothing_until_it_acks() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.qos(other, 1, false);
    bench.consume(other, "q", "a");
    bench.consume(other, "q", "b");
    for number in 0..4 {
        bench.publish("q", &format!("m{number}"));
    }
    assert_eq!(bench.ready("q"), "m2 m3");
    bench.ack(other, 2);
    assert_eq!(bench.delivered(), "b:m2");
    bench.ack(other, 1);
    assert_eq!(bench.delivered(), "a:m3");
}

#[test]
fn a_full_consumer_of_high_priority_lets_lower_ones_have_messages() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.qos(other, 1, false);
    bench.consume(HERE, "q", "low");
    bench.ok(
        other,
        consume("q", "high", FieldTable::new().with("x-priority", 5)),
    );
    let mut order = Vec::new();
    for body in ["m0", "m1", "m2"] {
        bench.publish("q", body);
        order.push(bench.delivered());
    }
    bench.ack(other, 1);
    bench.publish("q", "m3");
    order.push(bench.delivered());
    assert_eq!(order.join(" "), "high:m0 low:m1 low:m2 high:m3");
}

#[test]
fn a_full_consumer_keeps_its_place_until_a_delivery_to_it_is_tried() {
    let mut bench = Bench::new();
    let (a, b) = (bench.open(1, 2), bench.open(1, 3));
    bench.declare("q", FieldTable::new());
    bench.qos(a, 1, false);
    bench.consume(a, "q", "a");
    bench.consume(b, "q", "b");
    bench.publish("q", "m0");
    bench.publish("q", "m1");
    // Full since m0, but nobody tried: acked in time, it is still the first.
    bench.ack(a, 1);
    bench.publish("q", "m2");
    assert_eq!(bench.delivered(), "a:m2");
    bench.publish("q", "m3");
    // Now a is tried for m4, found full, and comes back behind b.
    bench.publish("q", "m4");
    assert_eq!(bench.delivered(), "b:m4");
    bench.ack(a, 2);
    bench.publish("q", "m5");
    assert_eq!(bench.delivered(), "b:m5");
    bench.publish("q", "m6");
    assert_eq!(bench.delivered(), "a:m6");
}

#[test]
fn a_new_consumer_is_given_the_backlog_at_once() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.publish_all("q", "m0 m1 m2");
    bench.consume(HERE, "q", "c");
    assert_eq!(bench.delivered(), "c:m0 c:m1 c:m2");
}

#[test]
fn prefetch_holds_for_consumers_started_later_and_for_each_alone() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.consume(other, "q", "old");
    bench.qos(other, 1, false);
    bench.consume(other, "q", "new");
    for number in 0..6 {
        bench.publish("q", &number.to_string());
    }
    assert_eq!(bench.counts("q"), (0, 6, 2));
    let id = bench.broker.queue_named(VhostId(0), "q").expect("a queue");
    let unacked: Vec<u32> = bench.broker.consumers(id).map(|it| it.unacked).collect();
    assert_eq!(unacked, [5, 1]);
}

#[test]
fn a_channel_limit_holds_over_all_its_consumers_and_at_once() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.consume(other, "q", "a");
    bench.consume(other, "q", "b");
    bench.qos(other, 2, true);
    bench.publish_all("q", "m0 m1 m2 m3");
    assert_eq!(bench.ready("q"), "m2 m3");
    bench.ack(other, 1);
    assert_eq!(bench.delivered(), "a:m2");
    bench.qos(other, 0, true);
    assert_eq!(bench.delivered(), "b:m3");
}

#[test]
fn a_channel_limit_lowered_below_what_is_outstanding_waits_for_enough_acks() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.qos(other, 3, true);
    bench.consume(other, "q", "c");
    bench.publish_all("q", "m0 m1 m2 m3");
    bench.qos(other, 1, true);
    bench.ack(other, 1);
    bench.ack(other, 2);
    assert_eq!(bench.delivered(), "");
    bench.ack(other, 3);
    assert_eq!(bench.delivered(), "c:m3");
}

#[test]
fn a_no_ack_consumer_never_fills_a_channel_limit_but_is_held_while_others_fill_it() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("manual", FieldTable::new());
    bench.declare("auto", FieldTable::new());
    bench.qos(other, 1, true);
    bench.consume_no_ack(other, "auto", "auto");
    bench.publish_all("auto", "a0 a1 a2");
    assert_eq!(bench.counts("auto").0, 0);
    bench.consume(other, "manual", "manual");
    bench.publish("manual", "m0");
    bench.publish("auto", "a3");
    assert_eq!(bench.ready("auto"), "a3");
    bench.ack(other, 4);
    assert_eq!(bench.delivered(), "auto:a3");
}

#[test]
fn a_no_ack_consumer_ignores_its_own_prefetch() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.qos(other, 1, false);
    bench.consume_no_ack(other, "q", "c");
    bench.publish_all("q", "m0 m1 m2");
    assert_eq!(bench.counts("q"), (0, 0, 1));
}

#[test]
fn acking_a_gotten_message_gives_no_consumer_credit() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.publish_all("q", "m0 m1 m2");
    assert_eq!(bench.get(other, "q"), "m0 tag 1, 2 left");
    bench.qos(other, 1, true);
    bench.consume(other, "q", "c");
    assert_eq!(bench.delivered(), "", "the gotten message fills the limit");
    bench.ack(other, 1);
    assert_eq!(bench.delivered(), "");
}

#[test]
fn a_cancelled_consumers_unacked_do_not_count_against_a_new_one_of_its_tag_but_give_it_credit() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.qos(other, 1, false);
    bench.consume(other, "q", "c");
    bench.publish_all("q", "m0 m1");
    bench.ok(other, cancel("c"));
    bench.consume(other, "q", "c");
    assert_eq!(bench.delivered(), "c:m1");
    bench.publish_all("q", "m2 m3");
    assert_eq!(bench.delivered(), "");
    bench.ack(other, 1);
    assert_eq!(bench.delivered(), "c:m2", "beyond its own limit of one");
    bench.ack(other, 2);
    assert_eq!(bench.delivered(), "c:m3");
}

#[test]
fn prefetch_size_is_not_implemented() {
    let mut bench = Bench::new();
    let qos = Command::BasicQos {
        prefetch_size: 1,
        prefetch_count: 0,
        global: false,
    };
    assert_eq!(
        bench.refused(HERE, qos),
        "540 NOT_IMPLEMENTED - prefetch_size!=0 (1)"
    );
    assert!(!bench.broker.is_open(HERE));
}

#[test]
fn ten_thousand_consumers_come_and_go() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    let mut effects = Vec::new();
    for number in 0..10_000 {
        let command = consume("q", &format!("c{number}"), FieldTable::new());
        bench
            .broker
            .apply(bench.now, HERE, command, &mut effects)
            .expect("accepted");
    }
    bench.broker.check_invariants().expect("in order");
    bench.ok(HERE, Command::ChannelClose);
    assert_eq!(bench.counts("q").2, 0);
}
