//! Publishers are held back while messages take more than the document lets them, and only then.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::broker::{MESSAGE_OCTETS, Resource};
use crate::scenario::BrokerSettings;
use crate::sim::{OperatorAction, Wait};

/// A hundred messages a second against work of 20 ms, in memory for so many messages of 100 octets.
fn crowded(messages: u64) -> Draft {
    let mut draft = Draft::line(producer(100.0), Queue::default(), consumer(0.02));
    draft.0.broker.memory_limit = Some(messages * (MESSAGE_OCTETS + 100));
    draft
}

fn published(run: &Simulation) -> u64 {
    run.client(PRODUCER).expect("it is there").published
}

fn waits(run: &Simulation) -> usize {
    let wait = Wait::Unblocked;
    count(
        run,
        |kind| matches!(kind, TraceKind::Waits { node, wait: now, .. } if *node == PRODUCER && *now == wait),
    )
}

#[test]
fn in_the_long_run_a_publisher_that_is_held_back_is_as_slow_as_the_consumer() {
    let mut run = crowded(500).run();
    go(&mut run, secs(100));
    assert!(waits(&run) > 1, "it is blocked again and again");
    // The consumer takes 50 a second, and the memory holds 500: more than it takes between two looks.
    let published = published(&run);
    assert!((5_300..=5_600).contains(&published), "{published}");
    let stats = run.stats();
    assert_eq!(stats.totals().drops.total(), 0, "nothing is thrown away");
    drop(stats);
    let mut free = crowded(u64::from(u32::MAX)).run();
    go(&mut free, secs(100));
    assert_eq!(waits(&free), 0);
    assert_eq!(self::published(&free), 10_000);
}

#[test]
fn a_limit_that_is_raised_lets_publishers_go_on_at_once_and_replays() {
    let draft = crowded(50);
    let mut run = draft.run();
    go(&mut run, secs(2));
    assert!(run.with_broker(|broker| broker.is_low(Resource::Memory)));
    assert_eq!(
        run.with_broker(|broker| broker.blocked_connections().len()),
        1
    );
    let mut wide = (*run.scenario()).clone();
    wide.broker = BrokerSettings::default();
    let held_back = published(&run);
    let raised = OperatorAction::Edit(Rc::new(wide));
    run.operate(raised).expect("an edit always can be done");
    assert!(!run.with_broker(|broker| broker.is_low(Resource::Memory)));
    go(&mut run, secs(3));
    assert!(published(&run) > held_back + 150, "what was due and more");
    let again = Simulation::replay(Rc::new(crowded(50).0), &run.log(), secs(3));
    assert_eq!(again.trace_hash(), run.trace_hash());
}

#[test]
fn a_disk_that_is_almost_full_holds_publishers_back_as_memory_does() {
    let mut draft = Draft::line(producer(100.0), Queue::default(), consumer(1.0));
    draft.0.broker.disk_free = Some(50_001_000);
    let mut run = draft.run();
    go(&mut run, secs(10));
    assert!(run.with_broker(|broker| broker.is_low(Resource::Disk)));
    assert_eq!(
        run.with_broker(|broker| broker.alarm()),
        Some("low on disk")
    );
    // A thousand octets for bodies of a hundred, and what the consumer has done meanwhile.
    let stats = run.stats();
    let queue = stats.queue(run.queue_of(QUEUE).expect("declared"));
    assert!(queue.is_some_and(|queue| queue.ready.max() <= 20));
}

/// So many messages a second into a queue that handles 300 a second; nobody consumes.
fn flowing(rate: f64, latency: f64) -> Draft {
    let mut draft = Draft::new();
    let source = Producer {
        latency: fixed(latency),
        ..producer(rate)
    };
    let from = draft.node("producer", NodeKind::Producer(source));
    let queue = draft.queue("q");
    draft.edge(from, queue, EdgeKind::Publish);
    draft.0.broker.queue_time = SimDuration::from_nanos(1_000_000_000 / 300);
    draft
}

#[test]
fn a_publisher_is_as_slow_as_the_queue_in_the_long_run_and_never_further_ahead_than_its_credit() {
    for latency in [0.0, 0.05] {
        let mut run = flowing(1_000.0, latency).run();
        let mut before = 0;
        for second in 1..=15 {
            go(&mut run, secs(second));
            let queue = run.queue_of(QUEUE).expect("declared");
            let unhandled = run.with_broker(|broker| broker.unhandled(queue));
            assert!(unhandled <= 400, "{unhandled} after {second} s");
            // It stops and goes by 200; the queue does not.
            let handled = run.stats().totals().published;
            if second > 1 {
                let more = handled - before;
                assert!((299..=301).contains(&more), "{more} in second {second}");
            }
            before = handled;
        }
        // 400 ahead, as much in its sockets, and 300 a second.
        let published = published(&run);
        assert!((4_500..=5_400).contains(&published), "{published}");
        let waits = count(&run, |kind| {
            matches!(
                kind,
                TraceKind::Waits {
                    wait: Wait::Flow,
                    ..
                }
            )
        });
        assert!(waits > 10, "{waits}");
        assert_eq!(run.held_back(PRODUCER), Some(Wait::Flow));
        let again = Simulation::replay(run.scenario(), &[], secs(15));
        assert_eq!(again.trace_hash(), run.trace_hash());
        let copy = run.clone();
        go(&mut run, secs(20));
        let mut copy = copy;
        go(&mut copy, secs(20));
        assert_eq!(copy.trace_hash(), run.trace_hash());
    }
}

#[test]
fn a_publisher_that_is_slower_than_the_queue_is_never_in_flow() {
    let mut run = flowing(250.0, 0.01).run();
    go(&mut run, secs(30));
    assert_eq!(run.held_back(PRODUCER), None);
    let waits = |wait| {
        count(
            &run,
            |kind| matches!(kind, TraceKind::Waits { wait: it, .. } if *it == wait),
        )
    };
    assert_eq!(waits(Wait::Flow), 0);
    // Each message is told to have come as the parcel it was.
    let without = count(&run, |kind| {
        matches!(kind, TraceKind::Published { parcel: None, .. })
    });
    assert_eq!(without, 0);
}
