//! Alarms: when memory or disk runs low, connections that publish are held back.
//!
//! A connection is blocked by its first publish while an alarm is on; that publish waits here until
//! every alarm is over, and whoever carries the connection reads no more of it meanwhile. Connections
//! that do not publish go on. Memory is what messages take, which is counted when publishers have used
//! up what was left; whether there is enough again is looked at in RabbitMQ's interval. Source:
//! RabbitMQ, "Memory and Disk Alarms", `rabbit_alarm`, `rabbit_reader`; the texts of memory alone and of
//! both were measured on 3.10.8.
//! Deliberately not here: the machine's memory and disk; who knows them says so.

use super::{Broker, Effect, Effects, Publish};
use crate::types::{ChannelRef, ConnectionId, SimDuration, SimTime};

/// Octets that a message takes beside its body: about what RabbitMQ's documentation says.
pub const MESSAGE_OCTETS: u64 = 720;
/// How often memory is looked at while there is too little (`memory_monitor_interval`).
const INTERVAL: SimDuration = SimDuration::from_millis(2_500);
/// Near the limit memory is counted anew after this part of it at the latest.
const FINENESS: u64 = 64;

/// What can run low.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Memory for messages.
    Memory,
    /// Space on the disk.
    Disk,
}

/// Which alarms are on, and what they hold back.
#[derive(Debug, Clone)]
pub(super) struct Alarms {
    /// Octets that messages may take; [`u64::MAX`] for as many as come.
    limit: u64,
    /// Whether memory is low by count.
    full: bool,
    /// What somebody outside says is low: memory, disk.
    said: [bool; 2],
    /// When memory is looked at next; [`SimTime::MAX`] while it suffices.
    pub(super) next_look: SimTime,
    /// In the order in which they were blocked.
    blocked: Vec<ConnectionId>,
    /// In the order in which they came.
    held: Vec<(ChannelRef, Publish)>,
}

impl Default for Alarms {
    fn default() -> Self {
        Self {
            limit: u64::MAX,
            full: false,
            said: [false; 2],
            next_look: SimTime::MAX,
            blocked: Vec::new(),
            held: Vec::new(),
        }
    }
}

impl Alarms {
    /// What is low, as RabbitMQ tells it; `None` when nothing is.
    fn reason(&self) -> Option<&'static str> {
        match (self.full || self.said[0], self.said[1]) {
            (false, false) => None,
            (true, false) => Some("low on memory"),
            (false, true) => Some("low on disk"),
            (true, true) => Some("low on disk & memory"),
        }
    }
}

impl Broker {
    /// Says how many octets messages may take before publishers are held back (RabbitMQ's
    /// `vm_memory_high_watermark`, of what messages take alone); `None` for as many as come.
    pub fn set_memory_limit(&mut self, now: SimTime, limit: Option<u64>, effects: &mut Effects) {
        self.alarms.limit = limit.unwrap_or(u64::MAX);
        self.look_at_memory(now, effects);
    }

    /// The limit of [`set_memory_limit`](Self::set_memory_limit).
    #[must_use]
    pub fn memory_limit(&self) -> Option<u64> {
        (self.alarms.limit != u64::MAX).then_some(self.alarms.limit)
    }

    /// Octets that all messages in queues and in consumers' hands take, [`MESSAGE_OCTETS`] for each
    /// beside its body. Goes through all that is unacked.
    #[must_use]
    pub fn memory_used(&self) -> u64 {
        let weight = |octets: u64, count: u64| octets.saturating_add(count * MESSAGE_OCTETS);
        let ready = self.queues.iter();
        let ready = ready.map(|queue| weight(queue.ready_octets, queue.ready.len() as u64));
        let held = self.channels.iter().flat_map(|(_, channel)| channel.held());
        let held = held.map(|delivery| weight(delivery.entry.message.body_octets(), 1));
        ready.chain(held).fold(0, u64::saturating_add)
    }

    /// Sets an alarm, or says that it is over.
    pub fn set_alarm(&mut self, now: SimTime, what: Resource, on: bool, effects: &mut Effects) {
        let place = match what {
            Resource::Memory => 0,
            Resource::Disk => 1,
        };
        self.alarms.said[place] = on;
        self.look_at_memory(now, effects);
    }

    /// What is low, as a blocked connection is told; `None` when no alarm is on.
    #[must_use]
    pub fn alarm(&self) -> Option<&'static str> {
        self.alarms.reason()
    }

    /// Counts memory anew; lets everybody go on when no alarm is on any more.
    pub(super) fn look_at_memory(&mut self, now: SimTime, effects: &mut Effects) {
        let limit = self.alarms.limit;
        let used = if limit == u64::MAX {
            0
        } else {
            self.memory_used()
        };
        self.alarms.full = used >= limit;
        self.alarms.next_look = if self.alarms.full {
            now + INTERVAL
        } else {
            SimTime::MAX
        };
        if self.alarms.reason().is_some() {
            self.room = 0;
            return;
        }
        self.room = (limit - used).max(limit / FINENESS);
        for connection in std::mem::take(&mut self.alarms.blocked) {
            effects.push(Effect::ConnectionUnblocked { connection });
        }
        for (channel, publish) in std::mem::take(&mut self.alarms.held) {
            // A channel that is gone has taken with it what it had to say.
            if let Some(row) = self.row(channel)
                && let Err(error) = self.publish(now, row, publish, effects)
            {
                self.close_for(now, channel, &error, effects);
            }
        }
        self.send_dead_letters(now, effects);
    }

    /// A publish for which no room is left: counts anew and gives it back, or holds it back.
    #[cold]
    pub(super) fn find_room(
        &mut self,
        now: SimTime,
        row: u32,
        publish: Publish,
        effects: &mut Effects,
    ) -> Option<Publish> {
        if self.alarms.reason().is_none() {
            self.look_at_memory(now, effects);
        }
        let Some(reason) = self.alarms.reason() else {
            let weight = publish.body.octets().saturating_add(MESSAGE_OCTETS);
            self.room = self.room.saturating_sub(weight);
            return Some(publish);
        };
        let channel = self.channels.get(row)?.reference;
        let connection = channel.connection;
        if !self.alarms.blocked.contains(&connection) {
            self.alarms.blocked.push(connection);
            effects.push(Effect::ConnectionBlocked { connection, reason });
        }
        self.alarms.held.push((channel, publish));
        None
    }

    /// A connection is gone, and what was held back of it.
    pub(super) fn forget_held(&mut self, connection: ConnectionId) {
        self.alarms.blocked.retain(|it| *it != connection);
        self.alarms
            .held
            .retain(|(it, _)| it.connection != connection);
    }
}
