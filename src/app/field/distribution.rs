//! The fields of a number that is fixed or drawn.
//!
//! Deliberately not here: what the number means; each table says that.

use super::parse;
use crate::app::view::FieldInput;
use crate::scenario::Distribution;
use crate::text::Words;

/// Which number of a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Value,
    Min,
    Max,
    Mean,
    Deviation,
}

pub(super) fn input(words: Words) -> FieldInput {
    super::choice(&[
        ("fixed", words.distribution_fixed()),
        ("uniform", words.distribution_uniform()),
        ("exponential", words.distribution_exponential()),
        ("lognormal", words.distribution_lognormal()),
    ])
}

pub(super) fn name(of: &Distribution) -> String {
    match of {
        Distribution::Fixed { .. } => "fixed",
        Distribution::Uniform { .. } => "uniform",
        Distribution::Exponential { .. } => "exponential",
        Distribution::Lognormal { .. } => "lognormal",
    }
    .to_owned()
}

/// Another distribution with the same mean; the same one stays as it is.
pub(super) fn set_name(of: &mut Distribution, name: &str, words: Words) -> Result<(), String> {
    if self::name(of) == name {
        return Ok(());
    }
    let mean = of.mean();
    *of = match name {
        "fixed" => Distribution::Fixed { value: mean },
        "uniform" => Distribution::Uniform {
            min: mean / 2.0,
            max: mean * 1.5,
        },
        "exponential" => Distribution::Exponential { mean },
        "lognormal" => Distribution::Lognormal {
            mean,
            deviation: mean / 2.0,
        },
        _ => return Err(words.error_choice().to_owned()),
    };
    Ok(())
}

fn slot(of: &mut Distribution, part: Part) -> Option<&mut f64> {
    match (of, part) {
        (Distribution::Fixed { value }, Part::Value)
        | (Distribution::Uniform { min: value, .. }, Part::Min)
        | (Distribution::Uniform { max: value, .. }, Part::Max)
        | (Distribution::Exponential { mean: value }, Part::Mean)
        | (Distribution::Lognormal { mean: value, .. }, Part::Mean)
        | (
            Distribution::Lognormal {
                deviation: value, ..
            },
            Part::Deviation,
        ) => Some(value),
        (
            Distribution::Fixed { .. }
            | Distribution::Uniform { .. }
            | Distribution::Exponential { .. }
            | Distribution::Lognormal { .. },
            Part::Value | Part::Min | Part::Max | Part::Mean | Part::Deviation,
        ) => None,
    }
}

pub(super) fn get_part(of: &Distribution, part: Part) -> Option<String> {
    let mut copy = *of;
    slot(&mut copy, part).map(|value| parse::show_number(*value))
}

pub(super) fn set_part(
    of: &mut Distribution,
    part: Part,
    text: &str,
    words: Words,
) -> Result<(), String> {
    let value = parse::seconds(text, words)?;
    if let Some(slot) = slot(of, part) {
        *slot = value;
    }
    match *of {
        Distribution::Uniform { min, max } if min > max => Err(words.error_least_most().to_owned()),
        Distribution::Fixed { .. }
        | Distribution::Uniform { .. }
        | Distribution::Exponential { .. }
        | Distribution::Lognormal { .. } => Ok(()),
    }
}

/// The fields of a distribution that stands in a struct's field, and what follows them.
macro_rules! distribution_fields {
    ($of:ty, $key:literal, $member:ident, $words:ident, $unit:path $(, $more:expr)* $(,)?) => {
        &[
            $crate::app::field::Field::<$of> {
                key: $key,
                words: |words| words.$words(),
                input: $crate::app::field::distribution::input,
                get: |of| Some($crate::app::field::distribution::name(&of.$member)),
                set: |of, text, words| {
                    $crate::app::field::distribution::set_name(&mut of.$member, text, words)
                },
            },
            $crate::app::field::distribution::part_field!(
                $of, concat!($key, ".value"), $member, field_value, $unit, Value
            ),
            $crate::app::field::distribution::part_field!(
                $of, concat!($key, ".min"), $member, field_min, $unit, Min
            ),
            $crate::app::field::distribution::part_field!(
                $of, concat!($key, ".max"), $member, field_max, $unit, Max
            ),
            $crate::app::field::distribution::part_field!(
                $of, concat!($key, ".mean"), $member, field_mean, $unit, Mean
            ),
            $crate::app::field::distribution::part_field!(
                $of, concat!($key, ".deviation"), $member, field_deviation, $unit, Deviation
            ),
            $($more),*
        ]
    };
}

macro_rules! part_field {
    ($of:ty, $key:expr, $member:ident, $words:ident, $unit:path, $part:ident) => {
        $crate::app::field::Field::<$of> {
            key: $key,
            words: |words| words.$words(),
            input: $unit,
            get: |of| {
                $crate::app::field::distribution::get_part(
                    &of.$member,
                    $crate::app::field::distribution::Part::$part,
                )
            },
            set: |of, text, words| {
                $crate::app::field::distribution::set_part(
                    &mut of.$member,
                    $crate::app::field::distribution::Part::$part,
                    text,
                    words,
                )
            },
        }
    };
}

pub(super) use {distribution_fields, part_field};
