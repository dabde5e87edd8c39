//! The same document, seed and log give the same trace to the bit, for every document of the gallery.
//!
//! What is promised of single parts stands beside them in `src/sim/tests`.

use brokerlab::scenario::{NodeKind, Scenario, gallery};
use brokerlab::sim::{OperatorAction, Simulation, Stop};
use brokerlab::types::{NodeId, SimDuration, SimTime};
use std::rc::Rc;

/// Long enough for every client to be disturbed.
const SPAN: SimDuration = SimDuration::from_secs(20);
/// Enough for every document to have shown what it is about.
const EVENTS: u64 = 5_000;

fn documents() -> Vec<(String, Rc<Scenario>)> {
    let items = gallery::items().into_iter();
    items
        .map(|item| {
            let scenario = gallery::open(&item.id).expect("listed");
            (item.id, Rc::new(scenario.expect("readable")))
        })
        .collect()
}

fn clients(scenario: &Scenario) -> Vec<NodeId> {
    let is_client = |kind: &NodeKind| matches!(kind, NodeKind::Producer(_) | NodeKind::Consumer(_));
    let nodes = scenario.nodes.values();
    nodes
        .filter(|node| is_client(&node.kind))
        .map(|node| node.id)
        .collect()
}

/// Runs it in slices of `slice`, with every client paused, cut, crashed and brought back in turn.
fn disturbed(scenario: &Rc<Scenario>, slice: SimDuration) -> Simulation {
    let mut run = Simulation::new(Rc::clone(scenario));
    let mut actions = Vec::new();
    for node in clients(scenario) {
        actions.extend([
            OperatorAction::Pause(node),
            OperatorAction::Resume(node),
            OperatorAction::Cut(node),
            OperatorAction::Reconnect(node),
            OperatorAction::Crash(node),
            OperatorAction::Restart(node),
        ]);
    }
    let mut slices = 0;
    for (index, action) in (1u64..).zip(actions) {
        let until = SimTime::from_millis(index * 400);
        while run.now() < until {
            slices += 1;
            run.run_until(until.min(run.now() + slice), u64::MAX);
        }
        run.operate(action).expect("a client");
    }
    assert!(slices > 0);
    run.run_until(SimTime::ZERO + SPAN, u64::MAX);
    run
}

#[test]
fn every_document_of_the_gallery_runs_alike_in_slices_of_any_length_and_in_replay() {
    for (id, scenario) in documents() {
        let whole = disturbed(&scenario, SPAN);
        let sliced = disturbed(&scenario, SimDuration::from_nanos(16_666_667));
        assert_eq!(whole.trace_hash(), sliced.trace_hash(), "{id}");
        let end = SimTime::ZERO + SPAN;
        let replayed = Simulation::replay(Rc::clone(&scenario), &whole.log(), end.max(whole.now()));
        assert_eq!(whole.trace_hash(), replayed.trace_hash(), "{id}");
    }
}

#[test]
fn a_clone_of_every_document_goes_on_as_the_run_itself() {
    for (id, scenario) in documents() {
        let mut run = Simulation::new(Rc::clone(&scenario));
        let progress = run.run_until(SimTime::ZERO + SPAN.times(30), EVENTS);
        assert_ne!(progress.stop, Stop::Livelock, "{id}");
        assert!(run.stats().totals().published > 0, "{id}");
        let mut clone = run.clone();
        let later = SimTime::ZERO + SPAN.times(60);
        assert_eq!(
            clone.run_until(later, EVENTS),
            run.run_until(later, EVENTS),
            "{id}"
        );
        assert_eq!(clone.trace_hash(), run.trace_hash(), "{id}");
    }
}
