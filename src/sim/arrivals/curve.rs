//! A rate over time as pieces whose area is known exactly, and its inverse.
//!
//! Deliberately not here: messages.

use super::AREA_SLACK;
use crate::scenario::LoadShape;
use std::f64::consts::PI;
use std::rc::Rc;

/// A stretch in which the rate is a straight line.
#[derive(Debug, Clone, Copy)]
pub(in crate::sim) struct Piece {
    start: f64,
    end: f64,
    rate: f64,
    /// Change of the rate a second.
    slope: f64,
    /// The area before it.
    before: f64,
}

impl Piece {
    fn area_within(&self, seconds: f64) -> f64 {
        let span = seconds - self.start;
        (self.rate + self.slope * span / 2.0) * span
    }

    fn area_end(&self) -> f64 {
        if self.end.is_finite() {
            self.before + self.area_within(self.end)
        } else if self.rate > 0.0 {
            f64::INFINITY
        } else {
            self.before
        }
    }

    /// When the area within it reaches `area`.
    fn reaches(&self, area: f64) -> f64 {
        let span = if self.slope == 0.0 {
            area / self.rate
        } else {
            let root = (self.rate * self.rate + 2.0 * self.slope * area).max(0.0);
            2.0 * area / (self.rate + root.sqrt())
        };
        (self.start + span).min(self.end)
    }
}

/// A rate over time, in messages a second; times in seconds from the run's start.
#[derive(Debug, Clone)]
pub(in crate::sim) enum Curve {
    Constant { rate: f64 },
    Pieces(Rc<[Piece]>),
    Periodic { on: f64, period: f64, rate: f64 },
    Sine(Sine),
}

impl Curve {
    /// The curve of any shape but a list of times, which has none.
    pub(in crate::sim) fn new(shape: &LoadShape) -> Self {
        match shape {
            LoadShape::Constant { rate } => Self::Constant { rate: sane(*rate) },
            LoadShape::Bursts { rate, on, off } => Self::Periodic {
                on: on.as_secs_f64(),
                period: on.as_secs_f64() + off.as_secs_f64(),
                rate: sane(*rate),
            },
            LoadShape::Ramp { from, to, over } => {
                let over = over.as_secs_f64();
                let (from, to) = (sane(*from), sane(*to));
                let slope = if over > 0.0 { (to - from) / over } else { 0.0 };
                Self::pieces(&[(0.0, from, slope), (over, to, 0.0)], f64::INFINITY)
            }
            LoadShape::Step { before, after, at } => {
                let points = [(0.0, *before, 0.0), (at.as_secs_f64(), *after, 0.0)];
                Self::pieces(&points, f64::INFINITY)
            }
            LoadShape::Spike {
                base,
                peak,
                at,
                lasts,
            } => {
                let at = at.as_secs_f64();
                let end = at + lasts.as_secs_f64();
                let points = [(0.0, *base, 0.0), (at, *peak, 0.0), (end, *base, 0.0)];
                Self::pieces(&points, f64::INFINITY)
            }
            LoadShape::Sine {
                mean,
                amplitude,
                period,
            } => Self::Sine(Sine::new(*mean, *amplitude, period.as_secs_f64())),
            LoadShape::Times { .. } => Self::Constant { rate: 0.0 },
            LoadShape::Rates { points, last } => {
                let end = points
                    .last()
                    .map_or(0.0, |point| point.at.as_secs_f64() + last.as_secs_f64());
                let points: Vec<_> = points
                    .iter()
                    .map(|point| (point.at.as_secs_f64(), point.rate, 0.0))
                    .collect();
                Self::pieces(&points, end)
            }
        }
    }

    /// Pieces from (start, rate, slope), each up to the next one's start.
    fn pieces(points: &[(f64, f64, f64)], end: f64) -> Self {
        let mut before = 0.0;
        let mut pieces = Vec::with_capacity(points.len());
        for (index, &(start, rate, slope)) in points.iter().enumerate() {
            let next = points.get(index + 1).map_or(end, |next| next.0);
            let piece = Piece {
                start,
                end: next.max(start),
                rate: sane(rate),
                slope,
                before,
            };
            before = piece.area_end();
            pieces.push(piece);
        }
        Self::Pieces(pieces.into())
    }

    /// The area up to `seconds`.
    pub(in crate::sim) fn area(&self, seconds: f64) -> f64 {
        match self {
            Self::Constant { rate } => rate * seconds,
            Self::Pieces(pieces) => {
                let after = pieces.partition_point(|piece| piece.start <= seconds);
                match after.checked_sub(1).and_then(|index| pieces.get(index)) {
                    Some(piece) => piece.before + piece.area_within(seconds.min(piece.end)),
                    None => 0.0,
                }
            }
            Self::Periodic { on, period, rate } => {
                if *period <= 0.0 {
                    return 0.0;
                }
                let turns = (seconds / period).floor();
                let rest = (seconds - turns * period).max(0.0).min(*on);
                (turns * on + rest) * rate
            }
            Self::Sine(sine) => sine.area(seconds),
        }
    }

    /// When the area reaches `area` (above zero); `None` when it never does.
    #[inline]
    pub(in crate::sim) fn reaches(&self, area: f64) -> Option<f64> {
        match self {
            Self::Constant { rate } => (*rate > 0.0).then(|| area / rate),
            Self::Pieces(pieces) => {
                // Sums of areas round; what is short by no more than that is meant to be reached.
                let least = area - AREA_SLACK - area * 1e-12;
                let index = pieces.partition_point(|piece| piece.area_end() < least);
                let piece = pieces.get(index)?;
                Some(piece.reaches((area - piece.before).max(0.0)))
            }
            Self::Periodic { on, period, rate } => {
                let turn_area = on * rate;
                if turn_area <= 0.0 {
                    return None;
                }
                // The last message of a turn comes at the end of its time on, not after the pause.
                let turns = ((area / turn_area - AREA_SLACK).ceil() - 1.0).max(0.0);
                let rest = (area - turns * turn_area).max(0.0);
                Some(turns * period + (rest / rate).min(*on))
            }
            Self::Sine(sine) => sine.reaches(area),
        }
    }
}

/// Mean plus amplitude times a sine, cut off below zero.
#[derive(Debug, Clone, Copy)]
pub(in crate::sim) struct Sine {
    mean: f64,
    amplitude: f64,
    period: f64,
    /// Where within a turn (0 to 2 pi) the rate is above zero.
    above: [(f64, f64); 2],
    /// The area of a whole turn, in messages.
    turn_area: f64,
}

/// Enough halvings to pin a phase down to the last bit that matters to a nanosecond.
const HALVINGS_MAX: usize = 64;

impl Sine {
    fn new(mean: f64, amplitude: f64, period: f64) -> Self {
        let mean = if mean.is_finite() { mean } else { 0.0 };
        let amplitude = sane(amplitude.abs());
        let turn = 2.0 * PI;
        let above = if amplitude <= mean {
            [(0.0, turn), (turn, turn)]
        } else if mean <= -amplitude {
            [(0.0, 0.0), (0.0, 0.0)]
        } else {
            // Amplitude is above |mean|, so it is not zero.
            let crossing = libm::asin(-mean / amplitude);
            if crossing >= 0.0 {
                [(crossing, PI - crossing), (turn, turn)]
            } else {
                [(0.0, PI - crossing), (turn + crossing, turn)]
            }
        };
        let mut sine = Self {
            mean,
            amplitude,
            period,
            above,
            turn_area: 0.0,
        };
        sine.turn_area = sine.area_to_phase(turn);
        sine
    }

    fn area_to_phase(&self, phase: f64) -> f64 {
        let mut area = 0.0;
        for (from, to) in self.above {
            let to = to.min(phase);
            if to > from {
                let swing = libm::cos(from) - libm::cos(to);
                area += self.mean * (to - from) + self.amplitude * swing;
            }
        }
        area * self.period / (2.0 * PI)
    }

    fn area(&self, seconds: f64) -> f64 {
        if self.period <= 0.0 {
            return 0.0;
        }
        let turns = (seconds / self.period).floor();
        let phase = (seconds / self.period - turns) * 2.0 * PI;
        turns * self.turn_area + self.area_to_phase(phase)
    }

    fn reaches(&self, area: f64) -> Option<f64> {
        if self.turn_area <= 0.0 {
            return None;
        }
        let turns = ((area / self.turn_area - AREA_SLACK).ceil() - 1.0).max(0.0);
        let rest = area - turns * self.turn_area;
        let (mut low, mut high) = (0.0, 2.0 * PI);
        let mut phase = (rest / self.turn_area).clamp(0.0, 1.0) * 2.0 * PI;
        for _ in 0..HALVINGS_MAX {
            let miss = self.area_to_phase(phase) - rest;
            if miss < 0.0 {
                low = phase;
            } else {
                high = phase;
            }
            // Newton's step where it stays within the bracket, else a halving.
            let rate = self.mean + self.amplitude * libm::sin(phase);
            let step = phase - miss * 2.0 * PI / (self.period * rate);
            let next = if rate > 0.0 && step > low && step < high {
                step
            } else {
                f64::midpoint(low, high)
            };
            if (next - phase).abs() < 1e-13 {
                break;
            }
            phase = next;
        }
        Some((turns + phase / (2.0 * PI)) * self.period)
    }
}

fn sane(rate: f64) -> f64 {
    if rate.is_finite() { rate.max(0.0) } else { 0.0 }
}
