//! What can be asked of the broker, in the protocol's order, and what it answers.
//!
//! A command is said on a channel ([`ChannelRef`](crate::types::ChannelRef)); those of the
//! connection itself are said on channel 0. Deliberately not here: `no-wait`, which only says whether
//! the answer travels, and everything about bytes.

use crate::types::{
    BindingKey, ConsumerTag, DeliveryTag, ExchangeName, ExchangeType, FieldTable, Message,
    MessageId, MethodId, Properties, QueueName, RoutingKey, UserId, VhostName,
};
use std::rc::Rc;

/// `exchange.declare`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExchangeDeclare {
    /// Its name.
    pub exchange: ExchangeName,
    /// Its type.
    pub exchange_type: ExchangeType,
    /// Only ask whether it exists.
    pub passive: bool,
    /// Survives a restart of the broker.
    pub durable: bool,
    /// Deleted when its last binding as a source goes.
    pub auto_delete: bool,
    /// Not open to publishers.
    pub internal: bool,
    /// `alternate-exchange` and others.
    pub arguments: FieldTable,
}

/// `queue.declare`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueDeclare {
    /// Its name; empty for a name made by the broker.
    pub queue: QueueName,
    /// Only ask whether it exists.
    pub passive: bool,
    /// Survives a restart of the broker.
    pub durable: bool,
    /// Only for this connection, and deleted with it.
    pub exclusive: bool,
    /// Deleted when its last consumer goes.
    pub auto_delete: bool,
    /// `x-...` arguments.
    pub arguments: FieldTable,
}

/// `basic.publish` with its content.
#[derive(Debug, Clone)]
pub struct Publish {
    /// The publisher's choice of exchange; empty for the default exchange.
    pub exchange: ExchangeName,
    /// The routing key.
    pub routing_key: RoutingKey,
    /// Give it back when no queue takes it.
    pub mandatory: bool,
    /// Refused by RabbitMQ with 540.
    pub immediate: bool,
    /// Properties, shared between messages that have the same.
    pub properties: Option<Rc<Properties>>,
    /// Octets or only a length.
    pub body: Body,
}

/// A body to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Octets.
    Octets(Box<[u8]>),
    /// That many octets which nobody will read.
    Blank(u64),
}

impl Body {
    /// Its length in octets.
    #[must_use]
    pub fn octets(&self) -> u64 {
        match self {
            Self::Octets(octets) => octets.len() as u64,
            Self::Blank(octets) => *octets,
        }
    }
}

/// `basic.consume`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consume {
    /// The queue; empty for the last one declared on the channel.
    pub queue: QueueName,
    /// The consumer's name; empty for one made by the broker.
    pub consumer_tag: ConsumerTag,
    /// Automatic acknowledgement (`no-ack`).
    pub no_ack: bool,
    /// Refuse others.
    pub exclusive: bool,
    /// `x-priority` and others.
    pub arguments: FieldTable,
}

/// `basic.ack`, `basic.nack` and `basic.reject` share this shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Acknowledgement {
    /// Which delivery; 0 with `multiple` means all.
    pub delivery_tag: DeliveryTag,
    /// All outstanding up to and including the tag.
    pub multiple: bool,
}

/// Everything that can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// The connection becomes usable on a vhost (said on channel 0).
    ConnectionOpen {
        /// Which vhost.
        vhost: VhostName,
        /// Who opens it; see [`Broker::authenticate`](crate::broker::Broker::authenticate).
        user: UserId,
    },
    /// The connection ends, by its client or because the link is gone (said on channel 0).
    ConnectionClose,
    /// A channel is opened.
    ChannelOpen,
    /// A channel is closed by its client.
    ChannelClose,
    /// `exchange.declare`
    ExchangeDeclare(ExchangeDeclare),
    /// `exchange.delete`
    ExchangeDelete {
        /// Which.
        exchange: ExchangeName,
        /// Only when it is no source of a binding.
        if_unused: bool,
    },
    /// `exchange.bind`
    ExchangeBind {
        /// Where messages go.
        destination: ExchangeName,
        /// Where they come from.
        source: ExchangeName,
        /// The binding key.
        binding_key: BindingKey,
        /// Arguments; headers exchanges compare them.
        arguments: FieldTable,
    },
    /// `exchange.unbind`
    ExchangeUnbind {
        /// Where messages go.
        destination: ExchangeName,
        /// Where they come from.
        source: ExchangeName,
        /// The binding key.
        binding_key: BindingKey,
        /// Arguments, part of a binding's identity.
        arguments: FieldTable,
    },
    /// `queue.declare`
    QueueDeclare(QueueDeclare),
    /// `queue.bind`
    QueueBind {
        /// Where messages go; empty for the last queue declared on the channel.
        queue: QueueName,
        /// Where they come from.
        exchange: ExchangeName,
        /// The binding key.
        binding_key: BindingKey,
        /// Arguments; headers exchanges compare them.
        arguments: FieldTable,
    },
    /// `queue.unbind`
    QueueUnbind {
        /// Where messages go; empty for the last queue declared on the channel.
        queue: QueueName,
        /// Where they come from.
        exchange: ExchangeName,
        /// The binding key.
        binding_key: BindingKey,
        /// Arguments, part of a binding's identity.
        arguments: FieldTable,
    },
    /// `queue.purge`
    QueuePurge {
        /// Which; empty for the last queue declared on the channel.
        queue: QueueName,
    },
    /// `queue.delete`
    QueueDelete {
        /// Which; empty for the last queue declared on the channel.
        queue: QueueName,
        /// Only without consumers.
        if_unused: bool,
        /// Only without ready messages.
        if_empty: bool,
    },
    /// `basic.qos`
    BasicQos {
        /// Octets; anything but 0 is refused by RabbitMQ with 540.
        prefetch_size: u32,
        /// Messages; 0 for no limit.
        prefetch_count: u16,
        /// One limit over the whole channel instead of one for each later consumer.
        global: bool,
    },
    /// `basic.consume`
    BasicConsume(Consume),
    /// `basic.cancel`
    BasicCancel {
        /// Which consumer of the channel.
        consumer_tag: ConsumerTag,
    },
    /// `basic.publish`
    BasicPublish(Publish),
    /// `basic.get`
    BasicGet {
        /// Which; empty for the last queue declared on the channel.
        queue: QueueName,
        /// Automatic acknowledgement (`no-ack`).
        no_ack: bool,
    },
    /// `basic.ack`
    BasicAck(Acknowledgement),
    /// `basic.nack`
    BasicNack {
        /// Which deliveries.
        which: Acknowledgement,
        /// Back into the queue instead of dropped or dead-lettered.
        requeue: bool,
    },
    /// `basic.reject`
    BasicReject {
        /// Which delivery.
        delivery_tag: DeliveryTag,
        /// Back into the queue instead of dropped or dead-lettered.
        requeue: bool,
    },
    /// `basic.recover`
    BasicRecover {
        /// `false` is refused by RabbitMQ with 540.
        requeue: bool,
    },
    /// `confirm.select`
    ConfirmSelect,
    /// `tx.select`
    TxSelect,
    /// `tx.commit`
    TxCommit,
    /// `tx.rollback`
    TxRollback,
}

impl Command {
    /// Opens a connection as a client that may do everything.
    #[must_use]
    pub fn open(vhost: VhostName) -> Self {
        let user = UserId::default();
        Self::ConnectionOpen { vhost, user }
    }

    /// Class and method numbers, as they stand in a close (AMQP 0-9-1, generated list of methods).
    #[must_use]
    pub const fn method_id(&self) -> MethodId {
        let (class, method) = match self {
            Self::ConnectionOpen { .. } => (10, 40),
            Self::ConnectionClose => (10, 50),
            Self::ChannelOpen => (20, 10),
            Self::ChannelClose => (20, 40),
            Self::ExchangeDeclare(_) => (40, 10),
            Self::ExchangeDelete { .. } => (40, 20),
            Self::ExchangeBind { .. } => (40, 30),
            Self::ExchangeUnbind { .. } => (40, 40),
            Self::QueueDeclare(_) => (50, 10),
            Self::QueueBind { .. } => (50, 20),
            Self::QueuePurge { .. } => (50, 30),
            Self::QueueDelete { .. } => (50, 40),
            Self::QueueUnbind { .. } => (50, 50),
            Self::BasicQos { .. } => (60, 10),
            Self::BasicConsume(_) => (60, 20),
            Self::BasicCancel { .. } => (60, 30),
            Self::BasicPublish(_) => (60, 40),
            Self::BasicGet { .. } => (60, 70),
            Self::BasicAck(_) => (60, 80),
            Self::BasicReject { .. } => (60, 90),
            Self::BasicRecover { .. } => (60, 110),
            Self::BasicNack { .. } => (60, 120),
            Self::ConfirmSelect => (85, 10),
            Self::TxSelect => (90, 10),
            Self::TxCommit => (90, 20),
            Self::TxRollback => (90, 30),
        };
        MethodId::new(class, method)
    }
}

/// What the broker answers to a command that it carried out.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Done, with nothing to say (the `-ok` methods without fields).
    Done,
    /// `queue.declare-ok`
    QueueDeclared {
        /// The name, made by the broker when none was given.
        queue: QueueName,
        /// Messages ready for delivery; unacked ones do not count.
        ready: u32,
        /// Consumers.
        consumers: u32,
    },
    /// `queue.purge-ok`
    Purged {
        /// How many ready messages went.
        messages: u32,
    },
    /// `queue.delete-ok`
    QueueDeleted {
        /// How many ready messages went.
        messages: u32,
    },
    /// `basic.consume-ok`. It is said before the first delivery to this consumer.
    Consuming {
        /// The tag, made by the broker when none was given.
        consumer_tag: ConsumerTag,
    },
    /// `basic.get-ok`
    Got {
        /// The delivery's number on the channel.
        delivery_tag: DeliveryTag,
        /// Whether it was delivered before.
        redelivered: bool,
        /// The message.
        message: Message,
        /// How many remain ready.
        ready: u32,
    },
    /// `basic.get-empty`
    GetEmpty,
    /// A publish was taken, in a transaction to wait; nothing travels back for it but a confirm, as an
    /// effect.
    Published {
        /// The number given to the message; 0 while an alarm holds it back.
        message: MessageId,
    },
}
