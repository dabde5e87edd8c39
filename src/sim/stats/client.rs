//! Statistics of producers and consumers.
//!
//! Deliberately not here: how they stand at this instant; the run shows that itself.

use super::measure::count_one;
use super::{Level, Rate, Series, Spans};
use crate::sim::trace::ClientStatus;
use crate::types::{SimDuration, SimTime};

/// A producer's statistics, as the broker saw it.
#[derive(Debug, Clone)]
pub struct ProducerStats {
    /// Messages the broker took.
    pub published: Rate,
    /// Messages the broker confirmed.
    pub confirmed: Rate,
    /// Messages some queue refused (`basic.nack`).
    pub refused: u64,
    /// Messages given back.
    pub returned: u64,
    series: Series,
}

impl ProducerStats {
    pub(super) fn new(at: SimTime) -> Self {
        Self {
            published: Rate::new(at),
            confirmed: Rate::new(at),
            refused: 0,
            returned: 0,
            series: Series::default(),
        }
    }

    /// Its curve: messages published (arrivals) and confirmed (departures).
    #[must_use]
    pub const fn series(&self) -> &Series {
        &self.series
    }

    #[inline(always)]
    pub(super) fn published(&mut self, at: SimTime) {
        self.published.add(at);
        let point = self.series.at(at);
        count_one(&mut point.arrivals);
    }

    pub(super) fn confirmed(&mut self, at: SimTime, messages: u32, ack: bool) {
        if ack {
            self.confirmed.add_many(at, messages);
            let point = self.series.at(at);
            point.departures = point.departures.saturating_add(messages);
        } else {
            self.refused += u64::from(messages);
        }
    }

    pub(super) fn reset(&mut self, at: SimTime) {
        self.published = Rate::new(at);
        self.confirmed = Rate::new(at);
        self.refused = 0;
        self.returned = 0;
    }
}

/// A consumer's statistics.
#[derive(Debug, Clone)]
pub struct ConsumerStats {
    /// Deliveries to it.
    pub delivered: u64,
    /// Of these, deliveries of what was delivered before.
    pub redelivered: u64,
    /// Acknowledgements the broker took from it.
    pub acked: Rate,
    /// Its deliveries that went back to their queue.
    pub requeued: u64,
    /// Work that failed or was broken off.
    pub failed: u64,
    /// Workers at work.
    pub busy: Level,
    /// Workers whose program runs.
    pub workers: Level,
    /// Time spent on each message, finished or not.
    pub service: Spans,
    series: Series,
}

impl ConsumerStats {
    pub(super) fn new(at: SimTime) -> Self {
        Self {
            delivered: 0,
            redelivered: 0,
            acked: Rate::new(at),
            requeued: 0,
            failed: 0,
            busy: Level::new(at, 0),
            workers: Level::new(at, 0),
            service: Spans::default(),
            series: Series::default(),
        }
    }

    /// Its curve: work started (arrivals) and ended (departures), busy workers, service times.
    #[must_use]
    pub const fn series(&self) -> &Series {
        &self.series
    }

    /// The share of its workers' running time that was work, 0 to 1; `None` before any has run.
    #[must_use]
    pub fn utilisation(&self, at: SimTime) -> Option<f64> {
        let running = self.workers.total_secs(at);
        (running > 0.0).then(|| (self.busy.total_secs(at) / running).min(1.0))
    }

    #[inline(always)]
    pub(super) fn delivered(&mut self, redelivered: bool) {
        self.delivered += 1;
        self.redelivered += u64::from(redelivered);
    }

    #[inline(always)]
    pub(super) fn acked(&mut self, at: SimTime) {
        self.acked.add(at);
    }

    #[inline(always)]
    pub(super) fn work_started(&mut self, at: SimTime) {
        self.busy.up(at);
        let busy = self.busy.now();
        let point = self.series.at(at);
        count_one(&mut point.arrivals);
        point.level = busy;
        point.level_max = point.level_max.max(busy);
    }

    #[inline(always)]
    pub(super) fn work_ended(&mut self, at: SimTime, service: SimDuration, failed: bool) {
        self.busy.down(at);
        self.failed += u64::from(failed);
        self.service.add(service);
        let busy = self.busy.now();
        let point = self.series.at(at);
        count_one(&mut point.departures);
        point.level = busy;
        count_one(&mut point.spans);
        point.span_nanos = point.span_nanos.saturating_add(service.as_nanos());
    }

    pub(super) fn client_changed(&mut self, at: SimTime, status: ClientStatus, workers: u32) {
        let runs = match status {
            ClientStatus::Connecting
            | ClientStatus::Up
            | ClientStatus::Paused
            | ClientStatus::Cut => true,
            ClientStatus::Down
            | ClientStatus::Refused
            | ClientStatus::Cancelled
            | ClientStatus::Ended
            | ClientStatus::Removed => false,
        };
        self.workers
            .set(at, if runs { u64::from(workers) } else { 0 });
    }

    pub(super) fn reset(&mut self, at: SimTime) {
        self.delivered = 0;
        self.redelivered = 0;
        self.acked = Rate::new(at);
        self.requeued = 0;
        self.failed = 0;
        self.busy.reset(at);
        self.workers.reset(at);
        self.service.reset();
    }
}
