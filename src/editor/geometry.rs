//! Spots, rectangles, the size of each box, and where lines leave and enter it.
//!
//! Deliberately not here: how lines run between boxes (`edge_path.rs`).

use crate::scenario::{Node, NodeKind, Point};

/// A place in stage units.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Spot {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Spot {
    /// The place (`x`, `y`).
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// How far `other` is.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        libm::hypot(self.x - other.x, self.y - other.y)
    }

    /// The place `share` of the way to `other`.
    #[must_use]
    pub fn toward(self, other: Self, share: f64) -> Self {
        Self::new(
            self.x + (other.x - self.x) * share,
            self.y + (other.y - self.y) * share,
        )
    }

    /// The place moved by (`dx`, `dy`).
    #[must_use]
    pub fn moved(self, dx: f64, dy: f64) -> Self {
        Self::new(self.x + dx, self.y + dy)
    }
}

impl From<Point> for Spot {
    fn from(point: Point) -> Self {
        Self::new(f64::from(point.x), f64::from(point.y))
    }
}

impl From<Spot> for Point {
    /// The nearest whole stage unit; `as` saturates, and turns what is not a number into 0.
    fn from(spot: Spot) -> Self {
        Self {
            x: libm::round(spot.x) as i32,
            y: libm::round(spot.y) as i32,
        }
    }
}

/// An upright rectangle, by its centre.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Centre.
    pub centre: Spot,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    /// The rectangle with these two opposite corners.
    #[must_use]
    pub fn between(a: Spot, b: Spot) -> Self {
        Self {
            centre: a.toward(b, 0.5),
            width: libm::fabs(a.x - b.x),
            height: libm::fabs(a.y - b.y),
        }
    }

    /// Left edge.
    #[must_use]
    pub fn left(&self) -> f64 {
        self.centre.x - self.width / 2.0
    }

    /// Right edge.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.centre.x + self.width / 2.0
    }

    /// Top edge.
    #[must_use]
    pub fn top(&self) -> f64 {
        self.centre.y - self.height / 2.0
    }

    /// Bottom edge.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        self.centre.y + self.height / 2.0
    }

    /// Whether `spot` is within, edges included.
    #[must_use]
    pub fn contains(&self, spot: Spot) -> bool {
        (self.left()..=self.right()).contains(&spot.x)
            && (self.top()..=self.bottom()).contains(&spot.y)
    }

    /// Whether the two have a spot in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left() <= other.right()
            && other.left() <= self.right()
            && self.top() <= other.bottom()
            && other.top() <= self.bottom()
    }

    /// Larger by `margin` on each side.
    #[must_use]
    pub fn grown(&self, margin: f64) -> Self {
        Self {
            centre: self.centre,
            width: self.width + 2.0 * margin,
            height: self.height + 2.0 * margin,
        }
    }

    /// The smallest rectangle round both.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        Self::between(
            Spot::new(self.left().min(other.left()), self.top().min(other.top())),
            Spot::new(
                self.right().max(other.right()),
                self.bottom().max(other.bottom()),
            ),
        )
    }

    /// Moved by (`dx`, `dy`).
    #[must_use]
    pub fn moved(&self, dx: f64, dy: f64) -> Self {
        Self {
            centre: self.centre.moved(dx, dy),
            ..*self
        }
    }

    /// Where lines leave: the middle of the right side.
    #[must_use]
    pub fn exit(&self) -> Spot {
        Spot::new(self.right(), self.centre.y)
    }

    /// Where lines enter: the middle of the left side.
    #[must_use]
    pub fn entry(&self) -> Spot {
        Spot::new(self.left(), self.centre.y)
    }
}

/// Width and height of a producer's tag.
pub const PRODUCER_SIZE: (f64, f64) = (148.0, 56.0);
/// Diameter of an exchange's disc.
pub const EXCHANGE_SIZE: (f64, f64) = (72.0, 72.0);
/// Width and height of a queue's tube; its head, where consumers take from, is on the right.
pub const QUEUE_SIZE: (f64, f64) = (208.0, 72.0);
/// Width and height of a consumer's box.
pub const CONSUMER_SIZE: (f64, f64) = (156.0, 84.0);

/// Half the width of the square that is taken for a connection point (24 px targets).
pub const HANDLE_REACH: f64 = 14.0;

/// Width and height of a box of this kind.
#[must_use]
pub const fn size_of(kind: &NodeKind) -> (f64, f64) {
    match kind {
        NodeKind::Producer(_) => PRODUCER_SIZE,
        NodeKind::Exchange(_) => EXCHANGE_SIZE,
        NodeKind::Queue(_) => QUEUE_SIZE,
        NodeKind::Consumer(_) => CONSUMER_SIZE,
    }
}

/// The box of a node.
#[must_use]
pub fn rect_of(node: &Node) -> Rect {
    let (width, height) = size_of(&node.kind);
    Rect {
        centre: node.position.into(),
        width,
        height,
    }
}

/// Whether lines may leave a box of this kind, so that it shows a connection point on the right.
#[must_use]
pub const fn has_exit(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Producer(_) | NodeKind::Exchange(_) | NodeKind::Queue(_) => true,
        NodeKind::Consumer(_) => false,
    }
}

/// Whether lines may enter it, so that it shows one on the left.
#[must_use]
pub const fn has_entry(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Exchange(_) | NodeKind::Queue(_) | NodeKind::Consumer(_) => true,
        NodeKind::Producer(_) => false,
    }
}
