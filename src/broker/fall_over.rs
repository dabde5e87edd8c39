//! A queue falls over and is started again, as RabbitMQ 3.10 does it.
//!
//! It happens to a queue with a single active consumer under profile `3.x`, see `profile`: consumers
//! are told that they are cancelled, persistent messages of a durable queue are there again, all else
//! is lost, and what was delivered can be settled for nothing. Measured; source: RabbitMQ's
//! `rabbit_amqqueue_process:attempt_delivery/4`, `rabbit_amqqueue_sup`. Deliberately not here: how
//! much of it RabbitMQ had written by then; a queue had time to write everything.

use super::consumer::Rotation;
use super::queue::{Entry, Queue};
use super::{Broker, DropReason, Effect, Effects};
use crate::types::{ChannelRef, Message, QueueId, SimTime, order_of};

/// The number of no queue, as in deliveries of a queue that fell over.
pub(super) const NO_QUEUE: QueueId = QueueId(u32::MAX);

impl Broker {
    /// The publish of a message makes its queue fall over; says whether it is confirmed.
    #[cold]
    pub(super) fn fall_over(
        &mut self,
        now: SimTime,
        id: QueueId,
        last: Entry,
        effects: &mut Effects,
    ) -> bool {
        let Some(mut queue) = self.queues.remove(id) else {
            return true;
        };
        self.cancel_all(&mut queue, effects);
        let is_kept = queue.durable && is_persistent(&last.message);
        lose(id, &last, false, effects);
        let ready = std::mem::take(&mut queue.ready);
        queue.ready_octets = 0;
        queue.unacked = 0;
        queue.rotation = Rotation::default();
        queue.waiting = Vec::new();
        queue.active = None;
        queue.exclusive_consumer = false;
        queue.unused_since = Some(now);
        for entry in ready.iter() {
            begin_again(&mut queue, entry, None, effects);
        }
        let mut delivered = Vec::new();
        for channel in self.channels.iter_mut() {
            let reference = channel.reference;
            for delivery in channel.held_mut().filter(|it| it.queue == id) {
                delivery.queue = NO_QUEUE;
                delivered.push((delivery.entry.clone(), reference));
            }
        }
        let copies = delivered.iter().map(|(entry, _)| entry.copy().0 as i64);
        for at in order_of(copies) {
            let (entry, channel) = &delivered[at];
            begin_again(&mut queue, entry, Some(*channel), effects);
        }
        queue.look(now, effects, &mut self.dead_letters);
        self.queues.insert(queue);
        self.note_deadline(id);
        !is_kept
    }
}

/// Whether a message is to survive its broker in a durable queue (`delivery-mode` 2).
pub(super) fn is_persistent(message: &Message) -> bool {
    let properties = message.properties();
    properties.is_some_and(|it| it.delivery_mode == Some(2))
}

fn lose(queue: QueueId, entry: &Entry, was_unacked: bool, effects: &mut Effects) {
    effects.push(Effect::Dropped {
        queue,
        copy: Some(entry.copy()),
        message: entry.message.id(),
        reason: DropReason::QueueDeleted,
        was_unacked,
    });
}

/// One message, ready or delivered on a channel, of a queue that is started again.
fn begin_again(
    queue: &mut Queue,
    entry: &Entry,
    delivered: Option<ChannelRef>,
    effects: &mut Effects,
) {
    if !queue.durable || !is_persistent(&entry.message) {
        return lose(queue.id, entry, delivered.is_some(), effects);
    }
    let mut entry = entry.clone();
    entry.mark_returned(true);
    match delivered {
        Some(channel) => queue.take_back(channel, entry, true, effects),
        None => queue.put_back(entry, true),
    }
}
