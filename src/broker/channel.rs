//! A channel's state: delivery tags, unacked deliveries, consumers by name, limits, confirms.
//!
//! Deliberately not here: what commands do to it; that stands beside each rule.

use super::consumer::ConsumerList;
use super::topology::Way;
use super::unacked::UnackedList;
use crate::types::{
    ChannelRef, ConsumerTag, DeliveryTag, PublishSequence, QueueName, SortedMap, UserId, VhostId,
};

/// One limit over all consumers of a channel (`basic.qos` with `global`).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct GlobalLimit {
    /// The limit; 0 for none.
    pub(super) limit: u32,
    /// Deliveries that count against it. Those of `basic.get` that were outstanding when the limit
    /// was set count and stay counted, as RabbitMQ does it.
    pub(super) volume: u32,
}

impl GlobalLimit {
    /// Whether it is used up.
    pub(super) const fn is_reached(self) -> bool {
        self.limit != 0 && self.volume >= self.limit
    }

    /// Sets the limit; `outstanding` deliveries count when there was none before.
    pub(super) const fn set(&mut self, limit: u32, outstanding: u32) {
        if limit == 0 {
            self.volume = 0;
        } else if self.limit == 0 {
            self.volume = outstanding;
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
        self.volume = self.volume.saturating_sub(settled);
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
    /// In confirm mode, the last publish's number.
    pub(super) confirm: Option<PublishSequence>,
    /// The queue that an empty name means.
    pub(super) last_queue: Option<QueueName>,
    /// The way of its last publish without headers.
    pub(super) way: Way,
}

impl Channel {
    /// A fresh channel.
    pub(super) fn new(reference: ChannelRef, vhost: VhostId, user: UserId) -> Self {
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
            confirm: None,
            last_queue: None,
            way: Way::default(),
        }
    }

    /// The next delivery tag.
    pub(super) const fn next_tag(&mut self) -> DeliveryTag {
        self.last_tag.0 += 1;
        self.last_tag
    }

    /// The last delivery tag given out.
    pub(super) const fn last_tag(&self) -> DeliveryTag {
        self.last_tag
    }
}
