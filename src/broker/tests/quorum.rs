//! Quorum queues since 4.3 (semantics section 20): what counts as a failure, and in 3.x beside it.

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn quorum() -> FieldTable {
    FieldTable::new().with("x-queue-type", "quorum")
}

/// What the next message of the queue says of how often it failed and how often it came back.
fn counters(bench: &mut Bench) -> (Option<i64>, Option<i64>) {
    let message = bench.take("q");
    let said = |header| {
        let headers = message.properties()?.headers.as_ref()?;
        headers.get(header)?.as_integer()
    };
    (said("x-delivery-count"), said("x-acquired-count"))
}

type Way = fn(&mut Bench, ChannelRef);

/// Ways in which a delivery comes back.
const WAYS: [(&str, Way); 7] = [
    ("reject", |bench, on| {
        bench.ok(on, reject(1, true));
    }),
    ("nack", |bench, on| bench.nack(on, one(1), true)),
    ("nack of many", |bench, on| bench.nack(on, through(1), true)),
    ("recover", |bench, on| {
        bench.ok(on, Command::BasicRecover { requeue: true });
    }),
    ("end of the channel", |bench, on| {
        bench.ok(on, Command::ChannelClose);
    }),
    ("end of the connection", |bench, on| {
        let connection = ChannelRef { channel: 0, ..on };
        bench.ok(connection, Command::ConnectionClose);
    }),
    ("consumer timeout", |bench, _| bench.advance(31 * 60_000)),
];

#[test]
fn reject_and_the_end_of_a_channel_are_failures_and_since_4_3_nothing_else_is() {
    for profile in [Profile::V3, Profile::V4] {
        for (name, way) in WAYS {
            let mut bench = Bench::with_profile(profile);
            bench.declare("q", quorum().with("x-delivery-limit", 5));
            bench.publish("q", "m");
            let worker = bench.open(2, 1);
            bench.consume(worker, "q", "w");
            // A consumer that stays would take it again.
            if name != "consumer timeout" {
                bench.ok(worker, cancel("w"));
            }
            way(&mut bench, worker);
            let failed = match profile {
                Profile::V3 => true,
                Profile::V4 => {
                    ["reject", "end of the channel", "end of the connection"].contains(&name)
                }
            };
            let acquired = (profile == Profile::V4).then_some(1);
            let expected = (Some(i64::from(failed)), acquired);
            assert_eq!(counters(&mut bench), expected, "{name} on {profile}");
        }
    }
}

#[test]
fn nack_returns_a_message_without_end_and_reject_does_not() {
    for (profile, rejects, left) in [
        (Profile::V3, true, 0),
        (Profile::V3, false, 0),
        (Profile::V4, true, 0),
        (Profile::V4, false, 1),
    ] {
        let mut bench = Bench::with_profile(profile);
        bench.declare("q", quorum().with("x-delivery-limit", 2));
        bench.publish("q", "m");
        for round in 1..=3 {
            let got = bench.get(HERE, "q");
            assert!(got.starts_with('m'), "round {round}: {got}");
            match rejects {
                true => drop(bench.ok(HERE, reject(round, true))),
                false => bench.nack(HERE, one(round), true),
            }
        }
        assert_eq!(bench.counts("q").0, left, "{profile}, rejects: {rejects}");
    }
    let mut bench = Bench::with_profile(Profile::V4);
    bench.declare("q", quorum());
    bench.publish("q", "m");
    for round in 1..=5_000 {
        bench.get(HERE, "q");
        bench.nack(HERE, one(round), true);
    }
    assert_eq!(bench.ready("q"), "m");
}

#[test]
fn a_client_is_told_of_both_counters_once_a_message_came_back() {
    let mut bench = Bench::with_profile(Profile::V4);
    bench.declare("q", quorum());
    bench.publish_all("q", "m m");
    assert_eq!(
        counters(&mut bench),
        (Some(0), None),
        "fetched for the first time"
    );
    let worker = bench.open(2, 1);
    bench.qos(worker, 1, false);
    bench.consume(worker, "q", "w");
    let headers = |bench: &Bench| {
        let message = deliveries(&bench.effects)
            .next()
            .map(|it| it.message.clone());
        message.map(|it| {
            it.headers()
                .map_or_else(String::new, |it| format!("{it:?}"))
        })
    };
    assert_eq!(
        headers(&bench),
        Some(String::new()),
        "delivered for the first time"
    );
    bench.nack(worker, one(1), true);
    bench.ok(worker, reject(2, true));
    bench.nack(worker, one(3), true);
    bench.ok(worker, cancel("w"));
    bench.ok(worker, Command::BasicRecover { requeue: true });
    assert_eq!(counters(&mut bench), (Some(1), Some(4)));
}

#[test]
fn a_transaction_that_is_committed_counts_what_it_settled() {
    let mut bench = Bench::with_profile(Profile::V4);
    bench.declare("q", quorum());
    bench.publish_all("q", "a b");
    bench.ok(HERE, Command::TxSelect);
    bench.get(HERE, "q");
    bench.get(HERE, "q");
    bench.nack(HERE, one(1), true);
    bench.ok(HERE, reject(2, true));
    bench.ok(HERE, Command::TxCommit);
    assert_eq!(counters(&mut bench), (Some(0), Some(1)));
    assert_eq!(counters(&mut bench), (Some(1), Some(1)));
}
