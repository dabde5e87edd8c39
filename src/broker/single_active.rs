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

impl Broker {
    /// A consumer waits in a queue, behind all who are to follow before it.
    fn wait(&mut self, id: QueueId, number: u32) {
        let Some(queue) = self.queues.get_mut(id) else {
            return;
        };
        let ranks = profile::ranks_waiting(self.options.profile, queue.settings.kind);
        let place = |number: u32| {
            let consumer = self.consumers.get(number)?;
            let priority = if ranks { consumer.priority } else { 0 };
            Some((Reverse(priority), consumer.arrival))
        };
        let own = place(number);
        let at = queue.waiting.partition_point(|other| place(*other) < own);
        queue.waiting.insert(at, number);
    }

    /// A consumer came to such a queue: it waits, unless it is the first.
    pub(super) fn join_line(&mut self, id: QueueId, number: u32) {
        let Some(queue) = self.queues.get_mut(id) else {
            return;
        };
        if queue.active.is_none() {
            queue.active = Some(number);
            queue.rotation.join(&mut self.consumers, number);
        } else {
            self.wait(id, number);
            self.change_over(id);
        }
    }

    /// The active consumer, or one that waited, is gone; it stands in no list of turns any more.
    pub(super) fn leave_line(&mut self, id: QueueId, number: u32) {
        let Some(queue) = self.queues.get_mut(id) else {
            return;
        };
        if queue.active == Some(number) {
            queue.active = None;
            self.activate_next(id);
        } else {
            queue.waiting.retain(|waits| *waits != number);
            self.change_over(id);
        }
    }

    /// The first who waits is the active one from now on.
    fn activate_next(&mut self, id: QueueId) -> Option<u32> {
        let queue = self.queues.get_mut(id)?;
        let next = *queue.waiting.first()?;
        queue.waiting.remove(0);
        queue.active = Some(next);
        queue.rotation.join(&mut self.consumers, next);
        Some(next)
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
        if !profile::may_change_over(self.options.profile) || !self.is_quorum(id) {
            return None;
        }
        let queue = self.queues.get_mut(id)?;
        let active = queue.active?;
        let rank = |number: u32| self.consumers.get(number).map(|it| it.priority);
        let outranked = queue
            .waiting
            .first()
            .is_some_and(|it| rank(*it) > rank(active));
        let consumer = self.consumers.get(active)?;
        let (standing, row, unacked) = (consumer.standing, consumer.channel, consumer.unacked);
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
        let next = self.activate_next(id);
        self.wait(id, active);
        next
    }
}
