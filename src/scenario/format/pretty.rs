//! JSON with short things on one line and long things indented.
//!
//! Deliberately not here: what is written.

use serde_json::Value;

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
                let key = Value::String(key.clone()).to_string();
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

fn flat(value: &Value) -> String {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let inner: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{}: {}", Value::String(key.clone()), flat(value)))
                .collect();
            format!("{{ {} }}", inner.join(", "))
        }
        Value::Array(values) if !values.is_empty() => {
            let inner: Vec<String> = values.iter().map(flat).collect();
            format!("[{}]", inner.join(", "))
        }
        Value::Object(_)
        | Value::Array(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_) => value.to_string(),
    }
}
