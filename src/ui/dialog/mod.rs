//! Dialogs: gallery, add load, all actions, problems, about. Each is a native `<dialog>`, which keeps
//! the focus inside and closes on Escape.
//!
//! Deliberately not here: what is chosen in them does; that is an action.

mod about;
mod actions;
mod gallery;
mod load;
mod problems;

use crate::app::Dialog;
use crate::app::Words;
use crate::ui::icon::icon;
use crate::ui::shell::Shell;
use web_sys::HtmlDialogElement;
use yew::{
    Callback, Children, Html, Properties, function_component, html, use_effect_with, use_node_ref,
};

/// Which dialog is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Open {
    /// One the app asked for.
    Of(Dialog),
    /// The one about the program.
    About,
}

/// The dialog that is open.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct DialogsProps {
    /// Which.
    pub(crate) open: Open,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
    /// It was closed.
    pub(crate) on_close: Callback<()>,
}

/// The dialog that is open.
#[function_component(Dialogs)]
pub(crate) fn dialogs(props: &DialogsProps) -> Html {
    let (words, shell) = (props.words, props.shell.clone());
    let close = props.on_close.clone();
    let (title, content) = match props.open {
        Open::Of(Dialog::Gallery) => (
            words.gallery(),
            html! { <gallery::Gallery {words} {shell} {close} /> },
        ),
        Open::Of(Dialog::AddLoad) => (
            words.add_load_title(),
            html! { <load::AddLoad {words} {shell} {close} /> },
        ),
        Open::Of(Dialog::Actions) => (
            words.help_and_shortcuts(),
            html! { <actions::Actions {words} {shell} {close} /> },
        ),
        Open::Of(Dialog::Problems) => (
            words.problems(),
            html! { <problems::Problems {words} {shell} {close} /> },
        ),
        Open::About => (words.about(), html! { <about::About {words} /> }),
    };
    html! {
        <Frame {title} {words} on_close={props.on_close.clone()}>{ content }</Frame>
    }
}

/// What every dialog's content is given.
#[derive(Debug, Clone, PartialEq, Properties)]
struct ContentProps {
    words: Words,
    shell: Shell,
    close: Callback<()>,
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct FrameProps {
    title: &'static str,
    words: Words,
    on_close: Callback<()>,
    children: Children,
}

#[function_component(Frame)]
fn frame(props: &FrameProps) -> Html {
    let element = use_node_ref();
    {
        let element = element.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = element.cast::<HtmlDialogElement>() {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            }
        });
    }
    let on_close = props.on_close.clone();
    let closed = Callback::from(move |_: yew::Event| on_close.emit(()));
    let on_close = props.on_close.clone();
    let click = Callback::from(move |_: yew::MouseEvent| on_close.emit(()));
    html! {
        <dialog ref={element} class="dialog" aria-labelledby="dialog-title" onclose={closed}>
            <header>
                <h2 id="dialog-title">{ props.title }</h2>
                <button type="button" class="button bare" id="dialog-close" onclick={click}
                    aria-label={props.words.close()} title={props.words.close()}>
                    { icon("close") }
                </button>
            </header>
            <div class="dialog-body">{ for props.children.iter() }</div>
        </dialog>
    }
}
