//! How the broker names and compares arguments when something is declared again, and how RabbitMQ
//! prints them in a refusal.
//!
//! Source: RabbitMQ's rabbit_misc:assert_args_equivalence. Deliberately not here: which arguments
//! are compared; that belongs to what is declared.

#[cfg(test)]
mod tests;

use crate::types::{AmqpError, FieldTable, FieldValue, MethodId, ReplyCode, scientific, shortest};
use std::fmt::{Display, Write as _};

/// RabbitMQ's name of a value's type on the wire.
pub(super) const fn type_name(value: &FieldValue) -> &'static str {
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

/// The value as Erlang prints the term (`~p`): `1000`, `<<"text">>`, `true`.
pub(super) fn term_text(value: &FieldValue) -> String {
    let mut text = String::new();
    print_term(value, &mut text);
    text
}

fn print_term(value: &FieldValue, text: &mut String) {
    match value {
        FieldValue::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        FieldValue::F32(value) => print_float(f64::from(*value), text),
        FieldValue::F64(value) => print_float(*value, text),
        FieldValue::Decimal(decimal) => {
            // Writing to a string does not fail.
            let _ = write!(text, "{{{},{}}}", decimal.scale, decimal.value);
        }
        FieldValue::LongStr(octets) | FieldValue::Bytes(octets) => print_octets(octets, text),
        FieldValue::Array(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                let _ = write!(text, "{comma}{{{},{}}}", type_name(value), term_text(value));
            }
            text.push(']');
        }
        FieldValue::Timestamp(seconds) => {
            let _ = write!(text, "{seconds}");
        }
        FieldValue::Table(table) => {
            text.push('[');
            for (index, (key, value)) in table.iter().enumerate() {
                text.push_str(if index == 0 { "{" } else { ",{" });
                print_octets(key.as_str().as_bytes(), text);
                let _ = write!(text, ",{},{}}}", type_name(value), term_text(value));
            }
            text.push(']');
        }
        FieldValue::Void => text.push_str("undefined"),
        FieldValue::I8(_)
        | FieldValue::U8(_)
        | FieldValue::I16(_)
        | FieldValue::U16(_)
        | FieldValue::I32(_)
        | FieldValue::U32(_)
        | FieldValue::I64(_) => {
            let _ = write!(text, "{}", value.as_integer().unwrap_or_default());
        }
    }
}

/// As Erlang prints a float: always with a point, and with an exponent where that is shorter
/// (`io_lib_format:insert_decimal/2`): `100.0`, but `1.0e3`.
fn print_float(value: f64, text: &mut String) {
    let short = scientific(value);
    let Some((digits, exponent)) = short.split_once('e') else {
        text.push_str(&short);
        if value == 0.0 && !short.contains('.') {
            text.push_str(".0");
        }
        return;
    };
    let unsigned = digits.trim_start_matches('-');
    let count = match unsigned.strip_suffix(".0") {
        Some(_) => 1,
        None => unsigned.len() - 1,
    };
    let before_point = exponent.parse::<isize>().unwrap_or_default() + 1;
    let room = isize::try_from(count).unwrap_or_default();
    let cost = exponent.len() + if count == 1 { 3 } else { 2 };
    let plain = match before_point {
        ..0 => 2 - before_point,
        _ if before_point >= room => before_point - room + 2,
        _ => 0,
    };
    if plain > isize::try_from(cost).unwrap_or_default() {
        text.push_str(&short);
        return;
    }
    let digits = shortest(value);
    text.push_str(&digits);
    if !digits.contains('.') {
        text.push_str(".0");
    }
}

/// Octets as Erlang writes them one by one: `1,2,3`.
pub(super) fn numbers(octets: &[u8]) -> String {
    let numbers: Vec<String> = octets.iter().map(u8::to_string).collect();
    numbers.join(",")
}

/// Octets as Erlang writes them when each is a letter of Latin-1, as the pieces of most of UTF-8 are: in
/// quotes. `None` for any other, and for none at all.
pub(super) fn in_quotes(octets: &[u8]) -> Option<String> {
    let printable = |octet: &u8| matches!(octet, 0x20..=0x7e | 0xa0.. | b'\n' | b'\r' | b'\t');
    let plain = std::str::from_utf8(octets).ok()?;
    if plain.is_empty() || !octets.iter().all(printable) {
        return None;
    }
    let mut text = "\"".to_owned();
    for letter in plain.chars() {
        let escaped = match letter {
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '"' | '\\' => letter,
            letter => {
                text.push(letter);
                continue;
            }
        };
        text.push('\\');
        text.push(escaped);
    }
    text.push('"');
    Some(text)
}

fn print_octets(octets: &[u8], text: &mut String) {
    let inside = in_quotes(octets).unwrap_or_else(|| numbers(octets));
    let _ = write!(text, "<<{inside}>>");
}

/// What is declared again must be what is there: 406 when `current` and `received` differ.
///
/// `of` is the thing as RabbitMQ names it, for instance `exchange 'x' in vhost '/'`.
pub(super) fn check_same<T: PartialEq + Display>(
    argument: &str,
    of: &str,
    received: &T,
    current: &T,
    method: MethodId,
) -> Result<(), AmqpError> {
    if received == current {
        return Ok(());
    }
    Err(inequivalent(
        argument,
        of,
        &format!("'{received}'"),
        &format!("'{current}'"),
        method,
    ))
}

/// The optional argument `argument` must be the same in both tables: 406 when it is not.
///
/// Whole numbers of any width are the same kind of value, floats another.
pub(super) fn check_same_argument(
    argument: &str,
    of: &str,
    received: &FieldTable,
    current: &FieldTable,
    method: MethodId,
) -> Result<(), AmqpError> {
    let (received_value, current_value) = (received.get(argument), current.get(argument));
    let (received, current) = match (received_value, current_value) {
        (None, None) => return Ok(()),
        (Some(received), Some(current)) => {
            if received == current
                || same_number(received, current)
                || same_octets(received, current)
            {
                return Ok(());
            }
            (quoted(received), quoted(current))
        }
        (received, current) => (described(received), described(current)),
    };
    // RabbitMQ fails while it writes such a refusal.
    let decimal = |value: Option<&FieldValue>| matches!(value, Some(FieldValue::Decimal(_)));
    if decimal(received_value) || decimal(current_value) {
        return Err(AmqpError::new(
            ReplyCode::InternalError,
            "",
            MethodId::default(),
        ));
    }
    Err(inequivalent(argument, of, &received, &current, method))
}

/// Whether two values of different types are one to Erlang: strings of one kind and the other.
fn same_octets(a: &FieldValue, b: &FieldValue) -> bool {
    match (a, b) {
        (FieldValue::LongStr(a), FieldValue::Bytes(b))
        | (FieldValue::Bytes(a), FieldValue::LongStr(b)) => a == b,
        _ => false,
    }
}

fn same_number(a: &FieldValue, b: &FieldValue) -> bool {
    let float = |value: &FieldValue| {
        if let FieldValue::F32(value) = value {
            return Some(f64::from(*value));
        }
        if let FieldValue::F64(value) = value {
            Some(*value)
        } else {
            None
        }
    };
    // RabbitMQ counts instants among whole numbers.
    let whole = |value: &FieldValue| match value {
        FieldValue::Timestamp(seconds) => i64::try_from(*seconds).ok(),
        value => value.as_integer(),
    };
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => matches!((float(a), float(b)), (Some(a), Some(b)) if a == b),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Strings stand as they are, everything else as Erlang prints it.
fn bare(value: &FieldValue) -> String {
    if let FieldValue::LongStr(octets) | FieldValue::Bytes(octets) = value {
        return String::from_utf8_lossy(octets).into_owned();
    }
    term_text(value)
}

fn quoted(value: &FieldValue) -> String {
    if matches!(value, FieldValue::Void) {
        return "none".to_owned();
    }
    format!("'{}'", bare(value))
}

fn described(value: Option<&FieldValue>) -> String {
    value.map_or_else(
        || "none".to_owned(),
        |value| format!("the value '{}' of type '{}'", bare(value), type_name(value)),
    )
}

fn inequivalent(
    argument: &str,
    of: &str,
    received: &str,
    current: &str,
    method: MethodId,
) -> AmqpError {
    let text = format!(
        "inequivalent arg '{argument}' for {of}: received {received} but current is {current}"
    );
    AmqpError::new(ReplyCode::PreconditionFailed, text, method)
}
