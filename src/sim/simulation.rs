//! A run: made from a document, driven event by event, cloned at any instant.
//!
//! Deliberately not here: what the events do; that is the world's.

use crate::broker::Broker;
use crate::scenario::Scenario;
use crate::sim::executor::Executor;
use crate::sim::process::Process;
use crate::sim::world::{Turn, World};
use crate::sim::{
    ClientView, HandView, OperateError, OperatorAction, OperatorEntry, ProcessView, Progress,
    Stats, Step, TraceKind, TraceRecord, Wait,
};
use crate::types::{
    ConnectionId, ExchangeId, MessageId, NodeId, Outside, ProcessId, QueueId, SimTime,
};
use std::cell::{Ref, RefCell, RefMut};
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

/// A run. Cloning it between any two events gives an independent run that goes on identically.
pub struct Simulation {
    world: Rc<RefCell<World>>,
    executor: Executor,
}

impl Clone for Simulation {
    /// Copies the world; the clone's coroutines are started again from it when they next run.
    fn clone(&self) -> Self {
        let world = self.world.borrow().clone();
        Self {
            world: Rc::new(RefCell::new(world)),
            executor: Executor::default(),
        }
    }
}

impl fmt::Debug for Simulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulation")
            .field("now", &self.now())
            .field("records", &self.next_sequence())
            .finish_non_exhaustive()
    }
}

impl Simulation {
    /// Begins a run: declares what the document says, in its order, and starts its clients. What
    /// cannot be honoured stands in the trace as [`TraceKind::Closed`](crate::sim::TraceKind), in
    /// the broker's own words.
    #[must_use]
    pub fn new(scenario: Rc<Scenario>) -> Self {
        let world = World::new(scenario);
        let mut run = Self {
            world: Rc::new(RefCell::new(world)),
            executor: Executor::default(),
        };
        run.executor.run(&run.world);
        run
    }

    /// The document as it stands now, after the operator's edits.
    #[must_use]
    pub fn scenario(&self) -> Rc<Scenario> {
        Rc::clone(&self.world.borrow().scenario)
    }

    /// The time it is.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.world.borrow().now
    }

    /// When the next event comes; `None` when nothing lies ahead.
    #[must_use]
    pub fn next_event_at(&self) -> Option<SimTime> {
        self.world.borrow().next_event_at()
    }

    /// Carries out one event and everything it causes at that instant.
    pub fn step(&mut self) -> Step {
        let at = {
            let mut world = self.world.borrow_mut();
            let Some(at) = world.next_event_at() else {
                return Step::Idle;
            };
            if at <= world.now && world.is_livelocked() {
                return Step::Livelock(at);
            }
            if let Some(process) = world.carry_out_next(at) {
                world.wake(process);
            }
            at
        };
        self.executor.run(&self.world);
        self.world.borrow_mut().drop_stale();
        Step::Done(at)
    }

    /// Carries out everything due up to and including `until`, but at most `events_max` events.
    pub fn run_until(&mut self, until: SimTime, events_max: u64) -> Progress {
        let mut events = 0;
        let stop = loop {
            let turn = self.world.borrow_mut().turn(until, events_max, &mut events);
            match turn {
                Turn::Run { process, restart } => {
                    self.executor.poll(&self.world, process, restart);
                }
                Turn::Stop(stop) => break stop,
            }
        };
        Progress {
            now: self.now(),
            events,
            stop,
        }
    }

    /// Somebody outside connects; gives the connection that [`OperatorAction::WireOctets`] names.
    pub fn connect(&mut self) -> ConnectionId {
        let connection = ConnectionId(self.world().owners.len() as u32);
        // Always possible.
        let _ = self.operate(OperatorAction::WireConnect);
        connection
    }

    /// Does what a human or a program outside wants done, now, and logs it.
    ///
    /// # Errors
    /// When the action makes no sense at this moment; then nothing has happened.
    pub fn operate(&mut self, action: OperatorAction) -> Result<(), OperateError> {
        self.world.borrow_mut().operate(action)?;
        self.executor.run(&self.world);
        self.world.borrow_mut().drop_stale();
        Ok(())
    }

    /// What the operator did, in order; without octets beyond those that a log may keep (64 MiB).
    #[must_use]
    pub fn log(&self) -> Vec<OperatorEntry> {
        self.world.borrow().log.clone()
    }

    /// The run of `scenario` with everything in `log` done at its time, up to `until`.
    #[must_use]
    pub fn replay(scenario: Rc<Scenario>, log: &[OperatorEntry], until: SimTime) -> Self {
        let mut run = Self::new(scenario);
        for entry in log.iter().take_while(|entry| entry.at <= until) {
            run.run_until(entry.at, u64::MAX);
            // What was possible then is possible now, since the run is the same.
            let _ = run.operate(entry.action.clone());
        }
        run.run_until(until, u64::MAX);
        run
    }

    pub(super) fn world(&self) -> Ref<'_, World> {
        self.world.borrow()
    }

    pub(super) fn world_mut(&self) -> RefMut<'_, World> {
        self.world.borrow_mut()
    }

    /// Looks at the broker.
    pub fn with_broker<R>(&self, look: impl FnOnce(&Broker) -> R) -> R {
        look(&self.world.borrow().broker)
    }

    /// The queue in the broker that a node stands for, when it exists.
    #[must_use]
    pub fn queue_of(&self, node: NodeId) -> Option<QueueId> {
        let world = self.world.borrow();
        match node.as_outside() {
            Some(Outside::Queue(queue)) => world.broker.queue_view(queue).map(|view| view.id),
            Some(Outside::Exchange(_) | Outside::Producer(_) | Outside::Consumer(_)) | None => {
                world.topology.queue_of(node)
            }
        }
    }

    /// The node a queue belongs to, also after the queue is gone.
    #[must_use]
    pub fn node_of_queue(&self, queue: QueueId) -> Option<NodeId> {
        self.world.borrow().node_of_queue(queue)
    }

    /// The exchange in the broker that a node stands for, when it exists.
    #[must_use]
    pub fn exchange_of(&self, node: NodeId) -> Option<ExchangeId> {
        let world = self.world.borrow();
        match node.as_outside() {
            Some(Outside::Exchange(exchange)) => {
                world.broker.exchange(exchange).map(|view| view.id)
            }
            Some(Outside::Queue(_) | Outside::Producer(_) | Outside::Consumer(_)) | None => {
                world.topology.exchange_of(node)
            }
        }
    }

    /// The node an exchange belongs to, also after the exchange is gone.
    #[must_use]
    pub fn node_of_exchange(&self, exchange: ExchangeId) -> Option<NodeId> {
        self.world.borrow().node_of_exchange(exchange)
    }

    /// The producer or consumer behind a connection.
    #[must_use]
    pub fn node_of_connection(&self, connection: ConnectionId) -> Option<NodeId> {
        let world = self.world.borrow();
        let client = world.client_at(connection)?;
        Some(world.client(client).node)
    }

    /// Every coroutine of the clients in the document, in the order in which they were started.
    #[must_use]
    pub fn processes(&self) -> Vec<ProcessView> {
        let world = self.world.borrow();
        let numbered = (0u32..).map(ProcessId).zip(&world.processes);
        numbered
            .filter(|(_, process)| !world.client(process.client).removed)
            .map(|(id, process)| view(&world, id, process))
            .collect()
    }

    /// How a producer or consumer stands.
    #[must_use]
    pub fn client(&self, node: NodeId) -> Option<ClientView> {
        let world = self.world.borrow();
        let client = world.client_of_node.get(&node)?;
        Some(world.client(*client).view())
    }

    /// Why the broker does not read what a producer publishes, one of the document or one outside:
    /// [`Wait::Unblocked`] or [`Wait::Flow`], this one for as long as RabbitMQ says so.
    #[must_use]
    pub fn held_back(&self, node: NodeId) -> Option<Wait> {
        let world = self.world.borrow();
        let connection = match node.as_outside() {
            Some(Outside::Producer(connection)) => connection,
            Some(Outside::Consumer(_) | Outside::Queue(_) | Outside::Exchange(_)) => return None,
            None => world.client(*world.client_of_node.get(&node)?).connection,
        };
        if world.broker.blocked_connections().contains(&connection) {
            return Some(Wait::Unblocked);
        }
        let in_flow = world.broker.is_in_flow(world.now, connection);
        in_flow.then_some(Wait::Flow)
    }

    /// The statistics so far.
    pub fn stats(&self) -> impl Deref<Target = Stats> + '_ {
        Ref::map(self.world.borrow(), |world| world.recorder.stats())
    }

    /// Ends the warm-up: counts begin anew, levels stay.
    pub fn reset_stats(&mut self) {
        let mut world = self.world.borrow_mut();
        let now = world.now;
        world.recorder.stats_mut().reset(now);
    }

    /// Retains about `records` records from now on, whole blocks of 1024; 0 for none. Hash and
    /// statistics follow every record all the same.
    pub fn retain(&mut self, records: usize) {
        self.world.borrow_mut().recorder.retain(records);
    }

    /// Shows every retained record from `sequence` on, in order.
    pub fn records_since(&self, sequence: u64, show: impl FnMut(&TraceRecord)) {
        self.world.borrow().recorder.since(sequence).for_each(show);
    }

    /// The oldest record that is still there.
    #[must_use]
    pub fn first_retained(&self) -> u64 {
        self.world.borrow().recorder.first_retained()
    }

    /// The number the next record will have.
    #[must_use]
    pub fn next_sequence(&self) -> u64 {
        self.world.borrow().recorder.next_sequence()
    }

    /// A hash over every record of the run, retained or not. Two runs with the same hash went the
    /// same way.
    #[must_use]
    pub fn trace_hash(&self) -> u64 {
        self.world.borrow().recorder.hash()
    }

    /// The journey of one message, as far as its records are retained.
    #[must_use]
    pub fn message(&self, message: MessageId) -> Vec<TraceRecord> {
        let world = self.world.borrow();
        let records = world.recorder.since(0);
        records
            .filter(|record| record.kind.message() == Some(message))
            .cloned()
            .collect()
    }
}

fn view(world: &World, id: ProcessId, process: &Process) -> ProcessView {
    let in_hand = || {
        let hand = process.hand.as_ref()?;
        let held = world.client(process.client).held(hand.place)?;
        Some(HandView {
            message: held.message.clone(),
            queue: held.queue,
            copy: held.copy,
            redelivered: held.redelivered,
            since: hand.since,
            until: hand.until,
        })
    };
    ProcessView {
        process: id,
        node: process.node,
        worker: process.worker,
        wait: process.wait,
        hand: in_hand(),
    }
}

impl TraceKind {
    /// Which message it is about, when it is about one.
    #[must_use]
    pub fn message(&self) -> Option<MessageId> {
        match self {
            Self::Departed { message, .. } => *message,
            Self::Published { message, .. }
            | Self::Forwarded { message, .. }
            | Self::Unroutable { message, .. }
            | Self::Enqueued { message, .. }
            | Self::Refused { message, .. }
            | Self::Delivered { message, .. }
            | Self::Acked { message, .. }
            | Self::Requeued { message, .. }
            | Self::Dropped { message, .. }
            | Self::DeadLettered { message, .. }
            | Self::Returned { message, .. }
            | Self::Delayed { message, .. }
            | Self::RetryDelayed { message, .. }
            | Self::Overdue { message, .. }
            | Self::Replied { message, .. }
            | Self::WorkStarted { message, .. }
            | Self::WorkEnded { message, .. } => Some(*message),
            Self::Arrived { .. }
            | Self::Lost { .. }
            | Self::Confirmed { .. }
            | Self::ExchangeChanged { .. }
            | Self::QueueChanged { .. }
            | Self::BindingChanged { .. }
            | Self::ConsumerChanged { .. }
            | Self::ClientChanged { .. }
            | Self::Closed { .. }
            | Self::Waits { .. }
            | Self::Operated { .. } => None,
        }
    }
}
