//! A producer's load: a rate that changes with time, and how arrivals fall under that rate.
//!
//! Deliberately not here: drawing the arrivals; that is the simulator's.

use crate::types::SimDuration;

/// When a producer publishes.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// The rate over time.
    pub shape: LoadShape,
    /// Evenly spaced or at random under that rate.
    pub arrivals: Arrivals,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            shape: LoadShape::Constant { rate: 1.0 },
            arrivals: Arrivals::Regular,
        }
    }
}

/// How arrivals fall under a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arrivals {
    /// Evenly: the n-th message comes when the area under the rate reaches n.
    #[default]
    Regular,
    /// A Poisson process with that rate.
    Poisson,
}

/// A rate over time. Rates are messages per second, zero or more; times count from the run's start.
#[derive(Debug, Clone, PartialEq)]
pub enum LoadShape {
    /// Always the same.
    Constant {
        /// Messages per second.
        rate: f64,
    },
    /// On and off in turn, beginning with on.
    Bursts {
        /// Messages per second while on.
        rate: f64,
        /// How long on.
        on: SimDuration,
        /// How long off.
        off: SimDuration,
    },
    /// From one rate to another in a straight line, then the other.
    Ramp {
        /// At the start.
        from: f64,
        /// At the end.
        to: f64,
        /// How long it takes.
        over: SimDuration,
    },
    /// One rate, then another.
    Step {
        /// Before.
        before: f64,
        /// After.
        after: f64,
        /// When it changes.
        at: SimDuration,
    },
    /// A base rate with one spike.
    Spike {
        /// Outside the spike.
        base: f64,
        /// Within it.
        peak: f64,
        /// When it begins.
        at: SimDuration,
        /// How long it lasts.
        lasts: SimDuration,
    },
    /// Mean plus amplitude times a sine; never below zero.
    Sine {
        /// The mean.
        mean: f64,
        /// The amplitude.
        amplitude: f64,
        /// One full turn.
        period: SimDuration,
    },
    /// Exactly at these times, in ascending order.
    Times {
        /// Times from the start.
        times: Vec<SimDuration>,
    },
    /// A rate that holds from each point to the next (a recorded trace); after the last point's
    /// interval there are no more messages.
    Rates {
        /// Points in ascending order of time.
        points: Vec<RatePoint>,
        /// How long the last point's rate holds.
        last: SimDuration,
    },
}

/// From this time on, this rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatePoint {
    /// From the run's start.
    pub at: SimDuration,
    /// Messages per second.
    pub rate: f64,
}

impl LoadShape {
    /// The rate at a time from the run's start, in messages per second. For showing: arrivals are
    /// drawn from exact areas. Single times have no rate.
    #[must_use]
    pub fn rate_at(&self, at: SimDuration) -> f64 {
        let seconds = at.as_secs_f64();
        match self {
            Self::Constant { rate } => *rate,
            Self::Bursts { rate, on, off } => {
                let period = on.as_nanos().saturating_add(off.as_nanos()).max(1);
                if at.as_nanos() % period < on.as_nanos() {
                    *rate
                } else {
                    0.0
                }
            }
            Self::Ramp { from, to, over } if at < *over => {
                from + (to - from) * seconds / over.as_secs_f64()
            }
            Self::Ramp { to, .. } => *to,
            Self::Step {
                before, at: change, ..
            } if at < *change => *before,
            Self::Step { after, .. } => *after,
            Self::Spike {
                base,
                peak,
                at: begin,
                lasts,
            } => {
                if at >= *begin && at < *begin + *lasts {
                    *peak
                } else {
                    *base
                }
            }
            Self::Sine {
                mean,
                amplitude,
                period,
            } => {
                let turn = seconds / period.as_secs_f64().max(f64::MIN_POSITIVE);
                let sine = libm::sin(turn * std::f64::consts::TAU);
                (mean + amplitude * sine).max(0.0)
            }
            Self::Times { .. } => 0.0,
            Self::Rates { points, last } => {
                let next = points.partition_point(|point| point.at <= at);
                match next.checked_sub(1).map(|index| points[index]) {
                    Some(point) if next < points.len() || at < point.at + *last => point.rate,
                    Some(_) | None => 0.0,
                }
            }
        }
    }

    /// How much of the load a drawing should show, so that its shape can be seen.
    #[must_use]
    pub fn telling_span(&self) -> SimDuration {
        let part = |span: SimDuration| SimDuration::from_nanos(span.as_nanos() / 2);
        match self {
            Self::Constant { .. } => SimDuration::from_secs(1),
            Self::Bursts { on, off, .. } => (*on + *off).times(3),
            Self::Ramp { over, .. } => *over + part(*over),
            Self::Step { at, .. } => at.times(2),
            Self::Spike { at, lasts, .. } => *at + lasts.times(2),
            Self::Sine { period, .. } => period.times(2),
            Self::Times { times } => times.last().copied().unwrap_or_default(),
            Self::Rates { points, last } => points
                .last()
                .map_or(SimDuration::ZERO, |point| point.at + *last),
        }
    }
}
