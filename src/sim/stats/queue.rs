//! A queue's statistics.
//!
//! Deliberately not here: what its messages are; only their counts and times are.

use super::measure::count_one;
use super::{Level, Rate, Series, Spans};
use crate::broker::DropReason;
use crate::types::{SimDuration, SimTime};

/// Messages that left or missed a queue without being settled, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drops {
    /// Rejected by a consumer.
    pub rejected: u64,
    /// Expired.
    pub expired: u64,
    /// Pushed out or refused by a length limit.
    pub max_length: u64,
    /// Came back more often than the queue allows.
    pub delivery_limit: u64,
    /// Purged.
    pub purged: u64,
    /// Gone with their queue.
    pub queue_deleted: u64,
}

impl Drops {
    pub(super) fn add(&mut self, reason: DropReason) {
        match reason {
            DropReason::Rejected => self.rejected += 1,
            DropReason::Expired => self.expired += 1,
            DropReason::MaxLength => self.max_length += 1,
            DropReason::DeliveryLimit => self.delivery_limit += 1,
            DropReason::Purged => self.purged += 1,
            DropReason::QueueDeleted => self.queue_deleted += 1,
        }
    }

    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        let by_rule = self.rejected + self.expired + self.max_length + self.delivery_limit;
        by_rule + self.purged + self.queue_deleted
    }
}

/// Little's law for one queue: the mean number of messages in it is the rate at which they come
/// times the mean time they stay (Little 1961).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Little {
    /// The mean number in the queue, ready and unacked, weighted by time.
    pub number: f64,
    /// Messages settled a second.
    pub rate: f64,
    /// The mean time from enqueued to settled, in seconds.
    pub time: f64,
}

impl Little {
    /// The number divided by rate times time: near 1 once many messages have passed, when none was dropped.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        let product = self.rate * self.time;
        (product > 0.0).then(|| self.number / product)
    }
}

/// A queue's statistics since the beginning of counting.
#[derive(Debug, Clone)]
pub struct QueueStats {
    /// Messages ready.
    pub ready: Level,
    /// Messages delivered and not yet settled.
    pub unacked: Level,
    /// Entries.
    pub enqueued: Rate,
    /// Deliveries.
    pub delivered: u64,
    /// Of these, deliveries of what was delivered before.
    pub redelivered: u64,
    /// Messages settled: acknowledged, or delivered with automatic acknowledgement.
    pub settled: Rate,
    /// Returns to the ready messages.
    pub requeued: u64,
    /// Publishes refused (`reject-publish`).
    pub refused: u64,
    /// Messages that left or missed it without being settled.
    pub drops: Drops,
    /// Of these, messages that went on through the dead-letter exchange.
    pub dead_lettered: u64,
    /// From enqueued to first delivered.
    pub waiting: Spans,
    /// From enqueued until a worker took it up, each time one did.
    pub until_work: Spans,
    /// From enqueued to settled.
    pub sojourn: Spans,
    series: Series,
}

impl QueueStats {
    pub(super) fn new(at: SimTime) -> Self {
        Self {
            ready: Level::new(at, 0),
            unacked: Level::new(at, 0),
            enqueued: Rate::new(at),
            delivered: 0,
            redelivered: 0,
            settled: Rate::new(at),
            requeued: 0,
            refused: 0,
            drops: Drops::default(),
            dead_lettered: 0,
            waiting: Spans::default(),
            until_work: Spans::default(),
            sojourn: Spans::default(),
            series: Series::default(),
        }
    }

    /// Its curve: entries, settlements, ready (level), unacked (held), waits.
    #[must_use]
    pub const fn series(&self) -> &Series {
        &self.series
    }

    /// Little's law up to `at`.
    #[must_use]
    pub fn little(&self, at: SimTime) -> Little {
        Little {
            number: self.ready.mean(at) + self.unacked.mean(at),
            rate: self.settled.per_second_overall(at),
            time: match self.sojourn.count() {
                0 => 0.0,
                count => self.sojourn.total_secs() / count as f64,
            },
        }
    }

    #[inline(always)]
    pub(super) fn enqueued(&mut self, at: SimTime) {
        self.ready.up(at);
        self.enqueued.add(at);
        let ready = self.ready.now();
        let point = self.series.at(at);
        count_one(&mut point.arrivals);
        point.level = ready;
        point.level_max = point.level_max.max(ready);
    }

    #[inline(always)]
    pub(super) fn delivered(
        &mut self,
        at: SimTime,
        wait: SimDuration,
        redelivered: bool,
        no_ack: bool,
    ) {
        self.ready.down(at);
        self.delivered += 1;
        if redelivered {
            self.redelivered += 1;
        } else {
            self.waiting.add(wait);
        }
        if no_ack {
            self.settled.add(at);
            self.sojourn.add(wait);
        } else {
            self.unacked.up(at);
        }
        let (ready, unacked) = (self.ready.now(), self.unacked.now());
        let point = self.series.at(at);
        point.level = ready;
        point.held = unacked;
        if no_ack {
            count_one(&mut point.departures);
        }
        if !redelivered {
            count_one(&mut point.spans);
            point.span_nanos = point.span_nanos.saturating_add(wait.as_nanos());
        }
    }

    #[inline(always)]
    pub(super) fn acked(&mut self, at: SimTime, sojourn: SimDuration) {
        self.unacked.down(at);
        self.settled.add(at);
        self.sojourn.add(sojourn);
        let unacked = self.unacked.now();
        let point = self.series.at(at);
        count_one(&mut point.departures);
        point.held = unacked;
    }

    #[inline(always)]
    pub(super) fn work_started(&mut self, waited: SimDuration) {
        self.until_work.add(waited);
    }

    pub(super) fn requeued(&mut self, at: SimTime) {
        self.unacked.down(at);
        self.ready.up(at);
        self.requeued += 1;
        self.levels(at);
    }

    pub(super) fn dropped(
        &mut self,
        at: SimTime,
        was_in: bool,
        reason: DropReason,
        was_unacked: bool,
    ) {
        self.drops.add(reason);
        if !was_in {
            return;
        }
        if was_unacked {
            self.unacked.down(at);
        } else {
            self.ready.down(at);
        }
        self.levels(at);
    }

    fn levels(&mut self, at: SimTime) {
        let (ready, unacked) = (self.ready.now(), self.unacked.now());
        let point = self.series.at(at);
        point.level = ready;
        point.level_max = point.level_max.max(ready);
        point.held = unacked;
    }

    pub(super) fn reset(&mut self, at: SimTime) {
        self.ready.reset(at);
        self.unacked.reset(at);
        self.waiting.reset();
        self.until_work.reset();
        self.sojourn.reset();
        self.enqueued = Rate::new(at);
        self.delivered = 0;
        self.settled = Rate::new(at);
        self.redelivered = 0;
        self.requeued = 0;
        self.refused = 0;
        self.drops = Drops::default();
        self.dead_lettered = 0;
    }
}
