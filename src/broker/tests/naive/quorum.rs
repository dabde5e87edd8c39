//! Quorum queues (§19): what they refuse, how they count returns, where returns go.

use super::refusals::{QUEUE_DECLARE, QUEUE_DELETE, precondition};
use super::settle::Verdict;
use super::{Entry, Naive, Queue};
use crate::broker::{Effect, Effects, QueueDeclare};
use crate::types::{
    AmqpError, ChannelRef, ConsumerTag, FieldTable, FieldValue, Message, MethodId, Profile,
    QueueId, ReplyCode, SimDuration, SimTime,
};
use std::rc::Rc;

/// Before everything that did not return.
const RETURNED: u8 = u8::MAX;

pub(super) fn is_quorum(arguments: &FieldTable) -> bool {
    arguments.get("x-queue-type").and_then(FieldValue::as_text) == Some("quorum")
}

/// §19: arguments and flags that it does not have, and a name that it must.
pub(super) fn check_quorum(name: &str, declare: &QueueDeclare) -> Result<(), AmqpError> {
    let place = format!("queue '{name}' in vhost '/'");
    let unknown = if is_quorum(&declare.arguments) {
        let keys = ["x-max-priority", "x-queue-mode", "x-queue-version"];
        let mut keys = keys
            .into_iter()
            .filter(|key| declare.arguments.get(key).is_some());
        keys.next().map(|key| (key, "rabbit_quorum_queue"))
    } else {
        let keys = ["x-dead-letter-strategy", "x-delivery-limit"];
        let mut keys = keys
            .into_iter()
            .filter(|key| declare.arguments.get(key).is_some());
        keys.next().map(|key| (key, "rabbit_classic_queue"))
    };
    if let Some((key, kind)) = unknown {
        let text = format!("invalid arg '{key}' for {place} of queue type {kind}");
        return Err(precondition(text, QUEUE_DECLARE));
    }
    if !is_quorum(&declare.arguments) {
        return Ok(());
    }
    for (wrong, word) in [
        (declare.auto_delete, "auto-delete"),
        (declare.exclusive, "exclusive-owner"),
        (!declare.durable, "non-durable"),
    ] {
        if wrong {
            let text = format!("invalid property '{word}' for {place}");
            return Err(precondition(text, QUEUE_DECLARE));
        }
    }
    Ok(())
}

impl Queue {
    pub(super) fn is_quorum(&self) -> bool {
        is_quorum(&self.arguments)
    }

    /// §19, §20: how often a message may come back.
    fn delivery_limit(&self, profile: Profile) -> Option<i64> {
        let asked = self.arguments.get("x-delivery-limit");
        let asked = asked.and_then(FieldValue::as_integer);
        match profile {
            Profile::V3 => asked,
            Profile::V4 => Some(asked.unwrap_or(20)).filter(|limit| *limit >= 0),
        }
    }

    /// rabbit_fifo: full once it is over its limits, until it is down to four fifths of them.
    pub(super) fn refuses_all(&mut self) -> bool {
        let low = |limit: Option<u64>, now: u64| limit.is_none_or(|limit| now <= limit * 8 / 10);
        let length = self.limited() as u64;
        if low(self.number("x-max-length"), length)
            && low(self.number("x-max-length-bytes"), self.ready_octets())
        {
            self.full = false;
        }
        self.full
    }

    /// §20: a delayed message counts towards the limits.
    pub(super) fn limited(&self) -> usize {
        self.ready.len() + self.delayed.len()
    }

    /// §20: how long a message waits that came back; the longer the more often it failed.
    fn retry_delay(&self, profile: Profile, failures: i64, failed: bool) -> Option<SimDuration> {
        let kinds = match self.text("x-delayed-retry-type")? {
            "all" => [true, true],
            "failed" => [true, false],
            "returned" => [false, true],
            _ => [false, false],
        };
        let least = self.number("x-delayed-retry-min")?;
        let most = self.number("x-delayed-retry-max").unwrap_or(u64::MAX);
        let millis = (least * failures.max(1).unsigned_abs()).min(most);
        let delays = kinds[usize::from(!failed)] && profile == Profile::V4 && self.is_quorum();
        (delays && millis > 0).then(|| SimDuration::from_millis(millis))
    }

    /// §19: deletion knows no conditions.
    pub(super) fn check_unconditional(
        &self,
        if_unused: bool,
        if_empty: bool,
    ) -> Result<(), AmqpError> {
        let flag = if if_unused { "if-unused" } else { "if-empty" };
        if !self.is_quorum() || !(if_unused || if_empty) {
            return Ok(());
        }
        Err(AmqpError::new(
            ReplyCode::NotImplemented,
            format!(
                "cannot delete queue '{}' in vhost '/'. queue.delete operations with {flag} flag \
                 set are not supported by quorum queues",
                self.name
            ),
            QUEUE_DELETE,
        ))
    }

    /// §15: `basic.get` passes no single active consumer by.
    pub(super) fn check_get(&self, method: MethodId) -> Result<(), AmqpError> {
        if !self.is_quorum() || !self.is_single_active() {
            return Ok(());
        }
        Err(AmqpError::new(
            ReplyCode::ResourceLocked,
            format!(
                "cannot obtain access to locked queue '{}' in vhost '/'. basic.get operations are \
                 not supported by quorum queues with single active consumer",
                self.name
            ),
            method,
        ))
    }
}

impl super::Queue {
    /// §4: when it goes. rabbit_fifo.erl, `tick` and `is_expired`: looked at every five seconds, and
    /// nobody holds anything.
    pub(super) fn unused_until(&self, span: SimDuration) -> Option<SimTime> {
        let until = self.used_at + span;
        if !self.is_quorum() {
            return Some(until);
        }
        let tick = SimDuration::from_secs(5).as_nanos();
        let since = self.declared_at.as_nanos();
        let ticks = (until.as_nanos() - since) / tick + 1;
        let looked = SimTime::from_nanos(since + ticks * tick);
        self.unacked.is_empty().then_some(looked)
    }
}

impl Entry {
    /// §19: the message with the header that says how often it failed; a consumer is not told that it
    /// never came back. 4.3 says besides how often it did.
    pub(super) fn shown(&self, profile: Profile, fetched: bool) -> Message {
        let message = &self.letter.message;
        let told = fetched || self.returns > 0;
        let Some(failures) = self.failures.filter(|_| told) else {
            return message.clone();
        };
        let mut properties = message
            .properties()
            .map(|p| (**p).clone())
            .unwrap_or_default();
        let mut headers = properties.headers.take().unwrap_or_default();
        headers.set("x-delivery-count", failures);
        if profile == Profile::V4 && self.returns > 0 {
            headers.set("x-acquired-count", self.returns);
        }
        headers.sort_by_key();
        properties.headers = Some(headers);
        let (exchange, key) = (message.exchange().clone(), message.routing_key().clone());
        message.republished(exchange, key, Some(Rc::new(properties)))
    }
}

impl Naive {
    /// §19: who holds messages counts as a consumer: each that was got, and consumers that are gone.
    pub(super) fn holders(&mut self, id: QueueId) -> u32 {
        let consumers = self.queue(id).consumers.clone();
        let (mut got, mut gone) = (0, std::collections::BTreeSet::new());
        for channel in &self.channels {
            let settled = channel.tx.iter().flat_map(|tx| tx.settled());
            for member in channel.unacked.iter().chain(settled) {
                match &member.consumer {
                    _ if member.queue != id => {}
                    None => got += 1,
                    Some((tag, _))
                        if consumers
                            .iter()
                            .any(|c| c.channel == channel.at && c.tag == *tag) => {}
                    Some((_, serial)) => {
                        gone.insert(*serial);
                    }
                }
            }
        }
        got + gone.len() as u32
    }

    /// §19: rabbit_fifo.erl, `merge_consumer`: what one of the same tag holds still counts.
    pub(super) fn left_by(&mut self, at: ChannelRef, tag: &ConsumerTag, id: QueueId) -> i64 {
        if !self.queue(id).is_quorum() {
            return 0;
        }
        let channel = self.channel(at);
        let settled = channel.tx.iter().flat_map(|tx| tx.settled());
        let left = channel.unacked.iter().chain(settled);
        let left = left.filter(|u| {
            u.queue == id && u.consumer.as_ref().is_some_and(|(other, _)| other == tag)
        });
        left.count() as i64
    }

    /// Counts a return; whether it was one too many.
    pub(super) fn is_past_its_limit(
        &mut self,
        id: QueueId,
        entry: &mut Entry,
        failed: bool,
    ) -> bool {
        let profile = self.profile;
        let limit = self.queue(id).delivery_limit(profile);
        entry.returns += 1;
        let Some(failures) = &mut entry.failures else {
            return false;
        };
        *failures += i64::from(failed);
        limit.is_some_and(|limit| *failures > limit)
    }

    /// A message comes back: to its place; in a quorum queue behind others that came back when there
    /// is a limit or its channel has left, else behind everything.
    pub(super) fn put_back(
        &mut self,
        id: QueueId,
        mut entry: Entry,
        verdict: Verdict,
        fx: &mut Effects,
    ) {
        let (profile, now) = (self.profile, self.now);
        let is_left = verdict == Verdict::Leave;
        let failures = entry.failures.unwrap_or(0);
        let queue = self.queue(id);
        if let Some(delay) = queue.retry_delay(profile, failures, verdict != Verdict::Release) {
            fx.push(Effect::RetryDelayed {
                queue: id,
                message: entry.letter.message.id(),
                until: now + delay,
                attempt: entry.returns.unsigned_abs() + 1,
            });
            queue.delayed.push((now + delay, entry));
            // Those of one instant stay in the order in which they came.
            queue.delayed.sort_by_key(|(due, _)| *due);
            return;
        }
        if entry.failures.is_some() {
            self.next_turn += 1;
            entry.turn = self.next_turn;
            let first = is_left || self.queue(id).delivery_limit(profile).is_some();
            entry.priority = if first { RETURNED } else { entry.own_priority };
        }
        self.queue(id).put(entry);
    }

    /// §20: what is due is in front of all but what returned before.
    pub(super) fn end_delays(&mut self, id: QueueId, fx: &mut Effects) {
        let now = self.now;
        let delayed = &mut self.queue(id).delayed;
        let due = delayed.partition_point(|(due, _)| *due <= now);
        let due: Vec<_> = delayed.drain(..due).collect();
        for (_, entry) in due {
            self.next_turn += 1;
            let (turn, priority) = (self.next_turn, RETURNED);
            let entry = Entry {
                turn,
                priority,
                ..entry
            };
            self.queue(id).put(entry);
        }
        self.drop_expired(id, fx);
        self.dispatch(id, fx);
    }
}
