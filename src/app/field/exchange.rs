//! The fields of an exchange.
//!
//! Deliberately not here: its bindings, which are lines.

use super::{Field, Section, lines, parse, switch, text};
use crate::scenario::Exchange;
use crate::types::ExchangeType;

const ALTERNATE: &str = "alternate-exchange";

pub(super) static SECTIONS: &[Section<Exchange>] = &[Section {
    title: |words| words.section_settings(),
    open: true,
    fields: FIELDS,
}];

static FIELDS: &[Field<Exchange>] = &[
    Field {
        key: "type",
        words: |words| words.field_exchange_type(),
        input: |words| {
            super::choice(&[
                ("direct", words.kind_direct()),
                ("fanout", words.kind_fanout()),
                ("topic", words.kind_topic()),
                ("headers", words.kind_headers()),
                (ExchangeType::DELAYED, ExchangeType::DELAYED),
                (ExchangeType::CONSISTENT_HASH, ExchangeType::CONSISTENT_HASH),
                (ExchangeType::RANDOM, ExchangeType::RANDOM),
                (ExchangeType::LOCAL_RANDOM, ExchangeType::LOCAL_RANDOM),
            ])
        },
        get: |exchange| Some(exchange.exchange_type.name().to_owned()),
        set: |exchange, typed, words| match ExchangeType::from(typed.to_owned()) {
            ExchangeType::Other(name) if name.is_empty() => Err(words.error_choice().to_owned()),
            known => {
                exchange.exchange_type = known;
                Ok(())
            }
        },
    },
    Field {
        key: "alternate-exchange",
        words: |words| words.field_alternate(),
        input: text,
        get: |exchange| {
            let value = exchange.arguments.get(ALTERNATE).map(parse::plain_text);
            Some(value.unwrap_or_default())
        },
        set: |exchange, typed, _| {
            parse::set_text(&mut exchange.arguments, ALTERNATE, typed);
            Ok(())
        },
    },
    Field {
        key: "durable",
        words: |words| words.field_durable(),
        input: switch,
        get: |exchange| Some(exchange.durable.to_string()),
        set: |exchange, typed, words| {
            exchange.durable = parse::switch(typed, words)?;
            Ok(())
        },
    },
    Field {
        key: "auto-delete",
        words: |words| words.field_auto_delete(),
        input: switch,
        get: |exchange| Some(exchange.auto_delete.to_string()),
        set: |exchange, typed, words| {
            exchange.auto_delete = parse::switch(typed, words)?;
            Ok(())
        },
    },
    Field {
        key: "internal",
        words: |words| words.field_internal(),
        input: switch,
        get: |exchange| Some(exchange.internal.to_string()),
        set: |exchange, typed, words| {
            exchange.internal = parse::switch(typed, words)?;
            Ok(())
        },
    },
    Field {
        key: "arguments",
        words: |words| words.field_arguments(),
        input: lines,
        get: |exchange| Some(parse::show_table(&exchange.arguments, &[ALTERNATE])),
        set: |exchange, typed, words| {
            let read = parse::table(typed, words)?;
            exchange.arguments = parse::with_others(&exchange.arguments, read, &[ALTERNATE]);
            Ok(())
        },
    },
];
