//! Random streams, one for each purpose of each process, and what is drawn from them.
//!
//! A stream depends on the seed, the node and the purpose alone, so editing one node changes nobody
//! else's draws. The generator is value-stable and what is drawn is made of whole numbers, sums and
//! products, or of functions computed in software, so every target draws the same. Deliberately not here: what is done with the numbers.

use crate::scenario::Distribution;
use crate::types::{NodeId, SimDuration};
use rand_core::Rng as _;
use rand_pcg::Pcg32;
use std::f64::consts::LN_2;

/// What a stream is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Arrivals = 1,
    Content = 2,
    ToBroker = 3,
    ToClient = 4,
    Service = 5,
    Failure = 6,
}

/// A random stream; plain data, cloned with the run.
#[derive(Debug, Clone)]
pub(super) struct Stream(Pcg32);

impl Stream {
    /// The stream of one purpose of one node; `index` tells workers apart.
    pub(super) fn new(seed: u64, node: NodeId, purpose: Purpose, index: u32) -> Self {
        let name = u64::from(node.0) << 32 | u64::from(index) << 8 | purpose as u64;
        let state = mix(seed ^ mix(name));
        Self(Pcg32::new(state, mix(state ^ name)))
    }

    /// Evenly from 0 up to but not including 1, in steps of 2^-53.
    #[inline]
    pub(super) fn uniform(&mut self) -> f64 {
        fraction(self.0.next_u64())
    }

    /// Exponential with mean 1 (Ahrens and Dieter 1972, algorithm SA): how many halvings, counted in
    /// zero bits, and a rest below one halving. Whole numbers decide and nothing is rounded but the
    /// last sum, so that every target draws the same, in a fraction of the time of a logarithm.
    #[inline]
    pub(super) fn exponential(&mut self) -> f64 {
        let word = self.0.next_u64() | 1;
        let halvings = word.leading_zeros();
        // What stands behind the first one is evenly spread.
        let rest = word << halvings << 1;
        let whole = f64::from(halvings) * LN_2;
        if rest <= HALVING_SUMS[0] {
            return whole + fraction(rest);
        }
        whole + self.least(rest) * LN_2
    }

    /// The least of as many draws as the sums that `rest` exceeds, and one.
    fn least(&mut self, rest: u64) -> f64 {
        let mut least = self.0.next_u64();
        for sum in HALVING_SUMS {
            if rest <= sum {
                break;
            }
            least = least.min(self.0.next_u64());
        }
        fraction(least)
    }

    /// Normal with mean 0 and deviation 1 (Box and Muller 1958; the second number is not kept, so
    /// that a stream holds nothing but its generator).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (2.0 * self.exponential()).sqrt();
        radius * libm::cos(2.0 * std::f64::consts::PI * self.uniform())
    }

    /// A whole number below `bound` (0 when `bound` is 0), by a product and a shift.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(bound)) >> 64) as u64
    }

    /// Whether something of this share happens.
    #[inline]
    pub(super) fn happens(&mut self, share: Share) -> bool {
        match share.0 {
            0 => false,
            threshold => (self.0.next_u64() >> 11) < threshold,
        }
    }
}

/// The word as a fraction of 2^64, from 0 up to but not including 1, in steps of 2^-53.
#[inline]
fn fraction(word: u64) -> f64 {
    const STEP: f64 = 1.0 / (1u64 << 53) as f64;
    (word >> 11) as f64 * STEP
}

/// The sums of (ln 2)^k / k! for k from 1, as fractions of 2^64: the last that differ from one.
const HALVING_SUMS: [u64; 16] = [
    0xb172_17f7_d1cf_79ab,
    0xeef1_93f6_d75a_96fc,
    0xfd27_1862_59aa_f6c2,
    0xff9d_6dd0_50f4_c5a7,
    0xfff4_cfcf_ef1e_626b,
    0xfffe_e818_86e1_c62f,
    0xffff_e7fe_850e_0bb5,
    0xffff_fe2a_8731_b17d,
    0xffff_ffdf_ac6e_eadc,
    0xffff_fffd_f964_0067,
    0xffff_ffff_e22e_c79c,
    0xffff_ffff_fe6a_9ded,
    0xffff_ffff_ffeb_ff81,
    0xffff_ffff_ffff_1417,
    0xffff_ffff_ffff_f5ce,
    0xffff_ffff_ffff_ff95,
];

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): neighbouring names give unlike streams.
const fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// A share from 0 to 1 as a threshold of 53 bits, so that sampling compares whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share(u64);

impl Share {
    pub(super) fn new(share: f64) -> Self {
        // `as` turns what is not a number into 0; the clamp keeps the rest within 53 bits.
        Self((share.clamp(0.0, 1.0) * (1u64 << 53) as f64) as u64)
    }
}

/// A distribution made ready for drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Draw {
    Fixed { value: f64, span: SimDuration },
    Uniform { min: f64, width: f64 },
    Exponential { mean: f64 },
    Lognormal { mu: f64, sigma: f64 },
}

impl Draw {
    /// Numbers that make no sense (below zero, infinite, not a number) count as zero.
    pub(super) fn new(distribution: &Distribution) -> Self {
        match *distribution {
            Distribution::Fixed { value } => Self::fixed(sane(value)),
            Distribution::Uniform { min, max } => {
                let (min, max) = (sane(min), sane(max));
                let (min, max) = (min.min(max), min.max(max));
                Self::Uniform {
                    min,
                    width: max - min,
                }
            }
            Distribution::Exponential { mean } => Self::Exponential { mean: sane(mean) },
            Distribution::Lognormal { mean, deviation } => {
                let (mean, deviation) = (sane(mean), sane(deviation));
                if mean == 0.0 || deviation == 0.0 {
                    return Self::fixed(mean);
                }
                // Mean and deviation of the logarithm from those of the value itself.
                let ratio = deviation / mean;
                let variance = libm::log1p(ratio * ratio);
                Self::Lognormal {
                    mu: libm::log(mean) - variance / 2.0,
                    sigma: variance.sqrt(),
                }
            }
        }
    }

    fn fixed(value: f64) -> Self {
        Self::Fixed {
            value,
            span: SimDuration::from_secs_f64(value),
        }
    }

    /// One number.
    pub(super) fn number(&self, stream: &mut Stream) -> f64 {
        match self {
            Self::Fixed { value, .. } => *value,
            Self::Uniform { min, width } => min + width * stream.uniform(),
            Self::Exponential { mean } => mean * stream.exponential(),
            Self::Lognormal { mu, sigma } => libm::exp(mu + sigma * stream.normal()),
        }
    }

    /// One number, in seconds.
    #[inline]
    pub(super) fn span(&self, stream: &mut Stream) -> SimDuration {
        // The two that are common are asked for one by one: a jump through a table costs more.
        if let Self::Fixed { span, .. } = self {
            return *span;
        }
        if let Self::Exponential { mean } = self {
            return span(mean * stream.exponential());
        }
        self.drawn_span(stream)
    }

    #[inline(never)]
    fn drawn_span(&self, stream: &mut Stream) -> SimDuration {
        span(self.number(stream))
    }
}

/// Half up; the same product and sum everywhere, and `as` saturates.
fn span(seconds: f64) -> SimDuration {
    SimDuration::from_nanos((seconds * 1e9 + 0.5) as u64)
}

fn sane(value: f64) -> f64 {
    if value.is_finite() {
        value.max(0.0)
    } else {
        0.0
    }
}
