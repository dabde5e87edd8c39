//! Writes what changes while it runs straight into the page: time, status, charts. yew renders nothing
//! for them.
//!
//! An element is touched only when what it shows differs from what was written last. Deliberately not
//! here: when to write (`frame_loop.rs`), and the empty elements (`stage/node.rs`, `panel/`, `chart/`).

use crate::app::App;
use crate::app::view::{GaugeView, TransportView};
use crate::types::shortest;
use crate::ui::browser;
use crate::ui::chart::LiveCharts;
use web_sys::Element;

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

/// Ids of the gauges of memory and disk: the whole, its level, its text, what it says when it is low.
pub(crate) const GAUGES: [[&str; 4]; 2] = [
    ["memory", "memory-level", "memory-text", "memory-alarm"],
    ["disk", "disk-level", "disk-text", "disk-alarm"],
];

/// The slots of a gauge, which are there while the stage is.
type Gauge = [Option<Slot>; 4];

fn write_gauge(slots: &mut Gauge, view: Option<GaugeView>) {
    let [Some(gauge), Some(level), Some(text), Some(alarm)] = slots else {
        return;
    };
    let state = match &view {
        None => "none",
        Some(view) if view.low => "low",
        Some(_) => "enough",
    };
    gauge.attribute("data-state", state);
    if let Some(view) = view {
        level.attribute("value", &shortest(view.share));
        text.text(&view.text);
        alarm.text(&view.alarm);
    }
}

/// Everything on the page that lives.
#[derive(Debug, Default)]
pub(crate) struct Live {
    transport: Option<Transport>,
    gauges: Option<[Gauge; 2]>,
    charts: LiveCharts,
}

impl Live {
    /// Elements were drawn anew; they are looked up at the next write.
    pub(crate) fn forget(&mut self) {
        self.transport = None;
        self.gauges = None;
        self.charts.forget();
    }

    /// Writes the time, and looks at the charts: each is written when it has its turn.
    pub(crate) fn write(&mut self, app: &mut App) {
        self.transport
            .get_or_insert_with(Transport::find)
            .write(&app.transport());
        let gauges = self.gauges.get_or_insert_with(|| {
            GAUGES.map(|ids| ids.map(|id| browser::by_id(id).map(Slot::new)))
        });
        for (slots, view) in gauges.iter_mut().zip(app.gauges()) {
            write_gauge(slots, view);
        }
        if self.charts.are_shown() {
            self.charts.look(app.charts());
        }
    }

    /// Writes one chart; false when all are written.
    pub(crate) fn write_chart(&mut self) -> bool {
        self.charts.write_one()
    }
}
