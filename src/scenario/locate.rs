//! From a path in a JSON text to its line and column, so that an error can say where it is.
//!
//! A reader that keeps places for everything would slow every opening down; this walks the text
//! only once something is wrong. It expects text that has been parsed before. Deliberately not
//! here: the parsing.

use super::format::parse;
use std::fmt;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Into an object.
    Key(String),
    /// Into an array.
    Index(usize),
}

/// A path into a JSON text: `queues[3].arguments.x-message-ttl`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Path(Vec<Step>);

impl Path {
    pub(super) fn key(&self, key: &str) -> Self {
        let mut path = self.clone();
        path.0.push(Step::Key(key.to_owned()));
        path
    }

    pub(super) fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.0.push(Step::Index(index));
        path
    }

    /// The path `more` below this one.
    pub(super) fn below(&self, more: &Self) -> Self {
        let mut path = self.clone();
        path.0.extend_from_slice(&more.0);
        path
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if number == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Line and column, from 1, of the value at `path`; of the nearest value around it when there is
/// none. Columns count characters.
pub(super) fn locate(text: &str, path: &Path) -> (u32, u32) {
    let mut walk = Walk {
        octets: text.as_bytes(),
        at: 0,
    };
    walk.space();
    for step in &path.0 {
        let before = walk.at;
        let found = match step {
            Step::Key(key) => walk.enter_object(key),
            Step::Index(index) => walk.enter_array(*index),
        };
        if found.is_none() {
            walk.at = before;
            break;
        }
    }
    line_and_column(text, walk.at)
}

/// Line and column, from 1, of an octet offset.
pub(super) fn line_and_column(text: &str, offset: usize) -> (u32, u32) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before[start..].chars().count() + 1;
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    (narrow(line), narrow(column))
}

struct Walk<'a> {
    octets: &'a [u8],
    at: usize,
}

impl Walk<'_> {
    fn peek(&self) -> Option<u8> {
        self.octets.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn take(&mut self, octet: u8) -> Option<()> {
        self.space();
        if self.peek() == Some(octet) {
            self.at += 1;
            self.space();
            Some(())
        } else {
            None
        }
    }

    /// Stands before the value of `key`; of repeated keys the last, which is the one that counts.
    fn enter_object(&mut self, key: &str) -> Option<()> {
        self.take(b'{')?;
        let mut found = None;
        while self.peek()? == b'"' {
            let start = self.at;
            self.skip_text();
            let here = std::str::from_utf8(self.octets.get(start..self.at)?).ok()?;
            let name = parse(here).ok()?;
            self.take(b':')?;
            if name.as_str() == Some(key) {
                found = Some(self.at);
            }
            self.skip_value();
            if self.take(b',').is_none() {
                break;
            }
        }
        self.at = found?;
        Some(())
    }

    fn enter_array(&mut self, index: usize) -> Option<()> {
        self.take(b'[')?;
        for _ in 0..index {
            self.skip_value();
            self.take(b',')?;
        }
        Some(())
    }

    fn skip_text(&mut self) {
        self.at += 1;
        while let Some(octet) = self.peek() {
            self.at += 1;
            match octet {
                b'\\' => self.at += 1,
                b'"' => return,
                _ => {}
            }
        }
    }

    /// Past a whole value, without recursion: text is skipped, brackets are counted.
    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        while let Some(octet) = self.peek() {
            match octet {
                b'"' => {
                    self.skip_text();
                    if depth == 0 {
                        return;
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' | b',' if depth == 0 => return,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return;
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}
