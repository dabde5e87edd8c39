//! The page: sets the panic hook, takes its texts and mounts the root component. Nothing else
//! happens here.

fn main() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        brokerlab::api::latch();
        brokerlab::ui::crashed(&info.to_string());
    }));
    if let Err(wrong) = brokerlab::ui::take_texts() {
        // Thrown into `www/js/start.mjs`, which says in both languages that the page did not load.
        wasm_bindgen::throw_str(&wrong.to_string());
    }
    // Without an element to stand in there is nothing to show, and nobody to tell.
    let _ = brokerlab::ui::Page::mount(None);
}
