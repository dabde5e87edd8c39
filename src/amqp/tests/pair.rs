//! A server with its broker, and clients that say methods and read answers, without any input or
//! output: time is a number that the test moves.

use crate::amqp::content::{read_head, write_header};
use crate::amqp::frame::{BODY, HEADER, HEARTBEAT, METHOD, read_frame, write_body, write_frame};
use crate::amqp::method::{self, Kind, Method, Value, names};
use crate::amqp::{Peer, Server, Settings};
use crate::broker::{Broker, BrokerOptions};
use crate::types::{ConnectionId, MethodId, Profile, Properties, SimDuration, SimTime};
use std::fmt::Write as _;

/// A server and its broker.
pub(super) struct Pair {
    pub(super) server: Server,
    pub(super) broker: Broker,
    pub(super) now: SimTime,
    connections: u32,
}

impl Pair {
    pub(super) fn new() -> Self {
        Self::with(Settings {
            watched: false,
            ..Settings::default()
        })
    }

    pub(super) fn with(settings: Settings) -> Self {
        let options = BrokerOptions {
            profile: Profile::V3,
        };
        Self {
            server: Server::new(settings),
            broker: Broker::new(options),
            now: SimTime::ZERO,
            connections: 0,
        }
    }

    /// A pipe without a handshake.
    pub(super) fn pipe(&mut self) -> ConnectionId {
        let id = ConnectionId(self.connections);
        self.connections += 1;
        self.server.connect(self.now, id, Peer { loopback: true });
        id
    }

    pub(super) fn feed(&mut self, id: ConnectionId, octets: &[u8]) {
        let mut effects = Vec::new();
        let (server, broker) = (&mut self.server, &mut self.broker);
        server.handle_bytes(broker, self.now, id, octets, &mut effects);
        assert!(effects.is_empty(), "nobody watches");
    }

    /// Everything that the server has said on a connection since it was asked last, as octets.
    pub(super) fn octets(&mut self, id: ConnectionId) -> Vec<u8> {
        let mut octets = Vec::new();
        loop {
            let output = self.server.output(id).to_vec();
            if output.is_empty() {
                return octets;
            }
            octets.extend_from_slice(&output);
            let (server, broker) = (&mut self.server, &mut self.broker);
            server.handle_written(broker, self.now, id, output.len(), &mut Vec::new());
        }
    }

    /// The same as lines.
    pub(super) fn lines(&mut self, id: ConnectionId) -> String {
        let octets = self.octets(id);
        told(&octets)
    }

    /// Lets time pass, stopping at each deadline.
    pub(super) fn pass(&mut self, time: SimDuration) {
        let until = self.now + time;
        while let Some(due) = self.server.next_deadline(&self.broker)
            && due <= until
        {
            self.now = due;
            self.server
                .handle_timeout(&mut self.broker, due, &mut Vec::new());
        }
        self.now = until;
    }

    /// A connection that is open on `/`, with channel 1 open.
    pub(super) fn open(&mut self) -> ConnectionId {
        let id = self.pipe();
        self.feed(id, b"AMQP\x00\x00\x09\x01");
        self.feed(id, &start_ok(b"\x00guest\x00guest"));
        self.feed(id, &said(0, &method::CONNECTION_TUNE_OK, &TUNED));
        self.feed(id, &open_vhost(b"/"));
        self.feed(
            id,
            &said(1, &method::CHANNEL_OPEN, &[Value::ShortString(b"")]),
        );
        let _ = self.octets(id);
        id
    }

    pub(super) fn say(&mut self, id: ConnectionId, method: &Method, values: &[Value<'_>]) {
        self.feed(id, &said(1, method, values));
    }

    pub(super) fn publish(&mut self, id: ConnectionId, exchange: &str, key: &str, body: &[u8]) {
        self.feed(id, &published(exchange, key, None, body));
    }
}

pub(super) const TUNED: [Value<'static>; 3] =
    [Value::Short(2047), Value::Long(131_072), Value::Short(0)];

pub(super) fn said(channel: u16, method: &Method, values: &[Value<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    method.write(&mut out, channel, values);
    out
}

pub(super) fn start_ok(response: &[u8]) -> Vec<u8> {
    let values = [
        Value::Table(b"\x0ccapabilitiesF\x00\x00\x00\x38\x1cauthentication_failure_closet\x01\x16consumer_cancel_notifyt\x01"),
        Value::ShortString(b"PLAIN"),
        Value::LongString(response),
        Value::ShortString(b"en_US"),
    ];
    said(0, &method::CONNECTION_START_OK, &values)
}

pub(super) fn open_vhost(vhost: &[u8]) -> Vec<u8> {
    let values = [
        Value::ShortString(vhost),
        Value::ShortString(b""),
        Value::Bit(false),
    ];
    said(0, &method::CONNECTION_OPEN, &values)
}

pub(super) fn published(
    exchange: &str,
    key: &str,
    properties: Option<&Properties>,
    body: &[u8],
) -> Vec<u8> {
    let values = [
        Value::Short(0),
        Value::ShortString(exchange.as_bytes()),
        Value::ShortString(key.as_bytes()),
        Value::Bit(false),
        Value::Bit(false),
    ];
    let mut out = said(1, &method::BASIC_PUBLISH, &values);
    let octets = body.len() as u64;
    write_frame(&mut out, HEADER, 1, |out| {
        write_header(out, octets, properties)
    });
    write_body(&mut out, 1, body, 131_072);
    out
}

/// What a server said, a line for each frame.
pub(super) fn told(mut octets: &[u8]) -> String {
    let mut text = String::new();
    while let Some((frame, taken)) = read_frame(octets, 0).unwrap() {
        octets = &octets[taken..];
        write!(text, "{} ", frame.channel).unwrap();
        match frame.kind {
            METHOD => tell_method(&mut text, frame.payload),
            HEADER => {
                let head = read_head(frame.payload).unwrap();
                write!(text, "header {}", head.body_octets).unwrap();
            }
            BODY if frame.payload.len() > 40 => {
                write!(text, "body of {}", frame.payload.len()).unwrap();
            }
            BODY => write!(text, "body {}", String::from_utf8_lossy(frame.payload)).unwrap(),
            HEARTBEAT => text.push_str("heartbeat"),
            other => panic!("frame type {other}"),
        }
        text.push('\n');
    }
    assert!(octets.is_empty(), "half a frame");
    text
}

fn tell_method(text: &mut String, payload: &[u8]) {
    let [a, b, c, d, ref fields @ ..] = *payload else {
        panic!("no method");
    };
    let id = MethodId::new(u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    let (row, names) = (method::method(id).unwrap(), names(id).unwrap());
    text.push_str(names.method);
    let arguments = row.read(fields).unwrap();
    for ((name, kind), value) in names.fields.iter().zip(row.kinds).zip(arguments.values()) {
        if name.starts_with("reserved") || *kind == Kind::Table {
            continue;
        }
        write!(text, " {name}=").unwrap();
        match value {
            Value::Bit(bit) => write!(text, "{bit}").unwrap(),
            Value::Octet(number) => write!(text, "{number}").unwrap(),
            Value::Short(number) => write!(text, "{number}").unwrap(),
            Value::Long(number) => write!(text, "{number}").unwrap(),
            Value::LongLong(number) => write!(text, "{number}").unwrap(),
            Value::ShortString(octets) | Value::LongString(octets) | Value::Table(octets) => {
                write!(text, "'{}'", String::from_utf8_lossy(octets)).unwrap();
            }
        }
    }
}
