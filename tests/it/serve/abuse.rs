//! Clients that say what is no AMQP, or stop in the middle of it, or do not listen.

use super::{Scene, eventually};
use crate::client::{Client, PROTOCOL_HEADER, write_publish};
use brokerlab::amqp::method::{self, Value};
use rand_core::{Rng as _, SeedableRng as _};
use rand_pcg::Pcg32;
use std::io::{ErrorKind, Read as _, Write as _};
use std::time::Duration;

/// Other protocols are answered with the header of ours, and hung up on.
#[test]
fn who_speaks_another_protocol_is_told_and_dropped() {
    let mut scene = Scene::new(&[]);
    let others: [&[u8]; 4] = [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"AMQP\x00\x01\x00\x00",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        &[0; 100_000],
    ];
    for other in others {
        let mut pipe = scene.pipe();
        pipe.stream.write_all(other).expect("room for it");
        let mut answer = Vec::new();
        pipe.stream.read_to_end(&mut answer).expect("an answer");
        assert_eq!(answer, PROTOCOL_HEADER, "to {:?}", &other[..8]);
    }
    scene.check();
}

/// Random octets, at the beginning and behind a handshake, end their own connection alone.
#[test]
fn garbage_ends_its_own_connection() {
    const SEED: u64 = 18;
    let mut scene = Scene::new(&["--handshake-timeout", "100ms"]);
    let mut random = Pcg32::seed_from_u64(SEED);
    for round in 0..200 {
        let mut garbage = [0; 600];
        random.fill_bytes(&mut garbage);
        let mut client = if round % 2 == 0 {
            scene.pipe()
        } else {
            scene.client()
        };
        // A head that is whole, or every frame would be refused for its length alone.
        if round % 4 == 3 {
            let head = [1 + garbage[0] % 3, 0, garbage[1] % 2, 0, 0, 0, 100];
            garbage[..head.len()].copy_from_slice(&head);
            garbage[107] = 0xCE;
        }
        // It may have been hung up on before all is written.
        let _ = client.stream.write_all(&garbage);
        let _ = client.stream.shutdown(std::net::Shutdown::Write);
        client
            .wait_for_end()
            .unwrap_or_else(|error| panic!("seed {SEED}, round {round}: {error}"));
    }
    scene.check();
}

/// Who stops anywhere in the handshake is dropped, and who goes away takes everything along.
#[test]
fn a_handshake_that_is_never_finished_ends() {
    let mut scene = Scene::new(&["--handshake-timeout", "100ms"]);
    let beginnings: [&[u8]; 4] = [b"", b"AM", PROTOCOL_HEADER, b"AMQP\0\0\x09\x01\x01\0\0\0"];
    for beginning in beginnings {
        let mut pipe = scene.pipe();
        pipe.stream.write_all(beginning).expect("room for it");
        pipe.wait_for_end().expect("to be hung up on");
    }
    scene.check();
}

/// A connection that is gone without a word leaves nothing behind: its exclusive queue can be declared
/// by somebody else.
#[test]
fn who_vanishes_leaves_nothing() {
    let mut scene = Scene::new(&[]);
    let declare = |client: &mut Client| client.declare_queue_with("mine", true, b"").is_ok();
    let mut first = scene.client();
    assert!(declare(&mut first));
    assert!(!declare(&mut scene.client()), "it is exclusive");
    // In the middle of a frame.
    first.stream.write_all(&[1, 0, 1, 0, 0]).expect("room");
    drop(first);
    eventually("the queue is free", || declare(&mut scene.client()));
    scene.check();
}

/// A frame that is announced too large is refused when it is announced, before any room is made.
#[test]
fn a_giant_frame_is_refused() {
    let mut scene = Scene::new(&[]);
    for octets in [131_073_u32, 1 << 24, u32::MAX] {
        let mut client = scene.client();
        let [a, b, c, d] = octets.to_be_bytes();
        client
            .stream
            .write_all(&[3, 0, 1, a, b, c, d])
            .expect("room");
        let (code, text) = client.wait_for_close().expect("a close");
        assert_eq!(code, 501, "{text}");
        client.wait_for_end().expect("to be hung up on");
    }
    scene.check();
    if let Some(peak) = scene.peak_memory() {
        assert!(peak < 64 << 20, "{peak} octets");
    }
}

/// A body that is announced and never comes makes no room for itself either.
#[test]
fn a_giant_body_takes_no_room_before_it_comes() {
    let mut scene = Scene::new(&[]);
    let mut clients: Vec<Client> = (0..100).map(|_| scene.client()).collect();
    for client in &mut clients {
        let mut out = Vec::new();
        write_publish(&mut out, "q", b"");
        // The last eight octets of a header before its flags and the frame's end say how large it is.
        let end = out.len() - 3;
        out[end - 8..end].copy_from_slice(&(100_u64 << 20).to_be_bytes());
        client.stream.write_all(&out).expect("room");
    }
    scene.check();
    if let Some(peak) = scene.peak_memory() {
        assert!(peak < 64 << 20, "{peak} octets");
    }
}

/// A consumer that never reads: the queue keeps what the consumer does not take, within its limit.
#[test]
fn a_slow_reader_costs_bounded_memory() {
    const MESSAGES: usize = 100_000;
    let mut scene = Scene::new(&["--max-output", "1M"]);
    let mut slow = scene.client();
    let arguments = {
        let mut octets = Vec::new();
        let table = brokerlab::types::FieldTable::new().with("x-max-length", 100);
        brokerlab::amqp::table::write_table(&mut octets, &table);
        octets.split_off(4)
    };
    let no = Value::Bit(false);
    let name = Value::ShortString(b"slow");
    slow.declare_queue_with("slow", false, &arguments)
        .expect("a queue");
    let (tag, yes) = (Value::ShortString(b"c"), Value::Bit(true));
    let values = [
        Value::Short(0),
        name,
        tag,
        no,
        yes,
        no,
        no,
        Value::Table(b""),
    ];
    slow.call(
        1,
        &method::BASIC_CONSUME,
        &values,
        &method::BASIC_CONSUME_OK,
    )
    .expect("a consumer");
    let mut publisher = scene.client();
    let mut chunk = Vec::new();
    for _ in 0..100 {
        write_publish(&mut chunk, "slow", &[b'x'; 1000]);
    }
    for _ in 0..MESSAGES / 100 {
        publisher.stream.write_all(&chunk).expect("room");
    }
    // The publisher is heard to the end.
    publisher.close().expect("a goodbye");
    scene.check();
    if let Some(peak) = scene.peak_memory() {
        assert!(peak < 48 << 20, "{peak} octets");
    }
    slow.close().expect("it may still say goodbye");
}

/// Who asks and asks and never listens is not heard any more at some point, instead of making the
/// server remember all answers.
#[test]
fn answers_nobody_reads_are_bounded() {
    let mut scene = Scene::new(&["--max-output", "1M"]);
    let client = scene.client();
    let (no, yes) = (Value::Bit(false), Value::Bit(true));
    let mut chunk = Vec::new();
    for _ in 0..100 {
        // Mandatory, and nowhere to go: each comes back with its body.
        let (exchange, key) = (Value::ShortString(b""), Value::ShortString(b"nowhere"));
        method::BASIC_PUBLISH.write(&mut chunk, 1, &[Value::Short(0), exchange, key, yes, no]);
        let mut content = Vec::new();
        write_publish(&mut content, "", &[b'x'; 10_000]);
        // What follows the method frame of a publish with empty names.
        chunk.extend_from_slice(&content[8 + 4 + 2 + 1 + 1 + 1..]);
    }
    let mut stream = client.stream.try_clone().expect("the same pipe");
    let patience = Some(Duration::from_millis(500));
    stream.set_write_timeout(patience).expect("a time limit");
    let mut written = 0_usize;
    let error = loop {
        match stream.write(&chunk[written % chunk.len()..]) {
            Ok(count) => written += count,
            Err(error) => break error,
        }
        assert!(written < 512 << 20, "it hears everything");
    };
    let held = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
    assert!(held, "{error}");
    scene.check();
    if let Some(peak) = scene.peak_memory() {
        assert!(peak < 64 << 20, "{peak} octets");
    }
}

/// While memory is low publishers are held back, and when room is made they go on where they stood,
/// also those that cannot be told; others do not notice.
#[test]
fn publishers_are_held_back_while_memory_is_low() {
    const MESSAGES: u32 = 900;
    let mut scene = Scene::new(&["--memory-limit", "4M"]);
    let mut publisher = scene.client();
    publisher.declare_queue("many").expect("a queue");
    let writing = std::thread::spawn(move || {
        let mut chunk = Vec::new();
        for _ in 0..100 {
            write_publish(&mut chunk, "many", &[b'x'; 10_000]);
        }
        for _ in 0..MESSAGES / 100 {
            publisher.stream.write_all(&chunk).expect("it goes on");
        }
        publisher
    });
    let mut purged = 0;
    let mut reader = scene.client();
    eventually("all messages came", || {
        let name = Value::ShortString(b"many");
        let values = [Value::Short(0), name, Value::Bit(false)];
        let next = &method::QUEUE_PURGE_OK;
        let told = reader.call(1, &method::QUEUE_PURGE, &values, next);
        let told = told.expect("a purge");
        purged += told[4..]
            .iter()
            .fold(0, |count, octet| (count << 8) | u32::from(*octet));
        purged == MESSAGES
    });
    writing
        .join()
        .expect("it went on")
        .close()
        .expect("a goodbye");
    if let Some(peak) = scene.peak_memory() {
        assert!(peak < 48 << 20, "{peak} octets");
    }
    scene.check();
}

/// Who is gone while an alarm holds it back is missed though nothing is read of it.
#[test]
fn who_vanishes_while_it_is_held_back_leaves_nothing() {
    let scene = Scene::new(&["--memory-limit", "0"]);
    let declare = |client: &mut Client| client.declare_queue_with("mine", true, b"").is_ok();
    let mut first = scene.client();
    assert!(declare(&mut first));
    let mut out = Vec::new();
    let values = [Value::Long(0), Value::Short(1), Value::Bit(false)];
    method::BASIC_QOS.write(&mut out, 1, &values);
    write_publish(&mut out, "mine", b"held back");
    first.stream.write_all(&out).expect("room");
    // With an answer unread the pipe is not closed but torn.
    first.stream.peek(&mut [0]).expect("an answer");
    drop(first);
    eventually("the queue is free", || declare(&mut scene.client()));
}
