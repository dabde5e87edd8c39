//! A program on its way through a broker, and what is heard of it.
//!
//! Two brokers number things in their own ways, so everything heard is told in names: the names a
//! program uses, `@1` for the first name the broker made, and the n-th publish. Deliberately not
//! here: which answers are right.

mod names;

use super::language::Step;
use super::naive::Naive;
use crate::broker::{Broker, Command, Effect, Effects, Reply};
use crate::types::{AmqpError, ChannelRef, ConnectionId, ExchangeId, SimTime, VhostName};
use names::{Names, refusal};
use std::collections::BTreeSet;

/// What a session needs of a broker.
pub(in crate::broker) trait Door {
    fn apply(
        &mut self,
        now: SimTime,
        at: ChannelRef,
        command: Command,
        fx: &mut Effects,
    ) -> Result<Reply, AmqpError>;
    fn next_deadline(&self) -> Option<SimTime>;
    fn expire(&mut self, now: SimTime, fx: &mut Effects);
    /// What is broken inside, if anything.
    fn problems(&self) -> Vec<String>;
    /// The exchanges there are from the beginning.
    fn exchange_names(&self) -> Vec<(ExchangeId, String)>;
}

impl Door for Naive {
    fn apply(
        &mut self,
        now: SimTime,
        at: ChannelRef,
        command: Command,
        fx: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        Self::apply(self, now, at, command, fx)
    }
    fn next_deadline(&self) -> Option<SimTime> {
        Self::next_deadline(self)
    }
    fn expire(&mut self, now: SimTime, fx: &mut Effects) {
        Self::expire(self, now, fx);
    }
    fn problems(&self) -> Vec<String> {
        Vec::new()
    }
    fn exchange_names(&self) -> Vec<(ExchangeId, String)> {
        let names = self.exchanges.iter().map(|x| (x.id, x.name.to_string()));
        names.collect()
    }
}

impl Door for Broker {
    fn apply(
        &mut self,
        now: SimTime,
        at: ChannelRef,
        command: Command,
        fx: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        Self::apply(self, now, at, command, fx)
    }
    fn next_deadline(&self) -> Option<SimTime> {
        Self::next_deadline(self)
    }
    fn expire(&mut self, now: SimTime, fx: &mut Effects) {
        Self::expire(self, now, fx);
    }
    fn problems(&self) -> Vec<String> {
        self.check_invariants().err().into_iter().collect()
    }
    fn exchange_names(&self) -> Vec<(ExchangeId, String)> {
        let names = self.exchanges().map(|x| (x.id, x.name.to_string()));
        names.collect()
    }
}

/// A broker that can take queues in an order it is given.
pub(in crate::broker) trait Follow {
    fn follow(&mut self, order: Vec<String>);
}

impl Follow for Naive {
    fn follow(&mut self, order: Vec<String>) {
        self.order = order.into();
    }
}

impl Session<Broker> {
    /// Lets an administrator do something; clients hear of it only by what it changes.
    pub(in crate::broker) fn administer(
        &mut self,
        deed: &dyn Fn(&mut Broker, SimTime, &mut Effects),
    ) -> Heard {
        let mut fx = Effects::new();
        deed(&mut self.door, self.now, &mut fx);
        self.names.learn_copies(&fx);
        self.heard(String::new(), &fx)
    }
}

/// What is heard of one command or one instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::broker) struct Heard {
    /// The answer, or the refusal; empty when time passed.
    pub(in crate::broker) answer: String,
    /// What clients are sent, with the channel it goes to.
    pub(in crate::broker) sent: Vec<(String, String)>,
    /// The facts.
    pub(in crate::broker) facts: Vec<String>,
    /// Queues in the order in which messages came to them; RabbitMQ promises none for the queues of
    /// one message.
    pub(in crate::broker) order: Vec<String>,
}

/// A broker, the time, and the names of what is in it.
pub(in crate::broker) struct Session<D> {
    pub(in crate::broker) door: D,
    pub(in crate::broker) now: SimTime,
    named: BTreeSet<ChannelRef>,
    open: BTreeSet<ConnectionId>,
    names: Names,
}

impl<D: Door> Session<D> {
    pub(in crate::broker) fn new(door: D) -> Self {
        let mut names = Names::default();
        names.exchanges.extend(door.exchange_names());
        Self {
            door,
            now: SimTime::ZERO,
            named: BTreeSet::new(),
            open: BTreeSet::new(),
            names,
        }
    }

    /// Says one command; opens its channel first when it was never named. `None` when the
    /// connection is closed, since nobody can then say anything on it.
    pub(in crate::broker) fn say(
        &mut self,
        at: ChannelRef,
        opens: bool,
        command: &Command,
    ) -> Option<Heard> {
        let opens_connection = matches!(command, Command::ConnectionOpen { .. });
        let opens_channel = matches!(command, Command::ChannelOpen);
        let connection = ChannelRef::new(at.connection, 0);
        let is_new = self.named.insert(at) && opens && !opens_connection;
        if is_new && !self.open.contains(&at.connection) {
            let vhost = VhostName::truncated("/");
            self.carry_out(connection, &Command::open(vhost));
        }
        if is_new && at.channel != 0 && !opens_channel {
            self.carry_out(at, &Command::ChannelOpen);
        }
        let may_speak =
            self.open.contains(&at.connection) || matches!(command, Command::ConnectionOpen { .. });
        may_speak.then(|| self.carry_out(at, command))
    }

    fn carry_out(&mut self, at: ChannelRef, command: &Command) -> Heard {
        let mut fx = Effects::new();
        let said = self.names.said(command);
        let answer = self.door.apply(self.now, at, said.clone(), &mut fx);
        match (command, &answer) {
            (Command::ConnectionOpen { .. }, Ok(_)) => {
                self.open.insert(at.connection);
            }
            (Command::ConnectionClose, Ok(_)) => {
                self.open.remove(&at.connection);
            }
            _ => {}
        }
        self.names.learn(command, &said, &answer, &fx);
        let answer = match &answer {
            Ok(reply) => self.names.reply(reply),
            Err(error) => self.names.told(&refusal(error)),
        };
        self.heard(answer, &fx)
    }

    /// Lets what is due at `at` happen.
    pub(in crate::broker) fn expire(&mut self, at: SimTime) -> Heard {
        self.now = at.max(self.now);
        let mut fx = Effects::new();
        self.door.expire(self.now, &mut fx);
        self.names.learn_copies(&fx);
        self.heard(String::new(), &fx)
    }

    /// Lets time pass, instant by instant.
    pub(in crate::broker) fn pass_until(&mut self, until: SimTime) -> Vec<Heard> {
        let mut all = Vec::new();
        while let Some(due) = self.door.next_deadline().filter(|due| *due <= until) {
            all.push(self.expire(due));
        }
        self.now = until;
        all
    }

    fn heard(&mut self, answer: String, fx: &[Effect]) -> Heard {
        let mut heard = Heard {
            answer,
            ..Heard::default()
        };
        for effect in fx {
            if let Effect::Enqueued { queue, .. } | Effect::Refused { queue, .. } = effect {
                heard.order.push(self.names.told(&self.names.queue(*queue)));
            }
            if let Effect::ConnectionClosed { connection, .. } = effect {
                self.open.remove(connection);
            }
            match self.names.sent(effect) {
                Some((to, line)) => heard.sent.push((to, self.names.told(&line))),
                None => {
                    let fact = self.names.fact(effect);
                    heard.facts.push(self.names.told(&fact));
                }
            }
        }
        heard
    }

    /// Takes the queues of one message in the order in which another broker took them.
    pub(in crate::broker) fn follow(&mut self, other: Option<&Heard>)
    where
        D: Follow,
    {
        let order = other.map(|heard| heard.order.clone()).unwrap_or_default();
        self.door.follow(self.names.own_names(&order));
    }

    /// Runs one step and tells all that is heard.
    pub(in crate::broker) fn step(&mut self, step: &Step) -> Vec<Heard> {
        match step {
            Step::Pass(span) => self.pass_until(self.now + *span),
            Step::Say { at, opens, command } => {
                self.say(*at, *opens, command).into_iter().collect()
            }
        }
    }
}
