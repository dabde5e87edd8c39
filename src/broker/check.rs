//! The invariants of a broker: what must hold after every command.
//!
//! [`Broker::check_invariants`] looks at everything. In debug builds it runs by itself after
//! commands, as often as the work it costs is paid for by the commands since the last time, so a
//! large broker is looked at less often than a small one. Deliberately not here: what only a history
//! can show (nothing lost, nothing twice on the way); tests follow the effects for that.

use super::consumer::Standing;
use super::topology::Destination;
use super::unacked::NO_CONSUMER;
use super::{Broker, profile};
use crate::types::{CopyId, QueueId, QueueType, SimTime};
use std::collections::{BTreeMap, BTreeSet};

/// What one command pays towards the next look at everything, in things looked at.
const PAID_BY_A_COMMAND: usize = 64;

/// What was found on channels, to be compared with what queues and consumers say of themselves.
#[derive(Default)]
struct Held {
    copies: BTreeSet<CopyId>,
    by_queue: BTreeMap<QueueId, u32>,
    by_consumer: BTreeMap<u32, u32>,
}

macro_rules! hold {
    ($condition:expr, $($text:tt)*) => {
        if !$condition {
            return Err(format!($($text)*));
        }
    };
}

impl Broker {
    /// Looks whether the broker is in order: counts add up, no message stands in two places, credit
    /// is within prefetch, tags rise, nothing points at what is gone, and no queue holds ready
    /// messages in front of a consumer that could take them.
    ///
    /// # Errors
    /// A sentence about the first thing that is not in order; that is a defect of the broker.
    pub fn check_invariants(&self) -> Result<(), String> {
        hold!(self.dead_letters.is_empty(), "dead letters are left behind");
        self.check_channels()?;
        let mut held = self.check_unacked()?;
        for queue in self.queues.iter() {
            self.check_queue(queue.id, &mut held)?;
        }
        self.check_consumers(&held)?;
        self.check_calendar()?;
        hold!(self.delays.is_in_order(), "delayed messages miscounted");
        for binding in self.bindings() {
            let there = match binding.destination {
                Destination::Queue(queue) => self.queue(queue).is_some(),
                Destination::Exchange(exchange) => self.exchange(exchange).is_some(),
            };
            let from = self.exchange(binding.source).is_some();
            hold!(
                there && from,
                "binding {} has an end that is gone",
                binding.id
            );
        }
        Ok(())
    }

    /// In debug builds: counts a command and, when enough are paid for, looks at everything.
    pub(super) fn sweep(&mut self) {
        if cfg!(debug_assertions) {
            self.unswept += PAID_BY_A_COMMAND;
            let totals = self.totals();
            let size = totals.ready + totals.unacked;
            let size = size as usize + totals.queues + totals.channels + totals.consumers;
            if self.unswept >= size {
                self.unswept = 0;
                let verdict = self.check_invariants();
                debug_assert!(verdict.is_ok(), "{verdict:?}");
            }
        }
    }

    fn check_channels(&self) -> Result<(), String> {
        let mut counted = 0;
        for (id, connection) in self.connections.iter() {
            for (number, row) in &connection.channels {
                counted += 1;
                let channel = self.channels.get(*row).map(|channel| channel.reference);
                let known = channel
                    .is_some_and(|it| u64::from(it.connection.0) == id && it.channel == *number);
                hold!(known, "channel {id}.{number} has no row");
            }
        }
        let rows = self.channels.len();
        hold!(rows == counted, "{counted} channels, but {rows} rows");
        Ok(())
    }

    fn check_unacked(&self) -> Result<Held, String> {
        let mut held = Held::default();
        let holding = self.channels.iter().filter(|(_, it)| it.unacked.len() > 0);
        hold!(
            self.looks.counts(holding.count()),
            "channels that hold something miscounted"
        );
        for (_, channel) in self.channels.iter() {
            let name = channel.reference;
            let mut last = None;
            for delivery in channel.unacked.iter() {
                let tag = delivery.tag;
                hold!(last < Some(tag), "channel {name}: tag {tag} does not rise");
                last = Some(tag);
            }
            for delivery in channel.held() {
                let copy = delivery.entry.copy();
                // A queue that fell over has what is delivered again.
                let lives = self.queue(delivery.queue).is_some();
                let first = !lives || held.copies.insert(copy);
                hold!(first, "copy {copy} is delivered twice");
                *held.by_queue.entry(delivery.queue).or_default() += 1;
                *held.by_consumer.entry(delivery.consumer).or_default() += 1;
            }
            hold!(
                last <= Some(channel.last_tag()),
                "channel {name}: tag beyond the last"
            );
            let counted = channel.unacked.iter().count();
            hold!(
                counted == channel.unacked.len(),
                "channel {name}: unacked miscounted"
            );
            for (number, consumer) in channel.blocked.iter(&self.consumers) {
                let blocked = consumer.standing == Standing::Blocked;
                hold!(blocked, "channel {name}: consumer {number} is not blocked");
            }
        }
        Ok(held)
    }

    fn check_queue(&self, id: QueueId, held: &mut Held) -> Result<(), String> {
        let Some(queue) = self.queue(id) else {
            return Ok(());
        };
        let name = &queue.name;
        let mut octets = 0;
        let mut count = 0;
        for entry in queue.entries() {
            count += 1;
            octets += entry.message.body_octets();
            let copy = entry.copy();
            hold!(
                held.copies.insert(copy),
                "queue {name}: copy {copy} stands in two places"
            );
        }
        hold!(count == queue.len(), "queue {name}: messages miscounted");
        hold!(
            octets == queue.ready_octets,
            "queue {name}: octets miscounted"
        );
        let sorted = queue.delayed.is_in_order();
        hold!(sorted, "queue {name}: delayed messages out of order");
        // Where what returns goes elsewhere, numbers do not say where a message stands.
        let ordered = queue.settings.kind != QueueType::Classic || queue.ready.is_in_order();
        hold!(ordered, "queue {name}: out of order");
        let unacked = held.by_queue.get(&id).copied().unwrap_or(0);
        hold!(
            unacked == queue.unacked,
            "queue {name}: unacked {unacked}, says {}",
            queue.unacked
        );
        let idle = queue.rotation.first();
        let forgets = queue.settings.single_active
            && profile::forgets_next_active(self.options.profile, queue.settings.kind);
        let served = queue.ready.is_empty() || idle.is_none() || forgets;
        hold!(
            served,
            "queue {name}: ready messages in front of consumer {idle:?}"
        );
        let turns = queue.rotation.iter(&self.consumers);
        let active = turns.filter(|(_, it)| it.standing == Standing::Active && it.queue == id);
        let members = || queue.consumers.iter(&self.consumers);
        let expected = members()
            .filter(|(_, it)| it.standing == Standing::Active)
            .count();
        hold!(
            active.count() == expected,
            "queue {name}: rotation and consumers disagree"
        );
        let members = members().filter(|(_, it)| it.queue == id).count();
        hold!(
            members == queue.consumers.len() as usize,
            "queue {name}: consumers miscounted"
        );
        let named = self.queue_named(queue.vhost, name.as_str()) == Some(id);
        hold!(named, "queue {name} is not found by name");
        let used = queue.unused_since.is_none() != queue.consumers.is_empty();
        hold!(used, "queue {name}: use and consumers disagree");
        Ok(())
    }

    fn check_consumers(&self, held: &Held) -> Result<(), String> {
        for (number, consumer) in self.consumers.iter() {
            let tag = &consumer.tag;
            let unacked = held.by_consumer.get(&number).copied().unwrap_or(0);
            hold!(
                unacked == consumer.unacked,
                "consumer {tag}: unacked miscounted"
            );
            hold!(
                consumer.prefetch == 0 || unacked <= consumer.limit(),
                "consumer {tag}: beyond its prefetch"
            );
            let channel = self.channels.get(consumer.channel);
            let named = channel.and_then(|channel| channel.consumers.get(tag)) == Some(&number);
            if consumer.standing == Standing::Gone {
                hold!(
                    unacked > 0 && !named,
                    "consumer {tag} is gone and still there"
                );
            } else {
                let reads = self.queue(consumer.queue).is_some();
                hold!(
                    named && reads,
                    "consumer {tag} is not found by name, or its queue is gone"
                );
            }
        }
        let lost = held.by_consumer.keys();
        let lost = lost
            .filter(|it| **it != NO_CONSUMER)
            .any(|it| self.consumers.get(*it).is_none());
        hold!(!lost, "a delivery belongs to a consumer that is not there");
        Ok(())
    }

    fn check_calendar(&self) -> Result<(), String> {
        let due = |queue: &super::Queue| (queue.next_deadline(), queue.id.0);
        let wanted: BTreeSet<_> = self.queues.iter().map(due).collect();
        let wanted = wanted.into_iter().filter(|(due, _)| *due != SimTime::MAX);
        hold!(
            wanted.eq(self.deadlines.iter().collect::<BTreeSet<_>>()),
            "the calendar is out of step"
        );
        Ok(())
    }
}
