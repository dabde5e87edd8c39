//! Producers and consumers: are they connected, and are their numbers such that a run makes sense.
//!
//! Deliberately not here: the broker's own checks of arguments.

use super::index::Index;
use crate::scenario::limits::WORKERS_MAX;
use crate::scenario::{
    Choice, Consumer, Distribution, LoadShape, Node, NodeKind, Problem, Producer, Queue, Scenario,
};
use crate::types::{ProblemCode, Profile, Shortest};

/// The largest message RabbitMQ takes by default, in octets (semantics, section 7 and 20).
const fn message_octets_max(profile: Profile) -> f64 {
    match profile {
        Profile::V3 => 134_217_728.0,
        Profile::V4 => 16_777_216.0,
    }
}

fn out_of_range(path: &str, given: impl ToString, expected: &str) -> Problem {
    Problem::new(ProblemCode::NumberOutOfRange)
        .at_path(path)
        .with("given", given)
        .with("expected", expected)
}

pub(super) fn check_options(scenario: &Scenario, found: &mut Vec<Problem>) {
    if let Some(speed) = scenario.speed
        && speed <= 0.0
    {
        found.push(out_of_range("speed", Shortest(speed), "> 0"));
    }
    let broker = &scenario.broker;
    for (limit, path) in [
        (broker.memory_limit, "broker.memory_limit"),
        (broker.disk_limit(), "broker.disk_free"),
    ] {
        if limit == Some(0) {
            found.push(Problem::new(ProblemCode::AlarmFromStart).at_path(path));
        }
    }
}

pub(super) fn check_producer(
    index: &Index<'_>,
    node: &Node,
    producer: &Producer,
    found: &mut Vec<Problem>,
) {
    if !index.publishes(node.id) {
        found.push(Problem::new(ProblemCode::ProducerWithoutTarget).with("name", &node.name));
    }
    check_load(node, producer, found);
    check_choice(&producer.routing_key, "routing_key", found);
    for header in &producer.headers {
        check_choice(&header.value, "headers", found);
    }
    check_distribution(&producer.size, "size", found);
    check_distribution(&producer.latency, "latency", found);
    let octets_max = message_octets_max(index.profile);
    let largest = match producer.size {
        Distribution::Fixed { value } => value,
        Distribution::Uniform { max, .. } => max,
        Distribution::Exponential { .. } | Distribution::Lognormal { .. } => 0.0,
    };
    if largest > octets_max {
        found.push(
            Problem::new(ProblemCode::MessageTooLarge)
                .at_path("size")
                .with("given", Shortest(largest))
                .with("max", Shortest(octets_max)),
        );
    }
    if producer.confirm_window == Some(0) {
        found.push(out_of_range("confirm_window", 0, "> 0"));
    }
}

fn check_load(node: &Node, producer: &Producer, found: &mut Vec<Problem>) {
    let (lowest, highest) = match &producer.load.shape {
        LoadShape::Constant { rate } | LoadShape::Bursts { rate, .. } => (*rate, *rate),
        LoadShape::Ramp { from, to, .. } => (from.min(*to), from.max(*to)),
        LoadShape::Step { before, after, .. } => (before.min(*after), before.max(*after)),
        LoadShape::Spike { base, peak, .. } => (base.min(*peak), base.max(*peak)),
        // It never goes below zero, whatever the amplitude.
        LoadShape::Sine {
            mean, amplitude, ..
        } => (*mean, mean.max(*amplitude)),
        LoadShape::Times { times } => {
            if times.windows(2).any(|pair| pair[0] > pair[1]) {
                found.push(Problem::new(ProblemCode::TimesUnordered).at_path("load.times"));
            }
            (0.0, if times.is_empty() { 0.0 } else { 1.0 })
        }
        LoadShape::Rates { points, .. } => {
            if points.windows(2).any(|pair| pair[0].at >= pair[1].at) {
                found.push(Problem::new(ProblemCode::TimesUnordered).at_path("load.points"));
            }
            points
                .iter()
                .fold((0.0_f64, 0.0_f64), |(low, high), point| {
                    (low.min(point.rate), high.max(point.rate))
                })
        }
    };
    if lowest < 0.0 {
        found.push(out_of_range("load", Shortest(lowest), ">= 0"));
    }
    if highest <= 0.0 || producer.limit == Some(0) {
        found.push(
            Problem::new(ProblemCode::LoadEmpty)
                .at_path("load")
                .with("name", &node.name),
        );
    }
    let turn = match &producer.load.shape {
        LoadShape::Bursts { on, off, .. } => Some((on.is_zero() && off.is_zero(), "load.on")),
        LoadShape::Sine { period, .. } => Some((period.is_zero(), "load.period")),
        LoadShape::Constant { .. }
        | LoadShape::Ramp { .. }
        | LoadShape::Step { .. }
        | LoadShape::Spike { .. }
        | LoadShape::Times { .. }
        | LoadShape::Rates { .. } => None,
    };
    if let Some((true, path)) = turn {
        found.push(out_of_range(path, "0s", "> 0s"));
    }
}

pub(super) fn check_consumer(
    index: &Index<'_>,
    node: &Node,
    consumer: &Consumer,
    found: &mut Vec<Problem>,
) {
    if !index.consumes(node.id) {
        found.push(Problem::new(ProblemCode::ConsumerWithoutQueue).with("name", &node.name));
    }
    check_distribution(&consumer.service, "service", found);
    check_distribution(&consumer.latency, "latency", found);
    if !(1..=WORKERS_MAX).contains(&consumer.workers) {
        let expected = format!("1 .. {WORKERS_MAX}");
        found.push(out_of_range("workers", consumer.workers, &expected));
    }
    if !(0.0..=1.0).contains(&consumer.failures.share) {
        found.push(out_of_range(
            "failures.share",
            Shortest(consumer.failures.share),
            "0 .. 1",
        ));
    }
}

/// Who consumes from a queue.
pub(super) fn check_consumers_of(
    index: &Index<'_>,
    node: &Node,
    queue: &Queue,
    found: &mut Vec<Problem>,
) {
    let consumers = index.consumers_of(node.id);
    // A queue that empties itself may well be without a consumer: a delay, a last resort.
    let limits = ["x-message-ttl", "x-max-length", "x-max-length-bytes"];
    let limited = limits
        .iter()
        .any(|limit| queue.arguments.get(limit).is_some());
    if consumers.is_empty() && index.is_loaded(node) && !limited {
        found.push(Problem::new(ProblemCode::QueueWithoutConsumer).with("name", &node.name));
    }
    let exclusive =
        |node: &&Node| matches!(&node.kind, NodeKind::Consumer(consumer) if consumer.exclusive);
    if consumers.len() > 1 && consumers.iter().any(exclusive) {
        found.push(Problem::new(ProblemCode::ExclusiveConsumerShared).with("name", &node.name));
    }
    // The first consumer declares it on its own connection and may use it.
    if queue.exclusive && consumers.len() > 1 {
        found.push(
            Problem::new(ProblemCode::ExclusiveQueue)
                .at_path("exclusive")
                .with("name", &node.name),
        );
    }
}

fn check_choice<T>(choice: &Choice<T>, path: &str, found: &mut Vec<Problem>) {
    let empty = match choice {
        Choice::Fixed(_) => false,
        Choice::Cycle(values) => values.is_empty(),
        Choice::Drawn(values) => values.iter().all(|(_, weight)| *weight == 0),
    };
    if empty {
        found.push(Problem::new(ProblemCode::ChoiceEmpty).at_path(path));
    }
}

fn check_distribution(distribution: &Distribution, path: &str, found: &mut Vec<Problem>) {
    let lowest = match distribution {
        Distribution::Fixed { value } => *value,
        Distribution::Uniform { min, max } => {
            if min > max {
                found.push(
                    Problem::new(ProblemCode::RangeReversed)
                        .at_path(path)
                        .with("min", Shortest(*min))
                        .with("max", Shortest(*max)),
                );
            }
            min.min(*max)
        }
        Distribution::Exponential { mean } => *mean,
        Distribution::Lognormal { mean, deviation } => mean.min(*deviation),
    };
    if lowest < 0.0 {
        found.push(out_of_range(path, Shortest(lowest), ">= 0"));
    }
}
