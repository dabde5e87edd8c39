//! Frames, steps and the transport's view.
//!
//! Deliberately not here: the arithmetic of speed (`playback.rs`).

use super::playback::Ended;
use super::view::TransportView;
use super::{App, Work, format};
use crate::sim::Step;

/// Facts of one step that are told; the rest is counted.
const STEP_FACTS_MAX: usize = 3;

impl App {
    /// A frame begins; `elapsed_ms` of wall time passed since the last one.
    pub fn begin_frame(&mut self, elapsed_ms: f64) {
        let duration = self.scenario().duration;
        self.stirred = self.stirred.saturating_sub(1);
        self.playback
            .begin_frame(elapsed_ms, self.run.now(), duration);
        if self.playback.playing {
            self.run_is_fresh = false;
        }
    }

    /// Simulates at most `events_max` events of this frame.
    pub fn work(&mut self, events_max: u64) -> Work {
        let duration = self.scenario().duration;
        if self.playback.work(&mut self.run, events_max, duration) {
            Work::More
        } else {
            Work::Done
        }
    }

    /// The frame's time budget is spent, or its work done: notes the speed that was reached.
    pub fn end_frame(&mut self) {
        self.playback.end_frame(self.run.now());
    }

    /// Plays; else the shell need not ask for frames (it may still have marks that glide).
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.playback.playing
    }

    pub(super) fn toggle_play(&mut self) {
        let words = self.words();
        if self.playback.playing {
            self.playback.pause();
            self.announce(words.say_paused().to_owned());
        } else {
            self.playback.play();
            self.announce(words.say_playing().to_owned());
        }
    }

    /// One event; says in words what it did.
    pub(super) fn step(&mut self) {
        self.playback.pause();
        self.run_is_fresh = false;
        let before = self.run.next_sequence();
        let words = self.words();
        let said = match self.run.step() {
            Step::Done(_) => {
                self.playback.ended = None;
                self.step_sentence(before)
            }
            Step::Idle => {
                self.playback.ended = Some(Ended::Idle);
                words.step_nothing().to_owned()
            }
            Step::Livelock(_) => {
                self.playback.ended = Some(Ended::Livelock);
                words.ended_livelock().to_owned()
            }
        };
        self.playback.last_step = Some(said.clone());
        self.announce(said);
    }

    fn step_sentence(&self, before: u64) -> String {
        let words = self.words();
        let mut facts = Vec::new();
        self.run.records_since(before, |record| {
            facts.extend(self.tell(record));
        });
        if facts.is_empty() {
            return words.step_quiet().to_owned();
        }
        let more = facts.len().saturating_sub(STEP_FACTS_MAX);
        facts.truncate(STEP_FACTS_MAX);
        if more > 0 {
            facts.push(words.step_more(more));
        }
        words.narrate(&format::clock(self.run.now()), &facts.join("; "))
    }

    pub(super) fn reset_run(&mut self) {
        let words = self.words();
        self.start_over();
        self.stage_dirty = true;
        self.announce(words.say_reset().to_owned());
    }

    /// Time, speed, what the last step did.
    #[must_use]
    pub fn transport(&self) -> TransportView {
        let words = self.words();
        let now = self.run.now();
        let speed = self.playback.speed();
        TransportView {
            playing: self.playback.playing,
            time: format::clock(now),
            seconds: now.as_secs_f64(),
            speed: format::speed(speed),
            speed_value: speed,
            behind: self
                .playback
                .behind()
                .map(|reached| words.behind(&format::speed(reached), &format::speed(speed))),
            ended: self.playback.ended.map(|ended| {
                match ended {
                    Ended::Idle => words.ended_idle(),
                    Ended::Livelock => words.ended_livelock(),
                    Ended::Duration => words.ended_duration(),
                }
                .to_owned()
            }),
            last_step: self.playback.last_step.clone(),
        }
    }
}
