//! A publish: checks, routing, the way into queues, returns and confirms.
//!
//! Order of checks and texts are RabbitMQ's (`rabbit_channel`, `rabbit_basic`). Deliberately not
//! here: matching of keys and headers (`topology`), and what becomes of dropped messages
//! (`dead_letter`).

use super::channel::Mode;
use super::dispatch::{hand_over, take_turn};
use super::effect::append;
use super::equivalence::{in_quotes, numbers};
use super::fall_over::NO_QUEUE;
use super::queue::{Entry, Origin, Overflow, TTL_MS_MAX};
use super::reply_to::PSEUDO_QUEUE;
use super::topology::{CcKeys, Sought, read_cc};
use super::transaction::HeldPublish;
use super::{
    Body, Broker, DropReason, Effect, Effects, MESSAGE_OCTETS, Publish, UnroutableFate, profile,
};
use crate::types::{
    AmqpError, ChannelRef, CopyId, ExchangeId, Message, MessageId, MethodId, Places, Properties,
    QueueId, QueueName, ReplyCode, RoutingKey, SimDuration, SimTime,
};
use std::rc::Rc;

const PUBLISH: MethodId = MethodId::new(60, 40);

/// What a message asks of the queues it enters.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wishes {
    /// Its own time to live.
    pub(super) time_to_live: Option<SimDuration>,
    /// What the queue must remember about where it came from.
    pub(super) origin: Origin,
}

impl Broker {
    /// `basic.publish`: says which message it became.
    #[inline(never)]
    pub(super) fn publish(
        &mut self,
        now: SimTime,
        row: u32,
        mut publish: Publish,
        effects: &mut Effects,
    ) -> Result<MessageId, AmqpError> {
        match self
            .room
            .checked_sub(publish.body.octets().saturating_add(MESSAGE_OCTETS))
        {
            Some(room) => self.room = room,
            None => match self.find_room(now, row, publish, effects) {
                Some(back) => publish = back,
                None => return Ok(MessageId(0)),
            },
        }
        let Some(channel) = self.channels.get(row) else {
            let text = "channel lost";
            return Err(AmqpError::new(ReplyCode::InternalError, text, PUBLISH));
        };
        let reference = channel.reference;
        let (confirms, holds) = match channel.mode {
            Mode::Plain => (false, false),
            Mode::Confirm(_) => (true, false),
            Mode::Transaction(_) => (false, true),
        };
        self.check_publish(&publish)?;
        let (name, key) = (&publish.exchange, &publish.routing_key);
        let known = channel.way.leads_from(self.topology.epoch(), name, key);
        let known = known.filter(|_| !channel.restricted);
        let mut straight = known.and_then(|_| channel.way.straight());
        let exchange = match known {
            Some(exchange) => exchange,
            None => self.publish_target(channel, name, key.as_str(), PUBLISH)?,
        };
        let mut wishes = Wishes::default();
        let mut extra_keys = None;
        if let Some(properties) = &publish.properties
            && asks_direct_reply(properties)
        {
            publish.properties = Some(self.with_reply_name(row, properties, PUBLISH)?);
        }
        if let Some(properties) = &publish.properties {
            self.check_user(channel.user, properties, PUBLISH)?;
            wishes.time_to_live = time_to_live(properties)?;
            if let Some(headers) = &properties.headers {
                let keys = read_cc(headers, PUBLISH)?;
                wishes.origin.blind = keys.has_bcc();
                extra_keys = Some(keys);
                straight = None;
            }
            check_delivery_mode(properties)?;
        }
        self.counters.message += 1;
        let id = MessageId(self.counters.message);
        let mandatory = publish.mandatory;
        let message = made(&mut self.places, id, publish);
        if holds {
            self.find_where(
                row,
                known.is_some(),
                exchange,
                &message,
                extra_keys,
                effects,
            );
            if !self.routes.delayed.is_empty() {
                self.hold_back(now, &message, wishes, effects);
            }
            self.hold_publish(row, exchange, message, wishes, mandatory);
            return Ok(id);
        }
        append(effects, || Effect::Published {
            channel: reference,
            exchange,
            message: id,
        });
        let mut unroutable = false;
        let ack = match straight {
            Some((queue, via)) => self.enqueue(now, queue, message, wishes, via, effects),
            None => {
                self.find_where(
                    row,
                    known.is_some(),
                    exchange,
                    &message,
                    extra_keys,
                    effects,
                );
                if !self.routes.delayed.is_empty() {
                    self.hold_back(now, &message, wishes, effects);
                }
                unroutable = self.routes.queues.is_empty();
                let returns = mandatory.then_some(reference);
                self.publish_where_routed(now, exchange, message, wishes, returns, effects)
            }
        };
        if confirms {
            self.confirm(row, (ack, unroutable), effects);
        }
        Ok(id)
    }

    /// Sends a published message where it was found to go; says whether all queues took it. It goes
    /// back by the channel `returns` when there are none.
    pub(super) fn publish_where_routed(
        &mut self,
        now: SimTime,
        exchange: ExchangeId,
        message: Message,
        wishes: Wishes,
        returns: Option<ChannelRef>,
        effects: &mut Effects,
    ) -> bool {
        let id = message.id();
        self.state_forwards(id, effects);
        let comes_later = returns.is_none() && !self.routes.delayed.is_empty();
        if self.routes.queues.is_empty() && !comes_later {
            let fate = match returns {
                Some(_) => UnroutableFate::Returned,
                None if self.is_reply(&message) => UnroutableFate::Replied,
                None => UnroutableFate::Dropped,
            };
            effects.push(Effect::Unroutable {
                message: id,
                exchange,
                fate,
            });
            if let Some(channel) = returns {
                effects.push(Effect::Return {
                    channel,
                    code: ReplyCode::NoRoute,
                    message: seen(&message, wishes.origin),
                });
            }
        }
        self.enqueue_where_routed(now, message, wishes, effects)
    }

    /// Confirms the latest publish of a channel in confirm mode.
    fn confirm(&mut self, row: u32, (ack, unroutable): (bool, bool), effects: &mut Effects) {
        if let Some(channel) = self.channels.get_mut(row)
            && let Mode::Confirm(sequence) = &mut channel.mode
        {
            sequence.0 += 1;
            let (channel, sequence) = (channel.reference, *sequence);
            effects.push(Effect::Confirm {
                channel,
                sequence,
                // Nothing before it is unconfirmed: RabbitMQ then nacks as of many, acks as of one.
                multiple: !ack,
                ack,
                unroutable,
            });
        }
    }

    #[inline]
    fn check_publish(&self, publish: &Publish) -> Result<(), AmqpError> {
        if publish.immediate {
            let text = "immediate=true";
            return Err(AmqpError::new(ReplyCode::NotImplemented, text, PUBLISH));
        }
        let octets = publish.body.octets();
        let most = profile::message_octets_max(self.options.profile);
        if octets > most {
            let text = format!("message size {octets} is larger than configured max size {most}");
            return Err(AmqpError::new(ReplyCode::PreconditionFailed, text, PUBLISH));
        }
        Ok(())
    }

    /// Finds the queues for a message that is published, `extra_keys` being those of its headers.
    fn find_where(
        &mut self,
        row: u32,
        known: bool,
        exchange: ExchangeId,
        message: &Message,
        extra_keys: Option<CcKeys>,
        effects: &mut Effects,
    ) {
        match &extra_keys {
            Some(keys) => self.find_routes(exchange, message, keys.all()),
            None => self.find_way(row, known, exchange, message),
        }
        if message.exchange().is_empty() {
            self.hand_replies(message, &extra_keys.unwrap_or_default(), effects);
        }
    }

    /// In a transaction: lets a message wait for the commit, with the way that was just found.
    fn hold_publish(
        &mut self,
        row: u32,
        exchange: ExchangeId,
        message: Message,
        wishes: Wishes,
        mandatory: bool,
    ) {
        let found = self.routes.queues.iter();
        let names = found.filter_map(|(queue, _)| self.queues.get(*queue));
        let mut names: Vec<_> = names.map(|queue| queue.name.clone()).collect();
        let mut queues = self.routes.queues.clone();
        if message.exchange().is_empty() {
            // The default exchange names queues that are not there yet as well.
            let headers = message.headers();
            let extra = headers.and_then(|headers| read_cc(headers, PUBLISH).ok());
            let extra = extra.unwrap_or_default();
            for key in std::iter::once(message.routing_key()).chain(extra.all()) {
                if names.iter().all(|name| name.as_str() != key.as_str()) {
                    names.push(QueueName::truncated(key.as_str()));
                    queues.push((NO_QUEUE, exchange));
                }
            }
        }
        if let Some(channel) = self.channels.get_mut(row)
            && let Mode::Transaction(open) = &mut channel.mode
        {
            open.hold(HeldPublish {
                names,
                message,
                wishes,
                exchange,
                mandatory,
                queues,
                forwarded: self.routes.forwarded.clone(),
                delayed: self.routes.delayed.clone(),
            });
        }
    }

    /// Finds the queues for a message.
    pub(super) fn find_routes(
        &mut self,
        exchange: ExchangeId,
        message: &Message,
        extra_keys: &[RoutingKey],
    ) {
        self.topology
            .route(exchange, &Sought::by(message), extra_keys, &mut self.routes);
    }

    /// Finds the queues for a message without headers: by the way of its channel's last publish when
    /// it is `known` to be the same.
    fn find_way(&mut self, row: u32, known: bool, exchange: ExchangeId, message: &Message) {
        if known {
            if let Some(channel) = self.channels.get(row) {
                self.routes.repeat(&channel.way);
            }
            return;
        }
        self.find_routes(exchange, message, &[]);
        if let Some(channel) = self.channels.get_mut(row) {
            let epoch = self.topology.epoch();
            channel.way.keep(epoch, exchange, message, &self.routes);
        }
    }

    /// States which exchanges a message passed through.
    pub(super) fn state_forwards(&self, message: MessageId, effects: &mut Effects) {
        for &(from, to, alternate) in &self.routes.forwarded {
            effects.push(Effect::Forwarded {
                message,
                from,
                to,
                alternate,
            });
        }
    }

    /// Puts a message into all queues that were found for it; says whether all took it.
    #[inline]
    pub(super) fn enqueue_where_routed(
        &mut self,
        now: SimTime,
        message: Message,
        wishes: Wishes,
        effects: &mut Effects,
    ) -> bool {
        if let [(queue, via)] = *self.routes.queues {
            return self.enqueue(now, queue, message, wishes, via, effects);
        }
        self.enqueue_in_many(now, message, wishes, effects)
    }

    fn enqueue_in_many(
        &mut self,
        now: SimTime,
        message: Message,
        wishes: Wishes,
        effects: &mut Effects,
    ) -> bool {
        let mut all = true;
        let Some(last) = self.routes.queues.len().checked_sub(1) else {
            return all;
        };
        for index in 0..last {
            let (queue, via) = self.routes.queues[index];
            all &= self.enqueue(now, queue, message.clone(), wishes, via, effects);
        }
        let (queue, via) = self.routes.queues[last];
        self.enqueue(now, queue, message, wishes, via, effects) && all
    }

    /// Puts a message into a queue, or hands it straight to a consumer; says whether the queue took
    /// it.
    fn enqueue(
        &mut self,
        now: SimTime,
        id: QueueId,
        message: Message,
        wishes: Wishes,
        via: ExchangeId,
        effects: &mut Effects,
    ) -> bool {
        let Some(queue) = self.queues.get_mut(id) else {
            return true;
        };
        if queue.settings.overflow != Overflow::DropHead && queue.has_no_room(message.body_octets())
        {
            queue.refuse(
                &message,
                wishes.origin,
                via,
                effects,
                &mut self.dead_letters,
            );
            return false;
        }
        self.counters.copy += 1;
        let copy = CopyId(self.counters.copy);
        append(effects, || Effect::Enqueued {
            queue: id,
            copy,
            message: message.id(),
            via,
        });
        let ttl = match (queue.settings.message_ttl, wishes.time_to_live) {
            (Some(queue), Some(message)) => Some(queue.min(message)),
            (queue, message) => queue.or(message),
        };
        let expires_at = ttl.map_or(SimTime::MAX, |ttl| now + ttl);
        let tells = queue.settings.tells;
        let entry = Entry::new(copy, message, now, expires_at, wishes.origin, tells);
        let alone = queue.ready.is_empty();
        if (alone || queue.settings.single_active)
            && let Some(consumer) = take_turn(queue, &mut self.consumers, &mut self.channels)
        {
            let no_ack = self.consumers.get(consumer).is_some_and(|it| it.no_ack);
            if !alone && !no_ack {
                return self.fall_over(now, id, entry, effects);
            }
            let hands = (&mut self.consumers, &mut self.channels, &mut self.looks);
            hand_over(now, queue, hands, consumer, entry, effects);
            return true;
        }
        let letters = &mut self.dead_letters;
        if !alone && entry.expires_at <= now && queue.keeps_nothing() {
            queue.drop_entry(entry, DropReason::Expired, false, effects, letters);
            return true;
        }
        queue.append(entry);
        let looks = queue.trim(effects, letters) || queue.ready.len() == 1;
        if queue.timed && (looks || !profile::looks_late(self.options.profile)) {
            queue.look(now, effects, letters);
            self.note_deadline(id);
        }
        true
    }
}

#[inline(always)]
fn made(places: &mut Places, id: MessageId, publish: Publish) -> Message {
    let Publish {
        exchange,
        routing_key,
        properties,
        body,
        ..
    } = publish;
    match body {
        Body::Octets(octets) => {
            Message::new_in(places, id, exchange, routing_key, properties, octets)
        }
        Body::Blank(octets) => {
            Message::blank_in(places, id, exchange, routing_key, properties, octets)
        }
    }
}

/// The message as everybody but the broker sees it: without the BCC header.
#[inline(always)]
pub(super) fn seen(message: &Message, origin: Origin) -> Message {
    if origin.blind {
        without_bcc(message)
    } else {
        message.clone()
    }
}

/// The message of a queue as a consumer sees it: a quorum queue says how often it came back, and that
/// it never did only `fetched` one by one (measured on 3.10.8).
#[inline(always)]
pub(super) fn shown(entry: &Entry, fetched: bool) -> Message {
    if entry.tells_failures() && (fetched || entry.redelivered()) {
        with_returns(entry)
    } else {
        seen(&entry.message, entry.origin())
    }
}

/// As `rabbit_fifo_client` adds it: a long among headers that are sorted thereby. Since 4.3 there are
/// two; that of failures stands there as well while it is 0, which nobody has published.
#[cold]
fn with_returns(entry: &Entry) -> Message {
    let message = seen(&entry.message, entry.origin());
    let properties = message.properties().map(|shared| Properties::clone(shared));
    let mut properties = properties.unwrap_or_default();
    let mut headers = properties.headers.take().unwrap_or_default();
    headers.set("x-delivery-count", entry.failures());
    if entry.tells_returns() && entry.redelivered() {
        headers.set("x-acquired-count", entry.returns());
    }
    headers.sort_by_key();
    properties.headers = Some(headers);
    let (exchange, key) = (message.exchange().clone(), message.routing_key().clone());
    message.republished(exchange, key, Some(Rc::new(properties)))
}

#[cold]
fn without_bcc(message: &Message) -> Message {
    let mut properties = message.properties().map(|shared| Properties::clone(shared));
    if let Some(headers) = properties
        .as_mut()
        .and_then(|properties| properties.headers.as_mut())
    {
        headers.remove("BCC");
    }
    let (exchange, key) = (message.exchange().clone(), message.routing_key().clone());
    message.republished(exchange, key, properties.map(Rc::new))
}

/// Whether answers are to come straight to its publisher.
fn asks_direct_reply(properties: &Properties) -> bool {
    let reply_to = properties.reply_to.as_ref();
    reply_to.is_some_and(|name| name.as_str() == PSEUDO_QUEUE)
}

/// RabbitMQ knows transient and persistent, and refuses what is neither.
fn check_delivery_mode(properties: &Properties) -> Result<(), AmqpError> {
    match properties.delivery_mode {
        None | Some(1 | 2) => Ok(()),
        Some(other) => {
            let text = format!("invalid message: {{delivery_mode_unknown,{other}}}");
            Err(AmqpError::new(ReplyCode::PreconditionFailed, text, PUBLISH))
        }
    }
}

/// A text as Erlang's `~p` prints it: its octets in quotes, or one by one when Latin-1 cannot print all.
#[cold]
fn quoted(text: &str) -> String {
    let octets = text.as_bytes();
    in_quotes(octets).unwrap_or_else(|| format!("[{}]", numbers(octets)))
}

/// Reads `expiration`: a decimal number of milliseconds, at most ten years.
fn time_to_live(properties: &Properties) -> Result<Option<SimDuration>, AmqpError> {
    let Some(expiration) = &properties.expiration else {
        return Ok(None);
    };
    let text = expiration.as_str();
    let refuse = |tag: &str, value: &str| {
        let mut text = format!("invalid expiration '{text}': ");
        if value.is_empty() {
            text.push_str(tag);
        } else {
            AmqpError::push_term(&mut text, tag, value);
        }
        Err(AmqpError::new(ReplyCode::PreconditionFailed, text, PUBLISH))
    };
    let digits_from = usize::from(text.starts_with(['+', '-']));
    let digits = text[digits_from..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    if digits == 0 {
        return refuse("no_integer", "");
    }
    let (number, rest) = text.split_at(digits_from + digits);
    if !rest.is_empty() {
        return refuse("leftover_string", &quoted(rest));
    }
    match number.parse::<i64>() {
        Ok(value) if value < 0 => refuse("value_negative", &value.to_string()),
        Ok(value) if value <= TTL_MS_MAX => {
            Ok(Some(SimDuration::from_millis(value.unsigned_abs())))
        }
        _ if number.starts_with('-') => refuse("value_negative", number),
        _ => refuse("value_too_large", number.trim_start_matches('+')),
    }
}
