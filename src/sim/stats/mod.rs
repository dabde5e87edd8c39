//! Statistics of a run, computed from the trace alone.
//!
//! [`Stats::observe`] is given every record once, in order. What is kept does not grow with the length
//! of the run. Deliberately not here: anything that looks at the broker or at the clients.

mod client;
mod measure;
mod queue;
mod series;

pub use client::{ConsumerStats, ProducerStats};
pub use measure::{Level, Rate, Spans};
pub use queue::{Drops, Little, QueueStats};
pub use series::{POINTS_MAX, Series, SeriesPoint};

use crate::broker::UnroutableFate;
use crate::sim::trace::TraceKind;
use crate::types::{ExchangeId, NodeId, QueueId, SimTime, SortedMap};

/// Counts of the whole run. One message in two queues is published once and enqueued twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Messages the broker took from publishers.
    pub published: u64,
    /// Messages no queue took, dropped in silence.
    pub unroutable: u64,
    /// Messages given back to their publishers.
    pub returned: u64,
    /// Entries into queues.
    pub enqueued: u64,
    /// Refusals by queues (`reject-publish`).
    pub refused: u64,
    /// Deliveries to consumers.
    pub delivered: u64,
    /// Of these, deliveries of what was delivered before.
    pub redelivered: u64,
    /// Deliveries settled: acknowledged, or sent with automatic acknowledgement.
    pub settled: u64,
    /// Returns to a queue's ready messages.
    pub requeued: u64,
    /// Messages that left or missed a queue without being settled, by reason.
    pub drops: Drops,
    /// Of these, messages that went on through a dead-letter exchange.
    pub dead_lettered: u64,
    /// Things lost on links.
    pub lost: u64,
}

/// What passed through an exchange.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExchangeStats {
    /// Messages published to it.
    pub published: Rate,
    /// Messages that reached it from other exchanges.
    pub forwarded: u64,
    /// Messages published to it that no queue took.
    pub unroutable: u64,
    /// Dead letters published to it.
    pub dead_lettered: u64,
}

/// The statistics of a run since its beginning, or since the last [`Stats::reset`].
#[derive(Debug, Clone, Default)]
pub struct Stats {
    since: SimTime,
    totals: Totals,
    /// By number; the broker counts queues from 0 and never reuses a number.
    queues: Vec<Option<Box<QueueStats>>>,
    exchanges: Vec<Option<Box<ExchangeStats>>>,
    producers: NodeTable<ProducerStats>,
    consumers: NodeTable<ConsumerStats>,
}

impl Stats {
    /// From when on is counted.
    #[must_use]
    pub const fn since(&self) -> SimTime {
        self.since
    }

    /// Counts of the whole run.
    #[must_use]
    pub const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// A queue's statistics, once anything happened to it. Those of a deleted queue remain.
    #[must_use]
    pub fn queue(&self, queue: QueueId) -> Option<&QueueStats> {
        self.queues.get(queue.index())?.as_deref()
    }

    /// All queues to which anything happened.
    pub fn queues(&self) -> impl Iterator<Item = (QueueId, &QueueStats)> {
        let numbered = (0u32..).zip(&self.queues);
        numbered.filter_map(|(id, stats)| Some((QueueId(id), stats.as_deref()?)))
    }

    /// An exchange's statistics, once anything passed it.
    #[must_use]
    pub fn exchange(&self, exchange: ExchangeId) -> Option<&ExchangeStats> {
        self.exchanges.get(exchange.index())?.as_deref()
    }

    /// A producer's statistics.
    #[must_use]
    pub fn producer(&self, node: NodeId) -> Option<&ProducerStats> {
        self.producers.get(node)
    }

    /// A consumer's statistics.
    #[must_use]
    pub fn consumer(&self, node: NodeId) -> Option<&ConsumerStats> {
        self.consumers.get(node)
    }

    /// Forgets what was counted and keeps the levels as they stand: the end of a warm-up. Curves
    /// are kept.
    pub fn reset(&mut self, at: SimTime) {
        self.since = at;
        self.totals = Totals::default();
        for queue in self.queues.iter_mut().flatten() {
            queue.reset(at);
        }
        for exchange in self.exchanges.iter_mut().flatten() {
            **exchange = ExchangeStats {
                published: Rate::new(at),
                ..ExchangeStats::default()
            };
        }
        for producer in self.producers.values_mut() {
            producer.reset(at);
        }
        for consumer in self.consumers.values_mut() {
            consumer.reset(at);
        }
    }

    #[inline(always)]
    fn queue_mut(&mut self, queue: QueueId) -> &mut QueueStats {
        let since = self.since;
        slot(&mut self.queues, queue.index()).get_or_insert_with(|| new_queue(since))
    }

    #[inline(always)]
    fn exchange_mut(&mut self, exchange: ExchangeId) -> &mut ExchangeStats {
        let since = self.since;
        slot(&mut self.exchanges, exchange.index()).get_or_insert_with(|| new_exchange(since))
    }

    #[inline(always)]
    fn producer_mut(&mut self, node: NodeId) -> &mut ProducerStats {
        let since = self.since;
        let slot = self.producers.slot(node);
        slot.get_or_insert_with(|| new_producer(since))
    }

    #[inline(always)]
    fn consumer_mut(&mut self, node: NodeId) -> &mut ConsumerStats {
        let since = self.since;
        let slot = self.consumers.slot(node);
        slot.get_or_insert_with(|| new_consumer(since))
    }

    /// Takes one record in. What happens to every message is told apart here, so that a caller who
    /// knows the kind pays for that kind alone.
    #[inline(always)]
    pub fn observe(&mut self, at: SimTime, kind: &TraceKind) {
        match kind {
            TraceKind::Published { node, exchange, .. } => {
                self.totals.published += 1;
                self.exchange_mut(*exchange).published.add(at);
                self.producer_mut(*node).published(at);
            }
            TraceKind::Enqueued { queue, .. } => {
                self.totals.enqueued += 1;
                self.queue_mut(*queue).enqueued(at);
            }
            TraceKind::Delivered { .. } => self.delivered(at, kind),
            TraceKind::Acked {
                queue,
                enqueued_at,
                node,
                ..
            } => {
                self.totals.settled += 1;
                self.queue_mut(*queue).acked(at, at - *enqueued_at);
                self.consumer_mut(*node).acked(at);
            }
            TraceKind::WorkStarted {
                node,
                queue,
                enqueued_at,
                ..
            } => {
                self.queue_mut(*queue).work_started(at - *enqueued_at);
                self.consumer_mut(*node).work_started(at);
            }
            TraceKind::WorkEnded {
                node,
                failed,
                started_at,
                ..
            } => self
                .consumer_mut(*node)
                .work_ended(at, at - *started_at, *failed),
            TraceKind::Departed { .. }
            | TraceKind::Arrived { .. }
            | TraceKind::Lost { .. }
            | TraceKind::Forwarded { .. }
            | TraceKind::Unroutable { .. }
            | TraceKind::Refused { .. }
            | TraceKind::Requeued { .. }
            | TraceKind::Dropped { .. }
            | TraceKind::DeadLettered { .. }
            | TraceKind::Confirmed { .. }
            | TraceKind::Returned { .. }
            | TraceKind::ExchangeChanged { .. }
            | TraceKind::QueueChanged { .. }
            | TraceKind::BindingChanged { .. }
            | TraceKind::ConsumerChanged { .. }
            | TraceKind::ClientChanged { .. }
            | TraceKind::Closed { .. }
            | TraceKind::Waits { .. }
            | TraceKind::Delayed { .. }
            | TraceKind::RetryDelayed { .. }
            | TraceKind::Overdue { .. }
            | TraceKind::Replied { .. }
            | TraceKind::Operated { .. } => self.observe_seldom(at, kind),
        }
    }

    #[inline(always)]
    fn delivered(&mut self, at: SimTime, kind: &TraceKind) {
        let TraceKind::Delivered {
            queue,
            node,
            redelivered,
            enqueued_at,
            no_ack,
            ..
        } = *kind
        else {
            return;
        };
        self.totals.delivered += 1;
        self.totals.redelivered += u64::from(redelivered);
        self.totals.settled += u64::from(no_ack);
        let wait = at - enqueued_at;
        self.queue_mut(queue)
            .delivered(at, wait, redelivered, no_ack);
        self.consumer_mut(node).delivered(redelivered);
    }

    fn dropped(&mut self, at: SimTime, kind: &TraceKind) {
        let TraceKind::Dropped {
            queue,
            copy,
            reason,
            was_unacked,
            ..
        } = *kind
        else {
            return;
        };
        self.totals.drops.add(reason);
        self.queue_mut(queue)
            .dropped(at, copy.is_some(), reason, was_unacked);
    }

    /// What does not happen to every message.
    #[inline(never)]
    fn observe_seldom(&mut self, at: SimTime, kind: &TraceKind) {
        match kind {
            TraceKind::Forwarded { to, .. } => self.exchange_mut(*to).forwarded += 1,
            TraceKind::Unroutable { exchange, fate, .. } => {
                // A return has its own record, and an answer has arrived.
                let lost = !matches!(fate, UnroutableFate::Returned | UnroutableFate::Replied);
                self.totals.unroutable += u64::from(lost);
                self.exchange_mut(*exchange).unroutable +=
                    u64::from(*fate != UnroutableFate::Replied);
            }
            TraceKind::Refused { queue, .. } => {
                self.totals.refused += 1;
                self.queue_mut(*queue).refused += 1;
            }
            TraceKind::Requeued { queue, node, .. } => {
                self.totals.requeued += 1;
                self.queue_mut(*queue).requeued(at);
                self.consumer_mut(*node).requeued += 1;
            }
            TraceKind::Dropped { .. } => self.dropped(at, kind),
            TraceKind::DeadLettered {
                queue, exchange, ..
            } => {
                self.totals.dead_lettered += 1;
                self.queue_mut(*queue).dead_lettered += 1;
                self.exchange_mut(*exchange).dead_lettered += 1;
            }
            TraceKind::Confirmed {
                node,
                messages,
                ack,
                ..
            } => self.producer_mut(*node).confirmed(at, *messages, *ack),
            TraceKind::Returned { node, .. } => {
                self.totals.returned += 1;
                self.producer_mut(*node).returned += 1;
            }
            TraceKind::Lost { .. } => self.totals.lost += 1,
            // It counts as done, as what is delivered without acknowledgements does.
            TraceKind::Replied { node, .. } => self.consumer_mut(*node).acked(at),
            TraceKind::ClientChanged {
                node,
                status,
                workers,
            } => {
                if *workers > 0 {
                    self.consumer_mut(*node)
                        .client_changed(at, *status, *workers);
                }
            }
            TraceKind::Published { .. }
            | TraceKind::Enqueued { .. }
            | TraceKind::Delivered { .. }
            | TraceKind::Acked { .. }
            | TraceKind::WorkStarted { .. }
            | TraceKind::WorkEnded { .. }
            | TraceKind::Departed { .. }
            | TraceKind::Arrived { .. }
            | TraceKind::ExchangeChanged { .. }
            | TraceKind::QueueChanged { .. }
            | TraceKind::BindingChanged { .. }
            | TraceKind::ConsumerChanged { .. }
            | TraceKind::Closed { .. }
            | TraceKind::Waits { .. }
            | TraceKind::Delayed { .. }
            | TraceKind::RetryDelayed { .. }
            | TraceKind::Overdue { .. }
            | TraceKind::Operated { .. } => {}
        }
    }
}

/// Nodes below this number are found by it; a document made by hand has no others.
const NEAR_NODES: usize = 1 << 16;

/// Something for each node. Node ids are small as a rule but may be any number.
#[derive(Debug, Clone)]
struct NodeTable<T> {
    near: Vec<Option<Box<T>>>,
    far: SortedMap<NodeId, Option<Box<T>>>,
}

impl<T> Default for NodeTable<T> {
    fn default() -> Self {
        Self {
            near: Vec::new(),
            far: SortedMap::new(),
        }
    }
}

impl<T> NodeTable<T> {
    fn get(&self, node: NodeId) -> Option<&T> {
        let far = || self.far.get(&node);
        let slot = self.near.get(node.index()).or_else(far)?;
        slot.as_deref()
    }

    #[inline(always)]
    fn slot(&mut self, node: NodeId) -> &mut Option<Box<T>> {
        if node.index() < self.near.len() {
            &mut self.near[node.index()]
        } else {
            self.new_slot(node)
        }
    }

    #[cold]
    fn new_slot(&mut self, node: NodeId) -> &mut Option<Box<T>> {
        if node.index() < NEAR_NODES {
            slot(&mut self.near, node.index())
        } else {
            self.far.or_default(node)
        }
    }

    fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let all = self.near.iter_mut().chain(self.far.values_mut());
        all.flatten().map(AsMut::as_mut)
    }
}

#[inline(always)]
fn slot<T>(table: &mut Vec<Option<Box<T>>>, index: usize) -> &mut Option<Box<T>> {
    if index < table.len() {
        &mut table[index]
    } else {
        lengthened(table, index)
    }
}

#[cold]
fn lengthened<T>(table: &mut Vec<Option<Box<T>>>, index: usize) -> &mut Option<Box<T>> {
    table.resize_with(index + 1, || None);
    &mut table[index]
}

#[cold]
fn new_queue(since: SimTime) -> Box<QueueStats> {
    Box::new(QueueStats::new(since))
}

#[cold]
fn new_exchange(since: SimTime) -> Box<ExchangeStats> {
    Box::new(ExchangeStats {
        published: Rate::new(since),
        ..ExchangeStats::default()
    })
}

#[cold]
fn new_producer(since: SimTime) -> Box<ProducerStats> {
    Box::new(ProducerStats::new(since))
}

#[cold]
fn new_consumer(since: SimTime) -> Box<ConsumerStats> {
    Box::new(ConsumerStats::new(since))
}
