//! Charts on one time axis, each with the table behind it.
//!
//! Arrival against service rate shows peak-shaving: where arrivals lie above service the backlog
//! grows, and the depth below shows it. Deliberately not here: drawing.

use super::view::{ChartView, SeriesView, TableView};
use super::{App, format};
use crate::scenario::{EdgeKind, NodeKind};
use crate::sim::stats::{QueueStats, Series};
use crate::types::NodeId;

/// Columns a chart is cut into.
const COLUMNS_MAX: f64 = 100.0;
/// Simulated seconds the axis shows at least.
const SPAN_SECONDS_MIN: f64 = 10.0;
/// A last column with less of its time gone than this would show a rate by chance.
const COLUMN_SHARE_MIN: f64 = 0.5;

/// What happened within one column.
#[derive(Debug, Clone, Copy, Default)]
struct Column {
    start: f64,
    seconds: f64,
    arrivals: u64,
    departures: u64,
    level: u64,
    held: u64,
    spans: u64,
    span_nanos: u64,
}

impl Column {
    fn middle(&self) -> f64 {
        self.start + self.seconds / 2.0
    }

    fn arrival_rate(&self) -> f64 {
        self.arrivals as f64 / self.seconds
    }

    fn service_rate(&self) -> f64 {
        self.departures as f64 / self.seconds
    }

    fn waiting(&self) -> Option<f64> {
        (self.spans > 0).then(|| self.span_nanos as f64 / 1e9 / self.spans as f64)
    }
}

fn columns(series: &Series, now: f64) -> Vec<Column> {
    let span = now.max(SPAN_SECONDS_MIN);
    let width = (span / COLUMNS_MAX)
        .max(series.width().as_secs_f64())
        .max((span / 10.0).min(1.0));
    let mut columns = Vec::new();
    let mut points = series.points().peekable();
    let (mut level, mut held) = (0, 0);
    let mut index = 0.0;
    while index * width < now {
        let start: f64 = index * width;
        index += 1.0;
        let seconds = width.min(now - start);
        let mut column = Column {
            start,
            seconds,
            ..Column::default()
        };
        while let Some((_, point)) = points.next_if(|(at, _)| at.as_secs_f64() < start + width) {
            column.arrivals += u64::from(point.arrivals);
            column.departures += u64::from(point.departures);
            column.spans += u64::from(point.spans);
            column.span_nanos = column.span_nanos.saturating_add(point.span_nanos);
            (level, held) = (point.level, point.held);
        }
        (column.level, column.held) = (level, held);
        if seconds >= width * COLUMN_SHARE_MIN || columns.is_empty() {
            columns.push(column);
        }
    }
    columns
}

impl App {
    /// The queue the charts are about: the selected one, the one of the selected consumer, else
    /// the one with most traffic.
    fn charted_queue(&self) -> Option<NodeId> {
        let selected = self.editor.selection.node();
        let by_selection = selected.and_then(|id| match &self.shown().node(id)?.kind {
            NodeKind::Queue(_) => Some(id),
            NodeKind::Consumer(_) => self
                .scene
                .edges_at(id)
                .find(|edge| {
                    edge.to == id
                        && matches!(edge.key, crate::editor::EdgeKey::Edge(edge)
                            if self.scenario().edge(edge).is_some_and(|e| e.kind == EdgeKind::Consume))
                })
                .map(|edge| edge.from),
            NodeKind::Producer(_) | NodeKind::Exchange(_) => None,
        });
        by_selection.or_else(|| self.busiest_queue())
    }

    fn busiest_queue(&self) -> Option<NodeId> {
        let stats = self.run.stats();
        let busiest = stats
            .queues()
            .filter_map(|(id, queue)| Some((queue.enqueued.total(), self.run.node_of_queue(id)?)))
            .filter(|(_, node)| self.scene.has(*node))
            .max_by_key(|(total, node)| (*total, std::cmp::Reverse(*node)))
            .map(|(_, node)| node);
        busiest.or_else(|| {
            self.scene.nodes().map(|node| node.id).find(|id| {
                let node = self.shown().node(*id);
                node.is_some_and(|node| matches!(node.kind, NodeKind::Queue(_)))
            })
        })
    }

    fn with_charted<R>(
        &self,
        look: impl FnOnce(&str, &[Column], Option<&QueueStats>) -> R,
    ) -> Option<R> {
        let node = self.charted_queue()?;
        let name = self.node_name(node);
        let stats = self.run.stats();
        let queue = self.run.queue_of(node).and_then(|id| stats.queue(id));
        let now = self.run.now().as_secs_f64();
        let columns = queue.map_or_else(Vec::new, |queue| columns(queue.series(), now));
        Some(look(&name, &columns, queue))
    }

    /// Charts on one time axis, for the selected queue or the busiest.
    #[must_use]
    pub fn charts(&self) -> Vec<ChartView> {
        let span = (0.0, self.run.now().as_secs_f64().max(SPAN_SECONDS_MIN));
        self.with_charted(|name, columns, queue| {
            vec![
                self.rates_chart(name, columns, span),
                self.depth_chart(name, columns, queue, span),
                self.waiting_chart(name, columns, span),
            ]
        })
        .unwrap_or_default()
    }

    fn rates_chart(&self, name: &str, columns: &[Column], span: (f64, f64)) -> ChartView {
        let words = self.words();
        let arrivals = series(words.series_arrivals(), 0, columns, |column| {
            Some(column.arrival_rate())
        });
        let service = series(words.series_service(), 1, columns, |column| {
            Some(column.service_rate())
        });
        let last = |series: &SeriesView| series.points.last().map_or(0.0, |point| point.1);
        let summary = words.summary_rates(
            &format::rate(last(&arrivals)),
            &format::rate(last(&service)),
        );
        chart(
            "rates",
            words.chart_rates(name),
            span,
            vec![arrivals, service],
            true,
            summary,
        )
    }

    fn depth_chart(
        &self,
        name: &str,
        columns: &[Column],
        queue: Option<&QueueStats>,
        span: (f64, f64),
    ) -> ChartView {
        let words = self.words();
        let end = |column: &Column| column.start + column.seconds;
        let level = |pick: fn(&Column) -> u64, label: &str, style| {
            let mut points = vec![(0.0, 0.0)];
            points.extend(
                columns
                    .iter()
                    .map(|column| (end(column), pick(column) as f64)),
            );
            SeriesView {
                label: label.to_owned(),
                style,
                points,
            }
        };
        let ready = level(|column| column.level, words.series_ready(), 2);
        let unacked = level(|column| column.held, words.series_unacked(), 3);
        let now = queue.map_or(0, |queue| queue.ready.now());
        let most = queue.map_or(0, |queue| {
            let levels = queue.series().points().map(|(_, point)| point.level_max);
            levels.max().unwrap_or(0)
        });
        let summary = words.summary_depth(now, most);
        chart(
            "depth",
            words.chart_depth(name),
            span,
            vec![ready, unacked],
            false,
            summary,
        )
    }

    fn waiting_chart(&self, name: &str, columns: &[Column], span: (f64, f64)) -> ChartView {
        let words = self.words();
        let waiting = series(words.series_waiting(), 4, columns, Column::waiting);
        let last = waiting.points.last().map_or(0.0, |point| point.1);
        let summary = words.summary_waiting(&format::seconds(last));
        chart(
            "waiting",
            words.chart_waiting(name),
            span,
            vec![waiting],
            false,
            summary,
        )
    }

    /// The table behind a chart.
    #[must_use]
    pub fn chart_table(&self, key: &str) -> Option<TableView> {
        let words = self.words();
        let title = self
            .charts()
            .into_iter()
            .find(|chart| chart.key == key)?
            .title;
        self.with_charted(|_, columns, _| {
            let row = |cells: &dyn Fn(&Column) -> Vec<String>| {
                columns
                    .iter()
                    .map(|column| {
                        let mut row = vec![format::short(column.start + column.seconds)];
                        row.extend(cells(column));
                        row
                    })
                    .collect::<Vec<_>>()
            };
            let (headings, rows) = match key {
                "rates" => (
                    vec![words.column_arrivals(), words.column_service()],
                    row(&|column| {
                        vec![
                            format::rate(column.arrival_rate()),
                            format::rate(column.service_rate()),
                        ]
                    }),
                ),
                "depth" => (
                    vec![words.column_ready(), words.column_unacked()],
                    row(&|column| vec![column.level.to_string(), column.held.to_string()]),
                ),
                _ => (
                    vec![words.column_waiting()],
                    row(&|column| {
                        vec![
                            column
                                .waiting()
                                .map_or_else(|| "–".to_owned(), format::short),
                        ]
                    }),
                ),
            };
            let mut columns = vec![words.column_time().to_owned()];
            columns.extend(headings.into_iter().map(str::to_owned));
            TableView {
                title,
                columns,
                rows,
            }
        })
    }
}

fn series(
    label: &str,
    style: usize,
    columns: &[Column],
    value: impl Fn(&Column) -> Option<f64>,
) -> SeriesView {
    SeriesView {
        label: label.to_owned(),
        style,
        points: columns
            .iter()
            .filter_map(|column| Some((column.middle(), value(column)?)))
            .filter(|(_, value)| value.is_finite())
            .collect(),
    }
}

fn chart(
    key: &str,
    title: String,
    span: (f64, f64),
    series: Vec<SeriesView>,
    fill_between: bool,
    summary: String,
) -> ChartView {
    let highest = series
        .iter()
        .flat_map(|series| &series.points)
        .map(|point| point.1)
        .fold(0.0, f64::max);
    ChartView {
        key: key.to_owned(),
        title,
        span,
        top: nice_top(highest),
        series,
        fill_between,
        summary,
    }
}

/// The next of 1, 2, 5, 10, 20, 50 ... that is at least `value`.
fn nice_top(value: f64) -> f64 {
    let mut top = 0.001;
    for step in [2.0, 2.5, 2.0].into_iter().cycle().take(120) {
        if top >= value {
            break;
        }
        top *= step;
    }
    // A tiny chart would magnify noise; 1 of anything is the least that is worth showing in full.
    if value <= 0.0 { 1.0 } else { top }
}
