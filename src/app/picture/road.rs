//! Where marks can be: lines as evenly sampled polylines, boxes with their inner places.
//!
//! Deliberately not here: the curves themselves (the editor's), and who travels.

use crate::app::view::{EdgeShape, NodeShape};
use crate::types::NodeId;

/// A line of the stage as points at equal distances, in stage units.
#[derive(Debug, Clone, PartialEq)]
pub struct Road {
    /// Where it begins.
    pub from: NodeId,
    /// Where it ends.
    pub to: NodeId,
    /// What the line means.
    pub shape: EdgeShape,
    /// At least two points, evenly spaced along the line.
    pub points: Vec<(f32, f32)>,
}

impl Road {
    /// The point at `share` of the way, 0 to 1.
    #[must_use]
    pub fn at(&self, share: f32) -> (f32, f32) {
        let Some(last) = self.points.len().checked_sub(1).filter(|last| *last > 0) else {
            return self.points.first().copied().unwrap_or_default();
        };
        let place = share.clamp(0.0, 1.0) * last as f32;
        let index = (place as usize).min(last - 1);
        let rest = place - index as f32;
        let (a, b) = (self.points[index], self.points[index + 1]);
        (a.0 + (b.0 - a.0) * rest, a.1 + (b.1 - a.1) * rest)
    }
}

/// A box of the stage, in stage units around its centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Which node.
    pub node: NodeId,
    /// What it is.
    pub shape: NodeShape,
    /// Centre.
    pub x: f32,
    /// Centre.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// Where the ready part of a queue's tube lies, as offsets from the node's centre in shares of its
/// width: messages enter on the left and leave at the head, on the right.
pub const READY_SHARE: (f32, f32) = (-0.46, 0.24);

/// Where the unacked part lies, right of the head.
pub const UNACKED_SHARE: (f32, f32) = (0.28, 0.46);

/// The tube's middle line, as an offset from the node's centre in shares of its height.
pub const TUBE_SHARE: f32 = 0.0;

/// Distance between two waiting marks, in stage units.
pub const MARK_PITCH: f32 = 12.0;

/// How many waiting marks are drawn in a queue at the most; the count says the rest.
pub const QUEUE_MARKS_MAX: usize = 12;
