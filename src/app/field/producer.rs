//! The fields of a producer.
//!
//! Deliberately not here: its load (`load.rs`) and its links.

use super::distribution::distribution_fields;
use super::{Field, Section, lines, load, octets, parse, plain_number, seconds, switch, text};
use crate::scenario::{Choice, Producer};

/// Outstanding confirms a window may allow; no client keeps more.
const CONFIRM_WINDOW_MAX: u64 = 1_000_000;

pub(super) static SECTIONS: &[Section<Producer>] = &[
    Section {
        title: |words| words.section_load(),
        open: true,
        fields: load::FIELDS,
    },
    Section {
        title: |words| words.section_message(),
        open: true,
        fields: MESSAGE,
    },
    Section {
        title: |words| words.section_reliability(),
        open: false,
        fields: RELIABILITY,
    },
    Section {
        title: |words| words.section_link(),
        open: false,
        fields: distribution_fields!(
            Producer,
            "latency",
            latency,
            field_latency,
            seconds,
            Field {
                key: "outages",
                words: |words| words.field_outages(),
                input: lines,
                get: |producer| Some(parse::show_outages(&producer.outages)),
                set: |producer, typed, words| {
                    producer.outages = parse::outages(typed, words)?;
                    Ok(())
                },
            },
        ),
    },
];

static MESSAGE: &[Field<Producer>] = distribution_fields!(
    Producer,
    "size",
    size,
    field_size,
    octets,
    Field {
        key: "routing-key",
        words: |words| words.field_routing_key(),
        input: lines,
        get: |producer| Some(parse::show_keys(&producer.routing_key)),
        set: |producer, typed, words| {
            producer.routing_key = parse::keys(typed, &producer.routing_key, words)?;
            Ok(())
        },
    },
    Field {
        key: "routing-key.choice",
        words: |words| words.field_routing_key_choice(),
        input: |words| {
            super::choice(&[
                ("fixed", words.choice_fixed()),
                ("cycle", words.choice_cycle()),
                ("drawn", words.choice_drawn()),
            ])
        },
        get: |producer| {
            Some(
                match producer.routing_key {
                    Choice::Fixed(_) => "fixed",
                    Choice::Cycle(_) => "cycle",
                    Choice::Drawn(_) => "drawn",
                }
                .to_owned(),
            )
        },
        set: |producer, typed, words| {
            producer.routing_key = parse::keys_chosen(&producer.routing_key, typed, words)?;
            Ok(())
        },
    },
    Field {
        key: "headers",
        words: |words| words.field_headers(),
        input: lines,
        get: |producer| Some(parse::show_headers(&producer.headers)),
        set: |producer, typed, words| {
            producer.headers = parse::headers(typed, words)?;
            Ok(())
        },
    },
    Field {
        key: "priority",
        words: |words| words.field_priority(),
        input: plain_number,
        get: |producer| Some(parse::show_optional(producer.priority)),
        set: |producer, typed, words| {
            let priority = parse::optional(typed, words, |text, words| {
                parse::whole(text, 0, u64::from(u8::MAX), words)
            })?;
            producer.priority = priority.and_then(|value| u8::try_from(value).ok());
            Ok(())
        },
    },
    Field {
        key: "expiration",
        words: |words| words.field_expiration(),
        input: text,
        get: |producer| Some(parse::show_optional(producer.expiration)),
        set: |producer, typed, words| {
            producer.expiration = parse::optional(typed, words, parse::duration)?;
            Ok(())
        },
    },
);

static RELIABILITY: &[Field<Producer>] = &[
    Field {
        key: "persistent",
        words: |words| words.field_persistent(),
        input: switch,
        get: |producer| Some(producer.persistent.to_string()),
        set: |producer, typed, words| {
            producer.persistent = parse::switch(typed, words)?;
            Ok(())
        },
    },
    Field {
        key: "mandatory",
        words: |words| words.field_mandatory(),
        input: switch,
        get: |producer| Some(producer.mandatory.to_string()),
        set: |producer, typed, words| {
            producer.mandatory = parse::switch(typed, words)?;
            Ok(())
        },
    },
    Field {
        key: "confirm-window",
        words: |words| words.field_confirm_window(),
        input: plain_number,
        get: |producer| Some(parse::show_optional(producer.confirm_window)),
        set: |producer, typed, words| {
            let window = parse::optional(typed, words, |text, words| {
                parse::whole(text, 1, CONFIRM_WINDOW_MAX, words)
            })?;
            producer.confirm_window = window.and_then(|value| u32::try_from(value).ok());
            Ok(())
        },
    },
];
