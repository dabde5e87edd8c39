//! The one place where document, run and editor meet; still pure, tested natively.
//!
//! Everything a user or a script asks for is an `Action` through `App::dispatch`; everything shown is
//! a view model. Layer 5. Deliberately not here: the browser, and any clock: wall time comes in as an
//! argument.

pub mod action;
mod annex;
mod charts;
mod clipboard;
mod describe;
mod dispatch;
mod field;
mod film;
mod format;
mod gauge;
mod inspector;
mod journey;
mod load;
mod numbers;
mod open;
mod outside;
pub mod picture;
mod playback;
pub mod preferences;
mod registry;
mod session;
mod stage;
mod tell;
mod transport;
pub mod view;
mod walk;
mod wire;

pub use crate::editor::{
    Hit, KeyPress, Modifiers, PaletteItem, PointerButton, PointerInput, PointerKind, PointerPhase,
};
pub use crate::text::{Language, Words, are_there};
pub use action::{Action, Dialog, Request, ShellFailure};
pub use film::FrameLook;
pub use preferences::{Colouring, Preferences, Theme};
pub use stage::DOM_NODES_MAX;
pub use wire::Pipe;

use crate::editor::{Editor, Scene};
use crate::scenario::{Edge, History, LinkKind, Node, Point, Problem, Scenario};
use crate::sim::Simulation;
use crate::types::{MessageId, NodeId, SortedMap, VhostName};
use playback::Playback;
use std::collections::VecDeque;
use std::rc::Rc;
use view::StageView;

/// With what the app begins.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// The language to begin in; without it that of the preferences, else English.
    pub language: Option<Language>,
    /// Languages whose texts are not there yet. Before one of them is spoken, the shell is asked
    /// for it.
    pub missing_languages: Vec<Language>,
    /// The seldom part of the program is not there yet. Before it is used, the shell is asked for it.
    pub annex_missing: bool,
    /// What [`Request::Remember`] gave last time.
    pub preferences: Option<String>,
    /// What [`App::document_text`] gave last time.
    pub document: Option<String>,
    /// Width of the stage element in CSS pixels.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// Whether a frame's simulation is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// This frame's time is simulated (or nothing plays).
    Done,
    /// There is more; call `work` again while time is left.
    More,
}

/// Boxes and lines that were copied.
#[derive(Debug, Clone, Default)]
struct Clipboard {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    pasted: u32,
}

/// The whole page but its pixels.
#[derive(Debug)]
pub struct App {
    preferences: Preferences,
    missing_languages: Vec<Language>,
    /// The language that was chosen last, when its texts are still under way.
    awaited_language: Option<Language>,
    annex_missing: bool,
    history: History,
    vhost: VhostName,
    editor: Editor,
    scene: Scene,
    run: Simulation,
    /// Nothing has happened in the run yet, so an edit may begin it anew.
    run_is_fresh: bool,
    /// How often the run was begun anew; followers of the trace start over when it changes.
    run_number: u64,
    playback: Playback,
    stage: StageView,
    stage_dirty: bool,
    /// What is wrong with the document; looked for again when it is out of date.
    document_problems: Vec<Problem>,
    problems_stale: bool,
    /// Of each node the place of its worst problem in that list.
    worst_problems: SortedMap<NodeId, usize>,
    /// What was wrong with the file that was opened last, and is not a problem of the document.
    file_problems: Vec<Problem>,
    /// Problems of the document as it was opened, with their places in its file.
    file_places: Vec<Problem>,
    /// Texts that a field did not take: by key, what was typed and what is wrong with it.
    refused_fields: SortedMap<String, (String, String)>,
    hint: Option<String>,
    /// The box whose lines are being gone through with keys.
    walked: Option<NodeId>,
    followed: Option<MessageId>,
    clipboard: Clipboard,
    presenting: bool,
    narrated: u64,
    narration: VecDeque<String>,
    requests: Vec<Request>,
    film: film::Film,
    /// The document with what programs outside declared, while there is anything.
    shown: Option<Rc<Scenario>>,
    /// Which run, and what of it outside of the document, is on the stage.
    wire_version: (u64, u64),
    /// Where somebody put boxes that stand in no document.
    outside_places: SortedMap<NodeId, Point>,
    /// The run was begun anew, which ended all pipes.
    pipes_ended: bool,
    /// Frames to draw yet because of programs outside.
    stirred: u8,
}

impl App {
    /// Opens on the stored document, else on hello world, drawn and ready, at time 0. What could not
    /// be opened is offered as a download by the first call of [`App::begin`].
    #[must_use]
    pub fn new(start: Start) -> Self {
        let kept = start.preferences.unwrap_or_default();
        let mut preferences = Preferences::from_text(&kept);
        preferences.language = start.language.unwrap_or(preferences.language);
        let mut requests = Vec::new();
        let words = Words::new(preferences.language);
        let stored = start.document.filter(|text| !text.trim().is_empty());
        let scenario = match stored {
            None => open::first(words),
            Some(text) => match crate::scenario::format::read(&text) {
                Ok(scenario) => scenario,
                Err(_) => {
                    requests = open::keep_unreadable(text, words);
                    open::first(words)
                }
            },
        };
        let scenario = Rc::new(scenario);
        let mut app = Self {
            preferences,
            missing_languages: start.missing_languages,
            awaited_language: None,
            annex_missing: start.annex_missing,
            vhost: session::first_vhost(&scenario),
            editor: Editor::default(),
            scene: Scene::default(),
            run: Simulation::new(Rc::clone(&scenario)),
            run_is_fresh: true,
            run_number: 0,
            playback: Playback::default(),
            history: History::new(scenario),
            stage: StageView::default(),
            stage_dirty: true,
            document_problems: Vec::new(),
            problems_stale: true,
            worst_problems: SortedMap::new(),
            file_problems: Vec::new(),
            file_places: Vec::new(),
            refused_fields: SortedMap::new(),
            hint: None,
            walked: None,
            followed: None,
            clipboard: Clipboard::default(),
            presenting: false,
            narrated: 0,
            narration: VecDeque::new(),
            requests,
            film: film::Film::default(),
            shown: None,
            wire_version: (0, 0),
            outside_places: SortedMap::new(),
            pipes_ended: false,
            stirred: 0,
        };
        app.playback.set_speed(app.scenario().speed.unwrap_or(1.0));
        app.rebuild_scene();
        app.resize(start.width, start.height);
        app.fit();
        app
    }

    /// What the shell is to do right after the start.
    pub fn begin(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }

    /// Texts in the chosen language.
    #[must_use]
    pub fn words(&self) -> Words {
        Words::new(self.preferences.language)
    }

    /// Language, theme, colouring.
    #[must_use]
    pub fn preferences(&self) -> Preferences {
        self.preferences
    }

    /// The document as it stands.
    pub(crate) fn scenario(&self) -> &Rc<Scenario> {
        self.history.present()
    }

    /// The run, for the picture.
    #[must_use]
    pub fn simulation(&self) -> &Simulation {
        &self.run
    }

    /// How often the run was begun anew; who follows the trace starts over when this changes.
    #[must_use]
    pub fn run_number(&self) -> u64 {
        self.run_number
    }

    /// Where boxes and lines stand, for the picture.
    #[must_use]
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// The message that is followed.
    #[must_use]
    pub fn followed(&self) -> Option<MessageId> {
        self.followed
    }

    /// The panels round the stage are hidden.
    #[must_use]
    pub fn is_presenting(&self) -> bool {
        self.presenting
    }
}

/// A problem as a sentence, with what to do about it.
fn problem_text(problem: &Problem, words: Words) -> String {
    let what = words.problem(problem.code, &problem.params);
    let fix = words.problem_fix(problem.code, &problem.params);
    if fix.is_empty() {
        what
    } else {
        format!("{what} {fix}")
    }
}

fn link_meaning(kind: LinkKind, words: Words) -> &'static str {
    match kind {
        LinkKind::Publish => words.kind_publish(),
        LinkKind::Binding => words.kind_binding(),
        LinkKind::Consume => words.kind_consume(),
        LinkKind::DeadLetter => words.kind_dead_letter(),
    }
}

#[cfg(test)]
mod tests;
