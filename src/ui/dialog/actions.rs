//! All actions with their keys, searchable: a command palette and a list of shortcuts in one.
//!
//! Deliberately not here: the actions themselves.

use super::ContentProps;
use crate::app::view::ActionView;
use crate::ui::shell::Notice;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::{Callback, Html, function_component, html, use_memo, use_state};

#[function_component(Actions)]
pub(super) fn actions(props: &ContentProps) -> Html {
    let shell = props.shell.clone();
    let all = use_memo(props.words, move |_| {
        shell.with(|app| app.actions()).unwrap_or_default()
    });
    let sought = use_state(String::new);
    let oninput = {
        let sought = sought.clone();
        Callback::from(move |event: yew::InputEvent| {
            let input = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            sought.set(input.map(|input| input.value()).unwrap_or_default());
        })
    };
    let found: Vec<&ActionView> = all
        .iter()
        .filter(|action| matches(action, &sought))
        .collect();
    let first = found
        .iter()
        .find(|action| action.enabled)
        .map(|action| action.id.clone());
    let onkeydown = {
        let (shell, close) = (props.shell.clone(), props.close.clone());
        Callback::from(move |event: yew::KeyboardEvent| {
            if let (true, Some(id)) = (event.key() == "Enter", &first) {
                close.emit(());
                shell.perform(id);
            }
        })
    };
    let about = {
        let (shell, close) = (props.shell.clone(), props.close.clone());
        Callback::from(move |_: yew::MouseEvent| {
            close.emit(());
            shell.notify(Notice::About);
        })
    };
    html! {<>
        <input type="search" class="search" id="action-search" value={(*sought).clone()} {oninput}
            {onkeydown} aria-label={props.words.search_actions()}
            placeholder={props.words.search_actions()} autocomplete="off" spellcheck="false" />
        if found.is_empty() { <p>{ props.words.nothing_found() }</p> }
        <p>
            <button type="button" class="text-button" data-action="about" onclick={about}>
                { props.words.about() }
            </button>
        </p>
        <ul class="action-list">
            { for found.into_iter().map(|action| entry(props, action)) }
        </ul>
    </>}
}

fn matches(action: &ActionView, sought: &str) -> bool {
    let sought = sought.trim().to_ascii_lowercase();
    action.label.to_ascii_lowercase().contains(&sought) || action.id.contains(&sought)
}

fn entry(props: &ContentProps, action: &ActionView) -> Html {
    let onclick = {
        let (shell, close, id) = (props.shell.clone(), props.close.clone(), action.id.clone());
        Callback::from(move |_: yew::MouseEvent| {
            close.emit(());
            shell.perform(&id);
        })
    };
    html! {
        <li key={action.id.clone()}>
            <button type="button" class="action-row" data-action={action.id.clone()} {onclick}
                disabled={!action.enabled}>
                <span>{ &action.label }</span>
                if !action.shortcut.is_empty() { <kbd>{ &action.shortcut }</kbd> }
            </button>
        </li>
    }
}
