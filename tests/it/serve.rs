//! What `brokerlab serve` promises whatever its clients do: it lives, its memory is bounded, and other
//! connections do not notice.
//!
//! Over real sockets, against the command itself. Waiting is bounded so that a broken server fails a
//! test instead of hanging it; nothing here is timed. Deliberately not here: the protocol's answers,
//! which are tested where they are made.
#![allow(
    clippy::disallowed_methods,
    reason = "a real server takes real time, and is loaded from elsewhere"
)]

mod abuse;
mod definitions;
mod floods;
mod stopping;

use crate::client::Client;
use crate::server::Server;
use brokerlab::amqp::method::{self, Value};
use std::time::{Duration, Instant};

/// A server with a connection that must not notice what happens to others.
struct Scene {
    server: Server,
    witness: Client,
}

const QUEUE: &str = "witness";

impl Scene {
    fn new(options: &[&str]) -> Self {
        let server = Server::start(options).expect("the server starts");
        let mut witness = Client::open(&server.address).expect("a connection");
        witness.declare_queue(QUEUE).expect("a queue");
        Self { server, witness }
    }

    fn client(&self) -> Client {
        Client::open(&self.server.address).expect("a connection")
    }

    /// A pipe on which nothing was said yet.
    fn pipe(&self) -> Client {
        Client::connect(&self.server.address).expect("a pipe")
    }

    /// The witness publishes a message and gets it back.
    fn check(&mut self) {
        let mut out = Vec::new();
        crate::client::write_publish(&mut out, QUEUE, b"still here");
        std::io::Write::write_all(&mut self.witness.stream, &out).expect("a publish");
        let values = [
            Value::Short(0),
            Value::ShortString(QUEUE.as_bytes()),
            Value::Bit(true),
        ];
        let next = &method::BASIC_GET_OK;
        self.witness
            .call(1, &method::BASIC_GET, &values, next)
            .expect("the message");
    }

    /// The most memory that the server has held, in octets, where the system tells.
    fn peak_memory(&self) -> Option<u64> {
        self.server.memory("VmHWM")
    }
}

/// Waits for what must happen soon, though nobody says when.
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "not so: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
