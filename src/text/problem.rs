//! What is said about problems of a document, a file or an edit: what is wrong, and what to do.
//!
//! A word in braces is filled in from the case. Deliberately not here: finding the problems, and
//! the place they are at.

use super::Words;
use super::catalogue::{Block, Placed, Text};
use crate::types::ProblemCode;

/// The sentence and the advice in each language.
struct ProblemText {
    en: &'static str,
    zh: &'static str,
    fix_en: &'static str,
    fix_zh: &'static str,
}

/// The texts of all problems; each has two lines.
pub(super) enum Problems {}

impl Block for Problems {
    const TEXTS: &'static [Text] = &{
        let mut lines = [Text::new("", "", "", ""); 2 * ProblemCode::ALL.len()];
        let mut at = 0;
        while at < ProblemCode::ALL.len() {
            let code = ProblemCode::ALL[at];
            let text = text(code);
            lines[Self::of(code)] = Text::new(code.code(), text.en, text.zh, "");
            lines[Self::of(code) + 1] = Text::new("fix", text.fix_en, text.fix_zh, "");
            at += 1;
        }
        lines
    };
}

impl Problems {
    /// The place of a code's sentence among these lines; its advice is the next.
    const fn of(code: ProblemCode) -> usize {
        2 * (code as usize)
    }
}

impl Words {
    /// What is wrong, in a sentence. `params` are the words of the case by name.
    #[must_use]
    pub fn problem(self, code: ProblemCode, params: &[(&'static str, String)]) -> String {
        fill(self.line(Problems::START + Problems::of(code)), params)
    }

    /// What to do about it, in a sentence; empty when there is nothing to do.
    #[must_use]
    pub fn problem_fix(self, code: ProblemCode, params: &[(&'static str, String)]) -> String {
        fill(self.line(Problems::START + Problems::of(code) + 1), params)
    }
}

/// Puts the words of the case where the sentence names them. Words are not looked into, so a name
/// with braces stays as it is.
fn fill(sentence: &str, params: &[(&'static str, String)]) -> String {
    let mut out = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, word)) = params.iter().find(|(key, _)| *key == name) {
            out.push_str(word);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Makes the function from a code to its texts; a code without them does not compile.
macro_rules! problem_texts {
    ($($code:ident : $en:literal | $zh:literal => $fix_en:literal | $fix_zh:literal ;)*) => {
        pub(super) const fn text(
            code: $crate::types::ProblemCode,
        ) -> $crate::text::problem::ProblemText {
            match code {
                $($crate::types::ProblemCode::$code => $crate::text::problem::ProblemText {
                    en: $en,
                    zh: $zh,
                    fix_en: $fix_en,
                    fix_zh: $fix_zh,
                },)*
            }
        }
    };
}
use problem_texts;

mod texts;

use texts::text;

#[cfg(test)]
mod tests;
