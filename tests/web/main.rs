//! What needs a browser: the page and its JavaScript door, run by wasm-bindgen-test.
//!
//! The core suite is not here: it runs under wasm from the library itself (ARCHITECTURE.md,
//! "Tests").
#![cfg(all(target_arch = "wasm32", feature = "web"))]
#![expect(
    clippy::unwrap_used,
    reason = "a test whose page is not there has failed"
)]

use wasm_bindgen_test::{wasm_bindgen_test as test, wasm_bindgen_test_configure};

mod api;
mod page;
mod support;
mod wire;

wasm_bindgen_test_configure!(run_in_browser);

/// The tests really run in a window with a document, not in a worker or in Node.
#[test]
fn there_is_a_document() {
    let window = web_sys::window();
    assert!(window.and_then(|window| window.document()).is_some());
}
