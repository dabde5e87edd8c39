//! Single active consumer (semantics section 15).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A queue with one active consumer `a` (prefetch 1) and `b`, `c` waiting, each on its own channel.
fn three() -> (Bench, [ChannelRef; 3]) {
    let mut bench = Bench::new();
    bench.declare(
        "q",
        FieldTable::new().with("x-single-active-consumer", true),
    );
    let channels = [2, 3, 4].map(|number| bench.open(1, number));
    for (on, tag) in channels.into_iter().zip(["a", "b", "c"]) {
        bench.qos(on, 1, false);
        bench.consume(on, "q", tag);
    }
    (bench, channels)
}

#[test]
fn only_the_first_is_given_messages_even_when_it_is_full() {
    let (mut bench, [a, ..]) = three();
    bench.publish("q", "m0");
    assert_eq!(bench.delivered(), "a:m0");
    bench.publish("q", "m1");
    assert_eq!(bench.delivered(), "");
    assert_eq!(bench.counts("q"), (1, 1, 3), "all consumers count");
    bench.ack(a, 1);
    assert_eq!(bench.delivered(), "a:m1");
}

#[test]
fn the_next_takes_over_when_it_is_cancelled_and_what_it_held_stays_with_it() {
    let (mut bench, [a, ..]) = three();
    bench.publish("q", "m0");
    bench.ok(a, cancel("a"));
    bench.publish("q", "m1");
    assert_eq!(bench.delivered(), "b:m1");
    bench.ack(a, 1);
}

#[test]
fn under_3_x_the_next_one_waits_until_something_happens() {
    let (mut bench, [a, ..]) = three();
    bench.publish_all("q", "m0 m1");
    bench.ok(a, cancel("a"));
    assert_eq!(bench.delivered(), "");
    bench.ack(a, 1);
    assert_eq!(bench.delivered(), "");
    bench.consume(a, "q", "d");
    assert_eq!(bench.delivered(), "b:m1");
}

#[test]
fn under_4_x_the_next_one_is_served_at_once() {
    let mut bench = Bench::with_profile(Profile::V4);
    let declare = QueueDeclare {
        queue: QueueName::truncated("q"),
        durable: true,
        arguments: FieldTable::new().with("x-single-active-consumer", true),
        ..QueueDeclare::default()
    };
    bench.ok(HERE, Command::QueueDeclare(declare));
    let [a, b] = [2, 3].map(|number| bench.open(1, number));
    bench.qos(a, 1, false);
    bench.consume(a, "q", "a");
    bench.consume(b, "q", "b");
    bench.publish_all("q", "m0 m1");
    bench.ok(a, cancel("a"));
    assert_eq!(bench.delivered(), "b:m1");
}

#[test]
fn under_3_x_a_queue_falls_over_a_publish_for_a_consumer_that_waits() {
    let (mut bench, [a, ..]) = three();
    bench.publish_all("q", "m0 m1");
    bench.ok(a, cancel("a"));
    bench.publish("q", "m2");
    assert_eq!(
        bench.counts("q"),
        (0, 0, 0),
        "all of a transient queue is lost"
    );
    bench.ack(a, 1);
    bench.consume(a, "q", "d");
    bench.publish("q", "m3");
    assert_eq!(bench.delivered(), "d:m3");
}

#[test]
fn after_a_channels_end_what_it_held_is_first_in_line() {
    let (mut bench, [a, ..]) = three();
    bench.publish_all("q", "m0 m1");
    bench.ok(a, Command::ChannelClose);
    assert_eq!(bench.delivered(), "b:m0*");
}

#[test]
fn a_waiting_consumers_end_changes_nothing() {
    let (mut bench, [a, b, _]) = three();
    bench.ok(b, cancel("b"));
    bench.publish("q", "m0");
    assert_eq!(bench.delivered(), "a:m0");
    bench.ok(a, cancel("a"));
    bench.publish("q", "m1");
    assert_eq!(bench.delivered(), "c:m1");
}

#[test]
fn a_later_consumer_of_higher_priority_waits_but_is_next() {
    let (mut bench, [a, ..]) = three();
    let urgent = bench.open(1, 5);
    bench.ok(
        urgent,
        consume("q", "u", FieldTable::new().with("x-priority", 9)),
    );
    bench.publish("q", "m0");
    bench.ok(a, cancel("a"));
    bench.publish("q", "m1");
    assert_eq!(bench.delivered(), "u:m1");
}

#[test]
fn exclusive_use_is_refused_and_get_is_allowed() {
    let (mut bench, [a, ..]) = three();
    bench.publish_all("q", "m0 m1");
    assert_eq!(bench.get(HERE, "q"), "m1 tag 1, 0 left");
    let (queue, exclusive) = (QueueName::truncated("q"), true);
    let command = Command::BasicConsume(Consume {
        queue,
        exclusive,
        ..Consume::default()
    });
    let text = "403 ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use";
    assert_eq!(bench.refused(a, command), text);
}

/// A quorum queue with the active consumer `a` (priority 0, prefetch 2) and `b`, `c` waiting, `c` of
/// higher priority, each on its own channel.
fn ranked(profile: Profile) -> (Bench, [ChannelRef; 3]) {
    let mut bench = Bench::with_profile(profile);
    let arguments = FieldTable::new().with("x-queue-type", "quorum");
    bench.declare("q", arguments.with("x-single-active-consumer", true));
    let channels = [2, 3, 4].map(|number| bench.open(1, number));
    bench.qos(channels[0], 2, false);
    bench.consume(channels[0], "q", "a");
    bench.publish_all("q", "m0 m1");
    assert_eq!(bench.delivered(), "a:m1");
    bench.publish("q", "m2");
    bench.consume(channels[1], "q", "b");
    let rank = FieldTable::new().with("x-priority", 9);
    bench.ok(channels[2], consume("q", "c", rank));
    (bench, channels)
}

#[test]
fn in_a_quorum_queue_of_3_x_the_next_is_who_came_first() {
    let (mut bench, [a, ..]) = ranked(Profile::V3);
    bench.ok(a, cancel("a"));
    assert_eq!(bench.delivered(), "b:m2");
}

#[test]
fn since_4_0_a_quorum_queue_changes_over_to_higher_priority_when_all_is_settled() {
    let (mut bench, [a, _, c]) = ranked(Profile::V4);
    bench.ack(a, 1);
    assert_eq!(bench.delivered(), "", "the active one holds still");
    bench.nack(a, one(2), true);
    assert_eq!(bench.delivered(), "c:m1* c:m2", "and hands over");
    bench.ok(c, cancel("c"));
    bench.publish("q", "m3");
    assert_eq!(bench.delivered(), "a:m3", "it is next, by arrival");
}

#[test]
fn since_4_0_an_idle_active_consumer_hands_over_at_once() {
    let (mut bench, [a, _, c]) = ranked(Profile::V4);
    bench.ok(a, cancel("a"));
    assert_eq!(bench.delivered(), "c:m2");
    bench.ack(c, 1);
    let (d, most) = (bench.open(1, 5), FieldTable::new().with("x-priority", 10));
    bench.ok(d, consume("q", "d", most));
    bench.publish("q", "m3");
    assert_eq!(bench.delivered(), "d:m3");
}

#[test]
fn who_holds_still_goes_on_when_nobody_of_higher_priority_waits_any_more() {
    let (mut bench, [a, _, c]) = ranked(Profile::V4);
    bench.ack(a, 1);
    assert_eq!(bench.delivered(), "");
    bench.ok(c, cancel("c"));
    assert_eq!(bench.delivered(), "a:m2");
}
