//! JSON with short things on one line and long things indented.
//!
//! Deliberately not here: what is written, and how numbers are ([`Number`](super::Number)).

use super::json::Json;
use std::fmt::Write;

/// Objects and arrays that fit within this many characters stay on one line.
const LINE_CHARS_MAX: usize = 88;

/// `value` as JSON text that ends in a line feed.
pub(in crate::scenario) fn pretty(value: &Json) -> String {
    let mut text = String::new();
    put(&mut text, value, 0, 0);
    text.push('\n');
    text
}

fn put(text: &mut String, value: &Json, indent: usize, before: usize) {
    let flat = flat(value);
    let whole = indent == 0 && before == 0;
    let fits = !whole && before + flat.chars().count() <= LINE_CHARS_MAX;
    match value {
        Json::Object(map) if !map.is_empty() && !fits => {
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
        Json::Array(values) if !values.is_empty() && !fits => {
            text.push('[');
            for (number, value) in values.iter().enumerate() {
                line(text, number, indent + 2);
                put(text, value, indent + 2, indent + 2);
            }
            line(text, 0, indent);
            text.push(']');
        }
        Json::Object(_)
        | Json::Array(_)
        | Json::Null
        | Json::Bool(_)
        | Json::Number(_)
        | Json::String(_) => text.push_str(&flat),
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
pub(in crate::scenario) fn flat(value: &Json) -> String {
    match value {
        Json::Object(map) if !map.is_empty() => {
            let inner: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{}: {}", quoted(key), flat(value)))
                .collect();
            format!("{{ {} }}", inner.join(", "))
        }
        Json::Array(values) if !values.is_empty() => {
            let inner: Vec<String> = values.iter().map(flat).collect();
            format!("[{}]", inner.join(", "))
        }
        Json::Object(_) => "{}".to_owned(),
        Json::Array(_) => "[]".to_owned(),
        Json::Null => "null".to_owned(),
        Json::Bool(true) => "true".to_owned(),
        Json::Bool(false) => "false".to_owned(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => quoted(text),
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
