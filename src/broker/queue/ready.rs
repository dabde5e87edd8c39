//! The ready messages of a queue, in order: by priority, then by when they entered.
//!
//! One priority's messages stand in short runs ([`RUN`] entries), so that a long queue wastes no
//! memory on growth, gives memory back as it drains, and still takes a requeued message back into
//! its place without moving more than one run. Deliberately not here: limits, deadlines, consumers.

use crate::types::{CopyId, Message, SimTime};
use std::collections::VecDeque;

/// Where a message in a queue came from, as far as it matters later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::broker) struct Origin {
    /// Its headers hold a BCC, kept for dead-lettering and shown to nobody.
    pub(in crate::broker) blind: bool,
    /// Its `x-death` was written by this broker.
    pub(in crate::broker) dead_lettered: bool,
}

/// What a queue tells consumers of a message's returns.
#[derive(Debug, Clone, Copy, Default)]
#[repr(u64)]
pub(in crate::broker) enum Tells {
    /// Whether there were any.
    #[default]
    Redelivered = 0,
    /// How many of them failed.
    Failures = COUNTED,
    /// That, and how many there were.
    Returns = COUNTED | COUNTED_ALL,
}

const BLIND: u64 = 1;
const DEAD_LETTERED: u64 = 2;
const COUNTED: u64 = 4;
const COUNTED_ALL: u64 = 8;
/// The most returns of a kind that are counted.
pub(in crate::broker) const RETURNS_MAX: i64 = 0xfff;
/// One return that failed; twelve bits above the flags count them.
const ONE_FAILURE: u64 = 1 << 4;
const FAILURES: u64 = RETURNS_MAX as u64 * ONE_FAILURE;
/// One return that did not; twelve bits above those.
const ONE_RELEASE: u64 = 1 << 16;
const RELEASES: u64 = RETURNS_MAX as u64 * ONE_RELEASE;
/// Bits below the copy's number, of which enough are left for years.
const FLAG_BITS: u32 = 28;

/// One message in a queue: 32 octets beside the message itself.
#[derive(Debug, Clone)]
pub(in crate::broker) struct Entry {
    /// The copy's number above the flags, so that comparing it compares copies.
    copy_and_flags: u64,
    /// The message.
    pub(in crate::broker) message: Message,
    /// When it entered the queue.
    pub(in crate::broker) enqueued_at: SimTime,
    /// When its time to live ends; [`SimTime::MAX`] when never.
    pub(in crate::broker) expires_at: SimTime,
}

impl Entry {
    /// A message that enters a queue.
    pub(in crate::broker) fn new(
        copy: CopyId,
        message: Message,
        enqueued_at: SimTime,
        expires_at: SimTime,
        origin: Origin,
        tells: Tells,
    ) -> Self {
        let blind = if origin.blind { BLIND } else { 0 };
        let dead_lettered = if origin.dead_lettered {
            DEAD_LETTERED
        } else {
            0
        };
        Self {
            copy_and_flags: copy.0 << FLAG_BITS | blind | dead_lettered | tells as u64,
            message,
            enqueued_at,
            expires_at,
        }
    }

    /// Its number, which is also its position.
    pub(in crate::broker) const fn copy(&self) -> CopyId {
        CopyId(self.copy_and_flags >> FLAG_BITS)
    }

    /// Whether it was delivered before.
    pub(in crate::broker) const fn redelivered(&self) -> bool {
        self.copy_and_flags & (FAILURES | RELEASES) != 0
    }

    /// Remembers that it was delivered and came back, having failed or not.
    pub(in crate::broker) const fn mark_returned(&mut self, failed: bool) {
        let (all, one) = match failed {
            true => (FAILURES, ONE_FAILURE),
            false => (RELEASES, ONE_RELEASE),
        };
        if self.copy_and_flags & all != all {
            self.copy_and_flags += one;
        }
    }

    /// How often it failed and came back.
    pub(in crate::broker) const fn failures(&self) -> i64 {
        ((self.copy_and_flags & FAILURES) / ONE_FAILURE) as i64
    }

    /// How often it came back.
    pub(in crate::broker) const fn returns(&self) -> i64 {
        self.failures() + ((self.copy_and_flags & RELEASES) / ONE_RELEASE) as i64
    }

    /// Whether who is given it is told how often it failed.
    pub(in crate::broker) const fn tells_failures(&self) -> bool {
        self.copy_and_flags & COUNTED != 0
    }

    /// Whether who is given it is told how often it came back.
    pub(in crate::broker) const fn tells_returns(&self) -> bool {
        self.copy_and_flags & COUNTED_ALL != 0
    }

    /// Where it came from.
    pub(in crate::broker) const fn origin(&self) -> Origin {
        Origin {
            blind: self.copy_and_flags & BLIND != 0,
            dead_lettered: self.copy_and_flags & DEAD_LETTERED != 0,
        }
    }
}

/// Entries in one run: 2 KiB, small enough to shift, large enough that the list of runs is nothing.
const RUN: usize = 64;

/// Messages of one priority in order of copy.
#[derive(Debug, Clone, Default)]
pub(in crate::broker) struct Line {
    /// The oldest run; all there is of a short queue. Empty only when there are no messages.
    first: VecDeque<Entry>,
    /// The runs behind it in order; none is empty.
    later: VecDeque<VecDeque<Entry>>,
    len: usize,
}

impl Line {
    /// How many messages.
    pub(in crate::broker) const fn len(&self) -> usize {
        self.len
    }

    /// The oldest.
    #[inline]
    pub(in crate::broker) fn front(&self) -> Option<&Entry> {
        self.first.front()
    }

    /// Puts in the newest; its copy must be greater than all in the line.
    #[inline]
    fn push_back(&mut self, entry: Entry) {
        self.len += 1;
        if self.later.is_empty() && self.first.len() < RUN {
            self.first.push_back(entry);
        } else {
            self.push_later(entry);
        }
    }

    fn push_later(&mut self, entry: Entry) {
        match self.later.back_mut() {
            Some(run) if run.len() < RUN => run.push_back(entry),
            _ => {
                // The first run of a short queue grows as needed; later ones are made whole.
                let mut run = VecDeque::with_capacity(RUN);
                run.push_back(entry);
                self.later.push_back(run);
            }
        }
    }

    /// Takes the oldest out.
    #[inline]
    fn pop_front(&mut self) -> Option<Entry> {
        let entry = self.first.pop_front()?;
        self.len -= 1;
        if self.first.is_empty()
            && let Some(next) = self.later.pop_front()
        {
            self.first = next;
        }
        Some(entry)
    }

    /// Puts an entry into its place by copy.
    fn insert(&mut self, entry: Entry) {
        let copy = entry.copy_and_flags;
        let newest = self.later.back().unwrap_or(&self.first).back();
        if newest.is_none_or(|newest| newest.copy_and_flags < copy) {
            self.push_back(entry);
            return;
        }
        let starts_before = |run: &VecDeque<Entry>| {
            let oldest = run.front();
            oldest.is_some_and(|oldest| oldest.copy_and_flags < copy)
        };
        // How many later runs begin before it; it belongs into the last of these, else the first run.
        let mut at = self.later.partition_point(starts_before);
        if self.run_mut(at).len() >= RUN {
            let upper = self.run_mut(at).split_off(RUN / 2);
            let belongs_there = starts_before(&upper);
            self.later.insert(at, upper);
            at += usize::from(belongs_there);
        }
        let run = self.run_mut(at);
        let place = run.partition_point(|other| other.copy_and_flags < copy);
        run.insert(place, entry);
        self.len += 1;
    }

    /// A run by its place among all of them.
    fn run_mut(&mut self, at: usize) -> &mut VecDeque<Entry> {
        match at.checked_sub(1) {
            Some(later) => &mut self.later[later],
            None => &mut self.first,
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.first.iter().chain(self.later.iter().flatten())
    }

    fn is_in_order(&self) -> bool {
        self.iter()
            .is_sorted_by(|a, b| a.copy_and_flags < b.copy_and_flags)
            && self.iter().count() == self.len
            && (self.len == 0 || !self.first.is_empty())
    }
}

/// Sixty-four priorities in one word.
const WORD: usize = 64;

/// All ready messages of a queue.
#[derive(Debug, Clone, Default)]
pub(in crate::broker) struct Ready {
    /// Messages without priority, or of priority 0.
    lowest: Line,
    /// Priorities from 1 upwards, as far as any message has been.
    higher: Vec<Line>,
    /// Which of `higher` hold messages, one bit each.
    occupied: [u64; 4],
    len: usize,
}

impl Ready {
    /// How many messages.
    pub(in crate::broker) const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub(in crate::broker) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline(always)]
    fn line_mut(&mut self, priority: u8) -> &mut Line {
        match usize::from(priority).checked_sub(1) {
            Some(index) => self.higher_mut(index),
            None => &mut self.lowest,
        }
    }

    #[inline(never)]
    fn higher_mut(&mut self, index: usize) -> &mut Line {
        if self.higher.len() <= index {
            self.higher.resize_with(index + 1, Line::default);
        }
        self.occupied[index / WORD] |= 1 << (index % WORD);
        &mut self.higher[index]
    }

    /// The index in `higher` of the highest priority that holds messages.
    #[inline]
    fn highest(&self) -> Option<usize> {
        if self.higher.is_empty() {
            return None;
        }
        let word = self.occupied.iter().rposition(|word| *word != 0)?;
        Some(word * WORD + (WORD - 1 - self.occupied[word].leading_zeros() as usize))
    }

    /// Puts in the newest message, of the given priority.
    #[inline]
    pub(in crate::broker) fn push_back(&mut self, priority: u8, entry: Entry) {
        self.len += 1;
        self.line_mut(priority).push_back(entry);
    }

    /// Puts a message back into its place.
    pub(in crate::broker) fn insert(&mut self, priority: u8, entry: Entry) {
        self.len += 1;
        self.line_mut(priority).insert(entry);
    }

    /// The message that leaves next.
    #[inline]
    pub(in crate::broker) fn front(&self) -> Option<&Entry> {
        match self.highest() {
            Some(index) => self.higher[index].front(),
            None => self.lowest.front(),
        }
    }

    /// Takes out the message that leaves next.
    #[inline]
    pub(in crate::broker) fn pop_front(&mut self) -> Option<Entry> {
        let highest = self.highest();
        let line = match highest {
            Some(index) => &mut self.higher[index],
            None => &mut self.lowest,
        };
        let entry = line.pop_front()?;
        if let Some(index) = highest
            && line.len() == 0
        {
            self.occupied[index / WORD] &= !(1 << (index % WORD));
        }
        self.len -= 1;
        Some(entry)
    }

    /// All messages in the order in which they would leave.
    pub(in crate::broker) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.higher
            .iter()
            .rev()
            .flat_map(Line::iter)
            .chain(self.lowest.iter())
    }

    /// Whether every priority's messages stand in the order in which they entered.
    pub(in crate::broker) fn is_in_order(&self) -> bool {
        let occupied = |(index, line): (usize, &Line)| {
            let bit = self.occupied[index / WORD] >> (index % WORD) & 1;
            line.is_in_order() && (bit == 1) == (line.len > 0)
        };
        self.lowest.is_in_order() && self.higher.iter().enumerate().all(occupied)
    }
}
