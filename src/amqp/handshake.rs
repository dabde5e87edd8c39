//! How a connection opens, and what is said on channel 0.
//!
//! Source: AMQP 0-9-1, 2.2.4, and RabbitMQ's `rabbit_reader`. A client that does something wrong before
//! it is let in is not told what: it waits in silence and is dropped, so that guessing is slow.
//! Deliberately not here: frames (`dialogue`).

use super::connection::{CLOSING, FRAME_MAX_LEAST, SILENCE};
use super::dialogue::{Dialogue, Fatal};
use super::method::{self, Arguments, Method, Value, names};
use super::read::Reader;
use super::state::{ConnectionEvent, ConnectionState};
use super::table::{read_table, write_table};
use super::words::text_of;
use crate::broker::Command;
use crate::types::{
    AmqpError, FieldTable, FieldValue, MethodId, Profile, ReplyCode, ShortText, UserId,
};

/// What a server says when it is spoken to in another protocol.
const HEADER: [u8; 8] = *b"AMQP\0\0\x09\x01";
/// What some older clients of 0-9 send; RabbitMQ takes them for 0-9-1.
const HEADER_0_9: [u8; 8] = *b"AMQP\x01\x01\0\x09";

const START_OK: method::Names = names::CONNECTION_START_OK;
const TUNE_OK: method::Names = names::CONNECTION_TUNE_OK;

/// What this server can do, all of it true.
const CAPABILITIES: [&str; 9] = [
    "publisher_confirms",
    "exchange_exchange_bindings",
    "basic.nack",
    "consumer_cancel_notify",
    "connection.blocked",
    "consumer_priorities",
    "authentication_failure_close",
    "per_consumer_qos",
    "direct_reply_to",
];

impl Dialogue<'_> {
    /// Takes from `octets` what the protocol header still needs.
    pub(super) fn hear_protocol_header(&mut self, octets: &mut &[u8]) {
        let pending = &mut self.connection.pending;
        let missing = HEADER.len().saturating_sub(pending.len()).min(octets.len());
        let (own, rest) = octets.split_at(missing);
        pending.extend_from_slice(own);
        *octets = rest;
        if pending.len() < HEADER.len() {
            return;
        }
        let header = std::mem::take(pending);
        if header == HEADER || header == HEADER_0_9 {
            self.start();
        } else {
            self.connection.write_raw(&HEADER);
            self.connection.on(ConnectionEvent::OtherHeader);
        }
    }

    fn start(&mut self) {
        let mut capabilities = FieldTable::new();
        for capability in CAPABILITIES {
            capabilities.set(capability, true);
        }
        let properties = FieldTable::new()
            .with("capabilities", FieldValue::Table(capabilities))
            .with("cluster_name", "brokerlab")
            .with("copyright", "The authors of Brokerlab")
            .with("information", "Not affiliated with RabbitMQ or Broadcom")
            .with("platform", "Rust")
            .with("product", "Brokerlab")
            .with("version", env!("CARGO_PKG_VERSION"));
        let mut table = Vec::new();
        write_table(&mut table, &properties);
        let values = [
            Value::Octet(0),
            Value::Octet(9),
            // Its length is written with the value.
            Value::Table(&table[4..]),
            Value::LongString(b"PLAIN AMQPLAIN"),
            Value::LongString(b"en_US"),
        ];
        self.connection.say(0, &method::CONNECTION_START, &values);
        self.connection.on(ConnectionEvent::Header);
    }

    /// A method on channel 0 of a connection that is not closing.
    pub(super) fn handle_connection_method(
        &mut self,
        method: &Method,
        arguments: &Arguments<'_>,
    ) -> Result<(), Fatal> {
        let state = self.connection.state;
        match (state, method.id) {
            (ConnectionState::Starting, id) if id == method::CONNECTION_START_OK.id => {
                self.start_ok(arguments);
            }
            (ConnectionState::Tuning, id) if id == method::CONNECTION_TUNE_OK.id => {
                self.tune_ok(arguments);
            }
            (ConnectionState::Opening, id) if id == method::CONNECTION_OPEN.id => {
                self.open(arguments);
            }
            (ConnectionState::Running, id) if id == method::CONNECTION_CLOSE.id => {
                self.leave_broker();
                self.connection.forget_channels();
                self.connection.say(0, &method::CONNECTION_CLOSE_OK, &[]);
                self.connection.on(ConnectionEvent::Close);
                self.connection.wait_until(self.now + CLOSING);
            }
            (ConnectionState::Running, id) if id == method::CONNECTION_UPDATE_SECRET.id => {
                let ok = &method::CONNECTION_UPDATE_SECRET_OK;
                self.connection.say(0, ok, &[]);
            }
            (_, id) => {
                let text = format!("unexpected method in connection state {}", state.name());
                return Err(AmqpError::new(ReplyCode::ChannelError, text, id).into());
            }
        }
        Ok(())
    }

    /// A method on channel 0 after the server has said `close`.
    pub(super) fn method_while_closing(&mut self, method: &Method) {
        if method.id == method::CONNECTION_CLOSE.id {
            self.connection.say(0, &method::CONNECTION_CLOSE_OK, &[]);
            self.connection.on(ConnectionEvent::Close);
        } else if method.id == method::CONNECTION_CLOSE_OK.id {
            self.connection.on(ConnectionEvent::CloseOk);
        }
    }

    fn start_ok(&mut self, arguments: &Arguments<'_>) {
        let properties = arguments.octets(const { START_OK.place("client-properties") });
        let mechanism = arguments.octets(const { START_OK.place("mechanism") });
        let response = arguments.octets(const { START_OK.place("response") });
        let properties = read_table(properties, self.words).unwrap_or_default();
        let name = properties
            .get("connection_name")
            .and_then(FieldValue::as_text);
        self.connection.name = name.map(Into::into);
        if let Some(FieldValue::Table(capabilities)) = properties.get("capabilities") {
            let can =
                |name: &str| capabilities.get(name).and_then(FieldValue::as_bool) == Some(true);
            let known = &mut self.connection.capabilities;
            known.authentication_failure_close = can("authentication_failure_close");
            known.consumer_cancel_notify = can("consumer_cancel_notify");
            known.connection_blocked = can("connection.blocked");
        }
        let credentials = match mechanism {
            b"PLAIN" => plain(response),
            b"AMQPLAIN" => self.amqplain(response),
            _ => None,
        };
        let Some((user, password)) = credentials else {
            return self.distrust();
        };
        let Some(user) = self.admitted(&user, &password) else {
            return self.refuse_login(&text_of(mechanism));
        };
        self.connection.user = user;
        let values = [
            Value::Short(self.settings.channel_max),
            Value::Long(self.settings.frame_max),
            Value::Short(self.settings.heartbeat),
        ];
        self.connection.say(0, &method::CONNECTION_TUNE, &values);
        self.connection.on(ConnectionEvent::StartOk);
    }

    fn admitted(&self, user: &ShortText, password: &[u8]) -> Option<UserId> {
        let of_loopback = &self.settings.loopback_users;
        let far = !self.connection.peer.loopback;
        if far && of_loopback.iter().any(|it| it == user.as_str()) {
            return None;
        }
        self.broker.authenticate(user.as_str(), &text_of(password))
    }

    /// `LOGIN` and `PASSWORD` of a table without its length.
    fn amqplain(&mut self, response: &[u8]) -> Option<(ShortText, Vec<u8>)> {
        let table = read_table(response, self.words).ok()?;
        let octets = |key: &str| match table.get(key) {
            Some(FieldValue::LongStr(octets)) => Some(octets),
            Some(_) | None => None,
        };
        let user = ShortText::of_wire(&text_of(octets("LOGIN")?));
        Some((user, octets("PASSWORD")?.to_vec()))
    }

    fn refuse_login(&mut self, mechanism: &str) {
        if self.connection.capabilities.authentication_failure_close {
            let text = format!(
                "Login was refused using authentication mechanism {mechanism}. For details see \
                 the broker logfile."
            );
            let nobody = MethodId::new(0, 0);
            let error = AmqpError::new(ReplyCode::AccessRefused, text, nobody);
            self.connection.say_close(self.now, &error);
            // Who does not answer is not waited for as long as others are.
            self.connection.wait_until(self.now + SILENCE);
        } else {
            self.distrust();
        }
    }

    fn tune_ok(&mut self, arguments: &Arguments<'_>) {
        let channel_max = arguments.short(const { TUNE_OK.place("channel-max") });
        let frame_max = arguments.long(const { TUNE_OK.place("frame-max") });
        let heartbeat = arguments.short(const { TUNE_OK.place("heartbeat") });
        let (offered, settings) = (&self.settings.channel_max, self.settings);
        let channels = *offered == 0 || (1..=*offered).contains(&channel_max);
        // Since 4.1 less than 8192 is not enough for what a client may say of itself.
        let least = match self.broker.options().profile {
            Profile::V3 => FRAME_MAX_LEAST,
            Profile::V4 => 2 * FRAME_MAX_LEAST,
        };
        let frames = match settings.frame_max {
            0 => frame_max == 0 || frame_max >= least,
            most => (least..=most).contains(&frame_max),
        };
        if !channels || !frames {
            return self.distrust();
        }
        self.connection
            .tune(self.now, channel_max, frame_max, heartbeat);
        self.connection.on(ConnectionEvent::TuneOk);
    }

    fn open(&mut self, arguments: &Arguments<'_>) {
        let vhost = names::CONNECTION_OPEN.place("virtual-host");
        let vhost = self.words.text(arguments.octets(vhost)).into();
        let (from, user) = (self.effects.len(), self.connection.user);
        match self.apply(0, Command::ConnectionOpen { vhost, user }) {
            Ok(_) => {
                self.connection.known = true;
                let nothing = [Value::ShortString(b"")];
                self.connection
                    .say(0, &method::CONNECTION_OPEN_OK, &nothing);
                self.connection.on(ConnectionEvent::Open);
                self.carry(from);
            }
            Err(error) => {
                // The effect says the same, but a connection that is not open cannot be told by it.
                self.effects.truncate(from);
                self.connection.say_close(self.now, &error);
            }
        }
    }
}

/// `authorization identity NUL user NUL password`, the first of which is not looked at.
fn plain(response: &[u8]) -> Option<(ShortText, Vec<u8>)> {
    let mut reader = Reader::new(response);
    if reader.octet().ok()? != 0 {
        return None;
    }
    let rest = reader.rest();
    let end = rest.iter().position(|octet| *octet == 0)?;
    let (user, password) = rest.split_at(end);
    let password = &password[1..];
    if password.contains(&0) {
        return None;
    }
    Some((ShortText::of_wire(&text_of(user)), password.to_vec()))
}
