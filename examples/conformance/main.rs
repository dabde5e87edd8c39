//! Records the conformance programs against a real broker, and compares random programs.
//!
//! `cargo xtask record-conformance` and `cargo xtask compare-brokers` start the broker and this.
#![allow(clippy::disallowed_methods, reason = "a program in real time")]

#[path = "../../tests/peer/mod.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod peer;

mod compare;
mod record;

use std::process::ExitCode;

const USAGE: &str = "conformance record ADDRESS [WORD] | compare ADDRESS FROM COUNT | show SEED";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["record", address] => record::record(address, ""),
        ["record", address, word] => record::record(address, word),
        ["compare", address, from, count] => match (from.parse(), count.parse()) {
            (Ok(from), Ok(count)) => compare::compare(address, from, count),
            _ => Err(USAGE.to_owned()),
        },
        ["show", seed] => match seed.parse() {
            Ok(seed) => {
                compare::show(seed);
                Ok(())
            }
            Err(_) => Err(USAGE.to_owned()),
        },
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}
