//! The broker engine: a pure state machine.
//!
//! One door, [`Broker::apply`]: a command and the time go in; a reply comes back and effects are
//! appended. What must happen later is asked for with [`Broker::next_deadline`] and done by
//! [`Broker::expire`]. Everything else only reads.
//!
//! Deliberately not here: clocks, random numbers, sockets, bytes on a wire, documents, pictures.

mod access;
mod alarm;
mod channel;
mod check;
pub mod command;
mod connection;
mod consume;
mod consumer;
mod dead_letter;
mod declare;
mod delay;
mod dispatch;
pub mod effect;
mod equivalence;
pub mod explain;
mod fall_over;
mod flow;
mod kinds;
mod names;
mod policy;
mod profile;
mod publish;
mod query;
mod queue;
mod reply_to;
mod settle;
mod single_active;
mod slab;
mod timeout;
mod topology;
mod transaction;
mod unacked;
mod wiring;

pub use access::{Password, Permissions, Right, User, VhostLimits};
pub use alarm::{MESSAGE_OCTETS, Resource};
pub use command::{
    Acknowledgement, Body, Command, Consume, ExchangeDeclare, Publish, QueueDeclare, Reply,
};
pub use effect::{Delivery, DropReason, Effect, Effects, UnroutableFate};
pub use query::{ConsumerState, ConsumerView, QueueView, ReadyView, Totals, UnackedView};
pub use topology::{BindingView, Destination, ExchangeView, Routes};

use crate::types::{
    AmqpError, ChannelRef, Deadlines, Places, Profile, QueueId, ReplyCode, Rising, SimTime,
    VhostName,
};
use access::Access;
use alarm::Alarms;
use channel::Channel;
use connection::Connection;
use consumer::Consumer;
use dead_letter::DeadLetter;
use delay::Delays;
use policy::Policies;
use queue::{Queue, Queues};
use slab::Slab;
use std::collections::VecDeque;
use std::rc::Rc;
use timeout::Looks;
use topology::{Marks, Topology};

/// The highest delivery limit that is kept; any above it acts as this one.
pub const DELIVERY_LIMIT_MAX: i64 = queue::RETURNS_MAX - 1;

/// How a broker is set up.
#[derive(Debug, Clone, Default)]
pub struct BrokerOptions {
    /// Which RabbitMQ is imitated where versions differ.
    pub profile: Profile,
}

/// A whole broker: vhosts, exchanges, queues, bindings, connections, channels. Cloning it is cheap
/// (messages are shared) and gives an independent broker in the same state.
#[derive(Debug, Clone)]
pub struct Broker {
    options: BrokerOptions,
    topology: Topology,
    access: Rc<Access>,
    policies: Rc<Policies>,
    connections: Rising<Connection>,
    channels: Slab<Channel>,
    /// Rows found last, by the low bits of connection and channel; a guess that is looked at before it
    /// is believed, so it is never taken back.
    recent_rows: [u32; RECENT_ROWS],
    consumers: Slab<Consumer>,
    queues: Queues,
    /// Octets that may still be published before it is counted what is taken; 0 while an alarm is on
    /// or queues take time.
    room: u64,
    alarms: Alarms,
    /// When each queue that has a deadline is due.
    deadlines: Deadlines,
    looks: Looks,
    delays: Delays,
    /// Dropped messages on their way to a dead-letter exchange; empty between commands.
    dead_letters: VecDeque<DeadLetter>,
    counters: Counters,
    /// Reused by messages; those that are acknowledged leave them.
    places: Places,
    /// Reused when queues are served one after another; means nothing between commands.
    served: Marks,
    /// Reused by routing; means nothing between commands.
    routes: Routes,
    /// Work that commands have paid for since everything was last looked at (debug builds).
    unswept: usize,
}

/// How many channels' rows are found without looking them up: a power of two.
const RECENT_ROWS: usize = 16;

/// The last numbers given out.
#[derive(Debug, Clone, Copy, Default)]
struct Counters {
    message: u64,
    copy: u64,
    arrival: u64,
    name: u64,
}

impl Broker {
    /// A fresh broker with the vhost `/` and its predeclared exchanges.
    #[must_use]
    pub fn new(options: BrokerOptions) -> Self {
        let topology = Topology::new(options.profile);
        let looks = Looks::new(options.profile);
        Self {
            options,
            topology,
            access: Rc::default(),
            policies: Rc::default(),
            connections: Rising::default(),
            channels: Slab::default(),
            recent_rows: [0; RECENT_ROWS],
            consumers: Slab::default(),
            queues: Queues::default(),
            room: u64::MAX,
            alarms: Alarms::default(),
            deadlines: Deadlines::default(),
            looks,
            delays: Delays::default(),
            dead_letters: VecDeque::new(),
            counters: Counters::default(),
            places: Places::default(),
            served: Marks::default(),
            routes: Routes::default(),
            unswept: 0,
        }
    }

    /// Adds a vhost with its predeclared exchanges, in which `guest` may do everything; one that
    /// exists stays as it is.
    pub fn add_vhost(&mut self, vhost: &VhostName) {
        self.topology.add_vhost(vhost);
    }

    /// Carries out `command`, said on `channel` at `now`, and appends what came of it to `effects`.
    ///
    /// Time never runs backwards: `now` must not be earlier than in any call before. Deadlines up to
    /// and including `now` are met first.
    ///
    /// # Errors
    /// What RabbitMQ would close the channel or connection with. The closing has then happened: its
    /// consumers are gone, its unacked messages are back in their queues, and a
    /// [`Effect::ChannelClosed`] or [`Effect::ConnectionClosed`] stands among the effects.
    pub fn apply(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        command: Command,
        effects: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        self.expire(now, effects);
        if self.alarms.flow.is_some() {
            self.handle_before(now, channel, &command, effects);
        }
        let result = self.carry_out(now, channel, command, effects);
        if let Err(error) = &result {
            self.close_for(now, channel, error, effects);
        }
        self.conclude(now, effects);
        result
    }

    /// As [`apply`](Self::apply) of a publish, whose reply would say nothing that the effects do not.
    /// For who knows what it says: a command is as large as the largest, and costs to be told apart.
    #[inline(always)]
    pub(crate) fn apply_publish(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        publish: Publish,
        effects: &mut Effects,
    ) {
        self.expire(now, effects);
        match self.row(channel) {
            Some(row) => {
                if let Err(error) = self.publish(now, row, publish, effects) {
                    self.close_for(now, channel, &error, effects);
                }
            }
            None => self.refuse(now, channel, Command::BasicPublish(publish), effects),
        }
        self.conclude(now, effects);
    }

    /// As [`apply`](Self::apply) of an acknowledgement, in the same way.
    #[inline(always)]
    pub(crate) fn apply_ack(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        which: Acknowledgement,
        effects: &mut Effects,
    ) {
        self.expire(now, effects);
        match self.row(channel) {
            Some(row) => {
                if let Err(error) = self.ack(now, row, which, effects) {
                    self.close_for(now, channel, &error, effects);
                }
            }
            None => self.refuse(now, channel, Command::BasicAck(which), effects),
        }
        self.conclude(now, effects);
    }

    /// Refuses a command on a channel that is not open.
    #[cold]
    fn refuse(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        command: Command,
        effects: &mut Effects,
    ) {
        if let Err(error) = self.without_channel(now, channel, command, effects) {
            self.close_for(now, channel, &error, effects);
        }
    }

    /// What every command ends with, after a refusal has closed its channel or connection.
    #[inline(always)]
    fn conclude(&mut self, now: SimTime, effects: &mut Effects) {
        if !self.dead_letters.is_empty() {
            self.send_dead_letters(now, effects);
        }
        self.sweep();
    }

    /// The next instant at which something happens by itself (a message or queue expires, a message has
    /// waited long enough at an exchange, a consumer that holds messages is looked at).
    #[must_use]
    pub fn next_deadline(&self) -> Option<SimTime> {
        let due = self.due_at(self.looks.next());
        (due != SimTime::MAX).then_some(due)
    }

    /// The next instant at which something is to be done, channels looking `look` next.
    #[inline]
    fn due_at(&self, look: SimTime) -> SimTime {
        let queues = self.deadlines.first().map_or(SimTime::MAX, |(due, _)| due);
        let delay = self.delays.first();
        queues.min(self.alarms.next).min(look).min(delay)
    }

    /// Does what is due up to and including `now`, each thing as at its own instant.
    #[inline]
    pub fn expire(&mut self, now: SimTime, effects: &mut Effects) {
        if self.due_at(self.looks.first()) <= now {
            self.meet_deadlines(now, effects);
        }
    }

    #[inline(never)]
    fn meet_deadlines(&mut self, now: SimTime, effects: &mut Effects) {
        loop {
            let due = self.due_at(self.looks.first());
            // The end of time itself is no deadline: it stands for none.
            if due > now || due == SimTime::MAX {
                return;
            }
            match self.deadlines.first() {
                Some((first, queue)) if first == due => {
                    self.meet_deadline(due, QueueId(queue), effects);
                    self.send_dead_letters(due, effects);
                }
                Some(_) | None if self.alarms.next == due => {
                    self.look_or_handle(due, effects);
                    self.pass_over_looks(now);
                }
                Some(_) | None => {
                    if self.delays.first() == due {
                        self.release_delayed(due, effects);
                    } else {
                        self.look_at_channels(due, effects);
                    }
                    self.send_dead_letters(due, effects);
                }
            }
        }
    }

    /// The row of a channel that is open, as its connection knows it.
    fn open_row(&self, channel: ChannelRef) -> Option<u32> {
        let connection = self.connections.get(channel.connection.0.into())?;
        connection.channels.get(&channel.channel).copied()
    }

    /// The row of a channel that is open.
    #[inline]
    fn row(&mut self, channel: ChannelRef) -> Option<u32> {
        let slot = (channel.connection.index() ^ usize::from(channel.channel)) % RECENT_ROWS;
        let recent = self.recent_rows[slot];
        let known = self.channels.get(recent);
        if known.is_some_and(|known| known.reference == channel) {
            return Some(recent);
        }
        let row = self.open_row(channel)?;
        self.recent_rows[slot] = row;
        Some(row)
    }

    fn carry_out(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        command: Command,
        effects: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        let Some(row) = self.row(channel) else {
            return self.without_channel(now, channel, command, effects);
        };
        let done = |()| Reply::Done;
        match command {
            Command::BasicPublish(publish) => {
                let message = self.publish(now, row, publish, effects)?;
                Ok(Reply::Published { message })
            }
            Command::BasicAck(which) => self.ack(now, row, which, effects).map(done),
            Command::BasicNack { which, requeue } => {
                self.nack(now, row, which, requeue, effects).map(done)
            }
            Command::BasicReject {
                delivery_tag,
                requeue,
            } => {
                let rejected = self.reject(now, row, delivery_tag, requeue, effects);
                rejected.map(done)
            }
            Command::BasicRecover { requeue } => self.recover(now, row, requeue, effects).map(done),
            Command::BasicGet { queue, no_ack } => self.get(now, row, &queue, no_ack, effects),
            Command::BasicConsume(consume) => self.consume(now, row, consume, effects),
            Command::BasicCancel { consumer_tag } => {
                self.cancel(now, row, &consumer_tag, effects);
                Ok(Reply::Done)
            }
            Command::BasicQos {
                prefetch_size,
                prefetch_count,
                global,
            } => self.qos(now, row, prefetch_size, prefetch_count, global, effects),
            Command::ConfirmSelect => self.confirm_select(row),
            Command::TxSelect => self.tx_select(row),
            Command::TxCommit => self.tx_commit(now, row, effects),
            Command::TxRollback => self.tx_rollback(now, row),
            ref second @ Command::ChannelOpen => {
                let (text, method) = ("second 'channel.open' seen", second.method_id());
                Err(AmqpError::new(ReplyCode::ChannelError, text, method))
            }
            Command::ChannelClose => {
                self.close_channels(now, &[row], effects);
                Ok(Reply::Done)
            }
            ref misplaced @ (Command::ConnectionOpen { .. } | Command::ConnectionClose) => {
                let (text, method) = ("unimplemented method", misplaced.method_id());
                Err(AmqpError::new(ReplyCode::CommandInvalid, text, method))
            }
            wiring @ (Command::ExchangeDeclare(_)
            | Command::ExchangeDelete { .. }
            | Command::ExchangeBind { .. }
            | Command::ExchangeUnbind { .. }
            | Command::QueueBind { .. }
            | Command::QueueUnbind { .. }) => self.wire(row, wiring, effects),
            Command::QueueDeclare(declare) => self.queue_declare(now, row, declare, effects),
            Command::QueuePurge { queue } => self.queue_purge(now, row, &queue, effects),
            Command::QueueDelete {
                queue,
                if_unused,
                if_empty,
            } => self.queue_delete(now, row, &queue, if_unused, if_empty, effects),
        }
    }

    fn queue(&self, queue: QueueId) -> Option<&Queue> {
        self.queues.get(queue)
    }

    /// Brings the calendar in step with the queue after anything that moved its next deadline.
    fn note_deadline(&mut self, queue: QueueId) {
        let Some(queue) = self.queues.get_mut(queue) else {
            return;
        };
        if !queue.timed {
            return;
        }
        let due = queue.next_deadline();
        if due == queue.deadline {
            return;
        }
        queue.deadline = due;
        self.deadlines.set(queue.id.0, due);
    }
}

#[cfg(test)]
mod tests;
