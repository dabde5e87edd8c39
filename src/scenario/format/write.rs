//! Writing a document.
//!
//! Deliberately not here: where it goes.

use super::load::span;
use super::node::{table, write_settings};
use super::{Json, JsonObject, VERSION, pretty};
use crate::scenario::{BrokerSettings, Edge, EdgeKind, LocalText, Node, Scenario};
use crate::types::{SimDuration, VhostName};

/// The document as JSON text. Reading it gives an equal document.
#[must_use]
pub fn write(scenario: &Scenario) -> String {
    pretty(&value(scenario))
}

fn value(scenario: &Scenario) -> Json {
    let mut out = JsonObject::new();
    out.set("version", VERSION.into());
    let Scenario {
        title,
        description,
        seed,
        profile,
        broker,
        vhosts,
        duration,
        speed,
        nodes,
        edges,
        carried,
    } = scenario;
    for (key, text) in [("title", title), ("description", description)] {
        if *text != LocalText::default() {
            out.set(key, local_text(text));
        }
    }
    out.set("seed", (*seed).into());
    out.set("profile", profile.name().into());
    if *broker != BrokerSettings::default() {
        out.set("broker", self::broker(broker));
    }
    if !is_only_slash(vhosts) {
        let names = vhosts.iter().map(VhostName::as_str);
        out.set("vhosts", names.map(Json::from).collect());
    }
    if let Some(duration) = duration {
        out.set("duration", span(duration));
    }
    if let Some(speed) = speed {
        out.set("speed", (*speed).into());
    }
    let nodes = nodes.values().map(|node| self::node(node)).collect();
    out.set("nodes", Json::Array(nodes));
    let edges = edges.values().map(|edge| self::edge(edge)).collect();
    out.set("edges", Json::Array(edges));
    if !carried.is_empty() {
        out.set("carried", Json::Object(carried.clone()));
    }
    out.into()
}

fn broker(broker: &BrokerSettings) -> Json {
    let mut out = JsonObject::new();
    let BrokerSettings {
        memory_limit,
        disk_free,
        disk_free_limit,
        consumer_timeout,
        queue_time,
    } = *broker;
    let usual = BrokerSettings::default();
    for (key, octets) in [
        ("memory_limit", memory_limit),
        ("disk_free", disk_free),
        (
            "disk_free_limit",
            Some(disk_free_limit).filter(|limit| *limit != usual.disk_free_limit),
        ),
    ] {
        if let Some(octets) = octets {
            out.set(key, octets.into());
        }
    }
    if consumer_timeout != usual.consumer_timeout {
        out.set("consumer_timeout", span(&consumer_timeout));
    }
    if queue_time != SimDuration::ZERO {
        out.set("queue_time", span(&queue_time));
    }
    out.into()
}

fn is_only_slash(vhosts: &[VhostName]) -> bool {
    matches!(vhosts, [only] if only.as_str() == "/")
}

fn local_text(text: &LocalText) -> Json {
    if text.en == text.zh {
        text.en.as_str().into()
    } else {
        let out = JsonObject::new().with("en", text.en.as_str());
        out.with("zh", text.zh.as_str()).into()
    }
}

fn node(node: &Node) -> Json {
    let mut out = JsonObject::new();
    out.set("id", node.id.0.into());
    out.set("kind", node.kind.shape().word().into());
    out.set("name", node.name.as_str().into());
    if node.vhost.as_str() != "/" {
        out.set("vhost", node.vhost.as_str().into());
    }
    let position = [node.position.x, node.position.y].map(Json::from);
    out.set("position", position.to_vec().into());
    write_settings(&mut out, &node.kind);
    out.into()
}

fn edge(edge: &Edge) -> Json {
    let mut out = JsonObject::new();
    out.set("id", edge.id.0.into());
    out.set("kind", kind_word(&edge.kind).into());
    out.set("from", edge.from.0.into());
    out.set("to", edge.to.0.into());
    if let EdgeKind::Binding {
        binding_key,
        arguments,
    } = &edge.kind
    {
        out.set("binding_key", binding_key.as_str().into());
        if !arguments.is_empty() {
            out.set("arguments", table(arguments));
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
