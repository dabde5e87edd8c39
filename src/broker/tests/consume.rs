//! Consumers and basic.get (semantics section 8).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn exclusively(queue: &str, tag: &str) -> Command {
    let queue = QueueName::truncated(queue);
    let consumer_tag = ConsumerTag::truncated(tag);
    let exclusive = true;
    Command::BasicConsume(Consume {
        queue,
        consumer_tag,
        exclusive,
        ..Consume::default()
    })
}

#[test]
fn get_says_what_remains_and_counts_tags_with_all_deliveries() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.publish_all("q", "m0 m1 m2");
    assert_eq!(bench.get(HERE, "q"), "m0 tag 1, 2 left");
    bench.take("q");
    assert_eq!(bench.get(HERE, "q"), "m2 tag 3, 0 left");
    assert_eq!(bench.get(HERE, "q"), "empty");
    bench.consume(HERE, "q", "c");
    bench.publish("q", "m3");
    let tag = deliveries(&bench.effects)
        .next()
        .expect("a delivery")
        .delivery_tag;
    assert_eq!(tag, DeliveryTag(4));
}

#[test]
fn an_empty_tag_is_invented_and_differs_each_time() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    let mut tag = || match bench.ok(HERE, consume("q", "", FieldTable::new())) {
        Reply::Consuming { consumer_tag } => consumer_tag,
        other => panic!("{other:?}"),
    };
    let (first, second) = (tag(), tag());
    assert_ne!(first, second);
    assert!(
        first.as_str().starts_with("amq.ctag-") && first.as_str().len() == 31,
        "{first}"
    );
}

#[test]
fn a_tag_in_use_on_the_channel_closes_the_connection() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.consume(HERE, "q", "c");
    bench.consume(other, "q", "c");
    bench.ok(HERE, cancel("c"));
    bench.consume(HERE, "q", "c");
    let text = "530 NOT_ALLOWED - attempt to reuse consumer tag 'c'";
    assert_eq!(
        bench.refused(HERE, consume("q", "c", FieldTable::new())),
        text
    );
    assert!(!bench.broker.is_open(other));
}

#[test]
fn exclusive_use_keeps_others_out_and_wants_nobody_in() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.consume(HERE, "q", "c");
    let text = "403 ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use";
    assert_eq!(bench.refused(other, exclusively("q", "d")), text);
    bench.ok(HERE, cancel("c"));
    bench.ok(HERE, exclusively("q", "c"));
    let other = bench.open(1, 2);
    assert_eq!(
        bench.refused(other, consume("q", "d", FieldTable::new())),
        text
    );
    let other = bench.open(1, 2);
    assert_eq!(bench.get(other, "q"), "empty", "basic.get is not kept out");
    bench.ok(HERE, cancel("c"));
    bench.consume(other, "q", "d");
}

#[test]
fn cancelling_an_unknown_tag_succeeds() {
    let mut bench = Bench::new();
    bench.ok(HERE, cancel("nobody"));
    assert!(bench.effects.is_empty());
}

#[test]
fn what_a_cancelled_consumer_holds_stays_unacked_and_nothing_more_comes() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.consume(HERE, "q", "c");
    bench.publish("q", "m0");
    bench.ok(HERE, cancel("c"));
    bench.publish("q", "m1");
    assert_eq!(bench.delivered(), "");
    assert_eq!(bench.counts("q"), (1, 1, 0));
    bench.ack(HERE, 1);
    assert_eq!(bench.counts("q"), (1, 0, 0));
}

#[test]
fn consumers_of_a_deleted_queue_are_told_also_on_the_deleting_channel() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.consume(HERE, "q", "a");
    bench.consume(other, "q", "b");
    bench.ok(HERE, delete("q"));
    let told: Vec<String> = bench
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::ConsumerCancelled {
                channel,
                consumer_tag,
            } => Some(format!("{channel} {consumer_tag}")),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["1.1 a", "1.2 b"]);
}

#[test]
fn a_consumer_priority_is_a_whole_number() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    let command = consume("q", "c", FieldTable::new().with("x-priority", "high"));
    let text = "406 PRECONDITION_FAILED - invalid arg 'x-priority' for queue 'q' in vhost '/': \
                \"expected integer, got longstr\"";
    assert_eq!(bench.refused(HERE, command), text);
}

#[test]
fn a_started_consumer_is_stated_before_its_first_delivery() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.publish("q", "m0");
    bench.consume(HERE, "q", "c");
    let [Effect::ConsumerStarted { .. }, Effect::Deliver(_)] = &bench.effects[..] else {
        panic!("{:?}", bench.effects);
    };
}
