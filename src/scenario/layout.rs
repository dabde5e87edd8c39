//! Where boxes stand when nobody has placed them: columns from producers on the left to consumers
//! on the right, what nothing joins in a grid below. The same document gives the same places, and
//! no two boxes overlap.
//!
//! Deliberately not here: how boxes are drawn. The cells are larger than any box, and a test
//! compares them with the page's sizes.

use super::{Node, Point, Scenario, Shape};
use crate::types::{NodeId, SortedMap, VhostName, order_of, set_of};

/// Room for one box of each kind with a gap round it, in stage units.
const PRODUCER_CELL: (i32, i32) = (240, 110);
const EXCHANGE_CELL: (i32, i32) = (230, 130);
const QUEUE_CELL: (i32, i32) = (250, 110);
const CONSUMER_CELL: (i32, i32) = (240, 120);
/// Between one column and the next, for the lines.
const COLUMN_GAP: i32 = 70;
/// A column longer than this is folded into a block.
const ROWS_MAX: usize = 40;

/// Room for one box of that shape with a gap round it: width and height.
#[must_use]
pub const fn cell(shape: Shape) -> (i32, i32) {
    match shape {
        Shape::Producer => PRODUCER_CELL,
        Shape::Exchange => EXCHANGE_CELL,
        Shape::Queue => QUEUE_CELL,
        Shape::Consumer => CONSUMER_CELL,
    }
}

/// A place for every node of one virtual host, in order of their ids.
#[must_use]
pub fn arrange(scenario: &Scenario, vhost: &VhostName) -> Vec<(NodeId, Point)> {
    let graph = Graph::new(scenario, vhost);
    let mut places: Places = graph.nodes.iter().map(|node| (node.id, None)).collect();
    let mut left = 0;
    let queues = graph.queues_in_order();
    // Rows of queues come first; everything else stands beside what it is joined to.
    let producers = graph.of(Shape::Producer);
    let layers = graph.exchange_layers();
    let queue_left = left
        + column_width(Shape::Producer, producers.len())
        + layers
            .iter()
            .map(|layer| column_width(Shape::Exchange, layer.len()))
            .sum::<i32>();
    stack(Shape::Queue, &queues, queue_left, &mut places);
    let mut right = queue_left;
    for layer in layers.iter().rev() {
        right -= column_width(Shape::Exchange, layer.len());
        beside(Shape::Exchange, layer, &graph.targets, right, &mut places);
    }
    beside(
        Shape::Producer,
        &producers,
        &graph.targets,
        left,
        &mut places,
    );
    left = queue_left + column_width(Shape::Queue, queues.len());
    let consumers = graph.of(Shape::Consumer);
    beside(
        Shape::Consumer,
        &consumers,
        &graph.sources,
        left,
        &mut places,
    );
    grid(&graph.loose_queues(), &mut places);
    let placed = places.into_iter();
    placed
        .filter_map(|(id, place)| Some((id, place?)))
        .collect()
}

/// Places every node of every virtual host.
pub(super) fn arrange_all(scenario: &mut Scenario) {
    for vhost in scenario.vhosts.clone() {
        for (id, position) in arrange(scenario, &vhost) {
            if let Some(node) = scenario.nodes.get_mut(&id) {
                std::rc::Rc::make_mut(node).position = position;
            }
        }
    }
}

/// Of each node the nodes it is joined to.
type Joined = SortedMap<NodeId, Vec<NodeId>>;
/// Of each node its place, once it has one.
type Places = SortedMap<NodeId, Option<Point>>;

fn joined_to(joined: &Joined, node: NodeId) -> &[NodeId] {
    joined.get(&node).map_or(&[], Vec::as_slice)
}

struct Graph<'a> {
    nodes: Vec<&'a Node>,
    /// Of every node, which may be none.
    targets: Joined,
    /// Of every node, which may be none.
    sources: Joined,
    shapes: SortedMap<NodeId, Shape>,
}

impl<'a> Graph<'a> {
    fn new(scenario: &'a Scenario, vhost: &VhostName) -> Self {
        let nodes: Vec<&Node> = scenario
            .nodes
            .values()
            .map(AsRef::as_ref)
            .filter(|node| node.vhost == *vhost)
            .collect();
        let shapes = nodes.iter().map(|n| (n.id, n.kind.shape())).collect();
        let mut targets: Joined = nodes.iter().map(|n| (n.id, Vec::new())).collect();
        let mut sources = targets.clone();
        for edge in scenario.edges.values() {
            let ends = (targets.get_mut(&edge.from), sources.get_mut(&edge.to));
            if let (Some(targets), Some(sources)) = ends {
                targets.push(edge.to);
                sources.push(edge.from);
            }
        }
        Self {
            nodes,
            targets,
            sources,
            shapes,
        }
    }

    fn of(&self, shape: Shape) -> Vec<NodeId> {
        self.nodes
            .iter()
            .filter(|node| node.kind.shape() == shape)
            .map(|node| node.id)
            .collect()
    }

    fn is_loose(&self, node: NodeId) -> bool {
        let joined = [&self.targets, &self.sources];
        joined
            .iter()
            .all(|joined| joined_to(joined, node).is_empty())
    }

    fn loose_queues(&self) -> Vec<NodeId> {
        let mut queues = self.of(Shape::Queue);
        queues.retain(|queue| self.is_loose(*queue));
        queues
    }

    /// Queues that are joined to something, those of one source together.
    fn queues_in_order(&self) -> Vec<NodeId> {
        let mut queues = self.of(Shape::Queue);
        queues.retain(|queue| !self.is_loose(*queue));
        let first_source = |queue: &NodeId| joined_to(&self.sources, *queue).iter().min();
        let keys = queues.iter().map(|queue| {
            let source = first_source(queue).map_or(u32::MAX, |source| source.0);
            i64::from(source)
        });
        let order = order_of(keys).into_iter();
        order.map(|index| queues[index]).collect()
    }

    /// Exchanges by how many bindings lie before them; those in a cycle by the first of it.
    fn exchange_layers(&self) -> Vec<Vec<NodeId>> {
        let exchanges = self.of(Shape::Exchange);
        let is_exchange = |id: &&NodeId| self.shapes.get(id) == Some(&Shape::Exchange);
        // Of each exchange how many stand before it that have no layer yet, and its layer.
        let mut layer_of: SortedMap<NodeId, (usize, usize)> = exchanges
            .iter()
            .map(|id| {
                let before = joined_to(&self.sources, *id);
                (*id, (before.iter().filter(is_exchange).count(), 0))
            })
            .collect();
        let mut waiting = set_of(exchanges.iter().copied());
        let mut ready = waiting.clone();
        ready.retain(|id| layer_of.get(id).is_some_and(|(before, _)| *before == 0));
        while let Some(id) = ready.pop_first().or_else(|| waiting.first().copied()) {
            if !waiting.remove(&id) {
                continue;
            }
            let here = layer_of.get(&id).map_or(0, |(_, layer)| *layer);
            for next in joined_to(&self.targets, id).iter().filter(is_exchange) {
                if waiting.contains(next)
                    && let Some((before, layer)) = layer_of.get_mut(next)
                {
                    *layer = (*layer).max(here + 1);
                    *before -= 1;
                    if *before == 0 {
                        ready.insert(*next);
                    }
                }
            }
        }
        let mut layers: Vec<Vec<NodeId>> = Vec::new();
        for id in exchanges {
            let layer = layer_of.get(&id).map_or(0, |(_, layer)| *layer);
            if layers.len() <= layer {
                layers.resize_with(layer + 1, Vec::new);
            }
            layers[layer].push(id);
        }
        layers
    }
}

/// How many columns so many boxes take: one while they fit, else as many as make the whole about as
/// wide as a screen is against its height.
fn columns(shape: Shape, count: usize) -> usize {
    if count <= ROWS_MAX {
        return 1;
    }
    let (width, height) = cell(shape);
    let area = count as u64 * 8 * u64::from(height.unsigned_abs());
    let columns = (area / (5 * u64::from(width.unsigned_abs()))).isqrt();
    usize::try_from(columns).unwrap_or(1).max(1)
}

fn column_width(shape: Shape, count: usize) -> i32 {
    if count == 0 {
        return 0;
    }
    let columns = i32::try_from(columns(shape, count)).unwrap_or(i32::MAX / 1000);
    columns.saturating_mul(cell(shape).0) + COLUMN_GAP
}

fn place(index: usize, columns: usize, (width, height): (i32, i32), left: i32, top: i32) -> Point {
    let whole = |n: usize| i32::try_from(n).unwrap_or(i32::MAX / 1000);
    Point {
        x: left + width / 2 + whole(index % columns) * width,
        y: top + height / 2 + whole(index / columns) * height,
    }
}

/// One under the other, or row by row in several columns when there are too many.
fn stack(shape: Shape, ids: &[NodeId], left: i32, places: &mut Places) {
    let columns = columns(shape, ids.len());
    for (index, id) in ids.iter().enumerate() {
        places.insert(*id, Some(place(index, columns, cell(shape), left, 0)));
    }
}

/// Each at the mean height of what it is joined to, pushed down as far as needed.
fn beside(shape: Shape, ids: &[NodeId], joined: &Joined, left: i32, places: &mut Places) {
    let (width, height) = cell(shape);
    let wanted = |id: &NodeId| {
        let heights: Vec<i64> = joined_to(joined, *id)
            .iter()
            .filter_map(|end| Some(i64::from((*places.get(end)?)?.y)))
            .collect();
        let count = i64::try_from(heights.len())
            .ok()
            .filter(|count| *count > 0)?;
        Some(heights.iter().sum::<i64>() / count)
    };
    let alone = i64::from(height / 2);
    let heights: Vec<i64> = ids.iter().map(|id| wanted(id).unwrap_or(alone)).collect();
    let rows: Vec<(i64, NodeId)> = order_of(heights.iter().copied())
        .into_iter()
        .map(|index| (heights[index], ids[index]))
        .collect();
    if rows.len() > ROWS_MAX {
        let ids: Vec<NodeId> = rows.iter().map(|(_, id)| *id).collect();
        return stack(shape, &ids, left, places);
    }
    let mut lowest = i64::MIN;
    let mut heights = Vec::with_capacity(rows.len());
    for (wanted, _) in &rows {
        lowest = (*wanted).max(lowest);
        heights.push(lowest);
        lowest += i64::from(height);
    }
    // What was pushed down is shared evenly upwards, so that a crowd stays in the middle.
    let count = rows.len().max(1) as i64;
    let pushed: i64 = rows.iter().zip(&heights).map(|((w, _), y)| y - w).sum();
    for ((_, id), y) in rows.iter().zip(heights) {
        let x = left + width / 2;
        let y = i32::try_from(y - pushed / count).unwrap_or(i32::MAX);
        places.insert(*id, Some(Point { x, y }));
    }
}

/// Below everything.
fn grid(ids: &[NodeId], places: &mut Places) {
    let below = |place: &Point| place.y + CONSUMER_CELL.1;
    let top = places.values().flatten().map(below).max().unwrap_or(0);
    // One long column would be far from a grid even when it fits.
    let columns = columns(Shape::Queue, ids.len().max(ROWS_MAX + 1));
    for (index, id) in ids.iter().enumerate() {
        places.insert(*id, Some(place(index, columns, QUEUE_CELL, 0, top)));
    }
}
