//! The page: sets the panic hook and mounts the root component. Nothing else happens here.

fn main() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        brokerlab::api::latch();
        brokerlab::ui::crashed(&info.to_string());
    }));
    // Without an element to stand in there is nothing to show, and nobody to tell.
    let _ = brokerlab::ui::Page::mount(None);
}
