//! Where versions of RabbitMQ differ, and what this broker does under each profile.
//!
//! | rule | `3.x` | `4.x` | source |
//! |---|---|---|---|
//! | a queue neither durable nor exclusive | declared | connection closed with 541 | 4.3, deprecated feature `transient_nonexcl_queues` |
//! | `basic.qos` with `global` | one limit for the channel | connection closed with 541 | 4.3, deprecated feature `global_qos` |
//! | `x-queue-mode`, any value | `default` and `lazy` accepted | 406 | 4.3 |
//! | `x-queue-version` 1 | accepted | 406 | 4.3 |
//! | `x-death` in a client's own publish | its history goes on | its history starts anew | 4.0 |
//! | `x-last-death-reason`, `-queue`, `-exchange` | not written | written at each dead-lettering | 4.0 |
//! | largest message | 134 217 728 octets | 16 777 216 octets | 4.0 |
//! | priorities of a quorum queue, which has no `x-max-priority` | none | 0 to 31, and 4 of a message that says none | 4.3, measured on 4.3.5 |
//! | a delivery unacked longer than the consumer timeout | the channel is closed | quorum queues only: the consumer is cancelled (`timeout`) | 4.3 |
//! | what counts towards `x-delivery-limit` and in `x-delivery-count` | every return | `basic.reject` and the end of the channel; `x-acquired-count` tells every return | 4.3, documents of quorum queues |
//! | `x-delayed-retry-type`, `-min`, `-max` | ignored | a message that comes back to a quorum queue waits before it is tried again | 4.3, measured on 4.3.5 |
//! | `x-consumer-timeout` | ignored, as by 3.10 | another timeout for a quorum queue or its consumer | 4.3 |
//! | a publish looks for expired messages | where it is the only one, or pushed another out | always | measured on 3.10 |
//! | a single active consumer is cancelled | the next one waits for something to happen | the next one is served | measured on 3.10 |
//!
//! RabbitMQ's own words for the two refusals of arguments were not at hand; those here are ours.
//! Differences of routing (topic keys with more than two `#`) stand in `topology`. Deliberately not
//! here: anything that all versions do alike.

use crate::types::{AmqpError, FieldTable, FieldValue, MethodId, Profile, QueueType, ReplyCode};

/// The largest message in octets: RabbitMQ's `max_message_size` of 3.x.
const MESSAGE_OCTETS_MAX_V3: u64 = 134_217_728;
/// The largest message in octets: RabbitMQ's `max_message_size` since 4.0.
const MESSAGE_OCTETS_MAX_V4: u64 = 16_777_216;

/// The highest priority in quorum queues, to which higher ones are cut.
pub(super) const QUORUM_PRIORITY_MAX: u8 = 31;
/// The priority in quorum queues of a message that says none.
pub(super) const QUORUM_PRIORITY: u8 = 4;

/// How often a message may come back to a quorum queue that says nothing: since 4.0.
const DELIVERY_LIMIT_V4: i64 = 20;

/// The largest message a client may publish, in octets.
pub(super) const fn message_octets_max(profile: Profile) -> u64 {
    match profile {
        Profile::V3 => MESSAGE_OCTETS_MAX_V3,
        Profile::V4 => MESSAGE_OCTETS_MAX_V4,
    }
}

/// Whether `x-death` headers that a client publishes are believed.
pub(super) const fn believes_clients_x_death(profile: Profile) -> bool {
    match profile {
        Profile::V3 => true,
        Profile::V4 => false,
    }
}

/// Whether dead letters carry `x-last-death-` headers.
pub(super) const fn says_last_death(profile: Profile) -> bool {
    match profile {
        Profile::V3 => false,
        Profile::V4 => true,
    }
}

/// Whether a publish looks for expired messages only where it is the only one in the queue or pushed
/// another out, so that one without time that jumps a priority queue is delivered
/// (`rabbit_amqqueue_process:deliver_or_enqueue/3`).
pub(super) const fn looks_late(profile: Profile) -> bool {
    match profile {
        Profile::V3 => true,
        Profile::V4 => false,
    }
}

/// Whether in a queue of that kind the cancel of a single active consumer makes the next one active without giving it what
/// waits, until the queue has another reason to look (`rabbit_amqqueue_process`, `basic_cancel`). A
/// publish meanwhile goes straight to a consumer without acks; for any other the queue falls over, as
/// it did not expect to have messages.
pub(super) const fn forgets_next_active(profile: Profile, kind: QueueType) -> bool {
    match profile {
        Profile::V3 => matches!(kind, QueueType::Classic),
        Profile::V4 => false,
    }
}

/// Whether who waits behind a single active consumer of a queue of that kind follows by priority.
pub(super) const fn ranks_waiting(profile: Profile, kind: QueueType) -> bool {
    match profile {
        Profile::V3 => !matches!(kind, QueueType::Quorum),
        Profile::V4 => true,
    }
}

/// Whether the single active consumer of a quorum queue makes room for one of higher priority.
pub(super) const fn may_change_over(profile: Profile) -> bool {
    match profile {
        Profile::V3 => false,
        Profile::V4 => true,
    }
}

/// Whether a message that returns by nack or recover has failed, to a quorum queue. One that returns by
/// reject or with the end of its channel has, under each profile.
pub(super) const fn nack_is_failure(profile: Profile) -> bool {
    match profile {
        Profile::V3 => true,
        Profile::V4 => false,
    }
}

/// How often a message may fail and come back to a quorum queue that asks for `asked`; `None` for no limit.
pub(super) fn delivery_limit(profile: Profile, asked: Option<i64>) -> Option<i64> {
    match profile {
        Profile::V3 => asked,
        Profile::V4 => Some(asked.unwrap_or(DELIVERY_LIMIT_V4)).filter(|limit| *limit >= 0),
    }
}

/// The refusal of a feature that 4.3 denies by default, in the words of
/// `rabbit_deprecated_features`.
fn denied(feature: &str, method: MethodId) -> AmqpError {
    let text = format!(
        "Feature `{feature}` is deprecated.\n\
         By default, this feature is not permitted anymore.\n\
         The feature will be removed from a future major RabbitMQ version, regardless of the \
         configuration; actual version to be determined.\n\
         To continue using this feature when it is not permitted by default, set the following \
         parameter in your configuration:\n    \
         \"deprecated_features.permit.{feature} = true\""
    );
    AmqpError::new(ReplyCode::InternalError, text, method)
}

/// Refuses what 4.3 denies among the flags of a queue.
pub(super) fn check_queue_flags(
    profile: Profile,
    durable: bool,
    exclusive: bool,
    method: MethodId,
) -> Result<(), AmqpError> {
    match profile {
        Profile::V4 if !durable && !exclusive => Err(denied("transient_nonexcl_queues", method)),
        Profile::V3 | Profile::V4 => Ok(()),
    }
}

/// Refuses `basic.qos` with `global` where it is denied.
pub(super) fn check_global_qos(profile: Profile, method: MethodId) -> Result<(), AmqpError> {
    match profile {
        Profile::V3 => Ok(()),
        Profile::V4 => Err(denied("global_qos", method)),
    }
}

/// Refuses what 4.3 denies among the arguments of a queue.
pub(super) fn check_queue_arguments(
    profile: Profile,
    arguments: &FieldTable,
    place: &str,
    method: MethodId,
) -> Result<(), AmqpError> {
    if profile == Profile::V3 {
        return Ok(());
    }
    let refuse = |text: String| Err(AmqpError::new(ReplyCode::PreconditionFailed, text, method));
    if arguments.get("x-queue-mode").is_some() {
        return refuse(format!(
            "invalid arg 'x-queue-mode' for {place}: this queue mode is no longer supported"
        ));
    }
    if arguments
        .get("x-queue-version")
        .and_then(FieldValue::as_integer)
        == Some(1)
    {
        return refuse(format!(
            "invalid arg 'x-queue-version' for {place}: \"unsupported queue version '1'\""
        ));
    }
    Ok(())
}
