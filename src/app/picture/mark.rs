//! The shapes of messages: masks of every look at one size, and a small font for counts.
//!
//! Shape carries meaning without colour: a filled disc is a message, a ring around it says
//! redelivered, a hollow square dead-lettered, a tick is an acknowledgement, a cross a nack.
//! Deliberately not here: colours and places.

use super::pixmap::Mask;

/// What a mark looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum MarkShape {
    /// A message.
    Disc,
    /// A message that was delivered before.
    Ringed,
    /// A dead letter.
    HollowSquare,
    /// An unacked message, shown where it will return to.
    Outline,
    /// An acknowledgement or confirm on its way back.
    Tick,
    /// A nack or a refused publish on its way back.
    Cross,
    /// A message given back to its publisher.
    Returned,
    /// Many messages at one place; a number is written on it.
    Crowd,
}

impl MarkShape {
    /// Every shape.
    pub(super) const ALL: [Self; 8] = [
        Self::Disc,
        Self::Ringed,
        Self::HollowSquare,
        Self::Outline,
        Self::Tick,
        Self::Cross,
        Self::Returned,
        Self::Crowd,
    ];
}

/// Samples along each side of a pixel: sixteen a pixel give edges smooth enough.
const SAMPLES: usize = 4;

/// Masks of all shapes for one radius.
#[derive(Debug, Clone)]
pub(super) struct MarkSet {
    radius: f32,
    masks: Vec<Mask>,
    digits: Vec<Mask>,
}

impl MarkSet {
    /// Masks of messages with `radius` pixels.
    pub(super) fn new(radius: f32) -> Self {
        let radius = radius.clamp(1.0, 64.0);
        let masks = MarkShape::ALL
            .iter()
            .map(|shape| draw(*shape, radius))
            .collect();
        let cell = ((radius * 0.34) as usize).max(1);
        let digits = (0..10).map(|digit| draw_digit(digit, cell)).collect();
        Self {
            radius,
            masks,
            digits,
        }
    }

    /// The radius they were made for, in pixels.
    pub(super) fn radius(&self) -> f32 {
        self.radius
    }

    /// The mask of a shape, centred in its rectangle.
    pub(super) fn mask(&self, shape: MarkShape) -> &Mask {
        // `ALL` lists the shapes in the order of their discriminants, which a test holds.
        &self.masks[shape as usize]
    }

    /// The mask of a digit, 0 to 9.
    pub(super) fn digit(&self, digit: u8) -> &Mask {
        &self.digits[usize::from(digit % 10)]
    }
}

fn draw(shape: MarkShape, radius: f32) -> Mask {
    let reach = match shape {
        MarkShape::Ringed => radius * 1.5,
        MarkShape::Crowd => radius * 1.9,
        MarkShape::Disc
        | MarkShape::HollowSquare
        | MarkShape::Outline
        | MarkShape::Tick
        | MarkShape::Cross
        | MarkShape::Returned => radius,
    };
    let side = (reach.ceil() as usize) * 2 + 1;
    let centre = side as f32 / 2.0;
    let mut coverage = Vec::with_capacity(side * side);
    for row in 0..side {
        for column in 0..side {
            let mut hits = 0;
            for sample in 0..SAMPLES * SAMPLES {
                let offset = |index: usize| (index as f32 + 0.5) / SAMPLES as f32;
                let x = column as f32 + offset(sample % SAMPLES) - centre;
                let y = row as f32 + offset(sample / SAMPLES) - centre;
                hits += usize::from(covers(shape, x / radius, y / radius));
            }
            coverage.push((hits * 255 / (SAMPLES * SAMPLES)) as u8);
        }
    }
    Mask {
        width: side,
        height: side,
        coverage,
    }
}

/// Whether the shape covers the point, in units of the radius from the centre.
fn covers(shape: MarkShape, x: f32, y: f32) -> bool {
    let squared = x * x + y * y;
    let square = x.abs().max(y.abs());
    match shape {
        MarkShape::Disc => squared <= 1.0,
        MarkShape::Ringed => squared <= 0.72 || (1.25..=2.1).contains(&squared),
        MarkShape::HollowSquare => (0.52..=0.88).contains(&square),
        MarkShape::Outline => (0.45..=0.9).contains(&squared),
        // A tick: the short stroke down, the long one up.
        MarkShape::Tick => {
            near_line(x, y, (-0.75, 0.05), (-0.2, 0.6), 0.2)
                || near_line(x, y, (-0.2, 0.6), (0.8, -0.6), 0.2)
        }
        MarkShape::Cross => {
            near_line(x, y, (-0.65, -0.65), (0.65, 0.65), 0.2)
                || near_line(x, y, (-0.65, 0.65), (0.65, -0.65), 0.2)
        }
        // A disc with a notch: it points back to where it came from.
        MarkShape::Returned => squared <= 1.0 && !(x > 0.0 && y.abs() < x * 0.9),
        MarkShape::Crowd => squared <= 3.4,
    }
}

fn near_line(x: f32, y: f32, from: (f32, f32), to: (f32, f32), reach: f32) -> bool {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let along = ((x - from.0) * dx + (y - from.1) * dy) / (dx * dx + dy * dy);
    let along = along.clamp(0.0, 1.0);
    let (px, py) = (x - from.0 - along * dx, y - from.1 - along * dy);
    px * px + py * py <= reach * reach
}

/// Digits of three by five cells, row by row, the leftmost cell first.
const DIGITS: [[u8; 5]; 10] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b010, 0b010, 0b010],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
];

fn draw_digit(digit: usize, cell: usize) -> Mask {
    let (width, height) = (3 * cell, 5 * cell);
    let mut coverage = vec![0; width * height];
    for (at, octet) in coverage.iter_mut().enumerate() {
        let (column, row) = (at % width / cell, at / width / cell);
        if DIGITS[digit][row] >> (2 - column) & 1 == 1 {
            *octet = u8::MAX;
        }
    }
    Mask {
        width,
        height,
        coverage,
    }
}
