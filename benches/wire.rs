//! Messages a second over TCP: one connection publishes, another consumes and acknowledges. The same
//! generator loads `brokerlab serve` and, where one is installed, a real RabbitMQ, in turn.
//!
//! The generator has two threads that do as little as can be: publishes are octets made beforehand,
//! deliveries are counted frame by frame, acknowledgements are written once for each read. So what is
//! measured is the server, on what the generator leaves of the machine. Native only.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and starts threads"
)]

mod client;
mod rabbitmq;
#[path = "support/server.rs"]
mod server;
mod support;

use brokerlab::amqp::frame;
use brokerlab::amqp::method::{BASIC_ACK, Value};
use client::{Client, method_of, write_publish};
use rabbitmq::Node;
use server::Server;
use std::io::{self, Write as _};
use std::time::Instant;
use support::Figure;

/// Octets of a body.
const BODY: usize = 1000;
/// Deliveries that may be unacknowledged.
const PREFETCH: u16 = 1000;
/// One acknowledgement for so many deliveries.
const ACK_EVERY: u64 = 100;
/// Publishes made beforehand and written at once.
const CHUNK: u64 = 200;
/// Messages of one run: about a second's.
const OURS: u64 = 400_000;
const THEIRS: u64 = 100_000;
/// Runs of each, in turn.
const PAIRS: usize = 9;
const QUEUE: &str = "load";

fn main() {
    if !support::wanted("wire/messages") && !support::wanted("wire/ratio") {
        return;
    }
    let ours = match Server::start(&[]) {
        Ok(server) => server,
        Err(error) => {
            eprintln!("wire: the server does not start: {error}");
            std::process::exit(1);
        }
    };
    // Asked for by its whole name, our own figure needs no other server.
    let theirs = support::wanted("wire/ratio").then(Node::find).flatten();
    if theirs.is_none() && support::wanted("wire/ratio") {
        eprintln!("wire: no RabbitMQ here, so nothing is compared with it");
    }
    let mut rates = [Vec::new(), Vec::new()];
    // The first of each warms up.
    for pair in 0..=PAIRS {
        let mut ways = vec![(ours.address.as_str(), OURS)];
        ways.extend(theirs.iter().map(|node| (node.address.as_str(), THEIRS)));
        for (rates, (address, messages)) in rates.iter_mut().zip(ways) {
            match messages_a_second(address, messages) {
                Ok(_) if pair == 0 => {}
                Ok(rate) => rates.push(rate),
                Err(error) => {
                    eprintln!("wire: {address}: {error}");
                    std::process::exit(1);
                }
            }
        }
    }
    say(&rates);
}

fn say([ours, theirs]: &[Vec<f64>; 2]) {
    let note = "1 kB, publish and consume with acks over TCP, prefetch 1000, an ack for 100";
    support::print("wire/messages", Figure::of(ours.clone()), "/s", note);
    if theirs.is_empty() {
        return;
    }
    let note = "the same on RabbitMQ, run in turn";
    support::print(
        "wire/messages/rabbitmq",
        Figure::of(theirs.clone()),
        "/s",
        note,
    );
    let ratios = ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs);
    let note = "ours over RabbitMQ, run in turn";
    support::print("wire/ratio", Figure::of(ratios.collect()), "x", note);
}

/// From the first octet published until the last message has come.
fn messages_a_second(address: &str, messages: u64) -> io::Result<f64> {
    let mut consumer = Client::open(address)?;
    consumer.declare_queue(QUEUE)?;
    consumer.consume(QUEUE, PREFETCH)?;
    let publisher = Client::open(address)?;
    let begun = Instant::now();
    let publishing = std::thread::spawn(move || publish(publisher, messages));
    let consumed = consume(&mut consumer, messages);
    let elapsed = begun.elapsed();
    let publisher = publishing
        .join()
        .map_err(|_| io::Error::other("the publisher ended early"))?;
    consumed?;
    publisher?.close()?;
    consumer.delete_queue(QUEUE)?;
    consumer.close()?;
    Ok(messages as f64 / elapsed.as_secs_f64())
}

fn publish(mut publisher: Client, messages: u64) -> io::Result<Client> {
    let mut chunk = Vec::new();
    for _ in 0..CHUNK {
        write_publish(&mut chunk, QUEUE, &[b'x'; BODY]);
    }
    for _ in 0..messages / CHUNK {
        publisher.stream.write_all(&chunk)?;
    }
    Ok(publisher)
}

fn consume(consumer: &mut Client, messages: u64) -> io::Result<()> {
    let (mut deliveries, mut bodies) = (0, 0);
    let mut acks = Vec::new();
    while bodies < messages {
        consumer.read_until(|frame| {
            match (frame.kind, method_of(frame)) {
                (_, Some((60, 60))) => deliveries += 1,
                (frame::BODY, _) => bodies += 1,
                _ => {}
            }
            if frame.kind == frame::BODY && bodies % ACK_EVERY == 0 {
                // Tags of a channel count from 1.
                let tag = Value::LongLong(bodies);
                BASIC_ACK.write(&mut acks, 1, &[tag, Value::Bit(true)]);
            }
            false
        })?;
        if !acks.is_empty() {
            consumer.stream.write_all(&acks)?;
            acks.clear();
        }
    }
    if deliveries == messages {
        Ok(())
    } else {
        Err(io::Error::other(format!(
            "{deliveries} deliveries of {messages}"
        )))
    }
}
