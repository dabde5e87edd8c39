//! A producer's load: a rate that changes with time, and how arrivals fall under that rate.
//!
//! Deliberately not here: drawing the arrivals; that is the simulator's.

use crate::types::SimDuration;
use serde::{Deserialize, Serialize};

/// When a producer publishes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// The rate over time.
    #[serde(flatten)]
    pub shape: LoadShape,
    /// Evenly spaced or at random under that rate.
    #[serde(default)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arrivals {
    /// Evenly: the n-th message comes when the area under the rate reaches n.
    #[default]
    Regular,
    /// A Poisson process with that rate.
    Poisson,
}

/// A rate over time. Rates are messages per second, zero or more; times count from the run's start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "kebab-case", deny_unknown_fields)]
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RatePoint {
    /// From the run's start.
    pub at: SimDuration,
    /// Messages per second.
    pub rate: f64,
}
