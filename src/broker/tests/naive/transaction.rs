//! Transactions (§12): what waits for a commit.

use super::settle::{Verdict, counted};
use super::{Answer, Letter, Naive, Unacked, route};
use crate::broker::{Effects, Reply};
use crate::types::{
    AmqpError, ChannelRef, ExchangeId, MethodId, PublishSequence, QueueId, QueueName, ReplyCode,
};

/// A publish that was checked and routed.
#[derive(Debug, Clone)]
pub(super) struct Routed {
    pub(super) exchange: ExchangeId,
    pub(super) mandatory: bool,
    pub(super) letter: Letter,
    pub(super) reached: route::Reached,
    /// What the queues are called by which they are found again.
    pub(super) names: Vec<QueueName>,
    /// Facts about its way.
    pub(super) forwards: Effects,
}

/// What waits on a channel.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiting {
    pub(super) publishes: Vec<Routed>,
    settlements: Vec<(Verdict, Vec<Unacked>)>,
}

impl Waiting {
    /// Settlements that follow each other and are alike become one.
    pub(super) fn settle(&mut self, verdict: Verdict, settled: Vec<Unacked>) {
        if settled.is_empty() {
            return;
        }
        match self.settlements.last_mut() {
            Some((last, alike)) if *last == verdict => alike.extend(settled),
            _ => self.settlements.push((verdict, settled)),
        }
    }

    pub(super) fn settled_mut(&mut self) -> impl Iterator<Item = &mut Unacked> {
        self.settlements.iter_mut().flat_map(|(_, settled)| settled)
    }

    pub(super) fn settled(&self) -> impl Iterator<Item = &Unacked> {
        self.settlements.iter().flat_map(|(_, settled)| settled)
    }
}

fn refused(text: &str, method: MethodId) -> Answer {
    let code = ReplyCode::PreconditionFailed;
    Err(AmqpError::new(code, text, method))
}

impl Naive {
    /// §11
    pub(super) fn confirm_select(&mut self, at: ChannelRef, method: MethodId) -> Answer {
        let channel = self.channel(at);
        if channel.tx.is_some() {
            return refused("cannot switch from tx to confirm mode", method);
        }
        channel.confirms = channel.confirms.or(Some(PublishSequence(1)));
        Ok(Reply::Done)
    }

    pub(super) fn tx_select(&mut self, at: ChannelRef, method: MethodId) -> Answer {
        let channel = self.channel(at);
        if channel.confirms.is_some() {
            return refused("cannot switch from confirm to tx mode", method);
        }
        channel.tx.get_or_insert_default();
        Ok(Reply::Done)
    }

    pub(super) fn tx_commit(
        &mut self,
        at: ChannelRef,
        method: MethodId,
        fx: &mut Effects,
    ) -> Answer {
        let Some(waiting) = &mut self.channel(at).tx else {
            return refused("channel is not transactional", method);
        };
        let mut waiting = std::mem::take(waiting);
        // §9: the channel's limit hears of all of them before queues take the publishes.
        let was_full = self.channel(at).is_full();
        for (_, settled) in &waiting.settlements {
            self.tell_limit(at, counted(settled));
        }
        let mut complete = true;
        for mut routed in std::mem::take(&mut waiting.publishes) {
            let queues = &self.queues;
            let mut names = routed.names.iter();
            routed.reached.retain_mut(|(id, _)| {
                let name = names.next().expect("each queue has a name");
                let same = queues.iter().find(|queue| queue.id == *id);
                let found = same.or_else(|| queues.iter().find(|queue| queue.name == *name));
                *id = found.map_or(*id, |queue| queue.id);
                found.is_some()
            });
            let ids: Vec<QueueId> = routed.reached.iter().map(|(id, _)| *id).collect();
            for id in &ids {
                self.settle_acks_of(at, *id, &mut waiting, fx);
                self.settle_all_of(at, *id, &mut waiting, fx);
            }
            let to_write = |id: &QueueId| was_full && self.may_write(*id);
            let to_write: Vec<QueueId> = ids.into_iter().filter(to_write).collect();
            complete &= self.send_routed(at, routed, fx);
            // Measured: while a queue opens its file it is told that the limit is freed.
            for id in to_write {
                if !self.may_write(id) {
                    self.resume_one(at, id, fx);
                }
            }
        }
        for index in 0..waiting.settlements.len() {
            let (verdict, mut settled) = waiting.settlements[index].clone();
            settled.sort_by_key(|unacked| unacked.tag);
            if verdict != Verdict::Acknowledge {
                for unacked in &settled {
                    self.settle_acks_of(at, unacked.queue, &mut waiting, fx);
                }
            }
            self.settle_told(at, settled, verdict, fx);
        }
        if complete {
            Ok(Reply::Done)
        } else {
            refused("partial tx completion", method)
        }
    }

    /// Whether a queue keeps what is persistent and has not got any.
    fn may_write(&self, id: QueueId) -> bool {
        let mut queues = self.queues.iter();
        queues.any(|q| q.id == id && q.durable && !q.has_written)
    }

    /// A quorum queue gets publishes behind all else (rabbit_fifo_client.erl, `enqueue`).
    fn settle_all_of(
        &mut self,
        at: ChannelRef,
        id: QueueId,
        waiting: &mut Waiting,
        fx: &mut Effects,
    ) {
        if self.queues.iter().any(|q| q.id == id && q.is_quorum()) {
            for (verdict, settled) in &mut waiting.settlements {
                settled.sort_by_key(|unacked| unacked.tag);
                let (own, rest) = std::mem::take(settled)
                    .into_iter()
                    .partition(|it| it.queue == id);
                *settled = rest;
                self.settle_groups(at, own, *verdict, fx);
            }
        }
    }

    /// A classic queue takes acks before all else that it finds to do.
    fn settle_acks_of(
        &mut self,
        at: ChannelRef,
        id: QueueId,
        waiting: &mut Waiting,
        fx: &mut Effects,
    ) {
        if self.queues.iter().any(|q| q.id == id && !q.is_quorum()) {
            for (_, settled) in waiting
                .settlements
                .iter_mut()
                .filter(|(v, _)| *v == Verdict::Acknowledge)
            {
                let (mut acks, rest): (Vec<_>, Vec<_>) = std::mem::take(settled)
                    .into_iter()
                    .partition(|u| u.queue == id);
                *settled = rest;
                acks.sort_by_key(|unacked| unacked.tag);
                self.settle_groups(at, acks, Verdict::Acknowledge, fx);
            }
        }
    }

    pub(super) fn tx_rollback(&mut self, at: ChannelRef, method: MethodId) -> Answer {
        let channel = self.channel(at);
        let Some(waiting) = &mut channel.tx else {
            return refused("channel is not transactional", method);
        };
        let waiting = std::mem::take(waiting);
        channel.unacked.extend(waiting.settled().cloned());
        channel.unacked.sort_by_key(|unacked| unacked.tag);
        Ok(Reply::Done)
    }
}
