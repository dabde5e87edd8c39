//! Deliveries are settled: ack, nack, reject, recover, and what a closing channel gives back.
//!
//! One command that settles several works group by group, a group being the deliveries of one queue
//! to one consumer: queues in the order of their names, in each first what was fetched one by one,
//! then consumers in the order of their tags (RabbitMQ's `rabbit_channel:foreach_per_queue`).
//! Deliberately not here: who is served with the credit that comes free (`dispatch`).

use super::channel::{Channel, Mode};
use super::effect::append;
use super::queue::Queue;
use super::unacked::{NO_CONSUMER, Unacked};
use super::{Acknowledgement, Broker, DropReason, Effect, Effects, profile};
use crate::types::{
    AmqpError, ChannelRef, DeliveryTag, MethodId, QueueId, ReplyCode, SimTime, order_of,
};
use std::cmp::Ordering;

const ACK: MethodId = MethodId::new(60, 80);
const REJECT: MethodId = MethodId::new(60, 90);
const RECOVER: MethodId = MethodId::new(60, 110);
const NACK: MethodId = MethodId::new(60, 120);

/// What becomes of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settlement {
    Ack,
    /// It goes back into its queue; whether it failed counts in some.
    Requeue {
        failed: bool,
    },
    Reject,
}

/// What nack and reject make of a delivery.
const fn refusal(requeue: bool, failed: bool) -> Settlement {
    if requeue {
        Settlement::Requeue { failed }
    } else {
        Settlement::Reject
    }
}

/// How a delivery comes back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Return {
    /// Its channel or its consumer is gone.
    is_left: bool,
    /// It counts as a failure.
    failed: bool,
}

/// Of a channel that ended.
pub(super) const LEFT: Return = Return {
    is_left: true,
    failed: true,
};
/// Of a consumer that was cancelled since it was late.
pub(super) const RECLAIMED: Return = Return {
    is_left: true,
    failed: false,
};

impl Broker {
    /// `basic.ack`
    #[inline(never)]
    pub(super) fn ack(
        &mut self,
        now: SimTime,
        row: u32,
        which: Acknowledgement,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        self.settle(now, row, which, Settlement::Ack, ACK, effects)
    }

    /// `basic.nack`
    pub(super) fn nack(
        &mut self,
        now: SimTime,
        row: u32,
        which: Acknowledgement,
        requeue: bool,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        let failed = profile::nack_is_failure(self.options.profile);
        self.settle(now, row, which, refusal(requeue, failed), NACK, effects)
    }

    /// `basic.reject`
    pub(super) fn reject(
        &mut self,
        now: SimTime,
        row: u32,
        delivery_tag: DeliveryTag,
        requeue: bool,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        let which = Acknowledgement {
            delivery_tag,
            multiple: false,
        };
        self.settle(now, row, which, refusal(requeue, true), REJECT, effects)
    }

    /// `basic.recover`: a return like that of nack. What 4.3 counts of it is not published.
    pub(super) fn recover(
        &mut self,
        now: SimTime,
        row: u32,
        requeue: bool,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        if !requeue {
            return Err(AmqpError::new(
                ReplyCode::NotImplemented,
                "requeue=false",
                RECOVER,
            ));
        }
        let all = Acknowledgement {
            delivery_tag: DeliveryTag(0),
            multiple: true,
        };
        let failed = profile::nack_is_failure(self.options.profile);
        self.settle(now, row, all, refusal(true, failed), RECOVER, effects)
    }

    fn settle(
        &mut self,
        now: SimTime,
        row: u32,
        which: Acknowledgement,
        settlement: Settlement,
        method: MethodId,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        let Some(channel) = self.channels.get_mut(row) else {
            return Ok(());
        };
        let reference = channel.reference;
        let tag = which.delivery_tag;
        if !which.multiple {
            let Some(delivery) = channel.unacked.remove(tag) else {
                return channel.check_reclaimed(tag, method);
            };
            self.looks.let_go(channel);
            if let Mode::Transaction(open) = &mut channel.mode {
                open.settle(settlement, delivery);
                return Ok(());
            }
            let (queue, consumer) = (delivery.queue, delivery.consumer);
            let counted = u32::from(consumer != NO_CONSUMER);
            let group = Group { queue, settlement };
            let held = channel.tell_limit(counted);
            self.settle_group(now, reference, group, std::iter::once(delivery), effects);
            self.tell_queues(now, row, held, effects);
            return Ok(());
        }
        self.settle_through(now, row, tag, settlement, method, effects)
    }

    /// Settles all up to and including `tag`; 0 stands for the last.
    fn settle_through(
        &mut self,
        now: SimTime,
        row: u32,
        tag: DeliveryTag,
        settlement: Settlement,
        method: MethodId,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        let Some(channel) = self.channels.get_mut(row) else {
            return Ok(());
        };
        let reference = channel.reference;
        let through = if tag == DeliveryTag(0) {
            channel.last_tag()
        } else {
            tag
        };
        if tag != DeliveryTag(0) && !channel.unacked.contains(tag) {
            channel.check_reclaimed(tag, method)?;
        }
        let mut taken = Vec::new();
        channel.unacked.take_through(through, &mut taken);
        if !taken.is_empty() {
            self.looks.let_go(channel);
        }
        // Recovering is no part of a transaction: it concerns what is outstanding, and at once.
        if let Mode::Transaction(open) = &mut channel.mode
            && method != RECOVER
        {
            for delivery in taken {
                open.settle(settlement, delivery);
            }
            return Ok(());
        }
        let counted = taken
            .iter()
            .filter(|delivery| delivery.consumer != NO_CONSUMER)
            .count();
        let counted = u32::try_from(counted).unwrap_or(u32::MAX);
        let held = self.tell_limit(row, counted);
        self.settle_in_groups(now, reference, taken, settlement, effects);
        self.tell_queues(now, row, held, effects);
        Ok(())
    }

    pub(super) fn settle_in_groups(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        deliveries: Vec<Unacked>,
        settlement: Settlement,
        effects: &mut Effects,
    ) {
        let deliveries = self.sorted_into_groups(deliveries);
        let mut groups: Vec<(QueueId, u32, usize)> = Vec::new();
        for delivery in &deliveries {
            let (queue, consumer) = (delivery.queue, delivery.consumer);
            match groups.last_mut() {
                Some((of, who, count))
                    if *of == queue
                        && consumer != NO_CONSUMER
                        && self.is_same_consumer(*who, consumer) =>
                {
                    *count += 1;
                }
                Some(_) | None => groups.push((queue, consumer, 1)),
            }
        }
        let mut deliveries = deliveries.into_iter();
        for (queue, _, count) in groups {
            let group = Group { queue, settlement };
            let mut all: Vec<_> = deliveries.by_ref().take(count).collect();
            if let (Settlement::Reject, Some(queue)) = (settlement, self.queue(queue)) {
                all = queue.most_urgent_first(all);
            }
            self.settle_group(now, channel, group, all.into_iter(), effects);
        }
    }

    /// Whether two consumers are one to RabbitMQ: it knows them by their tags alone, so one that was
    /// cancelled and one that was started again under the same tag settle together.
    fn is_same_consumer(&self, one: u32, other: u32) -> bool {
        let tag = |number| self.consumers.get(number).map(|consumer| &consumer.tag);
        one == other || (tag(one).is_some() && tag(one) == tag(other))
    }

    /// Deliveries, which come in the order of their tags, so that each group stands together, groups
    /// in RabbitMQ's order.
    fn sorted_into_groups(&self, deliveries: Vec<Unacked>) -> Vec<Unacked> {
        // Groups are few beside deliveries, so only they are compared by name.
        let mut groups: Vec<(QueueId, u32)> = Vec::new();
        for delivery in &deliveries {
            let group = (delivery.queue, delivery.consumer);
            if groups.last() != Some(&group)
                && let Err(at) = groups.binary_search_by(|other| self.compare(*other, group))
            {
                groups.insert(at, group);
            }
        }
        if groups.len() <= 1 {
            return deliveries;
        }
        let place = |delivery: &Unacked| {
            let group = (delivery.queue, delivery.consumer);
            let place = groups.binary_search_by(|other| self.compare(*other, group));
            place.unwrap_or_else(|at| at) as i64
        };
        let order = order_of(deliveries.iter().map(place));
        let mut slots: Vec<_> = deliveries.into_iter().map(Some).collect();
        order
            .into_iter()
            .filter_map(|index| slots[index].take())
            .collect()
    }

    /// The order of two groups, each a queue and a consumer: by names, and consumers of one name are
    /// one group.
    fn compare(&self, a: (QueueId, u32), b: (QueueId, u32)) -> Ordering {
        let queue = |id| self.queue(id).map(|queue| queue.name.as_str());
        let tag = |number| self.consumers.get(number).map(|it| it.tag.as_str());
        if a.0 != b.0 {
            return queue(a.0).cmp(&queue(b.0)).then(a.0.cmp(&b.0));
        }
        if a.1 == b.1 {
            return Ordering::Equal;
        }
        tag(a.1).cmp(&tag(b.1))
    }

    /// Settles one group: all of it first, then its consumer may go on, then the queue is served.
    fn settle_group(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        group: Group,
        deliveries: impl Iterator<Item = Unacked>,
        effects: &mut Effects,
    ) {
        // Of the consumers that had one tag on the channel, at most one still lives.
        let mut freed = None;
        for delivery in deliveries {
            freed = self.release_consumer(delivery.consumer).or(freed);
            match group.settlement {
                Settlement::Ack => self.acked(channel, delivery, effects),
                Settlement::Requeue { failed } => {
                    let is_left = false;
                    let how = Return { is_left, failed };
                    self.requeue(now, channel, delivery, how, effects);
                }
                Settlement::Reject => self.rejected(delivery, effects),
            }
        }
        match (group.settlement, freed) {
            (Settlement::Requeue { .. }, _) => {
                if let Some(consumer) = freed {
                    self.unblock(group.queue, consumer);
                }
                self.note_let_go(now, group.queue);
                self.trim(group.queue, effects);
                self.serve(now, group.queue, effects);
            }
            (Settlement::Ack | Settlement::Reject, Some(consumer)) => {
                self.serve_freed(now, group.queue, consumer, effects);
            }
            (Settlement::Ack | Settlement::Reject, None) => self.note_let_go(now, group.queue),
        }
    }

    /// Messages of a queue were settled that a consumer no longer there had, or nobody.
    pub(super) fn note_let_go(&mut self, now: SimTime, id: QueueId) {
        let queue = self.queues.get_mut(id);
        if queue.is_some_and(|queue| queue.note_let_go(now)) {
            self.note_deadline(id);
        }
    }

    /// [`Channel::tell_limit`] of the channel in this row.
    pub(super) fn tell_limit(&mut self, row: u32, counted: u32) -> bool {
        let channel = self.channels.get_mut(row);
        channel.is_some_and(|channel| channel.tell_limit(counted))
    }

    /// After all groups, queues that ran into the channel's own limit hear that it is freed.
    pub(super) fn tell_queues(
        &mut self,
        now: SimTime,
        row: u32,
        was_held: bool,
        effects: &mut Effects,
    ) {
        if was_held && !self.channels.get(row).is_some_and(Channel::is_held) {
            self.resume_channel(now, row, effects);
        }
    }

    /// The queue of a delivery, which thereby holds one unacked message less; `None` when it is gone
    /// and the message with it.
    fn queue_of(&mut self, delivery: &Unacked) -> Option<&mut Queue> {
        let queue = self.queues.get_mut(delivery.queue)?;
        queue.unacked -= 1;
        Some(queue)
    }

    fn acked(&mut self, channel: ChannelRef, delivery: Unacked, effects: &mut Effects) {
        if self.queue_of(&delivery).is_some() {
            append(effects, || Effect::Acked {
                channel,
                delivery_tag: delivery.tag,
                queue: delivery.queue,
                copy: delivery.entry.copy(),
                message: delivery.entry.message.id(),
                enqueued_at: delivery.entry.enqueued_at,
            });
        }
        delivery.entry.message.leave(&mut self.places);
    }

    /// Puts a delivery back into its place; serving the queue is the caller's.
    pub(super) fn requeue(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        delivery: Unacked,
        how: Return,
        effects: &mut Effects,
    ) {
        if let Some(queue) = self.queues.get_mut(delivery.queue) {
            queue.unacked -= 1;
            let mut entry = delivery.entry;
            entry.mark_returned(how.failed);
            let limit = queue.settings.delivery_limit;
            if limit.is_some_and(|limit| entry.failures() > limit) {
                let (reason, letters) = (DropReason::DeliveryLimit, &mut self.dead_letters);
                queue.drop_entry(entry, reason, true, effects, letters);
                return;
            }
            let retry = queue.settings.retry;
            match retry.and_then(|it| it.delay(&entry, how.failed)) {
                Some(delay) => queue.delay(channel, entry, now + delay, effects),
                None => queue.take_back(channel, entry, how.is_left, effects),
            }
        }
    }

    fn rejected(&mut self, delivery: Unacked, effects: &mut Effects) {
        let Some(queue) = self.queues.get_mut(delivery.queue) else {
            return;
        };
        queue.unacked -= 1;
        queue.drop_entry(
            delivery.entry,
            DropReason::Rejected,
            true,
            effects,
            &mut self.dead_letters,
        );
    }
}

impl Channel {
    /// The channel's own limit is told before the queues settle anything: RabbitMQ tells it afterwards,
    /// but that is done while the first queue is still about to. Says whether the limit was reached.
    #[inline]
    fn tell_limit(&mut self, counted: u32) -> bool {
        let held = self.is_held();
        self.global.release(counted);
        held
    }

    /// Whether a tag that is not outstanding may be settled all the same: its delivery was taken back,
    /// and its consumer does not know yet.
    #[cold]
    fn check_reclaimed(&self, tag: DeliveryTag, method: MethodId) -> Result<(), AmqpError> {
        if self.reclaimed.contains(&tag) {
            return Ok(());
        }
        let text = format!("unknown delivery tag {tag}");
        Err(AmqpError::new(ReplyCode::PreconditionFailed, text, method))
    }
}

/// What is settled together, and how.
#[derive(Debug, Clone, Copy)]
struct Group {
    queue: QueueId,
    settlement: Settlement,
}
