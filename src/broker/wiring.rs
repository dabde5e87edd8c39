//! Exchanges and bindings as a channel asks for them: names are completed and exclusive queues
//! guarded here, the rest is the topology's.
//!
//! Deliberately not here: how a message finds its way.

use super::topology::QueueBinding;
use super::{Broker, Effects, ExchangeDeclare, Reply};
use crate::types::{AmqpError, BindingKey, ExchangeName, FieldTable, MethodId, QueueId, QueueName};

type Outcome = Result<Reply, AmqpError>;

impl Broker {
    /// `exchange.declare`
    pub(super) fn exchange_declare(
        &mut self,
        row: u32,
        declare: &ExchangeDeclare,
        method: MethodId,
        effects: &mut Effects,
    ) -> Outcome {
        let vhost = self.vhost_of(row);
        self.topology
            .exchange_declare(vhost, declare, method, effects)?;
        Ok(Reply::Done)
    }

    /// `exchange.delete`
    pub(super) fn exchange_delete(
        &mut self,
        row: u32,
        exchange: &ExchangeName,
        if_unused: bool,
        method: MethodId,
        effects: &mut Effects,
    ) -> Outcome {
        let vhost = self.vhost_of(row);
        self.topology
            .exchange_delete(vhost, exchange, if_unused, method, effects)?;
        Ok(Reply::Done)
    }

    /// `exchange.bind`; `ends` are source and destination.
    pub(super) fn exchange_bind(
        &mut self,
        row: u32,
        ends: (&ExchangeName, &ExchangeName),
        matching: (&BindingKey, &FieldTable),
        method: MethodId,
        effects: &mut Effects,
    ) -> Outcome {
        let vhost = self.vhost_of(row);
        self.topology
            .exchange_bind(vhost, ends, matching, method, effects)?;
        Ok(Reply::Done)
    }

    /// `exchange.unbind`; `ends` are source and destination.
    pub(super) fn exchange_unbind(
        &mut self,
        row: u32,
        ends: (&ExchangeName, &ExchangeName),
        matching: (&BindingKey, &FieldTable),
        method: MethodId,
        effects: &mut Effects,
    ) -> Outcome {
        let vhost = self.vhost_of(row);
        self.topology
            .exchange_unbind(vhost, ends, matching, method, effects)?;
        Ok(Reply::Done)
    }

    /// `queue.bind`; `ends` are source and destination.
    pub(super) fn queue_bind(
        &mut self,
        row: u32,
        (exchange, queue): (&ExchangeName, &QueueName),
        (key, arguments): (&BindingKey, &FieldTable),
        method: MethodId,
        effects: &mut Effects,
    ) -> Outcome {
        let vhost = self.vhost_of(row);
        let (name, id, key) = self.binding_end(row, queue, key, method)?;
        let binding = QueueBinding {
            exchange,
            queue: id,
            queue_name: &name,
            binding_key: &key,
            arguments,
        };
        let (_, id) = self.topology.check_queue_bind(vhost, &binding, method)?;
        self.check_owner(row, id, method)?;
        self.topology.queue_bind(vhost, &binding, method, effects)?;
        Ok(Reply::Done)
    }

    /// `queue.unbind`; `ends` are source and destination.
    pub(super) fn queue_unbind(
        &mut self,
        row: u32,
        (exchange, queue): (&ExchangeName, &QueueName),
        (key, arguments): (&BindingKey, &FieldTable),
        method: MethodId,
        effects: &mut Effects,
    ) -> Outcome {
        let vhost = self.vhost_of(row);
        let (name, id, key) = self.binding_end(row, queue, key, method)?;
        if let Some(id) = id {
            self.check_owner(row, id, method)?;
        }
        let binding = QueueBinding {
            exchange,
            queue: id,
            queue_name: &name,
            binding_key: &key,
            arguments,
        };
        self.topology
            .queue_unbind(vhost, &binding, method, effects)?;
        Ok(Reply::Done)
    }

    /// The queue end of a binding. A queue that does not exist is none: what that means differs
    /// between bind and unbind. An empty queue name with an empty key means the name for both.
    fn binding_end(
        &self,
        row: u32,
        queue: &QueueName,
        key: &BindingKey,
        method: MethodId,
    ) -> Result<(QueueName, Option<QueueId>, BindingKey), AmqpError> {
        let name = self.meant_queue(row, queue, method)?;
        let both_empty = queue.is_empty() && key.is_empty();
        let key = if both_empty {
            BindingKey::from(&name)
        } else {
            key.clone()
        };
        let id = self.topology.queue_id(self.vhost_of(row), name.as_str());
        Ok((name, id, key))
    }
}
