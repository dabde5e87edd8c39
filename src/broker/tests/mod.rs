//! What the broker promises: one file for each area, and what they share.

mod dispatch;

use super::{Acknowledgement, Broker, BrokerOptions, Command, Consume, Delivery, Effect, Effects};
use super::{Body, Publish, QueueDeclare, Reply};
use crate::types::*;
use std::sync::Arc;

/// A broker with one connection and some open channels, and everything that happened.
pub(super) struct Bench {
    pub(super) broker: Broker,
    pub(super) now: SimTime,
    /// Effects of the last call.
    pub(super) effects: Effects,
}

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
        };
        bench.open(1, 1);
        bench
    }

    /// Opens a channel, and its connection when it is not open.
    pub(super) fn open(&mut self, connection: u32, number: u16) -> ChannelRef {
        let vhost = VhostName::truncated("/");
        if !self
            .broker
            .connections
            .contains_key(&ConnectionId(connection))
        {
            self.ok(channel(connection, 0), Command::ConnectionOpen { vhost });
        }
        self.ok(channel(connection, number), Command::ChannelOpen);
        channel(connection, number)
    }

    /// Carries out a command and checks the whole broker.
    pub(super) fn try_do(&mut self, on: ChannelRef, command: Command) -> Result<Reply, AmqpError> {
        self.effects.clear();
        let result = self.broker.apply(self.now, on, command, &mut self.effects);
        self.broker.check_invariants().expect("in order");
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
        self.broker.check_invariants().expect("in order");
    }

    pub(super) fn declare(&mut self, name: &str, arguments: FieldTable) {
        let queue = QueueName::truncated(name);
        let declare = QueueDeclare {
            queue,
            durable: true,
            arguments,
            ..QueueDeclare::default()
        };
        self.ok(channel(1, 1), Command::QueueDeclare(declare));
    }

    /// Publishes through the default exchange on channel 1 of connection 1.
    pub(super) fn publish(&mut self, queue: &str, body: &str) {
        self.ok(channel(1, 1), publish(queue, body, None));
    }

    pub(super) fn consume(&mut self, on: ChannelRef, queue: &str, tag: &str) {
        let consume = Consume {
            queue: QueueName::truncated(queue),
            consumer_tag: ConsumerTag::truncated(tag),
            ..Consume::default()
        };
        self.ok(on, Command::BasicConsume(consume));
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
        properties: properties.map(Arc::new),
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
