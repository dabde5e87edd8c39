//! A channel's state: delivery tags, unacked deliveries, consumers by name, limits, its mode.
//!
//! Deliberately not here: what commands do to it; that stands beside each rule.

use super::consumer::ConsumerList;
use super::reply_to::ReplyConsumer;
use super::topology::Way;
use super::transaction::Transaction;
use super::unacked::{Unacked, UnackedList};
use crate::types::{
    ChannelRef, ConsumerTag, DeliveryTag, PublishSequence, QueueId, QueueName, SimTime, SortedMap,
    UserId, VhostId,
};

/// One limit over all consumers of a channel (`basic.qos` with `global`).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct GlobalLimit {
    /// The limit; 0 for none.
    pub(super) limit: u32,
    /// Deliveries that count against it. Those of `basic.get` that were outstanding when the limit
    /// was set count and stay counted, as RabbitMQ does it. Less than none when a commit settles what
    /// did not count because a transaction had it already when the limit was set.
    pub(super) volume: i32,
}

impl GlobalLimit {
    /// Whether it is used up.
    pub(super) const fn is_reached(self) -> bool {
        self.limit != 0 && self.volume >= self.limit as i32
    }

    /// Sets the limit; `outstanding` deliveries count when there was none before.
    pub(super) const fn set(&mut self, limit: u32, outstanding: u32) {
        if limit == 0 {
            self.volume = 0;
        } else if self.limit == 0 {
            self.volume = outstanding as i32;
        }
        self.limit = limit;
    }

    /// Counts one more delivery, when there is a limit.
    pub(super) const fn count_one(&mut self) {
        if self.limit != 0 {
            self.volume += 1;
        }
    }

    /// `settled` deliveries to consumers count no more.
    pub(super) const fn release(&mut self, settled: u32) {
        if self.volume != 0 {
            self.volume -= settled as i32;
        }
    }
}

/// What a channel's publisher hears, and when its publishes and settlements count.
#[derive(Debug, Clone)]
pub(super) enum Mode {
    /// Nothing, and at once.
    Plain,
    /// Confirms, and at once; the last publish's number.
    Confirm(PublishSequence),
    /// Whether a commit was done, and then.
    Transaction(Box<Transaction>),
}

/// Deliveries on their way into a client's socket. A client that does not read must not make the
/// broker hold its whole queue twice, so its consumers count as busy when too many wait there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Unwritten {
    /// The most; 0 where nobody tells what was written.
    most: u32,
    weight: u32,
}

impl Unwritten {
    /// Octets of a body that weigh as much as one more delivery.
    const OCTETS: u64 = 16_384;

    /// Begins to count, up to `most`.
    pub(super) const fn bound(&mut self, most: u32) {
        self.most = most;
    }

    /// Whether it is full.
    pub(super) const fn is_full(self) -> bool {
        self.most != 0 && self.weight >= self.most
    }

    /// Counts a delivery.
    pub(super) const fn count(&mut self, body_octets: u64) {
        if self.most != 0 {
            let more = 1 + (body_octets / Self::OCTETS) as u32;
            self.weight = self.weight.saturating_add(more);
        }
    }

    /// All is written.
    pub(super) const fn clear(&mut self) {
        self.weight = 0;
    }
}

/// A channel's row.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    /// Its name outside.
    pub(super) reference: ChannelRef,
    /// The vhost of its connection.
    pub(super) vhost: VhostId,
    /// The user of its connection.
    pub(super) user: UserId,
    /// Whether there is anything that this user may not do here.
    pub(super) restricted: bool,
    /// The last delivery tag given out.
    last_tag: DeliveryTag,
    /// Deliveries not settled.
    pub(super) unacked: UnackedList,
    /// Its consumers by name.
    pub(super) consumers: SortedMap<ConsumerTag, u32>,
    /// Its consumers that were tried and had no credit, in the order in which that happened.
    pub(super) blocked: ConsumerList,
    /// The limit of consumers started from now on; 0 for none.
    pub(super) prefetch: u16,
    /// The limit over all its consumers.
    pub(super) global: GlobalLimit,
    /// Plain, confirming or transactional.
    pub(super) mode: Mode,
    /// Queues that ran into its limit over all consumers and were not told yet that it is freed.
    pub(super) suspended: Vec<QueueId>,
    /// Whether its client is at the other end of a wire, and must answer before it is closed.
    pub(super) on_wire: bool,
    /// How much was delivered that is not yet written to its client.
    pub(super) unwritten: Unwritten,
    /// Who hears answers that come through no queue.
    pub(super) replies: Option<Box<ReplyConsumer>>,
    /// The queue that an empty name means.
    pub(super) last_queue: Option<QueueName>,
    /// The way of its last publish without headers.
    pub(super) way: Way,
    /// When it was opened: it looks for overdue deliveries in whole minutes from then on.
    pub(super) opened_at: SimTime,
    /// A delivery that is overdue before this needs an earlier look than the one that stands in the
    /// calendar.
    pub(super) look_after: SimTime,
    /// Deliveries that were taken back because they were overdue.
    pub(super) reclaimed: Vec<DeliveryTag>,
    /// Whether its client understands that the broker cancels a consumer.
    pub(super) hears_cancel: bool,
}

impl Channel {
    /// A fresh channel.
    pub(super) fn new(
        reference: ChannelRef,
        vhost: VhostId,
        user: UserId,
        opened_at: SimTime,
    ) -> Self {
        Self {
            reference,
            vhost,
            user,
            restricted: false,
            last_tag: DeliveryTag(0),
            unacked: UnackedList::default(),
            consumers: SortedMap::new(),
            blocked: ConsumerList::of_turns(),
            prefetch: 0,
            global: GlobalLimit::default(),
            mode: Mode::Plain,
            replies: None,
            suspended: Vec::new(),
            on_wire: false,
            unwritten: Unwritten::default(),
            last_queue: None,
            way: Way::default(),
            opened_at,
            look_after: SimTime::MAX,
            reclaimed: Vec::new(),
            hears_cancel: true,
        }
    }

    /// The next delivery tag.
    pub(super) const fn next_tag(&mut self) -> DeliveryTag {
        self.last_tag.0 += 1;
        self.last_tag
    }

    /// All deliveries whose messages come back should the channel close, in no order: those that are
    /// outstanding and those that a transaction has settled but not committed.
    pub(super) fn held(&self) -> impl Iterator<Item = &Unacked> {
        let transaction = match &self.mode {
            Mode::Transaction(open) => Some(open),
            Mode::Plain | Mode::Confirm(_) => None,
        };
        let settled = transaction.into_iter().flat_map(|it| it.deliveries());
        self.unacked.iter().chain(settled)
    }

    /// The same, to be changed.
    pub(super) fn held_mut(&mut self) -> impl Iterator<Item = &mut Unacked> {
        let transaction = match &mut self.mode {
            Mode::Transaction(open) => Some(open),
            Mode::Plain | Mode::Confirm(_) => None,
        };
        let settled = transaction.into_iter().flat_map(|it| it.deliveries_mut());
        self.unacked.iter_mut().chain(settled)
    }

    /// Takes all of them out in the order of their tags.
    pub(super) fn take_held(&mut self) -> Vec<Unacked> {
        if let Mode::Transaction(open) = std::mem::replace(&mut self.mode, Mode::Plain) {
            for delivery in open.into_deliveries() {
                self.unacked.put_back(delivery);
            }
        }
        let mut held = Vec::with_capacity(self.unacked.len());
        self.unacked.take_through(self.last_tag, &mut held);
        held
    }

    /// Whether no consumer of it may be given anything now, however much credit it has of its own.
    pub(super) const fn is_held(&self) -> bool {
        self.global.is_reached() || self.unwritten.is_full()
    }

    /// The last delivery tag given out.
    pub(super) const fn last_tag(&self) -> DeliveryTag {
        self.last_tag
    }
}
