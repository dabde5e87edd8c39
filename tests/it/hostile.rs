//! No panic is reachable from a scenario file: gallery files with octets and numbers changed at random
//! are refused or run.

use brokerlab::scenario::{RateOptions, format, gallery, read_rates, validate};
use brokerlab::sim::Simulation;
use brokerlab::types::SimTime;
use rand_core::{Rng as _, SeedableRng as _};
use rand_pcg::Pcg32;
use std::rc::Rc;

const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "1",
    "255",
    "65536",
    "4000000000",
    "18446744073709551615",
    "-9223372036854775808",
    "1e300",
    "-1e300",
    "1e-300",
    "null",
];
const TIMES: [&str; 6] = [
    "0s",
    "1ns",
    "213503d",
    "1h",
    "18446744073709551615ns",
    "soon",
];

struct Random(Pcg32);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0.next_u32() as usize % end.max(1)
    }

    /// Another number in the place of a random one; times are numbers with a unit.
    fn change_number(&mut self, text: &str) -> String {
        let octets = text.as_bytes();
        let is_start = |at: &usize| {
            octets[*at].is_ascii_digit()
                && !octets[*at - 1].is_ascii_alphanumeric()
                && octets[*at - 1] != b'.'
        };
        let starts: Vec<usize> = (1..octets.len()).filter(is_start).collect();
        let start = starts[self.below(starts.len())];
        let is_more = |octet: &u8| octet.is_ascii_alphanumeric() || *octet == b'.';
        let length = octets[start..]
            .iter()
            .take_while(|octet| is_more(octet))
            .count();
        let is_time = octets[start - 1] == b'"';
        let other = if is_time {
            TIMES[self.below(TIMES.len())]
        } else {
            NUMBERS[self.below(NUMBERS.len())]
        };
        format!("{}{other}{}", &text[..start], &text[start + length..])
    }

    fn change_octet(&mut self, text: &str) -> String {
        let mut octets = text.as_bytes().to_vec();
        let at = self.below(octets.len());
        octets[at] = b"{}[]\",:0a -."[self.below(12)];
        String::from_utf8_lossy(&octets).into_owned()
    }
}

#[test]
fn a_changed_scenario_is_refused_or_runs() {
    let mut opened = 0;
    for item in gallery::items() {
        let whole = gallery::text(&item.id).expect("listed");
        for seed in 0..30 {
            let mut random = Random(Pcg32::seed_from_u64(seed));
            let mut text = whole.to_owned();
            for _ in 0..=random.below(3) {
                text = if random.below(4) == 0 {
                    random.change_octet(&text)
                } else {
                    random.change_number(&text)
                };
            }
            let Ok(scenario) = format::read(&text) else {
                continue;
            };
            opened += 1;
            let _ = validate(&scenario);
            let again = format::read(&format::write(&scenario)).expect("what is written opens");
            assert_eq!(again, scenario, "{} with seed {seed}", item.id);
            let mut run = Simulation::new(Rc::new(scenario));
            run.run_until(SimTime::from_secs(20), 300);
            run.run_until(SimTime::MAX, 300);
        }
    }
    assert!(
        opened > 50,
        "only {opened} opened: the changes are too rough to test anything"
    );
}

#[test]
fn a_changed_recording_is_refused_or_read() {
    let whole = "timestamp,value\n2014-04-10 00:04:00,94.0\n2014-04-10 00:09:00,56.0\n\
                 2014-04-10 00:14:00,187.0\n";
    for seed in 0..2000 {
        let mut random = Random(Pcg32::seed_from_u64(seed));
        let text = match random.below(2) {
            0 => random.change_octet(whole),
            _ => random.change_number(whole),
        };
        let _ = read_rates(&text, &RateOptions::default());
    }
}
