//! Programs outside are part of the run: their octets replay to the bit, and none is sent out twice.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::amqp::method::{self, Method, Value};
use crate::sim::{OperateError, OperatorAction};
use crate::types::{ConnectionId, Outside};

fn said(channel: u16, method: &Method, values: &[Value<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    method.write(&mut out, channel, values);
    out
}

/// Everything that opens a connection called `tester` and its channel 1.
pub(crate) fn opening() -> Vec<u8> {
    let mut out = b"AMQP\x00\x00\x09\x01".to_vec();
    let start_ok = [
        Value::Table(b"\x0fconnection_nameS\x00\x00\x00\x06tester"),
        Value::ShortString(b"PLAIN"),
        Value::LongString(b"\x00guest\x00guest"),
        Value::ShortString(b"en_US"),
    ];
    out.extend(said(0, &method::CONNECTION_START_OK, &start_ok));
    let tune_ok = [Value::Short(2047), Value::Long(131_072), Value::Short(0)];
    out.extend(said(0, &method::CONNECTION_TUNE_OK, &tune_ok));
    let open = [
        Value::ShortString(b"/"),
        Value::ShortString(b""),
        Value::Bit(false),
    ];
    out.extend(said(0, &method::CONNECTION_OPEN, &open));
    out.extend(said(1, &method::CHANNEL_OPEN, &[Value::ShortString(b"")]));
    out
}

/// A durable queue.
pub(crate) fn declare(queue: &[u8]) -> Vec<u8> {
    let mut values = vec![Value::Short(0), Value::ShortString(queue)];
    let (passive, durable) = (Value::Bit(false), Value::Bit(true));
    values.extend([passive, durable]);
    values.extend([Value::Bit(false); 3]);
    values.push(Value::Table(b""));
    said(1, &method::QUEUE_DECLARE, &values)
}

/// An empty message through the default exchange.
pub(crate) fn publish(queue: &[u8]) -> Vec<u8> {
    let values = [
        Value::Short(0),
        Value::ShortString(b""),
        Value::ShortString(queue),
        Value::Bit(false),
        Value::Bit(false),
    ];
    let mut out = said(1, &method::BASIC_PUBLISH, &values);
    // A content header of class basic without body and properties.
    out.extend([
        2, 0, 1, 0, 0, 0, 14, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xce,
    ]);
    out
}

/// With the queue's name as tag.
pub(crate) fn consume(queue: &[u8]) -> Vec<u8> {
    let values = [
        Value::Short(0),
        Value::ShortString(queue),
        Value::ShortString(queue),
        Value::Bit(false),
        Value::Bit(true),
        Value::Bit(false),
        Value::Bit(false),
        Value::Table(b""),
    ];
    said(1, &method::BASIC_CONSUME, &values)
}

fn send(run: &mut Simulation, connection: ConnectionId, octets: Vec<u8>) {
    let octets = octets.into();
    run.operate(OperatorAction::WireOctets { connection, octets })
        .expect("an open connection");
}

/// A producer and a consumer of the document around the queue `q`.
fn document() -> Draft {
    let producer = Producer::default();
    Draft::line(producer, Queue::default(), Consumer::default())
}

/// A program declares, publishes to both queues, consumes from both and is cut off.
fn eventful(mut fetch: impl FnMut(&mut Simulation, ConnectionId)) -> Simulation {
    let mut run = document().run();
    go(&mut run, secs(1));
    let connection = run.connect();
    // Cut in the middle of a frame: a run may be copied and replayed between the two.
    let (mut head, tail) = (opening(), declare(b"elsewhere"));
    head.extend(&tail[..9]);
    send(&mut run, connection, head);
    fetch(&mut run, connection);
    go(&mut run, secs(2));
    send(&mut run, connection, tail[9..].to_vec());
    send(&mut run, connection, publish(b"elsewhere"));
    send(&mut run, connection, publish(b"q"));
    go(&mut run, secs(3));
    send(&mut run, connection, consume(b"q"));
    send(&mut run, connection, consume(b"elsewhere"));
    fetch(&mut run, connection);
    go(&mut run, secs(9));
    fetch(&mut run, connection);
    run.operate(OperatorAction::WireDisconnect(connection))
        .expect("an open connection");
    go(&mut run, secs(12));
    run
}

#[test]
fn octets_replay_to_the_bit() {
    let run = eventful(|_, _| ());
    let until = run.now();
    let replayed = Simulation::replay(Rc::new(document().0), &run.log(), until);
    assert_eq!(run.trace_hash(), replayed.trace_hash());
    assert_eq!(run.next_sequence(), replayed.next_sequence());
}

#[test]
fn fetching_changes_nothing() {
    let unheard = eventful(|_, _| ());
    let heard = eventful(|run, connection| {
        let fetched = run.fetch_octets(connection, 0).expect("a connection");
        assert!(!fetched.octets.is_empty());
    });
    assert_eq!(unheard.trace_hash(), heard.trace_hash());
}

#[test]
fn a_clone_goes_on_in_the_middle_of_a_frame() {
    let mut clones = Vec::new();
    let run = eventful(|run, _| clones.push((run.clone(), run.log().len())));
    let log = run.log();
    for (mut clone, done) in clones {
        for entry in &log[done..] {
            clone.run_until(entry.at, u64::MAX);
            clone
                .operate(entry.action.clone())
                .expect("what was possible");
        }
        clone.run_until(run.now(), u64::MAX);
        assert_eq!(clone.trace_hash(), run.trace_hash());
    }
}

#[test]
fn a_replay_sends_no_octet_twice() {
    let mut got = Vec::new();
    let mut log = Vec::new();
    let mut whole = Vec::new();
    let mut connection = ConnectionId::default();
    eventful(|run, known| {
        connection = known;
        let fetched = run.fetch_octets(connection, 0).expect("a connection");
        if whole.is_empty() {
            got.clone_from(&fetched.octets);
        }
        whole.extend(fetched.octets);
        log = run.log();
    });
    // Begun anew from the log: the program has the first octets already.
    let until = secs(9);
    let mut replayed = Simulation::replay(Rc::new(document().0), &log, until);
    let fetched = replayed.fetch_octets(connection, got.len() as u64);
    let fetched = fetched.expect("a connection");
    assert_eq!(fetched.octets, whole[got.len()..]);
    let again = replayed.fetch_octets(connection, whole.len() as u64);
    assert!(again.expect("a connection").octets.is_empty());
}

#[test]
fn a_program_is_seen_by_its_name_with_what_it_declares_and_where_it_works() {
    let mut run = document().run();
    assert_eq!(run.wire_version(), 0);
    let connection = run.connect();
    send(&mut run, connection, opening());
    assert_eq!(run.wire_name(connection).as_deref(), Some("tester"));
    send(&mut run, connection, declare(b"elsewhere"));
    send(&mut run, connection, publish(b"elsewhere"));
    send(&mut run, connection, consume(b"q"));
    let named = |name: &str| {
        let found = run.with_broker(|broker| {
            let mut queues = broker.queues();
            queues
                .find(|queue| queue.name.as_str() == name)
                .map(|queue| queue.id)
        });
        found.unwrap_or_else(|| panic!("no queue {name}"))
    };
    let elsewhere = NodeId::outside(Outside::Queue(named("elsewhere")));
    assert_eq!(run.node_of_queue(named("elsewhere")), Some(elsewhere));
    assert_eq!(run.queue_of(elsewhere), Some(named("elsewhere")));
    assert_eq!(run.node_of_queue(named("q")), Some(NodeId(2)));
    let producer = NodeId::outside(Outside::Producer(connection));
    let consumer = NodeId::outside(Outside::Consumer(connection));
    let lines = run.wire_lines();
    assert_eq!(lines, [(NodeId(2), consumer), (producer, elsewhere)]);
    let cancel = [Value::ShortString(b"q"), Value::Bit(false)];
    send(
        &mut run,
        connection,
        said(1, &method::BASIC_CANCEL, &cancel),
    );
    assert_eq!(run.wire_lines(), [(producer, elsewhere)]);
    let stats = run.stats();
    assert_eq!(
        stats.producer(producer).map(|it| it.published.total()),
        Some(1)
    );
}

#[test]
fn a_connection_that_is_over_takes_nothing_more() {
    let mut run = document().run();
    let connection = run.connect();
    send(&mut run, connection, b"HTTP/1.1".to_vec());
    let fetched = run.fetch_octets(connection, 0).expect("a connection");
    assert_eq!(fetched.octets, b"AMQP\x00\x00\x09\x01");
    assert!(fetched.over);
    assert_eq!(run.fetch_octets(connection, 8), None);
    let octets = Rc::from(b"x".as_slice());
    assert_eq!(
        run.operate(OperatorAction::WireOctets { connection, octets }),
        Err(OperateError::NoConnection(connection))
    );
}

/// What the broker did with messages, whoever published them.
fn facts(run: &Simulation) -> Vec<String> {
    let told = |record: TraceRecord| match record.kind {
        TraceKind::Published { .. } => Some(format!("{:?} published", record.at)),
        TraceKind::Enqueued { .. }
        | TraceKind::Delivered { .. }
        | TraceKind::Acked { .. }
        | TraceKind::WorkEnded { .. } => Some(format!("{:?} {:?}", record.at, record.kind)),
        _ => None,
    };
    records(run).into_iter().filter_map(told).collect()
}

#[test]
fn octets_do_what_commands_do() {
    let quiet = |times: Vec<SimDuration>| Producer {
        load: Load {
            shape: LoadShape::Times { times },
            ..Load::default()
        },
        latency: fixed(0.0),
        ..Producer::default()
    };
    let times: Vec<SimDuration> = (1..6).map(|time| millis(300 * time)).collect();
    let direct = Draft::line(quiet(times.clone()), Queue::default(), consumer(0.5));
    let mut direct = direct.run();
    go(&mut direct, secs(9));
    let mut wire = Draft::line(quiet(Vec::new()), Queue::default(), consumer(0.5)).run();
    let connection = wire.connect();
    send(&mut wire, connection, opening());
    for time in times {
        go(&mut wire, SimTime::ZERO + time);
        send(&mut wire, connection, publish(b"q"));
    }
    go(&mut wire, secs(9));
    assert_eq!(facts(&direct), facts(&wire));
    assert_eq!(facts(&direct).len(), 5 * 5);
}

/// A question of an empty body that asks for direct replies.
fn ask(queue: &[u8]) -> Vec<u8> {
    let mut out = publish(queue);
    // The content header is said anew, with the property reply-to alone.
    out.truncate(out.len() - 22);
    let reply_to = b"amq.rabbitmq.reply-to";
    out.extend([2, 0, 1, 0, 0, 0, 15 + reply_to.len() as u8]);
    out.extend([0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0]);
    out.push(reply_to.len() as u8);
    out.extend(reply_to);
    out.push(0xce);
    out
}

/// Consumes direct replies, without acknowledgements as must be.
fn await_answers() -> Vec<u8> {
    let values = [
        Value::Short(0),
        Value::ShortString(b"amq.rabbitmq.reply-to"),
        Value::ShortString(b"answers"),
        Value::Bit(false),
        Value::Bit(true),
        Value::Bit(false),
        Value::Bit(false),
        Value::Table(b""),
    ];
    said(1, &method::BASIC_CONSUME, &values)
}

#[test]
fn a_direct_reply_is_told_and_has_a_line_from_who_answers_to_who_asked() {
    let mut run = Draft::new().run();
    let (asks, answers) = (run.connect(), run.connect());
    for connection in [asks, answers] {
        send(&mut run, connection, opening());
    }
    send(&mut run, answers, declare(b"questions"));
    send(&mut run, asks, await_answers());
    send(&mut run, asks, ask(b"questions"));
    let name = run.with_broker(|broker| {
        let queue = broker.queues().next().expect("it is declared");
        let question = broker.ready(queue.id).next().expect("it was asked");
        let reply_to = question
            .message
            .properties()
            .and_then(|it| it.reply_to.clone());
        reply_to.expect("a name").to_string()
    });
    send(&mut run, answers, publish(name.as_bytes()));
    let asker = NodeId::outside(Outside::Consumer(asks));
    let told = count(
        &run,
        |kind| matches!(kind, TraceKind::Replied { node, .. } if *node == asker),
    );
    assert_eq!(told, 1);
    let line = (NodeId::outside(Outside::Producer(answers)), asker);
    assert!(run.wire_lines().contains(&line));
    let document = Rc::new(Draft::new().0);
    let replayed = Simulation::replay(document, &run.log(), run.now());
    assert_eq!(replayed.trace_hash(), run.trace_hash());
}
