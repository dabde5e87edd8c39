//! The journey of the message that is followed.
//!
//! Deliberately not here: how it is known; the app keeps it.

use crate::app::view::JourneyView;
use crate::app::{Action, Words};
use crate::ui::hand::Deed;
use crate::ui::panel::button::{Bare, bare, text_button};
use crate::ui::part::{Part, each};
use crate::ui::shell::Shell;
use std::rc::Rc;
use yew::{Html, html};

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

    fn draw(&self) -> Html {
        let view = &self.view;
        let close = Bare {
            label: self.words.close(),
            drawing: "close",
            ..Bare::default()
        };
        html! {
            <section class="journey" id="journey" aria-label={self.words.journey()}>
                <header class="inspector-head">
                    <h2>{ &view.title }</h2>
                    { bare(&self.shell, &close, Deed::Do(Action::Follow(None))) }
                </header>
                <p class="why" role="status">{ &view.why }</p>
                <ol class="steps">
                    { each(view.steps.iter().map(|(time, text, node)| html! {
                        <li><time>{ time }</time>
                            { match node {
                                Some(node) => {
                                    text_button(&self.shell, text, Deed::Do(Action::Reveal(*node)))
                                }
                                None => html! { <span>{ text }</span> },
                            } }
                        </li>
                    })) }
                </ol>
                <h3>{ self.words.properties() }</h3>
                { pairs(&view.properties) }
            </section>
        }
    }
}

/// Names and what belongs to them.
pub(super) fn pairs(pairs: &[(String, String)]) -> Html {
    html! {
        <dl>
            { each(pairs.iter().map(|(name, value)| html! {
                <div><dt>{ name }</dt><dd>{ value }</dd></div>
            })) }
        </dl>
    }
}
