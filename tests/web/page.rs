//! The page mounts, is named for screen readers, and answers keys.
//!
//! Deliberately not here: dragging and looks; the end-to-end tests have a real pointer.

use crate::support::Stand;
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
async fn opens_on_hello_world() {
    let page = Stand::new().await;
    assert!(page.count("#stage [data-node]") >= 3);
    assert!(page.count("#stage [data-edge]") >= 2);
    assert_eq!(
        page.find("#time").text_content().as_deref(),
        Some("00:00:00.000")
    );
    assert_eq!(page.count("#play"), 1);
}

#[test]
async fn every_box_is_named_and_one_is_a_tab_stop() {
    let page = Stand::new().await;
    let all = page.count("#stage [data-node]");
    assert_eq!(
        page.count("#stage [data-node][role=option][aria-label]"),
        all
    );
    assert_eq!(page.count("#stage [data-node][tabindex='0']"), 1);
    assert_eq!(page.count("#stage[role=listbox][aria-label]"), 1);
}

#[test]
async fn every_button_has_a_name() {
    let page = Stand::new().await;
    let buttons = page.count("button");
    let named = page.count("button[aria-label]");
    let with_text = page.count("button:not([aria-label]) > span, button.text-button");
    assert!(buttons > 10);
    assert!(
        named + with_text >= buttons,
        "{named} + {with_text} of {buttons}"
    );
}

#[test]
async fn arrow_keys_go_from_box_to_box() {
    let page = Stand::new().await;
    page.key("#stage .producer", "ArrowRight").await;
    page.key("#stage .producer", "ArrowRight").await;
    page.until("#stage [data-node][aria-selected=true]", 1)
        .await;
    assert!(page.count(".inspector-panel .field") > 0);
}

#[test]
async fn a_palette_click_without_pointer_adds() {
    let page = Stand::new().await;
    let before = page.count("#stage [data-node]");
    page.click("[data-item=queue]").await;
    page.until("#stage [data-node]", before + 1).await;
    page.click("[data-action=undo]").await;
    page.until("#stage [data-node]", before).await;
}

#[test]
async fn nothing_has_an_inline_style() {
    let page = Stand::new().await;
    page.click("#play").await;
    crate::support::rest(300).await;
    assert_eq!(page.count("[style]"), 0);
}

#[test]
async fn dialogs_open_and_close() {
    let page = Stand::new().await;
    for action in ["gallery", "actions", "add-load"] {
        page.click(&format!("[data-action={action}]")).await;
        page.until("dialog[open]", 1).await;
        page.click("#dialog-close").await;
        page.until("dialog", 0).await;
    }
    page.click("#about-button").await;
    page.until("dialog[open]", 1).await;
    assert!(
        page.find("#affiliation")
            .text_content()
            .is_some_and(|text| text.contains("not affiliated"))
    );
}
