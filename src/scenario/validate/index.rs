//! What stands where, looked up once, so that checking a document is not quadratic.
//!
//! Deliberately not here: the checks.

use crate::scenario::{EdgeKind, Node, Scenario, Shape};
use crate::types::{NodeId, Profile, SortedMap};
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Index<'a> {
    pub(super) profile: Profile,
    names: BTreeMap<(&'a str, Shape, &'a str), usize>,
    published_to: BTreeSet<NodeId>,
    publishers: BTreeSet<NodeId>,
    routes: BTreeSet<NodeId>,
    consumers: SortedMap<NodeId, Vec<&'a Node>>,
    consuming: BTreeSet<NodeId>,
    with_producers: BTreeSet<&'a str>,
}

impl<'a> Index<'a> {
    pub(super) fn new(scenario: &'a Scenario) -> Self {
        let mut index = Self {
            profile: scenario.profile,
            names: BTreeMap::new(),
            published_to: BTreeSet::new(),
            publishers: BTreeSet::new(),
            routes: BTreeSet::new(),
            consumers: SortedMap::new(),
            consuming: BTreeSet::new(),
            with_producers: BTreeSet::new(),
        };
        for node in scenario.nodes.values() {
            let vhost = node.vhost.as_str();
            let shape = node.kind.shape();
            *index.names.entry((vhost, shape, &node.name)).or_default() += 1;
            if shape == Shape::Producer {
                index.with_producers.insert(vhost);
            }
        }
        for edge in scenario.edges.values() {
            match edge.kind {
                EdgeKind::Publish => {
                    index.publishers.insert(edge.from);
                    index.published_to.insert(edge.to);
                }
                EdgeKind::Binding { .. } => {
                    index.routes.insert(edge.from);
                }
                EdgeKind::Consume => {
                    index.consuming.insert(edge.to);
                    if let Some(consumer) = scenario.node(edge.to) {
                        index.consumers.or_default(edge.from).push(consumer);
                    }
                }
            }
        }
        index
    }

    /// Whether an exchange or queue of that name stands on the virtual host of `node`.
    pub(super) fn exists(&self, node: &Node, shape: Shape, name: &str) -> bool {
        self.names.contains_key(&(node.vhost.as_str(), shape, name))
    }

    /// Whether another of its shape has its name.
    pub(super) fn twice(&self, node: &Node) -> bool {
        let key = (node.vhost.as_str(), node.kind.shape(), node.name.as_str());
        // The broker makes a name of its own for each queue without one.
        let made = node.name.is_empty() && node.kind.shape() == Shape::Queue;
        !made && self.names.get(&key).is_some_and(|count| *count > 1)
    }

    pub(super) fn published_to(&self, node: NodeId) -> bool {
        self.published_to.contains(&node)
    }

    pub(super) fn publishes(&self, node: NodeId) -> bool {
        self.publishers.contains(&node)
    }

    pub(super) fn routes(&self, node: NodeId) -> bool {
        self.routes.contains(&node)
    }

    pub(super) fn consumers_of(&self, queue: NodeId) -> &[&'a Node] {
        self.consumers.get(&queue).map_or(&[], Vec::as_slice)
    }

    pub(super) fn consumes(&self, node: NodeId) -> bool {
        self.consuming.contains(&node)
    }

    /// Whether anything is published on the virtual host of `node` at all.
    pub(super) fn is_loaded(&self, node: &Node) -> bool {
        self.with_producers.contains(node.vhost.as_str())
    }
}
