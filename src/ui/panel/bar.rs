//! The thin bar on top: title, gallery, open, save, undo, redo, virtual host, problems, language,
//! theme, present.
//!
//! Deliberately not here: what the buttons do; each is an action of the registry.

use crate::app::view::{ActionView, VhostView};
use crate::app::{Action, Dialog, Language, Preferences, Theme, Words};
use crate::ui::hand::{Deed, choose, click};
use crate::ui::icon::icon;
use crate::ui::panel::button::{Bare, Look, bare, button_of, option};
use crate::ui::part::{Part, each};
use crate::ui::shell::{Notice, Shell};
use std::rc::Rc;
use yew::{Callback, Event, Html, html};

/// What the bar shows besides the actions.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct BarView {
    /// Virtual hosts.
    pub(crate) vhosts: Vec<VhostView>,
    /// How many problems there are, and the worst severity.
    pub(crate) problems: (usize, u8),
    /// Language, theme.
    pub(crate) preferences: Preferences,
}

/// The bar.
pub(crate) struct Bar {
    /// The registry.
    pub(crate) actions: Rc<Vec<ActionView>>,
    /// What else it shows.
    pub(crate) view: Rc<BarView>,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

impl Part for Bar {
    fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.actions, &other.actions)
            && Rc::ptr_eq(&self.view, &other.view)
            && self.words == other.words
    }

    fn draw(&self) -> Html {
        let words = self.words;
        html! {
            <header class="bar">
                <h1 class="product">{ words.product() }</h1>
                <div class="group" role="group" aria-label={words.document_group()}>
                    { self.button("gallery", "gallery", Look::Full) }
                    { self.button("new", "new", Look::Bare) }
                    { self.button("open", "open", Look::Bare) }
                    { self.button("save", "save", Look::Bare) }
                </div>
                <div class="group" role="group" aria-label={words.history_group()}>
                    { self.button("undo", "undo", Look::Bare) }
                    { self.button("redo", "redo", Look::Bare) }
                </div>
                <span class="spring"></span>
                { self.vhosts() }
                { self.problems() }
                <div class="group" role="group" aria-label={words.view_group()}>
                    { self.button("add-load", "load", Look::Full) }
                    { self.language() }
                    { self.theme() }
                    { self.button("present", "present", Look::Bare) }
                    { self.button("actions", "search", Look::Bare) }
                    { self.about() }
                </div>
            </header>
        }
    }
}

impl Bar {
    fn button(&self, id: &str, drawing: &str, look: Look) -> Html {
        button_of(&self.shell, &self.actions, id, drawing, look)
    }

    fn about(&self) -> Html {
        let about = Bare {
            id: Some("about-button"),
            label: self.words.about(),
            drawing: "help",
            ..Bare::default()
        };
        bare(&self.shell, &about, Deed::Tell(Notice::About))
    }

    fn problems(&self) -> Html {
        let (count, worst) = self.view.problems;
        if count == 0 {
            return Html::default();
        }
        let label = self.words.problem_count(count);
        let show = Deed::Tell(Notice::Show(Dialog::Problems));
        html! {
            <button type="button" id="problems-button"
                class={format!("button problems severity-{worst}")}
                onclick={click(&self.shell, show)} title={label.clone()}>
                { icon("problems") }<span class="label">{ label }</span>
            </button>
        }
    }

    fn vhosts(&self) -> Html {
        if self.view.vhosts.len() < 2 {
            return Html::default();
        }
        let onchange = choose(&self.shell, |value| Some(Action::SetVhost(value)));
        let hosts = self.view.vhosts.iter().map(|vhost| {
            let label = format!("{} ({})", vhost.name, vhost.nodes);
            option(vhost.name.clone(), label, vhost.shown)
        });
        select("vhost", self.words.virtual_host(), onchange, each(hosts))
    }

    fn language(&self) -> Html {
        let chosen = self.view.preferences.language;
        let onchange = choose(&self.shell, |value| {
            let language = Language::ALL
                .into_iter()
                .find(|language| language.tag() == value);
            language.map(Action::SetLanguage)
        });
        let languages = Language::ALL.into_iter().map(|language| {
            html! {
                <option value={language.tag()} lang={language.tag()} selected={language == chosen}>
                    { language.own_name() }
                </option>
            }
        });
        let label = self.words.language_label();
        select("language", label, onchange, each(languages))
    }

    fn theme(&self) -> Html {
        let words = self.words;
        let chosen = self.view.preferences.theme;
        let onchange = choose(&self.shell, |value| {
            Theme::from_name(&value).map(Action::SetTheme)
        });
        let label = |theme: Theme| match theme {
            Theme::System => words.theme_system(),
            Theme::Light => words.theme_light(),
            Theme::Dark => words.theme_dark(),
            Theme::Projector => words.theme_projector(),
        };
        let themes = Theme::ALL
            .into_iter()
            .map(|theme| option(theme.name(), label(theme).to_owned(), theme == chosen));
        select("theme", words.theme(), onchange, each(themes))
    }
}

fn select(id: &'static str, label: &'static str, onchange: Callback<Event>, options: Html) -> Html {
    html! {
        <select {id} {onchange} aria-label={label} title={label}>{ options }</select>
    }
}
