//! The contract of class `Playground`: plain objects, errors with codes, the same actions as the page.
//!
//! Deliberately not here: what a broker does.

use brokerlab::api::Playground;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test as test;

fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).unwrap()
}

fn list(value: &JsValue, key: &str) -> Array {
    get(value, key).dyn_into().unwrap()
}

fn code(error: &JsValue) -> Option<String> {
    get(error, "code").as_string()
}

#[test]
fn a_snapshot_is_plain() {
    let mut playground = Playground::new().unwrap();
    let snapshot = playground.snapshot().unwrap();
    assert_eq!(get(&snapshot, "seconds").as_f64(), Some(0.0));
    assert!(list(&snapshot, "nodes").length() >= 3);
    let kind = get(&list(&snapshot, "nodes").get(0), "kind").as_string();
    assert!(kind.is_some());
}

#[test]
fn running_takes_simulated_time() {
    let mut playground = Playground::new().unwrap();
    let snapshot = playground.run_for(5.0).unwrap();
    let seconds = get(&snapshot, "seconds").as_f64().unwrap();
    assert!((seconds - 5.0).abs() < 0.001, "{seconds}");
    assert_eq!(get(&snapshot, "playing").as_bool(), Some(false));
}

#[test]
fn actions_are_done_by_name() {
    let mut playground = Playground::new().unwrap();
    let nodes =
        |playground: &mut Playground| list(&playground.snapshot().unwrap(), "nodes").length();
    let before = nodes(&mut playground);
    playground.perform("add-queue").unwrap();
    assert_eq!(nodes(&mut playground), before + 1);
    playground.perform("undo").unwrap();
    assert_eq!(nodes(&mut playground), before);
}

#[test]
fn refusals_have_codes() {
    let mut playground = Playground::new().unwrap();
    let error = playground.perform("no such thing").unwrap_err();
    assert_eq!(code(&error).as_deref(), Some("no-action"));
    let error = playground.perform("undo").unwrap_err();
    assert_eq!(code(&error).as_deref(), Some("not-now"));
    for seconds in [-1.0, f64::NAN, f64::INFINITY] {
        let error = playground.run_for(seconds).unwrap_err();
        assert_eq!(code(&error).as_deref(), Some("not-a-time"));
    }
    let error = playground.open_gallery("nowhere").unwrap_err();
    assert_eq!(code(&error).as_deref(), Some("no-scenario"));
}

#[test]
fn a_document_opens_as_it_was() {
    let mut playground = Playground::new().unwrap();
    let key = get(
        &playground
            .gallery()
            .unwrap()
            .unchecked_into::<Array>()
            .get(1),
        "key",
    );
    playground.open_gallery(&key.as_string().unwrap()).unwrap();
    let document = playground.document().unwrap();
    let mut other = Playground::new().unwrap();
    other.load("kept.json", &document).unwrap();
    assert_eq!(other.document().unwrap(), document);
}

#[test]
fn a_broken_file_is_said_and_changes_nothing() {
    let mut playground = Playground::new().unwrap();
    let before = playground.document().unwrap();
    let said: Array = playground
        .load("broken.json", "{")
        .unwrap()
        .unchecked_into();
    assert!(said.length() >= 1);
    assert_eq!(get(&said.get(0), "refused").as_bool(), Some(true));
    assert_eq!(playground.document().unwrap(), before);
}
