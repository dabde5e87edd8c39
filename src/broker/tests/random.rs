//! Random programs for two brokers.
//!
//! A failure prints the seed, the command that repeats it, the shortest program that shows it and
//! how the two brokers differ. `BROKERLAB_SEEDS=1..100000` runs that range instead of the usual one.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::compare::{Pair, first_difference, guarded, shrunk};
use super::language::Program;
use crate::types::Profile;
use std::ops::Range;

mod generate;

use generate::Generator;

/// Programs in an ordinary run; a few seconds in a debug build, fewer in a browser.
const SEEDS: Range<u64> = 0..if cfg!(target_arch = "wasm32") {
    40
} else {
    250
};
/// After so many failures it is enough.
const FAILURES: usize = 3;
/// Steps of a program.
const STEPS: usize = 90;

fn seeds() -> Range<u64> {
    let Ok(text) = std::env::var("BROKERLAB_SEEDS") else {
        return SEEDS;
    };
    let range = text.split_once("..").and_then(|(from, to)| {
        let range: Range<u64> = from.parse().ok()?..to.parse().ok()?;
        Some(range)
    });
    range.expect("BROKERLAB_SEEDS is a range such as 1..1000")
}

fn profile_of(seed: u64) -> Profile {
    if seed % 4 == 3 {
        Profile::V4
    } else {
        Profile::V3
    }
}

/// Makes and runs the program of a seed; `Some` with the program when the brokers part.
fn failing(seed: u64) -> Option<Program> {
    let profile = profile_of(seed);
    let mut generator = Generator::new(seed, profile);
    let mut pair = Pair::new(profile);
    let mut program = Program::default();
    for _ in 0..STEPS {
        let step = generator.step(&pair.naive.door);
        program.steps.push(step.clone());
        if guarded(&mut pair, &step).is_err() {
            return Some(program);
        }
    }
    None
}

/// How the brokers part on a seed, in words that repeat it.
fn report(seed: u64, program: &Program) -> String {
    let profile = profile_of(seed);
    let shortest = shrunk(profile, program);
    let difference = first_difference(profile, &shortest)
        .map_or_else(|| "it does not repeat".to_owned(), |found| found.text);
    format!(
        "seed {seed} on {profile} parts the two brokers (- naive, + engine).\nRepeat with: \
         BROKERLAB_SEEDS={seed}..{} cargo test --lib broker::tests::random\n\n{shortest}\n\
         {difference}",
        seed + 1
    )
}

#[test]
fn the_engine_does_what_the_naive_broker_does() {
    let failures: Vec<String> = seeds()
        .filter_map(|seed| failing(seed).map(|program| report(seed, &program)))
        .take(FAILURES)
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn a_program_is_read_back_as_it_was_written() {
    for seed in 0..40 {
        let mut generator = Generator::new(seed, Profile::V3);
        let naive = super::naive::Naive::new(Profile::V3);
        let mut program = Program::default();
        for _ in 0..STEPS {
            program.steps.push(generator.step(&naive));
        }
        let text = program.to_string();
        let again: Program = match text.parse() {
            Ok(program) => program,
            Err(error) => panic!("seed {seed}: {error}\n{text}"),
        };
        assert_eq!(again.to_string(), text, "seed {seed}");
    }
}
