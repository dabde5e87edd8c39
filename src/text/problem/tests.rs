//! What the texts of problems promise.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::text::Language;

#[test]
fn every_problem_has_a_sentence_and_advice_in_both_languages() {
    for code in ProblemCode::ALL {
        let text = text(*code);
        for sentence in [text.en, text.zh] {
            assert!(!sentence.is_empty(), "{code} has no sentence");
        }
        assert_eq!(text.fix_en.is_empty(), text.fix_zh.is_empty(), "{code}");
        assert!(text.en.ends_with('.') && text.zh.ends_with('。'), "{code}");
    }
}

#[test]
fn both_languages_use_the_same_words_of_the_case() {
    let names = |sentence: &str| {
        let mut names: Vec<String> = sentence
            .split('{')
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
            .collect();
        names.sort();
        names
    };
    for code in ProblemCode::ALL {
        let text = text(*code);
        assert_eq!(names(text.en), names(text.zh), "{code}");
        assert_eq!(names(text.fix_en), names(text.fix_zh), "{code}");
    }
}

#[test]
fn codes_are_words_with_hyphens_and_each_is_another() {
    let mut codes: Vec<&str> = ProblemCode::ALL.iter().map(|code| code.code()).collect();
    codes.sort_unstable();
    let count = codes.len();
    codes.dedup();
    assert_eq!(codes.len(), count);
    for code in codes {
        assert!(
            code.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
            "{code}"
        );
    }
}

#[test]
fn a_word_with_braces_stays_as_it_is() {
    let params = [("field", "{field}".to_owned()), ("expected", String::new())];
    let sentence = Words::new(Language::English).problem(ProblemCode::FieldUnknown, &params);
    assert!(sentence.contains("'{field}'"), "{sentence}");
}
