//! Where there is room for a new box.
//!
//! Deliberately not here: where one is wanted, and what stands on the stage.

use crate::editor::{Rect, Spot};

/// Places for a new box in rows and columns round the one that is wanted, and which are taken.
/// Each box that stands there is looked at once, however many places there are.
pub(super) struct Places {
    wanted: Spot,
    size: (f64, f64),
    taken: Vec<bool>,
}

impl Places {
    const GAP: f64 = 24.0;
    /// Below and above before beside: lines run across, and a stage is soon full that way.
    const COLUMN_COST: i32 = 3;
    const ROWS: i32 = 39;
    const COLUMNS: i32 = Self::ROWS / Self::COLUMN_COST;

    pub(super) fn new(wanted: Spot, size: (f64, f64)) -> Self {
        let count = (2 * Self::ROWS + 1) * (2 * Self::COLUMNS + 1);
        Self {
            wanted,
            size,
            taken: vec![false; count as usize],
        }
    }

    fn centre(&self, column: i32, row: i32) -> Spot {
        let (width, height) = self.size;
        self.wanted.moved(
            f64::from(column) * (width + Self::GAP),
            f64::from(row) * (height + Self::GAP),
        )
    }

    fn index(column: i32, row: i32) -> usize {
        ((row + Self::ROWS) * (2 * Self::COLUMNS + 1) + column + Self::COLUMNS) as usize
    }

    /// Takes the places that a box overlaps.
    pub(super) fn take(&mut self, rect: &Rect) {
        // A little more than can overlap, as numbers of rows or columns from the wanted place.
        let near = |distance: f64, own: f64, new: f64, most: i32| {
            let (reach, step) = ((own + new) / 2.0 + Self::GAP, new + Self::GAP);
            let first = libm::floor((distance - reach) / step) as i32;
            let last = libm::ceil((distance + reach) / step) as i32;
            first.max(-most)..=last.min(most)
        };
        let (width, height) = self.size;
        let (dx, dy) = (rect.centre.x - self.wanted.x, rect.centre.y - self.wanted.y);
        for row in near(dy, rect.height, height, Self::ROWS) {
            for column in near(dx, rect.width, width, Self::COLUMNS) {
                let place = Rect {
                    centre: self.centre(column, row),
                    width,
                    height,
                };
                if rect.overlaps(&place.grown(Self::GAP / 2.0)) {
                    self.taken[Self::index(column, row)] = true;
                }
            }
        }
    }

    pub(super) fn nearest_free(&self) -> Option<Spot> {
        let tries = (0..=Self::ROWS).flat_map(|reach| {
            let most = reach / Self::COLUMN_COST;
            (-most..=most).flat_map(move |column| {
                let row = reach - column.abs() * Self::COLUMN_COST;
                [(column, row), (column, -row)]
            })
        });
        let mut free = tries.filter(|(column, row)| !self.taken[Self::index(*column, *row)]);
        free.next().map(|(column, row)| self.centre(column, row))
    }
}
