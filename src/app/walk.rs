//! Going over the stage with keys: from box to box, from line to line, and the end of a line that is
//! being drawn.
//!
//! Deliberately not here: which key does which (`registry.rs`).

use super::{App, Request, link_meaning};
use crate::editor::scene::Direction;
use crate::editor::{EdgeKey, SceneEdge, Selection, Tool};
use crate::scenario::EdgeKind;
use crate::types::NodeId;

impl App {
    /// The arrow keys: to the nearest box; from a line to what it joins or to the next line; while a
    /// line is drawn, its end to the nearest box.
    pub(super) fn go(&mut self, direction: Direction) {
        if matches!(self.editor.tool(), Tool::Connecting { .. }) {
            return self.aim(direction);
        }
        if let Some(edge) = self.selected_edge() {
            let (from, to) = (edge.from, edge.to);
            return match direction {
                Direction::Left => self.go_to(from),
                Direction::Right => self.go_to(to),
                Direction::Up => self.go_to_edge(false),
                Direction::Down => self.go_to_edge(true),
            };
        }
        let from = self.editor.selection.nodes().first().copied();
        let next = match from {
            Some(from) => self.scene.neighbour(from, direction),
            None => self.scene.nodes().next().map(|node| node.id),
        };
        if let Some(node) = next {
            self.go_to(node);
        }
    }

    fn go_to(&mut self, node: NodeId) {
        self.select(Selection::of_nodes([node]));
        if let Some(rect) = self.scene.rect(node) {
            self.editor.viewport.bring_into_view(&rect);
        }
        self.request(Request::Focus(node));
    }

    fn aim(&mut self, direction: Direction) {
        let Tool::Connecting { from, target, .. } = *self.editor.tool() else {
            return;
        };
        let at = target.unwrap_or(from);
        if let Some(node) = self.scene.neighbour(at, direction) {
            self.editor.aim(node, &self.scene);
            let words = self.words();
            let said = match crate::scenario::link(self.scenario(), from, node) {
                Ok(kind) => words.hint_link_ok(
                    &self.node_name(from),
                    &self.node_name(node),
                    link_meaning(kind, words),
                ),
                Err(code) => self.refusal(code),
            };
            self.announce(said);
        }
    }

    /// The line that is selected.
    pub(super) fn selected_edge(&self) -> Option<&SceneEdge> {
        self.scene.edge(self.editor.selection.edge()?)
    }

    /// The box whose lines are gone through: the selected one, else the one the walk along the
    /// selected line began at.
    fn walked_node(&self) -> Option<NodeId> {
        let Some(edge) = self.selected_edge() else {
            return self.editor.selection.node();
        };
        let begun = self.walked;
        begun
            .filter(|node| *node == edge.to || *node == edge.from)
            .or(Some(edge.from))
    }

    /// Whether there are lines to go to from what is selected.
    pub(super) fn has_edges_here(&self) -> bool {
        self.walked_node()
            .is_some_and(|node| self.scene.edges_at(node).next().is_some())
    }

    /// Selects the next line (or the one before) of the box that is selected or was left last:
    /// first those that lead away from it, then those that come.
    pub(super) fn go_to_edge(&mut self, onward: bool) {
        let Some(node) = self.walked_node() else {
            return;
        };
        let away = self.scene.edges_at(node).filter(|edge| edge.from == node);
        let coming = self.scene.edges_at(node).filter(|edge| edge.from != node);
        let keys: Vec<EdgeKey> = away.chain(coming).map(|edge| edge.key).collect();
        let selected = self.editor.selection.edge();
        let at = keys.iter().position(|key| Some(*key) == selected);
        let next = match (at, onward) {
            (None, true) => 0,
            (None, false) => keys.len().saturating_sub(1),
            (Some(at), true) => (at + 1) % keys.len(),
            (Some(at), false) => (at + keys.len() - 1) % keys.len(),
        };
        if let Some(key) = keys.get(next).copied() {
            self.walked = Some(node);
            self.select(Selection::of_edge(key));
            self.request(Request::FocusEdge(key));
        }
    }

    /// Whether the selected line has settings of its own.
    pub(super) fn has_edge_fields(&self) -> bool {
        let Some(EdgeKey::Edge(edge)) = self.editor.selection.edge() else {
            return false;
        };
        let kind = self.scenario().edge(edge).map(|edge| &edge.kind);
        matches!(kind, Some(EdgeKind::Binding { .. }))
    }

    /// Moves what is selected by so many stage units.
    pub(super) fn nudge(&mut self, dx: f64, dy: f64) {
        let nodes = self.editor.selection.nodes().clone();
        self.move_by(&nodes, dx, dy);
    }
}
