//! Flow: publishers are slowed down to what queues can handle.
//!
//! A queue handles one message after the other and takes a set time for each. Between a channel and each
//! queue it publishes to there are credits: 400 at first, one is spent by each message that is sent, and
//! 200 more come when the queue has handled 200. While any is used up its connection is not read, which
//! RabbitMQ shows as the state `flow` for some seconds. A message is routed, stands in its queues and is
//! confirmed when the last of them has handled it. Source: RabbitMQ, "Flow Control", `credit_flow`.
//!
//! Whoever says something else on a channel than publishes and acknowledgements is answered at once: what
//! the channel published before is handled first, without taking time. Deliberately not here: the
//! reader's own credit towards its channel and the message store's towards queues, what
//! acknowledgements, deliveries and dead letters cost a queue, and transactions.

use super::channel::Mode;
use super::topology::{Sought, read_cc};
use super::{Broker, Command, Effect, Effects, Publish};
use crate::types::{ChannelRef, ConnectionId, MethodId, QueueId, SimDuration, SimTime};
use std::collections::VecDeque;

/// What a channel may send to a queue before the queue has handled any, and what it may send more when
/// the queue has handled as many (`credit_flow_default_credit`).
const CREDIT: (u32, u32) = (400, 200);
/// How long a connection is said to be in flow after it was held back (`credit_flow:state`).
const LOOKS_SLOW: SimDuration = SimDuration::from_secs(5);
const PUBLISH: MethodId = MethodId::new(60, 40);

/// What waits for queues to handle it.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    /// What a queue takes for a message.
    pace: SimDuration,
    /// Octets that may still be published before it is counted what is taken.
    pub(super) room: u64,
    /// When each queue that has something to handle has done so.
    busy: Vec<(QueueId, SimTime)>,
    /// Channels that have published, in the order in which they began.
    lanes: Vec<Lane>,
}

/// What a channel has published.
#[derive(Debug, Clone)]
struct Lane {
    channel: ChannelRef,
    credits: Vec<Credit>,
    /// Read and not handled, in order.
    waiting: VecDeque<Waiting>,
    /// Not even read.
    unread: VecDeque<Publish>,
    /// When it was held back last, once it was.
    slowed: Option<SimTime>,
}

/// What a channel may send to a queue.
#[derive(Debug, Clone, Copy)]
struct Credit {
    queue: QueueId,
    left: u32,
    /// Messages handled since there was more credit.
    handled: u32,
}

#[derive(Debug, Clone)]
struct Waiting {
    due: SimTime,
    publish: Publish,
    queues: Vec<QueueId>,
}

impl Lane {
    fn is_held(&self) -> bool {
        self.credits.iter().any(|credit| credit.left == 0)
    }

    fn spend(&mut self, queue: QueueId) {
        let known = self.credits.iter().position(|it| it.queue == queue);
        let index = known.unwrap_or_else(|| {
            self.credits.push(Credit {
                queue,
                left: CREDIT.0,
                handled: 0,
            });
            self.credits.len() - 1
        });
        if let Some(credit) = self.credits.get_mut(index) {
            credit.left = credit.left.saturating_sub(1);
        }
    }

    fn earn(&mut self, queue: QueueId) {
        let known = self.credits.iter_mut().find(|it| it.queue == queue);
        if let Some(credit) = known {
            credit.handled += 1;
            if credit.handled == CREDIT.1 {
                credit.left += CREDIT.1;
                credit.handled = 0;
            }
        }
    }
}

impl Flow {
    fn lane(&mut self, channel: ChannelRef) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|lane| lane.channel == channel)
    }

    fn holds(&self, connection: ConnectionId) -> bool {
        let mut lanes = self.lanes.iter();
        lanes.any(|lane| lane.channel.connection == connection && lane.is_held())
    }

    /// When a queue will have handled one message more.
    fn occupy(&mut self, now: SimTime, queue: QueueId) -> SimTime {
        let pace = self.pace;
        if let Some((_, until)) = self.busy.iter_mut().find(|(it, _)| *it == queue) {
            *until = (*until).max(now) + pace;
            return *until;
        }
        self.busy.retain(|(_, until)| *until > now);
        self.busy.push((queue, now + pace));
        now + pace
    }

    /// When something is handled next; [`SimTime::MAX`] when nothing waits.
    pub(super) fn next_due(&self) -> SimTime {
        let fronts = self.lanes.iter().filter_map(|lane| lane.waiting.front());
        fronts.map(|it| it.due).min().unwrap_or(SimTime::MAX)
    }
}

impl Broker {
    /// Says how long a queue takes for each message that is published to it; nothing at first, and
    /// then nobody is ever in flow.
    pub fn set_queue_time(&mut self, now: SimTime, pace: SimDuration, effects: &mut Effects) {
        if pace == SimDuration::ZERO {
            let lanes = self.alarms.flow.iter().flat_map(|flow| &flow.lanes);
            let channels: Vec<ChannelRef> = lanes.map(|lane| lane.channel).collect();
            for channel in channels {
                self.handle_all(now, channel, effects);
            }
            self.alarms.flow = None;
        } else if let Some(flow) = &mut self.alarms.flow {
            flow.pace = pace;
        } else {
            self.alarms.flow = Some(Box::new(Flow {
                pace,
                room: 0,
                busy: Vec::new(),
                lanes: Vec::new(),
            }));
        }
        self.look_around(now, effects);
    }

    /// Whether a connection is held back by what queues can handle, or was some seconds ago.
    #[must_use]
    pub fn is_in_flow(&self, now: SimTime, connection: ConnectionId) -> bool {
        let mut lanes = self.alarms.flow.iter().flat_map(|flow| &flow.lanes);
        lanes.any(|lane| {
            let slowed = lane.slowed.is_some_and(|at| now < at + LOOKS_SLOW);
            lane.channel.connection == connection && (slowed || lane.is_held())
        })
    }

    /// Messages that a queue has got and not handled.
    #[must_use]
    pub fn unhandled(&self, queue: QueueId) -> usize {
        let lanes = self.alarms.flow.iter().flat_map(|flow| &flow.lanes);
        let waiting = lanes.flat_map(|lane| &lane.waiting);
        waiting.filter(|it| it.queues.contains(&queue)).count()
    }

    /// Gives a publish back when it can be handled now, or lets it wait for its queues.
    pub(super) fn through_flow(
        &mut self,
        now: SimTime,
        row: u32,
        publish: Publish,
        effects: &mut Effects,
    ) -> Option<Publish> {
        let known = self.channels.get(row);
        let (Some(flow), Some(channel)) = (&mut self.alarms.flow, known) else {
            return Some(publish);
        };
        if let Mode::Transaction(_) = channel.mode {
            return Some(publish);
        }
        let reference = channel.reference;
        let is_held = flow.holds(reference.connection);
        if flow.lane(reference).is_none() {
            flow.lanes.push(Lane {
                channel: reference,
                credits: Vec::new(),
                waiting: VecDeque::new(),
                unread: VecDeque::new(),
                slowed: None,
            });
        }
        if is_held {
            flow.lane(reference)?.unread.push_back(publish);
            return None;
        }
        let back = self.send_to_queues(now, row, reference, publish);
        self.alarms.note_next();
        if let Some(flow) = &self.alarms.flow
            && flow.holds(reference.connection)
        {
            let connection = reference.connection;
            effects.push(Effect::ConnectionFlow {
                connection,
                on: true,
            });
        }
        back
    }

    /// Spends credit for a publish and lets it wait; gives it back when there is nothing to wait for.
    fn send_to_queues(
        &mut self,
        now: SimTime,
        row: u32,
        channel: ChannelRef,
        publish: Publish,
    ) -> Option<Publish> {
        let queues = self.queues_for(row, &publish);
        let flow = self.alarms.flow.as_mut()?;
        let free_at = queues.iter().map(|queue| flow.occupy(now, *queue)).max();
        let lane = flow.lane(channel)?;
        let before = lane.waiting.back().map(|it| it.due);
        // A channel keeps order: what goes nowhere comes after what waits.
        let Some(due) = free_at.max(before) else {
            return Some(publish);
        };
        for queue in &queues {
            lane.spend(*queue);
        }
        lane.waiting.push_back(Waiting {
            due,
            publish,
            queues,
        });
        None
    }

    /// The queues that a publish would enter now; none for one that is refused.
    fn queues_for(&mut self, row: u32, publish: &Publish) -> Vec<QueueId> {
        let (name, key) = (&publish.exchange, &publish.routing_key);
        let target = self.channels.get(row).and_then(|channel| {
            let target = self.publish_target(channel, name, key.as_str(), PUBLISH);
            target.ok()
        });
        let Some(exchange) = target else {
            return Vec::new();
        };
        let properties = publish.properties.as_deref();
        let headers = properties.and_then(|it| it.headers.as_ref());
        let extra_keys = headers.and_then(|it| read_cc(it, PUBLISH).ok());
        let sought = Sought {
            key,
            headers,
            properties,
            number: self.counters.message + 1,
        };
        let extra_keys = extra_keys.unwrap_or_default();
        self.topology
            .route(exchange, &sought, extra_keys.all(), &mut self.routes);
        let found = self.routes.queues.iter();
        found.map(|(queue, _)| *queue).collect()
    }

    /// Handles what is due at `now`: the first of those that wait for it.
    pub(super) fn handle_due(&mut self, now: SimTime, effects: &mut Effects) {
        let Some(flow) = &mut self.alarms.flow else {
            return self.alarms.note_next();
        };
        let is_due = |lane: &Lane| lane.waiting.front().is_some_and(|it| it.due <= now);
        let Some(index) = flow.lanes.iter().position(is_due) else {
            return self.alarms.note_next();
        };
        let channel = flow.lanes[index].channel;
        let was_held = flow.holds(channel.connection);
        let lane = &mut flow.lanes[index];
        if let Some(handled) = lane.waiting.pop_front() {
            for queue in handled.queues {
                lane.earn(queue);
            }
            self.let_in(now, channel, handled.publish, effects);
        }
        if was_held {
            self.read_on(now, channel.connection, effects);
        }
        self.alarms.note_next();
    }

    /// Reads what a connection that has credit again sent meanwhile, and says when it is all read.
    fn read_on(&mut self, now: SimTime, connection: ConnectionId, effects: &mut Effects) {
        while let Some(flow) = &mut self.alarms.flow {
            let is_held = flow.holds(connection);
            let mut unread = None;
            let lanes = flow.lanes.iter_mut();
            for lane in lanes.filter(|lane| lane.channel.connection == connection) {
                lane.slowed = Some(now);
                if !is_held && unread.is_none() {
                    unread = lane.unread.pop_front().map(|it| (lane.channel, it));
                }
            }
            if is_held {
                return;
            }
            let Some((channel, publish)) = unread else {
                break;
            };
            if let Some(row) = self.row(channel)
                && let Some(back) = self.send_to_queues(now, row, channel, publish)
            {
                self.let_in(now, channel, back, effects);
            }
        }
        effects.push(Effect::ConnectionFlow {
            connection,
            on: false,
        });
    }

    /// A publish that waited is carried out.
    fn let_in(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        publish: Publish,
        effects: &mut Effects,
    ) {
        let Some(row) = self.row(channel) else {
            return;
        };
        // It has passed already what would look for room.
        self.room = u64::MAX;
        let result = self.publish(now, row, publish, effects);
        self.room = 0;
        if let Err(error) = result {
            self.close_for(now, channel, &error, effects);
        }
        self.send_dead_letters(now, effects);
    }

    /// Before a command is carried out whose answer depends on what was published before.
    #[cold]
    pub(super) fn handle_before(
        &mut self,
        now: SimTime,
        channel: ChannelRef,
        command: &Command,
        effects: &mut Effects,
    ) {
        match command {
            Command::BasicPublish(_)
            | Command::BasicAck(_)
            | Command::BasicNack { .. }
            | Command::BasicReject { .. } => {}
            _ => self.handle_all(now, channel, effects),
        }
    }

    /// Handles at once what a channel has published; it begins anew with all its credit.
    pub(super) fn handle_all(&mut self, now: SimTime, channel: ChannelRef, effects: &mut Effects) {
        let Some(flow) = &mut self.alarms.flow else {
            return;
        };
        let connection = channel.connection;
        let was_held = flow.holds(connection);
        let found = flow.lanes.iter().position(|lane| lane.channel == channel);
        let Some(lane) = found.map(|index| flow.lanes.remove(index)) else {
            return;
        };
        if was_held && !flow.holds(connection) {
            effects.push(Effect::ConnectionFlow {
                connection,
                on: false,
            });
        }
        self.alarms.note_next();
        let waiting = lane.waiting.into_iter().map(|it| it.publish);
        for publish in waiting.chain(lane.unread) {
            self.let_in(now, channel, publish, effects);
        }
    }

    /// ... what channels that are about to close have published.
    pub(super) fn handle_all_of(&mut self, now: SimTime, rows: &[u32], effects: &mut Effects) {
        if self.alarms.flow.is_none() {
            return;
        }
        let channels = rows.iter().filter_map(|row| self.channels.get(*row));
        let channels: Vec<ChannelRef> = channels.map(|channel| channel.reference).collect();
        for channel in channels {
            self.handle_all(now, channel, effects);
        }
    }
}
