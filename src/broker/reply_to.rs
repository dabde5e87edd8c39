//! Direct reply-to: answers that go from a publisher straight to the channel that asked, through no
//! queue.
//!
//! A channel consumes `amq.rabbitmq.reply-to`; the same words as `reply_to` of what it publishes are
//! replaced by a name that leads back to it. Source: RabbitMQ, "Direct Reply-to", and `rabbit_channel`;
//! measured on 3.10.8: an answer is handed over when it is routed, so also inside a transaction that is
//! rolled back, by CC keys, and as a dead letter. Deliberately not here: anything kept; an answer to a
//! channel that has gone is lost.

use super::publish::seen;
use super::queue::Origin;
use super::topology::CcKeys;
use super::{Broker, Consume, Effect, Effects, Reply};
use crate::types::{
    AmqpError, ChannelRef, ConsumerTag, DeliveryTag, Message, MethodId, Properties, QueueName,
    ReplyCode, RoutingKey, ShortText,
};
use std::rc::Rc;

/// What is consumed, and asked to be put into `reply_to`.
pub(super) const PSEUDO_QUEUE: &str = "amq.rabbitmq.reply-to";
/// What stands before the rest of every name that leads back to a channel.
const PREFIX: &str = "amq.rabbitmq.reply-to.";

/// Who on a channel hears answers.
#[derive(Debug, Clone)]
pub(super) struct ReplyConsumer {
    tag: ConsumerTag,
    /// The name that leads to it.
    name: ShortText,
}

fn refused(text: &str, method: MethodId) -> AmqpError {
    AmqpError::new(ReplyCode::PreconditionFailed, text, method)
}

impl Broker {
    /// `basic.consume` of the pseudo-queue.
    pub(super) fn consume_replies(
        &mut self,
        row: u32,
        consume: Consume,
        method: MethodId,
    ) -> Result<Reply, AmqpError> {
        if !consume.no_ack {
            return Err(refused("reply consumer cannot acknowledge", method));
        }
        let tag = if consume.consumer_tag.is_empty() {
            self.invent_consumer_tag()
        } else {
            consume.consumer_tag
        };
        let name = self.invent_reply_name(&format!("{PREFIX}{row}."));
        if let Some(channel) = self.channels.get_mut(row) {
            if channel.replies.is_some() {
                return Err(refused("reply consumer already set", method));
            }
            let tag = tag.clone();
            channel.replies = Some(Box::new(ReplyConsumer { tag, name }));
        }
        Ok(Reply::Consuming { consumer_tag: tag })
    }

    /// `basic.cancel` of that consumer; says whether it was that one.
    pub(super) fn cancel_replies(&mut self, row: u32, tag: &ConsumerTag) -> bool {
        let Some(channel) = self.channels.get_mut(row) else {
            return false;
        };
        let meant = channel.replies.as_ref().is_some_and(|it| it.tag == *tag);
        if meant {
            channel.replies = None;
        }
        meant
    }

    /// `queue.declare` of such a name, passive or not; `None` when it is not one. The pseudo-queue
    /// itself is always there.
    pub(super) fn declare_replies(&self, queue: &QueueName) -> Option<u32> {
        if !queue.as_str().starts_with(PSEUDO_QUEUE) {
            return None;
        }
        let there = queue.as_str() == PSEUDO_QUEUE || self.awaits_reply(queue.as_str()).is_some();
        Some(u32::from(there))
    }

    /// The properties of a message that asks for answers, with the name that leads back.
    #[cold]
    pub(super) fn with_reply_name(
        &self,
        row: u32,
        properties: &Properties,
        method: MethodId,
    ) -> Result<Rc<Properties>, AmqpError> {
        let replies = self.channels.get(row).and_then(|it| it.replies.as_ref());
        let Some(replies) = replies else {
            return Err(refused("fast reply consumer does not exist", method));
        };
        let mut properties = properties.clone();
        properties.reply_to = Some(replies.name.clone());
        Ok(Rc::new(properties))
    }

    /// Who hears what is sent to `name`, and under which delivery tag: the channel's next one, which
    /// it does not use up.
    pub(super) fn awaits_reply(
        &self,
        name: &str,
    ) -> Option<(ChannelRef, ConsumerTag, DeliveryTag)> {
        let row = name.strip_prefix(PREFIX)?.split('.').next()?.parse().ok()?;
        let channel = self.channels.get(row)?;
        let replies = channel.replies.as_ref()?;
        let tag = DeliveryTag(channel.last_tag().0 + 1);
        (replies.name.as_str() == name).then(|| (channel.reference, replies.tag.clone(), tag))
    }

    /// Whether a message is an answer that somebody hears.
    pub(super) fn is_reply(&self, message: &Message) -> bool {
        let key = message.routing_key().as_str();
        message.exchange().is_empty() && self.awaits_reply(key).is_some()
    }

    /// Hands a message of the default exchange to all whom its keys name, in the order of the keys.
    pub(super) fn hand_replies(
        &self,
        message: &Message,
        extra_keys: &CcKeys,
        effects: &mut Effects,
    ) {
        let keys = std::iter::once(message.routing_key()).chain(extra_keys.all());
        let mut names: Vec<&RoutingKey> =
            keys.filter(|it| it.as_str().starts_with(PREFIX)).collect();
        names.dedup();
        let origin = Origin {
            blind: extra_keys.has_bcc(),
            dead_lettered: false,
        };
        for name in names {
            if let Some((channel, consumer_tag, delivery_tag)) = self.awaits_reply(name.as_str()) {
                effects.push(Effect::DirectReply {
                    channel,
                    consumer_tag,
                    delivery_tag,
                    message: seen(message, origin),
                });
            }
        }
    }
}
