//! Dialogs: gallery, add load, all actions, problems, about. Each is a native `<dialog>`, which keeps
//! the focus inside and closes on Escape.
//!
//! Deliberately not here: what is chosen in them does; that is an action.

mod actions;
mod gallery;
mod load;
mod problems;

use crate::app::view::{ActionView, GalleryEntry, LoadView, ProblemView};
use crate::app::{Action, Dialog, Words};
use crate::types::NodeId;
use crate::ui::browser;
use crate::ui::element::{El, el};
use crate::ui::hand::Deed;
use crate::ui::panel::button::{Bare, bare};
use crate::ui::part::Part;
use crate::ui::shell::{Notice, Shell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

/// What the open dialog shows, and what was done in it so far.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// Scenarios to open, and how it stands with one that is not in the program.
    Gallery(Vec<GalleryEntry>, Wanted),
    /// Where load is put.
    Load(LoadView),
    /// All actions, and what is sought among them.
    Actions(Vec<ActionView>, String),
    /// What is wrong with the document.
    Problems(Vec<ProblemView>),
    /// What this is.
    About,
}

/// A scenario that was chosen and must be fetched, by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// None was.
    Nothing,
    /// It is under way.
    Coming(String),
    /// It did not come.
    Failed(String),
}

/// What somebody does within a dialog.
#[derive(Debug, Clone, PartialEq)]
pub enum Done {
    /// Seeks among the actions.
    Sought(String),
    /// Ticks a node, or no longer.
    Ticked(NodeId),
    /// Ticks all exchanges (or queues), or none.
    TickedAll(bool, bool),
    /// Types a rate.
    Rate(String),
    /// Types a service time.
    Service(String),
    /// Puts the load there.
    Add,
    /// Chose a scenario that is being fetched, by its key.
    Chose(String),
    /// A scenario was fetched: its key and its text, or nothing when it did not come.
    Came(String, Option<String>),
}

impl Content {
    /// What a dialog shows at first.
    pub(crate) fn of(dialog: Dialog, shell: &Shell) -> Self {
        match dialog {
            Dialog::Gallery => {
                let entries = shell.with(|app| app.gallery()).unwrap_or_default();
                Self::Gallery(entries, Wanted::Nothing)
            }
            Dialog::AddLoad => Self::Load(shell.with(|app| app.load_choices()).unwrap_or_default()),
            Dialog::Actions => {
                let actions = shell.with(|app| app.actions()).unwrap_or_default();
                Self::Actions(actions, String::new())
            }
            Dialog::Problems => {
                Self::Problems(shell.with(|app| app.problems()).unwrap_or_default())
            }
        }
    }

    /// Something was done in it; gives what the app is to do, which closes the dialog.
    pub(crate) fn take(&mut self, done: Done) -> Option<Action> {
        match (self, done) {
            (Self::Actions(_, sought), Done::Sought(text)) => *sought = text,
            (Self::Load(load), Done::Ticked(node)) => load::tick(load, node),
            (Self::Load(load), Done::TickedAll(exchanges, on)) => {
                load::tick_all(load, exchanges, on);
            }
            (Self::Load(load), Done::Rate(text)) => load.rate = text,
            (Self::Load(load), Done::Service(text)) => load.service = text,
            (Self::Load(load), Done::Add) => return Some(load::action(load)),
            (Self::Gallery(_, wanted), Done::Chose(key)) => *wanted = Wanted::Coming(key),
            (Self::Gallery(_, wanted), Done::Came(key, text)) => {
                // Another may have been chosen since, or the dialog opened anew.
                if *wanted == Wanted::Coming(key.clone()) {
                    let Some(text) = text else {
                        *wanted = Wanted::Failed(key);
                        return None;
                    };
                    return Some(Action::ScenarioCame { key, text });
                }
            }
            // Of another dialog, which is closed already.
            (
                Self::Gallery(..)
                | Self::Load(_)
                | Self::Actions(..)
                | Self::Problems(_)
                | Self::About,
                Done::Sought(_)
                | Done::Ticked(_)
                | Done::TickedAll(..)
                | Done::Rate(_)
                | Done::Service(_)
                | Done::Add
                | Done::Chose(_)
                | Done::Came(..),
            ) => {}
        }
        None
    }
}

/// The dialog that is open.
pub(crate) struct OpenDialog {
    /// What it shows.
    pub(crate) content: Rc<Content>,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

impl Part for OpenDialog {
    fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.content, &other.content) && self.words == other.words
    }

    fn draw(&self) -> El {
        let (words, shell) = (self.words, &self.shell);
        let body = el("div class='dialog-body'");
        let (title, body) = match &*self.content {
            Content::Gallery(entries, wanted) => {
                (words.gallery(), gallery::draw(self, entries, wanted, body))
            }
            Content::Load(load) => (words.add_load_title(), body.kid(load::draw(self, load))),
            Content::Actions(all, sought) => (
                words.help_and_shortcuts(),
                actions::draw(self, all, sought, body),
            ),
            Content::Problems(problems) => {
                (words.problems(), body.kid(problems::draw(self, problems)))
            }
            Content::About => (words.about(), about(words, body)),
        };
        let close = Bare {
            id: Some("dialog-close"),
            label: words.close(),
            drawing: "close",
            ..Bare::default()
        };
        el("dialog class='dialog' aria-labelledby='dialog-title'")
            .on("close", shell, Deed::Tell(Notice::Closed))
            .kid(
                el("header")
                    .kid(el("h2 id='dialog-title'").text(title))
                    .kid(bare(shell, &close, Deed::Tell(Notice::Closed))),
            )
            .kid(body)
    }
}

/// Opens the dialog that has just been drawn, if it is not open.
pub(crate) fn show() {
    let dialog = browser::document()
        .and_then(|document| document.query_selector("dialog:not([open])").ok().flatten());
    if let Some(dialog) = dialog {
        // Fails only for a dialog that is open already.
        let _ = dialog.unchecked_ref::<HtmlDialogElement>().show_modal();
    }
}

/// What this is, and what it is not.
fn about(words: Words, body: El) -> El {
    let version = concat!(
        "Brokerlab ",
        env!("CARGO_PKG_VERSION"),
        " · MIT OR Apache-2.0"
    );
    body.kid(el("p class='lead'").text(words.tagline()))
        .kid(el("p").text(words.about_what()))
        .kid(el("p id='affiliation'").text(words.about_affiliation()))
        .kid(el("p class='muted'").text(version))
}
