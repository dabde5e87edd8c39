//! What a real RabbitMQ answered to small programs, the engine answers too.
//!
//! The programs and the recorded answers are `tests/conformance/`; how they are run is
//! `tests/peer/`. Nothing here speaks to a real broker.

use crate::peer::client::Client;
use crate::peer::engine::{Engine, Pieces};
use crate::peer::program::Program;
use crate::peer::programs;
use expect_test::expect_file;
use std::collections::BTreeMap;
use std::path::Path;

/// Programs whose answers differ, each with its reason.
const KNOWN: &str = "tests/conformance/known.txt";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every program under its name, `area/name`.
fn all() -> BTreeMap<String, Program> {
    let folder = root().join("tests/conformance");
    let mut all = BTreeMap::new();
    for file in programs(&folder) {
        let inside = file.strip_prefix(&folder).expect("found below the folder");
        let name = inside.with_extension("").display().to_string();
        let text = std::fs::read_to_string(&file).expect("a program is a text");
        let program = Program::read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        all.insert(name.replace('\\', "/"), program);
    }
    all
}

/// Both sides' lines that the other has not; all lines when only the order differs.
fn differences(expected: &[String], found: &[String]) -> String {
    let mut report = String::new();
    for whole in [false, true] {
        for (who, lines, others) in [("RabbitMQ", expected, found), ("engine  ", found, expected)] {
            for line in lines.iter().filter(|line| whole || !others.contains(line)) {
                report.push_str(&format!("    {who}  {line}\n"));
            }
        }
        if !report.is_empty() {
            break;
        }
    }
    report
}

/// Runs the program; what differs, to be read, and the longest piece of octets sent.
fn run(program: &Program, pieces: Pieces) -> (String, usize) {
    let mut client = Client::new(Engine::new(pieces));
    let mut report = String::new();
    for entry in &program.entries {
        let answers = match client.step(&entry.text) {
            Ok(answers) => answers,
            Err(error) => {
                report.push_str(&format!("  {}\n    cannot be done: {error}\n", entry.text));
                break;
            }
        };
        if answers != entry.answers {
            report.push_str(&format!("  {}\n", entry.text));
            report.push_str(&differences(&entry.answers, &answers));
            break;
        }
    }
    (report, client.world.longest)
}

/// Reads `name: reason` lines.
fn known() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join(KNOWN)).unwrap_or_default();
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let (name, reason) = line.split_once(": ").expect("a line is `name: reason`");
            (name.to_owned(), reason.to_owned())
        })
        .collect()
}

/// Area by area: programs that pass, and all.
type Table = BTreeMap<String, (usize, usize)>;

/// Runs everything; the table, and what is not as `known.txt` says.
fn judge() -> (Table, String) {
    let known = known();
    let mut table = Table::new();
    let mut findings = String::new();
    let programs = all();
    for (name, program) in &programs {
        let (report, _) = run(program, Pieces::Whole);
        let (passed, total) = table.entry(program.area.clone()).or_default();
        *total += 1;
        *passed += usize::from(report.is_empty());
        match (report.is_empty(), known.get(name)) {
            (true, None) | (false, Some(_)) => {}
            (false, None) => findings.push_str(&format!("{name}: {}\n{report}", program.promise)),
            (true, Some(_)) => {
                findings.push_str(&format!("{name}: passes now: take it out of {KNOWN}\n"));
            }
        }
    }
    for name in known.keys().filter(|name| !programs.contains_key(*name)) {
        findings.push_str(&format!("{name}: stands in {KNOWN}, but is no program\n"));
    }
    (table, findings)
}

#[test]
fn the_engine_answers_as_rabbitmq_did() {
    let (table, findings) = judge();
    for (area, (passed, total)) in &table {
        println!("{area:<45} {passed:>3}/{total}");
    }
    assert!(findings.is_empty(), "\n{findings}");
    expect_file![root().join("docs/fidelity.md")].assert_eq(&fidelity(&table));
}

const INTRODUCTION: &str = "\
# How faithful the broker is

What RabbitMQ 3.10.8 answered to small programs is recorded in `tests/conformance/`; a test runs the same programs against the engine and compares
line by line. This file is written by that test, which fails when it is out of date (`UPDATE_EXPECT=1 cargo test --test it conformance` writes it).
`cargo xtask record-conformance` records the answers anew, `cargo xtask compare-brokers` looks for differences with random programs.

| area | identical | programs |
|---|---|---|
";

/// Differences that are known, but that no recording can hold.
const BEYOND: &str = include_str!("../conformance/beyond.txt");

/// The document made of the results.
fn fidelity(table: &Table) -> String {
    let mut text = INTRODUCTION.to_owned();
    // By the number of the section, not of its first digit.
    let number = |area: &str| area.split(' ').next().map(str::parse::<u32>);
    let mut areas: Vec<_> = table.iter().collect();
    areas.sort_by_key(|(area, _)| (number(area).and_then(Result::ok), area.as_str()));
    let mut sums = (0, 0);
    for (area, (passed, total)) in areas {
        text.push_str(&format!("| {area} | {passed} | {total} |\n"));
        sums = (sums.0 + passed, sums.1 + total);
    }
    text.push_str(&format!("| all | {} | {} |\n", sums.0, sums.1));
    text.push_str("\n## Known differences\n\n");
    let (programs, known) = (all(), known());
    if known.is_empty() {
        text.push_str("No program's answers differ.\n");
    }
    for (name, reason) in known {
        let promise = programs.get(&name).map_or("", |program| &program.promise);
        text.push_str(&format!("- `{name}` (\"{promise}\"). {reason}\n"));
    }
    text.push_str("\n## What no program can show\n\n");
    text.push_str(BEYOND);
    text
}

/// Octets may come in any pieces: one at a time, and parted once at every place.
#[test]
fn pieces_of_octets_make_no_difference() {
    /// Longer pieces are bodies, of which one octet is as good as another.
    const LONGEST: usize = 400;
    /// Each place in optimised builds; without optimisation one in so many, another in each program.
    const STRIDE: usize = if cfg!(debug_assertions) { 29 } else { 1 };
    let known = known();
    let programs = all();
    // What is lost with the rest of one write is said when there are several.
    let fine = programs
        .iter()
        .filter(|(name, _)| !known.contains_key(*name) && !name.contains("/one-write-"));
    for (index, (name, program)) in fine.enumerate() {
        let (report, longest) = run(program, Pieces::Single);
        assert!(report.is_empty(), "{name}, octet by octet:\n{report}");
        for first in (1 + index % STRIDE..longest.min(LONGEST)).step_by(STRIDE) {
            let (report, _) = run(program, Pieces::Two(first));
            assert!(
                report.is_empty(),
                "{name}, parted after {first} octets:\n{report}"
            );
        }
    }
}
