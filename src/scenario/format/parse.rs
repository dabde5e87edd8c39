//! From a text to a JSON value (RFC 8259), or to where and why it is none.
//!
//! Why it is ours is said in [`json`](super::json). What is wrong is said in serde_json's words, which
//! people know, and at its places; tests hold the two beside each other. The one extension is a
//! byte order mark before the text. Deliberately not here: what the values mean, and how digits
//! become a number ([`parse_number`]).

use super::json::{Json, JsonObject, Number};
use crate::scenario::Problem;
use crate::scenario::limits::{FILE_OCTETS_MAX, JSON_DEPTH_MAX};
use crate::scenario::locate::line_and_column;
use crate::types::{Phrase, ProblemCode, parse_number};

/// Parses any JSON within the limits.
pub(in crate::scenario) fn json(text: &str) -> Result<Json, Problem> {
    if text.len() > FILE_OCTETS_MAX {
        return Err(Problem::new(ProblemCode::FileTooLarge)
            .with("octets", text.len())
            .with("max", FILE_OCTETS_MAX));
    }
    // Some editors put a byte order mark before the text.
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    parse(body).map_err(|fault| fault.problem(body))
}

/// Parses the text of one value, with nothing but white space around it.
pub(in crate::scenario) fn parse(text: &str) -> Result<Json, Fault> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
    };
    let value = reader.value()?;
    match reader.next_word() {
        None => Ok(value),
        Some(_) => Err(reader.syntax(Phrase::JsonTrailing)),
    }
}

/// Why a text is no JSON, and the octet that makes it none.
#[derive(Debug)]
pub(in crate::scenario) struct Fault {
    kind: Kind,
    at: usize,
}

#[derive(Debug)]
enum Kind {
    Ends,
    Syntax(Phrase),
    TooDeep,
}

impl Fault {
    fn problem(&self, text: &str) -> Problem {
        let problem = match self.kind {
            Kind::Ends => Problem::new(ProblemCode::JsonEnds),
            Kind::Syntax(reason) => {
                Problem::new(ProblemCode::JsonSyntax).with_phrase("reason", reason)
            }
            Kind::TooDeep => Problem::new(ProblemCode::JsonTooDeep).with("max", JSON_DEPTH_MAX),
        };
        // A text that ends early is at fault in its last character.
        let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
        let (line, column) = line_and_column(text, self.at.min(last));
        problem.at_line(line, column)
    }
}

struct Reader<'a> {
    text: &'a str,
    /// The octets before have been read.
    at: usize,
    /// Objects and arrays around here.
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// What follows the white space here.
    fn next_word(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    /// The octet here does not fit, or there is none.
    fn syntax(&self, reason: Phrase) -> Fault {
        let kind = match self.peek() {
            Some(_) => Kind::Syntax(reason),
            None => Kind::Ends,
        };
        Fault { kind, at: self.at }
    }

    fn value(&mut self) -> Result<Json, Fault> {
        match self.next_word() {
            Some(b'{') => self.object().map(Json::Object),
            Some(b'[') => self.array().map(Json::Array),
            Some(b'"') => self.string().map(Json::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Json::Number),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(_) | None => Err(self.syntax(Phrase::JsonNoValue)),
        }
    }

    fn word(&mut self, word: &str, meaning: Json) -> Result<Json, Fault> {
        for octet in word.bytes() {
            if self.peek() != Some(octet) {
                return Err(self.syntax(Phrase::JsonNoWord));
            }
            self.at += 1;
        }
        Ok(meaning)
    }

    // --- objects and arrays ---

    fn object(&mut self) -> Result<JsonObject, Fault> {
        self.enter()?;
        let mut fields = Vec::new();
        while self.has_more(b'}', fields.is_empty(), Phrase::JsonNoCommaInObject)? {
            if self.peek() != Some(b'"') {
                return Err(self.syntax(Phrase::JsonKeyNoText));
            }
            let key = self.string()?;
            if self.next_word() != Some(b':') {
                return Err(self.syntax(Phrase::JsonNoColon));
            }
            self.at += 1;
            fields.push((key, self.value()?));
        }
        Ok(JsonObject::of_fields(fields))
    }

    fn array(&mut self) -> Result<Vec<Json>, Fault> {
        self.enter()?;
        let mut values = Vec::new();
        while self.has_more(b']', values.is_empty(), Phrase::JsonNoCommaInArray)? {
            values.push(self.value()?);
        }
        Ok(values)
    }

    /// Past an opening bracket, unless too many stand open.
    fn enter(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > JSON_DEPTH_MAX {
            let kind = Kind::TooDeep;
            return Err(Fault { kind, at: self.at });
        }
        self.at += 1;
        Ok(())
    }

    /// Stands before the next part of an object or array, or behind its closing bracket.
    fn has_more(&mut self, close: u8, first: bool, expected: Phrase) -> Result<bool, Fault> {
        match self.next_word() {
            Some(octet) if octet == close => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            Some(_) if first => Ok(true),
            Some(b',') => {
                self.at += 1;
                if self.next_word() == Some(close) {
                    return Err(self.syntax(Phrase::JsonTrailingComma));
                }
                Ok(true)
            }
            Some(_) | None => Err(self.syntax(expected)),
        }
    }

    // --- texts ---

    /// A text, from its first quotation mark on.
    fn string(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            let rest = self.text.as_bytes().get(start..).unwrap_or_default();
            let end = rest
                .iter()
                .position(|octet| matches!(octet, b'"' | b'\\' | ..b' '));
            self.at += end.unwrap_or(rest.len());
            // Both ends are at ASCII characters, hence between characters.
            text.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) | None => {
                    return Err(self.syntax(Phrase::JsonControl));
                }
            }
        }
    }

    /// The character of an escape, from its backslash on.
    fn escape(&mut self) -> Result<char, Fault> {
        self.at += 1;
        let character = match self.peek() {
            Some(b'u') => return self.escaped_code(),
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(_) | None => return Err(self.syntax(Phrase::JsonEscape)),
        };
        self.at += 1;
        Ok(character)
    }

    /// The character of a `\u` escape, from the `u` on; of two such when they are a surrogate pair.
    fn escaped_code(&mut self) -> Result<char, Fault> {
        let lone = Phrase::JsonLoneSurrogate;
        let mut code = self.hex()?;
        if let 0xd800..0xdc00 = code {
            for octet in [b'\\', b'u'] {
                if self.peek() != Some(octet) {
                    return Err(self.syntax(Phrase::JsonHalfPair));
                }
                self.at += 1;
            }
            self.at -= 1;
            let low = self.hex()?;
            let 0xdc00..0xe000 = low else {
                self.at -= 1;
                return Err(self.syntax(lone));
            };
            code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        // Only a lone surrogate is no character.
        char::from_u32(code).ok_or_else(|| {
            self.at -= 1;
            self.syntax(lone)
        })
    }

    /// The four digits behind a `u`.
    fn hex(&mut self) -> Result<u32, Fault> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|octet| char::from(octet).to_digit(16));
            let digit = digit.ok_or_else(|| self.syntax(Phrase::JsonEscape))?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    // --- numbers ---

    fn number(&mut self) -> Result<Number, Fault> {
        let start = self.at;
        let negative = self.take(b'-');
        let first = self.at;
        self.digits()?;
        if self.at > first + 1 && self.text.as_bytes().get(first) == Some(&b'0') {
            self.at = first + 1;
            return Err(self.syntax(Phrase::JsonNumber));
        }
        let whole_end = self.at;
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        if whole_end == self.at
            && let Some(whole) = whole(&self.text.as_bytes()[first..whole_end], negative)
        {
            return Ok(whole);
        }
        let number = parse_number(self.text.get(start..self.at).unwrap_or_default());
        number.map(Number::Float).ok_or_else(|| {
            self.at -= 1;
            self.syntax(Phrase::JsonNumberRange)
        })
    }

    fn take(&mut self, octet: u8) -> bool {
        let is_there = self.peek() == Some(octet);
        self.at += usize::from(is_there);
        is_there
    }

    /// Past one digit or more.
    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at > start {
            return Ok(());
        }
        Err(self.syntax(Phrase::JsonNumber))
    }
}

/// A whole number when it fits in 64 bits; minus zero is none.
fn whole(digits: &[u8], negative: bool) -> Option<Number> {
    let size = digits.iter().try_fold(0_u64, |size, digit| {
        size.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
    })?;
    if !negative {
        return Some(Number::Natural(size));
    }
    let below_zero = 0_i64.checked_sub_unsigned(size)?;
    (below_zero < 0).then_some(Number::Negative(below_zero))
}
