//! The calendar: everything that will happen, in the order in which it will.
//!
//! Ordered by time, then priority, then sequence: equal times are first in, first out. An entry
//! cannot be taken out; who changes their mind makes the event stale by what it carries. Deliberately not here: the
//! broker's own deadlines, which the broker tells when asked.

use crate::types::{ProcessId, SimTime};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// What will happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// A coroutine's sleep or work ends, unless it has been called off (another turn).
    Wake { process: ProcessId, turn: u32 },
    /// A parcel is there, unless it was lost.
    Parcel { number: u64 },
    /// An outage of a client begins or ends, unless its outages were changed (another plan).
    Outage {
        client: u32,
        index: u16,
        plan: u16,
        begins: bool,
    },
}

impl Event {
    /// Outages come before anything else of their instant, so that "at 10 s" means the whole of that
    /// instant.
    const fn priority(self) -> u64 {
        match self {
            Self::Outage { .. } => 0,
            Self::Wake { .. } | Self::Parcel { .. } => 1,
        }
    }
}

/// Bits of the sequence within an entry's order; the priority stands above them. A run would take
/// centuries to use them up.
const SEQUENCE_BITS: u32 = 56;

#[derive(Debug, Clone, Copy)]
struct Entry {
    at: SimTime,
    order: u64,
    event: Event,
}

impl Entry {
    /// Time, then priority, then sequence, as one number; no two entries have the same.
    #[inline]
    const fn key(&self) -> u128 {
        (self.at.as_nanos() as u128) << 64 | self.order as u128
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    #[inline]
    fn lt(&self, other: &Self) -> bool {
        self.key() < other.key()
    }

    #[inline]
    fn le(&self, other: &Self) -> bool {
        self.key() <= other.key()
    }
}

impl Ord for Entry {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

/// The future event list.
#[derive(Debug, Clone, Default)]
pub(super) struct Calendar {
    heap: BinaryHeap<Reverse<Entry>>,
    sequence: u64,
}

impl Calendar {
    #[inline]
    pub(super) fn schedule(&mut self, at: SimTime, event: Event) {
        let order = event.priority() << SEQUENCE_BITS | self.sequence;
        self.sequence += 1;
        self.heap.push(Reverse(Entry { at, order, event }));
    }

    #[inline]
    pub(super) fn next_at(&self) -> Option<SimTime> {
        self.heap.peek().map(|Reverse(entry)| entry.at)
    }

    pub(super) fn peek(&self) -> Option<Event> {
        self.heap.peek().map(|Reverse(entry)| entry.event)
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<(SimTime, Event)> {
        self.heap
            .pop()
            .map(|Reverse(entry)| (entry.at, entry.event))
    }
}
