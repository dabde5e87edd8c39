//! Charts on one time axis: their frame is drawn by yew once, their lines are written by
//! [`LiveCharts`] a few times a second.
//!
//! Deliberately not here: what is charted; the app says so.

mod live;
mod scale;

pub(crate) use live::LiveCharts;

use crate::app::Words;
use crate::app::view::{ChartView, TableView};
use crate::ui::hand::Deed;
use crate::ui::panel::button::{Bare, bare};
use crate::ui::part::{Part, each};
use crate::ui::shell::{Notice, Shell};
use std::rc::Rc;
use yew::{Html, html};

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

    fn draw(&self) -> Html {
        html! {
            <div class="charts" id="charts">
                { each(self.frames.iter().map(|frame| self.chart(frame))) }
            </div>
        }
    }
}

/// How many marks the axes have at the most.
const TICKS: usize = 6;

impl Charts {
    fn chart(&self, frame: &ChartFrame) -> Html {
        let table = self.tables.iter().find(|(key, _)| *key == frame.key);
        let unfold = Bare {
            label: self.words.show_table(),
            drawing: "table",
            expanded: Some(table.is_some()),
            ..Bare::default()
        };
        let deed = Deed::Tell(Notice::Table(frame.key.clone()));
        html! {
            <figure key={frame.key.clone()} class="chart" data-chart={frame.key.clone()}>
                <figcaption>
                    <span class="chart-title" title={frame.title.clone()}>{ &frame.title }</span>
                    { bare(&self.shell, &unfold, deed) }
                    <span class="legend">
                        { each(frame.series.iter().map(|(label, style)| html! {
                            <span class={format!("key style-{style}")}>
                                <svg width="18" height="8" aria-hidden="true"><path d="M0 4H18" /></svg>
                                { label }
                            </span>
                        })) }
                    </span>
                </figcaption>
                <div class="plot">
                    <svg class="axes" aria-hidden="true">
                        { each((0..TICKS).map(|index| tick(format!("y{index}"), true))) }
                        { each((0..TICKS).map(|index| tick(format!("x{index}"), false))) }
                    </svg>
                    <svg class="lines" role="img" viewBox="0 0 1000 1000" preserveAspectRatio="none">
                        // Never seen: keeps what the browser paints here of one size.
                        <path class="bounds" d="M0 -50H1000V1050H0Z" />
                        if frame.fill_between { <path class="between" /> }
                        { each(frame.series.iter().enumerate().map(|(index, (_, style))| html! {
                            <path class={format!("series style-{style}")}
                                data-series={index.to_string()} />
                        })) }
                    </svg>
                </div>
                if let Some((_, table)) = table { { table_of(table) } }
            </figure>
        }
    }
}

/// A mark of an axis, hidden until it has a place.
fn tick(name: String, across: bool) -> Html {
    let (line, text) = if across {
        (
            html! { <line x1="0" x2="100%" /> },
            html! { <text x="2" dy="-3"></text> },
        )
    } else {
        (
            html! { <line y1="0" y2="100%" /> },
            html! { <text y="100%" dy="12"></text> },
        )
    };
    html! { <g class="hidden" data-tick={name}>{ line }{ text }</g> }
}

fn table_of(table: &TableView) -> Html {
    html! {
        <div class="chart-table" tabindex="0" role="region" aria-label={table.title.clone()}>
            <table>
                <caption>{ &table.title }</caption>
                <thead><tr>
                    { each(table.columns.iter().map(|column| html! { <th scope="col">{ column }</th> })) }
                </tr></thead>
                <tbody>
                    { each(table.rows.iter().map(|row| html! {
                        <tr>{ each(row.iter().map(|cell| html! { <td>{ cell }</td> })) }</tr>
                    })) }
                </tbody>
            </table>
        </div>
    }
}
