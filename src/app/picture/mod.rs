//! The moving picture: messages on lines and in queues, drawn from the trace.
//!
//! [`Picture::follow`] reads new trace records and keeps who is under way; [`Picture::draw`] turns
//! that into pixels. A mark's place on a line is its share of the link's latency in simulated time.
//! What takes no simulated time (a hop inside the broker) is shown for a moment of wall time after it
//! happened. Deliberately not here: any say in what happens, the canvas, boxes and lines themselves.

mod atlas;
mod draw;
mod mark;
mod palette;
mod pixmap;
mod road;
mod travel;

pub use draw::{Camera, DrawOptions, Word, WordKind};
pub use palette::{Ground, Palette};
pub use pixmap::{PixelRect, Pixmap, SIDE_PIXELS_MAX};
pub use road::{MARK_PITCH, Place, QUEUE_MARKS_MAX, READY_SHARE, Road, TUBE_SHARE, UNACKED_SHARE};
pub use travel::ColourBy;

use crate::app::view::{EdgeShape, NodeShape};
use crate::sim::TraceRecord;
use crate::types::{ExchangeId, MessageId, NodeId, QueueId, RoutingKey, SimTime, SortedMap};
use mark::MarkSet;
use travel::Travels;

/// A message that waits in a queue, as the picture wants to know it.
#[derive(Debug, Clone, Copy)]
pub struct Waiting<'a> {
    /// Which.
    pub message: MessageId,
    /// Its routing key.
    pub routing_key: &'a RoutingKey,
    /// Delivered before.
    pub redelivered: bool,
    /// When it entered the queue.
    pub enqueued_at: SimTime,
}

/// What the picture asks of a run.
pub trait Atlas {
    /// Simulated time.
    fn now(&self) -> SimTime;
    /// Which node shows a queue.
    fn node_of_queue(&self, queue: QueueId) -> Option<NodeId>;
    /// Which node shows an exchange.
    fn node_of_exchange(&self, exchange: ExchangeId) -> Option<NodeId>;
    /// Where a producer's message with this exchange and key sets out to.
    fn publish_target(&self, producer: NodeId, exchange: &str, key: &str) -> Option<NodeId>;
    /// Visits the first `most` ready messages of a queue's node; returns (ready, unacked).
    fn waiting(&self, node: NodeId, most: usize, visit: &mut dyn FnMut(Waiting<'_>)) -> (u64, u64);
}

/// Who is under way, and the pixels of the last frame.
#[derive(Debug, Clone, Default)]
pub struct Picture {
    travels: Travels,
    roads: Vec<Road>,
    by_ends: SortedMap<(NodeId, NodeId), usize>,
    places: SortedMap<NodeId, Place>,
    distant: Vec<(f64, f64, f64, f64, NodeShape)>,
    pixmap: Pixmap,
    marks: Option<MarkSet>,
    /// Centres of the marks of the last frame in stage units, for clicking.
    drawn: Vec<(f32, f32, MessageId)>,
    words: Vec<Word>,
    cells: Vec<u16>,
}

impl Picture {
    /// Takes over the stage as it stands now: lines, boxes, and boxes too small for the DOM.
    pub fn set_stage(
        &mut self,
        roads: Vec<Road>,
        places: Vec<Place>,
        distant: Vec<(f64, f64, f64, f64, NodeShape)>,
    ) {
        self.by_ends.clear();
        for (index, road) in roads.iter().enumerate() {
            // Of several lines between one pair the first carries the marks; lines of the document
            // come before those that follow from arguments.
            self.by_ends.or_insert_with((road.from, road.to), || index);
        }
        self.roads = roads;
        self.places = places
            .into_iter()
            .map(|place| (place.node, place))
            .collect();
        self.distant = distant;
    }

    /// Forgets who was under way: a new run, or a jump in time.
    pub fn reset(&mut self) {
        self.travels = Travels::default();
        self.drawn.clear();
        self.words.clear();
    }

    /// Reads one trace record; records come in order. `wall_ms` is the time of the frame, on any
    /// clock that does not run backwards.
    pub fn follow(&mut self, record: &TraceRecord, atlas: &dyn Atlas, wall_ms: f64) {
        self.travels.follow(record, atlas, wall_ms);
    }

    /// The pixels of the last frame, to be uploaded.
    pub fn pixmap_mut(&mut self) -> &mut Pixmap {
        &mut self.pixmap
    }

    /// Words to write over the last frame: why something was dropped.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// How many messages, acknowledgements and others are under way on links.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.travels.flights.len()
    }

    /// The message drawn last nearest to a point, within `reach`; all in stage units.
    #[must_use]
    pub fn message_at(&self, x: f64, y: f64, reach: f64) -> Option<MessageId> {
        let distance = |mark: &(f32, f32, MessageId)| {
            let (dx, dy) = (f64::from(mark.0) - x, f64::from(mark.1) - y);
            dx * dx + dy * dy
        };
        let (mark, squared) = self
            .drawn
            .iter()
            .map(|mark| (mark, distance(mark)))
            .min_by(|a, b| a.1.total_cmp(&b.1))?;
        (squared <= reach * reach).then_some(mark.2)
    }

    fn road(&self, from: NodeId, to: NodeId) -> Option<usize> {
        self.by_ends.get(&(from, to)).copied()
    }

    /// The first line of a shape that leaves `from`, for parcels that say only whose link it is.
    fn road_of_link(&self, node: NodeId, shape: EdgeShape) -> Option<usize> {
        self.roads.iter().position(|road| {
            road.shape == shape
                && match shape {
                    EdgeShape::Consume => road.to == node,
                    EdgeShape::Publish
                    | EdgeShape::Binding
                    | EdgeShape::DeadLetter
                    | EdgeShape::Alternate => road.from == node,
                }
        })
    }
}

#[cfg(test)]
mod tests;
