//! Alarms: when memory or disk runs low, connections that publish are held back.
//!
//! A connection is blocked by its first publish while an alarm is on; that publish waits here until
//! every alarm is over, and whoever carries the connection reads no more of it meanwhile. Connections
//! that do not publish go on. Memory is what messages take, which is counted when publishers have used
//! up what was left; whether there is enough again is looked at in RabbitMQ's interval. Source:
//! RabbitMQ, "Memory and Disk Alarms", `rabbit_alarm`, `rabbit_reader`; the texts of memory alone and of
//! both were measured on 3.10.8.
//! Deliberately not here: the machine's memory and disk; who knows them says so.

use super::fall_over::is_persistent;
use super::flow::Flow;
use super::queue::Queue;
use super::{Broker, Effect, Effects, Publish};
use crate::types::{ChannelRef, ConnectionId, Message, SimDuration, SimTime};

/// Octets that a message takes beside its body: about what RabbitMQ's documentation says.
pub const MESSAGE_OCTETS: u64 = 720;
/// How often is looked while there is too little (`memory_monitor_interval`).
const INTERVAL: SimDuration = SimDuration::from_millis(2_500);
/// Near a limit is counted anew after this part of it at the latest.
const FINENESS: u64 = 64;

/// What can run low.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Memory for messages.
    Memory,
    /// Space on the disk.
    Disk,
}

impl Resource {
    const ALL: [Self; 2] = [Self::Memory, Self::Disk];
}

/// Which alarms are on, and what they hold back. What there is of each resource stands in the order
/// of [`Resource::ALL`].
#[derive(Debug, Clone)]
pub(super) struct Alarms {
    /// Octets that messages may take; [`u64::MAX`] for as many as come.
    limits: [u64; 2],
    /// What is low by count.
    full: [bool; 2],
    /// What somebody outside says is low.
    said: [bool; 2],
    /// When it is looked at next; [`SimTime::MAX`] while there is enough.
    next_look: SimTime,
    /// When something is to be done next: to look, or what a queue has handled.
    pub(super) next: SimTime,
    /// Where queues take time for messages: what waits for them.
    pub(super) flow: Option<Box<Flow>>,
    /// In the order in which they were blocked.
    blocked: Vec<ConnectionId>,
    /// In the order in which they came.
    held: Vec<(ChannelRef, Publish)>,
}

impl Default for Alarms {
    fn default() -> Self {
        Self {
            limits: [u64::MAX; 2],
            full: [false; 2],
            said: [false; 2],
            next_look: SimTime::MAX,
            next: SimTime::MAX,
            flow: None,
            blocked: Vec::new(),
            held: Vec::new(),
        }
    }
}

impl Alarms {
    /// After what waits has changed.
    pub(super) fn note_next(&mut self) {
        let handled = self.flow.as_ref().map_or(SimTime::MAX, |it| it.next_due());
        self.next = self.next_look.min(handled);
    }

    fn is_low(&self, what: Resource) -> bool {
        self.full[what as usize] || self.said[what as usize]
    }

    /// What is low, as RabbitMQ tells it; `None` when nothing is.
    fn reason(&self) -> Option<&'static str> {
        match Resource::ALL.map(|what| self.is_low(what)) {
            [false, false] => None,
            [true, false] => Some("low on memory"),
            [false, true] => Some("low on disk"),
            [true, true] => Some("low on disk & memory"),
        }
    }
}

impl Broker {
    /// Says how many octets messages may take before publishers are held back; `None` for as many as
    /// come. Of memory it is RabbitMQ's `vm_memory_high_watermark`, of what messages take alone; of the
    /// disk what is free without messages, less `disk_free_limit`.
    pub fn set_limit(
        &mut self,
        now: SimTime,
        what: Resource,
        limit: Option<u64>,
        effects: &mut Effects,
    ) {
        self.alarms.limits[what as usize] = limit.unwrap_or(u64::MAX);
        self.look_around(now, effects);
    }

    /// The limit of [`set_limit`](Self::set_limit).
    #[must_use]
    pub fn limit(&self, what: Resource) -> Option<u64> {
        let limit = self.alarms.limits[what as usize];
        (limit != u64::MAX).then_some(limit)
    }

    /// Octets that all messages in queues and in consumers' hands take. In memory that is
    /// [`MESSAGE_OCTETS`] for each beside its body; on the disk the bodies of persistent ones in durable
    /// queues, without what the broker writes about them. Goes through all that is unacked, and for
    /// the disk through all that is ready.
    #[must_use]
    pub fn used(&self, what: Resource) -> u64 {
        let held = self.channels.iter().flat_map(|(_, channel)| channel.held());
        match what {
            Resource::Memory => {
                let weight =
                    |octets: u64, count: u64| octets.saturating_add(count * MESSAGE_OCTETS);
                let ready = self.queues.iter();
                let ready = ready.map(|queue| weight(queue.ready_octets, queue.len() as u64));
                let held = held.map(|delivery| weight(delivery.entry.message.body_octets(), 1));
                ready
                    .chain(held)
                    .fold(self.delays.octets(), u64::saturating_add)
            }
            Resource::Disk => {
                let durable = self.queues.iter().filter(|queue| queue.durable);
                let ready = durable.flat_map(Queue::entries);
                let is_durable = |id| self.queue(id).is_some_and(|queue| queue.durable);
                let held = held.filter(|delivery| is_durable(delivery.queue));
                let entries = ready.chain(held.map(|delivery| &delivery.entry));
                let octets = entries.map(|entry| written_octets(&entry.message));
                octets.fold(0, u64::saturating_add)
            }
        }
    }

    /// Sets an alarm, or says that it is over.
    pub fn set_alarm(&mut self, now: SimTime, what: Resource, on: bool, effects: &mut Effects) {
        self.alarms.said[what as usize] = on;
        self.look_around(now, effects);
    }

    /// What is low, as a blocked connection is told; `None` when no alarm is on.
    #[must_use]
    pub fn alarm(&self) -> Option<&'static str> {
        self.alarms.reason()
    }

    /// Whether one thing is low.
    #[must_use]
    pub fn is_low(&self, what: Resource) -> bool {
        self.alarms.is_low(what)
    }

    /// Connections that are blocked, in the order in which they were.
    #[must_use]
    pub fn blocked_connections(&self) -> &[ConnectionId] {
        &self.alarms.blocked
    }

    /// Counts anew what is taken; lets everybody go on when no alarm is on any more.
    pub(super) fn look_around(&mut self, now: SimTime, effects: &mut Effects) {
        let mut room = u64::MAX;
        for what in Resource::ALL {
            let limit = self.alarms.limits[what as usize];
            let used = match limit {
                u64::MAX => 0,
                _ => self.used(what),
            };
            self.alarms.full[what as usize] = used >= limit;
            // What is written takes no more of the disk than of memory, by which room is given out.
            room = room.min(limit.saturating_sub(used).max(limit / FINENESS));
        }
        self.alarms.next_look = if self.alarms.full.contains(&true) {
            now + INTERVAL
        } else {
            SimTime::MAX
        };
        self.alarms.note_next();
        let is_low = self.alarms.reason().is_some();
        self.room = if is_low { 0 } else { room };
        if let Some(flow) = &mut self.alarms.flow {
            // Every publish is to come by, and is counted there.
            flow.room = std::mem::take(&mut self.room);
        }
        if is_low {
            return;
        }
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

    /// What is due of alarms and flow.
    #[inline(never)]
    pub(super) fn look_or_handle(&mut self, now: SimTime, effects: &mut Effects) {
        if self.alarms.next_look <= now {
            self.look_around(now, effects);
        } else {
            self.handle_due(now, effects);
        }
    }

    /// Leaves out looks up to `now` before which nothing happens: they would find what the last one
    /// found, and there may be very many of them.
    pub(super) fn pass_over_looks(&mut self, now: SimTime) {
        let next = std::mem::replace(&mut self.alarms.next_look, SimTime::MAX);
        if next != SimTime::MAX {
            self.alarms.note_next();
            let until = self.due_at(self.looks.first()).min(now);
            let left_out = until.since(next).as_nanos() / INTERVAL.as_nanos();
            self.alarms.next_look = next + INTERVAL.times(left_out);
            self.alarms.note_next();
        }
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
        let weight = publish.body.octets().saturating_add(MESSAGE_OCTETS);
        let left = self.alarms.flow.as_ref().map_or(0, |flow| flow.room);
        if self.alarms.reason().is_none() && left < weight {
            self.look_around(now, effects);
        }
        let Some(reason) = self.alarms.reason() else {
            let room = match &mut self.alarms.flow {
                Some(flow) => &mut flow.room,
                None => &mut self.room,
            };
            *room = room.saturating_sub(weight);
            return self.through_flow(now, row, publish, effects);
        };
        let channel = self.channels.get(row)?.reference;
        let connection = channel.connection;
        if !self.alarms.blocked.contains(&connection) {
            self.alarms.blocked.push(connection);
            effects.push(Effect::ConnectionBlocked { connection, reason });
        }
        if publish.body.octets() == 0 {
            // It is whole with its header, by which the connection is blocked.
            return Some(publish);
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

/// Octets of a message that go to the disk: of what is persistent (delivery mode 2) its body.
fn written_octets(message: &Message) -> u64 {
    if is_persistent(message) {
        message.body_octets()
    } else {
        0
    }
}
