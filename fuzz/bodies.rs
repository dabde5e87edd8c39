//! What is fuzzed: each body takes any octets and holds what must be true of all of them.
//!
//! One place for two readers: the programs in `fuzz_targets/`, which look for inputs that reach new
//! code, and the ordinary test `tests/it/fuzzed.rs`, which tries a few thousand. A body panics when a
//! promise is broken; that nothing in the package panics is the first promise.

use brokerlab::amqp::content::{read_head, read_properties, write_header};
use brokerlab::amqp::frame::{FRAME_AROUND, Frame, read_frame, write_frame};
use brokerlab::amqp::method::{self, Kind, METHODS, Method, Value};
use brokerlab::amqp::table::{read_table, write_table};
use brokerlab::amqp::words::{Words, octets_of, text_of};
use brokerlab::amqp::{Peer, Server, Settings};
use brokerlab::broker::{Broker, BrokerOptions, Effects, Resource};
use brokerlab::types::{ConnectionId, FieldTable, Profile, SimDuration, SimTime};

/// Takes any octets, and panics when a promise is broken.
type Body = fn(&[u8]);

/// Every body with its name.
pub(crate) const BODIES: [(&str, Body); 4] = [
    ("frame", frame),
    ("table", table),
    ("header", header),
    ("connection", connection),
];

/// Frames come back as they were written, and are never seen in fewer octets than they have.
pub(crate) fn frame(input: &[u8]) {
    for frame_max in [0, 4096, 131_072] {
        let mut rest = input;
        while let Ok(Some((frame, taken))) = read_frame(rest, frame_max) {
            assert_eq!(taken, frame.payload.len() + FRAME_AROUND);
            let mut out = Vec::new();
            write_frame(&mut out, frame.kind, frame.channel, |out| {
                out.extend_from_slice(frame.payload);
            });
            assert_eq!(out, rest[..taken], "what was read is written");
            let short = read_frame(&rest[..taken - 1], frame_max);
            assert!(!matches!(short, Ok(Some(_))), "a frame that is cut short");
            if let Some(method) = known_method(&frame) {
                // Fields that can be read can be written; bits of no field are not kept.
                if let Ok(arguments) = method.read(&frame.payload[4..]) {
                    let mut out = Vec::new();
                    method.write(&mut out, frame.channel, arguments.values());
                    assert_eq!(out.len(), taken);
                }
            }
            rest = &rest[taken..];
        }
    }
}

fn known_method(frame: &Frame<'_>) -> Option<&'static Method> {
    let [a, b, c, d] = *frame.payload.first_chunk()?;
    let (class, method) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    METHODS
        .iter()
        .find(|row| (row.id.class, row.id.method) == (class, method))
}

/// A table that can be read says the same when it is written and read again; and so do texts.
pub(crate) fn table(input: &[u8]) {
    let mut words = Words::default();
    assert_eq!(
        &*octets_of(&text_of(input)),
        input,
        "texts keep their octets"
    );
    let Ok(entries) = read_table(input, &mut words) else {
        return;
    };
    let written = written(&entries);
    // Two letters mean a long integer, and any octet but 0 means true; lengths stay the same.
    assert_eq!(written.len(), input.len());
    let again = read_table(&written, &mut words);
    assert_eq!(again.as_ref(), Ok(&entries));
}

fn written(entries: &FieldTable) -> Vec<u8> {
    let mut out = Vec::new();
    write_table(&mut out, entries);
    out.split_off(4)
}

/// A content header that can be read says the same when it is written and read again.
pub(crate) fn header(input: &[u8]) {
    let mut words = Words::default();
    let Ok(head) = read_head(input) else {
        return;
    };
    let Ok(properties) = read_properties(head.properties, &mut words) else {
        return;
    };
    let mut out = Vec::new();
    write_header(&mut out, head.body_octets, properties.as_deref());
    assert_eq!(out.len(), input.len());
    let again = read_head(&out).map(|head| (head.body_octets, head.properties.to_vec()));
    let Ok((octets, again)) = again else {
        panic!("a header that was written cannot be read");
    };
    assert_eq!(octets, head.body_octets);
    assert_eq!(read_properties(&again, &mut words), Ok(properties));
}

/// The octets of an input, as choices.
struct Script<'a>(&'a [u8]);

impl<'a> Script<'a> {
    fn octet(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn number(&mut self) -> u64 {
        let width = usize::from(self.octet() % 9);
        let octets = self.take(width).iter();
        octets.fold(0, |number, octet| (number << 8) | u64::from(*octet))
    }

    /// One of `choices`, most often.
    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::from(self.octet()) % choices.len()]
    }
}

/// Names that mean something, so that commands meet each other.
const NAMES: [&[u8]; 22] = [
    b"",
    b"q",
    b"r",
    b"e",
    b"f",
    b"a.b",
    b"#",
    b"*.b",
    b"direct",
    b"fanout",
    b"topic",
    b"headers",
    b"amq.topic",
    b"amq.rabbitmq.reply-to",
    b"/",
    b"\xFF\xFE",
    b"quorum",
    b"1",
    b"x-consistent-hash",
    b"x-random",
    b"x-delayed-message",
    b"amq.direct",
];

/// Arguments that mean something.
const ARGUMENTS: [&str; 18] = [
    "x-max-length",
    "x-message-ttl",
    "x-expires",
    "x-dead-letter-exchange",
    "x-dead-letter-routing-key",
    "x-overflow",
    "x-max-priority",
    "x-single-active-consumer",
    "x-queue-type",
    "x-priority",
    "alternate-exchange",
    "CC",
    "BCC",
    "hash-header",
    "x-consumer-timeout",
    "x-delay",
    "x-delayed-type",
    "x-delivery-limit",
];

/// Connections of a script.
const CONNECTIONS: usize = 3;
/// What one connection lets wait to be written before it is not read any more.
const OUTPUT_MAX: usize = 64 * 1024;
/// What may wait beyond that: what is caused by the octets that were read last, and by others.
const OUTPUT_BEYOND: usize = 4 << 20;
/// Steps of a script, at most.
const STEPS: usize = 400;

/// A server with its broker, and clients without sockets.
struct World {
    server: Server,
    broker: Broker,
    effects: Effects,
    now: SimTime,
    clients: [ConnectionId; CONNECTIONS],
    last: u32,
}

impl World {
    fn new(script: &mut Script<'_>) -> Self {
        let profile = script.one_of(&Profile::ALL);
        let settings = Settings {
            output_octets_max: OUTPUT_MAX,
            message_octets_max: 1 << 20,
            watched: false,
            ..Settings::default()
        };
        let mut broker = Broker::new(BrokerOptions { profile });
        let mut effects = Effects::new();
        broker.set_consumer_timeout(Some(SimDuration::from_secs(60)));
        if script.octet().is_multiple_of(4) {
            let limit = Some(script.number() % 100_000);
            broker.set_limit(SimTime::ZERO, Resource::Memory, limit, &mut effects);
        }
        if script.octet().is_multiple_of(4) {
            let pace = SimDuration::from_millis(script.number() % 1_000);
            broker.set_queue_time(SimTime::ZERO, pace, &mut effects);
        }
        let mut world = Self {
            server: Server::new(settings),
            broker,
            effects,
            now: SimTime::ZERO,
            clients: [ConnectionId(0); CONNECTIONS],
            last: 0,
        };
        for number in 0..CONNECTIONS {
            world.connect(number, number > 0);
        }
        world
    }

    fn connect(&mut self, number: usize, shakes_hands: bool) {
        let id = ConnectionId(self.last);
        self.last += 1;
        self.clients[number] = id;
        self.server.connect(self.now, id, Peer { loopback: true });
        if shakes_hands {
            self.feed(number, &handshake());
        }
    }

    fn feed(&mut self, number: usize, octets: &[u8]) {
        let id = self.clients[number];
        if self.server.wants_bytes(id) {
            let (broker, effects) = (&mut self.broker, &mut self.effects);
            self.server
                .handle_bytes(broker, self.now, id, octets, effects);
        }
    }

    /// The client reads some of what waits for it: whole frames, none larger than was agreed.
    fn read(&mut self, number: usize, most: usize) {
        let id = self.clients[number];
        let octets = self.server.output(id).len().min(most);
        let (broker, effects) = (&mut self.broker, &mut self.effects);
        self.server
            .handle_written(broker, self.now, id, octets, effects);
    }

    fn hang_up(&mut self, number: usize) {
        let id = self.clients[number];
        let (broker, effects) = (&mut self.broker, &mut self.effects);
        self.server.handle_disconnect(broker, self.now, id, effects);
    }

    fn pass(&mut self, time: SimDuration) {
        self.now += time;
        let (broker, effects) = (&mut self.broker, &mut self.effects);
        self.server.handle_timeout(broker, self.now, effects);
        let next = self.server.next_deadline(&self.broker);
        assert!(next.is_none_or(|due| due > self.now), "what is due is done");
    }

    /// What must hold between any two steps.
    fn check(&mut self) {
        assert!(self.effects.is_empty(), "nobody watches");
        while self.server.poll_woken().is_some() {}
        for id in self.clients {
            let waiting = self.server.output(id).len();
            assert!(
                waiting <= OUTPUT_MAX + OUTPUT_BEYOND,
                "{waiting} octets wait"
            );
        }
    }
}

/// What a client says to become connected, with two open channels.
fn handshake() -> Vec<u8> {
    let mut out = b"AMQP\0\0\x09\x01".to_vec();
    let mut capabilities = FieldTable::new();
    for capability in ["consumer_cancel_notify", "authentication_failure_close"] {
        capabilities.set(capability, true);
    }
    let properties = FieldTable::new().with(
        "capabilities",
        brokerlab::types::FieldValue::Table(capabilities),
    );
    let properties = written(&properties);
    let values = [
        Value::Table(&properties),
        Value::ShortString(b"PLAIN"),
        Value::LongString(b"\0guest\0guest"),
        Value::ShortString(b"en_US"),
    ];
    method::CONNECTION_START_OK.write(&mut out, 0, &values);
    let values = [Value::Short(16), Value::Long(4096), Value::Short(60)];
    method::CONNECTION_TUNE_OK.write(&mut out, 0, &values);
    let empty = Value::ShortString(b"");
    let values = [Value::ShortString(b"/"), empty, Value::Bit(false)];
    method::CONNECTION_OPEN.write(&mut out, 0, &values);
    for channel in 1..3 {
        method::CHANNEL_OPEN.write(&mut out, channel, &[empty]);
    }
    out
}

/// Clients say anything, in any order, and whatever they say the server stays in order: its broker's
/// invariants hold, what waits to be written is bounded, and nothing is left when they are gone.
pub(crate) fn connection(input: &[u8]) {
    let mut script = Script(input);
    let mut world = World::new(&mut script);
    let mut steps = 0;
    while !script.0.is_empty() && steps < STEPS {
        steps += 1;
        step(&mut script, &mut world);
        world.check();
    }
    let verdict = world.broker.check_invariants();
    assert_eq!(verdict, Ok(()));
    for number in 0..CONNECTIONS {
        world.hang_up(number);
    }
    assert_eq!(world.server.connections(), 0);
    let totals = world.broker.totals();
    assert_eq!(
        (
            totals.connections,
            totals.channels,
            totals.consumers,
            totals.unacked
        ),
        (0, 0, 0, 0),
        "nothing is left of clients that are gone"
    );
    assert_eq!(world.broker.check_invariants(), Ok(()));
}

fn step(script: &mut Script<'_>, world: &mut World) {
    let choice = script.octet();
    let number = usize::from(choice >> 4) % CONNECTIONS;
    match choice & 15 {
        0 => {
            let count = usize::from(script.octet());
            world.feed(number, script.take(count));
        }
        1 => world.pass(SimDuration::from_millis(script.number() % 100_000)),
        2 => {
            let most = script.number() as usize;
            world.read(number, most);
        }
        3 => {
            world.hang_up(number);
            world.connect(number, script.octet() > 20);
        }
        4 => world.read(number, usize::MAX),
        5..=7 => {
            let mut out = Vec::new();
            let row = usize::from(script.octet()) % METHODS.len();
            write_method(script, &METHODS[row], &mut out);
            world.feed(number, &out);
        }
        _ => {
            let mut out = Vec::new();
            write_usual(script, &mut out);
            let cut = script.number() as usize % (out.len() + 1);
            let (one, other) = out.split_at(cut);
            world.feed(number, one);
            world.feed(number, other);
        }
    }
}

/// What clients say most often.
fn write_usual(script: &mut Script<'_>, out: &mut Vec<u8>) {
    const USUAL: [&Method; 16] = [
        &method::EXCHANGE_DECLARE,
        &method::EXCHANGE_BIND,
        &method::EXCHANGE_DELETE,
        &method::QUEUE_DECLARE,
        &method::QUEUE_BIND,
        &method::QUEUE_DELETE,
        &method::BASIC_QOS,
        &method::BASIC_CONSUME,
        &method::BASIC_CANCEL,
        &method::BASIC_PUBLISH,
        &method::BASIC_PUBLISH,
        &method::BASIC_GET,
        &method::BASIC_ACK,
        &method::BASIC_NACK,
        &method::CONFIRM_SELECT,
        &method::CHANNEL_OPEN,
    ];
    let method = script.one_of(&USUAL);
    write_method(script, method, out);
    if method.id == method::BASIC_PUBLISH.id {
        let channel = u16::from_be_bytes([out[1], out[2]]);
        let most = usize::from(script.octet());
        let body = script.take(most);
        let headers = arguments(script);
        let properties = brokerlab::types::Properties {
            headers: script
                .octet()
                .is_multiple_of(4)
                .then(|| headers_of(&headers)),
            delivery_mode: Some(script.octet() % 4),
            priority: Some(script.octet()),
            ..brokerlab::types::Properties::default()
        };
        write_frame(out, brokerlab::amqp::frame::HEADER, channel, |out| {
            write_header(out, body.len() as u64, Some(&properties));
        });
        brokerlab::amqp::frame::write_body(out, channel, body, 4096);
    }
}

fn headers_of(octets: &[u8]) -> FieldTable {
    read_table(octets, &mut Words::default()).unwrap_or_default()
}

/// A field table: a few arguments that mean something, or octets that may be none.
fn arguments(script: &mut Script<'_>) -> Vec<u8> {
    let count = script.octet() % 8;
    if count == 7 {
        let count = usize::from(script.octet());
        return script.take(count).to_vec();
    }
    let mut entries = FieldTable::new();
    for _ in 0..count / 2 {
        let key = script.one_of(&ARGUMENTS);
        if script.octet().is_multiple_of(2) {
            entries.set(key, script.number().cast_signed());
        } else {
            let text = String::from_utf8_lossy(script.one_of(&NAMES)).into_owned();
            entries.set(key, brokerlab::types::FieldValue::text(&text));
        }
    }
    written(&entries)
}

/// A method with fields of the right types.
fn write_method(script: &mut Script<'_>, method: &Method, out: &mut Vec<u8>) {
    enum Field<'a> {
        Ready(Value<'a>),
        Table(Vec<u8>),
    }
    let channel = u16::from(script.octet() % 4);
    let fields: Vec<Field<'_>> = method
        .kinds
        .iter()
        .map(|kind| match kind {
            Kind::Bit => Field::Ready(Value::Bit(script.octet() % 3 == 1)),
            Kind::Octet => Field::Ready(Value::Octet(script.octet())),
            Kind::Short => Field::Ready(Value::Short(script.number() as u16)),
            Kind::Long => Field::Ready(Value::Long(script.number() as u32)),
            Kind::LongLong => Field::Ready(Value::LongLong(script.number())),
            Kind::ShortString => Field::Ready(Value::ShortString(script.one_of(&NAMES))),
            Kind::LongString => {
                let count = usize::from(script.octet());
                Field::Ready(Value::LongString(script.take(count)))
            }
            Kind::Table => Field::Table(arguments(script)),
        })
        .collect();
    let values: Vec<Value<'_>> = fields
        .iter()
        .map(|field| match field {
            Field::Ready(value) => *value,
            Field::Table(octets) => Value::Table(octets),
        })
        .collect();
    method.write(out, channel, &values);
}
