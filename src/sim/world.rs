//! The world of one run: everything that must survive, as plain data.
//!
//! A clone of it is the run at that instant. Its parts are told in their own files: what travels
//! (`transport`), what the broker's effects cause (`effects`), waiting (`waits`), outages (`outages`),
//! the document (`assembly`, `edit`). Deliberately not here: futures.

use crate::broker::{Broker, BrokerOptions, Command, Effects, Reply, Resource};
use crate::scenario::Scenario;
use crate::sim::calendar::{Calendar, Event};
use crate::sim::client::Client;
use crate::sim::operator::OperatorEntry;
use crate::sim::process::Process;
use crate::sim::recorder::Recorder;
use crate::sim::topology::Topology;
use crate::sim::trace::{TraceKind, Wait};
use crate::sim::transport::{Downward, InFlight};
use crate::sim::wire::Wire;
use crate::sim::{EVENTS_AT_ONE_INSTANT_MAX, Stop};
use crate::types::{AmqpError, ChannelRef, NodeId, ProcessId, Rising, SimTime, SortedMap};
use std::collections::VecDeque;
use std::rc::Rc;

/// Who is behind a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Whoever declares what the document says.
    Assembly,
    /// Somebody outside.
    Wire,
    /// The client of this number, which is this node's.
    Client { client: u32, node: NodeId },
}

/// What a run is to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// To let a coroutine run, and whether from a fresh start.
    Run { process: ProcessId, restart: bool },
    /// To stop.
    Stop(Stop),
}

/// Everything of a run but its futures.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) scenario: Rc<Scenario>,
    /// The seed the run began with; an edit does not change it.
    pub(super) seed: u64,
    pub(super) now: SimTime,
    /// Events at this instant so far.
    pub(super) events_at_now: u64,
    pub(super) calendar: Calendar,
    pub(super) broker: Broker,
    pub(super) recorder: Recorder,
    pub(super) clients: Vec<Client>,
    pub(super) client_of_node: SortedMap<NodeId, u32>,
    /// By connection number.
    pub(super) owners: Vec<Owner>,
    pub(super) processes: Vec<Process>,
    pub(super) ready: VecDeque<ProcessId>,
    /// What is on links, by number.
    pub(super) parcels: Rising<InFlight>,
    pub(super) parcel_next: u64,
    pub(super) topology: Topology,
    pub(super) log: Vec<OperatorEntry>,
    /// Reused by every call of the broker; empty between them.
    pub(super) effects: Effects,
    /// What reached a client without latency and makes it answer; done when the broker's effects are.
    pub(super) deferred: VecDeque<(u32, Downward)>,
    /// Publishes that have reached the broker and that it does not hear yet: by whom, as which parcel.
    pub(super) unheard: Vec<(NodeId, u64)>,
    /// Connections from outside, once there was one.
    pub(super) wire: Option<Box<Wire>>,
}

impl World {
    pub(super) fn new(scenario: Rc<Scenario>) -> Self {
        let options = BrokerOptions {
            profile: scenario.profile,
        };
        let mut world = Self {
            seed: scenario.seed,
            scenario,
            now: SimTime::ZERO,
            events_at_now: 0,
            calendar: Calendar::default(),
            broker: Broker::new(options),
            recorder: Recorder::default(),
            clients: Vec::new(),
            client_of_node: SortedMap::new(),
            owners: Vec::new(),
            processes: Vec::new(),
            ready: VecDeque::new(),
            parcels: Rising::default(),
            parcel_next: 0,
            topology: Topology::default(),
            log: Vec::new(),
            effects: Vec::new(),
            deferred: VecDeque::new(),
            unheard: Vec::new(),
            wire: None,
        };
        world.apply_limits();
        world.assemble();
        world
    }

    /// Says to the broker how much of memory and disk there is, how quick its queues are and how
    /// patient it is.
    pub(super) fn apply_limits(&mut self) {
        let broker = self.scenario.broker;
        let timeout = Some(broker.consumer_timeout);
        self.broker.set_consumer_timeout(timeout);
        for (what, limit) in [
            (Resource::Memory, broker.memory_limit),
            (Resource::Disk, broker.disk_limit()),
        ] {
            let effects = &mut self.effects;
            self.broker.set_limit(self.now, what, limit, effects);
        }
        let effects = &mut self.effects;
        self.broker
            .set_queue_time(self.now, broker.queue_time, effects);
        self.take_effects(None);
    }

    #[inline]
    pub(super) fn record(&mut self, kind: TraceKind) {
        self.recorder.record(self.now, kind);
    }

    /// As [`record`](Self::record), for what happens to every message.
    #[inline(always)]
    pub(super) fn record_often(&mut self, kind: TraceKind) {
        self.recorder.record_often(self.now, kind);
    }

    // The number of a client or process comes from the table it indexes, which never shrinks.
    #[inline]
    pub(super) fn client(&self, client: u32) -> &Client {
        &self.clients[client as usize]
    }

    #[inline]
    pub(super) fn client_mut(&mut self, client: u32) -> &mut Client {
        &mut self.clients[client as usize]
    }

    #[inline]
    pub(super) fn process(&self, process: ProcessId) -> &Process {
        &self.processes[process.index()]
    }

    #[inline]
    pub(super) fn process_mut(&mut self, process: ProcessId) -> &mut Process {
        &mut self.processes[process.index()]
    }

    pub(super) fn client_of(&self, process: ProcessId) -> &Client {
        self.client(self.process(process).client)
    }

    /// Who runs next, and whether from a fresh start.
    #[inline]
    pub(super) fn next_ready(&mut self) -> Option<(ProcessId, bool)> {
        let id = self.ready.pop_front()?;
        let process = self.process_mut(id);
        process.ready = false;
        Some((id, std::mem::take(&mut process.restart)))
    }

    /// What comes next up to and including `until`: carries out events, counting them, until somebody
    /// is to run.
    #[inline]
    pub(super) fn turn(&mut self, until: SimTime, events_max: u64, events: &mut u64) -> Turn {
        loop {
            if !self.ready.is_empty()
                && let Some((process, restart)) = self.next_ready()
            {
                return Turn::Run { process, restart };
            }
            let event = self.drop_stale();
            let due = self.next_deadline();
            let stop = match earlier(event, due) {
                // Somebody outside may send something at any time.
                None if self.wire.as_ref().is_some_and(|wire| wire.is_open()) => Stop::Reached,
                None => Stop::Idle,
                Some(at) if at > until => Stop::Reached,
                Some(_) if *events >= events_max => return Turn::Stop(Stop::Budget),
                Some(at) if at <= self.now && self.is_livelocked() => {
                    return Turn::Stop(Stop::Livelock);
                }
                Some(at) => {
                    *events += 1;
                    // Nobody else is ready, so who is woken runs at once.
                    if let Some(process) = self.carry_out(at, due) {
                        return Turn::Run {
                            process,
                            restart: std::mem::take(&mut self.process_mut(process).restart),
                        };
                    }
                    continue;
                }
            };
            self.pass_to(until);
            return Turn::Stop(stop);
        }
    }

    /// When the next event comes.
    #[inline]
    pub(super) fn next_event_at(&self) -> Option<SimTime> {
        earlier(self.calendar.next_at(), self.next_deadline())
    }

    /// When the broker, or the server of connections from outside, has something to do by itself.
    #[inline]
    fn next_deadline(&self) -> Option<SimTime> {
        match &self.wire {
            None => self.broker.next_deadline(),
            Some(wire) => wire.next_deadline(&self.broker),
        }
    }

    /// Carries out the next event, due at `at`, and says whose time has come if that is what it is.
    pub(super) fn carry_out_next(&mut self, at: SimTime) -> Option<ProcessId> {
        self.carry_out(at, self.next_deadline())
    }

    /// The same, the next deadline being known. The broker's deadlines come before anything else of
    /// their instant, as the broker itself would see to them first.
    #[inline]
    fn carry_out(&mut self, at: SimTime, due: Option<SimTime>) -> Option<ProcessId> {
        // A deadline in the past cannot be, since no event passes one by.
        self.pass_to(at);
        self.events_at_now += 1;
        if due.is_some_and(|due| due <= at) {
            self.expire();
            return None;
        }
        let (_, event) = self.calendar.pop()?;
        match event {
            Event::Wake { process, turn } => self.wake_at_time(process, turn),
            Event::Parcel { number } => {
                self.arrive(number);
                None
            }
            Event::Outage {
                client,
                index,
                plan,
                begins,
            } => {
                self.outage(client, index, plan, begins);
                None
            }
        }
    }

    /// Takes called-off events off the calendar's top, so that what it shows next will really happen;
    /// says when that is.
    #[inline]
    pub(super) fn drop_stale(&mut self) -> Option<SimTime> {
        loop {
            let (at, event) = self.calendar.peek()?;
            let stale = match event {
                Event::Wake { process, turn } => self.process(process).turn != turn,
                Event::Parcel { number } => self.parcels.get(number).is_none(),
                Event::Outage { client, plan, .. } => self.client(client).plan != plan,
            };
            if !stale {
                return Some(at);
            }
            self.calendar.pop();
        }
    }

    /// Time goes on to `at`.
    #[inline]
    pub(super) fn pass_to(&mut self, at: SimTime) {
        if at > self.now {
            self.now = at;
            self.events_at_now = 0;
        }
    }

    pub(super) const fn is_livelocked(&self) -> bool {
        self.events_at_now >= EVENTS_AT_ONE_INSTANT_MAX
    }

    /// Says `command` to the broker on `channel` and sees to what comes of it. `parcel` is what a
    /// publish came as.
    pub(super) fn say(
        &mut self,
        channel: ChannelRef,
        command: Command,
        parcel: Option<u64>,
    ) -> Result<Reply, AmqpError> {
        let result = self
            .broker
            .apply(self.now, channel, command, &mut self.effects);
        self.take_effects(parcel);
        result
    }

    #[inline(never)]
    fn expire(&mut self) {
        if self.wire.is_some() {
            self.wire_expire();
            return;
        }
        self.broker.expire(self.now, &mut self.effects);
        self.take_effects(None);
    }

    /// What had to wait until the broker's effects were told reaches its clients.
    #[cold]
    pub(super) fn reach_deferred(&mut self) {
        while let Some((client, downward)) = self.deferred.pop_front() {
            self.reach_client(client, downward);
        }
    }

    /// Puts a coroutine in the queue of those about to run.
    #[inline]
    pub(super) fn wake(&mut self, id: ProcessId) {
        let process = self.process_mut(id);
        if !process.ready {
            process.ready = true;
            self.ready.push_back(id);
        }
        self.wait_for(id, Wait::Ready);
    }

    /// Notes what a coroutine waits for; recorded where it is no part of ordinary work.
    #[inline(always)]
    pub(super) fn wait_for(&mut self, id: ProcessId, wait: Wait) {
        let process = self.process_mut(id);
        let before = std::mem::replace(&mut process.wait, wait);
        let tells = if is_remarkable(wait) {
            before != wait
        } else {
            wait == Wait::Ready && is_remarkable(before)
        };
        if tells {
            self.record_wait(id, wait);
        }
    }

    #[cold]
    fn record_wait(&mut self, id: ProcessId, wait: Wait) {
        let node = self.process(id).node;
        self.record(TraceKind::Waits {
            node,
            process: id,
            wait,
        });
    }
}

/// The earlier of two times, of which either may never come.
#[inline]
fn earlier(one: Option<SimTime>, other: Option<SimTime>) -> Option<SimTime> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

const fn is_remarkable(wait: Wait) -> bool {
    match wait {
        Wait::Confirm | Wait::Unblocked | Wait::Flow | Wait::Outage | Wait::Ended => true,
        Wait::Ready | Wait::Interval { .. } | Wait::Delivery | Wait::Work { .. } | Wait::Answer => {
            false
        }
    }
}
