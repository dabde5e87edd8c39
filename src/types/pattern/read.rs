//! From the text of a regular expression to a program.
//!
//! What is refused, and in which words, is PCRE 8's, as Erlang gives it. Deliberately not here: how a
//! program matches.

use super::{OPS_MAX, Octets, Op, PatternError, Place, is_word, other_case};

/// Groups within groups.
const DEPTH_MAX: usize = 100;
/// PCRE's largest count of repeats.
const REPEATS_MAX: usize = 65_535;
/// As often as one likes.
const ENDLESS: usize = usize::MAX;

const NOT_HERE: &str = "this kind of expression is not supported";
const NOTHING: &str = "nothing to repeat";
const NO_BRACKET: &str = "missing terminating ] for character class";
const RANGE: &str = "invalid range in character class";
const LARGE: &str = "regular expression is too large";

const DIGIT: &[u8] = b"09";
const SPACE: &[u8] = b"\t\r  ";
const WORD: &[u8] = b"09AZ__az\xaa\xaa\xb5\xb5\xba\xba\xc0\xd6\xd8\xf6\xf8\xff";

/// Classes with a name of their own, with the letters of Latin-1.
const CLASSES: [(&[u8], &[u8]); 13] = [
    (b"digit", DIGIT),
    (b"space", SPACE),
    (b"word", WORD),
    (
        b"alpha",
        b"AZaz\xaa\xaa\xb5\xb5\xba\xba\xc0\xd6\xd8\xf6\xf8\xff",
    ),
    (
        b"alnum",
        b"09AZaz\xaa\xaa\xb5\xb5\xba\xba\xc0\xd6\xd8\xf6\xf8\xff",
    ),
    (b"upper", b"AZ\xc0\xd6\xd8\xde"),
    (b"lower", b"az\xaa\xaa\xb5\xb5\xba\xba\xdf\xf6\xf8\xff"),
    (b"blank", b"\t\t  "),
    (b"xdigit", b"09AFaf"),
    (
        b"punct",
        b"!/:@[`{~\xa0\xa9\xab\xb4\xb6\xb9\xbb\xbf\xd7\xd7\xf7\xf7",
    ),
    (b"graph", b"!~\xa0\xff"),
    (b"print", b" ~\xa0\xff"),
    (b"cntrl", b"\0\x1f\x7f\x9f"),
];

/// Letters that mean more behind a backslash than is understood here.
const UNKNOWN_ESCAPES: &[u8] = b"123456789cCEgGHkKlLNopPQRuUvVX";

/// Which letters `(?...)` set: case counts not, `^` and `$` at lines, `.` takes line feeds.
#[derive(Clone, Copy, Default)]
struct Flags {
    case: bool,
    lines: bool,
    all: bool,
}

/// What stands behind a backslash.
enum Escape {
    Octet(u8),
    Set(Octets),
    Place(Place),
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
    flags: Flags,
    ops: Vec<Op>,
}

/// The program of a regular expression.
pub(super) fn read(text: &[u8]) -> Result<Vec<Op>, PatternError> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        flags: Flags::default(),
        ops: Vec::new(),
    };
    reader.alternatives()?;
    if reader.at < text.len() {
        return reader.refuse("unmatched parentheses");
    }
    reader.ops.push(Op::Done);
    Ok(reader.ops)
}

impl Reader<'_> {
    fn refuse<T>(&self, reason: &'static str) -> Result<T, PatternError> {
        let at = self.at;
        Err(PatternError { at, reason })
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self, without: &'static str) -> Result<u8, PatternError> {
        let Some(octet) = self.peek() else {
            return self.refuse(without);
        };
        self.at += 1;
        Ok(octet)
    }

    fn take(&mut self, text: &str) -> bool {
        let taken = self.text[self.at..].starts_with(text.as_bytes());
        if taken {
            self.at += text.len();
        }
        taken
    }

    /// `...|...|...` up to a closing parenthesis or the end.
    fn alternatives(&mut self) -> Result<(), PatternError> {
        let mut ends = Vec::new();
        loop {
            let start = self.ops.len();
            self.sequence()?;
            if !self.take("|") {
                break;
            }
            let size = self.ops.len() - start;
            self.ops.insert(start, Op::Fork(size as isize + 2));
            ends.push(self.ops.len());
            self.ops.push(Op::Go(0));
        }
        let behind = self.ops.len();
        for end in ends {
            self.ops[end] = Op::Go((behind - end) as isize);
        }
        Ok(())
    }

    fn sequence(&mut self) -> Result<(), PatternError> {
        while let Some(octet) = self.peek().filter(|octet| !matches!(octet, b'|' | b')')) {
            let start = self.ops.len();
            let repeatable = self.atom(octet)?;
            if let Some((least, most)) = self.quantifier()? {
                if !repeatable {
                    self.at -= 1;
                    return self.refuse(NOTHING);
                }
                self.repeat(start, least, most)?;
            }
            if self.ops.len() > OPS_MAX {
                return self.refuse(LARGE);
            }
        }
        Ok(())
    }

    /// One piece; says whether it may be repeated.
    fn atom(&mut self, octet: u8) -> Result<bool, PatternError> {
        if octet == b'{' && self.quantifier()?.is_some() {
            self.at -= 1;
            return self.refuse(NOTHING);
        }
        if matches!(octet, b'*' | b'+' | b'?') {
            return self.refuse(NOTHING);
        }
        self.at += 1;
        let lines = self.flags.lines;
        let op = match octet {
            b'.' => {
                let all = self.flags.all;
                let line_feed: &[u8] = if all { b"" } else { b"\n\n" };
                Op::One(Octets::of(line_feed).inverted())
            }
            b'^' if lines => Op::At(Place::LineStart),
            b'^' => Op::At(Place::Start),
            b'$' if lines => Op::At(Place::LineEnd),
            b'$' => Op::At(Place::End),
            b'[' => Op::One(self.class()?),
            b'(' => return self.group(),
            b'\\' => match self.escape()? {
                Escape::Octet(octet) => Op::One(self.literal(octet)),
                Escape::Set(set) => Op::One(set),
                Escape::Place(place) => Op::At(place),
            },
            octet => Op::One(self.literal(octet)),
        };
        self.ops.push(op);
        Ok(matches!(op, Op::One(_)))
    }

    /// An octet, in both cases where case does not count.
    fn literal(&self, octet: u8) -> Octets {
        let mut set = Octets::default();
        set.insert(octet);
        if self.flags.case {
            set.insert(other_case(octet));
        }
        set
    }

    /// `*`, `+`, `?`, `{m}`, `{m,}`, `{m,n}`; a brace that is none of these stands for itself.
    fn quantifier(&mut self) -> Result<Option<(usize, usize)>, PatternError> {
        let bounds = match self.peek() {
            Some(b'*') => (0, ENDLESS),
            Some(b'+') => (1, ENDLESS),
            Some(b'?') => (0, 1),
            Some(b'{') => {
                let start = self.at;
                self.at += 1;
                let least = self.number()?;
                let most = match (least, self.take(",")) {
                    (_, false) => least,
                    (_, true) => Some(self.number()?.unwrap_or(ENDLESS)),
                };
                let (Some(least), Some(most), Some(b'}')) = (least, most, self.peek()) else {
                    self.at = start;
                    return Ok(None);
                };
                if most < least {
                    return self.refuse("numbers out of order in {} quantifier");
                }
                (least, most)
            }
            Some(_) | None => return Ok(None),
        };
        self.at += 1;
        // Whether it takes as little or as much as it can does not change whether it matches.
        if !self.take("?") && self.peek() == Some(b'+') {
            return self.refuse(NOT_HERE);
        }
        Ok(Some(bounds))
    }

    fn number(&mut self) -> Result<Option<usize>, PatternError> {
        let mut number = None;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            let value = number.unwrap_or(0) * 10 + usize::from(digit - b'0');
            if value > REPEATS_MAX {
                self.at += 1;
                return self.refuse("number too big in {} quantifier");
            }
            number = Some(value);
            self.at += 1;
        }
        Ok(number)
    }

    /// Writes out the piece from `start` on as often as it is wanted.
    fn repeat(&mut self, start: usize, least: usize, most: usize) -> Result<(), PatternError> {
        let piece = self.ops.split_off(start);
        let size = piece.len() as isize;
        let optional = if most == ENDLESS { 1 } else { most - least };
        if (piece.len() + 1) * (least + optional) > OPS_MAX {
            return self.refuse(LARGE);
        }
        for _ in 0..least {
            self.ops.extend_from_slice(&piece);
        }
        for left in (1..=optional as isize).rev() {
            let again = most == ENDLESS;
            self.ops
                .push(Op::Fork(left * (size + 1) + isize::from(again)));
            self.ops.extend_from_slice(&piece);
            if again {
                self.ops.push(Op::Go(-size - 1));
            }
        }
        Ok(())
    }

    /// What follows `(`; says whether it may be repeated.
    fn group(&mut self) -> Result<bool, PatternError> {
        let (start, outside) = (self.ops.len(), self.flags);
        let mut look = None;
        if self.take("?") {
            look = [
                ("=", false, true),
                ("!", false, false),
                ("<=", true, true),
                ("<!", true, false),
            ]
            .into_iter()
            .find(|(word, _, _)| self.take(word));
            if look.is_some() || self.take(":") {
            } else if self.take("<") || self.take("P<") || self.take("'") {
                while is_word(self.next("missing )")?) {}
            } else if self.take("#") {
                while self.next("missing ) after comment")? != b')' {}
                return Ok(false);
            } else if self.options()? {
                return Ok(false);
            }
        }
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return self.refuse("parentheses are too deeply nested");
        }
        self.alternatives()?;
        if !self.take(")") {
            return self.refuse("missing )");
        }
        self.depth -= 1;
        self.flags = outside;
        if let Some((_, behind, wanted)) = look {
            self.ops.push(Op::Done);
            let size = (self.ops.len() - start) as isize;
            let look = Op::Look {
                size,
                behind,
                wanted,
            };
            self.ops.insert(start, look);
        }
        Ok(true)
    }

    /// `i`, `m`, `s` and `-` behind `(?`; says whether they stand alone and so count from here on.
    fn options(&mut self) -> Result<bool, PatternError> {
        let mut on = true;
        loop {
            match self.peek() {
                Some(b'i') => self.flags.case = on,
                Some(b'm') => self.flags.lines = on,
                Some(b's') => self.flags.all = on,
                Some(b'-') if on => on = false,
                Some(end @ (b')' | b':')) => {
                    self.at += 1;
                    return Ok(end == b')');
                }
                Some(b'x' | b'>' | b'|' | b'(' | b'&' | b'P' | b'R' | b'0'..=b'9') => {
                    return self.refuse(NOT_HERE);
                }
                Some(_) | None => {
                    return self.refuse("unrecognized character after (? or (?-");
                }
            }
            self.at += 1;
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<Escape, PatternError> {
        let octet = self.next("\\ at end of pattern")?;
        Ok(match octet {
            b'd' | b'D' | b'w' | b'W' | b's' | b'S' | b'h' => {
                let set = match octet | 0x20 {
                    b'd' => DIGIT,
                    b'w' => WORD,
                    b's' => SPACE,
                    _ => b"\t\t  \xa0\xa0",
                };
                let set = Octets::of(set);
                let not = octet.is_ascii_uppercase();
                Escape::Set(if not { set.inverted() } else { set })
            }
            b'b' | b'B' => Escape::Place(Place::WordEdge(octet == b'b')),
            b'A' => Escape::Place(Place::Start),
            b'Z' => Escape::Place(Place::End),
            b'z' => Escape::Place(Place::VeryEnd),
            b'a' => Escape::Octet(7),
            b'e' => Escape::Octet(27),
            b'f' => Escape::Octet(12),
            b'n' => Escape::Octet(b'\n'),
            b'r' => Escape::Octet(b'\r'),
            b't' => Escape::Octet(b'\t'),
            b'0' => Escape::Octet(self.digits(8)),
            b'x' if self.take("{") => {
                let octet = self.digits(16);
                if !self.take("}") {
                    return self.refuse(NOT_HERE);
                }
                Escape::Octet(octet)
            }
            b'x' => Escape::Octet(self.digits(16)),
            _ if UNKNOWN_ESCAPES.contains(&octet) => return self.refuse(NOT_HERE),
            octet => Escape::Octet(octet),
        })
    }

    /// Up to two digits; none are 0.
    fn digits(&mut self, radix: u32) -> u8 {
        let mut value = 0;
        for _ in 0..2 {
            let digit = self.peek().and_then(|it| char::from(it).to_digit(radix));
            let Some(digit) = digit else {
                break;
            };
            value = value * radix + digit;
            self.at += 1;
        }
        // Two digits are at most 255.
        value as u8
    }

    /// What follows `[`.
    fn class(&mut self) -> Result<Octets, PatternError> {
        let inverted = self.take("^");
        let mut set = Octets::default();
        let first = self.at;
        loop {
            if self.at > first && self.take("]") {
                return Ok(if inverted { set.inverted() } else { set });
            }
            let low = match self.member()? {
                Escape::Octet(low) => low,
                Escape::Set(more) => {
                    set.add(&more);
                    continue;
                }
                Escape::Place(_) => return self.refuse(NOT_HERE),
            };
            let rest = &self.text[self.at..];
            let mut high = low;
            if rest.first() == Some(&b'-') && rest.get(1).is_some_and(|next| *next != b']') {
                self.at += 1;
                let end = self.member()?;
                // PCRE points at the last octet of the range.
                self.at -= 1;
                let Escape::Octet(end) = end else {
                    return self.refuse(RANGE);
                };
                if end < low {
                    return self.refuse("range out of order in character class");
                }
                self.at += 1;
                high = end;
            }
            for octet in low..=high {
                set.add(&self.literal(octet));
            }
        }
    }

    /// One member of a class, without what makes it a range.
    fn member(&mut self) -> Result<Escape, PatternError> {
        let octet = self.next(NO_BRACKET)?;
        if octet == b'\\' {
            return Ok(match self.escape()? {
                Escape::Place(Place::WordEdge(true)) => Escape::Octet(8),
                other => other,
            });
        }
        let rest = &self.text[self.at..];
        let end = rest.windows(2).position(|pair| pair == b":]");
        if let (b'[', Some(b':'), Some(end)) = (octet, rest.first(), end) {
            let (not, name) = match &rest[1..end.max(1)] {
                [b'^', name @ ..] => (true, name),
                name => (false, name),
            };
            let Some((_, rows)) = CLASSES.iter().find(|(known, _)| *known == name) else {
                self.at += 1;
                return self.refuse("unknown POSIX class name");
            };
            let set = Octets::of(rows);
            self.at += end + 2;
            return Ok(Escape::Set(if not { set.inverted() } else { set }));
        }
        Ok(Escape::Octet(octet))
    }
}
