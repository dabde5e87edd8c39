//! The gallery of scenarios.
//!
//! Deliberately not here: the scenarios; they are data files.

use super::OpenDialog;
use crate::app::Action;
use crate::app::view::GalleryEntry;
use crate::ui::hand::{Deed, click};
use crate::ui::part::each;
use yew::{Html, html};

pub(super) fn draw(dialog: &OpenDialog, entries: &[GalleryEntry]) -> Html {
    let open = |key: &str| {
        let deed = Deed::CloseAndDo(Action::OpenGallery(key.to_owned()));
        click(&dialog.shell, deed)
    };
    html! {<>
        <p class="muted">{ dialog.words.gallery_help() }</p>
        <ul class="cards">
            { each(entries.iter().map(|entry| html! {
                <li>
                    <button type="button" class="card" data-scenario={entry.key.clone()}
                        onclick={open(&entry.key)}>
                        <strong>{ &entry.title }</strong>
                        <span>{ &entry.description }</span>
                    </button>
                </li>
            })) }
        </ul>
    </>}
}
