//! Draws what changes by itself while it runs over the boxes of the stage: texts, levels,
//! sparklines, prefetch slots.
//!
//! On a canvas, because one changed text in the drawing has the browser lay out and paint the whole
//! drawing anew; and a few boxes a frame, so that no frame pays for all. A screen reader finds the
//! same numbers in the description of the box. Deliberately not here: what the numbers are, and when
//! to look at them (`frame_loop.rs`).

mod draw;
mod look;

use crate::app::App;
use crate::app::view::{NodeNumbers, NodeShape, StageView};
use crate::ui::browser;
use crate::ui::shell::node_element_id;
use draw::Pen;
use look::Look;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Boxes written anew in one frame; the rest have their turn in the next.
pub(super) const BOXES_A_FRAME: usize = 9;

/// Where a box stands and how large it is, in stage units.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    shape: NodeShape,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// A part of the canvas in pixels: left, top, right, bottom.
type Reach = (f64, f64, f64, f64);

fn overlap(one: Reach, other: Reach) -> bool {
    one.0 < other.2 && other.0 < one.2 && one.1 < other.3 && other.1 < one.3
}

/// One box and what is drawn of it.
#[derive(Debug)]
struct NumberBox {
    place: Place,
    numbers: NodeNumbers,
    reach: Option<Reach>,
    /// What is drawn is not what should be.
    stale: bool,
    /// The element says so too.
    told: bool,
}

/// From stage units to pixels of the canvas.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Lens {
    scale: f64,
    pan_x: f64,
    pan_y: f64,
    width: u32,
    height: u32,
}

/// The canvas of numbers.
#[derive(Debug)]
pub(super) struct Numbers {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    boxes: Vec<NumberBox>,
    lens: Lens,
    look: Look,
    version: u64,
}

impl Numbers {
    /// Takes the element over; `None` when the browser gives no 2D context.
    pub(super) fn new(element: HtmlCanvasElement) -> Option<Self> {
        let options = js_sys::Object::new();
        // Small pieces are changed often: a canvas that stays with the processor does that best.
        js_sys::Reflect::set(&options, &"willReadFrequently".into(), &true.into()).ok()?;
        let context = element
            .get_context_with_context_options("2d", &options)
            .ok()??
            .unchecked_into();
        Some(Self {
            element,
            context,
            boxes: Vec::new(),
            lens: Lens::default(),
            look: Look::default(),
            version: u64::MAX,
        })
    }

    /// Reads colours and sizes anew when the theme is another.
    pub(super) fn look_round(&mut self) {
        if self.look.renew() {
            self.forget();
        }
    }

    /// Elements were drawn anew: everything is written again.
    pub(super) fn forget(&mut self) {
        self.version = u64::MAX;
        self.lens = Lens::default();
        self.boxes.clear();
    }

    /// Whether all that changed is drawn.
    pub(super) fn is_done(&self) -> bool {
        self.boxes.iter().all(|one| !one.stale)
    }

    /// Looks at the numbers if it is time to (`due`), and draws at most so many of those that changed,
    /// or all where the stage moved. The canvas is `size` pixels, `ratio` to a CSS pixel.
    pub(super) fn frame(
        &mut self,
        app: &mut App,
        due: bool,
        most: usize,
        size: (u32, u32),
        ratio: f64,
    ) {
        let moved = self.version != app.stage().version;
        let fresh = self.follow(app.stage(), size, ratio);
        if due || fresh {
            for (index, numbers) in app.numbers().into_iter().enumerate() {
                self.take(index, numbers);
            }
        }
        self.draw(if moved { usize::MAX } else { most });
        // One a frame: who listens hears one box at a time. A new box has its element a little later.
        for one in &mut self.boxes {
            if !one.told && !one.stale {
                one.told = describe(&one.numbers);
                if one.told && most < usize::MAX {
                    break;
                }
            }
        }
    }

    /// Follows the boxes where they went; true when there are new ones.
    fn follow(&mut self, stage: &StageView, size: (u32, u32), ratio: f64) -> bool {
        let lens = Lens {
            scale: stage.zoom * ratio,
            pan_x: stage.pan_x,
            pan_y: stage.pan_y,
            width: size.0,
            height: size.1,
        };
        let same_lens = lens == self.lens;
        if same_lens && stage.version == self.version {
            return false;
        }
        if (self.element.width(), self.element.height()) != size {
            self.element.set_width(size.0);
            self.element.set_height(size.1);
        }
        if !same_lens {
            let _ = self.context.reset_transform();
            self.context
                .clear_rect(0.0, 0.0, f64::from(size.0), f64::from(size.1));
        }
        self.lens = lens;
        self.version = stage.version;
        let mut fresh = false;
        let mut before = std::mem::take(&mut self.boxes);
        for node in &stage.nodes {
            let place = Place {
                shape: node.shape,
                x: node.x,
                y: node.y,
                width: node.width,
                height: node.height,
            };
            let known = before.iter().position(|one| one.numbers.id == node.id);
            let mut next = match known {
                Some(index) => before.swap_remove(index),
                None => NumberBox {
                    place,
                    numbers: NodeNumbers {
                        id: node.id,
                        ..NodeNumbers::default()
                    },
                    reach: None,
                    stale: true,
                    told: false,
                },
            };
            fresh |= known.is_none();
            if !same_lens {
                next.reach = None;
            }
            next.stale |= !same_lens || next.place != place;
            next.place = place;
            self.boxes.push(next);
        }
        for gone in before {
            self.wipe(gone.reach);
        }
        fresh
    }

    fn take(&mut self, index: usize, numbers: NodeNumbers) {
        // Both lists are in the order of the stage.
        if let Some(one) = self.boxes.get_mut(index)
            && one.numbers.id == numbers.id
            && one.numbers != numbers
        {
            one.numbers = numbers;
            one.stale = true;
            one.told = false;
        }
    }

    /// Takes what was drawn there away; whoever loses a piece is drawn again.
    fn wipe(&mut self, reach: Option<Reach>) {
        let Some(reach) = reach else {
            return;
        };
        let _ = self.context.reset_transform();
        self.context
            .clear_rect(reach.0, reach.1, reach.2 - reach.0, reach.3 - reach.1);
        let hit: Vec<usize> = (0..self.boxes.len())
            .filter(|index| {
                self.boxes[*index]
                    .reach
                    .is_some_and(|other| overlap(reach, other))
            })
            .collect();
        for index in hit {
            let other = self.boxes[index].reach.take();
            self.boxes[index].stale = true;
            self.wipe(other);
        }
    }

    fn draw(&mut self, most: usize) {
        let mut chosen: Vec<usize> = Vec::new();
        for index in 0..self.boxes.len() {
            if self.boxes[index].stale && chosen.len() < most {
                let reach = self.boxes[index].reach.take();
                self.wipe(reach);
                chosen.push(index);
            }
        }
        // What was wiped with the others must not stay away for a frame.
        for index in 0..self.boxes.len() {
            if self.boxes[index].stale && self.boxes[index].reach.is_none() {
                self.draw_one(index);
            }
        }
    }

    fn draw_one(&mut self, index: usize) {
        let one = &mut self.boxes[index];
        let Lens {
            scale,
            pan_x,
            pan_y,
            ..
        } = self.lens;
        let (x, y) = ((one.place.x - pan_x) * scale, (one.place.y - pan_y) * scale);
        // Fails only for numbers that are none; then nothing can be drawn.
        if self
            .context
            .set_transform(scale, 0.0, 0.0, scale, x, y)
            .is_err()
        {
            return;
        }
        let mut pen = Pen::new(&self.context, &self.look, one.place);
        pen.numbers(&one.numbers);
        let (left, top, right, bottom) = pen.reach();
        one.reach = Some((
            (x + left * scale).floor() - 1.0,
            (y + top * scale).floor() - 1.0,
            (x + right * scale).ceil() + 1.0,
            (y + bottom * scale).ceil() + 1.0,
        ));
        one.stale = false;
    }
}

/// Tells the box's element how it is doing: for the style sheet, and for who cannot see the canvas.
/// False when there is no such element yet.
fn describe(numbers: &NodeNumbers) -> bool {
    let Some(element) = browser::by_id(&node_element_id(numbers.id)) else {
        return false;
    };
    let mut said = String::new();
    for part in [&numbers.main, &numbers.second, &numbers.note] {
        if !part.is_empty() {
            if !said.is_empty() {
                said.push_str(" \u{b7} ");
            }
            said.push_str(part);
        }
    }
    // Names from this program are always valid ones.
    let _ = element.set_attribute("aria-description", &said);
    let state = numbers.state.name();
    if element.get_attribute("data-state").as_deref() != Some(state) {
        let _ = element.set_attribute("data-state", state);
    }
    true
}
