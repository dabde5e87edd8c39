//! The shapes of boxes as SVG paths round their centre, and the glyph of each exchange type.
//!
//! Shapes carry meaning without colour: a tag, a disc, a tube, a box. Deliberately not here: text and
//! numbers on them.

use crate::app::view::{ExchangeShape, NodeShape};
use crate::editor::geometry::{CONSUMER_SIZE, EXCHANGE_SIZE, PRODUCER_SIZE, QUEUE_SIZE};
use crate::types::Shortest;
use crate::ui::element::{El, el};

/// Height of a queue's tube; its middle line is `TUBE_SHARE` of the height below the centre.
pub(crate) const TUBE_HEIGHT: f64 = 30.0;
/// The tube's middle line, as a share of the box's height below its centre (as in `app::picture`).
pub(crate) const TUBE_SHARE: f64 = 0.0;
/// The wall between ready and unacked, as a share of the width right of the centre.
pub(crate) const HEAD_SHARE: f64 = 0.26;
/// Where the ready part begins, as a share of the width.
pub(crate) const TAIL_SHARE: f64 = -0.48;

/// The outline of a box.
pub(crate) fn outline(shape: NodeShape, width: f64, height: f64) -> El {
    let (right, bottom) = (width / 2.0, height / 2.0);
    match shape {
        NodeShape::Producer => {
            let point = (height * 0.3).min(18.0);
            let edge = right - point;
            let path = format!(
                "M{left} {top}a6 6 0 0 1 6 -6H{edge}L{right} 0L{edge} {bottom}H{inner}a6 6 0 0 1 -6 -6Z",
                left = Shortest(-right),
                top = Shortest(-bottom + 6.0),
                inner = Shortest(-right + 6.0),
                right = Shortest(right),
                edge = Shortest(edge),
                bottom = Shortest(bottom),
            );
            el("path class='outline'").set("d", &path)
        }
        NodeShape::Exchange(_) => el("circle class='outline'").number("r", right.min(bottom)),
        NodeShape::Queue | NodeShape::OtherQueue => el("rect class='outline'")
            .number("x", -right)
            .number("y", height * TUBE_SHARE - TUBE_HEIGHT / 2.0)
            .number("width", width)
            .number("height", TUBE_HEIGHT)
            .number("rx", TUBE_HEIGHT / 2.0),
        NodeShape::Consumer => el("rect class='outline' rx='5'")
            .number("x", -right)
            .number("y", -bottom)
            .number("width", width)
            .number("height", height),
    }
}

/// The glyph in the middle: what an exchange does with a message, as a drawing of 24 units.
#[must_use]
pub(crate) fn glyph(shape: NodeShape) -> Option<&'static str> {
    let NodeShape::Exchange(exchange) = shape else {
        return None;
    };
    Some(match exchange {
        // One arrow, straight on.
        ExchangeShape::Direct => "M-11 0H9M4 -5L9 0L4 5",
        // One in, three out.
        ExchangeShape::Fanout => "M-11 0H-3L9 -9M-3 0H9M-3 0L9 9M5 -9H9V-5M6 -3L9 0L6 3M5 9H9V5",
        // Words between dots, one of them a star.
        ExchangeShape::Topic => {
            "M-11 5H-5M5 5H11M-1.5 5H-1M1 5H1.5M0 -11V-1M-4.4 -8.5L4.4 -3.5M-4.4 -3.5L4.4 -8.5"
        }
        // A form with ticked lines.
        ExchangeShape::Headers => {
            "M-9 -7L-7 -5L-4 -9M-1 -7H10M-9 0L-7 2L-4 -2M-1 0H10M-9 7L-7 9L-4 5M-1 7H10"
        }
        // A ring parted into unlike shares.
        ExchangeShape::ConsistentHash => "M0 -10a10 10 0 1 1 -0.1 0M0 0V-10M0 0L9 4M0 0L-6 8",
        // A die.
        ExchangeShape::Random => "M-8 -8H8V8H-8ZM-3.5 -3.5h0.1M0 0h0.1M3.5 3.5h0.1",
        // An hourglass.
        ExchangeShape::Delayed => "M-7 -10H7M-7 10H7M-5 -10V-6L5 6V10M5 -10V-6L-5 6V10",
        ExchangeShape::Other => "M-5 -6a5 5 0 1 1 5 6v4M0 9v0.5",
    })
}

/// What is in hand, at the size it would have.
pub(crate) fn ghost(shape: NodeShape) -> El {
    let (width, height) = match shape {
        NodeShape::Producer => PRODUCER_SIZE,
        NodeShape::Exchange(_) => EXCHANGE_SIZE,
        NodeShape::Queue | NodeShape::OtherQueue => QUEUE_SIZE,
        NodeShape::Consumer => CONSUMER_SIZE,
    };
    outline(shape, width, height)
}

/// A small picture of a box, for the palette.
pub(crate) fn thumbnail(shape: NodeShape) -> El {
    let (width, height) = match shape {
        NodeShape::Producer => (40.0, 22.0),
        NodeShape::Exchange(_) => (30.0, 30.0),
        NodeShape::Queue | NodeShape::OtherQueue | NodeShape::Consumer => (42.0, 26.0),
    };
    let picture = el(
        "svg class='thumbnail' viewBox='-24 -17 48 34' aria-hidden='true' \
        focusable='false'",
    );
    match shape {
        NodeShape::Queue | NodeShape::OtherQueue => picture
            .kid(el(
                "rect class='outline' x='-21' y='-9' width='42' height='18' rx='9'",
            ))
            .kid(el(
                "path class='glyph' d='M10 -9V9M-13 0h0.1M-5.5 0h0.1M2 0h0.1'",
            )),
        NodeShape::Consumer => picture
            .kid(outline(shape, width, height))
            .kid(el(
                "path class='glyph thin' d='M-14 8h7v-6h-7zM-3.5 8h7v-6h-7zM7 8h7v-6h-7z'",
            ))
            .kid(el("path class='glyph thin' d='M-14 -6H4'")),
        NodeShape::Producer | NodeShape::Exchange(_) => {
            let drawing = match glyph(shape) {
                Some(path) => el("path class='glyph' transform='scale(0.8)'").set("d", path),
                None => el("path class='glyph thin' d='M-14 5l5 -4l4 2l6 -7l4 3'"),
            };
            picture.kid(outline(shape, width, height)).kid(drawing)
        }
    }
}
