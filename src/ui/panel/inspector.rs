//! What is selected: its properties, what was measured, its messages, what can be done with it.
//!
//! Deliberately not here: what the properties mean; the app says so.

use crate::app::view::{InspectorView, SectionView};
use crate::app::{Action, Words};
use crate::types::MessageId;
use crate::ui::panel::ActionButton;
use crate::ui::panel::field::Field;
use crate::ui::shell::Shell;
use std::rc::Rc;
use yew::{Callback, Html, Properties, function_component, html};

/// The inspector.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct InspectorProps {
    /// What is selected.
    pub(crate) view: Rc<InspectorView>,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

/// The inspector.
#[function_component(Inspector)]
pub(crate) fn inspector(props: &InspectorProps) -> Html {
    let view = &props.view;
    html! {
        <div class="inspector-content">
            <header class="inspector-head">
                <h2 id="inspector-title">{ &view.title }</h2>
                <p class="subtitle">{ &view.subtitle }</p>
            </header>
            if !view.help.is_empty() { <p class="help">{ &view.help }</p> }
            { for view.problems.iter().map(|problem| html! {
                <p class="problem-line" role="note">{ problem }</p>
            }) }
            if !view.actions.is_empty() {
                <div class="inspector-actions">
                    { for view.actions.iter().map(|action| html! {
                        <ActionButton key={action.id.clone()} action={Some(action.clone())}
                            shell={props.shell.clone()} class="small" />
                    }) }
                </div>
            }
            { measured(props) }
            { messages(props) }
            { for view.sections.iter().map(|section| html! {
                <Section key={format!("{}/{}", view.title, section.title)}
                    view={section.clone()} shell={props.shell.clone()} />
            }) }
        </div>
    }
}

fn measured(props: &InspectorProps) -> Html {
    let numbers = &props.view.numbers;
    if numbers.is_empty() {
        return Html::default();
    }
    html! {
        <section class="measured" aria-label={props.words.measured()}>
            <h3>{ props.words.measured() }</h3>
            <dl>
                { for numbers.iter().map(|(label, value)| html! {
                    <div key={label.clone()}><dt>{ label }</dt><dd>{ value }</dd></div>
                }) }
            </dl>
        </section>
    }
}

fn messages(props: &InspectorProps) -> Html {
    let messages = &props.view.messages;
    if messages.is_empty() {
        return Html::default();
    }
    let follow = |message: MessageId| {
        let shell = props.shell.clone();
        Callback::from(move |_: yew::MouseEvent| shell.dispatch(Action::Follow(Some(message))))
    };
    html! {
        <section class="messages-here">
            <h3>{ props.words.messages_here() }</h3>
            <ol>
                { for messages.iter().map(|(message, text)| html! {
                    <li key={message.0}>
                        <button type="button" class="text-button" onclick={follow(*message)}>{ text }</button>
                    </li>
                }) }
            </ol>
        </section>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct SectionProps {
    view: SectionView,
    shell: Shell,
}

#[function_component(Section)]
fn section(props: &SectionProps) -> Html {
    let view = &props.view;
    html! {
        <details class="section" open={view.open}>
            <summary>{ &view.title }</summary>
            { for view.fields.iter().map(|field| html! {
                <Field key={field.key.clone()} view={field.clone()} shell={props.shell.clone()} />
            }) }
        </details>
    }
}
