//! Ack, nack, reject, requeue and recover (semantics section 10).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A queue with messages m0 to m5 delivered to consumer `c` of a second channel.
fn delivered_six() -> (Bench, ChannelRef) {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.consume(other, "q", "c");
    bench.publish_all("q", "m0 m1 m2 m3 m4 m5");
    (bench, other)
}

#[test]
fn a_tag_that_is_not_outstanding_closes_the_channel_with_the_methods_own_ids() {
    let cases = [
        (Command::BasicAck(one(9)), MethodId::new(60, 80)),
        (Command::BasicAck(one(0)), MethodId::new(60, 80)),
        (Command::BasicAck(through(9)), MethodId::new(60, 80)),
        (reject(9, true), MethodId::new(60, 90)),
        (
            Command::BasicNack {
                which: one(9),
                requeue: true,
            },
            MethodId::new(60, 120),
        ),
    ];
    for (command, method) in cases {
        let (mut bench, other) = delivered_six();
        let error = bench.try_do(other, command).expect_err("refused");
        assert_eq!(
            (error.code, error.method),
            (ReplyCode::PreconditionFailed, method)
        );
        assert!(
            error.text.starts_with("unknown delivery tag "),
            "{}",
            error.text
        );
        assert!(!bench.broker.is_open(other) && bench.broker.is_open(HERE));
        assert_eq!(bench.ready("q"), "m0 m1 m2 m3 m4 m5", "nothing was settled");
    }
}

#[test]
fn a_settled_tag_and_a_no_ack_tag_are_unknown() {
    let (mut bench, other) = delivered_six();
    bench.ack(other, 2);
    let text = "406 PRECONDITION_FAILED - unknown delivery tag 2";
    assert_eq!(bench.refused(other, Command::BasicAck(one(2))), text);
    let again = bench.open(1, 2);
    bench.consume_no_ack(again, "q", "auto");
    let text = "406 PRECONDITION_FAILED - unknown delivery tag 1";
    assert_eq!(bench.refused(again, Command::BasicAck(one(1))), text);
}

#[test]
fn multiple_settles_all_up_to_the_tag_over_all_queues() {
    let (mut bench, other) = delivered_six();
    bench.declare("second", FieldTable::new());
    bench.consume(other, "second", "d");
    bench.publish("second", "n0");
    bench.ack(other, 2);
    bench.ok(other, Command::BasicAck(through(4)));
    assert_eq!(bench.counts("q"), (0, 2, 1));
    bench.ok(other, Command::BasicAck(through(0)));
    assert_eq!((bench.counts("q").1, bench.counts("second").1), (0, 0));
    bench.ok(other, Command::BasicAck(through(0)));
}

#[test]
fn requeued_messages_return_to_their_places_whatever_the_order() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.publish_all("q", "m0 m1 m2 m3");
    for _ in 0..3 {
        bench.get(other, "q");
    }
    bench.publish("q", "m4");
    for tag in [2, 1, 3] {
        bench.ok(other, reject(tag, true));
    }
    assert_eq!(bench.ready("q"), "m0 m1 m2 m3 m4");
    let words: Vec<String> = (0..4).map(|_| bench.get(other, "q")).collect();
    assert_eq!(
        words.join("; "),
        "m0* tag 4, 4 left; m1* tag 5, 3 left; m2* tag 6, 2 left; \
                                  m3 tag 7, 1 left"
    );
}

#[test]
fn a_long_queue_takes_messages_back_into_their_places() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    let bodies: Vec<String> = (0..300).map(|number| number.to_string()).collect();
    bench.publish_all("q", &bodies.join(" "));
    for _ in 0..250 {
        bench.get(other, "q");
    }
    // Every third first, then the rest backwards.
    for tag in (1..=250).step_by(3) {
        bench.ok(other, reject(tag, true));
    }
    for tag in (1..=250).rev().filter(|tag| tag % 3 != 1) {
        bench.ok(other, reject(tag, true));
    }
    assert_eq!(bench.ready("q"), bodies.join(" "));
}

#[test]
fn a_requeue_may_go_to_another_consumer_or_back_to_the_same() {
    let (mut bench, other) = delivered_six();
    bench.consume(HERE, "q", "d");
    bench.ok(other, reject(3, true));
    assert_eq!(bench.delivered(), "c:m2*");
    bench.ok(other, reject(4, true));
    assert_eq!(bench.delivered(), "d:m3*");
    bench.ok(HERE, cancel("d"));
    bench.ok(other, reject(5, true));
    assert_eq!(bench.delivered(), "c:m4*");
}

#[test]
fn a_multiple_nack_works_consumer_by_consumer_in_the_order_of_their_tags() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.qos(other, 2, false);
    bench.consume(other, "q", "b");
    bench.consume(other, "q", "a");
    bench.publish_all("q", "m0 m1 m2 m3");
    bench.nack(other, through(0), true);
    assert_eq!(bench.delivered(), "a:m1* a:m3* b:m0* b:m2*");
}

#[test]
fn a_multiple_ack_frees_credit_in_the_order_of_tags() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.qos(other, 2, false);
    bench.consume(other, "q", "b");
    bench.consume(other, "q", "a");
    bench.publish_all("q", "m0 m1 m2 m3 m4 m5 m6");
    bench.ok(other, Command::BasicAck(through(0)));
    assert_eq!(bench.delivered(), "a:m4 a:m5 b:m6");
}

#[test]
fn gotten_messages_are_groups_of_their_own_and_come_first() {
    let mut bench = Bench::new();
    let (other, third) = (bench.open(1, 2), bench.open(1, 3));
    bench.declare("q", FieldTable::new());
    bench.qos(other, 1, false);
    bench.consume(other, "q", "a");
    bench.publish_all("q", "m0 m1 m2");
    bench.get(other, "q");
    bench.get(other, "q");
    bench.consume(third, "q", "z");
    bench.nack(other, through(0), true);
    // m1 and m2 come back one by one while only z stands ready; then a's own group.
    assert_eq!(bench.delivered(), "z:m1* z:m2* z:m0*");
}

#[test]
fn recover_requeues_everything_and_refuses_not_to() {
    let (mut bench, other) = delivered_six();
    bench.ok(other, Command::BasicRecover { requeue: true });
    assert_eq!(bench.delivered(), "c:m0* c:m1* c:m2* c:m3* c:m4* c:m5*");
    let refusal = bench.refused(other, Command::BasicRecover { requeue: false });
    assert_eq!(refusal, "540 NOT_IMPLEMENTED - requeue=false");
    assert!(
        !bench.broker.is_open(HERE),
        "a connection error closes all channels"
    );
}

#[test]
fn acking_a_message_of_a_deleted_queue_is_no_error() {
    let (mut bench, other) = delivered_six();
    bench.ok(HERE, delete("q"));
    assert_eq!(bench.dropped(), 6);
    bench.ack(other, 1);
    bench.nack(other, one(2), true);
    bench.ok(other, Command::BasicAck(through(0)));
    assert!(bench.effects.is_empty(), "{:?}", bench.effects);
}

#[test]
fn many_unacked_are_settled_in_any_order() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.consume(other, "q", "c");
    let mut effects = Vec::new();
    for number in 0..2000_u64 {
        let command = publish("q", &number.to_string(), None);
        bench
            .broker
            .apply(bench.now, HERE, command, &mut effects)
            .expect("accepted");
    }
    for number in 0..2000_u64 {
        let tag = number * 1237 % 2000 + 1;
        let command = Command::BasicAck(one(tag));
        bench
            .broker
            .apply(bench.now, other, command, &mut effects)
            .expect("accepted");
    }
    bench.broker.check_invariants().expect("in order");
    assert_eq!(bench.counts("q"), (0, 0, 1));
}
