//! What hands do: pointer and keys, free of any browser.
//!
//! Deliberately not here: what it means; tools (`editor::tool`) and the keymap decide.

/// Keys held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Modifiers {
    /// Shift.
    pub shift: bool,
    /// Control.
    pub ctrl: bool,
    /// Alt, Option.
    pub alt: bool,
    /// Command, Windows.
    pub meta: bool,
}

impl Modifiers {
    /// The key that commands on this machine: Control, or Command on a Mac.
    #[must_use]
    pub const fn command(self) -> bool {
        self.ctrl || self.meta
    }
}

/// What points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PointerKind {
    /// A mouse or touchpad.
    #[default]
    Mouse,
    /// A finger.
    Touch,
    /// A pen.
    Pen,
}

/// Which button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PointerButton {
    /// Left, touch.
    #[default]
    Main,
    /// The wheel.
    Middle,
    /// Right.
    Secondary,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PointerPhase {
    /// Pressed.
    Down,
    /// Moved, pressed or not.
    Move,
    /// Released.
    Up,
    /// Taken away by the browser.
    Cancel,
    /// Left the stage without being pressed.
    Leave,
    /// A double click.
    Double,
    /// The wheel, or two fingers on a touchpad, in CSS pixels; with Control (also what a pinch on a
    /// touchpad sends) or on a mouse wheel it zooms.
    Wheel {
        /// To the right.
        dx: f64,
        /// Downwards.
        dy: f64,
    },
}

/// A pointer event on the stage. Capture the pointer at `Down`, so that moves outside still come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointerInput {
    /// What happened.
    pub phase: PointerPhase,
    /// CSS pixels from the stage element's left edge.
    pub x: f64,
    /// CSS pixels from its top edge.
    pub y: f64,
    /// The browser's pointer id; two of them down at once pinch.
    pub pointer: i32,
    /// What points.
    pub kind: PointerKind,
    /// Which button went down or up.
    pub button: PointerButton,
    /// Keys held down.
    pub modifiers: Modifiers,
}

/// A key went down (the shell sends none while a text field has the focus).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyPress {
    /// `KeyboardEvent.key`.
    pub key: String,
    /// Keys held down.
    pub modifiers: Modifiers,
    /// The stage, or something on it, has the focus: only then single letters mean something
    /// (WCAG 2.1.4).
    pub on_stage: bool,
    /// The node that has the focus.
    pub node: Option<crate::types::NodeId>,
}
