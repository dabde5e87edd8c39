//! What 3.10 does with a single active consumer that it forgot to serve (§15).

use super::{Entry, Naive};
use crate::broker::{DropReason, Effect, Effects};
use crate::types::QueueId;

impl Naive {
    /// §15, 3.10: a publish to a queue whose next active consumer was forgotten: it is given the
    /// message past those that wait if it takes it without acks, else the queue falls over. Says
    /// whether the message is confirmed when there is no more to do.
    pub(super) fn pass_a_forgotten_queue(
        &mut self,
        id: QueueId,
        entry: &Entry,
        fx: &mut Effects,
    ) -> Option<bool> {
        let queue = self.queue(id);
        if !queue.forgotten || queue.ready.is_empty() {
            return None;
        }
        let serial = queue.active.filter(|s| queue.rotation.contains(s))?;
        if !self.can_take(id, serial) {
            self.block(id, serial);
            return None;
        }
        if self.queue(id).consumer(serial).no_ack {
            self.hand_over(id, serial, entry.clone(), fx);
            return Some(true);
        }
        Some(self.fall_over(id, entry, fx))
    }

    /// §15, 3.10: what is persistent in a durable queue is there again, all else is lost.
    fn fall_over(&mut self, id: QueueId, last: &Entry, fx: &mut Effects) -> bool {
        let now = self.now;
        let queue = self.queue(id);
        let durable = queue.durable;
        let mut consumers = std::mem::take(&mut queue.consumers);
        let ready = std::mem::take(&mut queue.ready);
        let mut unacked = std::mem::take(&mut queue.unacked);
        queue.rotation.clear();
        (queue.active, queue.forgotten, queue.has_had_consumers) = (None, false, false);
        queue.used_at = now;
        consumers.sort_by(|a, b| a.tag.cmp(&b.tag));
        for consumer in consumers {
            fx.push(Effect::ConsumerCancelled {
                channel: consumer.channel,
                consumer_tag: consumer.tag.clone(),
            });
            fx.push(Effect::ConsumerStopped {
                channel: consumer.channel,
                consumer_tag: consumer.tag,
                queue: id,
            });
        }
        let gone = |queue: &QueueId| *queue == id;
        for channel in &mut self.channels {
            channel.blocked.retain(|(queue, _)| !gone(queue));
            channel.suspended.retain(|queue| !gone(queue));
            let waiting = channel.tx.iter_mut().flat_map(|it| it.settled_mut());
            for member in channel.unacked.iter_mut().chain(waiting) {
                if gone(&member.queue) {
                    // Of a queue that is not there any more.
                    member.queue = QueueId(u32::MAX);
                    let found = unacked.iter_mut().find(|e| e.copy == member.copy);
                    let found = found.expect("what a channel has the queue has as well");
                    found.held_by = Some(channel.at);
                }
            }
        }
        unacked.sort_by_key(|entry| entry.copy);
        let persistent = |entry: &Entry| {
            let properties = entry.letter.message.properties();
            durable && properties.is_some_and(|p| p.delivery_mode == Some(2))
        };
        let all = [last].into_iter().chain(&ready).chain(&unacked);
        for (index, entry) in all.enumerate() {
            let (copy, message) = (entry.copy, entry.letter.message.id());
            if index == 0 || !persistent(entry) {
                fx.push(Effect::Dropped {
                    queue: id,
                    copy: Some(copy),
                    message,
                    reason: DropReason::QueueDeleted,
                    was_unacked: entry.held_by.is_some(),
                });
                continue;
            }
            if let Some(channel) = entry.held_by {
                fx.push(Effect::Requeued {
                    channel,
                    queue: id,
                    copy,
                    message,
                });
            }
            let mut entry = entry.clone();
            (entry.redelivered, entry.held_by) = (true, None);
            self.queue(id).put(entry);
        }
        self.drop_expired(id, fx);
        !persistent(last)
    }
}
