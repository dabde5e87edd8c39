//! Transactions (§12): what waits for a commit.

use super::settle::Verdict;
use super::{Answer, Letter, Naive, Unacked, route};
use crate::broker::{Effects, Reply};
use crate::types::{
    AmqpError, ChannelRef, ExchangeId, MethodId, PublishSequence, QueueName, ReplyCode,
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
        let waiting = std::mem::take(waiting);
        // §9: the channel's limit hears of the first before queues take the publishes.
        if let Some((_, settled)) = waiting.settlements.first() {
            self.tell_limit(at, settled);
        }
        let mut complete = true;
        for mut routed in waiting.publishes {
            let queues = &self.queues;
            let mut names = routed.names.iter();
            routed.reached.retain_mut(|(id, _)| {
                let name = names.next().expect("each queue has a name");
                let same = queues.iter().find(|queue| queue.id == *id);
                let found = same.or_else(|| queues.iter().find(|queue| queue.name == *name));
                *id = found.map_or(*id, |queue| queue.id);
                found.is_some()
            });
            complete &= self.send_routed(at, routed, fx);
        }
        for (index, (verdict, mut settled)) in waiting.settlements.into_iter().enumerate() {
            settled.sort_by_key(|unacked| unacked.tag);
            if index == 0 {
                self.settle_told(at, settled, verdict, fx);
            } else {
                self.settle_in_groups(at, settled, verdict, fx);
            }
        }
        if complete {
            Ok(Reply::Done)
        } else {
            refused("partial tx completion", method)
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
