//! `cargo xtask bench`: runs the benchmark programs and collects their lines into one table.
//!
//! The line format is described in `benches/support/mod.rs`.

use crate::process::{output, say};
use crate::{Outcome, browser, files, paths, tools};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Between these two lines of `benches/README.md` the table is written.
const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

/// The figure that is also taken natively and in the browser in turn, and how often.
const IN_TURN: &str = "broker cycle";
/// A word that it answers to.
const IN_TURN_WORD: &str = "cycle";
const TURNS: usize = 5;

/// One figure a benchmark reported.
struct Row {
    name: String,
    unit: String,
    values: [f64; 3],
    note: String,
}

/// `cargo xtask bench [WORD] [--browser] [--write]`.
pub fn bench(arguments: &[String]) -> Outcome {
    let (flags, words): (Vec<String>, Vec<String>) = arguments
        .iter()
        .cloned()
        .partition(|argument| argument.starts_with("--"));
    if let Some(flag) = flags
        .iter()
        .find(|flag| *flag != "--browser" && *flag != "--write")
    {
        return Err(format!(
            "`{flag}` is not understood: only --browser and --write are."
        ));
    }
    let write = flags.iter().any(|flag| flag == "--write");
    let mut rows = collect("the benchmarks", &mut native(&words))?;
    if flags.iter().any(|flag| flag == "--browser") {
        rows.extend(collect(
            "the browser's benchmarks",
            &mut browser::bench(&words)?,
        )?);
        if rows.iter().any(|row| row.name == IN_TURN) {
            rows.push(in_turn()?);
        }
    }
    if rows.is_empty() {
        return Err("no benchmark answers to that word.".to_owned());
    }
    compare(&mut rows);
    let table = table(&rows);
    say(&format!("\n{}\n\n{table}", machine()));
    if write { write_table(&table) } else { Ok(()) }
}

fn native(words: &[String]) -> Command {
    let mut native = tools::cargo();
    native
        .args(["bench", "--features", "peers,cli", "--benches", "--"])
        .args(words);
    native
}

/// What part of its native speed the figure [`IN_TURN`] reaches in the browser: run in turn, since a
/// machine that others use may have changed its speed between two rows of the table.
fn in_turn() -> Outcome<Row> {
    let words = [IN_TURN_WORD.to_owned()];
    let median = |rows: Vec<Row>, name: &str| {
        let row = rows.into_iter().find(|row| row.name == name);
        row.map_or(f64::NAN, |row| row.values[0])
    };
    let mut parts = Vec::new();
    for _ in 0..TURNS {
        let native = collect("a benchmark, in turn", &mut native(&words))?;
        let browser = collect("the same in the browser", &mut browser::bench(&words)?)?;
        parts.push(median(browser, &format!("wasm: {IN_TURN}")) / median(native, IN_TURN));
    }
    parts.sort_by(f64::total_cmp);
    Ok(Row {
        name: format!("wasm/native: {IN_TURN}"),
        unit: "x".to_owned(),
        values: [parts[TURNS / 2], parts[0], parts[TURNS - 1]],
        note: "run in turn".to_owned(),
    })
}

/// Runs a program, passes its words on and keeps the lines that are figures.
fn collect(what: &str, command: &mut Command) -> Outcome<Vec<Row>> {
    say(&format!("Running {what} ..."));
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {what}: {error}."))?;
    let mut rows = Vec::new();
    for line in child
        .stdout
        .take()
        .into_iter()
        .flat_map(|pipe| BufReader::new(pipe).lines())
    {
        let line = line.map_err(|error| format!("cannot read from {what}: {error}."))?;
        if let Some(row) = parse(&line) {
            say(&format!(
                "    {}: {} {}",
                row.name,
                figure(row.values[0]),
                row.unit
            ));
            rows.push(row);
        }
    }
    let status = child.wait().map_err(|error| format!("{what}: {error}."))?;
    if status.success() {
        Ok(rows)
    } else {
        Err(format!("{what} failed (see above)."))
    }
}

fn parse(line: &str) -> Option<Row> {
    let fields: Vec<&str> = line.split('\t').collect();
    let ["bench", name, median, unit, min, max, note] = fields.as_slice() else {
        return None;
    };
    let values = [median.parse().ok()?, min.parse().ok()?, max.parse().ok()?];
    let text = |field: &&str| (*field).to_owned();
    Some(Row {
        name: text(name),
        unit: text(unit),
        values,
        note: text(note),
    })
}

/// Says beside each figure taken in the browser what part it is of the native one.
fn compare(rows: &mut [Row]) {
    let native: Vec<(String, f64)> = rows
        .iter()
        .map(|row| (row.name.clone(), row.values[0]))
        .collect();
    for row in rows {
        let Some(name) = row.name.strip_prefix("wasm: ") else {
            continue;
        };
        if let Some((_, value)) = native.iter().find(|(other, _)| other == name) {
            let part = figure(row.values[0] / value);
            let space = if row.note.is_empty() { "" } else { "; " };
            row.note.push_str(&format!("{space}{part} x native"));
        }
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from("| what | median | least | greatest | unit | note |\n");
    text.push_str("|---|---:|---:|---:|---|---|\n");
    for Row {
        name,
        unit,
        values: [median, min, max],
        note,
    } in rows
    {
        let (median, min, max) = (figure(*median), figure(*min), figure(*max));
        text.push_str(&format!(
            "| {name} | {median} | {min} | {max} | {unit} | {note} |\n"
        ));
    }
    text
}

/// Three digits that count, with thin groups of three above a thousand.
fn figure(value: f64) -> String {
    if value.abs() < 1000.0 {
        let decimals = if value == value.trunc() {
            0
        } else {
            3_usize.saturating_sub(digits(value))
        };
        return format!("{value:.decimals$}");
    }
    let whole = format!("{value:.0}");
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// Digits before the decimal point.
fn digits(value: f64) -> usize {
    if value.abs() < 1.0 {
        0
    } else {
        format!("{:.0}", value.abs().trunc()).len()
    }
}

/// One sentence about where and when the figures were taken.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |rest| {
            rest.trim_start_matches([' ', '\t', ':'])
        })
        .to_owned();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let system = std::fs::read_to_string("/etc/os-release")
        .ok()
        .and_then(|text| {
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
            Some(line.trim_matches('"').to_owned())
        })
        .unwrap_or_else(|| std::env::consts::OS.to_owned());
    let rustc = output(tools::command("rustc").arg("--version")).unwrap_or_default();
    let date = output(Command::new("date").args(["-u", "+%Y-%m-%d"])).unwrap_or_default();
    format!("{date}, {model}, {cores} cores, {system}, {rustc}.")
}

fn write_table(table: &str) -> Outcome {
    let path = paths::root().join("benches").join("README.md");
    let text = files::read(&path)?;
    let missing = || format!("benches/README.md lacks the lines {BEGIN} and {END}.");
    let (before, rest) = text.split_once(BEGIN).ok_or_else(missing)?;
    let (old, after) = rest.split_once(END).ok_or_else(missing)?;
    let table = merged(old, table);
    let text = format!("{before}{BEGIN}\n{}\n\n{table}{END}{after}", machine());
    files::write(&path, &text)?;
    say("Written into benches/README.md.");
    Ok(())
}

/// A new table with the rows of an old one that were not measured anew, each in its old place.
fn merged(old: &str, new: &str) -> String {
    let name = |line: &str| line.split('|').nth(1).unwrap_or_default().trim().to_owned();
    let is_row = |line: &&str| line.starts_with("| ");
    let mut fresh: Vec<&str> = new.lines().filter(is_row).collect();
    let mut lines: Vec<&str> = new
        .lines()
        .take_while(|line| line.starts_with("|"))
        .collect();
    lines.truncate(2);
    fresh.retain(|row| Some(row) != lines.first());
    let was_row = |line: &&str| is_row(line) && Some(line) != lines.first();
    let kept: Vec<&str> = old.lines().filter(was_row).collect();
    for row in kept {
        match fresh.iter().position(|new| name(new) == name(row)) {
            Some(at) => lines.push(fresh.remove(at)),
            None => lines.push(row),
        }
    }
    lines.extend(fresh);
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_were_not_measured_anew_stay_in_their_places() {
        let head = "| what | median |\n|---|---:|\n";
        let old = format!("\nOf yesterday.\n\n{head}| a | 1 |\n| b | 2 |\n");
        let new = format!("{head}| c | 3 |\n| b | 4 |\n");
        let wanted = format!("{head}| a | 1 |\n| b | 4 |\n| c | 3 |\n");
        assert_eq!(merged(&old, &new), wanted);
    }

    /// Only whole lines of the agreed form count; figures read well at any size.
    #[test]
    fn lines_and_figures() {
        assert!(parse("bench\ta\t1\tns\t1\t2\t").is_some());
        assert!(parse("bench\ta\t1\tns\t1\t2").is_none());
        assert!(parse("test result: ok").is_none());
        assert_eq!(figure(3_214_567.4), "3 214 567");
        assert_eq!(figure(12.345), "12.3");
        assert_eq!(figure(0.5), "0.500");
        assert_eq!(figure(7.0), "7");
    }
}
