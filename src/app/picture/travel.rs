//! Who is under way: what the trace says of links, hops, losses, as something that can be drawn.
//!
//! A flight has a departure and an arrival in simulated time. A glide shows a hop that took none, for
//! a moment of wall time. A fall shows what was lost. All three are bounded. Deliberately not here:
//! pixels.

use super::mark::MarkShape;
use super::{Atlas, WordKind};
use crate::broker::{DropReason, UnroutableFate};
use crate::sim::{Parcel, TraceKind, TraceRecord};
use crate::types::{MessageId, NodeId, RoutingKey, SimTime, SortedMap};
use std::collections::VecDeque;

/// How long a hop without latency is shown, in milliseconds of wall time.
pub(super) const GLIDE_MS: f64 = 420.0;
/// How long something lost is shown falling, in milliseconds of wall time.
pub(super) const FALL_MS: f64 = 1_400.0;
/// More hops than this at once are a flow, not hops; the counts show it.
const GLIDES_MAX: usize = 400;
/// More falls than this at once cannot be read.
const FALLS_MAX: usize = 60;
/// Flights kept at the most, so that a flood cannot exhaust memory.
const FLIGHTS_MAX: usize = 50_000;
/// Messages whose history (dead-lettered, redelivered) is remembered for their looks.
const LOOKS_MAX: usize = 20_000;
/// Routing keys that get a colour of their own before colours are shared.
const KEYS_MAX: usize = 1_000;

/// What a message's colour stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColourBy {
    /// Its routing key.
    #[default]
    RoutingKey,
    /// Who published it.
    Producer,
    /// How long ago it was enqueued.
    Age,
}

/// What is known of a message that shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    pub(super) producer: Option<NodeId>,
    pub(super) key: Option<u16>,
    pub(super) dead_letter: bool,
    pub(super) redelivered: bool,
}

/// Along which line something moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// From one box to another along the line between them.
    Between(NodeId, NodeId),
    /// The same line, backwards.
    Back(NodeId, NodeId),
    /// The link of a producer, backwards (confirms).
    BackToProducer(NodeId),
    /// The link of a consumer, backwards (acknowledgements).
    BackFromConsumer(NodeId),
}

#[derive(Debug, Clone)]
pub(super) struct Flight {
    pub(super) number: u64,
    pub(super) way: Way,
    pub(super) departs: SimTime,
    pub(super) arrives: SimTime,
    pub(super) shape: MarkShape,
    pub(super) message: Option<MessageId>,
    pub(super) look: Look,
}

#[derive(Debug, Clone)]
pub(super) struct Glide {
    pub(super) way: Way,
    pub(super) since_ms: f64,
    pub(super) shape: MarkShape,
    pub(super) message: Option<MessageId>,
    pub(super) look: Look,
}

#[derive(Debug, Clone)]
pub(super) struct Fall {
    pub(super) node: NodeId,
    pub(super) since_ms: f64,
    pub(super) word: WordKind,
    pub(super) look: Look,
    /// How many fell there within the same moment.
    pub(super) count: u32,
}

/// Everybody who is under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Travels {
    pub(super) flights: VecDeque<Flight>,
    pub(super) glides: VecDeque<Glide>,
    pub(super) falls: VecDeque<Fall>,
    looks: SortedMap<MessageId, Look>,
    keys: SortedMap<RoutingKey, u16>,
    /// What was sent to be published lately, by number of the parcel, and the number of its key: until it
    /// is published it has no other name.
    sent: VecDeque<(u64, u16)>,
    /// The last dead-lettered message and its queue: where its next hop starts when the dead-letter
    /// exchange is the default exchange, which no box shows.
    dead_letter_from: Option<(MessageId, NodeId)>,
    /// The last message published without latency through the default exchange, which no box shows,
    /// and by whom: where its next hop starts.
    published: Option<(MessageId, NodeId)>,
    /// The last delivery, until it is known whether it travels on a link.
    delivered: Option<(NodeId, NodeId, MessageId)>,
}

impl Travels {
    pub(super) fn follow(&mut self, record: &TraceRecord, atlas: &dyn Atlas, wall_ms: f64) {
        self.settle_delivery(&record.kind, wall_ms);
        match &record.kind {
            TraceKind::Departed { .. } => self.depart(record, atlas),
            TraceKind::Lost { node, number, .. } => self.lose(*node, *number, wall_ms),
            TraceKind::Published {
                node,
                message,
                exchange,
                parcel,
            } => {
                let look = self.look(*message);
                let sent = parcel.and_then(|number| self.sent_key(number));
                self.remember(
                    *message,
                    Look {
                        producer: Some(*node),
                        key: sent.or(look.key),
                        ..look
                    },
                );
                // Without latency nothing departed: it is shown as a hop.
                self.published = None;
                if parcel.is_none() {
                    let to = atlas.node_of_exchange(*exchange);
                    self.published = Some((*message, *node)).filter(|_| to.is_none());
                    self.glide_between((Some(*node), to), *message, wall_ms);
                }
            }
            TraceKind::Forwarded {
                message, from, to, ..
            } => {
                let ends = (atlas.node_of_exchange(*from), atlas.node_of_exchange(*to));
                self.glide_between(ends, *message, wall_ms);
            }
            TraceKind::Replied { message, node } => {
                let ends = (self.look(*message).producer, Some(*node));
                self.glide_between(ends, *message, wall_ms);
            }
            TraceKind::Enqueued {
                queue,
                message,
                via,
                ..
            } => {
                let from = atlas
                    .node_of_exchange(*via)
                    .or_else(|| self.dead_letter_start(*message))
                    .or_else(|| self.published_start(*message));
                self.glide_between((from, atlas.node_of_queue(*queue)), *message, wall_ms);
            }
            TraceKind::Delivered {
                queue,
                message,
                node,
                redelivered,
                ..
            } => {
                let look = self.look(*message);
                self.remember(
                    *message,
                    Look {
                        redelivered: *redelivered,
                        ..look
                    },
                );
                self.delivered = atlas
                    .node_of_queue(*queue)
                    .map(|queue| (queue, *node, *message));
            }
            TraceKind::Requeued {
                queue,
                message,
                node,
                ..
            } => {
                let look = self.look(*message);
                self.remember(
                    *message,
                    Look {
                        redelivered: true,
                        ..look
                    },
                );
                if let Some(queue) = atlas.node_of_queue(*queue) {
                    self.glide(Way::Back(queue, *node), Some(*message), wall_ms);
                }
            }
            TraceKind::DeadLettered {
                queue,
                message,
                exchange,
                ..
            } => {
                let look = self.look(*message);
                self.remember(
                    *message,
                    Look {
                        dead_letter: true,
                        redelivered: false,
                        ..look
                    },
                );
                let from = atlas.node_of_queue(*queue);
                self.dead_letter_from = from.map(|node| (*message, node));
                self.glide_between((from, atlas.node_of_exchange(*exchange)), *message, wall_ms);
            }
            TraceKind::Dropped {
                queue,
                message,
                reason,
                ..
            } => {
                self.fall(
                    atlas.node_of_queue(*queue),
                    word_of(*reason),
                    *message,
                    wall_ms,
                );
            }
            TraceKind::Refused { queue, message, .. } => {
                self.fall(
                    atlas.node_of_queue(*queue),
                    WordKind::Refused,
                    *message,
                    wall_ms,
                );
            }
            TraceKind::Unroutable {
                message,
                exchange,
                fate,
            } => match fate {
                UnroutableFate::Dropped | UnroutableFate::DeadLetter => {
                    let producer = self.look(*message).producer;
                    let node = atlas.node_of_exchange(*exchange).or(producer);
                    self.fall(node, WordKind::Unroutable, *message, wall_ms);
                }
                // It flies back, as a parcel of the link, or has reached whom it was for.
                UnroutableFate::Returned | UnroutableFate::Replied => {}
            },
            // A flight ends by its own time. The rest shows in counts and boxes, not on lines.
            TraceKind::Arrived { .. }
            | TraceKind::Acked { .. }
            | TraceKind::Confirmed { .. }
            | TraceKind::Returned { .. }
            | TraceKind::ExchangeChanged { .. }
            | TraceKind::QueueChanged { .. }
            | TraceKind::BindingChanged { .. }
            | TraceKind::ConsumerChanged { .. }
            | TraceKind::Closed { .. }
            | TraceKind::WorkStarted { .. }
            | TraceKind::WorkEnded { .. }
            | TraceKind::Waits { .. }
            | TraceKind::ClientChanged { .. }
            | TraceKind::Delayed { .. }
            | TraceKind::RetryDelayed { .. }
            | TraceKind::Overdue { .. }
            | TraceKind::Operated { .. } => {}
        }
    }

    fn depart(&mut self, record: &TraceRecord, atlas: &dyn Atlas) {
        let TraceKind::Departed {
            node,
            parcel,
            number,
            arrives_at,
            message,
            exchange,
            routing_key,
        } = &record.kind
        else {
            return;
        };
        let mut look = message
            .map(|message| self.look(message))
            .unwrap_or_default();
        if parcel.is_message() {
            let key = self.key_number(routing_key);
            look.key = Some(key);
            if *parcel == Parcel::Publish {
                if self.sent.len() >= FLIGHTS_MAX {
                    self.sent.pop_front();
                }
                self.sent.push_back((*number, key));
            }
        }
        if let Some(message) = message {
            self.remember(*message, look);
        }
        if *arrives_at <= atlas.now() {
            // At high speeds most have arrived before anybody could see them.
            self.delivered = None;
            return;
        }
        let (way, shape) = match parcel {
            Parcel::Publish => {
                look.producer = Some(*node);
                let (exchange, key) = (exchange.as_str(), routing_key.as_str());
                let target = atlas.publish_target(*node, exchange, key);
                (
                    target.map(|target| Way::Between(*node, target)),
                    message_shape(look),
                )
            }
            Parcel::Delivery => {
                let from = self.delivered.take();
                let way = from.map(|(queue, consumer, _)| Way::Between(queue, consumer));
                (way, message_shape(look))
            }
            Parcel::Ack => (Some(Way::BackFromConsumer(*node)), MarkShape::Tick),
            Parcel::Nack => (Some(Way::BackFromConsumer(*node)), MarkShape::Cross),
            Parcel::Confirm { ack: true } => (Some(Way::BackToProducer(*node)), MarkShape::Tick),
            Parcel::Confirm { ack: false } => (Some(Way::BackToProducer(*node)), MarkShape::Cross),
            Parcel::Return => (Some(Way::BackToProducer(*node)), MarkShape::Returned),
            Parcel::Other => (None, MarkShape::Disc),
        };
        let Some(way) = way else { return };
        if self.flights.len() >= FLIGHTS_MAX {
            self.flights.pop_front();
        }
        self.flights.push_back(Flight {
            number: *number,
            way,
            departs: record.at,
            arrives: *arrives_at,
            shape,
            message: *message,
            look,
        });
    }

    /// The number of the key that a parcel came with, if it was sent lately.
    fn sent_key(&self, number: u64) -> Option<u16> {
        // Numbers rise.
        let at = self.sent.partition_point(|(other, _)| *other < number);
        let (found, key) = self.sent.get(at)?;
        (*found == number).then_some(*key)
    }

    fn lose(&mut self, node: NodeId, number: u64, wall_ms: f64) {
        let at = self
            .flights
            .iter()
            .position(|flight| flight.number == number);
        if let Some(flight) = at.and_then(|index| self.flights.remove(index)) {
            self.push_fall(node, WordKind::Lost, flight.look, wall_ms);
        }
    }

    fn glide_between(
        &mut self,
        ends: (Option<NodeId>, Option<NodeId>),
        message: MessageId,
        wall_ms: f64,
    ) {
        if let (Some(from), Some(to)) = ends {
            self.glide(Way::Between(from, to), Some(message), wall_ms);
        }
    }

    /// A delivery that did not set out on a link at once had no latency: it is shown as a hop.
    fn settle_delivery(&mut self, next: &TraceKind, wall_ms: f64) {
        let Some((queue, node, message)) = self.delivered else {
            return;
        };
        let departs = matches!(
            next,
            TraceKind::Departed { parcel: Parcel::Delivery, message: Some(id), .. } if *id == message
        );
        if !departs {
            self.delivered = None;
            self.glide(Way::Between(queue, node), Some(message), wall_ms);
        }
    }

    /// Forgets what has arrived or faded.
    pub(super) fn prune(&mut self, now: SimTime, wall_ms: f64) {
        self.flights.retain(|flight| flight.arrives > now);
        self.glides
            .retain(|glide| wall_ms - glide.since_ms < GLIDE_MS);
        self.falls.retain(|fall| wall_ms - fall.since_ms < FALL_MS);
    }

    pub(super) fn look(&self, message: MessageId) -> Look {
        self.looks.get(&message).copied().unwrap_or_default()
    }

    /// The colour number of a routing key: keys get colours in the order in which they are met.
    pub(super) fn key_number(&mut self, key: &RoutingKey) -> u16 {
        if let Some(number) = self.keys.get(key) {
            return *number;
        }
        let number = u16::try_from(self.keys.len()).unwrap_or(u16::MAX);
        if self.keys.len() < KEYS_MAX {
            self.keys.insert(key.clone(), number);
        }
        number
    }

    fn remember(&mut self, message: MessageId, look: Look) {
        self.looks.insert(message, look);
        if self.looks.len() > LOOKS_MAX {
            // The older half at once: taking out the first moves all the others.
            let mut older = LOOKS_MAX / 2;
            self.looks.retain(|_, _| {
                let keeps = older == 0;
                older = older.saturating_sub(1);
                keeps
            });
        }
    }

    fn dead_letter_start(&mut self, message: MessageId) -> Option<NodeId> {
        let (of, node) = self.dead_letter_from.take()?;
        (of == message).then_some(node)
    }

    fn published_start(&self, message: MessageId) -> Option<NodeId> {
        let (of, node) = self.published?;
        (of == message).then_some(node)
    }

    fn glide(&mut self, way: Way, message: Option<MessageId>, wall_ms: f64) {
        if self.glides.len() >= GLIDES_MAX {
            return;
        }
        let look = message
            .map(|message| self.look(message))
            .unwrap_or_default();
        let shape = message_shape(look);
        self.glides.push_back(Glide {
            way,
            since_ms: wall_ms,
            shape,
            message,
            look,
        });
    }

    fn fall(&mut self, node: Option<NodeId>, word: WordKind, message: MessageId, wall_ms: f64) {
        if let Some(node) = node {
            let look = self.look(message);
            self.push_fall(node, word, look, wall_ms);
        }
    }

    fn push_fall(&mut self, node: NodeId, word: WordKind, look: Look, wall_ms: f64) {
        /// Falls of one kind at one place within this many milliseconds are one, with a count.
        const TOGETHER_MS: f64 = 180.0;
        let recent = self.falls.iter_mut().rev().find(|fall| {
            fall.node == node && fall.word == word && wall_ms - fall.since_ms < TOGETHER_MS
        });
        if let Some(fall) = recent {
            fall.count = fall.count.saturating_add(1);
            return;
        }
        if self.falls.len() >= FALLS_MAX {
            self.falls.pop_front();
        }
        self.falls.push_back(Fall {
            node,
            since_ms: wall_ms,
            word,
            look,
            count: 1,
        });
    }
}

/// How a message looks: dead letters are hollow squares, redelivered ones have a ring.
pub(super) fn message_shape(look: Look) -> MarkShape {
    if look.redelivered {
        MarkShape::Ringed
    } else if look.dead_letter {
        MarkShape::HollowSquare
    } else {
        MarkShape::Disc
    }
}

fn word_of(reason: DropReason) -> WordKind {
    match reason {
        DropReason::Rejected => WordKind::Rejected,
        DropReason::Expired => WordKind::Expired,
        DropReason::MaxLength => WordKind::MaxLength,
        DropReason::DeliveryLimit => WordKind::DeliveryLimit,
        DropReason::Purged => WordKind::Purged,
        DropReason::QueueDeleted => WordKind::QueueDeleted,
    }
}
