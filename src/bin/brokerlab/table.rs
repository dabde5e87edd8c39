//! Plain tables for a terminal.
//!
//! Deliberately not here: what stands in them.

use brokerlab::types::SimDuration;

/// Rows of cells; the first column to the left, numbers to the right.
pub(crate) struct Table {
    heading: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(heading: &[&'static str]) -> Self {
        Self {
            heading: heading.to_vec(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn print(&self, plain: bool, out: &mut String) {
        let widths: Vec<usize> = (0..self.heading.len())
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column));
                let widest = cells.map(|cell| width(cell)).max().unwrap_or(0);
                widest.max(width(self.heading[column]))
            })
            .collect();
        let heading: Vec<String> = self.heading.iter().map(|cell| (*cell).to_owned()).collect();
        let line = line(&heading, &widths);
        if plain {
            out.push_str(&line);
        } else {
            out.push_str(&format!("\u{1b}[1m{line}\u{1b}[0m"));
        }
        out.push('\n');
        for row in &self.rows {
            out.push_str(&self::line(row, &widths));
            out.push('\n');
        }
    }
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (column, (cell, wanted)) in cells.iter().zip(widths).enumerate() {
        let space = " ".repeat(wanted.saturating_sub(width(cell)));
        if column == 0 {
            text.push_str(cell);
            text.push_str(&space);
        } else {
            text.push_str("  ");
            text.push_str(&space);
            text.push_str(cell);
        }
    }
    text.trim_end().to_owned()
}

/// Columns on a terminal: Chinese, Japanese and Korean characters take two.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| match u32::from(c) {
            0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff => 2,
            0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff => 2,
            _ => 1,
        })
        .sum()
}

/// A time with three figures and its unit; `-` for none.
pub(crate) fn time(span: Option<SimDuration>) -> String {
    let Some(span) = span else {
        return "-".to_owned();
    };
    let seconds = span.as_secs_f64();
    let (value, unit) = match span.as_nanos() {
        0 => return "0 s".to_owned(),
        1..=999 => (seconds * 1e9, "ns"),
        1_000..=999_999 => (seconds * 1e6, "us"),
        1_000_000..=999_999_999 => (seconds * 1e3, "ms"),
        _ => (seconds, "s"),
    };
    let decimals = if value < 10.0 {
        2
    } else {
        usize::from(value < 100.0)
    };
    format!("{value:.decimals$} {unit}")
}

/// A share as per cent; `-` for none.
pub(crate) fn share(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.2} %", share * 100.0))
}
