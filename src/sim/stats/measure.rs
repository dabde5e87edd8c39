//! What statistics are made of: levels over time, spans, rates.
//!
//! All of bounded size, all cloned with the run. Deliberately not here: what is measured.

use crate::types::{SimDuration, SimTime};

/// A whole number that changes with time: its value, its maximum, its mean weighted by time.
///
/// The area under it is its value times the time, less every change times the instant of the change:
/// so a change costs one addition.
#[derive(Debug, Clone, Copy, Default)]
pub struct Level {
    value: u64,
    max: u64,
    /// Every change times its instant, summed up; the first change is that from zero to where it began.
    moment: i128,
    since: SimTime,
}

impl Level {
    /// Begins at `value`, at `at`.
    #[must_use]
    pub fn new(at: SimTime, value: u64) -> Self {
        Self {
            value,
            max: value,
            moment: i128::from(value) * i128::from(at.as_nanos()),
            since: at,
        }
    }

    /// It changes to `value` at `at`.
    #[inline]
    pub fn set(&mut self, at: SimTime, value: u64) {
        let change = i128::from(value) - i128::from(self.value);
        self.moment += change * i128::from(at.as_nanos());
        self.value = value;
        self.max = self.max.max(value);
    }

    /// It rises by one.
    #[inline(always)]
    pub fn up(&mut self, at: SimTime) {
        self.moment += i128::from(at.as_nanos());
        self.value += 1;
        self.max = self.max.max(self.value);
    }

    /// It falls by one, where it is above zero.
    #[inline(always)]
    pub fn down(&mut self, at: SimTime) {
        if let Some(value) = self.value.checked_sub(1) {
            self.moment -= i128::from(at.as_nanos());
            self.value = value;
        }
    }

    /// Its value now.
    #[must_use]
    pub const fn now(&self) -> u64 {
        self.value
    }

    /// Its greatest value.
    #[must_use]
    pub const fn max(&self) -> u64 {
        self.max
    }

    /// Its mean up to `at`, weighted by time; 0 before any time has passed.
    #[must_use]
    pub fn mean(&self, at: SimTime) -> f64 {
        let nanos = at.since(self.since).as_nanos();
        if nanos == 0 {
            return 0.0;
        }
        self.area(at) as f64 / nanos as f64
    }

    /// The area under it up to `at`, in seconds.
    #[must_use]
    pub fn total_secs(&self, at: SimTime) -> f64 {
        self.area(at) as f64 / 1e9
    }

    /// In nanoseconds; `at` is not before its last change.
    fn area(&self, at: SimTime) -> i128 {
        i128::from(self.value) * i128::from(at.as_nanos()) - self.moment
    }

    /// Keeps the value and forgets the past.
    pub(super) fn reset(&mut self, at: SimTime) {
        *self = Self::new(at, self.value);
    }
}

/// Counts one more, as far as can be counted.
#[inline(always)]
pub(super) fn count_one(count: &mut u32) {
    *count += u32::from(*count != u32::MAX);
}

/// Many spans of time: how many, mean, greatest, quantiles.
///
/// Mean and greatest are exact; quantiles hold two significant digits.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    count: u64,
    nanos: u128,
    max: u64,
    histogram: Histogram,
}

/// Counts in buckets whose width grows with their value (an HDR histogram, Tene 2012): below 256 each
/// number has its own, above that every doubling has 128. Memory grows with the greatest value, up to 30 kB.
#[derive(Debug, Clone, Default)]
struct Histogram {
    counts: Vec<u32>,
}

/// Buckets in one doubling, as a power of two: 128 of them keep a number to better than a hundredth.
const BUCKET_BITS: u32 = 7;

impl Histogram {
    #[inline(always)]
    fn add(&mut self, value: u64) {
        // Below one doubling's buckets the shift is zero and each number has its own.
        let shift = (value | 1 << BUCKET_BITS).ilog2() - BUCKET_BITS;
        let index = ((shift as usize) << BUCKET_BITS) + (value >> shift) as usize;
        match self.counts.get_mut(index) {
            Some(count) => count_one(count),
            None => self.grow(index),
        }
    }

    /// Makes room for the first number in a bucket.
    #[cold]
    fn grow(&mut self, index: usize) {
        let buckets = (index + 1).next_multiple_of(1 << BUCKET_BITS);
        self.counts.resize(buckets, 0);
        self.counts[index] = 1;
    }

    /// The greatest number of the bucket that holds the `rank`-th smallest, from 1.
    fn at(&self, rank: u64) -> Option<u64> {
        let mut seen = 0;
        let index = self.counts.iter().position(|count| {
            seen += u64::from(*count);
            seen >= rank
        })?;
        let doubling = index >> BUCKET_BITS;
        if doubling == 0 {
            return Some(index as u64);
        }
        // The first doubling's numbers and the second's have a width of one.
        let shift = doubling - 1;
        let within = (index - (shift << BUCKET_BITS)) as u64;
        Some((within << shift) + ((1 << shift) - 1))
    }
}

impl Spans {
    /// One more.
    #[inline(always)]
    pub fn add(&mut self, span: SimDuration) {
        let nanos = span.as_nanos();
        self.count += 1;
        self.nanos += u128::from(nanos);
        self.max = self.max.max(nanos);
        self.histogram.add(nanos);
    }

    /// How many.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Their mean, exact to the nanosecond; `None` without any.
    #[must_use]
    pub fn mean(&self) -> Option<SimDuration> {
        let mean = self.nanos.checked_div(u128::from(self.count))?;
        Some(SimDuration::from_nanos(
            u64::try_from(mean).unwrap_or(u64::MAX),
        ))
    }

    /// Their sum in seconds.
    #[must_use]
    pub fn total_secs(&self) -> f64 {
        self.nanos as f64 / 1e9
    }

    /// The span that the share `quantile` (0 to 1) of them does not exceed, to two digits.
    #[must_use]
    pub fn quantile(&self, quantile: f64) -> Option<SimDuration> {
        let rank = (quantile.clamp(0.0, 1.0) * self.count as f64).ceil();
        let nanos = self.histogram.at((rank as u64).max(1))?;
        Some(SimDuration::from_nanos(nanos.min(self.max)))
    }

    /// The longest; `None` without any.
    #[must_use]
    pub fn max(&self) -> Option<SimDuration> {
        (self.count > 0).then(|| SimDuration::from_nanos(self.max))
    }

    pub(super) fn reset(&mut self) {
        self.count = 0;
        self.nanos = 0;
        self.max = 0;
        self.histogram.counts.fill(0);
    }
}

/// A rate looks back this many slots ...
const RATE_SLOTS: u64 = 10;
/// ... of this many nanoseconds: ten seconds, what a person watches as "now" at the pace of work
/// that takes seconds.
const RATE_SLOT_NANOS: u64 = 1_000_000_000;
/// Places for slots: a power of two above their number, so that a slot's place is its lowest bits.
const RATE_PLACES: usize = 16;

/// A count and its rate over the last ten simulated seconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rate {
    total: u64,
    since: SimTime,
    slots: [Slot; RATE_PLACES],
}

/// How many in which second. A place keeps what was counted there last until another second needs
/// it, so time may pass without anything to be done.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    number: u32,
    count: u32,
}

/// The number of the second that `at` falls in.
#[inline]
const fn slot_number(at: SimTime) -> u64 {
    at.as_nanos() / RATE_SLOT_NANOS
}

impl Rate {
    /// Begins to count at `at`.
    #[must_use]
    pub fn new(at: SimTime) -> Self {
        Self {
            total: 0,
            since: at,
            slots: [Slot::default(); RATE_PLACES],
        }
    }

    /// One more.
    #[inline]
    pub fn add(&mut self, at: SimTime) {
        self.add_many(at, 1);
    }

    /// `count` more.
    #[inline(always)]
    pub fn add_many(&mut self, at: SimTime, count: u32) {
        self.total += u64::from(count);
        let number = slot_number(at);
        let slot = &mut self.slots[number as usize % RATE_PLACES];
        // Narrowed where it is kept: two seconds of one number lie a century apart.
        let number = number as u32;
        // Chosen, not branched on: whether this second is another is what nobody can foresee.
        let before = if slot.number == number { slot.count } else { 0 };
        *slot = Slot {
            number,
            // Nothing is counted 2^32 times in a second.
            count: before.wrapping_add(count),
        };
    }

    /// How many in all.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// How many a second, over the last ten simulated seconds.
    #[must_use]
    pub fn per_second(&self, at: SimTime) -> f64 {
        let now = slot_number(at);
        let first = (now + 1).saturating_sub(RATE_SLOTS);
        let count: u64 = (first..=now)
            .map(|number| (number as u32, self.slots[number as usize % RATE_PLACES]))
            .filter(|(number, slot)| slot.number == *number)
            .map(|(_, slot)| u64::from(slot.count))
            .sum();
        let from = SimTime::from_nanos(first.saturating_mul(RATE_SLOT_NANOS)).max(self.since);
        let seconds = at.since(from).as_secs_f64();
        if seconds > 0.0 {
            count as f64 / seconds
        } else {
            0.0
        }
    }

    /// How many a second, over the whole time.
    #[must_use]
    pub fn per_second_overall(&self, at: SimTime) -> f64 {
        let seconds = at.since(self.since).as_secs_f64();
        if seconds > 0.0 {
            self.total as f64 / seconds
        } else {
            0.0
        }
    }
}
