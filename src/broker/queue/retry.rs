//! Delayed retry of quorum queues (`x-delayed-retry-*`, 4.3): a message that came back waits before it is
//! tried again, the longer the more often it failed.
//!
//! What waits counts towards the queue's limits and is not ready. When its time comes it goes where
//! returned messages go. Its time to live is looked at then, since only what is at the head expires; a
//! purge leaves it, as it takes what is ready alone: neither is published. Source: RabbitMQ's
//! documents of 4.3, measurements on 4.3.5. Deliberately not here: when the broker looks for what is due.

use super::{Entry, Queue};
use crate::broker::{Effect, Effects};
use crate::types::{ChannelRef, FieldTable, FieldValue, SimDuration, SimTime};
use std::collections::VecDeque;

/// Which returns are delayed, and how long.
#[derive(Debug, Clone, Copy)]
pub(in crate::broker) struct Retry {
    /// Those that count as failures.
    failed: bool,
    /// The others.
    returned: bool,
    least: SimDuration,
    most: SimDuration,
}

impl Retry {
    /// What a queue's arguments ask for. A type that is unknown does nothing, and neither does one
    /// without the shortest delay.
    pub(in crate::broker) fn read(arguments: &FieldTable) -> Option<Self> {
        let millis = |key| {
            let millis = arguments.get(key).and_then(FieldValue::as_integer)?;
            Some(SimDuration::from_millis(u64::try_from(millis).ok()?))
        };
        let (failed, returned) = match arguments.get("x-delayed-retry-type")?.as_text()? {
            "all" => (true, true),
            "failed" => (true, false),
            "returned" => (false, true),
            _ => return None,
        };
        Some(Self {
            failed,
            returned,
            least: millis("x-delayed-retry-min")?,
            most: millis("x-delayed-retry-max").unwrap_or(SimDuration::MAX),
        })
    }

    /// How long a message waits that just came back.
    pub(in crate::broker) fn delay(&self, entry: &Entry, failed: bool) -> Option<SimDuration> {
        let attempts = entry.failures().max(1).unsigned_abs();
        let delay = self.least.times(attempts).min(self.most);
        let delays = if failed { self.failed } else { self.returned };
        (delays && delay > SimDuration::ZERO).then_some(delay)
    }
}

/// Messages that wait, by when they are due, and then by when they came.
#[derive(Debug, Clone, Default)]
pub(in crate::broker) struct Delayed {
    entries: VecDeque<Entry>,
    /// When each of them is due.
    dues: VecDeque<SimTime>,
}

impl Delayed {
    /// How many.
    pub(in crate::broker) fn len(&self) -> usize {
        self.dues.len()
    }

    /// When the first is due; [`SimTime::MAX`] when there is none.
    pub(in crate::broker) fn first(&self) -> SimTime {
        self.dues.front().copied().unwrap_or(SimTime::MAX)
    }

    /// All in order.
    pub(in crate::broker) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Whether they stand in order.
    pub(in crate::broker) fn is_in_order(&self) -> bool {
        self.dues.iter().is_sorted() && self.dues.len() == self.entries.len()
    }

    /// How many are due by `now`.
    fn due(&self, now: SimTime) -> usize {
        self.dues.partition_point(|due| *due <= now)
    }
}

impl Queue {
    /// Keeps a message that came back until it may be tried again; of those of one instant, who came
    /// first is tried first.
    pub(in crate::broker) fn delay(
        &mut self,
        channel: ChannelRef,
        entry: Entry,
        until: SimTime,
        effects: &mut Effects,
    ) {
        self.tell_return(channel, &entry, effects);
        effects.push(Effect::RetryDelayed {
            queue: self.id,
            message: entry.message.id(),
            until,
            attempt: entry.returns().unsigned_abs() + 1,
        });
        self.timed = true;
        self.ready_octets += entry.message.body_octets();
        let place = self.delayed.due(until);
        self.delayed.dues.insert(place, until);
        self.delayed.entries.insert(place, entry);
    }

    /// Makes what is due by `now` ready; says whether there was anything.
    pub(in crate::broker) fn end_delays(&mut self, now: SimTime) -> bool {
        let due = self.delayed.due(now);
        self.delayed.dues.drain(..due);
        for _ in 0..due {
            if let Some(entry) = self.delayed.entries.pop_front() {
                self.ready_octets -= entry.message.body_octets();
                self.put_back(entry, true);
            }
        }
        due > 0
    }
}
