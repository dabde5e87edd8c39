//! What a click or a choice does, said as data: one listener of each kind serves the whole page.
//!
//! Deliberately not here: pointers on the stage (`stage/input.rs`).

use crate::app::Action;
use crate::ui::shell::{Notice, Shell};
use wasm_bindgen::JsValue;
use yew::{Callback, Event, MouseEvent};

/// What a click does.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    /// Hands an action to the app.
    Do(Action),
    /// Tells the page.
    Tell(Notice),
    /// Closes the dialog, then the first.
    CloseAndDo(Action),
    /// Closes the dialog, then the second.
    CloseAndTell(Notice),
}

impl Shell {
    /// Does what a click stands for.
    pub(crate) fn act(&self, deed: Deed) {
        match deed {
            Deed::Do(action) => self.dispatch(action),
            Deed::Tell(notice) => self.notify(notice),
            Deed::CloseAndDo(action) => {
                self.notify(Notice::Closed);
                self.dispatch(action);
            }
            Deed::CloseAndTell(notice) => {
                self.notify(Notice::Closed);
                self.notify(notice);
            }
        }
    }
}

/// A click that does this.
pub(crate) fn click(shell: &Shell, deed: Deed) -> Callback<MouseEvent> {
    let shell = shell.clone();
    Callback::from(move |_| shell.act(deed.clone()))
}

/// A click that does a named action.
pub(crate) fn perform(shell: &Shell, id: &str) -> Callback<MouseEvent> {
    click(shell, Deed::Do(Action::Perform(id.to_owned())))
}

/// A choice that does the action which belongs to the chosen value.
pub(crate) fn choose(shell: &Shell, action: fn(String) -> Option<Action>) -> Callback<Event> {
    let shell = shell.clone();
    Callback::from(move |event: Event| {
        if let Some(action) = action(value_of(&event)) {
            shell.dispatch(action);
        }
    })
}

/// What stands in the field that an event comes from.
pub(crate) fn value_of(event: &web_sys::Event) -> String {
    event
        .target()
        .and_then(|target| js_sys::Reflect::get(&target, &JsValue::from_str("value")).ok())
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

/// How an attribute says yes or no.
pub(crate) const fn yes(on: bool) -> &'static str {
    if on { "true" } else { "false" }
}
