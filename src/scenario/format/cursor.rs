//! A value of a file that knows its place: what all reading of files stands on.
//!
//! A text is parsed once, into a [`Json`]; everything after that is asked of a cursor, which
//! builds the path to its value only when something is wrong. Nothing here is generic over what
//! is read but the few lines that hand a field on, so that a new field costs the page little.
//! Deliberately not here: which fields there are, and lines and columns
//! ([`locate`](crate::scenario::locate)).

use super::json::{Json, JsonObject, Number};
use super::pretty::flat;
use crate::scenario::Problem;
use crate::scenario::limits::NAME_OCTETS_MAX;
use crate::scenario::locate::Path;
use crate::types::{
    BindingKey, FieldTable, FieldValue, NameTooLong, Phrase, ProblemCode, ShortText, SimDuration,
    VhostName,
};

/// How much of a value that does not fit is repeated, in characters.
const SHOWN_CHARS_MAX: usize = 60;

/// What was read, or why it could not be. The refusal is boxed, so that results stay small.
pub(in crate::scenario) type Read<T> = Result<T, Box<Refusal>>;

/// A problem and the path of the value that has it.
#[derive(Debug)]
pub(in crate::scenario) struct Refusal {
    pub(in crate::scenario) path: Path,
    pub(in crate::scenario) problem: Problem,
}

/// A value and where it stands.
pub(in crate::scenario) struct Cursor<'a> {
    value: &'a Json,
    /// The value around this one and the way from it; nothing for the whole file.
    way: Option<(&'a Self, Step<'a>)>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Cursor<'a> {
    /// The whole of a file.
    pub(in crate::scenario) const fn top(value: &'a Json) -> Self {
        Self { value, way: None }
    }

    pub(in crate::scenario) const fn value(&self) -> &'a Json {
        self.value
    }

    pub(in crate::scenario) fn path(&self) -> Path {
        match self.way {
            None => Path::default(),
            Some((around, Step::Key(key))) => around.path().key(key),
            Some((around, Step::Index(index))) => around.path().index(index),
        }
    }

    // --- refusing ---

    pub(in crate::scenario) fn refuse(&self, problem: Problem) -> Box<Refusal> {
        let path = self.path();
        Box::new(Refusal { path, problem })
    }

    /// A problem whose own path, if it has one, begins at this value.
    pub(in crate::scenario) fn refuse_within(&self, problem: Problem) -> Box<Refusal> {
        let mut path = self.path();
        for key in problem.place.path.split('.').filter(|key| !key.is_empty()) {
            path = path.key(key);
        }
        Box::new(Refusal { path, problem })
    }

    /// The value is not what is expected here.
    pub(in crate::scenario) fn mismatch(&self, expected: Phrase) -> Box<Refusal> {
        self.refuse(self.not_expected(expected))
    }

    fn not_expected(&self, expected: Phrase) -> Problem {
        wrong(Phrase::NotExpected)
            .with("given", shown(self.value))
            .with_phrase("expected", expected)
    }

    /// The word is none of those that may stand here.
    pub(in crate::scenario) fn none_of(&self, words: &[&str]) -> Box<Refusal> {
        self.refuse(
            Problem::new(ProblemCode::FieldVariant)
                .with("given", self.value.as_str().unwrap_or_default())
                .with("expected", words.join(", ")),
        )
    }

    // --- going in ---

    /// The fields of an object.
    pub(in crate::scenario) fn fields(&'a self) -> Read<Fields<'a>> {
        match self.value {
            Json::Object(map) => Ok(Fields {
                cursor: self,
                map,
                asked: Vec::with_capacity(map.len() + 8),
            }),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                Err(self.mismatch(Phrase::Object))
            }
        }
    }

    /// The values of an array.
    pub(in crate::scenario) fn items(&'a self) -> Read<impl ExactSizeIterator<Item = Self>> {
        let Json::Array(values) = self.value else {
            return Err(self.mismatch(Phrase::Array));
        };
        Ok(values.iter().enumerate().map(|(index, value)| Self {
            value,
            way: Some((self, Step::Index(index))),
        }))
    }

    /// Every value of an array, each read alike.
    pub(in crate::scenario) fn list<T>(&'a self, read: fn(&Self) -> Read<T>) -> Read<Vec<T>> {
        let items = self.items()?;
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            values.push(read(&item)?);
        }
        Ok(values)
    }

    /// The two values of an array of two.
    pub(in crate::scenario) fn pair(&'a self) -> Read<(Self, Self)> {
        let Json::Array(values) = self.value else {
            return Err(self.mismatch(Phrase::Pair));
        };
        let [first, second] = values.as_slice() else {
            let problem = wrong(Phrase::WrongLength)
                .with("length", values.len())
                .with_phrase("expected", Phrase::Pair);
            return Err(self.refuse(problem));
        };
        let at = |value, index| Self {
            value,
            way: Some((self, Step::Index(index))),
        };
        Ok((at(first, 0), at(second, 1)))
    }

    // --- plain values ---

    pub(in crate::scenario) fn text(&self) -> Read<&'a str> {
        self.value
            .as_str()
            .ok_or_else(|| self.mismatch(Phrase::Text))
    }

    pub(in crate::scenario) fn owned_text(&self) -> Read<String> {
        self.text().map(str::to_owned)
    }

    pub(in crate::scenario) fn flag(&self) -> Read<bool> {
        match self.value {
            Json::Bool(flag) => Ok(*flag),
            Json::Null | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
                Err(self.mismatch(Phrase::Flag))
            }
        }
    }

    pub(in crate::scenario) fn number(&self) -> Read<f64> {
        self.value
            .as_f64()
            .ok_or_else(|| self.mismatch(Phrase::Number))
    }

    pub(in crate::scenario) fn u64(&self) -> Read<u64> {
        let number = self.value.as_number().and_then(Number::as_u64);
        number.ok_or_else(|| self.refuse(self.not_expected(Phrase::WholeNumberFrom).with("min", 0)))
    }

    fn whole(&self) -> Option<i64> {
        self.value.as_number().and_then(Number::as_i64)
    }

    pub(in crate::scenario) fn u32(&self) -> Read<u32> {
        let number = self.whole().and_then(|n| u32::try_from(n).ok());
        number.ok_or_else(|| self.no_whole_number(0, u32::MAX.into()))
    }

    pub(in crate::scenario) fn u16(&self) -> Read<u16> {
        let number = self.whole().and_then(|n| u16::try_from(n).ok());
        number.ok_or_else(|| self.no_whole_number(0, u16::MAX.into()))
    }

    pub(in crate::scenario) fn u8(&self) -> Read<u8> {
        let number = self.whole().and_then(|n| u8::try_from(n).ok());
        number.ok_or_else(|| self.no_whole_number(0, u8::MAX.into()))
    }

    pub(in crate::scenario) fn i32(&self) -> Read<i32> {
        let number = self.whole().and_then(|n| i32::try_from(n).ok());
        number.ok_or_else(|| self.no_whole_number(i32::MIN.into(), i32::MAX.into()))
    }

    /// A whole number outside the range, or no whole number.
    fn no_whole_number(&self, min: i64, max: i64) -> Box<Refusal> {
        let problem = self.not_expected(Phrase::WholeNumber);
        self.refuse(problem.with("min", min).with("max", max))
    }

    /// What stands here; `null` says that there is nothing.
    pub(in crate::scenario) fn optional<T>(&self, read: fn(&Self) -> Read<T>) -> Read<Option<T>> {
        if *self.value == Json::Null {
            return Ok(None);
        }
        read(self).map(Some)
    }

    /// What the word that stands here means.
    pub(in crate::scenario) fn one_of<T: Copy>(&self, words: &[(&str, T)]) -> Read<T> {
        let text = self.text()?;
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, meaning)) => Ok(*meaning),
            None => {
                let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                Err(self.none_of(&words))
            }
        }
    }

    pub(in crate::scenario) fn span(&self) -> Read<SimDuration> {
        let span = self.text()?.parse::<SimDuration>();
        span.map_err(|_| self.mismatch(Phrase::Time))
    }

    // --- names and tables ---

    pub(in crate::scenario) fn vhost(&self) -> Read<VhostName> {
        VhostName::new(self.text()?).map_err(|error| self.too_long(&error))
    }

    pub(in crate::scenario) fn binding_key(&self) -> Read<BindingKey> {
        BindingKey::new(self.text()?).map_err(|error| self.too_long(&error))
    }

    fn too_long(&self, error: &NameTooLong) -> Box<Refusal> {
        self.refuse(too_long(Problem::new(ProblemCode::FieldWrong), error))
    }

    /// Whole numbers become 64-bit integers, other numbers doubles: JSON says no more.
    pub(in crate::scenario) fn field_value(&self) -> Read<FieldValue> {
        Ok(match self.value {
            Json::Null => FieldValue::Void,
            Json::Bool(flag) => FieldValue::Bool(*flag),
            Json::Number(Number::Float(float)) => FieldValue::F64(*float),
            Json::Number(number) => {
                FieldValue::I64(number.as_i64().ok_or_else(|| {
                    self.refuse(wrong(Phrase::NumberTooWide).with("given", number))
                })?)
            }
            Json::String(text) => FieldValue::text(text),
            Json::Array(_) => FieldValue::Array(self.list(Cursor::field_value)?),
            Json::Object(_) => FieldValue::Table(self.table()?),
        })
    }

    pub(in crate::scenario) fn table(&self) -> Read<FieldTable> {
        let map = match self.value {
            Json::Object(map) => map,
            // Old RabbitMQ versions write an empty table as an empty array.
            Json::Array(values) if values.is_empty() => return Ok(FieldTable::new()),
            Json::Array(_) | Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                return Err(self.mismatch(Phrase::Arguments));
            }
        };
        let mut table = FieldTable::new();
        for (key, value) in map.iter() {
            let at = Cursor {
                value,
                way: Some((self, Step::Key(key))),
            };
            let name = ShortText::new(key).map_err(|error| at.too_long(&error))?;
            table.push(name, at.field_value()?);
        }
        Ok(table)
    }
}

/// The fields of an object. What was asked for is remembered, so that [`finish`](Self::finish)
/// can refuse what nobody asked for.
pub(in crate::scenario) struct Fields<'a> {
    cursor: &'a Cursor<'a>,
    map: &'a JsonObject,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The object they are of.
    pub(in crate::scenario) const fn object(&self) -> &'a Cursor<'a> {
        self.cursor
    }

    /// The field, when it is there.
    pub(in crate::scenario) fn find(&mut self, key: &'static str) -> Option<Cursor<'a>> {
        self.asked.push(key);
        let value = self.map.get(key)?;
        let way = Some((self.cursor, Step::Key(key)));
        Some(Cursor { value, way })
    }

    /// The field, which must be there.
    pub(in crate::scenario) fn need(&mut self, key: &'static str) -> Read<Cursor<'a>> {
        self.find(key).ok_or_else(|| {
            let problem = Problem::new(ProblemCode::FieldMissing).with("field", key);
            self.cursor.refuse(problem)
        })
    }

    /// Reads the field into `target`, which else keeps what it has.
    pub(in crate::scenario) fn set<T>(
        &mut self,
        key: &'static str,
        target: &mut T,
        read: fn(&Cursor<'a>) -> Read<T>,
    ) -> Read<()> {
        if let Some(field) = self.find(key) {
            *target = read(&field)?;
        }
        Ok(())
    }

    /// Refuses the first field that nobody asked for.
    pub(in crate::scenario) fn finish(self) -> Read<()> {
        let mut fields = self.map.iter();
        let Some((key, _)) = fields.find(|(key, _)| !self.asked.contains(key)) else {
            return Ok(());
        };
        let problem = Problem::new(ProblemCode::FieldUnknown)
            .with("field", key)
            .with("expected", self.asked.join(", "));
        let path = self.cursor.path().key(key);
        Err(Box::new(Refusal { path, problem }))
    }
}

fn wrong(reason: Phrase) -> Problem {
    Problem::new(ProblemCode::FieldWrong).with_phrase("reason", reason)
}

/// A problem whose reason is a name of too many octets.
pub(in crate::scenario) fn too_long(problem: Problem, error: &NameTooLong) -> Problem {
    problem
        .with_phrase("reason", Phrase::NameTooLong)
        .with("octets", error.octets)
        .with("max", NAME_OCTETS_MAX)
}

/// What stands there as JSON, cut where it is long.
pub(in crate::scenario) fn shown(value: &Json) -> String {
    let whole = flat(value);
    match whole.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{} …", whole.get(..end).unwrap_or_default()),
        None => whole,
    }
}
