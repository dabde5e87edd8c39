//! All actions with their keys, searchable: a command palette and a list of shortcuts in one.
//!
//! Deliberately not here: the actions themselves.

use super::{Done, OpenDialog};
use crate::app::Action;
use crate::app::view::ActionView;
use crate::ui::element::{El, each, el, unless_empty};
use crate::ui::hand::Deed;
use crate::ui::shell::Notice;

#[inline(never)]
pub(super) fn draw(dialog: &OpenDialog, all: &[ActionView], sought: &str, body: El) -> El {
    let (words, shell) = (dialog.words, &dialog.shell);
    let found: Vec<&ActionView> = all
        .iter()
        .filter(|action| matches(action, sought))
        .collect();
    let mut search = el("input type='search' class='search' id='action-search' \
        autocomplete='off' spellcheck='false'")
    .value(sought)
    .set("aria-label", words.search_actions())
    .set("placeholder", words.search_actions())
    .on("input", shell, Deed::Write(Done::Sought));
    if let Some(first) = found.iter().find(|action| action.enabled) {
        search = search.on("keydown", shell, Deed::OnEnter(Box::new(perform(first))));
    }
    let about = el("button type='button' class='text-button' data-action='about'")
        .on("click", shell, Deed::CloseAndTell(Notice::About))
        .text(words.about());
    body.kid(search)
        .kid(
            found
                .is_empty()
                .then(|| el("p").text(words.nothing_found())),
        )
        .kid(el("p").kid(about))
        .kid(
            el("ul class='action-list'")
                .kid(each(found.into_iter().map(|action| entry(dialog, action)))),
        )
}

/// Closes the dialog and does the action.
fn perform(action: &ActionView) -> Deed {
    Deed::CloseAndDo(Action::Perform(action.id.clone()))
}

fn matches(action: &ActionView, sought: &str) -> bool {
    let sought = sought.trim().to_ascii_lowercase();
    action.label.to_ascii_lowercase().contains(&sought) || action.id.contains(&sought)
}

fn entry(dialog: &OpenDialog, action: &ActionView) -> El {
    el("li").key(&action.id).kid(
        el("button type='button' class='action-row'")
            .set("data-action", &action.id)
            .flag("disabled", !action.enabled)
            .on("click", &dialog.shell, perform(action))
            .kid(el("span").text(&action.label))
            .kid(unless_empty("kbd", &action.shortcut)),
    )
}
