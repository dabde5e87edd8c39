//! The naive broker: a second broker, slow and obvious, written from what RabbitMQ is known to do
//! and not from the engine beside it. Random programs are given to both and must end alike.
//!
//! Everything is a `Vec` that is scanned; nothing is cached, indexed or shared. Numbers in comments
//! (§6) are sections of the notes on RabbitMQ's behaviour that the engine is also written from.
//! Deliberately not here: speed, several vhosts, the wire.

mod consumers;
mod dead_letter;
mod forgotten;
mod queue;
mod quorum;
mod refusals;
mod route;
mod settle;
mod topology;
mod transaction;

use crate::broker::names::invented;
use crate::broker::{Command, Effect, Effects, Reply};
use crate::types::{
    AmqpError, BindingId, BindingKey, ChannelRef, ConnectionId, ConsumerTag, CopyId, DeliveryTag,
    ExchangeId, ExchangeName, ExchangeType, FieldTable, Message, MessageId, MethodId, Profile,
    PublishSequence, QueueId, QueueName, ReplyCode, RoutingKey, Scope, SimTime,
};
use std::collections::VecDeque;

/// One exchange (§3).
#[derive(Debug, Clone)]
pub(in crate::broker) struct Exchange {
    pub(in crate::broker) id: ExchangeId,
    pub(in crate::broker) name: ExchangeName,
    pub(in crate::broker) kind: ExchangeType,
    durable: bool,
    auto_delete: bool,
    internal: bool,
    arguments: FieldTable,
}

/// Where a binding leads (§5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    Queue(QueueId),
    Exchange(ExchangeId),
}

/// One binding (§5). Its identity is everything but the number.
#[derive(Debug, Clone)]
struct Binding {
    id: BindingId,
    source: ExchangeId,
    destination: Destination,
    key: BindingKey,
    arguments: FieldTable,
}

/// A message and all keys it is routed by: the publisher's, then CC, then BCC (§6).
#[derive(Debug, Clone)]
struct Letter {
    message: Message,
    keys: Vec<RoutingKey>,
    /// Whether a queue has dead-lettered it (§20: 4.x believes only its own history).
    died: bool,
}

/// A message in a queue.
#[derive(Debug, Clone)]
struct Entry {
    copy: CopyId,
    letter: Letter,
    redelivered: bool,
    enqueued_at: SimTime,
    /// When it expires, if ever (§13).
    deadline: Option<SimTime>,
    /// Its class in a priority queue, 0 elsewhere (§14).
    priority: u8,
    /// The same, whatever became of it since.
    own_priority: u8,
    /// Its place among its class.
    turn: u64,
    /// How often it failed and came back, where that is counted (§19).
    failures: Option<i64>,
    /// How often it came back.
    returns: i64,
    /// Whose it was when its queue fell over (§15).
    held_by: Option<ChannelRef>,
}

/// A consumer of a queue (§8).
#[derive(Debug, Clone)]
struct Consumer {
    /// Tells consumers apart that had the same tag one after the other.
    serial: u64,
    channel: ChannelRef,
    tag: ConsumerTag,
    no_ack: bool,
    exclusive: bool,
    priority: i64,
    /// The prefetch limit it started with; 0 for none (§9).
    prefetch: u16,
    /// Its deliveries that are not settled yet; fewer than none when those of another that had the same
    /// tag before it were settled since (§9).
    outstanding: i64,
}

/// One queue (§4).
#[derive(Debug, Clone)]
struct Queue {
    id: QueueId,
    name: QueueName,
    durable: bool,
    /// Whether it has got a persistent message to keep.
    has_written: bool,
    owner: Option<ConnectionId>,
    auto_delete: bool,
    arguments: FieldTable,
    /// In the order they leave: highest priority first, then by copy number.
    ready: Vec<Entry>,
    /// Those that came back and are tried again later, and when, in that order (§20).
    delayed: Vec<(SimTime, Entry)>,
    unacked: Vec<Entry>,
    /// In the order they started.
    consumers: Vec<Consumer>,
    /// Serials of the consumers in the rotation (§9).
    rotation: Vec<u64>,
    /// Whether it takes no more messages until it is shorter (§19).
    full: bool,
    /// The single active consumer (§15).
    active: Option<u64>,
    /// Whether it is active since the one before was cancelled, and was given nothing yet (§15).
    forgotten: bool,
    /// When the head expires that was there when expired ones were last looked for (§13).
    looked: Option<SimTime>,
    has_had_consumers: bool,
    declared_at: SimTime,
    /// Last declare, get or loss of the last consumer (§4, x-expires); of a quorum queue no declare, and
    /// besides when the last message was settled that somebody held.
    used_at: SimTime,
}

/// A delivery that is not settled.
#[derive(Debug, Clone)]
struct Unacked {
    tag: DeliveryTag,
    queue: QueueId,
    queue_name: QueueName,
    copy: CopyId,
    /// The consumer's tag and serial; none for `basic.get`.
    consumer: Option<(ConsumerTag, u64)>,
}

/// One channel (§2).
#[derive(Debug, Clone)]
struct Channel {
    at: ChannelRef,
    last_tag: u64,
    unacked: Vec<Unacked>,
    /// Next publish sequence number when in confirm mode (§11).
    confirms: Option<PublishSequence>,
    /// What waits for the commit when it is transactional (§12).
    tx: Option<transaction::Waiting>,
    last_queue: Option<QueueName>,
    /// For consumers started from now on (§9).
    prefetch: u16,
    /// The limit over the whole channel, 0 for none (§9).
    limit: u16,
    /// What counts against that limit.
    volume: i32,
    /// §9: queues that ran into the limit and are not told yet that it is freed.
    suspended: Vec<QueueId>,
    /// Consumers taken out of their queue's rotation, by serial, in the order that happened (§9).
    blocked: Vec<(QueueId, u64)>,
}

/// A dead letter on its way to queues; see [`Naive::carry_letters`].
#[derive(Debug, Clone)]
struct Transit {
    reached: route::Reached,
    letter: Letter,
}

/// The whole broker, with the one vhost `/`.
#[derive(Debug, Clone)]
pub(in crate::broker) struct Naive {
    profile: Profile,
    now: SimTime,
    pub(in crate::broker) exchanges: Vec<Exchange>,
    queues: Vec<Queue>,
    bindings: Vec<Binding>,
    connections: Vec<ConnectionId>,
    channels: Vec<Channel>,
    transits: VecDeque<Transit>,
    /// The order in which queues are to be taken where no order is promised.
    pub(in crate::broker) order: VecDeque<String>,
    next_exchange: u32,
    next_queue: u32,
    next_binding: u32,
    next_message: u64,
    next_copy: u64,
    next_turn: u64,
    next_serial: u64,
    next_name: u64,
}

type Answer = Result<Reply, AmqpError>;

impl Naive {
    /// A fresh broker with the predeclared exchanges (§3).
    pub(in crate::broker) fn new(profile: Profile) -> Self {
        let mut broker = Self {
            profile,
            now: SimTime::ZERO,
            exchanges: Vec::new(),
            queues: Vec::new(),
            bindings: Vec::new(),
            connections: Vec::new(),
            channels: Vec::new(),
            transits: VecDeque::new(),
            order: VecDeque::new(),
            next_exchange: 0,
            next_queue: 0,
            next_binding: 0,
            next_message: 0,
            next_copy: 0,
            next_turn: 0,
            next_serial: 0,
            next_name: 0,
        };
        for (name, kind, internal) in [
            ("", ExchangeType::Direct, false),
            ("amq.direct", ExchangeType::Direct, false),
            ("amq.fanout", ExchangeType::Fanout, false),
            ("amq.topic", ExchangeType::Topic, false),
            ("amq.headers", ExchangeType::Headers, false),
            ("amq.match", ExchangeType::Headers, false),
            ("amq.rabbitmq.trace", ExchangeType::Topic, true),
        ] {
            broker.next_exchange += 1;
            broker.exchanges.push(Exchange {
                id: ExchangeId(broker.next_exchange),
                name: ExchangeName::truncated(name),
                kind,
                durable: true,
                auto_delete: false,
                internal,
                arguments: FieldTable::new(),
            });
        }
        broker
    }

    /// The same promise as the engine's.
    pub(in crate::broker) fn apply(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        command: Command,
        effects: &mut Effects,
    ) -> Answer {
        self.now = now;
        let method = command.method_id();
        let answer = self.perform(channel, command, effects);
        if let Err(error) = &answer {
            self.close_with(channel, error.clone(), effects);
        }
        self.carry_letters(effects);
        debug_assert!(method.class > 0);
        answer
    }

    /// §1 and §2: what may be said where; then the command itself.
    fn perform(&mut self, at: ChannelRef, command: Command, fx: &mut Effects) -> Answer {
        let method = command.method_id();
        if at.channel == 0 {
            return match command {
                Command::ConnectionOpen { vhost, .. }
                    if !self.connections.contains(&at.connection) =>
                {
                    if vhost.as_str() != "/" {
                        return Err(AmqpError::new(
                            ReplyCode::NotAllowed,
                            format!("vhost {vhost} not found"),
                            method,
                        ));
                    }
                    self.connections.push(at.connection);
                    Ok(Reply::Done)
                }
                Command::ConnectionClose => {
                    self.end_connection(at.connection, fx);
                    Ok(Reply::Done)
                }
                _ => Err(AmqpError::new(
                    ReplyCode::ChannelError,
                    "unexpected method in connection state running",
                    method,
                )),
            };
        }
        let open = self.channels.iter().any(|c| c.at == at);
        match (open, &command) {
            (true, Command::ChannelOpen) => Err(AmqpError::new(
                ReplyCode::ChannelError,
                "second 'channel.open' seen",
                method,
            )),
            (false, Command::ChannelOpen) => {
                self.channels.push(Channel::new(at));
                Ok(Reply::Done)
            }
            (false, _) => Err(AmqpError::new(
                ReplyCode::ChannelError,
                "expected 'channel.open'",
                method,
            )),
            (true, _) => self.perform_on_channel(at, method, command, fx),
        }
    }

    fn perform_on_channel(
        &mut self,
        at: ChannelRef,
        method: MethodId,
        command: Command,
        fx: &mut Effects,
    ) -> Answer {
        match command {
            Command::ChannelClose => {
                self.end_channels(&[at], None, fx);
                Ok(Reply::Done)
            }
            Command::ExchangeDeclare(declare) => self.exchange_declare(declare, fx),
            Command::ExchangeDelete {
                exchange,
                if_unused,
            } => self.exchange_delete(&exchange, if_unused, fx),
            Command::ExchangeBind {
                destination,
                source,
                binding_key,
                arguments,
            } => self.exchange_bind(&destination, &source, binding_key, arguments, fx),
            Command::ExchangeUnbind {
                destination,
                source,
                binding_key,
                arguments,
            } => self.exchange_unbind(&destination, &source, &binding_key, &arguments, fx),
            Command::QueueDeclare(declare) => self.queue_declare(at, declare, fx),
            Command::QueueBind {
                queue,
                exchange,
                binding_key,
                arguments,
            } => self.queue_bind(at, queue, &exchange, binding_key, arguments, fx),
            Command::QueueUnbind {
                queue,
                exchange,
                binding_key,
                arguments,
            } => self.queue_unbind(at, queue, &exchange, binding_key, &arguments, fx),
            Command::QueuePurge { queue } => self.queue_purge(at, queue, fx),
            Command::QueueDelete {
                queue,
                if_unused,
                if_empty,
            } => self.queue_delete(at, queue, if_unused, if_empty, fx),
            other => self.perform_basic(at, method, other, fx),
        }
    }

    fn perform_basic(
        &mut self,
        at: ChannelRef,
        method: MethodId,
        command: Command,
        fx: &mut Effects,
    ) -> Answer {
        match command {
            Command::BasicQos {
                prefetch_size,
                prefetch_count,
                global,
            } => self.basic_qos(at, prefetch_size, prefetch_count, global, fx),
            Command::BasicConsume(consume) => self.basic_consume(at, consume, fx),
            Command::BasicCancel { consumer_tag } => self.basic_cancel(at, &consumer_tag, fx),
            Command::BasicPublish(publish) => self.basic_publish(at, publish, fx),
            Command::BasicGet { queue, no_ack } => self.basic_get(at, queue, no_ack, fx),
            Command::BasicAck(which) => {
                self.settle(at, method, which, settle::Verdict::Acknowledge, fx)
            }
            Command::BasicNack { which, requeue } => {
                let verdict = match requeue {
                    true => self.released(),
                    false => settle::Verdict::Reject,
                };
                self.settle(at, method, which, verdict, fx)
            }
            Command::BasicReject {
                delivery_tag,
                requeue,
            } => {
                let which = crate::broker::Acknowledgement {
                    delivery_tag,
                    multiple: false,
                };
                self.settle(at, method, which, settle::Verdict::refused(requeue), fx)
            }
            Command::BasicRecover { requeue } => self.basic_recover(at, method, requeue, fx),
            Command::ConfirmSelect => self.confirm_select(at, method),
            Command::TxSelect => self.tx_select(at, method),
            Command::TxCommit => self.tx_commit(at, method, fx),
            Command::TxRollback => self.tx_rollback(at, method),
            // Nothing else comes here.
            _ => Err(AmqpError::new(ReplyCode::CommandInvalid, "", method)),
        }
    }

    /// §2: what an error ends.
    fn close_with(&mut self, at: ChannelRef, error: AmqpError, fx: &mut Effects) {
        match error.scope() {
            Scope::Channel => {
                fx.push(Effect::ChannelClosed { channel: at, error });
                self.end_channels(&[at], None, fx);
            }
            Scope::Connection => {
                self.end_channels(&[at], None, fx);
                fx.push(Effect::ConnectionClosed {
                    connection: at.connection,
                    error,
                });
                self.end_connection(at.connection, fx);
            }
        }
    }

    /// §1, §4: all channels end, and the connection's exclusive queues are deleted.
    fn end_connection(&mut self, connection: ConnectionId, fx: &mut Effects) {
        let channels = self.channels.iter().map(|c| c.at);
        let ended: Vec<ChannelRef> = channels.filter(|at| at.connection == connection).collect();
        self.end_channels(&ended, Some(connection), fx);
        self.connections.retain(|c| *c != connection);
    }

    /// §13: dead letters travel after what caused them is done, first in, first out, as messages
    /// between RabbitMQ's queue processes do. What they cause in turn travels behind them.
    fn carry_letters(&mut self, fx: &mut Effects) {
        while let Some(transit) = self.transits.pop_front() {
            for (queue, via) in self.in_order(transit.reached) {
                if self.queues.iter().any(|q| q.id == queue) {
                    self.enqueue(queue, via, transit.letter.clone(), fx);
                }
            }
        }
    }

    /// The queues of one message in the order in which they are to be taken.
    fn in_order(&mut self, mut reached: route::Reached) -> route::Reached {
        let count = reached.len().min(self.order.len());
        let order: Vec<String> = self.order.drain(..count).collect();
        reached.sort_by_key(|(id, _)| {
            let queue = self.queues.iter().find(|q| q.id == *id);
            order
                .iter()
                .position(|name| queue.is_some_and(|q| q.name.as_str() == name))
        });
        reached
    }

    /// The same promise as the engine's.
    pub(in crate::broker) fn next_deadline(&self) -> Option<SimTime> {
        self.due_list().into_iter().map(|(at, _, _)| at).min()
    }

    /// The same promise as the engine's. Of what is due at one instant, older queues go first, and a
    /// queue before its messages, since its timer was set first; RabbitMQ promises no order.
    pub(in crate::broker) fn expire(&mut self, now: SimTime, fx: &mut Effects) {
        self.now = now;
        while let Some((at, id, kind)) = self.due_list().into_iter().min() {
            if at > now {
                break;
            }
            match kind {
                0 => self.remove_queue(id, fx),
                1 => self.end_delays(id, fx),
                _ => self.drop_expired(id, fx),
            }
            self.carry_letters(fx);
        }
    }

    /// When each queue's head expires (§13), when each unused queue does (§4), and when the next message
    /// is to be tried again (§20).
    fn due_list(&self) -> Vec<(SimTime, QueueId, u8)> {
        let mut due = Vec::new();
        for queue in &self.queues {
            if let Some(deadline) = queue.looked {
                due.push((deadline, queue.id, 2));
            }
            if let Some((due_at, _)) = queue.delayed.first() {
                due.push((*due_at, queue.id, 1));
            }
            if let (Some(span), true) = (queue.millis("x-expires"), queue.consumers.is_empty()) {
                due.extend(queue.unused_until(span).map(|at| (at, queue.id, 0)));
            }
        }
        due
    }

    /// Delivery tags that may be settled on a channel, for those who make up programs.
    pub(in crate::broker) fn outstanding(&self, at: ChannelRef) -> Vec<u64> {
        let channel = self.channels.iter().find(|c| c.at == at);
        let tags = channel.map(|c| c.unacked.iter().map(|u| u.tag.0).collect());
        tags.unwrap_or_default()
    }

    /// Whether a channel waits for commits, for those who make up programs.
    pub(in crate::broker) fn is_transactional(&self, at: ChannelRef) -> bool {
        self.channels.iter().any(|c| c.at == at && c.tx.is_some())
    }

    /// Whether the connection (channel 0) or channel is open.
    pub(in crate::broker) fn is_open(&self, at: ChannelRef) -> bool {
        if at.channel == 0 {
            self.connections.contains(&at.connection)
        } else {
            self.channels.iter().any(|c| c.at == at)
        }
    }

    /// The tags of a channel's consumers, for those who make up programs.
    pub(in crate::broker) fn consumer_tags(&self, at: ChannelRef) -> Vec<String> {
        let consumers = self.queues.iter().flat_map(|q| &q.consumers);
        let own = consumers.filter(|c| c.channel == at);
        own.map(|c| c.tag.to_string()).collect()
    }

    fn channel(&mut self, at: ChannelRef) -> &mut Channel {
        let found = self.channels.iter_mut().find(|c| c.at == at);
        found.expect("only asked for channels that are open")
    }

    fn queue(&mut self, id: QueueId) -> &mut Queue {
        let found = self.queues.iter_mut().find(|q| q.id == id);
        found.expect("only asked for queues that exist")
    }

    fn exchange_named(&self, name: &str) -> Option<&Exchange> {
        self.exchanges.iter().find(|x| x.name.as_str() == name)
    }

    fn queue_named(&self, name: &str) -> Option<&Queue> {
        self.queues.iter().find(|q| q.name.as_str() == name)
    }

    fn new_message_id(&mut self) -> MessageId {
        self.next_message += 1;
        MessageId(self.next_message)
    }

    /// A name of the broker's own making: the engine's, as names have an order that shows when one
    /// multiple settlement goes consumer by consumer (§10), and RabbitMQ takes any.
    fn invented(&mut self, prefix: &str) -> String {
        self.next_name += 1;
        invented(prefix, self.next_name)
    }
}

impl Channel {
    fn new(at: ChannelRef) -> Self {
        Self {
            at,
            last_tag: 0,
            unacked: Vec::new(),
            confirms: None,
            tx: None,
            last_queue: None,
            prefetch: 0,
            limit: 0,
            volume: 0,
            suspended: Vec::new(),
            blocked: Vec::new(),
        }
    }

    /// §8: one sequence per channel, from 1, never reset.
    fn next_delivery_tag(&mut self) -> DeliveryTag {
        self.last_tag += 1;
        DeliveryTag(self.last_tag)
    }

    /// §9: whether the limit over the whole channel is used up.
    fn is_full(&self) -> bool {
        self.limit > 0 && self.volume >= i32::from(self.limit)
    }
}
