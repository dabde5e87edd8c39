//! The fields of a consumer.
//!
//! Deliberately not here: the queue it takes from, which is its line.

use super::distribution::distribution_fields;
use super::{Field, Section, lines, parse, percent, plain_number, seconds, switch};
use crate::scenario::{AckMode, Consumer, FailureOutcome};

/// Workers of one consumer; a coroutine each.
const WORKERS_MAX: u64 = 1000;

pub(super) static SECTIONS: &[Section<Consumer>] = &[
    Section {
        title: |words| words.section_work(),
        open: true,
        fields: distribution_fields!(
            Consumer,
            "service",
            service,
            field_service,
            seconds,
            Field {
                key: "workers",
                words: |words| words.field_workers(),
                input: plain_number,
                get: |consumer| Some(consumer.workers.to_string()),
                set: |consumer, typed, words| {
                    let workers = parse::whole(typed, 1, WORKERS_MAX, words)?;
                    consumer.workers = u32::try_from(workers).unwrap_or(1);
                    Ok(())
                },
            },
            Field {
                key: "prefetch",
                words: |words| words.field_prefetch(),
                input: plain_number,
                get: |consumer| Some(consumer.prefetch.to_string()),
                set: |consumer, typed, words| {
                    let prefetch = parse::whole(typed, 0, u64::from(u16::MAX), words)?;
                    consumer.prefetch = u16::try_from(prefetch).unwrap_or_default();
                    Ok(())
                },
            },
        ),
    },
    Section {
        title: |words| words.section_reliability(),
        open: true,
        fields: RELIABILITY,
    },
    Section {
        title: |words| words.section_link(),
        open: false,
        fields: distribution_fields!(
            Consumer,
            "latency",
            latency,
            field_latency,
            seconds,
            Field {
                key: "outages",
                words: |words| words.field_outages(),
                input: lines,
                get: |consumer| Some(parse::show_outages(&consumer.outages)),
                set: |consumer, typed, words| {
                    consumer.outages = parse::outages(typed, words)?;
                    Ok(())
                },
            },
        ),
    },
];

static RELIABILITY: &[Field<Consumer>] = &[
    Field {
        key: "ack-mode",
        words: |words| words.field_ack_mode(),
        input: |words| {
            super::choice(&[
                ("manual", words.ack_manual()),
                ("automatic", words.ack_automatic()),
            ])
        },
        get: |consumer| {
            Some(
                match consumer.ack_mode {
                    AckMode::Manual => "manual",
                    AckMode::Automatic => "automatic",
                }
                .to_owned(),
            )
        },
        set: |consumer, typed, words| {
            consumer.ack_mode = match typed {
                "manual" => AckMode::Manual,
                "automatic" => AckMode::Automatic,
                _ => return Err(words.error_choice().to_owned()),
            };
            Ok(())
        },
    },
    Field {
        key: "failures.share",
        words: |words| words.field_failure_share(),
        input: percent,
        get: |consumer| {
            let percent = libm::round(consumer.failures.share * 1e8) / 1e6;
            Some(parse::show_number(percent))
        },
        set: |consumer, typed, words| {
            let percent = parse::number(typed, words)?;
            if percent > 100.0 {
                return Err(words.error_percent().to_owned());
            }
            consumer.failures.share = percent / 100.0;
            Ok(())
        },
    },
    Field {
        key: "failures.outcome",
        words: |words| words.field_failure_outcome(),
        input: |words| {
            super::choice(&[
                ("requeue", words.failure_requeue()),
                ("reject", words.failure_reject()),
            ])
        },
        get: |consumer| {
            Some(
                match consumer.failures.outcome {
                    FailureOutcome::Requeue => "requeue",
                    FailureOutcome::Reject => "reject",
                }
                .to_owned(),
            )
        },
        set: |consumer, typed, words| {
            consumer.failures.outcome = match typed {
                "requeue" => FailureOutcome::Requeue,
                "reject" => FailureOutcome::Reject,
                _ => return Err(words.error_choice().to_owned()),
            };
            Ok(())
        },
    },
    Field {
        key: "priority",
        words: |words| words.field_consumer_priority(),
        input: plain_number,
        get: |consumer| Some(parse::show_optional(consumer.priority)),
        set: |consumer, typed, words| {
            consumer.priority = parse::optional(typed, words, |text, words| {
                text.trim()
                    .parse()
                    .map_err(|_| words.error_number().to_owned())
            })?;
            Ok(())
        },
    },
    Field {
        key: "exclusive",
        words: |words| words.field_consumer_exclusive(),
        input: switch,
        get: |consumer| Some(consumer.exclusive.to_string()),
        set: |consumer, typed, words| {
            consumer.exclusive = parse::switch(typed, words)?;
            Ok(())
        },
    },
];
