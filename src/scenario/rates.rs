//! Recorded loads: a CSV of times and numbers becomes a producer's rate.
//!
//! Two kinds of file are read. With timestamps (`2014-04-10 00:04:00,94.0`) a value counts what
//! came in the time from its row to the next; the last row's interval is as long as the one before.
//! With seconds (`0.5,20`) a value is a rate that holds until the next row. A heading is optional.
//! Deliberately not here: opening files.

use super::limits::{FILE_OCTETS_MAX, POINTS_MAX};
use super::locate::line_and_column;
use super::{LoadShape, Problem, RatePoint};
use crate::types::{ProblemCode, Shortest, SimDuration, parse_number};
use csv::{ReaderBuilder, StringRecord};

/// What the values of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateValues {
    /// How many came until the next row.
    Counts,
    /// Messages per second.
    Rates,
}

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateOptions {
    /// How many times faster than recorded it runs; the number of messages stays the same, so rates
    /// rise as much. Above zero.
    pub time_scale: f64,
    /// What the values are; `None` for counts beside timestamps and rates beside seconds.
    pub values: Option<RateValues>,
}

impl Default for RateOptions {
    fn default() -> Self {
        Self {
            time_scale: 1.0,
            values: None,
        }
    }
}

/// A row: when, in seconds, and how much.
struct Row {
    /// Where it begins in the text.
    offset: u64,
    seconds: f64,
    value: f64,
    shown: String,
}

/// Reads a recorded load.
///
/// # Errors
/// The first row that cannot be read, with its line.
pub fn read_rates(text: &str, options: &RateOptions) -> Result<LoadShape, Problem> {
    if text.len() > FILE_OCTETS_MAX {
        return Err(Problem::new(ProblemCode::FileTooLarge)
            .with("octets", text.len())
            .with("max", FILE_OCTETS_MAX));
    }
    if !(options.time_scale.is_finite() && options.time_scale > 0.0) {
        return Err(Problem::new(ProblemCode::NumberOutOfRange)
            .at_path("time_scale")
            .with("given", Shortest(options.time_scale))
            .with("expected", "> 0"));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (rows, stamped) = rows(text)?;
    let Some(first) = rows.first() else {
        return Err(Problem::new(ProblemCode::RatesEmpty));
    };
    let start = first.seconds;
    let kind = options.values.unwrap_or(if stamped {
        RateValues::Counts
    } else {
        RateValues::Rates
    });
    let last = match rows.as_slice() {
        [.., before, last] => last.seconds - before.seconds,
        // One row alone says nothing of its interval; a second is as good as any.
        _ => 1.0,
    };
    let scale = options.time_scale;
    let mut points = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let interval = rows
            .get(index + 1)
            .map_or(last, |next| next.seconds - row.seconds);
        let rate = match kind {
            RateValues::Counts => row.value / interval * scale,
            RateValues::Rates => row.value * scale,
        };
        let at = SimDuration::from_secs_f64((row.seconds - start) / scale);
        let after = points.last().map(|point: &RatePoint| point.at);
        if !rate.is_finite() || after.is_some_and(|before| before >= at) {
            return Err(Problem::new(ProblemCode::RateRowUnordered)
                .at_line(line_at(text, row.offset), 1)
                .with("given", &row.shown));
        }
        points.push(RatePoint { at, rate });
    }
    let last = SimDuration::from_secs_f64(last / scale);
    Ok(LoadShape::Rates { points, last })
}

/// Every row of numbers, in order, and whether their times are timestamps.
fn rows(text: &str) -> Result<(Vec<Row>, bool), Problem> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    let mut stamped = None;
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| {
            let offset = error.position().map_or(0, csv::Position::byte);
            wrong(line_at(text, offset), 1, &error.to_string(), "text")
        })?;
        let offset = record.position().map_or(0, csv::Position::byte);
        // Counting lines takes time, so only for a row that is wrong.
        let line = || line_at(text, offset);
        let time = field(&record, 0);
        let Some((seconds, is_stamp)) = seconds_of(time) else {
            // The first row may be a heading.
            if number == 0 && seconds_of(field(&record, 1)).is_none() {
                continue;
            }
            return Err(wrong(line(), 1, time, "2014-04-10 00:04:00 | 0.5"));
        };
        if *stamped.get_or_insert(is_stamp) != is_stamp {
            return Err(wrong(line(), 1, time, "2014-04-10 00:04:00 | 0.5"));
        }
        let shown = field(&record, 1);
        let column = u32::try_from(time.chars().count()).unwrap_or(u32::MAX - 2) + 2;
        let Some(value) = parse_number(shown) else {
            return Err(wrong(line(), column, shown, "94 | 20.5"));
        };
        if value < 0.0 {
            return Err(Problem::new(ProblemCode::RateNegative)
                .at_line(line(), column)
                .with("given", Shortest(value)));
        }
        if rows.last().is_some_and(|before| before.seconds >= seconds) {
            return Err(Problem::new(ProblemCode::RateRowUnordered)
                .at_line(line(), 1)
                .with("given", time));
        }
        if rows.len() == POINTS_MAX {
            return Err(Problem::new(ProblemCode::ListTooLong)
                .at_line(line(), 1)
                .with("length", rows.len() + 1)
                .with("max", POINTS_MAX));
        }
        rows.push(Row {
            offset,
            seconds,
            value,
            shown: time.to_owned(),
        });
    }
    Ok((rows, stamped.unwrap_or(false)))
}

fn field(record: &StringRecord, index: usize) -> &str {
    record.get(index).unwrap_or_default()
}

/// The line, from 1, of the row that begins at `offset` or after the empty lines and comments
/// there.
fn line_at(text: &str, offset: u64) -> u32 {
    let start = usize::try_from(offset)
        .unwrap_or(usize::MAX)
        .min(text.len());
    let skipped: usize = text
        .get(start..)
        .unwrap_or_default()
        .split_inclusive('\n')
        .take_while(|line| line.trim().is_empty() || line.starts_with('#'))
        .map(str::len)
        .sum();
    line_and_column(text, start + skipped).0
}

fn wrong(line: u32, column: u32, given: &str, expected: &str) -> Problem {
    Problem::new(ProblemCode::RateRowWrong)
        .at_line(line, column)
        .with("given", given)
        .with("expected", expected)
}

/// Seconds of a time, and whether it is a timestamp.
fn seconds_of(text: &str) -> Option<(f64, bool)> {
    if let Some(seconds) = parse_number(text) {
        return Some((seconds, false));
    }
    Some((timestamp(text)?, true))
}

/// `2014-04-10 00:04:00`, also with `T`, a fraction and a final `Z`; seconds since 1970.
fn timestamp(text: &str) -> Option<f64> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (date, clock) = text.split_once([' ', 'T']).unwrap_or((text, "00:00:00"));
    let [year, month, day] = whole_parts::<3>(date, '-')?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let (hours_minutes, seconds) = match clock.matches(':').count() {
        1 => (clock, "0"),
        2 => clock.rsplit_once(':')?,
        _ => return None,
    };
    let [hour, minute] = whole_parts::<2>(hours_minutes, ':')?;
    let second: i64 = seconds.parse().ok()?;
    let in_range = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second)
        && (0..=9999).contains(&year);
    if !in_range || !fraction.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    let whole = days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    let fraction = parse_number(&format!("0.{fraction}"))?;
    Some(whole as f64 + fraction)
}

fn whole_parts<const N: usize>(text: &str, separator: char) -> Option<[i64; N]> {
    let parts: Vec<i64> = text
        .split(separator)
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    parts.try_into().ok()
}

/// Days from 1970-01-01 in the Gregorian calendar (Howard Hinnant, `days_from_civil`).
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}
