//! A box on the stage. What changes while it runs (rate, depth, slots ...) is drawn over it by
//! `ui::numbers`, so that a running simulation renders nothing anew.
//!
//! Deliberately not here: pointer and keys (the stage hears them for all boxes).

use crate::app::view::{ExchangeShape, NodeShape, NodeView};
use crate::types::Shortest;
use crate::ui::element::{El, el};
use crate::ui::hand::yes;
use crate::ui::part::Part;
use crate::ui::shell::node_element_id;
use crate::ui::stage::glyph::{HEAD_SHARE, TUBE_HEIGHT, TUBE_SHARE, glyph, outline};
use crate::ui::stage::is_wide;

/// A box on the stage.
#[derive(PartialEq)]
pub(crate) struct NodeBox {
    /// What is drawn.
    pub(crate) view: NodeView,
    /// Takes part in the tab order: one box at a time does.
    pub(crate) tab_stop: bool,
}

impl Part for NodeBox {
    fn same(&self, other: &Self) -> bool {
        self == other
    }

    fn draw(&self) -> El {
        node_box(self)
    }
}

fn node_box(props: &NodeBox) -> El {
    let view = &props.view;
    let link = match view.link_target {
        Some(true) => " link-yes",
        Some(false) => " link-no",
        None => "",
    };
    let outside = match view.id.as_outside() {
        Some(_) => " outside",
        None => "",
    };
    let picture = el("g aria-hidden='true'")
        .kid(focus_frame(view))
        .kid(outline(view.shape, view.width, view.height));
    el("g role='option'")
        .set("id", &node_element_id(view.id))
        .set(
            "class",
            &format!("node {}{link}{outside}", kind_class(view.shape)),
        )
        .set("data-node", &view.id.to_string())
        .at(view.x, view.y)
        .set("tabindex", if props.tab_stop { "0" } else { "-1" })
        .set("aria-selected", yes(view.selected))
        .set("aria-label", &view.description)
        .kid(inside(view, picture).kid(handle(view)).kid(problem(view)))
}

/// The class that says what a box is.
pub(super) const fn kind_class(shape: NodeShape) -> &'static str {
    match shape {
        NodeShape::Producer => "producer",
        NodeShape::Exchange(ExchangeShape::Other) => "exchange unknown",
        NodeShape::Exchange(_) => "exchange",
        NodeShape::Queue => "queue",
        NodeShape::OtherQueue => "queue unknown",
        NodeShape::Consumer => "consumer",
    }
}

fn focus_frame(view: &NodeView) -> El {
    let (width, height) = (view.width + 16.0, view.height + 16.0);
    el("rect class='frame' rx='8'")
        .number("x", -width / 2.0)
        .number("y", -height / 2.0)
        .number("width", width)
        .number("height", height)
}

fn handle(view: &NodeView) -> Option<El> {
    let handle = || {
        el("g class='handle'")
            .at(view.width / 2.0, 0.0)
            .kid(el("circle r='14' class='reach'"))
            .kid(el("circle r='5.5' class='dot'"))
            .kid(el("path class='plus' d='M-2.6 0H2.6M0 -2.6V2.6'"))
    };
    match view.shape {
        NodeShape::Consumer => None,
        NodeShape::Producer | NodeShape::Exchange(_) | NodeShape::Queue | NodeShape::OtherQueue => {
            Some(handle())
        }
    }
}

fn problem(view: &NodeView) -> Option<El> {
    view.problem.as_ref().map(|problem| {
        el("g class='problem'")
            .at(view.width / 2.0 - 4.0, -view.height / 2.0 - 2.0)
            .kid(el("title").text(problem))
            .kid(el("path d='M0 -9L9 7H-9Z'"))
            .kid(el("path class='mark' d='M0 -3.5V2M0 4.4V4.5'"))
    })
}

fn text(opening: &'static str, x: f64, y: f64, content: &str) -> El {
    el(opening).number("x", x).number("y", y).text(content)
}

/// Cuts a name to what fits; the whole of it is in the tooltip, the inspector and the description.
fn fitted(name: &str, width: f64) -> String {
    let wide = |letter: char| if is_wide(letter) { 13.0 } else { 7.2 };
    let mut used = 0.0;
    let mut kept = String::new();
    for letter in name.chars() {
        used += wide(letter);
        if used > width {
            kept.pop();
            kept.push('…');
            break;
        }
        kept.push(letter);
    }
    kept
}

/// Adds what tells boxes of different kinds apart.
fn inside(view: &NodeView, picture: El) -> El {
    let title = format!("{} · {}", view.label, view.detail);
    let picture = picture.kid(el("title").text(&title));
    let (left, top) = (-view.width / 2.0, -view.height / 2.0);
    let named =
        |opening, x: f64, y: f64, room: f64| text(opening, x, y, &fitted(&view.label, room));
    match view.shape {
        NodeShape::Producer => {
            let room = view.width - 36.0;
            picture.kid(named("text class='name'", left + 12.0, top + 20.0, room))
        }
        NodeShape::Exchange(_) => {
            let path = el("path class='glyph' transform='scale(1.5)'");
            let (name, detail) = ("text class='name middle'", "text class='detail middle'");
            picture
                .kid(glyph(view.shape).map(|drawing| path.set("d", drawing)))
                .kid(named(name, 0.0, 18.0 - top, 150.0))
                .kid(text(detail, 0.0, 33.0 - top, &view.detail))
        }
        NodeShape::Queue | NodeShape::OtherQueue => {
            let middle = view.height * TUBE_SHARE;
            let (top, bottom) = (middle - TUBE_HEIGHT / 2.0, middle + TUBE_HEIGHT / 2.0);
            let head = format!(
                "M{} {}V{}",
                Shortest(view.width * HEAD_SHARE),
                Shortest(top),
                Shortest(bottom)
            );
            let room = view.width - 84.0;
            picture
                .kid(el("path class='head'").set("d", &head))
                .kid(named("text class='name'", left + 4.0, top - 8.0, room))
                .kid(text(
                    "text class='detail'",
                    left + 4.0,
                    bottom + 34.0,
                    &view.detail,
                ))
        }
        NodeShape::Consumer => {
            let ring = el("circle class='ring' r='14'")
                .number("cx", left + 27.0)
                .number("cy", top + 46.0);
            let room = view.width - 20.0;
            picture
                .kid(named("text class='name'", left + 12.0, top + 19.0, room))
                .kid(ring)
                .kid(text("text class='detail'", left, 15.0 - top, &view.detail))
        }
    }
}
