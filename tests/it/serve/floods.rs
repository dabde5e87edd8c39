//! Clients that want too much of everything.

use super::Scene;
use crate::client::Client;
use brokerlab::amqp::method::{self, Value};
use std::io::Write as _;

/// As many channels as were agreed can be opened; one more ends the connection.
#[test]
fn channels_end_at_the_limit() {
    let mut scene = Scene::new(&[]);
    let mut client = scene.client();
    let mut out = Vec::new();
    for channel in 2..=2047 {
        method::CHANNEL_OPEN.write(&mut out, channel, &[Value::ShortString(b"")]);
    }
    client.stream.write_all(&out).expect("room");
    client
        .wait_for(2047, &method::CHANNEL_OPEN_OK)
        .expect("the last one");
    client
        .say(2048, &method::CHANNEL_OPEN, &[Value::ShortString(b"")])
        .expect("room");
    let (code, text) = client.wait_for_close().expect("a close");
    assert_eq!(code, 530, "{text}");
    scene.check();
}

/// Thousands of queues, bindings and consumers of one client are gone with it.
#[test]
fn queues_and_consumers_go_with_their_connection() {
    const MANY: usize = 5_000;
    let mut scene = Scene::new(&[]);
    let mut client = scene.client();
    let (no, yes) = (Value::Bit(false), Value::Bit(true));
    let mut out = Vec::new();
    for number in 0..MANY {
        let text = format!("flood-{number}");
        let name = Value::ShortString(text.as_bytes());
        let none = Value::Table(b"");
        // Exclusive, and without waiting for an answer.
        method::QUEUE_DECLARE.write(
            &mut out,
            1,
            &[Value::Short(0), name, no, no, yes, no, yes, none],
        );
        let exchange = Value::ShortString(b"amq.topic");
        method::QUEUE_BIND.write(
            &mut out,
            1,
            &[Value::Short(0), name, exchange, name, yes, none],
        );
        method::BASIC_CONSUME.write(
            &mut out,
            1,
            &[Value::Short(0), name, name, no, no, no, yes, none],
        );
    }
    client.stream.write_all(&out).expect("room");
    // An answer behind all of them.
    client.declare_queue("flood-end").expect("all were taken");
    scene.check();
    drop(client);
    let mut next = scene.client();
    for number in [0, MANY - 1] {
        let text = format!("flood-{number}");
        super::eventually("the queue is gone", || {
            let declared = next.declare_queue_with(&text, true, b"");
            if declared.is_err() {
                next = scene.client();
            }
            declared.is_ok()
        });
    }
    scene.check();
}

/// Connections that come and go by the thousand leave nothing behind.
#[test]
fn thousands_come_and_go() {
    let mut scene = Scene::new(&[]);
    for round in 0..3_000 {
        match round % 3 {
            0 => drop(scene.pipe()),
            1 => drop(scene.client()),
            _ => scene.client().close().expect("a goodbye"),
        }
    }
    scene.check();
    if let Some(peak) = scene.peak_memory() {
        assert!(peak < 64 << 20, "{peak} octets");
    }
}

/// Beyond the limit a connection is refused at once, and let in again when there is room.
#[test]
fn connections_end_at_the_limit() {
    // The witness is one of them.
    let mut scene = Scene::new(&["--max-connections", "3"]);
    let kept: Vec<Client> = (0..2).map(|_| scene.client()).collect();
    assert!(Client::open(&scene.server.address).is_err(), "a fourth");
    scene.check();
    drop(kept);
    super::eventually("there is room", || {
        Client::open(&scene.server.address).is_ok()
    });
}
