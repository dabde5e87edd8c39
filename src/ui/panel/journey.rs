//! The journey of the message that is followed.
//!
//! Deliberately not here: how it is known; the app keeps it.

use crate::app::view::JourneyView;
use crate::app::{Action, Words};
use crate::types::NodeId;
use crate::ui::element::{El, each, el};
use crate::ui::hand::Deed;
use crate::ui::panel::button::{Bare, bare, text_button};
use crate::ui::part::Part;
use crate::ui::shell::Shell;
use std::rc::Rc;

/// A journey.
pub(crate) struct Journey {
    /// What is known.
    pub(crate) view: Rc<JourneyView>,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

impl Part for Journey {
    fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.view, &other.view) && self.words == other.words
    }

    fn draw(&self) -> El {
        let view = &self.view;
        let close = Bare {
            label: self.words.close(),
            drawing: "close",
            ..Bare::default()
        };
        let step = |(time, text, node): &(String, String, Option<NodeId>)| {
            let what = match node {
                Some(node) => text_button(&self.shell, text, Deed::Do(Action::Reveal(*node))),
                None => el("span").text(text),
            };
            el("li").kid(el("time").text(time)).kid(what)
        };
        el("section class='journey' id='journey'")
            .set("aria-label", self.words.journey())
            .kid(
                el("header class='inspector-head'")
                    .kid(el("h2").text(&view.title))
                    .kid(bare(&self.shell, &close, Deed::Do(Action::Follow(None)))),
            )
            .kid(el("p class='why' role='status'").text(&view.why))
            .kid(el("ol class='steps'").kid(each(view.steps.iter().map(step))))
            .kid(el("h3").text(self.words.properties()))
            .kid(pairs(&view.properties))
    }
}

/// Names and what belongs to them.
pub(super) fn pairs(pairs: &[(String, String)]) -> El {
    let pairs = pairs
        .iter()
        .map(|(name, value)| el("div").kid(el("dt").text(name)).kid(el("dd").text(value)));
    el("dl").kid(each(pairs))
}
