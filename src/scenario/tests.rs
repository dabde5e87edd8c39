//! What documents promise.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod edits;
mod files;
mod histories;
mod json;
mod loads;
mod problems;
mod random;

use super::*;
use crate::types::{BindingKey, FieldTable};

/// The first line keeps `test` in use under wasm, where it renames an import.
#[test]
fn a_fresh_document_has_the_one_virtual_host() {
    assert_eq!(Scenario::new().vhosts, [slash()]);
}

fn slash() -> VhostName {
    VhostName::truncated("/")
}

/// Adds a node with a fresh name.
fn add(scenario: &mut Scenario, kind: NodeKind) -> NodeId {
    let edit = Edit::AddNode {
        kind,
        name: None,
        vhost: slash(),
        position: Point::default(),
    };
    scenario.apply(&edit).expect("a node fits").nodes[0]
}

fn connect(scenario: &mut Scenario, from: NodeId, to: NodeId) -> Result<EdgeId, Problem> {
    let kind = None;
    let applied = scenario.apply(&Edit::Connect { from, to, kind })?;
    Ok(applied.edges.first().copied().unwrap_or_default())
}

fn bind(scenario: &mut Scenario, from: NodeId, to: NodeId, key: &str) -> Result<EdgeId, Problem> {
    let kind = Some(EdgeKind::Binding {
        binding_key: BindingKey::truncated(key),
        arguments: FieldTable::new(),
    });
    Ok(scenario.apply(&Edit::Connect { from, to, kind })?.edges[0])
}

/// producer -> exchange -> queue -> consumer.
fn row() -> (Scenario, [NodeId; 4]) {
    let mut scenario = Scenario::new();
    let nodes = [
        NodeKind::Producer(Producer::default()),
        NodeKind::Exchange(Exchange::default()),
        NodeKind::Queue(Queue::default()),
        NodeKind::Consumer(Consumer::default()),
    ]
    .map(|kind| add(&mut scenario, kind));
    for pair in nodes.windows(2) {
        connect(&mut scenario, pair[0], pair[1]).expect("a link along the row");
    }
    (scenario, nodes)
}
