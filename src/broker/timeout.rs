//! Consumer timeout: who keeps a delivery too long loses it.
//!
//! Under `3.x` a channel looks once a minute, counted from when it was opened, at what it waits for; so a
//! delivery may stay out up to a minute longer than the timeout says. Under `4.x` queues look, and in time.
//! What then happens:
//!
//! | profile | which deliveries | what becomes of them |
//! |---|---|---|
//! | `3.x` | all | the channel is closed with 406, and all it holds returns |
//! | `4.x` | of quorum queues | their consumer is cancelled and they return, not counted as failed; for a message got one by one, a consumer that is gone, or a client that does not understand `basic.cancel`, the channel is closed as in `3.x` |
//!
//! `4.x` lets a consumer's or a queue's `x-consumer-timeout` and the policy key `consumer-timeout` say
//! another time; 3.10 does not know them. A late settlement of what was taken back is ignored. Sources:
//! `rabbit_channel` of 3.10.8 and measurements on it; RabbitMQ's `consumer_timeouts.md` for 4.3 and
//! later. RabbitMQ 3.x says that it closes the channel again at every look until the client agrees; here
//! it is said once. RabbitMQ 4.x waits for the client's `cancel-ok` some seconds before the consumer is gone; here
//! it goes at once. Deliberately not here: what a closing channel gives back (`connection`).

use super::channel::Channel;
use super::consumer::Standing;
use super::settle::RECLAIMED;
use super::unacked::Unacked;
use super::{Broker, Effect, Effects};
use crate::types::{
    AmqpError, ChannelRef, Deadlines, DeliveryTag, FieldTable, MethodId, Profile, QueueId,
    QueueType, ReplyCode, SimDuration, SimTime,
};

/// RabbitMQ's `consumer_timeout` where nobody says another.
const TIMEOUT: SimDuration = SimDuration::from_secs(30 * 60);
/// How often a channel looks (`channel_tick_interval` of 3.x).
const INTERVAL_V3: SimDuration = SimDuration::from_secs(60);
/// Since 4.3 a timer rings when something is overdue: timers count milliseconds.
const INTERVAL_V4: SimDuration = SimDuration::from_millis(1);
/// Deliveries that were taken back of a channel and whose late settlement it still ignores.
const RECLAIMED_MAX: usize = 65_536;

/// When channels look at what they wait for.
#[derive(Debug, Clone)]
pub(super) struct Looks {
    /// How long a delivery may stay unacked; [`SimDuration::MAX`] for ever.
    timeout: SimDuration,
    interval: SimDuration,
    /// Channels with anything unacked. While there is none, nobody has to look.
    holding: u32,
    /// By channel's row: the first look that may find something. It stays when that is acked, since
    /// something else is delivered most often.
    calendar: Deadlines,
}

impl Looks {
    /// Nobody looks yet.
    pub(super) fn new(profile: Profile) -> Self {
        Self {
            timeout: TIMEOUT,
            interval: match profile {
                Profile::V3 => INTERVAL_V3,
                Profile::V4 => INTERVAL_V4,
            },
            holding: 0,
            calendar: Deadlines::default(),
        }
    }

    /// How long a delivery may stay unacked where its queue and consumer do not say.
    pub(super) const fn timeout(&self) -> SimDuration {
        self.timeout
    }

    /// When somebody looks next, be it in vain; [`SimTime::MAX`] for never.
    #[inline]
    pub(super) fn first(&self) -> SimTime {
        self.calendar.first().map_or(SimTime::MAX, |(due, _)| due)
    }

    /// When somebody has to look next; [`SimTime::MAX`] when nobody holds anything.
    #[inline]
    pub(super) fn next(&self) -> SimTime {
        if self.holding > 0 {
            self.first()
        } else {
            SimTime::MAX
        }
    }

    /// Lets a channel hold one more delivery. It comes of every message: made where it stays, it need
    /// not be copied there.
    #[inline(always)]
    pub(super) fn hold(&mut self, row: u32, channel: &mut Channel, delivery: Unacked) {
        let overdue_at = delivery.overdue_at;
        self.holding += u32::from(channel.unacked.len() == 0);
        channel.unacked.push(delivery);
        if overdue_at < channel.look_after {
            self.arm(row, channel, overdue_at);
        }
    }

    /// Notes that a channel has just let go of what it held, perhaps not of all.
    #[inline]
    pub(super) fn let_go(&mut self, channel: &Channel) {
        self.holding -= u32::from(channel.unacked.len() == 0);
    }

    /// Notes that a channel, which `held` something before or nothing, has just taken deliveries back.
    pub(super) fn take_back(&mut self, now: SimTime, row: u32, channel: &mut Channel, held: bool) {
        self.holding += u32::from(!held && channel.unacked.len() > 0);
        self.arm_for_rest(now, row, channel);
    }

    /// Takes everything of a channel that is closed, or about to be: it looks no more.
    pub(super) fn take_held(&mut self, row: u32, channel: &mut Channel) -> Vec<Unacked> {
        self.calendar.set(row, SimTime::MAX);
        channel.look_after = SimTime::ZERO;
        self.holding -= u32::from(channel.unacked.len() > 0);
        channel.take_held()
    }

    /// Whether it is known how many channels hold something.
    pub(super) fn counts(&self, holding: usize) -> bool {
        self.holding as usize == holding
    }

    /// Has a channel look when what is overdue at an instant can be seen to be.
    #[cold]
    fn arm(&mut self, row: u32, channel: &mut Channel, overdue_at: SimTime) {
        let interval = self.interval.as_nanos().max(1);
        let age = overdue_at.since(channel.opened_at).as_nanos();
        let whole = SimDuration::from_nanos(age - age % interval);
        channel.look_after = channel.opened_at + whole;
        self.calendar.set(row, channel.look_after + self.interval);
    }

    fn arm_for_rest(&mut self, now: SimTime, row: u32, channel: &mut Channel) {
        // What is overdue by now is seen at the next look.
        let first = channel
            .unacked
            .iter()
            .map(|it| it.overdue_at.max(now))
            .min();
        if let Some(first) = first
            && first < channel.look_after
        {
            self.arm(row, channel, first);
        }
    }
}

impl Broker {
    /// Says how long a delivery may stay unacked (RabbitMQ's `consumer_timeout`), for those that are
    /// made from now on; `None` for ever. It is half an hour at first.
    pub fn set_consumer_timeout(&mut self, timeout: Option<SimDuration>) {
        self.looks.timeout = timeout.unwrap_or(SimDuration::MAX);
        let ids: Vec<QueueId> = self.queues.iter().map(|queue| queue.id).collect();
        for id in ids {
            let anew = self.queue(id);
            let anew = anew.map(|it| self.settings_of(it.vhost, &it.name, &it.arguments));
            if let (Some(anew), Some(queue)) = (anew, self.queues.get_mut(id)) {
                queue.settings.timeout = anew.timeout;
            }
        }
    }

    /// The timeout of [`set_consumer_timeout`](Self::set_consumer_timeout).
    #[must_use]
    pub fn consumer_timeout(&self) -> Option<SimDuration> {
        Some(self.looks.timeout).filter(|it| *it != SimDuration::MAX)
    }

    /// Says how often channels look whether a delivery is overdue (`channel_tick_interval`); it is a
    /// minute at first under `3.x`.
    pub fn set_channel_interval(&mut self, interval: SimDuration) {
        self.looks.interval = interval;
    }

    /// What a consumer of a queue says itself of how long it may keep a delivery.
    pub(super) fn own_timeout(
        &self,
        queue: QueueId,
        arguments: &FieldTable,
    ) -> Option<SimDuration> {
        let quorum = self.queue(queue)?.settings.kind == QueueType::Quorum;
        let asked = arguments.get("x-consumer-timeout")?.as_integer()?;
        let asked = SimDuration::from_millis(u64::try_from(asked).ok()?);
        (quorum && self.options.profile == Profile::V4).then_some(asked)
    }

    /// The channel whose turn it is looks at what it waits for.
    pub(super) fn look_at_channels(&mut self, now: SimTime, effects: &mut Effects) {
        let Some((_, row)) = self.looks.calendar.first() else {
            return;
        };
        self.looks.calendar.set(row, SimTime::MAX);
        let Some(channel) = self.channels.get_mut(row) else {
            return;
        };
        channel.look_after = SimTime::MAX;
        let overdue: Vec<DeliveryTag> = channel
            .unacked
            .iter()
            .filter(|it| it.overdue_at < now)
            .map(|it| it.tag)
            .collect();
        match overdue.first() {
            None => self.looks.arm_for_rest(now, row, channel),
            Some(first) => match self.who_is_late(row, &overdue) {
                Some(late) => self.reclaim(now, row, &overdue, &late, effects),
                None => self.close_late(now, row, *first, effects),
            },
        }
    }

    /// The consumers that hold these deliveries, where it is enough to cancel them.
    fn who_is_late(&self, row: u32, overdue: &[DeliveryTag]) -> Option<Vec<u32>> {
        let channel = self.channels.get(row)?;
        if self.options.profile == Profile::V3 || !channel.hears_cancel {
            return None;
        }
        let mut late = Vec::new();
        for delivery in channel.unacked.iter() {
            if overdue.binary_search(&delivery.tag).is_ok() && !late.contains(&delivery.consumer) {
                let consumer = self.consumers.get(delivery.consumer)?;
                if consumer.standing == Standing::Gone {
                    return None;
                }
                late.push(delivery.consumer);
            }
        }
        Some(late)
    }

    /// How long a delivery was allowed to stay out.
    fn timeout_of(&self, delivery: &Unacked) -> SimDuration {
        let consumer = self.consumers.get(delivery.consumer);
        let queue = self.queue(delivery.queue);
        let said = consumer.and_then(|it| it.timeout);
        said.or_else(|| queue.map(|it| it.settings.timeout))
            .unwrap_or(self.looks.timeout)
    }

    /// Closes a channel because of an overdue delivery.
    fn close_late(&mut self, now: SimTime, row: u32, tag: DeliveryTag, effects: &mut Effects) {
        let Some(channel) = self.channels.get(row) else {
            return;
        };
        let reference = channel.reference;
        let Some(delivery) = channel.unacked.iter().find(|it| it.tag == tag) else {
            return;
        };
        let timeout = self.timeout_of(delivery);
        effects.push(overdue_effect(reference, delivery, timeout));
        let text = format!(
            "delivery acknowledgement on channel {} timed out. Timeout value used: {} ms. This \
             timeout value can be configured, see consumers doc guide to learn more",
            reference.channel,
            timeout.as_millis(),
        );
        let error = AmqpError::new(ReplyCode::PreconditionFailed, text, MethodId::default());
        self.close_for(now, reference, &error, effects);
    }

    /// Cancels consumers that are late, and takes what is overdue back into its queues.
    fn reclaim(
        &mut self,
        now: SimTime,
        row: u32,
        overdue: &[DeliveryTag],
        late: &[u32],
        effects: &mut Effects,
    ) {
        let Some(channel) = self.channels.get_mut(row) else {
            return;
        };
        let reference = channel.reference;
        let taken = overdue
            .iter()
            .filter_map(|tag| channel.unacked.remove_within(*tag));
        let taken: Vec<Unacked> = taken.collect();
        self.looks.let_go(channel);
        self.looks.arm_for_rest(now, row, channel);
        channel.reclaimed.extend(overdue);
        let beyond = channel.reclaimed.len().saturating_sub(RECLAIMED_MAX);
        channel.reclaimed.drain(..beyond);
        for delivery in &taken {
            effects.push(overdue_effect(
                reference,
                delivery,
                self.timeout_of(delivery),
            ));
        }
        let mut touched = Vec::new();
        for number in late {
            if let Some(consumer) = self.consumers.get(*number) {
                effects.push(Effect::ConsumerCancelled {
                    channel: reference,
                    consumer_tag: consumer.tag.clone(),
                });
            }
            touched.extend(self.remove_consumer(now, *number, effects));
        }
        for delivery in taken {
            self.release_consumer(delivery.consumer);
            self.requeue(now, reference, delivery, RECLAIMED, effects);
        }
        self.resume_queues(now, touched, effects);
    }
}

fn overdue_effect(channel: ChannelRef, delivery: &Unacked, timeout: SimDuration) -> Effect {
    Effect::Overdue {
        channel,
        queue: delivery.queue,
        message: delivery.entry.message.id(),
        timeout,
    }
}
