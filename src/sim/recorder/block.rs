//! A block of retained records: written in place, one after the other, and used again when it is old.
//!
//! Nearly all records are plain numbers, so an old block need not be looked through to be emptied;
//! only one that holds names is. Deliberately not here: how many blocks are kept.

use crate::sim::trace::{TraceKind, TraceRecord};
use crate::types::SimTime;
use std::mem::ManuallyDrop;

/// Records in one block: enough that making a block costs nothing next to filling it, few enough
/// that copying the block being filled is cheap.
pub(super) const BLOCK_RECORDS: usize = 1024;

/// A place no record stands in.
const BLANK: ManuallyDrop<TraceRecord> = ManuallyDrop::new(TraceRecord {
    at: SimTime::ZERO,
    sequence: 0,
    kind: TraceKind::Operated { entry: 0 },
});

/// Records in order; the default one has no room at all.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    /// Those from `len` on mean nothing and hold no names.
    places: Vec<ManuallyDrop<TraceRecord>>,
    len: usize,
    /// Whether any record holds names, which must be given back.
    named: bool,
}

impl Block {
    pub(super) fn new() -> Self {
        Self {
            places: vec![BLANK; BLOCK_RECORDS],
            len: 0,
            named: false,
        }
    }

    #[inline(always)]
    pub(super) const fn is_full(&self) -> bool {
        self.len >= self.places.len()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes one more; there must be room.
    #[inline(always)]
    pub(super) fn push(&mut self, record: TraceRecord) {
        self.named |= record.kind.has_names();
        self.places[self.len] = ManuallyDrop::new(record);
        self.len += 1;
    }

    /// Its records in order.
    pub(super) fn records(&self) -> impl Iterator<Item = &TraceRecord> {
        self.places.iter().take(self.len).map(|record| &**record)
    }

    /// Forgets its records and keeps the room.
    pub(super) fn empty(&mut self) {
        if self.named {
            for place in self.places.iter_mut().take(self.len) {
                drop(ManuallyDrop::into_inner(std::mem::replace(place, BLANK)));
            }
        }
        self.named = false;
        self.len = 0;
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        self.empty();
    }
}
