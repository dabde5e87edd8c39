//! What a real RabbitMQ answered to small programs, the engine answers too.
//!
//! The programs and the recorded answers are `tests/conformance/`; how they are run is
//! `tests/peer/`. Nothing here speaks to a real broker.

use crate::peer::client::Client;
use crate::peer::engine::{Engine, Pieces};
use crate::peer::program::Program;
use crate::peer::programs;
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

#[test]
fn the_engine_answers_as_rabbitmq_did() {
    let known = known();
    let mut table: BTreeMap<String, (usize, usize)> = BTreeMap::new();
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
    for (area, (passed, total)) in &table {
        println!("{area:<45} {passed:>3}/{total}");
    }
    assert!(findings.is_empty(), "\n{findings}");
}
