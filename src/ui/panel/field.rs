//! One property in the inspector: label, input, unit, help, error.
//!
//! What is being typed stays as typed while the field has the focus; the app hears of it after a
//! short rest and at once on Enter. Deliberately not here: what a value means.

use crate::app::Action;
use crate::app::view::{FieldInput, FieldView};
use crate::ui::hand::value_of;
use crate::ui::panel::button::option;
use crate::ui::part::each;
use crate::ui::shell::{Notice, Shell};
use gloo_timers::callback::Timeout;
use yew::{Callback, FocusEvent, Html, InputEvent, KeyboardEvent, html};

/// A pause in typing after which a number takes effect.
const TYPING_REST_MS: u32 = 300;

/// What is typed at the moment: in one field at a time.
#[derive(Debug)]
pub(crate) struct Draft {
    /// Whose field, and which.
    place: String,
    key: String,
    text: String,
    /// What the app knows of it.
    known: String,
    rest: Option<Timeout>,
}

fn tell(shell: &Shell) {
    let told = shell.draft().borrow_mut().as_mut().and_then(|draft| {
        draft.rest = None;
        (draft.known != draft.text).then(|| {
            draft.known.clone_from(&draft.text);
            (draft.key.clone(), draft.text.clone())
        })
    });
    if let Some((key, value)) = told {
        shell.dispatch(Action::SetField { key, value });
    }
}

/// Enter, or the focus is gone.
fn done(shell: &Shell) {
    tell(shell);
    if shell.draft().take().is_some() {
        shell.notify(Notice::Typed);
    }
}

/// One field, of the thing with that name.
pub(super) fn field(shell: &Shell, owner: &str, view: &FieldView) -> Html {
    let id = format!("field-{}", view.key);
    let (help, error) = (format!("{id}-help"), format!("{id}-error"));
    let (described, class) = match (&view.error, &view.input) {
        (Some(_), FieldInput::Switch) => (format!("{error} {help}"), "field switch wrong"),
        (Some(_), _) => (format!("{error} {help}"), "field wrong"),
        (None, FieldInput::Switch) => (help.clone(), "field switch"),
        (None, _) => (help.clone(), "field"),
    };
    let input = Input {
        shell,
        view,
        place: format!("{owner}/{}", view.key),
        id: id.clone(),
        described,
    };
    html! {
        <div key={view.key.clone()} {class} data-field={view.key.clone()}>
            <label for={id}>{ &view.label }</label>
            { input.draw() }
            if let Some(text) = &view.error {
                <p class="error" id={error} role="alert">{ text }</p>
            }
            <p class="help" id={help}>{ &view.help }</p>
        </div>
    }
}

/// What one types, ticks or chooses in.
struct Input<'a> {
    shell: &'a Shell,
    view: &'a FieldView,
    place: String,
    id: String,
    described: String,
}

impl Input<'_> {
    fn draw(self) -> Html {
        match &self.view.input {
            FieldInput::Text => self.line(""),
            FieldInput::Quantity { unit } => self.line(unit),
            FieldInput::Fixed => html! {
                <output id={self.id} aria-describedby={self.described}>{ &self.view.value }</output>
            },
            FieldInput::Lines => self.lines(),
            FieldInput::Switch => self.switch(),
            FieldInput::Choice(choices) => self.choice(choices),
        }
    }

    fn shown(&self) -> String {
        match &*self.shell.draft().borrow() {
            Some(draft) if draft.place == self.place => draft.text.clone(),
            _ => self.view.value.clone(),
        }
    }

    fn on_input(&self) -> Callback<InputEvent> {
        let shell = self.shell.clone();
        let (place, key) = (self.place.clone(), self.view.key.clone());
        let value = self.view.value.clone();
        // A name takes effect when it is finished; half a name would be declared and bound.
        let rests = matches!(self.view.input, FieldInput::Quantity { .. });
        Callback::from(move |event: InputEvent| {
            let before = shell.draft().take();
            let known = before
                .filter(|draft| draft.place == place)
                .map_or_else(|| value.clone(), |draft| draft.known);
            let rest = rests.then(|| {
                let shell = shell.clone();
                Timeout::new(TYPING_REST_MS, move || tell(&shell))
            });
            shell.draft().replace(Some(Draft {
                place: place.clone(),
                key: key.clone(),
                text: value_of(&event),
                known,
                rest,
            }));
        })
    }

    fn on_blur(&self) -> Callback<FocusEvent> {
        let shell = self.shell.clone();
        Callback::from(move |_| done(&shell))
    }

    /// What is ticked or chosen takes effect at once.
    fn on_change(&self, value: impl Fn(&yew::Event) -> String + 'static) -> Callback<yew::Event> {
        let (shell, key) = (self.shell.clone(), self.view.key.clone());
        Callback::from(move |event: yew::Event| {
            shell.dispatch(Action::SetField {
                key: key.clone(),
                value: value(&event),
            });
        })
    }

    fn line(&self, unit: &str) -> Html {
        let shell = self.shell.clone();
        let onkeydown = Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                done(&shell);
            }
        });
        let wrong = self.view.error.as_ref().map(|_| "true");
        html! {
            <span class="line">
                <input type="text" id={self.id.clone()} value={self.shown()}
                    oninput={self.on_input()} {onkeydown} onblur={self.on_blur()}
                    autocomplete="off" spellcheck="false" aria-describedby={self.described.clone()}
                    aria-invalid={wrong} />
                if !unit.is_empty() { <span class="unit">{ unit }</span> }
            </span>
        }
    }

    fn lines(&self) -> Html {
        html! {
            <textarea id={self.id.clone()} rows="5" value={self.shown()} oninput={self.on_input()}
                onblur={self.on_blur()} spellcheck="false" aria-describedby={self.described.clone()} />
        }
    }

    fn switch(self) -> Html {
        let on = self.view.value == "true";
        let onchange = self.on_change(move |_| crate::ui::hand::yes(!on).to_owned());
        html! {
            <input type="checkbox" id={self.id} checked={on} {onchange}
                aria-describedby={self.described} />
        }
    }

    fn choice(&self, choices: &[(String, String)]) -> Html {
        let onchange = self.on_change(value_of);
        html! {
            <select id={self.id.clone()} {onchange} aria-describedby={self.described.clone()}>
                { each(choices.iter().map(|(choice, label)| {
                    option(choice.clone(), label.clone(), *choice == self.view.value)
                })) }
            </select>
        }
    }
}
