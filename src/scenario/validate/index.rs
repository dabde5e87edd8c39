//! What stands where, looked up once, so that checking a document is not quadratic.
//!
//! Deliberately not here: the checks.

use crate::scenario::names::Names;
use crate::scenario::{EdgeKind, Node, Scenario, Shape};
use crate::types::{NodeId, NodeSet, Profile, SortedMap};
use std::rc::Rc;

pub(super) struct Index<'a> {
    pub(super) profile: Profile,
    names: Names<'a>,
    published_to: NodeSet,
    publishers: NodeSet,
    routes: NodeSet,
    consumers: SortedMap<NodeId, Vec<&'a Node>>,
    consuming: NodeSet,
}

impl<'a> Index<'a> {
    pub(super) fn new(scenario: &'a Scenario) -> Self {
        let mut index = Self {
            profile: scenario.profile,
            names: Names::new(scenario.nodes.values().map(Rc::as_ref)),
            published_to: NodeSet::new(),
            publishers: NodeSet::new(),
            routes: NodeSet::new(),
            consumers: SortedMap::new(),
            consuming: NodeSet::new(),
        };
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
        !self.names.find(&node.vhost, shape, name).is_empty()
    }

    /// Whether another of its shape has its name.
    pub(super) fn twice(&self, node: &Node) -> bool {
        let shape = node.kind.shape();
        // The broker makes a name of its own for each queue without one.
        let made = node.name.is_empty() && shape == Shape::Queue;
        !made && self.names.find(&node.vhost, shape, &node.name).len() > 1
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
        self.names.has_any(&node.vhost, Shape::Producer)
    }
}
