//! A broker with one client, ready for measuring: shared by the benchmarks of the broker.
//!
//! Not here: what is measured.
#![allow(dead_code, reason = "each benchmark uses its own part of it")]

use brokerlab::broker::{
    Acknowledgement, Body, Broker, BrokerOptions, Command, Consume, Effects, Publish, QueueDeclare,
};
use brokerlab::types::{
    BindingKey, ChannelRef, ConnectionId, ConsumerTag, DeliveryTag, ExchangeName, FieldTable,
    QueueName, RoutingKey, SimTime, VhostName,
};

/// The channel on which everything is said.
pub(crate) const CLIENT: ChannelRef = ChannelRef::new(ConnectionId(1), 1);

/// A broker with a durable queue bound to a direct exchange, and the names to publish with.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) broker: Broker,
    effects: Effects,
    exchange: ExchangeName,
    key: RoutingKey,
    body: Box<[u8]>,
    now: SimTime,
}

impl Stage {
    pub(crate) fn new(body_octets: usize) -> Self {
        let mut stage = Self {
            broker: Broker::new(BrokerOptions::default()),
            effects: Vec::with_capacity(64),
            exchange: ExchangeName::truncated("amq.direct"),
            key: RoutingKey::truncated("key"),
            body: vec![b'x'; body_octets].into(),
            now: SimTime::ZERO,
        };
        let open = Command::open(VhostName::truncated("/"));
        stage.say(ChannelRef::new(CLIENT.connection, 0), open);
        stage.say(CLIENT, Command::ChannelOpen);
        stage.declare("queue");
        stage.say(
            CLIENT,
            Command::QueueBind {
                queue: QueueName::truncated("queue"),
                exchange: stage.exchange.clone(),
                binding_key: BindingKey::truncated("key"),
                arguments: FieldTable::new(),
            },
        );
        stage
    }

    pub(crate) fn consuming(mut self, no_ack: bool) -> Self {
        self.consume("consumer", no_ack);
        self
    }

    pub(crate) fn consume(&mut self, tag: &str, no_ack: bool) {
        let consume = Consume {
            queue: QueueName::truncated("queue"),
            consumer_tag: ConsumerTag::truncated(tag),
            no_ack,
            ..Consume::default()
        };
        self.say(CLIENT, Command::BasicConsume(consume));
    }

    pub(crate) fn declare(&mut self, name: &str) {
        let queue = QueueName::truncated(name);
        let declare = QueueDeclare {
            queue,
            durable: true,
            ..QueueDeclare::default()
        };
        self.say(CLIENT, Command::QueueDeclare(declare));
    }

    pub(crate) fn say(&mut self, channel: ChannelRef, command: Command) {
        self.effects.clear();
        let reply = self
            .broker
            .apply(self.now, channel, command, &mut self.effects);
        assert!(reply.is_ok(), "{reply:?}");
    }

    pub(crate) fn publish(&mut self) {
        let publish = Publish {
            exchange: self.exchange.clone(),
            routing_key: self.key.clone(),
            mandatory: false,
            immediate: false,
            properties: None,
            body: Body::Octets(self.body.clone()),
        };
        self.say(CLIENT, Command::BasicPublish(publish));
    }

    pub(crate) fn ack(&mut self, tag: u64, multiple: bool) {
        let delivery_tag = DeliveryTag(tag);
        self.say(
            CLIENT,
            Command::BasicAck(Acknowledgement {
                delivery_tag,
                multiple,
            }),
        );
    }

    /// Publishes `count` messages and acks each as it is delivered, the first by tag `from`.
    pub(crate) fn cycles(mut self, from: u64, count: u64) -> Self {
        for tag in from..from + count {
            self.publish();
            self.ack(tag, false);
        }
        self
    }
}
