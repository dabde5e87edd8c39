//! One queue: its flags, its ready messages, its consumers' rotation, its limits.
//!
//! A queue knows consumers by the number of their row and never touches a channel; who is given what
//! is decided in `dispatch`. Deliberately not here: bindings (topology) and unacked deliveries, which
//! belong to the channels that hold them.

mod arguments;
mod ready;
mod retry;
mod table;

pub(super) use arguments::{
    Overflow, QueueSettings, TTL_MS_MAX, check_arguments, check_equivalence, integer, queue_type,
};
pub(super) use ready::{Entry, Origin, RETURNS_MAX, Ready, Tells};
pub(super) use retry::{Delayed, Retry};
pub(super) use table::Queues;

use super::consumer::{ConsumerList, Rotation};
use super::dead_letter::DeadLetter;
use super::fall_over::is_persistent;
use super::unacked::Unacked;
use super::{DropReason, Effect, Effects, profile};
use crate::types::{
    ChannelRef, ConnectionId, ExchangeId, FieldTable, Message, QueueId, QueueName, QueueType,
    SimDuration, SimTime, VhostId, order_of,
};
use std::collections::VecDeque;

/// How often a quorum queue looks whether it is unused (`quorum_tick_interval`).
const TICK: SimDuration = SimDuration::from_secs(5);

/// Everything about one queue.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    pub(super) id: QueueId,
    pub(super) vhost: VhostId,
    pub(super) name: QueueName,
    pub(super) durable: bool,
    pub(super) auto_delete: bool,
    /// The connection that may use it, when it is exclusive.
    pub(super) owner: Option<ConnectionId>,
    /// As declared.
    pub(super) arguments: FieldTable,
    /// What the arguments mean.
    pub(super) settings: QueueSettings,
    pub(super) ready: Ready,
    /// Messages that came back and are tried again later.
    pub(super) delayed: Delayed,
    /// Octets of the bodies of ready messages and of those that are tried again later.
    pub(super) ready_octets: u64,
    /// Delivered or gotten, and not settled.
    pub(super) unacked: u32,
    /// All consumers, in order of arrival.
    pub(super) consumers: ConsumerList,
    /// Those that may be given the next message.
    pub(super) rotation: Rotation,
    /// The consumer that refused others.
    pub(super) exclusive_consumer: bool,
    /// The single active consumer, when the queue has one.
    pub(super) active: Option<u32>,
    /// Who waits behind the single active consumer, in the order of taking over.
    pub(super) waiting: Vec<u32>,
    /// When it was declared.
    pub(super) declared_at: SimTime,
    /// Since when nobody used it, for queue expiry; `None` while it has consumers.
    pub(super) unused_since: Option<SimTime>,
    /// Whether it may ever have a deadline: it expires when unused, or a message with a time to live
    /// has been in it, or one that was to be tried again later.
    pub(super) timed: bool,
    /// Whether a quorum queue has been too long and has not yet become short enough again.
    pub(super) rejecting: bool,
    /// Whether it is to keep what is persistent and has not got any yet.
    pub(super) unwritten: bool,
    /// When the message expires that was at the head when expired ones were last looked for.
    pub(super) head_expires: SimTime,
    /// The deadline that stands in the broker's calendar for it.
    pub(super) deadline: SimTime,
}

impl Queue {
    /// The priority that counts for a message: what it asks for, up to the queue's highest.
    fn priority(&self, message: &Message) -> u8 {
        if self.settings.max_priority == 0 {
            return 0;
        }
        let asked = message
            .properties()
            .and_then(|properties| properties.priority);
        let silent = match self.settings.kind {
            QueueType::Quorum => profile::QUORUM_PRIORITY,
            QueueType::Classic | QueueType::Stream => 0,
        };
        asked.unwrap_or(silent).min(self.settings.max_priority)
    }

    /// Deliveries of it in the order in which they are rejected together: RabbitMQ keeps a classic queue
    /// for each priority, and asks the highest first.
    pub(super) fn most_urgent_first(&self, deliveries: Vec<Unacked>) -> Vec<Unacked> {
        if self.settings.max_priority == 0 || self.settings.kind != QueueType::Classic {
            return deliveries;
        }
        let urgency = |it: &Unacked| -i64::from(self.priority(&it.entry.message));
        let order = order_of(deliveries.iter().map(urgency));
        let mut slots: Vec<_> = deliveries.into_iter().map(Some).collect();
        let order = order.into_iter();
        order.filter_map(|index| slots[index].take()).collect()
    }

    /// How many messages are ready or will be without anybody's doing: those that its limits count.
    pub(super) fn len(&self) -> usize {
        self.ready.len() + self.delayed.len()
    }

    /// Those messages, first the ready ones in the order in which they would leave.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.ready.iter().chain(self.delayed.iter())
    }

    /// Whether it holds more than its limits allow.
    pub(super) fn is_over_limit(&self) -> bool {
        self.settings
            .max_length
            .is_some_and(|max| self.len() as u64 > max)
            || self
                .settings
                .max_octets
                .is_some_and(|max| self.ready_octets > max)
    }

    /// Whether it refuses one more message of `octets` octets. A quorum queue takes the one that makes
    /// it too long, and then none before four fifths of its limits (`rabbit_fifo`, `LOW_LIMIT`).
    pub(super) fn has_no_room(&mut self, octets: u64) -> bool {
        if self.settings.kind == QueueType::Classic {
            return self.would_be_over_limit(octets);
        }
        let is_low = |limit: Option<u64>, now: u64| limit.is_none_or(|max| now <= max * 4 / 5);
        let (length, limits) = (self.len() as u64, &self.settings);
        if is_low(limits.max_length, length) && is_low(limits.max_octets, self.ready_octets) {
            self.rejecting = false;
        }
        self.rejecting
    }

    /// Whether one more message of `octets` octets would go over its limits.
    fn would_be_over_limit(&self, octets: u64) -> bool {
        self.settings
            .max_length
            .is_some_and(|max| self.ready.len() as u64 >= max)
            || self
                .settings
                .max_octets
                .is_some_and(|max| self.ready_octets + octets > max)
    }

    /// When something happens to it by itself; [`SimTime::MAX`] when never.
    pub(super) fn next_deadline(&self) -> SimTime {
        let own = self.head_expires.min(self.delayed.first());
        own.min(self.unused_until())
    }

    /// When it has been unused for as long as it may; [`SimTime::MAX`] for never. A quorum queue looks
    /// only now and then, and is in use while somebody holds a message of it (`rabbit_fifo:tick/2`).
    pub(super) fn unused_until(&self) -> SimTime {
        let (Some(span), Some(since)) = (self.settings.expires, self.unused_since) else {
            return SimTime::MAX;
        };
        let until = since + span;
        if self.settings.kind != QueueType::Quorum {
            return until;
        }
        if self.unacked > 0 {
            return SimTime::MAX;
        }
        let age = until.as_nanos() - self.declared_at.as_nanos();
        let tick = TICK.as_nanos();
        self.declared_at + SimDuration::from_nanos((age / tick + 1) * tick)
    }

    /// Messages of it that were held without a consumer are settled: it is used until now.
    pub(super) fn note_let_go(&mut self, now: SimTime) -> bool {
        let held = self.settings.kind == QueueType::Quorum && self.settings.expires.is_some();
        let let_go = held && self.unacked == 0 && self.unused_since.is_some();
        if let_go {
            self.unused_since = Some(now);
        }
        let_go
    }

    /// Whether it is renewed as used by being declared again or asked after.
    pub(super) fn is_used_by_declares(&self) -> bool {
        self.settings.kind != QueueType::Quorum
    }

    /// Drops expired messages from the head and remembers when the next one there expires.
    #[inline]
    pub(super) fn look(
        &mut self,
        now: SimTime,
        effects: &mut Effects,
        letters: &mut VecDeque<DeadLetter>,
    ) {
        if !self.timed {
            return;
        }
        loop {
            let head = self.ready.front();
            self.head_expires = head.map_or(SimTime::MAX, |head| head.expires_at);
            if self.head_expires > now || head.is_none() {
                break;
            }
            self.drop_head(DropReason::Expired, effects, letters);
        }
    }

    /// Whether a message without time goes at once, whatever stands before it.
    pub(super) fn keeps_nothing(&self) -> bool {
        self.settings.message_ttl == Some(SimDuration::ZERO)
            && self.settings.dead_letter_exchange.is_none()
    }

    /// It writes a message, when it has to.
    #[inline]
    pub(super) fn note_written(&mut self, entry: &Entry) {
        if self.unwritten && is_persistent(&entry.message) {
            self.unwritten = false;
        }
    }

    /// Puts the newest message in.
    #[inline]
    pub(super) fn append(&mut self, entry: Entry) {
        if self.unwritten && !self.keeps_nothing() {
            self.note_written(&entry);
        }
        self.timed |= entry.expires_at != SimTime::MAX;
        self.ready_octets += entry.message.body_octets();
        let priority = self.priority(&entry.message);
        self.ready.push_back(priority, entry);
    }

    /// Puts a message back into its place. Quorum queues have other places: with a limit to returns, or
    /// when its consumer is gone, behind those that returned before it and before all others; else at
    /// the end (measured; `rabbit_fifo`).
    pub(super) fn put_back(&mut self, entry: Entry, is_left: bool) {
        self.timed |= entry.expires_at != SimTime::MAX;
        self.ready_octets += entry.message.body_octets();
        let priority = self.priority(&entry.message);
        if !entry.tells_failures() {
            self.ready.insert(priority, entry);
        } else if is_left || self.settings.delivery_limit.is_some() {
            let above_all = self.settings.max_priority.saturating_add(1);
            self.ready.push_back(above_all, entry);
        } else {
            self.ready.push_back(priority, entry);
        }
    }

    /// The same with a delivery of a channel, which is told.
    pub(super) fn take_back(
        &mut self,
        channel: ChannelRef,
        entry: Entry,
        is_left: bool,
        effects: &mut Effects,
    ) {
        self.tell_return(channel, &entry, effects);
        self.put_back(entry, is_left);
    }

    fn tell_return(&self, channel: ChannelRef, entry: &Entry, effects: &mut Effects) {
        effects.push(Effect::Requeued {
            channel,
            queue: self.id,
            copy: entry.copy(),
            message: entry.message.id(),
        });
    }

    /// Takes out the message that leaves next.
    #[inline]
    pub(super) fn take_head(&mut self) -> Option<Entry> {
        let entry = self.ready.pop_front()?;
        self.ready_octets -= entry.message.body_octets();
        Some(entry)
    }

    /// Drops the message that would leave next.
    pub(super) fn drop_head(
        &mut self,
        reason: DropReason,
        effects: &mut Effects,
        letters: &mut VecDeque<DeadLetter>,
    ) {
        if let Some(entry) = self.take_head() {
            self.drop_entry(entry, reason, false, effects, letters);
        }
    }

    /// Drops a message that is in no list any more.
    pub(super) fn drop_entry(
        &self,
        entry: Entry,
        reason: DropReason,
        was_unacked: bool,
        effects: &mut Effects,
        letters: &mut VecDeque<DeadLetter>,
    ) {
        effects.push(Effect::Dropped {
            queue: self.id,
            copy: Some(entry.copy()),
            message: entry.message.id(),
            reason,
            was_unacked,
        });
        let origin = entry.origin();
        self.dead_letter(entry.message, origin, reason, letters);
    }

    /// Refuses a message that asks to come in: it is no copy of this queue.
    pub(super) fn refuse(
        &self,
        message: &Message,
        origin: Origin,
        via: ExchangeId,
        effects: &mut Effects,
        letters: &mut VecDeque<DeadLetter>,
    ) {
        effects.push(Effect::Refused {
            queue: self.id,
            message: message.id(),
            via,
        });
        if self.settings.overflow == Overflow::RejectPublishDlx {
            let reason = DropReason::MaxLength;
            effects.push(Effect::Dropped {
                queue: self.id,
                copy: None,
                message: message.id(),
                reason,
                was_unacked: false,
            });
            self.dead_letter(message.clone(), origin, reason, letters);
        }
    }

    /// Drops all ready messages for good: none is dead-lettered.
    pub(super) fn clear(&mut self, reason: DropReason, effects: &mut Effects) {
        while let Some(entry) = self.take_head() {
            effects.push(Effect::Dropped {
                queue: self.id,
                copy: Some(entry.copy()),
                message: entry.message.id(),
                reason,
                was_unacked: false,
            });
        }
        self.head_expires = SimTime::MAX;
    }

    /// Drops from the head what is over the limits, where that is the queue's way; says whether
    /// there was anything.
    #[inline]
    pub(super) fn trim(
        &mut self,
        effects: &mut Effects,
        letters: &mut VecDeque<DeadLetter>,
    ) -> bool {
        let mut dropped = false;
        if self.settings.overflow == Overflow::DropHead {
            while !self.ready.is_empty() && self.is_over_limit() {
                dropped = true;
                self.drop_head(DropReason::MaxLength, effects, letters);
            }
        } else {
            self.rejecting |= self.is_over_limit();
        }
        dropped
    }

    /// Sends a dropped message on its way, when the queue has somewhere to send it.
    fn dead_letter(
        &self,
        message: Message,
        origin: Origin,
        reason: DropReason,
        letters: &mut VecDeque<DeadLetter>,
    ) {
        if let Some(exchange) = &self.settings.dead_letter_exchange {
            letters.push_back(DeadLetter {
                queue: self.id,
                queue_name: self.name.clone(),
                vhost: self.vhost,
                exchange: exchange.clone(),
                key: self.settings.dead_letter_key.clone(),
                message,
                origin,
                reason,
            });
        }
    }
}
