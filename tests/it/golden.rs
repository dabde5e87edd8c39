//! What the gallery promises: every file is listed, readable, in the format's own writing, and does
//! in a run what its description says.

use brokerlab::scenario::{AckMode, Edit, NodeKind, Scenario, format, gallery, validate};
use brokerlab::sim::stats::QueueStats;
use brokerlab::sim::{ClientState, Simulation, Stop, TraceKind, Wait};
use brokerlab::types::{NodeId, Severity, SimDuration, SimTime};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("www/scenarios")
}

/// With `UPDATE_EXPECT=1` the files are rewritten in place, as the inline snapshots are.
fn updating() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some()
}

#[test]
fn every_file_of_the_gallery_is_listed_and_embedded() {
    let listed: BTreeSet<String> = gallery::items().into_iter().map(|item| item.id).collect();
    assert!(
        listed.len() >= 8,
        "the gallery has {} entries",
        listed.len()
    );
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder()).expect("the gallery's folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if name != "index" {
            assert!(gallery::text(&name).is_some(), "{name} is not embedded");
            found.insert(name);
        }
    }
    assert_eq!(found, listed);
    assert!(listed.contains(gallery::FIRST));
}

#[test]
fn every_scenario_of_the_gallery_opens_and_has_its_words_in_both_languages() {
    for item in gallery::items() {
        let scenario = gallery::open(&item.id).expect("listed");
        let scenario = scenario.unwrap_or_else(|problem| panic!("{}: {problem}", item.id));
        assert_eq!(scenario.title, item.title, "{}", item.id);
        for text in [&item.title, &item.teaches, &scenario.description] {
            assert!(!text.en.is_empty() && !text.zh.is_empty(), "{}", item.id);
            assert_ne!(text.en, text.zh, "{}", item.id);
        }
        assert!(
            scenario.duration.is_some() && scenario.speed.is_some(),
            "{}",
            item.id
        );
    }
}

#[test]
fn every_file_of_the_gallery_is_written_as_the_program_writes() {
    for item in gallery::items() {
        let path = folder().join(format!("{}.json", item.id));
        let text = std::fs::read_to_string(&path).expect("a file of the gallery");
        let scenario = format::read(&text).unwrap_or_else(|problem| panic!("{path:?}: {problem}"));
        let written = format::write(&scenario);
        if updating() {
            std::fs::write(&path, written).expect("the file can be written");
        } else {
            assert_eq!(
                text, written,
                "{path:?}; UPDATE_EXPECT=1 cargo test rewrites it"
            );
        }
    }
}

/// A scenario of the gallery, run as long as it says.
fn run(id: &str) -> Simulation {
    let scenario = gallery::open(id).expect("listed").expect("it opens");
    run_of(scenario)
}

fn run_of(scenario: Scenario) -> Simulation {
    let time = scenario.duration.expect("every scenario says how long");
    let mut run = Simulation::new(Rc::new(scenario));
    let progress = run.run_until(SimTime::ZERO + time, u64::MAX);
    assert_ne!(progress.stop, Stop::Livelock);
    run
}

/// The node of that name.
fn node(run: &Simulation, name: &str) -> NodeId {
    let scenario = run.scenario();
    let found = scenario.nodes.values().find(|node| node.name == name);
    found.unwrap_or_else(|| panic!("no node '{name}'")).id
}

fn queue<R>(run: &Simulation, name: &str, look: impl Fn(&QueueStats) -> R) -> R {
    let id = run.queue_of(node(run, name)).expect("the queue exists");
    look(run.stats().queue(id).expect("something happened to it"))
}

fn utilisation(run: &Simulation, name: &str) -> f64 {
    let stats = run.stats();
    let consumer = stats.consumer(node(run, name)).expect("it worked");
    consumer.utilisation(run.now()).expect("it ran")
}

/// Counts of a run, a line for each queue and client, made to be read in a diff.
fn summary(run: &Simulation) -> String {
    let scenario = run.scenario();
    let stats = run.stats();
    let totals = stats.totals();
    let mut text = format!(
        "published {} unroutable {} dropped {} dead-lettered {}\n",
        totals.published,
        totals.unroutable,
        totals.drops.total(),
        totals.dead_lettered
    );
    for node in scenario.nodes.values() {
        let line = match &node.kind {
            NodeKind::Producer(_) => stats.producer(node.id).map(|producer| {
                format!("published {}", producer.published.total())
            }),
            NodeKind::Exchange(_) => run.exchange_of(node.id).and_then(|id| {
                Some(format!("published {}", stats.exchange(id)?.published.total()))
            }),
            NodeKind::Queue(_) => run.queue_of(node.id).and_then(|id| stats.queue(id)).map(|q| {
                format!(
                    "in {} delivered {} redelivered {} settled {} dropped {} ready {} unacked {} \
                     deepest {}",
                    q.enqueued.total(),
                    q.delivered,
                    q.redelivered,
                    q.settled.total(),
                    q.drops.total(),
                    q.ready.now(),
                    q.unacked.now(),
                    q.ready.max()
                )
            }),
            NodeKind::Consumer(_) => stats.consumer(node.id).map(|consumer| {
                format!(
                    "delivered {} acked {} failed {}",
                    consumer.delivered,
                    consumer.acked.total(),
                    consumer.failed
                )
            }),
        };
        let line = line.unwrap_or_else(|| "nothing".to_owned());
        text.push_str(&format!(
            "{} {}: {line}\n",
            node.kind.shape().word(),
            node.name
        ));
    }
    text
}

#[test]
fn every_scenario_of_the_gallery_runs_as_it_did() {
    for item in gallery::items() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/scenarios")
            .join(&item.id);
        let path = folder.join("summary.txt");
        let found = summary(&run(&item.id));
        if updating() {
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(&path, found).expect("the file can be written");
        } else {
            let expected = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(
                found, expected,
                "{}; UPDATE_EXPECT=1 cargo test rewrites it",
                item.id
            );
        }
    }
}

#[test]
fn no_scenario_of_the_gallery_has_an_error_the_fresh_broker_apart() {
    for item in gallery::items() {
        let scenario = gallery::open(&item.id).expect("listed").expect("it opens");
        for problem in validate(&scenario) {
            assert_eq!(
                problem.severity(),
                Severity::Notice,
                "{}: {problem}",
                item.id
            );
        }
    }
}

/// The article's two scripts, with the queue declared: ten messages, a second between them, all
/// taken in order, the first as soon as it is there.
#[test]
fn the_articles_ten_messages_arrive_a_second_apart() {
    let run = run("hello-world");
    let (mut published, mut taken) = (Vec::new(), Vec::new());
    run.records_since(0, |record| match &record.kind {
        TraceKind::Published { message, .. } => published.push((record.at, *message)),
        TraceKind::WorkStarted { message, .. } => taken.push((record.at, *message)),
        _ => {}
    });
    assert_eq!((published.len(), taken.len()), (10, 10));
    for facts in [&published, &taken] {
        for pair in facts.windows(2) {
            assert_eq!(pair[1].0 - pair[0].0, SimDuration::from_secs(1));
        }
    }
    for (sent, received) in published.iter().zip(&taken) {
        assert_eq!(sent.1, received.1, "in the order they were sent");
        assert_eq!(
            received.0 - sent.0,
            SimDuration::from_millis(200),
            "one link's latency later"
        );
    }
    assert_eq!(
        queue(&run, "hello", |q| (q.ready.now(), q.unacked.now())),
        (0, 0)
    );
}

#[test]
fn on_a_fresh_broker_the_articles_messages_vanish_and_its_consumer_is_refused() {
    let run = run("fresh-broker");
    let stats = run.stats();
    assert_eq!(
        (stats.totals().published, stats.totals().unroutable),
        (10, 10)
    );
    let state = run
        .client(node(&run, "consumer.py"))
        .expect("it tried")
        .state;
    match state {
        ClientState::Refused { text, .. } => {
            assert_eq!(&*text, "NOT_FOUND - no queue 'hello' in vhost '/'");
        }
        other => panic!("not refused: {other:?}"),
    }
}

/// 120 a second for 20 s against 25 a second: the backlog is the area between, 1900, and drains.
#[test]
fn the_flash_sale_backs_up_and_drains_as_the_rates_say() {
    let run = run("flash-sale");
    let (deepest, ready) = queue(&run, "orders", |q| (q.ready.max(), q.ready.now()));
    assert!((1750..=2050).contains(&deepest), "backlog {deepest}");
    assert!(ready < 20, "drained: {ready}");
}

/// RabbitMQ's example of 2012: 50 ms each way, 4 ms of work.
#[test]
fn prefetch_keeps_the_consumer_busy_as_the_round_trip_says() {
    let run = run("prefetch");
    let busy = |prefetch: u32| utilisation(&run, &format!("prefetch {prefetch}"));
    // The first delivery comes after the link's latency, so a run of 10 s loses about 1 %.
    assert!((busy(1) - 4.0 / 104.0).abs() < 0.001, "{}", busy(1));
    assert!((busy(13) - 0.5).abs() < 0.01, "{}", busy(13));
    assert!(busy(26) > 0.985, "{}", busy(26));
}

#[test]
fn rejected_mails_come_back_until_each_is_sent() {
    let run = run("retry");
    let acked = run
        .stats()
        .consumer(node(&run, "mail server"))
        .map(|c| c.acked.total());
    assert_eq!(acked, Some(40));
    let (rejected, waited) = (
        queue(&run, "mail", |q| q.drops.rejected),
        queue(&run, "mail-wait", |q| q.drops.expired),
    );
    assert!(
        rejected > 0 && rejected == waited,
        "{rejected} rejected, {waited} came back"
    );
}

#[test]
fn a_cut_connection_loses_nothing_and_a_cut_with_automatic_acks_does() {
    let kept = run("lost-connection");
    assert_eq!(kept.stats().totals().settled, 60);
    assert!(kept.stats().totals().redelivered > 0);
    let mut scenario = gallery::open("lost-connection")
        .expect("listed")
        .expect("it opens");
    let consumer = scenario
        .nodes
        .values()
        .find(|node| node.name == "on the train");
    let consumer = consumer.expect("the consumer whose link is cut");
    let mut kind = consumer.kind.clone();
    let id = consumer.id;
    if let NodeKind::Consumer(consumer) = &mut kind {
        consumer.ack_mode = AckMode::Automatic;
    }
    scenario
        .apply(&Edit::SetNode { node: id, kind })
        .expect("the same kind");
    let careless = run_of(scenario);
    let worked: u64 = careless
        .processes()
        .iter()
        .filter_map(|process| careless.client(process.node))
        .map(|client| client.worked)
        .sum();
    assert!(worked < 60, "{worked} of 60 were worked on");
}

#[test]
fn expired_messages_stay_until_they_reach_the_head() {
    let scenario = gallery::open("ttl-at-the-head")
        .expect("listed")
        .expect("it opens");
    let mut run = Simulation::new(Rc::new(scenario));
    run.run_until(SimTime::from_secs(30), u64::MAX);
    assert_eq!(
        queue(&run, "offers", |q| q.ready.now()),
        11,
        "all expired but one, all there"
    );
    run.run_until(SimTime::from_secs(32), u64::MAX);
    assert_eq!(queue(&run, "offers", |q| q.ready.now()), 0);
    assert_eq!(queue(&run, "expired", |q| q.ready.now()), 11);
}

#[test]
fn urgent_messages_overtake_those_that_wait() {
    let run = run("priorities");
    let urgent = node(&run, "password reset");
    let (mut from, mut waits) = (BTreeMap::new(), [(0, 0.0); 2]);
    run.records_since(0, |record| match &record.kind {
        TraceKind::Published { node, message, .. } => {
            from.insert(*message, *node);
        }
        TraceKind::Delivered {
            message,
            enqueued_at,
            ..
        } => {
            let wait = &mut waits[usize::from(from.get(message) == Some(&urgent))];
            *wait = (
                wait.0 + 1,
                wait.1 + (record.at - *enqueued_at).as_secs_f64(),
            );
        }
        _ => {}
    });
    let [ordinary, urgent] = waits.map(|(count, sum)| sum / f64::from(count));
    assert!(
        urgent < 0.5 && ordinary > 5.0,
        "urgent {urgent} s, ordinary {ordinary} s"
    );
}

/// Sixty-two a second against forty: what messages take rises to the limit, then publishers wait.
#[test]
fn a_full_memory_slows_publishers_down_to_the_worker_and_loses_nothing() {
    let run = run("memory-alarm");
    assert_eq!(run.stats().totals().drops.total(), 0);
    let waits = |name: &str| {
        let wanted = node(&run, name);
        let mut count = 0;
        run.records_since(0, |record| {
            count += u32::from(matches!(record.kind,
                TraceKind::Waits { node, wait: Wait::Unblocked, .. } if node == wanted));
        });
        count
    };
    assert!(waits("importer") > 5 && waits("shop") > 5);
    assert_eq!(waits("worker"), 0);
    let most = queue(&run, "jobs", |q| q.ready.max());
    assert!((300..600).contains(&most), "{most}");
    assert!(utilisation(&run, "worker") > 0.95);
}

/// A queue that needs 5 ms for each message handles 200 a second of the 500 that come.
#[test]
fn flow_slows_down_who_publishes_faster_than_the_queue_and_nobody_else() {
    let run = run("flow");
    let handled = queue(&run, "measured", |q| q.enqueued.total());
    assert!((11_950..=12_000).contains(&handled), "{handled}");
    assert_eq!(queue(&run, "invoices", |q| q.enqueued.total()), 299);
    assert_eq!(run.held_back(node(&run, "sensors")), Some(Wait::Flow));
    assert_eq!(run.held_back(node(&run, "billing")), None);
}
