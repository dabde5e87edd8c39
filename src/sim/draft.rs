//! What a producer's messages are like: keys, headers, size, properties; and where they go.
//!
//! Everything that can be made once is made once. Deliberately not here: when they are published.

use crate::broker::{Body, Publish};
use crate::scenario::{Choice, Producer};
use crate::sim::random::{Draw, Stream};
use crate::types::{
    ExchangeName, FieldTable, FieldValue, Properties, RoutingKey, ShortText, SimDuration,
};
use std::rc::Rc;

/// Where a publish line leads.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    pub(super) exchange: ExchangeName,
    /// The queue's name, for a line straight to a queue; else the producer's own key is used.
    pub(super) key: Option<RoutingKey>,
}

/// A producer's messages.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    keys: Choice<RoutingKey>,
    headers: Vec<(ShortText, Choice<FieldValue>)>,
    properties: Properties,
    /// The properties of every message, when no header changes.
    shared: Option<Rc<Properties>>,
    size: Draw,
    /// What every message has, when nothing changes.
    constant: Option<Content>,
    mandatory: bool,
}

/// What one message has; the same along every line.
#[derive(Debug, Clone)]
pub(super) struct Content {
    /// The producer's own key.
    key: RoutingKey,
    properties: Rc<Properties>,
    octets: u64,
}

impl Draft {
    pub(super) fn new(producer: &Producer) -> Self {
        let properties = Properties {
            delivery_mode: Some(if producer.persistent { 2 } else { 1 }),
            priority: producer.priority,
            expiration: producer.expiration.map(expiration),
            ..Properties::default()
        };
        let headers: Vec<_> = producer
            .headers
            .iter()
            .map(|header| (ShortText::truncated(&header.name), header.value.clone()))
            .collect();
        let mut draft = Self {
            keys: map(&producer.routing_key, |key| RoutingKey::truncated(key)),
            headers,
            properties,
            shared: None,
            size: Draw::new(&producer.size),
            constant: None,
            mandatory: producer.mandatory,
        };
        let constant = |(_, choice): &(_, Choice<FieldValue>)| matches!(choice, Choice::Fixed(_));
        if draft.headers.iter().all(constant) {
            // Nothing is drawn for fixed values, so any stream will do.
            let mut stream = Stream::new(0, Default::default(), super::random::Purpose::Content, 0);
            draft.shared = Some(Rc::new(draft.properties_of(0, &mut stream)));
            if matches!(
                (&draft.keys, draft.size),
                (Choice::Fixed(_), Draw::Fixed { .. })
            ) {
                draft.constant = Some(draft.drawn(0, &mut stream));
            }
        }
        draft
    }

    /// What the `turn`-th message has, from 0; `None` for what all have.
    #[inline]
    pub(super) fn content(&self, turn: u64, stream: &mut Stream) -> Option<Content> {
        match self.constant {
            Some(_) => None,
            None => Some(self.drawn(turn, stream)),
        }
    }

    #[inline(never)]
    fn drawn(&self, turn: u64, stream: &mut Stream) -> Content {
        Content {
            key: choose(&self.keys, turn, stream)
                .cloned()
                .unwrap_or_default(),
            properties: match &self.shared {
                Some(shared) => Rc::clone(shared),
                None => Rc::new(self.properties_of(turn, stream)),
            },
            // Octets are whole; `as` saturates.
            octets: (self.size.number(stream) + 0.5) as u64,
        }
    }

    fn properties_of(&self, turn: u64, stream: &mut Stream) -> Properties {
        let mut properties = self.properties.clone();
        if self.headers.is_empty() {
            return properties;
        }
        let mut table = FieldTable::new();
        for (name, choice) in &self.headers {
            if let Some(value) = choose(choice, turn, stream) {
                table.set(name.as_str(), value.clone());
            }
        }
        properties.headers = Some(table);
        properties
    }

    /// The publish along one line of `content`, or of what all messages have.
    #[inline]
    pub(super) fn publish(&self, target: &Target, content: Option<&Content>) -> Option<Publish> {
        let content = content.or(self.constant.as_ref())?;
        Some(Publish {
            exchange: target.exchange.clone(),
            routing_key: target.key.as_ref().unwrap_or(&content.key).clone(),
            mandatory: self.mandatory,
            immediate: false,
            properties: Some(Rc::clone(&content.properties)),
            body: Body::Blank(content.octets),
        })
    }
}

/// A TTL as the expiration property writes it: whole milliseconds.
fn expiration(span: SimDuration) -> ShortText {
    ShortText::truncated(&span.as_millis().to_string())
}

fn choose<'a, T>(choice: &'a Choice<T>, turn: u64, stream: &mut Stream) -> Option<&'a T> {
    match choice {
        Choice::Fixed(value) => Some(value),
        Choice::Cycle(values) => {
            let index = turn.checked_rem(values.len() as u64)?;
            values.get(index as usize)
        }
        Choice::Drawn(values) => {
            let total: u64 = values.iter().map(|(_, weight)| u64::from(*weight)).sum();
            let mut left = stream.below(total);
            for (value, weight) in values {
                match left.checked_sub(u64::from(*weight)) {
                    Some(rest) => left = rest,
                    None => return Some(value),
                }
            }
            None
        }
    }
}

fn map<T, U>(choice: &Choice<T>, change: impl Fn(&T) -> U) -> Choice<U> {
    match choice {
        Choice::Fixed(value) => Choice::Fixed(change(value)),
        Choice::Cycle(values) => Choice::Cycle(values.iter().map(change).collect()),
        Choice::Drawn(values) => Choice::Drawn(
            values
                .iter()
                .map(|(value, weight)| (change(value), *weight))
                .collect(),
        ),
    }
}
