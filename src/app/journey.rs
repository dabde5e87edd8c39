//! A message's way so far, its properties, and why it is where it is.
//!
//! Deliberately not here: the sentences of single records (`tell.rs`).

use super::tell::drop_reason;
use super::view::JourneyView;
use super::{App, field, format};
use crate::sim::{TraceKind, TraceRecord};
use crate::types::{ExchangeId, Message, MessageId, NodeId, QueueId};

/// Ready messages that are looked through to find one.
const SEARCH_MAX: usize = 100_000;

/// Where a message is, by its last record.
enum Whereabouts {
    Queue(QueueId),
    Held(NodeId),
    Work(NodeId),
    Done(NodeId),
    Sent,
    Gone(String),
    Unknown,
}

impl App {
    /// The way of the message that is followed.
    #[must_use]
    pub fn journey(&self) -> Option<JourneyView> {
        let message = self.followed?;
        let words = self.words();
        let records = self.run.message(message);
        let steps = records
            .iter()
            .filter_map(|record| {
                let told = self.tell(record)?;
                Some((format::clock(record.at), told, self.node_of(&record.kind)))
            })
            .collect();
        Some(JourneyView {
            title: words.journey_title(message.0),
            why: self.why(message, &records),
            steps,
            properties: self.properties(message, &records),
        })
    }

    fn why(&self, message: MessageId, records: &[TraceRecord]) -> String {
        let words = self.words();
        let last = records
            .iter()
            .rev()
            .find_map(|record| self.whereabouts(&record.kind));
        match last.unwrap_or(Whereabouts::Unknown) {
            Whereabouts::Queue(queue) => self.why_ready(message, queue),
            Whereabouts::Held(node) => words.why_unacked(&self.node_name(node)),
            Whereabouts::Work(node) => words.why_working(&self.node_name(node)),
            Whereabouts::Done(node) => words.why_done(&self.node_name(node)),
            Whereabouts::Sent => words.why_automatic().to_owned(),
            Whereabouts::Gone(why) => why,
            Whereabouts::Unknown => words.why_unknown().to_owned(),
        }
    }

    fn whereabouts(&self, kind: &TraceKind) -> Option<Whereabouts> {
        let words = self.words();
        Some(match kind {
            TraceKind::Enqueued { queue, .. } | TraceKind::Requeued { queue, .. } => {
                Whereabouts::Queue(*queue)
            }
            TraceKind::Delivered { no_ack: true, .. } => Whereabouts::Sent,
            TraceKind::Delivered { node, .. } => Whereabouts::Held(*node),
            TraceKind::WorkStarted { node, .. } => Whereabouts::Work(*node),
            TraceKind::WorkEnded { node, .. } => Whereabouts::Held(*node),
            TraceKind::Acked { node, .. } | TraceKind::Replied { node, .. } => {
                Whereabouts::Done(*node)
            }
            TraceKind::Dropped { queue, reason, .. } => Whereabouts::Gone(
                words.why_dropped(&self.queue_name(*queue), drop_reason(*reason, words)),
            ),
            TraceKind::Unroutable { exchange, .. } => {
                Whereabouts::Gone(words.why_unroutable(&self.exchange_name(*exchange)))
            }
            TraceKind::Refused { queue, .. } => {
                Whereabouts::Gone(words.why_refused(&self.queue_name(*queue)))
            }
            TraceKind::Delayed {
                exchange, until, ..
            } => {
                let until = until.to_string();
                Whereabouts::Gone(words.why_delayed(&self.exchange_name(*exchange), &until))
            }
            TraceKind::RetryDelayed {
                queue,
                until,
                attempt,
                ..
            } if *until > self.run.now() => {
                let (queue, until) = (self.queue_name(*queue), until.to_string());
                Whereabouts::Gone(words.why_retry_delayed(&queue, &until, *attempt))
            }
            TraceKind::RetryDelayed { queue, .. } => Whereabouts::Queue(*queue),
            TraceKind::Departed { .. }
            | TraceKind::Arrived { .. }
            | TraceKind::Lost { .. }
            | TraceKind::Published { .. }
            | TraceKind::Forwarded { .. }
            | TraceKind::DeadLettered { .. }
            | TraceKind::Overdue { .. }
            | TraceKind::Confirmed { .. }
            | TraceKind::Returned { .. }
            | TraceKind::ExchangeChanged { .. }
            | TraceKind::QueueChanged { .. }
            | TraceKind::BindingChanged { .. }
            | TraceKind::ConsumerChanged { .. }
            | TraceKind::Closed { .. }
            | TraceKind::ClientChanged { .. }
            | TraceKind::Waits { .. }
            | TraceKind::Operated { .. } => return None,
        })
    }

    fn why_ready(&self, message: MessageId, queue: QueueId) -> String {
        let words = self.words();
        let name = self.queue_name(queue);
        let (ahead, consumers) = self.run.with_broker(|broker| {
            let ahead = broker
                .ready(queue)
                .take(SEARCH_MAX)
                .take_while(|ready| ready.message.id() != message)
                .count();
            let consumers = broker.queue_view(queue).map_or(0, |view| view.consumers);
            (ahead as u64, consumers)
        });
        match (consumers, ahead) {
            (0, _) => words.why_no_consumer(&name),
            (_, 0) => words.why_ready_next(&name),
            (_, ahead) => words.why_ready(&name, ahead),
        }
    }

    fn properties(&self, message: MessageId, records: &[TraceRecord]) -> Vec<(String, String)> {
        let words = self.words();
        if let Some(found) = self.find_message(message, records) {
            return self.properties_of(&found);
        }
        // The broker has forgotten it; its records still say where it was published.
        records
            .iter()
            .find_map(|record| {
                let TraceKind::Published { exchange, .. } = &record.kind else {
                    return None;
                };
                let name = self.exchange_name(*exchange);
                Some(vec![(words.property_exchange().to_owned(), name)])
            })
            .unwrap_or_default()
    }

    fn find_message(&self, message: MessageId, records: &[TraceRecord]) -> Option<Message> {
        let queue = records.iter().rev().find_map(|record| {
            let (TraceKind::Enqueued { queue, .. }
            | TraceKind::Delivered { queue, .. }
            | TraceKind::Requeued { queue, .. }) = record.kind
            else {
                return None;
            };
            Some(queue)
        })?;
        self.run.with_broker(|broker| {
            let ready = broker.ready(queue).take(SEARCH_MAX);
            let ready = ready.map(|ready| ready.message);
            let unacked = broker.unacked_of(queue).map(|delivery| delivery.message);
            ready
                .chain(unacked)
                .find(|candidate| candidate.id() == message)
                .cloned()
        })
    }

    fn properties_of(&self, message: &Message) -> Vec<(String, String)> {
        let words = self.words();
        let exchange = match message.exchange().as_str() {
            "" => words.default_exchange(),
            name => name,
        };
        let mut list = vec![
            (words.property_exchange(), exchange.to_owned()),
            (
                words.property_routing_key(),
                message.routing_key().to_string(),
            ),
            (
                words.property_size(),
                words.property_octets(message.body_octets()),
            ),
        ];
        if let Some(properties) = message.properties() {
            let mode = if properties.is_persistent() {
                words.persistent()
            } else {
                words.transient()
            };
            list.push((words.property_persistent(), mode.to_owned()));
            if let Some(priority) = properties.priority {
                list.push((words.property_priority(), priority.to_string()));
            }
            if let Some(expiration) = &properties.expiration {
                list.push((words.property_expiration(), format!("{expiration} ms")));
            }
        }
        if let Some(headers) = message.headers() {
            let headers = field::parse::show_table(headers, &[]);
            list.push((words.property_headers(), headers));
        }
        list.into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// At which node a record happened.
    fn node_of(&self, kind: &TraceKind) -> Option<NodeId> {
        let exchange = |id: ExchangeId| self.run.node_of_exchange(id);
        let queue = |id: QueueId| self.run.node_of_queue(id);
        match kind {
            TraceKind::Published { exchange: id, .. }
            | TraceKind::Unroutable { exchange: id, .. }
            | TraceKind::Delayed { exchange: id, .. }
            | TraceKind::ExchangeChanged { exchange: id, .. } => exchange(*id),
            TraceKind::Forwarded { to, .. } => exchange(*to),
            TraceKind::Enqueued { queue: id, .. }
            | TraceKind::Refused { queue: id, .. }
            | TraceKind::Requeued { queue: id, .. }
            | TraceKind::RetryDelayed { queue: id, .. }
            | TraceKind::Dropped { queue: id, .. }
            | TraceKind::DeadLettered { queue: id, .. }
            | TraceKind::QueueChanged { queue: id, .. } => queue(*id),
            TraceKind::Departed { node, .. }
            | TraceKind::Arrived { node, .. }
            | TraceKind::Lost { node, .. }
            | TraceKind::Delivered { node, .. }
            | TraceKind::Acked { node, .. }
            | TraceKind::Confirmed { node, .. }
            | TraceKind::Returned { node, .. }
            | TraceKind::ConsumerChanged { node, .. }
            | TraceKind::Overdue { node, .. }
            | TraceKind::Replied { node, .. }
            | TraceKind::Closed { node, .. }
            | TraceKind::WorkStarted { node, .. }
            | TraceKind::WorkEnded { node, .. }
            | TraceKind::ClientChanged { node, .. }
            | TraceKind::Waits { node, .. } => Some(*node),
            TraceKind::BindingChanged { .. } | TraceKind::Operated { .. } => None,
        }
    }
}
