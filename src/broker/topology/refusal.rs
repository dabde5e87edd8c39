//! What RabbitMQ says when it refuses something about exchanges and bindings, word for word.
//!
//! Source: RabbitMQ's rabbit_channel, rabbit_exchange and rabbit_misc. Deliberately not here: when.

use super::ring::Hashed;
use crate::broker::command::ExchangeDeclare;
use crate::broker::equivalence::{term_text, type_name};
use crate::types::{
    AmqpError, BindingKey, ExchangeName, ExchangeType, FieldValue, MethodId, Profile, QueueName,
    ReplyCode, VhostName,
};

/// An exchange as RabbitMQ names it in a text.
pub(super) fn exchange_in(name: &ExchangeName, vhost: &VhostName) -> String {
    format!("exchange '{name}' in vhost '{vhost}'")
}

pub(super) fn no_exchange(name: &ExchangeName, vhost: &VhostName, method: MethodId) -> AmqpError {
    let text = format!("no {}", exchange_in(name, vhost));
    AmqpError::new(ReplyCode::NotFound, text, method)
}

pub(super) fn no_queue(name: &QueueName, vhost: &VhostName, method: MethodId) -> AmqpError {
    let text = format!("no queue '{name}' in vhost '{vhost}'");
    AmqpError::new(ReplyCode::NotFound, text, method)
}

pub(super) fn default_exchange(method: MethodId) -> AmqpError {
    let text = "operation not permitted on the default exchange";
    AmqpError::new(ReplyCode::AccessRefused, text, method)
}

pub(super) fn reserved_name(name: &ExchangeName, method: MethodId) -> AmqpError {
    let text = format!("exchange name '{name}' contains reserved prefix 'amq.*'");
    AmqpError::new(ReplyCode::AccessRefused, text, method)
}

pub(super) fn system_exchange(
    name: &ExchangeName,
    vhost: &VhostName,
    method: MethodId,
) -> AmqpError {
    let text = format!(
        "deletion of system {} not allowed",
        exchange_in(name, vhost)
    );
    AmqpError::new(ReplyCode::AccessRefused, text, method)
}

pub(super) fn in_use(name: &ExchangeName, vhost: &VhostName, method: MethodId) -> AmqpError {
    let text = format!("{} in use", exchange_in(name, vhost));
    AmqpError::new(ReplyCode::PreconditionFailed, text, method)
}

pub(super) fn internal_exchange(
    name: &ExchangeName,
    vhost: &VhostName,
    method: MethodId,
) -> AmqpError {
    let text = format!("cannot publish to internal {}", exchange_in(name, vhost));
    AmqpError::new(ReplyCode::AccessRefused, text, method)
}

/// 3.x closes the connection, 4.x only the channel.
pub(super) fn unknown_type(
    exchange_type: &ExchangeType,
    profile: Profile,
    method: MethodId,
) -> AmqpError {
    let code = match profile {
        Profile::V3 => ReplyCode::CommandInvalid,
        Profile::V4 => ReplyCode::PreconditionFailed,
    };
    let name = exchange_type.name();
    let what = if name.is_empty() {
        "invalid"
    } else {
        "unknown"
    };
    AmqpError::new(code, format!("{what} exchange type '{name}'"), method)
}

pub(super) fn argument_type(
    value: &FieldValue,
    argument: &str,
    name: &ExchangeName,
    vhost: &VhostName,
    method: MethodId,
) -> AmqpError {
    let of = exchange_in(name, vhost);
    let text = format!(
        "invalid type '{}' for arg '{argument}' in {of}",
        type_name(value)
    );
    AmqpError::new(ReplyCode::PreconditionFailed, text, method)
}

pub(super) fn x_match(value: &FieldValue, method: MethodId) -> AmqpError {
    let term = term_text(value);
    let text = match value.as_text() {
        Some(_) => format!(
            "Invalid x-match field value {term}; expected all, any, all-with-x, or any-with-x"
        ),
        None => {
            let name = type_name(value);
            format!("Invalid x-match field type {name} (value {term}); expected longstr")
        }
    };
    AmqpError::new(ReplyCode::PreconditionFailed, text, method)
}

pub(super) fn too_many_wildcards(
    key: &BindingKey,
    found: usize,
    allowed: usize,
    method: MethodId,
) -> AmqpError {
    let text = format!(
        "Topic binding key '{key}' uses {found} '#' wildcards, at most {allowed} are allowed"
    );
    AmqpError::new(ReplyCode::PreconditionFailed, text, method)
}

pub(super) fn no_vhost(method: MethodId) -> AmqpError {
    AmqpError::new(ReplyCode::InternalError, "the vhost does not exist", method)
}

/// Refuses an exchange that is to delay by no rule that there is (`x-delayed-message`), or to hash what
/// cannot be hashed (`x-consistent-hash`).
pub(super) fn check_rule(
    declare: &ExchangeDeclare,
    profile: Profile,
    method: MethodId,
) -> Result<(), AmqpError> {
    let refuse = |text: String| Err(AmqpError::new(ReplyCode::PreconditionFailed, text, method));
    let Some(rule) = declare.exchange_type.rule(&declare.arguments) else {
        let text = "Invalid argument, 'x-delayed-type' must be an existing exchange type";
        return refuse(text.to_owned());
    };
    if !rule.is_known(profile) {
        return Err(unknown_type(&rule, profile, method));
    }
    if rule.name() != ExchangeType::CONSISTENT_HASH {
        return Ok(());
    }
    let is_odd = |key| matches!(declare.arguments.get(key), Some(it) if it.as_text().is_none());
    if is_odd("hash-header") || is_odd("hash-property") {
        // RabbitMQ falls over it (measured).
        let nothing = MethodId::default();
        return Err(AmqpError::new(ReplyCode::InternalError, "", nothing));
    }
    match Hashed::read(&declare.arguments) {
        Hashed::Property(name) if !Hashed::PROPERTIES.contains(&name.as_str()) => {
            refuse(format!("Unsupported property: {name}"))
        }
        Hashed::Header(_) if declare.arguments.get("hash-property").is_some() => {
            refuse("hash-header and hash-property are mutually exclusive".to_owned())
        }
        Hashed::Key | Hashed::Header(_) | Hashed::Property(_) => Ok(()),
    }
}

/// Refuses a binding key that is no weight (`x-consistent-hash`).
pub(super) fn check_weight(key: &BindingKey, method: MethodId) -> Result<(), AmqpError> {
    let text = match key.as_str().parse::<i64>() {
        Ok(weight) if weight >= 1 => return Ok(()),
        Ok(_) => "The binding key must be greater than 0".to_owned(),
        Err(_) => {
            let key = term_text(&FieldValue::text(key.as_str()));
            format!("The binding key must be an integer: {key}")
        }
    };
    Err(AmqpError::new(ReplyCode::PreconditionFailed, text, method))
}
