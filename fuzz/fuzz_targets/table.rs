//! Fuzzes the body `table`, which says what must hold.
#![no_main]

#[path = "../bodies.rs"]
#[allow(dead_code, reason = "each program runs one body")]
mod bodies;

libfuzzer_sys::fuzz_target!(|input: &[u8]| bodies::table(input));
