//! When a producer's messages are due: a rate over time, integrated exactly and inverted.
//!
//! The n-th regular message is due when the area under the rate reaches n; the n-th message of a Poisson process
//! when it reaches the sum of n exponential draws (Cinlar 1975, time transformation). So a long run gathers no rounding, and
//! a change of load in mid-run keeps what was left to wait for. Deliberately not here: publishing.

mod curve;

pub(super) use curve::Curve;

use crate::scenario::{Arrivals as Spacing, Load, LoadShape};
use crate::sim::random::Stream;
use crate::types::{SimDuration, SimTime};
use std::rc::Rc;

/// Where a message falls short of the area of a whole number by less than this, the rounding of the
/// area is meant.
const AREA_SLACK: f64 = 1e-9;

/// The arrivals of one producer: plain data that knows the next one.
#[derive(Debug, Clone)]
pub(super) struct Arrivals {
    source: Source,
    /// The area at which the next message is due.
    target: f64,
    /// How many listed times have been used.
    listed: usize,
}

#[derive(Debug, Clone)]
enum Source {
    Rate { curve: Curve, poisson: bool },
    Times(Rc<[SimDuration]>),
}

impl Arrivals {
    pub(super) fn new(load: &Load, stream: &mut Stream) -> Self {
        let source = match &load.shape {
            LoadShape::Times { times } => Source::Times(times.as_slice().into()),
            LoadShape::Constant { .. }
            | LoadShape::Bursts { .. }
            | LoadShape::Ramp { .. }
            | LoadShape::Step { .. }
            | LoadShape::Spike { .. }
            | LoadShape::Sine { .. }
            | LoadShape::Rates { .. } => Source::Rate {
                curve: Curve::new(&load.shape),
                poisson: load.arrivals == Spacing::Poisson,
            },
        };
        let mut arrivals = Self {
            source,
            target: 0.0,
            listed: 0,
        };
        arrivals.target = arrivals.step(stream);
        arrivals
    }

    /// The area from one message to the next.
    fn step(&self, stream: &mut Stream) -> f64 {
        match &self.source {
            Source::Rate { poisson: true, .. } => stream.exponential(),
            Source::Rate { poisson: false, .. } | Source::Times(_) => 1.0,
        }
    }

    /// When the next message is due; `None` when there is none any more.
    #[inline]
    pub(super) fn due(&self) -> Option<SimTime> {
        match &self.source {
            Source::Rate { curve, .. } => {
                let seconds = curve.reaches(self.target)?;
                // Beyond what time can hold means never.
                let nanos = seconds * 1e9 + 0.5;
                (nanos < u64::MAX as f64).then(|| SimTime::from_nanos(nanos as u64))
            }
            Source::Times(times) => {
                let due = times.get(self.listed)?;
                Some(SimTime::ZERO + *due)
            }
        }
    }

    /// The message that was due is published.
    #[inline]
    pub(super) fn advance(&mut self, stream: &mut Stream) {
        match &self.source {
            Source::Rate { .. } => self.target += self.step(stream),
            Source::Times(_) => self.listed += 1,
        }
    }

    /// Passes over everything due up to `now`: nobody was there to publish it.
    pub(super) fn skip_to(&mut self, now: SimTime, stream: &mut Stream) {
        match &self.source {
            Source::Rate { curve, poisson } => {
                let area = curve.area(now.as_secs_f64());
                if area + AREA_SLACK >= self.target {
                    self.target = if *poisson {
                        area + stream.exponential()
                    } else {
                        (area + AREA_SLACK).floor() + 1.0
                    };
                }
            }
            Source::Times(times) => {
                let passed = times.partition_point(|due| SimTime::ZERO + *due <= now);
                self.listed = self.listed.max(passed);
            }
        }
    }

    /// Takes over from `before` at `now`: what was left of the area to the next message stays.
    pub(super) fn take_over(&mut self, before: &Self, now: SimTime, stream: &mut Stream) {
        match (&self.source, &before.source) {
            (Source::Rate { curve, .. }, Source::Rate { curve: old, .. }) => {
                let seconds = now.as_secs_f64();
                let left = (before.target - old.area(seconds)).max(0.0);
                self.target = curve.area(seconds) + left;
            }
            (Source::Rate { .. } | Source::Times(_), Source::Rate { .. } | Source::Times(_)) => {
                self.skip_to(now, stream);
            }
        }
    }
}
