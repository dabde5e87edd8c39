//! Floats as decimal digits: the shortest that read back to the bit, and a fixed number of places.
//!
//! The standard library's writers are quicker and bring the page some twenty kilobytes of code and
//! tables; what the page writes is mostly whole or short, and takes the short ways here.
//! Deliberately not here: reading (`number.rs`), units, and what people read (`app/format.rs`).

use super::big::Big;
use std::cmp::Ordering;
use std::fmt::{Display, Formatter, Result, Write};

/// Whole numbers up to here are exact in an `f64`: 2^53.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// Shows a float by the shortest digits that read back to the same bits, without an exponent, as
/// the standard library does: `0.1`, `100`, `-0`, `NaN`, `inf`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shortest(pub f64);

impl Display for Shortest {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&shortest(self.0))
    }
}

/// The shortest digits that read back to the same bits: see [`Shortest`].
#[must_use]
pub fn shortest(value: f64) -> String {
    let (sign, size) = sign_of(value);
    if size.is_nan() {
        return "NaN".to_owned();
    }
    if size.is_infinite() {
        return format!("{sign}inf");
    }
    // No `trunc` of its own: a cast to an integer cuts, and is exact below the bound.
    if size < WHOLE_MAX && (size as u64) as f64 == size {
        return format!("{sign}{}", size as u64);
    }
    let (digits, point) = shortest_digits(size);
    placed(sign, &digits, point)
}

/// The shortest digits with one before the point and an exponent, as Erlang writes them: `1.5e20`,
/// `1.0e-7`. What has no digits (infinite, not a number) as [`Shortest`] shows it.
#[must_use]
pub fn scientific(value: f64) -> String {
    let (sign, size) = sign_of(value);
    if size == 0.0 || !size.is_finite() {
        return shortest(value);
    }
    let (digits, point) = shortest_digits(size);
    let (first, rest) = digits.split_at(1);
    let rest = if rest.is_empty() { "0" } else { rest };
    format!("{sign}{first}.{rest}e{}", point - 1)
}

/// `value` rounded to so many places behind the point, halves away from zero: `fixed(2.5, 0)` is
/// `3`. Exact where `value` times the power of ten is below 2^53; beyond it, all digits are given.
#[must_use]
pub fn fixed(value: f64, places: u32) -> String {
    let (sign, size) = sign_of(value);
    let unit = 10_u64.saturating_pow(places);
    let scaled = libm::round(size * unit as f64);
    // So written that what is not a number goes the other way, too.
    if !matches!(scaled.partial_cmp(&WHOLE_MAX), Some(Ordering::Less)) {
        return shortest(value);
    }
    let scaled = scaled as u64;
    let (whole, part) = (scaled / unit, scaled % unit);
    let mut text = format!("{sign}{whole}");
    if places > 0 {
        // Writing to a string does not fail.
        let _ = write!(text, ".{part:0width$}", width = places as usize);
    }
    text
}

fn sign_of(value: f64) -> (&'static str, f64) {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    (sign, libm::fabs(value))
}

/// Puts the point behind the first `point` digits, with the zeros that it needs.
fn placed(sign: &str, digits: &str, point: i32) -> String {
    let count = digits.len();
    let before = usize::try_from(point).unwrap_or(0);
    let mut text = sign.to_owned();
    if before == 0 {
        text.push_str("0.");
        text.extend(std::iter::repeat_n('0', point.unsigned_abs() as usize));
        text.push_str(digits);
    } else if before >= count {
        text.push_str(digits);
        text.extend(std::iter::repeat_n('0', before - count));
    } else {
        text.push_str(&digits[..before]);
        text.push('.');
        text.push_str(&digits[before..]);
    }
    text
}

/// The shortest digits between the halfway points to the float's neighbours, of these the nearest,
/// and how many of them stand before the point (Steele and White 1990, with whole expansions in
/// place of running remainders). `size` is finite and above zero.
fn shortest_digits(size: f64) -> (String, i32) {
    let bits = size.to_bits();
    let (fraction, biased) = (bits & ((1 << 52) - 1), (bits >> 52) as i32);
    // Both in units of a quarter of the last place, so that halfway points are whole.
    let (mantissa, exponent) = match biased {
        0 => (fraction << 2, -1076),
        _ => ((fraction | 1 << 52) << 2, biased - 1077),
    };
    // Below a power of two the neighbour is half as far.
    let below = if fraction == 0 && biased > 1 { 1 } else { 2 };
    let low = expansion(mantissa - below, exponent);
    let high = expansion(mantissa + 2, exponent);
    let exact = expansion(mantissa, exponent);
    // All of one length: what the longest has in front, the others have zeros for.
    let length = high.len();
    let [low, exact] = [low, exact].map(|digits| format!("{digits:0>length$}"));
    let (low, exact, high) = (low.as_bytes(), exact.as_bytes(), high.as_bytes());
    // An even mantissa is what a halfway point is rounded to.
    let even = mantissa & 4 == 0;
    let reads = |order: Ordering, wanted: Ordering| order == wanted || (even && order.is_eq());
    let mut count = 1;
    let chosen = loop {
        let down = exact[..count].to_vec();
        let up = next(&down);
        let down_reads = reads(with_zeros(&down, low), Ordering::Greater);
        // After nines the next has a digit more: larger than what has as many digits as there are.
        let up_reads = up.len() == count && reads(with_zeros(&up, high), Ordering::Less);
        let up_is_nearer = exact.get(count).is_some_and(|digit| *digit >= b'5');
        match (down_reads, up_reads) {
            (true, true) if up_is_nearer => break up,
            (true, _) => break down,
            (false, true) => break up,
            (false, false) => count += 1,
        }
    };
    let point = length as i32 + exponent.min(0);
    let zeros = chosen.iter().take_while(|digit| **digit == b'0').count();
    let digits: String = chosen
        .iter()
        .skip(zeros)
        .map(|digit| char::from(*digit))
        .collect();
    (
        digits.trim_end_matches('0').to_owned(),
        point - zeros as i32,
    )
}

/// How `digits`, with zeros behind them, compare with the longer or equally long `bound`.
fn with_zeros(digits: &[u8], bound: &[u8]) -> Ordering {
    let (front, rest) = bound.split_at(digits.len());
    let more = rest.iter().any(|digit| *digit != b'0');
    digits.cmp(front).then(if more {
        Ordering::Less
    } else {
        Ordering::Equal
    })
}

/// The next number with as many digits; after nines with one more.
fn next(digits: &[u8]) -> Vec<u8> {
    let mut next = digits.to_vec();
    for digit in next.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return next;
        }
        *digit = b'0';
    }
    next.insert(0, b'1');
    next
}

/// All digits of `mantissa` times two to `exponent`, times ten to as many places as there are
/// behind the point, which are `-exponent` where that is above zero.
fn expansion(mantissa: u64, exponent: i32) -> String {
    // The largest power of five that has 32 bits.
    const FIVES_MAX: u32 = 13;
    let mut number = Big::new(mantissa);
    if exponent < 0 {
        // 2^-e is 5^e with the point e places further to the left.
        let mut left = exponent.unsigned_abs();
        while left > 0 {
            let powers = left.min(FIVES_MAX);
            number.times_and(5_u32.pow(powers), 0);
            left -= powers;
        }
    } else {
        number.shift(u64::from(exponent.unsigned_abs()));
    }
    let mut groups = Vec::new();
    while !number.is_zero() {
        groups.push(number.divide(1_000_000_000));
    }
    let mut digits = String::new();
    for group in groups.iter().rev() {
        // Writing to a string does not fail.
        let _ = write!(digits, "{group:09}");
    }
    digits.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// What the standard library writes is the reference.
    fn same_as_the_standard_library(value: f64) {
        assert_eq!(
            shortest(value),
            format!("{value}"),
            "bits {:#x}",
            value.to_bits()
        );
    }

    #[test]
    fn short_and_special_numbers_are_written_as_ever() {
        for value in [
            0.0,
            1.0,
            0.1,
            0.3,
            12.5,
            100.0,
            1e15,
            1e16,
            1e21,
            1e22,
            1e23,
            123_456.789,
            1.0 / 3.0,
            5e-324,
            f64::MIN_POSITIVE,
            f64::MAX,
            f64::EPSILON,
            9_007_199_254_740_991.0,
            9_007_199_254_740_993.0,
            2e-44,
            f64::INFINITY,
            4.35,
            0.000_001,
            9.5,
            99.99,
            999_999.5,
        ] {
            same_as_the_standard_library(value);
            same_as_the_standard_library(-value);
        }
        same_as_the_standard_library(f64::NAN);
    }

    #[test]
    fn powers_of_two_and_their_neighbours_are_written_as_ever() {
        for exponent in 1..2047_u64 {
            let bits = exponent << 52;
            for bits in [bits - 1, bits, bits + 1] {
                same_as_the_standard_library(f64::from_bits(bits));
            }
        }
    }

    #[test]
    fn any_bits_are_written_as_ever() {
        use rand_core::{Rng, SeedableRng};
        let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(7);
        for _ in 0..20_000 {
            let bits = random.next_u64();
            same_as_the_standard_library(f64::from_bits(bits));
            // Numbers as people meet them.
            same_as_the_standard_library((bits >> 40) as f64 / 1000.0);
            same_as_the_standard_library((bits >> 11) as f64 / (1_u64 << 53) as f64);
        }
    }

    #[test]
    fn an_exponent_stands_behind_one_digit_and_a_point() {
        let cases = [
            (1e20, "1.0e20"),
            (-1.5e-7, "-1.5e-7"),
            (123.0, "1.23e2"),
            (0.0, "0"),
        ];
        for (value, text) in cases {
            assert_eq!(scientific(value), text);
        }
    }

    #[test]
    fn places_are_rounded_and_filled_up() {
        let cases = [
            (2.5, 0, "3"),
            (-2.5, 0, "-3"),
            (0.05, 1, "0.1"),
            (0.04, 1, "0.0"),
            (1.005, 1, "1.0"),
            (12.0, 2, "12.00"),
            (0.0, 2, "0.00"),
            (9.999, 2, "10.00"),
            (1234.56, 1, "1234.6"),
            (-0.04, 1, "-0.0"),
            (1e300, 2, &shortest(1e300)),
            (f64::NAN, 1, "NaN"),
            (f64::INFINITY, 0, "inf"),
            (0.25, 40, "0.25"),
        ];
        for (value, places, text) in cases {
            assert_eq!(fixed(value, places), text, "{value} {places}");
        }
    }
}
