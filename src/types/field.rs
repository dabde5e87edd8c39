//! Field values and field tables: the typed arguments and headers of AMQP, in their wire order.
//!
//! Source: AMQP 0-9-1, 4.2.5.5, with RabbitMQ's type letters. Deliberately not here: which arguments
//! mean something; and the bytes on the wire.

use crate::types::{ShortText, order_by, power_of_ten};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

/// A decimal number: `value` with `scale` digits behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// Digits behind the point.
    pub scale: u8,
    /// All digits.
    pub value: u32,
}

impl Decimal {
    /// The number as a double.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        f64::from(self.value) / power_of_ten(i32::from(self.scale))
    }
}

/// A value in a field table; the letter is its type on the wire.
#[derive(Debug, Clone)]
pub enum FieldValue {
    /// `t`
    Bool(bool),
    /// `b`
    I8(i8),
    /// `B`
    U8(u8),
    /// `s`
    I16(i16),
    /// `u`
    U16(u16),
    /// `I`
    I32(i32),
    /// `i`
    U32(u32),
    /// `l`
    I64(i64),
    /// `f`
    F32(f32),
    /// `d`
    F64(f64),
    /// `D`
    Decimal(Decimal),
    /// `S`: octets, most often UTF-8.
    LongStr(Box<[u8]>),
    /// `A`
    Array(Vec<Self>),
    /// `T`: seconds since 1970.
    Timestamp(u64),
    /// `F`
    Table(FieldTable),
    /// `x`
    Bytes(Box<[u8]>),
    /// `V`
    Void,
}

impl FieldValue {
    /// A long string.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::LongStr(text.as_bytes().into())
    }

    /// The value as a whole number, whatever its width; booleans and strings are not numbers.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::I8(v) => Some(i64::from(*v)),
            Self::U8(v) => Some(i64::from(*v)),
            Self::I16(v) => Some(i64::from(*v)),
            Self::U16(v) => Some(i64::from(*v)),
            Self::I32(v) => Some(i64::from(*v)),
            Self::U32(v) => Some(i64::from(*v)),
            Self::I64(v) => Some(*v),
            Self::Bool(_)
            | Self::F32(_)
            | Self::F64(_)
            | Self::Decimal(_)
            | Self::LongStr(_)
            | Self::Array(_)
            | Self::Timestamp(_)
            | Self::Table(_)
            | Self::Bytes(_)
            | Self::Void => None,
        }
    }

    /// The value as text, when it is a long string of UTF-8.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::LongStr(octets) => std::str::from_utf8(octets).ok(),
            _ => None,
        }
    }

    /// The value as a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }
}

/// Two values are the same when type and content are the same; floats by their bits, so that a
/// binding that holds a NaN can still be found again.
impl PartialEq for FieldValue {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::I8(a), Self::I8(b)) => a == b,
            (Self::U8(a), Self::U8(b)) => a == b,
            (Self::I16(a), Self::I16(b)) => a == b,
            (Self::U16(a), Self::U16(b)) => a == b,
            (Self::I32(a), Self::I32(b)) => a == b,
            (Self::U32(a), Self::U32(b)) => a == b,
            (Self::I64(a), Self::I64(b)) => a == b,
            (Self::F32(a), Self::F32(b)) => a.to_bits() == b.to_bits(),
            (Self::F64(a), Self::F64(b)) => a.to_bits() == b.to_bits(),
            (Self::Decimal(a), Self::Decimal(b)) => a == b,
            (Self::LongStr(a), Self::LongStr(b)) | (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Timestamp(a), Self::Timestamp(b)) => a == b,
            (Self::Table(a), Self::Table(b)) => a == b,
            (Self::Void, Self::Void) => true,
            _ => false,
        }
    }
}

impl Eq for FieldValue {}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<bool> for FieldValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i32> for FieldValue {
    fn from(value: i32) -> Self {
        Self::I32(value)
    }
}

impl From<i64> for FieldValue {
    fn from(value: i64) -> Self {
        Self::I64(value)
    }
}

/// Names and values in the order they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldTable(Vec<(ShortText, FieldValue)>);

impl FieldTable {
    /// A table without entries.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// A table without entries, with room for `entries`.
    #[must_use]
    pub fn with_capacity(entries: usize) -> Self {
        Self(Vec::with_capacity(entries))
    }

    /// The value of `key`; of repeated keys, the first.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&FieldValue> {
        self.0
            .iter()
            .find(|(name, _)| name.as_str() == key)
            .map(|(_, value)| value)
    }

    /// Sets `key`, in its place when it is there, else at the end. A key longer than a short string
    /// is cut.
    pub fn set(&mut self, key: &str, value: impl Into<FieldValue>) {
        let value = value.into();
        match self.0.iter_mut().find(|(name, _)| name.as_str() == key) {
            Some(entry) => entry.1 = value,
            None => self.0.push((ShortText::truncated(key), value)),
        }
    }

    /// The same table with `key` set.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<FieldValue>) -> Self {
        self.set(key, value);
        self
    }

    /// Appends an entry as it came, even when the key is there already.
    pub fn push(&mut self, key: ShortText, value: FieldValue) {
        self.0.push((key, value));
    }

    /// Appends `key` with nothing, and gives the place of its value: to carry an entry from where it
    /// was made to the table costs more than to make it.
    pub fn begin(&mut self, key: ShortText) -> Option<&mut FieldValue> {
        let nothing = || (ShortText::default(), FieldValue::Void);
        self.0.resize_with(self.0.len() + 1, nothing);
        let (name, value) = self.0.last_mut()?;
        // What stands there is empty and need not be dropped.
        std::mem::forget(std::mem::replace(name, key));
        Some(value)
    }

    /// Takes `key` out, keeping the order of the rest.
    pub fn remove(&mut self, key: &str) -> Option<FieldValue> {
        let index = self.0.iter().position(|(name, _)| name.as_str() == key)?;
        Some(self.0.remove(index).1)
    }

    /// Entries in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&ShortText, &FieldValue)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// How many entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sorts entries by key, as RabbitMQ does with headers it rewrote.
    pub fn sort_by_key(&mut self) {
        if self.0.is_sorted_by(|a, b| a.0 <= b.0) {
            return;
        }
        let order = order_by(self.0.len(), &|a, b| self.0[a].0.cmp(&self.0[b].0));
        let mut entries: Vec<_> = self.0.drain(..).map(Some).collect();
        self.0
            .extend(order.into_iter().filter_map(|at| entries[at].take()));
    }
}

impl FromIterator<(ShortText, FieldValue)> for FieldTable {
    fn from_iter<I: IntoIterator<Item = (ShortText, FieldValue)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

// In documents a table is a JSON object and a value is what JSON can say: numbers widen to 64 bits,
// octets that are not UTF-8 lose what is not text. RabbitMQ's own definitions files do the same.
impl Serialize for FieldValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::F32(value) => serializer.serialize_f64(f64::from(*value)),
            Self::F64(value) => serializer.serialize_f64(*value),
            Self::Decimal(decimal) => serializer.serialize_f64(decimal.as_f64()),
            Self::LongStr(octets) | Self::Bytes(octets) => {
                serializer.serialize_str(&String::from_utf8_lossy(octets))
            }
            Self::Array(values) => {
                let mut array = serializer.serialize_seq(Some(values.len()))?;
                for value in values {
                    array.serialize_element(value)?;
                }
                array.end()
            }
            Self::Timestamp(seconds) => serializer.serialize_u64(*seconds),
            Self::Table(table) => table.serialize(serializer),
            Self::Void => serializer.serialize_unit(),
            Self::I8(_)
            | Self::U8(_)
            | Self::I16(_)
            | Self::U16(_)
            | Self::I32(_)
            | Self::U32(_)
            | Self::I64(_) => serializer.serialize_i64(self.as_integer().unwrap_or_default()),
        }
    }
}

impl Serialize for FieldTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self.iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}
