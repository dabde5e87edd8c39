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
    /// The size of every message, when it is fixed.
    octets: Option<u64>,
    mandatory: bool,
}

/// What one message has; the same along every line.
#[derive(Debug, Clone)]
pub(super) struct Content {
    /// The producer's own key, where it is not always the same.
    pub(super) key: Option<RoutingKey>,
    /// The properties, where they are not always the same.
    pub(super) properties: Option<Rc<Properties>>,
    pub(super) octets: u64,
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
            octets: None,
            mandatory: producer.mandatory,
        };
        let constant = |(_, choice): &(_, Choice<FieldValue>)| matches!(choice, Choice::Fixed(_));
        if draft.headers.iter().all(constant) {
            // Nothing is drawn for fixed values, so any stream will do.
            let mut stream = Stream::new(0, Default::default(), super::random::Purpose::Content, 0);
            draft.shared = Some(Rc::new(draft.properties_of(0, &mut stream)));
            if matches!(draft.size, Draw::Fixed { .. }) {
                draft.octets = Some(draft.drawn_octets(&mut stream));
            }
        }
        draft
    }

    /// The `turn`-th message, from 0.
    #[inline]
    pub(super) fn content(&self, turn: u64, stream: &mut Stream) -> Content {
        // A fixed key is not drawn, so it need not be looked at before it is used.
        let key = match &self.keys {
            Choice::Fixed(_) => None,
            Choice::Cycle(_) | Choice::Drawn(_) => choose(&self.keys, turn, stream).cloned(),
        };
        let properties = match &self.shared {
            Some(_) => None,
            None => Some(Rc::new(self.properties_of(turn, stream))),
        };
        let octets = match self.octets {
            Some(octets) => octets,
            None => self.drawn_octets(stream),
        };
        Content {
            key,
            properties,
            octets,
        }
    }

    fn drawn_octets(&self, stream: &mut Stream) -> u64 {
        // Octets are whole; `as` saturates.
        (self.size.number(stream) + 0.5) as u64
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

    /// The publish of `content` along one line.
    #[inline]
    pub(super) fn publish(&self, target: &Target, content: &Content) -> Publish {
        let key = match &self.keys {
            Choice::Fixed(key) => Some(key),
            Choice::Cycle(_) | Choice::Drawn(_) => content.key.as_ref(),
        };
        let properties = self.shared.as_ref().or(content.properties.as_ref());
        Publish {
            exchange: target.exchange.clone(),
            routing_key: target.key.as_ref().or(key).cloned().unwrap_or_default(),
            mandatory: self.mandatory,
            immediate: false,
            properties: properties.cloned(),
            body: Body::Blank(content.octets),
        }
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
