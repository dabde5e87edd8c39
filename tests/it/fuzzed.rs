//! The bodies that are fuzzed (`fuzz/bodies.rs`), on a few thousand inputs made from a seed: what
//! `cargo xtask fuzz` looks for by the hour, an ordinary test looks for in seconds.

#[path = "../../fuzz/bodies.rs"]
mod bodies;

use bodies::BODIES;
use rand_core::{Rng as _, SeedableRng as _};
use rand_pcg::Pcg32;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Inputs of each body.
const INPUTS: u64 = 1_500;
/// Octets of an input, at most.
const OCTETS: usize = 2_000;

/// The seed, or another one: `BROKERLAB_SEED=N cargo test --test it fuzzed`.
fn seed() -> u64 {
    let given = std::env::var("BROKERLAB_SEED").ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(1)
}

#[test]
fn bodies_hold_on_seeded_inputs() {
    for (name, body) in BODIES {
        for number in 0..INPUTS {
            let seed = seed().wrapping_mul(1_000_000) + number;
            let input = input(seed);
            let run = catch_unwind(AssertUnwindSafe(|| body(&input)));
            if let Err(panic) = run {
                println!("body {name}, input {number}: {input:02x?}");
                println!(
                    "again: BROKERLAB_SEED={} cargo test --test it fuzzed",
                    self::seed()
                );
                resume_unwind(panic);
            }
        }
    }
}

/// Random octets, more often small ones than large: lengths are small, as a rule, where they fit.
fn input(seed: u64) -> Vec<u8> {
    let mut random = Pcg32::seed_from_u64(seed);
    let length = random.next_u32() as usize % OCTETS;
    let mut octets = vec![0; length];
    random.fill_bytes(&mut octets);
    let smaller = random.next_u32() % 8;
    for octet in &mut octets {
        if random.next_u32() % 8 < smaller {
            *octet %= 16;
        }
    }
    octets
}
