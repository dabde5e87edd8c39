//! The gallery of scenarios.
//!
//! Deliberately not here: the scenarios; they are data files.

use super::ContentProps;
use crate::app::Action;
use yew::{Callback, Html, function_component, html, use_memo};

#[function_component(Gallery)]
pub(super) fn gallery(props: &ContentProps) -> Html {
    let shell = props.shell.clone();
    let entries = use_memo(props.words, move |_| {
        shell.with(|app| app.gallery()).unwrap_or_default()
    });
    let open = |key: &str| {
        let (shell, close, key) = (props.shell.clone(), props.close.clone(), key.to_owned());
        Callback::from(move |_: yew::MouseEvent| {
            shell.dispatch(Action::OpenGallery(key.clone()));
            close.emit(());
        })
    };
    html! {<>
        <p class="muted">{ props.words.gallery_help() }</p>
        <ul class="cards">
            { for entries.iter().map(|entry| html! {
                <li key={entry.key.clone()}>
                    <button type="button" class="card" data-scenario={entry.key.clone()}
                        onclick={open(&entry.key)}>
                        <strong>{ &entry.title }</strong>
                        <span>{ &entry.description }</span>
                    </button>
                </li>
            }) }
        </ul>
    </>}
}
