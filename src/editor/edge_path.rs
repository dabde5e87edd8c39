//! How a line runs from box to box, and where along it a mark is.
//!
//! Smooth curves of cubic Béziers; several between one pair fan out; lines that follow from
//! arguments (dead-letter, alternate exchange) leave from the side; a line to its own box is a loop
//! above it. Deliberately not here: which lines there are (`scene.rs`).

use crate::editor::{Rect, Spot};
use crate::types::fixed;

/// Stage units between neighbours of a fan.
const FAN_STEP: f64 = 30.0;
/// How far a curve to a box behind bends out, as xyflow draws it: 25 times a quarter of the root.
const BACK_BEND: f64 = 6.25;
/// Least bend, so that a line leaves its box straight.
const BEND_MIN: f64 = 24.0;
/// How far a line from the side goes down before it turns.
const SIDE_BEND: f64 = 72.0;
/// Pieces whose lengths are kept for each curve: a mark is off by less than a pixel.
const PIECES: usize = 16;

/// A line's course: curves, and their lengths.
#[derive(Debug, Clone, PartialEq)]
pub struct PathGeometry {
    curve: [Spot; 4],
    /// Spots at equal steps of the curve's parameter, and the length up to each.
    samples: [(Spot, f64); PIECES + 1],
}

/// Between which sides a line runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// From the right side to the left side.
    Forward,
    /// From the lower side, for lines that follow from arguments.
    Side,
}

impl PathGeometry {
    /// The line from `from` to `to`; number `index` of `count` between the two.
    #[must_use]
    pub fn between(from: &Rect, to: &Rect, course: Course, index: usize, count: usize) -> Self {
        let fan = (index as f64 - (count.max(1) - 1) as f64 / 2.0) * FAN_STEP;
        if from.centre == to.centre {
            return Self::from_curve(own_loop(from, fan));
        }
        Self::from_curve(match course {
            Course::Forward => forward(from.exit(), to.entry(), fan),
            Course::Side => side(from, to, fan),
        })
    }

    /// The line being drawn from a box to the pointer.
    #[must_use]
    pub fn preview(from: &Rect, to: Spot) -> Self {
        Self::from_curve(forward(from.exit(), to, 0.0))
    }

    fn from_curve(curve: [Spot; 4]) -> Self {
        let mut samples = [(curve[0], 0.0); PIECES + 1];
        let mut length = 0.0;
        let mut last = curve[0];
        for (step, sample) in samples.iter_mut().enumerate() {
            let spot = bezier(&curve, step as f64 / PIECES as f64);
            length += last.distance(spot);
            last = spot;
            *sample = (spot, length);
        }
        Self { curve, samples }
    }

    /// Its length in stage units.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.samples[PIECES].1
    }

    /// Where a mark is that has gone `share` (0 to 1) of the way.
    #[must_use]
    pub fn point_at(&self, share: f64) -> Spot {
        // A share that is not a number stands at the start.
        let share = if share > 0.0 { share.min(1.0) } else { 0.0 };
        let want = share * self.length();
        let after = self
            .samples
            .partition_point(|(_, length)| *length < want)
            .clamp(1, PIECES);
        let (before_spot, before) = self.samples[after - 1];
        let (spot, length) = self.samples[after];
        let piece = length - before;
        if piece <= 0.0 {
            return spot;
        }
        before_spot.toward(spot, (want - before) / piece)
    }

    /// How far `spot` is from the line.
    #[must_use]
    pub fn distance(&self, spot: Spot) -> f64 {
        self.samples
            .windows(2)
            .map(|pair| distance_to_piece(spot, pair[0].0, pair[1].0))
            .fold(f64::INFINITY, f64::min)
    }

    /// The smallest upright rectangle that holds its curve's corners.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        let corner = |spot: Spot| Rect::between(spot, spot);
        self.curve[1..]
            .iter()
            .fold(corner(self.curve[0]), |bounds, spot| {
                bounds.joined(&corner(*spot))
            })
    }

    /// Beginning, two control points, end.
    #[must_use]
    pub fn curve(&self) -> &[Spot; 4] {
        &self.curve
    }

    /// As an SVG path.
    #[must_use]
    pub fn svg(&self) -> String {
        let mut path = String::with_capacity(64);
        for (spot, before) in self.curve.iter().zip(["M", "C", " ", " "]) {
            path.push_str(before);
            path.push_str(&fixed(spot.x, 1));
            path.push(' ');
            path.push_str(&fixed(spot.y, 1));
        }
        path
    }
}

fn forward(start: Spot, end: Spot, fan: f64) -> [Spot; 4] {
    let dx = end.x - start.x;
    let bend = if dx >= 0.0 {
        dx / 2.0
    } else {
        BACK_BEND * libm::sqrt(-dx)
    }
    .max(BEND_MIN);
    [start, start.moved(bend, fan), end.moved(-bend, fan), end]
}

fn side(from: &Rect, to: &Rect, fan: f64) -> [Spot; 4] {
    let start = Spot::new(from.centre.x + fan, from.bottom());
    if to.top() > from.bottom() + BEND_MIN {
        // The target is lower: from below into its top.
        let end = Spot::new(to.centre.x, to.top());
        let bend = ((end.y - start.y) / 2.0).max(BEND_MIN);
        [start, start.moved(0.0, bend), end.moved(0.0, -bend), end]
    } else {
        // Beside or above: down, along, and up into its lower side.
        let end = Spot::new(to.centre.x, to.bottom());
        let low = start.y.max(end.y) + SIDE_BEND + libm::fabs(fan);
        [start, Spot::new(start.x, low), Spot::new(end.x, low), end]
    }
}

fn own_loop(rect: &Rect, fan: f64) -> [Spot; 4] {
    let reach = rect.height.max(SIDE_BEND) + libm::fabs(fan);
    let (start, end) = (rect.exit(), rect.entry());
    [
        start,
        Spot::new(start.x + SIDE_BEND, rect.top() - reach),
        Spot::new(end.x - SIDE_BEND, rect.top() - reach),
        end,
    ]
}

fn bezier(curve: &[Spot; 4], t: f64) -> Spot {
    let [a, b, c, d] = *curve;
    let (ab, bc, cd) = (a.toward(b, t), b.toward(c, t), c.toward(d, t));
    ab.toward(bc, t).toward(bc.toward(cd, t), t)
}

fn distance_to_piece(spot: Spot, a: Spot, b: Spot) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let square = dx * dx + dy * dy;
    if square <= 0.0 {
        return spot.distance(a);
    }
    let share = ((spot.x - a.x) * dx + (spot.y - a.y) * dy) / square;
    spot.distance(a.toward(b, share.clamp(0.0, 1.0)))
}
