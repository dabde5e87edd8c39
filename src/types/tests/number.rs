//! Reading numbers, beside the standard library's reader.

use crate::types::parse_number;
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// How many numbers of each kind are tried.
const TRIES: usize = if cfg!(target_arch = "wasm32") {
    500
} else {
    1_500
};

#[test]
fn numbers_are_read_to_the_bit_and_nothing_else_is_a_number() {
    let written = [
        "0",
        "-0",
        "1",
        "+1",
        ".5",
        "5.",
        "007",
        "1e3",
        "1E-3",
        "2.5e+10",
        "0.1",
        "1.7976931348623157e308",
        "4.9e-324",
        "123456789012345678901234567890",
        "0.30000000000000004",
        "9007199254740993",
    ];
    for text in written {
        let exact: f64 = text.parse().expect("a number");
        let read = parse_number(text).map(f64::to_bits);
        assert_eq!(read, Some(exact.to_bits()), "{text}");
    }
    let refused = [
        "", " 1", "1 ", ".", "+", "-", "--1", "1e", "e5", "inf", "nan", "1e999", "0x10", "1_0",
        "1,5", "五", "1.2.3", "1]", "1\n",
    ];
    for text in refused {
        assert_eq!(parse_number(text), None, "{text:?}");
    }
}

/// Both readers read the same: to the bit, and what is not finite not at all.
fn check(seed: u64, text: &str) {
    let plain = text.parse::<f64>().expect("a number");
    let exact = plain.is_finite().then_some(plain.to_bits());
    let read = parse_number(text).map(f64::to_bits);
    assert_eq!(read, exact, "seed {seed}: {text}");
}

fn random() -> (u64, Pcg64) {
    let seed = 2026;
    println!("seed {seed}: cargo test types::tests::number");
    (seed, Pcg64::seed_from_u64(seed))
}

fn digits(random: &mut Pcg64, count: u64) -> String {
    (0..count)
        .map(|_| char::from(b'0' + (random.next_u64() % 10) as u8))
        .collect()
}

#[test]
fn any_double_is_read_back_from_its_text() {
    let (seed, mut random) = random();
    for _ in 0..TRIES {
        let double = f64::from_bits(random.next_u64());
        if double.is_finite() {
            check(seed, &format!("{double:?}"));
            check(seed, &format!("{double:e}"));
            check(seed, &format!("{double:.20e}"));
        }
        // Near zero, where doubles have fewer bits.
        let small = f64::from_bits(random.next_u64() >> (12 + random.next_u64() % 50));
        check(seed, &format!("{small:?}"));
    }
}

#[test]
fn any_digits_are_read_to_the_nearest_double() {
    let (seed, mut random) = random();
    for _ in 0..TRIES {
        let count = 1 + random.next_u64() % 25;
        let whole = digits(&mut random, count);
        let count = random.next_u64() % 25;
        let fraction = digits(&mut random, count);
        let exponent = (random.next_u64() % 720) as i64 - 370;
        check(seed, &format!("{whole}.{fraction}"));
        check(seed, &format!("-{whole}.{fraction}e{}", exponent % 30));
        check(seed, &format!("{whole}.{fraction}E{exponent}"));
    }
    for _ in 0..TRIES / 100 {
        let whole = digits(&mut random, 800);
        let exponent = random.next_u64() % 1_200;
        check(seed, &format!("{whole}e-{exponent}"));
        check(seed, &format!("0.{whole}e{}", exponent % 400));
        check(seed, &format!("0.{}{whole}", "0".repeat(320)));
    }
}

/// Halfway between two doubles the even one is taken; a trace more or less, and it is no longer
/// halfway. Every digit stands in these texts.
#[test]
fn halfway_between_two_doubles_the_even_one_is_taken() {
    let (seed, mut random) = random();
    for number in 0..TRIES / 10 {
        let small = number % 3 == 0;
        let bits = random.next_u64()
            >> if small {
                11 + random.next_u64() % 50
            } else {
                1
            };
        let exponent = (bits >> 52) as i32;
        if exponent >= 0x7fe {
            continue;
        }
        // Twice the whole number of the mantissa and one more, and the place of its last bit.
        let mantissa = bits & ((1 << 52) - 1) | u64::from(exponent > 0) << 52;
        let halfway = power_of_two_text(2 * mantissa + 1, exponent.max(1) - 1076);
        check(seed, &halfway);
        check(seed, &format!("{halfway}00000000001"));
        check(seed, &format!("{halfway}{}1", "0".repeat(900)));
        let (head, _) = halfway.split_at(halfway.len() - 1);
        check(seed, &format!("{head}4999999999"));
    }
}

/// All digits of a whole number times a power of two, with a point.
fn power_of_two_text(whole: u64, power: i32) -> String {
    // Lowest digit first; halving multiplies by five and moves the point.
    let mut digits: Vec<u32> = Vec::new();
    for digit in whole.to_string().bytes().rev() {
        digits.push(u32::from(digit - b'0'));
    }
    for _ in 0..power.abs() {
        let factor = if power < 0 { 5 } else { 2 };
        let mut carry = 0;
        for digit in &mut digits {
            carry += *digit * factor;
            *digit = carry % 10;
            carry /= 10;
        }
        if carry > 0 {
            digits.push(carry);
        }
    }
    let behind = if power < 0 {
        power.unsigned_abs() as usize
    } else {
        0
    };
    while digits.len() <= behind {
        digits.push(0);
    }
    let text: String = digits
        .iter()
        .rev()
        .map(|digit| char::from(b'0' + *digit as u8))
        .collect();
    let (whole, fraction) = text.split_at(text.len() - behind);
    format!("{whole}.{fraction}")
}

#[test]
fn the_edges_of_what_doubles_can_hold_are_read_exactly() {
    let edges = [
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "179769313486231580793728971405301e276",
        "1.8e308",
        "2.2250738585072011e-308",
        "2.2250738585072012e-308",
        "2.2250738585072014e-308",
        "4.9406564584124654e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.4703282292062329e-324",
        "1e-400",
        "0e999999999999999999999999",
        "1e-999999999999999999999999",
        "1e999999999999999999999999",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "9007199254740993e22",
        "9007199254740992e22",
        "9007199254740992e23",
        "1e22",
        "1e23",
        "1e-22",
        "1e-23",
    ];
    for text in edges {
        check(0, text);
        check(0, &format!("-{text}"));
    }
}

/// Millions of digits are read once, and only the first of them are reckoned with.
#[test]
fn a_number_of_a_million_digits_is_read() {
    // The standard library cuts exponents this long, and then reads something else.
    let zeros = "0".repeat(1_000_000);
    assert_eq!(parse_number(&format!("1{zeros}1e-1000001")), Some(1.0));
    assert_eq!(parse_number(&format!("0.{zeros}1e1000001")), Some(1.0));
    let threes = format!("{}.{}", "9".repeat(300), "3".repeat(1_000_000));
    check(0, &threes);
    assert_eq!(parse_number(&"9".repeat(1_000_000)), None);
}
