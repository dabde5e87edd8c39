//! Values and words of the language: reading them from a line, writing them back.

use crate::types::{FieldTable, FieldValue, ShortText};
use std::fmt::Write;

/// A line that is read from the left.
pub(super) struct Reader<'a> {
    rest: &'a str,
}

/// One item of a line.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// A word or quoted text.
    Word(String),
    /// `key=value`
    Pair(String, FieldValue),
}

const ENDS: [char; 9] = [' ', '=', ',', '[', ']', '{', '}', '(', ')'];

impl<'a> Reader<'a> {
    pub(super) const fn new(line: &'a str) -> Self {
        Self { rest: line }
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        self.skip_spaces();
        if self.take(wanted) {
            Ok(())
        } else {
            Err(format!("expected '{wanted}' before '{}'", self.rest))
        }
    }

    /// A word, and whether it stood in quotes.
    fn text(&mut self) -> Result<(String, bool), String> {
        self.skip_spaces();
        if !self.take('"') {
            let end = self.rest.find(ENDS).unwrap_or(self.rest.len());
            if end == 0 {
                return Err(format!("expected a word before '{}'", self.rest));
            }
            let (word, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Ok((word.to_owned(), false));
        }
        let mut text = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((index, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[index + 1..];
                    return Ok((text, true));
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 'r')) => text.push('\r'),
                    Some((_, c @ ('"' | '\\'))) => text.push(c),
                    _ => return Err("after '\\' comes n, r, \\ or \"".to_owned()),
                },
                c => text.push(c),
            }
        }
        Err("a quote is not closed".to_owned())
    }

    /// The next item, or `None` at the end of the line.
    pub(super) fn item(&mut self) -> Result<Option<Item>, String> {
        self.skip_spaces();
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (word, _) = self.text()?;
        if self.take('=') {
            return Ok(Some(Item::Pair(word, self.value()?)));
        }
        Ok(Some(Item::Word(word)))
    }

    fn value(&mut self) -> Result<FieldValue, String> {
        self.skip_spaces();
        if self.take('[') {
            let mut values = Vec::new();
            while !self.ends_with(']')? {
                values.push(self.value()?);
            }
            return Ok(FieldValue::Array(values));
        }
        if self.take('{') {
            let mut table = FieldTable::new();
            while !self.ends_with('}')? {
                let (key, _) = self.text()?;
                self.expect('=')?;
                table.push(ShortText::truncated(&key), self.value()?);
            }
            return Ok(FieldValue::Table(table));
        }
        let (word, quoted) = self.text()?;
        if quoted {
            return Ok(FieldValue::text(&word));
        }
        if self.take('(') {
            let (inner, _) = self.text()?;
            self.expect(')')?;
            return typed(&word, &inner);
        }
        Ok(untyped(&word))
    }

    /// Whether a list ends here; skips the comma between two of its members.
    fn ends_with(&mut self, bracket: char) -> Result<bool, String> {
        self.skip_spaces();
        self.take(',');
        self.skip_spaces();
        if self.rest.is_empty() {
            return Err(format!("'{bracket}' is missing"));
        }
        Ok(self.take(bracket))
    }
}

fn untyped(word: &str) -> FieldValue {
    match word {
        "true" => FieldValue::Bool(true),
        "false" => FieldValue::Bool(false),
        "void" => FieldValue::Void,
        _ => {
            if let Ok(number) = word.parse::<i32>() {
                FieldValue::I32(number)
            } else if let Ok(number) = word.parse::<i64>() {
                FieldValue::I64(number)
            } else if let (Ok(number), true) = (word.parse::<f64>(), is_number(word)) {
                FieldValue::F64(number)
            } else {
                FieldValue::text(word)
            }
        }
    }
}

fn is_number(word: &str) -> bool {
    let mut chars = word.chars();
    chars.all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
}

fn typed(kind: &str, inner: &str) -> Result<FieldValue, String> {
    fn number<T: std::str::FromStr>(kind: &str, inner: &str) -> Result<T, String> {
        let parsed = inner.parse();
        parsed.map_err(|_| format!("'{inner}' is not a number of type {kind}"))
    }
    Ok(match kind {
        "i8" => FieldValue::I8(number(kind, inner)?),
        "u8" => FieldValue::U8(number(kind, inner)?),
        "i16" => FieldValue::I16(number(kind, inner)?),
        "u16" => FieldValue::U16(number(kind, inner)?),
        "i32" => FieldValue::I32(number(kind, inner)?),
        "u32" => FieldValue::U32(number(kind, inner)?),
        "i64" => FieldValue::I64(number(kind, inner)?),
        "f32" => FieldValue::F32(number(kind, inner)?),
        "f64" => FieldValue::F64(number(kind, inner)?),
        "time" => FieldValue::Timestamp(number(kind, inner)?),
        "bytes" => FieldValue::Bytes(inner.as_bytes().into()),
        other => return Err(format!("there is no type '{other}'")),
    })
}

/// Text as a word when that reads back the same, else in quotes.
pub(super) fn word(text: &str) -> String {
    let plain = !text.is_empty()
        && !text.contains(|c: char| ENDS.contains(&c) || c == '"' || c == '\\' || c.is_control());
    if plain {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A value as it is written.
pub(super) fn written(value: &FieldValue) -> String {
    match value {
        FieldValue::Bool(flag) => flag.to_string(),
        FieldValue::I8(v) => format!("i8({v})"),
        FieldValue::U8(v) => format!("u8({v})"),
        FieldValue::I16(v) => format!("i16({v})"),
        FieldValue::U16(v) => format!("u16({v})"),
        FieldValue::I32(v) => v.to_string(),
        FieldValue::U32(v) => format!("u32({v})"),
        FieldValue::I64(v) if i32::try_from(*v).is_err() => v.to_string(),
        FieldValue::I64(v) => format!("i64({v})"),
        FieldValue::F32(v) => format!("f32({v})"),
        FieldValue::F64(v) => format!("f64({v})"),
        FieldValue::Decimal(v) => format!("decimal({} {})", v.scale, v.value),
        FieldValue::LongStr(octets) => {
            let text = String::from_utf8_lossy(octets);
            match untyped(&text) {
                FieldValue::LongStr(_) => word(&text),
                _ => format!("\"{text}\""),
            }
        }
        FieldValue::Array(values) => {
            let values: Vec<String> = values.iter().map(written).collect();
            format!("[{}]", values.join(", "))
        }
        FieldValue::Timestamp(v) => format!("time({v})"),
        FieldValue::Table(table) => format!("{{{}}}", entries(table, ", ")),
        FieldValue::Bytes(octets) => format!("bytes({})", word(&String::from_utf8_lossy(octets))),
        FieldValue::Void => "void".to_owned(),
    }
}

/// The entries of a table, `key=value`.
pub(super) fn entries(table: &FieldTable, between: &str) -> String {
    let mut text = String::new();
    for (index, (key, value)) in table.iter().enumerate() {
        let between = if index == 0 { "" } else { between };
        let (key, value) = (word(key.as_str()), written(value));
        // Writing into a String cannot fail.
        let _ = write!(text, "{between}{key}={value}");
    }
    text
}
