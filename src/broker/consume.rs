//! Consumers begin and end, limits are set, messages are fetched one by one.
//!
//! Texts are RabbitMQ's (`rabbit_channel`, `rabbit_amqqueue_process`). Deliberately not here: who is
//! given what (`dispatch`).

use super::consumer::Consumer;
use super::publish::shown;
use super::queue::integer;
use super::reply_to::PSEUDO_QUEUE;
use super::unacked::{NO_CONSUMER, Unacked};
use super::{Broker, Consume, Effect, Effects, Reply, profile};
use crate::types::{AmqpError, ConsumerTag, MethodId, QueueId, QueueName, ReplyCode, SimTime};

const QOS: MethodId = MethodId::new(60, 10);
const CONSUME: MethodId = MethodId::new(60, 20);
const GET: MethodId = MethodId::new(60, 70);

impl Broker {
    /// `basic.consume`
    pub(super) fn consume(
        &mut self,
        now: SimTime,
        row: u32,
        consume: Consume,
        effects: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        let taken = self
            .channels
            .get(row)
            .is_some_and(|channel| channel.consumers.contains_key(&consume.consumer_tag));
        if taken {
            let text = format!("attempt to reuse consumer tag '{}'", consume.consumer_tag);
            return Err(AmqpError::new(ReplyCode::NotAllowed, text, CONSUME));
        }
        if consume.queue.as_str() == PSEUDO_QUEUE {
            return self.consume_replies(row, consume, CONSUME);
        }
        let id = self.usable_queue(row, &consume.queue, CONSUME)?;
        let priority = self.check_consume(row, id, &consume)?;
        let tag = if consume.consumer_tag.is_empty() {
            self.invent_consumer_tag()
        } else {
            consume.consumer_tag
        };
        self.counters.arrival += 1;
        let mut consumer = Consumer::new(tag.clone(), row, id, self.counters.arrival);
        consumer.priority = priority;
        consumer.timeout = self.own_timeout(id, &consume.arguments);
        consumer.no_ack = consume.no_ack;
        consumer.exclusive = consume.exclusive;
        if self.is_quorum(id) {
            consumer.inherited = -self.left_by(row, &tag, id);
        }
        if let Some(channel) = self.channels.get(row) {
            consumer.prefetch = channel.prefetch;
            effects.push(Effect::ConsumerStarted {
                channel: channel.reference,
                consumer_tag: tag.clone(),
                queue: id,
            });
        }
        self.add_consumer(id, consumer);
        self.hand_out(now, id, effects);
        Ok(Reply::Consuming { consumer_tag: tag })
    }

    /// Refuses what may not consume; else says the consumer's priority.
    fn check_consume(&self, row: u32, id: QueueId, consume: &Consume) -> Result<i64, AmqpError> {
        let Some(queue) = self.queue(id) else {
            return Ok(0);
        };
        let place = || self.queue_in_words(queue.vhost, &queue.name);
        self.check_consumable(row, id, CONSUME)?;
        let priority = match consume.arguments.get("x-priority") {
            None => 0,
            Some(value) => integer(value).map_err(|reason| {
                let text = format!("invalid arg 'x-priority' for {}: {reason}", place());
                AmqpError::new(ReplyCode::PreconditionFailed, text, CONSUME)
            })?,
        };
        if self.is_taken_by_one(id, consume) {
            let text = format!("{} in exclusive use", place());
            return Err(AmqpError::new(ReplyCode::AccessRefused, text, CONSUME));
        }
        Ok(priority)
    }

    fn add_consumer(&mut self, id: QueueId, consumer: Consumer) {
        let (row, tag, exclusive) = (consumer.channel, consumer.tag.clone(), consumer.exclusive);
        let number = self.consumers.insert(consumer);
        if let Some(channel) = self.channels.get_mut(row) {
            channel.consumers.insert(tag, number);
        }
        let Some(queue) = self.queues.get_mut(id) else {
            return;
        };
        queue.consumers.push_back(&mut self.consumers, number);
        queue.unused_since = None;
        queue.exclusive_consumer |= exclusive;
        if queue.settings.single_active {
            self.join_line(id, number);
        } else {
            queue.rotation.join(&mut self.consumers, number);
        }
    }

    /// `basic.cancel`; a tag that is not there is cancelled already.
    pub(super) fn cancel(
        &mut self,
        now: SimTime,
        row: u32,
        tag: &ConsumerTag,
        effects: &mut Effects,
    ) {
        if self.cancel_replies(row, tag) {
            return;
        }
        let found = self
            .channels
            .get(row)
            .and_then(|channel| channel.consumers.get(tag).copied());
        let Some(number) = found else {
            return;
        };
        if let Some(queue) = self.remove_consumer(now, number, effects) {
            self.delete_abandoned(&[queue], effects);
            // The next single active consumer may be idle in front of ready messages.
            if !self.queue(queue).is_some_and(|queue| {
                profile::forgets_next_active(self.options.profile, queue.settings.kind)
            }) {
                self.hand_out(now, queue, effects);
            }
        }
    }

    /// `basic.qos`
    pub(super) fn qos(
        &mut self,
        now: SimTime,
        row: u32,
        prefetch_size: u32,
        prefetch_count: u16,
        global: bool,
        effects: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        if prefetch_size != 0 {
            let text = format!("prefetch_size!=0 ({prefetch_size})");
            return Err(AmqpError::new(ReplyCode::NotImplemented, text, QOS));
        }
        if global {
            profile::check_global_qos(self.options.profile, QOS)?;
        }
        let Some(channel) = self.channels.get_mut(row) else {
            return Ok(Reply::Done);
        };
        let was_reached = channel.is_held();
        let outstanding = u32::try_from(channel.unacked.len()).unwrap_or(u32::MAX);
        if global {
            channel.global.set(u32::from(prefetch_count), outstanding);
        } else {
            // A limit for each consumer takes the one over the channel away (rabbit_channel.erl).
            channel.prefetch = prefetch_count;
            channel.global.set(0, outstanding);
        }
        if was_reached && !channel.is_held() {
            self.resume_channel(now, row, effects);
        }
        Ok(Reply::Done)
    }

    /// `basic.get`
    pub(super) fn get(
        &mut self,
        now: SimTime,
        row: u32,
        queue: &QueueName,
        no_ack: bool,
        effects: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        let id = self.usable_queue(row, queue, GET)?;
        self.check_gettable(id, GET)?;
        let (Some(queue), Some(channel)) = (self.queues.get_mut(id), self.channels.get_mut(row))
        else {
            return Ok(Reply::GetEmpty);
        };
        if queue.unused_since.is_some() {
            queue.unused_since = Some(now);
        }
        let Some(entry) = queue.take_head() else {
            self.note_deadline(id);
            return Ok(Reply::GetEmpty);
        };
        let delivery_tag = channel.next_tag();
        effects.push(Effect::Gotten {
            channel: channel.reference,
            delivery_tag,
            queue: id,
            copy: entry.copy(),
            message: entry.message.id(),
            enqueued_at: entry.enqueued_at,
            no_ack,
        });
        let redelivered = entry.redelivered();
        let message = shown(&entry, true);
        if !no_ack {
            queue.unacked += 1;
            let delivery = Unacked {
                tag: delivery_tag,
                queue: id,
                consumer: NO_CONSUMER,
                overdue_at: now + queue.settings.timeout,
                entry,
            };
            self.looks.hold(row, channel, delivery);
        }
        // What expired behind the head goes before the rest is counted, as RabbitMQ does it.
        self.look(now, id, effects);
        let ready = self.queue(id).map_or(0, |queue| queue.ready.len());
        Ok(Reply::Got {
            delivery_tag,
            redelivered,
            message,
            ready: u32::try_from(ready).unwrap_or(u32::MAX),
        })
    }
}
