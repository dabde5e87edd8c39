//! Frames, methods and contents as octets, for the client side of the tests.

use super::spec::{MethodSpec, PROPERTIES, by_ids, by_name};
use super::value::{self, Cursor, Octets, Value};
use std::collections::BTreeMap;

/// Kinds of frames and the octet that ends each.
pub(crate) const METHOD: u8 = 1;
pub(crate) const HEADER: u8 = 2;
pub(crate) const BODY: u8 = 3;
pub(crate) const HEARTBEAT: u8 = 8;
pub(crate) const FRAME_END: u8 = 0xCE;

/// The greeting of AMQP 0-9-1.
pub(crate) const GREETING: &[u8] = b"AMQP\x00\x00\x09\x01";

/// An argument or property as it stands in a program.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Argument {
    Text(Vec<u8>),
    Table(value::Table),
}

/// `name=value` pairs of a step.
pub(crate) type Arguments = BTreeMap<String, Argument>;

/// Reads `name=value` pairs to the end of the line.
pub(crate) fn read_arguments(cursor: &mut Cursor) -> Result<Arguments, String> {
    let mut arguments = Arguments::new();
    while !cursor.is_at_end() {
        let name = String::from_utf8_lossy(&cursor.string()?).into_owned();
        if !cursor.eat("=") {
            return Err(format!("`{name}` is not name=value"));
        }
        let value = cursor
            .table()
            .map(Argument::Table)
            .or_else(|_| cursor.string().map(Argument::Text))?;
        arguments.insert(name, value);
    }
    Ok(arguments)
}

/// Removes a text argument.
pub(crate) fn take_text(arguments: &mut Arguments, name: &str) -> Option<Vec<u8>> {
    match arguments.remove(name)? {
        Argument::Text(text) => Some(text),
        Argument::Table(_) => None,
    }
}

/// Removes a number.
pub(crate) fn take_number(arguments: &mut Arguments, name: &str) -> Result<Option<u64>, String> {
    let Some(text) = take_text(arguments, name) else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&text).into_owned();
    let number = text.parse();
    number
        .map(Some)
        .map_err(|error| format!("{name}={text}: {error}"))
}

/// A frame with its end.
pub(crate) fn write_frame(out: &mut Vec<u8>, kind: u8, channel: u16, payload: &[u8]) {
    out.push(kind);
    out.extend(channel.to_be_bytes());
    out.extend((payload.len() as u32).to_be_bytes());
    out.extend(payload);
    out.push(FRAME_END);
}

/// A method's payload; what the step does not name is zero, empty or false.
pub(crate) fn method_payload(
    spec: &MethodSpec,
    arguments: &mut Arguments,
) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    out.extend(spec.class.to_be_bytes());
    out.extend(spec.method.to_be_bytes());
    let mut bit = 0_u32;
    for (kind, name) in &spec.fields {
        if *kind != 't' {
            bit = 0;
        } else {
            let given = take_text(arguments, name);
            if bit.is_multiple_of(8) {
                out.push(0);
            }
            let last = out.len() - 1;
            out[last] |= u8::from(given.as_deref() == Some(b"true")) << (bit % 8);
            bit += 1;
            continue;
        }
        write_field(&mut out, *kind, name, arguments)?;
    }
    Ok(out)
}

fn write_field(
    out: &mut Vec<u8>,
    kind: char,
    name: &str,
    arguments: &mut Arguments,
) -> Result<(), String> {
    match kind {
        'S' => {
            let text = take_text(arguments, name).unwrap_or_default();
            out.push(u8::try_from(text.len()).map_err(|_| format!("{name} is too long"))?);
            out.extend(text);
        }
        'G' => {
            let text = take_text(arguments, name).unwrap_or_default();
            out.extend((text.len() as u32).to_be_bytes());
            out.extend(text);
        }
        'F' => match arguments.remove(name) {
            Some(Argument::Table(table)) => value::write_table(out, &table),
            Some(Argument::Text(_)) => return Err(format!("{name} is a table")),
            None => value::write_table(out, &Vec::new()),
        },
        _ => {
            let number = take_number(arguments, name)?.unwrap_or(0);
            out.extend(&number.to_be_bytes()[8 - width(kind)..]);
        }
    }
    Ok(())
}

fn width(kind: char) -> usize {
    match kind {
        'o' => 1,
        's' => 2,
        'l' => 4,
        _ => 8,
    }
}

/// A content header's payload with the properties among the arguments.
pub(crate) fn header_payload(
    class: u16,
    size: u64,
    arguments: &mut Arguments,
) -> Result<Vec<u8>, String> {
    let mut flags = 0_u16;
    let mut list = Vec::new();
    for (index, (kind, name)) in PROPERTIES.iter().enumerate() {
        if arguments.contains_key(*name) {
            flags |= 1 << (15 - index);
            write_field(&mut list, *kind, name, arguments)?;
        }
    }
    let mut out = Vec::new();
    out.extend(class.to_be_bytes());
    out.extend([0, 0]);
    out.extend(size.to_be_bytes());
    out.extend(flags.to_be_bytes());
    out.extend(list);
    Ok(out)
}

/// A frame that arrived.
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) channel: u16,
    pub(crate) payload: Vec<u8>,
}

/// Takes the first whole frame from the front, if there is one.
pub(crate) fn take_frame(inbox: &mut Vec<u8>) -> Option<Frame> {
    let mut octets = Octets(inbox);
    let kind = octets.number(1)? as u8;
    let channel = octets.number(2)? as u16;
    let payload = octets.long_string()?.to_vec();
    let end = octets.number(1)?;
    assert_eq!(end, u64::from(FRAME_END), "the server ends its frames");
    inbox.drain(..payload.len() + 8);
    Some(Frame {
        kind,
        channel,
        payload,
    })
}

/// A method that arrived: its arguments as printed, reserved ones left out.
pub(crate) struct Method {
    pub(crate) spec: &'static MethodSpec,
    pub(crate) fields: Vec<(&'static str, String)>,
}

impl Method {
    /// The argument as printed.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, text)| text)
    }

    /// As a line of a transcript.
    pub(crate) fn line(&self) -> String {
        let mut line = self.spec.name.to_owned();
        for (name, text) in &self.fields {
            line.push_str(&format!(" {name}={text}"));
        }
        line
    }
}

/// Reads a method's payload.
pub(crate) fn read_method(payload: &[u8]) -> Option<Method> {
    let mut octets = Octets(payload);
    let spec = by_ids(octets.number(2)? as u16, octets.number(2)? as u16)?;
    let mut fields = Vec::new();
    let (mut bits, mut bit) = (0, 0_u32);
    for (kind, name) in &spec.fields {
        let text = if *kind == 't' {
            if bit % 8 == 0 {
                bits = octets.number(1)?;
            }
            bit += 1;
            (bits >> ((bit - 1) % 8) & 1 == 1).to_string()
        } else {
            bit = 0;
            read_field(&mut octets, *kind, name, spec.name)?
        };
        if !name.starts_with('[') {
            fields.push((*name, text));
        }
    }
    octets.0.is_empty().then_some(Method { spec, fields })
}

fn read_field(octets: &mut Octets, kind: char, name: &str, method: &str) -> Option<String> {
    Some(match kind {
        'S' => value::word(octets.short_string()?),
        'G' if name == "mechanisms" => {
            let text = String::from_utf8_lossy(octets.long_string()?).into_owned();
            let mut words: Vec<&str> = text.split(' ').collect();
            words.sort_unstable();
            value::quote(words.join(" ").as_bytes())
        }
        'G' => value::quote(octets.long_string()?),
        'F' => {
            let mut table = octets.table()?;
            if method == "connection.start" {
                hide_names(&mut table);
            }
            hide_times(&mut table);
            value::print_table(&table)
        }
        _ => octets.number(width(kind))?.to_string(),
    })
}

/// What a broker calls itself is its own affair; which entries there are is not.
fn hide_names(table: &mut value::Table) {
    for (_, value) in table.iter_mut() {
        if let Value::Text(text) = value {
            *text = b"<text>".to_vec();
        }
        if let Value::Table(inner) = value {
            inner.sort_by(|a, b| a.0.cmp(&b.0));
        }
    }
    table.sort_by(|a, b| a.0.cmp(&b.0));
}

/// The moment of a death is different in each run.
fn hide_times(table: &mut value::Table) {
    for (name, value) in table.iter_mut() {
        hide_time(name, value);
    }
}

fn hide_time(name: &[u8], value: &mut Value) {
    match value {
        Value::Whole('T', _) if name == b"time" => *value = Value::Text(b"<time>".to_vec()),
        Value::Table(inner) => hide_times(inner),
        Value::Array(values) => {
            for value in values {
                hide_time(b"", value);
            }
        }
        _ => {}
    }
}

/// A content header that arrived: the size of the body and the properties as printed.
pub(crate) fn read_header(payload: &[u8]) -> Option<(u64, String)> {
    let mut octets = Octets(payload);
    octets.take(4)?;
    let size = octets.number(8)?;
    let flags = octets.number(2)?;
    let mut line = String::new();
    for (index, (kind, name)) in PROPERTIES.iter().enumerate() {
        if flags >> (15 - index) & 1 == 1 {
            let text = read_field(&mut octets, *kind, name, "")?;
            line.push_str(&format!(" {name}={text}"));
        }
    }
    octets.0.is_empty().then_some((size, line))
}

/// The method a step names.
pub(crate) fn named(name: &str) -> Result<&'static MethodSpec, String> {
    by_name(name).ok_or_else(|| format!("no method is called `{name}`"))
}
