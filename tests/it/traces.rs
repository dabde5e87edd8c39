//! Recorded loads: every message of a trace is published, at the trace's pace.
//!
//! The traces stand beside the package, not in it; without them the tests say so and pass.

use brokerlab::scenario::{
    Edit, Load, LoadShape, NodeKind, Point, Producer, Queue, RateOptions, Scenario, format,
    read_rates,
};
use brokerlab::sim::Simulation;
use brokerlab::types::{SimTime, VhostName};
use std::path::Path;
use std::rc::Rc;

/// Name, text and values of each trace.
fn traces() -> Vec<(&'static str, String, Vec<f64>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/traces");
    let read = |name: &'static str| {
        let Ok(text) = std::fs::read_to_string(folder.join(name)) else {
            println!("skipped: no trace ../shared/data/traces/{name}");
            return None;
        };
        let value = |line: &str| line.split(',').nth(1)?.parse().ok();
        let values = text
            .lines()
            .skip(1)
            .map(|line| value(line).expect("a number"))
            .collect();
        Some((name, text, values))
    };
    ["elb_request_count_8c0756.csv", "Twitter_volume_AAPL.csv"]
        .into_iter()
        .filter_map(read)
        .collect()
}

/// Messages under a rate: the area.
fn area(shape: &LoadShape) -> f64 {
    let LoadShape::Rates { points, last } = shape else {
        panic!("a trace becomes rates");
    };
    let end = points.last().expect("points").at + *last;
    let ends = points.iter().skip(1).map(|point| point.at).chain([end]);
    points
        .iter()
        .zip(ends)
        .map(|(point, end)| point.rate * (end.as_secs_f64() - point.at.as_secs_f64()))
        .sum()
}

#[test]
fn a_trace_keeps_every_message_at_any_pace() {
    for (name, text, values) in traces() {
        let total: f64 = values.iter().sum();
        for time_scale in [1.0, 60.0, 300.0] {
            let options = RateOptions {
                time_scale,
                ..RateOptions::default()
            };
            let shape = read_rates(&text, &options).expect(name);
            let found = area(&shape);
            assert!(
                (found - total).abs() < 0.01,
                "{name} at {time_scale}: {found}, not {total}"
            );
        }
    }
}

/// A stretch of a trace, five minutes in a second, published into a queue.
#[test]
fn a_run_publishes_what_the_trace_says() {
    const ROWS: usize = 60;
    for (name, text, values) in traces() {
        let stretch: Vec<&str> = text.lines().take(ROWS + 1).collect();
        let total: f64 = values[..ROWS].iter().sum();
        let options = RateOptions {
            time_scale: 300.0,
            ..RateOptions::default()
        };
        let shape = read_rates(&stretch.join("\n"), &options).expect(name);
        let load = Load {
            shape,
            ..Load::default()
        };
        let producer = NodeKind::Producer(Producer {
            load,
            ..Producer::default()
        });
        let mut scenario = Scenario::new();
        let mut ids = Vec::new();
        for kind in [producer, NodeKind::Queue(Queue::default())] {
            let edit = Edit::AddNode {
                kind,
                name: None,
                vhost: VhostName::truncated("/"),
                position: Point::default(),
            };
            ids.extend(scenario.apply(&edit).expect("a node").nodes);
        }
        let (from, to) = (ids[0], ids[1]);
        scenario
            .apply(&Edit::Connect {
                from,
                to,
                kind: None,
            })
            .expect("a line");
        let again = format::read(&format::write(&scenario)).expect("its file opens");
        assert_eq!(again, scenario, "{name}");
        let mut run = Simulation::new(Rc::new(scenario));
        run.run_until(SimTime::from_secs(2 * ROWS as u64), u64::MAX);
        let published = run.stats().totals().published;
        assert!(
            published.abs_diff(total as u64) <= 1,
            "{name}: {published}, not {total}"
        );
    }
}
