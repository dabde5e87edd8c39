//! All actions with their keys, searchable: a command palette and a list of shortcuts in one.
//!
//! Deliberately not here: the actions themselves.

use super::{Done, OpenDialog};
use crate::app::Action;
use crate::app::view::ActionView;
use crate::ui::hand::{Deed, click, value_of};
use crate::ui::part::each;
use crate::ui::shell::Notice;
use yew::{Callback, Html, InputEvent, KeyboardEvent, html};

pub(super) fn draw(dialog: &OpenDialog, all: &[ActionView], sought: &str) -> Html {
    let (words, shell) = (dialog.words, &dialog.shell);
    let oninput = {
        let shell = shell.clone();
        Callback::from(move |event: InputEvent| {
            shell.notify(Notice::Done(Done::Sought(value_of(&event))));
        })
    };
    let found: Vec<&ActionView> = all
        .iter()
        .filter(|action| matches(action, sought))
        .collect();
    let first = found
        .iter()
        .find(|action| action.enabled)
        .map(|action| action.id.clone());
    let onkeydown = {
        let shell = shell.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let (true, Some(id)) = (event.key() == "Enter", &first) {
                shell.act(Deed::CloseAndDo(Action::Perform(id.clone())));
            }
        })
    };
    html! {<>
        <input type="search" class="search" id="action-search" value={sought.to_owned()} {oninput}
            {onkeydown} aria-label={words.search_actions()}
            placeholder={words.search_actions()} autocomplete="off" spellcheck="false" />
        if found.is_empty() { <p>{ words.nothing_found() }</p> }
        <p><button type="button" class="text-button" data-action="about"
            onclick={click(shell, Deed::CloseAndTell(Notice::About))}>
            { words.about() }
        </button></p>
        <ul class="action-list">
            { each(found.into_iter().map(|action| entry(dialog, action))) }
        </ul>
    </>}
}

fn matches(action: &ActionView, sought: &str) -> bool {
    let sought = sought.trim().to_ascii_lowercase();
    action.label.to_ascii_lowercase().contains(&sought) || action.id.contains(&sought)
}

fn entry(dialog: &OpenDialog, action: &ActionView) -> Html {
    let deed = Deed::CloseAndDo(Action::Perform(action.id.clone()));
    html! {
        <li key={action.id.clone()}>
            <button type="button" class="action-row" data-action={action.id.clone()}
            onclick={click(&dialog.shell, deed)}
                disabled={!action.enabled}>
                <span>{ &action.label }</span>
                if !action.shortcut.is_empty() { <kbd>{ &action.shortcut }</kbd> }
            </button>
        </li>
    }
}
