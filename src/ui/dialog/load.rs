//! Producers on chosen exchanges, consumers on chosen queues: makes an imported file run.
//!
//! Deliberately not here: how they are placed and set.

use super::{Done, OpenDialog};
use crate::app::Action;
use crate::app::view::LoadView;
use crate::types::NodeId;
use crate::ui::element::{El, each, el, unless_empty};
use crate::ui::hand::Deed;
use crate::ui::panel::button::text_button;
use crate::ui::shell::Notice;

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

#[inline(never)]
pub(super) fn draw(dialog: &OpenDialog, load: &LoadView) -> El {
    let words = dialog.words;
    let nothing = chosen(&load.exchanges).is_empty() && chosen(&load.queues).is_empty();
    let rate = el("input type='text' id='load-rate'").value(&load.rate).on(
        "input",
        &dialog.shell,
        Deed::Write(Done::Rate),
    );
    let service = el("input type='text' id='load-service'")
        .value(&load.service)
        .on("input", &dialog.shell, Deed::Write(Done::Service));
    let add = el("button type='submit' class='button strong' id='load-add'")
        .flag("disabled", nothing)
        .text(words.add_load_title());
    el("form class='load-form'")
        .on("submit", &dialog.shell, Deed::Submit(Done::Add))
        .kid(el("p class='muted'").text(words.add_load_help()))
        .kid(
            el("div class='load-lists'")
                .kid(ticks(dialog, &load.exchanges, true))
                .kid(ticks(dialog, &load.queues, false)),
        )
        .kid(
            el("div class='load-numbers'")
                .kid(number(words.load_rate(), rate, words.per_second()))
                .kid(number(words.load_service(), service, "")),
        )
        .kid(el("footer").kid(add))
}

fn number(label: &str, input: El, unit: &str) -> El {
    let unit = unless_empty("span class='unit'", unit);
    el("label")
        .text(label)
        .kid(el("span class='line'").kid(input).kid(unit))
}

fn ticks(dialog: &OpenDialog, choices: &Choices, exchanges: bool) -> El {
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
    let tick = |(node, name, ticked): &(NodeId, String, bool)| {
        let deed = Deed::Tell(Notice::Done(Done::Ticked(*node)));
        let tick = el("input type='checkbox'").checked(*ticked);
        el("label")
            .key(&node.to_string())
            .kid(tick.on("change", shell, deed))
            .text(name)
    };
    el("fieldset")
        .kid(el("legend").text(title))
        .kid(
            el("p class='tick-all'")
                .kid(all(words.choose_all(), true))
                .kid(all(words.choose_none(), false)),
        )
        .kid(el("div class='ticks'").kid(each(choices.iter().map(tick))))
}
