//! Whole numbers of any size, with the few operations that reading and writing floats want.
//!
//! Deliberately not here: speed beyond some thousand bits, and anything below zero.

use std::cmp::Ordering;

/// A whole number of any size: digits to the base of two to the power of 32, the lowest first, the
/// last not zero.
pub(super) struct Big(Vec<u32>);

impl Big {
    pub(super) fn new(value: u64) -> Self {
        let mut big = Self(vec![value as u32, (value >> 32) as u32]);
        big.trim();
        big
    }

    pub(super) fn of_digits(digits: &[u8]) -> Self {
        let mut big = Self(Vec::new());
        for digit in digits {
            big.times_and(10, u32::from(*digit));
        }
        big
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// How many bits it has.
    pub(super) fn bits(&self) -> i64 {
        let last = self.0.last().map_or(0, |last| 32 - last.leading_zeros());
        // Numbers here have some thousand bits.
        let others = self.0.len().saturating_sub(1) * 32;
        i64::try_from(others).unwrap_or(i64::MAX) + i64::from(last)
    }

    /// Multiplies, then adds.
    pub(super) fn times_and(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for digit in &mut self.0 {
            carry += u64::from(*digit) * u64::from(factor);
            *digit = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Multiplies by two to the power of `bits`.
    pub(super) fn shift(&mut self, bits: u64) {
        for _ in 0..bits % 32 {
            self.times_and(2, 0);
        }
        let zeros = usize::try_from(bits / 32).unwrap_or(0);
        self.0.splice(..0, std::iter::repeat_n(0, zeros));
    }

    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        let by_length = self.0.len().cmp(&other.0.len());
        by_length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    /// Takes away what is not more than it.
    pub(super) fn subtract(&mut self, other: &Self) {
        let mut borrowed = false;
        for (index, digit) in self.0.iter_mut().enumerate() {
            let taken = other.0.get(index).copied().unwrap_or(0);
            let (less, one) = digit.overflowing_sub(taken);
            let (less, two) = less.overflowing_sub(u32::from(borrowed));
            *digit = less;
            borrowed = one || two;
        }
        self.trim();
    }

    /// Divides, and gives the remainder.
    pub(super) fn divide(&mut self, by: u32) -> u32 {
        let mut rest = 0;
        for digit in self.0.iter_mut().rev() {
            let left = rest << 32 | u64::from(*digit);
            *digit = (left / u64::from(by)) as u32;
            rest = left % u64::from(by);
        }
        self.trim();
        rest as u32
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}
