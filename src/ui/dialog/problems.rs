//! Problems of the document and of the file that was opened last, each with its place.
//!
//! Deliberately not here: finding them.

use super::OpenDialog;
use crate::app::Action;
use crate::app::view::ProblemView;
use crate::ui::element::{El, each, el, unless_empty};
use crate::ui::hand::Deed;
use crate::ui::panel::button::text_button;

/// A file can have thousands; a person reads the first hundreds, worst first as the app sorts them.
const SHOWN_MAX: usize = 500;

pub(super) fn draw(dialog: &OpenDialog, problems: &[ProblemView]) -> El {
    if problems.is_empty() {
        return el("p").text(dialog.words.no_problems());
    }
    let shown = problems.iter().take(SHOWN_MAX);
    el("ul class='problem-list'").kid(each(shown.map(|problem| entry(dialog, problem))))
}

fn entry(dialog: &OpenDialog, problem: &ProblemView) -> El {
    let words = dialog.words;
    let word = match problem.severity {
        0 => words.note(),
        1 => words.warning(),
        _ => words.error(),
    };
    let show = problem.node.map(|node| {
        let reveal = Deed::CloseAndDo(Action::Reveal(node));
        text_button(&dialog.shell, words.show_on_stage(), reveal)
    });
    el("li")
        .set("class", &format!("severity-{}", problem.severity))
        .kid(el("span class='severity'").text(word))
        .kid(
            el("div")
                .kid(el("p").text(&problem.text))
                .kid(unless_empty("code", &problem.place))
                .kid(show),
        )
}
