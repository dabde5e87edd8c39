//! Dead lettering (§13): the history in the headers, the cycle rule, the way on.

use super::{Letter, Naive, Transit};
use crate::broker::{DropReason, Effect, Effects, UnroutableFate};
use crate::types::{
    FieldTable, FieldValue, Profile, Properties, QueueId, RoutingKey, ShortText, SimTime,
};
use std::rc::Rc;

impl Naive {
    /// §13: only rejection, expiry and length limits dead-letter; the exchange is looked up now.
    pub(super) fn dead_letter(
        &mut self,
        id: QueueId,
        letter: Letter,
        reason: DropReason,
        fx: &mut Effects,
    ) {
        match reason {
            DropReason::Rejected
            | DropReason::Expired
            | DropReason::MaxLength
            | DropReason::DeliveryLimit => {}
            DropReason::Purged | DropReason::QueueDeleted => return,
        }
        let now = self.now;
        let queue = self.queue(id);
        let Some(exchange_name) = queue.text("x-dead-letter-exchange").map(str::to_owned) else {
            return;
        };
        let new_key = queue.text("x-dead-letter-routing-key");
        let new_key = new_key.map(RoutingKey::truncated);
        let from = queue.name.as_str().to_owned();
        let Some(exchange) = self.exchange_named(&exchange_name) else {
            return;
        };
        let (exchange, exchange_name) = (exchange.id, exchange.name.clone());

        let old = &letter.message;
        let mut properties: Properties =
            old.properties().map(|p| (**p).clone()).unwrap_or_default();
        let entry = entry_of(&letter, &properties, reason, &from, now);
        let mut headers = properties.headers.take().unwrap_or_default();
        if self.profile == Profile::V4 && !letter.died {
            // §20: a client's own history is not interpreted; it starts anew.
            headers.remove("x-death");
        }
        let mut headers = with_death(self.profile, headers, entry);
        if self.profile == Profile::V4 {
            headers.set("x-last-death-reason", reason.name());
            headers.set("x-last-death-queue", from.as_str());
            headers.set("x-last-death-exchange", old.exchange().as_str());
            headers.sort_by_key();
        }
        let keys = match new_key {
            Some(key) => {
                headers.remove("CC");
                vec![key]
            }
            None => letter.keys.clone(),
        };
        properties.headers = Some(headers);
        properties.expiration = None;
        let message = old.republished(exchange_name, keys[0].clone(), Some(Rc::new(properties)));
        let letter = Letter {
            message,
            keys,
            died: true,
        };

        fx.push(Effect::DeadLettered {
            queue: id,
            message: letter.message.clone(),
            exchange,
            reason,
        });
        let mut reached = self.route(exchange, &letter, fx);
        if reason != DropReason::Rejected {
            reached.retain(|(queue, _)| {
                let mut queues = self.queues.iter();
                let queue = queues.find(|q| q.id == *queue);
                queue.is_some_and(|q| !is_cycle(q.name.as_str(), &letter))
            });
        }
        if reached.is_empty() {
            fx.push(Effect::Unroutable {
                message: letter.message.id(),
                exchange,
                fate: UnroutableFate::DeadLetter,
            });
        }
        self.transits.push_back(Transit { reached, letter });
    }
}

fn text(table: &FieldTable, key: &str) -> Option<Vec<u8>> {
    match table.get(key) {
        Some(FieldValue::LongStr(octets)) => Some(octets.to_vec()),
        _ => None,
    }
}

/// A new entry of x-death, in wire order.
fn entry_of(
    letter: &Letter,
    properties: &Properties,
    reason: DropReason,
    queue: &str,
    now: SimTime,
) -> FieldTable {
    // The publish key, then the CC keys; BCC keys never appear.
    let mut keys = vec![FieldValue::text(letter.message.routing_key().as_str())];
    let cc = properties.headers.as_ref().and_then(|h| h.get("CC"));
    if let Some(FieldValue::Array(values)) = cc {
        let texts = values.iter().filter(|v| v.as_text().is_some());
        keys.extend(texts.cloned());
    }
    let mut entry = FieldTable::new()
        .with("count", 1_i64)
        .with("reason", reason.name())
        .with("queue", queue)
        .with(
            "time",
            FieldValue::Timestamp(now.as_nanos() / 1_000_000_000),
        )
        .with("exchange", letter.message.exchange().as_str())
        .with("routing-keys", FieldValue::Array(keys));
    if let Some(expiration) = &properties.expiration {
        entry.set("original-expiration", expiration.as_str());
    }
    entry
}

/// The headers with one more death in them (rabbit_dead_letter.erl, `update_x_death_header`).
fn with_death(profile: Profile, mut headers: FieldTable, entry: FieldTable) -> FieldTable {
    let put = |headers: &mut FieldTable, key: &str, value: FieldValue| {
        headers.remove(key);
        headers.push(ShortText::truncated(key), value);
    };
    match headers.get("x-death").cloned() {
        None => {
            for (header, field) in [
                ("x-first-death-reason", "reason"),
                ("x-first-death-queue", "queue"),
                ("x-first-death-exchange", "exchange"),
            ] {
                let value = entry.get(field).cloned().unwrap_or(FieldValue::Void);
                put(&mut headers, header, value);
            }
            let history = FieldValue::Array(vec![FieldValue::Table(entry)]);
            put(&mut headers, "x-death", history);
        }
        Some(FieldValue::Array(mut history)) => {
            // Measured on 3.10.8, `group_by_queue_and_reason`: the older entries are turned around.
            if profile == Profile::V3 {
                history.reverse();
            }
            let is_same = |value: &FieldValue| match value {
                FieldValue::Table(old) => {
                    text(old, "queue") == text(&entry, "queue")
                        && text(old, "reason") == text(&entry, "reason")
                }
                _ => false,
            };
            let (same, others): (Vec<_>, Vec<_>) = history.into_iter().partition(is_same);
            let mut newest = match same.first() {
                Some(FieldValue::Table(old)) => {
                    let mut old = old.clone();
                    let count = old.get("count").and_then(FieldValue::as_integer);
                    old.set("count", count.unwrap_or(0) + 1);
                    old
                }
                _ => entry,
            };
            // Source: a new entry before old ones is sorted by key just as an updated one.
            newest.sort_by_key();
            let mut all = vec![FieldValue::Table(newest)];
            all.extend(others);
            put(&mut headers, "x-death", FieldValue::Array(all));
        }
        Some(_) => {
            let history = FieldValue::Array(vec![FieldValue::Table(entry)]);
            put(&mut headers, "x-death", history);
        }
    }
    headers.sort_by_key();
    headers
}

/// §13: the queue is in the history already, and neither its latest entry nor a newer one is a
/// rejection.
fn is_cycle(queue: &str, letter: &Letter) -> bool {
    let headers = letter.message.headers();
    let Some(FieldValue::Array(history)) = headers.and_then(|h| h.get("x-death")) else {
        return false;
    };
    for value in history {
        let FieldValue::Table(entry) = value else {
            return false;
        };
        if text(entry, "reason").as_deref() == Some(b"rejected") {
            return false;
        }
        if text(entry, "queue").as_deref() == Some(queue.as_bytes()) {
            return true;
        }
    }
    false
}
