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
