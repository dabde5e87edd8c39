//! What a client sends, frame by frame, and what is answered.
//!
//! A dialogue is one turn: octets came on one connection, everything it needs is at hand. Source: AMQP
//! 0-9-1, 2.2.4 and 4.2, and the order in which RabbitMQ checks (`rabbit_reader`,
//! `rabbit_command_assembler`). Deliberately not here: the handshake (`handshake`) and what methods on
//! channels ask of the broker (`request`).

use super::connection::{Assembly, Channel, Connection, Head, ReadProperties, SILENCE};
use super::content::{read_head, read_properties};
use super::erlang::{binary, snippet};
use super::frame::{self, BadFrame, FRAME_AROUND, Frame, read_frame};
use super::method::{
    self, Arguments, BASIC_DELIVER, BASIC_GET_OK, BASIC_PUBLISH, BASIC_RETURN, Method, names,
};
use super::read::Malformed;
use super::server::wake;
use super::settings::Settings;
use super::state::{ChannelEvent, ChannelState, ConnectionEvent, ConnectionState};
use super::words::Words;
use crate::broker::{Body, Broker, Command, Effects, Publish, Reply};
use crate::types::{AmqpError, ConnectionId, MethodId, ReplyCode, Rising, SimTime};

/// A turn of one connection.
pub(super) struct Dialogue<'a> {
    pub(super) connection: &'a mut Connection,
    /// All others.
    pub(super) others: &'a mut Rising<Box<Connection>>,
    pub(super) woken: &'a mut Vec<ConnectionId>,
    pub(super) words: &'a mut Words,
    pub(super) settings: &'a Settings,
    pub(super) broker: &'a mut Broker,
    pub(super) now: SimTime,
    pub(super) effects: &'a mut Effects,
}

/// Why a frame ends the whole connection.
pub(super) enum Fatal {
    /// With `connection.close`.
    Close(AmqpError),
    /// With `connection.close`, and nothing more is read.
    Deaf(AmqpError),
    /// Without a word, as RabbitMQ's reader crashes.
    Silent,
}

impl From<AmqpError> for Fatal {
    fn from(error: AmqpError) -> Self {
        Self::Close(error)
    }
}

/// No method is to blame.
const NOBODY: MethodId = MethodId::new(0, 0);
/// So many octets of a partial frame are kept for the next one.
const PENDING_KEPT: usize = 4096;

/// Octets without which a frame is not what its type says: a method's class and number, what stands
/// before a message's properties.
const fn least_octets(kind: u8) -> usize {
    match kind {
        frame::METHOD => 4,
        frame::HEADER => 12,
        _ => 0,
    }
}

const fn place(name: &str) -> usize {
    names::BASIC_PUBLISH.place(name)
}

impl Dialogue<'_> {
    /// Hears octets.
    pub(super) fn hear(&mut self, octets: &[u8]) {
        if self.connection.unheard.is_empty() {
            return self.hear_now(octets);
        }
        let mut all = std::mem::take(&mut self.connection.unheard);
        all.extend_from_slice(octets);
        self.hear_now(&all);
    }

    fn hear_now(&mut self, mut octets: &[u8]) {
        while !octets.is_empty() && self.is_listening() {
            if self.connection.state == ConnectionState::Connected {
                self.hear_protocol_header(&mut octets);
            } else if self.connection.pending.is_empty() {
                self.hear_frames(&mut octets);
            } else {
                self.complete_frame(&mut octets);
            }
        }
        if self.connection.is_held() {
            self.connection.unheard.extend_from_slice(octets);
        }
    }

    fn is_listening(&self) -> bool {
        if self.connection.is_held() {
            return false;
        }
        match self.connection.state {
            ConnectionState::Connected
            | ConnectionState::Starting
            | ConnectionState::Tuning
            | ConnectionState::Opening
            | ConnectionState::Running
            | ConnectionState::Closing => true,
            ConnectionState::Closed | ConnectionState::Distrusted | ConnectionState::Over => false,
        }
    }

    /// Hears the frames that are whole in `octets`; what is left over waits.
    fn hear_frames(&mut self, octets: &mut &[u8]) {
        let mut rest = *octets;
        *octets = &[];
        while self.is_listening() {
            let taken = self.hear_frame(rest);
            if taken == 0 {
                self.connection.pending.extend_from_slice(rest);
                break;
            }
            rest = &rest[taken..];
            if self.connection.is_held() {
                *octets = rest;
            }
        }
    }

    /// Takes from `octets` what the frame that has begun still needs.
    fn complete_frame(&mut self, octets: &mut &[u8]) {
        let pending = &mut self.connection.pending;
        let needed = match pending.first_chunk::<7>() {
            None => 7,
            Some([_, _, _, size @ ..]) => FRAME_AROUND + u32::from_be_bytes(*size) as usize,
        };
        let missing = needed.saturating_sub(pending.len()).min(octets.len());
        let (own, rest) = octets.split_at(missing);
        pending.extend_from_slice(own);
        *octets = rest;
        // The length is looked at as soon as it is there: what is too large never gets room.
        let mut whole = std::mem::take(pending);
        let taken = self.hear_frame(&whole);
        if taken == 0 && self.is_listening() {
            self.connection.pending = whole;
        } else {
            whole.clear();
            whole.shrink_to(PENDING_KEPT);
            self.connection.pending = whole;
        }
    }

    /// Hears the frame at the beginning of `octets`; says how many it took, 0 when it is not whole.
    fn hear_frame(&mut self, octets: &[u8]) -> usize {
        let closing = self.connection.state == ConnectionState::Closing;
        match read_frame(octets, self.connection.frame_max) {
            Ok(None) => 0,
            Ok(Some((frame, taken))) => {
                if let Err(fatal) = self.frame(frame) {
                    self.end_for(fatal);
                }
                let asked_for = self.connection.octets_asked_for();
                self.connection.is_full = asked_for >= self.settings.output_octets_max;
                taken
            }
            Err(_) if closing => {
                self.end_for(Fatal::Silent);
                octets.len()
            }
            Err(bad) => {
                self.end_for(Fatal::Deaf(unreadable(bad)));
                octets.len()
            }
        }
    }

    fn end_for(&mut self, fatal: Fatal) {
        let state = self.connection.state;
        let trusted = match state {
            ConnectionState::Opening | ConnectionState::Running | ConnectionState::Closing => true,
            ConnectionState::Connected
            | ConnectionState::Starting
            | ConnectionState::Tuning
            | ConnectionState::Closed
            | ConnectionState::Distrusted
            | ConnectionState::Over => false,
        };
        match fatal {
            Fatal::Silent => {
                self.leave_broker();
                self.connection.state = ConnectionState::Over;
            }
            Fatal::Close(_) | Fatal::Deaf(_) if !trusted => self.distrust(),
            Fatal::Close(error) => {
                self.leave_broker();
                self.connection.say_close(self.now, &error);
            }
            Fatal::Deaf(error) => {
                self.leave_broker();
                self.connection.say_close(self.now, &error);
                self.connection.state = ConnectionState::Distrusted;
                self.connection.wait_until(self.now + SILENCE);
            }
        }
    }

    /// Nothing more is heard or said; the pipe is dropped after a while.
    pub(super) fn distrust(&mut self) {
        self.connection.on(ConnectionEvent::Distrust);
        self.connection.wait_until(self.now + SILENCE);
    }

    /// Whatever the connection has in the broker ends.
    pub(super) fn leave_broker(&mut self) {
        if std::mem::take(&mut self.connection.known) {
            // What was caused before is carried already.
            let from = self.effects.len();
            // It was open, so it can be closed.
            let _ = self.apply(0, Command::ConnectionClose);
            self.carry(from);
        }
    }

    /// Lets the broker carry out a command; its effects wait in the list.
    pub(super) fn apply(&mut self, channel: u16, command: Command) -> Result<Reply, AmqpError> {
        let channel = self.connection.reference(channel);
        self.broker.apply(self.now, channel, command, self.effects)
    }

    /// Carries all effects from the `from`-th on to the connections that they concern.
    #[inline]
    pub(super) fn carry(&mut self, from: usize) {
        let own = self.connection.id;
        for effect in &self.effects[from..] {
            let Some(id) = effect.addressee() else {
                continue;
            };
            if id == own {
                self.connection.carry(self.now, effect);
            } else if let Some(other) = self.others.get_mut(id.0.into()) {
                other.carry(self.now, effect);
                other.say_confirms();
                wake(other, self.woken);
            }
        }
        if !self.settings.watched {
            self.effects.truncate(from);
        }
    }

    fn frame(&mut self, frame: Frame<'_>) -> Result<(), Fatal> {
        let running = self.connection.state == ConnectionState::Running;
        let closing = self.connection.state == ConnectionState::Closing;
        match (frame.channel, frame.kind) {
            (_, kind) if frame.payload.len() < least_octets(kind) && !closing => {
                Err(bad_frame(frame, "unknown_frame").into())
            }
            (0, frame::METHOD) => self.method_of_connection(frame.payload),
            _ if closing => Ok(()),
            (0, frame::HEARTBEAT) if frame.payload.is_empty() => Ok(()),
            (0, frame::HEADER | frame::BODY) => Err(unexpected(frame).into()),
            (1.., frame::METHOD | frame::HEADER | frame::BODY) if running => {
                self.frame_of_channel(frame)
            }
            (1.., frame::HEARTBEAT) if frame.payload.is_empty() => Err(unexpected(frame).into()),
            (1.., _) if !running => Err(unexpected(frame).into()),
            _ => {
                let reason = "unknown_frame";
                Err(bad_frame(frame, reason).into())
            }
        }
    }

    fn method_of_connection(&mut self, payload: &[u8]) -> Result<(), Fatal> {
        let (method, fields) = method_in(payload)?;
        let arguments = read_fields(method, fields, method.id)?;
        self.check_tables(method, &arguments)?;
        if self.connection.state == ConnectionState::Closing {
            self.method_while_closing(method);
            return Ok(());
        }
        self.handle_connection_method(method, &arguments)
    }

    /// Tables are read with their method, so one that cannot be read ends the connection there.
    fn check_tables(&mut self, method: &Method, arguments: &Arguments<'_>) -> Result<(), Fatal> {
        let tables = method.kinds.iter().enumerate();
        for (at, _) in tables.filter(|(_, kind)| **kind == method::Kind::Table) {
            super::table::read_table(arguments.octets(at), self.words)
                .map_err(|malformed| of_table(malformed, method))?;
        }
        Ok(())
    }

    fn frame_of_channel(&mut self, frame: Frame<'_>) -> Result<(), Fatal> {
        let number = frame.channel;
        let (count, most) = (self.connection.channels.len(), self.connection.channel_max);
        if !self.connection.channels.contains_key(&number) {
            if count >= usize::from(most) {
                let text = format!(
                    "number of channels opened ({count}) has reached the negotiated \
                     channel_max ({most})"
                );
                return Err(AmqpError::new(ReplyCode::NotAllowed, text, NOBODY).into());
            }
            self.connection.channels.insert(number, Channel::new());
        }
        let Some(channel) = self.connection.channels.get_mut(&number) else {
            return Ok(());
        };
        match std::mem::replace(&mut channel.assembly, Assembly::Method) {
            Assembly::Method => {
                if frame.kind != frame::METHOD {
                    let text = "expected method frame, got non method frame instead";
                    return Err(AmqpError::new(ReplyCode::UnexpectedFrame, text, NOBODY).into());
                }
                self.method_of_channel(number, frame.payload)
            }
            Assembly::Header(head) => self.content_header(frame, head),
            Assembly::Body {
                head,
                properties,
                left,
                octets,
                announced,
            } => self.content_body(frame, head, properties, left, octets, announced),
        }
    }

    fn method_of_channel(&mut self, number: u16, payload: &[u8]) -> Result<(), Fatal> {
        let (method, fields) = method_in(payload)?;
        let arguments = read_fields(method, fields, NOBODY)?;
        let server_only = [&BASIC_RETURN, &BASIC_DELIVER, &BASIC_GET_OK];
        if method.id != BASIC_PUBLISH.id && !server_only.iter().any(|other| other.id == method.id) {
            return self.handle_channel_method(number, method, &arguments);
        }
        // Only a publish is asked for its fields when its content has come.
        let head = Head {
            method,
            exchange: self
                .words
                .text(arguments.octets(const { place("exchange") }))
                .into(),
            routing_key: self
                .words
                .text(arguments.octets(const { place("routing-key") }))
                .into(),
            mandatory: arguments.bit(const { place("mandatory") }),
            immediate: arguments.bit(const { place("immediate") }),
        };
        self.await_content(number, Assembly::Header(head));
        Ok(())
    }

    fn await_content(&mut self, number: u16, assembly: Assembly) {
        if let Some(channel) = self.connection.channels.get_mut(&number) {
            channel.assembly = assembly;
        }
    }

    fn content_header(&mut self, frame: Frame<'_>, head: Head) -> Result<(), Fatal> {
        let class = head.method.id.class;
        let blame = |text: String| {
            Fatal::from(AmqpError::new(
                ReplyCode::UnexpectedFrame,
                text,
                head.method.id,
            ))
        };
        let content = read_head(frame.payload);
        let (frame::HEADER, Ok(content)) = (frame.kind, content) else {
            let text = format!(
                "expected content header for class {class}, got non content header frame instead"
            );
            return Err(blame(text));
        };
        if content.class != class {
            let text = format!(
                "expected content header for class {class}, got one for class {} instead",
                content.class
            );
            return Err(blame(text));
        }
        let properties = read_properties(content.properties, self.words);
        let announced = content.body_octets;
        if announced == 0 {
            return self.complete(
                frame.channel,
                head,
                properties,
                Body::Octets(Box::default()),
            );
        }
        let assembly = Assembly::Body {
            head,
            properties,
            left: announced,
            octets: Vec::new(),
            announced,
        };
        self.await_content(frame.channel, assembly);
        Ok(())
    }

    fn content_body(
        &mut self,
        frame: Frame<'_>,
        head: Head,
        properties: ReadProperties,
        left: u64,
        mut octets: Vec<u8>,
        announced: u64,
    ) -> Result<(), Fatal> {
        let came = frame.payload.len() as u64;
        if frame.kind != frame::BODY {
            let text = "expected content body, got non content body frame instead";
            return Err(unexpected_content(text, &head));
        }
        let Some(left) = left.checked_sub(came) else {
            // RabbitMQ takes it and waits for the rest, which now can never come: the next frame that
            // is no body ends the connection.
            let assembly = Assembly::Body {
                head,
                properties,
                left: 0,
                octets: Vec::new(),
                announced: u64::MAX,
            };
            self.await_content(frame.channel, assembly);
            return Ok(());
        };
        let kept = announced <= self.settings.message_octets_max;
        if left == 0 {
            let body = if !kept {
                Body::Blank(announced)
            } else if octets.is_empty() {
                Body::Octets(frame.payload.into())
            } else {
                octets.extend_from_slice(frame.payload);
                Body::Octets(octets.into())
            };
            return self.complete(frame.channel, head, properties, body);
        }
        if kept {
            octets.extend_from_slice(frame.payload);
        }
        let assembly = Assembly::Body {
            head,
            properties,
            left,
            octets,
            announced,
        };
        self.await_content(frame.channel, assembly);
        Ok(())
    }

    /// A publish is complete.
    fn complete(
        &mut self,
        number: u16,
        head: Head,
        properties: ReadProperties,
        body: Body,
    ) -> Result<(), Fatal> {
        let state = self.connection.channels.get(&number).map(|it| it.state);
        match state {
            Some(ChannelState::Open) => {}
            Some(ChannelState::Fresh) => return Err(not_open(head.method.id)),
            Some(ChannelState::Closing | ChannelState::Closed) | None => return Ok(()),
        }
        if head.method.id != BASIC_PUBLISH.id {
            return Err(unimplemented(head.method.id));
        }
        let Ok(properties) = properties else {
            return Err(AmqpError::new(ReplyCode::InternalError, "", NOBODY).into());
        };
        let publish = Publish {
            exchange: head.exchange,
            routing_key: head.routing_key,
            mandatory: head.mandatory,
            immediate: head.immediate,
            properties,
            body,
        };
        let from = self.effects.len();
        let channel = self.connection.reference(number);
        self.broker
            .apply_publish(self.now, channel, publish, self.effects);
        self.carry(from);
        Ok(())
    }

    /// The number of a channel is free again.
    pub(super) fn free_channel(&mut self, number: u16, event: ChannelEvent) {
        let Some(channel) = self.connection.channels.get_mut(&number) else {
            return;
        };
        channel.state = channel.state.after(event);
        if channel.state == ChannelState::Closed {
            self.connection.channels.remove(&number);
        }
    }
}

/// The refusal of a method that only servers say.
pub(super) fn unimplemented(id: MethodId) -> Fatal {
    AmqpError::new(ReplyCode::CommandInvalid, "unimplemented method", id).into()
}

/// The refusal of a method on a channel that is not open.
pub(super) fn not_open(id: MethodId) -> Fatal {
    AmqpError::new(ReplyCode::ChannelError, "expected 'channel.open'", id).into()
}

fn unexpected_content(text: &str, head: &Head) -> Fatal {
    AmqpError::new(ReplyCode::UnexpectedFrame, text, head.method.id).into()
}

/// The method in a frame, and its fields; unknown numbers crash RabbitMQ's reader.
fn method_in(payload: &[u8]) -> Result<(&'static Method, &[u8]), Fatal> {
    let Some(([a, b, c, d], fields)) = payload.split_first_chunk::<4>() else {
        return Err(Fatal::Silent);
    };
    let id = MethodId::new(u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
    let method = method::method(id).ok_or(Fatal::Silent)?;
    Ok((method, fields))
}

/// Its fields. RabbitMQ wants short strings to be UTF-8, but does not look at those of a publish; it
/// blames no method of a channel.
fn read_fields<'a>(
    method: &Method,
    fields: &'a [u8],
    blamed: MethodId,
) -> Result<Arguments<'a>, Fatal> {
    let arguments = method
        .read(fields)
        .map_err(|_| undecodable(method, fields))?;
    let malformed = |(at, kind): (usize, &method::Kind)| {
        *kind == method::Kind::ShortString && std::str::from_utf8(arguments.octets(at)).is_err()
    };
    if method.id != BASIC_PUBLISH.id && method.kinds.iter().enumerate().any(malformed) {
        let text = "Malformed UTF-8 in shortstr";
        return Err(AmqpError::new(ReplyCode::FrameError, text, blamed).into());
    }
    Ok(arguments)
}

fn undecodable(method: &Method, fields: &[u8]) -> Fatal {
    let text = format!("cannot decode {}", binary(fields));
    AmqpError::new(ReplyCode::FrameError, text, method.id).into()
}

/// What a table that cannot be read does.
pub(super) fn of_table(malformed: Malformed, method: &Method) -> Fatal {
    match malformed {
        Malformed::Length | Malformed::FieldType(_) => Fatal::Silent,
        Malformed::TooDeep => {
            let text = "tables stand inside tables, deeper than this server reads";
            AmqpError::new(ReplyCode::FrameError, text, method.id).into()
        }
    }
}

fn unreadable(bad: BadFrame<'_>) -> AmqpError {
    match bad {
        BadFrame::TooLarge {
            kind,
            channel,
            octets,
            most,
        } => {
            let frame = Frame {
                kind,
                channel,
                payload: &[],
            };
            bad_frame(frame, &format!("{{frame_too_large,{octets},{most}}}"))
        }
        BadFrame::End { frame, octet } => {
            let mut error = bad_frame(frame, "");
            let octet = octet.to_string();
            AmqpError::push_term(&mut error.text, "invalid_frame_end_marker", &octet);
            error
        }
    }
}

fn bad_frame(frame: Frame<'_>, reason: &str) -> AmqpError {
    let text = format!("type {}, {}: {reason}", frame.kind, snippet(frame.payload));
    AmqpError::new(ReplyCode::FrameError, text, NOBODY)
}

fn unexpected(frame: Frame<'_>) -> AmqpError {
    let text = format!("type {}, {}", frame.kind, snippet(frame.payload));
    AmqpError::new(ReplyCode::UnexpectedFrame, text, NOBODY)
}
