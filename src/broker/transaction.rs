//! Transactions: publishes and settlements of a channel that wait for its commit.
//!
//! A publish is checked and routed when it is said, so that its way is that of that moment; what it
//! enters, and what returns, waits. A settled tag leaves the channel at once and its delivery waits
//! here. Source: `rabbit_channel` of 3.10, measured on it. Deliberately not here: anything of the
//! other queues and channels; a transaction covers one channel and nothing else.

use super::channel::Mode;
use super::publish::Wishes;
use super::settle::Settlement;
use super::unacked::{NO_CONSUMER, Unacked};
use super::{Broker, Effect, Effects, Reply};
use crate::types::{
    AmqpError, ChannelRef, ExchangeId, Message, MethodId, PublishSequence, QueueId, QueueName,
    QueueType, ReplyCode, SimTime, VhostId,
};
use std::collections::VecDeque;

const CONFIRM_SELECT: MethodId = MethodId::new(85, 10);
const SELECT: MethodId = MethodId::new(90, 10);
const COMMIT: MethodId = MethodId::new(90, 20);
const ROLLBACK: MethodId = MethodId::new(90, 30);

/// What waits for a commit.
#[derive(Debug, Clone, Default)]
pub(super) struct Transaction {
    publishes: Vec<HeldPublish>,
    /// Neighbours that settle alike are one, as if they had been said with `multiple` (RabbitMQ's
    /// `ack_cons`); in each, tags rise.
    settlements: Vec<(Settlement, Vec<Unacked>)>,
}

/// A publish that was checked and routed.
#[derive(Debug, Clone)]
pub(super) struct HeldPublish {
    pub(super) message: Message,
    pub(super) wishes: Wishes,
    pub(super) exchange: ExchangeId,
    pub(super) mandatory: bool,
    /// Where it goes.
    pub(super) queues: Vec<(QueueId, ExchangeId)>,
    /// What these queues are called: RabbitMQ finds them by their names at the commit, so one that was
    /// deleted and declared anew meanwhile is found.
    pub(super) names: Vec<QueueName>,
    /// Through which exchanges.
    pub(super) forwarded: Vec<(ExchangeId, ExchangeId, bool)>,
    /// Where it waits already: that does not wait for the commit.
    pub(super) delayed: Vec<ExchangeId>,
}

impl Transaction {
    /// Lets a publish wait.
    pub(super) fn hold(&mut self, publish: HeldPublish) {
        self.publishes.push(publish);
    }

    /// Lets a delivery that was settled wait.
    pub(super) fn settle(&mut self, settlement: Settlement, delivery: Unacked) {
        match self.settlements.last_mut() {
            Some((last, alike)) if *last == settlement => {
                let at = alike.partition_point(|other| other.tag < delivery.tag);
                alike.insert(at, delivery);
            }
            Some(_) | None => self.settlements.push((settlement, vec![delivery])),
        }
    }

    /// Deliveries that were settled and wait.
    pub(super) fn deliveries(&self) -> impl Iterator<Item = &Unacked> {
        self.settlements.iter().flat_map(|(_, alike)| alike)
    }

    /// The same, to be changed.
    pub(super) fn deliveries_mut(&mut self) -> impl Iterator<Item = &mut Unacked> {
        self.settlements.iter_mut().flat_map(|(_, alike)| alike)
    }

    /// The same, for good.
    pub(super) fn into_deliveries(self) -> impl Iterator<Item = Unacked> {
        self.settlements.into_iter().flat_map(|(_, alike)| alike)
    }
}

/// Settlements of a commit that queues have not heard of.
struct Rest {
    settlements: VecDeque<(Settlement, Vec<Unacked>)>,
    /// Queues that have taken all acks among them, in order of number.
    heard: Vec<QueueId>,
}

fn refused(text: &str, method: MethodId) -> AmqpError {
    AmqpError::new(ReplyCode::PreconditionFailed, text, method)
}

impl Broker {
    /// `confirm.select`; said again it changes nothing.
    pub(super) fn confirm_select(&mut self, row: u32) -> Result<Reply, AmqpError> {
        let text = "cannot switch from tx to confirm mode";
        self.switch_mode(row, Mode::Confirm(PublishSequence(0)), text, CONFIRM_SELECT)
    }

    /// `tx.select`; said again it changes nothing.
    pub(super) fn tx_select(&mut self, row: u32) -> Result<Reply, AmqpError> {
        let text = "cannot switch from confirm to tx mode";
        self.switch_mode(row, Mode::Transaction(Box::default()), text, SELECT)
    }

    fn switch_mode(
        &mut self,
        row: u32,
        mode: Mode,
        text: &str,
        method: MethodId,
    ) -> Result<Reply, AmqpError> {
        if let Some(channel) = self.channels.get_mut(row) {
            match (&channel.mode, &mode) {
                (Mode::Plain, _) => channel.mode = mode,
                (Mode::Confirm(_), Mode::Transaction(_))
                | (Mode::Transaction(_), Mode::Confirm(_)) => return Err(refused(text, method)),
                (Mode::Confirm(_) | Mode::Transaction(_), _) => {}
            }
        }
        Ok(Reply::Done)
    }

    /// Takes what waits on a channel; it is in a transaction still, a new one.
    fn take_transaction(
        &mut self,
        row: u32,
        method: MethodId,
    ) -> Result<(ChannelRef, Transaction), AmqpError> {
        if let Some(channel) = self.channels.get_mut(row)
            && let Mode::Transaction(open) = &mut channel.mode
        {
            return Ok((channel.reference, std::mem::take(&mut **open)));
        }
        Err(refused("channel is not transactional", method))
    }

    /// `tx.commit`: publishes in order, then settlements in order; but in each classic queue acks come
    /// first, and in a quorum queue all settlements come before its first publish.
    #[inline(never)]
    pub(super) fn tx_commit(
        &mut self,
        now: SimTime,
        row: u32,
        effects: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        let (channel, transaction) = self.take_transaction(row, COMMIT)?;
        let vhost = self.vhost_of(row);
        // The channel's own limit hears of the settlements, one after the other, while queues are still
        // about to take the publishes.
        let mut held = false;
        for (_, deliveries) in &transaction.settlements {
            let to_consumers = deliveries.iter().filter(|it| it.consumer != NO_CONSUMER);
            let count = u32::try_from(to_consumers.count()).unwrap_or(u32::MAX);
            held |= self.tell_limit(row, count);
        }
        let mut rest = Rest {
            settlements: transaction.settlements.into(),
            heard: Vec::new(),
        };
        let mut all_taken = true;
        for publish in transaction.publishes {
            for (queue, _) in &publish.queues {
                self.settle_first(now, channel, (*queue, true), &mut rest, effects);
            }
            all_taken &= self.release_publish(now, (channel, vhost), publish, held, effects);
        }
        while let Some((settlement, deliveries)) = rest.settlements.pop_front() {
            if settlement != Settlement::Ack {
                for delivery in &deliveries {
                    self.settle_first(now, channel, (delivery.queue, false), &mut rest, effects);
                }
            }
            self.settle_in_groups(now, channel, deliveries, settlement, effects);
            self.tell_queues(now, row, held, effects);
        }
        if all_taken {
            Ok(Reply::Done)
        } else {
            Err(refused("partial tx completion", COMMIT))
        }
    }

    /// Before a queue takes anything else of a commit: of all that it finds to do, a classic queue takes
    /// acks first (`rabbit_amqqueue_process:prioritise_cast/3`). Before a publish a quorum queue has taken
    /// all else, which is sent to it with a higher priority (`rabbit_fifo_client:enqueue/4`).
    fn settle_first(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        (id, is_published): (QueueId, bool),
        rest: &mut Rest,
        effects: &mut Effects,
    ) {
        let Some(queue) = self.queue(id) else {
            return;
        };
        let all = queue.settings.kind == QueueType::Quorum;
        let place = rest.heard.binary_search(&id);
        let (Err(place), false) = (place, rest.settlements.is_empty() || all && !is_published)
        else {
            return;
        };
        rest.heard.insert(place, id);
        for (settlement, deliveries) in &mut rest.settlements {
            if all || *settlement == Settlement::Ack {
                let own = deliveries.extract_if(.., |it| it.queue == id).collect();
                self.settle_in_groups(now, channel, own, *settlement, effects);
            }
        }
    }

    /// Sends a publish on the way it was found; says whether all queues took it.
    fn release_publish(
        &mut self,
        now: SimTime,
        (channel, vhost): (ChannelRef, VhostId),
        publish: HeldPublish,
        held: bool,
        effects: &mut Effects,
    ) -> bool {
        let exchange = publish.exchange;
        effects.push(Effect::Published {
            channel,
            exchange,
            message: publish.message.id(),
        });
        self.routes.queues = publish.queues;
        self.routes.forwarded = publish.forwarded;
        self.routes.delayed = publish.delayed;
        // A queue that is gone by now is no queue: mandatory messages return for want of one.
        let (queues, topology) = (&self.queues, &self.topology);
        let mut names = publish.names.iter();
        self.routes.queues.retain_mut(|(queue, _)| {
            let name = names.next();
            if queues.get(*queue).is_none()
                && let Some(name) = name
                && let Some(anew) = topology.queue_id(vhost, name.as_str())
            {
                *queue = anew;
            }
            queues.get(*queue).is_some()
        });
        let returns = publish.mandatory.then_some(channel);
        let (message, wishes) = (publish.message, publish.wishes);
        let unwritten = |id: &QueueId| queues.get(*id).is_some_and(|it| it.unwritten);
        let found = self.routes.queues.iter().map(|(id, _)| *id);
        let begin: Vec<QueueId> = found.filter(|id| held && unwritten(id)).collect();
        let taken = self.publish_where_routed(now, exchange, message, wishes, returns, effects);
        // A queue that writes for the first time opens a file, and by then it is told of the limit.
        for id in begin {
            if self.queue(id).is_some_and(|it| !it.unwritten) {
                self.resume_queue(now, channel, id, effects);
            }
        }
        taken
    }

    /// `tx.rollback`: publishes are forgotten, settled deliveries are outstanding again.
    #[inline(never)]
    pub(super) fn tx_rollback(&mut self, now: SimTime, row: u32) -> Result<Reply, AmqpError> {
        let (_, transaction) = self.take_transaction(row, ROLLBACK)?;
        if let Some(channel) = self.channels.get_mut(row) {
            let held = channel.unacked.len() > 0;
            for delivery in transaction.into_deliveries() {
                channel.unacked.put_back(delivery);
            }
            self.looks.take_back(now, row, channel, held);
        }
        Ok(Reply::Done)
    }
}
