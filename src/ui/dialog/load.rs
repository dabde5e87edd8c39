//! Producers on chosen exchanges, consumers on chosen queues: makes an imported file run.
//!
//! Deliberately not here: how they are placed and set.

use super::{Done, OpenDialog};
use crate::app::Action;
use crate::app::view::LoadView;
use crate::types::NodeId;
use crate::ui::hand::{Deed, value_of};
use crate::ui::panel::button::text_button;
use crate::ui::part::each;
use crate::ui::shell::Notice;
use yew::{Callback, Html, InputEvent, html};

/// Nodes to choose from: which, its name, whether it is ticked.
type Choices = [(NodeId, String, bool)];

pub(super) fn tick(load: &mut LoadView, node: NodeId) {
    for choice in load.exchanges.iter_mut().chain(&mut load.queues) {
        if choice.0 == node {
            choice.2 = !choice.2;
        }
    }
}

pub(super) fn tick_all(load: &mut LoadView, exchanges: bool, on: bool) {
    let list = if exchanges {
        &mut load.exchanges
    } else {
        &mut load.queues
    };
    for choice in list {
        choice.2 = on;
    }
}

fn chosen(choices: &Choices) -> Vec<NodeId> {
    choices
        .iter()
        .filter(|choice| choice.2)
        .map(|choice| choice.0)
        .collect()
}

pub(super) fn action(load: &LoadView) -> Action {
    Action::AddLoad {
        exchanges: chosen(&load.exchanges),
        queues: chosen(&load.queues),
        rate: load.rate.clone(),
        service: load.service.clone(),
    }
}

pub(super) fn draw(dialog: &OpenDialog, load: &LoadView) -> Html {
    let words = dialog.words;
    let add = {
        let shell = dialog.shell.clone();
        Callback::from(move |event: yew::SubmitEvent| {
            event.prevent_default();
            shell.notify(Notice::Done(Done::Add));
        })
    };
    let nothing = chosen(&load.exchanges).is_empty() && chosen(&load.queues).is_empty();
    html! {
        <form onsubmit={add} class="load-form">
            <p class="muted">{ words.add_load_help() }</p>
            <div class="load-lists">
                { ticks(dialog, &load.exchanges, true) }
                { ticks(dialog, &load.queues, false) }
            </div>
            <div class="load-numbers">
                { number(dialog, "load-rate", words.load_rate(), &load.rate, words.per_second()) }
                { number(dialog, "load-service", words.load_service(), &load.service, "") }
            </div>
            <footer>
                <button type="submit" class="button strong" id="load-add" disabled={nothing}>
                    { words.add_load_title() }
                </button>
            </footer>
        </form>
    }
}

fn number(
    dialog: &OpenDialog,
    id: &'static str,
    label: &'static str,
    value: &str,
    unit: &'static str,
) -> Html {
    let shell = dialog.shell.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let text = value_of(&event);
        shell.notify(Notice::Done(if id == "load-rate" {
            Done::Rate(text)
        } else {
            Done::Service(text)
        }));
    });
    html! {
        <label>{ label }
            <span class="line">
                <input type="text" {id} value={value.to_owned()} {oninput} />
                if !unit.is_empty() { <span class="unit">{ unit }</span> }
            </span>
        </label>
    }
}

fn ticks(dialog: &OpenDialog, choices: &Choices, exchanges: bool) -> Html {
    let (words, shell) = (dialog.words, &dialog.shell);
    let title = if exchanges {
        words.load_exchanges()
    } else {
        words.load_queues()
    };
    let all = |label: &str, on: bool| {
        let deed = Deed::Tell(Notice::Done(Done::TickedAll(exchanges, on)));
        text_button(shell, label, deed)
    };
    html! {
        <fieldset>
            <legend>{ title }</legend>
            <p class="tick-all">
                { all(words.choose_all(), true) }
                { all(words.choose_none(), false) }
            </p>
            <div class="ticks">
                { each(choices.iter().map(|(node, name, ticked)| {
                    let (shell, node) = (shell.clone(), *node);
                    let onchange = Callback::from(move |_: yew::Event| {
                        shell.notify(Notice::Done(Done::Ticked(node)));
                    });
                    html! {
                        <label key={node.0}>
                            <input type="checkbox" checked={*ticked} {onchange} />
                            { name }
                        </label>
                    }
                })) }
            </div>
        </fieldset>
    }
}
