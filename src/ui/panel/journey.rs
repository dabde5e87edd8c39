//! The journey of the message that is followed.
//!
//! Deliberately not here: how it is known; the app keeps it.

use crate::app::view::JourneyView;
use crate::app::{Action, Words};
use crate::types::NodeId;
use crate::ui::icon::icon;
use crate::ui::shell::Shell;
use std::rc::Rc;
use yew::{Callback, Html, Properties, function_component, html};

/// A journey.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct JourneyProps {
    /// What is known.
    pub(crate) view: Rc<JourneyView>,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

/// A journey.
#[function_component(Journey)]
pub(crate) fn journey(props: &JourneyProps) -> Html {
    let view = &props.view;
    let close = {
        let shell = props.shell.clone();
        Callback::from(move |_: yew::MouseEvent| shell.dispatch(Action::Follow(None)))
    };
    html! {
        <section class="journey" id="journey" aria-label={props.words.journey()}>
            <header class="inspector-head">
                <h2>{ &view.title }</h2>
                <button type="button" class="button bare" onclick={close}
                    aria-label={props.words.close()} title={props.words.close()}>
                    { icon("close") }
                </button>
            </header>
            <p class="why" role="status">{ &view.why }</p>
            <ol class="steps">
                { for view.steps.iter().map(|(time, text, node)| html! {
                    <li><time>{ time }</time>{ step(props, text, *node) }</li>
                }) }
            </ol>
            <h3>{ props.words.properties() }</h3>
            <dl>
                { for view.properties.iter().map(|(name, value)| html! {
                    <div><dt>{ name }</dt><dd>{ value }</dd></div>
                }) }
            </dl>
        </section>
    }
}

fn step(props: &JourneyProps, text: &str, node: Option<NodeId>) -> Html {
    let Some(node) = node else {
        return html! { <span>{ text }</span> };
    };
    let shell = props.shell.clone();
    let show = Callback::from(move |_: yew::MouseEvent| shell.dispatch(Action::Reveal(node)));
    html! { <button type="button" class="text-button" onclick={show}>{ text }</button> }
}
