//! What the outside must do, or may watch: one enum, appended in the order in which it happened.
//!
//! The first group must be carried to clients. The second states facts; nothing has to be done about
//! them, and everything seen, counted or drawn is drawn from them. Deliberately not here: the time,
//! which whoever applied the command knows.

use crate::types::{
    AmqpError, BindingId, ChannelRef, ConnectionId, ConsumerTag, CopyId, DeliveryTag, ExchangeId,
    Message, MessageId, PublishSequence, QueueId, ReplyCode, SimDuration, SimTime, VhostId,
};

/// Effects in the order in which they happened.
pub type Effects = Vec<Effect>;

/// A message handed to a consumer (`basic.deliver`).
#[derive(Debug, Clone)]
pub struct Delivery {
    /// To which channel.
    pub channel: ChannelRef,
    /// To which consumer of it.
    pub consumer_tag: ConsumerTag,
    /// The delivery's number on the channel.
    pub delivery_tag: DeliveryTag,
    /// Whether it was delivered before.
    pub redelivered: bool,
    /// The message.
    pub message: Message,
    /// From which queue.
    pub queue: QueueId,
    /// Which message of the queue.
    pub copy: CopyId,
    /// When it entered the queue.
    pub enqueued_at: SimTime,
    /// Whether it is settled by being sent (`no-ack`).
    pub no_ack: bool,
}

/// Why a message left a queue without being acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DropReason {
    /// A consumer rejected it (`rejected` in x-death).
    Rejected,
    /// Its time to live ended (`expired`).
    Expired,
    /// A length limit pushed it out, or refused it with `reject-publish-dlx` (`maxlen`).
    MaxLength,
    /// It came back more often than its queue allows (`delivery_limit`).
    DeliveryLimit,
    /// `queue.purge`.
    Purged,
    /// Its queue was deleted or expired.
    QueueDeleted,
}

impl DropReason {
    /// The word in x-death and on the page, where the field has one.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::MaxLength => "maxlen",
            Self::DeliveryLimit => "delivery_limit",
            Self::Purged => "purged",
            Self::QueueDeleted => "queue deleted",
        }
    }
}

/// What became of a message that no queue takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnroutableFate {
    /// Dropped in silence.
    Dropped,
    /// Given back to its publisher (`mandatory`).
    Returned,
    /// A dead letter that found no queue.
    DeadLetter,
    /// Handed straight to the channel that waits for it (direct reply-to).
    Replied,
}

/// Something to do or to watch.
#[derive(Debug, Clone)]
pub enum Effect {
    // --- to be carried to clients ---
    /// `basic.deliver`
    Deliver(Delivery),
    /// `basic.deliver` of an answer that comes through no queue (direct reply-to).
    DirectReply {
        /// To which channel.
        channel: ChannelRef,
        /// To which consumer of it.
        consumer_tag: ConsumerTag,
        /// The number that the channel's next delivery has, too.
        delivery_tag: DeliveryTag,
        /// The message.
        message: Message,
    },
    /// `basic.return`
    Return {
        /// To the publishing channel.
        channel: ChannelRef,
        /// Why, as a code: 312 NO_ROUTE.
        code: ReplyCode,
        /// The message.
        message: Message,
    },
    /// `basic.ack` or `basic.nack` to a publisher in confirm mode.
    Confirm {
        /// To the publishing channel.
        channel: ChannelRef,
        /// Which publish.
        sequence: PublishSequence,
        /// All outstanding up to and including it.
        multiple: bool,
        /// Acked, or refused by some queue.
        ack: bool,
        /// No queue was to take it, so none was waited for.
        unroutable: bool,
    },
    /// `basic.cancel` from the broker: the consumer's queue is gone.
    ConsumerCancelled {
        /// To which channel.
        channel: ChannelRef,
        /// Which consumer.
        consumer_tag: ConsumerTag,
    },
    /// `channel.close` from the broker.
    ChannelClosed {
        /// Which channel.
        channel: ChannelRef,
        /// Why.
        error: AmqpError,
    },
    /// `connection.blocked`: nothing more is read of it until it is unblocked.
    ConnectionBlocked {
        /// Which connection.
        connection: ConnectionId,
        /// Why, in RabbitMQ's words.
        reason: &'static str,
    },
    /// `connection.unblocked`
    ConnectionUnblocked {
        /// Which connection.
        connection: ConnectionId,
    },
    /// A connection is read no more, or again: queues cannot handle what it publishes as fast as it
    /// comes. The protocol tells nobody.
    ConnectionFlow {
        /// Which connection.
        connection: ConnectionId,
        /// Whether it is held back from now on.
        on: bool,
    },
    /// `connection.close` from the broker.
    ConnectionClosed {
        /// Which connection.
        connection: ConnectionId,
        /// Why.
        error: AmqpError,
    },

    // --- facts to watch ---
    /// A publish was taken and is about to be routed; one of a transaction when it is committed.
    Published {
        /// By which channel.
        channel: ChannelRef,
        /// To which exchange.
        exchange: ExchangeId,
        /// Which message it became.
        message: MessageId,
    },
    /// A message passed from one exchange on to another.
    Forwarded {
        /// Which message.
        message: MessageId,
        /// From.
        from: ExchangeId,
        /// To.
        to: ExchangeId,
        /// Because nothing matched and `to` is the alternate exchange; else by a binding.
        alternate: bool,
    },
    /// No queue takes the message.
    Unroutable {
        /// Which message.
        message: MessageId,
        /// Where it was published.
        exchange: ExchangeId,
        /// What became of it.
        fate: UnroutableFate,
    },
    /// A copy of the message entered a queue.
    Enqueued {
        /// Which queue.
        queue: QueueId,
        /// Which message of the queue.
        copy: CopyId,
        /// Which message.
        message: MessageId,
        /// Through which exchange, the last on the way.
        via: ExchangeId,
    },
    /// A queue refused a message (`reject-publish`).
    Refused {
        /// Which queue.
        queue: QueueId,
        /// Which message.
        message: MessageId,
        /// Through which exchange.
        via: ExchangeId,
    },
    /// A message was taken by `basic.get`.
    Gotten {
        /// By which channel.
        channel: ChannelRef,
        /// The delivery's number on the channel.
        delivery_tag: DeliveryTag,
        /// From which queue.
        queue: QueueId,
        /// Which message of the queue.
        copy: CopyId,
        /// Which message.
        message: MessageId,
        /// When it entered the queue.
        enqueued_at: SimTime,
        /// Whether it is settled by being sent (`no-ack`).
        no_ack: bool,
    },
    /// A delivery was acknowledged.
    Acked {
        /// On which channel.
        channel: ChannelRef,
        /// Which delivery.
        delivery_tag: DeliveryTag,
        /// From which queue.
        queue: QueueId,
        /// Which message of the queue.
        copy: CopyId,
        /// Which message.
        message: MessageId,
        /// When it entered the queue.
        enqueued_at: SimTime,
    },
    /// An unacked message went back to its place in the queue.
    Requeued {
        /// From which channel it came back.
        channel: ChannelRef,
        /// Which queue.
        queue: QueueId,
        /// Which message of the queue.
        copy: CopyId,
        /// Which message.
        message: MessageId,
    },
    /// A delivery stayed unacked longer than the consumer timeout allows. What becomes of it follows.
    Overdue {
        /// On which channel.
        channel: ChannelRef,
        /// From which queue.
        queue: QueueId,
        /// Which message.
        message: MessageId,
        /// The timeout.
        timeout: SimDuration,
    },
    /// A message waits at an exchange of the type `x-delayed-message` before it is routed.
    Delayed {
        /// Which message.
        message: MessageId,
        /// At which exchange.
        exchange: ExchangeId,
        /// Until when.
        until: SimTime,
    },
    /// A message that has just gone back waits before it is tried again (`x-delayed-retry-type`).
    RetryDelayed {
        /// In which queue.
        queue: QueueId,
        /// Which message.
        message: MessageId,
        /// Until when.
        until: SimTime,
        /// Which delivery comes then, from 1.
        attempt: u64,
    },
    /// A message left its queue, or was refused by it, without being acknowledged.
    Dropped {
        /// Which queue.
        queue: QueueId,
        /// Which message of the queue; `None` when it never got in (`reject-publish-dlx`).
        copy: Option<CopyId>,
        /// Which message.
        message: MessageId,
        /// Why.
        reason: DropReason,
        /// Whether it was unacked; else it was ready.
        was_unacked: bool,
    },
    /// A dropped message is on its way through its queue's dead-letter exchange.
    DeadLettered {
        /// From which queue.
        queue: QueueId,
        /// The message as it travels on, with x-death.
        message: Message,
        /// Through which exchange.
        exchange: ExchangeId,
        /// Why.
        reason: DropReason,
    },
    /// An exchange came to be.
    ExchangeDeclared {
        /// Where.
        vhost: VhostId,
        /// Which.
        exchange: ExchangeId,
    },
    /// An exchange is gone.
    ExchangeDeleted {
        /// Which.
        exchange: ExchangeId,
    },
    /// A queue came to be.
    QueueDeclared {
        /// Where.
        vhost: VhostId,
        /// Which.
        queue: QueueId,
    },
    /// A queue is gone.
    QueueDeleted {
        /// Which.
        queue: QueueId,
    },
    /// A binding came to be.
    Bound {
        /// Which.
        binding: BindingId,
    },
    /// A binding is gone.
    Unbound {
        /// Which.
        binding: BindingId,
    },
    /// A consumer began.
    ConsumerStarted {
        /// On which channel.
        channel: ChannelRef,
        /// Its name.
        consumer_tag: ConsumerTag,
        /// From which queue.
        queue: QueueId,
    },
    /// A consumer ended, for whatever reason.
    ConsumerStopped {
        /// On which channel.
        channel: ChannelRef,
        /// Its name.
        consumer_tag: ConsumerTag,
        /// From which queue.
        queue: QueueId,
    },
}

impl Effect {
    /// The connection that it must be carried to; `None` for facts.
    #[must_use]
    pub const fn addressee(&self) -> Option<ConnectionId> {
        match self {
            Self::Deliver(delivery) => Some(delivery.channel.connection),
            Self::Return { channel, .. }
            | Self::DirectReply { channel, .. }
            | Self::Confirm { channel, .. }
            | Self::ConsumerCancelled { channel, .. }
            | Self::ChannelClosed { channel, .. } => Some(channel.connection),
            Self::ConnectionBlocked { connection, .. }
            | Self::ConnectionUnblocked { connection }
            | Self::ConnectionFlow { connection, .. }
            | Self::ConnectionClosed { connection, .. } => Some(*connection),
            Self::Published { .. }
            | Self::Forwarded { .. }
            | Self::Unroutable { .. }
            | Self::Enqueued { .. }
            | Self::Refused { .. }
            | Self::Gotten { .. }
            | Self::Acked { .. }
            | Self::Requeued { .. }
            | Self::Overdue { .. }
            | Self::Delayed { .. }
            | Self::RetryDelayed { .. }
            | Self::Dropped { .. }
            | Self::DeadLettered { .. }
            | Self::ExchangeDeclared { .. }
            | Self::ExchangeDeleted { .. }
            | Self::QueueDeclared { .. }
            | Self::QueueDeleted { .. }
            | Self::Bound { .. }
            | Self::Unbound { .. }
            | Self::ConsumerStarted { .. }
            | Self::ConsumerStopped { .. } => None,
        }
    }
}

/// Appends what comes of every message, made where it stays: a push must be able to drop it should the
/// list fail to grow, so it is built aside first, and copying it from there waits until it has reached
/// memory.
#[inline(always)]
pub(super) fn append(effects: &mut Effects, make: impl FnOnce() -> Effect) {
    effects.extend(std::iter::once_with(make));
}
