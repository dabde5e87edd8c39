//! Buttons: for an action of the registry with its label, keys and drawing, and small ones with a
//! drawing alone.
//!
//! Deliberately not here: what an action does.

use crate::app::view::ActionView;
use crate::ui::element::{El, el};
use crate::ui::hand::{Deed, yes};
use crate::ui::icon::icon;
use crate::ui::shell::Shell;

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Drawing and label.
    Full,
    /// The drawing alone; the label is still read out and shown on hover.
    Bare,
    /// The label alone, in small.
    Small,
}

/// A button for an action.
pub(crate) fn action_button(shell: &Shell, action: &ActionView, drawing: &str, look: Look) -> El {
    let title = if action.shortcut.is_empty() {
        action.label.clone()
    } else {
        format!("{} ({})", action.label, action.shortcut)
    };
    let class = match look {
        Look::Full => "button",
        Look::Bare => "button bare",
        Look::Small => "button small",
    };
    let bare = look == Look::Bare;
    el("button type='button'")
        .key(&action.id)
        .set("class", class)
        .set("data-action", &action.id)
        .set("title", &title)
        .flag("disabled", !action.enabled)
        .maybe("aria-pressed", action.checked.map(yes))
        .maybe("aria-label", bare.then_some(action.label.as_str()))
        .on("click", shell, Deed::perform(&action.id))
        .kid(icon(drawing))
        .kid((!bare).then(|| el("span class='label'").text(&action.label)))
}

/// The button of this name among those of the registry; a name it does not know has none.
pub(crate) fn button_of(
    shell: &Shell,
    actions: &[ActionView],
    id: &str,
    drawing: &str,
    look: Look,
) -> Option<El> {
    let action = actions.iter().find(|action| action.id == id)?;
    Some(action_button(shell, action, drawing, look))
}

/// A small button with a drawing.
#[derive(Default)]
pub(crate) struct Bare {
    /// Its element's id.
    pub(crate) id: Option<&'static str>,
    /// What it does, in words.
    pub(crate) label: &'static str,
    /// Name of a drawing.
    pub(crate) drawing: &'static str,
    /// Is pressed.
    pub(crate) pressed: Option<bool>,
    /// What belongs to it is unfolded.
    pub(crate) expanded: Option<bool>,
    /// The panel it opens and folds.
    pub(crate) panel: Option<&'static str>,
}

/// A small button with a drawing.
pub(crate) fn bare(shell: &Shell, bare: &Bare, deed: Deed) -> El {
    let class = if bare.panel.is_some() {
        "button bare toggle"
    } else {
        "button bare"
    };
    el("button type='button'")
        .set("class", class)
        .maybe("id", bare.id)
        .set("title", bare.label)
        .set("aria-label", bare.label)
        .maybe("data-panel", bare.panel)
        .maybe("aria-pressed", bare.pressed.map(yes))
        .maybe("aria-expanded", bare.expanded.map(yes))
        .on("click", shell, deed)
        .kid(icon(bare.drawing))
}

/// A button that looks like text.
pub(crate) fn text_button(shell: &Shell, text: &str, deed: Deed) -> El {
    el("button type='button' class='text-button'")
        .on("click", shell, deed)
        .text(text)
}

/// One of the values of a choice.
pub(crate) fn option(value: &str, label: &str, chosen: bool) -> El {
    el("option")
        .set("value", value)
        .flag("selected", chosen)
        .text(label)
}
