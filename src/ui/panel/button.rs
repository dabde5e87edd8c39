//! A button for an action of the registry: its label, its keys, its drawing.
//!
//! Deliberately not here: what the action does.

use crate::app::view::ActionView;
use crate::ui::icon::icon;
use crate::ui::shell::Shell;
use yew::{Callback, Html, Properties, classes, function_component, html};

/// A button.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ButtonProps {
    /// The action; without one (a name the registry does not know) there is no button.
    pub(crate) action: Option<ActionView>,
    /// The app.
    pub(crate) shell: Shell,
    /// Name of a drawing.
    #[prop_or_default]
    pub(crate) icon: &'static str,
    /// Shows the drawing alone; the label is still read out and shown on hover.
    #[prop_or_default]
    pub(crate) bare: bool,
    /// More classes.
    #[prop_or_default]
    pub(crate) class: &'static str,
}

/// A button for an action.
#[function_component(ActionButton)]
pub(crate) fn action_button(props: &ButtonProps) -> Html {
    let Some(action) = &props.action else {
        return Html::default();
    };
    let onclick = {
        let (shell, id) = (props.shell.clone(), action.id.clone());
        Callback::from(move |_: yew::MouseEvent| shell.perform(&id))
    };
    let title = if action.shortcut.is_empty() {
        action.label.clone()
    } else {
        format!("{} ({})", action.label, action.shortcut)
    };
    let pressed = action.checked.map(|on| if on { "true" } else { "false" });
    html! {
        <button type="button" class={classes!("button", props.class, props.bare.then_some("bare"))}
            data-action={action.id.clone()} {title} {onclick} disabled={!action.enabled}
            aria-pressed={pressed} aria-label={props.bare.then(|| action.label.clone())}>
            { icon(props.icon) }
            if !props.bare { <span class="label">{ &action.label }</span> }
        </button>
    }
}
