//! What stands on the stage, as the page draws it: boxes and lines within view.
//!
//! Only so many boxes are elements of the page; the rest is handed over as plain marks. Deliberately
//! not here: messages, and numbers that change while it runs.

use super::describe;
use super::view::{Cursor, EdgeView, NodeView, StageView};
use super::{App, problem_text};
use crate::editor::scene::Hit;
use crate::editor::tool::owner_of;
use crate::editor::{EdgeKey, PathGeometry, Rect, SceneEdge, Spot, Tool};
use crate::types::{NodeId, order_of, set_of};

/// Boxes that are elements of the page; more would make it slow, and could not be read.
pub const DOM_NODES_MAX: usize = 300;
/// Lines that are elements of the page.
const DOM_EDGES_MAX: usize = 600;
/// Below this zoom nothing in a box can be read, so all but the selected are plain marks.
const LEGIBLE_ZOOM: f64 = 0.12;
/// Stage units round the view within which boxes are kept, so that panning does not flicker.
const MARGIN: f64 = 120.0;
/// Names of neighbours that a description lists.
const NEIGHBOURS_MAX: usize = 4;

impl App {
    /// Boxes and lines; rebuilt only when something in it changed.
    pub fn stage(&mut self) -> &StageView {
        self.follow_wire();
        if self.stage_dirty {
            self.stage_dirty = false;
            self.refresh_problems();
            let version = self.stage.version + 1;
            self.stage = self.build_stage(version);
        }
        &self.stage
    }

    /// Boxes that are elements of the page now.
    pub(super) fn shown_nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.stage.nodes.iter().map(|node| node.id)
    }

    fn build_stage(&self, version: u64) -> StageView {
        let viewport = &self.editor.viewport;
        let seen = viewport.seen().grown(MARGIN / viewport.zoom.min(1.0));
        let (near, far) = self.split_nodes(&seen);
        let verdict = self.editor.link_verdict(self.scenario());
        StageView {
            version,
            nodes: near.iter().filter_map(|id| self.node_view(*id)).collect(),
            edges: self.edge_views(&seen, &near),
            distant: far
                .iter()
                .filter_map(|id| {
                    let rect = self.scene.rect(*id)?;
                    let shape = describe::shape_of(&self.shown().node(*id)?.kind);
                    let centre = rect.centre;
                    Some((centre.x, centre.y, rect.width, rect.height, shape))
                })
                .collect(),
            pan_x: viewport.pan_x,
            pan_y: viewport.pan_y,
            zoom: viewport.zoom,
            preview: self.preview(verdict.is_none_or(|verdict| verdict.is_ok())),
            marquee: match self.editor.tool() {
                Tool::Brushing { start, to, .. } => {
                    let rect = Rect::between(*start, *to);
                    Some((rect.left(), rect.top(), rect.width, rect.height))
                }
                _ => None,
            },
            ghost: match self.editor.tool() {
                Tool::Placing { item, at: Some(at) } => {
                    Some((at.x, at.y, describe::shape_of(&item.kind())))
                }
                _ => None,
            },
            hint: self.hint_text(),
            cursor: self.cursor(),
            total_nodes: self.scene.node_count(),
        }
    }

    /// Boxes to show as elements, in a stable order, and those to show as marks.
    fn split_nodes(&self, seen: &Rect) -> (Vec<NodeId>, Vec<NodeId>) {
        let selected = self.editor.selection.nodes();
        let in_view = |id: &NodeId| {
            let rect = self.scene.rect(*id);
            rect.is_some_and(|rect| rect.overlaps(seen))
        };
        let visible: Vec<NodeId> = self
            .scene
            .nodes()
            .map(|node| node.id)
            .filter(in_view)
            .collect();
        let legible = self.editor.viewport.zoom >= LEGIBLE_ZOOM || visible.len() <= 20;
        if visible.len() <= DOM_NODES_MAX && legible {
            return (visible, Vec::new());
        }
        // The selected stay elements; then those with most lines, which are what others hang on.
        let order = order_of(visible.iter().map(|id| {
            let lines = self.scene.edges_at(*id).count() as i64;
            if selected.contains(id) {
                i64::MIN
            } else {
                -lines
            }
        }));
        let room = if legible {
            DOM_NODES_MAX
        } else {
            selected.len().min(DOM_NODES_MAX)
        };
        let near = set_of(order.into_iter().take(room).map(|index| visible[index]));
        visible.into_iter().partition(|id| near.contains(id))
    }

    fn node_view(&self, id: NodeId) -> Option<NodeView> {
        let words = self.words();
        let problem = self.problem_of(id);
        let node = self.shown().node(id)?;
        let rect = self.scene.rect(id)?;
        let shape = describe::shape_of(&node.kind);
        let label = describe::name_of(node, words);
        let detail = describe::detail(node, words);
        let mut description =
            words.describe_node(describe::kind_name(shape, words), &label, &detail);
        description += &self.describe_links(id);
        if let Some(problem) = &problem {
            description += &words.describe_problem(problem);
        }
        Some(NodeView {
            id,
            shape,
            label,
            detail,
            x: rect.centre.x,
            y: rect.centre.y,
            width: rect.width,
            height: rect.height,
            selected: self.editor.selection.nodes().contains(&id),
            link_target: match self.editor.aimed() {
                Some((_, target)) if target == id => self
                    .editor
                    .link_verdict(self.scenario())
                    .map(|verdict| verdict.is_ok()),
                Some(_) | None => None,
            },
            problem,
            description,
        })
    }

    fn describe_links(&self, id: NodeId) -> String {
        let words = self.words();
        let names = |outward: bool| {
            let mut names: Vec<String> = self
                .scene
                .edges_at(id)
                .filter(|edge| {
                    if outward {
                        edge.from == id
                    } else {
                        edge.to == id
                    }
                })
                .take(NEIGHBOURS_MAX + 1)
                .map(|edge| if outward { edge.to } else { edge.from })
                .map(|other| describe::name(self.shown(), other, words))
                .collect();
            if names.len() > NEIGHBOURS_MAX {
                names.truncate(NEIGHBOURS_MAX);
                names.push("…".to_owned());
            }
            if names.is_empty() {
                words.nowhere().to_owned()
            } else {
                names.join(", ")
            }
        };
        words.describe_links(&names(true), &names(false))
    }

    fn edge_views(&self, seen: &Rect, near: &[NodeId]) -> Vec<EdgeView> {
        let near = set_of(near.iter().copied());
        let selected = self.editor.selection.edge();
        // Lines between boxes that are shown; then, with room left, lines that lead out of view.
        // Only lines at shown boxes are looked at, however many there are in all.
        let mut shown: Vec<&SceneEdge> = Vec::new();
        let mut leading: Vec<&SceneEdge> = Vec::new();
        for node in &near {
            for edge in self.scene.edges_at(*node) {
                let inside = near.contains(&edge.from) && near.contains(&edge.to);
                if Some(edge.key) == selected {
                    continue;
                }
                if inside && edge.from == *node && self.scene.may_touch(edge, seen) {
                    shown.push(edge);
                } else if !inside && leading.len() < DOM_EDGES_MAX {
                    leading.push(edge);
                }
            }
        }
        shown.extend(leading);
        shown.truncate(DOM_EDGES_MAX);
        shown.extend(selected.and_then(|key| self.scene.edge(key)));
        let order = order_of(shown.iter().map(|edge| edge.key.rank())).into_iter();
        order.map(|index| self.edge_view(shown[index])).collect()
    }

    fn edge_view(&self, edge: &SceneEdge) -> EdgeView {
        let words = self.words();
        let path = self.scene.path(edge);
        let middle = path.point_at(0.5);
        let id = match edge.key {
            EdgeKey::Edge(id) => Some(id),
            EdgeKey::DeadLetter(_) | EdgeKey::Alternate(_) => None,
        };
        let settings = id.and_then(|id| self.shown().edge(id));
        let shape = describe::edge_shape(edge.key, settings);
        let label = describe::chip(shape, settings, words);
        let kind = describe::edge_name(shape, words);
        let from = describe::name(self.shown(), edge.from, words);
        let to = describe::name(self.shown(), edge.to, words);
        EdgeView {
            key: edge.key,
            shape,
            from: edge.from,
            to: edge.to,
            path: path.svg(),
            description: if label.is_empty() {
                words.describe_edge(kind, &from, &to)
            } else {
                words.describe_edge_key(kind, &from, &to, &label)
            },
            label,
            label_x: middle.x,
            label_y: middle.y,
            selected: self.editor.selection.edge() == Some(edge.key),
        }
    }

    fn preview(&self, allowed: bool) -> Option<(String, bool)> {
        let Tool::Connecting { from, to, .. } = self.editor.tool() else {
            return None;
        };
        let rect = self.scene.rect(*from)?;
        Some((PathGeometry::preview(&rect, *to).svg(), allowed))
    }

    fn cursor(&self) -> Cursor {
        match self.editor.tool() {
            Tool::Idle => match self.editor.hover() {
                Hit::Node(_) => Cursor::Grab,
                Hit::Exit(_) => Cursor::Cross,
                Hit::Nothing | Hit::Edge(_) => Cursor::Arrow,
            },
            Tool::Pointing { .. } => Cursor::Arrow,
            Tool::Dragging { .. } | Tool::Panning { .. } | Tool::Pinching => Cursor::Grabbing,
            Tool::Brushing { .. } | Tool::Placing { .. } => Cursor::Cross,
            Tool::Connecting { .. } => match self.editor.link_verdict(self.scenario()) {
                Some(Err(_)) => Cursor::Refused,
                Some(Ok(_)) | None => Cursor::Cross,
            },
        }
    }

    /// What the tool in hand says to do next, or why a link is refused.
    fn hint_text(&self) -> String {
        let words = self.words();
        match self.editor.tool() {
            Tool::Connecting { .. } => match (
                self.editor.link_verdict(self.scenario()),
                self.editor.aimed(),
            ) {
                (Some(Err(code)), _) => self.refusal(code),
                (Some(Ok(kind)), Some((from, to))) => words.hint_link_ok(
                    &describe::name(self.scenario(), from, words),
                    &describe::name(self.scenario(), to, words),
                    super::link_meaning(kind, words),
                ),
                (Some(Ok(_)) | None, _) => words.hint_connecting().to_owned(),
            },
            Tool::Placing { .. } => words.hint_placing().to_owned(),
            Tool::Dragging { .. } => words.hint_dragging().to_owned(),
            Tool::Brushing { .. } => words.hint_brushing().to_owned(),
            Tool::Panning { .. } | Tool::Pinching => words.hint_panning().to_owned(),
            Tool::Idle | Tool::Pointing { .. } => match &self.hint {
                Some(hint) => hint.clone(),
                None if self.scene.node_count() == 0 => words.hint_empty().to_owned(),
                None => words.hint_idle().to_owned(),
            },
        }
    }

    /// The worst problem of a node, as a sentence.
    fn problem_of(&self, node: NodeId) -> Option<String> {
        let index = self.worst_problems.get(&node)?;
        let problem = self.document_problems.get(*index)?;
        Some(problem_text(problem, self.words()))
    }

    /// The node a selected line that follows from an argument belongs to.
    pub(super) fn selected_owner(&self) -> Option<NodeId> {
        self.editor.selection.edge().and_then(owner_of)
    }

    /// Where a new thing would stand: near the middle of what is seen, free of others.
    pub(super) fn free_spot(&self, size: (f64, f64)) -> Spot {
        let middle = self.editor.viewport.seen().centre;
        let on_grid = Spot::new(
            crate::editor::snap::to_grid(middle.x),
            crate::editor::snap::to_grid(middle.y),
        );
        self.scene.free_spot(on_grid, size)
    }
}
