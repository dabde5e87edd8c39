//! Producers on chosen exchanges, consumers on chosen queues: makes an imported file run.
//!
//! Deliberately not here: how they are placed and set.

use super::ContentProps;
use crate::app::Action;
use crate::app::view::LoadView;
use crate::types::NodeId;
use std::collections::BTreeSet;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::{Component, Context, Html, html};

/// What happens in the dialog.
#[derive(Debug)]
pub(super) enum LoadMsg {
    Tick(NodeId),
    TickAll(bool, bool),
    Rate(String),
    Service(String),
    Add,
}

/// The dialog's state until it is confirmed.
#[derive(Debug)]
pub(super) struct AddLoad {
    choices: LoadView,
    ticked: BTreeSet<NodeId>,
}

impl Component for AddLoad {
    type Message = LoadMsg;
    type Properties = ContentProps;

    fn create(ctx: &Context<Self>) -> Self {
        let choices = ctx.props().shell.with(|app| app.load_choices());
        let choices = choices.unwrap_or_default();
        let ticked = choices
            .exchanges
            .iter()
            .chain(&choices.queues)
            .filter(|(_, _, ticked)| *ticked)
            .map(|(node, _, _)| *node)
            .collect();
        Self { choices, ticked }
    }

    fn update(&mut self, ctx: &Context<Self>, message: LoadMsg) -> bool {
        match message {
            LoadMsg::Tick(node) => {
                if !self.ticked.remove(&node) {
                    self.ticked.insert(node);
                }
            }
            LoadMsg::TickAll(exchanges, on) => {
                for (node, _, _) in self.list(exchanges).to_vec() {
                    if on {
                        self.ticked.insert(node);
                    } else {
                        self.ticked.remove(&node);
                    }
                }
            }
            LoadMsg::Rate(text) => self.choices.rate = text,
            LoadMsg::Service(text) => self.choices.service = text,
            LoadMsg::Add => {
                ctx.props().close.emit(());
                ctx.props().shell.dispatch(Action::AddLoad {
                    exchanges: self.chosen(true),
                    queues: self.chosen(false),
                    rate: self.choices.rate.clone(),
                    service: self.choices.service.clone(),
                });
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let words = ctx.props().words;
        let add = ctx.link().callback(|event: yew::SubmitEvent| {
            event.prevent_default();
            LoadMsg::Add
        });
        html! {
            <form onsubmit={add} class="load-form">
                <p class="muted">{ words.add_load_help() }</p>
                <div class="load-lists">
                    { self.ticks(ctx, true, words.load_exchanges()) }
                    { self.ticks(ctx, false, words.load_queues()) }
                </div>
                <div class="load-numbers">
                    <label>{ words.load_rate() }
                        <span class="line">
                            <input type="text" id="load-rate" value={self.choices.rate.clone()}
                                oninput={ctx.link().callback(|event| LoadMsg::Rate(typed(&event)))} />
                            <span class="unit">{ words.per_second() }</span>
                        </span>
                    </label>
                    <label>{ words.load_service() }
                        <span class="line">
                            <input type="text" id="load-service" value={self.choices.service.clone()}
                                oninput={ctx.link().callback(|event| LoadMsg::Service(typed(&event)))} />
                        </span>
                    </label>
                </div>
                <footer>
                    <button type="submit" class="button strong" id="load-add"
                        disabled={self.ticked.is_empty()}>{ words.add_load_title() }</button>
                </footer>
            </form>
        }
    }
}

impl AddLoad {
    fn list(&self, exchanges: bool) -> &[(NodeId, String, bool)] {
        if exchanges {
            &self.choices.exchanges
        } else {
            &self.choices.queues
        }
    }

    fn chosen(&self, exchanges: bool) -> Vec<NodeId> {
        self.list(exchanges)
            .iter()
            .map(|(node, _, _)| *node)
            .filter(|node| self.ticked.contains(node))
            .collect()
    }

    fn ticks(&self, ctx: &Context<Self>, exchanges: bool, title: &'static str) -> Html {
        let words = ctx.props().words;
        let all = |on: bool| {
            ctx.link()
                .callback(move |_: yew::MouseEvent| LoadMsg::TickAll(exchanges, on))
        };
        html! {
            <fieldset>
                <legend>{ title }</legend>
                <p class="tick-all">
                    <button type="button" class="text-button" onclick={all(true)}>{ words.choose_all() }</button>
                    <button type="button" class="text-button" onclick={all(false)}>{ words.choose_none() }</button>
                </p>
                <div class="ticks">
                    { for self.list(exchanges).iter().map(|(node, name, _)| {
                        let node = *node;
                        let onchange = ctx.link().callback(move |_: yew::Event| LoadMsg::Tick(node));
                        html! {
                            <label key={node.0}>
                                <input type="checkbox" checked={self.ticked.contains(&node)} {onchange} />
                                { name }
                            </label>
                        }
                    }) }
                </div>
            </fieldset>
        }
    }
}

fn typed(event: &yew::InputEvent) -> String {
    event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        .map(|input| input.value())
        .unwrap_or_default()
}
