//! What the broker promises: one file for each area, and what they share.

mod alarm;
mod channels;
mod compare;
mod confirms;
mod consume;
mod dead_letter;
mod declare;
mod delay;
mod dispatch;
mod expiry;
mod flow;
mod golden;
mod language;
mod ledger;
mod limits;
mod naive;
mod plugin_exchanges;
mod priority;
mod profile;
mod publish;
mod quorum;
mod random;
mod read;
mod reply_to;
mod retry;
mod session;
mod settle;
mod single_active;
mod timeout;

use super::{Acknowledgement, Broker, BrokerOptions, Command, Consume, Delivery, Effect, Effects};
use super::{Body, Publish, QueueDeclare, Reply};
use crate::types::*;
use ledger::Ledger;
use std::rc::Rc;

/// A broker with one connection and some open channels, and everything that happened.
pub(super) struct Bench {
    pub(super) broker: Broker,
    pub(super) now: SimTime,
    /// Effects of the last call.
    pub(super) effects: Effects,
    ledger: Ledger,
}

/// The channel on which tests publish and declare.
pub(super) const HERE: ChannelRef = ChannelRef::new(ConnectionId(1), 1);

pub(super) fn channel(connection: u32, channel: u16) -> ChannelRef {
    ChannelRef::new(ConnectionId(connection), channel)
}

impl Bench {
    /// Connection 1 with channel 1 open, imitating 3.x.
    pub(super) fn new() -> Self {
        Self::with_profile(Profile::V3)
    }

    pub(super) fn with_profile(profile: Profile) -> Self {
        let broker = Broker::new(BrokerOptions { profile });
        let mut bench = Self {
            broker,
            now: SimTime::ZERO,
            effects: Vec::new(),
            ledger: Ledger::default(),
        };
        bench.open(1, 1);
        bench
    }

    /// Opens a channel, and its connection when it is not open.
    pub(super) fn open(&mut self, connection: u32, number: u16) -> ChannelRef {
        let vhost = VhostName::truncated("/");
        if self.broker.connections.get(connection.into()).is_none() {
            self.ok(channel(connection, 0), Command::open(vhost));
        }
        self.ok(channel(connection, number), Command::ChannelOpen);
        channel(connection, number)
    }

    /// Carries out a command and checks the whole broker.
    pub(super) fn try_do(&mut self, on: ChannelRef, command: Command) -> Result<Reply, AmqpError> {
        self.effects.clear();
        let result = self.broker.apply(self.now, on, command, &mut self.effects);
        self.check();
        result
    }

    pub(super) fn ok(&mut self, on: ChannelRef, command: Command) -> Reply {
        self.try_do(on, command).expect("accepted")
    }

    /// The text of a refusal as it would travel, with its code.
    pub(super) fn refused(&mut self, on: ChannelRef, command: Command) -> String {
        let error = self.try_do(on, command).expect_err("refused");
        error.to_string()
    }

    pub(super) fn advance(&mut self, millis: u64) {
        self.now += SimDuration::from_millis(millis);
        self.effects.clear();
        self.broker.expire(self.now, &mut self.effects);
        self.check();
    }

    fn check(&mut self) {
        self.broker.check_invariants().expect("in order");
        self.ledger.follow(&self.effects);
        self.ledger.compare(&self.broker);
    }

    /// Declares a durable queue.
    pub(super) fn declare(&mut self, name: &str, arguments: FieldTable) {
        self.ok(HERE, declare(name, arguments));
    }

    /// Publishes through the default exchange.
    pub(super) fn publish(&mut self, queue: &str, body: &str) {
        self.ok(HERE, publish(queue, body, None));
    }

    /// Publishes several, one after the other.
    pub(super) fn publish_all(&mut self, queue: &str, bodies: &str) {
        for body in bodies.split(' ') {
            self.publish(queue, body);
        }
    }

    /// Publishes with a time to live.
    pub(super) fn publish_for(&mut self, queue: &str, body: &str, millis: u64) {
        let expiration = Some(ShortText::truncated(&millis.to_string()));
        let properties = Properties {
            expiration,
            ..Properties::default()
        };
        self.ok(HERE, publish(queue, body, Some(properties)));
    }

    pub(super) fn consume(&mut self, on: ChannelRef, queue: &str, tag: &str) {
        self.ok(on, consume(queue, tag, FieldTable::new()));
    }

    pub(super) fn consume_no_ack(&mut self, on: ChannelRef, queue: &str, tag: &str) {
        self.ok(
            on,
            Command::BasicConsume(Consume {
                no_ack: true,
                ..consumption(queue, tag)
            }),
        );
    }

    /// Fetches one message, to be acked: its body, starred when redelivered, and its tag.
    pub(super) fn get(&mut self, on: ChannelRef, queue: &str) -> String {
        let queue = QueueName::truncated(queue);
        match self.ok(
            on,
            Command::BasicGet {
                queue,
                no_ack: false,
            },
        ) {
            Reply::Got {
                delivery_tag,
                redelivered,
                message,
                ready,
            } => {
                let star = if redelivered { "*" } else { "" };
                format!("{}{star} tag {delivery_tag}, {ready} left", body(&message))
            }
            Reply::GetEmpty => "empty".to_owned(),
            other => panic!("{other:?}"),
        }
    }

    /// Fetches one message without acking it and gives it as it came.
    pub(super) fn take(&mut self, queue: &str) -> Message {
        let queue = QueueName::truncated(queue);
        match self.ok(
            HERE,
            Command::BasicGet {
                queue,
                no_ack: true,
            },
        ) {
            Reply::Got { message, .. } => message,
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn qos(&mut self, on: ChannelRef, prefetch_count: u16, global: bool) {
        self.ok(
            on,
            Command::BasicQos {
                prefetch_size: 0,
                prefetch_count,
                global,
            },
        );
    }

    pub(super) fn ack(&mut self, on: ChannelRef, tag: u64) {
        self.ok(on, Command::BasicAck(one(tag)));
    }

    pub(super) fn nack(&mut self, on: ChannelRef, which: Acknowledgement, requeue: bool) {
        self.ok(on, Command::BasicNack { which, requeue });
    }

    /// How many messages were dropped in the last call.
    pub(super) fn dropped(&self) -> usize {
        self.effects
            .iter()
            .filter(|it| matches!(it, Effect::Dropped { .. }))
            .count()
    }

    /// Messages ready and unacked, and consumers.
    pub(super) fn counts(&self, queue: &str) -> (usize, u32, u32) {
        let id = self.broker.queue_named(VhostId(0), queue).expect("a queue");
        let view = self.broker.queue_view(id).expect("a queue");
        (view.ready, view.unacked, view.consumers)
    }

    pub(super) fn exists(&self, queue: &str) -> bool {
        self.broker.queue_named(VhostId(0), queue).is_some()
    }

    /// Deliveries of the last call as `consumer:body`, redelivered ones with a star.
    pub(super) fn delivered(&self) -> String {
        let words: Vec<String> = deliveries(&self.effects).map(in_words).collect();
        words.join(" ")
    }

    /// Bodies of ready messages in order.
    pub(super) fn ready(&self, queue: &str) -> String {
        let id = self.broker.queue_named(VhostId(0), queue).expect("a queue");
        let words: Vec<String> = self.broker.ready(id).map(|it| body(it.message)).collect();
        words.join(" ")
    }
}

pub(super) fn one(tag: u64) -> Acknowledgement {
    Acknowledgement {
        delivery_tag: DeliveryTag(tag),
        multiple: false,
    }
}

pub(super) fn through(tag: u64) -> Acknowledgement {
    Acknowledgement {
        delivery_tag: DeliveryTag(tag),
        multiple: true,
    }
}

pub(super) fn publish(key: &str, body: &str, properties: Option<Properties>) -> Command {
    Command::BasicPublish(Publish {
        exchange: ExchangeName::default(),
        routing_key: RoutingKey::truncated(key),
        mandatory: false,
        immediate: false,
        properties: properties.map(Rc::new),
        body: Body::Octets(body.as_bytes().into()),
    })
}

pub(super) fn deliveries(effects: &[Effect]) -> impl Iterator<Item = &Delivery> {
    effects.iter().filter_map(|effect| match effect {
        Effect::Deliver(delivery) => Some(delivery),
        _ => None,
    })
}

pub(super) fn body(message: &Message) -> String {
    String::from_utf8_lossy(message.body()).into_owned()
}

fn in_words(delivery: &Delivery) -> String {
    let star = if delivery.redelivered { "*" } else { "" };
    format!(
        "{}:{}{star}",
        delivery.consumer_tag,
        body(&delivery.message)
    )
}

pub(super) fn declare(name: &str, arguments: FieldTable) -> Command {
    let queue = QueueName::truncated(name);
    let durable = true;
    Command::QueueDeclare(QueueDeclare {
        queue,
        durable,
        arguments,
        ..QueueDeclare::default()
    })
}

fn consumption(queue: &str, tag: &str) -> Consume {
    Consume {
        queue: QueueName::truncated(queue),
        consumer_tag: ConsumerTag::truncated(tag),
        ..Consume::default()
    }
}

pub(super) fn consume(queue: &str, tag: &str, arguments: FieldTable) -> Command {
    Command::BasicConsume(Consume {
        arguments,
        ..consumption(queue, tag)
    })
}

pub(super) fn cancel(tag: &str) -> Command {
    Command::BasicCancel {
        consumer_tag: ConsumerTag::truncated(tag),
    }
}

pub(super) fn reject(tag: u64, requeue: bool) -> Command {
    Command::BasicReject {
        delivery_tag: DeliveryTag(tag),
        requeue,
    }
}

pub(super) fn delete(queue: &str) -> Command {
    let queue = QueueName::truncated(queue);
    Command::QueueDelete {
        queue,
        if_unused: false,
        if_empty: false,
    }
}

pub(super) fn bind(queue: &str, exchange: &str) -> Command {
    Command::QueueBind {
        queue: QueueName::truncated(queue),
        exchange: ExchangeName::truncated(exchange),
        binding_key: BindingKey::default(),
        arguments: FieldTable::new(),
    }
}

pub(super) fn unbind(queue: &str, exchange: &str) -> Command {
    Command::QueueUnbind {
        queue: QueueName::truncated(queue),
        exchange: ExchangeName::truncated(exchange),
        binding_key: BindingKey::default(),
        arguments: FieldTable::new(),
    }
}
