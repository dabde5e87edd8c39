//! Problems of a document: what the broker would refuse, and what runs otherwise than it was meant.
//!
//! Always a list, never a failure, and always the same order: nodes by id, then lines. Deliberately
//! not here: what a document may not hold at all (edits and the reader refuse that), and the
//! sentences.

mod arguments;
mod clients;
mod index;

use super::{EdgeKind, Exchange, Node, NodeKind, Problem, Scenario, Shape};
use crate::types::{ExchangeType, FieldTable, ProblemCode, Profile};
use index::Index;

/// Exchange types of plugins that RabbitMQ users know.
const PLUGIN_TYPES: [&str; 6] = [
    "x-modulus-hash",
    "x-local-random",
    "x-recent-history",
    "x-jms-topic",
    "x-rtopic",
    "x-federation-upstream",
];

/// Exchanges that every virtual host has (semantics: "Predeclared").
const PREDECLARED: [(&str, ExchangeType); 7] = [
    ("", ExchangeType::Direct),
    ("amq.direct", ExchangeType::Direct),
    ("amq.fanout", ExchangeType::Fanout),
    ("amq.topic", ExchangeType::Topic),
    ("amq.headers", ExchangeType::Headers),
    ("amq.match", ExchangeType::Headers),
    ("amq.rabbitmq.trace", ExchangeType::Topic),
];

/// The type of a predeclared exchange.
pub(super) fn predeclared(name: &str) -> Option<&'static ExchangeType> {
    PREDECLARED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, exchange_type)| exchange_type)
}

/// Everything that is wrong with `scenario` or worth knowing about it.
#[must_use]
pub fn validate(scenario: &Scenario) -> Vec<Problem> {
    let index = Index::new(scenario);
    let mut found = Vec::new();
    clients::check_options(scenario, &mut found);
    for node in scenario.nodes.values() {
        let before = found.len();
        check_name(&index, node, &mut found);
        match &node.kind {
            NodeKind::Producer(producer) => {
                clients::check_producer(&index, node, producer, &mut found);
            }
            NodeKind::Exchange(exchange) => {
                let known = check_type(scenario.profile, node, exchange, &mut found);
                arguments::check_exchange(&index, node, exchange, &mut found);
                if known {
                    check_leads_somewhere(&index, node, &exchange.arguments, &mut found);
                }
            }
            NodeKind::Queue(queue) => {
                arguments::check_queue(&index, node, queue, &mut found);
                clients::check_consumers_of(&index, node, queue, &mut found);
            }
            NodeKind::Consumer(consumer) => {
                clients::check_consumer(&index, node, consumer, &mut found);
            }
        }
        for problem in &mut found[before..] {
            problem.place.node = Some(node.id);
        }
    }
    check_edges(scenario, &mut found);
    found
}

fn check_name(index: &Index<'_>, node: &Node, found: &mut Vec<Problem>) {
    let shape = node.kind.shape();
    if !matches!(shape, Shape::Exchange | Shape::Queue) {
        return;
    }
    if index.twice(node) {
        found.push(
            Problem::new(ProblemCode::NameTwice)
                .at_path("name")
                .with("name", &node.name)
                .with("vhost", &node.vhost),
        );
    }
    if shape == Shape::Queue && node.name.is_empty() {
        found.push(Problem::new(ProblemCode::QueueNameEmpty).at_path("name"));
    }
    let reserved = node.name.starts_with("amq.");
    let there = shape == Shape::Exchange && predeclared(&node.name).is_some();
    if reserved && !there {
        found.push(
            Problem::new(ProblemCode::NameReserved)
                .at_path("name")
                .with("name", &node.name),
        );
    }
}

/// Whether the type is one the engine runs.
fn check_type(
    profile: Profile,
    node: &Node,
    exchange: &Exchange,
    found: &mut Vec<Problem>,
) -> bool {
    let exchange_type = &exchange.exchange_type;
    if let Some(expected) = predeclared(&node.name) {
        let plain = exchange.durable
            && !exchange.auto_delete
            && exchange.internal == (node.name == "amq.rabbitmq.trace")
            && exchange.arguments.get("alternate-exchange").is_none();
        if expected != exchange_type || !plain {
            found.push(
                Problem::new(ProblemCode::PredeclaredDiffers)
                    .at_path("type")
                    .with("name", &node.name)
                    .with("expected", expected),
            );
        }
    }
    let ExchangeType::Other(name) = exchange_type else {
        return true;
    };
    if exchange_type.is_known(profile) {
        return true;
    }
    let code = if PLUGIN_TYPES.contains(&name.as_str()) {
        ProblemCode::ExchangeTypePlugin
    } else {
        ProblemCode::ExchangeTypeUnknown
    };
    found.push(Problem::new(code).at_path("type").with("type", name));
    false
}

/// Something is published to it and no line leaves it, nor an alternate exchange.
fn check_leads_somewhere(
    index: &Index<'_>,
    node: &Node,
    arguments: &FieldTable,
    found: &mut Vec<Problem>,
) {
    let default = node.name.is_empty();
    let ends = index.published_to(node.id)
        && !index.routes(node.id)
        && arguments.get("alternate-exchange").is_none();
    if ends && !default {
        found.push(Problem::new(ProblemCode::ExchangeWithoutBinding).with("name", &node.name));
    }
}

fn check_edges(scenario: &Scenario, found: &mut Vec<Problem>) {
    for edge in scenario.edges.values() {
        let (Some(from), Some(to)) = (scenario.node(edge.from), scenario.node(edge.to)) else {
            continue;
        };
        match &edge.kind {
            EdgeKind::Publish => {
                if let NodeKind::Exchange(exchange) = &to.kind
                    && exchange.internal
                {
                    found.push(
                        Problem::new(ProblemCode::LinkInternalExchange)
                            .at_edge(edge.id)
                            .with("to", &to.name),
                    );
                }
            }
            EdgeKind::Binding {
                binding_key,
                arguments,
            } => {
                let before = found.len();
                check_binding(scenario.profile, from, to, binding_key.as_str(), found);
                if let NodeKind::Exchange(exchange) = &from.kind
                    && exchange.exchange_type == ExchangeType::Headers
                {
                    arguments::check_match(arguments, found);
                }
                for problem in &mut found[before..] {
                    problem.place.edge = Some(edge.id);
                }
            }
            EdgeKind::Consume => {}
        }
    }
}

fn check_binding(profile: Profile, from: &Node, to: &Node, key: &str, found: &mut Vec<Problem>) {
    let is_default = |node: &Node| node.name.is_empty() && node.kind.shape() == Shape::Exchange;
    if is_default(from) || is_default(to) {
        found.push(Problem::new(ProblemCode::LinkDefaultExchange));
    }
    let topic = matches!(
        &from.kind,
        NodeKind::Exchange(exchange) if exchange.exchange_type == ExchangeType::Topic
    );
    // Refused since 4.3.5.
    let hashes = key.split('.').filter(|word| *word == "#").count();
    if topic && profile == Profile::V4 && hashes > 2 {
        found.push(
            Problem::new(ProblemCode::TopicKeyHashes)
                .at_path("binding_key")
                .with("key", key),
        );
    }
}
