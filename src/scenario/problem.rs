//! A problem: what is wrong, where, and with which words of the case.
//!
//! A user's mistakes are a list of problems, never a failure. Deliberately not here: the sentences;
//! [`text`](crate::text) has them in every language.

use crate::types::{CaseWord, EdgeId, NodeId, Phrase, ProblemCode, Severity};
use std::fmt;

/// Where a problem is. Each part is set as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// On which node.
    pub node: Option<NodeId>,
    /// On which line.
    pub edge: Option<EdgeId>,
    /// Which field: a path such as `load.rate` inside the node or line, `queues[3].arguments`
    /// inside a file; empty for the whole.
    pub path: String,
    /// Line and column in a file, from 1.
    pub line: Option<(u32, u32)>,
}

/// Something wrong or worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub code: ProblemCode,
    /// Where.
    pub place: Place,
    /// The words of the case, by the names the sentence uses.
    pub params: Vec<(&'static str, CaseWord)>,
}

impl Problem {
    /// A problem of the whole document.
    #[must_use]
    #[inline(never)]
    pub fn new(code: ProblemCode) -> Self {
        Self {
            code,
            place: Place::default(),
            params: Vec::new(),
        }
    }

    /// How much it matters.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// ... on that node.
    #[must_use]
    pub const fn at_node(mut self, node: NodeId) -> Self {
        self.place.node = Some(node);
        self
    }

    /// ... on that line.
    #[must_use]
    pub const fn at_edge(mut self, edge: EdgeId) -> Self {
        self.place.edge = Some(edge);
        self
    }

    /// ... at that field.
    #[must_use]
    pub fn at_path(self, path: impl AsRef<str>) -> Self {
        self.at_path_text(path.as_ref())
    }

    // Said of many problems, as is `with_word`: each body stands once in the page.
    #[inline(never)]
    fn at_path_text(mut self, path: &str) -> Self {
        path.clone_into(&mut self.place.path);
        self
    }

    /// ... at that line and column of a file, from 1.
    #[must_use]
    pub const fn at_line(mut self, line: u32, column: u32) -> Self {
        self.place.line = Some((line, column));
        self
    }

    /// ... with a word of the case.
    #[must_use]
    pub fn with(self, name: &'static str, value: impl ToString) -> Self {
        self.with_word(name, CaseWord::Plain(value.to_string()))
    }

    /// ... with a word of the case that each language has its own phrase for.
    #[must_use]
    pub fn with_phrase(self, name: &'static str, phrase: Phrase) -> Self {
        self.with_word(name, CaseWord::Phrase(phrase))
    }

    /// ... with a word of the case of either kind.
    #[must_use]
    #[inline(never)]
    pub fn with_word(mut self, name: &'static str, word: CaseWord) -> Self {
        self.params.push((name, word));
        self
    }

    /// A word of the case.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, word)| word.as_str())
    }
}

impl fmt::Display for Place {
    /// `line 3, column 5 (queues[0].name)`, as far as known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.path.is_empty()) {
            (Some((line, column)), true) => write!(f, "line {line}, column {column}"),
            (Some((line, column)), false) => {
                write!(f, "line {line}, column {column} ({})", self.path)
            }
            (None, _) => f.write_str(&self.path),
        }
    }
}

/// For programs and for debugging; people read the sentence in `text`.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.code, self.place)?;
        for (name, word) in &self.params {
            write!(f, " {name}={}", word.as_str())?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
