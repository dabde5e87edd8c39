//! Writes the numbers that change while it runs straight into the page: texts, levels, sparklines,
//! slots, charts. yew renders nothing for them.
//!
//! An element is touched only when what it shows differs from what was written last. Deliberately not
//! here: when to write (`frame_loop.rs`), and the empty elements (`stage/node.rs`, `panel/`, `chart/`).

use crate::app::App;
use crate::app::view::{NodeNumbers, NodeState, TransportView};
use crate::types::NodeId;
use crate::ui::browser;
use crate::ui::chart::LiveCharts;
use std::collections::BTreeMap;
use std::fmt::Write;
use web_sys::{Document, Element};

/// A text or attribute of an element, and what was written into it last.
#[derive(Debug)]
pub(crate) struct Slot {
    element: Element,
    written: String,
}

impl Slot {
    pub(crate) fn new(element: Element) -> Self {
        // A text that no page shows, so that the first write always happens.
        Self {
            element,
            written: "\u{0}".to_owned(),
        }
    }

    fn find(root: &Element, selector: &str) -> Option<Self> {
        root.query_selector(selector).ok().flatten().map(Self::new)
    }

    pub(crate) fn text(&mut self, text: &str) {
        if self.written != text {
            self.element.set_text_content(Some(text));
            text.clone_into(&mut self.written);
        }
    }

    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        if self.written != value {
            // A name from this program is always a valid one.
            let _ = self.element.set_attribute(name, value);
            value.clone_into(&mut self.written);
        }
    }
}

/// The elements of one box that live.
#[derive(Debug)]
struct LiveBox {
    state: Slot,
    main: Option<Slot>,
    second: Option<Slot>,
    note: Option<Slot>,
    spark: Option<Slot>,
    level: Option<Level>,
    slots: Vec<Slot>,
}

#[derive(Debug)]
enum Level {
    /// A ring of circumference 100.
    Ring(Slot),
    /// A bar that grows backwards from `from` over `room`.
    Bar {
        x: Slot,
        width: Slot,
        from: f64,
        room: f64,
    },
}

impl LiveBox {
    fn find(element: Element) -> Self {
        let level = element
            .query_selector(".level")
            .ok()
            .flatten()
            .map(Level::new);
        let slots = element.query_selector_all(".slot").ok();
        let slots = slots.map_or_else(Vec::new, |list| {
            (0..list.length())
                .filter_map(|index| list.get(index))
                .filter_map(|node| wasm_bindgen::JsCast::dyn_into::<Element>(node).ok())
                .map(Slot::new)
                .collect()
        });
        Self {
            main: Slot::find(&element, ".main"),
            second: Slot::find(&element, ".second"),
            note: Slot::find(&element, ".note"),
            spark: Slot::find(&element, ".spark"),
            level,
            slots,
            state: Slot::new(element),
        }
    }

    fn write(&mut self, numbers: &NodeNumbers, scratch: &mut String) {
        self.state
            .attribute("data-state", state_name(numbers.state));
        if let Some(main) = &mut self.main {
            main.text(&numbers.main);
        }
        if let Some(second) = &mut self.second {
            second.text(&numbers.second);
        }
        if let Some(note) = &mut self.note {
            note.text(&numbers.note);
        }
        if let Some(spark) = &mut self.spark {
            sparkline(&numbers.spark, scratch);
            spark.attribute("d", scratch);
        }
        if let Some(level) = &mut self.level {
            level.write(numbers.level.unwrap_or(0.0).clamp(0.0, 1.0));
        }
        for (index, slot) in self.slots.iter_mut().enumerate() {
            slot.attribute("data-slot", slot_name(numbers.slots.get(index).copied()));
        }
    }
}

impl Level {
    fn new(element: Element) -> Self {
        let number = |name: &str| {
            element
                .get_attribute(name)
                .and_then(|text| text.parse().ok())
                .unwrap_or(0.0)
        };
        if element.has_attribute("data-room") {
            let (from, room) = (number("data-from"), number("data-room"));
            Self::Bar {
                x: Slot::new(element.clone()),
                width: Slot::new(element),
                from,
                room,
            }
        } else {
            Self::Ring(Slot::new(element))
        }
    }

    fn write(&mut self, share: f64) {
        match self {
            Self::Ring(ring) => {
                ring.attribute("stroke-dasharray", &format!("{:.0} 100", share * 100.0));
            }
            Self::Bar {
                x,
                width,
                from,
                room,
            } => {
                x.attribute("x", &format!("{:.1}", *from - share * *room));
                width.attribute("width", &format!("{:.1}", share * *room));
            }
        }
    }
}

const fn state_name(state: NodeState) -> &'static str {
    match state {
        NodeState::Normal => "normal",
        NodeState::Paused => "paused",
        NodeState::Down => "down",
        NodeState::Cut => "cut",
        NodeState::Refused => "refused",
        NodeState::HeldBack => "held-back",
        NodeState::Absent => "absent",
    }
}

const fn slot_name(slot: Option<u8>) -> &'static str {
    match slot {
        None => "none",
        Some(0) => "empty",
        Some(1) => "held",
        Some(_) => "work",
    }
}

/// A path through the points in a box of 100 by 100, filled down to the ground.
fn sparkline(points: &[f32], path: &mut String) {
    path.clear();
    if points.len() < 2 {
        return;
    }
    let step = 100.0 / (points.len() - 1) as f32;
    path.push_str("M0 100");
    for (index, value) in points.iter().enumerate() {
        let (x, y) = (index as f32 * step, 100.0 - 96.0 * value.clamp(0.0, 1.0));
        // Writing into a String cannot fail.
        let _ = write!(path, "L{x:.1} {y:.1}");
    }
    path.push_str("L100 100");
}

/// Elements of the transport that live.
#[derive(Debug)]
struct Transport {
    time: Option<Slot>,
    status: Option<Slot>,
    status_kind: Option<Slot>,
}

impl Transport {
    fn find() -> Self {
        Self {
            time: browser::by_id("time").map(Slot::new),
            status: browser::by_id("transport-status").map(Slot::new),
            status_kind: browser::by_id("transport-status").map(Slot::new),
        }
    }

    fn write(&mut self, view: &TransportView) {
        if let Some(time) = &mut self.time {
            time.text(&view.time);
        }
        let said = [
            (&view.behind, "behind"),
            (&view.ended, "ended"),
            (&view.last_step, "step"),
        ];
        let said = said
            .iter()
            .find_map(|(text, kind)| text.as_ref().map(|text| (text.as_str(), *kind)));
        let (text, kind) = said.unwrap_or(("", "none"));
        if let Some(status) = &mut self.status {
            status.text(text);
        }
        if let Some(status) = &mut self.status_kind {
            status.attribute("data-kind", kind);
        }
    }
}

/// Everything on the page that lives.
#[derive(Debug, Default)]
pub(crate) struct Live {
    boxes: Option<BTreeMap<NodeId, LiveBox>>,
    transport: Option<Transport>,
    charts: LiveCharts,
    scratch: String,
}

impl Live {
    /// Elements were drawn anew; they are looked up at the next write.
    pub(crate) fn forget(&mut self) {
        self.boxes = None;
        self.transport = None;
        self.charts.forget();
    }

    /// Writes time and charts.
    pub(crate) fn write(&mut self, app: &mut App) {
        self.transport
            .get_or_insert_with(Transport::find)
            .write(&app.transport());
        if self.charts.are_shown() {
            self.charts.write(&app.charts());
        }
    }
}

impl Live {
    /// Writes the numbers of all boxes. All at once and apart from time and charts: whatever is
    /// written, the browser paints the whole stage anew, and most frames should be spared that.
    pub(crate) fn write_boxes(&mut self, app: &mut App) {
        let boxes = self
            .boxes
            .get_or_insert_with(|| browser::document().map_or_else(BTreeMap::new, find_boxes));
        for numbers in app.numbers() {
            if let Some(element) = boxes.get_mut(&numbers.id) {
                element.write(&numbers, &mut self.scratch);
            }
        }
    }
}

fn find_boxes(document: Document) -> BTreeMap<NodeId, LiveBox> {
    let mut boxes = BTreeMap::new();
    let Ok(list) = document.query_selector_all("#stage [data-node]") else {
        return boxes;
    };
    for index in 0..list.length() {
        let element = list
            .get(index)
            .and_then(|node| wasm_bindgen::JsCast::dyn_into::<Element>(node).ok());
        let id = element
            .as_ref()
            .and_then(|element| element.get_attribute("data-node"))
            .and_then(|id| id.parse().ok());
        if let (Some(element), Some(id)) = (element, id) {
            boxes.insert(NodeId(id), LiveBox::find(element));
        }
    }
    boxes
}
