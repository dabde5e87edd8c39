//! Dead-lettering: the one way back from a queue into routing.
//!
//! A dropped message waits in a list until the command that dropped it is done, then travels with an
//! `x-death` history through its queue's dead-letter exchange. Source: RabbitMQ's
//! `rabbit_dead_letter` of 3.10, `mc` of 4.x. Deliberately not here: when messages are dropped.

use super::publish::{Wishes, seen};
use super::queue::{Origin, Queue};
use super::topology::read_cc;
use super::{Broker, DropReason, Effect, Effects, UnroutableFate, profile};
use crate::types::{
    ExchangeName, FieldTable, FieldValue, Message, MethodId, Properties, QueueId, QueueName,
    RoutingKey, ShortText, SimTime, VhostId,
};
use std::rc::Rc;

/// Headers in which the history of a message stands.
const DEATH_HEADERS: [&str; 7] = [
    "x-death",
    "x-first-death-reason",
    "x-first-death-queue",
    "x-first-death-exchange",
    "x-last-death-reason",
    "x-last-death-queue",
    "x-last-death-exchange",
];

/// A dropped message that has somewhere to go.
#[derive(Debug, Clone)]
pub(super) struct DeadLetter {
    /// The queue that dropped it.
    pub(super) queue: QueueId,
    pub(super) queue_name: QueueName,
    pub(super) vhost: VhostId,
    /// The queue's dead-letter exchange.
    pub(super) exchange: ExchangeName,
    /// The queue's dead-letter routing key.
    pub(super) key: Option<RoutingKey>,
    pub(super) message: Message,
    pub(super) origin: Origin,
    pub(super) reason: DropReason,
}

impl Broker {
    /// Calendar: what is due for a queue happens.
    pub(super) fn meet_deadline(&mut self, now: SimTime, id: QueueId, effects: &mut Effects) {
        let unused_until = self.queue(id).map(Queue::unused_until);
        if unused_until.is_some_and(|until| until <= now) {
            return self.delete_queue(id, effects);
        }
        let queue = self.queues.get_mut(id);
        if queue.is_some_and(|queue| queue.end_delays(now)) {
            self.serve(now, id, effects);
        } else {
            self.look(now, id, effects);
        }
    }

    /// Sends all waiting dead letters, and those that they push out on their way.
    pub(super) fn send_dead_letters(&mut self, now: SimTime, effects: &mut Effects) {
        while let Some(letter) = self.dead_letters.pop_front() {
            self.send_dead_letter(now, letter, effects);
        }
    }

    fn send_dead_letter(&mut self, now: SimTime, letter: DeadLetter, effects: &mut Effects) {
        let name = letter.exchange.as_str();
        // Looked up at this moment: an exchange that is not there loses the message.
        let Some(exchange) = self.topology.exchange_id(letter.vhost, name) else {
            return;
        };
        let believed =
            letter.origin.dead_lettered || profile::believes_clients_x_death(self.options.profile);
        let says_last = profile::says_last_death(self.options.profile);
        let message = addressed(&letter, now, believed, says_last);
        let origin = Origin {
            blind: letter.origin.blind && letter.key.is_none(),
            dead_lettered: true,
        };
        effects.push(Effect::DeadLettered {
            queue: letter.queue,
            message: seen(&message, origin),
            exchange,
            reason: letter.reason,
        });
        // The publish was checked when it came; a header that fails here adds no key.
        let extra_keys = message
            .headers()
            .and_then(|headers| read_cc(headers, MethodId::default()).ok())
            .unwrap_or_default();
        self.find_routes(exchange, &message, extra_keys.all());
        if message.exchange().is_empty() {
            self.hand_replies(&message, &extra_keys, effects);
        }
        self.state_forwards(message.id(), effects);
        let wishes = Wishes {
            time_to_live: None,
            origin,
        };
        let comes_later = !self.routes.delayed.is_empty();
        if comes_later {
            self.hold_back(now, &message, wishes, effects);
        }
        if letter.reason != DropReason::Rejected {
            let mut queues = std::mem::take(&mut self.routes.queues);
            queues.retain(|(queue, _)| !self.is_automatic_cycle(*queue, &message));
            self.routes.queues = queues;
        }
        if self.routes.queues.is_empty() && !comes_later {
            let (message, fate) = (message.id(), UnroutableFate::DeadLetter);
            effects.push(Effect::Unroutable {
                message,
                exchange,
                fate,
            });
        }
        self.enqueue_where_routed(now, message, wishes, effects);
    }

    /// Whether the message was in this queue before, with no rejection since.
    fn is_automatic_cycle(&self, queue: QueueId, message: &Message) -> bool {
        let Some(queue) = self.queue(queue) else {
            return false;
        };
        let name = queue.name.as_str();
        let Some(FieldValue::Array(deaths)) =
            message.headers().and_then(|headers| headers.get("x-death"))
        else {
            return false;
        };
        let here = |death: &FieldValue| said(death, "queue") == Some(name);
        let Some(last) = deaths.iter().position(here) else {
            return false;
        };
        deaths[..=last].iter().all(|death| {
            matches!(death, FieldValue::Table(_)) && said(death, "reason") != Some("rejected")
        })
    }
}

/// What an entry of x-death says under `key`.
fn said<'a>(death: &'a FieldValue, key: &str) -> Option<&'a str> {
    let FieldValue::Table(table) = death else {
        return None;
    };
    table.get(key)?.as_text()
}

/// The message as it travels on: another exchange, perhaps another key, a longer history and no
/// expiration.
fn addressed(letter: &DeadLetter, now: SimTime, believed: bool, says_last: bool) -> Message {
    let message = &letter.message;
    let mut properties = message
        .properties()
        .map(|shared| Properties::clone(shared))
        .unwrap_or_default();
    let mut headers = properties.headers.take().unwrap_or_default();
    if !believed {
        for key in DEATH_HEADERS {
            headers.remove(key);
        }
    }
    let event = death(letter, now, &headers, properties.expiration.take());
    // The profile that says the last death is also the one that keeps the history in order.
    record(&mut headers, event, letter, !says_last);
    if says_last {
        headers.set("x-last-death-reason", letter.reason.name());
        headers.set("x-last-death-queue", letter.queue_name.as_str());
        headers.set("x-last-death-exchange", message.exchange().as_str());
    }
    if letter.key.is_some() {
        headers.remove("CC");
        headers.remove("BCC");
    }
    headers.sort_by_key();
    properties.headers = Some(headers);
    let key = letter
        .key
        .clone()
        .unwrap_or_else(|| message.routing_key().clone());
    message.republished(letter.exchange.clone(), key, Some(Rc::new(properties)))
}

/// One event of x-death, in the order in which RabbitMQ writes it.
fn death(
    letter: &DeadLetter,
    now: SimTime,
    headers: &FieldTable,
    expiration: Option<ShortText>,
) -> FieldTable {
    let mut keys = vec![FieldValue::text(letter.message.routing_key().as_str())];
    if let Ok(copies) = read_cc(headers, MethodId::default()) {
        keys.extend(copies.cc().iter().map(|key| FieldValue::text(key.as_str())));
    }
    let seconds = now.as_nanos() / 1_000_000_000;
    let event = FieldTable::new()
        .with("count", 1_i64)
        .with("reason", letter.reason.name())
        .with("queue", letter.queue_name.as_str())
        .with("time", FieldValue::Timestamp(seconds))
        .with("exchange", letter.message.exchange().as_str())
        .with("routing-keys", FieldValue::Array(keys));
    match expiration {
        Some(expiration) => event.with("original-expiration", expiration.as_str()),
        None => event,
    }
}

/// Adds an event to the history: counted where the same happened before, else in front.
///
/// RabbitMQ 3.x turns the older entries around each time (`rabbit_dead_letter`,
/// `group_by_queue_and_reason`; measured on 3.10.8); 4.x leaves them newest first.
fn record(headers: &mut FieldTable, mut event: FieldTable, letter: &DeadLetter, turns: bool) {
    match headers.remove("x-death") {
        Some(FieldValue::Array(mut deaths)) => {
            if turns {
                deaths.reverse();
            }
            let same = deaths.iter().position(|death| {
                said(death, "queue") == Some(letter.queue_name.as_str())
                    && said(death, "reason") == Some(letter.reason.name())
            });
            if let Some(index) = same
                && let FieldValue::Table(before) = deaths.remove(index)
            {
                event = before;
                let count = event
                    .get("count")
                    .and_then(FieldValue::as_integer)
                    .unwrap_or(0);
                event.set("count", count.saturating_add(1));
            }
            event.sort_by_key();
            deaths.insert(0, FieldValue::Table(event));
            headers.set("x-death", FieldValue::Array(deaths));
        }
        Some(_) => headers.set("x-death", FieldValue::Array(vec![FieldValue::Table(event)])),
        None => {
            headers.set("x-first-death-reason", letter.reason.name());
            headers.set("x-first-death-queue", letter.queue_name.as_str());
            headers.set("x-first-death-exchange", letter.message.exchange().as_str());
            headers.set("x-death", FieldValue::Array(vec![FieldValue::Table(event)]));
        }
    }
}
