//! What can be asked of the app, and what the app asks of its shell.
//!
//! Deliberately not here: how it is carried out (`dispatch.rs`), and the menu of named actions with
//! their labels and keys (`registry.rs`).

use crate::app::preferences::{Colouring, Theme};
use crate::editor::PaletteItem;
use crate::text::Language;
use crate::types::{EdgeId, MessageId, NodeId, NodeSet};

/// What is asked of the app, by a person or a script. Positions in CSS pixels of the stage element.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Do a named action of the registry (`App::actions`).
    Perform(String),
    /// Take a thing of the palette in hand: the next click, or release of a drag, on the stage places it.
    Hold(PaletteItem),
    /// Add a thing near the middle of what is seen (a click or Enter in the palette).
    Add(PaletteItem),
    /// Add a thing at a place of the stage element.
    Place {
        /// What.
        item: PaletteItem,
        /// To the right.
        x: f64,
        /// Downwards.
        y: f64,
    },
    /// Draw a line from one node to another; a refusal says why.
    Link {
        /// From.
        from: NodeId,
        /// To.
        to: NodeId,
    },
    /// Put copies of nodes beside them, and select these.
    Duplicate {
        /// Which.
        nodes: NodeSet,
        /// To the right, in stage units.
        dx: f64,
        /// Downwards.
        dy: f64,
    },
    /// Select one node, or with `add` one more (or one less).
    SelectNode {
        /// Which.
        node: NodeId,
        /// To what is selected already.
        add: bool,
    },
    /// Select one edge.
    SelectEdge(EdgeId),
    /// Select nothing: the inspector shows the document.
    SelectNothing,
    /// Show this node in the middle and select it.
    Reveal(NodeId),
    /// A field of the inspector was given this text.
    SetField {
        /// `FieldView::key`.
        key: String,
        /// As typed; `true` or `false` for a switch, the value of a choice.
        value: String,
    },
    /// How fast to play: simulated seconds per second, 0.1 to 1000.
    SetSpeed(f64),
    /// Follow a message, or no longer.
    Follow(Option<MessageId>),
    /// Show this virtual host.
    SetVhost(String),
    /// A file was dropped, opened or pasted.
    Open {
        /// Its name.
        name: String,
        /// Its text.
        text: String,
    },
    /// Open a scenario of the gallery.
    OpenGallery(String),
    /// The scenario that [`Request::LoadScenario`] asked for is there.
    ScenarioCame {
        /// Its key.
        key: String,
        /// Its text.
        text: String,
    },
    /// Put producers on exchanges and consumers on queues (`App::load_choices`).
    AddLoad {
        /// On these exchanges.
        exchanges: Vec<NodeId>,
        /// On these queues.
        queues: Vec<NodeId>,
        /// Messages per second of each producer, as typed.
        rate: String,
        /// Work for one message, as typed, e.g. `100ms`.
        service: String,
    },
    /// The language of the page.
    SetLanguage(Language),
    /// The texts that [`Request::LoadTexts`] asked for are there.
    TextsCame(Language),
    /// The part of the program that [`Request::LoadAnnex`] asked for is there: this can be done.
    AnnexCame(Box<Self>),
    /// The colours of the page.
    SetTheme(Theme),
    /// What the colour of a message tells.
    SetColouring(Colouring),
    /// Zoom to so many CSS pixels per stage unit, about the middle.
    SetZoom(f64),
    /// The shell could not do what was asked (a full local storage, a blocked clipboard).
    Failed(ShellFailure),
}

/// What the shell could not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShellFailure {
    /// Keep the work in the browser's storage.
    Storage,
    /// Copy to the clipboard.
    Clipboard,
    /// Read a file.
    Reading,
    /// Fetch the texts of a language.
    Texts,
    /// Fetch the annex.
    Annex,
}

/// A dialog of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialog {
    /// The gallery.
    Gallery,
    /// Producers and consumers on chosen exchanges and queues.
    AddLoad,
    /// All actions, searchable, with their keys.
    Actions,
    /// Problems of the document or of the opened file.
    Problems,
}

/// What the app asks of its shell.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// The document changed: keep `App::document_text()` soon (at most a few times a second, and
    /// before the page goes).
    Save,
    /// Offer a file for download.
    Download {
        /// Its name.
        name: String,
        /// Its media type.
        mime: &'static str,
        /// Its text.
        text: String,
    },
    /// Ask for a file; it comes back as [`Action::Open`].
    OpenFile {
        /// For the file dialog: endings.
        accept: &'static str,
    },
    /// Put a text on the clipboard.
    CopyText {
        /// The text.
        text: String,
    },
    /// Say it to screen readers, and show it for a while.
    Announce {
        /// What.
        text: String,
        /// At once (something was refused), else when there is a pause.
        assertive: bool,
    },
    /// Keep this short text of preferences; it comes back in `Start::preferences`.
    Remember {
        /// From `Preferences::to_text`.
        text: String,
    },
    /// Fetch the texts of this language; then [`Action::TextsCame`], or [`Action::Failed`].
    LoadTexts(Language),
    /// Fetch this scenario of the gallery; it comes back as [`Action::ScenarioCame`].
    LoadScenario(String),
    /// Fetch the annex, without which this cannot be done; then [`Action::AnnexCame`] with it, or
    /// [`Action::Failed`].
    LoadAnnex(Action),
    /// Give this node the keyboard focus.
    Focus(NodeId),
    /// Give this line the keyboard focus.
    FocusEdge(crate::editor::EdgeKey),
    /// Give this field of the inspector the keyboard focus.
    FocusField {
        /// `FieldView::key`.
        key: String,
    },
    /// Open a dialog.
    Show(Dialog),
    /// The panels round the stage are hidden (`true`), or back.
    Present(bool),
}
