//! Writing a document.
//!
//! Deliberately not here: where it goes.

use super::load::span;
use super::node::{table, write_consumer, write_exchange, write_producer, write_queue};
use super::{VERSION, pretty};
use crate::scenario::{Edge, EdgeKind, LocalText, Node, NodeKind, Scenario};
use crate::types::VhostName;
use serde_json::{Map, Value, json};

/// The document as JSON text. Reading it gives an equal document.
#[must_use]
pub fn write(scenario: &Scenario) -> String {
    pretty(&value(scenario))
}

fn value(scenario: &Scenario) -> Value {
    let mut map = Map::new();
    map.insert("version".into(), VERSION.into());
    let Scenario {
        title,
        description,
        seed,
        profile,
        vhosts,
        duration,
        speed,
        nodes,
        edges,
        carried,
    } = scenario;
    for (key, text) in [("title", title), ("description", description)] {
        if *text != LocalText::default() {
            map.insert(key.into(), local_text(text));
        }
    }
    map.insert("seed".into(), (*seed).into());
    map.insert("profile".into(), profile.name().into());
    if !is_only_slash(vhosts) {
        let names = vhosts.iter().map(VhostName::as_str);
        map.insert("vhosts".into(), names.collect());
    }
    if let Some(duration) = duration {
        map.insert("duration".into(), span(duration));
    }
    if let Some(speed) = speed {
        map.insert("speed".into(), (*speed).into());
    }
    let nodes = nodes.values().map(|node| self::node(node)).collect();
    map.insert("nodes".into(), Value::Array(nodes));
    let edges = edges.values().map(|edge| self::edge(edge)).collect();
    map.insert("edges".into(), Value::Array(edges));
    if !carried.is_empty() {
        map.insert("carried".into(), Value::Object(carried.clone()));
    }
    Value::Object(map)
}

fn is_only_slash(vhosts: &[VhostName]) -> bool {
    matches!(vhosts, [only] if only.as_str() == "/")
}

fn local_text(text: &LocalText) -> Value {
    if text.en == text.zh {
        text.en.as_str().into()
    } else {
        json!({ "en": text.en.as_str(), "zh": text.zh.as_str() })
    }
}

fn node(node: &Node) -> Value {
    let mut map = Map::new();
    map.insert("id".into(), node.id.0.into());
    map.insert("kind".into(), node.kind.shape().word().into());
    map.insert("name".into(), node.name.as_str().into());
    if node.vhost.as_str() != "/" {
        map.insert("vhost".into(), node.vhost.as_str().into());
    }
    map.insert("position".into(), json!([node.position.x, node.position.y]));
    match &node.kind {
        NodeKind::Producer(producer) => write_producer(&mut map, producer),
        NodeKind::Exchange(exchange) => write_exchange(&mut map, exchange),
        NodeKind::Queue(queue) => write_queue(&mut map, queue),
        NodeKind::Consumer(consumer) => write_consumer(&mut map, consumer),
    }
    Value::Object(map)
}

fn edge(edge: &Edge) -> Value {
    let mut map = Map::new();
    map.insert("id".into(), edge.id.0.into());
    map.insert("kind".into(), kind_word(&edge.kind).into());
    map.insert("from".into(), edge.from.0.into());
    map.insert("to".into(), edge.to.0.into());
    if let EdgeKind::Binding {
        binding_key,
        arguments,
    } = &edge.kind
    {
        map.insert("binding_key".into(), binding_key.as_str().into());
        if !arguments.is_empty() {
            map.insert("arguments".into(), table(arguments));
        }
    }
    Value::Object(map)
}

const fn kind_word(kind: &EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Publish => "publish",
        EdgeKind::Binding { .. } => "binding",
        EdgeKind::Consume => "consume",
    }
}
