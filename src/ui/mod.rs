//! The yew page: draws view models and sends actions.
//!
//! yew renders when something was edited, chosen or opened; what moves by itself (messages, numbers,
//! charts) is written by the frame loop, outside of yew. Layer 6. Deliberately not here: any truth
//! about the broker, the run or the document.

mod beside;
mod browser;
mod canvas;
mod chart;
mod dialog;
mod element;
mod frame_loop;
mod hand;
mod icon;
mod live;
mod numbers;
mod panel;
mod part;
mod root;
mod shell;
mod stage;
mod storage;
mod wire;

pub use beside::take_texts;
pub use root::{Root, RootProps};
pub use shell::Shell;
pub use storage::crashed;
pub use wire::{pipe_close, pipe_open, pipe_read, pipe_write};

use crate::app::{App, Start};
use web_sys::Element;

/// Room that bar, panels and charts take from a wide page at first, in CSS pixels. Only the first
/// guess of the stage's size; it is measured as soon as it is there.
const FRAME_WIDTH_PX: f64 = 440.0;
const FRAME_HEIGHT_PX: f64 = 300.0;

/// An app with what the browser kept and wishes.
#[must_use]
pub fn start() -> Shell {
    let size = |value: Option<wasm_bindgen::JsValue>| value.and_then(|value| value.as_f64());
    let window = browser::window();
    let width = size(window.as_ref().and_then(|window| window.inner_width().ok()));
    let height = size(
        window
            .as_ref()
            .and_then(|window| window.inner_height().ok()),
    );
    let document = storage::read(storage::DOCUMENT);
    if let Some(text) = &document {
        storage::keep_work(text);
    }
    Shell::new(App::new(Start {
        language: beside::language(),
        missing_languages: beside::missing_languages(),
        annex_missing: beside::ANNEX_MISSING,
        preferences: storage::read(storage::PREFERENCES),
        document,
        width: (width.unwrap_or(1280.0) - FRAME_WIDTH_PX).max(320.0),
        height: (height.unwrap_or(800.0) - FRAME_HEIGHT_PX).max(240.0),
    }))
}

/// A page that stands in a document.
pub struct Page {
    shell: Shell,
    handle: yew::AppHandle<Root>,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Page")
    }
}

impl Page {
    /// Puts the page into `element`, or into the document's `#app`; nothing where there is no place
    /// for it.
    #[must_use]
    pub fn mount(element: Option<Element>) -> Option<Self> {
        let element = element.or_else(|| browser::by_id("app"))?;
        let shell = start();
        wire::open_door(&shell);
        let props = RootProps {
            shell: shell.clone(),
        };
        let handle = yew::Renderer::<Root>::with_root_and_props(element, props).render();
        Some(Self { shell, handle })
    }

    /// Its shell.
    #[must_use]
    pub fn shell(&self) -> &Shell {
        &self.shell
    }

    /// Takes the page away.
    pub fn take_away(self) {
        self.shell.stop();
        self.handle.destroy();
    }
}
