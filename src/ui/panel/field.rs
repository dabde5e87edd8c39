//! One property in the inspector: label, input, unit, help, error.
//!
//! What is being typed stays as typed while the field has the focus; the app hears of it after a
//! short rest and at once on Enter. Deliberately not here: what a value means.

use crate::app::Action;
use crate::app::view::{FieldInput, FieldView};
use crate::ui::shell::Shell;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::{Component, Context, Html, InputEvent, Properties, classes, html};

/// A pause in typing after which a number takes effect.
const TYPING_REST_MS: u32 = 300;

/// A field.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct FieldProps {
    /// What is edited.
    pub(crate) view: FieldView,
    /// The app.
    pub(crate) shell: Shell,
}

/// What happens to a field.
#[derive(Debug)]
pub(crate) enum FieldMsg {
    /// This is typed now.
    Typed(String),
    /// The typing rested.
    Rested,
    /// Enter, or the focus is gone.
    Done,
    /// A switch or a choice: takes effect at once.
    Chosen(String),
}

/// A field.
#[derive(Debug, Default)]
pub(crate) struct Field {
    /// What is typed, while it is.
    draft: Option<String>,
    /// What the app was told last of this draft.
    told: Option<String>,
    rest: Option<Timeout>,
}

impl Field {
    fn tell(&mut self, ctx: &Context<Self>) {
        self.rest = None;
        let Some(draft) = self.draft.clone() else {
            return;
        };
        let known = self
            .told
            .as_ref()
            .unwrap_or_else(|| &ctx.props().view.value);
        if *known != draft {
            self.told = Some(draft.clone());
            ctx.props().shell.dispatch(Action::SetField {
                key: ctx.props().view.key.clone(),
                value: draft,
            });
        }
    }
}

impl Component for Field {
    type Message = FieldMsg;
    type Properties = FieldProps;

    fn create(_ctx: &Context<Self>) -> Self {
        Self::default()
    }

    fn update(&mut self, ctx: &Context<Self>, message: FieldMsg) -> bool {
        match message {
            FieldMsg::Typed(text) => {
                self.draft = Some(text);
                // A name takes effect when it is finished; half a name would be declared and bound.
                if matches!(ctx.props().view.input, FieldInput::Quantity { .. }) {
                    let link = ctx.link().clone();
                    self.rest = Some(Timeout::new(TYPING_REST_MS, move || {
                        link.send_message(FieldMsg::Rested);
                    }));
                }
                false
            }
            FieldMsg::Rested => {
                self.tell(ctx);
                false
            }
            FieldMsg::Done => {
                self.tell(ctx);
                self.draft = None;
                self.told = None;
                true
            }
            FieldMsg::Chosen(value) => {
                ctx.props().shell.dispatch(Action::SetField {
                    key: ctx.props().view.key.clone(),
                    value,
                });
                false
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let view = &ctx.props().view;
        let id = format!("field-{}", view.key);
        let (help, error) = (format!("{id}-help"), format!("{id}-error"));
        let described = if view.error.is_some() {
            format!("{error} {help}")
        } else {
            help.clone()
        };
        let switch = matches!(view.input, FieldInput::Switch);
        html! {
            <div class={classes!("field", switch.then_some("switch"),
                view.error.is_some().then_some("wrong"))} data-field={view.key.clone()}>
                <label for={id.clone()}>{ &view.label }</label>
                { self.input(ctx, id, described) }
                if let Some(text) = &view.error {
                    <p class="error" id={error} role="alert">{ text }</p>
                }
                <p class="help" id={help}>{ &view.help }</p>
            </div>
        }
    }
}

impl Field {
    fn input(&self, ctx: &Context<Self>, id: String, described: String) -> Html {
        let view = &ctx.props().view;
        match &view.input {
            FieldInput::Text => self.line(ctx, id, described, ""),
            FieldInput::Quantity { unit } => self.line(ctx, id, described, unit),
            FieldInput::Fixed => html! {
                <output {id} aria-describedby={described}>{ &view.value }</output>
            },
            FieldInput::Lines => self.lines(ctx, id, described),
            FieldInput::Switch => switch(ctx, id, described),
            FieldInput::Choice(choices) => choice(ctx, id, described, choices),
        }
    }

    fn shown(&self, ctx: &Context<Self>) -> String {
        self.draft
            .clone()
            .unwrap_or_else(|| ctx.props().view.value.clone())
    }

    fn line(&self, ctx: &Context<Self>, id: String, described: String, unit: &str) -> Html {
        let link = ctx.link();
        let oninput = link.callback(|event: InputEvent| {
            FieldMsg::Typed(value_of::<HtmlInputElement>(
                &event,
                HtmlInputElement::value,
            ))
        });
        let onkeydown = link.batch_callback(|event: yew::KeyboardEvent| {
            (event.key() == "Enter").then_some(FieldMsg::Done)
        });
        let onblur = link.callback(|_: yew::FocusEvent| FieldMsg::Done);
        let wrong = ctx.props().view.error.is_some();
        html! {
            <span class="line">
                <input type="text" {id} value={self.shown(ctx)} {oninput} {onkeydown} {onblur}
                    autocomplete="off" spellcheck="false" aria-describedby={described}
                    aria-invalid={wrong.then_some("true")} />
                if !unit.is_empty() { <span class="unit">{ unit }</span> }
            </span>
        }
    }

    fn lines(&self, ctx: &Context<Self>, id: String, described: String) -> Html {
        let link = ctx.link();
        let oninput = link.callback(|event: InputEvent| {
            FieldMsg::Typed(value_of::<HtmlTextAreaElement>(
                &event,
                HtmlTextAreaElement::value,
            ))
        });
        let onblur = link.callback(|_: yew::FocusEvent| FieldMsg::Done);
        html! {
            <textarea {id} rows="5" value={self.shown(ctx)} {oninput} {onblur} spellcheck="false"
                aria-describedby={described} />
        }
    }
}

fn switch(ctx: &Context<Field>, id: String, described: String) -> Html {
    let on = ctx.props().view.value == "true";
    let onchange = ctx.link().callback(move |_: yew::Event| {
        FieldMsg::Chosen(if on { "false" } else { "true" }.to_owned())
    });
    html! { <input type="checkbox" {id} checked={on} {onchange} aria-describedby={described} /> }
}

fn choice(
    ctx: &Context<Field>,
    id: String,
    described: String,
    choices: &[(String, String)],
) -> Html {
    let value = &ctx.props().view.value;
    let onchange = ctx.link().callback(|event: yew::Event| {
        FieldMsg::Chosen(value_of::<HtmlSelectElement>(
            &event,
            HtmlSelectElement::value,
        ))
    });
    html! {
        <select {id} {onchange} aria-describedby={described}>
            { for choices.iter().map(|(choice, label)| html! {
                <option value={choice.clone()} selected={choice == value}>{ label }</option>
            }) }
        </select>
    }
}

fn value_of<T: JsCast>(event: &web_sys::Event, value: impl Fn(&T) -> String) -> String {
    event
        .target()
        .and_then(|target| target.dyn_into::<T>().ok())
        .map(|element| value(&element))
        .unwrap_or_default()
}
