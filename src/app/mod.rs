//! The one place where document, run and editor meet; still pure, tested natively.
//!
//! Everything a user or a script asks for is an `Action` through `App::dispatch`; everything shown is
//! a view model. Layer 5. Deliberately not here: the browser, and any clock: wall time comes in as an
//! argument.

pub mod action;
pub mod picture;
pub mod preferences;
pub mod view;

pub use crate::editor::{
    KeyPress, Modifiers, PaletteItem, PointerButton, PointerInput, PointerKind, PointerPhase,
};
pub use crate::text::{Language, Words};
pub use action::{Action, Dialog, Request, ShellFailure};
pub use preferences::{Colouring, Preferences, Theme};

use view::{
    ActionView, ChartView, GalleryEntry, InspectorView, JourneyView, LoadView, NodeNumbers,
    PaletteView, ProblemView, StageView, TableView, TransportView, VhostView,
};

/// With what the app begins.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// The browser's language tag, e.g. `zh-CN`; used until the person has chosen.
    pub browser_language: String,
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

/// The whole page but its pixels.
#[derive(Debug)]
pub struct App {
    preferences: Preferences,
    stage: StageView,
}

impl App {
    /// Opens on the stored document, else on hello world, drawn and ready, at time 0.
    #[must_use]
    pub fn new(start: Start) -> Self {
        let browser = Preferences {
            language: Language::from_tag(&start.browser_language),
            ..Preferences::default()
        };
        let preferences = start
            .preferences
            .map_or(browser, |text| Preferences::from_text(&text, browser));
        Self {
            preferences,
            stage: StageView {
                zoom: 1.0,
                ..StageView::default()
            },
        }
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

    /// The one door: carries out what is asked, and says what the shell is to do.
    pub fn dispatch(&mut self, action: Action) -> Vec<Request> {
        drop(action);
        Vec::new()
    }

    /// Does a named action of the registry; an unknown or disabled one does nothing.
    pub fn perform(&mut self, id: &str) -> Vec<Request> {
        self.dispatch(Action::Perform(id.to_owned()))
    }

    /// Every named action, for menus, buttons, the command palette and scripts.
    #[must_use]
    pub fn actions(&self) -> Vec<ActionView> {
        Vec::new()
    }

    /// One action of the registry, for a button.
    #[must_use]
    pub fn action(&self, id: &str) -> Option<ActionView> {
        self.actions().into_iter().find(|action| action.id == id)
    }

    /// A key went down; `None` when it is not ours and the browser should have it.
    pub fn key(&mut self, key: &KeyPress) -> Option<Vec<Request>> {
        let _ = key;
        None
    }

    /// A pointer did something on the stage.
    pub fn pointer(&mut self, input: PointerInput) -> Vec<Request> {
        let _ = input;
        Vec::new()
    }

    /// The stage element has this size now, in CSS pixels.
    pub fn resize(&mut self, width: f64, height: f64) {
        let _ = (width, height);
    }

    /// A frame begins; `elapsed_ms` of wall time passed since the last one.
    pub fn begin_frame(&mut self, elapsed_ms: f64) {
        let _ = elapsed_ms;
    }

    /// Simulates at most `events_max` events of this frame.
    pub fn work(&mut self, events_max: u64) -> Work {
        let _ = events_max;
        Work::Done
    }

    /// The frame's time budget is spent, or its work done: notes the speed that was reached.
    pub fn end_frame(&mut self) {}

    /// Plays or has something to show that moves; else the shell need not ask for frames.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        false
    }

    /// The document as text, to keep; opens again as it was.
    #[must_use]
    pub fn document_text(&self) -> String {
        String::new()
    }

    /// Boxes and lines; rebuilt only when something in it changed.
    pub fn stage(&mut self) -> &StageView {
        &self.stage
    }

    /// Numbers of the nodes that are shown.
    #[must_use]
    pub fn numbers(&self) -> Vec<NodeNumbers> {
        Vec::new()
    }

    /// What is selected, or the document.
    #[must_use]
    pub fn inspector(&self) -> InspectorView {
        InspectorView::default()
    }

    /// Time, speed, what the last step did.
    #[must_use]
    pub fn transport(&self) -> TransportView {
        TransportView::default()
    }

    /// Charts on one time axis, for the selected queue or the busiest.
    #[must_use]
    pub fn charts(&self) -> Vec<ChartView> {
        Vec::new()
    }

    /// The table behind a chart.
    #[must_use]
    pub fn chart_table(&self, key: &str) -> Option<TableView> {
        let _ = key;
        None
    }

    /// The way of the message that is followed.
    #[must_use]
    pub fn journey(&self) -> Option<JourneyView> {
        None
    }

    /// Problems of the document, and of the file that was opened last.
    #[must_use]
    pub fn problems(&self) -> Vec<ProblemView> {
        Vec::new()
    }

    /// Scenarios that come with the page.
    #[must_use]
    pub fn gallery(&self) -> Vec<GalleryEntry> {
        Vec::new()
    }

    /// Virtual hosts of the document.
    #[must_use]
    pub fn vhosts(&self) -> Vec<VhostView> {
        Vec::new()
    }

    /// Things to place.
    #[must_use]
    pub fn palette(&self) -> Vec<PaletteView> {
        Vec::new()
    }

    /// Where load can be put (dialog "add load").
    #[must_use]
    pub fn load_choices(&self) -> LoadView {
        LoadView::default()
    }

    /// What has happened lately, newest last, as sentences: a text equivalent of the picture.
    #[must_use]
    pub fn narration(&self) -> Vec<String> {
        Vec::new()
    }
}
