//! What is said about problems of a document, a file or an edit: what is wrong, and what to do.
//!
//! A word in braces is filled in from the case. Deliberately not here: finding the problems, and
//! the place they are at.

use super::Words;
use super::catalogue::{Block, Placed, Text};
use crate::types::{CaseWord, Phrase, ProblemCode};

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
    pub fn problem(self, code: ProblemCode, params: &[(&'static str, CaseWord)]) -> String {
        self.said(self.line(Problems::START + Problems::of(code)), params)
    }

    /// What to do about it, in a sentence; empty when there is nothing to do.
    #[must_use]
    pub fn problem_fix(self, code: ProblemCode, params: &[(&'static str, CaseWord)]) -> String {
        self.said(self.line(Problems::START + Problems::of(code) + 1), params)
    }

    fn said(self, sentence: &str, params: &[(&'static str, CaseWord)]) -> String {
        let mut out = String::with_capacity(sentence.len());
        self.say(sentence, params, PHRASES_DEEP, &mut out);
        out
    }

    /// Puts the words of the case where the sentence names them. Plain words are not looked into, so
    /// a name with braces stays as it is; phrases have places of their own.
    fn say(self, sentence: &str, params: &[(&'static str, CaseWord)], deep: u8, out: &mut String) {
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            match params.iter().find(|(key, _)| *key == name) {
                Some((_, CaseWord::Plain(word))) => out.push_str(word),
                Some((_, CaseWord::Phrase(phrase))) if deep > 0 => {
                    let phrase = self.line(Phrases::START + *phrase as usize);
                    self.say(phrase, params, deep - 1, out);
                }
                Some((_, CaseWord::Phrase(_))) | None => {}
            }
            rest = after;
        }
        out.push_str(rest);
    }
}

/// Phrases stand in phrases, which stand in sentences; deeper there is nothing to say.
const PHRASES_DEEP: u8 = 2;

/// The texts of all phrases.
pub(super) enum Phrases {}

impl Block for Phrases {
    const TEXTS: &'static [Text] = &{
        let mut lines = [Text::new("", "", "", ""); Phrase::ALL.len()];
        let mut at = 0;
        while at < Phrase::ALL.len() {
            let phrase = Phrase::ALL[at];
            let (en, zh) = phrases::text(phrase);
            lines[phrase as usize] = Text::new(phrase.code(), en, zh, "");
            at += 1;
        }
        lines
    };
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

mod phrases;
mod texts;

use texts::text;

#[cfg(test)]
mod tests;
