//! JSON with short things on one line and long things indented.
//!
//! Numbers are written as Rust writes them, the shortest text that reads back to the bit: serde_json's
//! own writer would bring a table of ten kilobytes to the page for the same digits. Deliberately not
//! here: what is written.

use serde_json::{Number, Value};
use std::fmt::Write;

/// Objects and arrays that fit within this many characters stay on one line.
const LINE_CHARS_MAX: usize = 88;

/// `value` as JSON text that ends in a line feed.
pub(in crate::scenario) fn pretty(value: &Value) -> String {
    let mut text = String::new();
    put(&mut text, value, 0, 0);
    text.push('\n');
    text
}

fn put(text: &mut String, value: &Value, indent: usize, before: usize) {
    let flat = flat(value);
    let whole = indent == 0 && before == 0;
    let fits = !whole && before + flat.chars().count() <= LINE_CHARS_MAX;
    match value {
        Value::Object(map) if !map.is_empty() && !fits => {
            text.push('{');
            for (number, (key, value)) in map.iter().enumerate() {
                let key = quoted(key);
                line(text, number, indent + 2);
                text.push_str(&key);
                text.push_str(": ");
                put(text, value, indent + 2, indent + 4 + key.chars().count());
            }
            line(text, 0, indent);
            text.push('}');
        }
        Value::Array(values) if !values.is_empty() && !fits => {
            text.push('[');
            for (number, value) in values.iter().enumerate() {
                line(text, number, indent + 2);
                put(text, value, indent + 2, indent + 2);
            }
            line(text, 0, indent);
            text.push(']');
        }
        Value::Object(_)
        | Value::Array(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_) => text.push_str(&flat),
    }
}

fn line(text: &mut String, number: usize, indent: usize) {
    if number > 0 {
        text.push(',');
    }
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', indent));
}

/// `value` on one line.
pub(in crate::scenario) fn flat(value: &Value) -> String {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let inner: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{}: {}", quoted(key), flat(value)))
                .collect();
            format!("{{ {} }}", inner.join(", "))
        }
        Value::Array(values) if !values.is_empty() => {
            let inner: Vec<String> = values.iter().map(flat).collect();
            format!("[{}]", inner.join(", "))
        }
        Value::Object(_) => "{}".to_owned(),
        Value::Array(_) => "[]".to_owned(),
        Value::Null => "null".to_owned(),
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        Value::Number(value) => number(value),
        Value::String(text) => quoted(text),
    }
}

fn number(value: &Number) -> String {
    if let Some(whole) = value.as_i64() {
        whole.to_string()
    } else if let Some(whole) = value.as_u64() {
        whole.to_string()
    } else {
        // Every number is one of the three.
        format!("{:?}", value.as_f64().unwrap_or_default())
    }
}

/// A string as JSON has it (RFC 8259, section 7).
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // Writing to a string cannot fail.
            control if control < ' ' => _ = write!(quoted, "\\u{:04x}", u32::from(control)),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
