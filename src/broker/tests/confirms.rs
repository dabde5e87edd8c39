//! Publisher confirms (semantics section 11).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Confirms and returns of the last call, as `ack 1`, `nack 2`, `return`.
fn answers(bench: &Bench) -> String {
    let words = bench.effects.iter().filter_map(|effect| match effect {
        Effect::Confirm {
            sequence,
            ack,
            multiple,
            ..
        } if *multiple != *ack => Some(format!("{} {sequence}", if *ack { "ack" } else { "nack" })),
        Effect::Return { code, .. } => Some(format!("return {}", code.number())),
        _ => None,
    });
    words.collect::<Vec<String>>().join(", ")
}

fn mandatory(key: &str) -> Command {
    let Command::BasicPublish(publish) = publish(key, "body", None) else {
        unreachable!("a publish is a publish");
    };
    Command::BasicPublish(Publish {
        mandatory: true,
        ..publish
    })
}

#[test]
fn the_sequence_starts_with_the_first_publish_after_select_and_never_again() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.publish("q", "before");
    assert_eq!(answers(&bench), "");
    bench.ok(HERE, Command::ConfirmSelect);
    bench.publish("q", "first");
    assert_eq!(answers(&bench), "ack 1");
    bench.ok(HERE, Command::ConfirmSelect);
    bench.publish("q", "second");
    assert_eq!(answers(&bench), "ack 2");
}

#[test]
fn an_unroutable_message_is_returned_before_it_is_confirmed() {
    let mut bench = Bench::new();
    bench.ok(HERE, Command::ConfirmSelect);
    bench.ok(HERE, mandatory("nowhere"));
    assert_eq!(answers(&bench), "return 312, ack 1");
    bench.publish("nowhere", "not mandatory");
    assert_eq!(answers(&bench), "ack 2");
}

#[test]
fn a_refusal_by_one_queue_is_a_nack_though_others_keep_their_copies() {
    let mut bench = Bench::new();
    let full = FieldTable::new()
        .with("x-max-length", 0)
        .with("x-overflow", "reject-publish");
    bench.declare("full", full);
    bench.declare("open", FieldTable::new());
    for queue in ["full", "open"] {
        bench.ok(HERE, bind(queue, "amq.fanout"));
    }
    bench.ok(HERE, Command::ConfirmSelect);
    let exchange = ExchangeName::truncated("amq.fanout");
    let Command::BasicPublish(publish) = mandatory("any") else {
        unreachable!("a publish is a publish");
    };
    bench.ok(
        HERE,
        Command::BasicPublish(Publish {
            exchange,
            ..publish
        }),
    );
    assert_eq!(
        answers(&bench),
        "nack 1",
        "and a refusal is no reason for a return"
    );
    assert_eq!((bench.counts("full").0, bench.counts("open").0), (0, 1));
}

#[test]
fn what_is_dropped_from_the_head_was_confirmed() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new().with("x-max-length", 0));
    bench.ok(HERE, Command::ConfirmSelect);
    bench.publish("q", "gone");
    assert_eq!((answers(&bench).as_str(), bench.dropped()), ("ack 1", 1));
}
