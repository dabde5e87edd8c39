//! Numbers that must come out right: the simulator against theory and against a calculation from data,
//! never against itself.
//!
//! Millions of messages, so optimised builds only: `cargo test --profile theory --test it theory::`.

use brokerlab::scenario::{
    Arrivals, Consumer, Distribution, Edge, EdgeKind, Load, LoadShape, Node, NodeKind, Point,
    Producer, Queue, RatePoint, Scenario,
};
use brokerlab::sim::{Simulation, Stats};
use brokerlab::types::{EdgeId, NodeId, SimDuration, SimTime, VhostName};
use std::rc::Rc;

const QUEUE: NodeId = NodeId(2);
const CONSUMER: NodeId = NodeId(3);

/// A producer, a queue and a consumer in a row.
fn row(seed: u64, load: Load, consumer: Consumer) -> Simulation {
    let vhost = VhostName::truncated("/");
    let mut scenario = Scenario {
        seed,
        vhosts: vec![vhost.clone()],
        ..Scenario::default()
    };
    let producer = Producer {
        load,
        latency: Distribution::Fixed { value: 0.0 },
        ..Producer::default()
    };
    let kinds = [
        NodeKind::Producer(producer),
        NodeKind::Queue(Queue::default()),
        NodeKind::Consumer(consumer),
    ];
    for (id, kind) in (1..).map(NodeId).zip(kinds) {
        let node = Node {
            id,
            name: format!("n{id}"),
            vhost: vhost.clone(),
            position: Point::default(),
            kind,
        };
        scenario.nodes.insert(id, Rc::new(node));
    }
    let lines = [(1, 2, EdgeKind::Publish), (2, 3, EdgeKind::Consume)];
    for (id, (from, to, kind)) in (1..).map(EdgeId).zip(lines) {
        let (from, to) = (NodeId(from), NodeId(to));
        scenario
            .edges
            .insert(id, Rc::new(Edge { id, from, to, kind }));
    }
    let mut run = Simulation::new(Rc::new(scenario));
    run.retain(0);
    run
}

/// What one replication measured.
struct Measured {
    waiting: f64,
    ready: f64,
    utilisation: f64,
    little: f64,
}

const REPLICATIONS: u64 = 20;
const MESSAGES: f64 = 500_000.0;
/// Messages before counting begins: hundreds of times what such a queue remembers.
const WARM_UP: f64 = 50_000.0;
/// Student's t at 99.5 % for 19 degrees of freedom.
const T_99: f64 = 2.861;

/// Service takes a second in the mean; `servers` of them at `utilisation`.
fn replications(servers: u32, utilisation: f64) -> Vec<Measured> {
    let rate = utilisation * f64::from(servers);
    let replication = |seed| {
        let load = Load {
            shape: LoadShape::Constant { rate },
            arrivals: Arrivals::Poisson,
        };
        let consumer = Consumer {
            service: Distribution::Exponential { mean: 1.0 },
            workers: servers,
            prefetch: u16::try_from(servers).expect("few"),
            latency: Distribution::Fixed { value: 0.0 },
            ..Consumer::default()
        };
        let mut run = row(seed, load, consumer);
        let warm = SimTime::ZERO + SimDuration::from_secs_f64(WARM_UP / rate);
        let end = warm + SimDuration::from_secs_f64(MESSAGES / rate);
        run.run_until(warm, u64::MAX);
        run.reset_stats();
        run.run_until(end, u64::MAX);
        measured(&run, &run.stats(), end)
    };
    (0..REPLICATIONS).map(replication).collect()
}

fn measured(run: &Simulation, stats: &Stats, end: SimTime) -> Measured {
    let queue = run.queue_of(QUEUE).expect("declared");
    let queue = stats.queue(queue).expect("used");
    let consumer = stats.consumer(CONSUMER).expect("used");
    Measured {
        waiting: queue.waiting.mean().expect("some").as_secs_f64(),
        ready: queue.ready.mean(end),
        utilisation: consumer.utilisation(end).expect("it ran"),
        little: queue.little(end).ratio().expect("many messages"),
    }
}

/// `expected` lies within the 99 % confidence interval of the samples, whose half-width is below
/// `width` of their mean.
fn check(what: &str, expected: f64, samples: &[f64], width: f64) {
    let count = samples.len() as f64;
    let mean = samples.iter().sum::<f64>() / count;
    let squares: f64 = samples.iter().map(|sample| (sample - mean).powi(2)).sum();
    let half = T_99 * (squares / (count - 1.0) / count).sqrt();
    println!("{what}: {mean} +- {half}, expected {expected}");
    assert!(
        (mean - expected).abs() <= half,
        "{what}: {expected} is not within {mean} +- {half}"
    );
    assert!(
        half < width * mean,
        "{what}: {half} is wider than {width} of {mean}"
    );
}

fn check_queue(servers: u32, utilisation: f64) {
    let measured = replications(servers, utilisation);
    let of = |pick: fn(&Measured) -> f64| measured.iter().map(pick).collect::<Vec<f64>>();
    let rate = utilisation * f64::from(servers);
    let waiting = erlang_waiting(servers, utilisation);
    check("waiting", waiting, &of(|one| one.waiting), 0.03);
    check("ready", rate * waiting, &of(|one| one.ready), 0.03);
    check("utilisation", utilisation, &of(|one| one.utilisation), 0.03);
    check("Little's law", 1.0, &of(|one| one.little), 0.001);
}

/// Erlang's mean waiting time in M/M/c with a mean service of one second (Erlang 1917, formula C).
fn erlang_waiting(servers: u32, utilisation: f64) -> f64 {
    let offered = utilisation * f64::from(servers);
    let mut term = 1.0;
    let mut sum = 0.0;
    for busy in 0..servers {
        sum += term;
        term *= offered / f64::from(busy + 1);
    }
    let queued = term / (1.0 - utilisation);
    let waits = queued / (sum + queued);
    waits / (f64::from(servers) - offered)
}

#[test]
fn a_single_server_at_four_fifths_waits_as_erlang_says() {
    // The textbook's number, to check the formula itself.
    assert!((erlang_waiting(1, 0.8) - 4.0).abs() < 1e-12);
    check_queue(1, 0.8);
}

#[test]
fn three_servers_at_nine_tenths_wait_as_erlang_says() {
    check_queue(3, 0.9);
}

/// RabbitMQ's example of 2012 ("Some queuing theory: throughput, latency and bandwidth"): 50 ms each
/// way, 4 ms of work.
#[test]
fn prefetch_hides_latency_as_rabbitmq_told_in_2012() {
    for (prefetch, expected) in [(1, 4.0 / 104.0), (13, 0.5), (25, 100.0 / 104.0), (26, 1.0)] {
        let load = Load {
            shape: LoadShape::Constant { rate: 1000.0 },
            arrivals: Arrivals::Regular,
        };
        let consumer = Consumer {
            service: Distribution::Fixed { value: 0.004 },
            prefetch,
            latency: Distribution::Fixed { value: 0.05 },
            ..Consumer::default()
        };
        let mut run = row(1, load, consumer);
        // Whole rounds of 104 ms, once the first deliveries are under way.
        run.run_until(SimTime::from_millis(1_040), u64::MAX);
        run.reset_stats();
        let end = SimTime::from_millis(1_040 + 104 * 100);
        run.run_until(end, u64::MAX);
        let stats = run.stats();
        let busy = stats.consumer(CONSUMER).expect("used").utilisation(end);
        let busy = busy.expect("it ran");
        assert!(
            (busy - expected).abs() < 1e-3,
            "prefetch {prefetch}: {busy}, not {expected}"
        );
    }
}

/// Seconds and counts of a load balancer's trace, from its first point on.
fn load_balancer() -> Option<Vec<(u64, f64)>> {
    let path = "../shared/data/traces/elb_request_count_8c0756.csv";
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: {path} is not here");
        return None;
    };
    let mut points = Vec::new();
    for line in text.lines().skip(1) {
        let (time, count) = line.split_once(',').expect("two columns");
        let numbers: Vec<u64> = time
            .split(['-', ' ', ':'])
            .map(|part| part.parse().expect("a date"))
            .collect();
        // All of one month.
        let seconds = ((numbers[2] * 24 + numbers[3]) * 60 + numbers[4]) * 60 + numbers[5];
        points.push((seconds, count.parse().expect("a count")));
    }
    let first = points[0].0;
    Some(
        points
            .iter()
            .map(|(at, count)| (at - first, *count))
            .collect(),
    )
}

/// The ten-line calculation: a backlog grows by what comes and shrinks by what can be done.
struct Calculated {
    /// The backlog at the end of each point's interval.
    backlogs: Vec<f64>,
    peak: f64,
    /// The point at whose end the peak is.
    peak_index: usize,
    drained_at: f64,
}

/// `stretches` are (from, to, rate), in seconds and messages a second.
fn calculate(stretches: &[(u64, u64, f64)], capacity: f64) -> Calculated {
    let mut backlogs: Vec<f64> = Vec::new();
    let (mut backlog, mut peak, mut peak_index, mut drained) = (0.0, 0.0, 0, None);
    for (index, (from, to, rate)) in stretches.iter().enumerate() {
        let after = f64::max(backlog + (rate - capacity) * (to - from) as f64, 0.0);
        if after > peak {
            (peak, peak_index, drained) = (after, index, None);
        } else if after == 0.0 && backlog > 0.0 && drained.is_none() {
            drained = Some(*from as f64 + backlog / (capacity - rate));
        }
        backlog = after;
        backlogs.push(backlog);
    }
    // What is left when the trace ends is worked off with nothing coming any more.
    let end = stretches.last().map_or(0, |stretch| stretch.1) as f64;
    Calculated {
        backlogs,
        peak,
        peak_index,
        drained_at: drained.unwrap_or(end + backlog / capacity),
    }
}

fn run_trace(stretches: &[(u64, u64, f64)], capacity: f64) -> Simulation {
    let point = |(from, _, rate): &(u64, u64, f64)| RatePoint {
        at: SimDuration::from_secs(*from),
        rate: *rate,
    };
    let load = Load {
        shape: LoadShape::Rates {
            points: stretches.iter().map(point).collect(),
            last: SimDuration::from_secs(300),
        },
        arrivals: Arrivals::Regular,
    };
    let consumer = Consumer {
        service: Distribution::Fixed {
            value: 1.0 / capacity,
        },
        latency: Distribution::Fixed { value: 0.0 },
        ..Consumer::default()
    };
    row(1, load, consumer)
}

/// Messages in the queue; and whatever was published is somewhere.
fn accounted(run: &Simulation) -> u64 {
    let stats = run.stats();
    let totals = stats.totals();
    let queue = run.queue_of(QUEUE).and_then(|queue| stats.queue(queue));
    let held = queue.map_or(0, |queue| queue.ready.now() + queue.unacked.now());
    let gone = totals.settled + totals.drops.total();
    assert_eq!(totals.published, gone + held, "at {}", run.now());
    held
}

#[test]
fn a_load_balancers_trace_backs_up_and_drains_as_calculated() {
    let Some(points) = load_balancer() else {
        return;
    };
    let ends = points.iter().skip(1).map(|point| point.0);
    let ends = ends.chain(points.last().map(|point| point.0 + 300));
    let stretches: Vec<(u64, u64, f64)> = points
        .iter()
        .zip(ends)
        .map(|((from, count), to)| (*from, to, count / 300.0))
        .collect();
    let messages: f64 = stretches
        .iter()
        .map(|(from, to, rate)| rate * (to - from) as f64)
        .sum();
    let capacity = 1.2 * messages / stretches[stretches.len() - 1].1 as f64;
    let calculated = calculate(&stretches, capacity);

    let mut run = run_trace(&stretches, capacity);
    let mut at_peak = run.clone();
    for (index, (stretch, expected)) in stretches.iter().zip(&calculated.backlogs).enumerate() {
        run.run_until(SimTime::from_secs(stretch.1), u64::MAX);
        let held = accounted(&run);
        let at = run.now();
        assert!(
            (held as f64 - expected).abs() <= 2.0,
            "at {at}: {held}, calculated {expected}"
        );
        if index == calculated.peak_index {
            at_peak = run.clone();
        }
    }
    let id = run.queue_of(QUEUE).expect("declared");
    let published = run.stats().totals().published as f64;
    let peak = run.stats().queue(id).expect("used").ready.max() as f64;
    assert!(
        (published - messages).abs() <= 1.0,
        "{published}, calculated {messages}"
    );
    let expected = calculated.peak;
    assert!(
        (peak - expected).abs() <= 2.0,
        "peak {peak}, calculated {expected}"
    );

    while at_peak.stats().queue(id).expect("used").ready.now() > 0 {
        let next = at_peak.now() + SimDuration::from_secs(1);
        at_peak.run_until(next, u64::MAX);
    }
    let (drained, expected) = (at_peak.now().as_secs_f64(), calculated.drained_at);
    println!(
        "peak {peak}, calculated {}; drained at {drained}, calculated {expected}",
        calculated.peak
    );
    // Two messages' work, and the second between two looks.
    let slack = 2.0 / capacity + 1.0;
    assert!(
        (drained - expected).abs() <= slack,
        "{drained}, calculated {expected}"
    );
}
