//! What all connections share: the broker, the protocol, the clock, and who is to be woken.
//!
//! Deliberately not here: sockets.

use super::journal::Journal;
use super::limits;
use crate::args::ServeOptions;
use crate::files::{self, Failure};
use brokerlab::amqp::{Peer, Server, Settings};
use brokerlab::broker::{Broker, BrokerOptions, Effects, Resource};
use brokerlab::types::{ConnectionId, Profile, SimTime};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;
use tokio::time::Instant;

/// The hub, in the hands of whoever is at work; nobody keeps it while waiting.
pub(super) type Shared = Rc<RefCell<Hub>>;

/// Octets read from a connection at once, into one place for all of them: a connection that is idle
/// holds no such place, and one that is busy keeps the others waiting no longer than this takes.
const READ_OCTETS: usize = 256 * 1024;
/// So far ahead is never: an instant that every clock can count to.
const NEVER: Duration = Duration::from_secs(365 * 24 * 3600);
/// RabbitMQ's word for the reason.
const SHUTDOWN: &str = "broker forced connection closure with reason 'shutdown'";

/// The largest message that a RabbitMQ of this line takes as it comes.
const fn largest(profile: Profile) -> u64 {
    match profile {
        Profile::V3 => 128 << 20,
        Profile::V4 => 16 << 20,
    }
}

/// What all connections share.
pub(super) struct Hub {
    pub(super) journal: Journal,
    /// Where octets are read to.
    pub(super) buffer: Vec<u8>,
    broker: Broker,
    server: Server,
    effects: Effects,
    start: Instant,
    /// Who serves each connection, to be woken when it has something to do that its socket does not
    /// know of.
    pipes: BTreeMap<ConnectionId, Waker>,
    pipes_max: usize,
    last_id: u32,
    /// When the timer means to wake, and how to tell it of something earlier.
    armed: SimTime,
    timer: Waker,
    /// Who waits for the last connection to go.
    farewell: Waker,
}

impl Hub {
    /// A broker as the options want it, without connections.
    ///
    /// # Errors
    /// When its definitions file cannot be read.
    pub(super) fn new(options: &ServeOptions) -> Result<Self, Failure> {
        let settings = Settings {
            channel_max: options.max_channels,
            frame_max: options.frame_max,
            heartbeat: options.heartbeat,
            handshake: Some(options.handshake_timeout),
            message_octets_max: options
                .max_message_size
                .unwrap_or_else(|| largest(options.profile)),
            output_octets_max: options.max_output,
            loopback_users: options.loopback_users.clone(),
            watched: false,
            ..Settings::default()
        };
        let mut broker = Broker::new(BrokerOptions {
            profile: options.profile,
        });
        let limit = options.memory_limit.unwrap_or_else(limits::memory);
        broker.set_limit(
            SimTime::ZERO,
            Resource::Memory,
            Some(limit),
            &mut Effects::new(),
        );
        broker.set_consumer_timeout(Some(options.consumer_timeout));
        if let Some(name) = &options.definitions {
            files::load(name, &mut broker, options.quiet)?;
        }
        Ok(Self {
            journal: Journal::new(options.quiet, options.verbose),
            buffer: vec![0; READ_OCTETS],
            broker,
            server: Server::new(settings),
            effects: Effects::new(),
            start: Instant::now(),
            pipes: BTreeMap::new(),
            pipes_max: options.max_connections as usize,
            last_id: 0,
            armed: SimTime::MAX,
            timer: Waker::noop().clone(),
            farewell: Waker::noop().clone(),
        })
    }

    /// The time since the start: the one place where the machine's clock is asked.
    fn now(&self) -> SimTime {
        let nanos = self.start.elapsed().as_nanos();
        SimTime::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// Lets a connection in and gives its number, or says why not.
    pub(super) fn connect(&mut self, peer: SocketAddr) -> Result<ConnectionId, String> {
        if self.pipes.len() >= self.pipes_max {
            return Err(format!("{} connections are open already", self.pipes_max));
        }
        self.last_id += 1;
        let id = ConnectionId(self.last_id);
        let loopback = peer.ip().to_canonical().is_loopback();
        let now = self.now();
        self.server.connect(now, id, Peer { loopback });
        self.pipes.insert(id, Waker::noop().clone());
        self.conclude();
        Ok(id)
    }

    /// Remembers how to wake who serves a connection.
    pub(super) fn sleep(&mut self, id: ConnectionId, waker: &Waker) {
        if let Some(kept) = self.pipes.get_mut(&id) {
            kept.clone_from(waker);
        }
    }

    /// The first `count` octets of the buffer came from a client.
    pub(super) fn handle_bytes(&mut self, id: ConnectionId, count: usize) {
        let now = self.now();
        let octets = self.buffer.get(..count).unwrap_or_default();
        let (broker, effects) = (&mut self.broker, &mut self.effects);
        self.server.handle_bytes(broker, now, id, octets, effects);
        self.conclude();
    }

    /// What is to be written to a client.
    pub(super) fn output(&self, id: ConnectionId) -> &[u8] {
        self.server.output(id)
    }

    /// So many octets of it are written.
    pub(super) fn handle_written(&mut self, id: ConnectionId, octets: usize) {
        let now = self.now();
        let (broker, effects) = (&mut self.broker, &mut self.effects);
        self.server.handle_written(broker, now, id, octets, effects);
        self.conclude();
    }

    /// Whether to read from a client now.
    pub(super) fn wants_bytes(&self, id: ConnectionId) -> bool {
        self.server.wants_bytes(id)
    }

    /// Whether everything is said that will be said to a client.
    pub(super) fn is_over(&self, id: ConnectionId) -> bool {
        self.server.is_over(id)
    }

    /// Whether a goodbye was said.
    pub(super) fn has_parted(&self, id: ConnectionId) -> bool {
        self.server.has_parted(id)
    }

    /// The pipe is gone.
    pub(super) fn disconnect(&mut self, id: ConnectionId) {
        let now = self.now();
        let (broker, effects) = (&mut self.broker, &mut self.effects);
        self.server.handle_disconnect(broker, now, id, effects);
        self.pipes.remove(&id);
        self.conclude();
        if self.pipes.is_empty() {
            self.farewell.wake_by_ref();
        }
    }

    /// Tells every client that the server stops.
    pub(super) fn shut_down(&mut self) {
        let now = self.now();
        let ids: Vec<ConnectionId> = self.pipes.keys().copied().collect();
        for id in ids {
            let (broker, effects) = (&mut self.broker, &mut self.effects);
            self.server.force_close(broker, now, id, SHUTDOWN, effects);
        }
        self.conclude();
    }

    /// When the timer is to ring, while `waker` is told of anything earlier.
    pub(super) fn arm_timer(&mut self, waker: &Waker) -> Instant {
        self.timer.clone_from(waker);
        self.armed = self.next_deadline();
        let ahead = Duration::from_nanos(self.armed.as_nanos());
        self.start + ahead.min(NEVER)
    }

    fn next_deadline(&self) -> SimTime {
        let next = self.server.next_deadline(&self.broker);
        next.unwrap_or(SimTime::MAX)
    }

    /// Does what is due.
    pub(super) fn handle_timeout(&mut self) {
        let now = self.now();
        let (broker, effects) = (&mut self.broker, &mut self.effects);
        self.server.handle_timeout(broker, now, effects);
        self.conclude();
    }

    /// What everything ends with: those who have something to do are woken.
    fn conclude(&mut self) {
        self.effects.clear();
        while let Some(id) = self.server.poll_woken() {
            if let Some(waker) = self.pipes.get(&id) {
                waker.wake_by_ref();
            }
        }
        if self.next_deadline() < self.armed {
            self.timer.wake_by_ref();
        }
    }
}

/// Waits until no connection is left.
pub(super) async fn all_gone(hub: Shared) {
    poll_fn(|cx| {
        let mut hub = hub.borrow_mut();
        hub.farewell.clone_from(cx.waker());
        if hub.pipes.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}
