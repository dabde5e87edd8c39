//! What may be read of a broker agrees with what was done.

use super::*;
use crate::broker::ConsumerState;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn views_show_messages_consumers_and_totals() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new().with("x-message-ttl", 5000));
    bench.qos(other, 1, false);
    bench.consume(other, "q", "c");
    bench.advance(1000);
    bench.publish_all("q", "m0 m1 m2");
    let id = bench.broker.queue_named(VhostId(0), "q").expect("a queue");
    let first = bench.broker.ready(id).next().expect("a message");
    assert_eq!(body(first.message), "m1");
    assert_eq!(first.expires_at, Some(SimTime::from_secs(6)));
    let held = bench.broker.unacked_of(id).next().expect("a delivery");
    assert_eq!(held.consumer_tag.map(ConsumerTag::as_str), Some("c"));
    assert_eq!((held.channel, held.delivery_tag), (other, DeliveryTag(1)));
    assert_eq!(bench.broker.unacked_on(other).count(), 1);
    let consumer = bench.broker.consumers(id).next().expect("a consumer");
    assert_eq!(
        (consumer.state, consumer.unacked),
        (ConsumerState::Blocked, 1)
    );
    let totals = bench.broker.totals();
    assert_eq!((totals.ready, totals.unacked, totals.queues), (2, 1, 1));
    assert_eq!(
        (totals.channels, totals.connections, totals.consumers),
        (2, 1, 1)
    );
}

#[test]
fn a_clone_goes_its_own_way() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.publish_all("q", "m0 m1");
    let clone = bench.broker.clone();
    bench.ok(HERE, delete("q"));
    let id = clone.queue_named(VhostId(0), "q").expect("a queue");
    assert_eq!(clone.ready(id).count(), 2);
}

#[test]
fn a_clone_shares_what_neither_side_touches_and_keeps_its_own_of_the_rest() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.declare("other", FieldTable::new());
    bench.publish_all("q", "m0 m1");
    let mut clone = bench.broker.clone();
    bench.take("q");
    let mut effects = Vec::new();
    clone
        .apply(bench.now, HERE, publish("q", "m2", None), &mut effects)
        .expect("accepted");
    clone.check_invariants().expect("in order");
    let id = clone.queue_named(VhostId(0), "q").expect("a queue");
    let theirs: Vec<String> = clone.ready(id).map(|it| body(it.message)).collect();
    assert_eq!(
        (theirs.join(" ").as_str(), bench.ready("q").as_str()),
        ("m0 m1 m2", "m1")
    );
}
