//! Buttons: for an action of the registry with its label, keys and drawing, and small ones with a
//! drawing alone.
//!
//! Deliberately not here: what an action does.

use crate::app::view::ActionView;
use crate::ui::hand::{Deed, click, perform, yes};
use crate::ui::icon::icon;
use crate::ui::shell::Shell;
use yew::{AttrValue, Html, html};

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

/// A button for an action; without one (a name the registry does not know) there is no button.
pub(crate) fn action_button(
    shell: &Shell,
    action: Option<&ActionView>,
    drawing: &str,
    look: Look,
) -> Html {
    let Some(action) = action else {
        return Html::default();
    };
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
    html! {
        <button key={action.id.clone()} type="button" {class} data-action={action.id.clone()} {title}
            onclick={perform(shell, &action.id)} disabled={!action.enabled}
            aria-pressed={action.checked.map(yes)}
            aria-label={bare.then(|| action.label.clone())}>
            { icon(drawing) }
            if !bare { <span class="label">{ &action.label }</span> }
        </button>
    }
}

/// The button of this name among those of the registry.
pub(crate) fn button_of(
    shell: &Shell,
    actions: &[ActionView],
    id: &str,
    drawing: &str,
    look: Look,
) -> Html {
    let action = actions.iter().find(|action| action.id == id);
    action_button(shell, action, drawing, look)
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
pub(crate) fn bare(shell: &Shell, bare: &Bare, deed: Deed) -> Html {
    let class = if bare.panel.is_some() {
        "button bare toggle"
    } else {
        "button bare"
    };
    html! {
        <button type="button" {class} id={bare.id} onclick={click(shell, deed)} title={bare.label}
            aria-label={bare.label} data-panel={bare.panel} aria-pressed={bare.pressed.map(yes)}
            aria-expanded={bare.expanded.map(yes)}>
            { icon(bare.drawing) }
        </button>
    }
}

/// A button that looks like text.
pub(crate) fn text_button(shell: &Shell, text: &str, deed: Deed) -> Html {
    html! {
        <button type="button" class="text-button" onclick={click(shell, deed)}>{ text }</button>
    }
}

/// One of the values of a choice.
pub(crate) fn option(value: impl Into<AttrValue>, label: String, chosen: bool) -> Html {
    option_of(value.into(), label, chosen)
}

fn option_of(value: AttrValue, label: String, chosen: bool) -> Html {
    html! { <option {value} selected={chosen}>{ label }</option> }
}
