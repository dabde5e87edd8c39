//! Exchanges and bindings as a channel asks for them: names are completed and exclusive queues
//! guarded here, the rest is the topology's.
//!
//! Deliberately not here: how a message finds its way.

use super::declare::stripped;
use super::topology::QueueBinding;
use super::{Broker, Command, Effects, Reply};
use crate::types::{AmqpError, BindingKey, ExchangeName, FieldTable, MethodId, QueueId, QueueName};

impl Broker {
    /// Carries out what concerns exchanges and bindings; nothing else is sent here.
    pub(super) fn wire(
        &mut self,
        row: u32,
        command: Command,
        effects: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        self.check_wiring(row, &command)?;
        let method = command.method_id();
        let vhost = self.vhost_of(row);
        match &command {
            Command::ExchangeDeclare(declare) => {
                self.topology
                    .exchange_declare(vhost, declare, method, effects)?;
                self.note_policies_of_last(effects);
            }
            Command::ExchangeDelete {
                exchange,
                if_unused,
            } => {
                self.topology
                    .exchange_delete(vhost, exchange, *if_unused, method, effects)?;
            }
            Command::ExchangeBind {
                destination,
                source,
                binding_key,
                arguments,
            } => {
                let (ends, matching) = ((source, destination), (binding_key, arguments));
                self.topology
                    .exchange_bind(vhost, ends, matching, method, effects)?;
            }
            Command::ExchangeUnbind {
                destination,
                source,
                binding_key,
                arguments,
            } => {
                let (ends, matching) = ((source, destination), (binding_key, arguments));
                self.topology
                    .exchange_unbind(vhost, ends, matching, method, effects)?;
            }
            Command::QueueBind {
                queue,
                exchange,
                binding_key,
                arguments,
            } => {
                let (ends, matching) = ((exchange, queue), (binding_key, arguments));
                self.queue_bind(row, ends, matching, method, effects)?;
            }
            Command::QueueUnbind {
                queue,
                exchange,
                binding_key,
                arguments,
            } => {
                let (ends, matching) = ((exchange, queue), (binding_key, arguments));
                self.queue_unbind(row, ends, matching, method, effects)?;
            }
            Command::ConnectionOpen { .. }
            | Command::ConnectionClose
            | Command::ChannelOpen
            | Command::ChannelClose
            | Command::QueueDeclare(_)
            | Command::QueuePurge { .. }
            | Command::QueueDelete { .. }
            | Command::BasicQos { .. }
            | Command::BasicConsume(_)
            | Command::BasicCancel { .. }
            | Command::BasicPublish(_)
            | Command::BasicGet { .. }
            | Command::BasicAck(_)
            | Command::BasicNack { .. }
            | Command::BasicReject { .. }
            | Command::BasicRecover { .. }
            | Command::ConfirmSelect
            | Command::TxSelect
            | Command::TxCommit
            | Command::TxRollback => {}
        }
        Ok(Reply::Done)
    }

    /// `queue.bind`; `ends` are source and destination.
    fn queue_bind(
        &mut self,
        row: u32,
        (exchange, queue): (&ExchangeName, &QueueName),
        (key, arguments): (&BindingKey, &FieldTable),
        method: MethodId,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
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
        self.topology.queue_bind(vhost, &binding, method, effects)
    }

    /// `queue.unbind`; `ends` are source and destination.
    fn queue_unbind(
        &mut self,
        row: u32,
        (exchange, queue): (&ExchangeName, &QueueName),
        (key, arguments): (&BindingKey, &FieldTable),
        method: MethodId,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        let vhost = self.vhost_of(row);
        let (name, id, key) = self.binding_end(row, queue, key, method)?;
        let binding = QueueBinding {
            exchange,
            queue: id,
            queue_name: &name,
            binding_key: &key,
            arguments,
        };
        // RabbitMQ guards only what is there: unbinding nothing from a foreign queue succeeds.
        if let (Some(id), true) = (id, self.topology.is_queue_bound(vhost, &binding)) {
            self.check_owner(row, id, method)?;
        }
        self.topology.queue_unbind(vhost, &binding, method, effects)
    }

    /// The queue end of a binding. A queue that does not exist is none: what that means differs
    /// between bind and unbind. An empty queue name with an empty key means the name for both.
    pub(super) fn binding_end(
        &self,
        row: u32,
        queue: &QueueName,
        key: &BindingKey,
        method: MethodId,
    ) -> Result<(QueueName, Option<QueueId>, BindingKey), AmqpError> {
        let queue = &stripped(queue);
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
