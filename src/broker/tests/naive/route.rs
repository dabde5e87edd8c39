//! Routing (§6): which queues a message reaches, from the first exchange on.

use super::{Destination, Exchange, Letter, Naive};
use crate::broker::{Effect, Effects};
use crate::types::{BindingKey, ExchangeId, ExchangeType, FieldTable, FieldValue, QueueId};

/// A queue that is reached, and the exchange that found it first.
pub(super) type Reached = Vec<(QueueId, ExchangeId)>;

impl Naive {
    /// §6: every exchange is visited once, every queue gets one copy. The exchanges are visited in
    /// the order they were found; RabbitMQ promises no order.
    pub(super) fn route(&self, first: ExchangeId, letter: &Letter, fx: &mut Effects) -> Reached {
        let mut reached: Reached = Vec::new();
        let mut found = vec![first];
        let mut visited = 0;
        while let Some(&id) = found.get(visited) {
            visited += 1;
            let Some(exchange) = self.exchanges.iter().find(|x| x.id == id) else {
                continue;
            };
            // The default exchange leads to queues only when it is published or dead-lettered
            // to; as an alternate exchange it routes nothing.
            let destinations = if exchange.name.is_empty() && id != first {
                Vec::new()
            } else {
                self.destinations(exchange, letter)
            };
            for destination in &destinations {
                match *destination {
                    Destination::Queue(queue) => {
                        if !reached.iter().any(|(q, _)| *q == queue) {
                            reached.push((queue, id));
                        }
                    }
                    Destination::Exchange(to) => pass(&mut found, id, to, false, letter, fx),
                }
            }
            if let (true, Some(to)) = (destinations.is_empty(), self.alternate(exchange)) {
                pass(&mut found, id, to, true, letter, fx);
            }
        }
        reached
    }

    fn alternate(&self, exchange: &Exchange) -> Option<ExchangeId> {
        let name = exchange.arguments.get("alternate-exchange")?.as_text()?;
        self.exchange_named(name).map(|x| x.id)
    }

    /// What one exchange finds for a message, each destination once.
    fn destinations(&self, exchange: &Exchange, letter: &Letter) -> Vec<Destination> {
        let mut found = Vec::new();
        if exchange.name.is_empty() {
            for key in &letter.keys {
                if let Some(queue) = self.queue_named(key.as_str()) {
                    found.push(Destination::Queue(queue.id));
                }
            }
        }
        for binding in &self.bindings {
            let matches = binding.source == exchange.id
                && is_match(&exchange.kind, &binding.key, &binding.arguments, letter);
            if matches && !found.contains(&binding.destination) {
                found.push(binding.destination);
            }
        }
        found
    }
}

/// On to an exchange that was not found before.
fn pass(
    found: &mut Vec<ExchangeId>,
    from: ExchangeId,
    to: ExchangeId,
    alternate: bool,
    letter: &Letter,
    fx: &mut Effects,
) {
    if found.contains(&to) {
        return;
    }
    found.push(to);
    fx.push(Effect::Forwarded {
        message: letter.message.id(),
        from,
        to,
        alternate,
    });
}

fn is_match(
    kind: &ExchangeType,
    key: &BindingKey,
    arguments: &FieldTable,
    letter: &Letter,
) -> bool {
    match kind {
        ExchangeType::Direct => letter.keys.iter().any(|k| k.as_str() == key.as_str()),
        ExchangeType::Fanout => true,
        ExchangeType::Topic => letter
            .keys
            .iter()
            .any(|k| topic(&words(key.as_str()), &words(k.as_str()))),
        ExchangeType::Headers => headers(arguments, letter.message.headers()),
        ExchangeType::Other(_) => false,
    }
}

/// §6: empty words are words, but `""` has none.
fn words(key: &str) -> Vec<&str> {
    if key.is_empty() {
        Vec::new()
    } else {
        key.split('.').collect()
    }
}

/// §6: `*` is one word, `#` any number of words.
fn topic(pattern: &[&str], key: &[&str]) -> bool {
    match pattern {
        [] => key.is_empty(),
        ["#", rest @ ..] => (0..=key.len()).any(|skip| topic(rest, &key[skip..])),
        ["*", rest @ ..] => !key.is_empty() && topic(rest, &key[1..]),
        [word, rest @ ..] => key.first() == Some(word) && topic(rest, &key[1..]),
    }
}

/// §6: the arguments of a binding against the headers of a message.
fn headers(arguments: &FieldTable, given: Option<&FieldTable>) -> bool {
    let mode = arguments.get("x-match").and_then(FieldValue::as_text);
    let mode = mode.unwrap_or("all");
    let with_x = mode.ends_with("-with-x");
    let mut results = arguments
        .iter()
        .filter(|(key, _)| key.as_str() != "x-match" && (with_x || !key.as_str().starts_with("x-")))
        .map(|(key, wanted)| {
            given
                .and_then(|headers| headers.get(key.as_str()))
                .is_some_and(|value| matches!(wanted, FieldValue::Void) || equal(wanted, value))
        });
    if mode.starts_with("any") {
        results.any(|hit| hit)
    } else {
        results.all(|hit| hit)
    }
}

/// §6: by value, whatever the width, whole or not; but text is no number.
fn equal(a: &FieldValue, b: &FieldValue) -> bool {
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

fn number(value: &FieldValue) -> Option<f64> {
    match value {
        FieldValue::F32(v) => Some(f64::from(*v)),
        FieldValue::F64(v) => Some(*v),
        other => other.as_integer().map(|v| v as f64),
    }
}
