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
    for phrase in Phrase::ALL {
        let (en, zh) = phrases::text(*phrase);
        assert!(!en.is_empty() && !zh.is_empty(), "{phrase:?}");
        assert_eq!(names(en), names(zh), "{phrase:?}");
    }
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
    let params = [("field", CaseWord::Plain("{field}".to_owned()))];
    let sentence = Words::new(Language::English).problem(ProblemCode::FieldUnknown, &params);
    assert!(sentence.contains("'{field}'"), "{sentence}");
}

#[test]
fn a_phrase_is_said_in_the_language_of_its_sentence() {
    let params = [
        ("reason", CaseWord::Phrase(Phrase::NotExpected)),
        ("given", CaseWord::Plain("{expected}".to_owned())),
        ("expected", CaseWord::Phrase(Phrase::WholeNumber)),
        ("min", CaseWord::Plain("0".to_owned())),
        ("max", CaseWord::Plain("255".to_owned())),
    ];
    let said = |language| Words::new(language).problem(ProblemCode::FieldWrong, &params);
    assert_eq!(
        said(Language::English),
        "The value does not fit: {expected} stands here; it must be a whole number, 0 to 255."
    );
    assert_eq!(
        said(Language::Chinese),
        "该值不合适：此处为 {expected}；应为：整数，0 到 255。"
    );
}

#[test]
fn phrases_that_name_each_other_come_to_an_end() {
    let params = [
        ("reason", CaseWord::Phrase(Phrase::NotExpected)),
        ("given", CaseWord::Phrase(Phrase::NotExpected)),
    ];
    let said = Words::new(Language::English).problem(ProblemCode::FieldWrong, &params);
    assert!(said.len() < 200, "{said}");
}
