//! A load for a document that has none: producers on chosen exchanges, consumers on chosen queues.
//!
//! What is published fits the bindings, so that messages arrive somewhere. Deliberately not here:
//! carrying it out; the result is an ordinary [`Edit`], undone like any other.

use super::layout::cell;
use super::{
    Arrivals, Choice, Consumer, Distribution, Edge, EdgeKind, Edit, Exchange, HeaderChoice, Load,
    LoadShape, Node, NodeKind, Point, Producer, Scenario, Shape,
};
use crate::types::{
    EdgeId, ExchangeType, FieldTable, FieldValue, NodeId, SortedMap, VhostName, order_of, set_of,
};

/// Different keys or sets of headers one producer goes through; more teach nothing.
const SAMPLES_MAX: usize = 100;
/// New boxes in one column.
const ROWS_MAX: usize = 40;

/// How much load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadOptions {
    /// Messages per second of each producer.
    pub rate: f64,
    /// How they fall.
    pub arrivals: Arrivals,
    /// Work for one message, in seconds.
    pub service: Distribution,
    /// Messages a consumer may hold unacked.
    pub prefetch: u16,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            rate: 1.0,
            arrivals: Arrivals::Poisson,
            service: Distribution::Fixed { value: 0.1 },
            prefetch: 10,
        }
    }
}

/// A producer for each of `sources` and a consumer for each of `queues`. A source is an exchange,
/// or a queue that is published to through the default exchange. Ids that are neither are passed
/// over, as are internal exchanges, which refuse publishers.
#[must_use]
pub fn add_load(
    scenario: &Scenario,
    sources: &[NodeId],
    queues: &[NodeId],
    options: &LoadOptions,
) -> Edit {
    let mut out = Out {
        next_node: scenario.next_node_id().0,
        next_edge: scenario.next_edge_id().0,
        nodes: Vec::new(),
        edges: Vec::new(),
    };
    let bindings = bindings_by_source(scenario, sources);
    let sources = chosen(scenario, sources, |kind| match kind {
        NodeKind::Exchange(exchange) => !exchange.internal,
        NodeKind::Queue(_) => true,
        NodeKind::Producer(_) | NodeKind::Consumer(_) => false,
    });
    for (node, position) in places(scenario, &sources, Shape::Producer) {
        let mut producer = Producer {
            load: Load {
                shape: LoadShape::Constant { rate: options.rate },
                arrivals: options.arrivals,
            },
            ..Producer::default()
        };
        if let NodeKind::Exchange(exchange) = &node.kind {
            let edges = bindings.get(&node.id).map_or(&[][..], Vec::as_slice);
            fit(scenario, node, exchange, edges, &mut producer);
        }
        let kind = NodeKind::Producer(producer);
        let id = out.node(
            &node.vhost,
            format!("{} producer", node.name),
            position,
            kind,
        );
        out.edge(id, node.id, EdgeKind::Publish);
    }
    let queues = chosen(scenario, queues, |kind| matches!(kind, NodeKind::Queue(_)));
    for (node, position) in places(scenario, &queues, Shape::Consumer) {
        let kind = NodeKind::Consumer(Consumer {
            service: options.service,
            prefetch: options.prefetch,
            ..Consumer::default()
        });
        let id = out.node(
            &node.vhost,
            format!("{} consumer", node.name),
            position,
            kind,
        );
        out.edge(node.id, id, EdgeKind::Consume);
    }
    Edit::Insert {
        nodes: out.nodes,
        edges: out.edges,
    }
}

struct Out {
    next_node: u32,
    next_edge: u32,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

impl Out {
    fn node(&mut self, vhost: &VhostName, name: String, position: Point, kind: NodeKind) -> NodeId {
        let id = NodeId(self.next_node);
        self.next_node = self.next_node.saturating_add(1);
        self.nodes.push(Node {
            id,
            name,
            vhost: vhost.clone(),
            position,
            kind,
        });
        id
    }

    fn edge(&mut self, from: NodeId, to: NodeId, kind: EdgeKind) {
        let id = EdgeId(self.next_edge);
        self.next_edge = self.next_edge.saturating_add(1);
        self.edges.push(Edge { id, from, to, kind });
    }
}

fn bindings_by_source<'a>(
    scenario: &'a Scenario,
    sources: &[NodeId],
) -> SortedMap<NodeId, Vec<&'a Edge>> {
    let mut found: SortedMap<NodeId, Vec<&Edge>> =
        sources.iter().map(|source| (*source, Vec::new())).collect();
    for edge in scenario.edges.values() {
        if let Some(edges) = found.get_mut(&edge.from) {
            edges.push(edge);
        }
    }
    found
}

/// The chosen nodes that can be used, each once, from top to bottom.
fn chosen<'a>(
    scenario: &'a Scenario,
    ids: &[NodeId],
    usable: fn(&NodeKind) -> bool,
) -> Vec<&'a Node> {
    let ids = set_of(ids.iter().copied());
    let nodes: Vec<&Node> = ids
        .iter()
        .filter_map(|id| scenario.node(*id))
        .filter(|node| usable(&node.kind))
        .collect();
    let down = |node: &&Node| (i64::from(node.position.y) << 32) + i64::from(node.position.x);
    let order = order_of(nodes.iter().map(down)).into_iter();
    order.map(|index| nodes[index]).collect()
}

/// Where each new box stands: left of everything on its virtual host for producers, right of it for
/// consumers, at the height of what it joins as far as there is room.
fn places<'a>(scenario: &Scenario, joined: &[&'a Node], shape: Shape) -> Vec<(&'a Node, Point)> {
    let (width, height) = cell(shape);
    let mut by_vhost: SortedMap<&VhostName, Vec<&'a Node>> = SortedMap::new();
    for node in joined {
        by_vhost.or_default(&node.vhost).push(node);
    }
    let mut out = Vec::with_capacity(joined.len());
    for (vhost, nodes) in by_vhost {
        let across = scenario
            .nodes
            .values()
            .filter(|n| n.vhost == *vhost)
            .map(|n| n.position.x);
        let (left, right) = across.fold((i32::MAX, i32::MIN), |(l, r), x| (l.min(x), r.max(x)));
        // Half of the widest old box, half of the new one, and room for lines.
        let (edge, step) = match shape {
            Shape::Producer | Shape::Exchange => (left.saturating_sub(width + 90), -width),
            Shape::Queue | Shape::Consumer => (right.saturating_add(width + 90), width),
        };
        let folded = nodes.len() > ROWS_MAX;
        let mut lowest = i32::MIN;
        for (index, node) in nodes.into_iter().enumerate() {
            let (column, row) = if folded {
                (index / ROWS_MAX, index % ROWS_MAX)
            } else {
                (0, 0)
            };
            let whole = |n: usize| i32::try_from(n).unwrap_or(i32::MAX / 1000);
            let y = if folded {
                whole(row) * height
            } else {
                node.position.y.max(lowest)
            };
            lowest = y.saturating_add(height);
            let x = edge.saturating_add(whole(column).saturating_mul(step));
            out.push((node, Point { x, y }));
        }
    }
    out
}

/// Gives the producer keys or headers that the exchange's bindings match.
fn fit(
    scenario: &Scenario,
    node: &Node,
    exchange: &Exchange,
    bindings: &[&Edge],
    producer: &mut Producer,
) {
    let keys = |sample: fn(&str) -> String| {
        let mut keys: Vec<String> = Vec::new();
        for edge in bindings {
            if let EdgeKind::Binding { binding_key, .. } = &edge.kind {
                let key = sample(binding_key.as_str());
                if keys.len() < SAMPLES_MAX && !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    };
    producer.routing_key = match &exchange.exchange_type {
        ExchangeType::Direct if node.name.is_empty() => choice(queue_names(scenario, &node.vhost)),
        ExchangeType::Direct | ExchangeType::Other(_) => choice(keys(str::to_owned)),
        ExchangeType::Topic => choice(keys(matching_key)),
        ExchangeType::Fanout | ExchangeType::Headers => Choice::default(),
    };
    if exchange.exchange_type == ExchangeType::Headers {
        producer.headers = matching_headers(bindings);
    }
}

fn choice(mut values: Vec<String>) -> Choice<String> {
    match values.len() {
        0 => Choice::default(),
        1 => Choice::Fixed(values.remove(0)),
        _ => Choice::Cycle(values),
    }
}

fn queue_names(scenario: &Scenario, vhost: &VhostName) -> Vec<String> {
    scenario
        .nodes
        .values()
        .filter(|node| node.vhost == *vhost && node.kind.shape() == Shape::Queue)
        .map(|node| node.name.clone())
        .take(SAMPLES_MAX)
        .collect()
}

/// A routing key that a topic pattern matches: a word for each `*` and one for each `#`.
fn matching_key(pattern: &str) -> String {
    let words: Vec<&str> = pattern
        .split('.')
        .map(|word| {
            if word == "*" || word == "#" {
                "any"
            } else {
                word
            }
        })
        .collect();
    words.join(".")
}

/// Headers that go through the bindings in step: the n-th message carries what the n-th binding
/// compares. A header another binding compares is there without a value, which equals nothing.
fn matching_headers(bindings: &[&Edge]) -> Vec<HeaderChoice> {
    let wanted: Vec<FieldTable> = bindings
        .iter()
        .filter_map(|edge| match &edge.kind {
            EdgeKind::Binding { arguments, .. } => Some(compared(arguments)),
            EdgeKind::Publish | EdgeKind::Consume => None,
        })
        .take(SAMPLES_MAX)
        .collect();
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in wanted.iter().flat_map(FieldTable::iter) {
        if !names.contains(&name.as_str()) {
            names.push(name.as_str());
        }
    }
    let values = |name: &str| {
        let value = |table: &FieldTable| table.get(name).cloned().unwrap_or(FieldValue::Void);
        wanted.iter().map(value).collect::<Vec<_>>()
    };
    names
        .into_iter()
        .map(|name| HeaderChoice {
            name: name.to_owned(),
            value: match wanted.as_slice() {
                [only] => Choice::Fixed(only.get(name).cloned().unwrap_or(FieldValue::Void)),
                _ => Choice::Cycle(values(name)),
            },
        })
        .collect()
}

/// What a binding of a headers exchange compares, with a text where any value will do.
fn compared(arguments: &FieldTable) -> FieldTable {
    let with_x = arguments
        .get("x-match")
        .and_then(FieldValue::as_text)
        .is_some_and(|text| text.ends_with("-with-x"));
    arguments
        .iter()
        .filter(|(name, _)| {
            name.as_str() != "x-match" && (with_x || !name.as_str().starts_with("x-"))
        })
        .map(|(name, value)| match value {
            FieldValue::Void => (name.clone(), FieldValue::text("any")),
            value => (name.clone(), value.clone()),
        })
        .collect()
}
