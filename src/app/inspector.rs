//! The inspector: what is selected, as data to edit and to read.
//!
//! Deliberately not here: how fields are read and written (`field`).

use super::view::{FieldInput, FieldView, InspectorView, SectionView};
use super::{App, describe, field, format, problem_text};
use crate::editor::EdgeKey;
use crate::scenario::{Node, NodeKind};
use crate::sim::stats::Spans;
use crate::types::{Message, MessageId, NodeId, QueueId};

/// Messages that are listed; a screenful.
const MESSAGES_MAX: usize = 30;
/// Unacked deliveries that are looked through for those of one consumer.
const SEARCH_MAX: usize = 20_000;

type Measured = Vec<(String, String)>;

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
            numbers: self.document_numbers(),
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
        [
            (words.measure_nodes(), self.scenario().nodes.len() as u64),
            (words.measure_edges(), self.scenario().edges.len() as u64),
            (words.measure_published(), totals.published),
            (words.measure_delivered(), totals.delivered),
            (words.measure_settled(), totals.settled),
            (words.measure_redelivered(), totals.redelivered),
            (words.measure_dropped(), totals.drops.total()),
            (words.measure_dead_lettered(), totals.dead_lettered),
            (words.measure_unroutable(), totals.unroutable),
            (words.measure_returned(), totals.returned),
        ]
        .into_iter()
        .map(|(label, value)| (label.to_owned(), value.to_string()))
        .collect()
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
        let Some(node) = self.scenario().node(id) else {
            return InspectorView::default();
        };
        let shape = describe::shape_of(&node.kind);
        let mut sections = vec![self.identity(node)];
        sections.extend(field::node_sections(node, words));
        let mut actions = self.run_actions();
        let more = ["link", "duplicate", "delete"];
        actions.extend(more.into_iter().filter_map(|id| self.action(id)));
        InspectorView {
            title: describe::name_of(node, words),
            subtitle: describe::kind_name(shape, words).to_owned(),
            help: describe::kind_help(shape, words).to_owned(),
            sections,
            numbers: self.node_numbers(node),
            actions,
            messages: self.messages_at(node),
            problems: self.node_problems(id),
        }
    }

    fn node_problems(&self, id: NodeId) -> Vec<String> {
        let mut problems = self.problems_where(&|problem| problem.place.node == Some(id));
        if let Some(client) = self.run.client(id) {
            let note = self.client_note(&client, &[]);
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
        let field = |key: &str, (label, help): (&str, &str), value: String, input| FieldView {
            key: key.to_owned(),
            label: label.to_owned(),
            help: help.to_owned(),
            value,
            input,
            error: None,
        };
        let unit = |()| FieldInput::Quantity {
            unit: String::new(),
        };
        let place = node.position;
        SectionView {
            title: words.section_identity().to_owned(),
            open: true,
            fields: vec![
                field(
                    "name",
                    words.field_name(),
                    node.name.clone(),
                    FieldInput::Text,
                ),
                field("x", words.field_x(), place.x.to_string(), unit(())),
                field("y", words.field_y(), place.y.to_string(), unit(())),
            ],
        }
    }

    fn edge_inspector(&self, key: EdgeKey) -> InspectorView {
        let words = self.words();
        let Some(scene_edge) = self.scene.edge(key) else {
            return InspectorView::default();
        };
        let edge = match key {
            EdgeKey::Edge(id) => self.scenario().edge(id),
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
            return Vec::new();
        };
        let stats = self.run.stats();
        let rate = stats.producer(id).map_or(0.0, |producer| {
            producer.published.per_second(self.run.now())
        });
        let mut list = vec![(words.measure_rate().to_owned(), self.per_second(rate))];
        list.extend(
            [
                (words.measure_published(), client.published),
                (words.measure_confirmed(), client.confirmed),
                (words.measure_outstanding(), client.outstanding),
                (words.measure_refused(), client.refused),
                (words.measure_returned(), client.returned),
            ]
            .map(|(label, count)| (label.to_owned(), count.to_string())),
        );
        list
    }

    fn exchange_measures(&self, id: NodeId) -> Measured {
        let words = self.words();
        let stats = self.run.stats();
        let Some(exchange) = self.run.exchange_of(id).and_then(|id| stats.exchange(id)) else {
            return Vec::new();
        };
        let rate = exchange.published.per_second(self.run.now());
        vec![
            (words.measure_rate().to_owned(), self.per_second(rate)),
            (
                words.measure_published().to_owned(),
                exchange.published.total().to_string(),
            ),
            (
                words.measure_unroutable().to_owned(),
                exchange.unroutable.to_string(),
            ),
            (
                words.measure_dead_lettered().to_owned(),
                exchange.dead_lettered.to_string(),
            ),
        ]
    }

    fn queue_measures(&self, id: NodeId) -> Measured {
        let words = self.words();
        let now = self.run.now();
        let stats = self.run.stats();
        let Some(queue) = self.run.queue_of(id).and_then(|id| stats.queue(id)) else {
            return Vec::new();
        };
        let little = queue.little(now).ratio();
        [
            (words.measure_ready(), queue.ready.now().to_string()),
            (words.measure_unacked(), queue.unacked.now().to_string()),
            (
                words.measure_in(),
                self.per_second(queue.enqueued.per_second(now)),
            ),
            (
                words.measure_out(),
                self.per_second(queue.settled.per_second(now)),
            ),
            (
                words.measure_depth_mean(),
                format::short(queue.ready.mean(now)),
            ),
            (words.measure_waiting(), spans(&queue.waiting)),
            (words.measure_sojourn(), spans(&queue.sojourn)),
            (
                words.measure_little(),
                little.map_or_else(|| "–".to_owned(), format::short),
            ),
            (words.measure_redelivered(), queue.redelivered.to_string()),
            (words.measure_refused(), queue.refused.to_string()),
            (words.measure_dropped(), queue.drops.total().to_string()),
            (
                words.measure_dead_lettered(),
                queue.dead_lettered.to_string(),
            ),
        ]
        .map(|(label, value)| (label.to_owned(), value))
        .to_vec()
    }

    fn consumer_measures(&self, id: NodeId) -> Measured {
        let words = self.words();
        let now = self.run.now();
        let stats = self.run.stats();
        let Some(consumer) = stats.consumer(id) else {
            return Vec::new();
        };
        let client = self.run.client(id);
        let busy = consumer.utilisation(now).unwrap_or(0.0);
        let worked = client.as_ref().map_or(0, |client| client.worked);
        let held = client.as_ref().map_or(0, |client| client.held);
        [
            (
                words.measure_utilisation(),
                format!("{} %", format::percent(busy)),
            ),
            (
                words.measure_rate(),
                self.per_second(consumer.acked.per_second(now)),
            ),
            (words.measure_delivered(), consumer.delivered.to_string()),
            (
                words.measure_redelivered(),
                consumer.redelivered.to_string(),
            ),
            (words.measure_worked(), worked.to_string()),
            (words.measure_failed(), consumer.failed.to_string()),
            (words.measure_in_hand(), held.to_string()),
        ]
        .map(|(label, value)| (label.to_owned(), value))
        .to_vec()
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
