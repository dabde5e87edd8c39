//! Single active consumers: one consumer of a queue is given messages, the others wait for its end.
//!
//! Who waits follows by priority, then by arrival; in quorum queues of 3.x by arrival alone
//! (`rabbit_fifo:activate_next_consumer/2`). Quorum queues of 4.x do not wait for the end: when somebody
//! of higher priority waits the active one is given nothing more, and hands over as soon as all it had
//! is settled. Deliberately not here: who is given what (`dispatch`).

use super::consumer::Standing;
use super::{Broker, profile};
use crate::types::QueueId;
use std::cmp::Reverse;

/// Where somebody waits: by priority, then by arrival.
type Place = (Reverse<i64>, u64);

impl Broker {
    fn waiting_place(&self, id: QueueId, number: u32) -> Option<Place> {
        let (queue, consumer) = (self.queue(id)?, self.consumers.get(number)?);
        let ranks = profile::ranks_waiting(self.options.profile, queue.settings.kind);
        let priority = if ranks { consumer.priority } else { 0 };
        Some((Reverse(priority), consumer.arrival))
    }

    /// A consumer came to such a queue: it waits, unless it is the first.
    pub(super) fn join_line(&mut self, id: QueueId, number: u32) {
        let place = self.waiting_place(id, number);
        let (Some(place), Some(queue)) = (place, self.queues.get_mut(id)) else {
            return;
        };
        if queue.active.is_none() {
            queue.active = Some(number);
            queue.rotation.join(&mut self.consumers, number);
        } else {
            queue.waiting.insert(place, number);
            self.change_over(id);
        }
    }

    /// The active consumer, or one that waited, is gone; it stands in no list of turns any more.
    pub(super) fn leave_line(&mut self, id: QueueId, number: u32) {
        let place = self.waiting_place(id, number);
        let (Some(place), Some(queue)) = (place, self.queues.get_mut(id)) else {
            return;
        };
        if queue.active != Some(number) {
            queue.waiting.remove(&place);
            self.change_over(id);
            return;
        }
        queue.active = queue.waiting.pop_first();
        if let Some(next) = queue.active {
            queue.rotation.join(&mut self.consumers, next);
        }
    }

    /// Whether a queue has an active consumer that may be given messages since another handed over.
    pub(super) fn has_followed(&self, id: QueueId, number: u32) -> bool {
        let queue = self.queue(id);
        profile::may_change_over(self.options.profile)
            && queue.is_some_and(|queue| queue.active == Some(number))
    }

    /// Looks whether the active consumer of a queue is to go on, to hold still or to hand over. Says who
    /// may be given messages now and might not before.
    pub(super) fn change_over(&mut self, id: QueueId) -> Option<u32> {
        let queue = self.queue(id)?;
        if !profile::may_change_over(self.options.profile) || !self.is_quorum(id) {
            return None;
        }
        let active = queue.active?;
        let consumer = self.consumers.get(active)?;
        let place = self.waiting_place(id, active)?;
        let (standing, row, unacked) = (consumer.standing, consumer.channel, consumer.unacked);
        let outranked = queue.waiting.keys().next().is_some_and(|it| it.0 < place.0);
        let queue = self.queues.get_mut(id)?;
        match (outranked, standing) {
            (false, Standing::Waiting) => {
                // Whoever was to follow is gone.
                queue.rotation.join(&mut self.consumers, active);
                return Some(active);
            }
            (false, Standing::Active | Standing::Blocked | Standing::Gone) => return None,
            (true, Standing::Active) => queue.rotation.leave(&mut self.consumers, active),
            (true, Standing::Blocked) => {
                let channel = self.channels.get_mut(row)?;
                channel.blocked.remove(&mut self.consumers, active);
            }
            (true, Standing::Waiting | Standing::Gone) => {}
        }
        self.consumers.get_mut(active)?.standing = Standing::Waiting;
        if unacked > 0 {
            return None;
        }
        let next = queue.waiting.pop_first()?;
        queue.waiting.insert(place, active);
        queue.active = Some(next);
        queue.rotation.join(&mut self.consumers, next);
        Some(next)
    }
}
