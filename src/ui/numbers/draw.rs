//! Numbers of one box, round its centre, in stage units.
//!
//! Places agree with `stage/node.rs`, which draws what stays. Deliberately not here: which boxes are
//! drawn when.

use super::look::{Ink, Letter, Look};
use super::{Place, Reach};
use crate::app::view::{NodeNumbers, NodeShape, NodeState};
use crate::ui::stage::glyph::{HEAD_SHARE, TAIL_SHARE, TUBE_HEIGHT, TUBE_SHARE};
use crate::ui::stage::is_wide;
use std::f64::consts::{FRAC_PI_2, TAU};
use web_sys::CanvasRenderingContext2d;

/// Radius of a consumer's ring.
const RING: f64 = 14.0;
/// From one slot to the next, and the width of one.
const SLOT_STEP: f64 = 11.0;
const SLOT: f64 = 9.0;

/// Draws one box and remembers how far that went.
pub(super) struct Pen<'a> {
    context: &'a CanvasRenderingContext2d,
    look: &'a Look,
    place: Place,
    reach: Reach,
    filled: Option<Ink>,
    stroked: Option<Ink>,
    letter: Option<Letter>,
    align: Option<Align>,
}

/// Where a text stands: from, round or up to a point.
#[derive(Clone, Copy, PartialEq)]
enum Align {
    From,
    Round,
    UpTo,
}

impl<'a> Pen<'a> {
    pub(super) fn new(context: &'a CanvasRenderingContext2d, look: &'a Look, place: Place) -> Self {
        let (right, bottom) = (place.width / 2.0, place.height / 2.0);
        // What lies under a box that covers it must not shine through.
        match place.shape {
            NodeShape::Exchange(_) => wipe_disc(context, right.min(bottom)),
            NodeShape::Producer
            | NodeShape::Queue
            | NodeShape::OtherQueue
            | NodeShape::Consumer => {
                context.clear_rect(-right, -bottom, place.width, place.height);
            }
        }
        Self {
            context,
            look,
            place,
            reach: (-right, -bottom, right, bottom),
            filled: None,
            stroked: None,
            letter: None,
            align: None,
        }
    }

    /// What was drawn on, in stage units round the centre.
    pub(super) fn reach(&self) -> Reach {
        self.reach
    }

    /// Draws the numbers of the box.
    pub(super) fn numbers(&mut self, numbers: &NodeNumbers) {
        match self.place.shape {
            NodeShape::Producer => self.producer(numbers),
            NodeShape::Exchange(_) => self.exchange(numbers),
            NodeShape::Queue | NodeShape::OtherQueue => self.queue(numbers),
            NodeShape::Consumer => self.consumer(numbers),
        }
    }

    fn producer(&mut self, numbers: &NodeNumbers) {
        let (right, bottom) = (self.place.width / 2.0, self.place.height / 2.0);
        let main = (-right + 12.0, -bottom + 42.0);
        self.text(&numbers.main, main, Align::From, Letter::Main, Ink::Strong);
        // Under the tag, as a queue has it: within, a long rate would lie below it.
        self.sparkline(&numbers.spark, right - 74.0, bottom + 4.0, 56.0, 14.0);
        self.note(numbers, (-right, bottom + 15.0), Align::From);
    }

    fn exchange(&mut self, numbers: &NodeNumbers) {
        let below = self.place.height / 2.0;
        let at = (0.0, below + 49.0);
        self.text(&numbers.main, at, Align::Round, Letter::Below, Ink::Muted);
        self.note(numbers, (0.0, below + 64.0), Align::Round);
    }

    fn queue(&mut self, numbers: &NodeNumbers) {
        let Place { width, height, .. } = self.place;
        let right = width / 2.0;
        let middle = height * TUBE_SHARE;
        let (top, bottom) = (middle - TUBE_HEIGHT / 2.0, middle + TUBE_HEIGHT / 2.0);
        // The limit: fills up from the head backwards, to the wall.
        let room = width * (HEAD_SHARE - TAIL_SHARE);
        let full = room * numbers.level.unwrap_or(0.0).clamp(0.0, 1.0);
        if full > 0.0 {
            self.fill(Ink::Tint);
            let head = width * HEAD_SHARE - 1.0;
            self.context
                .fill_rect(head - full, top + 2.0, full, TUBE_HEIGHT - 4.0);
        }
        let at = (right - 4.0, top - 8.0);
        self.text(&numbers.main, at, Align::UpTo, Letter::Main, Ink::Strong);
        self.sparkline(
            &numbers.spark,
            -right + 8.0,
            bottom + 4.0,
            width - 98.0,
            16.0,
        );
        let at = (right - 4.0, bottom + 16.0);
        self.text(&numbers.second, at, Align::UpTo, Letter::Small, Ink::Muted);
        self.note(numbers, (-right + 4.0, bottom + 49.0), Align::From);
    }

    fn consumer(&mut self, numbers: &NodeNumbers) {
        let (left, top) = (-self.place.width / 2.0, -self.place.height / 2.0);
        let busy = numbers.level.unwrap_or(0.0).clamp(0.0, 1.0);
        if busy > 0.0 {
            self.stroke(Ink::Line, 5.0);
            self.context.begin_path();
            let end = TAU * busy - FRAC_PI_2;
            // Fails only for a radius below nought.
            let _ = self
                .context
                .arc(left + 27.0, top + 46.0, RING, -FRAC_PI_2, end);
            self.context.stroke();
        }
        let beside = left + 50.0;
        let at = (beside, top + 44.0);
        self.text(&numbers.main, at, Align::From, Letter::Beside, Ink::Strong);
        let at = (beside, top + 59.0);
        self.text(&numbers.second, at, Align::From, Letter::Small, Ink::Muted);
        self.slots(&numbers.slots, left + 12.0, top + 67.0);
        let at = (left, self.place.height / 2.0 + 30.0);
        self.note(numbers, at, Align::From);
    }

    fn slots(&mut self, slots: &[u8], left: f64, top: f64) {
        for (index, slot) in slots.iter().enumerate() {
            let x = left + index as f64 * SLOT_STEP;
            let (filled, rim) = match slot {
                0 => (None, Ink::Control),
                1 => (Some(Ink::Hair), Ink::Control),
                _ => (Some(Ink::Line), Ink::Line),
            };
            if let Some(ink) = filled {
                self.fill(ink);
                self.context.fill_rect(x, top, SLOT, SLOT);
            }
            self.stroke(rim, 1.0);
            self.context.stroke_rect(x, top, SLOT, SLOT);
        }
    }

    /// What it waits for, or why it does not work.
    fn note(&mut self, numbers: &NodeNumbers, at: (f64, f64), align: Align) {
        let ink = match numbers.state {
            NodeState::Down | NodeState::Cut | NodeState::Refused | NodeState::Absent => Ink::Alarm,
            NodeState::Normal | NodeState::Paused | NodeState::HeldBack => Ink::Warn,
        };
        self.text(&numbers.note, at, align, Letter::Small, ink);
    }

    fn text(&mut self, text: &str, at: (f64, f64), align: Align, letter: Letter, ink: Ink) {
        if text.is_empty() {
            return;
        }
        let (x, y) = at;
        let size = self.look.size(letter);
        // A little more than it is: asking the browser costs as much as writing.
        let width: f64 = text
            .chars()
            .map(|letter| size * if is_wide(letter) { 1.05 } else { 0.66 })
            .sum();
        let (name, left) = match align {
            Align::From => ("left", x),
            Align::Round => ("center", x - width / 2.0),
            Align::UpTo => ("right", x - width),
        };
        self.reaches(left, y - size, left + width, y + size * 0.35);
        // Told only when it changes: the browser takes every font and colour apart anew.
        if self.letter.replace(letter) != Some(letter) {
            self.context.set_font(self.look.font(letter));
        }
        if self.align.replace(align) != Some(align) {
            self.context.set_text_align(name);
        }
        self.fill(ink);
        // A text that cannot be written is not worth stopping for.
        let _ = self.context.fill_text(text, x, y);
    }

    /// The line through the points, filled down to the ground.
    fn sparkline(&mut self, points: &[f32], x: f64, y: f64, width: f64, height: f64) {
        if points.len() < 2 {
            return;
        }
        self.reaches(x - 1.0, y - 1.0, x + width + 1.0, y + height + 1.0);
        let step = width / (points.len() - 1) as f64;
        self.context.begin_path();
        self.context.move_to(x, y + height);
        for (index, value) in points.iter().enumerate() {
            let up = f64::from(value.clamp(0.0, 1.0)) * 0.96 * height;
            self.context
                .line_to(x + index as f64 * step, y + height - up);
        }
        self.context.line_to(x + width, y + height);
        self.fill(Ink::Tint);
        self.context.fill();
        self.stroke(Ink::Line, 1.25);
        self.context.stroke();
    }

    fn fill(&mut self, ink: Ink) {
        if self.filled.replace(ink) != Some(ink) {
            self.context.set_fill_style_str(self.look.colour(ink));
        }
    }

    fn stroke(&mut self, ink: Ink, width: f64) {
        if self.stroked.replace(ink) != Some(ink) {
            self.context.set_stroke_style_str(self.look.colour(ink));
        }
        self.context.set_line_width(width);
    }

    fn reaches(&mut self, left: f64, top: f64, right: f64, bottom: f64) {
        let so_far = self.reach;
        self.reach = (
            so_far.0.min(left),
            so_far.1.min(top),
            so_far.2.max(right),
            so_far.3.max(bottom),
        );
    }
}

/// Clears a disc, not the square round it: the number of another exchange may reach into that.
fn wipe_disc(context: &CanvasRenderingContext2d, radius: f64) {
    // A word of the canvas' own is always understood, and a radius is never below nought.
    let _ = context.set_global_composite_operation("destination-out");
    context.begin_path();
    let _ = context.arc(0.0, 0.0, radius, 0.0, TAU);
    context.fill();
    let _ = context.set_global_composite_operation("source-over");
}
