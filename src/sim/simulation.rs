//! A run: made from a document, driven event by event, cloned at any instant.
//!
//! Deliberately not here: what the events do; that is the world's.

use crate::broker::{Broker, BrokerOptions};
use crate::scenario::Scenario;
use crate::sim::{
    ClientView, OperateError, OperatorAction, OperatorEntry, ProcessView, Progress, Stats, Step,
    Stop, TraceRecord,
};
use crate::types::{ConnectionId, ExchangeId, MessageId, NodeId, QueueId, SimTime};
use std::ops::Deref;
use std::sync::Arc;

/// A run. Cloning it between any two events gives an independent run that goes on identically.
#[derive(Debug, Clone)]
pub struct Simulation {
    scenario: Arc<Scenario>,
    broker: Broker,
    now: SimTime,
    log: Vec<OperatorEntry>,
    stats: Stats,
}

impl Simulation {
    /// Begins a run: declares what the document says, in its order, and starts its clients. What
    /// cannot be honoured stands in the trace as [`TraceKind::Closed`](crate::sim::TraceKind), in
    /// the broker's own words.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>) -> Self {
        let profile = scenario.profile;
        Self {
            scenario,
            broker: Broker::new(BrokerOptions { profile }),
            now: SimTime::ZERO,
            log: Vec::new(),
            stats: Stats::default(),
        }
    }

    /// The document as it stands now, after the operator's edits.
    #[must_use]
    pub fn scenario(&self) -> Arc<Scenario> {
        Arc::clone(&self.scenario)
    }

    /// The time it is.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// When the next event comes; `None` when nothing lies ahead.
    #[must_use]
    pub fn next_event_at(&self) -> Option<SimTime> {
        self.broker.next_deadline()
    }

    /// Carries out one event and everything it causes at that instant.
    pub fn step(&mut self) -> Step {
        Step::Idle
    }

    /// Carries out everything due up to and including `until`, but at most `events_max` events.
    pub fn run_until(&mut self, until: SimTime, _events_max: u64) -> Progress {
        self.now = self.now.max(until);
        Progress {
            now: self.now,
            events: 0,
            stop: Stop::Idle,
        }
    }

    /// Does what a human wants done, now, and logs it.
    ///
    /// # Errors
    /// When the action makes no sense at this moment; then nothing has happened.
    pub fn operate(&mut self, action: OperatorAction) -> Result<(), OperateError> {
        if let OperatorAction::Edit(scenario) = &action {
            self.scenario = Arc::clone(scenario);
        }
        self.log.push(OperatorEntry {
            at: self.now,
            action,
        });
        Ok(())
    }

    /// What the operator did, in order.
    pub fn log(&self) -> Vec<OperatorEntry> {
        self.log.clone()
    }

    /// The run of `scenario` with everything in `log` done at its time, up to `until`.
    #[must_use]
    pub fn replay(scenario: Arc<Scenario>, log: &[OperatorEntry], until: SimTime) -> Self {
        let mut run = Self::new(scenario);
        for entry in log.iter().take_while(|entry| entry.at <= until) {
            run.run_until(entry.at, u64::MAX);
            // What was possible then is possible now, since the run is the same.
            let _ = run.operate(entry.action.clone());
        }
        run.run_until(until, u64::MAX);
        run
    }

    /// Looks at the broker.
    pub fn with_broker<R>(&self, look: impl FnOnce(&Broker) -> R) -> R {
        look(&self.broker)
    }

    /// The queue in the broker that a node stands for, when it exists.
    #[must_use]
    pub fn queue_of(&self, _node: NodeId) -> Option<QueueId> {
        None
    }

    /// The node a queue belongs to, also after the queue is gone.
    #[must_use]
    pub fn node_of_queue(&self, _queue: QueueId) -> Option<NodeId> {
        None
    }

    /// The exchange in the broker that a node stands for, when it exists.
    #[must_use]
    pub fn exchange_of(&self, _node: NodeId) -> Option<ExchangeId> {
        None
    }

    /// The node an exchange belongs to, also after the exchange is gone.
    #[must_use]
    pub fn node_of_exchange(&self, _exchange: ExchangeId) -> Option<NodeId> {
        None
    }

    /// The producer or consumer behind a connection.
    #[must_use]
    pub fn node_of_connection(&self, _connection: ConnectionId) -> Option<NodeId> {
        None
    }

    /// Every coroutine, in order of node and worker.
    #[must_use]
    pub fn processes(&self) -> Vec<ProcessView> {
        Vec::new()
    }

    /// How a producer or consumer stands.
    #[must_use]
    pub fn client(&self, _node: NodeId) -> Option<ClientView> {
        None
    }

    /// The statistics so far.
    pub fn stats(&self) -> impl Deref<Target = Stats> + '_ {
        &self.stats
    }

    /// Ends the warm-up: counts begin anew, levels stay.
    pub fn reset_stats(&mut self) {
        self.stats.reset(self.now);
    }

    /// Shows every retained record from `sequence` on, in order.
    pub fn records_since(&self, _sequence: u64, _show: impl FnMut(&TraceRecord)) {}

    /// The oldest record that is still there.
    #[must_use]
    pub fn first_retained(&self) -> u64 {
        0
    }

    /// The number the next record will have.
    #[must_use]
    pub fn next_sequence(&self) -> u64 {
        0
    }

    /// A hash over every record of the run, retained or not. Two runs with the same hash went the
    /// same way.
    #[must_use]
    pub fn trace_hash(&self) -> u64 {
        0
    }

    /// The journey of one message, as far as its records are retained.
    #[must_use]
    pub fn message(&self, _message: MessageId) -> Vec<TraceRecord> {
        Vec::new()
    }
}
