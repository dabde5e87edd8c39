//! A JSON value (RFC 8259), as files hold it.
//!
//! Objects are lists of fields in the order of the file: they have few fields, and people want them
//! back in their order. It is ours, and so is its reader ([`parse`](super::parse)), because the page
//! is downloaded: the readers one can have weigh more than ten kilobytes in it, serde_json's for its
//! tables of powers, those that read streams (struson) for all that they can besides. Deliberately
//! not here: reading ([`parse`](super::parse)) and writing ([`pretty`](super::pretty)).

use super::pretty::flat;
use crate::scenario::Problem;
use crate::types::{order_by, scientific, shortest};
use std::fmt;
use std::str::FromStr;

/// A JSON value. It is read by [`FromStr`] and written on one line by [`Display`](fmt::Display).
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(String),
    /// `[ .. ]`
    Array(Vec<Self>),
    /// `{ .. }`
    Object(JsonObject),
}

/// A number of JSON, kept so that it can be written as it was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number from zero on.
    Natural(u64),
    /// A whole number below zero.
    Negative(i64),
    /// Any other, and those too large for 64 bits; finite.
    Float(f64),
}

/// The fields of an object, in order, each key once.
#[derive(Debug, Clone, Default)]
pub struct JsonObject(Vec<(String, Json)>);

impl Json {
    /// The text, when it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// The number, when it is one.
    #[must_use]
    pub const fn as_number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Null | Self::Bool(_) | Self::String(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// The number nearest to it, when it is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number().map(Number::as_f64)
    }

    /// The values, when it is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(values) => Some(values),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Object(_) => {
                None
            }
        }
    }

    /// The fields, when it is an object.
    #[must_use]
    pub const fn as_object(&self) -> Option<&JsonObject> {
        match self {
            Self::Object(object) => Some(object),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Array(_) => None,
        }
    }

    /// The value of a field, when it is an object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }
}

impl Number {
    /// The number, when it is whole and from zero on.
    #[must_use]
    pub const fn as_u64(self) -> Option<u64> {
        match self {
            Self::Natural(whole) => Some(whole),
            Self::Negative(_) | Self::Float(_) => None,
        }
    }

    /// The number, when it is whole and fits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Self::Natural(whole) => i64::try_from(whole).ok(),
            Self::Negative(whole) => Some(whole),
            Self::Float(_) => None,
        }
    }

    /// The nearest double.
    #[must_use]
    pub const fn as_f64(self) -> f64 {
        match self {
            Self::Natural(whole) => whole as f64,
            Self::Negative(whole) => whole as f64,
            Self::Float(float) => float,
        }
    }
}

impl JsonObject {
    /// An object without fields.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of a field, when it is there.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        let field = self.0.iter().find(|(name, _)| name == key);
        field.map(|(_, value)| value)
    }

    /// Sets a field, in its place when it is there, else at the end.
    // Called for every field there is: its body stands once in the page, not at each of them.
    #[inline(never)]
    pub fn set(&mut self, key: &str, value: Json) {
        self.put(key.to_owned(), value);
    }

    fn put(&mut self, key: String, value: Json) {
        match self.0.iter_mut().find(|(name, _)| *name == key) {
            Some(field) => field.1 = value,
            None => self.0.push((key, value)),
        }
    }

    /// The same object with a field set.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Json>) -> Self {
        self.set(key, value.into());
        self
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Json)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// How many fields.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no fields.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The object of such fields; of a key that comes again, the first place and the last value.
    pub(super) fn of_fields(mut fields: Vec<(String, Json)>) -> Self {
        // Comparing each with each is quickest for few and hopeless for many.
        if fields.len() <= 16 {
            let mut object = Self(Vec::with_capacity(fields.len()));
            for (key, value) in fields {
                object.put(key, value);
            }
            return object;
        }
        let order = order_by(fields.len(), &|a, b| fields[a].0.cmp(&fields[b].0));
        // Equal ones stand in the order they came: the last value wanders to the first place.
        let mut again = vec![false; fields.len()];
        for pair in order.windows(2).rev() {
            if fields[pair[0]].0 == fields[pair[1]].0 {
                fields[pair[0]].1 = std::mem::take(&mut fields[pair[1]].1);
                again[pair[1]] = true;
            }
        }
        let mut again = again.into_iter();
        fields.retain(|_| again.next() == Some(false));
        Self(fields)
    }
}

/// Equal when they have the same fields, in whatever order.
impl PartialEq for JsonObject {
    fn eq(&self, other: &Self) -> bool {
        let mut pairs = self.0.iter().zip(&other.0);
        self.len() == other.len()
            && pairs.all(|(one, two)| one == two || other.get(&one.0) == Some(&one.1))
    }
}

impl FromIterator<(String, Json)> for JsonObject {
    /// Of a key that comes again, the first place and the last value.
    fn from_iter<I: IntoIterator<Item = (String, Json)>>(fields: I) -> Self {
        Self::of_fields(fields.into_iter().collect())
    }
}

impl From<JsonObject> for Json {
    fn from(object: JsonObject) -> Self {
        Self::Object(object)
    }
}

impl From<Vec<Self>> for Json {
    fn from(values: Vec<Self>) -> Self {
        Self::Array(values)
    }
}

impl FromIterator<Self> for Json {
    fn from_iter<I: IntoIterator<Item = Self>>(values: I) -> Self {
        Self::Array(values.into_iter().collect())
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Json {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<f64> for Json {
    /// JSON has no word for what is not finite: that becomes `null`.
    fn from(number: f64) -> Self {
        if number.is_finite() {
            Self::Number(Number::Float(number))
        } else {
            Self::Null
        }
    }
}

impl From<u64> for Json {
    fn from(whole: u64) -> Self {
        Self::Number(Number::Natural(whole))
    }
}

impl From<i64> for Json {
    fn from(whole: i64) -> Self {
        Self::Number(match u64::try_from(whole) {
            Ok(whole) => Number::Natural(whole),
            Err(_) => Number::Negative(whole),
        })
    }
}

macro_rules! from_whole {
    ($($narrow:ty)*) => {
        $(impl From<$narrow> for Json {
            fn from(whole: $narrow) -> Self {
                i64::from(whole).into()
            }
        })*
    };
}

from_whole! { u8 u16 u32 i32 }

impl<T: Into<Self>> From<Option<T>> for Json {
    /// `null` says that there is nothing.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl FromStr for Json {
    type Err = Problem;

    /// Reads a text within the limits of files.
    fn from_str(text: &str) -> Result<Self, Problem> {
        super::parse::json(text)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&flat(self))
    }
}

impl fmt::Display for Number {
    /// The shortest digits that read back to the bit, as the standard library writes floats for
    /// programmers: always with a point or an exponent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Natural(whole) => write!(f, "{whole}"),
            Self::Negative(whole) => write!(f, "{whole}"),
            Self::Float(float) => {
                let size = libm::fabs(*float);
                if size != 0.0 && !(1e-4..1e16).contains(&size) {
                    let text = scientific(*float);
                    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
                    let digits = digits.strip_suffix(".0").unwrap_or(digits);
                    write!(f, "{digits}e{power}")
                } else {
                    let digits = shortest(*float);
                    let point = if digits.contains('.') { "" } else { ".0" };
                    write!(f, "{digits}{point}")
                }
            }
        }
    }
}
