//! Decimal numbers as people and files write them.
//!
//! One reader for all, exact to the last bit. It is ours because the others bring tables of powers:
//! the standard library's ten kilobytes, which no page can squeeze. Short numbers take one
//! multiplication or division that cannot be wrong (W. Clinger, How to Read Floating Point Numbers
//! Accurately, 1990); all others a long division of whole numbers, bit by bit. Deliberately not here:
//! units, bounds, and what a number means.

use super::big::Big;
use std::cmp::Ordering;

/// Digits that count: halfway between two doubles lies no number of more than 767 digits, so that of
/// all behind them one only has to know whether they are zero.
const DIGITS_MAX: usize = 768;
/// Up to here powers of ten are doubles without rounding.
const EXACT_POWER_MAX: u32 = 22;
/// Up to here whole numbers are doubles without rounding.
const EXACT_WHOLE_MAX: u64 = 1 << 53;

/// Reads a decimal number to the nearest `f64`, exact to the last bit: what JSON (RFC 8259, section
/// 6) allows, and besides a leading `+`, `.5`, `5.` and zeros before other digits. `None` for anything
/// else, for what is too large to be finite, and for the words `inf` and `nan`.
#[must_use]
pub fn parse_number(text: &str) -> Option<f64> {
    let (negative, rest) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (whole, rest) = digits(rest);
    let (fraction, rest) = match rest {
        [b'.', rest @ ..] => digits(rest),
        rest => (&rest[..0], rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let exponent = exponent(rest)?;
    let size = nearest(&Decimal::new(whole, fraction, exponent))?;
    Some(if negative { -size } else { size })
}

/// The digits at the beginning, and what follows them.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|octet| !octet.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

/// The exponent when all of the text is one, or nothing. What no text of this world's length could
/// make up for stays at such a size.
fn exponent(text: &[u8]) -> Option<i64> {
    let (negative, rest) = match text {
        [] => return Some(0),
        [b'e' | b'E', b'-', rest @ ..] => (true, rest),
        [b'e' | b'E', b'+', rest @ ..] | [b'e' | b'E', rest @ ..] => (false, rest),
        _ => return None,
    };
    let (digits, rest) = digits(rest);
    if digits.is_empty() || !rest.is_empty() {
        return None;
    }
    let size = digits.iter().fold(0_i64, |size, digit| {
        (size * 10 + i64::from(digit - b'0')).min(1 << 50)
    });
    Some(if negative { -size } else { size })
}

/// The whole number of `digits`, times ten to the power of `exponent`.
struct Decimal {
    /// The first is not zero; none when the number is.
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn new(whole: &[u8], fraction: &[u8], exponent: i64) -> Self {
        let behind_point = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        let mut decimal = Self {
            digits: Vec::new(),
            exponent: exponent.saturating_sub(behind_point),
        };
        let mut rest_counts = false;
        for octet in whole.iter().chain(fraction) {
            let digit = octet - b'0';
            if decimal.digits.len() == DIGITS_MAX {
                rest_counts |= digit > 0;
                decimal.exponent = decimal.exponent.saturating_add(1);
            } else if digit > 0 || !decimal.digits.is_empty() {
                decimal.digits.push(digit);
            }
        }
        if rest_counts {
            // Somewhat more than what the digits say, and no matter how much.
            decimal.digits.push(1);
            decimal.exponent -= 1;
        }
        decimal
    }

    /// The digits as a whole number, when it is a double without rounding.
    fn exact_whole(&self) -> Option<u64> {
        let whole = self.digits.iter().try_fold(0_u64, |whole, digit| {
            whole.checked_mul(10)?.checked_add(u64::from(*digit))
        });
        whole.filter(|whole| *whole <= EXACT_WHOLE_MAX)
    }
}

/// Ten to the power of a whole number: exact up to 22, and below nothing as near as an inverse is.
#[must_use]
pub fn power_of_ten(exponent: i32) -> f64 {
    /// Beyond it there is infinity.
    const POWER_MAX: u32 = 309;
    let times = exponent.unsigned_abs().min(POWER_MAX);
    let power = (0..times).fold(1.0, |power, _| power * 10.0);
    if exponent < 0 { 1.0 / power } else { power }
}

/// The nearest double, of two as near the even one; `None` when it would not be finite.
fn nearest(decimal: &Decimal) -> Option<f64> {
    let power = decimal.exponent.unsigned_abs();
    let power = u32::try_from(power).unwrap_or(u32::MAX);
    if let Some(whole) = decimal.exact_whole()
        && (power <= EXACT_POWER_MAX || whole == 0)
    {
        // The double is the number itself.
        let whole = whole as f64;
        let power = power_of_ten(power.min(EXACT_POWER_MAX) as i32);
        return Some(if decimal.exponent < 0 {
            whole / power
        } else {
            whole * power
        });
    }
    // The number is less than ten to this power, and a tenth of it or more.
    let digits = i64::try_from(decimal.digits.len()).unwrap_or(i64::MAX);
    match decimal.exponent.saturating_add(digits) {
        310.. => return None,
        ..-330 => return Some(0.0),
        -330..310 => {}
    }
    let (mut above, mut below) = (Big::of_digits(&decimal.digits), Big::new(1));
    // Ten is two times five; the twos are the exponent of the double.
    let with_power = if decimal.exponent < 0 {
        &mut below
    } else {
        &mut above
    };
    for _ in 0..power {
        with_power.times_and(5, 0);
    }
    divide(above, below, decimal.exponent)
}

/// The double nearest to `above` by `below`, times two to the power of `twos`.
fn divide(mut above: Big, mut below: Big, twos: i64) -> Option<f64> {
    // Both as long as each other and then above the one that is not less: the quotient begins with 1.
    let longer = above.bits() - below.bits();
    if longer > 0 {
        below.shift(longer.unsigned_abs());
    } else {
        above.shift(longer.unsigned_abs());
    }
    let mut top = longer + twos;
    if above.cmp(&below) == Ordering::Less {
        above.shift(1);
        top -= 1;
    }
    let mut quotient = 0_u64;
    for _ in 0..64 {
        quotient <<= 1;
        if above.cmp(&below) != Ordering::Less {
            above.subtract(&below);
            quotient |= 1;
        }
        above.shift(1);
    }
    round(quotient, top, !above.is_zero())
}

/// The double nearest to a number whose first bit has the place value of two to the power of `top`:
/// its first 64 bits, and whether any follows them.
fn round(bits: u64, top: i64, more: bool) -> Option<f64> {
    const LEAST_TOP: i64 = f64::MIN_EXP as i64 - 1;
    if top >= i64::from(f64::MAX_EXP) {
        return None;
    }
    // Doubles near zero have fewer bits.
    let lost = 11 + (LEAST_TOP - top).max(0);
    if lost > 64 {
        return Some(0.0);
    }
    let kept = bits.checked_shr(u32::try_from(lost).ok()?).unwrap_or(0);
    let half = 1_u64 << (lost - 1);
    let rest = bits & (half | (half - 1));
    let up = match rest.cmp(&half) {
        Ordering::Less => false,
        Ordering::Equal => more || kept & 1 == 1,
        Ordering::Greater => true,
    };
    // The first of 53 bits is not written: it adds one to the exponent, and so does a carry.
    let exponent = u64::try_from(top.max(LEAST_TOP) - LEAST_TOP).ok()?;
    let double = f64::from_bits((exponent << 52) + kept + u64::from(up));
    double.is_finite().then_some(double)
}
