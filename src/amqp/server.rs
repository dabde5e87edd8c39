//! All connections of one broker.
//!
//! Octets and the time go in with `handle_...`; octets come out with [`Server::output`], after
//! [`Server::poll_woken`] has said whose; [`Server::next_deadline`] says when to call
//! [`Server::handle_timeout`]. The broker is an argument, since a simulation has one of its own.
//! Deliberately not here: sockets, and what the protocol says (`dialogue`).

use super::connection::Connection;
use super::dialogue::Dialogue;
use super::settings::{Peer, Settings};
use super::state::ConnectionState;
use super::words::Words;
use crate::broker::{Broker, Command, Effect, Effects};
use crate::types::{
    AmqpError, ChannelRef, ConnectionId, Deadlines, MethodId, ReplyCode, Rising, SimTime,
};
use std::rc::Rc;

/// The server's side of all connections.
#[derive(Debug, Clone)]
pub struct Server {
    settings: Settings,
    connections: Rising<Box<Connection>>,
    words: Words,
    woken: Vec<ConnectionId>,
    deadlines: Deadlines,
}

impl Server {
    /// A server without connections.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            connections: Rising::default(),
            words: Words::default(),
            woken: Vec::new(),
            deadlines: Deadlines::default(),
        }
    }

    /// What it offers and allows.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many connections it has.
    #[must_use]
    pub const fn connections(&self) -> usize {
        self.connections.len()
    }

    /// A pipe came to be. The caller chooses the number; it must not be in use in the broker.
    pub fn connect(&mut self, now: SimTime, id: ConnectionId, peer: Peer) {
        let connection = Box::new(Connection::new(now, id, peer, &self.settings));
        self.deadlines.set(id.0, connection.deadline());
        self.connections.insert(id.0.into(), connection);
    }

    /// Octets came from the client. What its commands cause is carried to the connections concerned,
    /// and left in `effects` when the settings say that somebody watches.
    pub fn handle_bytes(
        &mut self,
        broker: &mut Broker,
        now: SimTime,
        id: ConnectionId,
        bytes: &[u8],
        effects: &mut Effects,
    ) {
        let Some(mut connection) = self.connections.remove(id.0.into()) else {
            return;
        };
        connection.note_received();
        let mut dialogue = Dialogue {
            connection: &mut connection,
            others: &mut self.connections,
            woken: &mut self.woken,
            words: &mut self.words,
            settings: &self.settings,
            broker,
            now,
            effects,
        };
        dialogue.hear(bytes);
        self.put_back(connection);
    }

    fn put_back(&mut self, mut connection: Box<Connection>) {
        connection.say_confirms();
        let id = connection.id;
        wake(&mut connection, &mut self.woken);
        self.deadlines.set(id.0, connection.deadline());
        self.connections.insert(id.0.into(), connection);
    }

    /// Effects caused elsewhere, by a simulated client or a deadline of the broker: those that concern
    /// connections of this server are carried to them.
    pub fn handle_effects(&mut self, now: SimTime, effects: &[Effect]) {
        for effect in effects {
            let Some(id) = effect.addressee() else {
                continue;
            };
            if let Some(connection) = self.connections.get_mut(id.0.into()) {
                connection.carry(now, effect);
                connection.say_confirms();
                wake(connection, &mut self.woken);
                self.deadlines.set(id.0, connection.deadline());
            }
        }
    }

    /// The pipe is gone: whatever the client had ends.
    pub fn handle_disconnect(
        &mut self,
        broker: &mut Broker,
        now: SimTime,
        id: ConnectionId,
        effects: &mut Effects,
    ) {
        let Some(connection) = self.connections.remove(id.0.into()) else {
            return;
        };
        self.deadlines.set(id.0, SimTime::MAX);
        if connection.known {
            self.forget(broker, now, id, effects);
        }
    }

    fn forget(
        &mut self,
        broker: &mut Broker,
        now: SimTime,
        id: ConnectionId,
        effects: &mut Effects,
    ) {
        let from = effects.len();
        let channel = ChannelRef::new(id, 0);
        // It was open, so it can be closed.
        let _ = broker.apply(now, channel, Command::ConnectionClose, effects);
        self.handle_effects(now, &effects[from..]);
        self.trim(effects, from);
    }

    fn trim(&self, effects: &mut Effects, from: usize) {
        if !self.settings.watched {
            effects.truncate(from);
        }
    }

    /// So many octets of a connection's output are written. Consumers that waited for that go on.
    pub fn handle_written(
        &mut self,
        broker: &mut Broker,
        now: SimTime,
        id: ConnectionId,
        octets: usize,
        effects: &mut Effects,
    ) {
        let Some(connection) = self.connections.get_mut(id.0.into()) else {
            return;
        };
        if !connection.take_written(octets) {
            return;
        }
        for number in connection.take_unwritten() {
            let from = effects.len();
            let channel = ChannelRef::new(id, number);
            broker.written(now, channel, effects);
            self.handle_effects(now, &effects[from..]);
            self.trim(effects, from);
        }
        let connection = self.connections.get(id.0.into());
        if connection.is_some_and(|connection| connection.is_to_be_heard()) {
            self.handle_bytes(broker, now, id, &[], effects);
        }
    }

    /// Does what is due: the broker's deadlines, heartbeats, the end of handshakes.
    pub fn handle_timeout(&mut self, broker: &mut Broker, now: SimTime, effects: &mut Effects) {
        let from = effects.len();
        broker.expire(now, effects);
        self.handle_effects(now, &effects[from..]);
        self.trim(effects, from);
        while let Some((due, number)) = self.deadlines.first()
            && due <= now
        {
            let id = ConnectionId(number);
            let Some(connection) = self.connections.get_mut(number.into()) else {
                self.deadlines.set(number, SimTime::MAX);
                continue;
            };
            if connection.is_to_be_heard() {
                self.handle_bytes(broker, now, id, &[], effects);
                continue;
            }
            connection.meet_deadline(now);
            wake(connection, &mut self.woken);
            let over = connection.state == ConnectionState::Over;
            let leaves = over && std::mem::take(&mut connection.known);
            self.deadlines.set(number, connection.deadline());
            if leaves {
                self.forget(broker, now, id, effects);
            }
        }
    }

    /// When to call [`handle_timeout`](Self::handle_timeout) next.
    #[must_use]
    pub fn next_deadline(&self, broker: &Broker) -> Option<SimTime> {
        let own = self.deadlines.first().map(|(due, _)| due);
        own.into_iter().chain(broker.next_deadline()).min()
    }

    /// A connection that has something to write, is over or is read again; each once until asked for.
    pub fn poll_woken(&mut self) -> Option<ConnectionId> {
        let id = self.woken.pop()?;
        if let Some(connection) = self.connections.get_mut(id.0.into()) {
            connection.woken = false;
        }
        Some(id)
    }

    /// What is to be written to the client. Say what was written with
    /// [`handle_written`](Self::handle_written).
    #[must_use]
    pub fn output(&self, id: ConnectionId) -> &[u8] {
        let connection = self.connections.get(id.0.into());
        connection.map_or(&[], |connection| connection.output())
    }

    /// Whether the last word is said: write what is left, close the pipe, and call
    /// [`handle_disconnect`](Self::handle_disconnect).
    #[must_use]
    pub fn is_over(&self, id: ConnectionId) -> bool {
        let connection = self.connections.get(id.0.into());
        connection.is_none_or(|connection| connection.state == ConnectionState::Over)
    }

    /// Whether a goodbye was said, by either side: who hangs up now does so in order.
    #[must_use]
    pub fn has_parted(&self, id: ConnectionId) -> bool {
        let connection = self.connections.get(id.0.into());
        connection.is_none_or(|connection| match connection.state {
            ConnectionState::Connected
            | ConnectionState::Starting
            | ConnectionState::Tuning
            | ConnectionState::Opening
            | ConnectionState::Running => false,
            ConnectionState::Closing
            | ConnectionState::Closed
            | ConnectionState::Distrusted
            | ConnectionState::Over => true,
        })
    }

    /// Whether octets should be read from the client now: not while an alarm holds a publisher back,
    /// nor while too much of what it asked for waits to be written.
    #[must_use]
    pub fn wants_bytes(&self, id: ConnectionId) -> bool {
        let connection = self.connections.get(id.0.into());
        connection.is_some_and(|connection| {
            !connection.is_held()
                && connection.octets_asked_for() < self.settings.output_octets_max
                && connection.state != ConnectionState::Over
        })
    }

    /// What a client calls itself (`connection_name` of its properties), once it has said so.
    #[must_use]
    pub fn client_name(&self, id: ConnectionId) -> Option<Rc<str>> {
        self.connections.get(id.0.into())?.name.clone()
    }

    /// Closes a connection as an operator or a stopping server does: 320 CONNECTION_FORCED.
    pub fn force_close(
        &mut self,
        broker: &mut Broker,
        now: SimTime,
        id: ConnectionId,
        reason: &str,
        effects: &mut Effects,
    ) {
        let Some(connection) = self.connections.get_mut(id.0.into()) else {
            return;
        };
        if connection.state != ConnectionState::Running {
            connection.state = ConnectionState::Over;
            return wake(connection, &mut self.woken);
        }
        let none = MethodId::default();
        connection.say_close(
            now,
            &AmqpError::new(ReplyCode::ConnectionForced, reason, none),
        );
        wake(connection, &mut self.woken);
        if std::mem::take(&mut connection.known) {
            self.forget(broker, now, id, effects);
        }
    }
}

/// Puts a connection on the list of those that have something to say or are read again, once.
pub(super) fn wake(connection: &mut Connection, woken: &mut Vec<ConnectionId>) {
    let says = connection.octets_waiting() > 0 || connection.state == ConnectionState::Over;
    let hears_again = std::mem::take(&mut connection.hears_again);
    if (says || hears_again) && !std::mem::replace(&mut connection.woken, true) {
        woken.push(connection.id);
    }
}
