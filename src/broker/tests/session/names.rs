//! What is heard, in names: a program's own, `@1` for the first name the broker made, the n-th
//! publish.
//!
//! Deliberately not here: running anything.

use crate::broker::tests::language::{Step, message_text};
use crate::broker::{Body, Command, Effect, Publish, Reply};
use crate::types::{
    AmqpError, BindingId, BindingKey, ChannelRef, ConsumerTag, CopyId, ExchangeId, Message,
    MessageId, Properties, QueueId, QueueName, RoutingKey,
};
use std::collections::BTreeMap;
use std::rc::Rc;

#[derive(Default)]
pub(super) struct Names {
    made: Vec<String>,
    pub(super) exchanges: BTreeMap<ExchangeId, String>,
    queues: BTreeMap<QueueId, String>,
    bindings: BTreeMap<BindingId, String>,
    messages: BTreeMap<MessageId, String>,
    /// The messages themselves, as consumers would see them.
    published: BTreeMap<MessageId, String>,
    copies: BTreeMap<CopyId, String>,
    /// How often a message entered a queue.
    entries: BTreeMap<String, u32>,
}

/// An error with everything that travels.
pub(super) fn refusal(error: &AmqpError) -> String {
    let (class, method) = (error.method.class, error.method.method);
    let scope = match error.scope() {
        crate::types::Scope::Channel => "channel",
        crate::types::Scope::Connection => "connection",
    };
    let text = format!("closes {scope} ({class},{method}): {error}");
    text.replace('\n', " ")
}

/// A publish as consumers will see the message: without the BCC header.
fn as_seen(id: MessageId, publish: &Publish) -> Message {
    let mut properties = publish.properties.as_ref().map(|it| Properties::clone(it));
    if let Some(headers) = properties.as_mut().and_then(|it| it.headers.as_mut()) {
        headers.remove("BCC");
    }
    let (exchange, key) = (publish.exchange.clone(), publish.routing_key.clone());
    let properties = properties.map(Rc::new);
    match &publish.body {
        Body::Octets(octets) => Message::new(id, exchange, key, properties, octets),
        Body::Blank(octets) => Message::blank(id, exchange, key, properties, *octets),
    }
}

impl Names {
    /// The command as this broker must hear it: with its own made names.
    pub(super) fn said(&self, command: &Command) -> Command {
        let own = |name: &str| -> Option<&String> {
            let number: usize = name.strip_prefix('@')?.parse().ok()?;
            self.made.get(number.checked_sub(1)?)
        };
        let queue = |name: &mut QueueName| {
            if let Some(made) = own(name.as_str()) {
                *name = QueueName::truncated(made);
            }
        };
        let mut command = command.clone();
        match &mut command {
            Command::QueueDeclare(declare) => queue(&mut declare.queue),
            Command::QueueBind {
                queue: name,
                binding_key,
                ..
            }
            | Command::QueueUnbind {
                queue: name,
                binding_key,
                ..
            } => {
                queue(name);
                if let Some(made) = own(binding_key.as_str()) {
                    *binding_key = BindingKey::truncated(made);
                }
            }
            Command::QueuePurge { queue: name }
            | Command::QueueDelete { queue: name, .. }
            | Command::BasicGet { queue: name, .. } => queue(name),
            Command::BasicConsume(consume) => queue(&mut consume.queue),
            Command::BasicCancel { consumer_tag } => {
                if let Some(made) = own(consumer_tag.as_str()) {
                    *consumer_tag = ConsumerTag::truncated(made);
                }
            }
            Command::BasicPublish(publish) => {
                if let Some(made) = own(publish.routing_key.as_str()) {
                    publish.routing_key = RoutingKey::truncated(made);
                }
            }
            _ => {}
        }
        command
    }

    /// The broker's own names for `@1` and so on.
    pub(super) fn own_names(&self, names: &[String]) -> Vec<String> {
        let own = |name: &String| {
            let number = name.strip_prefix('@').and_then(|n| n.parse::<usize>().ok());
            let made = number.and_then(|n| self.made.get(n.checked_sub(1)?));
            made.unwrap_or(name).clone()
        };
        names.iter().map(own).collect()
    }

    /// Text with the broker's own names replaced.
    pub(super) fn told(&self, text: &str) -> String {
        let mut text = text.to_owned();
        // The newest first: an older name may be the beginning of a newer one.
        for (index, made) in self.made.iter().enumerate().rev() {
            text = text.replace(made, &format!("@{}", index + 1));
        }
        text
    }

    pub(super) fn learn(
        &mut self,
        command: &Command,
        said: &Command,
        answer: &Result<Reply, AmqpError>,
        fx: &[Effect],
    ) {
        match (said, answer) {
            (Command::QueueDeclare(declare), Ok(Reply::QueueDeclared { queue, .. }))
                if declare.queue.as_str().trim_matches(['\r', '\n']).is_empty() =>
            {
                self.made.push(queue.to_string());
            }
            (Command::BasicConsume(consume), Ok(Reply::Consuming { consumer_tag }))
                if consume.consumer_tag.is_empty() =>
            {
                self.made.push(consumer_tag.to_string());
            }
            _ => {}
        }
        for effect in fx {
            match (effect, command, answer) {
                (
                    Effect::QueueDeclared { queue, .. },
                    _,
                    Ok(Reply::QueueDeclared { queue: name, .. }),
                ) => {
                    self.queues.insert(*queue, name.to_string());
                }
                (
                    Effect::ExchangeDeclared { exchange, .. },
                    Command::ExchangeDeclare(declare),
                    _,
                ) => {
                    let name = declare.exchange.as_str().replace(['\r', '\n'], "");
                    self.exchanges.insert(*exchange, name);
                }
                (Effect::Bound { binding }, _, _) => {
                    let step = Step::Say {
                        at: ChannelRef::default(),
                        opens: true,
                        command: said.clone(),
                    };
                    self.bindings.insert(*binding, step.to_string());
                }
                (
                    Effect::Published {
                        exchange, message, ..
                    },
                    Command::BasicPublish(publish),
                    _,
                ) => {
                    // Every published message is the next one.
                    let number = self.messages.len() + 1;
                    self.messages.insert(*message, format!("m{number}"));
                    let text = message_text(&as_seen(*message, publish));
                    self.published.insert(*message, text);
                    self.exchanges
                        .entry(*exchange)
                        .or_insert_with(|| publish.exchange.to_string());
                }
                _ => {}
            }
        }
        self.learn_copies(fx);
    }

    pub(super) fn learn_copies(&mut self, fx: &[Effect]) {
        for effect in fx {
            match effect {
                Effect::Enqueued {
                    queue,
                    copy,
                    message,
                    ..
                } => {
                    let base = format!("{} in {}", self.message(*message), self.queue(*queue));
                    let count = self.entries.entry(base.clone()).or_insert(0);
                    *count += 1;
                    self.copies.insert(*copy, format!("{base} #{count}"));
                }
                Effect::DeadLettered {
                    message, exchange, ..
                } => {
                    self.exchanges
                        .entry(*exchange)
                        .or_insert_with(|| message.exchange().to_string());
                }
                _ => {}
            }
        }
    }

    pub(super) fn queue(&self, id: QueueId) -> String {
        self.queues
            .get(&id)
            .cloned()
            .unwrap_or_else(|| format!("queue {id}?"))
    }

    fn exchange(&self, id: ExchangeId) -> String {
        self.exchanges
            .get(&id)
            .cloned()
            .unwrap_or_else(|| "an exchange?".to_owned())
    }

    fn message(&self, id: MessageId) -> String {
        self.messages
            .get(&id)
            .cloned()
            .unwrap_or_else(|| format!("message {id}?"))
    }

    fn copy(&self, id: CopyId) -> String {
        self.copies
            .get(&id)
            .cloned()
            .unwrap_or_else(|| format!("copy {id}?"))
    }

    pub(super) fn reply(&self, reply: &Reply) -> String {
        let text = match reply {
            Reply::Done => "ok".to_owned(),
            Reply::QueueDeclared {
                queue,
                ready,
                consumers,
            } => {
                format!("ok queue {queue}: {ready} ready, {consumers} consumers")
            }
            Reply::Purged { messages } => format!("ok {messages} purged"),
            Reply::QueueDeleted { messages } => format!("ok {messages} deleted"),
            Reply::Consuming { consumer_tag } => format!("ok consuming as {consumer_tag}"),
            Reply::Got {
                delivery_tag,
                redelivered,
                message,
                ready,
            } => {
                let again = if *redelivered { " redelivered" } else { "" };
                format!(
                    "got {delivery_tag}{again} {}; {ready} remain",
                    message_text(message)
                )
            }
            Reply::GetEmpty => "empty".to_owned(),
            // It has no name before it is stated, which in a transaction is at the commit.
            Reply::Published { message } => match self.messages.get(message) {
                Some(name) => name.clone(),
                None => "waits".to_owned(),
            },
        };
        self.told(&text)
    }

    /// What a client is sent, and on which channel.
    pub(super) fn sent(&self, effect: &Effect) -> Option<(String, String)> {
        Some(match effect {
            Effect::Deliver(delivery) => {
                let again = if delivery.redelivered {
                    " redelivered"
                } else {
                    ""
                };
                let tag = &delivery.consumer_tag;
                let number = delivery.delivery_tag;
                let message = message_text(&delivery.message);
                (
                    delivery.channel.to_string(),
                    format!("{tag} <- {number}{again} {message}"),
                )
            }
            Effect::Return {
                channel,
                code,
                message,
            } => {
                let (number, name) = (code.number(), code.name());
                let message = message_text(message);
                (
                    channel.to_string(),
                    format!("returned {number} {name} {message}"),
                )
            }
            Effect::Confirm {
                channel,
                sequence,
                multiple,
                ack,
                unroutable: _,
            } => {
                let word = if *ack { "confirmed" } else { "nacked" };
                let multiple = if *multiple { " multiple" } else { "" };
                (channel.to_string(), format!("{word} {sequence}{multiple}"))
            }
            Effect::ConsumerCancelled {
                channel,
                consumer_tag,
            } => (channel.to_string(), format!("{consumer_tag} cancelled")),
            Effect::ChannelClosed { channel, error } => {
                (channel.to_string(), format!("closed: {}", refusal(error)))
            }
            Effect::ConnectionClosed { connection, error } => (
                format!("{connection}.0"),
                format!("closed: {}", refusal(error)),
            ),
            _ => return None,
        })
    }

    /// A fact, with names for all numbers.
    pub(super) fn fact(&self, effect: &Effect) -> String {
        let fact = self.fact_of_route(effect);
        let fact = fact.or_else(|| self.fact_of_queue(effect));
        let fact = fact.or_else(|| self.fact_of_topology(effect));
        fact.unwrap_or_default()
    }

    /// On the way into queues.
    fn fact_of_route(&self, effect: &Effect) -> Option<String> {
        Some(match effect {
            Effect::Published {
                channel,
                exchange,
                message,
            } => {
                let (exchange, id) = (self.exchange(*exchange), self.message(*message));
                let text = self.published.get(message).map_or("?", String::as_str);
                format!("{channel} published {id} to {exchange}: {text}")
            }
            Effect::Forwarded {
                message,
                from,
                to,
                alternate,
            } => {
                let (from, to) = (self.exchange(*from), self.exchange(*to));
                let how = if *alternate { "alternate" } else { "binding" };
                format!(
                    "forwarded {} {from} -> {to} by {how}",
                    self.message(*message)
                )
            }
            Effect::Unroutable {
                message,
                exchange,
                fate,
            } => {
                let (message, exchange) = (self.message(*message), self.exchange(*exchange));
                format!("unroutable {message} at {exchange}: {fate:?}")
            }
            Effect::Enqueued { copy, via, .. } => {
                format!("enqueued {} via {}", self.copy(*copy), self.exchange(*via))
            }
            Effect::Refused {
                queue,
                message,
                via,
            } => {
                let (queue, message) = (self.queue(*queue), self.message(*message));
                format!("refused {message} by {queue} via {}", self.exchange(*via))
            }
            _ => return None,
        })
    }

    /// Out of queues.
    fn fact_of_queue(&self, effect: &Effect) -> Option<String> {
        Some(match effect {
            Effect::Gotten {
                channel,
                delivery_tag,
                copy,
                enqueued_at,
                no_ack,
                ..
            } => format!(
                "{channel} got {delivery_tag}: {} of {enqueued_at} no_ack {no_ack}",
                self.copy(*copy)
            ),
            Effect::Acked {
                channel,
                delivery_tag,
                copy,
                enqueued_at,
                ..
            } => format!(
                "{channel} acked {delivery_tag}: {} of {enqueued_at}",
                self.copy(*copy)
            ),
            Effect::Requeued { channel, copy, .. } => {
                format!("{channel} requeued {}", self.copy(*copy))
            }
            Effect::RetryDelayed {
                queue,
                message,
                until,
                attempt,
            } => {
                let (queue, message) = (self.queue(*queue), self.message(*message));
                format!("{message} waits in {queue} until {until} for attempt {attempt}")
            }
            Effect::Dropped {
                queue,
                copy,
                message,
                reason,
                was_unacked,
            } => {
                let copy = copy.map_or_else(
                    || format!("{} before {}", self.message(*message), self.queue(*queue)),
                    |copy| self.copy(copy),
                );
                format!("dropped {copy}: {reason:?}, unacked {was_unacked}")
            }
            Effect::DeadLettered {
                queue,
                message,
                exchange,
                reason,
            } => {
                let (queue, exchange) = (self.queue(*queue), self.exchange(*exchange));
                let id = self.message(message.id());
                let message = message_text(message);
                format!("dead letter {id} of {queue} to {exchange}: {reason:?} {message}")
            }
            _ => return None,
        })
    }

    /// What comes and goes.
    fn fact_of_topology(&self, effect: &Effect) -> Option<String> {
        Some(match effect {
            Effect::ExchangeDeclared { exchange, .. } => {
                format!("declared exchange {}", self.exchange(*exchange))
            }
            Effect::ExchangeDeleted { exchange } => {
                format!("deleted exchange {}", self.exchange(*exchange))
            }
            Effect::QueueDeclared { queue, .. } => format!("declared queue {}", self.queue(*queue)),
            Effect::QueueDeleted { queue } => format!("deleted queue {}", self.queue(*queue)),
            Effect::Bound { binding } => format!("bound {:?}", self.bindings.get(binding)),
            Effect::Unbound { binding } => format!("unbound {:?}", self.bindings.get(binding)),
            Effect::ConsumerStarted {
                channel,
                consumer_tag,
                queue,
            } => {
                format!("{channel} {consumer_tag} started on {}", self.queue(*queue))
            }
            Effect::ConsumerStopped {
                channel,
                consumer_tag,
                queue,
            } => {
                format!("{channel} {consumer_tag} stopped on {}", self.queue(*queue))
            }
            _ => return None,
        })
    }
}
