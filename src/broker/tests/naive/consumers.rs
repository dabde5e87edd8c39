//! Consumers: who gets the next message (§8, §9, §15).

use super::queue::is_persistent;
use super::refusals::*;
use super::{Answer, Consumer, Entry, Naive, Unacked};
use crate::broker::{Consume, Delivery, Effect, Effects, Reply};
use crate::types::{AmqpError, ChannelRef, ConsumerTag, FieldValue, Profile, QueueId, ReplyCode};

impl Naive {
    pub(super) fn basic_consume(
        &mut self,
        at: ChannelRef,
        consume: Consume,
        fx: &mut Effects,
    ) -> Answer {
        let method = BASIC_CONSUME;
        let of_channel = |c: &Consumer| c.channel == at && c.tag == consume.consumer_tag;
        if self
            .queues
            .iter()
            .any(|q| q.consumers.iter().any(of_channel))
        {
            return Err(AmqpError::new(
                ReplyCode::NotAllowed,
                format!("attempt to reuse consumer tag '{}'", consume.consumer_tag),
                method,
            ));
        }
        let id = self.usable(at, consume.queue.clone(), method)?;
        let name = self.queue(id).name.clone();
        let priority = match consume.arguments.get("x-priority") {
            None => 0,
            Some(value) => value.as_integer().ok_or_else(|| {
                precondition(
                    format!(
                        "invalid arg 'x-priority' for queue '{name}' in vhost '/': \"expected \
                         integer, got {}\"",
                        type_name(value)
                    ),
                    method,
                )
            })?,
        };
        let limited = self.channel(at).limit > 0;
        let queue = self.queue(id);
        if queue.is_quorum() && limited {
            let text = format!("queue '{name}' in vhost '/' does not support global qos");
            return Err(AmqpError::new(ReplyCode::NotImplemented, text, method));
        }
        let alone = queue.consumers.iter().any(|c| c.exclusive)
            || consume.exclusive && (!queue.consumers.is_empty() || queue.is_single_active());
        if alone && !queue.is_quorum() {
            return Err(access_refused(
                format!("queue '{name}' in vhost '/' in exclusive use"),
                method,
            ));
        }
        let tag = if consume.consumer_tag.is_empty() {
            ConsumerTag::truncated(&self.invented("amq.ctag-"))
        } else {
            consume.consumer_tag
        };
        self.next_serial += 1;
        let consumer = Consumer {
            serial: self.next_serial,
            channel: at,
            tag: tag.clone(),
            no_ack: consume.no_ack,
            exclusive: consume.exclusive,
            priority,
            // §9: set by the qos said before; later ones leave it alone.
            prefetch: self.channel(at).prefetch,
            outstanding: self.left_by(at, &tag, id),
        };
        let queue = self.queue(id);
        if queue.active.is_none() {
            queue.active = Some(consumer.serial);
        }
        queue.has_had_consumers = true;
        queue.rotation.push(consumer.serial);
        queue.consumers.push(consumer);
        queue.forgotten = false;
        fx.push(Effect::ConsumerStarted {
            channel: at,
            consumer_tag: tag.clone(),
            queue: id,
        });
        self.dispatch(id, fx);
        Ok(Reply::Consuming { consumer_tag: tag })
    }

    pub(super) fn basic_cancel(
        &mut self,
        at: ChannelRef,
        tag: &ConsumerTag,
        fx: &mut Effects,
    ) -> Answer {
        let of_channel = |c: &Consumer| c.channel == at && c.tag == *tag;
        let queue = self
            .queues
            .iter()
            .find(|q| q.consumers.iter().any(of_channel));
        let Some(id) = queue.map(|q| q.id) else {
            return Ok(Reply::Done);
        };
        let active = self.queue(id).active;
        self.stop_consumers(id, of_channel, fx);
        let forgets = self.profile == Profile::V3;
        let queue = self.queue(id);
        queue.forgotten |= forgets && queue.is_classic_single_active() && queue.active != active;
        if self.queue(id).is_left_by_all() {
            self.remove_queue(id, fx);
        } else {
            self.dispatch(id, fx);
        }
        Ok(Reply::Done)
    }

    /// Takes consumers out of a queue; the next single active one takes over (§15).
    pub(super) fn stop_consumers(
        &mut self,
        id: QueueId,
        gone: impl Fn(&Consumer) -> bool,
        fx: &mut Effects,
    ) {
        let (now, profile) = (self.now, self.profile);
        let queue = self.queue(id);
        let stopped = queue.consumers.iter().filter(|c| gone(c));
        let stopped: Vec<Consumer> = stopped.cloned().collect();
        for channel in &mut self.channels {
            let is_stopped = |serial: u64| stopped.iter().any(|c| c.serial == serial);
            channel.blocked.retain(|(_, serial)| !is_stopped(*serial));
        }
        let queue = self.queue(id);
        for consumer in &stopped {
            let serial = consumer.serial;
            queue.consumers.retain(|c| c.serial != serial);
            queue.rotation.retain(|s| *s != serial);
            queue.active = queue.active.filter(|s| *s != serial);
            fx.push(Effect::ConsumerStopped {
                channel: consumer.channel,
                consumer_tag: consumer.tag.clone(),
                queue: id,
            });
        }
        let still: Vec<ChannelRef> = queue.consumers.iter().map(|c| c.channel).collect();
        for channel in self.channels.iter_mut().filter(|c| !still.contains(&c.at)) {
            // rabbit_queue_consumers.erl, `remove`: with the last consumer the limit is forgotten.
            channel.suspended.retain(|suspended| *suspended != id);
        }
        let queue = self.queue(id);
        if !stopped.is_empty() && queue.consumers.is_empty() {
            queue.used_at = now;
        }
        if queue.active.is_none() {
            // rabbit_fifo.erl of 3.10 lets wait in the order in which they came.
            let by_arrival = profile == Profile::V3 && queue.is_quorum();
            queue.active = match by_arrival {
                true => queue.consumers.first().map(|c| c.serial),
                false => queue.first_in_rotation(),
            };
        }
    }

    /// §20: in a quorum queue of 4.x the active one is given nothing more when somebody of higher
    /// priority is there, who follows when it holds nothing more.
    fn single_active(&mut self, id: QueueId) -> Option<u64> {
        let profile = self.profile;
        let queue = self.queue(id);
        let active = queue.active?;
        if profile == Profile::V4 && queue.is_quorum() {
            let (rank, idle) = (
                queue.consumer(active).priority,
                queue.consumer(active).outstanding == 0,
            );
            let highest = queue.consumers.iter().map(|c| c.priority).max()?;
            if highest > rank {
                let mut heads = queue.consumers.iter();
                let next = heads.find(|c| c.priority == highest).map(|c| c.serial);
                queue.active = if idle { next } else { queue.active };
                return next.filter(|_| idle);
            }
        }
        Some(active)
    }

    /// §9: gives ready messages to consumers as long as somebody can take one.
    pub(super) fn dispatch(&mut self, id: QueueId, fx: &mut Effects) {
        loop {
            let queue = self.queue(id);
            if queue.ready.is_empty() {
                queue.forgotten = false;
            }
            if queue.ready.is_empty() || queue.forgotten {
                return;
            }
            let candidate = if queue.is_single_active() {
                let active = self.single_active(id);
                let queue = self.queue(id);
                active.filter(|s| queue.rotation.contains(s))
            } else {
                queue.first_in_rotation()
            };
            let Some(serial) = candidate else { return };
            if self.can_take(id, serial) {
                self.deliver(id, serial, fx);
            } else {
                self.block(id, serial);
            }
        }
    }

    /// §9: out of the rotation; a queue that ran into the channel's limit waits to be told.
    pub(super) fn block(&mut self, id: QueueId, serial: u64) {
        let queue = self.queue(id);
        queue.rotation.retain(|s| *s != serial);
        let (at, is_full) = (
            queue.consumer(serial).channel,
            queue.consumer(serial).is_full(),
        );
        let channel = self.channel(at);
        channel.blocked.push((id, serial));
        if !is_full && !channel.suspended.contains(&id) {
            channel.suspended.push(id);
        }
    }

    /// §9: within its own limit and within its channel's.
    pub(super) fn can_take(&mut self, id: QueueId, serial: u64) -> bool {
        let consumer = self.queue(id).consumer(serial).clone();
        let channel = self.channel(consumer.channel);
        !consumer.is_full() && !channel.is_full() && !channel.suspended.contains(&id)
    }

    fn deliver(&mut self, id: QueueId, serial: u64, fx: &mut Effects) {
        let entry = self.queue(id).ready.remove(0);
        self.hand_over(id, serial, entry, fx);
        self.drop_expired(id, fx);
    }

    pub(super) fn hand_over(&mut self, id: QueueId, serial: u64, entry: Entry, fx: &mut Effects) {
        let queue = self.queue(id);
        queue.rotation.retain(|s| *s != serial);
        queue.rotation.push(serial);
        let name = queue.name.clone();
        let consumer = queue.consumer(serial);
        if !consumer.no_ack {
            consumer.outstanding += 1;
            queue.has_written |= is_persistent(&entry.letter.message);
        }
        let consumer = queue.consumer(serial);
        let consumer = consumer.clone();
        if !consumer.no_ack {
            queue.unacked.push(entry.clone());
        }
        let channel = self.channel(consumer.channel);
        let delivery_tag = channel.next_delivery_tag();
        if !consumer.no_ack {
            channel.volume += i32::from(channel.limit > 0);
            channel.unacked.push(Unacked {
                tag: delivery_tag,
                queue: id,
                queue_name: name,
                copy: entry.copy,
                consumer: Some((consumer.tag.clone(), serial)),
            });
        }
        fx.push(Effect::Deliver(Delivery {
            channel: consumer.channel,
            consumer_tag: consumer.tag,
            delivery_tag,
            redelivered: entry.redelivered,
            message: entry.shown(self.profile, false),
            queue: id,
            copy: entry.copy,
            enqueued_at: entry.enqueued_at,
            no_ack: consumer.no_ack,
        }));
    }

    /// §9, prefetch.
    pub(super) fn basic_qos(
        &mut self,
        at: ChannelRef,
        size: u32,
        count: u16,
        global: bool,
        fx: &mut Effects,
    ) -> Answer {
        if size != 0 {
            let text = format!("prefetch_size!=0 ({size})");
            return Err(AmqpError::new(ReplyCode::NotImplemented, text, BASIC_QOS));
        }
        if !global {
            // Measured on 3.10.8: this also takes a limit over the whole channel away.
            let channel = self.channel(at);
            channel.prefetch = count;
            channel.limit = 0;
            channel.volume = 0;
            self.resume(at, fx);
            return Ok(Reply::Done);
        }
        if self.profile == Profile::V4 {
            // §20: 4.3 denies it, as it denies other deprecated features.
            let text = "Feature `global_qos` is deprecated.";
            return Err(AmqpError::new(ReplyCode::InternalError, text, BASIC_QOS));
        }
        let channel = self.channel(at);
        if channel.limit == 0 {
            // All that is outstanding counts, also what was got by `basic.get`.
            channel.volume = channel.unacked.len() as i32;
        }
        channel.limit = count;
        if count == 0 {
            channel.volume = 0;
        }
        self.resume(at, fx);
        Ok(Reply::Done)
    }

    /// §9: when a channel's limit is no longer reached, its blocked consumers may re-enter where a
    /// queue ran into it. Queues go on in the order in which they were blocked; RabbitMQ picks any.
    pub(super) fn resume(&mut self, at: ChannelRef, fx: &mut Effects) {
        if self.channel(at).is_full() {
            return;
        }
        let suspended = std::mem::take(&mut self.channel(at).suspended);
        let mut queues: Vec<QueueId> = Vec::new();
        for (id, _) in &self.channel(at).blocked {
            if suspended.contains(id) && !queues.contains(id) {
                queues.push(*id);
            }
        }
        for id in &queues {
            self.unblock(at, *id);
        }
        for id in queues {
            self.dispatch(id, fx);
        }
    }

    /// The same for one queue that hears of it before others.
    pub(super) fn resume_one(&mut self, at: ChannelRef, id: QueueId, fx: &mut Effects) {
        let channel = self.channel(at);
        if !channel.is_full() && channel.suspended.contains(&id) {
            channel.suspended.retain(|other| *other != id);
            self.unblock(at, id);
            self.dispatch(id, fx);
        }
    }

    /// §9: blocked consumers of a channel on a queue that are free of their own limit re-enter
    /// together at the tail, in the order in which they were blocked
    /// (rabbit_queue_consumers.erl, `unblock`).
    pub(super) fn unblock(&mut self, at: ChannelRef, of: QueueId) {
        for (id, serial) in std::mem::take(&mut self.channel(at).blocked) {
            let queue = self.queues.iter_mut().find(|q| q.id == id);
            let Some(queue) = queue else { continue };
            if id != of || queue.consumer(serial).is_full() {
                self.channel(at).blocked.push((id, serial));
            } else {
                queue.rotation.push(serial);
                queue.forgotten = false;
            }
        }
    }
}

impl Consumer {
    /// §9: its own limit is used up; automatic acknowledgement ignores it.
    pub(super) fn is_full(&self) -> bool {
        !self.no_ack && self.prefetch > 0 && self.outstanding >= i64::from(self.prefetch)
    }
}

impl super::Queue {
    pub(super) fn consumer(&mut self, serial: u64) -> &mut Consumer {
        let found = self.consumers.iter_mut().find(|c| c.serial == serial);
        found.expect("the rotation names only consumers of the queue")
    }

    pub(super) fn is_single_active(&self) -> bool {
        self.arguments.get("x-single-active-consumer") == Some(&FieldValue::Bool(true))
    }

    pub(super) fn is_classic_single_active(&self) -> bool {
        self.is_single_active() && !self.is_quorum()
    }

    /// §4: an auto-delete queue goes when its last consumer goes.
    pub(super) fn is_left_by_all(&self) -> bool {
        self.auto_delete && self.has_had_consumers && self.consumers.is_empty()
    }

    /// The head of the highest priority that has anybody (§9).
    fn first_in_rotation(&self) -> Option<u64> {
        let priority = |serial: &u64| {
            let consumer = self.consumers.iter().find(|c| c.serial == *serial);
            consumer.map_or(i64::MIN, |c| c.priority)
        };
        let highest = self.rotation.iter().map(priority).max()?;
        let mut heads = self.rotation.iter().copied();
        heads.find(|serial| priority(serial) == highest)
    }
}
