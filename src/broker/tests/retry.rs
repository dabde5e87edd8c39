//! Delayed retry of quorum queues (semantics section 20): who waits, how long, and what that counts for.

use super::*;
use crate::broker::{MESSAGE_OCTETS, Resource};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn retrying(kind: &str) -> FieldTable {
    FieldTable::new()
        .with("x-queue-type", "quorum")
        .with("x-delayed-retry-type", kind)
        .with("x-delayed-retry-min", 3_000)
        .with("x-delayed-retry-max", 12_000)
        .with("x-delivery-limit", 100)
}

fn bench_of(kind: &str) -> Bench {
    let mut bench = Bench::with_profile(Profile::V4);
    bench.declare("q", retrying(kind));
    bench
}

/// In how many milliseconds the broker wants to be asked.
fn due_in(bench: &Bench) -> Option<u64> {
    let due = bench.broker.next_deadline()?;
    Some(due.since(bench.now).as_nanos() / 1_000_000)
}

/// Fetches one message and gives it back; says how long it then waits.
fn waits(bench: &mut Bench, tag: u64, rejects: bool) -> Option<u64> {
    let got = bench.get(HERE, "q");
    assert!(got.contains(&format!("tag {tag},")), "{got}");
    match rejects {
        true => drop(bench.ok(HERE, reject(tag, true))),
        false => bench.nack(HERE, one(tag), true),
    }
    let due = due_in(bench);
    bench.advance(due.unwrap_or(0));
    due
}

fn delayed(bench: &Bench) -> usize {
    let id = bench.broker.queue_named(VhostId(0), "q").expect("a queue");
    bench.broker.queue_view(id).expect("a queue").delayed
}

#[test]
fn rejects_wait_longer_each_time_up_to_the_most_and_nacks_always_the_least() {
    let mut bench = bench_of("all");
    bench.publish("q", "m");
    let rejected: Vec<_> = (1..=5).map(|tag| waits(&mut bench, tag, true)).collect();
    let expected = [3_000, 6_000, 9_000, 12_000, 12_000].map(Some);
    assert_eq!(rejected, expected, "as measured on 4.3.5");
    let mut bench = bench_of("all");
    bench.publish("q", "m");
    let nacked: Vec<_> = (1..=3).map(|tag| waits(&mut bench, tag, false)).collect();
    assert_eq!(nacked, [Some(3_000); 3]);
    bench.declare("r", {
        let mut arguments = retrying("all");
        arguments.remove("x-delayed-retry-max");
        arguments
    });
    bench.publish("r", "m");
    for attempt in 1..=20 {
        bench.get(HERE, "r");
        bench.ok(HERE, reject(3 + attempt, true));
        assert_eq!(due_in(&bench), Some(3_000 * attempt), "without a most");
        bench.advance(3_000 * attempt);
    }
}

#[test]
fn the_type_says_which_returns_wait_and_an_unknown_one_none() {
    for (kind, rejected, nacked) in [
        ("all", true, true),
        ("failed", true, false),
        ("returned", false, true),
        ("disabled", false, false),
        ("sometimes", false, false),
    ] {
        for (rejects, expected) in [(true, rejected), (false, nacked)] {
            let mut bench = bench_of(kind);
            bench.publish("q", "m");
            let waited = waits(&mut bench, 1, rejects);
            assert_eq!(
                waited,
                expected.then_some(3_000),
                "{kind}, rejects: {rejects}"
            );
            assert_eq!(bench.get(HERE, "q"), "m* tag 2, 0 left", "{kind}");
        }
    }
    let mut bench = bench_of("failed");
    bench.publish_all("q", "a b");
    let worker = bench.open(2, 1);
    bench.get(worker, "q");
    bench.ok(worker, Command::ChannelClose);
    assert_eq!(
        (due_in(&bench), delayed(&bench)),
        (Some(3_000), 1),
        "a channel's end is a failure"
    );
    let mut bench = Bench::new();
    bench.declare("q", retrying("all"));
    bench.publish("q", "m");
    assert_eq!(waits(&mut bench, 1, true), None, "3.x knows nothing of it");
    let mut bench = Bench::with_profile(Profile::V4);
    let mut arguments = retrying("all");
    arguments.remove("x-delayed-retry-min");
    bench.declare("q", arguments);
    bench.publish("q", "m");
    assert_eq!(waits(&mut bench, 1, true), None, "without a least");
}

#[test]
fn what_is_due_is_before_all_others_and_behind_what_returned_before() {
    let mut bench = bench_of("failed");
    bench.publish_all("q", "a b c d");
    for tag in 1..=3 {
        bench.get(HERE, "q");
        if tag < 3 {
            bench.ok(HERE, reject(tag, true));
        }
    }
    bench.nack(HERE, one(3), true);
    assert_eq!((bench.ready("q"), delayed(&bench)), ("c d".to_owned(), 2));
    bench.advance(2_999);
    assert_eq!(bench.ready("q"), "c d");
    bench.advance(1);
    assert_eq!(
        (bench.ready("q"), delayed(&bench)),
        ("c a b d".to_owned(), 0)
    );
    // A consumer that waits is served by time alone.
    let worker = bench.open(2, 1);
    bench.consume(worker, "q", "w");
    bench.ok(worker, reject(2, true));
    assert_eq!(bench.delivered(), "");
    bench.advance(6_000);
    assert_eq!(bench.delivered(), "w:a*");
}

#[test]
fn what_waits_counts_towards_limits_and_is_not_ready() {
    for limit in ["x-max-length", "x-max-length-bytes"] {
        let mut bench = Bench::with_profile(Profile::V4);
        bench.declare("q", retrying("all").with(limit, 2));
        bench.publish("q", "a");
        bench.get(HERE, "q");
        bench.ok(HERE, reject(1, true));
        assert_eq!(bench.counts("q"), (0, 0, 0), "not ready");
        let again = bench.ok(HERE, declare("q", retrying("all").with(limit, 2)));
        assert!(
            matches!(again, Reply::QueueDeclared { ready: 0, .. }),
            "{again:?}"
        );
        bench.publish_all("q", "b c");
        assert_eq!(
            (bench.ready("q"), delayed(&bench)),
            ("c".to_owned(), 1),
            "{limit}"
        );
        bench.advance(3_000);
        assert_eq!(bench.ready("q"), "a c", "{limit}");
    }
    let mut bench = Bench::with_profile(Profile::V4);
    let full = retrying("all")
        .with("x-max-length", 0)
        .with("x-overflow", "reject-publish");
    bench.declare("q", full);
    bench.publish("q", "a");
    bench.get(HERE, "q");
    bench.ok(HERE, reject(1, true));
    bench.publish("q", "b");
    assert_eq!(
        (bench.ready("q"), delayed(&bench)),
        (String::new(), 1),
        "b is refused"
    );
}

#[test]
fn a_purge_leaves_what_waits_and_a_deletion_takes_it() {
    let mut bench = bench_of("all");
    bench.publish_all("q", "a b");
    bench.get(HERE, "q");
    bench.ok(HERE, reject(1, true));
    let queue = QueueName::truncated("q");
    let purged = bench.ok(HERE, Command::QueuePurge { queue });
    assert!(
        matches!(purged, Reply::Purged { messages: 1 }),
        "{purged:?}"
    );
    assert_eq!(delayed(&bench), 1);
    let used = bench.broker.used(Resource::Memory);
    assert_eq!(used, MESSAGE_OCTETS + 1, "it takes memory");
    bench.ok(HERE, delete("q"));
    assert_eq!((bench.dropped(), due_in(&bench)), (1, None));
    assert_eq!(bench.broker.used(Resource::Memory), 0);
}

#[test]
fn what_failed_too_often_does_not_wait_again() {
    let mut bench = Bench::with_profile(Profile::V4);
    bench.declare("dead", FieldTable::new());
    let mut arguments = retrying("failed");
    arguments.set("x-delivery-limit", 2);
    arguments.set("x-dead-letter-exchange", "");
    arguments.set("x-dead-letter-routing-key", "dead");
    bench.declare("q", arguments);
    bench.publish("q", "m");
    assert_eq!(waits(&mut bench, 1, true), Some(3_000));
    assert_eq!(waits(&mut bench, 2, true), Some(6_000));
    assert_eq!(waits(&mut bench, 3, true), None);
    assert_eq!(
        (bench.ready("q"), bench.ready("dead")),
        (String::new(), "m".to_owned())
    );
}

#[test]
fn a_policy_sets_it_at_once() {
    let mut bench = Bench::with_profile(Profile::V4);
    bench.declare("q", FieldTable::new().with("x-queue-type", "quorum"));
    bench.publish("q", "m");
    assert_eq!(waits(&mut bench, 1, true), None);
    let policy = Policy {
        vhost: VhostName::truncated("/"),
        name: ShortText::truncated("p"),
        operator: false,
        pattern: Pattern::new("").expect("a pattern"),
        apply_to: ApplyTo::QuorumQueues,
        priority: 0,
        definition: FieldTable::new()
            .with("delayed-retry-type", "all")
            .with("delayed-retry-min", 50)
            .with("delayed-retry-max", 80),
    };
    let now = bench.now;
    let set = bench.broker.set_policy(now, policy, &mut bench.effects);
    assert_eq!(set, Ok(()));
    assert_eq!(waits(&mut bench, 2, true), Some(80), "it failed twice");
    assert_eq!(waits(&mut bench, 3, false), Some(80));
}

#[test]
fn its_arguments_are_those_of_quorum_queues_and_are_checked() {
    let mut bench = Bench::with_profile(Profile::V4);
    let on_classic = FieldTable::new().with("x-delayed-retry-min", 5);
    let refused = bench.refused(HERE, declare("q", on_classic));
    let reason = "406 PRECONDITION_FAILED - invalid arg 'x-delayed-retry-min' for queue 'q' in vhost '/' \
                  of queue type rabbit_classic_queue";
    assert_eq!(refused, reason);
    for (key, value) in [
        ("x-delayed-retry-type", FieldValue::I32(1)),
        ("x-delayed-retry-min", FieldValue::I32(-1)),
        ("x-delayed-retry-max", FieldValue::text("5")),
    ] {
        let mut bench = Bench::with_profile(Profile::V4);
        let refused = bench.refused(HERE, declare("q", retrying("all").with(key, value)));
        assert!(refused.contains(key), "{refused}");
    }
    bench.open(1, 1);
    bench.declare("q", retrying("all"));
    let refused = bench.refused(HERE, declare("q", retrying("failed")));
    assert!(
        refused.contains("inequivalent arg 'x-delayed-retry-type'"),
        "{refused}"
    );
}

#[test]
fn a_clone_waits_for_itself() {
    let mut bench = bench_of("all");
    bench.publish_all("q", "a b");
    bench.get(HERE, "q");
    bench.ok(HERE, reject(1, true));
    let (mut clone, due) = (bench.broker.clone(), bench.now + SimDuration::from_secs(3));
    bench.advance(3_000);
    assert_eq!(bench.ready("q"), "a b");
    let id = clone.queue_named(VhostId(0), "q").expect("a queue");
    let view = |clone: &Broker| clone.queue_view(id).map(|it| (it.ready, it.delayed));
    assert_eq!(
        (view(&clone), clone.next_deadline()),
        (Some((1, 1)), Some(due))
    );
    clone.expire(due, &mut Vec::new());
    assert_eq!(
        (view(&clone), clone.check_invariants()),
        (Some((2, 0)), Ok(()))
    );
}

#[test]
fn what_expired_while_it_waited_goes_when_its_time_has_come() {
    let mut bench = bench_of("all");
    bench.publish_for("q", "m", 1_000);
    bench.get(HERE, "q");
    bench.ok(HERE, reject(1, true));
    bench.advance(2_000);
    assert_eq!((bench.dropped(), delayed(&bench)), (0, 1));
    bench.advance(1_000);
    assert_eq!((bench.dropped(), delayed(&bench)), (1, 0));
}
