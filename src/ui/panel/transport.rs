//! Play, pause, step, speed, simulated time. Time and sentences are written by `ui::live`.
//!
//! Deliberately not here: simulated time itself.

use crate::app::view::ActionView;
use crate::app::{Action, Colouring, Words};
use crate::ui::icon::icon;
use crate::ui::panel::ActionButton;
use crate::ui::panel::bar::on_select;
use crate::ui::shell::Shell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::{Callback, Html, Properties, classes, function_component, html};

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
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct TransportProps {
    /// What it shows.
    pub(crate) view: TransportFrame,
    /// The registry.
    pub(crate) actions: Rc<Vec<ActionView>>,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

impl TransportProps {
    fn button(&self, id: &str, icon: &'static str) -> Html {
        let action = self.actions.iter().find(|action| action.id == id).cloned();
        html! { <ActionButton {action} shell={self.shell.clone()} {icon} bare=true /> }
    }
}

/// The transport.
#[function_component(Transport)]
pub(crate) fn transport(props: &TransportProps) -> Html {
    let words = props.words;
    html! {
        <section class="transport" aria-label={words.transport()}>
            { props.button("reset", "reset") }
            { play(props) }
            { props.button("step", "step") }
            <output class="time" id="time" aria-label={words.simulated_time()}
                title={words.simulated_time()} aria-live="off"></output>
            { speed(props) }
            <p class="transport-status" id="transport-status" role="status"></p>
            <span class="spring"></span>
            { colouring(props) }
            <div class="group zoom" role="group" aria-label={words.view_group()}>
                { props.button("zoom-out", "zoom-out") }
                { props.button("zoom-in", "zoom-in") }
                { props.button("fit", "fit") }
            </div>
        </section>
    }
}

/// The one round button.
fn play(props: &TransportProps) -> Html {
    let Some(action) = props.actions.iter().find(|action| action.id == "play") else {
        return Html::default();
    };
    let onclick = {
        let shell = props.shell.clone();
        Callback::from(move |_: yew::MouseEvent| shell.perform("play"))
    };
    let playing = props.view.playing;
    html! {
        <button type="button" id="play" class={classes!("play", playing.then_some("playing"))}
            {onclick} disabled={!action.enabled} aria-label={action.label.clone()}
            title={format!("{} ({})", action.label, action.shortcut)}>
            { icon(if playing { "pause" } else { "play" }) }
        </button>
    }
}

fn speed(props: &TransportProps) -> Html {
    let oninput = {
        let shell = props.shell.clone();
        Callback::from(move |event: yew::InputEvent| {
            let value = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
                .and_then(|input| input.value().parse::<f64>().ok());
            if let Some(value) = value {
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

fn colouring(props: &TransportProps) -> Html {
    let words = props.words;
    let onchange = on_select(&props.shell, |value| {
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
                { for Colouring::ALL.into_iter().map(|colouring| html! {
                    <option value={colouring.name()} selected={colouring == props.view.colouring}>
                        { label(colouring) }
                    </option>
                }) }
            </select>
        </label>
    }
}
