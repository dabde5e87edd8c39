//! View models: plain structs with public fields, in the words of the page.
//!
//! Built from the document, the editor and the run; drawn by the page; never read back. Sentences in
//! them are already in the chosen language. Deliberately not here: anything that decides.

use crate::app::PaletteItem;
use crate::editor::EdgeKey;
use crate::types::{MessageId, NodeId};

/// What kind of box is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeShape {
    /// A tag.
    Producer,
    /// A disc with the glyph of its type.
    Exchange(ExchangeShape),
    /// A tube.
    Queue,
    /// A tube of a type that is shown but not run (stream).
    OtherQueue,
    /// A box with prefetch slots.
    Consumer,
}

/// What an exchange does with a message, as far as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExchangeShape {
    /// Equal keys.
    Direct,
    /// All that is bound.
    Fanout,
    /// Words and stars.
    Topic,
    /// Headers.
    Headers,
    /// Shares of a ring (`x-consistent-hash`).
    ConsistentHash,
    /// A lot (`x-random`, `x-local-random`).
    Random,
    /// Waiting first (`x-delayed-message`).
    Delayed,
    /// A type that is shown but not run.
    Other,
}

/// How a box is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum NodeState {
    /// As it should.
    #[default]
    Normal,
    /// Paused by hand or by its outages.
    Paused,
    /// Its program is down.
    Down,
    /// Its link is cut.
    Cut,
    /// The broker refused it.
    Refused,
    /// It waits on backpressure (a full confirm window, a blocked connection).
    HeldBack,
    /// The broker does not have it (a queue that nobody declared, or that was deleted).
    Absent,
}

impl NodeState {
    /// Its name for style sheets and scripts, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Paused => "paused",
            Self::Down => "down",
            Self::Cut => "cut",
            Self::Refused => "refused",
            Self::HeldBack => "held-back",
            Self::Absent => "absent",
        }
    }
}

/// A box on the stage. Coordinates are stage units; the shell applies the viewport as one transform.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeView {
    /// Which node.
    pub id: NodeId,
    /// What is drawn.
    pub shape: NodeShape,
    /// Its name, or what stands for an empty one.
    pub label: String,
    /// Second line: rate, type, prefetch and service ...
    pub detail: String,
    /// Centre.
    pub x: f64,
    /// Centre.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Is selected.
    pub selected: bool,
    /// Is the target that a line being drawn would take, or would not.
    pub link_target: Option<bool>,
    /// Its worst problem, as a sentence.
    pub problem: Option<String>,
    /// What a screen reader says: kind, name, links, state.
    pub description: String,
}

/// What a line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EdgeShape {
    /// Producer to exchange or queue.
    Publish,
    /// A binding.
    Binding,
    /// Queue to consumer.
    Consume,
    /// Queue to dead-letter exchange; follows from an argument.
    DeadLetter,
    /// Exchange to alternate exchange; follows from an argument.
    Alternate,
}

/// A line on the stage.
#[derive(Debug, Clone, PartialEq)]
pub struct EdgeView {
    /// Which line.
    pub key: EdgeKey,
    /// What it means.
    pub shape: EdgeShape,
    /// From which node.
    pub from: NodeId,
    /// To which node.
    pub to: NodeId,
    /// An SVG path in stage units.
    pub path: String,
    /// Binding key or arguments on a chip; empty for none.
    pub label: String,
    /// Where the chip's centre stands.
    pub label_x: f64,
    /// Where the chip's centre stands.
    pub label_y: f64,
    /// Is selected.
    pub selected: bool,
    /// What a screen reader says.
    pub description: String,
}

/// How the pointer looks over the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cursor {
    /// The arrow.
    #[default]
    Arrow,
    /// Over something that can be moved.
    Grab,
    /// Moving it, or panning.
    Grabbing,
    /// Placing, linking, or drawing a marquee.
    Cross,
    /// A link that is refused.
    Refused,
}

/// Everything on the stage but the messages. `version` changes when anything in it does.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StageView {
    /// Changes when anything here does.
    pub version: u64,
    /// Boxes within the viewport (with a margin), in a stable order.
    pub nodes: Vec<NodeView>,
    /// Lines that touch the viewport, in a stable order.
    pub edges: Vec<EdgeView>,
    /// Boxes too small or too many for the DOM: drawn as plain marks on the canvas (centre x, y,
    /// width, height, shape), in stage units.
    pub distant: Vec<(f64, f64, f64, f64, NodeShape)>,
    /// Pan: stage unit at the left edge of the stage element.
    pub pan_x: f64,
    /// Pan: stage unit at its top edge.
    pub pan_y: f64,
    /// CSS pixels per stage unit.
    pub zoom: f64,
    /// A line being drawn: an SVG path in stage units, and whether it may end here.
    pub preview: Option<(String, bool)>,
    /// Marquee rectangle (x, y, width, height) in stage units.
    pub marquee: Option<(f64, f64, f64, f64)>,
    /// A thing of the palette in hand, and where it would stand (centre).
    pub ghost: Option<(f64, f64, NodeShape)>,
    /// What the tool in hand says to do next, or why a link is refused.
    pub hint: String,
    /// A line is being drawn or a thing is held: the pointer should look like it.
    pub cursor: Cursor,
    /// How many nodes the document has on this vhost.
    pub total_nodes: usize,
}

/// Numbers of one node that change while it runs; refreshed a few times a second.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NodeNumbers {
    /// Which node.
    pub id: NodeId,
    /// How it is doing.
    pub state: NodeState,
    /// The number that is shown large: depth of a queue, rate of a producer, utilisation of a
    /// consumer; with its unit.
    pub main: String,
    /// A second one: unacked, outstanding confirms, in hand.
    pub second: String,
    /// 0 to 1: how full (queue limit), how busy (consumer).
    pub level: Option<f64>,
    /// Recent depth for the sparkline, oldest first, each 0 to 1 of `spark_max`.
    pub spark: Vec<f32>,
    /// What 1 means in `spark`.
    pub spark_max: f64,
    /// Consumer: state of each prefetch slot, at most a dozen: 0 empty, 1 held, 2 in work.
    pub slots: Vec<u8>,
    /// The broker's own words when it refused, or what the coroutine waits for.
    pub note: String,
}

/// How much of a limited thing messages take.
#[derive(Debug, Clone, PartialEq)]
pub struct GaugeView {
    /// It is low, and whoever publishes is held back.
    pub low: bool,
    /// 0 to 1 of the limit.
    pub share: f64,
    /// The same in words, with the limit.
    pub text: String,
    /// While it is low: how many are held back.
    pub alarm: String,
}

/// How a field is edited.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldInput {
    /// One line of text.
    Text,
    /// A number, duration or rate typed as text, with a unit shown behind it.
    Quantity {
        /// Unit, e.g. `msg/s`.
        unit: String,
    },
    /// Yes or no.
    Switch,
    /// One of these: (value, label).
    Choice(Vec<(String, String)>),
    /// Several lines.
    Lines,
    /// Shown only.
    Fixed,
}

/// One property in the inspector.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldView {
    /// Stable key; goes back with `Action::SetField`.
    pub key: String,
    /// Label.
    pub label: String,
    /// One sentence of help.
    pub help: String,
    /// Value as text (`true`/`false` for a switch).
    pub value: String,
    /// How it is edited.
    pub input: FieldInput,
    /// What is wrong with the value, as a sentence.
    pub error: Option<String>,
}

/// A titled group of fields.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionView {
    /// Title.
    pub title: String,
    /// Open at first.
    pub open: bool,
    /// Its fields.
    pub fields: Vec<FieldView>,
}

/// The inspector for what is selected (a node, an edge, several, or the document).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InspectorView {
    /// What is selected.
    pub title: String,
    /// Its kind in one line.
    pub subtitle: String,
    /// One or two sentences about it.
    pub help: String,
    /// What can be edited.
    pub sections: Vec<SectionView>,
    /// Measured values: (label, value with unit).
    pub numbers: Vec<(String, String)>,
    /// Buttons: ids of actions that make sense here (crash, pause, purge, publish one ...).
    pub actions: Vec<ActionView>,
    /// Messages at this node, first to be delivered first: (message, text); a queue's ready ones, a
    /// consumer's unacked ones. At most a screenful.
    pub messages: Vec<(MessageId, String)>,
    /// Problems here, as sentences.
    pub problems: Vec<String>,
}

/// A button, menu entry or palette command.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionView {
    /// Stable id, given to `App::perform`.
    pub id: String,
    /// Label.
    pub label: String,
    /// Keys, e.g. `Ctrl+Z`; empty for none.
    pub shortcut: String,
    /// Can be done now.
    pub enabled: bool,
    /// For switches: is on.
    pub checked: Option<bool>,
}

/// Play, pause, step, speed, time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TransportView {
    /// Is running.
    pub playing: bool,
    /// Simulated time, e.g. `00:01:23.450`.
    pub time: String,
    /// Simulated seconds since the start.
    pub seconds: f64,
    /// Asked speed, e.g. `10x`.
    pub speed: String,
    /// Asked speed as a number, 0.1 to 1000.
    pub speed_value: f64,
    /// When the machine cannot keep up: the speed it reaches, as a sentence.
    pub behind: Option<String>,
    /// When nothing can happen any more, or the run stopped itself: why.
    pub ended: Option<String>,
    /// What the last single step did, as a sentence.
    pub last_step: Option<String>,
}

/// A line in a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesView {
    /// What it is.
    pub label: String,
    /// Which of the chart colours and dash patterns, 0 first.
    pub style: usize,
    /// (simulated seconds, value); NaN-free, ascending.
    pub points: Vec<(f64, f64)>,
}

/// A chart; all charts share one time axis.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartView {
    /// Stable key.
    pub key: String,
    /// Title with unit.
    pub title: String,
    /// From and to, in simulated seconds.
    pub span: (f64, f64),
    /// Top of the value axis (it begins at 0).
    pub top: f64,
    /// Lines.
    pub series: Vec<SeriesView>,
    /// Fill between the first two lines (arrivals above service: the backlog grows).
    pub fill_between: bool,
    /// One sentence that says what is seen, for a screen reader.
    pub summary: String,
}

/// A message's way so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JourneyView {
    /// `message 17`.
    pub title: String,
    /// Why it is where it is, one sentence.
    pub why: String,
    /// (simulated time, what happened, at which node).
    pub steps: Vec<(String, String, Option<NodeId>)>,
    /// Properties: (name, value).
    pub properties: Vec<(String, String)>,
}

/// A problem of the document, or of the file that was opened.
#[derive(Debug, Clone, PartialEq)]
pub struct ProblemView {
    /// 0 note, 1 warning, 2 error.
    pub severity: u8,
    /// What is wrong and what to do.
    pub text: String,
    /// Where: a path in the file, or the name of a node.
    pub place: String,
    /// The node to show.
    pub node: Option<NodeId>,
}

/// The table behind a chart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableView {
    /// Title.
    pub title: String,
    /// Headings with units.
    pub columns: Vec<String>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<String>>,
}

/// A virtual host to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VhostView {
    /// Its name; goes back with `Action::SetVhost`.
    pub name: String,
    /// How many nodes it has.
    pub nodes: usize,
    /// Is the one that is shown.
    pub shown: bool,
}

/// A thing in the palette.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaletteView {
    /// Goes back with `Action::Hold`, `Action::Add` or `Action::Place`.
    pub item: PaletteItem,
    /// What is drawn.
    pub shape: NodeShape,
    /// Label.
    pub label: String,
    /// One sentence about it.
    pub help: String,
    /// Key that adds it, while the stage has the focus.
    pub shortcut: String,
    /// Is in hand.
    pub held: bool,
}

/// Where load can be put, and how much by default.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LoadView {
    /// Exchanges: (node, name, ticked at first).
    pub exchanges: Vec<(NodeId, String, bool)>,
    /// Queues: (node, name, ticked at first).
    pub queues: Vec<(NodeId, String, bool)>,
    /// Messages per second of each producer.
    pub rate: String,
    /// Work for one message.
    pub service: String,
}

/// A scenario of the gallery.
#[derive(Debug, Clone, PartialEq)]
pub struct GalleryEntry {
    /// Stable key (file name without ending).
    pub key: String,
    /// Title.
    pub title: String,
    /// What one sees in it.
    pub description: String,
    /// It is in the program; else it is fetched when it is chosen.
    pub here: bool,
}
