//! How distributions and choices look in JSON: the plain value where it can be plain.
//!
//! Deliberately not here: the rest of the format ([`format`](super::format)).

use super::{Choice, Distribution};
use crate::types::SimDuration;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// A number in a document; its unit decides how it is written.
trait Number: Serialize + DeserializeOwned + Copy {
    const EXPECTED: &'static str;
    fn from_plain(plain: f64) -> Self;
    fn from_text(text: &str) -> Option<Self>;
    fn plain(self) -> f64;
}

/// Seconds, written `250ms` where that says it exactly, else as a number.
#[derive(Clone, Copy)]
struct Seconds(f64);

/// Anything counted, written as a number.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(transparent)]
struct Amount(f64);

impl Number for Seconds {
    const EXPECTED: &'static str = "a time such as \"250ms\", or an object with \"distribution\"";
    fn from_plain(plain: f64) -> Self {
        Self(plain)
    }
    fn from_text(text: &str) -> Option<Self> {
        let span: SimDuration = text.parse().ok()?;
        Some(Self(span.as_secs_f64()))
    }
    fn plain(self) -> f64 {
        self.0
    }
}

impl Number for Amount {
    const EXPECTED: &'static str = "a number, or an object with \"distribution\"";
    fn from_plain(plain: f64) -> Self {
        Self(plain)
    }
    fn from_text(_: &str) -> Option<Self> {
        None
    }
    fn plain(self) -> f64 {
        self.0
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let span = SimDuration::from_secs_f64(self.0);
        if span.as_secs_f64().to_bits() == self.0.to_bits() {
            span.serialize(serializer)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor(PhantomData))
    }
}

struct NumberVisitor<N>(PhantomData<N>);

impl Visitor<'_> for NumberVisitor<Seconds> {
    type Value = Seconds;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time such as \"250ms\"")
    }

    fn visit_f64<E>(self, value: f64) -> Result<Seconds, E> {
        Ok(Seconds(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Seconds, E> {
        Ok(Seconds(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Seconds, E> {
        Ok(Seconds(value as f64))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Seconds, E> {
        text.parse::<SimDuration>()
            .map(|span| Seconds(span.as_secs_f64()))
            .map_err(E::custom)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(
    tag = "distribution",
    rename_all = "kebab-case",
    deny_unknown_fields,
    bound = "N: Number"
)]
enum Twin<N: Number> {
    Fixed { value: N },
    Uniform { min: N, max: N },
    Exponential { mean: N },
    Lognormal { mean: N, deviation: N },
}

impl<N: Number> From<Twin<N>> for Distribution {
    fn from(twin: Twin<N>) -> Self {
        match twin {
            Twin::Fixed { value } => Self::Fixed {
                value: value.plain(),
            },
            Twin::Uniform { min, max } => Self::Uniform {
                min: min.plain(),
                max: max.plain(),
            },
            Twin::Exponential { mean } => Self::Exponential { mean: mean.plain() },
            Twin::Lognormal { mean, deviation } => Self::Lognormal {
                mean: mean.plain(),
                deviation: deviation.plain(),
            },
        }
    }
}

struct DistributionVisitor<N>(PhantomData<N>);

impl<'de, N: Number> Visitor<'de> for DistributionVisitor<N> {
    type Value = Distribution;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(N::EXPECTED)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Distribution, E> {
        Ok(Distribution::Fixed { value })
    }

    fn visit_u64<E>(self, value: u64) -> Result<Distribution, E> {
        Ok(Distribution::Fixed {
            value: value as f64,
        })
    }

    fn visit_i64<E>(self, value: i64) -> Result<Distribution, E> {
        Ok(Distribution::Fixed {
            value: value as f64,
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Distribution, E> {
        N::from_text(text)
            .map(|value| Distribution::Fixed {
                value: value.plain(),
            })
            .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Distribution, A::Error> {
        Twin::<N>::deserialize(MapAccessDeserializer::new(map)).map(Into::into)
    }
}

fn write<N: Number, S: Serializer>(
    distribution: Distribution,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let twin = match distribution {
        Distribution::Fixed { value } => return N::from_plain(value).serialize(serializer),
        Distribution::Uniform { min, max } => Twin::Uniform {
            min: N::from_plain(min),
            max: N::from_plain(max),
        },
        Distribution::Exponential { mean } => Twin::Exponential {
            mean: N::from_plain(mean),
        },
        Distribution::Lognormal { mean, deviation } => Twin::Lognormal {
            mean: N::from_plain(mean),
            deviation: N::from_plain(deviation),
        },
    };
    twin.serialize(serializer)
}

macro_rules! written_as {
    ($(#[$doc:meta])* $module:ident, $number:ident) => {
        $(#[$doc])*
        pub(super) mod $module {
            use super::*;

            pub(in crate::scenario) fn serialize<S: Serializer>(
                distribution: &Distribution,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                write::<$number, S>(*distribution, serializer)
            }

            pub(in crate::scenario) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Distribution, D::Error> {
                deserializer.deserialize_any(DistributionVisitor::<$number>(PhantomData))
            }
        }
    };
}

written_as! {
    /// A distribution of times.
    seconds, Seconds
}
written_as! {
    /// A distribution of anything counted.
    amount, Amount
}

impl<T: Serialize> Serialize for Choice<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "kebab-case")]
        enum Tagged<'a, T> {
            Fixed(&'a T),
            Cycle(&'a Vec<T>),
            Drawn(&'a Vec<(T, u32)>),
        }
        match self {
            Self::Fixed(value) => {
                let json = serde_json::to_value(value).map_err(serde::ser::Error::custom)?;
                if json.is_object() {
                    Tagged::Fixed(value).serialize(serializer)
                } else {
                    json.serialize(serializer)
                }
            }
            Self::Cycle(values) => Tagged::Cycle(values).serialize(serializer),
            Self::Drawn(values) => Tagged::Drawn(values).serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Choice<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "kebab-case")]
        enum Tagged<T> {
            Fixed(T),
            Cycle(Vec<T>),
            Drawn(Vec<(T, u32)>),
        }
        let json = serde_json::Value::deserialize(deserializer)?;
        if json.is_object() {
            let tagged: Tagged<T> = serde_json::from_value(json).map_err(D::Error::custom)?;
            return Ok(match tagged {
                Tagged::Fixed(value) => Self::Fixed(value),
                Tagged::Cycle(values) => Self::Cycle(values),
                Tagged::Drawn(values) => Self::Drawn(values),
            });
        }
        let value = serde_json::from_value(json).map_err(D::Error::custom)?;
        Ok(Self::Fixed(value))
    }
}
