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

/// An object that is being written, field by field.
#[derive(Default)]
pub(super) struct Out(Map<String, Value>);

impl Out {
    // Called for every field there is: its body stands once in the page, not at each of them.
    #[inline(never)]
    pub(super) fn put(&mut self, key: &str, value: Value) {
        self.0.insert(key.to_owned(), value);
    }
}

impl From<Out> for Value {
    fn from(out: Out) -> Self {
        Self::Object(out.0)
    }
}

fn value(scenario: &Scenario) -> Value {
    let mut out = Out::default();
    out.put("version", VERSION.into());
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
            out.put(key, local_text(text));
        }
    }
    out.put("seed", (*seed).into());
    out.put("profile", profile.name().into());
    if !is_only_slash(vhosts) {
        let names = vhosts.iter().map(VhostName::as_str);
        out.put("vhosts", names.collect());
    }
    if let Some(duration) = duration {
        out.put("duration", span(duration));
    }
    if let Some(speed) = speed {
        out.put("speed", (*speed).into());
    }
    let nodes = nodes.values().map(|node| self::node(node)).collect();
    out.put("nodes", Value::Array(nodes));
    let edges = edges.values().map(|edge| self::edge(edge)).collect();
    out.put("edges", Value::Array(edges));
    if !carried.is_empty() {
        out.put("carried", Value::Object(carried.clone()));
    }
    out.into()
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
    let mut out = Out::default();
    out.put("id", node.id.0.into());
    out.put("kind", node.kind.shape().word().into());
    out.put("name", node.name.as_str().into());
    if node.vhost.as_str() != "/" {
        out.put("vhost", node.vhost.as_str().into());
    }
    out.put("position", json!([node.position.x, node.position.y]));
    match &node.kind {
        NodeKind::Producer(producer) => write_producer(&mut out, producer),
        NodeKind::Exchange(exchange) => write_exchange(&mut out, exchange),
        NodeKind::Queue(queue) => write_queue(&mut out, queue),
        NodeKind::Consumer(consumer) => write_consumer(&mut out, consumer),
    }
    out.into()
}

fn edge(edge: &Edge) -> Value {
    let mut out = Out::default();
    out.put("id", edge.id.0.into());
    out.put("kind", kind_word(&edge.kind).into());
    out.put("from", edge.from.0.into());
    out.put("to", edge.to.0.into());
    if let EdgeKind::Binding {
        binding_key,
        arguments,
    } = &edge.kind
    {
        out.put("binding_key", binding_key.as_str().into());
        if !arguments.is_empty() {
            out.put("arguments", table(arguments));
        }
    }
    out.into()
}

const fn kind_word(kind: &EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Publish => "publish",
        EdgeKind::Binding { .. } => "binding",
        EdgeKind::Consume => "consume",
    }
}
