//! The stage: boxes and lines as SVG under one canvas of messages.
//!
//! One tab stop: arrow keys go from box to box (the app's keymap says where to). Pointer events go to
//! the app with the pointer captured. Deliberately not here: hit tests and tools; the app has them.

mod edge;
pub(crate) mod glyph;
mod input;
mod node;

pub(crate) use edge::EdgeLine;
pub(crate) use input::StageInput;
pub(crate) use node::NodeBox;

use crate::app::Words;
use crate::app::view::{Cursor, NodeView, StageView};
use crate::types::{NodeId, Shortest, parse_number};
use crate::ui::element::{El, each, el};
use crate::ui::part::{Part, part};
use std::rc::Rc;

/// The stage.
pub(crate) struct Stage {
    /// What stands on it.
    pub(crate) view: Rc<StageView>,
    /// Texts.
    pub(crate) words: Words,
    /// The box that had the focus last.
    pub(crate) current: Option<NodeId>,
}

impl Part for Stage {
    fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.view, &other.view)
            && self.current == other.current
            && self.words == other.words
    }

    fn draw(&self) -> El {
        stage(self)
    }
}

fn stage(props: &Stage) -> El {
    let view = &props.view;
    let cursor = match view.cursor {
        Cursor::Arrow => "arrow",
        Cursor::Grab => "grab",
        Cursor::Grabbing => "grabbing",
        Cursor::Cross => "cross",
        Cursor::Refused => "refused",
    };
    let current = props
        .current
        .filter(|node| view.nodes.iter().any(|view| view.id == *node))
        .or_else(|| view.nodes.first().map(|node| node.id));
    let transform = format!(
        "scale({zoom}) translate({x} {y})",
        zoom = Shortest(view.zoom),
        x = Shortest(-view.pan_x),
        y = Shortest(-view.pan_y)
    );
    let edges = view
        .edges
        .iter()
        .map(|edge| part(Some(edge.key.to_string()), EdgeLine(edge.clone())));
    let nodes = view.nodes.iter().map(|node| {
        let tab_stop = current == Some(node.id);
        let view = node.clone();
        part(Some(node_key(node)), NodeBox { view, tab_stop })
    });
    let things = el("g role='presentation'")
        .set("transform", &transform)
        .kid(el("g role='presentation' class='edges'").kid(each(edges)))
        .kid(el("g role='presentation' class='nodes'").kid(each(nodes)));
    let drawing = el("svg id='stage' class='stage' role='listbox' aria-multiselectable='true'")
        .set("aria-label", props.words.stage())
        .set("tabindex", if current.is_none() { "0" } else { "-1" })
        .kid(el("defs").kid(arrow()))
        .kid(overlay(view, things));
    el("div class='stage-area' id='stage-area'")
        .set("data-cursor", cursor)
        .kid(drawing)
        .kid(el("canvas id='numbers' aria-hidden='true'"))
        .kid(el("canvas id='messages' aria-hidden='true'"))
}

/// The head of a line.
fn arrow() -> El {
    el(
        "marker id='arrow' viewBox='0 0 10 10' refX='9' refY='5' markerWidth='7' \
        markerHeight='7' orient='auto-start-reverse' markerUnits='userSpaceOnUse'",
    )
    .kid(el("path d='M1 1L9 5L1 9'"))
}

/// A box that became another kind of box (another document was opened) gets elements of its own:
/// what was written into the old ones must not stay.
fn node_key(node: &NodeView) -> String {
    format!("{}-{}", node.id, node::kind_class(node.shape))
}

/// Width of the sentence beside a refused line, in CSS pixels.
const REFUSAL_PX: f64 = 260.0;
/// From one of its lines to the next.
const LINE_PX: f64 = 19.0;

/// Why a line is refused, where it would end.
fn refusal(view: &StageView, path: &str) -> Option<El> {
    let numbers: Vec<f64> = path
        .split(|letter: char| !matches!(letter, '0'..='9' | '.' | '-'))
        .filter_map(parse_number)
        .collect();
    let [.., x, y] = numbers.as_slice() else {
        return None;
    };
    // The words keep their size at any zoom.
    let place = format!(
        "translate({} {}) scale({}) translate(14 14)",
        Shortest(*x),
        Shortest(*y),
        Shortest(1.0 / view.zoom.max(0.01))
    );
    let lines = wrapped(&view.hint, REFUSAL_PX);
    let height = lines.len() as f64 * LINE_PX + 12.0;
    let lines = lines.iter().zip(1..).map(|(line, number)| {
        el("text x='12'")
            .number("y", f64::from(number) * LINE_PX)
            .text(line)
    });
    let refusal = el("g class='refusal-here'")
        .set("transform", &place)
        .kid(
            el("rect rx='8'")
                .number("width", REFUSAL_PX + 24.0)
                .number("height", height),
        )
        .kid(each(lines));
    Some(refusal)
}

/// Cuts a sentence into lines; Chinese may be cut anywhere, other words between words.
fn wrapped(sentence: &str, room: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for piece in sentence.split_inclusive(|letter: char| letter == ' ' || is_wide(letter)) {
        let width: f64 = piece
            .chars()
            .map(|letter| if is_wide(letter) { 14.0 } else { 7.6 })
            .sum();
        if used + width > room && used > 0.0 {
            lines.push(String::new());
            used = 0.0;
        }
        used += width;
        if let Some(line) = lines.last_mut() {
            line.push_str(piece);
        }
    }
    lines
}

/// Letters about as wide as they are high.
pub(crate) fn is_wide(letter: char) -> bool {
    u32::from(letter) > 0x2e80
}

/// Adds what the hand is about.
fn overlay(view: &StageView, things: El) -> El {
    let preview = view.preview.as_ref().map(|(path, allowed)| {
        let class = if *allowed {
            "preview"
        } else {
            "preview refused"
        };
        el("path").set("class", class).set("d", path)
    });
    let refused = view.preview.as_ref().filter(|(_, allowed)| !*allowed);
    let marquee = view.marquee.map(|(x, y, width, height)| {
        el("rect class='marquee'")
            .number("x", x)
            .number("y", y)
            .number("width", width)
            .number("height", height)
    });
    let ghost = view
        .ghost
        .map(|(x, y, shape)| el("g class='ghost'").at(x, y).kid(glyph::ghost(shape)));
    things
        .kid(preview)
        .kid(refused.and_then(|(path, _)| refusal(view, path)))
        .kid(marquee)
        .kid(ghost)
}
