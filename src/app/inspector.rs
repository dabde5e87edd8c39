//! The inspector: what is selected, as data to edit and to read.
//!
//! Deliberately not here: how fields are read and written (`field`).

use super::view::{FieldInput, InspectorView, SectionView};
use super::{App, describe, field, format, problem_text};
use crate::editor::EdgeKey;
use crate::scenario::{Node, NodeKind};
use crate::sim::stats::Spans;
use crate::types::{Message, MessageId, NodeId, QueueId};

/// Messages that are listed; a screenful.
const MESSAGES_MAX: usize = 30;
/// Unacked deliveries that are looked through for those of one consumer.
const SEARCH_MAX: usize = 20_000;

/// What was measured, line after line: its name and its value.
#[derive(Default)]
struct Measured(Vec<(String, String)>);

impl Measured {
    fn say(mut self, label: &str, value: String) -> Self {
        self.0.push((label.to_owned(), value));
        self
    }

    fn count(self, label: &str, count: u64) -> Self {
        self.say(label, count.to_string())
    }
}

impl App {
    /// What is selected, or the document.
    #[must_use]
    pub fn inspector(&self) -> InspectorView {
        let selection = &self.editor.selection;
        let mut view = match (selection.node(), selection.edge()) {
            (Some(node), _) => self.node_inspector(node),
            (None, Some(edge)) => self.edge_inspector(edge),
            (None, None) if selection.is_empty() => self.document_inspector(),
            (None, None) => self.several_inspector(),
        };
        for field in view.sections.iter_mut().flat_map(|s| &mut s.fields) {
            if let Some((typed, reason)) = self.refused_fields.get(&field.key) {
                field.value.clone_from(typed);
                field.error = Some(reason.clone());
            }
        }
        view
    }

    fn document_inspector(&self) -> InspectorView {
        let words = self.words();
        let title = &self.scenario().title;
        let title = match words.language() {
            super::Language::English => &title.en,
            super::Language::Chinese => &title.zh,
        };
        InspectorView {
            title: if title.is_empty() {
                words.untitled().to_owned()
            } else {
                title.clone()
            },
            subtitle: words.kind_scenario().to_owned(),
            // What to look at, in the words of whoever made it.
            help: match self.local(&self.scenario().description) {
                description if description.trim().is_empty() => words.help_scenario().to_owned(),
                description => description,
            },
            sections: field::document_sections(self.scenario(), words),
            numbers: self.document_numbers().0,
            problems: self.problems_where(&|problem| {
                problem.place.node.is_none() && problem.place.edge.is_none()
            }),
            ..InspectorView::default()
        }
    }

    fn document_numbers(&self) -> Measured {
        let words = self.words();
        let stats = self.run.stats();
        let totals = stats.totals();
        let document = self.scenario();
        let mut measured = Measured::default();
        let labels = [words.gauge_memory(), words.gauge_disk()];
        for (gauge, label) in self.gauges().into_iter().zip(labels) {
            if let Some(gauge) = gauge {
                measured = measured.say(label, gauge.text);
            }
        }
        measured
            .count(words.measure_nodes(), document.nodes.len() as u64)
            .count(words.measure_edges(), document.edges.len() as u64)
            .count(words.measure_published(), totals.published)
            .count(words.measure_delivered(), totals.delivered)
            .count(words.measure_settled(), totals.settled)
            .count(words.measure_redelivered(), totals.redelivered)
            .count(words.measure_dropped(), totals.drops.total())
            .count(words.measure_dead_lettered(), totals.dead_lettered)
            .count(words.measure_unroutable(), totals.unroutable)
            .count(words.measure_returned(), totals.returned)
    }

    fn several_inspector(&self) -> InspectorView {
        let words = self.words();
        let action = |id: &str| self.action(id);
        InspectorView {
            title: words.selected_count(self.editor.selection.nodes().len()),
            help: words.help_several().to_owned(),
            actions: ["duplicate", "delete"]
                .into_iter()
                .filter_map(action)
                .collect(),
            ..InspectorView::default()
        }
    }

    fn node_inspector(&self, id: NodeId) -> InspectorView {
        let words = self.words();
        let Some(node) = self.shown().node(id) else {
            return InspectorView::default();
        };
        let shape = describe::shape_of(&node.kind);
        let (mut sections, mut actions) = (Vec::new(), Vec::new());
        let mut help = describe::kind_help(shape, words);
        if id.as_outside().is_some() {
            // Nothing of the document: it can be kept there, not set.
            help = words.help_outside();
            actions.extend(self.action("adopt"));
        } else {
            sections.push(self.identity(node));
            sections.extend(field::node_sections(node, words));
            actions = self.run_actions();
            let more = ["link", "duplicate", "delete"];
            actions.extend(more.into_iter().filter_map(|id| self.action(id)));
        }
        InspectorView {
            title: describe::name_of(node, words),
            subtitle: describe::kind_name(shape, words).to_owned(),
            help: help.to_owned(),
            sections,
            numbers: self.node_numbers(node).0,
            actions,
            messages: self.messages_at(node),
            problems: self.node_problems(id),
        }
    }

    fn node_problems(&self, id: NodeId) -> Vec<String> {
        let mut problems = self.problems_where(&|problem| problem.place.node == Some(id));
        if let Some(client) = self.run.client(id) {
            let note = self.client_note(Some(&client), None);
            if matches!(client.state, crate::sim::ClientState::Refused { .. }) {
                problems.insert(0, note);
            }
        }
        problems
    }

    fn problems_where(&self, wanted: &dyn Fn(&crate::scenario::Problem) -> bool) -> Vec<String> {
        let words = self.words();
        self.document_problems
            .iter()
            .filter(|problem| wanted(problem))
            .map(|problem| problem_text(problem, words))
            .collect()
    }

    fn identity(&self, node: &Node) -> SectionView {
        let words = self.words();
        let name = node.name.clone();
        let place = |key, label_and_help, place: i32| {
            let unit = String::new();
            let input = FieldInput::Quantity { unit };
            field::view(key, label_and_help, place.to_string(), input)
        };
        let fields = vec![
            field::view("name", words.field_name(), name, FieldInput::Text),
            place("x", words.field_x(), node.position.x),
            place("y", words.field_y(), node.position.y),
        ];
        field::titled(words.section_identity(), true, fields)
    }

    fn edge_inspector(&self, key: EdgeKey) -> InspectorView {
        let words = self.words();
        let Some(scene_edge) = self.scene.edge(key) else {
            return InspectorView::default();
        };
        let edge = match key {
            EdgeKey::Edge(id) => self.shown().edge(id),
            EdgeKey::DeadLetter(_) | EdgeKey::Alternate(_) => None,
        };
        let shape = describe::edge_shape(key, edge);
        let kind = describe::edge_name(shape, words);
        let from = self.node_name(scene_edge.from);
        let to = self.node_name(scene_edge.to);
        InspectorView {
            title: words.describe_edge(kind, &from, &to),
            subtitle: kind.to_owned(),
            help: describe::edge_help(shape, words).to_owned(),
            sections: edge.map_or_else(Vec::new, |edge| field::binding_sections(&edge.kind, words)),
            actions: self.action("delete").into_iter().collect(),
            problems: match key {
                EdgeKey::Edge(id) => self.problems_where(&|problem| problem.place.edge == Some(id)),
                EdgeKey::DeadLetter(_) | EdgeKey::Alternate(_) => Vec::new(),
            },
            ..InspectorView::default()
        }
    }

    // --- measured values ---

    fn node_numbers(&self, node: &Node) -> Measured {
        match &node.kind {
            NodeKind::Producer(_) => self.producer_measures(node.id),
            NodeKind::Exchange(_) => self.exchange_measures(node.id),
            NodeKind::Queue(_) => self.queue_measures(node.id),
            NodeKind::Consumer(_) => self.consumer_measures(node.id),
        }
    }

    fn per_second(&self, rate: f64) -> String {
        self.words().detail_rate(&format::rate(rate))
    }

    fn producer_measures(&self, id: NodeId) -> Measured {
        let words = self.words();
        let Some(client) = self.run.client(id) else {
            return Measured::default();
        };
        let stats = self.run.stats();
        let rate = stats.producer(id).map_or(0.0, |producer| {
            producer.published.per_second(self.run.now())
        });
        Measured::default()
            .say(words.measure_rate(), self.per_second(rate))
            .count(words.measure_published(), client.published)
            .count(words.measure_confirmed(), client.confirmed)
            .count(words.measure_outstanding(), client.outstanding)
            .count(words.measure_refused(), client.refused)
            .count(words.measure_returned(), client.returned)
    }

    fn exchange_measures(&self, id: NodeId) -> Measured {
        let words = self.words();
        let stats = self.run.stats();
        let Some(exchange) = self.run.exchange_of(id).and_then(|id| stats.exchange(id)) else {
            return Measured::default();
        };
        let rate = exchange.published.per_second(self.run.now());
        Measured::default()
            .say(words.measure_rate(), self.per_second(rate))
            .count(words.measure_published(), exchange.published.total())
            .count(words.measure_unroutable(), exchange.unroutable)
            .count(words.measure_dead_lettered(), exchange.dead_lettered)
    }

    fn queue_measures(&self, id: NodeId) -> Measured {
        let words = self.words();
        let now = self.run.now();
        let stats = self.run.stats();
        let Some(queue) = self.run.queue_of(id).and_then(|id| stats.queue(id)) else {
            return Measured::default();
        };
        let enqueued = queue.enqueued.per_second(now);
        let settled = queue.settled.per_second(now);
        let depth = format::short(queue.ready.mean(now));
        let little = queue.little(now).ratio();
        let little = little.map_or_else(|| "–".to_owned(), format::short);
        Measured::default()
            .count(words.measure_ready(), queue.ready.now())
            .count(words.measure_unacked(), queue.unacked.now())
            .say(words.measure_in(), self.per_second(enqueued))
            .say(words.measure_out(), self.per_second(settled))
            .say(words.measure_depth_mean(), depth)
            .say(words.measure_waiting(), spans(&queue.waiting))
            .say(words.measure_sojourn(), spans(&queue.sojourn))
            .say(words.measure_little(), little)
            .count(words.measure_redelivered(), queue.redelivered)
            .count(words.measure_refused(), queue.refused)
            .count(words.measure_dropped(), queue.drops.total())
            .count(words.measure_dead_lettered(), queue.dead_lettered)
    }

    fn consumer_measures(&self, id: NodeId) -> Measured {
        let words = self.words();
        let now = self.run.now();
        let stats = self.run.stats();
        let Some(consumer) = stats.consumer(id) else {
            return Measured::default();
        };
        let client = self.run.client(id);
        let busy = consumer.utilisation(now).unwrap_or(0.0);
        let busy = format!("{} %", format::percent(busy));
        let rate = consumer.acked.per_second(now);
        let worked = client.as_ref().map_or(0, |client| client.worked);
        let held = client.as_ref().map_or(0, |client| client.held);
        Measured::default()
            .say(words.measure_utilisation(), busy)
            .say(words.measure_rate(), self.per_second(rate))
            .count(words.measure_delivered(), consumer.delivered)
            .count(words.measure_redelivered(), consumer.redelivered)
            .count(words.measure_worked(), worked)
            .count(words.measure_failed(), consumer.failed)
            .count(words.measure_in_hand(), held)
    }

    // --- messages ---

    fn messages_at(&self, node: &Node) -> Vec<(MessageId, String)> {
        match &node.kind {
            NodeKind::Queue(_) => self
                .run
                .queue_of(node.id)
                .map(|queue| self.ready_messages(queue))
                .unwrap_or_default(),
            NodeKind::Consumer(_) => self.unacked_messages(node.id),
            NodeKind::Producer(_) | NodeKind::Exchange(_) => Vec::new(),
        }
    }

    fn ready_messages(&self, queue: QueueId) -> Vec<(MessageId, String)> {
        self.run.with_broker(|broker| {
            broker
                .ready(queue)
                .take(MESSAGES_MAX)
                .map(|ready| {
                    let line = self.message_line(ready.message, ready.redelivered);
                    (ready.message.id(), line)
                })
                .collect()
        })
    }

    fn unacked_messages(&self, node: NodeId) -> Vec<(MessageId, String)> {
        self.run.with_broker(|broker| {
            broker
                .unacked()
                .take(SEARCH_MAX)
                .filter(|delivery| {
                    self.run.node_of_connection(delivery.channel.connection) == Some(node)
                })
                .take(MESSAGES_MAX)
                .map(|delivery| {
                    let line = self.message_line(delivery.message, delivery.redelivered);
                    (delivery.message.id(), line)
                })
                .collect()
        })
    }

    fn message_line(&self, message: &Message, redelivered: bool) -> String {
        let words = self.words();
        let key = message.routing_key();
        let size = words.property_octets(message.body_octets());
        let mut line = format!("#{} {key} · {size}", message.id());
        if redelivered {
            line.push_str(" · redelivered");
        }
        line
    }
}

/// Mean, p50, p95, p99, max of time spans.
fn spans(spans: &Spans) -> String {
    let parts = [
        spans.mean(),
        spans.quantile(0.5),
        spans.quantile(0.95),
        spans.quantile(0.99),
        spans.max(),
    ];
    if spans.count() == 0 {
        return "–".to_owned();
    }
    parts
        .map(|span| span.map_or_else(|| "–".to_owned(), format::span))
        .join(" · ")
}
