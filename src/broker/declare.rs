//! Queues come and go: declare, delete, purge, and who may touch an exclusive one.
//!
//! Texts are RabbitMQ's (`rabbit_channel`, `rabbit_amqqueue`). Deliberately not here: arguments
//! (`queue::arguments`) and bindings (`topology`).

use super::access::{Right, Thing};
use super::consumer::{ConsumerList, Rotation, Standing};
use super::equivalence::check_same;
use super::kinds::{check_flags, check_named};
use super::queue::{
    Delayed, Queue, QueueSettings, Ready, check_arguments, check_equivalence, queue_type,
};
use super::{Broker, DropReason, Effect, Effects, QueueDeclare, Reply, profile};
use crate::types::{
    AmqpError, ConnectionId, CopyId, MessageId, MethodId, QueueId, QueueName, ReplyCode, SimTime,
    SortedMap, VhostId, order_by,
};

pub(super) const DECLARE: MethodId = MethodId::new(50, 10);
pub(super) const PURGE: MethodId = MethodId::new(50, 30);
pub(super) const DELETE: MethodId = MethodId::new(50, 40);

/// Names that clients may not give.
const RESERVED_PREFIX: &str = "amq.";

/// A name as RabbitMQ takes it where it declares, binds and deletes: without line ends.
pub(super) fn stripped(name: &QueueName) -> QueueName {
    if name.as_str().contains(['\r', '\n']) {
        QueueName::truncated(&name.as_str().replace(['\r', '\n'], ""))
    } else {
        name.clone()
    }
}

fn saturated(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Broker {
    /// The vhost of a channel's connection.
    pub(super) fn vhost_of(&self, row: u32) -> VhostId {
        self.channels
            .get(row)
            .map(|channel| channel.vhost)
            .unwrap_or_default()
    }

    /// The connection of a channel.
    fn connection_of(&self, row: u32) -> ConnectionId {
        self.channels
            .get(row)
            .map(|channel| channel.reference.connection)
            .unwrap_or_default()
    }

    /// A queue as RabbitMQ's texts name it: `queue 'q' in vhost '/'`.
    pub(super) fn queue_in_words(&self, vhost: VhostId, queue: &QueueName) -> String {
        let vhost = self
            .topology
            .vhost_name(vhost)
            .map_or("", |name| name.as_str());
        format!("queue '{queue}' in vhost '{vhost}'")
    }

    /// The queue meant by `queue`: itself, or the last one declared on the channel.
    pub(super) fn meant_queue(
        &self,
        row: u32,
        queue: &QueueName,
        method: MethodId,
    ) -> Result<QueueName, AmqpError> {
        if !queue.is_empty() {
            return Ok(queue.clone());
        }
        let last = self
            .channels
            .get(row)
            .and_then(|channel| channel.last_queue.clone());
        last.ok_or_else(|| {
            AmqpError::new(ReplyCode::NotFound, "no previously declared queue", method)
        })
    }

    /// Finds an existing queue that this channel's connection may use.
    pub(super) fn usable_queue(
        &self,
        row: u32,
        queue: &QueueName,
        method: MethodId,
    ) -> Result<QueueId, AmqpError> {
        let name = self.meant_queue(row, queue, method)?;
        self.check_right(row, Right::Read, Thing::Queue(&name), method)?;
        self.named_queue(row, &name, method)
    }

    /// The same by its own name alone, asked by nobody's right.
    fn named_queue(
        &self,
        row: u32,
        name: &QueueName,
        method: MethodId,
    ) -> Result<QueueId, AmqpError> {
        let vhost = self.vhost_of(row);
        let Some(id) = self.topology.queue_id(vhost, name.as_str()) else {
            let text = format!("no {}", self.queue_in_words(vhost, name));
            return Err(AmqpError::new(ReplyCode::NotFound, text, method));
        };
        self.check_owner(row, id, method)?;
        Ok(id)
    }

    /// Refuses a queue that is another connection's alone.
    pub(super) fn check_owner(
        &self,
        row: u32,
        id: QueueId,
        method: MethodId,
    ) -> Result<(), AmqpError> {
        let owner = self.queue(id).and_then(|queue| queue.owner);
        if owner.is_some_and(|owner| owner != self.connection_of(row)) {
            return Err(self.locked(id, method));
        }
        Ok(())
    }

    fn locked(&self, id: QueueId, method: MethodId) -> AmqpError {
        let place = self
            .queue(id)
            .map(|queue| self.queue_in_words(queue.vhost, &queue.name))
            .unwrap_or_default();
        let text = format!(
            "cannot obtain exclusive access to locked {place}. It could be originally declared on \
             another connection or the exclusive property value does not match that of the \
             original declaration."
        );
        AmqpError::new(ReplyCode::ResourceLocked, text, method)
    }

    /// `queue.declare`
    pub(super) fn queue_declare(
        &mut self,
        now: SimTime,
        row: u32,
        mut declare: QueueDeclare,
        effects: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        declare.queue = stripped(&declare.queue);
        if let Some(consumers) = self.declare_replies(&declare.queue) {
            return self.declared_replies(row, declare.queue, consumers);
        }
        let id = if declare.passive {
            // An empty name asks for a queue of that name, which nothing has: measured.
            self.named_queue(row, &declare.queue, DECLARE)?
        } else {
            self.declare_actively(now, row, declare, effects)?
        };
        let consumers = self.counted_consumers(id);
        let Some(queue) = self.queues.get_mut(id) else {
            return Err(AmqpError::new(
                ReplyCode::InternalError,
                "queue lost",
                DECLARE,
            ));
        };
        if queue.unused_since.is_some() && queue.is_used_by_declares() {
            queue.unused_since = Some(now);
        }
        let reply = Reply::QueueDeclared {
            queue: queue.name.clone(),
            ready: saturated(queue.ready.len()),
            consumers,
        };
        if let Some(channel) = self.channels.get_mut(row) {
            channel.last_queue = Some(queue.name.clone());
        }
        self.note_deadline(id);
        Ok(reply)
    }

    /// A name that leads to a channel, which hears it (1) or does not.
    fn declared_replies(
        &mut self,
        row: u32,
        queue: QueueName,
        consumers: u32,
    ) -> Result<Reply, AmqpError> {
        if consumers == 0 {
            self.named_queue(row, &queue, DECLARE)?;
        }
        if let Some(channel) = self.channels.get_mut(row) {
            channel.last_queue = Some(queue.clone());
        }
        Ok(Reply::QueueDeclared {
            queue,
            ready: 0,
            consumers,
        })
    }

    fn declare_actively(
        &mut self,
        now: SimTime,
        row: u32,
        mut declare: QueueDeclare,
        effects: &mut Effects,
    ) -> Result<QueueId, AmqpError> {
        let vhost = self.vhost_of(row);
        let kind = queue_type(&declare.arguments).unwrap_or_default();
        if declare.queue.is_empty() {
            check_named(kind)?;
            declare.queue = self.invent_queue_name();
        } else if declare.queue.as_str().starts_with(RESERVED_PREFIX) {
            let text = format!(
                "queue name '{}' contains reserved prefix 'amq.*'",
                declare.queue
            );
            return Err(AmqpError::new(ReplyCode::AccessRefused, text, DECLARE));
        }
        self.check_right(row, Right::Configure, Thing::Queue(&declare.queue), DECLARE)?;
        declare.durable &= !declare.exclusive;
        if let Some(id) = self.topology.queue_id(vhost, declare.queue.as_str()) {
            self.check_redeclare(row, id, &declare)?;
            return Ok(id);
        }
        self.check_queue_limit(vhost, &declare.queue, DECLARE)?;
        self.check_dead_letter_right(row, &declare, DECLARE)?;
        let place = self.queue_in_words(vhost, &declare.queue);
        let asked = self.options.profile;
        check_arguments(&declare.arguments, &place, asked, DECLARE)?;
        check_flags(kind, &declare, &place)?;
        profile::check_queue_flags(asked, declare.durable, declare.exclusive, DECLARE)?;
        let id = self.topology.register_queue(vhost, &declare.queue);
        let connection = self.connection_of(row);
        let owner = declare.exclusive.then_some(connection);
        if owner.is_some()
            && let Some(connection) = self.connections.get_mut(connection.0.into())
        {
            connection.exclusive.insert(id.0.into(), ());
        }
        let settings = self.settings_of(vhost, &declare.queue, &declare.arguments);
        self.queues
            .insert(new_queue((id, vhost), declare, settings, owner, now));
        effects.push(Effect::QueueDeclared { vhost, queue: id });
        Ok(id)
    }

    fn check_redeclare(
        &self,
        row: u32,
        id: QueueId,
        declare: &QueueDeclare,
    ) -> Result<(), AmqpError> {
        let Some(queue) = self.queue(id) else {
            return Ok(());
        };
        let asker = declare.exclusive.then(|| self.connection_of(row));
        if queue.owner != asker {
            return Err(self.locked(id, DECLARE));
        }
        let place = self.queue_in_words(queue.vhost, &queue.name);
        check_same("durable", &place, &declare.durable, &queue.durable, DECLARE)?;
        check_same(
            "auto_delete",
            &place,
            &declare.auto_delete,
            &queue.auto_delete,
            DECLARE,
        )?;
        let (current, received) = (&queue.arguments, &declare.arguments);
        check_equivalence(current, received, &place, self.options.profile, DECLARE)
    }

    /// `queue.purge`
    pub(super) fn queue_purge(
        &mut self,
        _now: SimTime,
        row: u32,
        queue: &QueueName,
        effects: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        let id = self.usable_queue(row, queue, PURGE)?;
        self.check_purgeable(id)?;
        let mut messages = 0;
        if let Some(queue) = self.queues.get_mut(id) {
            messages = saturated(queue.ready.len());
            queue.clear(DropReason::Purged, effects);
        }
        self.note_deadline(id);
        Ok(Reply::Purged { messages })
    }

    /// `queue.delete`; a queue that does not exist is deleted already.
    pub(super) fn queue_delete(
        &mut self,
        _now: SimTime,
        row: u32,
        queue: &QueueName,
        if_unused: bool,
        if_empty: bool,
        effects: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        let name = self.meant_queue(row, &stripped(queue), DELETE)?;
        self.check_right(row, Right::Configure, Thing::Queue(&name), DELETE)?;
        let vhost = self.vhost_of(row);
        let Some(id) = self.topology.queue_id(vhost, name.as_str()) else {
            return Ok(Reply::QueueDeleted { messages: 0 });
        };
        self.check_owner(row, id, DELETE)?;
        self.check_deletable(id, if_unused, if_empty)?;
        let Some(queue) = self.queue(id) else {
            return Ok(Reply::QueueDeleted { messages: 0 });
        };
        let refusal = if if_empty && !queue.ready.is_empty() {
            Some("not empty")
        } else if if_unused && !queue.consumers.is_empty() {
            Some("in use")
        } else {
            None
        };
        if let Some(what) = refusal {
            let text = format!("{} {what}", self.queue_in_words(vhost, &name));
            return Err(AmqpError::new(ReplyCode::PreconditionFailed, text, DELETE));
        }
        let messages = saturated(queue.ready.len());
        self.delete_queue(id, effects);
        Ok(Reply::QueueDeleted { messages })
    }

    /// Deletes those queues that lived for their consumers and have none left.
    pub(super) fn delete_abandoned(&mut self, ids: &[QueueId], effects: &mut Effects) {
        let abandoned = |id: &QueueId| {
            self.queue(*id)
                .is_some_and(|queue| queue.auto_delete && queue.consumers.is_empty())
        };
        let gone: Vec<_> = ids.iter().copied().filter(abandoned).collect();
        self.delete_queues(&gone, effects);
    }

    /// Deletes a queue with all that is in it: consumers are told, messages are lost, bindings go.
    /// Deliveries from it stay outstanding on their channels, but settling them does nothing.
    pub(super) fn delete_queue(&mut self, id: QueueId, effects: &mut Effects) {
        self.delete_queues(&[id], effects);
    }

    /// Deletes queues, which stand in ascending order, looking only once through what is unacked.
    pub(super) fn delete_queues(&mut self, ids: &[QueueId], effects: &mut Effects) {
        let held = |id: &QueueId| self.queue(*id).map_or(0, |queue| queue.unacked);
        let mut left: u32 = ids.iter().map(held).sum();
        let mut lost: SortedMap<QueueId, Vec<(CopyId, MessageId)>> = SortedMap::new();
        for (_, channel) in self.channels.iter() {
            if left == 0 {
                break;
            }
            for delivery in channel
                .held()
                .filter(|it| ids.binary_search(&it.queue).is_ok())
            {
                let entry = &delivery.entry;
                lost.or_default(delivery.queue)
                    .push((entry.copy(), entry.message.id()));
                left -= 1;
            }
        }
        for id in ids {
            self.delete_one(*id, &lost.remove(id).unwrap_or_default(), effects);
        }
    }

    fn delete_one(&mut self, id: QueueId, unacked: &[(CopyId, MessageId)], effects: &mut Effects) {
        let Some(mut queue) = self.queues.remove(id) else {
            return;
        };
        self.deadlines.set(id.0, SimTime::MAX);
        if let Some(owner) = queue.owner
            && let Some(connection) = self.connections.get_mut(owner.0.into())
        {
            connection.exclusive.remove(id.0.into());
        }
        self.cancel_all(&mut queue, effects);
        queue.end_delays(SimTime::MAX);
        queue.clear(DropReason::QueueDeleted, effects);
        // Their tags stay outstanding.
        for &(copy, message) in unacked {
            effects.push(Effect::Dropped {
                queue: id,
                copy: Some(copy),
                message,
                reason: DropReason::QueueDeleted,
                was_unacked: true,
            });
        }
        self.topology.remove_queue(id, effects);
        effects.push(Effect::QueueDeleted { queue: id });
    }

    /// Ends all consumers of a queue that was taken out of the table, and tells them.
    pub(super) fn cancel_all(&mut self, queue: &mut Queue, effects: &mut Effects) {
        let numbers: Vec<u32> = queue
            .consumers
            .iter(&self.consumers)
            .map(|(number, _)| number)
            .collect();
        // A channel tells its consumers in the order of their tags.
        let tag = |at: usize| self.consumers.get(numbers[at]).map(|it| &it.tag);
        let order = order_by(numbers.len(), &|a, b| tag(a).cmp(&tag(b)));
        for number in order.into_iter().map(|at| numbers[at]) {
            let Some(consumer) = self.consumers.get(number) else {
                continue;
            };
            if let Some(channel) = self.channels.get(consumer.channel) {
                effects.push(Effect::ConsumerCancelled {
                    channel: channel.reference,
                    consumer_tag: consumer.tag.clone(),
                });
            }
            // The queue is out of the table, so its own lists are left to be dropped with it.
            if consumer.standing == Standing::Active {
                queue.rotation.leave(&mut self.consumers, number);
            }
            queue.consumers.remove(&mut self.consumers, number);
            self.remove_consumer(SimTime::ZERO, number, effects);
        }
    }
}

fn new_queue(
    (id, vhost): (QueueId, VhostId),
    declare: QueueDeclare,
    settings: QueueSettings,
    owner: Option<ConnectionId>,
    now: SimTime,
) -> Queue {
    Queue {
        id,
        vhost,
        name: declare.queue,
        durable: declare.durable,
        auto_delete: declare.auto_delete,
        owner,
        arguments: declare.arguments,
        ready: Ready::default(),
        delayed: Delayed::default(),
        ready_octets: 0,
        unacked: 0,
        consumers: ConsumerList::of_members(),
        rotation: Rotation::default(),
        exclusive_consumer: false,
        active: None,
        waiting: Vec::new(),
        declared_at: now,
        unused_since: Some(now),
        timed: settings.expires.is_some(),
        settings,
        rejecting: false,
        unwritten: declare.durable,
        head_expires: SimTime::MAX,
        deadline: SimTime::MAX,
    }
}
