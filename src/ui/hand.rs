//! What clicks, choices and keys on elements do, said as data: one kind of listener serves the whole
//! page.
//!
//! Deliberately not here: pointers on the stage (`stage/input.rs`).

use crate::app::{Action, PaletteItem, PointerPhase};
use crate::ui::dialog::Done;
use crate::ui::panel::{self, Typing};
use crate::ui::shell::{Notice, Shell};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, KeyboardEvent};

/// What is done when an event comes.
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
    /// Does the action which belongs to the value that was chosen.
    Choose(fn(String) -> Option<Action>),
    /// Takes the text of a field in a dialog.
    Write(fn(String) -> Done),
    /// Takes the form of a dialog.
    Submit(Done),
    /// Sets this property to the value that was chosen.
    SetField(String),
    /// Takes what is being typed into a property.
    Type(Typing),
    /// Typing into a property has ended.
    EndTyping,
    /// Does that when the key is Enter.
    OnEnter(Box<Self>),
    /// A pointer on an item of the palette.
    Press(PaletteItem, PointerPhase),
    /// A click on an item of the palette.
    Pick(PaletteItem),
}

impl Deed {
    /// Does a named action.
    pub(crate) fn perform(id: &str) -> Self {
        Self::Do(Action::Perform(id.to_owned()))
    }
}

impl Shell {
    /// Does what an event stands for.
    pub(crate) fn hear(&self, deed: &Deed, event: &Event) {
        match deed {
            Deed::Do(action) => self.dispatch(action.clone()),
            Deed::Tell(notice) => self.notify(notice.clone()),
            Deed::CloseAndDo(action) => {
                self.notify(Notice::Closed);
                self.dispatch(action.clone());
            }
            Deed::CloseAndTell(notice) => {
                self.notify(Notice::Closed);
                self.notify(notice.clone());
            }
            Deed::Choose(action) => {
                if let Some(action) = action(value_of(event)) {
                    self.dispatch(action);
                }
            }
            Deed::Write(done) => self.notify(Notice::Done(done(value_of(event)))),
            Deed::Submit(done) => {
                event.prevent_default();
                self.notify(Notice::Done(done.clone()));
            }
            Deed::SetField(key) => self.dispatch(Action::SetField {
                key: key.clone(),
                value: value_of(event),
            }),
            Deed::Type(typing) => typing.take(self, value_of(event)),
            Deed::EndTyping => panel::end_typing(self),
            Deed::OnEnter(deed) => {
                // A browser that fills a field in sends keys that are none.
                let key = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key);
                if key.as_deref() == Some("Enter") {
                    self.hear(deed, event);
                }
            }
            Deed::Press(item, phase) => panel::press(self, *item, *phase, event.unchecked_ref()),
            Deed::Pick(item) => panel::pick(self, *item, event.unchecked_ref()),
        }
    }
}

/// What stands in the field that an event comes from.
pub(crate) fn value_of(event: &Event) -> String {
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
