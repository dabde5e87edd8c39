//! Writes lines, axes and summaries of the charts into their elements.
//!
//! Deliberately not here: the elements (`mod.rs`) and round numbers (`scale.rs`).

use super::{TICKS, scale};
use crate::app::view::{ChartView, SeriesView};
use crate::types::fixed;
use crate::ui::browser;
use crate::ui::live::Slot;
use std::fmt::Write;
use web_sys::Element;

/// Width and height of the drawing in its own units: so many that whole ones are fine enough.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 1000.0;
/// Values reach so far up: the top line stays clear of the edge.
const ROOM: f64 = 860.0;
/// More points than this on a line are not seen; every n-th is drawn.
const POINTS_MAX: usize = 200;

#[derive(Debug)]
struct Tick {
    class: Slot,
    line: [Option<Slot>; 2],
    place: Option<Slot>,
    text: Option<Slot>,
}

#[derive(Debug)]
struct LiveChart {
    key: String,
    summary: Option<Slot>,
    between: Option<Slot>,
    series: Vec<Slot>,
    across: Vec<Tick>,
    up: Vec<Tick>,
}

/// The charts that are shown.
#[derive(Debug, Default)]
pub(crate) struct LiveCharts {
    charts: Option<Vec<LiveChart>>,
    /// What is still to be written.
    waiting: Vec<ChartView>,
    path: String,
}

impl LiveCharts {
    /// Elements were drawn anew.
    pub(crate) fn forget(&mut self) {
        self.charts = None;
    }

    /// Whether there is any chart to write into: a folded panel costs nothing.
    pub(crate) fn are_shown(&mut self) -> bool {
        !self.charts.get_or_insert_with(find_charts).is_empty()
    }

    /// Takes what the app says now.
    pub(crate) fn look(&mut self, views: Vec<ChartView>) {
        self.waiting = views;
    }

    /// Writes one chart: all at once are too much for a frame. False when there was none to write.
    pub(crate) fn write_one(&mut self) -> bool {
        let Some(view) = self.waiting.pop() else {
            return false;
        };
        for chart in self.charts.iter_mut().flatten() {
            if chart.key == view.key {
                chart.write(&view, &mut self.path);
            }
        }
        true
    }
}

fn find_charts() -> Vec<LiveChart> {
    let Some(root) = browser::by_id("charts") else {
        return Vec::new();
    };
    all(&root, "[data-chart]")
        .into_iter()
        .map(LiveChart::find)
        .collect()
}

fn all(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = root.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|index| list.get(index))
        .filter_map(|node| wasm_bindgen::JsCast::dyn_into(node).ok())
        .collect()
}

impl LiveChart {
    fn find(element: Element) -> Self {
        let one = |selector: &str| {
            element
                .query_selector(selector)
                .ok()
                .flatten()
                .map(Slot::new)
        };
        let ticks = |selector: &str| {
            all(&element, selector)
                .into_iter()
                .map(Tick::find)
                .collect()
        };
        Self {
            key: element.get_attribute("data-chart").unwrap_or_default(),
            summary: one(".lines"),
            between: one(".between"),
            series: all(&element, ".series")
                .into_iter()
                .map(Slot::new)
                .collect(),
            across: ticks("[data-tick^=x]"),
            up: ticks("[data-tick^=y]"),
        }
    }

    fn write(&mut self, view: &ChartView, path: &mut String) {
        let place = Place::of(view);
        if let Some(summary) = &mut self.summary {
            summary.attribute("aria-label", &view.summary);
        }
        for (slot, series) in self.series.iter_mut().zip(&view.series) {
            path.clear();
            place.line(series, path);
            slot.attribute("d", path);
        }
        if let (Some(between), [first, second, ..]) = (&mut self.between, view.series.as_slice()) {
            path.clear();
            place.area(first, second, path);
            between.attribute("d", path);
        }
        self.write_axes(&place);
    }

    fn write_axes(&mut self, place: &Place) {
        let most = TICKS - 1;
        let step = scale::time_step(place.span, most);
        let first = (place.from / step).ceil() * step;
        for (index, tick) in self.across.iter_mut().enumerate() {
            let at = first + step * index as f64;
            let share = (at - place.from) / place.span;
            // The axis ends before its last label would be cut.
            tick.write(
                (share <= 0.97).then(|| (share, scale::time(at, step))),
                true,
            );
        }
        let step = scale::step(place.top, 3);
        for (index, tick) in self.up.iter_mut().enumerate() {
            let value = step * index as f64;
            let share = value / place.top * ROOM / HEIGHT;
            // Nought is where the time axis is.
            let text =
                (index > 0 && share <= 0.95).then(|| (1.0 - share, scale::number(value, step)));
            tick.write(text, false);
        }
    }
}

impl Tick {
    fn find(element: Element) -> Self {
        let part = |selector: &str| {
            let found = element.query_selector(selector).ok().flatten();
            found.map(Slot::new)
        };
        Self {
            line: [part("line"), part("line")],
            place: part("text"),
            text: part("text"),
            class: Slot::new(element),
        }
    }

    fn write(&mut self, place: Option<(f64, String)>, across: bool) {
        let Some((share, text)) = place else {
            self.class.attribute("class", "hidden");
            return;
        };
        self.class.attribute("class", "");
        let (names, axis) = if across {
            (["x1", "x2"], "x")
        } else {
            (["y1", "y2"], "y")
        };
        let at = format!("{}%", fixed(share * 100.0, 1));
        for (end, name) in self.line.iter_mut().zip(names) {
            if let Some(end) = end {
                end.attribute(name, &at);
            }
        }
        if let Some(place) = &mut self.place {
            place.attribute(axis, &at);
        }
        if let Some(slot) = &mut self.text {
            slot.text(&text);
        }
    }
}

/// From seconds and values to the drawing's units.
struct Place {
    from: f64,
    span: f64,
    top: f64,
}

impl Place {
    fn of(view: &ChartView) -> Self {
        let span = view.span.1 - view.span.0;
        Self {
            from: view.span.0,
            span: if span > 0.0 { span } else { 1.0 },
            top: if view.top > 0.0 { view.top } else { 1.0 },
        }
    }

    fn x(&self, seconds: f64) -> i32 {
        ((seconds - self.from) / self.span * WIDTH) as i32
    }

    fn y(&self, value: f64) -> i32 {
        (HEIGHT - (value / self.top).clamp(0.0, 1.05) * ROOM) as i32
    }

    fn line(&self, series: &SeriesView, path: &mut String) {
        let every = series.points.len() / POINTS_MAX + 1;
        let mut pen = 'M';
        for (seconds, value) in series.points.iter().step_by(every) {
            // Writing into a String cannot fail.
            let _ = write!(path, "{pen}{} {}", self.x(*seconds), self.y(*value));
            pen = 'L';
        }
    }

    /// Forth along the first line, back along the second.
    fn area(&self, first: &SeriesView, second: &SeriesView, path: &mut String) {
        if first.points.is_empty() || second.points.is_empty() {
            return;
        }
        self.line(first, path);
        let every = second.points.len() / POINTS_MAX + 1;
        for (seconds, value) in second.points.iter().rev().step_by(every) {
            let _ = write!(path, "L{} {}", self.x(*seconds), self.y(*value));
        }
        path.push('Z');
    }
}
