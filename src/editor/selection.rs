//! What is selected: some boxes, or one line, or nothing.
//!
//! Deliberately not here: what is done with it. It is never part of the document, so undo leaves it.

use crate::editor::{EdgeKey, Scene};
use crate::types::{NodeId, NodeSet, set_of};

/// Some boxes, or one line, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    nodes: NodeSet,
    edge: Option<EdgeKey>,
}

impl Selection {
    /// Exactly these boxes.
    #[must_use]
    pub fn of_nodes(nodes: impl IntoIterator<Item = NodeId>) -> Self {
        Self {
            nodes: set_of(nodes.into_iter()),
            edge: None,
        }
    }

    /// Exactly this line.
    #[must_use]
    pub const fn of_edge(edge: EdgeKey) -> Self {
        Self {
            nodes: NodeSet::new(),
            edge: Some(edge),
        }
    }

    /// Selected boxes.
    #[must_use]
    pub const fn nodes(&self) -> &NodeSet {
        &self.nodes
    }

    /// The selected line.
    #[must_use]
    pub const fn edge(&self) -> Option<EdgeKey> {
        self.edge
    }

    /// The selected box, when it is one alone.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        match self.nodes.len() {
            1 => self.nodes.first().copied(),
            _ => None,
        }
    }

    /// Whether nothing is selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.edge.is_none()
    }

    /// One box more, or one less.
    pub fn toggle(&mut self, node: NodeId) {
        self.edge = None;
        if !self.nodes.remove(&node) {
            self.nodes.insert(node);
        }
    }

    /// Forgets what is no longer there.
    pub fn prune(&mut self, scene: &Scene) {
        self.nodes.retain(|node| scene.has(*node));
        if self.edge.is_some_and(|edge| scene.edge(edge).is_none()) {
            self.edge = None;
        }
    }
}
