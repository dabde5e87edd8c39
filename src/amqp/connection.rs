//! One connection as the server keeps it: where it stands, what was agreed, what is to be written.
//!
//! Deliberately not here: reading what the client sends (`dialogue`), and the broker.

use super::content::write_header;
use super::frame::{FRAME_AROUND, HEADER, HEARTBEAT, begin, end, write_body, write_frame};
use super::method::{self, Method, Value};
use super::read::Malformed;
use super::settings::{Peer, Settings};
use super::state::{ChannelEvent, ChannelState, ConnectionEvent, ConnectionState};
use super::words::octets_of;
use crate::broker::Effect;
use crate::types::{
    AmqpError, ChannelRef, ConnectionId, ConsumerTag, DeliveryTag, ExchangeName, Message,
    Properties, PublishSequence, ReplyCode, RoutingKey, SimDuration, SimTime, SortedMap, UserId,
};
use std::rc::Rc;

/// The least frame-max, which holds until another is agreed on.
pub(super) const FRAME_MAX_LEAST: u32 = 4096;
/// RabbitMQ lets clients it does not trust wait so long (`SILENT_CLOSE_DELAY`).
pub(super) const SILENCE: SimDuration = SimDuration::from_secs(3);
/// So long a `close-ok` is awaited (`CLOSING_TIMEOUT`).
pub(super) const CLOSING: SimDuration = SimDuration::from_secs(30);
/// Octets of an output that are kept for the next when it is written.
const OUTPUT_KEPT: usize = 4096;

/// A message whose content has not come whole.
#[derive(Debug, Clone)]
pub(super) enum Assembly {
    /// A method is awaited.
    Method,
    /// A content header is awaited for this method.
    Header(Head),
    /// Body frames are awaited.
    Body {
        /// The method.
        head: Head,
        /// What the header said; what cannot be read is objected to when the body is there.
        properties: ReadProperties,
        /// How many octets are still to come.
        left: u64,
        /// Those that came; none are kept of a message that is too large.
        octets: Vec<u8>,
        /// How many were announced.
        announced: u64,
    },
}

/// Properties of a content header, if they could be read and there are any.
pub(super) type ReadProperties = Result<Option<Rc<Properties>>, Malformed>;

/// A method that content follows.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) method: &'static Method,
    pub(super) exchange: ExchangeName,
    pub(super) routing_key: RoutingKey,
    pub(super) mandatory: bool,
    pub(super) immediate: bool,
}

/// Confirms that are decided and not yet written.
#[derive(Debug, Clone)]
struct Confirms {
    /// The last that is acked, and whether it stands for others before it.
    acked: Option<(PublishSequence, bool)>,
    /// Those that are nacked, and of those that are acked the ones that no queue was to decide; whether
    /// it is one of these.
    special: Vec<(PublishSequence, bool)>,
}

impl Confirms {
    const fn new() -> Self {
        Self {
            acked: None,
            special: Vec::new(),
        }
    }
}

/// A channel as its connection knows it.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) state: ChannelState,
    pub(super) assembly: Assembly,
    confirms: Confirms,
    /// Whether deliveries to it wait to be written.
    unwritten: bool,
}

impl Channel {
    pub(super) const fn new() -> Self {
        Self {
            state: ChannelState::Fresh,
            assembly: Assembly::Method,
            confirms: Confirms::new(),
            unwritten: false,
        }
    }
}

/// What the client's capabilities say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Capabilities {
    pub(super) authentication_failure_close: bool,
    pub(super) consumer_cancel_notify: bool,
    pub(super) connection_blocked: bool,
}

/// Signs of life: what was seen since they were last looked for.
#[derive(Debug, Clone, Copy, Default)]
struct Pulse {
    received: bool,
    sent: bool,
    /// Whether it was ever looked whether something was sent.
    begun: bool,
    /// How often in a row nothing had come.
    missed: u8,
    /// When to look again whether something was sent.
    send_at: Option<SimTime>,
    /// When to look again whether something came.
    receive_at: Option<SimTime>,
}

/// One connection.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    pub(super) id: ConnectionId,
    pub(super) state: ConnectionState,
    pub(super) peer: Peer,
    /// What the client calls itself, when it has said so.
    pub(super) name: Option<Rc<str>>,
    pub(super) capabilities: Capabilities,
    pub(super) user: UserId,
    pub(super) channel_max: u16,
    pub(super) frame_max: u32,
    heartbeat: u16,
    pub(super) channels: SortedMap<u16, Channel>,
    /// Octets of a frame that has not come whole.
    pub(super) pending: Vec<u8>,
    output: Vec<u8>,
    /// How much of the output is written.
    written: usize,
    /// How much of the output is deliveries, which the broker holds back by itself.
    delivered: usize,
    /// Channels with deliveries in the output.
    unwritten: Vec<u16>,
    /// Channels with confirms to write.
    confirming: Vec<u16>,
    /// When patience ends: with a handshake, a silence, a wait for `close-ok`.
    patience: Option<SimTime>,
    pulse: Pulse,
    /// Whether the broker reads nothing of it because of an alarm.
    pub(super) blocked: bool,
    /// Whether it reads nothing because queues cannot handle so much.
    pub(super) in_flow: bool,
    /// What had come when it was blocked and is not heard yet.
    pub(super) unheard: Vec<u8>,
    /// Whether too much of what it asked for waits to be written.
    pub(super) is_full: bool,
    /// Whether its pipe is still to be told that it is read again.
    pub(super) hears_again: bool,
    /// Whether it stands in the server's list of those that have something to say.
    pub(super) woken: bool,
    /// Whether the broker knows it.
    pub(super) known: bool,
}

impl Connection {
    pub(super) fn new(now: SimTime, id: ConnectionId, peer: Peer, settings: &Settings) -> Self {
        Self {
            id,
            state: ConnectionState::Connected,
            peer,
            name: None,
            capabilities: Capabilities::default(),
            user: UserId::default(),
            channel_max: settings.channel_max,
            frame_max: FRAME_MAX_LEAST,
            heartbeat: 0,
            channels: SortedMap::new(),
            pending: Vec::new(),
            output: Vec::new(),
            written: 0,
            delivered: 0,
            unwritten: Vec::new(),
            confirming: Vec::new(),
            patience: settings.handshake.map(|patience| now + patience),
            pulse: Pulse::default(),
            blocked: false,
            in_flow: false,
            unheard: Vec::new(),
            is_full: false,
            hears_again: false,
            woken: false,
            known: false,
        }
    }

    /// What is to be written.
    pub(super) fn output(&self) -> &[u8] {
        &self.output[self.written..]
    }

    /// Takes `octets` off the front of the output, since they are written; says whether that was all.
    pub(super) fn take_written(&mut self, octets: usize) -> bool {
        self.written = (self.written + octets).min(self.output.len());
        if self.written < self.output.len() {
            return false;
        }
        self.written = 0;
        self.delivered = 0;
        self.is_full = false;
        self.output.clear();
        self.output.shrink_to(OUTPUT_KEPT);
        true
    }

    /// The channels with deliveries that were in the output, all written now.
    pub(super) fn take_unwritten(&mut self) -> Vec<u16> {
        let channels = std::mem::take(&mut self.unwritten);
        for number in &channels {
            if let Some(channel) = self.channels.get_mut(number) {
                channel.unwritten = false;
            }
        }
        channels
    }

    pub(super) fn octets_waiting(&self) -> usize {
        self.output.len() - self.written
    }

    /// What waits and is no delivery: the client asked for it, so asking can be held back. A client
    /// that is busy publishing must not be, or it would never come to read what it consumes.
    pub(super) fn octets_asked_for(&self) -> usize {
        self.octets_waiting().saturating_sub(self.delivered)
    }

    pub(super) fn write_raw(&mut self, octets: &[u8]) {
        self.output.extend_from_slice(octets);
    }

    /// Says a method.
    pub(super) fn say(&mut self, channel: u16, method: &Method, values: &[Value<'_>]) {
        self.pulse.sent = true;
        method.write(&mut self.output, channel, values);
    }

    pub(super) fn on(&mut self, event: ConnectionEvent) {
        self.state = self.state.after(event);
        if self.state == ConnectionState::Over || self.state == ConnectionState::Running {
            self.patience = None;
        }
    }

    pub(super) const fn wait_until(&mut self, instant: SimTime) {
        self.patience = Some(instant);
    }

    /// Says `connection.close` for `error`.
    pub(super) fn say_close(&mut self, now: SimTime, error: &AmqpError) {
        self.pending = Vec::new();
        self.forget_channels();
        self.say_error(0, &method::CONNECTION_CLOSE, error);
        self.on(ConnectionEvent::Exception);
        self.patience = Some(now + CLOSING);
    }

    /// Channels end with their connection, and with them what they had yet to say.
    pub(super) fn forget_channels(&mut self) {
        self.channels = SortedMap::new();
    }

    /// Both closes have the same fields: code, text, and the method that was refused.
    fn say_error(&mut self, number: u16, close: &'static Method, error: &AmqpError) {
        let text = error.whole_text();
        let mut octets = octets_of(&text);
        if octets.len() > AmqpError::REPLY_TEXT_OCTETS_MAX {
            // RabbitMQ cuts octets, be it within a character.
            let octets = octets.to_mut();
            octets.truncate(AmqpError::REPLY_TEXT_OCTETS_MAX - 3);
            octets.extend_from_slice(b"...");
        }
        let values = [
            Value::Short(error.code.number()),
            Value::ShortString(&octets),
            Value::Short(error.method.class),
            Value::Short(error.method.method),
        ];
        self.say(number, close, &values);
    }

    fn say_channel_close(&mut self, number: u16, error: &AmqpError) {
        self.say_confirms_of(number, true);
        self.say_error(number, &method::CHANNEL_CLOSE, error);
        if let Some(channel) = self.channels.get_mut(&number) {
            channel.state = channel.state.after(ChannelEvent::Exception);
        }
    }

    /// Carries one of the broker's effects to the client, when it is one of those.
    #[inline]
    pub(super) fn carry(&mut self, now: SimTime, effect: &Effect) {
        match effect {
            Effect::Deliver(delivery) => self.deliver(
                delivery.channel.channel,
                &delivery.consumer_tag,
                delivery.delivery_tag,
                delivery.redelivered,
                &delivery.message,
            ),
            Effect::DirectReply {
                channel,
                consumer_tag,
                delivery_tag,
                message,
            } => self.deliver(channel.channel, consumer_tag, *delivery_tag, false, message),
            Effect::Confirm {
                channel,
                sequence,
                multiple: _,
                ack,
                unroutable,
            } => self.confirm(channel.channel, *sequence, (*ack, *unroutable)),
            Effect::Return {
                channel,
                code,
                message,
            } => self.give_back(channel.channel, *code, message),
            Effect::ConsumerCancelled {
                channel,
                consumer_tag,
            } if self.capabilities.consumer_cancel_notify => {
                let tag = octets_of(consumer_tag.as_str());
                let values = [Value::ShortString(&tag), Value::Bit(true)];
                self.say(channel.channel, &method::BASIC_CANCEL, &values);
            }
            Effect::ChannelClosed { channel, error } => {
                self.say_channel_close(channel.channel, error);
            }
            Effect::ConnectionBlocked { reason, .. } => {
                self.blocked = true;
                if self.capabilities.connection_blocked {
                    let reason = octets_of(reason);
                    let values = [Value::ShortString(&reason)];
                    self.say(0, &method::CONNECTION_BLOCKED, &values);
                }
            }
            Effect::ConnectionUnblocked { .. } => {
                self.blocked = false;
                self.hears_again = true;
                if self.capabilities.connection_blocked {
                    self.say(0, &method::CONNECTION_UNBLOCKED, &[]);
                }
            }
            Effect::ConnectionFlow { on, .. } => {
                self.in_flow = *on;
                self.hears_again |= !*on;
            }
            Effect::ConnectionClosed { error, .. } => {
                self.known = false;
                self.say_close(now, error);
            }
            // What this client did not ask to be told.
            Effect::ConsumerCancelled { .. } => {}
            fact => debug_assert!(fact.addressee().is_none(), "nobody carries {fact:?}"),
        }
    }

    #[inline]
    fn deliver(
        &mut self,
        number: u16,
        consumer_tag: &ConsumerTag,
        delivery_tag: DeliveryTag,
        redelivered: bool,
        message: &Message,
    ) {
        let Some(channel) = self.channels.get_mut(&number) else {
            return;
        };
        if !channel.unwritten {
            channel.unwritten = true;
            self.unwritten.push(number);
        }
        let before = self.output.len();
        let tag = octets_of(consumer_tag.as_str());
        let exchange = octets_of(message.exchange().as_str());
        let key = octets_of(message.routing_key().as_str());
        let values = [
            Value::ShortString(&tag),
            Value::LongLong(delivery_tag.0),
            Value::Bit(redelivered),
            Value::ShortString(&exchange),
            Value::ShortString(&key),
        ];
        self.say(number, &method::BASIC_DELIVER, &values);
        self.say_content(number, message);
        self.delivered += self.output.len() - before;
    }

    /// Says the content that follows a method.
    pub(super) fn say_content(&mut self, channel: u16, message: &Message) {
        let out = &mut self.output;
        let body = message.body();
        out.reserve(body.len() + 8 * FRAME_AROUND);
        let at = begin(out, HEADER, channel);
        write_header(out, body.len() as u64, message.properties().map(|it| &**it));
        end(out, at);
        write_body(out, channel, body, self.frame_max);
    }

    fn give_back(&mut self, number: u16, code: ReplyCode, message: &Message) {
        let exchange = octets_of(message.exchange().as_str());
        let key = octets_of(message.routing_key().as_str());
        let values = [
            Value::Short(code.number()),
            Value::ShortString(code.name().as_bytes()),
            Value::ShortString(&exchange),
            Value::ShortString(&key),
        ];
        self.say_confirms_of(number, false);
        self.say(number, &method::BASIC_RETURN, &values);
        self.say_content(number, message);
    }

    /// Notes a confirm; those that follow each other are said as one.
    fn confirm(&mut self, number: u16, sequence: PublishSequence, (ack, unroutable): (bool, bool)) {
        let Some(channel) = self.channels.get_mut(&number) else {
            return;
        };
        let confirms = &mut channel.confirms;
        if confirms.acked.is_none() && confirms.special.is_empty() {
            self.confirming.push(number);
        }
        if !ack || unroutable {
            confirms.special.push((sequence, ack));
        }
        if ack {
            confirms.acked = Some((sequence, confirms.acked.is_some()));
        }
    }

    /// Writes the confirms of a channel that wait. With the channel what queues decided is lost, and what
    /// it knew by itself is still said (measured).
    fn say_confirms_of(&mut self, number: u16, ends: bool) {
        let Some(channel) = self.channels.get_mut(&number) else {
            return;
        };
        let Confirms { acked, special } = std::mem::replace(&mut channel.confirms, Confirms::new());
        for (sequence, unroutable) in special {
            if unroutable == ends {
                let no = Value::Bit(false);
                let values = [Value::LongLong(sequence.0), no, no];
                if unroutable {
                    self.say(number, &method::BASIC_ACK, &values[..2]);
                } else {
                    self.say(number, &method::BASIC_NACK, &values);
                }
            }
        }
        if let Some((sequence, multiple)) = acked.filter(|_| !ends) {
            let values = [Value::LongLong(sequence.0), Value::Bit(multiple)];
            self.say(number, &method::BASIC_ACK, &values);
        }
    }

    /// Writes all confirms that wait.
    pub(super) fn say_confirms(&mut self) {
        while let Some(number) = self.confirming.pop() {
            self.say_confirms_of(number, false);
        }
    }

    /// The limits that the client chose hold from now on, and signs of life are looked for.
    pub(super) fn tune(&mut self, now: SimTime, channel_max: u16, frame_max: u32, heartbeat: u16) {
        self.channel_max = channel_max;
        self.frame_max = frame_max;
        self.heartbeat = heartbeat;
        if heartbeat > 0 {
            self.pulse.send_at = Some(now + self.half_a_beat());
            self.pulse.receive_at = Some(now + SimDuration::from_secs(heartbeat.into()));
        }
    }

    const fn half_a_beat(&self) -> SimDuration {
        SimDuration::from_millis(self.heartbeat as u64 * 500)
    }

    pub(super) const fn note_received(&mut self) {
        self.pulse.received = true;
    }

    /// Whether nothing more of it is heard for now: because of an alarm, because queues cannot handle so
    /// much, or because too much of what it asked for waits to be written.
    pub(super) const fn is_held(&self) -> bool {
        self.blocked || self.in_flow || self.is_full
    }

    /// Whether it waits to be heard, being held no more.
    pub(super) fn is_to_be_heard(&self) -> bool {
        !self.is_held() && !self.unheard.is_empty()
    }

    /// When to be asked again by [`meet_deadline`](Self::meet_deadline).
    pub(super) fn deadline(&self) -> SimTime {
        if self.is_to_be_heard() {
            return SimTime::ZERO;
        }
        let all = [self.patience, self.pulse.send_at, self.pulse.receive_at];
        let first = all.into_iter().flatten().min();
        first.unwrap_or(SimTime::MAX)
    }

    /// Does what is due: a heartbeat, or the end of patience.
    pub(super) fn meet_deadline(&mut self, now: SimTime) {
        if self.patience.is_some_and(|due| due <= now) {
            return self.on(ConnectionEvent::Timeout);
        }
        if self.state == ConnectionState::Over {
            (self.pulse.send_at, self.pulse.receive_at) = (None, None);
            return;
        }
        if self.pulse.send_at.is_some_and(|due| due <= now) {
            let first = !std::mem::replace(&mut self.pulse.begun, true);
            if !std::mem::take(&mut self.pulse.sent) || first {
                write_frame(&mut self.output, HEARTBEAT, 0, |_| {});
            }
            self.pulse.send_at = Some(now + self.half_a_beat());
        }
        if self.pulse.receive_at.is_some_and(|due| due <= now) {
            // Nothing is missed of a connection that is not read.
            let received = std::mem::take(&mut self.pulse.received) || self.is_held();
            self.pulse.missed = if received { 0 } else { self.pulse.missed + 1 };
            if self.pulse.missed > 1 {
                return self.on(ConnectionEvent::Timeout);
            }
            let beat = SimDuration::from_secs(self.heartbeat.into());
            self.pulse.receive_at = Some(now + beat);
        }
    }

    pub(super) const fn reference(&self, channel: u16) -> ChannelRef {
        ChannelRef::new(self.id, channel)
    }
}
