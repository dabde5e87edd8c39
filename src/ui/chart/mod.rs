//! Charts on one time axis: their frame is drawn by yew once, their lines are written by
//! [`LiveCharts`] a few times a second.
//!
//! Deliberately not here: what is charted; the app says so.

mod live;
mod scale;

pub(crate) use live::LiveCharts;

use crate::app::Words;
use crate::app::view::{ChartView, TableView};
use crate::ui::element::{El, each, el};
use crate::ui::hand::Deed;
use crate::ui::panel::button::{Bare, bare};
use crate::ui::part::Part;
use crate::ui::shell::{Notice, Shell};
use std::rc::Rc;

/// What of a chart does not change while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChartFrame {
    /// Stable key.
    pub(crate) key: String,
    /// Title with unit.
    pub(crate) title: String,
    /// Label and style of each line.
    pub(crate) series: Vec<(String, usize)>,
    /// Fills between the first two.
    pub(crate) fill_between: bool,
}

impl From<&ChartView> for ChartFrame {
    fn from(view: &ChartView) -> Self {
        Self {
            key: view.key.clone(),
            title: view.title.clone(),
            series: view
                .series
                .iter()
                .map(|series| (series.label.clone(), series.style))
                .collect(),
            fill_between: view.fill_between,
        }
    }
}

/// Tables that are unfolded: of which chart, and what stands in it.
pub(crate) type Tables = Vec<(String, TableView)>;

/// All charts, side by side on a wide page.
pub(crate) struct Charts {
    /// Their frames.
    pub(crate) frames: Rc<Vec<ChartFrame>>,
    /// Their tables.
    pub(crate) tables: Rc<Tables>,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

impl Part for Charts {
    fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.frames, &other.frames)
            && Rc::ptr_eq(&self.tables, &other.tables)
            && self.words == other.words
    }

    fn draw(&self) -> El {
        let charts = self.frames.iter().map(|frame| self.chart(frame));
        el("div class='charts' id='charts'").kid(each(charts))
    }
}

/// How many marks the axes have at the most.
const TICKS: usize = 6;

impl Charts {
    fn chart(&self, frame: &ChartFrame) -> El {
        let table = self.tables.iter().find(|(key, _)| *key == frame.key);
        el("figure class='chart'")
            .key(&frame.key)
            .set("data-chart", &frame.key)
            .kid(self.caption(frame, table.is_some()))
            .kid(el("div class='plot'").kid(axes()).kid(lines(frame)))
            .kid(table.map(|(_, table)| table_of(table)))
    }

    fn caption(&self, frame: &ChartFrame, unfolded: bool) -> El {
        let unfold = Bare {
            label: self.words.show_table(),
            drawing: "table",
            expanded: Some(unfolded),
            ..Bare::default()
        };
        let deed = Deed::Tell(Notice::Table(frame.key.clone()));
        let keys = frame.series.iter().map(|(label, style)| {
            let line =
                el("svg width='18' height='8' aria-hidden='true'").kid(el("path d='M0 4H18'"));
            el("span")
                .set("class", &format!("key style-{style}"))
                .kid(line)
                .text(label)
        });
        let title = el("span class='chart-title'")
            .set("title", &frame.title)
            .text(&frame.title);
        el("figcaption")
            .kid(title)
            .kid(bare(&self.shell, &unfold, deed))
            .kid(el("span class='legend'").kid(each(keys)))
    }
}

fn axes() -> El {
    el("svg class='axes' aria-hidden='true'")
        .kid(each((0..TICKS).map(|index| {
            let (line, text) = (el("line x1='0' x2='100%'"), el("text x='2' dy='-3'"));
            tick(&format!("y{index}"), line, text)
        })))
        .kid(each((0..TICKS).map(|index| {
            let (line, text) = (el("line y1='0' y2='100%'"), el("text y='100%' dy='12'"));
            tick(&format!("x{index}"), line, text)
        })))
}

/// A mark of an axis, hidden until it has a place.
fn tick(name: &str, line: El, text: El) -> El {
    el("g class='hidden'")
        .set("data-tick", name)
        .kid(line)
        .kid(text)
}

fn lines(frame: &ChartFrame) -> El {
    let series = frame.series.iter().zip(0..).map(|((_, style), index)| {
        el("path")
            .set("class", &format!("series style-{style}"))
            .number("data-series", f64::from(index))
    });
    el("svg class='lines' role='img' viewBox='0 0 1000 1000' preserveAspectRatio='none'")
        // Never seen: keeps what the browser paints here of one size.
        .kid(el("path class='bounds' d='M0 -50H1000V1050H0Z'"))
        .kid(frame.fill_between.then(|| el("path class='between'")))
        .kid(each(series))
}

fn table_of(table: &TableView) -> El {
    let columns = table.columns.iter();
    let heads = columns.map(|column| el("th scope='col'").text(column));
    let rows = table.rows.iter().map(|row| {
        let cells = row.iter().map(|cell| el("td").text(cell));
        el("tr").kid(each(cells))
    });
    el("div class='chart-table' tabindex='0' role='region'")
        .set("aria-label", &table.title)
        .kid(
            el("table")
                .kid(el("caption").text(&table.title))
                .kid(el("thead").kid(el("tr").kid(each(heads))))
                .kid(el("tbody").kid(each(rows))),
        )
}
