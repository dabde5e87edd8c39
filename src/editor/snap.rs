//! Soft snapping: to the grid, and to the middle lines of other boxes.
//!
//! Deliberately not here: whether snapping is wanted; a key held down turns it off.

use crate::editor::{Scene, Spot};
use crate::types::NodeSet;

/// Stage units between lines of the grid.
pub const GRID: f64 = 8.0;
/// CSS pixels within which a box jumps to another's middle line.
const ALIGN_REACH: f64 = 6.0;
/// Boxes looked at for alignment: more would not be seen at once.
const ALIGN_BOXES_MAX: usize = 400;

/// Where a box of the moving ones comes to stand when its centre is dragged to `wanted`.
#[must_use]
pub fn snap(scene: &Scene, moving: &NodeSet, wanted: Spot, zoom: f64) -> Spot {
    let reach = ALIGN_REACH / zoom;
    let mut best_x: Option<f64> = None;
    let mut best_y: Option<f64> = None;
    let closer = |best: Option<f64>, value: f64, from: f64| {
        let off = libm::fabs(value - from);
        off <= reach && best.is_none_or(|best| off < libm::fabs(best - from))
    };
    let others = scene.nodes().filter(|node| !moving.contains(&node.id));
    for centre in others.take(ALIGN_BOXES_MAX).map(|node| node.rect.centre) {
        if closer(best_x, centre.x, wanted.x) {
            best_x = Some(centre.x);
        }
        if closer(best_y, centre.y, wanted.y) {
            best_y = Some(centre.y);
        }
    }
    Spot::new(
        best_x.unwrap_or_else(|| to_grid(wanted.x)),
        best_y.unwrap_or_else(|| to_grid(wanted.y)),
    )
}

/// The nearest line of the grid.
#[must_use]
pub fn to_grid(value: f64) -> f64 {
    libm::round(value / GRID) * GRID
}
