//! One property in the inspector: label, input, unit, help, error.
//!
//! What is being typed stays as typed while the field has the focus; the app hears of it after a
//! short rest and at once on Enter. Deliberately not here: what a value means.

use crate::app::Action;
use crate::app::view::{FieldInput, FieldView};
use crate::ui::browser;
use crate::ui::element::{El, each, el, unless_empty};
use crate::ui::hand::{Deed, yes};
use crate::ui::panel::button::option;
use crate::ui::shell::{Notice, Shell};
use gloo_timers::callback::Timeout;

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
pub(crate) fn end_typing(shell: &Shell) {
    tell(shell);
    if shell.draft().take().is_some() {
        shell.notify(Notice::Typed);
    }
}

/// Into which field somebody types.
#[derive(Debug, Clone)]
pub(crate) struct Typing {
    /// Whose field, and which.
    place: String,
    key: String,
    /// What the app knows of it.
    known: String,
    /// A pause is enough to take effect.
    rests: bool,
}

impl Typing {
    /// Keeps what stands in the field now.
    pub(crate) fn take(&self, shell: &Shell, text: String) {
        let before = shell.draft().take();
        let known = before
            .filter(|draft| draft.place == self.place)
            .map_or_else(|| self.known.clone(), |draft| draft.known);
        let rest = self.rests.then(|| {
            let shell = shell.clone();
            browser::after(TYPING_REST_MS, move || tell(&shell))
        });
        shell.draft().replace(Some(Draft {
            place: self.place.clone(),
            key: self.key.clone(),
            text,
            known,
            rest,
        }));
    }
}

/// One field, of the thing with that name.
pub(super) fn field(shell: &Shell, owner: &str, view: &FieldView) -> El {
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
        id: &id,
        described: &described,
    };
    let wrong = view.error.as_ref();
    el("div")
        .key(&view.key)
        .set("class", class)
        .set("data-field", &view.key)
        .kid(el("label").set("for", &id).text(&view.label))
        .kid(input.draw())
        .kid(wrong.map(|text| {
            el("p class='error' role='alert'")
                .set("id", &error)
                .text(text)
        }))
        .kid(el("p class='help'").set("id", &help).text(&view.help))
}

/// What one types, ticks or chooses in.
struct Input<'a> {
    shell: &'a Shell,
    view: &'a FieldView,
    place: String,
    id: &'a str,
    described: &'a str,
}

impl Input<'_> {
    fn draw(&self) -> El {
        match &self.view.input {
            FieldInput::Text => self.line(""),
            FieldInput::Quantity { unit } => self.line(unit),
            FieldInput::Fixed => self.named(el("output")).text(&self.view.value),
            FieldInput::Lines => self.typed(el("textarea rows='5' spellcheck='false'")),
            FieldInput::Switch => self.switch(),
            FieldInput::Choice(choices) => self.choice(choices),
        }
    }

    /// Gives the element its name and description.
    fn named(&self, input: El) -> El {
        input
            .set("id", self.id)
            .set("aria-describedby", self.described)
    }

    /// Makes the element one for typing in.
    fn typed(&self, input: El) -> El {
        let shown = match &*self.shell.draft().borrow() {
            Some(draft) if draft.place == self.place => draft.text.clone(),
            _ => self.view.value.clone(),
        };
        let typing = Typing {
            place: self.place.clone(),
            key: self.view.key.clone(),
            known: self.view.value.clone(),
            // A name takes effect when it is finished; half a name would be declared and bound.
            rests: matches!(self.view.input, FieldInput::Quantity { .. }),
        };
        self.named(input)
            .value(&shown)
            .on("input", self.shell, Deed::Type(typing))
            .on("blur", self.shell, Deed::EndTyping)
    }

    fn line(&self, unit: &str) -> El {
        let wrong = self.view.error.as_ref().map(|_| "true");
        let input = el("input type='text' autocomplete='off' spellcheck='false'")
            .maybe("aria-invalid", wrong)
            .on(
                "keydown",
                self.shell,
                Deed::OnEnter(Box::new(Deed::EndTyping)),
            );
        el("span class='line'")
            .kid(self.typed(input))
            .kid(unless_empty("span class='unit'", unit))
    }

    /// What is ticked or chosen takes effect at once.
    fn switch(&self) -> El {
        let on = self.view.value == "true";
        let turn = Deed::Do(Action::SetField {
            key: self.view.key.clone(),
            value: yes(!on).to_owned(),
        });
        self.named(el("input type='checkbox'"))
            .checked(on)
            .on("change", self.shell, turn)
    }

    fn choice(&self, choices: &[(String, String)]) -> El {
        let choices = choices
            .iter()
            .map(|(choice, label)| option(choice, label, *choice == self.view.value));
        self.named(el("select"))
            .on("change", self.shell, Deed::SetField(self.view.key.clone()))
            .kid(each(choices))
    }
}
