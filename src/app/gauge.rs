//! How much of memory and disk messages take, where the document limits them.
//!
//! Deliberately not here: what the broker does about it.

use super::view::GaugeView;
use super::{App, format};
use crate::broker::Resource;

impl App {
    /// Memory and disk; `None` of what has no limit.
    #[must_use]
    pub fn gauges(&self) -> [Option<GaugeView>; 2] {
        let words = self.words();
        let gauges = [
            (Resource::Memory, words.gauge_memory()),
            (Resource::Disk, words.gauge_disk()),
        ];
        gauges.map(|(what, label)| {
            let (limit, used, low, blocked) = self.run.with_broker(|broker| {
                let limit = broker.limit(what)?;
                let blocked = broker.blocked_connections().len();
                Some((limit, broker.used(what), broker.is_low(what), blocked))
            })?;
            let share = used as f64 / limit.max(1) as f64;
            Some(GaugeView {
                low,
                share: share.min(1.0),
                text: words.gauge(&format::percent(share), &format::octets(limit)),
                alarm: match low {
                    true => words.held_back(label, blocked),
                    false => String::new(),
                },
            })
        })
    }
}
