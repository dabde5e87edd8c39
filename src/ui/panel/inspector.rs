//! What is selected: its properties, what was measured, its messages, what can be done with it.
//!
//! Deliberately not here: what the properties mean; the app says so.

use crate::app::view::{InspectorView, SectionView};
use crate::app::{Action, Words};
use crate::ui::hand::Deed;
use crate::ui::panel::button::{Look, action_button, text_button};
use crate::ui::panel::field::field;
use crate::ui::panel::journey::pairs;
use crate::ui::part::{Part, each};
use crate::ui::shell::Shell;
use std::rc::Rc;
use yew::{Html, html};

/// The inspector.
pub(crate) struct Inspector {
    /// What is selected.
    pub(crate) view: Rc<InspectorView>,
    /// Changes when somebody has finished typing into a field: what stands there is shown anew.
    pub(crate) typed: u32,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

impl Part for Inspector {
    fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.view, &other.view)
            && self.typed == other.typed
            && self.words == other.words
    }

    fn draw(&self) -> Html {
        let view = &self.view;
        html! {
            <div class="inspector-content">
                <header class="inspector-head">
                    <h2 id="inspector-title">{ &view.title }</h2>
                    <p class="subtitle">{ &view.subtitle }</p>
                </header>
                if !view.help.is_empty() { <p class="help">{ &view.help }</p> }
                { each(view.problems.iter().map(|problem| html! {
                    <p class="problem-line" role="note">{ problem }</p>
                })) }
                if !view.actions.is_empty() {
                    <div class="inspector-actions">
                        { each(view.actions.iter().map(|action| {
                            action_button(&self.shell, Some(action), "", Look::Small)
                        })) }
                    </div>
                }
                { self.measured() }
                { self.messages() }
                { each(view.sections.iter().map(|section| self.section(section))) }
            </div>
        }
    }
}

impl Inspector {
    fn measured(&self) -> Html {
        if self.view.numbers.is_empty() {
            return Html::default();
        }
        let title = self.words.measured();
        html! {
            <section class="measured" aria-label={title}>
                <h3>{ title }</h3>
                { pairs(&self.view.numbers) }
            </section>
        }
    }

    fn messages(&self) -> Html {
        let messages = &self.view.messages;
        if messages.is_empty() {
            return Html::default();
        }
        html! {
            <section class="messages-here">
                <h3>{ self.words.messages_here() }</h3>
                <ol>
                    { each(messages.iter().map(|(message, text)| html! {
                        <li key={message.0}>
                            { text_button(&self.shell, text, Deed::Do(Action::Follow(Some(*message)))) }
                        </li>
                    })) }
                </ol>
            </section>
        }
    }

    fn section(&self, section: &SectionView) -> Html {
        let owner = &self.view.title;
        html! {
            <details key={format!("{owner}/{}", section.title)} class="section" open={section.open}>
                <summary>{ &section.title }</summary>
                { each(section.fields.iter().map(|view| field(&self.shell, owner, view))) }
            </details>
        }
    }
}
