//! Connecting, and all that keeps a client from working: pause, crash, cut, refusal.
//!
//! Deliberately not here: who decides on them; the document's outages and the operator end up in the
//! same few functions.

use crate::broker::{Command, Consume};
use crate::scenario::{Outage, OutageKind};
use crate::sim::calendar::Event;
use crate::sim::client::{Halt, Receiver, Role, Session, Source, Unconfirmed};
use crate::sim::trace::TraceKind;
use crate::sim::world::World;
use crate::types::{ChannelRef, FieldTable, FieldValue, NodeId, QueueName, SimTime};

impl World {
    /// Says all that opens a client's connection, one after the other without waiting between.
    pub(super) fn connect(&mut self, client: u32) {
        let opener = self.client_mut(client);
        opener.session = Session::Opening;
        opener.epoch = opener.epoch.wrapping_add(1);
        let mut commands = vec![Command::open(opener.vhost.clone()), Command::ChannelOpen];
        match &mut opener.role {
            Role::Producer(sender) => {
                sender.outstanding = 0;
                (sender.blocked, sender.in_flow) = (false, false);
                (sender.held_by, sender.under_way) = (None, 0);
                sender.unconfirmed = Unconfirmed::default();
                if sender.window.is_some() {
                    commands.push(Command::ConfirmSelect);
                }
            }
            Role::Consumer(_) => {
                commands.extend(self.exclusive_declares(client));
                commands.extend(self.consumes(client));
            }
        }
        self.note_status(client);
        let node = self.client(client).node;
        self.unheard.retain(|(it, _)| *it != node);
        let last = commands.len() - 1;
        for (index, command) in commands.into_iter().enumerate() {
            self.send_last(client, command, index == last);
        }
    }

    /// `basic.qos` and the `basic.consume` of every line that does not consume yet.
    pub(super) fn consumes(&mut self, client: u32) -> Vec<Command> {
        let Some(receiver) = self.client_mut(client).receiver() else {
            return Vec::new();
        };
        let mut commands = vec![Command::BasicQos {
            prefetch_size: 0,
            prefetch_count: receiver.prefetch,
            global: false,
        }];
        let mut started: Vec<(NodeId, Consume)> = Vec::new();
        let arguments = consume_arguments(receiver);
        for source in &mut receiver.sources {
            if !std::mem::replace(&mut source.active, true) {
                started.push((
                    source.queue,
                    Consume {
                        queue: QueueName::default(),
                        consumer_tag: source.tag.clone(),
                        no_ack: receiver.no_ack,
                        exclusive: receiver.exclusive,
                        arguments: arguments.clone(),
                    },
                ));
            }
        }
        for (node, mut consume) in started {
            consume.queue = self.queue_name(node);
            commands.push(Command::BasicConsume(consume));
        }
        commands
    }

    /// Records how a client stands, when that is new.
    pub(super) fn note_status(&mut self, client: u32) {
        let noted = self.client_mut(client);
        let status = noted.status_now();
        if noted.status != Some(status) {
            noted.status = Some(status);
            let (node, workers) = (noted.node, noted.workers());
            self.record(TraceKind::ClientChanged {
                node,
                status,
                workers,
            });
        }
    }

    /// A client stops taking up work.
    pub(super) fn pause(&mut self, client: u32) {
        if !std::mem::replace(&mut self.client_mut(client).paused, true) {
            self.note_status(client);
            self.set_back_free(client);
        }
    }

    /// ... and goes on.
    pub(super) fn resume(&mut self, client: u32) {
        self.client_mut(client).paused = false;
        self.go_on(client);
    }

    /// A client's program dies.
    pub(super) fn crash(&mut self, client: u32) {
        if self.client(client).down {
            return;
        }
        self.client_mut(client).down = true;
        self.note_status(client);
        self.stop_work(client);
        self.hang_up(client);
    }

    /// ... and is started again; one that runs is ended first. What refused it may be gone.
    pub(super) fn restart(&mut self, client: u32) {
        self.crash(client);
        let started = self.client_mut(client);
        started.down = false;
        started.paused = false;
        started.halt = None;
        self.go_on(client);
    }

    /// A client's link is cut; the broker notices at once.
    pub(super) fn cut(&mut self, client: u32) {
        if self.client(client).cut {
            return;
        }
        self.client_mut(client).cut = true;
        self.note_status(client);
        self.hang_up(client);
        self.set_back_free(client);
    }

    /// ... and is there again.
    pub(super) fn reconnect(&mut self, client: u32) {
        self.client_mut(client).cut = false;
        self.go_on(client);
    }

    /// The broker will have no more of a client.
    pub(super) fn halt(&mut self, client: u32, halt: Halt) {
        let halted = self.client_mut(client);
        if halted.halt.is_some() || halted.session == Session::Closed {
            return;
        }
        halted.halt = Some(halt);
        self.note_status(client);
        self.stop_work(client);
        self.end_session(client);
        if self.client(client).connection_open {
            self.send(client, Command::ConnectionClose);
        }
    }

    /// A client leaves the run.
    pub(super) fn remove(&mut self, client: u32) {
        self.client_mut(client).removed = true;
        self.note_status(client);
        self.stop_work(client);
        self.hang_up(client);
    }

    /// Ends a client's connection and lets it connect anew, with its new settings.
    pub(super) fn bounce(&mut self, client: u32) {
        self.hang_up(client);
        self.client_mut(client).halt = None;
        self.set_back_free(client);
        self.note_status(client);
    }

    fn go_on(&mut self, client: u32) {
        let now = self.now;
        if let Some(sender) = self.client_mut(client).sender() {
            let stream = &mut sender.arrivals_stream;
            sender.arrivals.skip_to(now, stream);
        }
        self.note_status(client);
        self.wake_waiting(client);
    }

    /// Breaks off all work of a client and sets its coroutines back.
    fn stop_work(&mut self, client: u32) {
        for index in 0..self.client(client).processes.len() {
            let id = self.client(client).processes[index];
            self.break_off(id);
            self.set_back(id);
        }
    }

    /// The connection is gone on both sides at once, with all that was on the link.
    fn hang_up(&mut self, client: u32) {
        self.lose_parcels(client);
        self.end_session(client);
        let closed = self.client_mut(client);
        closed.channel_open = false;
        if std::mem::take(&mut closed.connection_open) {
            let channel = ChannelRef::new(closed.connection, 0);
            // The broker takes every close of an open connection.
            let _ = self.say(channel, Command::ConnectionClose, None);
        }
    }

    /// The client's side of its connection ends.
    fn end_session(&mut self, client: u32) {
        let ended = self.client_mut(client);
        ended.session = Session::Closed;
        ended.epoch = ended.epoch.wrapping_add(1);
        match &mut ended.role {
            Role::Producer(sender) => sender.outstanding = 0,
            Role::Consumer(receiver) => {
                for place in receiver.mailbox.drain(..) {
                    receiver.shelf.give_up(place);
                }
                for source in &mut receiver.sources {
                    source.active = false;
                }
            }
        }
    }

    /// Puts a client's outages that lie ahead into the calendar.
    pub(super) fn plan_outages(&mut self, client: u32) {
        let planned = self.client_mut(client);
        planned.plan = planned.plan.wrapping_add(1);
        let plan = planned.plan;
        let (now, at_start) = (self.now, self.now == SimTime::ZERO);
        let outages = self.client(client).outages.clone();
        for (index, outage) in (0..u16::MAX).zip(&outages) {
            let event = |begins| Event::Outage {
                client,
                index,
                plan,
                begins,
            };
            let at = SimTime::ZERO + outage.at;
            if at > now || at_start {
                self.calendar.schedule(at, event(true));
            } else if let Some(lasts) = outage.lasts
                && at + lasts > now
            {
                self.calendar.schedule(at + lasts, event(false));
            }
        }
    }

    /// An outage of the document begins or ends.
    #[inline(never)]
    pub(super) fn outage(&mut self, client: u32, index: u16, plan: u16, begins: bool) {
        let struck = self.client(client);
        if struck.plan != plan || struck.removed {
            return;
        }
        let Some(outage) = struck.outages.get(usize::from(index)).copied() else {
            return;
        };
        if begins {
            if let Some(lasts) = outage.lasts {
                let event = Event::Outage {
                    client,
                    index,
                    plan,
                    begins: false,
                };
                self.calendar.schedule(self.now + lasts, event);
            }
            self.begin_outage(client, outage.what);
        } else {
            self.end_outage(client, outage.what);
        }
    }

    fn begin_outage(&mut self, client: u32, what: OutageKind) {
        match what {
            OutageKind::Pause => self.pause(client),
            OutageKind::Crash => self.crash(client),
            OutageKind::Cut => self.cut(client),
        }
    }

    fn end_outage(&mut self, client: u32, what: OutageKind) {
        match what {
            OutageKind::Pause => self.resume(client),
            OutageKind::Crash => self.restart(client),
            OutageKind::Cut => self.reconnect(client),
        }
    }

    /// Takes over other outages in mid-run: what should be under way now begins, what should not ends.
    pub(super) fn change_outages(&mut self, client: u32, outages: &[Outage]) {
        let now = self.now;
        let before = std::mem::replace(&mut self.client_mut(client).outages, outages.to_vec());
        self.plan_outages(client);
        for what in [OutageKind::Pause, OutageKind::Crash, OutageKind::Cut] {
            match (
                is_under_way(&before, what, now),
                is_under_way(outages, what, now),
            ) {
                (false, true) => self.begin_outage(client, what),
                (true, false) => self.end_outage(client, what),
                (true, true) | (false, false) => {}
            }
        }
    }
}

fn is_under_way(outages: &[Outage], what: OutageKind, now: SimTime) -> bool {
    outages.iter().any(|outage| {
        let at = SimTime::ZERO + outage.at;
        outage.what == what && at <= now && outage.lasts.is_none_or(|lasts| now < at + lasts)
    })
}

fn consume_arguments(receiver: &Receiver) -> FieldTable {
    let mut arguments = FieldTable::new();
    if let Some(priority) = receiver.priority {
        arguments.set("x-priority", FieldValue::I32(priority));
    }
    arguments
}

/// Whether two lists of lines are the same but for what consumes at the moment.
pub(super) fn same_lines(before: &[Source], after: &[Source]) -> bool {
    before.len() == after.len()
        && before
            .iter()
            .zip(after)
            .all(|(before, after)| before.edge == after.edge && before.queue == after.queue)
}
