//! The trace: the single record of what happened in a run.
//!
//! Statistics, pictures, journeys and checks follow it and are computed from it alone. Records carry
//! ids and times, never clones of the world; [`Simulation`](super::Simulation) tells which node an
//! id belongs to. Deliberately not here: what anybody makes of the records.

use crate::broker::{DropReason, UnroutableFate};
use crate::types::{
    BindingId, ConsumerTag, CopyId, DeliveryTag, ExchangeId, ExchangeName, MessageId, NodeId,
    ProcessId, PublishSequence, QueueId, ReplyCode, RoutingKey, SimDuration, SimTime,
};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceRecord {
    /// When, in simulated time.
    pub at: SimTime,
    /// The how-manieth record of the run, from 0; orders records of one instant.
    pub sequence: u64,
    /// What.
    pub kind: TraceKind,
}

/// What travels on a link between a client and the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parcel {
    /// A message on its way to the broker.
    Publish,
    /// A message on its way to a consumer.
    Delivery,
    /// An acknowledgement on its way to the broker.
    Ack,
    /// A nack or reject on its way to the broker.
    Nack,
    /// A confirm on its way to a producer.
    Confirm {
        /// Acked, or refused by some queue.
        ack: bool,
    },
    /// An unroutable message on its way back.
    Return,
    /// Anything else: declarations, consume, cancel, closes.
    Other,
}

impl Parcel {
    /// Whether it is a message that travels; else something about one, or about none.
    #[must_use]
    pub const fn is_message(self) -> bool {
        match self {
            Self::Publish | Self::Delivery | Self::Return => true,
            Self::Ack | Self::Nack | Self::Confirm { .. } | Self::Other => false,
        }
    }
}

/// What a coroutine waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wait {
    /// Nothing: it is about to run.
    Ready,
    /// The next message is due to be published then.
    Interval {
        /// Until when.
        until: SimTime,
    },
    /// A delivery.
    Delivery,
    /// The end of the work in hand.
    Work {
        /// Until when.
        until: SimTime,
    },
    /// Confirms of outstanding messages: the window is full.
    Confirm,
    /// An answer of the broker to a declaration, consume or the like.
    Answer,
    /// A connection that is blocked to be unblocked.
    Unblocked,
    /// The end of a pause, or the link or program to come back.
    Outage,
    /// Nothing any more: it has ended.
    Ended,
    /// Queues to have handled enough of what it published: its connection is in flow.
    Flow,
}

/// How a client stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientStatus {
    /// Its connection and channel are being opened, or its consumers started.
    Connecting,
    /// At work.
    Up,
    /// Connected, but it takes up no work.
    Paused,
    /// Its program is dead.
    Down,
    /// Its link is cut.
    Cut,
    /// The broker closed its channel or connection.
    Refused,
    /// The broker cancelled its last consumer.
    Cancelled,
    /// It has published all it had to.
    Ended,
    /// It is not in the document any more.
    Removed,
}

/// What happened. The order of the variants is part of the trace's hash.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum TraceKind {
    // --- links ---
    /// Something set out on the link of a node. Nothing of zero latency is recorded here.
    Departed {
        /// The producer or consumer.
        node: NodeId,
        /// What.
        parcel: Parcel,
        /// Its number, to find it again at its arrival; from 0 for the whole run.
        number: u64,
        /// When it will be there.
        arrives_at: SimTime,
        /// Which message, where the broker has numbered it already (not for `Publish`).
        message: Option<MessageId>,
        /// The exchange it was or will be published to; empty when it is no message that travels.
        exchange: ExchangeName,
        /// Its routing key; empty when it is no message that travels.
        routing_key: RoutingKey,
    },
    /// What had departed is there.
    Arrived {
        /// The producer or consumer.
        node: NodeId,
        /// What.
        parcel: Parcel,
        /// Its number.
        number: u64,
    },
    /// What was on the link is lost: the link was cut or the client died.
    Lost {
        /// The producer or consumer.
        node: NodeId,
        /// What.
        parcel: Parcel,
        /// Its number.
        number: u64,
    },

    // --- the broker's facts, in its order ---
    /// The broker took a publish.
    Published {
        /// The producer.
        node: NodeId,
        /// The number of the parcel it came as; `None` for a link without latency.
        parcel: Option<u64>,
        /// Its number.
        message: MessageId,
        /// Where it was published.
        exchange: ExchangeId,
    },
    /// A message passed from one exchange on to another.
    Forwarded {
        /// Which.
        message: MessageId,
        /// From.
        from: ExchangeId,
        /// To.
        to: ExchangeId,
        /// By `alternate-exchange`, else by a binding.
        alternate: bool,
    },
    /// No queue takes the message.
    Unroutable {
        /// Which.
        message: MessageId,
        /// Where it was published.
        exchange: ExchangeId,
        /// What became of it.
        fate: UnroutableFate,
    },
    /// A copy entered a queue.
    Enqueued {
        /// Which queue.
        queue: QueueId,
        /// Which message of it.
        copy: CopyId,
        /// Which message.
        message: MessageId,
        /// The last exchange on its way.
        via: ExchangeId,
    },
    /// A queue refused a message.
    Refused {
        /// Which queue.
        queue: QueueId,
        /// Which message.
        message: MessageId,
        /// The last exchange on its way.
        via: ExchangeId,
    },
    /// The broker handed a message to a consumer; it leaves the ready part of the queue now.
    Delivered {
        /// From which queue.
        queue: QueueId,
        /// Which message of it.
        copy: CopyId,
        /// Which message.
        message: MessageId,
        /// To which consumer.
        node: NodeId,
        /// The delivery's number on its channel.
        delivery_tag: DeliveryTag,
        /// Whether it was delivered before.
        redelivered: bool,
        /// When it entered the queue.
        enqueued_at: SimTime,
        /// Settled by being sent.
        no_ack: bool,
    },
    /// The broker took an acknowledgement.
    Acked {
        /// From which queue.
        queue: QueueId,
        /// Which message of it.
        copy: CopyId,
        /// Which message.
        message: MessageId,
        /// By which consumer.
        node: NodeId,
        /// When it entered the queue.
        enqueued_at: SimTime,
    },
    /// An unacked message went back to its place.
    Requeued {
        /// Which queue.
        queue: QueueId,
        /// Which message of it.
        copy: CopyId,
        /// Which message.
        message: MessageId,
        /// Which consumer had it.
        node: NodeId,
    },
    /// A message left a queue, or was refused by it, without being acknowledged.
    Dropped {
        /// Which queue.
        queue: QueueId,
        /// Which message of it; `None` when it never got in.
        copy: Option<CopyId>,
        /// Which message.
        message: MessageId,
        /// Why.
        reason: DropReason,
        /// Whether it was unacked; else it was ready.
        was_unacked: bool,
    },
    /// A dropped message goes on through a dead-letter exchange.
    DeadLettered {
        /// From which queue.
        queue: QueueId,
        /// Which message.
        message: MessageId,
        /// Through which exchange.
        exchange: ExchangeId,
        /// Why.
        reason: DropReason,
    },
    /// The broker confirmed or refused a publish.
    Confirmed {
        /// To which producer.
        node: NodeId,
        /// Up to which publish.
        sequence: PublishSequence,
        /// All outstanding up to it.
        multiple: bool,
        /// How many messages that settles.
        messages: u32,
        /// Acked, or refused.
        ack: bool,
    },
    /// The broker gave an unroutable message back.
    Returned {
        /// To which producer.
        node: NodeId,
        /// Which message.
        message: MessageId,
        /// Why.
        code: ReplyCode,
    },
    /// An exchange came to be (`true`) or went.
    ExchangeChanged {
        /// Which.
        exchange: ExchangeId,
        /// Came or went.
        exists: bool,
    },
    /// A queue came to be (`true`) or went.
    QueueChanged {
        /// Which.
        queue: QueueId,
        /// Came or went.
        exists: bool,
    },
    /// A binding came to be (`true`) or went.
    BindingChanged {
        /// Which.
        binding: BindingId,
        /// Came or went.
        exists: bool,
    },
    /// A consumer began (`true`) or ended.
    ConsumerChanged {
        /// Which node.
        node: NodeId,
        /// Its tag.
        consumer_tag: ConsumerTag,
        /// From which queue.
        queue: QueueId,
        /// Began or ended.
        active: bool,
    },
    /// The broker closed a channel or connection, in its own words.
    Closed {
        /// Whose.
        node: NodeId,
        /// The reply text, e.g. `NOT_FOUND - no queue 'hello' in vhost '/'`.
        text: std::rc::Rc<str>,
        /// The reply code.
        code: ReplyCode,
        /// The whole connection, else one channel.
        connection: bool,
    },

    // --- clients ---
    /// A worker took a message up.
    WorkStarted {
        /// Which consumer.
        node: NodeId,
        /// Which of its workers.
        process: ProcessId,
        /// On which message of which queue.
        queue: QueueId,
        /// Which message of it.
        copy: CopyId,
        /// Which message.
        message: MessageId,
        /// When it will be done.
        until: SimTime,
        /// When it entered the queue.
        enqueued_at: SimTime,
    },
    /// A worker is done with a message.
    WorkEnded {
        /// Which consumer.
        node: NodeId,
        /// Which of its workers.
        process: ProcessId,
        /// From which queue.
        queue: QueueId,
        /// Which message of it.
        copy: CopyId,
        /// Which message.
        message: MessageId,
        /// Whether it failed, or was broken off by an outage.
        failed: bool,
        /// When work on it began.
        started_at: SimTime,
        /// When it entered the queue.
        enqueued_at: SimTime,
    },
    /// A client stands differently from before.
    ClientChanged {
        /// Which producer or consumer.
        node: NodeId,
        /// How it stands now.
        status: ClientStatus,
        /// How many workers it has; 0 for a producer.
        workers: u32,
    },
    /// A coroutine began to wait for something else.
    Waits {
        /// Which node.
        node: NodeId,
        /// Which coroutine.
        process: ProcessId,
        /// For what; only waits that are no part of ordinary work are recorded (confirm, unblocked,
        /// outage, ended, and the return to work from them as `Ready`).
        wait: Wait,
    },
    /// Somebody did something (the n-th entry of the operator log).
    Operated {
        /// Which entry.
        entry: u32,
    },
    /// A message waits at an exchange of the type `x-delayed-message`.
    Delayed {
        /// Which.
        message: MessageId,
        /// At which exchange.
        exchange: ExchangeId,
        /// Until when.
        until: SimTime,
    },
    /// A consumer kept a delivery longer than the consumer timeout allows; it is taken back.
    Overdue {
        /// From which queue.
        queue: QueueId,
        /// Which message.
        message: MessageId,
        /// By which consumer.
        node: NodeId,
        /// The timeout.
        timeout: SimDuration,
    },
    /// An answer went straight to the client that asked, through no queue.
    Replied {
        /// The answer.
        message: MessageId,
        /// Who asked.
        node: NodeId,
    },
    /// A message that has just gone back waits before it is tried again.
    RetryDelayed {
        /// In which queue.
        queue: QueueId,
        /// Which.
        message: MessageId,
        /// Until when.
        until: SimTime,
        /// Which delivery comes then, from 1.
        attempt: u64,
    },
}

impl TraceKind {
    /// Whether it holds texts that are shared with others; every other record is plain numbers.
    pub(super) const fn has_names(&self) -> bool {
        match self {
            Self::Departed { .. } | Self::ConsumerChanged { .. } | Self::Closed { .. } => true,
            Self::Arrived { .. }
            | Self::Lost { .. }
            | Self::Published { .. }
            | Self::Forwarded { .. }
            | Self::Unroutable { .. }
            | Self::Enqueued { .. }
            | Self::Refused { .. }
            | Self::Delivered { .. }
            | Self::Acked { .. }
            | Self::Requeued { .. }
            | Self::Dropped { .. }
            | Self::DeadLettered { .. }
            | Self::Confirmed { .. }
            | Self::Returned { .. }
            | Self::ExchangeChanged { .. }
            | Self::QueueChanged { .. }
            | Self::BindingChanged { .. }
            | Self::WorkStarted { .. }
            | Self::WorkEnded { .. }
            | Self::ClientChanged { .. }
            | Self::Waits { .. }
            | Self::Delayed { .. }
            | Self::RetryDelayed { .. }
            | Self::Overdue { .. }
            | Self::Replied { .. }
            | Self::Operated { .. } => false,
        }
    }
}
