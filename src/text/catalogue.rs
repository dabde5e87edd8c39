//! The texts of one language as a file: a line that says for which program, then one text a line.
//!
//! Texts are numbered in one fixed order. A program with the texts built in makes the file for
//! itself; one without them is given it, and refuses a file that was made for another program. Both
//! look a text up by its number. Deliberately not here: the texts, and fetching.

use super::{
    Language, action, chart, field, file, journey, page, problem, shell, stage, transport,
};
use std::fmt;
use std::sync::OnceLock;

/// Whether every language is in the program; else each must be given to [`load`].
pub const BUILT_IN: bool = cfg!(not(feature = "fetched"));

/// A text in every language.
#[derive(Clone, Copy)]
pub(super) struct Text {
    name: &'static str,
    en: &'static str,
    zh: &'static str,
    /// The names of its places, each with a comma after it.
    places: &'static str,
}

impl Text {
    pub(super) const fn new(
        name: &'static str,
        en: &'static str,
        zh: &'static str,
        places: &'static str,
    ) -> Self {
        Self {
            name,
            en,
            zh,
            places,
        }
    }

    const fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Chinese => self.zh,
        }
    }
}

/// Texts that stand together.
pub(super) trait Block {
    /// The texts, in the order of their numbers.
    const TEXTS: &'static [Text];
}

/// A block with its place in the catalogue.
pub(super) trait Placed {
    /// The number of its first text.
    const START: usize;
}

/// Gives each block its place: after the one before it.
macro_rules! blocks {
    ($($block:ty,)*) => {
        const BLOCKS: &[&[Text]] = &[$(<$block as Block>::TEXTS),*];
        blocks!(@from 0; $($block,)*);
    };
    (@from $start:expr; $block:ty, $($rest:ty,)*) => {
        impl Placed for $block {
            const START: usize = $start;
        }
        blocks!(
            @from <$block as Placed>::START + <$block as Block>::TEXTS.len();
            $($rest,)*
        );
    };
    (@from $start:expr;) => {
        /// How many texts there are.
        const COUNT: usize = $start;
    };
}

blocks! {
    action::Word,
    action::Sentence,
    chart::Word,
    chart::Sentence,
    field::Label,
    field::Word,
    field::Sentence,
    file::Word,
    file::Sentence,
    journey::Sentence,
    journey::Word,
    page::Word,
    page::Sentence,
    problem::Problems,
    problem::Phrases,
    shell::Word,
    shell::Sentence,
    stage::Word,
    stage::Sentence,
    transport::Word,
    transport::Sentence,
}

/// A number that changes when a text comes, goes, moves or gets other places: FNV-1a over names and
/// places.
const FINGERPRINT: u64 = {
    let (mut hash, mut block) = (0xcbf2_9ce4_8422_2325, 0);
    while block < BLOCKS.len() {
        let mut at = 0;
        while at < BLOCKS[block].len() {
            let text = &BLOCKS[block][at];
            hash = hashed(hashed(hash, text.name), text.places);
            at += 1;
        }
        block += 1;
    }
    hash
};

const fn hashed(mut hash: u64, text: &str) -> u64 {
    let (octets, mut at) = (text.as_bytes(), 0);
    while at < octets.len() {
        hash = (hash ^ octets[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    // An octet that no text has: a name that gives a letter to the next is another.
    (hash ^ 0xff).wrapping_mul(0x0100_0000_01b3)
}

/// The lines of each language, once they are there.
static LINES: [OnceLock<Vec<&'static str>>; Language::ALL.len()] =
    [const { OnceLock::new() }; Language::ALL.len()];

/// A text by its number; empty where there is none.
pub(super) fn line(language: Language, number: usize) -> &'static str {
    let lines = &LINES[language as usize];
    let lines = if BUILT_IN {
        Some(lines.get_or_init(|| split(to_file(language))))
    } else {
        lines.get()
    };
    lines
        .and_then(|lines| lines.get(number).copied())
        .unwrap_or_default()
}

/// Whether the texts of this language can be read.
#[must_use]
pub fn are_there(language: Language) -> bool {
    BUILT_IN || LINES[language as usize].get().is_some()
}

/// The catalogue of a language, as [`load`] takes it.
#[must_use]
pub fn to_file(language: Language) -> String {
    let mut file = first_line(language);
    for text in BLOCKS.iter().flat_map(|block| block.iter()) {
        file.push('\n');
        file.push_str(&numbered(text.in_language(language), text.places));
    }
    file
}

fn first_line(language: Language) -> String {
    format!("{} {FINGERPRINT}", language.tag())
}

/// The sentence with `{0}` for the first of its places, and so on.
fn numbered(sentence: &str, places: &str) -> String {
    let mut out = sentence.to_owned();
    for (number, place) in places.split_terminator(',').enumerate() {
        out = out.replace(&format!("{{{place}}}"), &format!("{{{number}}}"));
    }
    out
}

/// A file that is not the catalogue of this language for this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongTexts(Language);

impl fmt::Display for WrongTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tag = self.0.tag();
        write!(f, "The texts ({tag}) are missing or of another program.")
    }
}

/// Takes the catalogue of a language; once it is there, it stays.
///
/// # Errors
/// When the file was made for another program or language, or is cut short.
pub fn load(language: Language, file: String) -> Result<(), WrongTexts> {
    let fits =
        file.lines().next() == Some(&first_line(language)) && file.matches('\n').count() == COUNT;
    if !fits {
        return Err(WrongTexts(language));
    }
    if !are_there(language) {
        // Set only here and just found empty; the page has one thread.
        let _ = LINES[language as usize].set(split(file));
    }
    Ok(())
}

/// The texts of a catalogue. They live as long as the program: each language is kept once.
fn split(file: String) -> Vec<&'static str> {
    let file: &'static str = Box::leak(file.into_boxed_str());
    file.split('\n').skip(1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_catalogue_has_a_line_for_each_text() {
        for language in Language::ALL {
            let lines = split(to_file(language));
            assert_eq!(lines.len(), COUNT, "a text with a line break");
            let texts = BLOCKS.iter().flat_map(|block| block.iter());
            for (line, text) in lines.into_iter().zip(texts) {
                assert_eq!(line, numbered(text.in_language(language), text.places));
            }
        }
    }

    #[test]
    fn each_method_finds_its_own_text() {
        let words = super::super::Words::new(Language::English);
        assert_eq!(words.act_play(), "Play");
        assert_eq!(words.field_name().0, "Name");
        assert!(words.field_speed().1.ends_with("empty for 1."));
        assert_eq!(words.operate_refused("x"), "It cannot be done now: x");
        assert_eq!(words.journey_title(7), "Message 7");
        let words = super::super::Words::new(Language::Chinese);
        assert_eq!(words.product(), "Brokerlab");
        assert_eq!(words.state_absent(), "代理中不存在");
        assert_eq!(words.step_more(2), "另有 2 项");
    }

    #[test]
    fn only_the_whole_file_of_this_program_and_language_is_taken() {
        let whole = to_file(Language::English);
        assert_eq!(load(Language::English, whole.clone()), Ok(()));
        let longer = format!("{whole}\n");
        let (cut, _) = whole.rsplit_once('\n').unwrap_or_default();
        let other = whole.replacen("en ", "en 1", 1);
        for wrong in ["", "<!doctype html>\n", cut, &longer, &other] {
            let refused = load(Language::English, wrong.to_owned());
            assert_eq!(refused, Err(WrongTexts(Language::English)), "{wrong:.20}");
        }
        assert!(load(Language::Chinese, whole).is_err());
    }

    #[test]
    fn a_number_without_a_text_is_empty() {
        assert_eq!(line(Language::Chinese, COUNT), "");
    }

    #[test]
    fn places_are_numbered_in_the_order_of_their_names() {
        assert_eq!(numbered("{b} of {a}, {b}", "a,b,"), "{1} of {0}, {1}");
    }
}
