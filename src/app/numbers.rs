//! Numbers of nodes that change while it runs, as the page draws them into the boxes.
//!
//! Deliberately not here: the inspector's longer list (`inspector.rs`) and charts.

use super::view::{NodeNumbers, NodeState};
use super::{App, format};
use crate::scenario::{Consumer, LoadShape, Node, NodeKind, Producer, Queue};
use crate::sim::{ClientState, ClientView, ProcessView, Wait};
use crate::types::{NodeId, SimDuration, SimTime, SortedMap};

/// Prefetch slots that are drawn.
const SLOTS_MAX: usize = 12;
/// Points of a sparkline.
const SPARK_POINTS: usize = 40;
/// Simulated seconds a sparkline looks back; longer once the run is much longer.
const SPARK_SECONDS_MIN: f64 = 30.0;

impl App {
    /// Numbers of the nodes that are shown.
    #[must_use]
    pub fn numbers(&self) -> Vec<NodeNumbers> {
        let mut processes: SortedMap<NodeId, Vec<ProcessView>> = SortedMap::new();
        for process in self.run.processes() {
            processes.or_default(process.node).push(process);
        }
        self.shown_nodes()
            .filter_map(|id| {
                let node = self.shown().node(id)?;
                let of_node = processes.get(&id).map_or(&[][..], Vec::as_slice);
                Some(match &node.kind {
                    NodeKind::Producer(producer) => self.producer_numbers(node, producer, of_node),
                    NodeKind::Exchange(_) => self.exchange_numbers(node),
                    NodeKind::Queue(queue) => self.queue_numbers(node, queue),
                    NodeKind::Consumer(consumer) => self.consumer_numbers(node, consumer, of_node),
                })
            })
            .collect()
    }

    fn client_state(&self, client: Option<&ClientView>, wait: Option<Wait>) -> NodeState {
        match client.map(|client| &client.state) {
            None | Some(ClientState::Up) if wait.is_some() => NodeState::HeldBack,
            None | Some(ClientState::Connecting | ClientState::Ended | ClientState::Up) => {
                NodeState::Normal
            }
            Some(ClientState::Paused) => NodeState::Paused,
            Some(ClientState::Down) => NodeState::Down,
            Some(ClientState::Cut) => NodeState::Cut,
            Some(ClientState::Refused { .. } | ClientState::Cancelled) => NodeState::Refused,
        }
    }

    /// The broker's own words when it refused, or what holds the client up.
    pub(super) fn client_note(&self, client: Option<&ClientView>, wait: Option<Wait>) -> String {
        let words = self.words();
        let held_back = || wait.map_or("", |wait| super::tell::wait_name(wait, words));
        let Some(client) = client else {
            return held_back().to_owned();
        };
        match &client.state {
            ClientState::Refused { text, .. } => text.to_string(),
            ClientState::Cancelled => words.state_cancelled().to_owned(),
            ClientState::Connecting => words.state_connecting().to_owned(),
            ClientState::Paused => words.state_paused().to_owned(),
            ClientState::Down => words.state_down().to_owned(),
            ClientState::Cut => words.state_cut().to_owned(),
            ClientState::Ended => words.state_ended().to_owned(),
            ClientState::Up => held_back().to_owned(),
        }
    }

    /// What keeps a producer from publishing: the broker, or its own window.
    fn held_back(&self, node: NodeId, processes: &[ProcessView]) -> Option<Wait> {
        self.run.held_back(node).or_else(|| {
            let mut waits = processes.iter().map(|process| process.wait);
            waits.find(|wait| matches!(wait, Wait::Confirm))
        })
    }

    fn producer_numbers(
        &self,
        node: &Node,
        producer: &Producer,
        processes: &[ProcessView],
    ) -> NodeNumbers {
        let words = self.words();
        let client = self.run.client(node.id);
        let stats = self.run.stats();
        let rate = stats.producer(node.id).map_or(0.0, |measured| {
            measured.published.per_second(self.run.now())
        });
        let outstanding = client.as_ref().map_or(0, |client| client.outstanding);
        let returned = client.as_ref().map_or(0, |client| client.returned);
        let wait = self.held_back(node.id, processes);
        NodeNumbers {
            id: node.id,
            state: self.client_state(client.as_ref(), wait),
            main: words.number_rate(&format::rate(rate)),
            second: match (outstanding, returned) {
                (0, 0) => String::new(),
                (0, returned) => words.number_returned(returned),
                (outstanding, _) => words.number_outstanding(outstanding),
            },
            note: self.client_note(client.as_ref(), wait),
            spark: load_profile(&producer.load.shape),
            ..NodeNumbers::default()
        }
    }

    fn exchange_numbers(&self, node: &Node) -> NodeNumbers {
        let words = self.words();
        let id = self.run.exchange_of(node.id);
        let stats = self.run.stats();
        let (rate, unroutable) = id.and_then(|id| stats.exchange(id)).map_or((0.0, 0), |of| {
            (of.published.per_second(self.run.now()), of.unroutable)
        });
        let delayed = id.map_or(0, |id| self.run.with_broker(|it| it.delayed_at(id)));
        NodeNumbers {
            id: node.id,
            state: self.absence(id.is_some()),
            main: words.number_rate(&format::rate(rate)),
            second: match (delayed, unroutable) {
                (0, 0) => String::new(),
                (0, count) => words.number_unroutable(count),
                (count, _) => words.number_delayed(count.into()),
            },
            note: self.absence_note(id.is_some()),
            ..NodeNumbers::default()
        }
    }

    /// What the broker does not have. Before the run has begun there is nothing to miss.
    fn absence(&self, exists: bool) -> NodeState {
        if exists || self.run_is_fresh {
            NodeState::Normal
        } else {
            NodeState::Absent
        }
    }

    fn absence_note(&self, exists: bool) -> String {
        if exists || self.run_is_fresh {
            String::new()
        } else {
            self.words().state_absent().to_owned()
        }
    }

    fn queue_numbers(&self, node: &Node, queue: &Queue) -> NodeNumbers {
        let words = self.words();
        let id = self.run.queue_of(node.id);
        let (ready, octets, unacked, unhandled) = id
            .and_then(|id| {
                self.run.with_broker(|broker| {
                    let view = broker.queue_view(id)?;
                    let unhandled = broker.unhandled(id);
                    Some((
                        (view.ready + view.delayed) as u64,
                        view.ready_octets,
                        view.unacked,
                        unhandled,
                    ))
                })
            })
            .unwrap_or_default();
        let limit = |key: &str| {
            let limit = queue.arguments.get(key)?.as_integer()?;
            (limit > 0).then_some(limit as f64)
        };
        let by_length = limit("x-max-length").map(|limit| ready as f64 / limit);
        let by_octets = limit("x-max-length-bytes").map(|limit| octets as f64 / limit);
        let (spark, spark_max) = self.spark(node.id);
        NodeNumbers {
            id: node.id,
            state: self.absence(id.is_some()),
            main: words.number_depth(ready),
            second: words.number_unacked(u64::from(unacked)),
            level: match (by_length, by_octets) {
                (Some(a), Some(b)) => Some(a.max(b).min(1.0)),
                (Some(share), None) | (None, Some(share)) => Some(share.min(1.0)),
                (None, None) => None,
            },
            spark,
            spark_max,
            slots: Vec::new(),
            note: match unhandled {
                0 => self.absence_note(id.is_some()),
                count => words.number_unhandled(count),
            },
        }
    }

    fn spark(&self, node: NodeId) -> (Vec<f32>, f64) {
        let stats = self.run.stats();
        let Some(queue) = self.run.queue_of(node).and_then(|id| stats.queue(id)) else {
            return (Vec::new(), 0.0);
        };
        let now = self.run.now().as_secs_f64();
        let back = SPARK_SECONDS_MIN.max(now / 2.0);
        let start = (now - back).max(0.0);
        let step = (now - start) / SPARK_POINTS as f64;
        if step <= 0.0 {
            return (Vec::new(), 0.0);
        }
        let mut levels = Vec::with_capacity(SPARK_POINTS);
        let mut points = queue.series().points().peekable();
        let mut level = 0;
        for index in 1..=SPARK_POINTS {
            let until = start + step * index as f64;
            let mut highest = level;
            while let Some((_, point)) = points.next_if(|(at, _)| at.as_secs_f64() <= until) {
                level = point.level;
                highest = highest.max(point.level_max);
            }
            levels.push(highest.max(level));
        }
        let most = levels.iter().copied().max().unwrap_or(0).max(1);
        let spark = levels
            .iter()
            .map(|level| *level as f32 / most as f32)
            .collect();
        (spark, most as f64)
    }

    fn consumer_numbers(
        &self,
        node: &Node,
        consumer: &Consumer,
        processes: &[ProcessView],
    ) -> NodeNumbers {
        let words = self.words();
        let client = self.run.client(node.id);
        let stats = self.run.stats();
        if node.id.as_outside().is_some() {
            let acked = stats.consumer(node.id).map(|measured| &measured.acked);
            let rate = acked.map_or(0.0, |acked| acked.per_second(self.run.now()));
            return NodeNumbers {
                id: node.id,
                main: words.number_rate(&format::rate(rate)),
                ..NodeNumbers::default()
            };
        }
        let busy = stats
            .consumer(node.id)
            .and_then(|consumer| consumer.utilisation(self.run.now()))
            .unwrap_or(0.0);
        let in_work = processes.iter().filter(|process| process.hand.is_some());
        let in_work = in_work.count();
        let held = client.as_ref().map_or(0, |client| client.held);
        NodeNumbers {
            id: node.id,
            state: self.client_state(client.as_ref(), None),
            main: words.number_busy(&format::percent(busy)),
            second: words.number_in_hand(held + in_work as u64),
            level: Some(progress(processes, self.run.now())),
            slots: slots(consumer.prefetch, in_work, held),
            note: self.client_note(client.as_ref(), None),
            ..NodeNumbers::default()
        }
    }
}

/// How far the work in hand is, 0 to 1: the ring that fills as work is done.
fn progress(processes: &[ProcessView], now: SimTime) -> f64 {
    processes
        .iter()
        .find_map(|process| process.hand.as_ref())
        .map_or(0.0, |hand| {
            let whole = hand.until.since(hand.since).as_secs_f64();
            if whole > 0.0 {
                (now.since(hand.since).as_secs_f64() / whole).min(1.0)
            } else {
                1.0
            }
        })
}

fn slots(prefetch: u16, in_work: usize, held: u64) -> Vec<u8> {
    let held = usize::try_from(held).unwrap_or(SLOTS_MAX);
    let shown = match prefetch {
        0 => in_work.saturating_add(held).max(1),
        limit => usize::from(limit),
    }
    .min(SLOTS_MAX);
    (0..shown)
        .map(|slot| {
            if slot < in_work {
                2
            } else if slot < in_work.saturating_add(held) {
                1
            } else {
                0
            }
        })
        .collect()
}

/// The small profile of a load on its producer's tag; empty where there is no shape to see.
fn load_profile(shape: &LoadShape) -> Vec<f32> {
    let span = shape.telling_span().as_nanos();
    let steps = SPARK_POINTS as u64;
    let rates: Vec<f64> = (0..=steps)
        .map(|step| u128::from(span) * u128::from(step) / u128::from(steps))
        .map(|nanos| {
            shape.rate_at(SimDuration::from_nanos(
                u64::try_from(nanos).unwrap_or(u64::MAX),
            ))
        })
        .collect();
    let top = rates.iter().copied().fold(0.0, f64::max);
    let flat = rates.iter().all(|rate| *rate == rates[0]);
    if flat || top <= 0.0 || !top.is_finite() {
        return Vec::new();
    }
    rates
        .iter()
        .map(|rate| (rate / top).max(0.0) as f32)
        .collect()
}
