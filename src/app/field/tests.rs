//! Fields read and write what they show, and refuse the rest with a sentence.

use super::parse;
use super::{document_sections, node_sections, options_for, set_edge, set_node};
use crate::app::view::FieldInput;
use crate::scenario::{Choice, Edit, Scenario, gallery};
use crate::text::{Language, Words};
use crate::types::FieldValue;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const WORDS: Words = Words::new(Language::English);

fn scenarios() -> Vec<Scenario> {
    gallery::items()
        .iter()
        .filter_map(|item| gallery::open(&item.id)?.ok())
        .collect()
}

#[test]
fn a_field_given_what_it_shows_changes_nothing() {
    for scenario in scenarios() {
        for node in scenario.nodes.values() {
            for field in node_sections(node, WORDS).iter().flat_map(|s| &s.fields) {
                let set = set_node(&node.kind, &field.key, &field.value, WORDS);
                assert_eq!(set.as_ref(), Ok(&node.kind), "{} {}", node.name, field.key);
            }
        }
        for edge in scenario.edges.values() {
            let sections = super::binding_sections(&edge.kind, WORDS);
            for field in sections.iter().flat_map(|section| &section.fields) {
                let set = set_edge(edge, &field.key, &field.value, WORDS);
                assert_eq!(set.as_ref(), Ok(&edge.kind), "{} {}", edge.id, field.key);
            }
        }
        for field in document_sections(&scenario, WORDS)
            .iter()
            .flat_map(|s| &s.fields)
        {
            let options = options_for(&scenario, &field.key, &field.value, WORDS);
            let mut copy = scenario.clone();
            let edit = Edit::SetOptions(Box::new(options.unwrap_or_default()));
            assert!(copy.apply(&edit).is_ok());
            assert_eq!(copy, scenario, "{}", field.key);
        }
    }
}

#[test]
fn every_choice_of_a_field_can_be_chosen_and_is_then_shown() {
    for scenario in scenarios() {
        for node in scenario.nodes.values() {
            for field in node_sections(node, WORDS).iter().flat_map(|s| &s.fields) {
                let FieldInput::Choice(options) = &field.input else {
                    continue;
                };
                for (value, label) in options {
                    assert!(!label.is_empty(), "{} {value}", field.key);
                    let set = set_node(&node.kind, &field.key, value, WORDS);
                    let Ok(kind) = set else {
                        panic!("{} {value}: {set:?}", field.key);
                    };
                    let mut changed = node.as_ref().clone();
                    changed.kind = kind;
                    let sections = node_sections(&changed, WORDS);
                    let mut fields = sections.iter().flat_map(|section| &section.fields);
                    let shown = fields.find(|other| other.key == field.key);
                    assert_eq!(shown.map(|f| &f.value), Some(value), "{}", field.key);
                }
            }
        }
    }
}

#[test]
fn fields_speak_both_languages() {
    for scenario in scenarios() {
        for node in scenario.nodes.values() {
            let english = node_sections(node, WORDS);
            let chinese = node_sections(node, Words::new(Language::Chinese));
            for (one, other) in english.iter().zip(&chinese) {
                assert_ne!(one.title, other.title);
                for (one, other) in one.fields.iter().zip(&other.fields) {
                    assert_eq!(one.key, other.key);
                    assert_ne!(one.help, other.help, "{}", one.key);
                }
            }
        }
    }
}

#[test]
fn wrong_texts_are_refused_with_a_sentence() {
    assert!(parse::number("twelve", WORDS).is_err());
    assert!(parse::number("-1", WORDS).is_err());
    assert!(parse::number("1e999", WORDS).is_err());
    assert_eq!(parse::number(" 0,5 ", WORDS), Ok(0.5));
    assert!(parse::duration("5 parsecs", WORDS).is_err());
    assert_eq!(
        parse::duration("5", WORDS).map(|span| span.to_string()),
        Ok("5s".to_owned())
    );
    assert!(parse::times("2s\n1s", WORDS).is_err());
    assert!(parse::points("1s", WORDS).is_err());
    assert!(parse::outages("explode at 1s", WORDS).is_err());
    assert!(parse::whole("1.5", 0, 9, WORDS).is_err());
    let wrong = parse::table("fine = 1\nnot a pair", WORDS).unwrap_err();
    assert!(wrong.contains('2'), "{wrong}");
}

#[test]
fn tables_read_back_as_what_they_were() {
    for text in [
        "plain",
        "two words",
        "7",
        "7.5",
        "true",
        "null",
        "\"7\"",
        "[1,2]",
        "{\"a\":1}",
        "",
        " x ",
        "a|b",
        "\"",
    ] {
        for value in [FieldValue::text(text), parse::field_value(text)] {
            let shown = parse::show_field_value(&value);
            assert_eq!(parse::field_value(&shown), value, "{text} as {shown}");
        }
    }
}

#[test]
fn routing_keys_are_lines_with_weights() {
    let drawn = Choice::Drawn(vec![("red".to_owned(), 3), ("blue".to_owned(), 1)]);
    let shown = parse::show_keys(&drawn);
    assert_eq!(shown, "red *3\nblue *1");
    assert_eq!(parse::keys(&shown, &drawn, WORDS), Ok(drawn));
    // A star of a topic pattern is no weight.
    let like = Choice::Drawn(Vec::new());
    let read = parse::keys("a.*", &like, WORDS);
    assert_eq!(read, Ok(Choice::Drawn(vec![("a.*".to_owned(), 1)])));
    let several = parse::keys("a\nb", &Choice::Fixed(String::new()), WORDS);
    assert_eq!(
        several,
        Ok(Choice::Cycle(vec!["a".to_owned(), "b".to_owned()]))
    );
}
