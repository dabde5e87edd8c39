//! Copy, paste, duplicate.
//!
//! Deliberately not here: the system's clipboard; nodes are copied within the page.

use super::{App, Clipboard, Request};
use crate::editor::Selection;
use crate::scenario::{Edge, Edit, Node, Point};
use crate::types::{NodeId, NodeSet, SortedMap};

/// Stage units each further paste is moved by.
const PASTE_STEP: i32 = 32;

impl App {
    fn picked(&self, nodes: &NodeSet) -> (Vec<Node>, Vec<Edge>) {
        let scenario = self.scenario();
        let picked = nodes
            .iter()
            .filter_map(|id| scenario.node(*id).cloned())
            .collect();
        let edges = scenario
            .edges
            .values()
            .filter(|edge| nodes.contains(&edge.from) && nodes.contains(&edge.to))
            .map(|edge| Edge::clone(edge))
            .collect();
        (picked, edges)
    }

    pub(super) fn copy(&mut self) {
        let (nodes, edges) = self.picked(&self.editor.selection.nodes().clone());
        let words = self.words();
        self.announce(words.say_copied(nodes.len()));
        self.clipboard = Clipboard {
            nodes,
            edges,
            pasted: 0,
        };
    }

    pub(super) fn paste(&mut self) {
        self.clipboard.pasted = self.clipboard.pasted.saturating_add(1);
        let by = PASTE_STEP.saturating_mul(i32::try_from(self.clipboard.pasted).unwrap_or(1));
        let (nodes, edges) = (self.clipboard.nodes.clone(), self.clipboard.edges.clone());
        self.insert_copies(nodes, edges, Point { x: by, y: by });
    }

    pub(super) fn duplicate(&mut self, nodes: &NodeSet, dx: f64, dy: f64) {
        let (nodes, edges) = self.picked(nodes);
        let by = Point::from(crate::editor::Spot::new(dx, dy));
        self.insert_copies(nodes, edges, by);
    }

    /// Puts copies on the virtual host that is shown, with names of their own, and selects them.
    fn insert_copies(&mut self, mut nodes: Vec<Node>, mut edges: Vec<Edge>, by: Point) {
        // Ids above all that exist, so that lines among the copies join the copies.
        let first = self.scenario().next_node_id().0;
        let mut renumbered = SortedMap::new();
        let mut draft = crate::scenario::Scenario::clone(self.scenario());
        for (offset, node) in (0..).zip(&mut nodes) {
            let id = NodeId(first.saturating_add(offset));
            renumbered.insert(node.id, id);
            node.id = id;
            node.vhost = self.vhost.clone();
            node.position.x = node.position.x.saturating_add(by.x);
            node.position.y = node.position.y.saturating_add(by.y);
            node.name = copy_name(&draft, node);
            draft.nodes.insert(id, std::rc::Rc::new(node.clone()));
        }
        for edge in &mut edges {
            if let (Some(from), Some(to)) = (renumbered.get(&edge.from), renumbered.get(&edge.to)) {
                (edge.from, edge.to) = (*from, *to);
            }
        }
        if let Some(applied) = self.edit(&Edit::Insert { nodes, edges }) {
            // Keys go to what has the focus, which are the copies now.
            if let Some(first) = applied.nodes.first() {
                self.request(Request::Focus(*first));
            }
            self.select(Selection::of_nodes(applied.nodes));
        }
    }
}

/// The node's name, or the next free `name-2`, `name-3` ... of its kind on its virtual host.
fn copy_name(scenario: &crate::scenario::Scenario, node: &Node) -> String {
    let taken = |name: &str| {
        scenario.nodes.values().any(|other| {
            other.name == name
                && other.vhost == node.vhost
                && other.kind.shape() == node.kind.shape()
        })
    };
    if !taken(&node.name) {
        return node.name.clone();
    }
    let stem = node
        .name
        .rsplit_once('-')
        .filter(|(_, number)| number.parse::<u32>().is_ok())
        .map_or(node.name.as_str(), |(stem, _)| stem);
    (2_u32..)
        .map(|number| format!("{stem}-{number}"))
        .find(|name| !taken(name))
        .unwrap_or_default()
}
