//! A line on the stage with its chip.
//!
//! Deliberately not here: its course; the editor draws the path.

use crate::app::view::{EdgeShape, EdgeView};
use crate::editor::EdgeKey;
use crate::types::parse_number;
use crate::ui::element::{El, el};
use crate::ui::hand::yes;
use crate::ui::part::Part;
use crate::ui::shell::edge_element_id;

/// A line on the stage.
pub(crate) struct EdgeLine(pub(crate) EdgeView);

impl Part for EdgeLine {
    fn same(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    fn draw(&self) -> El {
        edge_line(&self.0)
    }
}

fn edge_line(view: &EdgeView) -> El {
    let kind = match view.shape {
        EdgeShape::Publish => "publish",
        EdgeShape::Binding => "binding",
        EdgeShape::Consume => "consume",
        EdgeShape::DeadLetter => "dead-letter",
        EdgeShape::Alternate => "alternate",
    };
    let selected = if view.selected { " selected" } else { "" };
    el("g role='option' tabindex='-1'")
        .set("id", &edge_element_id(view.key))
        .set("class", &format!("edge {kind}{selected}"))
        .set("aria-selected", yes(view.selected))
        .set("aria-label", &view.description)
        .maybe("data-edge", document_edge(view.key).as_deref())
        .kid(el("title").text(&view.description))
        .kid(el("path class='reach'").set("d", &view.path))
        .kid(el("path class='line' marker-end='url(#arrow)'").set("d", &view.path))
        .kid(chip(view))
}

fn chip(view: &EdgeView) -> Option<El> {
    let label = shortened(&view.label, &view.path);
    if label.is_empty() {
        return None;
    }
    let width = label_width(&label);
    let ground = el("rect y='-9' height='18' rx='4'")
        .number("x", -width / 2.0)
        .number("width", width);
    let chip = el("g class='chip' aria-hidden='true'")
        .at(view.label_x, view.label_y)
        .kid(ground)
        .kid(el("text x='0' y='4'").text(&label));
    Some(chip)
}

/// The number of a line that stands in the document; others follow from an argument.
fn document_edge(key: EdgeKey) -> Option<String> {
    match key {
        EdgeKey::Edge(id) => Some(id.to_string()),
        EdgeKey::DeadLetter(_) | EdgeKey::Alternate(_) => None,
    }
}

/// The shortest and longest text on a chip, in letters; the rest is in the tooltip.
const CHIP_LETTERS: (f64, f64) = (6.0, 28.0);
/// Width of a letter on a chip, in stage units.
const LETTER: f64 = 6.7;

/// A label as far as it has room on the line, whose ends the path's numbers begin and end with.
fn shortened(label: &str, path: &str) -> String {
    let numbers: Vec<f64> = path
        .split(|letter: char| !matches!(letter, '0'..='9' | '.' | '-'))
        .filter_map(parse_number)
        .collect();
    let room = match numbers.as_slice() {
        [x1, y1, .., x2, y2] => (x2 - x1).hypot(y2 - y1),
        _ => 0.0,
    };
    let letters = ((room - 44.0) / LETTER).clamp(CHIP_LETTERS.0, CHIP_LETTERS.1) as usize;
    if label.chars().count() <= letters {
        return label.to_owned();
    }
    let mut short: String = label.chars().take(letters - 1).collect();
    short.push('…');
    short
}

/// Room for a label in the chip's monospace letters.
fn label_width(label: &str) -> f64 {
    let letters: f64 = label
        .chars()
        .map(|letter| {
            if u32::from(letter) > 0x2e80 {
                12.0
            } else {
                LETTER
            }
        })
        .sum();
    letters + 14.0
}
