//! What the browser keeps for us: the work, the preferences, which panels are folded.
//!
//! Deliberately not here: when it is kept, and what to say when it is full.

use crate::ui::browser;
use wasm_bindgen::prelude::*;
use web_sys::Storage;

/// The document that was worked on last.
pub(crate) const DOCUMENT: &str = "brokerlab.document";
/// Language, theme, colouring.
pub(crate) const PREFERENCES: &str = "brokerlab.preferences";
/// Folded panels.
pub(crate) const PANELS: &str = "brokerlab.panels";

#[wasm_bindgen]
extern "C" {
    /// `www/js/before.js` keeps the last good document outside of the program, so that it can be
    /// offered for download when the program stops.
    #[wasm_bindgen(catch, js_namespace = brokerlabStart, js_name = keep)]
    fn keep_outside(text: &str) -> Result<(), JsValue>;

    /// Shows what stands instead of the page when the program stopped.
    #[wasm_bindgen(catch, js_namespace = brokerlabStart, js_name = crashed)]
    fn show_crash(reason: &str) -> Result<(), JsValue>;
}

fn storage() -> Option<Storage> {
    // Reading the property throws when storage is forbidden.
    browser::window()?.local_storage().ok().flatten()
}

/// Whoever puts the page into a frame may wish that it leaves a person's own work alone, and says so
/// by the frame's name.
fn is_unkept() -> bool {
    let name = browser::window().and_then(|window| window.name().ok());
    name.is_some_and(|name| name == "brokerlab-unkept")
}

/// What was kept under that key.
#[must_use]
pub(crate) fn read(key: &str) -> Option<String> {
    if is_unkept() {
        return None;
    }
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a text; false when the storage is full or forbidden.
#[must_use]
pub(crate) fn write(key: &str, text: &str) -> bool {
    is_unkept() || storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// Keeps the work outside of the program as well.
pub(crate) fn keep_work(text: &str) {
    // Absent when the page is mounted by a test: then there is nothing to keep for.
    let _ = keep_outside(text);
}

/// Says that the program stopped, and offers the work that was kept.
pub fn crashed(reason: &str) {
    let _ = show_crash(reason);
}
