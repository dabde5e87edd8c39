//! What the page does seldom: files of other programs, in and out, load for what stands
//! there, putting it in order.
//!
//! The built page fetches the code of this module, and what it alone calls, when it is first wanted
//! (`xtask/src/annex.rs`); so its functions stay functions of their own, and the others ask first
//! whether it is there. Deliberately not here: reading the formats, and what fits an exchange
//! (`scenario`).

use super::field::parse;
use super::{App, Request};
use crate::editor::Selection;
use crate::editor::geometry::PRODUCER_SIZE;
use crate::scenario::{
    Arrivals, Distribution, Edit, Load, LoadOptions, NodeKind, Point, Producer, RateOptions,
    add_load, definitions, layout, read_rates,
};
use crate::types::NodeId;

impl App {
    #[inline(never)]
    pub(super) fn open_definitions(&mut self, name: &str, text: &str) {
        let words = self.words();
        match definitions::import(text) {
            Ok(mut imported) => {
                let count = imported.problems.len();
                if self.replace_document(imported.scenario) {
                    // What the document says itself is kept for its place in the file alone: it
                    // goes when it is mended.
                    self.file_places = imported.problems.split_off(imported.of_file);
                    self.file_problems = imported.problems;
                    self.refresh_problems();
                    if count == 0 {
                        self.announce(words.opened(name));
                    } else {
                        self.announce(words.opened_with_problems(name, count));
                    }
                }
            }
            Err(problem) => self.not_opened(name, &problem),
        }
    }

    #[inline(never)]
    pub(super) fn export(&mut self) {
        let text = definitions::export(self.scenario());
        self.request(Request::Download {
            name: format!("{}-definitions.json", self.file_stem()),
            mime: "application/json",
            text,
        });
    }

    /// A CSV of rates becomes the load of the selected producer, or of a new one.
    #[inline(never)]
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

    #[inline(never)]
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

    #[inline(never)]
    pub(super) fn arrange(&mut self) {
        let vhost = self.vhost().clone();
        let nodes = layout::arrange(self.scenario(), &vhost);
        if self.edit(&Edit::Move { nodes }).is_some() {
            self.fit();
        }
    }
}
