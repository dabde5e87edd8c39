//! Where every box and line of one virtual host stands, ready for drawing and hit tests.
//!
//! Made anew from the document when that changes; a drag only shifts it. Deliberately not here: which
//! part is seen, and what is selected.

use crate::editor::edge_path::Course;
use crate::editor::geometry::{HANDLE_REACH, has_entry, has_exit, rect_of};
use crate::editor::room::Places;
use crate::editor::{PathGeometry, Rect, Spot};
use crate::scenario::names::Names;
use crate::scenario::{Node, NodeKind, Scenario, Shape};
use crate::types::{EdgeId, NodeId, NodeSet, SortedMap, VhostName, order_of, set_of};
use std::cell::OnceCell;
use std::fmt;

/// Which line: one of the document, or one that follows from an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKey {
    /// An edge of the document.
    Edge(EdgeId),
    /// From a queue to its dead-letter exchange, or straight to the queue the default exchange would
    /// route to.
    DeadLetter(NodeId),
    /// From an exchange to its alternate exchange.
    Alternate(NodeId),
}

impl fmt::Display for EdgeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edge(edge) => write!(f, "edge-{edge}"),
            Self::DeadLetter(node) => write!(f, "dead-letter-{node}"),
            Self::Alternate(node) => write!(f, "alternate-{node}"),
        }
    }
}

impl EdgeKey {
    /// A number in the order of the keys.
    #[must_use]
    pub const fn rank(self) -> i64 {
        let (kind, id) = match self {
            Self::Edge(id) => (0, id.0),
            Self::DeadLetter(id) => (1, id.0),
            Self::Alternate(id) => (2, id.0),
        };
        (kind << 32) + id as i64
    }
}

/// A box and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneNode {
    /// Which node.
    pub id: NodeId,
    /// Its box.
    pub rect: Rect,
    /// Shows a connection point on the right.
    pub has_exit: bool,
    /// Shows one on the left.
    pub has_entry: bool,
}

/// A line and its course.
#[derive(Debug, Clone)]
pub struct SceneEdge {
    /// Which.
    pub key: EdgeKey,
    /// From which node.
    pub from: NodeId,
    /// To which node.
    pub to: NodeId,
    course: Course,
    index: usize,
    count: usize,
    path: OnceCell<PathGeometry>,
}

/// What is under the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// Bare stage.
    Nothing,
    /// A box.
    Node(NodeId),
    /// The connection point on the right of a box.
    Exit(NodeId),
    /// A line or its chip.
    Edge(EdgeKey),
}

/// Boxes and lines of one virtual host.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    nodes: SortedMap<NodeId, SceneNode>,
    edges: Vec<SceneEdge>,
    touching: SortedMap<NodeId, Vec<usize>>,
    index: SortedMap<EdgeKey, usize>,
    shifted: Option<Shift>,
}

#[derive(Debug, Clone, PartialEq)]
struct Shift {
    nodes: NodeSet,
    dx: f64,
    dy: f64,
}

/// CSS pixels a pointer may be off a line.
const LINE_REACH: f64 = 9.0;
/// Half the size of a chip in stage units, for hit tests.
const CHIP_REACH: (f64, f64) = (28.0, 13.0);
/// A line bends at most so far out of the boxes it joins; a quick test before the exact one.
const BEND_REACH: f64 = 240.0;

impl Scene {
    /// The boxes and lines of `vhost`.
    #[must_use]
    pub fn new(scenario: &Scenario, vhost: &VhostName) -> Self {
        let nodes: SortedMap<NodeId, SceneNode> = scenario
            .nodes
            .values()
            .filter(|node| node.vhost == *vhost)
            .map(|node| {
                let scene_node = SceneNode {
                    id: node.id,
                    rect: rect_of(node),
                    has_exit: has_exit(&node.kind),
                    has_entry: has_entry(&node.kind),
                };
                (node.id, scene_node)
            })
            .collect();
        let touching = nodes.keys().map(|id| (*id, Vec::new())).collect();
        let mut scene = Self {
            nodes,
            touching,
            ..Self::default()
        };
        for edge in scenario.edges.values() {
            scene.add(EdgeKey::Edge(edge.id), edge.from, edge.to, Course::Forward);
        }
        scene.add_argument_lines(scenario);
        scene.fan_out();
        scene
    }

    fn add(&mut self, key: EdgeKey, from: NodeId, to: NodeId, course: Course) {
        if !(self.nodes.contains_key(&from) && self.nodes.contains_key(&to)) {
            return;
        }
        let position = self.edges.len();
        self.edges.push(SceneEdge {
            key,
            from,
            to,
            course,
            index: 0,
            count: 1,
            path: OnceCell::new(),
        });
        self.index.insert(key, position);
        self.touching.or_default(from).push(position);
        if to != from {
            self.touching.or_default(to).push(position);
        }
    }

    fn add_argument_lines(&mut self, scenario: &Scenario) {
        let nodes = self.nodes.keys().filter_map(|id| scenario.node(*id));
        let names = Names::new(nodes);
        let named = |beside: &Node, shape, name: &str| {
            // Of several the last.
            let found = names.find(&beside.vhost, shape, name).last();
            found.map(|node| node.id)
        };
        let mut found = Vec::new();
        for id in self.nodes.keys() {
            let Some(node) = scenario.node(*id) else {
                continue;
            };
            match &node.kind {
                NodeKind::Queue(queue) => {
                    let text = |key| queue.arguments.get(key).and_then(|value| value.as_text());
                    let Some(name) = text("x-dead-letter-exchange") else {
                        continue;
                    };
                    let key = text("x-dead-letter-routing-key");
                    let to = named(node, Shape::Exchange, name).or_else(|| {
                        key.filter(|_| name.is_empty())
                            .and_then(|key| named(node, Shape::Queue, key))
                    });
                    found.extend(to.map(|to| (EdgeKey::DeadLetter(*id), *id, to)));
                }
                NodeKind::Exchange(exchange) => {
                    let to = exchange
                        .arguments
                        .get("alternate-exchange")
                        .and_then(|value| value.as_text())
                        .and_then(|name| named(node, Shape::Exchange, name));
                    found.extend(to.map(|to| (EdgeKey::Alternate(*id), *id, to)));
                }
                NodeKind::Producer(_) | NodeKind::Consumer(_) => {}
            }
        }
        for (key, from, to) in found {
            self.add(key, from, to, Course::Side);
        }
    }

    /// Numbers the lines between each pair of boxes, whichever way they run.
    fn fan_out(&mut self) {
        let pair = |edge: &SceneEdge| {
            let (low, high) = (edge.from.min(edge.to), edge.from.max(edge.to));
            ((u64::from(low.0) << 32) | u64::from(high.0)).cast_signed()
        };
        for course in [Course::Forward, Course::Side] {
            let of_course = self.edges.iter_mut().filter(|edge| edge.course == course);
            let mut lines: Vec<&mut SceneEdge> = of_course.collect();
            let pairs: Vec<i64> = lines.iter().map(|line| pair(line)).collect();
            // Lines of one pair stand beside each other in this order.
            let order = order_of(pairs.iter().copied());
            for beside in order.chunk_by(|a, b| pairs[*a] == pairs[*b]) {
                for (index, line) in beside.iter().enumerate() {
                    (lines[*line].index, lines[*line].count) = (index, beside.len());
                }
            }
        }
    }

    /// Every box, by id.
    pub fn nodes(&self) -> impl Iterator<Item = &SceneNode> {
        self.nodes.values()
    }

    /// How many boxes.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the box is here.
    #[must_use]
    pub fn has(&self, node: NodeId) -> bool {
        self.nodes.contains_key(&node)
    }

    /// The box of a node, where a drag has it now.
    #[must_use]
    pub fn rect(&self, node: NodeId) -> Option<Rect> {
        let rect = self.nodes.get(&node)?.rect;
        Some(match &self.shifted {
            Some(shift) if shift.nodes.contains(&node) => rect.moved(shift.dx, shift.dy),
            Some(_) | None => rect,
        })
    }

    /// Every line.
    pub fn edges(&self) -> impl Iterator<Item = &SceneEdge> {
        self.edges.iter()
    }

    /// One line.
    #[must_use]
    pub fn edge(&self, key: EdgeKey) -> Option<&SceneEdge> {
        self.edges.get(*self.index.get(&key)?)
    }

    /// Lines that begin or end at a box.
    pub fn edges_at(&self, node: NodeId) -> impl Iterator<Item = &SceneEdge> {
        self.touching
            .get(&node)
            .into_iter()
            .flatten()
            .filter_map(|position| self.edges.get(*position))
    }

    /// The course of a line.
    #[must_use]
    pub fn path<'a>(&'a self, edge: &'a SceneEdge) -> &'a PathGeometry {
        edge.path.get_or_init(|| {
            // Lines are only added between boxes that are here.
            let from = self.rect(edge.from).unwrap_or_default();
            let to = self.rect(edge.to).unwrap_or_default();
            PathGeometry::between(&from, &to, edge.course, edge.index, edge.count)
        })
    }

    /// Whether any of a line can lie in `seen`; never `false` when it does.
    #[must_use]
    pub fn may_touch(&self, edge: &SceneEdge, seen: &Rect) -> bool {
        match (self.rect(edge.from), self.rect(edge.to)) {
            (Some(from), Some(to)) => from.joined(&to).grown(BEND_REACH).overlaps(seen),
            _ => false,
        }
    }

    /// The smallest rectangle round all boxes.
    #[must_use]
    pub fn bounds(&self) -> Option<Rect> {
        self.nodes
            .keys()
            .filter_map(|id| self.rect(*id))
            .reduce(|bounds, rect| bounds.joined(&rect))
    }

    /// The smallest rectangle round some boxes.
    #[must_use]
    pub fn bounds_of(&self, nodes: &NodeSet) -> Option<Rect> {
        nodes
            .iter()
            .filter_map(|id| self.rect(*id))
            .reduce(|bounds, rect| bounds.joined(&rect))
    }

    /// Shows some boxes moved, as a drag does; `None` puts all back.
    pub fn shift(&mut self, nodes: Option<(&NodeSet, f64, f64)>) {
        let before = self.shifted.take();
        self.shifted = nodes.map(|(nodes, dx, dy)| Shift {
            nodes: nodes.clone(),
            dx,
            dy,
        });
        let moved = [before.as_ref(), self.shifted.as_ref()];
        for node in moved.into_iter().flatten().flat_map(|shift| &shift.nodes) {
            for position in self.touching.get(node).into_iter().flatten() {
                if let Some(edge) = self.edges.get_mut(*position) {
                    edge.path = OnceCell::new();
                }
            }
        }
    }

    /// What is under a spot; boxes lie over lines, later boxes over earlier ones.
    #[must_use]
    pub fn hit(&self, spot: Spot, zoom: f64) -> Hit {
        let reach = HANDLE_REACH / zoom.clamp(0.25, 1.0);
        for node in self.nodes.values().rev() {
            let Some(rect) = self.rect(node.id) else {
                continue;
            };
            if !rect.grown(reach).contains(spot) {
                continue;
            }
            if node.has_exit && rect.exit().distance(spot) <= reach {
                return Hit::Exit(node.id);
            }
            if rect.contains(spot) {
                return Hit::Node(node.id);
            }
        }
        self.line_at(spot, zoom).map_or(Hit::Nothing, Hit::Edge)
    }

    fn line_at(&self, spot: Spot, zoom: f64) -> Option<EdgeKey> {
        let under = Rect::between(spot, spot);
        let mut best: Option<(f64, EdgeKey)> = None;
        for edge in self
            .edges
            .iter()
            .filter(|edge| self.may_touch(edge, &under))
        {
            let path = self.path(edge);
            let middle = path.point_at(0.5);
            let on_chip = libm::fabs(middle.x - spot.x) <= CHIP_REACH.0
                && libm::fabs(middle.y - spot.y) <= CHIP_REACH.1;
            let distance = if on_chip {
                middle.distance(spot) / CHIP_REACH.0
            } else {
                path.distance(spot)
            };
            if distance <= LINE_REACH / zoom && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, edge.key));
            }
        }
        best.map(|(_, key)| key)
    }

    /// Boxes that lie in `rect`, wholly or partly.
    #[must_use]
    pub fn nodes_in(&self, rect: &Rect) -> NodeSet {
        let ids = self.nodes.keys().copied();
        set_of(ids.filter(|id| self.rect(*id).is_some_and(|own| own.overlaps(rect))))
    }

    /// The nearest box from `from` in a direction, for the arrow keys: little to the side counts as
    /// much as twice the way ahead.
    #[must_use]
    pub fn neighbour(&self, from: NodeId, direction: Direction) -> Option<NodeId> {
        let start = self.rect(from)?.centre;
        self.nodes
            .keys()
            .filter(|id| **id != from)
            .filter_map(|id| {
                let centre = self.rect(*id)?.centre;
                let (dx, dy) = (centre.x - start.x, centre.y - start.y);
                let (ahead, aside) = match direction {
                    Direction::Left => (-dx, dy),
                    Direction::Right => (dx, dy),
                    Direction::Up => (-dy, dx),
                    Direction::Down => (dy, dx),
                };
                (ahead > 0.0 && libm::fabs(aside) <= 2.0 * ahead)
                    .then_some((ahead + 2.0 * libm::fabs(aside), *id))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(_, id)| id)
    }

    /// A place for a new box near `wanted` that overlaps no other: to the right and below in turn.
    #[must_use]
    pub fn free_spot(&self, wanted: Spot, size: (f64, f64)) -> Spot {
        let mut places = Places::new(wanted, size);
        for id in self.nodes.keys() {
            if let Some(rect) = self.rect(*id) {
                places.take(&rect);
            }
        }
        places.nearest_free().unwrap_or(wanted)
    }
}

/// Where an arrow key points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
}
