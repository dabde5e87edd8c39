//! The thin bar on top: title, gallery, open, save, undo, redo, virtual host, problems, language,
//! theme, present.
//!
//! Deliberately not here: what the buttons do; each is an action of the registry.

use crate::app::view::{ActionView, VhostView};
use crate::app::{Action, Dialog, Language, Preferences, Theme, Words};
use crate::ui::icon::icon;
use crate::ui::panel::ActionButton;
use crate::ui::shell::{Notice, Shell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::{Callback, Html, Properties, classes, function_component, html};

/// What the bar shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct BarView {
    /// The registry.
    pub(crate) actions: Rc<Vec<ActionView>>,
    /// Virtual hosts.
    pub(crate) vhosts: Vec<VhostView>,
    /// How many problems there are, and the worst severity.
    pub(crate) problems: (usize, u8),
    /// Language, theme.
    pub(crate) preferences: Preferences,
}

impl BarView {
    fn action(&self, id: &str) -> Option<ActionView> {
        self.actions.iter().find(|action| action.id == id).cloned()
    }
}

/// The bar.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct BarProps {
    /// What it shows.
    pub(crate) view: BarView,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

/// The bar.
#[function_component(Bar)]
pub(crate) fn bar(props: &BarProps) -> Html {
    let button = |id: &str, icon: &'static str, bare: bool| {
        html! {
            <ActionButton action={props.view.action(id)} shell={props.shell.clone()} {icon} {bare} />
        }
    };
    let words = props.words;
    html! {
        <header class="bar">
            <h1 class="product">{ words.product() }</h1>
            <div class="group" role="group" aria-label={words.document_group()}>
                { button("gallery", "gallery", false) }
                { button("new", "new", true) }
                { button("open", "open", true) }
                { button("save", "save", true) }
            </div>
            <div class="group" role="group" aria-label={words.history_group()}>
                { button("undo", "undo", true) }
                { button("redo", "redo", true) }
            </div>
            <span class="spring"></span>
            { vhosts(props) }
            { problems(props) }
            <div class="group" role="group" aria-label={words.view_group()}>
                { button("add-load", "load", false) }
                { language(props) }
                { theme(props) }
                { button("present", "present", true) }
                { button("actions", "search", true) }
                <button type="button" class="button bare" id="about-button" title={words.about()}
                    aria-label={words.about()} onclick={notify(props, Notice::About)}>
                    { icon("help") }
                </button>
            </div>
        </header>
    }
}

fn notify(props: &BarProps, notice: Notice) -> Callback<yew::MouseEvent> {
    let shell = props.shell.clone();
    Callback::from(move |_| shell.notify(notice.clone()))
}

fn problems(props: &BarProps) -> Html {
    let (count, worst) = props.view.problems;
    if count == 0 {
        return Html::default();
    }
    let label = props.words.problem_count(count);
    html! {
        <button type="button" id="problems-button"
            class={classes!("button", "problems", format!("severity-{worst}"))}
            onclick={notify(props, Notice::Show(Dialog::Problems))}
            title={label.clone()}>
            { icon("problems") }<span class="label">{ label }</span>
        </button>
    }
}

fn vhosts(props: &BarProps) -> Html {
    if props.view.vhosts.len() < 2 {
        return Html::default();
    }
    let onchange = on_select(&props.shell, |value| Some(Action::SetVhost(value)));
    html! {
        <select id="vhost" {onchange} aria-label={props.words.virtual_host()}
            title={props.words.virtual_host()}>
            { for props.view.vhosts.iter().map(|vhost| html! {
                <option value={vhost.name.clone()} selected={vhost.shown}>
                    { format!("{} ({})", vhost.name, vhost.nodes) }
                </option>
            }) }
        </select>
    }
}

fn language(props: &BarProps) -> Html {
    let chosen = props.view.preferences.language;
    let onchange = on_select(&props.shell, |value| {
        let language = Language::ALL
            .into_iter()
            .find(|language| language.tag() == value);
        language.map(Action::SetLanguage)
    });
    html! {
        <select id="language" {onchange} aria-label={props.words.language_label()}
            title={props.words.language_label()}>
            { for Language::ALL.into_iter().map(|language| html! {
                <option value={language.tag()} lang={language.tag()} selected={language == chosen}>
                    { language.own_name() }
                </option>
            }) }
        </select>
    }
}

fn theme(props: &BarProps) -> Html {
    let words = props.words;
    let chosen = props.view.preferences.theme;
    let onchange = on_select(&props.shell, |value| {
        Theme::from_name(&value).map(Action::SetTheme)
    });
    let label = |theme: Theme| match theme {
        Theme::System => words.theme_system(),
        Theme::Light => words.theme_light(),
        Theme::Dark => words.theme_dark(),
        Theme::Projector => words.theme_projector(),
    };
    html! {
        <select id="theme" {onchange} aria-label={words.theme()} title={words.theme()}>
            { for Theme::ALL.into_iter().map(|theme| html! {
                <option value={theme.name()} selected={theme == chosen}>{ label(theme) }</option>
            }) }
        </select>
    }
}

/// Sends the action that belongs to the chosen value.
pub(super) fn on_select(
    shell: &Shell,
    action: impl Fn(String) -> Option<Action> + 'static,
) -> Callback<yew::Event> {
    let shell = shell.clone();
    Callback::from(move |event: yew::Event| {
        let value = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlSelectElement>().ok())
            .map(|select| select.value());
        if let Some(action) = value.and_then(&action) {
            shell.dispatch(action);
        }
    })
}
