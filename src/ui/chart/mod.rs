//! Charts on one time axis: their frame is drawn by yew once, their lines are written by
//! [`LiveCharts`] a few times a second.
//!
//! Deliberately not here: what is charted; the app says so.

mod live;
mod scale;

pub(crate) use live::LiveCharts;

use crate::app::Words;
use crate::app::view::{ChartView, TableView};
use crate::ui::icon::icon;
use crate::ui::shell::Shell;
use std::rc::Rc;
use yew::{Callback, Html, Properties, classes, function_component, html, use_state};

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

/// All charts.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ChartsProps {
    /// Their frames.
    pub(crate) frames: Rc<Vec<ChartFrame>>,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

/// All charts, side by side on a wide page.
#[function_component(Charts)]
pub(crate) fn charts(props: &ChartsProps) -> Html {
    html! {
        <div class="charts" id="charts">
            { for props.frames.iter().map(|frame| html! {
                <Chart key={frame.key.clone()} frame={frame.clone()} words={props.words}
                    shell={props.shell.clone()} />
            }) }
        </div>
    }
}

/// One chart.
#[derive(Debug, Clone, PartialEq, Properties)]
struct ChartProps {
    frame: ChartFrame,
    words: Words,
    shell: Shell,
}

/// How many marks the axes have at the most.
const TICKS: usize = 6;

#[function_component(Chart)]
fn chart(props: &ChartProps) -> Html {
    let frame = &props.frame;
    let table = use_state(|| None::<TableView>);
    let toggle = {
        let (table, shell, key) = (table.clone(), props.shell.clone(), frame.key.clone());
        Callback::from(move |_: yew::MouseEvent| {
            table.set(match &*table {
                Some(_) => None,
                None => shell.with(|app| app.chart_table(&key)).flatten(),
            });
        })
    };
    html! {
        <figure class="chart" data-chart={frame.key.clone()}>
            <figcaption>
                <span class="chart-title" title={frame.title.clone()}>{ &frame.title }</span>
                <button type="button" class="button bare" onclick={toggle}
                    aria-expanded={if table.is_some() { "true" } else { "false" }}
                    aria-label={props.words.show_table()} title={props.words.show_table()}>
                    { icon("table") }
                </button>
                <span class="legend">
                    { for frame.series.iter().map(|(label, style)| html! {
                        <span class={format!("key style-{style}")}>
                            <svg width="18" height="8" aria-hidden="true"><path d="M0 4H18" /></svg>
                            { label }
                        </span>
                    }) }
                </span>
            </figcaption>
            <div class="plot">
                <svg class="axes" aria-hidden="true">
                    { for (0..TICKS).map(|index| html! {
                        <svg class="hidden" data-tick={format!("y{index}")}>
                            <line x1="0" x2="100%" /><text x="2" y="-3"></text>
                        </svg>
                    }) }
                    { for (0..TICKS).map(|index| html! {
                        <svg class="hidden" data-tick={format!("x{index}")}>
                            <line y1="0" y2="100%" /><text x="0" y="100%" dy="12"></text>
                        </svg>
                    }) }
                </svg>
                <svg class="lines" role="img" viewBox="0 0 1000 100" preserveAspectRatio="none">
                    if frame.fill_between { <path class="between" /> }
                    { for frame.series.iter().enumerate().map(|(index, (_, style))| html! {
                        <path class={classes!("series", format!("style-{style}"))}
                            data-series={index.to_string()} />
                    }) }
                </svg>
            </div>
            if let Some(table) = &*table { { table_of(table) } }
        </figure>
    }
}

fn table_of(table: &TableView) -> Html {
    html! {
        <div class="chart-table" tabindex="0" role="region" aria-label={table.title.clone()}>
            <table>
                <caption>{ &table.title }</caption>
                <thead><tr>
                    { for table.columns.iter().map(|column| html! { <th scope="col">{ column }</th> }) }
                </tr></thead>
                <tbody>
                    { for table.rows.iter().map(|row| html! {
                        <tr>{ for row.iter().map(|cell| html! { <td>{ cell }</td> }) }</tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}
