//! Problems of the document and of the file that was opened last, each with its place.
//!
//! Deliberately not here: finding them.

use super::ContentProps;
use crate::app::Action;
use crate::app::view::ProblemView;
use yew::{Callback, Html, function_component, html};

/// A file can have thousands; a person reads the first hundreds, worst first as the app sorts them.
const SHOWN_MAX: usize = 500;

#[function_component(Problems)]
pub(super) fn problems(props: &ContentProps) -> Html {
    let problems = props.shell.with(|app| app.problems()).unwrap_or_default();
    if problems.is_empty() {
        return html! { <p>{ props.words.no_problems() }</p> };
    }
    html! {
        <ul class="problem-list">
            { for problems.iter().take(SHOWN_MAX).map(|problem| entry(props, problem)) }
        </ul>
    }
}

fn entry(props: &ContentProps, problem: &ProblemView) -> Html {
    let word = match problem.severity {
        0 => props.words.note(),
        1 => props.words.warning(),
        _ => props.words.error(),
    };
    let show = problem.node.map(|node| {
        let (shell, close) = (props.shell.clone(), props.close.clone());
        Callback::from(move |_: yew::MouseEvent| {
            close.emit(());
            shell.dispatch(Action::Reveal(node));
        })
    });
    html! {
        <li class={format!("severity-{}", problem.severity)}>
            <span class="severity">{ word }</span>
            <div>
                <p>{ &problem.text }</p>
                if !problem.place.is_empty() { <code>{ &problem.place }</code> }
                if let Some(onclick) = show {
                    <button type="button" class="text-button" {onclick}>
                        { props.words.show_on_stage() }
                    </button>
                }
            </div>
        </li>
    }
}
