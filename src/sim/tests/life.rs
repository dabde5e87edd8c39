//! Clients connect, work, fail, pause, die, come back; what the broker refuses is said.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::scenario::{
    AckMode, Choice, FailureOutcome, Failures, HeaderChoice, Outage, OutageKind,
};
use crate::sim::{ClientState, OperateError, OperatorAction, Stop, Wait};
use crate::types::{ExchangeType, FieldValue, Profile, ReplyCode};

#[test]
fn messages_are_published_worked_on_and_acknowledged() {
    let mut run = Draft::line(producer(1.0), Queue::default(), consumer(0.5)).run();
    go(&mut run, SimTime::from_millis(10_200));
    let queue = run.queue_of(QUEUE).expect("declared");
    let stats = run.stats();
    let totals = stats.totals();
    assert_eq!(
        (totals.published, totals.delivered, totals.settled),
        (10, 10, 9)
    );
    let queue = stats.queue(queue).expect("used");
    assert_eq!((queue.ready.now(), queue.unacked.now()), (0, 1));
    assert_eq!(queue.sojourn.mean(), Some(millis(500)));
    assert_eq!(queue.waiting.max(), Some(millis(0)));
    drop(stats);
    let view = run.client(CONSUMER).expect("a client");
    assert_eq!((view.worked, view.failed, view.held), (9, 0, 0));
    let hand = run.processes()[1].hand.clone().expect("at work");
    assert_eq!(hand.until, SimTime::from_millis(10_500));
    assert_eq!(run.processes()[0].wait, Wait::Interval { until: secs(11) });
}

#[test]
fn latency_is_paid_each_way_and_order_is_kept() {
    let mut far = producer(10.0);
    far.latency = Distribution::Uniform { min: 0.1, max: 0.9 };
    far.limit = Some(50);
    let mut worker = consumer(0.0);
    worker.latency = fixed(0.2);
    worker.prefetch = 0;
    let mut run = Draft::line(far, Queue::default(), worker).run();
    go(&mut run, secs(60));
    let mut last = 0;
    for record in records(&run) {
        if let TraceKind::Published { parcel, .. } = record.kind {
            let parcel = parcel.expect("a parcel");
            assert!(parcel >= last, "a parcel overtook another");
            last = parcel;
        }
    }
    let queue = run.queue_of(QUEUE).expect("declared");
    let stats = run.stats();
    let queue = stats.queue(queue).expect("used");
    assert_eq!(queue.sojourn.count(), 50);
    // Delivery and acknowledgement, 200 ms each.
    assert_eq!(queue.sojourn.mean(), Some(millis(400)));
}

#[test]
fn a_missing_queue_refuses_its_consumer_in_the_brokers_words() {
    let missing = Queue {
        declared: false,
        ..Queue::default()
    };
    let mut run = Draft::line(producer(1.0), missing, consumer(0.5)).run();
    go(&mut run, secs(3));
    let view = run.client(CONSUMER).expect("a client");
    let ClientState::Refused { code, text } = view.state else {
        panic!("refused, not {:?}", view.state);
    };
    assert_eq!(code, ReplyCode::NotFound);
    assert_eq!(&*text, "NOT_FOUND - no queue 'q' in vhost '/'");
    assert_eq!(run.stats().totals().unroutable, 3);
    assert_eq!(run.processes()[1].wait, Wait::Outage);
    assert_eq!(
        count(&run, |kind| matches!(kind, TraceKind::Closed { .. })),
        1
    );
}

#[test]
fn failed_work_is_requeued_or_rejected() {
    for (outcome, again) in [
        (FailureOutcome::Requeue, true),
        (FailureOutcome::Reject, false),
    ] {
        let mut worker = consumer(0.1);
        worker.failures = Failures {
            share: 1.0,
            outcome,
        };
        let mut sender = producer(1.0);
        sender.limit = Some(1);
        let mut run = Draft::line(sender, Queue::default(), worker).run();
        go(&mut run, SimTime::from_millis(1_550));
        let totals = *run.stats().totals();
        assert_eq!(totals.settled, 0);
        assert_eq!(totals.requeued, if again { 5 } else { 0 });
        assert_eq!(totals.drops.rejected, u64::from(!again));
        assert_eq!(
            run.stats()
                .queue(run.queue_of(QUEUE).expect("q"))
                .expect("used")
                .ready
                .now(),
            0
        );
    }
}

#[test]
fn work_without_time_that_always_comes_back_is_a_livelock() {
    let mut worker = consumer(0.0);
    worker.failures = Failures {
        share: 1.0,
        outcome: FailureOutcome::Requeue,
    };
    let mut run = Draft::line(producer(1.0), Queue::default(), worker).run();
    run.retain(0);
    let progress = run.run_until(secs(5), u64::MAX);
    assert_eq!((progress.stop, progress.now), (Stop::Livelock, secs(1)));
    assert_eq!(progress.events, crate::sim::EVENTS_AT_ONE_INSTANT_MAX);
    assert_eq!(run.run_until(secs(5), u64::MAX).stop, Stop::Livelock);
    // An edit lets it go on.
    let mut scenario = (*run.scenario()).clone();
    let mut node = scenario.node(CONSUMER).expect("there").clone();
    node.kind = NodeKind::Consumer(consumer(0.0));
    scenario.nodes.insert(CONSUMER, Rc::new(node));
    run.operate(OperatorAction::Edit(Rc::new(scenario)))
        .expect("an edit");
    assert_eq!(run.run_until(secs(5), u64::MAX).stop, Stop::Reached);
}

#[test]
fn a_crash_returns_what_was_unacked_and_a_restart_goes_on() {
    let mut worker = consumer(10.0);
    worker.prefetch = 3;
    worker.outages = vec![Outage {
        at: millis(5_500),
        lasts: Some(millis(2_000)),
        what: OutageKind::Crash,
    }];
    let mut run = Draft::line(producer(1.0), Queue::default(), worker).run();
    go(&mut run, secs(6));
    assert_eq!(
        run.client(CONSUMER).expect("client").state,
        ClientState::Down
    );
    let queue = run.queue_of(QUEUE).expect("declared");
    {
        let stats = run.stats();
        let queue = stats.queue(queue).expect("used");
        assert_eq!((queue.ready.now(), queue.unacked.now()), (6, 0));
        assert_eq!((queue.requeued, stats.totals().settled), (3, 0));
    }
    go(&mut run, SimTime::from_millis(7_600));
    let view = run.client(CONSUMER).expect("client");
    assert_eq!(
        (view.state, view.failed, view.held),
        (ClientState::Up, 1, 2)
    );
    let stats = run.stats();
    let queue = stats.queue(queue).expect("used");
    assert_eq!(
        (queue.ready.now(), queue.unacked.now(), queue.redelivered),
        (4, 3, 3)
    );
}

#[test]
fn a_cut_link_loses_what_is_on_it_while_the_worker_goes_on() {
    let mut worker = consumer(1.0);
    worker.latency = fixed(0.4);
    worker.prefetch = 2;
    worker.outages = vec![Outage {
        at: millis(5_300),
        lasts: Some(millis(3_000)),
        what: OutageKind::Cut,
    }];
    let mut run = Draft::line(producer(2.0), Queue::default(), worker).run();
    go(&mut run, SimTime::from_millis(5_300));
    assert_eq!(
        run.client(CONSUMER).expect("client").state,
        ClientState::Cut
    );
    assert!(count(&run, |kind| matches!(kind, TraceKind::Lost { .. })) > 0);
    let queue = run.queue_of(QUEUE).expect("declared");
    assert_eq!(run.stats().queue(queue).expect("used").unacked.now(), 0);
    let worked = run.client(CONSUMER).expect("client").worked;
    go(&mut run, secs(8));
    assert_eq!(run.client(CONSUMER).expect("client").worked, worked + 1);
    go(&mut run, secs(12));
    assert_eq!(run.client(CONSUMER).expect("client").state, ClientState::Up);
    assert!(run.stats().totals().redelivered > 0);
}

#[test]
fn a_pause_keeps_connection_and_deliveries() {
    let mut worker = consumer(0.1);
    worker.prefetch = 5;
    let mut run = Draft::line(producer(1.0), Queue::default(), worker).run();
    go(&mut run, SimTime::from_millis(1_050));
    run.operate(OperatorAction::Pause(CONSUMER))
        .expect("a client");
    go(&mut run, SimTime::from_millis(9_500));
    let view = run.client(CONSUMER).expect("client");
    assert_eq!(
        (view.state, view.worked, view.held),
        (ClientState::Paused, 1, 5)
    );
    run.operate(OperatorAction::Resume(CONSUMER))
        .expect("a client");
    run.operate(OperatorAction::Pause(PRODUCER))
        .expect("a client");
    go(&mut run, secs(20));
    assert_eq!(run.client(CONSUMER).expect("client").worked, 9);
    run.operate(OperatorAction::PublishOne(PRODUCER))
        .expect("a producer");
    run.operate(OperatorAction::Resume(PRODUCER))
        .expect("a client");
    go(&mut run, SimTime::from_millis(20_500));
    assert_eq!(run.client(CONSUMER).expect("client").worked, 10);
    assert_eq!(
        run.operate(OperatorAction::Pause(QUEUE)),
        Err(OperateError::NoClient(QUEUE))
    );
    assert_eq!(run.log().len(), 5);
}

#[test]
fn a_confirm_window_holds_the_producer_back() {
    let mut sender = producer(100.0);
    sender.latency = fixed(0.5);
    sender.confirm_window = Some(2);
    let mut run = Draft::line(sender, Queue::default(), consumer(0.0)).run();
    go(&mut run, SimTime::from_millis(10_400));
    // Connected after 1 s; then two messages a round trip of 1 s.
    let view = run.client(PRODUCER).expect("client");
    assert!((18..=20).contains(&view.published), "{view:?}");
    assert_eq!(view.outstanding, 2);
    assert_eq!(run.processes()[0].wait, Wait::Confirm);
}

#[test]
fn automatic_acknowledgement_settles_on_delivery() {
    let mut worker = consumer(10.0);
    worker.ack_mode = AckMode::Automatic;
    let mut run = Draft::line(producer(1.0), Queue::default(), worker).run();
    go(&mut run, SimTime::from_millis(5_500));
    let view = run.client(CONSUMER).expect("client");
    assert_eq!((view.held, run.stats().totals().settled), (4, 5));
}

#[test]
fn an_exclusive_queue_is_declared_by_its_consumer() {
    let exclusive = Queue {
        exclusive: true,
        durable: false,
        ..Queue::default()
    };
    let mut run = Draft::line(producer(1.0), exclusive, consumer(0.1)).run();
    go(&mut run, SimTime::from_millis(3_500));
    assert_eq!(run.client(CONSUMER).expect("client").worked, 3);
    run.operate(OperatorAction::Crash(CONSUMER))
        .expect("a client");
    assert_eq!(run.queue_of(QUEUE), None);
    run.operate(OperatorAction::Restart(CONSUMER))
        .expect("a client");
    go(&mut run, SimTime::from_millis(5_500));
    assert!(run.queue_of(QUEUE).is_some());
    assert_eq!(run.client(CONSUMER).expect("client").worked, 5);
}

#[test]
fn a_deleted_queue_cancels_its_consumer_and_an_edit_brings_both_back() {
    let mut run = Draft::line(producer(1.0), Queue::default(), consumer(0.1)).run();
    go(&mut run, SimTime::from_millis(2_500));
    let with = run.scenario();
    let mut without = (*with).clone();
    without.nodes.remove(&QUEUE);
    without.edges.clear();
    run.operate(OperatorAction::Edit(Rc::new(without)))
        .expect("an edit");
    assert_eq!(run.queue_of(QUEUE), None);
    go(&mut run, SimTime::from_millis(4_500));
    run.operate(OperatorAction::Edit(with)).expect("an edit");
    go(&mut run, SimTime::from_millis(6_500));
    assert_eq!(run.client(CONSUMER).expect("client").worked, 4);
}

#[test]
fn other_arguments_declare_a_queue_anew() {
    let mut run = Draft::line(producer(1.0), Queue::default(), consumer(5.0)).run();
    go(&mut run, SimTime::from_millis(4_500));
    let before = run.queue_of(QUEUE).expect("declared");
    let mut scenario = (*run.scenario()).clone();
    let mut node = scenario.node(QUEUE).expect("there").clone();
    let NodeKind::Queue(queue) = &mut node.kind else {
        panic!("a queue");
    };
    queue.arguments.set("x-max-length", 2i32);
    scenario.nodes.insert(QUEUE, Rc::new(node));
    run.operate(OperatorAction::Edit(Rc::new(scenario)))
        .expect("an edit");
    let after = run.queue_of(QUEUE).expect("declared anew");
    assert_ne!(before, after);
    assert_eq!(run.node_of_queue(before), Some(QUEUE));
    go(&mut run, secs(12));
    assert_eq!(run.client(CONSUMER).expect("client").state, ClientState::Up);
    assert!(run.stats().totals().drops.max_length > 0);
}

#[test]
fn prefetch_and_workers_change_while_it_runs() {
    let mut run = Draft::line(producer(10.0), Queue::default(), consumer(1.0)).run();
    go(&mut run, SimTime::from_millis(10_050));
    assert_eq!(run.client(CONSUMER).expect("client").worked, 9);
    let mut scenario = (*run.scenario()).clone();
    let mut node = scenario.node(CONSUMER).expect("there").clone();
    let mut worker = consumer(1.0);
    worker.prefetch = 20;
    worker.workers = 20;
    node.kind = NodeKind::Consumer(worker);
    scenario.nodes.insert(CONSUMER, Rc::new(node));
    run.operate(OperatorAction::Edit(Rc::new(scenario)))
        .expect("an edit");
    go(&mut run, secs(40));
    let queue = run.queue_of(QUEUE).expect("declared");
    assert_eq!(run.stats().queue(queue).expect("used").ready.now(), 0);
}

#[test]
fn policies_that_a_definitions_file_left_in_the_document_count() {
    let text = r#"{"vhosts": [{"name": "/"}], "policies": [{"vhost": "/", "name": "short",
        "pattern": "^q$", "definition": {"max-length": 2}}]}"#;
    let file = crate::scenario::definitions::import(text).expect("it opens");
    let mut draft = Draft::line(producer(1.0), Queue::default(), consumer(5.0));
    draft.0.carried = file.scenario.carried;
    let mut run = draft.run();
    go(&mut run, secs(12));
    assert!(run.stats().totals().drops.max_length > 0);
    let dropped = run.stats().totals().drops.max_length;
    let mut without = (*run.scenario()).clone();
    without.carried = crate::scenario::format::JsonObject::new();
    run.operate(OperatorAction::Edit(Rc::new(without)))
        .expect("an edit");
    go(&mut run, secs(30));
    assert_eq!(run.stats().totals().drops.max_length, dropped);
}

/// A consumer whose first message takes an hour, on a queue of a type, under a profile.
fn stuck(profile: Profile, kind: &str) -> Simulation {
    let mut one = producer(1.0);
    one.limit = Some(1);
    let queue = Queue {
        arguments: FieldTable::new().with("x-queue-type", kind),
        ..Queue::default()
    };
    let mut draft = Draft::line(one, queue, consumer(3600.0));
    draft.0.profile = profile;
    draft.0.broker.consumer_timeout = SimDuration::from_secs(90);
    let mut run = draft.run();
    go(&mut run, secs(30 * 60));
    run
}

#[test]
fn who_keeps_a_message_too_long_loses_it_and_the_trace_says_why() {
    let run = stuck(Profile::V3, "classic");
    let view = run.client(CONSUMER).expect("a client");
    let ClientState::Refused { code, .. } = view.state else {
        panic!("refused, not {:?}", view.state);
    };
    assert_eq!(code, ReplyCode::PreconditionFailed);
    let all = records(&run);
    let overdue = all
        .iter()
        .find(|it| matches!(it.kind, TraceKind::Overdue { .. }));
    assert_eq!(overdue.map(|it| it.at), Some(secs(120)));
    let run = stuck(Profile::V4, "quorum");
    let view = run.client(CONSUMER).expect("a client");
    assert!(
        matches!(view.state, ClientState::Cancelled),
        "{:?}",
        view.state
    );
    assert_eq!(
        count(&run, |kind| matches!(kind, TraceKind::Overdue { .. })),
        1
    );
    let queue = run.queue_of(QUEUE).expect("declared");
    assert_eq!(run.stats().queue(queue).map(|it| it.ready.now()), Some(1));
    let run = stuck(Profile::V4, "classic");
    assert_eq!(
        count(&run, |kind| matches!(kind, TraceKind::Overdue { .. })),
        0
    );
}

#[test]
fn a_message_waits_at_a_delaying_exchange_and_the_trace_says_so() {
    let mut one = producer(1.0);
    one.limit = Some(1);
    one.headers = vec![HeaderChoice {
        name: "x-delay".to_owned(),
        value: Choice::Fixed(FieldValue::I32(30_000)),
    }];
    let mut draft = Draft::new();
    let from = draft.node("producer", NodeKind::Producer(one));
    let arguments = FieldTable::new().with(ExchangeType::DELAYED_TYPE, "fanout");
    let delaying = NodeKind::Exchange(Exchange {
        exchange_type: ExchangeType::from(ExchangeType::DELAYED.to_owned()),
        arguments,
        ..Exchange::default()
    });
    let at = draft.node("later", delaying);
    let queue = draft.queue("q");
    draft.edge(from, at, EdgeKind::Publish);
    draft.binding(at, queue, "");
    let mut run = draft.run();
    go(&mut run, secs(10));
    let exchange = run.exchange_of(at).expect("declared");
    assert_eq!(run.with_broker(|broker| broker.delayed_at(exchange)), 1);
    assert_eq!(run.stats().totals().unroutable, 0);
    let until = records(&run).iter().find_map(|record| match record.kind {
        TraceKind::Delayed { until, .. } => Some(until),
        _ => None,
    });
    assert_eq!(until, Some(secs(31)));
    go(&mut run, secs(60));
    assert_eq!(run.with_broker(|broker| broker.delayed_at(exchange)), 0);
    let enqueued = |kind: &TraceKind| matches!(kind, TraceKind::Enqueued { .. });
    assert_eq!(count(&run, enqueued), 1);
}

#[test]
fn what_failed_is_held_back_and_the_trace_says_until_when_and_before_which_attempt() {
    let mut failing = consumer(0.5);
    failing.failures = Failures {
        share: 1.0,
        outcome: FailureOutcome::Requeue,
    };
    let arguments = FieldTable::new()
        .with("x-queue-type", "quorum")
        .with("x-delivery-limit", 3)
        .with("x-delayed-retry-type", "failed")
        .with("x-delayed-retry-min", 2_000)
        .with("x-delayed-retry-max", 5_000);
    let queue = Queue {
        arguments,
        ..Queue::default()
    };
    let mut one = producer(1.0);
    one.limit = Some(1);
    let mut draft = Draft::line(one, queue, failing);
    draft.0.profile = Profile::V4;
    let mut run = draft.run();
    let mut clone = None;
    while run.next_event_at().is_some_and(|at| at <= secs(40)) {
        run.step();
        for (_, queue) in run.stats().queues() {
            let held = queue.ready.now() + queue.unacked.now();
            let gone = queue.settled.total() + queue.drops.total();
            assert_eq!(queue.enqueued.total(), held + gone, "at {}", run.now());
        }
        if clone.is_none() && run.now() > secs(4) {
            clone = Some(run.clone());
        }
    }
    let mut waited = Vec::new();
    for record in records(&run) {
        if let TraceKind::RetryDelayed { until, attempt, .. } = record.kind {
            waited.push((until.since(record.at), attempt));
        }
    }
    let seconds = SimDuration::from_secs;
    assert_eq!(
        waited,
        [(seconds(2), 2), (seconds(4), 3), (seconds(5), 4)],
        "and the fourth failure is one too many"
    );
    assert_eq!(run.stats().totals().drops.delivery_limit, 1);
    let mut clone = clone.expect("made on the way");
    while clone.next_event_at().is_some_and(|at| at <= secs(40)) {
        clone.step();
    }
    assert_eq!(clone.trace_hash(), run.trace_hash());
}
