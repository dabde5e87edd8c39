//! Canvas logic without a canvas: selection, tools, hit tests, geometry.
//!
//! Positions are stage units (`f64`, one unit is one CSS pixel at zoom 1) unless a name says
//! otherwise. Layer 4. Deliberately not here: drawing, the run, the browser.

pub mod edge_path;
pub mod geometry;
pub mod input;
pub mod keymap;
pub mod palette;
mod room;
pub mod scene;
pub mod selection;
pub mod snap;
pub mod tool;
pub mod viewport;

pub use edge_path::PathGeometry;
pub use geometry::{Rect, Spot};
pub use input::{KeyPress, Modifiers, PointerButton, PointerInput, PointerKind, PointerPhase};
pub use keymap::Chord;
pub use palette::PaletteItem;
pub use scene::{EdgeKey, Hit, Scene, SceneEdge, SceneNode};
pub use selection::Selection;
pub use tool::{Editor, Intent, Tool};
pub use viewport::Viewport;

#[cfg(test)]
mod tests;
