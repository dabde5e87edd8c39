//! Sentences with places to fill in, kept as data.
//!
//! A sentence is three lines: the English text, the Chinese text, and the names of its places, each
//! with a comma after it. A place is a name in braces. Deliberately not here: the sentences.

use super::Language;
use std::fmt::{Display, Write};

/// Puts the values where the sentence names them; they are in the order of the names.
#[inline(never)]
pub(super) fn fill(language: Language, texts: &str, values: &[&dyn Display]) -> String {
    let mut lines = texts.split('\n');
    let (english, chinese) = (lines.next(), lines.next());
    let names = lines.next().unwrap_or_default();
    let text = match language {
        Language::English => english,
        Language::Chinese => chinese,
    };
    let mut out = String::new();
    let mut rest = text.unwrap_or_default();
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let place = names.split(',').position(|known| known == name);
        if let Some(value) = place.and_then(|place| values.get(place)) {
            // Writing to a string does not fail.
            let _ = write!(out, "{value}");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether each text names every place, and no other.
pub(super) const fn names_every_place(texts: &str) -> bool {
    let texts = texts.as_bytes();
    let english = find(texts, 0, b'\n');
    let chinese = find(texts, english + 1, b'\n');
    let (mut names, mut start) = (0, chinese + 1);
    while start < texts.len() {
        let end = find(texts, start, b',');
        if !holds(texts, (0, english), (start, end))
            || !holds(texts, (english + 1, chinese), (start, end))
        {
            return false;
        }
        names += 1;
        start = end + 1;
    }
    // With as many different places as names, and each name among them, there is no other.
    names == count(texts, 0, english) && names == count(texts, english + 1, chinese)
}

/// Where `octet` is first at or after `from`; the end when it is nowhere.
const fn find(texts: &[u8], from: usize, octet: u8) -> usize {
    let mut at = from;
    while at < texts.len() && texts[at] != octet {
        at += 1;
    }
    at
}

/// How many places there are between.
const fn count(texts: &[u8], from: usize, to: usize) -> usize {
    let (mut places, mut at) = (0, from);
    while at < to {
        if texts[at] == b'{' {
            places += 1;
        }
        at += 1;
    }
    places
}

/// Whether a text (from, to) has the place of this name (from, to).
const fn holds(texts: &[u8], text: (usize, usize), name: (usize, usize)) -> bool {
    let mut at = text.0;
    while at < text.1 {
        if texts[at] == b'{' && find(texts, at, b'}') - at - 1 == name.1 - name.0 {
            let mut same = 0;
            while same < name.1 - name.0 && texts[at + 1 + same] == texts[name.0 + same] {
                same += 1;
            }
            if same == name.1 - name.0 {
                return true;
            }
        }
        at += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const TEXTS: &str = "{a} to {b}\n从 {b} 到 {a}\na,b,";

    #[test]
    fn each_language_has_its_order() {
        let said = |language| fill(language, TEXTS, &[&1, &"{b}"]);
        assert_eq!(said(Language::English), "1 to {b}");
        assert_eq!(said(Language::Chinese), "从 {b} 到 1");
    }

    #[test]
    fn a_place_without_a_name_and_a_name_without_a_place_are_found() {
        assert!(names_every_place(TEXTS));
        assert!(names_every_place("nothing\n无\n"));
        for wrong in [
            "{a}\n{a}\na,b,",
            "{a}\n{b}\na,",
            "{a} {b}\n{a}\na,b,",
            "{a} {c}\n{a} {b}\na,b,",
            "{ab}\n{ab}\na,",
            "{a} {b}\n{a} {b}\na,",
        ] {
            assert!(!names_every_place(wrong), "{wrong}");
        }
    }
}
