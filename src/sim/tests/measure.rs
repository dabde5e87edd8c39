//! Levels, spans, rates and curves are what their definitions say.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::sim::random::{Purpose, Stream};
use crate::sim::stats::{Level, Rate, Spans};

#[test]
fn a_level_is_weighted_by_time() {
    let mut level = Level::new(secs(0), 2);
    level.up(secs(4));
    level.set(secs(6), 0);
    assert_eq!((level.now(), level.max()), (0, 3));
    assert!((level.mean(secs(10)) - 1.4).abs() < 1e-12);
    assert!((level.total_secs(secs(10)) - 14.0).abs() < 1e-12);
}

#[test]
fn quantiles_hold_two_digits_at_any_size() {
    let mut stream = Stream::new(3, NodeId(1), Purpose::Service, 0);
    for scale in [10.0, 300.0, 1e6, 1e12, 1e18] {
        let mut spans = Spans::default();
        let mut exact: Vec<u64> = Vec::new();
        for _ in 0..5_000 {
            let nanos = (stream.exponential() * scale) as u64;
            spans.add(SimDuration::from_nanos(nanos));
            exact.push(nanos);
        }
        exact.sort_unstable();
        for quantile in [0.0f64, 0.5, 0.95, 0.99, 1.0] {
            let rank = ((quantile * 5_000.0).ceil() as usize).max(1);
            let expected = exact[rank - 1] as f64;
            let got = spans.quantile(quantile).expect("some").as_nanos() as f64;
            let slack = expected * 0.01;
            assert!(
                (expected..=expected + slack).contains(&got),
                "{scale} {quantile}: {got}"
            );
        }
        let sum: u128 = exact.iter().map(|nanos| u128::from(*nanos)).sum();
        let mean = spans.mean().expect("some").as_nanos();
        assert_eq!(u128::from(mean), sum / 5_000);
        assert_eq!(
            spans.max(),
            exact.last().map(|nanos| SimDuration::from_nanos(*nanos))
        );
    }
    let mut longest = Spans::default();
    longest.add(SimDuration::MAX);
    assert_eq!(longest.quantile(0.5), Some(SimDuration::MAX));
    assert_eq!(Spans::default().quantile(0.5), None);
}

/// The share of draws up to a number is the integral's, and no draw depends on the one before it.
#[test]
fn exponential_draws_are_spread_as_they_should_be() {
    const DRAWS: usize = 400_000;
    let mut stream = Stream::new(5, NodeId(1), Purpose::Service, 0);
    let draws: Vec<f64> = (0..DRAWS).map(|_| stream.exponential()).collect();
    assert!(draws.iter().all(|draw| *draw >= 0.0));
    for bound in [0.01, 0.1, 0.5, 0.693, 0.7, 1.0, 1.4, 2.0, 3.5, 7.0] {
        let below = draws.iter().filter(|draw| **draw <= bound).count() as f64;
        let share = 1.0 - (-bound).exp();
        let deviation = (DRAWS as f64 * share * (1.0 - share)).sqrt();
        let miss = below - DRAWS as f64 * share;
        assert!(miss.abs() < 4.5 * deviation, "{bound}: {below}");
    }
    let count = DRAWS as f64;
    let mean = draws.iter().sum::<f64>() / count;
    assert!((mean - 1.0).abs() < 4.5 / count.sqrt(), "mean {mean}");
    let products = draws
        .windows(2)
        .map(|pair| (pair[0] - 1.0) * (pair[1] - 1.0));
    let correlation = products.sum::<f64>() / count;
    assert!(correlation.abs() < 4.5 / count.sqrt(), "{correlation}");
}

#[test]
fn a_rate_forgets_what_is_older_than_its_window() {
    let mut rate = Rate::new(secs(0));
    for second in 0..100 {
        rate.add(secs(second));
    }
    assert_eq!(rate.total(), 100);
    let now = SimTime::from_nanos(99_999_999_999);
    assert!((rate.per_second(now) - 1.0).abs() < 1e-6);
    assert!(rate.per_second(secs(200)).abs() < 1e-12);
    assert!((rate.per_second_overall(secs(200)) - 0.5).abs() < 1e-12);
}

#[test]
fn a_curve_stays_within_its_points_and_loses_no_message() {
    let mut run = Draft::line(producer(50.0), Queue::default(), consumer(0.01)).run();
    run.retain(0);
    for minutes in [1, 5, 20] {
        go(&mut run, secs(minutes * 60));
        let stats = run.stats();
        let queue = run.queue_of(QUEUE).and_then(|queue| stats.queue(queue));
        let queue = queue.expect("used");
        let points: Vec<_> = queue.series().points().collect();
        assert!(points.len() <= crate::sim::stats::POINTS_MAX);
        let arrivals: u64 = points
            .iter()
            .map(|(_, point)| u64::from(point.arrivals))
            .sum();
        assert_eq!(arrivals, queue.enqueued.total());
        assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
