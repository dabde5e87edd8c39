//! Which part of the stage is seen: pan and zoom.
//!
//! Deliberately not here: who asks for it (wheel, fingers, keys).

use crate::editor::{Rect, Spot};

/// The part of the stage that is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    /// Stage unit at the left edge of the stage element.
    pub pan_x: f64,
    /// Stage unit at its top edge.
    pub pan_y: f64,
    /// CSS pixels per stage unit.
    pub zoom: f64,
    /// Width of the stage element in CSS pixels.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// Smallest zoom: 10 000 queues in view at once.
pub const ZOOM_MIN: f64 = 0.02;
/// Largest zoom.
pub const ZOOM_MAX: f64 = 4.0;
/// Fitting never enlarges beyond this: three boxes should not fill a wall.
const ZOOM_FIT_MAX: f64 = 1.25;
/// CSS pixels left free round what is fitted.
const FIT_MARGIN: f64 = 48.0;
/// Farther than any document reaches; keeps all sums finite.
const PAN_MAX: f64 = 1e9;
/// Below this size the element is not laid out yet.
const SIZE_MIN: f64 = 1.0;

impl Default for Viewport {
    fn default() -> Self {
        Self {
            pan_x: 0.0,
            pan_y: 0.0,
            zoom: 1.0,
            width: 960.0,
            height: 600.0,
        }
    }
}

impl Viewport {
    /// The stage spot under a place of the element.
    #[must_use]
    pub fn to_stage(&self, x: f64, y: f64) -> Spot {
        Spot::new(
            finite(self.pan_x + finite(x) / self.zoom),
            finite(self.pan_y + finite(y) / self.zoom),
        )
    }

    /// The place of the element over a stage spot.
    #[must_use]
    pub fn to_element(&self, spot: Spot) -> (f64, f64) {
        (
            (spot.x - self.pan_x) * self.zoom,
            (spot.y - self.pan_y) * self.zoom,
        )
    }

    /// What is seen.
    #[must_use]
    pub fn seen(&self) -> Rect {
        Rect::between(
            self.to_stage(0.0, 0.0),
            self.to_stage(self.width, self.height),
        )
    }

    /// The element has another size; what was in the middle stays there.
    pub fn resize(&mut self, width: f64, height: f64) {
        let middle = self.seen().centre;
        self.width = finite(width).max(SIZE_MIN);
        self.height = finite(height).max(SIZE_MIN);
        self.centre_on(middle);
    }

    /// Moves the view by CSS pixels.
    pub fn pan(&mut self, dx: f64, dy: f64) {
        self.pan_x = finite(self.pan_x + finite(dx) / self.zoom);
        self.pan_y = finite(self.pan_y + finite(dy) / self.zoom);
    }

    /// Zooms by `factor`; what is under (`x`, `y`) of the element stays under it.
    pub fn zoom_about(&mut self, x: f64, y: f64, factor: f64) {
        let under = self.to_stage(x, y);
        let factor = if factor.is_finite() && factor > 0.0 {
            factor
        } else {
            1.0
        };
        self.zoom = (self.zoom * factor).clamp(ZOOM_MIN, ZOOM_MAX);
        self.pan_x = finite(under.x - finite(x) / self.zoom);
        self.pan_y = finite(under.y - finite(y) / self.zoom);
    }

    /// Puts a spot in the middle.
    pub fn centre_on(&mut self, spot: Spot) {
        self.pan_x = finite(spot.x - self.width / self.zoom / 2.0);
        self.pan_y = finite(spot.y - self.height / self.zoom / 2.0);
    }

    /// Shows all of `rect`, as large as is useful.
    pub fn fit(&mut self, rect: &Rect) {
        let room_x = (self.width - 2.0 * FIT_MARGIN).max(SIZE_MIN);
        let room_y = (self.height - 2.0 * FIT_MARGIN).max(SIZE_MIN);
        let zoom = (room_x / rect.width.max(SIZE_MIN)).min(room_y / rect.height.max(SIZE_MIN));
        self.zoom = zoom.clamp(ZOOM_MIN, ZOOM_FIT_MAX);
        self.centre_on(rect.centre);
    }

    /// Moves as little as is needed to see all of `rect`.
    pub fn bring_into_view(&mut self, rect: &Rect) {
        let seen = self.seen().grown(-FIT_MARGIN / self.zoom);
        let shift = |low: f64, high: f64, seen_low: f64, seen_high: f64| {
            if low < seen_low {
                low - seen_low
            } else if high > seen_high {
                high - seen_high
            } else {
                0.0
            }
        };
        self.pan_x =
            finite(self.pan_x + shift(rect.left(), rect.right(), seen.left(), seen.right()));
        self.pan_y =
            finite(self.pan_y + shift(rect.top(), rect.bottom(), seen.top(), seen.bottom()));
    }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() {
        value.clamp(-PAN_MAX, PAN_MAX)
    } else {
        0.0
    }
}
