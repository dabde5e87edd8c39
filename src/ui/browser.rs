//! The few things the page needs from the browser, each behind one plain function.
//!
//! A browser that refuses one of them (a blocked clipboard, no storage) is answered with `None` or
//! `false`, never with a panic. Deliberately not here: what any of it is for.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    AddEventListenerOptions, Blob, BlobPropertyBag, Document, Element, Event, EventTarget, File,
    HtmlAnchorElement, HtmlElement, HtmlInputElement, Url, Window,
};

/// A listener that is taken off its target when it is dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut(Event)>,
    capture: bool,
}

impl Listener {
    /// Listens on `target`; not passive, so that the default may be prevented.
    pub(crate) fn new(
        target: &EventTarget,
        name: &'static str,
        capture: bool,
        act: impl FnMut(Event) + 'static,
    ) -> Self {
        Self::boxed(target, name, capture, Box::new(act))
    }

    /// Of one kind for all, since each kind costs the download.
    fn boxed(
        target: &EventTarget,
        name: &'static str,
        capture: bool,
        act: Box<dyn FnMut(Event)>,
    ) -> Self {
        let closure = Closure::wrap(act);
        let options = AddEventListenerOptions::new();
        options.set_passive(false);
        options.set_capture(capture);
        // Fails only for a target that is gone; then nothing will be heard anyway.
        let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
            name,
            closure.as_ref().unchecked_ref(),
            &options,
        );
        Self {
            target: target.clone(),
            name,
            closure,
            capture,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback: &Function = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback_and_bool(
            self.name,
            callback,
            self.capture,
        );
    }
}

/// The window; a worker has none, and the page does not run in one.
#[must_use]
pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
#[must_use]
pub(crate) fn document() -> Option<Document> {
    window().and_then(|window| window.document())
}

/// Milliseconds since the page was loaded; for pacing frames only.
#[must_use]
pub(crate) fn now_ms() -> f64 {
    window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

/// Whether a media query holds now.
#[must_use]
pub(crate) fn media(query: &str) -> bool {
    window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|list| list.matches())
}

/// Hears when the answer to a media query changes.
pub(crate) fn on_media(query: &str, mut act: impl FnMut() + 'static) -> Option<Listener> {
    let list = window()?.match_media(query).ok().flatten()?;
    Some(Listener::new(&list, "change", false, move |_| act()))
}

/// Does something later, unless what is given back is dropped before.
pub(crate) fn after(wait_ms: u32, act: impl FnOnce() + 'static) -> Timeout {
    let act: Box<dyn FnOnce()> = Box::new(act);
    Timeout::new(wait_ms, act)
}

/// The element with that id.
#[must_use]
pub(crate) fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// The element that an event began at.
#[must_use]
pub(crate) fn target_of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Offers a text as a file.
pub(crate) fn download(name: &str, mime: &str, text: &str) -> Option<()> {
    let parts = Array::of1(&JsValue::from_str(text));
    let bag = BlobPropertyBag::new();
    bag.set_type(mime);
    let blob = Blob::new_with_str_sequence_and_options(&parts, &bag).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlAnchorElement = document()?.create_element("a").ok()?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The click has taken the blob; a short wait lets slow browsers start first.
    after(10_000, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Some(())
}

/// Asks for one file and gives it to `act`; nothing happens when the person changes their mind.
pub(crate) fn pick_file(accept: &str, act: impl FnMut(File) + 'static) -> Option<()> {
    let input: HtmlInputElement = document()?.create_element("input").ok()?.unchecked_into();
    input.set_type("file");
    input.set_accept(accept);
    let mut act = act;
    let seen = input.clone();
    let changed = Closure::<dyn FnMut()>::new(move || {
        if let Some(file) = seen.files().and_then(|files| files.get(0)) {
            act(file);
        }
    });
    input.set_onchange(Some(changed.as_ref().unchecked_ref()));
    // Lives as long as the input may still answer, which nobody can know: a few bytes a file.
    changed.forget();
    input.click();
    Some(())
}

/// Reads a file as text; `None` when the browser cannot.
pub(crate) fn read_file(file: File, act: impl FnOnce(String, Option<String>) + 'static) {
    spawn_local(async move {
        let name = file.name();
        let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
        act(name, text.ok().and_then(|text| text.as_string()));
    });
}

/// Puts a text on the clipboard; `act` hears whether it worked.
pub(crate) fn copy(text: &str, act: impl FnOnce(bool) + 'static) {
    let promise = window().map(|window| window.navigator().clipboard().write_text(text));
    spawn_local(async move {
        let worked = match promise {
            Some(promise) => wasm_bindgen_futures::JsFuture::from(promise).await.is_ok(),
            None => false,
        };
        act(worked);
    });
}

/// Gives an element the keyboard focus without scrolling the page.
pub(crate) fn focus(element: &Element) {
    // Elements of drawings have the same method; one that has none refuses.
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}
