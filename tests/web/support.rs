//! A page to test: mounted in an element of its own, taken away afterwards.
//!
//! Deliberately not here: what is promised.

use brokerlab::ui::Page;
use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, KeyboardEvent, KeyboardEventInit};

/// The document.
pub(crate) fn document() -> web_sys::Document {
    web_sys::window()
        .and_then(|window| window.document())
        .unwrap()
}

/// Lets the browser draw, and the page answer.
pub(crate) async fn rest(ms: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let window = web_sys::window().unwrap();
        window
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms)
            .unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

/// A mounted page.
pub(crate) struct Stand {
    page: Option<Page>,
    element: Element,
}

impl Stand {
    /// Mounts a page over hello world.
    pub(crate) async fn new() -> Self {
        let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
        storage.clear().unwrap();
        let element = document().create_element("div").unwrap();
        element.set_id("app");
        document().body().unwrap().append_child(&element).unwrap();
        let page = Page::mount(Some(element.clone()));
        assert!(page.is_some());
        let stand = Self { page, element };
        stand.until("#stage", 1).await;
        for _ in 0..100 {
            if stand
                .find("#time")
                .text_content()
                .is_some_and(|time| !time.is_empty())
            {
                break;
            }
            rest(50).await;
        }
        stand
    }

    /// The first element that fits.
    pub(crate) fn find(&self, selector: &str) -> Element {
        let found = self.element.query_selector(selector).unwrap();
        found.unwrap_or_else(|| panic!("nothing fits {selector}"))
    }

    /// How many fit.
    pub(crate) fn count(&self, selector: &str) -> u32 {
        self.element.query_selector_all(selector).unwrap().length()
    }

    /// Waits until so many fit; a busy machine draws late.
    pub(crate) async fn until(&self, selector: &str, wanted: u32) {
        for _ in 0..100 {
            if self.count(selector) == wanted {
                return;
            }
            rest(50).await;
        }
        assert_eq!(self.count(selector), wanted, "{selector}");
    }

    /// Clicks the first element that fits.
    pub(crate) async fn click(&self, selector: &str) {
        let element: HtmlElement = self.find(selector).dyn_into().unwrap();
        element.click();
        rest(80).await;
    }

    /// Presses a key on the first element that fits.
    pub(crate) async fn key(&self, selector: &str, key: &str) {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        self.find(selector).dispatch_event(&event).unwrap();
        rest(80).await;
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        if let Some(page) = self.page.take() {
            page.take_away();
        }
        self.element.remove();
    }
}
