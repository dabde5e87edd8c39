//! A producer or consumer as plain data: its connection, its settings made ready, what it holds.
//!
//! Deliberately not here: what it does; that is its coroutines' (`process`), and what travels
//! between it and the broker (`transport`).

use crate::scenario::limits::WORKERS_MAX;
use crate::scenario::{AckMode, Consumer, FailureOutcome, Outage, Producer};
use crate::sim::arrivals::Arrivals;
use crate::sim::draft::{Content, Draft, Target};
use crate::sim::held::{Held, Place, Shelf};
use crate::sim::random::{Draw, Purpose, Share, Stream};
use crate::sim::trace::{ClientStatus, Wait};
use crate::sim::view::{ClientState, ClientView};
use crate::types::{
    ChannelRef, ConnectionId, ConsumerTag, EdgeId, NodeId, ProcessId, ReplyCode, SimTime, VhostName,
};
use std::collections::VecDeque;
use std::rc::Rc;

/// The one channel every client uses.
const CHANNEL: u16 = 1;

/// The client's side of its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Session {
    /// Not connected.
    Closed,
    /// Said what opens it; the answer is on its way.
    Opening,
    /// Open.
    Up,
}

/// Why a client will not connect again by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Halt {
    Refused { code: ReplyCode, text: Rc<str> },
    Cancelled,
}

/// A link: one way each way, in order.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) latency: Draw,
    pub(super) to_broker: Stream,
    pub(super) to_client: Stream,
    /// When the last parcel on its way to the broker will be there: none overtakes it.
    pub(super) broker_last: SimTime,
    pub(super) client_last: SimTime,
}

impl Link {
    /// When what sets out `now` is at the broker.
    #[inline]
    pub(super) fn at_broker(&mut self, now: SimTime) -> SimTime {
        let at = now + self.latency.span(&mut self.to_broker);
        self.broker_last = at.max(self.broker_last);
        self.broker_last
    }

    /// When what the broker sends `now` is at the client.
    #[inline]
    pub(super) fn at_client(&mut self, now: SimTime) -> SimTime {
        let at = now + self.latency.span(&mut self.to_client);
        self.client_last = at.max(self.client_last);
        self.client_last
    }
}

/// A producer or consumer.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub(super) node: NodeId,
    pub(super) vhost: VhostName,
    pub(super) connection: ConnectionId,
    pub(super) session: Session,
    /// The how-manieth connection; what belongs to an older one counts no more.
    pub(super) epoch: u32,
    /// Whether the broker has the connection open, and whether it listens to the channel.
    pub(super) connection_open: bool,
    pub(super) channel_open: bool,
    pub(super) paused: bool,
    pub(super) down: bool,
    pub(super) cut: bool,
    pub(super) removed: bool,
    pub(super) halt: Option<Halt>,
    pub(super) status: Option<ClientStatus>,
    pub(super) link: Link,
    pub(super) outages: Vec<Outage>,
    pub(super) plan: u16,
    pub(super) processes: Vec<ProcessId>,
    pub(super) role: Role,
}

/// What only a producer or only a consumer has.
#[derive(Debug, Clone)]
pub(super) enum Role {
    Producer(Box<Sender>),
    Consumer(Box<Receiver>),
}

/// Messages that the sockets of a connection hold which was not always read: 128 KiB of small ones.
const SOCKETS_MAX: u64 = 400;

/// A producer.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub(super) draft: Draft,
    pub(super) targets: Vec<Target>,
    pub(super) arrivals: Arrivals,
    pub(super) arrivals_stream: Stream,
    pub(super) content_stream: Stream,
    pub(super) limit: Option<u64>,
    pub(super) window: Option<u32>,
    /// Messages its load has made, whichever way they went.
    pub(super) turns: u64,
    pub(super) ended: bool,
    /// Publishes sent off.
    pub(super) published: u64,
    pub(super) confirmed: u64,
    pub(super) refused: u64,
    pub(super) returned: u64,
    /// Whether the broker reads nothing of its connection.
    pub(super) blocked: bool,
    /// Whether that is so because queues cannot handle its messages as fast as they come.
    pub(super) in_flow: bool,
    /// What its connection was held back by last, once it was.
    pub(super) held_by: Option<Wait>,
    /// Publishes that left since then and are not heard.
    pub(super) under_way: u64,
    /// Sent off in confirm mode and not heard of.
    pub(super) outstanding: u64,
    /// The broker's side: which publishes of this connection it has not confirmed.
    pub(super) unconfirmed: Unconfirmed,
}

/// A line from a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) edge: EdgeId,
    pub(super) queue: NodeId,
    pub(super) tag: ConsumerTag,
    /// Whether the client believes that it consumes.
    pub(super) active: bool,
}

/// A consumer.
#[derive(Debug, Clone)]
pub(super) struct Receiver {
    pub(super) service: Draw,
    pub(super) failure: Share,
    pub(super) outcome: FailureOutcome,
    pub(super) workers: u32,
    pub(super) prefetch: u16,
    pub(super) no_ack: bool,
    pub(super) priority: Option<i32>,
    pub(super) exclusive: bool,
    pub(super) sources: Vec<Source>,
    /// Deliveries no worker has taken up yet.
    pub(super) mailbox: VecDeque<Place>,
    /// These deliveries, and those that workers have in hand.
    pub(super) shelf: Shelf,
    /// Workers that wait for a delivery, longest first.
    pub(super) idle: VecDeque<ProcessId>,
    pub(super) worked: u64,
    pub(super) failed: u64,
}

impl Client {
    pub(super) const fn channel(&self) -> ChannelRef {
        ChannelRef::new(self.connection, CHANNEL)
    }

    /// Its channel, while the broker listens to it.
    #[inline]
    pub(super) fn heard_on(&self) -> Option<ChannelRef> {
        self.channel_open.then(|| self.channel())
    }

    pub(super) fn workers(&self) -> u32 {
        match &self.role {
            Role::Producer(_) => 0,
            Role::Consumer(receiver) => receiver.workers,
        }
    }

    /// How it stands, in one word.
    pub(super) fn status_now(&self) -> ClientStatus {
        let ended = match &self.role {
            Role::Producer(sender) => sender.ended,
            Role::Consumer(_) => false,
        };
        if self.removed {
            ClientStatus::Removed
        } else if self.down {
            ClientStatus::Down
        } else if let Some(halt) = &self.halt {
            match halt {
                Halt::Refused { .. } => ClientStatus::Refused,
                Halt::Cancelled => ClientStatus::Cancelled,
            }
        } else if self.cut {
            ClientStatus::Cut
        } else if self.session != Session::Up {
            ClientStatus::Connecting
        } else if self.paused {
            ClientStatus::Paused
        } else if ended {
            ClientStatus::Ended
        } else {
            ClientStatus::Up
        }
    }

    /// Whether nothing but the link and the broker keeps it from being connected.
    pub(super) const fn may_connect(&self) -> bool {
        !self.down && !self.cut && !self.removed && self.halt.is_none()
    }

    /// Whether nothing at all keeps it from working.
    #[inline]
    pub(super) fn is_at_work(&self) -> bool {
        self.session == Session::Up && !self.paused && self.may_connect()
    }

    /// Whether that worker is one too many since the document was edited.
    #[inline]
    pub(super) fn is_let_go(&self, worker: u32) -> bool {
        match &self.role {
            Role::Producer(_) => false,
            Role::Consumer(receiver) => worker >= receiver.workers,
        }
    }

    /// Whether nothing keeps that worker from working; a producer's only one has the number 0.
    #[inline(always)]
    pub(super) fn lets_work(&self, worker: u32) -> bool {
        self.is_at_work() && !self.is_let_go(worker)
    }

    /// A delivery on its shelf.
    #[inline]
    pub(super) fn held(&self, place: Place) -> Option<&Held> {
        match &self.role {
            Role::Producer(_) => None,
            Role::Consumer(receiver) => receiver.shelf.get(place),
        }
    }

    pub(super) fn sender(&mut self) -> Option<&mut Sender> {
        match &mut self.role {
            Role::Producer(sender) => Some(sender),
            Role::Consumer(_) => None,
        }
    }

    pub(super) fn receiver(&mut self) -> Option<&mut Receiver> {
        match &mut self.role {
            Role::Producer(_) => None,
            Role::Consumer(receiver) => Some(receiver),
        }
    }

    pub(super) fn view(&self) -> ClientView {
        let state = match (self.status_now(), &self.halt) {
            (ClientStatus::Refused, Some(Halt::Refused { code, text })) => ClientState::Refused {
                code: *code,
                text: Rc::clone(text),
            },
            (ClientStatus::Refused | ClientStatus::Cancelled, _) => ClientState::Cancelled,
            (ClientStatus::Connecting, _) => ClientState::Connecting,
            (ClientStatus::Up, _) => ClientState::Up,
            (ClientStatus::Paused, _) => ClientState::Paused,
            (ClientStatus::Down | ClientStatus::Removed, _) => ClientState::Down,
            (ClientStatus::Cut, _) => ClientState::Cut,
            (ClientStatus::Ended, _) => ClientState::Ended,
        };
        let mut view = ClientView {
            node: self.node,
            state,
            published: 0,
            confirmed: 0,
            refused: 0,
            outstanding: 0,
            returned: 0,
            held: 0,
            worked: 0,
            failed: 0,
        };
        match &self.role {
            Role::Producer(sender) => {
                view.published = sender.published;
                view.confirmed = sender.confirmed;
                view.refused = sender.refused;
                view.outstanding = sender.outstanding;
                view.returned = sender.returned;
            }
            Role::Consumer(receiver) => {
                view.held = receiver.mailbox.len() as u64;
                view.worked = receiver.worked;
                view.failed = receiver.failed;
            }
        }
        view
    }
}

impl Link {
    pub(super) fn new(seed: u64, node: NodeId, latency: &crate::scenario::Distribution) -> Self {
        Self {
            latency: Draw::new(latency),
            to_broker: Stream::new(seed, node, Purpose::ToBroker, 0),
            to_client: Stream::new(seed, node, Purpose::ToClient, 0),
            broker_last: SimTime::ZERO,
            client_last: SimTime::ZERO,
        }
    }
}

impl Sender {
    /// What the next message of its load has; `None` for what all have.
    #[inline]
    pub(super) fn next_content(&mut self) -> Option<Content> {
        let turn = self.turns;
        self.turns += 1;
        self.draft.content(turn, &mut self.content_stream)
    }

    pub(super) fn new(seed: u64, node: NodeId, producer: &Producer, targets: Vec<Target>) -> Self {
        let mut arrivals_stream = Stream::new(seed, node, Purpose::Arrivals, 0);
        Self {
            draft: Draft::new(producer),
            targets,
            arrivals: Arrivals::new(&producer.load, &mut arrivals_stream),
            arrivals_stream,
            content_stream: Stream::new(seed, node, Purpose::Content, 0),
            limit: producer.limit,
            window: producer.confirm_window,
            turns: 0,
            ended: false,
            published: 0,
            confirmed: 0,
            refused: 0,
            returned: 0,
            blocked: false,
            in_flow: false,
            held_by: None,
            under_way: 0,
            outstanding: 0,
            unconfirmed: Unconfirmed::default(),
        }
    }

    /// What keeps it from writing into its socket: the broker does not read, or has not read yet what
    /// waits there.
    pub(super) fn backs_up(&self) -> Option<Wait> {
        // Of most connections nothing more need be looked at.
        let by = self.held_by?;
        let is_full = self.blocked || self.in_flow || self.under_way >= SOCKETS_MAX;
        is_full.then_some(by)
    }

    /// The broker reads nothing of its connection for that reason, or does so again.
    pub(super) fn hold_back(&mut self, by: Wait, on: bool) {
        if by == Wait::Flow {
            self.in_flow = on;
        } else {
            self.blocked = on;
        }
        self.held_by = Some(by);
    }

    /// Whether another message may be sent off before something is heard.
    pub(super) fn has_room(&self) -> bool {
        if self.backs_up().is_some() {
            return false;
        }
        // A window of nothing would wait for ever; the least that can be outstanding is one.
        self.window
            .is_none_or(|window| self.outstanding < u64::from(window.max(1)))
    }

    /// When the next message is due, within the limit.
    pub(super) fn due(&self) -> Option<SimTime> {
        match self.limit {
            Some(limit) if self.turns >= limit => None,
            Some(_) | None => self.arrivals.due(),
        }
    }
}

impl Receiver {
    pub(super) fn new(consumer: &Consumer, sources: Vec<Source>) -> Self {
        Self {
            service: Draw::new(&consumer.service),
            failure: Share::new(consumer.failures.share),
            outcome: consumer.failures.outcome,
            workers: workers(consumer),
            prefetch: consumer.prefetch,
            no_ack: consumer.ack_mode == AckMode::Automatic,
            priority: consumer.priority,
            exclusive: consumer.exclusive,
            sources,
            mailbox: VecDeque::new(),
            shelf: Shelf::default(),
            idle: VecDeque::new(),
            worked: 0,
            failed: 0,
        }
    }
}

/// A consumer's workers, at least one.
pub(super) fn workers(consumer: &Consumer) -> u32 {
    consumer.workers.clamp(1, WORKERS_MAX)
}

/// Which publishes of a connection the broker has not confirmed, so that `multiple` can be counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Unconfirmed {
    /// All up to here are confirmed.
    base: u64,
    /// Those above, from `base + 1`: whether they are confirmed.
    above: VecDeque<bool>,
}

impl Unconfirmed {
    /// How many messages a confirm of `sequence` settles.
    pub(super) fn settle(&mut self, sequence: u64, multiple: bool) -> u32 {
        let Some(offset) = sequence.checked_sub(self.base + 1) else {
            return 0;
        };
        let Ok(offset) = usize::try_from(offset) else {
            return 0;
        };
        if offset >= self.above.len() {
            self.above.resize(offset + 1, false);
        }
        let mut settled = 0;
        let first = if multiple { 0 } else { offset };
        for known in self.above.range_mut(first..=offset) {
            settled += u32::from(!*known);
            *known = true;
        }
        while self.above.front() == Some(&true) {
            self.above.pop_front();
            self.base += 1;
        }
        settled
    }
}
