//! From a document to a definitions file.
//!
//! Producers and consumers are no part of a broker's definitions, nor are queues that the document
//! leaves undeclared. Deliberately not here: reading one.

use crate::scenario::format::{pretty, table};
use crate::scenario::{EdgeKind, Node, NodeKind, Scenario};
use serde_json::{Map, Value, json};

/// The text of a definitions file that RabbitMQ can import and that imports to the same document.
#[must_use]
pub fn export(scenario: &Scenario) -> String {
    let mut out = Map::new();
    let carried = &scenario.carried;
    let shown = ["vhosts", "exchanges", "queues", "bindings"];
    for (key, value) in carried {
        if !shown.contains(&key.as_str()) {
            out.insert(key.clone(), value.clone());
        }
    }
    out.insert("vhosts".into(), Value::Array(vhosts(scenario)));
    let nodes =
        |pick: fn(&Node) -> Option<Value>| scenario.nodes.values().filter_map(move |n| pick(n));
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
        if let Some(Value::Array(more)) = carried.get(section) {
            entries.extend(more.iter().cloned());
        }
        out.insert(section.into(), Value::Array(entries));
    }
    pretty(&Value::Object(out))
}

/// Each virtual host with what the file said of it.
fn vhosts(scenario: &Scenario) -> Vec<Value> {
    let known = scenario.carried.get("vhosts").and_then(Value::as_array);
    let known = known.map_or(&[][..], Vec::as_slice);
    let entry = |name: &str| {
        let entry = known
            .iter()
            .find(|e| e.get("name").and_then(Value::as_str) == Some(name));
        entry.cloned().unwrap_or_else(|| json!({ "name": name }))
    };
    scenario
        .vhosts
        .iter()
        .map(|vhost| entry(vhost.as_str()))
        .collect()
}

fn exchange(node: &Node) -> Option<Value> {
    let NodeKind::Exchange(exchange) = &node.kind else {
        return None;
    };
    // The default exchange cannot be declared.
    if node.name.is_empty() {
        return None;
    }
    Some(json!({
        "name": node.name.as_str(),
        "vhost": node.vhost.as_str(),
        "type": exchange.exchange_type.name(),
        "durable": exchange.durable,
        "auto_delete": exchange.auto_delete,
        "internal": exchange.internal,
        "arguments": table(&exchange.arguments),
    }))
}

fn queue(node: &Node) -> Option<Value> {
    let NodeKind::Queue(queue) = &node.kind else {
        return None;
    };
    // An exclusive queue lives no longer than its connection; RabbitMQ does not export it either.
    if !queue.declared || queue.exclusive {
        return None;
    }
    Some(json!({
        "name": node.name.as_str(),
        "vhost": node.vhost.as_str(),
        "durable": queue.durable,
        "auto_delete": queue.auto_delete,
        "arguments": table(&queue.arguments),
    }))
}

fn binding(from: &Node, to: &Node, kind: &EdgeKind) -> Option<Value> {
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
    Some(json!({
        "source": from.name.as_str(),
        "vhost": from.vhost.as_str(),
        "destination": to.name.as_str(),
        "destination_type": to.kind.shape().word(),
        "routing_key": binding_key.as_str(),
        "arguments": table(arguments),
    }))
}
