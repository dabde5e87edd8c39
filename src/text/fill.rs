//! Sentences with places to fill in.
//!
//! Where a sentence is written a place is a name in braces; in a catalogue it is the number of that
//! name among the arguments, so that the program needs no names. Deliberately not here: the
//! sentences.

use std::fmt::{Display, Write};

/// Puts the values where the sentence numbers them.
#[inline(never)]
pub(super) fn fill(text: &str, values: &[&dyn Display]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (number, after) = after.split_once('}').unwrap_or((after, ""));
        let number = number.parse::<u8>().ok();
        if let Some(value) = number.and_then(|number| values.get(usize::from(number))) {
            // Writing to a string does not fail.
            let _ = write!(out, "{value}");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether a text names every place (each name has a comma after it), and no other.
pub(super) const fn names_every_place(text: &str, names: &str) -> bool {
    let (text, names) = (text.as_bytes(), names.as_bytes());
    let (mut wanted, mut start) = (0, 0);
    while start < names.len() {
        let end = find(names, start, b',');
        if !holds(text, names, start, end) {
            return false;
        }
        wanted += 1;
        start = end + 1;
    }
    // With as many different places as names, and each name among them, there is no other.
    let (mut places, mut at) = (0, 0);
    while at < text.len() {
        if text[at] == b'{' {
            places += 1;
        }
        at += 1;
    }
    places == wanted
}

/// Where `octet` is first at or after `from`; the end when it is nowhere.
const fn find(text: &[u8], from: usize, octet: u8) -> usize {
    let mut at = from;
    while at < text.len() && text[at] != octet {
        at += 1;
    }
    at
}

/// Whether a text has the place whose name stands between.
const fn holds(text: &[u8], names: &[u8], from: usize, to: usize) -> bool {
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'{' && find(text, at, b'}') - at - 1 == to - from {
            let mut same = 0;
            while same < to - from && text[at + 1 + same] == names[from + same] {
                same += 1;
            }
            if same == to - from {
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

    #[test]
    fn values_stand_where_the_sentence_numbers_them() {
        assert_eq!(fill("{0} to {1}", &[&1, &"{0}"]), "1 to {0}");
        assert_eq!(fill("从 {1} 到 {0}", &[&1, &"b"]), "从 b 到 1");
        assert_eq!(fill("{7}{x}{", &[&1]), "");
    }

    #[test]
    fn a_place_without_a_name_and_a_name_without_a_place_are_found() {
        assert!(names_every_place("{b} to {a}", "a,b,"));
        assert!(names_every_place("nothing", ""));
        for (text, names) in [
            ("{a}", "a,b,"),
            ("{b}", "a,"),
            ("{a} {c}", "a,b,"),
            ("{ab}", "a,"),
            ("{a} {b}", "a,"),
        ] {
            assert!(!names_every_place(text, names), "{text}");
        }
    }
}
