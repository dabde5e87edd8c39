//! Putting load on what stands on the stage: producers on exchanges, consumers on queues, a CSV of
//! rates on a producer.
//!
//! Deliberately not here: reading a CSV and what fits an exchange (`scenario`).

use super::field::parse;
use super::view::LoadView;
use super::{App, describe, format};
use crate::editor::Selection;
use crate::editor::geometry::PRODUCER_SIZE;
use crate::scenario::{
    Arrivals, Distribution, EdgeKind, Edit, Load, LoadOptions, Node, NodeKind, Point, Producer,
    RateOptions, add_load, read_rates,
};
use crate::types::{NodeId, NodeSet, set_of, shortest};

/// Exchanges and queues that the dialog lists; a file may have ten thousand.
const CHOICES_MAX: usize = 500;
/// Of these, ticked at first when nothing is selected.
const TICKED_MAX: usize = 10;

impl App {
    /// Where load can be put (dialog "add load"). Ticked are the selected ones; when none is, those
    /// that have no producer or consumer yet.
    #[must_use]
    pub fn load_choices(&self) -> LoadView {
        let options = LoadOptions::default();
        LoadView {
            exchanges: self.choices(|node, served| match &node.kind {
                NodeKind::Exchange(exchange) if !exchange.internal => {
                    let routes = self
                        .scene
                        .edges_at(node.id)
                        .any(|edge| edge.from == node.id);
                    Some(routes && !served.contains(&node.id))
                }
                NodeKind::Exchange(_)
                | NodeKind::Producer(_)
                | NodeKind::Queue(_)
                | NodeKind::Consumer(_) => None,
            }),
            queues: self.choices(|node, served| match &node.kind {
                NodeKind::Queue(_) => Some(!served.contains(&node.id)),
                NodeKind::Exchange(_) | NodeKind::Producer(_) | NodeKind::Consumer(_) => None,
            }),
            rate: format::rate(options.rate),
            service: format!("{}ms", shortest(options.service.mean() * 1000.0)),
        }
    }

    /// Nodes that `pick` takes, with whether they are ticked. `pick` is told which exchanges are
    /// published to and which queues are consumed from.
    fn choices(
        &self,
        pick: impl Fn(&Node, &NodeSet) -> Option<bool>,
    ) -> Vec<(NodeId, String, bool)> {
        let words = self.words();
        let edges = self.scenario().edges.values();
        let served = set_of(edges.filter_map(|edge| match edge.kind {
            EdgeKind::Publish => Some(edge.to),
            EdgeKind::Consume => Some(edge.from),
            EdgeKind::Binding { .. } => None,
        }));
        let selected = self.editor.selection.nodes();
        let mut ticked = 0;
        self.scene
            .nodes()
            .filter_map(|node| self.scenario().node(node.id))
            .filter_map(|node| {
                let wanted = pick(node, &served)?;
                let tick = if selected.is_empty() {
                    wanted && ticked < TICKED_MAX
                } else {
                    selected.contains(&node.id)
                };
                ticked += usize::from(tick);
                Some((node.id, describe::name_of(node, words), tick))
            })
            .take(CHOICES_MAX)
            .collect()
    }

    pub(super) fn add_load(
        &mut self,
        exchanges: &[NodeId],
        queues: &[NodeId],
        rate: &str,
        service: &str,
    ) {
        let words = self.words();
        if exchanges.is_empty() && queues.is_empty() {
            self.refuse(words.load_nothing().to_owned());
            return;
        }
        let read = parse::number(rate, words).and_then(|rate| {
            let service = parse::seconds(service, words)?;
            Ok((rate, service))
        });
        let (rate, service) = match read {
            Ok(numbers) => numbers,
            Err(reason) => {
                self.refuse(words.say_edit_refused(&reason));
                return;
            }
        };
        let options = LoadOptions {
            rate,
            service: Distribution::Fixed { value: service },
            ..LoadOptions::default()
        };
        let edit = add_load(self.scenario(), exchanges, queues, &options);
        let Some(applied) = self.edit(&edit) else {
            return;
        };
        let is_producer = |id: &&NodeId| {
            let node = self.scenario().node(**id);
            node.is_some_and(|node| matches!(node.kind, NodeKind::Producer(_)))
        };
        let producers = applied.nodes.iter().filter(is_producer).count();
        let consumers = applied.nodes.len() - producers;
        self.announce(words.load_added(producers, consumers));
        self.select(Selection::of_nodes(applied.nodes));
    }

    /// A CSV of rates becomes the load of the selected producer, or of a new one.
    pub(super) fn open_csv(&mut self, name: &str, text: &str) {
        let words = self.words();
        let shape = match read_rates(text, &RateOptions::default()) {
            Ok(shape) => shape,
            Err(problem) => {
                self.not_opened(name, &problem);
                return;
            }
        };
        let load = Load {
            shape,
            arrivals: Arrivals::Regular,
        };
        let selected =
            self.editor
                .selection
                .node()
                .and_then(|id| match &self.scenario().node(id)?.kind {
                    NodeKind::Producer(producer) => Some((id, producer.clone())),
                    NodeKind::Exchange(_) | NodeKind::Queue(_) | NodeKind::Consumer(_) => None,
                });
        let (edit, id) = match selected {
            Some((node, producer)) => {
                let kind = NodeKind::Producer(Producer { load, ..producer });
                (Edit::SetNode { node, kind }, Some(node))
            }
            None => {
                let kind = NodeKind::Producer(Producer {
                    load,
                    ..Producer::default()
                });
                let edit = Edit::AddNode {
                    kind,
                    name: None,
                    vhost: self.vhost().clone(),
                    position: Point::from(self.free_spot(PRODUCER_SIZE)),
                };
                (edit, None)
            }
        };
        let Some(applied) = self.edit(&edit) else {
            return;
        };
        if let Some(id) = id.or_else(|| applied.nodes.first().copied()) {
            self.select(Selection::of_nodes([id]));
            self.announce(words.load_from_csv(name, &self.node_name(id)));
        }
    }
}
