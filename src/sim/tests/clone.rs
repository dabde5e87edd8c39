//! A run cloned at any instant goes on as the run itself; slices of time and replays change nothing.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::scenario::{
    Arrivals as Spacing, Choice, FailureOutcome, Failures, HeaderChoice, Outage, OutageKind,
};
use crate::sim::random::{Purpose, Stream};
use crate::sim::{OperatorAction, Step};
use crate::types::{ExchangeType, FieldValue};

/// A document with something of everything: confirms, latencies, failures, dead letters, outages.
fn busy(seed: u64) -> Scenario {
    let mut draft = Draft::new();
    draft.0.seed = seed;
    let sender = draft.node("sender", NodeKind::Producer(far_producer()));
    let steady = draft.node("steady", NodeKind::Producer(producer(3.0)));
    let topic = draft.node("topic", exchange(ExchangeType::Topic));
    let mut arguments = FieldTable::new();
    arguments.set("x-message-ttl", 1_500i32);
    arguments.set("x-dead-letter-exchange", FieldValue::text(""));
    arguments.set("x-dead-letter-routing-key", FieldValue::text("late"));
    let dead_lettering = Queue {
        arguments,
        ..Queue::default()
    };
    let work = draft.node("work", NodeKind::Queue(dead_lettering));
    let late = draft.queue("late");
    draft.edge(sender, topic, EdgeKind::Publish);
    draft.edge(steady, work, EdgeKind::Publish);
    draft.binding(topic, work, "a.b");
    let first = workers(0.3, FailureOutcome::Reject, OutageKind::Crash);
    let first = draft.node("first", NodeKind::Consumer(first));
    let second = workers(0.2, FailureOutcome::Requeue, OutageKind::Pause);
    let second = draft.node("second", NodeKind::Consumer(second));
    let mut slow = consumer(0.4);
    slow.outages = vec![outage(3_000, 1_000, OutageKind::Cut)];
    let third = draft.node("third", NodeKind::Consumer(slow));
    draft.edge(work, first, EdgeKind::Consume);
    draft.edge(work, second, EdgeKind::Consume);
    draft.edge(late, third, EdgeKind::Consume);
    draft.0
}

fn outage(at: u64, lasts: u64, what: OutageKind) -> Outage {
    Outage {
        at: millis(at),
        lasts: Some(millis(lasts)),
        what,
    }
}

fn far_producer() -> Producer {
    Producer {
        load: Load {
            shape: LoadShape::Sine {
                mean: 12.0,
                amplitude: 10.0,
                period: SimDuration::from_secs(20),
            },
            arrivals: Spacing::Poisson,
        },
        routing_key: Choice::Drawn(vec![("a.b".into(), 2), ("a.c".into(), 1)]),
        headers: vec![HeaderChoice {
            name: "n".into(),
            value: Choice::Cycle(vec![FieldValue::I32(1), FieldValue::I32(2)]),
        }],
        confirm_window: Some(5),
        mandatory: true,
        latency: Distribution::Uniform {
            min: 0.01,
            max: 0.2,
        },
        outages: vec![outage(7_000, 1_500, OutageKind::Cut)],
        ..Producer::default()
    }
}

fn workers(seconds: f64, outcome: FailureOutcome, what: OutageKind) -> Consumer {
    Consumer {
        service: Distribution::Lognormal {
            mean: seconds,
            deviation: seconds,
        },
        workers: 3,
        prefetch: 4,
        failures: Failures {
            share: 0.1,
            outcome,
        },
        latency: Distribution::Exponential { mean: 0.02 },
        outages: vec![outage(11_000, 2_000, what)],
        ..Consumer::default()
    }
}

const END: SimTime = SimTime::from_secs(30);

#[test]
fn the_same_run_twice_is_the_same() {
    let hash = |seed| {
        let mut run = Simulation::new(Rc::new(busy(seed)));
        go(&mut run, END);
        run.trace_hash()
    };
    assert_eq!(hash(1), hash(1));
    assert_ne!(hash(1), hash(2));
}

#[test]
fn a_clone_at_any_event_goes_on_as_the_run_itself() {
    for seed in 0..4 {
        let mut run = Simulation::new(Rc::new(busy(seed)));
        let mut clones = Vec::new();
        let mut picks = Stream::new(seed, NodeId(0), Purpose::Content, 0);
        while run.next_event_at().is_some_and(|at| at <= END) {
            if picks.below(40) == 0 {
                clones.push((run.now(), run.clone()));
            }
            run.step();
        }
        go(&mut run, END);
        assert!(clones.len() > 10, "{} clones", clones.len());
        for (at, mut clone) in clones {
            go(&mut clone, END);
            assert_eq!(
                clone.trace_hash(),
                run.trace_hash(),
                "seed {seed}, cloned at {at}"
            );
            assert_eq!(clone.stats().totals(), run.stats().totals());
        }
    }
}

#[test]
fn slices_of_any_length_give_the_same_run() {
    let mut whole = Simulation::new(Rc::new(busy(3)));
    go(&mut whole, END);
    for slice in [1_000_000, 16_666_667, 999_999_937] {
        let mut run = Simulation::new(Rc::new(busy(3)));
        let mut until = SimTime::ZERO;
        while run.now() < END {
            until = (until + SimDuration::from_nanos(slice)).min(END);
            while run.run_until(until, 7).stop == crate::sim::Stop::Budget {}
        }
        assert_eq!(run.trace_hash(), whole.trace_hash(), "slices of {slice} ns");
    }
}

#[test]
fn a_replay_of_the_log_is_the_same_run() {
    let scenario = Rc::new(busy(5));
    let mut run = Simulation::new(Rc::clone(&scenario));
    let mut edited = (*scenario).clone();
    let ids: Vec<_> = edited.nodes.keys().copied().collect();
    for id in ids {
        let mut node = edited.node(id).expect("there").clone();
        match &mut node.kind {
            NodeKind::Producer(producer) => producer.load.shape = LoadShape::Constant { rate: 9.0 },
            NodeKind::Consumer(consumer) => consumer.prefetch = 2,
            NodeKind::Exchange(_) | NodeKind::Queue(_) => {}
        }
        edited.nodes.insert(id, Rc::new(node));
    }
    for (at, action) in [
        (4_000, OperatorAction::Pause(NodeId(1))),
        (5_000, OperatorAction::Edit(Rc::new(edited))),
        (6_000, OperatorAction::Resume(NodeId(1))),
        (6_500, OperatorAction::Purge(NodeId(4))),
        (8_000, OperatorAction::Crash(NodeId(7))),
        (8_200, OperatorAction::Edit(Rc::clone(&scenario))),
        (9_000, OperatorAction::Restart(NodeId(7))),
        (9_100, OperatorAction::PublishOne(NodeId(2))),
    ] {
        go(&mut run, SimTime::from_millis(at));
        run.operate(action).expect("possible");
        let mut clone = run.clone();
        assert_eq!(clone.step(), run.step());
        assert_eq!(clone.trace_hash(), run.trace_hash());
    }
    go(&mut run, END);
    let again = Simulation::replay(scenario, &run.log(), END);
    assert_eq!(again.trace_hash(), run.trace_hash());
    assert_eq!(again.log(), run.log());
}

#[test]
fn nothing_is_lost_and_nothing_is_twice() {
    for seed in 0..8 {
        let mut run = Simulation::new(Rc::new(busy(seed)));
        while run.next_event_at().is_some_and(|at| at <= END) {
            assert_ne!(run.step(), Step::Idle);
            let stats = run.stats();
            for (_, queue) in stats.queues() {
                let held = queue.ready.now() + queue.unacked.now();
                let gone = queue.settled.total() + queue.drops.total();
                assert_eq!(
                    queue.enqueued.total(),
                    held + gone,
                    "seed {seed} at {}",
                    run.now()
                );
            }
        }
    }
}

/// The trace of one run to the bit: natively and under wasm alike, and from release to release unless
/// a change means to change it.
#[test]
fn the_trace_is_the_same_on_every_target() {
    let mut run = Simulation::new(Rc::new(busy(42)));
    go(&mut run, END);
    assert_eq!(format!("{:016x}", run.trace_hash()), "ef9cf20c15fcf962");
}
