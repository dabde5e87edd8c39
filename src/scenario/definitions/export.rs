//! From a document to a definitions file.
//!
//! Producers and consumers are no part of a broker's definitions, nor are queues that the document
//! leaves undeclared. Deliberately not here: reading one.

use crate::scenario::format::{Json, JsonObject, pretty, table};
use crate::scenario::{EdgeKind, Node, NodeKind, Scenario};

/// The text of a definitions file that RabbitMQ can import and that imports to the same document.
#[must_use]
pub fn export(scenario: &Scenario) -> String {
    let carried = &scenario.carried;
    let shown = ["vhosts", "exchanges", "queues", "bindings"];
    let others = carried.iter().filter(|(key, _)| !shown.contains(key));
    let mut out: JsonObject = others
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect();
    out.set("vhosts", vhosts(scenario).into());
    let nodes =
        |pick: fn(&Node) -> Option<Json>| scenario.nodes.values().filter_map(move |n| pick(n));
    let bindings = scenario.edges.values().filter_map(|edge| {
        let (from, to) = (scenario.node(edge.from)?, scenario.node(edge.to)?);
        binding(from, to, &edge.kind)
    });
    let sections = [
        ("exchanges", nodes(exchange).collect::<Vec<_>>()),
        ("queues", nodes(queue).collect()),
        ("bindings", bindings.collect()),
    ];
    for (section, mut entries) in sections {
        if let Some(Json::Array(more)) = carried.get(section) {
            entries.extend(more.iter().cloned());
        }
        out.set(section, entries.into());
    }
    pretty(&Json::Object(out))
}

/// Each virtual host with what the file said of it.
fn vhosts(scenario: &Scenario) -> Vec<Json> {
    let known = scenario.carried.get("vhosts").and_then(Json::as_array);
    let known = known.unwrap_or_default();
    let entry = |name: &str| {
        let entry = known
            .iter()
            .find(|e| e.get("name").and_then(Json::as_str) == Some(name));
        entry
            .cloned()
            .unwrap_or_else(|| JsonObject::new().with("name", name).into())
    };
    scenario
        .vhosts
        .iter()
        .map(|vhost| entry(vhost.as_str()))
        .collect()
}

fn exchange(node: &Node) -> Option<Json> {
    let NodeKind::Exchange(exchange) = &node.kind else {
        return None;
    };
    // The default exchange cannot be declared.
    if node.name.is_empty() {
        return None;
    }
    let out = JsonObject::new()
        .with("name", node.name.as_str())
        .with("vhost", node.vhost.as_str())
        .with("type", exchange.exchange_type.name())
        .with("durable", exchange.durable)
        .with("auto_delete", exchange.auto_delete)
        .with("internal", exchange.internal)
        .with("arguments", table(&exchange.arguments));
    Some(out.into())
}

fn queue(node: &Node) -> Option<Json> {
    let NodeKind::Queue(queue) = &node.kind else {
        return None;
    };
    // An exclusive queue lives no longer than its connection; RabbitMQ does not export it either.
    if !queue.declared || queue.exclusive {
        return None;
    }
    let out = JsonObject::new()
        .with("name", node.name.as_str())
        .with("vhost", node.vhost.as_str())
        .with("durable", queue.durable)
        .with("auto_delete", queue.auto_delete)
        .with("arguments", table(&queue.arguments));
    Some(out.into())
}

fn binding(from: &Node, to: &Node, kind: &EdgeKind) -> Option<Json> {
    let EdgeKind::Binding {
        binding_key,
        arguments,
    } = kind
    else {
        return None;
    };
    if let NodeKind::Queue(_) = &to.kind {
        queue(to)?;
    }
    let out = JsonObject::new()
        .with("source", from.name.as_str())
        .with("vhost", from.vhost.as_str())
        .with("destination", to.name.as_str())
        .with("destination_type", to.kind.shape().word())
        .with("routing_key", binding_key.as_str())
        .with("arguments", table(arguments));
    Some(out.into())
}
