//! From typed text to values and back; a refusal is a sentence.
//!
//! Deliberately not here: which field takes what.

use crate::scenario::format;
use crate::scenario::{Choice, HeaderChoice, Outage, OutageKind, RatePoint};
use crate::text::Words;
use crate::types::{FieldTable, FieldValue, ShortText, SimDuration, parse_number, shortest};

type Parsed<T> = Result<T, String>;

/// A finite number of zero or more; a comma may stand for the point.
pub(crate) fn number(text: &str, words: Words) -> Parsed<f64> {
    let value = parse_number(&text.trim().replace(',', "."))
        .ok_or_else(|| words.error_number().to_owned())?;
    if value < 0.0 {
        return Err(words.error_negative().to_owned());
    }
    Ok(value)
}

/// A number of seconds, bare or with a unit.
pub(crate) fn seconds(text: &str, words: Words) -> Parsed<f64> {
    if let Ok(value) = number(text, words) {
        return Ok(value);
    }
    duration(text, words).map(SimDuration::as_secs_f64)
}

/// A whole number within bounds.
pub(crate) fn whole(text: &str, min: u64, max: u64, words: Words) -> Parsed<u64> {
    text.trim()
        .parse()
        .ok()
        .filter(|value| (min..=max).contains(value))
        .ok_or_else(|| words.error_whole(min, max))
}

/// A duration with its unit; a bare number means seconds.
pub(crate) fn duration(text: &str, words: Words) -> Parsed<SimDuration> {
    let trimmed = text.trim();
    let wrong = || words.error_duration().to_owned();
    if trimmed.ends_with(|c: char| c.is_ascii_digit()) {
        return format!("{trimmed}s").parse().map_err(|_| wrong());
    }
    trimmed.parse().map_err(|_| wrong())
}

/// What `parse` makes of the text, or nothing when it is empty.
pub(crate) fn optional<T>(
    text: &str,
    words: Words,
    parse: impl FnOnce(&str, Words) -> Parsed<T>,
) -> Parsed<Option<T>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    parse(text, words).map(Some)
}

/// `true` or `false`.
pub(crate) fn switch(text: &str, words: Words) -> Parsed<bool> {
    match text.trim() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(words.error_switch().to_owned()),
    }
}

/// A number without needless digits.
pub(crate) fn show_number(value: f64) -> String {
    shortest(value)
}

/// An optional value, empty for none.
pub(crate) fn show_optional<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Lines that are not empty, numbered from 1.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.lines().map(str::trim))
        .filter(|(_, line)| !line.is_empty())
}

/// Times, one a line.
pub(crate) fn times(text: &str, words: Words) -> Parsed<Vec<SimDuration>> {
    let mut times: Vec<SimDuration> = Vec::new();
    for (number, line) in numbered(text) {
        let time = duration(line, words).map_err(|reason| words.error_line(number, &reason))?;
        if times.last().is_some_and(|last| *last > time) {
            return Err(words.error_line(number, words.error_ascending()));
        }
        times.push(time);
    }
    Ok(times)
}

/// Rates, one change a line.
pub(crate) fn points(text: &str, words: Words) -> Parsed<Vec<RatePoint>> {
    let mut points: Vec<RatePoint> = Vec::new();
    for (line_number, line) in numbered(text) {
        let (at, rate) = line
            .split_once(char::is_whitespace)
            .ok_or_else(|| words.error_line_rate(line_number))?;
        let point = RatePoint {
            at: duration(at, words).map_err(|_| words.error_line_rate(line_number))?,
            rate: number(rate, words).map_err(|_| words.error_line_rate(line_number))?,
        };
        if points.last().is_some_and(|last| last.at >= point.at) {
            return Err(words.error_line(line_number, words.error_ascending()));
        }
        points.push(point);
    }
    if points.is_empty() {
        return Err(words.error_empty().to_owned());
    }
    Ok(points)
}

/// Rates as text, one change a line.
pub(crate) fn show_points(points: &[RatePoint]) -> String {
    let lines: Vec<String> = points
        .iter()
        .map(|point| format!("{} {}", point.at, shortest(point.rate)))
        .collect();
    lines.join("\n")
}

/// Outages, one a line.
pub(crate) fn outages(text: &str, words: Words) -> Parsed<Vec<Outage>> {
    let mut outages = Vec::new();
    for (number, line) in numbered(text) {
        let wrong = || words.error_line_outage(number);
        let parts: Vec<&str> = line.split_whitespace().collect();
        let (kind, at, lasts) = match parts.as_slice() {
            [kind, "at", at] => (*kind, *at, None),
            [kind, "at", at, "for", lasts] => (*kind, *at, Some(*lasts)),
            _ => return Err(wrong()),
        };
        outages.push(Outage {
            at: duration(at, words).map_err(|_| wrong())?,
            lasts: lasts
                .map(|lasts| duration(lasts, words))
                .transpose()
                .map_err(|_| wrong())?,
            what: match kind {
                "pause" => OutageKind::Pause,
                "crash" => OutageKind::Crash,
                "cut" => OutageKind::Cut,
                _ => return Err(wrong()),
            },
        });
    }
    Ok(outages)
}

/// Outages as text, one a line.
pub(crate) fn show_outages(outages: &[Outage]) -> String {
    let lines: Vec<String> = outages
        .iter()
        .map(|outage| {
            let kind = match outage.what {
                OutageKind::Pause => "pause",
                OutageKind::Crash => "crash",
                OutageKind::Cut => "cut",
            };
            match outage.lasts {
                Some(lasts) => format!("{kind} at {} for {lasts}", outage.at),
                None => format!("{kind} at {}", outage.at),
            }
        })
        .collect();
    lines.join("\n")
}

/// A value of a table: JSON when it reads as such, else plain text.
pub(crate) fn field_value(text: &str) -> FieldValue {
    format::read_field_value(text).unwrap_or_else(|_| FieldValue::text(text.trim()))
}

/// A value of a table as text that reads back as the same.
pub(crate) fn show_field_value(value: &FieldValue) -> String {
    if let Some(text) = value.as_text()
        && !text.is_empty()
        && text.trim() == text
        && !text.contains(['\n', '|'])
        && format::read_field_value(text).is_err()
    {
        return text.to_owned();
    }
    format::write_field_value(value)
}

/// A table, one entry a line.
pub(crate) fn table(text: &str, words: Words) -> Parsed<FieldTable> {
    let mut table = FieldTable::new();
    for (number, line) in numbered(text) {
        let (name, value) = pair(line, number, words)?;
        table.push(name, field_value(value));
    }
    Ok(table)
}

fn pair(line: &str, number: usize, words: Words) -> Parsed<(ShortText, &str)> {
    let (name, value) = line
        .split_once('=')
        .ok_or_else(|| words.error_line_pair(number))?;
    let name = name.trim();
    if name.is_empty() {
        return Err(words.error_line_pair(number));
    }
    let name = ShortText::new(name)
        .map_err(|error| words.error_line(number, &words.error_too_long(error.octets)))?;
    Ok((name, value.trim()))
}

/// A table as text, without the entries of `except`.
pub(crate) fn show_table(table: &FieldTable, except: &[&str]) -> String {
    let lines: Vec<String> = table
        .iter()
        .filter(|(name, _)| !except.contains(&name.as_str()))
        .map(|(name, value)| format!("{name} = {}", show_field_value(value)))
        .collect();
    lines.join("\n")
}

/// Headers, one a line; several values with `|` between them in turn.
pub(crate) fn headers(text: &str, words: Words) -> Parsed<Vec<HeaderChoice>> {
    let mut headers = Vec::new();
    for (number, line) in numbered(text) {
        let (name, value) = pair(line, number, words)?;
        let mut values: Vec<FieldValue> = value.split('|').map(field_value).collect();
        let value = match values.pop() {
            Some(only) if values.is_empty() => Choice::Fixed(only),
            Some(last) => {
                values.push(last);
                Choice::Cycle(values)
            }
            None => return Err(words.error_line_pair(number)),
        };
        headers.push(HeaderChoice {
            name: name.as_str().to_owned(),
            value,
        });
    }
    Ok(headers)
}

/// Headers as text, one a line. Weights of drawn values are not shown as such; the values are.
pub(crate) fn show_headers(headers: &[HeaderChoice]) -> String {
    let lines: Vec<String> = headers
        .iter()
        .map(|header| {
            let values: Vec<String> = match &header.value {
                Choice::Fixed(value) => vec![show_field_value(value)],
                Choice::Cycle(values) => values.iter().map(show_field_value).collect(),
                Choice::Drawn(values) => values
                    .iter()
                    .map(|(value, _)| show_field_value(value))
                    .collect(),
            };
            format!("{} = {}", header.name, values.join(" | "))
        })
        .collect();
    lines.join("\n")
}

/// Routing keys as lines, with weights where they are drawn.
pub(crate) fn show_keys(choice: &Choice<String>) -> String {
    match choice {
        Choice::Fixed(key) => key.clone(),
        Choice::Cycle(keys) => keys.join("\n"),
        Choice::Drawn(keys) => {
            let lines: Vec<String> = keys
                .iter()
                .map(|(key, weight)| format!("{key} *{weight}"))
                .collect();
            lines.join("\n")
        }
    }
}

/// Routing keys from lines; how they are chosen stays as in `like`, and several need more than one.
pub(crate) fn keys(text: &str, like: &Choice<String>, words: Words) -> Parsed<Choice<String>> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for line in &lines {
        if line.len() > 255 {
            return Err(words.error_too_long(line.len()));
        }
    }
    let whole = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    Ok(match like {
        Choice::Drawn(_) => Choice::Drawn(lines.iter().map(|line| weighted(line)).collect()),
        Choice::Cycle(_) => Choice::Cycle(whole(&lines)),
        Choice::Fixed(_) if lines.len() > 1 => Choice::Cycle(whole(&lines)),
        Choice::Fixed(_) => Choice::Fixed(lines.first().copied().unwrap_or_default().to_owned()),
    })
}

fn weighted(line: &str) -> (String, u32) {
    if let Some((key, weight)) = line.rsplit_once('*')
        && let Ok(weight) = weight.trim().parse::<u32>()
        && (key.is_empty() || key.ends_with(char::is_whitespace))
    {
        return (key.trim().to_owned(), weight.max(1));
    }
    (line.to_owned(), 1)
}

/// The same keys, chosen another way.
pub(crate) fn keys_chosen(
    choice: &Choice<String>,
    way: &str,
    words: Words,
) -> Parsed<Choice<String>> {
    let keys: Vec<(String, u32)> = match choice {
        Choice::Fixed(key) => vec![(key.clone(), 1)],
        Choice::Cycle(keys) => keys.iter().map(|key| (key.clone(), 1)).collect(),
        Choice::Drawn(keys) => keys.clone(),
    };
    Ok(match way {
        "fixed" => Choice::Fixed(keys.into_iter().next().unwrap_or_default().0),
        "cycle" => Choice::Cycle(keys.into_iter().map(|(key, _)| key).collect()),
        "drawn" => Choice::Drawn(keys),
        _ => return Err(words.error_choice().to_owned()),
    })
}

/// An argument's value as a person types it in a field of its own.
pub(crate) fn plain_text(value: &FieldValue) -> String {
    match value.as_text() {
        Some(text) => text.to_owned(),
        None => show_field_value(value),
    }
}

/// Sets an argument to text, or takes it out when the text is empty.
pub(crate) fn set_text(table: &mut FieldTable, key: &str, typed: &str) {
    match typed.trim() {
        "" => _ = table.remove(key),
        text => table.set(key, text),
    }
}

/// Sets an argument to a whole number, or takes it out when the text is empty.
pub(crate) fn set_whole(
    table: &mut FieldTable,
    key: &str,
    typed: &str,
    bounds: (u64, u64),
    words: Words,
) -> Parsed<()> {
    let value = optional(typed, words, |text, words| {
        whole(text, bounds.0, bounds.1, words)
    })?;
    match value.and_then(|value| i64::try_from(value).ok()) {
        Some(value) => table.set(key, value),
        None => _ = table.remove(key),
    }
    Ok(())
}

/// The arguments named in `own` as they were, and `others`; of a name that stands in both, the field
/// of its own wins.
pub(crate) fn with_others(before: &FieldTable, others: FieldTable, own: &[&str]) -> FieldTable {
    let kept = before
        .iter()
        .filter(|(name, _)| own.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()));
    let mut table: FieldTable = kept.collect();
    for (name, value) in others.iter() {
        if table.get(name.as_str()).is_none() {
            table.push(name.clone(), value.clone());
        }
    }
    table
}
