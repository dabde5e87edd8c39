//! What boxes and lines are called, and their second lines.
//!
//! Deliberately not here: what changes while it runs (`numbers.rs`).

use crate::app::field::load::typical_rate;
use crate::app::format;
use crate::app::view::{EdgeShape, ExchangeShape, NodeShape};
use crate::editor::EdgeKey;
use crate::scenario::{
    Arrivals, Consumer, Edge, EdgeKind, Exchange, LoadShape, Node, NodeKind, Producer, Queue,
    Scenario,
};
use crate::text::Words;
use crate::types::{ExchangeType, NodeId};

/// What is drawn for a node.
pub(super) fn shape_of(kind: &NodeKind) -> NodeShape {
    match kind {
        NodeKind::Producer(_) => NodeShape::Producer,
        NodeKind::Consumer(_) => NodeShape::Consumer,
        NodeKind::Exchange(exchange) => NodeShape::Exchange(exchange_shape(exchange)),
        NodeKind::Queue(queue) => match argument(queue, "x-queue-type") {
            None | Some("classic" | "quorum") => NodeShape::Queue,
            Some(_) => NodeShape::OtherQueue,
        },
    }
}

fn exchange_shape(exchange: &Exchange) -> ExchangeShape {
    match &exchange.exchange_type {
        ExchangeType::Direct => ExchangeShape::Direct,
        ExchangeType::Fanout => ExchangeShape::Fanout,
        ExchangeType::Topic => ExchangeShape::Topic,
        ExchangeType::Headers => ExchangeShape::Headers,
        ExchangeType::Other(name) => match name.as_str() {
            ExchangeType::CONSISTENT_HASH => ExchangeShape::ConsistentHash,
            ExchangeType::RANDOM | ExchangeType::LOCAL_RANDOM => ExchangeShape::Random,
            ExchangeType::DELAYED => ExchangeShape::Delayed,
            _ => ExchangeShape::Other,
        },
    }
}

fn argument<'a>(queue: &'a Queue, key: &str) -> Option<&'a str> {
    queue.arguments.get(key).and_then(|value| value.as_text())
}

/// The name of a kind of box.
pub(super) fn kind_name(shape: NodeShape, words: Words) -> &'static str {
    match shape {
        NodeShape::Producer => words.kind_producer(),
        NodeShape::Exchange(exchange) => match exchange {
            ExchangeShape::Direct => words.kind_direct(),
            ExchangeShape::Fanout => words.kind_fanout(),
            ExchangeShape::Topic => words.kind_topic(),
            ExchangeShape::Headers => words.kind_headers(),
            ExchangeShape::ConsistentHash => words.kind_consistent_hash(),
            ExchangeShape::Random => words.kind_random(),
            ExchangeShape::Delayed => words.kind_delayed(),
            ExchangeShape::Other => words.kind_other_exchange(),
        },
        NodeShape::Queue => words.kind_queue(),
        NodeShape::OtherQueue => words.kind_other_queue(),
        NodeShape::Consumer => words.kind_consumer(),
    }
}

/// One sentence about a kind of box.
pub(super) fn kind_help(shape: NodeShape, words: Words) -> &'static str {
    match shape {
        NodeShape::Producer => words.help_producer(),
        NodeShape::Exchange(exchange) => match exchange {
            ExchangeShape::Direct => words.help_direct(),
            ExchangeShape::Fanout => words.help_fanout(),
            ExchangeShape::Topic => words.help_topic(),
            ExchangeShape::Headers => words.help_headers(),
            ExchangeShape::ConsistentHash => words.help_consistent_hash(),
            ExchangeShape::Random => words.help_random(),
            ExchangeShape::Delayed => words.help_delayed(),
            ExchangeShape::Other => words.help_other_exchange(),
        },
        NodeShape::Queue => words.help_queue(),
        NodeShape::OtherQueue => words.help_other_queue(),
        NodeShape::Consumer => words.help_consumer(),
    }
}

/// The name of a box, or what stands for an empty one.
pub(super) fn name_of(node: &Node, words: Words) -> String {
    match (&node.kind, node.name.is_empty()) {
        (_, false) => node.name.clone(),
        (NodeKind::Exchange(_), true) => words.default_exchange().to_owned(),
        (NodeKind::Producer(_) | NodeKind::Queue(_) | NodeKind::Consumer(_), true) => {
            words.unnamed().to_owned()
        }
    }
}

/// The name of the node with that id.
pub(super) fn name(scenario: &Scenario, node: NodeId, words: Words) -> String {
    match scenario.node(node) {
        Some(node) => name_of(node, words),
        None => words.unnamed().to_owned(),
    }
}

/// The second line of a box.
pub(super) fn detail(node: &Node, words: Words) -> String {
    match &node.kind {
        _ if node.id.as_outside().is_some() => words.detail_outside().to_owned(),
        NodeKind::Producer(producer) => producer_detail(producer, words),
        NodeKind::Exchange(exchange) => exchange.exchange_type.name().to_owned(),
        NodeKind::Queue(queue) => queue_detail(queue, words),
        NodeKind::Consumer(consumer) => consumer_detail(consumer, words),
    }
}

fn producer_detail(producer: &Producer, words: Words) -> String {
    let rate = |value: &f64| format::rate(*value);
    match &producer.load.shape {
        LoadShape::Constant { rate: value } => match producer.load.arrivals {
            Arrivals::Regular => words.detail_rate(&rate(value)),
            Arrivals::Poisson => words.detail_poisson(&rate(value)),
        },
        LoadShape::Bursts { rate: value, .. } => words.detail_bursts(&rate(value)),
        LoadShape::Ramp { from, to, .. } => words.detail_ramp(&rate(from), &rate(to)),
        LoadShape::Step { before, after, .. } => words.detail_step(&rate(before), &rate(after)),
        LoadShape::Spike { base, peak, .. } => words.detail_spike(&rate(base), &rate(peak)),
        LoadShape::Sine {
            mean, amplitude, ..
        } => words.detail_sine(&rate(mean), &rate(amplitude)),
        LoadShape::Times { times } => words.detail_times(times.len()),
        shape @ LoadShape::Rates { .. } => words.detail_trace(&rate(&typical_rate(shape))),
    }
}

fn queue_detail(queue: &Queue, words: Words) -> String {
    let mut parts = Vec::new();
    if !queue.declared {
        parts.push(words.no_declare().to_owned());
    }
    if let Some(kind) = argument(queue, "x-queue-type").filter(|kind| *kind != "classic") {
        parts.push(kind.to_owned());
    }
    let whole = |key: &str| {
        queue
            .arguments
            .get(key)
            .and_then(|value| value.as_integer())
    };
    if let Some(ttl) = whole("x-message-ttl") {
        parts.push(words.detail_ttl(&format::seconds(ttl as f64 / 1000.0)));
    }
    if let Some(length) = whole("x-max-length") {
        parts.push(words.detail_max(&length.to_string()));
    }
    if parts.is_empty() {
        parts.push(
            if queue.durable {
                "durable"
            } else {
                "transient"
            }
            .to_owned(),
        );
    }
    parts.join(" · ")
}

fn consumer_detail(consumer: &Consumer, words: Words) -> String {
    let prefetch = match consumer.prefetch {
        0 => "∞".to_owned(),
        limit => limit.to_string(),
    };
    let service = format::seconds(consumer.service.mean());
    let detail = words.detail_consumer(&prefetch, &service);
    match consumer.workers {
        0 | 1 => detail,
        workers => format!("{detail} · {}", words.detail_workers(workers)),
    }
}

/// What a line means, for drawing.
pub(super) const fn edge_shape(key: EdgeKey, edge: Option<&Edge>) -> EdgeShape {
    match (key, edge) {
        (EdgeKey::DeadLetter(_), _) => EdgeShape::DeadLetter,
        (EdgeKey::Alternate(_), _) => EdgeShape::Alternate,
        (EdgeKey::Edge(_), Some(edge)) => match edge.kind {
            EdgeKind::Publish => EdgeShape::Publish,
            EdgeKind::Binding { .. } => EdgeShape::Binding,
            EdgeKind::Consume => EdgeShape::Consume,
        },
        (EdgeKey::Edge(_), None) => EdgeShape::Binding,
    }
}

/// The name of a kind of line.
pub(super) fn edge_name(shape: EdgeShape, words: Words) -> &'static str {
    match shape {
        EdgeShape::Publish => words.kind_publish(),
        EdgeShape::Binding => words.kind_binding(),
        EdgeShape::Consume => words.kind_consume(),
        EdgeShape::DeadLetter => words.kind_dead_letter(),
        EdgeShape::Alternate => words.kind_alternate(),
    }
}

/// One sentence about a kind of line.
pub(super) fn edge_help(shape: EdgeShape, words: Words) -> &'static str {
    match shape {
        EdgeShape::Publish => words.help_publish(),
        EdgeShape::Binding => words.help_binding(),
        EdgeShape::Consume => words.help_consume(),
        EdgeShape::DeadLetter => words.help_dead_letter(),
        EdgeShape::Alternate => words.help_alternate(),
    }
}

/// What stands on a line's chip: its key, and its arguments where there are any.
pub(super) fn chip(shape: EdgeShape, edge: Option<&Edge>, words: Words) -> String {
    match edge.map(|edge| &edge.kind) {
        Some(EdgeKind::Binding {
            binding_key,
            arguments,
        }) => {
            let pairs: Vec<String> = arguments
                .iter()
                .map(|(name, value)| {
                    let value = super::field::parse::plain_text(value);
                    format!("{name}={value}")
                })
                .collect();
            match (binding_key.is_empty(), pairs.is_empty()) {
                (_, true) => binding_key.to_string(),
                (true, false) => pairs.join(" "),
                (false, false) => format!("{binding_key} {}", pairs.join(" ")),
            }
        }
        Some(EdgeKind::Publish | EdgeKind::Consume) | None => match shape {
            EdgeShape::DeadLetter => words.dead_letters().to_owned(),
            EdgeShape::Alternate => words.unroutable_label().to_owned(),
            EdgeShape::Publish | EdgeShape::Binding | EdgeShape::Consume => String::new(),
        },
    }
}
