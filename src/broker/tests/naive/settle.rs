//! Acknowledge, refuse, requeue, recover (§10), and what a closing channel gives back (§2).

use super::{Answer, Naive, Unacked, transaction};
use crate::broker::{Acknowledgement, DropReason, Effect, Effects, Reply};
use crate::types::{
    AmqpError, ChannelRef, ConnectionId, ConsumerTag, DeliveryTag, MethodId, Profile, QueueId,
    QueueName, ReplyCode,
};

/// What is done with deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Acknowledge,
    Requeue,
    /// Requeued without a failure.
    Release,
    /// Requeued because its channel is gone.
    Leave,
    Reject,
}

impl Verdict {
    pub(super) fn refused(requeue: bool) -> Self {
        if requeue { Self::Requeue } else { Self::Reject }
    }
}

/// §10: a multiple settlement goes queue by queue, then messages got by `basic.get`, each alone by
/// tag, then consumer by consumer in the order of their tags' octets.
type Group = (QueueName, QueueId, Option<ConsumerTag>, DeliveryTag);

fn group_of(unacked: &Unacked) -> Group {
    let name = unacked.queue_name.clone();
    match &unacked.consumer {
        None => (name, unacked.queue, None, unacked.tag),
        Some((tag, _)) => (name, unacked.queue, Some(tag.clone()), DeliveryTag(0)),
    }
}

/// §9: the channel's limit counts deliveries to consumers only.
pub(super) fn counted(settled: &[Unacked]) -> i32 {
    settled.iter().filter(|u| u.consumer.is_some()).count() as i32
}

impl Naive {
    /// §10: what nack and recover do; since 4.3 they count no failure.
    pub(super) fn released(&self) -> Verdict {
        match self.profile {
            Profile::V3 => Verdict::Requeue,
            Profile::V4 => Verdict::Release,
        }
    }

    pub(super) fn settle(
        &mut self,
        at: ChannelRef,
        method: MethodId,
        which: Acknowledgement,
        verdict: Verdict,
        fx: &mut Effects,
    ) -> Answer {
        let tag = which.delivery_tag;
        let all = which.multiple && tag == DeliveryTag(0);
        let channel = self.channel(at);
        if !all && !channel.unacked.iter().any(|u| u.tag == tag) {
            return Err(AmqpError::new(
                ReplyCode::PreconditionFailed,
                format!("unknown delivery tag {tag}"),
                method,
            ));
        }
        let is_meant = |u: &Unacked| all || u.tag == tag || (which.multiple && u.tag < tag);
        let settled: Vec<Unacked> = channel
            .unacked
            .iter()
            .filter(|u| is_meant(u))
            .cloned()
            .collect();
        channel.unacked.retain(|u| !is_meant(u));
        if let Some(waiting) = &mut channel.tx {
            waiting.settle(verdict, settled);
            return Ok(Reply::Done);
        }
        self.settle_in_groups(at, settled, verdict, fx);
        Ok(Reply::Done)
    }

    pub(super) fn basic_recover(
        &mut self,
        at: ChannelRef,
        method: MethodId,
        requeue: bool,
        fx: &mut Effects,
    ) -> Answer {
        if !requeue {
            let code = ReplyCode::NotImplemented;
            return Err(AmqpError::new(code, "requeue=false", method));
        }
        let settled = std::mem::take(&mut self.channel(at).unacked);
        self.settle_in_groups(at, settled, self.released(), fx);
        Ok(Reply::Done)
    }

    pub(super) fn settle_in_groups(
        &mut self,
        at: ChannelRef,
        settled: Vec<Unacked>,
        verdict: Verdict,
        fx: &mut Effects,
    ) {
        // §9: the channel's limit is told last, but hears it while the first queue is still about to
        // settle.
        self.tell_limit(at, counted(&settled));
        self.settle_told(at, settled, verdict, fx);
    }

    /// The same, of which the channel's limit knows already.
    pub(super) fn settle_told(
        &mut self,
        at: ChannelRef,
        settled: Vec<Unacked>,
        verdict: Verdict,
        fx: &mut Effects,
    ) {
        self.settle_groups(at, settled, verdict, fx);
        self.resume(at, fx);
    }

    pub(super) fn settle_groups(
        &mut self,
        at: ChannelRef,
        settled: Vec<Unacked>,
        verdict: Verdict,
        fx: &mut Effects,
    ) {
        let mut groups: Vec<Group> = settled.iter().map(group_of).collect();
        groups.sort();
        groups.dedup();
        for group in groups {
            let members = settled.iter().filter(|u| group_of(u) == group);
            let members: Vec<Unacked> = members.cloned().collect();
            if self.queues.iter().any(|q| q.id == group.1) {
                self.settle_group(at, group.1, &members, verdict, fx);
            }
        }
    }

    pub(super) fn tell_limit(&mut self, at: ChannelRef, delivered: i32) {
        let channel = self.channel(at);
        // rabbit_limiter.erl: nothing is taken from nothing, but more may be taken than is there.
        if channel.volume != 0 {
            channel.volume -= delivered;
        }
    }

    /// One group: credit first, then the messages, then dispatch (rabbit_amqqueue_process.erl,
    /// `subtract_acks`, `requeue_and_run`).
    fn settle_group(
        &mut self,
        at: ChannelRef,
        id: QueueId,
        members: &[Unacked],
        verdict: Verdict,
        fx: &mut Effects,
    ) {
        let mut was_full = false;
        for member in members {
            if let Some((tag, serial)) = &member.consumer {
                let consumers = &mut self.queue(id).consumers;
                // rabbit_limiter.erl, `ack_from_queue`: credit is kept by tag.
                let same = |c: &&mut super::Consumer| {
                    c.serial == *serial || c.channel == at && c.tag == *tag
                };
                if let Some(consumer) = consumers.iter_mut().find(same) {
                    was_full |= consumer.is_full();
                    consumer.outstanding -= 1;
                }
            }
        }
        if was_full {
            self.unblock(at, id);
        }
        let mut members: Vec<&Unacked> = members.iter().collect();
        if verdict == Verdict::Reject && !self.queue(id).is_quorum() {
            // rabbit_priority_queue.erl, `ackfold`: one queue for each priority, the highest first.
            let queue = self.queue(id);
            let priority = |copy| queue.unacked.iter().find(|e| e.copy == copy);
            let priority = |member: &&Unacked| priority(member.copy).map(|e| e.priority);
            members.sort_by_key(|member| std::cmp::Reverse(priority(member)));
        }
        for member in members {
            self.settle_one(at, id, member, verdict, fx);
        }
        if matches!(verdict, Verdict::Requeue | Verdict::Release) {
            self.queue(id).forgotten = false;
            self.drop_over_limit(id, fx);
            self.drop_expired(id, fx);
        }
        self.dispatch(id, fx);
    }

    fn settle_one(
        &mut self,
        at: ChannelRef,
        id: QueueId,
        member: &Unacked,
        verdict: Verdict,
        fx: &mut Effects,
    ) {
        let now = self.now;
        let queue = self.queue(id);
        let Some(index) = queue.unacked.iter().position(|e| e.copy == member.copy) else {
            return;
        };
        let mut entry = queue.unacked.remove(index);
        if queue.is_quorum() && queue.unacked.is_empty() {
            queue.used_at = now;
        }
        match verdict {
            Verdict::Acknowledge => fx.push(Effect::Acked {
                channel: at,
                delivery_tag: member.tag,
                queue: id,
                copy: entry.copy,
                message: entry.letter.message.id(),
                enqueued_at: entry.enqueued_at,
            }),
            Verdict::Requeue | Verdict::Release | Verdict::Leave => {
                if self.is_past_its_limit(id, &mut entry, verdict != Verdict::Release) {
                    let reason = DropReason::DeliveryLimit;
                    self.drop_letter(id, Some(entry.copy), entry.letter, reason, true, fx);
                    return;
                }
                fx.push(Effect::Requeued {
                    channel: at,
                    queue: id,
                    copy: entry.copy,
                    message: entry.letter.message.id(),
                });
                entry.redelivered = true;
                self.put_back(id, entry, verdict, fx);
            }
            Verdict::Reject => {
                let reason = DropReason::Rejected;
                self.drop_letter(id, Some(entry.copy), entry.letter, reason, true, fx);
            }
        }
    }

    /// §2: closing channels lose their consumers and give all unsettled messages back. Channels of
    /// one connection end together, and its exclusive queues with them (§4); then the queues that
    /// remain go on.
    pub(super) fn end_channels(
        &mut self,
        ended: &[ChannelRef],
        connection: Option<ConnectionId>,
        fx: &mut Effects,
    ) {
        let is_ended = |at: &ChannelRef| ended.contains(at);
        let mut returned: Vec<(ChannelRef, Unacked)> = Vec::new();
        for channel in self.channels.iter().filter(|c| is_ended(&c.at)) {
            returned.extend(channel.unacked.iter().map(|u| (channel.at, u.clone())));
            let waiting = channel.tx.iter().flat_map(transaction::Waiting::settled);
            returned.extend(waiting.map(|u| (channel.at, u.clone())));
        }
        self.channels.retain(|c| !is_ended(&c.at));
        let ids: Vec<QueueId> = self.queues.iter().map(|q| q.id).collect();
        // Only queues that knew the channel hear of its end.
        let mut touched: Vec<QueueId> = returned.iter().map(|(_, u)| u.queue).collect();
        for id in &ids {
            let mut consumers = self.queue(*id).consumers.iter();
            let had = consumers.any(|c| is_ended(&c.channel));
            self.stop_consumers(*id, |c| is_ended(&c.channel), fx);
            self.queue(*id).forgotten &= !had;
            touched.extend(had.then_some(*id));
            if had && self.queue(*id).is_left_by_all() {
                // §4: what it had unacked is lost with it.
                self.remove_queue(*id, fx);
            }
        }
        // rabbit_fifo: consumer by consumer in the order of their tags; one message that was got had
        // a consumer named after its delivery tag.
        returned.sort_by_key(|(at, member)| {
            let quorum = self
                .queues
                .iter()
                .any(|q| q.id == member.queue && q.is_quorum());
            let tag = match &member.consumer {
                Some((tag, _)) => tag.to_string(),
                None => member.tag.to_string(),
            };
            quorum.then_some((*at, tag, member.tag))
        });
        for (at, member) in &returned {
            if self.queues.iter().any(|q| q.id == member.queue) {
                self.queue(member.queue).forgotten = false;
                self.settle_one(*at, member.queue, member, Verdict::Leave, fx);
            }
        }
        for id in ids {
            let owner = self.queues.iter().find(|q| q.id == id).map(|q| q.owner);
            match owner {
                None => {}
                Some(Some(owner)) if Some(owner) == connection => self.remove_queue(id, fx),
                Some(_) if !touched.contains(&id) => {}
                Some(_) => {
                    self.drop_over_limit(id, fx);
                    self.drop_expired(id, fx);
                    self.dispatch(id, fx);
                }
            }
        }
    }
}
