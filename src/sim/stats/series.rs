//! A curve over the whole run in bounded memory.
//!
//! Time is cut into buckets of equal width, and only buckets in which something happened are kept.
//! When there are too many, the width doubles and neighbours are merged, so a run of a minute and a
//! run of a year cost the same. Deliberately not here: drawing.

use crate::types::{SimDuration, SimTime};

/// More points than a chart is wide are of no use; twice that still merges seldom.
pub const POINTS_MAX: usize = 1024;
/// The width of the first buckets: a twentieth of a second, below which nobody sees a difference at
/// the pace the page plays at first.
const WIDTH_NANOS_MIN: u64 = 50_000_000;

/// What happened within one bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SeriesPoint {
    bucket: u64,
    /// How many came: messages enqueued, published, or work started.
    pub arrivals: u32,
    /// How many went: messages settled, confirmed, or work ended.
    pub departures: u32,
    /// The level at the bucket's end: ready messages, or busy workers.
    pub level: u64,
    /// The highest level within the bucket.
    pub level_max: u64,
    /// The second level at the bucket's end: unacked messages.
    pub held: u64,
    /// How many spans ended within the bucket: waits of messages delivered, or service times.
    pub spans: u32,
    /// Their sum in nanoseconds.
    pub span_nanos: u64,
}

impl SeriesPoint {
    fn merge(&mut self, later: &Self) {
        self.arrivals = self.arrivals.saturating_add(later.arrivals);
        self.departures = self.departures.saturating_add(later.departures);
        self.level = later.level;
        self.level_max = self.level_max.max(later.level_max);
        self.held = later.held;
        self.spans = self.spans.saturating_add(later.spans);
        self.span_nanos = self.span_nanos.saturating_add(later.span_nanos);
    }

    /// The mean span in seconds; `None` without any.
    #[must_use]
    pub fn span_mean_secs(&self) -> Option<f64> {
        (self.spans > 0).then(|| self.span_nanos as f64 / 1e9 / f64::from(self.spans))
    }
}

/// The curve.
#[derive(Debug, Clone)]
pub struct Series {
    width: u64,
    /// The end of the open point's bucket; 0 before the first.
    end: u64,
    /// The last point, still being filled; means nothing before the first.
    open: SeriesPoint,
    /// Those before it.
    points: Vec<SeriesPoint>,
}

impl Default for Series {
    fn default() -> Self {
        Self {
            width: WIDTH_NANOS_MIN,
            end: 0,
            open: SeriesPoint::default(),
            points: Vec::new(),
        }
    }
}

impl Series {
    /// The width of a bucket.
    #[must_use]
    pub const fn width(&self) -> SimDuration {
        SimDuration::from_nanos(self.width)
    }

    /// Beginnings of buckets and what happened in them, in ascending order; buckets in which nothing
    /// happened are left out, their levels are those of the point before.
    pub fn points(&self) -> impl DoubleEndedIterator<Item = (SimTime, &SeriesPoint)> {
        let width = self.width;
        let open = (self.end > 0).then_some(&self.open);
        self.points.iter().chain(open).map(move |point| {
            let start = SimTime::from_nanos(point.bucket.saturating_mul(width));
            (start, point)
        })
    }

    /// The point of the bucket that `at` falls in. Times never run backwards.
    #[inline]
    pub(super) fn at(&mut self, at: SimTime) -> &mut SeriesPoint {
        if at.as_nanos() >= self.end {
            self.turn(at);
        }
        &mut self.open
    }

    #[cold]
    fn turn(&mut self, at: SimTime) {
        if self.end > 0 {
            self.points.push(self.open);
        }
        if self.points.len() >= POINTS_MAX {
            self.coarsen();
        }
        let bucket = at.as_nanos() / self.width;
        self.end = (bucket + 1).saturating_mul(self.width);
        // After merging, `at` may still fall into the last bucket.
        if self.points.last().is_some_and(|last| last.bucket >= bucket)
            && let Some(last) = self.points.pop()
        {
            self.open = last;
            return;
        }
        let (level, held) = (self.open.level, self.open.held);
        self.open = SeriesPoint {
            bucket,
            level,
            level_max: level,
            held,
            ..SeriesPoint::default()
        };
    }

    /// Doubles the width until at least half of the points are gone. Points may stand far apart, so
    /// that one doubling merges few of them.
    fn coarsen(&mut self) {
        while self.points.len() > POINTS_MAX / 2 {
            self.width = self.width.saturating_mul(2);
            let mut merged: Vec<SeriesPoint> = Vec::with_capacity(POINTS_MAX);
            for point in &self.points {
                let bucket = point.bucket / 2;
                match merged.last_mut() {
                    Some(last) if last.bucket == bucket => last.merge(point),
                    _ => merged.push(SeriesPoint { bucket, ..*point }),
                }
            }
            self.points = merged;
        }
    }
}
