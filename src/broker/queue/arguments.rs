//! What the `x-` arguments of `queue.declare` mean, which are refused, and when two declarations say
//! the same.
//!
//! Texts are RabbitMQ's (`rabbit_amqqueue`, `rabbit_misc`). Deliberately not here: flags such as
//! durable and exclusive, whose rules stand in `declare`, and what a limit does when it is reached.

use super::{Retry, Tells};
use crate::broker::DELIVERY_LIMIT_MAX;
use crate::broker::equivalence::{check_same_argument, type_name};
use crate::broker::profile;
use crate::types::{
    AmqpError, ExchangeName, FieldTable, FieldValue, MethodId, Profile, QueueType, ReplyCode,
    RoutingKey, SimDuration,
};

/// What a full queue does with one more message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::broker) enum Overflow {
    /// The message that would leave next is dropped.
    #[default]
    DropHead,
    /// The new message is refused.
    RejectPublish,
    /// The new message is refused and dead-lettered.
    RejectPublishDlx,
}

/// The arguments of a queue, understood.
#[derive(Debug, Clone, Default)]
pub(in crate::broker) struct QueueSettings {
    /// `x-message-ttl`
    pub(in crate::broker) message_ttl: Option<SimDuration>,
    /// `x-expires`
    pub(in crate::broker) expires: Option<SimDuration>,
    /// `x-max-length`
    pub(in crate::broker) max_length: Option<u64>,
    /// `x-max-length-bytes`
    pub(in crate::broker) max_octets: Option<u64>,
    /// `x-overflow`
    pub(in crate::broker) overflow: Overflow,
    /// `x-dead-letter-exchange`
    pub(in crate::broker) dead_letter_exchange: Option<ExchangeName>,
    /// `x-dead-letter-routing-key`
    pub(in crate::broker) dead_letter_key: Option<RoutingKey>,
    /// `x-max-priority`; 0 for a queue without priorities. Quorum queues of `4.x` have their own.
    pub(in crate::broker) max_priority: u8,
    /// `x-single-active-consumer`
    pub(in crate::broker) single_active: bool,
    /// `x-queue-type`
    pub(in crate::broker) kind: QueueType,
    /// What consumers are told of returns.
    pub(in crate::broker) tells: Tells,
    /// How often a message may fail and come back (`x-delivery-limit`).
    pub(in crate::broker) delivery_limit: Option<i64>,
    /// What comes back only after a while (`x-delayed-retry-type` and others).
    pub(in crate::broker) retry: Option<Retry>,
    /// How long a delivery may stay unacked (`x-consumer-timeout`); [`SimDuration::MAX`] for ever.
    pub(in crate::broker) timeout: SimDuration,
}

/// The longest time to live: ten years (RabbitMQ's `MAX_EXPIRY_TIMER`), in milliseconds.
pub(in crate::broker) const TTL_MS_MAX: i64 = 315_360_000_000;
/// The highest priority a queue may have.
const PRIORITY_MAX: i64 = 255;

impl QueueSettings {
    /// Reads arguments that [`check_arguments`] let pass; what is absent stays at its default. `timeout`
    /// is the broker's own.
    pub(in crate::broker) fn read(
        arguments: &FieldTable,
        profile: Profile,
        timeout: SimDuration,
    ) -> Self {
        let kind = queue_type(arguments).unwrap_or_default();
        let integer = |key| arguments.get(key).and_then(FieldValue::as_integer);
        let natural = |key| integer(key).and_then(|value| u64::try_from(value).ok());
        let text = |key| arguments.get(key).and_then(FieldValue::as_text);
        Self {
            message_ttl: natural("x-message-ttl").map(SimDuration::from_millis),
            expires: natural("x-expires").map(SimDuration::from_millis),
            max_length: natural("x-max-length"),
            // Streams lose whole segments of their oldest messages, in their own time.
            max_octets: natural("x-max-length-bytes").filter(|_| kind != QueueType::Stream),
            overflow: match text("x-overflow") {
                Some("reject-publish") => Overflow::RejectPublish,
                Some("reject-publish-dlx") if kind == QueueType::Classic => {
                    Overflow::RejectPublishDlx
                }
                _ => Overflow::DropHead,
            },
            dead_letter_exchange: text("x-dead-letter-exchange").map(ExchangeName::truncated),
            dead_letter_key: text("x-dead-letter-routing-key").map(RoutingKey::truncated),
            max_priority: match (profile, kind) {
                (Profile::V4, QueueType::Quorum) => profile::QUORUM_PRIORITY_MAX,
                _ => integer("x-max-priority")
                    .and_then(|value| u8::try_from(value).ok())
                    .unwrap_or(0),
            },
            single_active: arguments
                .get("x-single-active-consumer")
                .and_then(FieldValue::as_bool)
                .unwrap_or(false),
            kind,
            tells: match (kind, profile) {
                (QueueType::Quorum, Profile::V3) => Tells::Failures,
                (QueueType::Quorum, Profile::V4) => Tells::Returns,
                (QueueType::Classic | QueueType::Stream, _) => Tells::Redelivered,
            },
            delivery_limit: match kind {
                QueueType::Quorum => profile::delivery_limit(profile, integer("x-delivery-limit"))
                    .map(|limit| limit.min(DELIVERY_LIMIT_MAX)),
                QueueType::Classic | QueueType::Stream => None,
            },
            retry: match (profile, kind) {
                (Profile::V4, QueueType::Quorum) => Retry::read(arguments),
                _ => None,
            },
            timeout: match (profile, kind) {
                (Profile::V3, _) => timeout,
                (Profile::V4, QueueType::Quorum) => {
                    let own = natural("x-consumer-timeout").map(SimDuration::from_millis);
                    own.unwrap_or(timeout)
                }
                (Profile::V4, QueueType::Classic | QueueType::Stream) => SimDuration::MAX,
            },
        }
    }
}

/// The type of a queue, by its `x-queue-type`, or the reason why there is none.
pub(in crate::broker) fn queue_type(arguments: &FieldTable) -> Result<QueueType, String> {
    let Some(value) = arguments.get("x-queue-type") else {
        return Ok(QueueType::Classic);
    };
    let name = string(value)?;
    QueueType::named(name).ok_or_else(|| quoted(&format!("unsupported queue type '{name}'")))
}

/// An Erlang string as RabbitMQ prints it inside a reason.
fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Any integer, or the reason why not.
pub(in crate::broker) fn integer(value: &FieldValue) -> Result<i64, String> {
    value
        .as_integer()
        .ok_or_else(|| quoted(&format!("expected integer, got {}", type_name(value))))
}

fn natural(value: &FieldValue) -> Result<i64, String> {
    let number = integer(value)?;
    if number < 0 {
        return Err(format!("{{value_negative,{number}}}"));
    }
    Ok(number)
}

fn string(value: &FieldValue) -> Result<&str, String> {
    match value {
        FieldValue::LongStr(octets) => Ok(std::str::from_utf8(octets).unwrap_or("")),
        other => Err(format!("{{unacceptable_type,{}}}", type_name(other))),
    }
}

fn time_to_live(value: &FieldValue) -> Result<(), String> {
    let number = integer(value)?;
    if number < 0 {
        return Err(format!("{{value_negative,{number}}}"));
    }
    if number > TTL_MS_MAX {
        return Err(format!("{{value_too_large,{number}}}"));
    }
    Ok(())
}

fn one_of(value: &FieldValue, words: &[&str], reason: &str) -> Result<(), String> {
    let text = string(value)?;
    if words.contains(&text) {
        return Ok(());
    }
    Err(reason.to_owned())
}

/// Whether one known argument's value is acceptable, or RabbitMQ's reason why not.
fn check_one(key: &str, value: &FieldValue, all: &FieldTable) -> Result<(), String> {
    match key {
        "x-expires" => match integer(value)? {
            0 => Err("{value_zero,0}".to_owned()),
            _ => time_to_live(value),
        },
        "x-message-ttl" => time_to_live(value),
        "x-dead-letter-routing-key" => {
            string(value)?;
            if all.get("x-dead-letter-exchange").is_none() {
                return Err("routing_key_but_no_dlx_defined".to_owned());
            }
            Ok(())
        }
        "x-max-length"
        | "x-max-length-bytes"
        | "x-max-in-memory-length"
        | "x-max-in-memory-bytes"
        | "x-consumer-timeout"
        | "x-delayed-retry-min"
        | "x-delayed-retry-max" => natural(value).map(|_| ()),
        // Any word: measured on 4.3.5.
        "x-delayed-retry-type" => string(value).map(|_| ()),
        "x-quorum-initial-group-size" | "x-initial-cluster-size" => match natural(value)? {
            0 => Err("{value_zero,0}".to_owned()),
            _ => Ok(()),
        },
        "x-dead-letter-strategy" => one_of(
            value,
            &["at-most-once", "at-least-once"],
            "invalid_dlx_strategy",
        ),
        "x-queue-leader-locator" => one_of(
            value,
            &["client-local", "balanced", "random", "least-leaders"],
            "invalid_queue_locator_arg",
        ),
        "x-max-priority" => match natural(value)? {
            number if number > PRIORITY_MAX => Err(format!("{{max_value_exceeded,{number}}}")),
            _ => Ok(()),
        },
        "x-overflow" => one_of(
            value,
            &["drop-head", "reject-publish", "reject-publish-dlx"],
            "invalid_overflow",
        ),
        "x-queue-mode" => match string(value)? {
            "default" | "lazy" => Ok(()),
            mode => Err(quoted(&format!("unsupported queue mode '{mode}'"))),
        },
        "x-queue-version" => match natural(value)? {
            1 | 2 => Ok(()),
            number => Err(quoted(&format!("unsupported queue version '{number}'"))),
        },
        "x-single-active-consumer" => match value.as_bool() {
            Some(_) => Ok(()),
            None => Err(format!("{{unacceptable_type,{}}}", type_name(value))),
        },
        _ => Ok(()),
    }
}

/// Checks the arguments of a new queue. `place` is `queue 'q' in vhost '/'`.
///
/// # Errors
/// 406 with RabbitMQ's reason for the first argument that is not acceptable.
pub(in crate::broker) fn check_arguments(
    arguments: &FieldTable,
    place: &str,
    profile: Profile,
    method: MethodId,
) -> Result<(), AmqpError> {
    let refuse = |text: String| AmqpError::new(ReplyCode::PreconditionFailed, text, method);
    if let Some(value) = arguments.get("x-dead-letter-exchange") {
        // The channel reads it before the queue's own checks, hence the other wording.
        if !matches!(value, FieldValue::LongStr(_)) {
            return Err(refuse(format!(
                "invalid type '{}' for arg 'x-dead-letter-exchange' in {place}",
                type_name(value)
            )));
        }
    }
    let invalid =
        |key: &str, reason: String| refuse(format!("invalid arg '{key}' for {place}: {reason}"));
    let kind = queue_type(arguments).map_err(|reason| invalid("x-queue-type", reason))?;
    for (key, _) in QueueType::arguments(profile) {
        if let Some(value) = arguments.get(key) {
            check_one(key, value, arguments).map_err(|reason| invalid(key, reason))?;
        }
    }
    profile::check_queue_arguments(profile, arguments, place, method)?;
    for (key, _) in QueueType::arguments(profile) {
        if arguments.get(key).is_some() && !kind.knows(key) {
            let kind = kind.module();
            return Err(refuse(format!(
                "invalid arg '{key}' for {place} of queue type {kind}"
            )));
        }
    }
    Ok(())
}

/// Checks that a second declaration says what the first did.
///
/// # Errors
/// 406 naming the first argument that differs.
pub(in crate::broker) fn check_equivalence(
    current: &FieldTable,
    received: &FieldTable,
    place: &str,
    profile: Profile,
    method: MethodId,
) -> Result<(), AmqpError> {
    for &(key, _) in QueueType::arguments(profile) {
        if key == "x-queue-type" && is_plainly_classic(current) && is_plainly_classic(received) {
            continue;
        }
        check_same_argument(key, place, received, current, method)?;
    }
    Ok(())
}

/// A classic queue may say so or say nothing: that is the same to RabbitMQ.
fn is_plainly_classic(arguments: &FieldTable) -> bool {
    let kind = arguments.get("x-queue-type");
    kind.is_none_or(|kind| kind.as_text() == Some("classic"))
}
