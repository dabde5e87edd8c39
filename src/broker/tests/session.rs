//! A program on its way through a broker, and what is heard of it.
//!
//! Two brokers number things in their own ways, so everything heard is told in names: the names a
//! program uses, `@1` for the first name the broker made, and the n-th publish. Deliberately not
//! here: which answers are right.

use super::language::{Step, message_text};
use super::naive::Naive;
use crate::broker::{Broker, Command, Effect, Effects, Reply};
use crate::types::{
    AmqpError, BindingId, BindingKey, ChannelRef, ConnectionId, ConsumerTag, CopyId, ExchangeId,
    MessageId, QueueId, QueueName, RoutingKey, SimTime, VhostName,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a session needs of a broker.
pub(in crate::broker) trait Door {
    fn apply(
        &mut self,
        now: SimTime,
        at: ChannelRef,
        command: Command,
        fx: &mut Effects,
    ) -> Result<Reply, AmqpError>;
    fn next_deadline(&self) -> Option<SimTime>;
    fn expire(&mut self, now: SimTime, fx: &mut Effects);
    /// What is broken inside, if anything.
    fn problems(&self) -> Vec<String>;
    /// The exchanges there are from the beginning.
    fn exchange_names(&self) -> Vec<(ExchangeId, String)>;
}

impl Door for Naive {
    fn apply(
        &mut self,
        now: SimTime,
        at: ChannelRef,
        command: Command,
        fx: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        Self::apply(self, now, at, command, fx)
    }
    fn next_deadline(&self) -> Option<SimTime> {
        Self::next_deadline(self)
    }
    fn expire(&mut self, now: SimTime, fx: &mut Effects) {
        Self::expire(self, now, fx);
    }
    fn problems(&self) -> Vec<String> {
        Vec::new()
    }
    fn exchange_names(&self) -> Vec<(ExchangeId, String)> {
        let names = self.exchanges.iter().map(|x| (x.id, x.name.to_string()));
        names.collect()
    }
}

impl Door for Broker {
    fn apply(
        &mut self,
        now: SimTime,
        at: ChannelRef,
        command: Command,
        fx: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        Self::apply(self, now, at, command, fx)
    }
    fn next_deadline(&self) -> Option<SimTime> {
        Self::next_deadline(self)
    }
    fn expire(&mut self, now: SimTime, fx: &mut Effects) {
        Self::expire(self, now, fx);
    }
    fn problems(&self) -> Vec<String> {
        self.check_invariants().err().into_iter().collect()
    }
    fn exchange_names(&self) -> Vec<(ExchangeId, String)> {
        let names = self.exchanges().map(|x| (x.id, x.name.to_string()));
        names.collect()
    }
}

/// A broker that can take queues in an order it is given.
pub(in crate::broker) trait Follow {
    fn follow(&mut self, order: Vec<String>);
}

impl Follow for Naive {
    fn follow(&mut self, order: Vec<String>) {
        self.order = order.into();
    }
}

/// What is heard of one command or one instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::broker) struct Heard {
    /// The answer, or the refusal; empty when time passed.
    pub(in crate::broker) answer: String,
    /// What clients are sent, with the channel it goes to.
    pub(in crate::broker) sent: Vec<(String, String)>,
    /// The facts.
    pub(in crate::broker) facts: Vec<String>,
    /// Queues in the order in which messages came to them; RabbitMQ promises none for the queues of
    /// one message.
    pub(in crate::broker) order: Vec<String>,
}

/// A broker, the time, and the names of what is in it.
pub(in crate::broker) struct Session<D> {
    pub(in crate::broker) door: D,
    pub(in crate::broker) now: SimTime,
    named: BTreeSet<ChannelRef>,
    open: BTreeSet<ConnectionId>,
    names: Names,
}

#[derive(Default)]
struct Names {
    made: Vec<String>,
    exchanges: BTreeMap<ExchangeId, String>,
    queues: BTreeMap<QueueId, String>,
    bindings: BTreeMap<BindingId, String>,
    messages: BTreeMap<MessageId, String>,
    copies: BTreeMap<CopyId, String>,
    /// How often a message entered a queue.
    entries: BTreeMap<String, u32>,
}

impl<D: Door> Session<D> {
    pub(in crate::broker) fn new(door: D) -> Self {
        let exchanges = door.exchange_names().into_iter().collect();
        Self {
            door,
            now: SimTime::ZERO,
            named: BTreeSet::new(),
            open: BTreeSet::new(),
            names: Names {
                exchanges,
                ..Names::default()
            },
        }
    }

    /// Says one command; opens its channel first when it was never named. `None` when the
    /// connection is closed, since nobody can then say anything on it.
    pub(in crate::broker) fn say(
        &mut self,
        at: ChannelRef,
        opens: bool,
        command: &Command,
    ) -> Option<Heard> {
        let opens_connection = matches!(command, Command::ConnectionOpen { .. });
        let opens_channel = matches!(command, Command::ChannelOpen);
        let connection = ChannelRef::new(at.connection, 0);
        let is_new = self.named.insert(at) && opens && !opens_connection;
        if is_new && !self.open.contains(&at.connection) {
            let vhost = VhostName::truncated("/");
            self.carry_out(connection, &Command::ConnectionOpen { vhost });
        }
        if is_new && at.channel != 0 && !opens_channel {
            self.carry_out(at, &Command::ChannelOpen);
        }
        let may_speak =
            self.open.contains(&at.connection) || matches!(command, Command::ConnectionOpen { .. });
        may_speak.then(|| self.carry_out(at, command))
    }

    fn carry_out(&mut self, at: ChannelRef, command: &Command) -> Heard {
        let mut fx = Effects::new();
        let said = self.names.said(command);
        let answer = self.door.apply(self.now, at, said.clone(), &mut fx);
        match (command, &answer) {
            (Command::ConnectionOpen { .. }, Ok(_)) => {
                self.open.insert(at.connection);
            }
            (Command::ConnectionClose, Ok(_)) => {
                self.open.remove(&at.connection);
            }
            _ => {}
        }
        self.names.learn(command, &said, &answer, &fx);
        let answer = match &answer {
            Ok(reply) => self.names.reply(reply),
            Err(error) => self.names.told(&refusal(error)),
        };
        self.heard(answer, &fx)
    }

    /// Lets what is due at `at` happen.
    pub(in crate::broker) fn expire(&mut self, at: SimTime) -> Heard {
        self.now = at.max(self.now);
        let mut fx = Effects::new();
        self.door.expire(self.now, &mut fx);
        self.names.learn_copies(&fx);
        self.heard(String::new(), &fx)
    }

    /// Lets time pass, instant by instant.
    pub(in crate::broker) fn pass_until(&mut self, until: SimTime) -> Vec<Heard> {
        let mut all = Vec::new();
        while let Some(due) = self.door.next_deadline().filter(|due| *due <= until) {
            all.push(self.expire(due));
        }
        self.now = until;
        all
    }

    fn heard(&mut self, answer: String, fx: &[Effect]) -> Heard {
        let mut heard = Heard {
            answer,
            ..Heard::default()
        };
        for effect in fx {
            if let Effect::Enqueued { queue, .. } | Effect::Refused { queue, .. } = effect {
                heard.order.push(self.names.told(&self.names.queue(*queue)));
            }
            if let Effect::ConnectionClosed { connection, .. } = effect {
                self.open.remove(connection);
            }
            match self.names.sent(effect) {
                Some((to, line)) => heard.sent.push((to, self.names.told(&line))),
                None => {
                    let fact = self.names.fact(effect);
                    heard.facts.push(self.names.told(&fact));
                }
            }
        }
        heard
    }

    /// Takes the queues of one message in the order in which another broker took them.
    pub(in crate::broker) fn follow(&mut self, other: Option<&Heard>)
    where
        D: Follow,
    {
        let order = other.map(|heard| heard.order.clone()).unwrap_or_default();
        self.door.follow(self.names.own_names(&order));
    }

    /// Runs one step and tells all that is heard.
    pub(in crate::broker) fn step(&mut self, step: &Step) -> Vec<Heard> {
        match step {
            Step::Pass(span) => self.pass_until(self.now + *span),
            Step::Say { at, opens, command } => {
                self.say(*at, *opens, command).into_iter().collect()
            }
        }
    }
}

/// An error with everything that travels.
pub(in crate::broker) fn refusal(error: &AmqpError) -> String {
    let (class, method) = (error.method.class, error.method.method);
    let scope = match error.scope() {
        crate::types::Scope::Channel => "channel",
        crate::types::Scope::Connection => "connection",
    };
    let text = format!("closes {scope} ({class},{method}): {error}");
    text.replace('\n', " ")
}

impl Names {
    /// The command as this broker must hear it: with its own made names.
    fn said(&self, command: &Command) -> Command {
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
    fn own_names(&self, names: &[String]) -> Vec<String> {
        let own = |name: &String| {
            let number = name.strip_prefix('@').and_then(|n| n.parse::<usize>().ok());
            let made = number.and_then(|n| self.made.get(n.checked_sub(1)?));
            made.unwrap_or(name).clone()
        };
        names.iter().map(own).collect()
    }

    /// Text with the broker's own names replaced.
    fn told(&self, text: &str) -> String {
        let mut text = text.to_owned();
        // The newest first: an older name may be the beginning of a newer one.
        for (index, made) in self.made.iter().enumerate().rev() {
            text = text.replace(made, &format!("@{}", index + 1));
        }
        text
    }

    fn learn(
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
                    _,
                    _,
                ) => {
                    // Every published message is the next one.
                    let number = self.messages.len() + 1;
                    self.messages.insert(message.id(), format!("m{number}"));
                    self.exchanges
                        .entry(*exchange)
                        .or_insert_with(|| message.exchange().to_string());
                }
                _ => {}
            }
        }
        self.learn_copies(fx);
    }

    fn learn_copies(&mut self, fx: &[Effect]) {
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

    fn queue(&self, id: QueueId) -> String {
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

    fn reply(&self, reply: &Reply) -> String {
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
            Reply::Published { message } => self.message(*message),
        };
        self.told(&text)
    }

    /// What a client is sent, and on which channel.
    fn sent(&self, effect: &Effect) -> Option<(String, String)> {
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
    fn fact(&self, effect: &Effect) -> String {
        match effect {
            Effect::Deliver(_)
            | Effect::Return { .. }
            | Effect::Confirm { .. }
            | Effect::ConsumerCancelled { .. }
            | Effect::ChannelClosed { .. }
            | Effect::ConnectionClosed { .. } => String::new(),
            Effect::Published {
                channel,
                exchange,
                message,
            } => {
                let (exchange, id) = (self.exchange(*exchange), self.message(message.id()));
                format!(
                    "{channel} published {id} to {exchange}: {}",
                    message_text(message)
                )
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
        }
    }
}
