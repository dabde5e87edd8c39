//! The package's own broker, in simulated time, spoken to in octets.

use super::world::{Arrival, VHOST, World};
use brokerlab::amqp::{Peer, Server, Settings};
use brokerlab::broker::{Broker, BrokerOptions, Effects};
use brokerlab::types::{ConnectionId, Profile, SimTime, VhostName};
use std::collections::VecDeque;
use std::time::Duration;

/// In what pieces octets come to the server.
#[derive(Clone, Copy)]
pub(crate) enum Pieces {
    Whole,
    /// One octet at a time.
    Single,
    /// In two, so many octets in the first.
    Two(usize),
}

#[derive(Default)]
struct Pipe {
    /// Not read yet, because the server does not want it now.
    waiting: VecDeque<Vec<u8>>,
    over: bool,
}

/// A broker, its server and the pipes to it.
pub(crate) struct Engine {
    broker: Broker,
    server: Server,
    now: SimTime,
    pipes: Vec<Pipe>,
    arrivals: VecDeque<(usize, Arrival)>,
    effects: Effects,
    pieces: Pieces,
    /// The longest that was ever sent at once.
    pub(crate) longest: usize,
}

impl Engine {
    pub(crate) fn new(pieces: Pieces) -> Self {
        let mut broker = Broker::new(BrokerOptions {
            profile: Profile::V3,
        });
        broker.add_vhost(&VhostName::new(VHOST).expect("a good name"));
        let settings = Settings {
            watched: false,
            ..Settings::default()
        };
        Self {
            broker,
            server: Server::new(settings),
            now: SimTime::default(),
            pipes: Vec::new(),
            arrivals: VecDeque::new(),
            effects: Effects::default(),
            pieces,
            longest: 0,
        }
    }

    fn id(pipe: usize) -> ConnectionId {
        ConnectionId(pipe as u32)
    }

    /// Gives the server what it wants to read, and takes what it has to say.
    fn exchange(&mut self) {
        loop {
            let mut moved = false;
            for number in 0..self.pipes.len() {
                let id = Self::id(number);
                let wanted = !self.pipes[number].over && self.server.wants_bytes(id);
                if wanted && let Some(octets) = self.pipes[number].waiting.pop_front() {
                    self.server.handle_bytes(
                        &mut self.broker,
                        self.now,
                        id,
                        &octets,
                        &mut self.effects,
                    );
                    moved = true;
                }
            }
            while let Some(id) = self.server.poll_woken() {
                moved = true;
                self.listen(id);
            }
            if !moved {
                return;
            }
        }
    }

    fn listen(&mut self, id: ConnectionId) {
        let number = id.index();
        let octets = self.server.output(id).to_vec();
        if !octets.is_empty() {
            self.server.handle_written(
                &mut self.broker,
                self.now,
                id,
                octets.len(),
                &mut self.effects,
            );
            self.arrivals.push_back((number, Arrival::Octets(octets)));
        }
        let pipe = &mut self.pipes[number];
        if self.server.is_over(id) && !std::mem::replace(&mut pipe.over, true) {
            self.arrivals.push_back((number, Arrival::End));
            self.server
                .handle_disconnect(&mut self.broker, self.now, id, &mut self.effects);
        }
    }
}

impl World for Engine {
    fn dial(&mut self) -> usize {
        let number = self.pipes.len();
        self.pipes.push(Pipe::default());
        let peer = Peer { loopback: true };
        self.server.connect(self.now, Self::id(number), peer);
        number
    }

    fn write(&mut self, pipe: usize, octets: &[u8]) {
        self.longest = self.longest.max(octets.len());
        let waiting = &mut self.pipes[pipe].waiting;
        match self.pieces {
            Pieces::Whole => waiting.push_back(octets.to_vec()),
            Pieces::Single => waiting.extend(octets.iter().map(|octet| vec![*octet])),
            Pieces::Two(first) => {
                let (a, b) = octets.split_at(first.min(octets.len()));
                waiting.extend([a.to_vec(), b.to_vec()]);
            }
        }
        self.exchange();
    }

    fn hang_up(&mut self, pipe: usize) {
        if !std::mem::replace(&mut self.pipes[pipe].over, true) {
            self.server.handle_disconnect(
                &mut self.broker,
                self.now,
                Self::id(pipe),
                &mut self.effects,
            );
            self.exchange();
        }
    }

    fn read(&mut self, patience: Duration) -> Option<(usize, Arrival)> {
        let end = SimTime::from_nanos(self.now.as_nanos() + patience.as_nanos() as u64);
        loop {
            self.exchange();
            self.effects.clear();
            if let Some(arrival) = self.arrivals.pop_front() {
                return Some(arrival);
            }
            let due = self.server.next_deadline(&self.broker);
            let Some(due) = due.filter(|due| *due <= end) else {
                self.now = end;
                return None;
            };
            self.now = self.now.max(due);
            self.server
                .handle_timeout(&mut self.broker, self.now, &mut self.effects);
        }
    }

    fn now(&self) -> Duration {
        Duration::from_nanos(self.now.as_nanos())
    }

    fn control(&mut self, words: &[String]) -> Result<(), String> {
        let from = self.effects.len();
        super::control::ask_engine(&mut self.broker, self.now, words, &mut self.effects)?;
        self.server.handle_effects(self.now, &self.effects[from..]);
        self.exchange();
        Ok(())
    }

    fn vhost(&self) -> &str {
        VHOST
    }
}
