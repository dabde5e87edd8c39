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

    /// As a kind and one word.
    #[inline(always)]
    const fn packed(self) -> (u64, u64) {
        match self {
            Self::Wake { process, turn } => (WAKE, (process.0 as u64) << 32 | turn as u64),
            Self::Parcel { number } => (PARCEL, number),
            Self::Outage {
                client,
                index,
                plan,
                begins,
            } => {
                let kind = if begins { BEGIN } else { END };
                let word = (client as u64) << 32 | (index as u64) << 16 | plan as u64;
                (kind, word)
            }
        }
    }

    #[inline(always)]
    const fn unpacked(kind: u64, word: u64) -> Self {
        match kind & KIND_MASK {
            WAKE => Self::Wake {
                process: ProcessId((word >> 32) as u32),
                turn: word as u32,
            },
            PARCEL => Self::Parcel { number: word },
            kind => Self::Outage {
                client: (word >> 32) as u32,
                index: (word >> 16) as u16,
                plan: word as u16,
                begins: kind == BEGIN,
            },
        }
    }
}

const WAKE: u64 = 0;
const PARCEL: u64 = 1;
const BEGIN: u64 = 2;
const END: u64 = 3;
const KIND_BITS: u32 = 2;
const KIND_MASK: u64 = (1 << KIND_BITS) - 1;

/// Bits of the sequence and the kind within an entry's order; the priority stands above them. A run
/// would take centuries to use them up.
const SEQUENCE_BITS: u32 = 56;

/// Three words, so that they move through registers: the next event is often the one just noted, and
/// to read in one piece what was written in several waits until it is in memory.
#[derive(Debug, Clone, Copy)]
struct Entry {
    at: u64,
    /// Priority, then sequence, then the event's kind.
    order: u64,
    word: u64,
}

impl Entry {
    #[inline(always)]
    const fn is_before(&self, other: &Self) -> bool {
        self.key() < other.key()
    }

    /// Time and order as one number; no two entries have the same.
    #[inline(always)]
    const fn key(&self) -> u128 {
        (self.at as u128) << 64 | self.order as u128
    }

    #[inline(always)]
    const fn event(&self) -> Event {
        Event::unpacked(self.order, self.word)
    }
}

/// The future event list: a binary heap, the next entry first.
#[derive(Debug, Clone, Default)]
pub(super) struct Calendar {
    entries: Vec<Entry>,
    sequence: u64,
    /// The first place is free: what stood there was taken out. Whoever is woken mostly goes back to
    /// sleep, and takes that place at the cost of one step down instead of two through the heap.
    hole: bool,
}

impl Calendar {
    #[inline(always)]
    pub(super) fn schedule(&mut self, at: SimTime, event: Event) {
        let (kind, word) = event.packed();
        let order = event.priority() << SEQUENCE_BITS | self.sequence << KIND_BITS | kind;
        self.sequence += 1;
        let at = at.as_nanos();
        self.insert(at, order, word);
    }

    /// Takes an entry's three words one by one, so that they come in registers.
    #[inline(never)]
    fn insert(&mut self, at: u64, order: u64, word: u64) {
        let entry = Entry { at, order, word };
        if std::mem::take(&mut self.hole) {
            self.sink(entry);
        } else {
            self.rise(entry);
        }
    }

    /// Puts an entry in from the end.
    fn rise(&mut self, entry: Entry) {
        let mut place = self.entries.len();
        self.entries.push(entry);
        while place > 0 {
            let parent = (place - 1) / 2;
            if self.entries[parent].is_before(&entry) {
                break;
            }
            self.entries[place] = self.entries[parent];
            self.entries[parent] = entry;
            place = parent;
        }
    }

    /// Puts an entry in from the first place, which is free.
    #[inline]
    fn sink(&mut self, entry: Entry) {
        let mut place = 0;
        loop {
            let left = 2 * place + 1;
            let Some(child) = self.entries.get(left) else {
                break;
            };
            let (mut child, mut from) = (child, left);
            if let Some(right) = self.entries.get(left + 1)
                && right.is_before(child)
            {
                (child, from) = (right, left + 1);
            }
            if entry.is_before(child) {
                break;
            }
            self.entries[place] = *child;
            place = from;
        }
        self.entries[place] = entry;
    }

    #[inline]
    fn first(&self) -> Option<&Entry> {
        if !self.hole {
            return self.entries.first();
        }
        match (self.entries.get(1), self.entries.get(2)) {
            (Some(left), Some(right)) if right.is_before(left) => Some(right),
            (left, _) => left,
        }
    }

    #[inline]
    pub(super) fn next_at(&self) -> Option<SimTime> {
        Some(SimTime::from_nanos(self.first()?.at))
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<(SimTime, Event)> {
        let first = self.first()?;
        Some((SimTime::from_nanos(first.at), first.event()))
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<(SimTime, Event)> {
        if std::mem::take(&mut self.hole) {
            self.close();
        }
        let first = self.entries.first()?;
        self.hole = true;
        Some((SimTime::from_nanos(first.at), first.event()))
    }

    /// Fills the first place from the end: nobody went back to sleep.
    fn close(&mut self) {
        if let Some(last) = self.entries.pop()
            && !self.entries.is_empty()
        {
            self.sink(last);
        }
    }
}
