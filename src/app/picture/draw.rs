//! From who is under way to pixels: one pass over flights, hops, falls and queues.
//!
//! Deliberately not here: what happened; and writing words, which the page's canvas does better.

use super::mark::{MarkSet, MarkShape};
use super::palette::{Ground, Palette};
use super::pixmap::Rgba;
use super::road::{MARK_PITCH, Place, QUEUE_MARKS_MAX, READY_SHARE, TUBE_SHARE, UNACKED_SHARE};
use super::travel::{ColourBy, FALL_MS, GLIDE_MS, Look, Way, message_shape};
use super::{Atlas, Picture};
use crate::app::view::{EdgeShape, NodeShape};
use crate::types::{MessageId, NodeId, Outside, SimTime};

/// A message's radius in stage units.
const MARK_RADIUS: f64 = 5.0;
/// Marks stay visible and never cover the drawing: limits of the radius in CSS pixels.
const RADIUS_CSS: (f64, f64) = (2.0, 9.0);
/// More marks than this in one cell of a line become one with a number.
const CELL_MARKS_MAX: u16 = 3;
/// How far a lost message falls, in stage units.
const FALL_UNITS: f64 = 46.0;
/// With reduced motion a mark stands still at one of so many places instead of gliding.
const REDUCED_STEPS: f32 = 4.0;
/// Colour by age: simulated seconds from the first colour to the last.
const AGE_SECONDS: [f64; 8] = [0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0];

/// Where the stage is looked at from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// Stage unit at the left edge.
    pub pan_x: f64,
    /// Stage unit at the top edge.
    pub pan_y: f64,
    /// CSS pixels per stage unit.
    pub zoom: f64,
    /// Device pixels per CSS pixel.
    pub pixel_ratio: f64,
    /// Size of the stage in CSS pixels.
    pub width: f64,
    /// Size of the stage in CSS pixels.
    pub height: f64,
}

impl Camera {
    fn scale(&self) -> f64 {
        self.zoom * self.pixel_ratio
    }

    /// Device pixels of a place on the stage.
    fn project(&self, x: f64, y: f64) -> (f64, f64) {
        (
            (x - self.pan_x) * self.scale(),
            (y - self.pan_y) * self.scale(),
        )
    }
}

/// How it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DrawOptions {
    /// The theme.
    pub ground: Ground,
    /// What colours stand for.
    pub colour_by: ColourBy,
    /// Step instead of gliding.
    pub reduced_motion: bool,
}

/// Why something fell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WordKind {
    /// No queue takes it.
    Unroutable,
    /// Its time to live ended.
    Expired,
    /// A length limit.
    MaxLength,
    /// It came back more often than its queue allows.
    DeliveryLimit,
    /// A consumer rejected it.
    Rejected,
    /// The queue refused it.
    Refused,
    /// The queue was purged.
    Purged,
    /// The queue is gone.
    QueueDeleted,
    /// The link or client is gone.
    Lost,
}

/// A word to write.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Word {
    /// Middle of the word, in device pixels.
    pub x: f64,
    /// Its base line, in device pixels.
    pub y: f64,
    /// Which word.
    pub kind: WordKind,
    /// How many fell together.
    pub count: u32,
    /// 0 to 1.
    pub opacity: f64,
    /// Height of the letters in device pixels.
    pub size: f64,
}

struct Pen<'a> {
    camera: Camera,
    options: DrawOptions,
    palette: Palette,
    marks: &'a MarkSet,
    now: SimTime,
}

impl Pen<'_> {
    fn colour(&self, look: Look, enqueued_at: Option<SimTime>) -> Rgba {
        let hue = match self.options.colour_by {
            ColourBy::RoutingKey => {
                // Of what a program outside publishes the trace says no key: it has its client's
                // colour until it is seen in a queue.
                let key = look.key.map(usize::from);
                key.or_else(|| look.producer.filter(is_outside).map(hue_of))
            }
            ColourBy::Producer => look.producer.map(hue_of),
            ColourBy::Age => enqueued_at.map(|at| {
                let age = self.now.since(at).as_secs_f64();
                AGE_SECONDS
                    .iter()
                    .position(|limit| age <= *limit)
                    .unwrap_or(7)
            }),
        };
        hue.map_or(self.palette.marks[0], |hue| self.palette.marks[hue % 8])
    }
}

impl Picture {
    /// Draws one frame into the bitmap. `wall_ms` is on the clock given to `follow`.
    pub fn draw(&mut self, atlas: &dyn Atlas, camera: Camera, options: DrawOptions, wall_ms: f64) {
        let now = atlas.now();
        self.travels.prune(now, wall_ms);
        let size = |css: f64| (css * camera.pixel_ratio).round().max(0.0) as usize;
        self.pixmap.resize(size(camera.width), size(camera.height));
        self.pixmap.begin();
        self.drawn.clear();
        self.words.clear();
        let radius = (MARK_RADIUS * camera.zoom).clamp(RADIUS_CSS.0, RADIUS_CSS.1);
        let radius = (radius * camera.pixel_ratio) as f32;
        // Whole steps of half a pixel, so that zooming does not make masks anew for every notch.
        let radius = (radius * 2.0).round() / 2.0;
        let marks = match self.marks.take() {
            Some(marks) if marks.radius() == radius => marks,
            Some(_) | None => MarkSet::new(radius),
        };
        let pen = Pen {
            camera,
            options,
            palette: Palette::on(options.ground),
            marks: &marks,
            now,
        };
        self.draw_distant(&pen);
        self.draw_queues(&pen, atlas);
        self.draw_flights(&pen);
        self.draw_glides(&pen, wall_ms);
        self.draw_falls(&pen, wall_ms);
        self.marks = Some(marks);
    }

    fn draw_distant(&mut self, pen: &Pen<'_>) {
        for (x, y, width, height, shape) in &self.distant {
            let (left, top) = pen.camera.project(x - width / 2.0, y - height / 2.0);
            let scale = pen.camera.scale();
            let (width, height) = ((width * scale).max(1.0), (height * scale).max(1.0));
            let colour = match shape {
                NodeShape::Producer | NodeShape::Consumer => pen.palette.neutral,
                NodeShape::Exchange(_) | NodeShape::Queue | NodeShape::OtherQueue => {
                    pen.palette.distant
                }
            };
            self.pixmap
                .fill(left as i64, top as i64, width as i64, height as i64, colour);
        }
    }

    fn draw_queues(&mut self, pen: &Pen<'_>, atlas: &dyn Atlas) {
        let queues: Vec<Place> = self
            .places
            .values()
            .filter(|place| matches!(place.shape, NodeShape::Queue | NodeShape::OtherQueue))
            .copied()
            .collect();
        for place in queues {
            self.draw_queue(pen, atlas, place);
        }
    }

    fn draw_queue(&mut self, pen: &Pen<'_>, atlas: &dyn Atlas, place: Place) {
        let (left, right) = (
            place.x + place.width * READY_SHARE.0,
            place.x + place.width * READY_SHARE.1,
        );
        let y = place.y + place.height * TUBE_SHARE;
        let room = (((right - left) / MARK_PITCH) as usize).clamp(1, QUEUE_MARKS_MAX);
        let mut index = 0;
        let travels = &mut self.travels;
        let mut found: Vec<(f32, MessageId, MarkShape, Rgba)> = Vec::with_capacity(room);
        let (_, unacked) = atlas.waiting(place.node, room, &mut |waiting| {
            let mut look = travels.look(waiting.message);
            look.key = Some(travels.key_number(waiting.routing_key));
            look.redelivered = waiting.redelivered;
            let x = right - MARK_PITCH * (index as f32 + 0.5);
            index += 1;
            let colour = pen.colour(look, Some(waiting.enqueued_at));
            found.push((x, waiting.message, message_shape(look), colour));
        });
        for (x, message, shape, colour) in found {
            self.stamp(pen, x, y, shape, colour, Some(message));
        }
        let (left, right) = (
            place.x + place.width * UNACKED_SHARE.0,
            place.x + place.width * UNACKED_SHARE.1,
        );
        let room = (((right - left) / MARK_PITCH) as u64).max(1);
        for index in 0..unacked.min(room) {
            let x = left + MARK_PITCH * (index as f32 + 0.5);
            self.stamp(pen, x, y, MarkShape::Outline, pen.palette.neutral, None);
        }
    }

    fn draw_flights(&mut self, pen: &Pen<'_>) {
        // One cell is as long as a mark is wide; a first pass counts who is in which cell.
        let cell = f64::from(pen.marks.radius()) * 2.0 / pen.camera.scale();
        let cells_of = |points: usize, length: f64| ((length / cell) as usize).max(points.min(1));
        let mut starts = Vec::with_capacity(self.roads.len());
        let mut total = 0;
        for road in &self.roads {
            let length = match (road.points.first(), road.points.get(1)) {
                (Some(a), Some(b)) => {
                    let step = f64::from((a.0 - b.0).hypot(a.1 - b.1));
                    step * (road.points.len() - 1) as f64
                }
                _ => 0.0,
            };
            let cells = cells_of(road.points.len(), length) + 1;
            starts.push((total, cells));
            total += cells;
        }
        self.cells.clear();
        self.cells.resize(total, 0);
        let mut placed = Vec::with_capacity(self.travels.flights.len());
        for flight in &self.travels.flights {
            if flight.departs > pen.now {
                continue;
            }
            let Some((road, backwards)) = self.find(flight.way) else {
                continue;
            };
            let span = flight.arrives.since(flight.departs).as_nanos().max(1);
            let passed = pen.now.since(flight.departs).as_nanos();
            let share = (passed as f64 / span as f64) as f32;
            let share = self.share(pen, share, backwards);
            let (start, cells) = starts[road];
            let at = start + ((share * (cells - 1) as f32) as usize).min(cells - 1);
            self.cells[at] = self.cells[at].saturating_add(1);
            let colour = colour_of(pen, flight.shape, flight.look);
            placed.push((road, share, at, flight.shape, colour, flight.message));
        }
        for (road, share, at, shape, colour, message) in placed {
            let (x, y) = self.roads[road].at(share);
            let count = self.cells[at];
            if count <= CELL_MARKS_MAX {
                self.stamp(pen, x, y, shape, colour, message);
            } else if count != u16::MAX {
                self.cells[at] = u16::MAX;
                self.stamp_crowd(pen, x, y, colour, count, message);
            }
        }
    }

    fn draw_glides(&mut self, pen: &Pen<'_>, wall_ms: f64) {
        let glides = std::mem::take(&mut self.travels.glides);
        for glide in &glides {
            let Some((road, backwards)) = self.find(glide.way) else {
                continue;
            };
            let share = ((wall_ms - glide.since_ms) / GLIDE_MS) as f32;
            let share = self.share(pen, share, backwards);
            let (x, y) = self.roads[road].at(share);
            self.stamp(
                pen,
                x,
                y,
                glide.shape,
                pen.colour(glide.look, None),
                glide.message,
            );
        }
        self.travels.glides = glides;
    }

    fn draw_falls(&mut self, pen: &Pen<'_>, wall_ms: f64) {
        let falls = std::mem::take(&mut self.travels.falls);
        for fall in &falls {
            let Some(place) = self.places.get(&fall.node).copied() else {
                continue;
            };
            let share = ((wall_ms - fall.since_ms) / FALL_MS).clamp(0.0, 1.0);
            let sunk = if pen.options.reduced_motion {
                0.5
            } else {
                share
            };
            let x = f64::from(place.x);
            let y = f64::from(place.y + place.height / 2.0) + 6.0 + FALL_UNITS * sunk;
            let mut colour = pen.colour(fall.look, None);
            colour[3] = (255.0 * (1.0 - share)) as u8;
            self.stamp(pen, x as f32, y as f32, MarkShape::Disc, colour, None);
            let (px, py) = pen.camera.project(x, y + 18.0);
            let size = (12.0 * pen.camera.zoom).clamp(10.0, 18.0) * pen.camera.pixel_ratio;
            // Room for the longest word in either language; what is outside is cut anyway.
            let reach = (size * 8.0) as i64;
            self.pixmap.touch(
                px as i64 - reach,
                (py - size * 1.4) as i64,
                reach * 2,
                (size * 2.0) as i64,
            );
            self.words.push(Word {
                x: px,
                y: py,
                kind: fall.word,
                count: fall.count,
                opacity: 1.0 - share * share,
                size,
            });
        }
        self.travels.falls = falls;
    }

    fn share(&self, pen: &Pen<'_>, share: f32, backwards: bool) -> f32 {
        let share = share.clamp(0.0, 1.0);
        let share = if pen.options.reduced_motion {
            ((share * REDUCED_STEPS).floor() + 0.5) / (REDUCED_STEPS + 1.0)
        } else {
            share
        };
        if backwards { 1.0 - share } else { share }
    }

    /// The line of a way, and whether it is gone backwards.
    fn find(&self, way: Way) -> Option<(usize, bool)> {
        match way {
            Way::Between(from, to) => self.road(from, to).map(|road| (road, false)),
            Way::Back(from, to) => self.road(from, to).map(|road| (road, true)),
            Way::BackToProducer(node) => self
                .road_of_link(node, EdgeShape::Publish)
                .map(|road| (road, true)),
            Way::BackFromConsumer(node) => self
                .road_of_link(node, EdgeShape::Consume)
                .map(|road| (road, true)),
        }
    }

    fn stamp(
        &mut self,
        pen: &Pen<'_>,
        x: f32,
        y: f32,
        shape: MarkShape,
        colour: Rgba,
        message: Option<MessageId>,
    ) {
        let mask = pen.marks.mask(shape);
        let (px, py) = pen.camera.project(f64::from(x), f64::from(y));
        let left = (px - mask.width as f64 / 2.0).round() as i64;
        let top = (py - mask.height as f64 / 2.0).round() as i64;
        self.pixmap.stamp(mask, left, top, colour);
        if let Some(message) = message {
            self.drawn.push((x, y, message));
        }
    }

    fn stamp_crowd(
        &mut self,
        pen: &Pen<'_>,
        x: f32,
        y: f32,
        colour: Rgba,
        count: u16,
        message: Option<MessageId>,
    ) {
        self.stamp(pen, x, y, MarkShape::Crowd, colour, message);
        let (px, py) = pen.camera.project(f64::from(x), f64::from(y));
        let text = count.min(999).to_string();
        let digit = pen.marks.digit(0);
        let pitch = digit.width as f64 * 4.0 / 3.0;
        let mut left = px - (pitch * text.len() as f64 - digit.width as f64 / 3.0) / 2.0;
        for figure in text.bytes() {
            let mask = pen.marks.digit(figure - b'0');
            let top = (py - mask.height as f64 / 2.0).round() as i64;
            self.pixmap
                .stamp(mask, left.round() as i64, top, pen.palette.on_mark);
            left += pitch;
        }
    }
}

fn is_outside(node: &NodeId) -> bool {
    node.as_outside().is_some()
}

/// Which colour a producer's messages have; programs outside are told apart by their connections.
fn hue_of(node: NodeId) -> usize {
    match node.as_outside() {
        Some(Outside::Producer(connection) | Outside::Consumer(connection)) => connection.index(),
        Some(Outside::Queue(_) | Outside::Exchange(_)) | None => node.index(),
    }
}

fn colour_of(pen: &Pen<'_>, shape: MarkShape, look: Look) -> Rgba {
    match shape {
        MarkShape::Tick => pen.palette.neutral,
        MarkShape::Cross => pen.palette.alarm,
        MarkShape::Disc
        | MarkShape::Ringed
        | MarkShape::HollowSquare
        | MarkShape::Outline
        | MarkShape::Returned
        | MarkShape::Crowd => pen.colour(look, None),
    }
}
