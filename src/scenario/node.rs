//! Boxes on the stage: producers, exchanges, queues, consumers, with all that can be set on them.
//!
//! Deliberately not here: their lines, and their state in a run.

use crate::scenario::Load;
use crate::types::{ExchangeType, FieldTable, NodeId, SimDuration, VhostName};

/// A place on the stage, in stage units (one unit is one pixel at zoom 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Downwards.
    pub y: i32,
}

/// A box on the stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Stable for the life of the document.
    pub id: NodeId,
    /// The exchange's or queue's AMQP name, or what people call the producer or consumer.
    pub name: String,
    /// On which virtual host.
    pub vhost: VhostName,
    /// Where its centre stands.
    pub position: Point,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// Publishes.
    Producer(Producer),
    /// Routes.
    Exchange(Exchange),
    /// Holds.
    Queue(Queue),
    /// Works and acknowledges.
    Consumer(Consumer),
}

/// A publishing client with one connection and one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Producer {
    /// When it publishes.
    pub load: Load,
    /// Stop after that many messages.
    pub limit: Option<u64>,
    /// Routing key of each message.
    pub routing_key: Choice<String>,
    /// Headers of each message.
    pub headers: Vec<HeaderChoice>,
    /// Body length in octets.
    pub size: Distribution,
    /// Delivery mode 2.
    pub persistent: bool,
    /// Priority property.
    pub priority: Option<u8>,
    /// Expiration property (a TTL of each message).
    pub expiration: Option<SimDuration>,
    /// Ask for what no queue takes to be given back.
    pub mandatory: bool,
    /// Publisher confirms with at most that many outstanding; `None` without confirms.
    pub confirm_window: Option<u32>,
    /// One-way time on the link to the broker, in seconds.
    pub latency: Distribution,
    /// When it is cut off or down.
    pub outages: Vec<Outage>,
}

impl Default for Producer {
    fn default() -> Self {
        Self {
            load: Load::default(),
            limit: None,
            routing_key: Choice::default(),
            headers: Vec::new(),
            size: Distribution::Fixed { value: 100.0 },
            persistent: true,
            priority: None,
            expiration: None,
            mandatory: false,
            confirm_window: None,
            latency: Distribution::Fixed { value: 0.2 },
            outages: Vec::new(),
        }
    }
}

/// A value for each message: always the same, in turn, or drawn. In JSON the value alone, or
/// `{"cycle": [..]}`, or `{"drawn": [[value, weight], ..]}`; `{"fixed": ..}` for a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice<T> {
    /// Always this.
    Fixed(T),
    /// Each in turn.
    Cycle(Vec<T>),
    /// Drawn, with whole-number weights.
    Drawn(Vec<(T, u32)>),
}

impl<T: Default> Default for Choice<T> {
    fn default() -> Self {
        Self::Fixed(T::default())
    }
}

/// A header of each message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderChoice {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Choice<crate::types::FieldValue>,
}

/// A number that is fixed or drawn; its unit is said where it is used. Never negative: what would
/// be drawn below zero counts as zero. In JSON the number alone when it is fixed, else an object
/// that says the `distribution`; where it is a time, numbers may be written `250ms`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Fixed {
        /// The value.
        value: f64,
    },
    /// Evenly between two values.
    Uniform {
        /// The smallest.
        min: f64,
        /// The largest.
        max: f64,
    },
    /// Exponential.
    Exponential {
        /// The mean.
        mean: f64,
    },
    /// Lognormal, by its own mean and standard deviation (not those of the logarithm).
    Lognormal {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        deviation: f64,
    },
}

impl Distribution {
    /// The expected value.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match self {
            Self::Fixed { value } => *value,
            Self::Uniform { min, max } => f64::midpoint(*min, *max),
            Self::Exponential { mean } | Self::Lognormal { mean, .. } => *mean,
        }
    }
}

/// An exchange; its AMQP name is the node's name, `""` for the default exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Its type.
    pub exchange_type: ExchangeType,
    /// Survives a restart of the broker.
    pub durable: bool,
    /// Deleted when its last binding as a source goes.
    pub auto_delete: bool,
    /// Not open to publishers.
    pub internal: bool,
    /// `alternate-exchange` and others.
    pub arguments: FieldTable,
}

impl Default for Exchange {
    fn default() -> Self {
        Self {
            exchange_type: ExchangeType::Direct,
            durable: true,
            auto_delete: false,
            internal: false,
            arguments: FieldTable::new(),
        }
    }
}

/// A queue; its AMQP name is the node's name. TTL, limits, dead-lettering, priorities and type are
/// its `x-...` arguments, as in RabbitMQ, and stand nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Declared when the run starts. `false` leaves it to nobody: a fresh broker without the queue,
    /// where consumers are refused with 404.
    pub declared: bool,
    /// Survives a restart of the broker.
    pub durable: bool,
    /// Only for the connection that declared it.
    pub exclusive: bool,
    /// Deleted when its last consumer goes.
    pub auto_delete: bool,
    /// `x-...` arguments.
    pub arguments: FieldTable,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            declared: true,
            durable: true,
            exclusive: false,
            auto_delete: false,
            arguments: FieldTable::new(),
        }
    }
}

/// When a delivery counts as settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AckMode {
    /// The consumer acknowledges when the work is done.
    #[default]
    Manual,
    /// Settled by being sent (`no-ack`).
    Automatic,
}

/// What a consumer does with a message whose work failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailureOutcome {
    /// Back into the queue.
    #[default]
    Requeue,
    /// Rejected: dead-lettered or dropped.
    Reject,
}

/// How often work fails.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Failures {
    /// Share of deliveries, 0 to 1.
    pub share: f64,
    /// What is done with them.
    pub outcome: FailureOutcome,
}

/// A time in which a client does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// From the run's start.
    pub at: SimDuration,
    /// How long; `None` for ever.
    pub lasts: Option<SimDuration>,
    /// What happens.
    pub what: OutageKind,
}

/// What an outage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutageKind {
    /// Stops taking up work (or publishing), keeping connection and deliveries.
    Pause,
    /// The program dies: its connection closes at once, its work is lost, unacked messages return.
    Crash,
    /// The link is cut: the broker notices and closes the connection; the program reconnects after.
    Cut,
}

/// A consuming client with one connection and one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Consumer {
    /// Work for one message, in seconds.
    pub service: Distribution,
    /// How many messages it works on at once.
    pub workers: u32,
    /// Messages it may hold unacked; 0 for no limit.
    pub prefetch: u16,
    /// When a delivery counts as settled.
    pub ack_mode: AckMode,
    /// How often work fails.
    pub failures: Failures,
    /// Consumer priority (`x-priority`).
    pub priority: Option<i32>,
    /// Refuse other consumers on the queue.
    pub exclusive: bool,
    /// One-way time on the link to the broker, in seconds.
    pub latency: Distribution,
    /// When it is cut off or down.
    pub outages: Vec<Outage>,
}

impl Default for Consumer {
    fn default() -> Self {
        Self {
            service: Distribution::Fixed { value: 1.0 },
            workers: 1,
            prefetch: 1,
            ack_mode: AckMode::Manual,
            failures: Failures::default(),
            priority: None,
            exclusive: false,
            latency: Distribution::Fixed { value: 0.2 },
            outages: Vec::new(),
        }
    }
}
