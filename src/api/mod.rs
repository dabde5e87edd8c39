//! The JavaScript door: class `Playground`, for scripts, lessons and tests that want no page.
//!
//! Plain objects out, plain values in; the same actions as the page's buttons and keys. Layer 6.
//! Deliberately not here: anything drawn, and any rule of the broker.

mod snapshot;

use crate::app::{Action, App, Language, Request, Start, Work, are_there};
use serde::Serialize;
use std::cell::Cell;
use wasm_bindgen::prelude::*;

/// Wall milliseconds of one pretended frame while `runFor` runs.
const FRAME_MS: f64 = 50.0;
/// Events between two looks at whether a pretended frame is done.
const EVENTS_A_LOOK: u64 = 10_000;
/// `runFor` plays as fast as the page can ask for.
const SPEED: f64 = 1000.0;
/// The longest stretch `runFor` takes: a week of simulated time.
const RUN_MAX_SECONDS: f64 = 7.0 * 24.0 * 3600.0;

thread_local! {
    /// Set by a panic: the memory of a program that panicked is not to be trusted, so every later
    /// call is refused with the same error.
    static CRASHED: Cell<bool> = const { Cell::new(false) };
}

/// Closes the door for good. The program's panic hook calls it.
pub fn latch() {
    CRASHED.with(|crashed| crashed.set(true));
}

/// An error with a stable `code` beside its sentence.
fn error(code: &str, text: &str) -> JsValue {
    let error = js_sys::Error::new(text);
    // A fresh ordinary object takes any property.
    let _ = js_sys::Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}

fn door() -> Result<(), JsValue> {
    if CRASHED.with(Cell::get) {
        return Err(error(
            "crashed",
            "The program has stopped after an error of its own; load the page again.",
        ));
    }
    Ok(())
}

fn plain<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value
        .serialize(&serializer)
        .map_err(|reason| error("not-plain", &reason.to_string()))
}

/// English where its texts are there, else the language of the page.
fn spoken() -> Option<Language> {
    Language::ALL.into_iter().find(|known| are_there(*known))
}

/// A broker, its clients and the run, without a page.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Playground {
    app: App,
}

impl Default for Playground {
    fn default() -> Self {
        Self {
            app: App::new(Start {
                language: spoken(),
                missing_languages: Language::ALL
                    .into_iter()
                    .filter(|language| !are_there(*language))
                    .collect(),
                width: 1280.0,
                height: 800.0,
                ..Start::default()
            }),
        }
    }
}

#[wasm_bindgen]
impl Playground {
    /// Opens on hello world, at time 0.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Result<Self, JsValue> {
        door()?;
        Ok(Self::default())
    }

    /// Opens a scenario, a definitions file or a trace, as if it had been dropped on the page. Gives
    /// what the page would say about it.
    pub fn load(&mut self, name: &str, text: &str) -> Result<JsValue, JsValue> {
        door()?;
        self.said(Action::Open {
            name: name.to_owned(),
            text: text.to_owned(),
        })
    }

    /// Opens a scenario of the gallery by its key, where it is in the program: the built page
    /// fetches all but the first when they are wanted, and refuses them here (`not-fetched`).
    #[wasm_bindgen(js_name = openGallery)]
    pub fn open_gallery(&mut self, key: &str) -> Result<JsValue, JsValue> {
        door()?;
        let known = self.app.gallery().iter().any(|entry| entry.key == key);
        if !known {
            return Err(error(
                "no-scenario",
                &format!("There is no scenario `{key}`."),
            ));
        }
        self.said(Action::OpenGallery(key.to_owned()))
    }

    /// The gallery: `{ key, title, description }` each.
    pub fn gallery(&self) -> Result<JsValue, JsValue> {
        door()?;
        plain(&snapshot::gallery(&self.app))
    }

    /// Every named action: `{ id, label, shortcut, enabled, checked }` each.
    pub fn actions(&self) -> Result<JsValue, JsValue> {
        door()?;
        plain(&snapshot::actions(&self.app))
    }

    /// Does a named action, e.g. `undo`. Gives what the page would say about it.
    pub fn perform(&mut self, id: &str) -> Result<JsValue, JsValue> {
        door()?;
        match self.app.action(id) {
            None => Err(error("no-action", &format!("There is no action `{id}`."))),
            Some(action) if !action.enabled => Err(error(
                "not-now",
                &format!("The action `{id}` cannot be done now."),
            )),
            Some(_) => self.said(Action::Perform(id.to_owned())),
        }
    }

    /// Runs for so many simulated seconds, or until nothing can happen any more; gives a snapshot.
    #[wasm_bindgen(js_name = runFor)]
    pub fn run_for(&mut self, seconds: f64) -> Result<JsValue, JsValue> {
        door()?;
        if !(0.0..=RUN_MAX_SECONDS).contains(&seconds) {
            return Err(error(
                "not-a-time",
                &format!("Seconds must lie between 0 and {}.", RUN_MAX_SECONDS as u64),
            ));
        }
        self.run(seconds);
        self.snapshot()
    }

    /// Where everything stands: time, nodes with their numbers, edges, problems.
    pub fn snapshot(&mut self) -> Result<JsValue, JsValue> {
        door()?;
        plain(&snapshot::snapshot(&mut self.app))
    }

    /// The document as JSON text, as the page saves it.
    pub fn document(&self) -> Result<String, JsValue> {
        door()?;
        Ok(self.app.document_text())
    }
}

impl Playground {
    /// Does it, and gives what the page would say. What is to be fetched first is refused: a call
    /// answers at once.
    fn said(&mut self, action: Action) -> Result<JsValue, JsValue> {
        let requests = self.app.dispatch(action);
        let elsewhere =
            |request: &Request| matches!(request, Request::LoadTexts(_) | Request::LoadScenario(_));
        if requests.iter().any(elsewhere) {
            return Err(error(
                "not-fetched",
                "It is not in the program. Choose the language on the page first; `load` the text \
                 of a scenario, whose file is in the folder that the page's `meta` element \
                 `brokerlab-beside` names.",
            ));
        }
        plain(&snapshot::announcements(&requests))
    }

    /// Pretends frames until the time is reached; the speed asked for before is kept.
    fn run(&mut self, seconds: f64) {
        let before = self.app.transport();
        let end = before.seconds + seconds;
        self.app.dispatch(Action::SetSpeed(SPEED));
        if !before.playing {
            self.app.perform("play");
        }
        loop {
            let left = end - self.app.transport().seconds;
            if left <= 0.0 || !self.app.is_moving() {
                break;
            }
            // The last frame is shortened; less than a microsecond is not worth another.
            let frame = (left / SPEED * 1000.0).min(FRAME_MS);
            if frame < 1e-6 {
                break;
            }
            self.app.begin_frame(frame);
            while self.app.work(EVENTS_A_LOOK) == Work::More {}
            self.app.end_frame();
        }
        if self.app.is_moving() && !before.playing {
            self.app.perform("play");
        }
        self.app.dispatch(Action::SetSpeed(before.speed_value));
    }
}
