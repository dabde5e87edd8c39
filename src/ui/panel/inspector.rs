//! What is selected: its properties, what was measured, its messages, what can be done with it.
//!
//! Deliberately not here: what the properties mean; the app says so.

use crate::app::view::{InspectorView, SectionView};
use crate::app::{Action, Words};
use crate::types::MessageId;
use crate::ui::element::{El, each, el, unless_empty};
use crate::ui::hand::Deed;
use crate::ui::panel::button::{Look, action_button, text_button};
use crate::ui::panel::field::field;
use crate::ui::panel::journey::pairs;
use crate::ui::part::Part;
use crate::ui::shell::Shell;
use std::rc::Rc;

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

    fn draw(&self) -> El {
        let view = &self.view;
        let problems = view
            .problems
            .iter()
            .map(|problem| el("p class='problem-line' role='note'").text(problem));
        let sections = view.sections.iter().map(|section| self.section(section));
        el("div class='inspector-content'")
            .kid(
                el("header class='inspector-head'")
                    .kid(el("h2 id='inspector-title'").text(&view.title))
                    .kid(el("p class='subtitle'").text(&view.subtitle)),
            )
            .kid(unless_empty("p class='help'", &view.help))
            .kid(each(problems))
            .kid(self.actions())
            .kid(self.measured())
            .kid(self.messages())
            .kid(each(sections))
    }
}

impl Inspector {
    fn actions(&self) -> Option<El> {
        let actions = &self.view.actions;
        let buttons = actions
            .iter()
            .map(|action| action_button(&self.shell, action, "", Look::Small));
        (!actions.is_empty()).then(|| el("div class='inspector-actions'").kid(each(buttons)))
    }

    fn measured(&self) -> Option<El> {
        if self.view.numbers.is_empty() {
            return None;
        }
        let title = self.words.measured();
        let measured = el("section class='measured'")
            .set("aria-label", title)
            .kid(el("h3").text(title))
            .kid(pairs(&self.view.numbers));
        Some(measured)
    }

    fn messages(&self) -> Option<El> {
        let messages = &self.view.messages;
        if messages.is_empty() {
            return None;
        }
        let entry = |(message, text): &(MessageId, String)| {
            let follow = Deed::Do(Action::Follow(Some(*message)));
            el("li")
                .key(&message.to_string())
                .kid(text_button(&self.shell, text, follow))
        };
        let list = el("section class='messages-here'")
            .kid(el("h3").text(self.words.messages_here()))
            .kid(el("ol").kid(each(messages.iter().map(entry))));
        Some(list)
    }

    fn section(&self, section: &SectionView) -> El {
        let owner = &self.view.title;
        let fields = section.fields.iter();
        el("details class='section'")
            .key(&format!("{owner}/{}", section.title))
            .flag("open", section.open)
            .kid(el("summary").text(&section.title))
            .kid(each(fields.map(|view| field(&self.shell, owner, view))))
    }
}
