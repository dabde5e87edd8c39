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
use crate::types::{NodeId, parse_number};
use crate::ui::part::{Part, each, part};
use std::rc::Rc;
use yew::{Html, html};

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

    fn draw(&self) -> Html {
        stage(self)
    }
}

fn stage(props: &Stage) -> Html {
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
        zoom = view.zoom,
        x = -view.pan_x,
        y = -view.pan_y
    );
    html! {
        <div class="stage-area" id="stage-area" data-cursor={cursor}>
            <svg id="stage" class="stage" role="listbox" aria-multiselectable="true"
                aria-label={props.words.stage()}
                tabindex={if current.is_none() { "0" } else { "-1" }}>
                <defs>
                    <marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7"
                        markerHeight="7" orient="auto-start-reverse" markerUnits="userSpaceOnUse">
                        <path d="M1 1L9 5L1 9" />
                    </marker>
                </defs>
                <g role="presentation" transform={transform}>
                    <g role="presentation" class="edges">
                        { each(view.edges.iter().map(|edge| {
                            part(Some(edge.key.to_string()), EdgeLine(edge.clone()))
                        })) }
                    </g>
                    <g role="presentation" class="nodes">
                        { each(view.nodes.iter().map(|node| {
                            let tab_stop = current == Some(node.id);
                            part(Some(node_key(node)), NodeBox { view: node.clone(), tab_stop })
                        })) }
                    </g>
                    { overlay(view) }
                </g>
            </svg>
            <canvas id="numbers" aria-hidden="true"></canvas>
            <canvas id="messages" aria-hidden="true"></canvas>
        </div>
    }
}

/// A box that became another kind of box (another document was opened) gets elements of its own:
/// what was written into the old ones must not stay.
fn node_key(node: &NodeView) -> String {
    format!("{}-{:?}", node.id, node.shape)
}

/// Width of the sentence beside a refused line, in CSS pixels.
const REFUSAL_PX: f64 = 260.0;
/// From one of its lines to the next.
const LINE_PX: f64 = 19.0;

/// Why a line is refused, where it would end.
fn refusal(view: &StageView, path: &str) -> Html {
    let numbers: Vec<f64> = path
        .split(|letter: char| !matches!(letter, '0'..='9' | '.' | '-'))
        .filter_map(parse_number)
        .collect();
    let [.., x, y] = numbers.as_slice() else {
        return Html::default();
    };
    // The words keep their size at any zoom.
    let place = format!(
        "translate({x} {y}) scale({}) translate(14 14)",
        1.0 / view.zoom.max(0.01)
    );
    let lines = wrapped(&view.hint, REFUSAL_PX);
    let height = lines.len() as f64 * LINE_PX + 12.0;
    html! {
        <g transform={place} class="refusal-here">
            <rect width={(REFUSAL_PX + 24.0).to_string()} height={height.to_string()} rx="8" />
            { each(lines.iter().zip(1..).map(|(line, number)| html! {
                <text x="12" y={(f64::from(number) * LINE_PX).to_string()}>{ line }</text>
            })) }
        </g>
    }
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

fn overlay(view: &StageView) -> Html {
    html! {<>
        if let Some((path, allowed)) = &view.preview {
            <path class={if *allowed { "preview" } else { "preview refused" }} d={path.clone()} />
            if !*allowed { { refusal(view, path) } }
        }
        if let Some((x, y, width, height)) = view.marquee {
            <rect class="marquee" x={x.to_string()} y={y.to_string()} width={width.to_string()}
                height={height.to_string()} />
        }
        if let Some((x, y, shape)) = view.ghost {
            <g class="ghost" transform={format!("translate({x} {y})")}>{ glyph::ghost(shape) }</g>
        }
    </>}
}
