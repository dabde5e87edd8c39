//! Problems of the document and of the file that was opened last, each with its place.
//!
//! Deliberately not here: finding them.

use super::OpenDialog;
use crate::app::Action;
use crate::app::view::ProblemView;
use crate::ui::hand::Deed;
use crate::ui::panel::button::text_button;
use crate::ui::part::each;
use yew::{Html, html};

/// A file can have thousands; a person reads the first hundreds, worst first as the app sorts them.
const SHOWN_MAX: usize = 500;

pub(super) fn draw(dialog: &OpenDialog, problems: &[ProblemView]) -> Html {
    if problems.is_empty() {
        return html! { <p>{ dialog.words.no_problems() }</p> };
    }
    html! {
        <ul class="problem-list">
            { each(problems.iter().take(SHOWN_MAX).map(|problem| entry(dialog, problem))) }
        </ul>
    }
}

fn entry(dialog: &OpenDialog, problem: &ProblemView) -> Html {
    let words = dialog.words;
    let word = match problem.severity {
        0 => words.note(),
        1 => words.warning(),
        _ => words.error(),
    };
    html! {
        <li class={format!("severity-{}", problem.severity)}>
            <span class="severity">{ word }</span>
            <div>
                <p>{ &problem.text }</p>
                if !problem.place.is_empty() { <code>{ &problem.place }</code> }
                if let Some(node) = problem.node {
                    { text_button(&dialog.shell, words.show_on_stage(),
                        Deed::CloseAndDo(Action::Reveal(node))) }
                }
            </div>
        </li>
    }
}
