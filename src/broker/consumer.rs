//! Consumers and the lists they stand in.
//!
//! A consumer stands in the list of all its queue's consumers, and, while it lives, in one more: its
//! queue's rotation (it may be given the next message) or its channel's blocked list (it was tried
//! and had no credit). Lists are linked through the rows themselves, so that any consumer leaves any
//! list in one step however many there are. Deliberately not here: who is given what (dispatch).

use super::slab::Slab;
use crate::types::{ConsumerTag, QueueId, SimDuration};

/// Stands for "no consumer" in a link.
const NOBODY: u32 = u32::MAX;

/// Where a consumer stands when a message is to be given away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// In its queue's rotation.
    Active,
    /// In its channel's blocked list.
    Blocked,
    /// Waiting behind a single active consumer; or that one itself, while it holds still before it hands
    /// over.
    Waiting,
    /// Cancelled; kept while deliveries to it are unacked.
    Gone,
}

/// A consumer's row.
#[derive(Debug, Clone)]
pub(super) struct Consumer {
    /// Its name on its channel.
    pub(super) tag: ConsumerTag,
    /// Its channel's row.
    pub(super) channel: u32,
    /// The queue it reads.
    pub(super) queue: QueueId,
    /// `x-priority`; higher is served first.
    pub(super) priority: i64,
    /// When it came, in the order of all consumers of the broker.
    pub(super) arrival: u64,
    /// Its own limit of unacked deliveries; 0 for none.
    pub(super) prefetch: u16,
    /// How long a delivery to it may stay unacked, where it says so itself.
    pub(super) timeout: Option<SimDuration>,
    /// Whether deliveries are settled by being sent.
    pub(super) no_ack: bool,
    /// Whether it refuses others.
    pub(super) exclusive: bool,
    /// Where it stands.
    pub(super) standing: Standing,
    /// Deliveries not yet settled.
    pub(super) unacked: u32,
    /// By how much its limit differs by what a consumer left that had its tag before it. A classic queue
    /// keeps credit by tag, so each delivery of that one that is settled since adds to it
    /// (`rabbit_limiter:ack_from_queue/3`); a quorum queue takes both for one, so those that are not
    /// settled are lacking (`rabbit_fifo:merge_consumer/4`).
    pub(super) inherited: i32,
    /// Links of the rotation or the blocked list.
    turn: Links,
    /// Links of all consumers of the queue.
    member: Links,
}

impl Consumer {
    /// A consumer that stands in no list yet.
    pub(super) fn new(tag: ConsumerTag, channel: u32, queue: QueueId, arrival: u64) -> Self {
        Self {
            tag,
            channel,
            queue,
            priority: 0,
            arrival,
            prefetch: 0,
            timeout: None,
            no_ack: false,
            exclusive: false,
            standing: Standing::Waiting,
            unacked: 0,
            inherited: 0,
            turn: Links::default(),
            member: Links::default(),
        }
    }

    /// How many unacked deliveries it may have, if there is a limit.
    pub(super) const fn limit(&self) -> u32 {
        (self.prefetch as u32).saturating_add_signed(self.inherited)
    }

    /// Whether its own prefetch lets it take one more.
    pub(super) const fn has_credit(&self) -> bool {
        self.no_ack || self.prefetch == 0 || self.unacked < self.limit()
    }

    /// Whether its own prefetch lets it take one more and then none.
    pub(super) const fn has_one_left(&self) -> bool {
        !self.no_ack && self.unacked + 1 == self.limit()
    }
}

#[derive(Debug, Clone, Copy)]
struct Links {
    before: u32,
    after: u32,
}

impl Default for Links {
    fn default() -> Self {
        Self {
            before: NOBODY,
            after: NOBODY,
        }
    }
}

/// Which pair of links a list uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Turn,
    Member,
}

fn links(consumer: &mut Consumer, kind: Kind) -> &mut Links {
    match kind {
        Kind::Turn => &mut consumer.turn,
        Kind::Member => &mut consumer.member,
    }
}

/// A list of consumers, first to last.
#[derive(Debug, Clone)]
pub(super) struct ConsumerList {
    kind: Kind,
    first: u32,
    last: u32,
    len: u32,
}

impl ConsumerList {
    /// An empty list of consumers that wait for their turn.
    pub(super) const fn of_turns() -> Self {
        Self::empty(Kind::Turn)
    }

    /// An empty list of a queue's consumers.
    pub(super) const fn of_members() -> Self {
        Self::empty(Kind::Member)
    }

    const fn empty(kind: Kind) -> Self {
        Self {
            kind,
            first: NOBODY,
            last: NOBODY,
            len: 0,
        }
    }

    /// How many stand in it.
    pub(super) const fn len(&self) -> u32 {
        self.len
    }

    /// Whether nobody does.
    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The first.
    pub(super) const fn first(&self) -> Option<u32> {
        if self.first == NOBODY {
            None
        } else {
            Some(self.first)
        }
    }

    /// The one behind `consumer` in this list.
    pub(super) fn after(&self, consumers: &Slab<Consumer>, consumer: u32) -> Option<u32> {
        let row = consumers.get(consumer)?;
        let after = match self.kind {
            Kind::Turn => row.turn.after,
            Kind::Member => row.member.after,
        };
        (after != NOBODY).then_some(after)
    }

    /// Everybody, first to last.
    pub(super) fn iter<'a>(
        &'a self,
        consumers: &'a Slab<Consumer>,
    ) -> impl Iterator<Item = (u32, &'a Consumer)> {
        let numbers = std::iter::successors(self.first(), |last| self.after(consumers, *last));
        numbers.filter_map(|number| Some((number, consumers.get(number)?)))
    }

    /// Appends a consumer that stands in no list of this kind.
    pub(super) fn push_back(&mut self, consumers: &mut Slab<Consumer>, consumer: u32) {
        let Some(row) = consumers.get_mut(consumer) else {
            return;
        };
        *links(row, self.kind) = Links {
            before: self.last,
            after: NOBODY,
        };
        match consumers.get_mut(self.last) {
            Some(last) => links(last, self.kind).after = consumer,
            None => self.first = consumer,
        }
        self.last = consumer;
        self.len += 1;
    }

    /// Takes a consumer out; it must stand in this list.
    pub(super) fn remove(&mut self, consumers: &mut Slab<Consumer>, consumer: u32) {
        let Some(row) = consumers.get_mut(consumer) else {
            return;
        };
        let Links { before, after } = std::mem::take(links(row, self.kind));
        if self.len == 1 {
            *self = Self::empty(self.kind);
            return;
        }
        match consumers.get_mut(before) {
            Some(row) => links(row, self.kind).after = after,
            None => self.first = after,
        }
        match consumers.get_mut(after) {
            Some(row) => links(row, self.kind).before = before,
            None => self.last = before,
        }
        self.len -= 1;
    }

    /// Moves the first to the end.
    pub(super) fn rotate(&mut self, consumers: &mut Slab<Consumer>) {
        if self.len > 1 {
            let first = self.first;
            self.remove(consumers, first);
            self.push_back(consumers, first);
        }
    }
}

/// A queue's consumers that may be given the next message: one list for each priority.
#[derive(Debug, Clone, Default)]
pub(super) struct Rotation {
    /// Highest priority first; none is empty, except that one may remain alone for reuse.
    levels: Vec<(i64, ConsumerList)>,
}

impl Rotation {
    /// Where the level of a priority stands, or would stand.
    #[inline]
    fn place(&self, priority: i64) -> usize {
        match self.levels.as_slice() {
            [(level, _)] => usize::from(*level > priority),
            levels => levels.partition_point(|(level, _)| *level > priority),
        }
    }

    /// Whose turn it is.
    #[inline]
    pub(super) fn first(&self) -> Option<u32> {
        self.levels.first()?.1.first()
    }

    /// Lets a consumer in at the end of its priority.
    pub(super) fn join(&mut self, consumers: &mut Slab<Consumer>, consumer: u32) {
        let Some(row) = consumers.get_mut(consumer) else {
            return;
        };
        row.standing = Standing::Active;
        let priority = row.priority;
        let mut at = self.place(priority);
        if self
            .levels
            .get(at)
            .is_none_or(|(level, _)| *level != priority)
        {
            self.levels.retain(|(_, list)| !list.is_empty());
            at = self.place(priority);
            self.levels.insert(at, (priority, ConsumerList::of_turns()));
        }
        self.levels[at].1.push_back(consumers, consumer);
    }

    /// Takes a consumer out; it must be in.
    pub(super) fn leave(&mut self, consumers: &mut Slab<Consumer>, consumer: u32) {
        let Some(row) = consumers.get(consumer) else {
            return;
        };
        let at = self.place(row.priority);
        if let Some((_, list)) = self.levels.get_mut(at) {
            list.remove(consumers, consumer);
            // The only level stays though nobody is left: most often the same comes back to it.
            if list.is_empty() && self.levels.len() > 1 {
                self.levels.remove(at);
            }
        }
    }

    /// The one whose turn it was goes to the end of its priority.
    pub(super) fn advance(&mut self, consumers: &mut Slab<Consumer>) {
        if let Some((_, list)) = self.levels.first_mut() {
            list.rotate(consumers);
        }
    }

    /// Everybody in the order in which they would be tried.
    pub(super) fn iter<'a>(
        &'a self,
        consumers: &'a Slab<Consumer>,
    ) -> impl Iterator<Item = (u32, &'a Consumer)> {
        self.levels
            .iter()
            .flat_map(|(_, list)| list.iter(consumers))
    }
}
