//! Writing a document.
//!
//! Deliberately not here: where it goes.

use super::{VERSION, pretty};
use crate::scenario::{
    Consumer, Edge, EdgeKind, Exchange, LocalText, Node, NodeKind, Producer, Queue, Scenario,
};
use crate::types::VhostName;
use serde::Serialize;
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
            map.insert(key.into(), plain(text));
        }
    }
    map.insert("seed".into(), (*seed).into());
    map.insert("profile".into(), plain(profile));
    if !is_only_slash(vhosts) {
        map.insert("vhosts".into(), plain(vhosts));
    }
    if let Some(duration) = duration {
        map.insert("duration".into(), plain(duration));
    }
    if let Some(speed) = speed {
        map.insert("speed".into(), plain(speed));
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

/// The types of a document are numbers, texts, lists and objects with text keys, which JSON can
/// always say; so no case is left in which this would give null.
fn plain<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
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
    let (settings, defaults) = match &node.kind {
        NodeKind::Producer(producer) => (plain(producer), plain(&Producer::default())),
        NodeKind::Exchange(exchange) => (plain(exchange), plain(&Exchange::default())),
        NodeKind::Queue(queue) => (plain(queue), plain(&Queue::default())),
        NodeKind::Consumer(consumer) => (plain(consumer), plain(&Consumer::default())),
    };
    if let Value::Object(settings) = settings {
        for (key, value) in settings {
            // The type of an exchange is what one looks for; it stands even when it is the default.
            if key == "type" || defaults.get(&key) != Some(&value) {
                map.insert(key, value);
            }
        }
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
            map.insert("arguments".into(), plain(arguments));
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
