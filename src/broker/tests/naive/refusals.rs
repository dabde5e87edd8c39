//! What is refused, in RabbitMQ's own words: the checks of arguments and of redeclarations.
//!
//! The order of checks and the texts were read off a RabbitMQ 3.10.8 where the notes give only the
//! code.

use crate::types::{AmqpError, FieldTable, FieldValue, MethodId, Profile, ReplyCode};

pub(super) const EXCHANGE_DECLARE: MethodId = MethodId::new(40, 10);
pub(super) const EXCHANGE_DELETE: MethodId = MethodId::new(40, 20);
pub(super) const EXCHANGE_BIND: MethodId = MethodId::new(40, 30);
pub(super) const EXCHANGE_UNBIND: MethodId = MethodId::new(40, 40);
pub(super) const QUEUE_DECLARE: MethodId = MethodId::new(50, 10);
pub(super) const QUEUE_BIND: MethodId = MethodId::new(50, 20);
pub(super) const QUEUE_PURGE: MethodId = MethodId::new(50, 30);
pub(super) const QUEUE_DELETE: MethodId = MethodId::new(50, 40);
pub(super) const QUEUE_UNBIND: MethodId = MethodId::new(50, 50);
pub(super) const BASIC_QOS: MethodId = MethodId::new(60, 10);
pub(super) const BASIC_CONSUME: MethodId = MethodId::new(60, 20);
pub(super) const BASIC_PUBLISH: MethodId = MethodId::new(60, 40);
pub(super) const BASIC_GET: MethodId = MethodId::new(60, 70);

/// Ten years, the longest time to live (§4).
pub(super) const MILLIS_MAX: i64 = 315_360_000_000;

pub(super) fn not_found(what: &str, name: &str, method: MethodId) -> AmqpError {
    AmqpError::new(
        ReplyCode::NotFound,
        format!("no {what} '{name}' in vhost '/'"),
        method,
    )
}

pub(super) fn precondition(text: impl Into<String>, method: MethodId) -> AmqpError {
    AmqpError::new(ReplyCode::PreconditionFailed, text, method)
}

pub(super) fn access_refused(text: impl Into<String>, method: MethodId) -> AmqpError {
    AmqpError::new(ReplyCode::AccessRefused, text, method)
}

pub(super) fn default_exchange(method: MethodId) -> AmqpError {
    access_refused("operation not permitted on the default exchange", method)
}

/// §4: exclusive queues are for the connection that declared them.
pub(super) fn locked(queue: &str, method: MethodId) -> AmqpError {
    AmqpError::new(
        ReplyCode::ResourceLocked,
        format!(
            "cannot obtain exclusive access to locked queue '{queue}' in vhost '/'. It could be \
             originally declared on another connection or the exclusive property value does not \
             match that of the original declaration."
        ),
        method,
    )
}

/// RabbitMQ's name of a field's type.
pub(super) fn type_name(value: &FieldValue) -> &'static str {
    match value {
        FieldValue::Bool(_) => "bool",
        FieldValue::I8(_) => "byte",
        FieldValue::U8(_) => "unsignedbyte",
        FieldValue::I16(_) => "short",
        FieldValue::U16(_) => "unsignedshort",
        FieldValue::I32(_) => "signedint",
        FieldValue::U32(_) => "unsignedint",
        FieldValue::I64(_) => "long",
        FieldValue::F32(_) => "float",
        FieldValue::F64(_) => "double",
        FieldValue::Decimal(_) => "decimal",
        FieldValue::LongStr(_) => "longstr",
        FieldValue::Array(_) => "array",
        FieldValue::Timestamp(_) => "timestamp",
        FieldValue::Table(_) => "table",
        FieldValue::Bytes(_) => "binary",
        FieldValue::Void => "void",
    }
}

pub(super) fn shown(value: &FieldValue) -> String {
    match value {
        FieldValue::Bool(flag) => flag.to_string(),
        FieldValue::LongStr(octets) => String::from_utf8_lossy(octets).into_owned(),
        _ => match value.as_integer() {
            Some(number) => number.to_string(),
            None => "?".to_owned(),
        },
    }
}

fn invalid(key: &str, queue: &str, why: &str) -> AmqpError {
    precondition(
        format!("invalid arg '{key}' for queue '{queue}' in vhost '/': {why}"),
        QUEUE_DECLARE,
    )
}

fn integer(value: &FieldValue) -> Result<i64, String> {
    value
        .as_integer()
        .ok_or_else(|| format!("\"expected integer, got {}\"", type_name(value)))
}

fn text(value: &FieldValue) -> Result<&str, String> {
    value
        .as_text()
        .ok_or_else(|| format!("{{unacceptable_type,{}}}", type_name(value)))
}

fn not_negative(value: &FieldValue) -> Result<i64, String> {
    match integer(value)? {
        number if number < 0 => Err(format!("{{value_negative,{number}}}")),
        number => Ok(number),
    }
}

fn span(value: &FieldValue) -> Result<i64, String> {
    match not_negative(value)? {
        number if number > MILLIS_MAX => Err(format!("{{value_too_large,{number}}}")),
        number => Ok(number),
    }
}

/// §4: arguments of a new queue, one after the other, in RabbitMQ's order.
pub(super) fn check_queue_arguments(
    profile: Profile,
    queue: &str,
    arguments: &FieldTable,
) -> Result<(), AmqpError> {
    if let Some(value) = arguments.get("x-dead-letter-exchange")
        && value.as_text().is_none()
    {
        return Err(precondition(
            format!(
                "invalid type '{}' for arg 'x-dead-letter-exchange' in queue '{queue}' in vhost '/'",
                type_name(value)
            ),
            QUEUE_DECLARE,
        ));
    }
    for key in COMPARED {
        let Some(value) = arguments.get(key) else {
            continue;
        };
        let verdict = check_queue_argument(profile, key, value, arguments);
        verdict.map_err(|why| invalid(key, queue, &why))?;
    }
    Ok(())
}

fn check_queue_argument(
    profile: Profile,
    key: &str,
    value: &FieldValue,
    arguments: &FieldTable,
) -> Result<(), String> {
    match key {
        "x-expires" => match integer(value)? {
            0 => Err("{value_zero,0}".to_owned()),
            _ => span(value).map(drop),
        },
        "x-message-ttl" => span(value).map(drop),
        "x-max-length" | "x-max-length-bytes" => not_negative(value).map(drop),
        "x-max-priority" => match not_negative(value)? {
            number if number > 255 => Err(format!("{{max_value_exceeded,{number}}}")),
            _ => Ok(()),
        },
        "x-overflow" => match text(value)? {
            "drop-head" | "reject-publish" | "reject-publish-dlx" => Ok(()),
            _ => Err("invalid_overflow".to_owned()),
        },
        "x-dead-letter-routing-key" => {
            text(value)?;
            match arguments.get("x-dead-letter-exchange") {
                Some(_) => Ok(()),
                None => Err("routing_key_but_no_dlx_defined".to_owned()),
            }
        }
        "x-single-active-consumer" => match value {
            FieldValue::Bool(_) => Ok(()),
            _ => Err(format!("{{unacceptable_type,{}}}", type_name(value))),
        },
        "x-queue-mode" => match text(value)? {
            // §20: 4.3 refuses the argument whatever its value.
            "default" | "lazy" if profile == Profile::V3 => Ok(()),
            other => Err(format!("\"unsupported queue mode '{other}'\"")),
        },
        "x-queue-version" => match (integer(value)?, profile) {
            (2, _) | (1, Profile::V3) => Ok(()),
            (other, _) => Err(format!("\"unsupported queue version '{other}'\"")),
        },
        "x-dead-letter-strategy" => match text(value)? {
            "at-most-once" | "at-least-once" => Ok(()),
            _ => Err("invalid_dlx_strategy".to_owned()),
        },
        "x-queue-type" => match text(value)? {
            "classic" | "quorum" | "stream" => Ok(()),
            other => Err(format!("\"unsupported queue type '{other}'\"")),
        },
        _ => Ok(()),
    }
}

/// §4: the arguments that a redeclaration compares, in the order they are compared.
const COMPARED: [&str; 17] = [
    "x-expires",
    "x-message-ttl",
    "x-dead-letter-exchange",
    "x-dead-letter-routing-key",
    "x-max-length",
    "x-max-length-bytes",
    "x-max-priority",
    "x-overflow",
    "x-queue-mode",
    "x-queue-version",
    "x-single-active-consumer",
    "x-queue-type",
    "x-dead-letter-strategy",
    "x-delivery-limit",
    "x-delayed-retry-type",
    "x-delayed-retry-min",
    "x-delayed-retry-max",
];

fn same(a: &FieldValue, b: &FieldValue) -> bool {
    match (a.as_integer(), b.as_integer()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

/// §3, §4: one compared argument of a redeclaration.
pub(super) fn check_same_argument(
    key: &str,
    of: &str,
    current: Option<&FieldValue>,
    received: Option<&FieldValue>,
    method: MethodId,
) -> Result<(), AmqpError> {
    let described = |v: &FieldValue| format!("the value '{}' of type '{}'", shown(v), type_name(v));
    let difference = match (received, current) {
        (None, None) => return Ok(()),
        (Some(r), Some(c)) if same(r, c) => return Ok(()),
        (Some(r), Some(c)) => format!("received '{}' but current is '{}'", shown(r), shown(c)),
        (Some(r), None) => format!("received {} but current is none", described(r)),
        (None, Some(c)) => format!("received none but current is {}", described(c)),
    };
    Err(precondition(
        format!("inequivalent arg '{key}' for {of} in vhost '/': {difference}"),
        method,
    ))
}

/// §4: all compared arguments of a queue.
pub(super) fn check_same_queue_arguments(
    queue: &str,
    current: &FieldTable,
    received: &FieldTable,
) -> Result<(), AmqpError> {
    let of = format!("queue '{queue}'");
    for key in COMPARED {
        // §4: saying that it is classic is saying nothing.
        let said = |table: &FieldTable| match table.get(key) {
            Some(value) if key == "x-queue-type" && value.as_text() == Some("classic") => None,
            value => value.cloned(),
        };
        let (current, received) = (said(current), said(received));
        check_same_argument(key, &of, current.as_ref(), received.as_ref(), QUEUE_DECLARE)?;
    }
    Ok(())
}

/// §3, §4: one compared property of a redeclaration.
pub(super) fn check_same_property(
    key: &str,
    of: &str,
    current: &str,
    received: &str,
    method: MethodId,
) -> Result<(), AmqpError> {
    if current == received {
        return Ok(());
    }
    Err(precondition(
        format!(
            "inequivalent arg '{key}' for {of} in vhost '/': received '{received}' but current is \
             '{current}'"
        ),
        method,
    ))
}

/// §7: the `expiration` property in milliseconds, or why it is none.
pub(super) fn expiration(given: &str) -> Result<i64, AmqpError> {
    let refuse = |why: String| {
        Err(precondition(
            format!("invalid expiration '{given}': {why}"),
            BASIC_PUBLISH,
        ))
    };
    let unsigned = given.strip_prefix(['+', '-']).unwrap_or(given);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return refuse("no_integer".to_owned());
    }
    if digits < unsigned.len() {
        return refuse(format!("{{leftover_string,\"{}\"}}", &unsigned[digits..]));
    }
    let number: i64 = match unsigned.parse() {
        Ok(number) => number,
        Err(_) => return refuse(format!("{{value_too_large,{unsigned}}}")),
    };
    if given.starts_with('-') && number > 0 {
        return refuse(format!("{{value_negative,-{number}}}"));
    }
    if number > MILLIS_MAX {
        return refuse(format!("{{value_too_large,{number}}}"));
    }
    Ok(number)
}
