//! Regular expressions as permissions and policies are written with them.
//!
//! RabbitMQ matches with Erlang's `re`, which is PCRE over octets with Latin-1 letters. Only whether
//! a text matches is ever asked, so a pattern becomes a small program and a match is a search for a
//! way through it that never stands at the same instruction and octet twice: no pattern hangs.
//! Deliberately not here: what a match captures, and what only makes sense with it (references back,
//! possessive and atomic groups); a pattern with these cannot be read.

mod read;

#[cfg(test)]
mod tests;

use std::fmt;

/// Instructions of the largest program: repeats are written out.
const OPS_MAX: usize = 4096;
/// Instructions carried out before a match is given up as none, as PCRE does at its own limit. Only
/// conditions within conditions come near it.
const STEPS_MAX: usize = 1_000_000;

/// A regular expression that was read.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: Box<str>,
    ops: Box<[Op]>,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// Why a regular expression cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatternError {
    /// In front of which octet reading stopped.
    pub at: usize,
    /// In PCRE's words, where PCRE refuses it too.
    pub reason: &'static str,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.reason, self.at)
    }
}

impl std::error::Error for PatternError {}

/// A set of octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Octets([u32; 8]);

impl Octets {
    /// Pairs of the first and the last of a row.
    fn of(rows: &[u8]) -> Self {
        let mut set = Self::default();
        for row in rows.chunks_exact(2) {
            for octet in row[0]..=row[1] {
                set.insert(octet);
            }
        }
        set
    }

    const fn insert(&mut self, octet: u8) {
        self.0[(octet >> 5) as usize] |= 1 << (octet & 31);
    }

    const fn has(&self, octet: u8) -> bool {
        self.0[(octet >> 5) as usize] & 1 << (octet & 31) != 0
    }

    fn add(&mut self, other: &Self) {
        for (own, more) in self.0.iter_mut().zip(other.0) {
            *own |= more;
        }
    }

    fn inverted(&self) -> Self {
        Self(self.0.map(|bits| !bits))
    }
}

/// A condition on where one stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before everything.
    Start,
    /// The same, or behind a line feed that something follows.
    LineStart,
    /// Behind everything, or before a line feed that ends the text.
    End,
    /// Behind everything, or before a line feed.
    LineEnd,
    /// Behind everything.
    VeryEnd,
    /// Between a letter, digit or underscore and something else; or not so.
    WordEdge(bool),
}

/// An instruction; all ways are relative, so that a piece of program can be moved and repeated.
#[derive(Debug, Clone, Copy)]
enum Op {
    /// Takes one of these octets.
    One(Octets),
    /// Goes on when the place is right.
    At(Place),
    /// Goes on so many instructions ahead, or behind.
    Go(isize),
    /// Goes on with the next one, and as well so many ahead.
    Fork(isize),
    /// Goes on behind the next `size` instructions when they match from here, or up to here.
    Look {
        size: isize,
        behind: bool,
        wanted: bool,
    },
    /// Has matched.
    Done,
}

impl Pattern {
    /// Reads a regular expression.
    ///
    /// # Errors
    /// Where and why it cannot be read.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        let ops = read::read(text.as_bytes())?;
        let (text, ops) = (text.into(), ops.into());
        Ok(Self { text, ops })
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches whatever it is asked about: what people write for it.
    #[must_use]
    pub fn matches_all(&self) -> bool {
        matches!(self.as_str(), ".*" | "^.*")
    }

    /// Whether it matches somewhere in `text`. What takes too many steps matches nothing.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        let (ops, text) = (&*self.ops, text.as_bytes());
        let steps = STEPS_MAX;
        let mut search = Search { ops, text, steps };
        search.reaches(0, (0, text.len()), None)
    }
}

struct Search<'a> {
    ops: &'a [Op],
    text: &'a [u8],
    /// How many may still be carried out.
    steps: usize,
}

impl Search<'_> {
    /// Whether the program from `first` on gets to its end when it starts at one of these places, and
    /// does so at `end` when that matters.
    fn reaches(&mut self, first: usize, (low, high): (usize, usize), end: Option<usize>) -> bool {
        let width = self.text.len() + 1;
        let mut seen = vec![0u32; self.ops.len() * width / 32 + 1];
        let mut ways: Vec<(usize, usize)> = (low..=high).rev().map(|at| (first, at)).collect();
        self.steps = self.steps.saturating_sub(seen.len());
        while let Some((op, at)) = ways.pop() {
            let (word, bit) = ((op * width + at) / 32, 1 << ((op * width + at) % 32));
            if seen[word] & bit != 0 {
                continue;
            }
            seen[word] |= bit;
            if self.steps == 0 {
                return false;
            }
            self.steps -= 1;
            let mut go = |ahead: isize, at| ways.push((op.wrapping_add_signed(ahead), at));
            match self.ops[op] {
                Op::Done if end.is_none_or(|end| end == at) => return true,
                Op::Done => {}
                Op::One(set) => {
                    if self.text.get(at).is_some_and(|octet| set.has(*octet)) {
                        go(1, at + 1);
                    }
                }
                Op::At(place) => {
                    if self.is_at(place, at) {
                        go(1, at);
                    }
                }
                Op::Go(ahead) => go(ahead, at),
                Op::Fork(ahead) => {
                    go(ahead, at);
                    go(1, at);
                }
                Op::Look {
                    size,
                    behind,
                    wanted,
                } => {
                    let (from, end) = if behind { (0, Some(at)) } else { (at, None) };
                    if self.reaches(op + 1, (from, at), end) == wanted {
                        go(size + 1, at);
                    }
                }
            }
        }
        false
    }

    fn is_at(&self, place: Place, at: usize) -> bool {
        let rest = &self.text[at..];
        let before = at.checked_sub(1).map(|before| self.text[before]);
        match place {
            Place::Start => at == 0,
            Place::LineStart => at == 0 || (before == Some(b'\n') && !rest.is_empty()),
            Place::End => matches!(rest, [] | [b'\n']),
            Place::LineEnd => matches!(rest, [] | [b'\n', ..]),
            Place::VeryEnd => rest.is_empty(),
            Place::WordEdge(wanted) => {
                let word = |octet: Option<u8>| octet.is_some_and(is_word);
                (word(before) != word(rest.first().copied())) == wanted
            }
        }
    }
}

/// A letter of Latin-1, a digit or an underscore.
const fn is_word(octet: u8) -> bool {
    octet.is_ascii_alphanumeric()
        || matches!(octet, b'_' | 0xaa | 0xb5 | 0xba | 0xc0..=0xd6 | 0xd8..=0xf6 | 0xf8..)
}

/// The same letter in the other case.
const fn other_case(octet: u8) -> u8 {
    match octet {
        b'A'..=b'Z' | b'a'..=b'z' | 0xc0..=0xd6 | 0xd8..=0xde | 0xe0..=0xf6 | 0xf8..=0xfe => {
            octet ^ 0x20
        }
        _ => octet,
    }
}
