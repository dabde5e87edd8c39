//! Distributions and choices in JSON: the plain value where it can be plain.
//!
//! Deliberately not here: what they are used for ([`node`](super::node)).

use super::cursor::{Cursor, Fields, Read};
use super::json::{Json, JsonObject};
use crate::scenario::{Choice, Distribution, Problem};
use crate::types::{Phrase, ProblemCode, SimDuration};

/// What the numbers of a distribution count, which decides how they are written.
#[derive(Clone, Copy)]
enum Unit {
    /// Seconds, written `250ms` where that says it exactly, else as a number.
    Seconds,
    /// Anything counted, written as a number.
    Amount,
}

impl Unit {
    const fn expected(self) -> Phrase {
        match self {
            Self::Seconds => Phrase::TimeOrDistribution,
            Self::Amount => Phrase::NumberOrDistribution,
        }
    }

    fn read(self, at: &Cursor<'_>) -> Read<f64> {
        match (self, at.value()) {
            (Self::Seconds, Json::String(_)) => Ok(at.span()?.as_secs_f64()),
            (Self::Seconds, value) => {
                let number = value.as_f64();
                number.ok_or_else(|| at.mismatch(Phrase::Time))
            }
            (Self::Amount, _) => at.number(),
        }
    }

    fn write(self, number: f64) -> Json {
        match self {
            Self::Seconds => {
                let span = SimDuration::from_secs_f64(number);
                if span.as_secs_f64().to_bits() == number.to_bits() {
                    span.to_string().into()
                } else {
                    number.into()
                }
            }
            Self::Amount => number.into(),
        }
    }
}

/// A distribution of times.
pub(super) fn read_times(at: &Cursor<'_>) -> Read<Distribution> {
    read_distribution(at, Unit::Seconds)
}

/// A distribution of anything counted.
pub(super) fn read_amounts(at: &Cursor<'_>) -> Read<Distribution> {
    read_distribution(at, Unit::Amount)
}

/// See [`read_times`].
pub(super) fn write_times(distribution: &Distribution) -> Json {
    write_distribution(distribution, Unit::Seconds)
}

/// See [`read_amounts`].
pub(super) fn write_amounts(distribution: &Distribution) -> Json {
    write_distribution(distribution, Unit::Amount)
}

fn read_distribution(at: &Cursor<'_>, unit: Unit) -> Read<Distribution> {
    match at.value() {
        Json::Object(_) => tagged(at.fields()?, unit),
        Json::String(text) => match unit {
            Unit::Seconds if text.parse::<SimDuration>().is_ok() => {
                let value = unit.read(at)?;
                Ok(Distribution::Fixed { value })
            }
            Unit::Seconds | Unit::Amount => Err(at.mismatch(unit.expected())),
        },
        value => match value.as_f64() {
            Some(value) => Ok(Distribution::Fixed { value }),
            None => Err(at.mismatch(unit.expected())),
        },
    }
}

fn tagged(mut fields: Fields<'_>, unit: Unit) -> Read<Distribution> {
    let word = fields.need("distribution")?;
    let mut number = |key| unit.read(&fields.need(key)?);
    let distribution = match word.text()? {
        "fixed" => Distribution::Fixed {
            value: number("value")?,
        },
        "uniform" => Distribution::Uniform {
            min: number("min")?,
            max: number("max")?,
        },
        "exponential" => Distribution::Exponential {
            mean: number("mean")?,
        },
        "lognormal" => Distribution::Lognormal {
            mean: number("mean")?,
            deviation: number("deviation")?,
        },
        _ => return Err(word.none_of(&["fixed", "uniform", "exponential", "lognormal"])),
    };
    fields.finish()?;
    Ok(distribution)
}

fn write_distribution(distribution: &Distribution, unit: Unit) -> Json {
    let (word, numbers): (_, &[(&str, &f64)]) = match distribution {
        Distribution::Fixed { value } => return unit.write(*value),
        Distribution::Uniform { min, max } => ("uniform", &[("min", min), ("max", max)]),
        Distribution::Exponential { mean } => ("exponential", &[("mean", mean)]),
        Distribution::Lognormal { mean, deviation } => {
            ("lognormal", &[("mean", mean), ("deviation", deviation)])
        }
    };
    let mut out = JsonObject::new().with("distribution", word);
    for (key, number) in numbers {
        out.set(key, unit.write(**number));
    }
    out.into()
}

/// A value alone, or an object that says how one is chosen among several.
pub(super) fn read_choice<T>(at: &Cursor<'_>, read: fn(&Cursor<'_>) -> Read<T>) -> Read<Choice<T>> {
    let Json::Object(map) = at.value() else {
        return read(at).map(Choice::Fixed);
    };
    let Some((word, _)) = map.iter().next().filter(|_| map.len() == 1) else {
        return Err(at.mismatch(Phrase::Choice));
    };
    let mut fields = at.fields()?;
    if let Some(value) = fields.find("fixed") {
        return read(&value).map(Choice::Fixed);
    }
    if let Some(values) = fields.find("cycle") {
        return values.list(read).map(Choice::Cycle);
    }
    let Some(values) = fields.find("drawn") else {
        let problem = Problem::new(ProblemCode::FieldVariant)
            .with("given", word)
            .with("expected", "fixed, cycle, drawn");
        return Err(at.refuse(problem));
    };
    let mut drawn = Vec::new();
    for item in values.items()? {
        let (value, weight) = item.pair()?;
        drawn.push((read(&value)?, weight.u32()?));
    }
    Ok(Choice::Drawn(drawn))
}

/// See [`read_choice`]. A table alone would read as the choice itself, so it is said to be fixed.
pub(super) fn write_choice<T>(choice: &Choice<T>, write: fn(&T) -> Json) -> Json {
    let object = |key, value: Json| JsonObject::new().with(key, value).into();
    match choice {
        Choice::Fixed(value) => match write(value) {
            table @ Json::Object(_) => object("fixed", table),
            plain => plain,
        },
        Choice::Cycle(values) => object("cycle", values.iter().map(write).collect()),
        Choice::Drawn(values) => {
            let values = values.iter();
            let pair = |(value, weight): &(T, u32)| vec![write(value), (*weight).into()].into();
            object("drawn", values.map(pair).collect())
        }
    }
}
