//! Play, pause, step, speed, simulated time. Time and sentences are written by `ui::live`.
//!
//! Deliberately not here: simulated time itself.

use crate::app::view::ActionView;
use crate::app::{Action, Colouring, Words};
use crate::types::parse_number;
use crate::ui::hand::{choose, perform, value_of};
use crate::ui::icon::icon;
use crate::ui::panel::button::{Look, button_of, option};
use crate::ui::part::{Part, each};
use crate::ui::shell::Shell;
use std::rc::Rc;
use yew::{Callback, Html, html};

/// The slider goes over powers of ten: 0.1x at one end, 1000x at the other.
const SLIDER_STEPS: f64 = 20.0;

/// What of the transport does not change by itself while it runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct TransportFrame {
    /// Is running.
    pub(crate) playing: bool,
    /// Asked speed, as a sentence.
    pub(crate) speed: String,
    /// Asked speed.
    pub(crate) speed_value: f64,
    /// What colours tell.
    pub(crate) colouring: Colouring,
}

/// The transport.
pub(crate) struct Transport {
    /// What it shows.
    pub(crate) view: TransportFrame,
    /// The registry.
    pub(crate) actions: Rc<Vec<ActionView>>,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

impl Part for Transport {
    fn same(&self, other: &Self) -> bool {
        self.view == other.view
            && Rc::ptr_eq(&self.actions, &other.actions)
            && self.words == other.words
    }

    fn draw(&self) -> Html {
        let words = self.words;
        html! {
            <section class="transport" aria-label={words.transport()}>
                { self.button("reset") }
                { play(self) }
                { self.button("step") }
                <output class="time" id="time" aria-label={words.simulated_time()}
                    title={words.simulated_time()} aria-live="off"></output>
                { speed(self) }
                <p class="transport-status" id="transport-status" role="status"></p>
                <span class="spring"></span>
                { colouring(self) }
                <div class="group zoom" role="group" aria-label={words.view_group()}>
                    { self.button("zoom-out") }
                    { self.button("zoom-in") }
                    { self.button("fit") }
                </div>
            </section>
        }
    }
}

impl Transport {
    fn button(&self, id: &str) -> Html {
        button_of(&self.shell, &self.actions, id, id, Look::Bare)
    }
}

/// The one round button.
fn play(props: &Transport) -> Html {
    let Some(action) = props.actions.iter().find(|action| action.id == "play") else {
        return Html::default();
    };
    let playing = props.view.playing;
    let class = if playing { "play playing" } else { "play" };
    html! {
        <button type="button" id="play" {class}
            onclick={perform(&props.shell, "play")} disabled={!action.enabled} aria-label={action.label.clone()}
            title={format!("{} ({})", action.label, action.shortcut)}>
            { icon(if playing { "pause" } else { "play" }) }
        </button>
    }
}

fn speed(props: &Transport) -> Html {
    let oninput = {
        let shell = props.shell.clone();
        Callback::from(move |event: yew::InputEvent| {
            if let Some(value) = parse_number(&value_of(&event)) {
                shell.dispatch(Action::SetSpeed(rounded(libm::exp10(value / SLIDER_STEPS))));
            }
        })
    };
    let place = (libm::log10(props.view.speed_value.max(0.1)) * SLIDER_STEPS).round();
    html! {
        <label class="speed">
            <span class="label">{ props.words.speed() }</span>
            <input type="range" id="speed" min={(-SLIDER_STEPS).to_string()}
                max={(3.0 * SLIDER_STEPS).to_string()} step="1" value={place.to_string()} {oninput}
                aria-valuetext={props.view.speed.clone()} title={props.words.steps_of_time()} />
            <output class="speed-value" id="speed-value">{ &props.view.speed }</output>
        </label>
    }
}

/// Two significant digits: nobody asks for 3.162 times the speed.
fn rounded(speed: f64) -> f64 {
    let unit = libm::exp10(libm::log10(speed).floor() - 1.0);
    (speed / unit).round() * unit
}

fn colouring(props: &Transport) -> Html {
    let words = props.words;
    let onchange = choose(&props.shell, |value| {
        Colouring::from_name(&value).map(Action::SetColouring)
    });
    let label = |colouring: Colouring| match colouring {
        Colouring::RoutingKey => words.colour_by_key(),
        Colouring::Producer => words.colour_by_producer(),
        Colouring::Age => words.colour_by_age(),
    };
    html! {
        <label class="colouring">
            <span class="label">{ words.colour_by() }</span>
            <select id="colouring" {onchange}>
                { each(Colouring::ALL.into_iter().map(|colouring| {
                    let chosen = colouring == props.view.colouring;
                    option(colouring.name(), label(colouring).to_owned(), chosen)
                })) }
            </select>
        </label>
    }
}
