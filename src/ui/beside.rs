//! Files beside the program: the texts of a language, and what else is fetched when it is wanted.
//!
//! `www/js/start.mjs` does the fetching; it had to fetch the first texts before the program was
//! there. Deliberately not here: which file is wanted when.

use crate::app::Language;
use crate::text;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    /// The tag of the language to begin in.
    #[wasm_bindgen(catch, js_namespace = brokerlabStart, js_name = language)]
    fn first_language() -> Result<String, JsValue>;

    /// The texts of that language, where they were fetched.
    #[wasm_bindgen(catch, js_namespace = brokerlabStart, js_name = texts)]
    fn first_texts() -> Result<Option<String>, JsValue>;

    /// The text of a file beside the program.
    #[wasm_bindgen(catch, js_namespace = brokerlabStart, js_name = beside)]
    fn fetch_beside(name: &str) -> Result<js_sys::Promise, JsValue>;

    /// Fetches the annex, or gives at once where it is in the program.
    #[wasm_bindgen(catch, js_namespace = brokerlabStart, js_name = annex)]
    fn annex() -> Result<js_sys::Promise, JsValue>;
}

/// Whether a part of the program must be fetched before it can be used.
pub(super) const ANNEX_MISSING: bool = cfg!(feature = "fetched");

/// The language to begin in; nobody says one where the page is mounted by a test.
pub(super) fn language() -> Option<Language> {
    Language::from_tag(&first_language().ok()?)
}

/// Languages that cannot be spoken yet.
pub(super) fn missing_languages() -> Vec<Language> {
    let all = Language::ALL.into_iter();
    all.filter(|language| !text::are_there(*language)).collect()
}

/// Takes the texts that were fetched with the program.
///
/// # Errors
/// When it has none of its own and these are not for it: then there is nothing to show.
pub fn take_texts() -> Result<(), text::WrongTexts> {
    if text::BUILT_IN {
        return Ok(());
    }
    let file = first_texts().ok().flatten().unwrap_or_default();
    text::load(language().unwrap_or_default(), file)
}

/// Fetches the texts of a language; `act` hears whether they are there.
pub(super) fn fetch_texts(language: Language, act: impl FnOnce(bool) + 'static) {
    fetch(&format!("{}.txt", language.tag()), move |file| {
        act(file.is_some_and(|file| text::load(language, file).is_ok()));
    });
}

/// Fetches a scenario of the gallery; `act` hears its text, or nothing when it does not come.
pub(super) fn fetch_scenario(key: &str, act: impl FnOnce(Option<String>) + 'static) {
    fetch(&format!("{key}.json"), act);
}

/// Fetches the annex; `act` hears whether it is there.
pub(super) fn fetch_annex(act: impl FnOnce(bool) + 'static) {
    when_there(annex(), move |annex| act(annex.is_some()));
}

/// Fetches a file beside the program; `None` when it does not come.
fn fetch(name: &str, act: impl FnOnce(Option<String>) + 'static) {
    when_there(fetch_beside(name), move |file| {
        act(file.and_then(|file| file.as_string()));
    });
}

fn when_there(
    promise: Result<js_sys::Promise, JsValue>,
    act: impl FnOnce(Option<JsValue>) + 'static,
) {
    spawn_local(async move {
        act(match promise {
            Ok(promise) => JsFuture::from(promise).await.ok(),
            Err(_) => None,
        });
    });
}
