//! Connections and channels: how they open and what they give back when they close.
//!
//! Deliberately not here: handshakes, heartbeats, and what a client may still send after a close;
//! those are matters of the wire.

use super::channel::Channel;
use super::settle::LEFT;
use super::unacked::Unacked;
use super::{Broker, Command, Effect, Effects, Reply};
use crate::types::{
    AmqpError, ChannelRef, ConnectionId, ConsumerTag, MethodId, QueueId, QueueType, ReplyCode,
    Rising, Scope, SimTime, SortedMap, UserId, VhostId, VhostName, ascending,
};

/// A connection that was opened.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    /// Its vhost.
    pub(super) vhost: VhostId,
    /// Who it is.
    pub(super) user: UserId,
    /// Its open channels' rows, by number.
    pub(super) channels: SortedMap<u16, u32>,
    /// Deliveries to one of its channels that may wait to be written; 0 where that is not told.
    unwritten_max: u32,
    /// Exclusive queues, which end with it.
    pub(super) exclusive: Rising<()>,
}

/// Channels of a connection that may each have as many deliveries waiting as one channel may; when there
/// are more, they share what these may have.
const FULL_CHANNELS: u32 = 8;

impl Connection {
    /// How many deliveries may wait for each of its channels now.
    fn share(&self) -> u32 {
        let channels = u32::try_from(self.channels.len()).unwrap_or(u32::MAX);
        let all = self.unwritten_max.saturating_mul(FULL_CHANNELS);
        let each = all
            / channels
                .checked_next_power_of_two()
                .unwrap_or(u32::MAX)
                .max(1);
        each.max(1).min(self.unwritten_max)
    }
}

impl Broker {
    /// Commands on channel 0 or on a channel that is not open.
    pub(super) fn without_channel(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        command: Command,
        effects: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        let method = command.method_id();
        let connection = channel.connection;
        let open = self.connections.get(connection.0.into()).is_some();
        if channel.channel == 0 {
            if let Command::ConnectionOpen { vhost, user } = &command
                && !open
            {
                return self.open_connection(connection, vhost, *user, method);
            }
            if matches!(command, Command::ConnectionClose) && open {
                self.close_connection(now, connection, effects);
                return Ok(Reply::Done);
            }
        } else if matches!(command, Command::ChannelOpen) && open {
            self.check_channel_limit(connection)?;
            self.open_channel(now, channel);
            return Ok(Reply::Done);
        }
        let text = match (open, channel.channel) {
            (false, _) => "unexpected method in connection state opening",
            (true, 0) => "unexpected method in connection state running",
            (true, _) => "expected 'channel.open'",
        };
        Err(AmqpError::new(ReplyCode::ChannelError, text, method))
    }

    fn open_connection(
        &mut self,
        connection: ConnectionId,
        vhost: &VhostName,
        user: UserId,
        method: MethodId,
    ) -> Result<Reply, AmqpError> {
        let Some(id) = self.topology.vhost(vhost) else {
            let text = format!("vhost {vhost} not found");
            return Err(AmqpError::new(ReplyCode::NotAllowed, text, method));
        };
        self.check_vhost_access(vhost, id, user, method)?;
        let opened = Connection {
            vhost: id,
            user,
            channels: SortedMap::new(),
            unwritten_max: 0,
            exclusive: Rising::default(),
        };
        self.connections.insert(connection.0.into(), opened);
        Ok(Reply::Done)
    }

    fn open_channel(&mut self, now: SimTime, channel: ChannelRef) {
        let Some(connection) = self.connections.get(channel.connection.0.into()) else {
            return;
        };
        let (vhost, user) = (connection.vhost, connection.user);
        let mut opened = Channel::new(channel, vhost, user, now);
        opened.restricted = self.is_restricted(vhost, user);
        let row = self.channels.insert(opened);
        let Some(connection) = self.connections.get_mut(channel.connection.0.into()) else {
            return;
        };
        connection.channels.insert(channel.channel, row);
    }

    /// The client of `channel` is at the other end of a wire. Deliveries that wait to be written are
    /// counted from now on, and no more are made when there are `unwritten_max` of them, or less where
    /// the connection has many channels: whoever calls this calls [`written`](Self::written). After a
    /// channel exception what the channel had got, not consumed, stays with it until
    /// [`Command::ChannelClose`] is said for the client's `close-ok`. A client that does not hear when
    /// the broker cancels a consumer (`consumer_cancel_notify`) loses its channel where others lose the
    /// consumer.
    pub fn put_on_wire(&mut self, channel: ChannelRef, unwritten_max: u32, hears_cancel: bool) {
        let Some(connection) = self.connections.get_mut(channel.connection.0.into()) else {
            return;
        };
        connection.unwritten_max = unwritten_max;
        let share = connection.share();
        // When shares become smaller, that concerns all.
        let others = connection.channels.len().saturating_sub(1);
        if others.is_power_of_two() {
            for row in connection.channels.values() {
                if let Some(other) = self.channels.get_mut(*row) {
                    other.unwritten.bound(share);
                }
            }
        }
        if let Some(row) = self.open_row(channel)
            && let Some(channel) = self.channels.get_mut(row)
        {
            channel.unwritten.bound(share);
            channel.on_wire = true;
            channel.hears_cancel = hears_cancel;
        }
    }

    /// All that was delivered to `channel` is written.
    pub fn written(&mut self, now: SimTime, channel: ChannelRef, effects: &mut Effects) {
        self.expire(now, effects);
        let reference = channel;
        let Some(row) = self.open_row(reference) else {
            return;
        };
        let Some(channel) = self.channels.get_mut(row) else {
            return;
        };
        let was_full = channel.unwritten.is_full();
        channel.unwritten.clear();
        // Others may have opened since, or closed.
        if let Some(connection) = self.connections.get(reference.connection.0.into()) {
            channel.unwritten.bound(connection.share());
        }
        if was_full {
            self.resume_channel(now, row, effects);
            self.conclude(now, effects);
        }
    }

    /// Closes what `error` closes. Of a channel that is said before anything that follows from it; when
    /// a whole connection goes, the channel at fault is gone before, and the connection's other channels
    /// are still given what it held (measured).
    pub(super) fn close_for(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        error: &AmqpError,
        effects: &mut Effects,
    ) {
        let error = error.clone();
        match error.scope() {
            Scope::Channel => {
                effects.push(Effect::ChannelClosed { channel, error });
                if let Some(row) = self.open_row(channel) {
                    let on_wire = self.channels.get(row).is_some_and(|it| it.on_wire);
                    if on_wire {
                        self.break_off(now, row, effects);
                    } else {
                        self.close_channels(now, &[row], effects);
                    }
                }
            }
            Scope::Connection => {
                let connection = channel.connection;
                if let Some(row) = self.open_row(channel) {
                    self.close_channels(now, &[row], effects);
                }
                effects.push(Effect::ConnectionClosed { connection, error });
                self.close_connection(now, connection, effects);
            }
        }
    }

    fn close_connection(&mut self, now: SimTime, connection: ConnectionId, effects: &mut Effects) {
        let Some(closed) = self.connections.get(connection.0.into()) else {
            return;
        };
        let rows: Vec<u32> = closed.channels.values().copied().collect();
        self.handle_all_of(now, &rows, effects);
        self.forget_held(connection);
        let mut touched = self.leave_queues(now, &rows, true, effects);
        touched.extend(self.give_back(now, &rows, effects));
        let exclusive = self
            .connections
            .remove(connection.0.into())
            .map(|connection| connection.exclusive)
            .unwrap_or_default();
        // Only ids were put in, so nothing is cut off.
        let queues = exclusive.iter().map(|(number, ())| QueueId(number as u32));
        self.delete_queues(&queues.collect::<Vec<_>>(), effects);
        self.resume_queues(now, touched, effects);
    }

    /// Closes channels of one connection: their consumers go, then everything unacked returns to its
    /// place, then others are served.
    pub(super) fn close_channels(&mut self, now: SimTime, rows: &[u32], effects: &mut Effects) {
        self.handle_all_of(now, rows, effects);
        let mut touched = self.leave_queues(now, rows, true, effects);
        touched.extend(self.give_back(now, rows, effects));
        self.resume_queues(now, touched, effects);
    }

    /// After an exception: the channel's consumers go, and what it holds of their queues returns. Other
    /// queues, and quorum queues with consumers too, hear of its end only when it is closed: RabbitMQ
    /// tells classic queues with consumers at once, and the rest by the death of the channel's process.
    fn break_off(&mut self, now: SimTime, row: u32, effects: &mut Effects) {
        self.handle_all_of(now, &[row], effects);
        let consumers = self.channels.get(row).into_iter();
        let consumers = consumers.flat_map(|channel| channel.consumers.values());
        let known = consumers.filter_map(|number| self.consumers.get(*number));
        let queues = known.map(|consumer| consumer.queue);
        let mut touched: Vec<QueueId> = queues.filter(|id| !self.is_quorum(*id)).collect();
        touched.extend(self.leave_queues(now, &[row], false, effects));
        let Some(channel) = self.channels.get_mut(row) else {
            return;
        };
        let reference = channel.reference;
        let mut returned = Vec::new();
        for delivery in self.looks.take_held(row, channel) {
            if touched.contains(&delivery.queue) {
                returned.push(delivery);
            } else {
                channel.unacked.put_back(delivery);
            }
        }
        self.looks.take_back(now, row, channel, false);
        self.hand_back(now, reference, returned, effects);
        self.resume_queues(now, touched, effects);
    }

    pub(super) fn is_quorum(&self, id: QueueId) -> bool {
        let queue = self.queue(id);
        queue.is_some_and(|queue| queue.settings.kind == QueueType::Quorum)
    }

    /// Ends the channels' consumers, by name, those of quorum queues only where that is wanted; queues
    /// that lived for their consumers go with them.
    fn leave_queues(
        &mut self,
        now: SimTime,
        rows: &[u32],
        quorum_too: bool,
        effects: &mut Effects,
    ) -> Vec<QueueId> {
        let mut touched = Vec::new();
        for &row in rows {
            let Some(channel) = self.channels.get(row) else {
                continue;
            };
            let stays = |(_, number): &(&ConsumerTag, &u32)| {
                let consumer = self.consumers.get(**number);
                !quorum_too && consumer.is_some_and(|it| self.is_quorum(it.queue))
            };
            let staying: Vec<ConsumerTag> = channel
                .consumers
                .iter()
                .filter(stays)
                .map(|(tag, _)| tag.clone())
                .collect();
            let Some(channel) = self.channels.get_mut(row) else {
                continue;
            };
            // All at once: taking one after another out of many would move the rest each time.
            let mut going = std::mem::take(&mut channel.consumers);
            for tag in staying {
                if let Some(number) = going.remove(&tag) {
                    channel.consumers.insert(tag, number);
                }
            }
            let consumers: Vec<u32> = going.values().copied().collect();
            for consumer in consumers {
                if let Some(queue) = self.remove_consumer(now, consumer, effects) {
                    touched.push(queue);
                }
            }
        }
        let touched = ascending(touched, |it| it.0);
        self.delete_abandoned(&touched, effects);
        touched
    }

    /// Takes the channels away and puts what they held back into its place.
    fn give_back(&mut self, now: SimTime, rows: &[u32], effects: &mut Effects) -> Vec<QueueId> {
        let mut touched = Vec::new();
        for &row in rows {
            let Some(mut channel) = self.channels.remove(row) else {
                continue;
            };
            let reference = channel.reference;
            if let Some(connection) = self.connections.get_mut(reference.connection.0.into()) {
                connection.channels.remove(&reference.channel);
            }
            let held = self.looks.take_held(row, &mut channel);
            for delivery in &held {
                if touched.last() != Some(&delivery.queue) {
                    touched.push(delivery.queue);
                }
            }
            self.hand_back(now, reference, held, effects);
        }
        touched
    }

    /// Puts what a channel held back into its place.
    fn hand_back(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        held: Vec<Unacked>,
        effects: &mut Effects,
    ) {
        let mut left = Vec::new();
        for delivery in held {
            if delivery.entry.tells_failures() {
                self.line_up(&mut left, delivery);
            } else {
                self.release_consumer(delivery.consumer);
                self.requeue(now, channel, delivery, LEFT, effects);
            }
        }
        for (_, delivery) in left {
            self.release_consumer(delivery.consumer);
            self.requeue(now, channel, delivery, LEFT, effects);
        }
    }

    /// A quorum queue gets back what a channel leaves consumer by consumer, in the order of their tags;
    /// a message got one by one was delivered to a consumer named after its delivery tag (measured).
    fn line_up(&self, left: &mut Vec<(String, Unacked)>, delivery: Unacked) {
        let tag = match self.consumers.get(delivery.consumer) {
            Some(consumer) => consumer.tag.to_string(),
            None => delivery.tag.to_string(),
        };
        let at = left.partition_point(|(other, _)| *other <= tag);
        left.insert(at, (tag, delivery));
    }
}
