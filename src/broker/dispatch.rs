//! Who is given what: ready messages to consumers with credit, in rotation.
//!
//! A consumer that cannot take a message leaves the rotation only when it is tried, and comes back at
//! its end when it has credit again. So a queue never holds ready messages while somebody stands in
//! its rotation. Source: RabbitMQ's `rabbit_queue_consumers` and `rabbit_limiter`. Deliberately not
//! here: where a message comes from, and what settling it does.

use super::channel::Channel;
use super::consumer::{Consumer, Standing};
use super::effect::append;
use super::publish::shown;
use super::queue::{Entry, Queue};
use super::slab::Slab;
use super::timeout::Looks;
use super::unacked::{NO_CONSUMER, Unacked};
use super::{Broker, Delivery, Effect, Effects};
use crate::types::{ChannelRef, QueueId, SimTime, ascending};

/// Whose turn it is to take a message; whoever is found without credit on the way leaves the
/// rotation. The one found goes to the end of it.
#[inline]
pub(super) fn take_turn(
    queue: &mut Queue,
    consumers: &mut Slab<Consumer>,
    channels: &mut Slab<Channel>,
) -> Option<u32> {
    loop {
        let number = queue.rotation.first()?;
        let consumer = consumers.get(number)?;
        let channel = channels.get_mut(consumer.channel)?;
        if consumer.has_credit() && !is_held_for(queue.id, channel) {
            queue.rotation.advance(consumers);
            return Some(number);
        }
        block(queue, consumers, channel, number);
    }
}

/// Whether a queue takes a channel's consumers for held: by the channel's own limit, or because it ran
/// into that limit before and was not told yet that it is freed (`rabbit_limiter:is_suspended/1`).
#[inline]
fn is_held_for(id: QueueId, channel: &mut Channel) -> bool {
    if !channel.suspended.is_empty() && channel.suspended.contains(&id) {
        return true;
    }
    let is_held = channel.is_held();
    if is_held {
        channel.suspended.push(id);
    }
    is_held
}

/// Takes a consumer without credit out of its rotation.
fn block(queue: &mut Queue, consumers: &mut Slab<Consumer>, channel: &mut Channel, number: u32) {
    queue.rotation.leave(consumers, number);
    if let Some(consumer) = consumers.get_mut(number) {
        consumer.standing = Standing::Blocked;
    }
    channel.blocked.push_back(consumers, number);
}

/// Hands a message that is in no list any more to a consumer.
pub(super) fn hand_over(
    now: SimTime,
    queue: &mut Queue,
    (consumers, channels, looks): (&mut Slab<Consumer>, &mut Slab<Channel>, &mut Looks),
    number: u32,
    entry: Entry,
    effects: &mut Effects,
) {
    let Some(consumer) = consumers.get_mut(number) else {
        return;
    };
    let Some(channel) = channels.get_mut(consumer.channel) else {
        return;
    };
    let tag = channel.next_tag();
    channel.unwritten.count(entry.message.body_octets());
    append(effects, || {
        Effect::Deliver(Delivery {
            channel: channel.reference,
            consumer_tag: consumer.tag.clone(),
            delivery_tag: tag,
            redelivered: entry.redelivered(),
            message: shown(&entry, false),
            queue: queue.id,
            copy: entry.copy(),
            enqueued_at: entry.enqueued_at,
            no_ack: consumer.no_ack,
        })
    });
    if consumer.no_ack {
        return;
    }
    queue.note_written(&entry);
    consumer.unacked += 1;
    queue.unacked += 1;
    channel.global.count_one();
    let delivery = Unacked {
        tag,
        queue: queue.id,
        consumer: number,
        overdue_at: now + consumer.timeout.unwrap_or(queue.settings.timeout),
        entry,
    };
    looks.hold(consumer.channel, channel, delivery);
}

impl Broker {
    /// Serves a queue after anything that may have let a message or a consumer in: what is over a
    /// limit or expired goes, what can be given away is given away.
    pub(super) fn serve(&mut self, now: SimTime, id: QueueId, effects: &mut Effects) {
        self.look(now, id, effects);
        self.hand_out(now, id, effects);
    }

    /// Looks for expired messages at the head of a queue.
    pub(super) fn look(&mut self, now: SimTime, id: QueueId, effects: &mut Effects) {
        if let Some(queue) = self.queues.get_mut(id) {
            queue.look(now, effects, &mut self.dead_letters);
            self.note_deadline(id);
        }
    }

    /// Gives away what can be given away. Expired messages are looked for behind what was given.
    pub(super) fn hand_out(&mut self, now: SimTime, id: QueueId, effects: &mut Effects) {
        let Some(queue) = self.queues.get_mut(id) else {
            return;
        };
        while !queue.ready.is_empty() {
            let (consumers, channels) = (&mut self.consumers, &mut self.channels);
            let Some(consumer) = take_turn(queue, consumers, channels) else {
                break;
            };
            if let Some(entry) = queue.take_head() {
                let hands = (consumers, channels, &mut self.looks);
                hand_over(now, queue, hands, consumer, entry, effects);
                queue.look(now, effects, &mut self.dead_letters);
            }
        }
        if queue.timed {
            self.note_deadline(id);
        }
    }

    /// Serves a queue after a consumer that was blocked has credit again.
    #[inline]
    pub(super) fn serve_freed(
        &mut self,
        now: SimTime,
        id: QueueId,
        number: u32,
        effects: &mut Effects,
    ) {
        if !self.takes_where_it_stands(now, id, number, effects)
            && (self.unblock(id, number) || self.has_followed(id, number))
        {
            self.hand_out(now, id, effects);
        }
    }

    /// The short way for a busy worker of its own channel: one delivery settled, one more taken. A
    /// consumer that would go back to the rotation, find itself alone there, take the one message it
    /// has credit for and be tried in vain for the next is given that message where it stands. Says
    /// whether all that holds; else nothing has happened.
    #[inline]
    fn takes_where_it_stands(
        &mut self,
        now: SimTime,
        id: QueueId,
        number: u32,
        effects: &mut Effects,
    ) -> bool {
        let (Some(queue), Some(consumer)) = (self.queues.get_mut(id), self.consumers.get(number))
        else {
            return false;
        };
        let Some(channel) = self.channels.get(consumer.channel) else {
            return false;
        };
        let alone = consumer.standing == Standing::Blocked
            && queue.rotation.first().is_none()
            && channel.blocked.len() == 1
            && !channel.is_held();
        // Where nothing expires, nothing but the consumer's credit ends the serving.
        let holds = alone && consumer.has_one_left() && queue.ready.len() > 1 && !queue.timed;
        if holds && let Some(entry) = queue.take_head() {
            let hands = (&mut self.consumers, &mut self.channels, &mut self.looks);
            hand_over(now, queue, hands, number, entry, effects);
        }
        holds
    }

    /// Serves queues that got messages back or lost a consumer, in order of number.
    pub(super) fn resume_queues(
        &mut self,
        now: SimTime,
        queues: Vec<QueueId>,
        effects: &mut Effects,
    ) {
        for queue in ascending(queues, |it| it.0) {
            self.note_let_go(now, queue);
            self.trim(queue, effects);
            self.serve(now, queue, effects);
        }
    }

    /// Drops from the head what is over the limits, where that is the queue's way.
    pub(super) fn trim(&mut self, id: QueueId, effects: &mut Effects) {
        if let Some(queue) = self.queues.get_mut(id) {
            queue.trim(effects, &mut self.dead_letters);
        }
    }

    /// A consumer of the queue may take messages from now on.
    pub(super) fn join_rotation(&mut self, id: QueueId, number: u32) {
        if let Some(queue) = self.queues.get_mut(id) {
            queue.rotation.join(&mut self.consumers, number);
        }
    }

    /// Ends a consumer: it stands in no list any more, and its row goes as soon as nothing delivered
    /// to it is unacked. Says which queue it read, if that lives.
    pub(super) fn remove_consumer(
        &mut self,
        now: SimTime,
        number: u32,
        effects: &mut Effects,
    ) -> Option<QueueId> {
        let consumer = self.consumers.get_mut(number)?;
        let standing = std::mem::replace(&mut consumer.standing, Standing::Gone);
        let (id, row, tag) = (consumer.queue, consumer.channel, consumer.tag.clone());
        let exclusive = consumer.exclusive;
        let channel = self.channels.get_mut(row)?;
        channel.consumers.remove(&tag);
        if standing == Standing::Blocked {
            channel.blocked.remove(&mut self.consumers, number);
        }
        if !channel.suspended.is_empty() {
            // A queue without the channel's consumers forgets its limit.
            let mut left = channel.consumers.values();
            let stays = |it: &u32| self.consumers.get(*it).is_some_and(|it| it.queue == id);
            if !left.any(stays) {
                channel.suspended.retain(|it| *it != id);
            }
        }
        effects.push(Effect::ConsumerStopped {
            channel: channel.reference,
            consumer_tag: tag,
            queue: id,
        });
        if let Some(queue) = self.queues.get_mut(id) {
            if standing == Standing::Active {
                queue.rotation.leave(&mut self.consumers, number);
            }
            queue.consumers.remove(&mut self.consumers, number);
            if exclusive {
                queue.exclusive_consumer = false;
            }
            if queue.consumers.is_empty() {
                queue.unused_since = Some(now);
            }
            if queue.settings.single_active {
                self.leave_line(id, number);
            }
        }
        self.free_row_if_done(number);
        self.note_deadline(id);
        Some(id)
    }

    fn free_row_if_done(&mut self, number: u32) {
        let done = self
            .consumers
            .get(number)
            .is_some_and(|consumer| consumer.standing == Standing::Gone && consumer.unacked == 0);
        if done {
            self.consumers.remove(number);
        }
    }

    /// One delivery to this consumer is settled: counts it, and says who has thereby credit of its own
    /// again: it, or when it is gone the one that has its tag now.
    pub(super) fn release_consumer(&mut self, number: u32) -> Option<u32> {
        if number == NO_CONSUMER {
            return None;
        }
        let consumer = self.consumers.get_mut(number)?;
        let had_credit = consumer.has_credit();
        consumer.unacked = consumer.unacked.saturating_sub(1);
        match consumer.standing {
            Standing::Gone => self.release_heir(number),
            Standing::Waiting => {
                let queue = consumer.queue;
                self.change_over(queue)
            }
            Standing::Active | Standing::Blocked => {
                (!had_credit && consumer.has_credit()).then_some(number)
            }
        }
    }

    /// The same of a consumer that is gone.
    #[cold]
    fn release_heir(&mut self, number: u32) -> Option<u32> {
        let gone = self.consumers.get(number)?;
        let queue = gone.queue;
        let channel = self.channels.get(gone.channel);
        let heir = channel.and_then(|channel| channel.consumers.get(&gone.tag).copied());
        self.free_row_if_done(number);
        let heir = heir?;
        let all_made_good = self.is_quorum(queue);
        let consumer = self.consumers.get_mut(heir)?;
        if consumer.queue != queue
            || consumer.no_ack
            || consumer.prefetch == 0
            || all_made_good && consumer.inherited >= 0
        {
            return None;
        }
        let had_credit = consumer.has_credit();
        consumer.inherited += 1;
        (!had_credit).then_some(heir)
    }

    /// A consumer has credit of its own again: it goes back to the end of the queue's rotation if it
    /// was blocked, and with it, in the order in which they were blocked, all others of its channel
    /// that only the channel's limit held there, though it may hold them still
    /// (`rabbit_queue_consumers:unblock/2`). Says whether there was anybody.
    pub(super) fn unblock(&mut self, id: QueueId, number: u32) -> bool {
        let Some(consumer) = self.consumers.get(number) else {
            return false;
        };
        let (row, blocked) = (consumer.channel, consumer.standing == Standing::Blocked);
        let Some(channel) = self.channels.get_mut(row) else {
            return false;
        };
        if !channel.suspended.contains(&id) {
            // Of others only those without credit are blocked.
            if blocked {
                channel.blocked.remove(&mut self.consumers, number);
                self.join_rotation(id, number);
            }
            return blocked;
        }
        self.unblock_all(id, row)
    }

    fn unblock_all(&mut self, id: QueueId, row: u32) -> bool {
        let Some(channel) = self.channels.get_mut(row) else {
            return false;
        };
        let blocked = channel.blocked.iter(&self.consumers);
        let free = blocked.filter(|(_, it)| it.queue == id && it.has_credit());
        let free: Vec<u32> = free.map(|(number, _)| number).collect();
        for &number in &free {
            channel.blocked.remove(&mut self.consumers, number);
            if let Some(queue) = self.queues.get_mut(id) {
                queue.rotation.join(&mut self.consumers, number);
            }
        }
        !free.is_empty()
    }

    /// A queue hears before others that the channel's own limit holds nobody any more.
    pub(super) fn resume_queue(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        id: QueueId,
        effects: &mut Effects,
    ) {
        if let Some(row) = self.row(channel)
            && let Some(channel) = self.channels.get_mut(row)
            && !channel.is_held()
            && channel.suspended.contains(&id)
        {
            channel.suspended.retain(|it| *it != id);
            if self.unblock_all(id, row) {
                self.hand_out(now, id, effects);
            }
        }
    }

    /// The channel's own limit holds nobody any more: queues that ran into it let its consumers with
    /// credit back, in the order in which they were blocked, and are served in that order.
    pub(super) fn resume_channel(&mut self, now: SimTime, row: u32, effects: &mut Effects) {
        let Some(channel) = self.channels.get_mut(row) else {
            return;
        };
        channel.suspended.clear();
        // Those with credit are blocked because their queue ran into the limit.
        let blocked = channel.blocked.iter(&self.consumers);
        let free = blocked.filter(|(_, it)| it.has_credit());
        let free: Vec<_> = free.map(|(number, it)| (number, it.queue)).collect();
        let mut queues: Vec<QueueId> = Vec::new();
        self.served.begin();
        for (number, queue) in free {
            channel.blocked.remove(&mut self.consumers, number);
            if let Some(queue) = self.queues.get_mut(queue) {
                queue.rotation.join(&mut self.consumers, number);
            }
            if self.served.mark(queue.index()) {
                queues.push(queue);
            }
        }
        for queue in queues {
            self.hand_out(now, queue, effects);
        }
    }
}
