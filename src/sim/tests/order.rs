//! What comes when: equal times in order of sequence, loads as their rates say.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::scenario::{Arrivals as Spacing, RatePoint};
use crate::sim::arrivals::Arrivals;
use crate::sim::calendar::{Calendar, Event};
use crate::sim::random::{Purpose, Stream};
use crate::types::ProcessId;

#[test]
fn equal_times_are_first_in_first_out() {
    let mut calendar = Calendar::default();
    let wake = |process| Event::Wake {
        process: ProcessId(process),
        turn: 0,
    };
    for process in [5, 3, 9, 1, 7] {
        calendar.schedule(secs(1), wake(process));
    }
    calendar.schedule(secs(0), wake(0));
    let order: Vec<_> = std::iter::from_fn(|| calendar.pop()).collect();
    let expected = [0, 5, 3, 9, 1, 7].map(wake);
    assert!(order.iter().map(|(_, event)| *event).eq(expected));
}

#[test]
fn outages_come_before_the_rest_of_their_instant() {
    let mut calendar = Calendar::default();
    calendar.schedule(secs(1), Event::Parcel { number: 1 });
    let outage = Event::Outage {
        client: 0,
        index: 0,
        plan: 0,
        begins: true,
    };
    calendar.schedule(secs(1), outage);
    assert_eq!(calendar.pop(), Some((secs(1), outage)));
}

fn times(shape: LoadShape, spacing: Spacing, until: SimTime) -> Vec<SimTime> {
    let mut stream = Stream::new(7, NodeId(1), Purpose::Arrivals, 0);
    let load = Load {
        shape,
        arrivals: spacing,
    };
    let mut arrivals = Arrivals::new(&load, &mut stream);
    let mut times = Vec::new();
    while let Some(due) = arrivals.due()
        && due <= until
    {
        times.push(due);
        arrivals.advance(&mut stream);
    }
    times
}

fn regular(shape: LoadShape, until: SimTime) -> Vec<u64> {
    let times = times(shape, Spacing::Regular, until);
    times.iter().map(|at| at.as_nanos() / 1_000_000).collect()
}

fn span(seconds: u64) -> SimDuration {
    SimDuration::from_secs(seconds)
}

#[test]
fn regular_messages_come_when_the_area_reaches_a_whole_number() {
    let constant = LoadShape::Constant { rate: 2.0 };
    assert_eq!(regular(constant, secs(2)), [500, 1000, 1500, 2000]);
    let bursts = LoadShape::Bursts {
        rate: 2.0,
        on: span(1),
        off: span(9),
    };
    assert_eq!(regular(bursts, secs(12)), [500, 1000, 10_500, 11_000]);
    let step = LoadShape::Step {
        before: 1.0,
        after: 4.0,
        at: span(2),
    };
    assert_eq!(regular(step, secs(3)), [1000, 2000, 2250, 2500, 2750, 3000]);
    // 0.2 t^2 from 0 to 4 messages a second over 10 s: the n-th at sqrt(5 n).
    let ramp = LoadShape::Ramp {
        from: 0.0,
        to: 4.0,
        over: span(10),
    };
    let times = regular(ramp, secs(20));
    assert_eq!(times[..4], [2236, 3162, 3872, 4472]);
    assert_eq!((times[19], times[20], times.len()), (10_000, 10_250, 60));
    let spike = LoadShape::Spike {
        base: 0.0,
        peak: 3.0,
        at: span(5),
        lasts: span(1),
    };
    assert_eq!(regular(spike, secs(100)), [5333, 5666, 6000]);
    let rates = LoadShape::Rates {
        points: vec![
            RatePoint {
                at: span(1),
                rate: 1.0,
            },
            RatePoint {
                at: span(3),
                rate: 0.5,
            },
        ],
        last: span(4),
    };
    assert_eq!(regular(rates, secs(100)), [2000, 3000, 5000, 7000]);
}

#[test]
fn a_sine_gives_its_mean_and_nothing_below_zero() {
    let sine = LoadShape::Sine {
        mean: 10.0,
        amplitude: 5.0,
        period: span(60),
    };
    assert_eq!(regular(sine, secs(600)).len(), 6000);
    // Below zero half of the time: the area of a turn is 60 / pi times 10.
    let clipped = LoadShape::Sine {
        mean: 0.0,
        amplitude: 10.0,
        period: span(60),
    };
    let times = regular(clipped, secs(600));
    assert!((1908..=1910).contains(&times.len()), "{}", times.len());
    assert!(times.iter().all(|millis| millis % 60_000 <= 30_000));
}

#[test]
fn poisson_arrivals_have_their_rate() {
    let constant = LoadShape::Constant { rate: 100.0 };
    let count = times(constant, Spacing::Poisson, secs(1000)).len() as f64;
    // Five standard deviations around 100 000.
    assert!((count - 100_000.0).abs() < 5.0 * 316.3, "{count}");
}

#[test]
fn loads_that_make_no_sense_send_nothing() {
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(
            regular(LoadShape::Constant { rate }, SimTime::MAX),
            [0u64; 0]
        );
        let sine = LoadShape::Sine {
            mean: rate,
            amplitude: f64::NAN,
            period: span(0),
        };
        assert_eq!(regular(sine, SimTime::MAX), [0u64; 0]);
    }
}

#[test]
fn listed_times_are_kept_exactly() {
    let times = vec![span(0), span(0), span(3)];
    assert_eq!(
        regular(LoadShape::Times { times }, SimTime::MAX),
        [0, 0, 3000]
    );
}

#[test]
fn a_stream_depends_on_its_own_name_only() {
    let draw =
        |seed, node, purpose, index| Stream::new(seed, NodeId(node), purpose, index).uniform();
    let first = draw(1, 1, Purpose::Service, 0);
    for other in [
        draw(2, 1, Purpose::Service, 0),
        draw(1, 2, Purpose::Service, 0),
        draw(1, 1, Purpose::Failure, 0),
        draw(1, 1, Purpose::Service, 1),
    ] {
        assert!((first - other).abs() > 1e-9);
    }
    assert!((0.0..1.0).contains(&first));
}
