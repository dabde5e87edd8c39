//! The fields of a binding. Publish and consume lines have none.
//!
//! Deliberately not here: which boxes a line joins.

use super::{Field, Section, lines, parse, text};
use crate::app::view::SectionView;
use crate::scenario::EdgeKind;
use crate::text::Words;
use crate::types::{BindingKey, FieldTable};

const X_MATCH: &str = "x-match";

/// A binding's settings.
#[derive(Clone)]
struct Binding {
    key: BindingKey,
    arguments: FieldTable,
}

static SECTIONS: &[Section<Binding>] = &[Section {
    title: |words| words.section_binding(),
    open: true,
    fields: FIELDS,
}];

static FIELDS: &[Field<Binding>] = &[
    Field {
        key: "binding-key",
        words: |words| words.field_binding_key(),
        input: text,
        get: |binding| Some(binding.key.to_string()),
        set: |binding, typed, words| {
            binding.key =
                BindingKey::new(typed).map_err(|error| words.error_too_long(error.octets))?;
            Ok(())
        },
    },
    Field {
        key: "x-match",
        words: |words| words.field_x_match(),
        input: |words| {
            super::choice(&[
                ("", words.choice_default()),
                ("all", "all"),
                ("any", "any"),
                ("all-with-x", "all-with-x"),
                ("any-with-x", "any-with-x"),
            ])
        },
        get: |binding| {
            let value = binding.arguments.get(X_MATCH).map(parse::plain_text);
            Some(value.unwrap_or_default())
        },
        set: |binding, typed, _| {
            parse::set_text(&mut binding.arguments, X_MATCH, typed);
            Ok(())
        },
    },
    Field {
        key: "arguments",
        words: |words| words.field_binding_arguments(),
        input: lines,
        get: |binding| Some(parse::show_table(&binding.arguments, &[X_MATCH])),
        set: |binding, typed, words| {
            let read = parse::table(typed, words)?;
            binding.arguments = parse::with_others(&binding.arguments, read, &[X_MATCH]);
            Ok(())
        },
    },
];

/// The fields of a binding.
pub(in crate::app) fn binding_sections(kind: &EdgeKind, words: Words) -> Vec<SectionView> {
    match kind {
        EdgeKind::Binding {
            binding_key,
            arguments,
        } => {
            let binding = Binding {
                key: binding_key.clone(),
                arguments: arguments.clone(),
            };
            super::show(SECTIONS, &binding, words)
        }
        EdgeKind::Publish | EdgeKind::Consume => Vec::new(),
    }
}

pub(super) fn set_binding(
    kind: &EdgeKind,
    key: &str,
    value: &str,
    words: Words,
) -> Result<EdgeKind, String> {
    let EdgeKind::Binding {
        binding_key,
        arguments,
    } = kind
    else {
        return Err(words.error_no_field().to_owned());
    };
    let binding = Binding {
        key: binding_key.clone(),
        arguments: arguments.clone(),
    };
    let binding = super::set(SECTIONS, &binding, key, value, words)?;
    Ok(EdgeKind::Binding {
        binding_key: binding.key,
        arguments: binding.arguments,
    })
}
