//! From wall time to simulated time: speed, pause, single step, and the speed that is reached.
//!
//! Each frame asks for a stretch of simulated time and gets as much of it as fits in the frame's
//! budget; what does not fit is given up, so the page never falls into debt. Deliberately not here:
//! any clock.

use crate::app::field::SPEED_BOUNDS;
use crate::sim::{Progress, Simulation, Stop};
use crate::types::{SimDuration, SimTime};

/// A frame longer than this was not a frame: the page was hidden or asleep.
const FRAME_MS_MAX: f64 = 100.0;
/// Wall time over which the reached speed is measured.
const MEASURE_MS: f64 = 500.0;
/// Below this share of the asked speed the page says so.
const KEPT_SHARE: f64 = 0.9;

/// Speeds the buttons step through.
const SPEED_STEPS: [f64; 13] = [
    0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0,
];

/// Why a run stopped by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Nothing lies ahead.
    Idle,
    /// Too much at one instant.
    Livelock,
    /// The scenario's duration is over.
    Duration,
}

/// How a run is played.
#[derive(Debug, Clone, Default)]
pub(super) struct Playback {
    pub(super) playing: bool,
    speed: Option<f64>,
    target: Option<SimTime>,
    frame_from: SimTime,
    frame_ms: f64,
    measured_ms: f64,
    measured_secs: f64,
    reached: Option<f64>,
    pub(super) ended: Option<Ended>,
    pub(super) last_step: Option<String>,
}

impl Playback {
    /// Simulated seconds per second.
    pub(super) fn speed(&self) -> f64 {
        self.speed.unwrap_or(1.0)
    }

    pub(super) fn set_speed(&mut self, speed: f64) {
        if speed.is_finite() {
            self.speed = Some(speed.clamp(SPEED_BOUNDS.0, SPEED_BOUNDS.1));
            self.forget_measure();
        }
    }

    /// The next speed of the steps, up or down.
    pub(super) fn step_speed(&mut self, faster: bool) {
        let now = self.speed();
        let next = if faster {
            SPEED_STEPS.into_iter().find(|step| *step > now * 1.01)
        } else {
            let slower = |step: &f64| *step < now * 0.99;
            SPEED_STEPS.into_iter().rev().find(slower)
        };
        if let Some(next) = next {
            self.set_speed(next);
        }
    }

    fn forget_measure(&mut self) {
        (self.measured_ms, self.measured_secs, self.reached) = (0.0, 0.0, None);
    }

    pub(super) fn play(&mut self) {
        self.playing = true;
        self.ended = None;
        self.last_step = None;
        self.forget_measure();
    }

    pub(super) fn pause(&mut self) {
        self.playing = false;
        self.target = None;
        self.forget_measure();
    }

    /// A frame begins: how far it should come.
    pub(super) fn begin_frame(
        &mut self,
        elapsed_ms: f64,
        now: SimTime,
        duration: Option<SimDuration>,
    ) {
        // What is negative or no number is no time.
        self.frame_ms = if elapsed_ms > 0.0 {
            elapsed_ms.min(FRAME_MS_MAX)
        } else {
            0.0
        };
        self.frame_from = now;
        if !self.playing {
            self.target = None;
            return;
        }
        let stretch = SimDuration::from_secs_f64(self.frame_ms / 1000.0 * self.speed());
        let end = duration.map(|duration| SimTime::ZERO + duration);
        self.target = Some(match end {
            Some(end) if now < end => (now + stretch).min(end),
            Some(_) | None => now + stretch,
        });
    }

    /// Simulates a part of the frame; `true` when there is more to do.
    pub(super) fn work(
        &mut self,
        run: &mut Simulation,
        events_max: u64,
        duration: Option<SimDuration>,
    ) -> bool {
        let Some(target) = self.target else {
            return false;
        };
        let Progress { now, stop, .. } = run.run_until(target, events_max);
        match stop {
            Stop::Budget => return true,
            Stop::Reached => {}
            Stop::Idle => self.end(Ended::Idle),
            Stop::Livelock => self.end(Ended::Livelock),
        }
        self.target = None;
        let end = duration.map(|duration| SimTime::ZERO + duration);
        if self.playing && self.frame_from < now && end == Some(now) {
            self.end(Ended::Duration);
        }
        false
    }

    fn end(&mut self, why: Ended) {
        self.ended = Some(why);
        self.playing = false;
    }

    /// The frame is over: notes the speed that was reached.
    pub(super) fn end_frame(&mut self, now: SimTime) {
        self.target = None;
        if !self.playing {
            return;
        }
        self.measured_ms += self.frame_ms;
        self.measured_secs += now.since(self.frame_from).as_secs_f64();
        if self.measured_ms >= MEASURE_MS {
            self.reached = Some(self.measured_secs * 1000.0 / self.measured_ms);
            (self.measured_ms, self.measured_secs) = (0.0, 0.0);
        }
    }

    /// The speed that is reached, when it is less than asked.
    pub(super) fn behind(&self) -> Option<f64> {
        self.reached
            .filter(|reached| self.playing && *reached < self.speed() * KEPT_SHARE)
    }

    /// Back to the start, keeping the speed.
    pub(super) fn rewind(&mut self) {
        *self = Self {
            speed: self.speed,
            ..Self::default()
        };
    }
}
