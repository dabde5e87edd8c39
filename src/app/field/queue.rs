//! The fields of a queue: its `x-...` arguments with friendly names, and the rest as lines.
//!
//! Deliberately not here: whether the broker accepts them; it says so itself when it declares.

use super::{Field, Section, count, lines, millis, octets, parse, plain_number, switch, text};
use crate::broker::DELIVERY_LIMIT_MAX;
use crate::scenario::Queue;
use crate::types::FieldValue;

const TTL: &str = "x-message-ttl";
const EXPIRES: &str = "x-expires";
const MAX_LENGTH: &str = "x-max-length";
const MAX_BYTES: &str = "x-max-length-bytes";
const OVERFLOW: &str = "x-overflow";
const DLX: &str = "x-dead-letter-exchange";
const DLX_KEY: &str = "x-dead-letter-routing-key";
const DELIVERY_LIMIT: &str = "x-delivery-limit";
const MAX_PRIORITY: &str = "x-max-priority";
const QUEUE_TYPE: &str = "x-queue-type";
const SINGLE_ACTIVE: &str = "x-single-active-consumer";

/// Arguments that have a field of their own.
const OWN: [&str; 11] = [
    TTL,
    EXPIRES,
    MAX_LENGTH,
    MAX_BYTES,
    OVERFLOW,
    DLX,
    DLX_KEY,
    DELIVERY_LIMIT,
    MAX_PRIORITY,
    QUEUE_TYPE,
    SINGLE_ACTIVE,
];

/// What stands for the default exchange, whose name is empty.
const DEFAULT_EXCHANGE: &str = "(default)";

/// The longest time RabbitMQ takes, in milliseconds (its timers hold 32 bits).
const MILLIS_MAX: u64 = u32::MAX as u64;

pub(super) static SECTIONS: &[Section<Queue>] = &[
    Section {
        title: |words| words.section_limits(),
        open: true,
        fields: LIMITS,
    },
    Section {
        title: |words| words.section_dead_letter(),
        open: true,
        fields: DEAD_LETTER,
    },
    Section {
        title: |words| words.section_settings(),
        open: false,
        fields: SETTINGS,
    },
    Section {
        title: |words| words.section_arguments(),
        open: false,
        fields: OTHERS,
    },
];

fn shown(queue: &Queue, key: &str) -> Option<String> {
    let value = queue.arguments.get(key).map(parse::plain_text);
    Some(value.unwrap_or_default())
}

macro_rules! whole_argument {
    ($key:literal, $words:ident, $unit:path, $argument:ident, $min:expr, $max:expr) => {
        Field {
            key: $key,
            words: |words| words.$words(),
            input: $unit,
            get: |queue| shown(queue, $argument),
            set: |queue, typed, words| {
                parse::set_whole(&mut queue.arguments, $argument, typed, ($min, $max), words)
            },
        }
    };
}

macro_rules! flag {
    ($key:literal, $words:ident, $member:ident) => {
        Field {
            key: $key,
            words: |words| words.$words(),
            input: switch,
            get: |queue| Some(queue.$member.to_string()),
            set: |queue, typed, words| {
                queue.$member = parse::switch(typed, words)?;
                Ok(())
            },
        }
    };
}

static LIMITS: &[Field<Queue>] = &[
    whole_argument!("message-ttl", field_message_ttl, millis, TTL, 0, MILLIS_MAX),
    whole_argument!(
        "max-length",
        field_max_length,
        count,
        MAX_LENGTH,
        0,
        i64::MAX as u64
    ),
    whole_argument!(
        "max-bytes",
        field_max_bytes,
        octets,
        MAX_BYTES,
        0,
        i64::MAX as u64
    ),
    Field {
        key: "overflow",
        words: |words| words.field_overflow(),
        input: |words| {
            super::choice(&[
                ("", words.choice_default()),
                ("drop-head", "drop-head"),
                ("reject-publish", "reject-publish"),
                ("reject-publish-dlx", "reject-publish-dlx"),
            ])
        },
        get: |queue| shown(queue, OVERFLOW),
        set: |queue, typed, words| match typed {
            "" | "drop-head" | "reject-publish" | "reject-publish-dlx" => {
                parse::set_text(&mut queue.arguments, OVERFLOW, typed);
                Ok(())
            }
            _ => Err(words.error_choice().to_owned()),
        },
    },
    whole_argument!("expires", field_expires, millis, EXPIRES, 1, MILLIS_MAX),
    whole_argument!(
        "delivery-limit",
        field_delivery_limit,
        plain_number,
        DELIVERY_LIMIT,
        0,
        DELIVERY_LIMIT_MAX as u64
    ),
];

static DEAD_LETTER: &[Field<Queue>] = &[
    Field {
        key: "dead-letter-exchange",
        words: |words| words.field_dlx(),
        input: text,
        get: |queue| {
            let value = queue.arguments.get(DLX).map(parse::plain_text);
            Some(match value {
                Some(name) if name.is_empty() => DEFAULT_EXCHANGE.to_owned(),
                Some(name) => name,
                None => String::new(),
            })
        },
        set: |queue, typed, words| {
            match typed.trim() {
                DEFAULT_EXCHANGE => queue.arguments.set(DLX, FieldValue::text("")),
                name if name.len() > 255 => return Err(words.error_too_long(name.len())),
                name => parse::set_text(&mut queue.arguments, DLX, name),
            }
            Ok(())
        },
    },
    Field {
        key: "dead-letter-key",
        words: |words| words.field_dlx_key(),
        input: text,
        get: |queue| shown(queue, DLX_KEY),
        set: |queue, typed, words| {
            if typed.len() > 255 {
                return Err(words.error_too_long(typed.len()));
            }
            parse::set_text(&mut queue.arguments, DLX_KEY, typed);
            Ok(())
        },
    },
];

static SETTINGS: &[Field<Queue>] = &[
    flag!("declared", field_declared, declared),
    flag!("durable", field_durable, durable),
    flag!("exclusive", field_exclusive, exclusive),
    flag!("auto-delete", field_auto_delete, auto_delete),
    whole_argument!(
        "max-priority",
        field_max_priority,
        plain_number,
        MAX_PRIORITY,
        0,
        255
    ),
    Field {
        key: "single-active",
        words: |words| words.field_single_active(),
        input: switch,
        get: |queue| {
            let on = queue.arguments.get(SINGLE_ACTIVE);
            Some((on.and_then(FieldValue::as_bool) == Some(true)).to_string())
        },
        set: |queue, typed, words| {
            if parse::switch(typed, words)? {
                queue.arguments.set(SINGLE_ACTIVE, true);
            } else {
                queue.arguments.remove(SINGLE_ACTIVE);
            }
            Ok(())
        },
    },
    Field {
        key: "queue-type",
        words: |words| words.field_queue_type(),
        input: |words| {
            super::choice(&[
                ("", words.choice_default()),
                ("classic", "classic"),
                ("quorum", "quorum"),
                ("stream", "stream"),
            ])
        },
        get: |queue| shown(queue, QUEUE_TYPE),
        set: |queue, typed, _| {
            parse::set_text(&mut queue.arguments, QUEUE_TYPE, typed);
            Ok(())
        },
    },
];

static OTHERS: &[Field<Queue>] = &[Field {
    key: "arguments",
    words: |words| words.field_arguments(),
    input: lines,
    get: |queue| Some(parse::show_table(&queue.arguments, &OWN)),
    set: |queue, typed, words| {
        let read = parse::table(typed, words)?;
        queue.arguments = parse::with_others(&queue.arguments, read, &OWN);
        Ok(())
    },
}];
