//! Where records go: into the hash, into the statistics, and for a while into memory.
//!
//! Retained records lie in blocks. A full block is never changed again, so clones of a run share it.
//! Deliberately not here: what is recorded when.

mod block;
mod hash;

use crate::sim::stats::Stats;
use crate::sim::trace::{TraceKind, TraceRecord};
use crate::types::SimTime;
use block::{BLOCK_RECORDS, Block};
use hash::TraceHash;
use std::collections::VecDeque;
use std::mem::ManuallyDrop;
use std::rc::Rc;

/// Records retained unless asked otherwise: minutes of a scenario made for watching, some 5 MB.
pub(super) const RETAINED_RECORDS: usize = 64 * 1024;

/// Everything that follows the trace.
#[derive(Debug, Clone)]
pub(super) struct Recorder {
    sequence: u64,
    hash: TraceHash,
    stats: Stats,
    full: VecDeque<Rc<Block>>,
    open: Block,
    blocks_max: usize,
}

impl Default for Recorder {
    fn default() -> Self {
        Self {
            sequence: 0,
            hash: TraceHash::default(),
            stats: Stats::default(),
            full: VecDeque::new(),
            open: Block::default(),
            blocks_max: RETAINED_RECORDS / BLOCK_RECORDS,
        }
    }
}

impl Recorder {
    /// Takes down that `kind` happened at `at`.
    #[inline(never)]
    pub(super) fn record(&mut self, at: SimTime, kind: TraceKind) {
        self.record_often(at, kind);
    }

    /// As [`record`](Self::record), but made anew for each caller, whose kind is then known: for the
    /// records that every message causes.
    #[inline(always)]
    pub(super) fn record_often(&mut self, at: SimTime, kind: TraceKind) {
        // Nothing that fails on the way would have to free it; that keeps it in registers.
        let kind = ManuallyDrop::new(kind);
        self.hash.add(at, &kind);
        self.stats.observe(at, &kind);
        let sequence = self.sequence;
        self.sequence += 1;
        if self.blocks_max > 0 {
            if self.open.is_full() {
                self.turn_block();
            }
            let kind = ManuallyDrop::into_inner(kind);
            self.open.push(TraceRecord { at, sequence, kind });
        } else if kind.has_names() {
            drop(ManuallyDrop::into_inner(kind));
        }
    }

    #[cold]
    fn turn_block(&mut self) {
        let next = if self.full.len() > self.blocks_max {
            self.reuse_oldest()
        } else {
            Block::new()
        };
        let full = std::mem::replace(&mut self.open, next);
        if !full.is_empty() {
            self.full.push_back(Rc::new(full));
        }
    }

    /// The oldest block, emptied; a new one when a clone of the run still has the oldest.
    fn reuse_oldest(&mut self) -> Block {
        let oldest = self
            .full
            .pop_front()
            .and_then(|block| Rc::try_unwrap(block).ok());
        match oldest {
            Some(mut block) => {
                block.empty();
                block
            }
            None => Block::new(),
        }
    }

    /// Retains about that many records from now on; 0 for none.
    pub(super) fn retain(&mut self, records: usize) {
        self.blocks_max = records.div_ceil(BLOCK_RECORDS);
        while self.full.len() > self.blocks_max {
            self.full.pop_front();
        }
        if self.blocks_max == 0 {
            self.open = Block::default();
        }
    }

    pub(super) const fn next_sequence(&self) -> u64 {
        self.sequence
    }

    pub(super) fn first_retained(&self) -> u64 {
        let oldest = self.full.front().map_or(&self.open, |block| block);
        let first = oldest.records().next();
        first.map_or(self.sequence, |record| record.sequence)
    }

    pub(super) fn hash(&self) -> u64 {
        self.hash.finish()
    }

    pub(super) const fn stats(&self) -> &Stats {
        &self.stats
    }

    pub(super) const fn stats_mut(&mut self) -> &mut Stats {
        &mut self.stats
    }

    /// Retained records from `sequence` on, in order.
    pub(super) fn since(&self, sequence: u64) -> impl Iterator<Item = &TraceRecord> {
        let skipped = sequence.saturating_sub(self.first_retained());
        // Blocks are all of the same length but the open one, so whole ones are passed over.
        let blocks = usize::try_from(skipped / BLOCK_RECORDS as u64).unwrap_or(usize::MAX);
        let full = self.full.iter().skip(blocks);
        full.flat_map(|block| block.records())
            .chain(self.open.records())
            .skip_while(move |record| record.sequence < sequence)
    }
}
