//! Nodes by their names, for looking many of them up.
//!
//! Deliberately not here: the map of names an import keeps while nodes are added.

use super::{Node, Shape};
use crate::types::{VhostName, order_by};
use std::cmp::Ordering;

/// Nodes in the order of virtual host, shape and name; of one name in the order they were given.
pub(crate) struct Names<'a>(Vec<&'a Node>);

/// What nodes are ordered by.
type Key<'a> = (&'a str, Shape, &'a str);

fn key(node: &Node) -> Key<'_> {
    (node.vhost.as_str(), node.kind.shape(), &node.name)
}

impl<'a> Names<'a> {
    pub(crate) fn new(nodes: impl Iterator<Item = &'a Node>) -> Self {
        Self::of(nodes.collect())
    }

    fn of(nodes: Vec<&'a Node>) -> Self {
        let order = order_by(nodes.len(), &|a, b| key(nodes[a]).cmp(&key(nodes[b])));
        Self(order.into_iter().map(|at| nodes[at]).collect())
    }

    /// Those that come at this key or after it.
    fn from(&self, wanted: &Key<'_>) -> &[&'a Node] {
        let before = |node: &&Node| key(node).cmp(wanted) == Ordering::Less;
        &self.0[self.0.partition_point(before)..]
    }

    /// All of that virtual host, shape and name.
    pub(crate) fn find(&self, vhost: &VhostName, shape: Shape, name: &str) -> &[&'a Node] {
        let wanted = (vhost.as_str(), shape, name);
        let from = self.from(&wanted);
        &from[..from.partition_point(|node| key(node) == wanted)]
    }

    /// Whether any of that shape stands on that virtual host.
    pub(crate) fn has_any(&self, vhost: &VhostName, shape: Shape) -> bool {
        let first = self.from(&(vhost.as_str(), shape, "")).first();
        first.is_some_and(|node| node.vhost == *vhost && node.kind.shape() == shape)
    }
}
