//! The thin bar on top: title, gallery, open, save, undo, redo, virtual host, problems, language,
//! theme, present.
//!
//! Deliberately not here: what the buttons do; each is an action of the registry.

use crate::app::view::{ActionView, VhostView};
use crate::app::{Action, Dialog, Language, Preferences, Theme, Words};
use crate::ui::element::{El, each, el};
use crate::ui::hand::Deed;
use crate::ui::icon::icon;
use crate::ui::panel::button::{Bare, Look, bare, button_of, option};
use crate::ui::part::Part;
use crate::ui::shell::{Notice, Shell};
use std::rc::Rc;

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

    fn draw(&self) -> El {
        let words = self.words;
        let group = |label: &str| el("div class='group' role='group'").set("aria-label", label);
        el("header class='bar'")
            .kid(el("h1 class='product'").text(words.product()))
            .kid(
                group(words.document_group())
                    .kid(self.button("gallery", "gallery", Look::Full))
                    .kid(self.button("new", "new", Look::Bare))
                    .kid(self.button("open", "open", Look::Bare))
                    .kid(self.button("save", "save", Look::Bare)),
            )
            .kid(
                group(words.history_group())
                    .kid(self.button("undo", "undo", Look::Bare))
                    .kid(self.button("redo", "redo", Look::Bare)),
            )
            .kid(el("span class='spring'"))
            .kid(self.vhosts())
            .kid(self.problems())
            .kid(
                group(words.view_group())
                    .kid(self.button("add-load", "load", Look::Full))
                    .kid(self.language())
                    .kid(self.theme())
                    .kid(self.button("present", "present", Look::Bare))
                    .kid(self.button("actions", "search", Look::Bare))
                    .kid(self.about()),
            )
    }
}

impl Bar {
    fn button(&self, id: &str, drawing: &str, look: Look) -> Option<El> {
        button_of(&self.shell, &self.actions, id, drawing, look)
    }

    fn about(&self) -> El {
        let about = Bare {
            id: Some("about-button"),
            label: self.words.about(),
            drawing: "help",
            ..Bare::default()
        };
        bare(&self.shell, &about, Deed::Tell(Notice::About))
    }

    fn problems(&self) -> Option<El> {
        let (count, worst) = self.view.problems;
        if count == 0 {
            return None;
        }
        let label = self.words.problem_count(count);
        let button = el("button type='button' id='problems-button'")
            .set("class", &format!("button problems severity-{worst}"))
            .set("title", &label)
            .on(
                "click",
                &self.shell,
                Deed::Tell(Notice::Show(Dialog::Problems)),
            )
            .kid(icon("problems"))
            .kid(el("span class='label'").text(&label));
        Some(button)
    }

    fn vhosts(&self) -> Option<El> {
        if self.view.vhosts.len() < 2 {
            return None;
        }
        let hosts = self.view.vhosts.iter().map(|vhost| {
            let label = format!("{} ({})", vhost.name, vhost.nodes);
            option(&vhost.name, &label, vhost.shown)
        });
        let select = el("select id='vhost'").kid(each(hosts));
        Some(self.choice(select, self.words.virtual_host(), |value| {
            Some(Action::SetVhost(value))
        }))
    }

    fn language(&self) -> El {
        let chosen = self.view.preferences.language;
        let languages = Language::ALL.into_iter().map(|language| {
            option(language.tag(), language.own_name(), language == chosen)
                .set("lang", language.tag())
        });
        let select = el("select id='language'").kid(each(languages));
        self.choice(select, self.words.language_label(), |value| {
            Language::from_tag(&value).map(Action::SetLanguage)
        })
    }

    fn theme(&self) -> El {
        let words = self.words;
        let chosen = self.view.preferences.theme;
        let label = |theme: Theme| match theme {
            Theme::System => words.theme_system(),
            Theme::Light => words.theme_light(),
            Theme::Dark => words.theme_dark(),
            Theme::Projector => words.theme_projector(),
        };
        let themes = Theme::ALL
            .into_iter()
            .map(|theme| option(theme.name(), label(theme), theme == chosen));
        let select = el("select id='theme'").kid(each(themes));
        self.choice(select, words.theme(), |value| {
            Theme::from_name(&value).map(Action::SetTheme)
        })
    }

    /// A choice with its label, and what it does.
    fn choice(&self, select: El, label: &str, action: fn(String) -> Option<Action>) -> El {
        select.set("aria-label", label).set("title", label).on(
            "change",
            &self.shell,
            Deed::Choose(action),
        )
    }
}
