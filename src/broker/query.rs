//! What may be read of queues, consumers and unacked deliveries, as they stand.
//!
//! Views borrow from the broker and allocate nothing, so that a picture may be drawn from them many
//! times a second. Exchanges and bindings are read in the same way (`topology`). Deliberately not
//! here: anything that changes the broker, and anything counted over time.

use super::consumer::{Consumer, Standing};
use super::queue::{Entry, Queue};
use super::unacked::{NO_CONSUMER, Unacked};
use super::{Broker, BrokerOptions};
use crate::types::{
    ChannelRef, ConnectionId, ConsumerTag, CopyId, DeliveryTag, FieldTable, Message, QueueId,
    QueueName, SimTime, VhostId,
};

/// A queue as it stands.
#[derive(Debug, Clone, Copy)]
pub struct QueueView<'a> {
    /// Its id.
    pub id: QueueId,
    /// Where it is.
    pub vhost: VhostId,
    /// Its name.
    pub name: &'a QueueName,
    /// Survives a restart of the broker.
    pub durable: bool,
    /// Goes when its last consumer goes.
    pub auto_delete: bool,
    /// The connection that has it for itself, when it is exclusive.
    pub owner: Option<ConnectionId>,
    /// Arguments as declared.
    pub arguments: &'a FieldTable,
    /// Messages ready for delivery.
    pub ready: usize,
    /// Messages that came back and are tried again later.
    pub delayed: usize,
    /// Octets of the bodies of both.
    pub ready_octets: u64,
    /// Messages delivered and not settled.
    pub unacked: u32,
    /// Consumers.
    pub consumers: u32,
}

/// A message that waits in its queue.
#[derive(Debug, Clone, Copy)]
pub struct ReadyView<'a> {
    /// Which message of the queue.
    pub copy: CopyId,
    /// The message.
    pub message: &'a Message,
    /// When it entered the queue.
    pub enqueued_at: SimTime,
    /// Whether it was delivered before.
    pub redelivered: bool,
    /// When its time to live ends, if it ever does. It leaves no earlier than at the head.
    pub expires_at: Option<SimTime>,
}

/// A delivery that waits to be settled.
#[derive(Debug, Clone, Copy)]
pub struct UnackedView<'a> {
    /// On which channel.
    pub channel: ChannelRef,
    /// The delivery's number on it.
    pub delivery_tag: DeliveryTag,
    /// To which consumer; `None` for `basic.get`.
    pub consumer_tag: Option<&'a ConsumerTag>,
    /// From which queue, which may be gone.
    pub queue: QueueId,
    /// Which message of the queue.
    pub copy: CopyId,
    /// The message.
    pub message: &'a Message,
    /// When it entered the queue.
    pub enqueued_at: SimTime,
    /// Whether this delivery was not the first.
    pub redelivered: bool,
}

/// Whether a consumer can be given the next message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConsumerState {
    /// It stands in the rotation. It may have used up its credit without having been tried since.
    Active,
    /// It was tried and had no credit.
    Blocked,
    /// It waits behind the single active consumer.
    Waiting,
}

/// A consumer as it stands.
#[derive(Debug, Clone, Copy)]
pub struct ConsumerView<'a> {
    /// On which channel.
    pub channel: ChannelRef,
    /// Its name.
    pub consumer_tag: &'a ConsumerTag,
    /// The queue it reads.
    pub queue: QueueId,
    /// Its own limit of unacked deliveries; 0 for none.
    pub prefetch: u16,
    /// The limit over its whole channel; 0 for none.
    pub channel_prefetch: u32,
    /// Deliveries to it that are not settled.
    pub unacked: u32,
    /// Whether deliveries are settled by being sent.
    pub no_ack: bool,
    /// Whether it refuses others.
    pub exclusive: bool,
    /// `x-priority`
    pub priority: i64,
    /// Whether it can be given the next message.
    pub state: ConsumerState,
}

/// How much there is of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Open connections.
    pub connections: usize,
    /// Open channels.
    pub channels: usize,
    /// Queues.
    pub queues: usize,
    /// Consumers.
    pub consumers: usize,
    /// Messages ready in all queues.
    pub ready: u64,
    /// Messages of living queues that are delivered and not settled.
    pub unacked: u64,
}

fn queue_view(queue: &Queue) -> QueueView<'_> {
    QueueView {
        id: queue.id,
        vhost: queue.vhost,
        name: &queue.name,
        durable: queue.durable,
        auto_delete: queue.auto_delete,
        owner: queue.owner,
        arguments: &queue.arguments,
        ready: queue.ready.len(),
        delayed: queue.delayed.len(),
        ready_octets: queue.ready_octets,
        unacked: queue.unacked,
        consumers: queue.consumers.len(),
    }
}

fn ready_view(entry: &Entry) -> ReadyView<'_> {
    ReadyView {
        copy: entry.copy(),
        message: &entry.message,
        enqueued_at: entry.enqueued_at,
        redelivered: entry.redelivered(),
        expires_at: (entry.expires_at != SimTime::MAX).then_some(entry.expires_at),
    }
}

impl Broker {
    /// How this broker was set up.
    #[must_use]
    pub const fn options(&self) -> &BrokerOptions {
        &self.options
    }

    /// The vhost of a connection that is open.
    #[must_use]
    pub fn connection_vhost(&self, connection: ConnectionId) -> Option<VhostId> {
        let connection = self.connections.get(connection.0.into())?;
        Some(connection.vhost)
    }

    /// All queues, oldest first.
    pub fn queues(&self) -> impl Iterator<Item = QueueView<'_>> {
        self.queues.iter().map(queue_view)
    }

    /// One queue; `None` when it is gone.
    #[must_use]
    pub fn queue_view(&self, queue: QueueId) -> Option<QueueView<'_>> {
        self.queue(queue).map(queue_view)
    }

    /// Ready messages of a queue in the order in which they would leave; take as many as are wanted.
    pub fn ready(&self, queue: QueueId) -> impl Iterator<Item = ReadyView<'_>> {
        self.queue(queue)
            .into_iter()
            .flat_map(|queue| queue.ready.iter().map(ready_view))
    }

    /// Messages of a queue that came back and are tried again later, in the order of their times.
    pub fn delayed(&self, queue: QueueId) -> impl Iterator<Item = ReadyView<'_>> {
        let queue = self.queue(queue).into_iter();
        queue.flat_map(|queue| queue.delayed.iter().map(ready_view))
    }

    /// Consumers of a queue in order of arrival.
    pub fn consumers(&self, queue: QueueId) -> impl Iterator<Item = ConsumerView<'_>> {
        let consumers = self.queue(queue).into_iter();
        let consumers = consumers.flat_map(|queue| queue.consumers.iter(&self.consumers));
        consumers.filter_map(|(_, consumer)| self.consumer_view(consumer))
    }

    /// All unacked deliveries, channel by channel, in order of delivery tag; behind them those that an
    /// open transaction settles. Those of queues that are gone stand here too: their tags are still
    /// outstanding.
    pub fn unacked(&self) -> impl Iterator<Item = UnackedView<'_>> {
        self.channels.iter().flat_map(|(_, channel)| {
            channel
                .held()
                .map(|delivery| self.unacked_view(channel.reference, delivery))
        })
    }

    /// Unacked deliveries of one queue. Looks through all that are unacked in the broker: for many
    /// queues at once, go through [`Self::unacked`] a single time.
    pub fn unacked_of(&self, queue: QueueId) -> impl Iterator<Item = UnackedView<'_>> {
        let held = self.queue(queue).map_or(0, |queue| queue.unacked as usize);
        self.unacked()
            .filter(move |delivery| delivery.queue == queue)
            .take(held)
    }

    /// Unacked deliveries of one channel in order of delivery tag.
    pub fn unacked_on(&self, channel: ChannelRef) -> impl Iterator<Item = UnackedView<'_>> {
        let row = self
            .open_row(channel)
            .and_then(|row| self.channels.get(row));
        row.into_iter().flat_map(move |row| {
            row.unacked
                .iter()
                .map(move |delivery| self.unacked_view(channel, delivery))
        })
    }

    /// Whether a channel is open.
    #[must_use]
    pub fn is_open(&self, channel: ChannelRef) -> bool {
        self.open_row(channel).is_some()
    }

    /// How much there is of everything; goes through all queues once.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals {
            connections: self.connections.len(),
            channels: self.channels.len(),
            ..Totals::default()
        };
        for queue in self.queues() {
            totals.queues += 1;
            totals.consumers += queue.consumers as usize;
            totals.ready += queue.ready as u64;
            totals.unacked += u64::from(queue.unacked);
        }
        totals
    }

    fn consumer_view<'a>(&'a self, consumer: &'a Consumer) -> Option<ConsumerView<'a>> {
        let channel = self.channels.get(consumer.channel)?;
        let state = match consumer.standing {
            Standing::Active => ConsumerState::Active,
            Standing::Blocked => ConsumerState::Blocked,
            Standing::Waiting => ConsumerState::Waiting,
            Standing::Gone => return None,
        };
        Some(ConsumerView {
            channel: channel.reference,
            consumer_tag: &consumer.tag,
            queue: consumer.queue,
            prefetch: consumer.prefetch,
            channel_prefetch: channel.global.limit,
            unacked: consumer.unacked,
            no_ack: consumer.no_ack,
            exclusive: consumer.exclusive,
            priority: consumer.priority,
            state,
        })
    }

    fn unacked_view<'a>(&'a self, channel: ChannelRef, delivery: &'a Unacked) -> UnackedView<'a> {
        let consumer = match delivery.consumer {
            NO_CONSUMER => None,
            number => self.consumers.get(number),
        };
        UnackedView {
            channel,
            delivery_tag: delivery.tag,
            consumer_tag: consumer.map(|consumer| &consumer.tag),
            queue: delivery.queue,
            copy: delivery.entry.copy(),
            message: &delivery.entry.message,
            enqueued_at: delivery.entry.enqueued_at,
            redelivered: delivery.entry.redelivered(),
        }
    }
}
