//! The calendar: everything that will happen, in the order in which it will.
//!
//! Ordered by time, then priority, then sequence: equal times are first in, first out. An entry
//! cannot be taken out; who changes their mind makes the event stale by what it carries. Deliberately not here: the
//! broker's own deadlines, which the broker tells when asked.

use crate::types::{ProcessId, SimTime};

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

/// The future event list: a binary heap, the next entry first.
#[derive(Debug, Clone, Default)]
pub(super) struct Calendar {
    entries: Vec<Entry>,
    sequence: u64,
}

impl Calendar {
    #[inline]
    pub(super) fn schedule(&mut self, at: SimTime, event: Event) {
        let order = event.priority() << SEQUENCE_BITS | self.sequence;
        self.sequence += 1;
        let entry = Entry { at, order, event };
        let mut place = self.entries.len();
        self.entries.push(entry);
        while place > 0 {
            let parent = (place - 1) / 2;
            if self.entries[parent].key() < entry.key() {
                break;
            }
            self.entries[place] = self.entries[parent];
            self.entries[parent] = entry;
            place = parent;
        }
    }

    #[inline]
    pub(super) fn next_at(&self) -> Option<SimTime> {
        self.entries.first().map(|entry| entry.at)
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<Event> {
        self.entries.first().map(|entry| entry.event)
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<(SimTime, Event)> {
        let last = self.entries.pop()?;
        let Some(&first) = self.entries.first() else {
            return Some((last.at, last.event));
        };
        let mut place = 0;
        loop {
            let left = 2 * place + 1;
            let Some(&left_child) = self.entries.get(left) else {
                break;
            };
            let (mut child, mut from) = (left_child, left);
            if let Some(&right) = self.entries.get(left + 1)
                && right.key() < child.key()
            {
                (child, from) = (right, left + 1);
            }
            if last.key() < child.key() {
                break;
            }
            self.entries[place] = child;
            place = from;
        }
        self.entries[place] = last;
        Some((first.at, first.event))
    }
}
