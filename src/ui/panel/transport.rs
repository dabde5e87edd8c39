//! Play, pause, step, speed, simulated time. Time and sentences are written by `ui::live`.
//!
//! Deliberately not here: simulated time itself.

use crate::app::view::ActionView;
use crate::app::{Action, Colouring, Words};
use crate::types::{parse_number, power_of_ten, shortest};
use crate::ui::element::{El, each, el};
use crate::ui::hand::Deed;
use crate::ui::icon::icon;
use crate::ui::panel::button::{Look, button_of, option};
use crate::ui::part::Part;
use crate::ui::shell::Shell;
use std::f64::consts::LN_10;
use std::rc::Rc;

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

    fn draw(&self) -> El {
        let words = self.words;
        let time = el("output class='time' id='time' aria-live='off'")
            .set("aria-label", words.simulated_time())
            .set("title", words.simulated_time());
        el("section class='transport'")
            .set("aria-label", words.transport())
            .kid(self.button("reset"))
            .kid(play(self))
            .kid(self.button("step"))
            .kid(time)
            .kid(speed(self))
            .kid(el(
                "p class='transport-status' id='transport-status' role='status'",
            ))
            .kid(el("span class='spring'"))
            .kid(colouring(self))
            .kid(
                el("div class='group zoom' role='group'")
                    .set("aria-label", words.view_group())
                    .kid(self.button("zoom-out"))
                    .kid(self.button("zoom-in"))
                    .kid(self.button("fit")),
            )
    }
}

impl Transport {
    fn button(&self, id: &str) -> Option<El> {
        button_of(&self.shell, &self.actions, id, id, Look::Bare)
    }
}

/// The one round button.
fn play(props: &Transport) -> Option<El> {
    let action = props.actions.iter().find(|action| action.id == "play")?;
    let (class, drawing) = if props.view.playing {
        ("play playing", "pause")
    } else {
        ("play", "play")
    };
    let button = el("button type='button' id='play'")
        .set("class", class)
        .set("aria-label", &action.label)
        .set("title", &format!("{} ({})", action.label, action.shortcut))
        .flag("disabled", !action.enabled)
        .on("click", &props.shell, Deed::perform("play"))
        .kid(icon(drawing));
    Some(button)
}

fn speed(props: &Transport) -> El {
    let place = (libm::log10(props.view.speed_value.max(0.1)) * SLIDER_STEPS).round();
    let choose = Deed::Choose(|value| {
        let speed = libm::exp(parse_number(&value)? / SLIDER_STEPS * LN_10);
        Some(Action::SetSpeed(rounded(speed)))
    });
    let slider = el("input type='range' id='speed' step='1'")
        .number("min", -SLIDER_STEPS)
        .number("max", 3.0 * SLIDER_STEPS)
        .value(&shortest(place))
        .set("aria-valuetext", &props.view.speed)
        .set("title", props.words.steps_of_time())
        .on("input", &props.shell, choose);
    el("label class='speed'")
        .kid(el("span class='label'").text(props.words.speed()))
        .kid(slider)
        .kid(el("output class='speed-value' id='speed-value'").text(&props.view.speed))
}

/// Two significant digits: nobody asks for 3.162 times the speed.
fn rounded(speed: f64) -> f64 {
    let unit = power_of_ten(libm::log10(speed).floor() as i32 - 1);
    (speed / unit).round() * unit
}

fn colouring(props: &Transport) -> El {
    let words = props.words;
    let label = |colouring: Colouring| match colouring {
        Colouring::RoutingKey => words.colour_by_key(),
        Colouring::Producer => words.colour_by_producer(),
        Colouring::Age => words.colour_by_age(),
    };
    let choices = Colouring::ALL.into_iter().map(|colouring| {
        let chosen = colouring == props.view.colouring;
        option(colouring.name(), label(colouring), chosen)
    });
    let choose = Deed::Choose(|value| Colouring::from_name(&value).map(Action::SetColouring));
    el("label class='colouring'")
        .kid(el("span class='label'").text(words.colour_by()))
        .kid(
            el("select id='colouring'")
                .on("change", &props.shell, choose)
                .kid(each(choices)),
        )
}
