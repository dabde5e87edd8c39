//! The inspector's fields: one table for each kind of thing, with how each is read and written.
//!
//! A field is written by text into a copy of the settings, so a wrong text leaves everything as it
//! was. Deliberately not here: edits, undo and the run (`dispatch.rs`).

mod consumer;
mod distribution;
mod document;
mod edge;
mod exchange;
pub(super) mod load;
pub(super) mod parse;
mod producer;
mod queue;

use super::view::{FieldInput, FieldView, SectionView};
use crate::scenario::{Edge, EdgeKind, Node, NodeKind};
use crate::text::Words;

pub(super) use document::{SPEED_BOUNDS, options_for, sections as document_sections};
pub(super) use edge::binding_sections;

/// A property of `T`.
struct Field<T: 'static> {
    /// Stable key.
    key: &'static str,
    /// Label and help.
    words: fn(Words) -> (&'static str, &'static str),
    /// How it is edited.
    input: fn(Words) -> FieldInput,
    /// Its value as text; `None` when it does not apply now.
    get: fn(&T) -> Option<String>,
    /// Takes a text in, or says what is wrong with it.
    set: fn(&mut T, &str, Words) -> Result<(), String>,
}

/// A titled group of fields of `T`.
struct Section<T: 'static> {
    title: fn(Words) -> &'static str,
    open: bool,
    fields: &'static [Field<T>],
}

/// The sections with the fields that apply now. Plain loops: this is written out for each `T`.
fn show<T>(sections: &[Section<T>], of: &T, words: Words) -> Vec<SectionView> {
    let mut shown = Vec::new();
    for section in sections {
        let mut fields = Vec::new();
        for field in section.fields {
            if let Some(value) = (field.get)(of) {
                let input = (field.input)(words);
                fields.push(view(field.key, (field.words)(words), value, input));
            }
        }
        if !fields.is_empty() {
            shown.push(titled((section.title)(words), section.open, fields));
        }
    }
    shown
}

/// Fields under a title.
pub(super) fn titled(title: &str, open: bool, fields: Vec<FieldView>) -> SectionView {
    SectionView {
        title: title.to_owned(),
        open,
        fields,
    }
}

/// A field as the inspector shows it.
pub(super) fn view(
    key: &str,
    (label, help): (&str, &str),
    value: String,
    input: FieldInput,
) -> FieldView {
    FieldView {
        key: key.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        value,
        input,
        error: None,
    }
}

fn set<T: Clone>(
    sections: &[Section<T>],
    of: &T,
    key: &str,
    value: &str,
    words: Words,
) -> Result<T, String> {
    let field = sections
        .iter()
        .flat_map(|section| section.fields)
        .find(|field| field.key == key && (field.get)(of).is_some())
        .ok_or_else(|| words.error_no_field().to_owned())?;
    let mut changed = of.clone();
    (field.set)(&mut changed, value, words)?;
    Ok(changed)
}

/// The fields of a node's settings.
pub(super) fn node_sections(node: &Node, words: Words) -> Vec<SectionView> {
    match &node.kind {
        NodeKind::Producer(producer) => show(producer::SECTIONS, producer, words),
        NodeKind::Exchange(exchange) => show(exchange::SECTIONS, exchange, words),
        NodeKind::Queue(queue) => show(queue::SECTIONS, queue, words),
        NodeKind::Consumer(consumer) => show(consumer::SECTIONS, consumer, words),
    }
}

/// The node's settings with one field set from text.
pub(super) fn set_node(
    kind: &NodeKind,
    key: &str,
    value: &str,
    words: Words,
) -> Result<NodeKind, String> {
    Ok(match kind {
        NodeKind::Producer(producer) => {
            NodeKind::Producer(set(producer::SECTIONS, producer, key, value, words)?)
        }
        NodeKind::Exchange(exchange) => {
            NodeKind::Exchange(set(exchange::SECTIONS, exchange, key, value, words)?)
        }
        NodeKind::Queue(queue) => NodeKind::Queue(set(queue::SECTIONS, queue, key, value, words)?),
        NodeKind::Consumer(consumer) => {
            NodeKind::Consumer(set(consumer::SECTIONS, consumer, key, value, words)?)
        }
    })
}

/// The edge's settings with one field set from text.
pub(super) fn set_edge(
    edge: &Edge,
    key: &str,
    value: &str,
    words: Words,
) -> Result<EdgeKind, String> {
    match &edge.kind {
        EdgeKind::Binding { .. } => edge::set_binding(&edge.kind, key, value, words),
        EdgeKind::Publish | EdgeKind::Consume => Err(words.error_no_field().to_owned()),
    }
}

fn text(_: Words) -> FieldInput {
    FieldInput::Text
}

fn lines(_: Words) -> FieldInput {
    FieldInput::Lines
}

fn switch(_: Words) -> FieldInput {
    FieldInput::Switch
}

fn quantity(unit: &str) -> FieldInput {
    FieldInput::Quantity {
        unit: unit.to_owned(),
    }
}

fn per_second(_: Words) -> FieldInput {
    quantity("msg/s")
}

fn seconds(_: Words) -> FieldInput {
    quantity("s")
}

fn millis(_: Words) -> FieldInput {
    quantity("ms")
}

fn octets(_: Words) -> FieldInput {
    quantity("B")
}

fn count(words: Words) -> FieldInput {
    quantity(words.unit_messages())
}

fn plain_number(_: Words) -> FieldInput {
    quantity("")
}

fn percent(_: Words) -> FieldInput {
    quantity("%")
}

fn choice(options: &[(&str, &str)]) -> FieldInput {
    FieldInput::Choice(
        options
            .iter()
            .map(|(value, label)| ((*value).to_owned(), (*label).to_owned()))
            .collect(),
    )
}

#[cfg(test)]
mod tests;
