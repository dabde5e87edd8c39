//! Waiting: what a coroutine asks of the world, each askable again at any time.
//!
//! A stage behind the coroutine answers at once; a wait that already runs is joined; otherwise it
//! begins. Deliberately not here: the order in which a coroutine waits (`process`).

use crate::broker::{Acknowledgement, Command};
use crate::scenario::FailureOutcome;
use crate::sim::calendar::Event;
use crate::sim::client::{Role, Session};
use crate::sim::context::Work;
use crate::sim::held::Place;
use crate::sim::process::{Hand, Stage};
use crate::sim::trace::{TraceKind, Wait};
use crate::sim::world::World;
use crate::types::{DeliveryTag, ProcessId, SimTime};
use std::task::Poll;

impl World {
    /// The time a coroutine waited for has come: it is to run, unless that was called off.
    #[inline]
    pub(super) fn wake_at_time(&mut self, id: ProcessId, turn: u32) -> Option<ProcessId> {
        let process = &mut self.processes[id.index()];
        if process.turn != turn {
            return None;
        }
        process.turn = turn.wrapping_add(1);
        process.fired = true;
        // It slept, which is ordinary work: nobody need be told that it does no more.
        process.wait = Wait::Ready;
        Some(id)
    }

    #[inline(always)]
    fn wake_up_at(&mut self, id: ProcessId, at: SimTime, wait: Wait) {
        let at = at.max(self.now);
        let turn = self.process(id).turn;
        self.calendar
            .schedule(at, Event::Wake { process: id, turn });
        self.wait_for(id, wait);
    }

    #[inline]
    pub(super) fn poll_connected(&mut self, id: ProcessId) -> Poll<()> {
        let process = &mut self.processes[id.index()];
        if process.stage > Stage::Connect {
            return Poll::Ready(());
        }
        let client = &self.clients[process.client as usize];
        if client.is_at_work() && !client.is_let_go(process.worker) {
            process.stage = Stage::Take;
            return Poll::Ready(());
        }
        self.connect_or_wait(id)
    }

    #[inline(never)]
    fn connect_or_wait(&mut self, id: ProcessId) -> Poll<()> {
        let process = self.process(id);
        let (client, worker) = (process.client, process.worker);
        if self.client(client).session == Session::Closed && self.client(client).may_connect() {
            self.connect(client);
        }
        let client = self.client(client);
        let wait = if client.is_let_go(worker) {
            Wait::Ended
        } else if !client.may_connect() {
            Wait::Outage
        } else if client.session != Session::Up {
            Wait::Answer
        } else if client.paused {
            Wait::Outage
        } else {
            self.process_mut(id).stage = Stage::Take;
            return Poll::Ready(());
        };
        self.wait_for(id, wait);
        Poll::Pending
    }

    #[inline]
    pub(super) fn poll_room(&mut self, id: ProcessId) -> Poll<()> {
        let process = &mut self.processes[id.index()];
        if process.stage > Stage::Take {
            return Poll::Ready(());
        }
        let room = match &self.clients[process.client as usize].role {
            Role::Producer(sender) => sender.has_room(),
            Role::Consumer(_) => true,
        };
        if room {
            process.stage = Stage::Time;
            return Poll::Ready(());
        }
        self.wait_for(id, Wait::Confirm);
        Poll::Pending
    }

    #[inline]
    pub(super) fn poll_due(&mut self, id: ProcessId) -> Poll<()> {
        let process = &mut self.processes[id.index()];
        if process.stage > Stage::Time || process.fired {
            process.fired = false;
            process.stage = Stage::Act;
            return Poll::Ready(());
        }
        if matches!(process.wait, Wait::Interval { .. }) {
            return Poll::Pending;
        }
        let due = match &self.clients[process.client as usize].role {
            Role::Producer(sender) => sender.due(),
            Role::Consumer(_) => None,
        };
        match due {
            Some(due) => {
                let until = due.max(self.now);
                self.wake_up_at(id, until, Wait::Interval { until });
            }
            None => self.end_load(id),
        }
        Poll::Pending
    }

    /// A producer has published all it had to.
    #[cold]
    fn end_load(&mut self, id: ProcessId) {
        let client = self.process(id).client;
        if let Some(sender) = self.client_mut(client).sender() {
            sender.ended = true;
        }
        self.wait_for(id, Wait::Ended);
        self.note_status(client);
    }

    #[inline]
    pub(super) fn publish_due(&mut self, id: ProcessId) {
        let process = &mut self.processes[id.index()];
        process.stage = Stage::Connect;
        let client = process.client;
        if let Role::Producer(sender) = &mut self.clients[client as usize].role {
            sender.arrivals.advance(&mut sender.arrivals_stream);
        }
        self.publish_one(client);
    }

    /// One message along each of a producer's lines.
    #[inline]
    pub(super) fn publish_one(&mut self, client: u32) {
        let Role::Producer(sender) = &mut self.clients[client as usize].role else {
            return;
        };
        let content = sender
            .draft
            .content(sender.turns, &mut sender.content_stream);
        sender.turns += 1;
        for line in 0..sender.targets.len() {
            let Role::Producer(sender) = &mut self.clients[client as usize].role else {
                return;
            };
            let Some(target) = sender.targets.get(line) else {
                return;
            };
            let publish = sender.draft.publish(target, &content);
            sender.published += 1;
            sender.outstanding += u64::from(sender.window.is_some());
            self.send_publish(client, publish);
        }
    }

    #[inline]
    pub(super) fn poll_next(&mut self, id: ProcessId) -> Poll<Place> {
        let process = &mut self.processes[id.index()];
        if process.stage > Stage::Take
            && let Some(hand) = &process.hand
        {
            return Poll::Ready(hand.place);
        }
        let Role::Consumer(receiver) = &mut self.clients[process.client as usize].role else {
            return Poll::Pending;
        };
        if let Some(place) = receiver.mailbox.pop_front() {
            if process.idle {
                process.idle = false;
                receiver.idle.retain(|idle| *idle != id);
            }
            process.hand = Some(Hand {
                place,
                since: self.now,
                until: self.now,
                fails: false,
            });
            process.stage = Stage::Time;
            return Poll::Ready(place);
        }
        if !process.idle {
            process.idle = true;
            receiver.idle.push_back(id);
        }
        self.wait_for(id, Wait::Delivery);
        Poll::Pending
    }

    #[inline]
    pub(super) fn poll_work(&mut self, id: ProcessId) -> Poll<Work> {
        let process = &mut self.processes[id.index()];
        let Role::Consumer(receiver) = &self.clients[process.client as usize].role else {
            return Poll::Pending;
        };
        let Some(hand) = &mut process.hand else {
            return Poll::Pending;
        };
        if process.stage > Stage::Time || process.fired {
            process.fired = false;
            process.stage = Stage::Act;
            return Poll::Ready(match (hand.fails, receiver.outcome) {
                (false, _) => Work::Done,
                (true, FailureOutcome::Requeue) => Work::Requeue,
                (true, FailureOutcome::Reject) => Work::Reject,
            });
        }
        if matches!(process.wait, Wait::Work { .. }) {
            return Poll::Pending;
        }
        let Some(held) = receiver.shelf.get(hand.place) else {
            return Poll::Pending;
        };
        let until = self.now + receiver.service.span(&mut process.service);
        hand.fails = process.failure.happens(receiver.failure);
        hand.since = self.now;
        hand.until = until;
        self.recorder.record_often(
            self.now,
            TraceKind::WorkStarted {
                node: process.node,
                process: id,
                queue: held.queue,
                copy: held.copy,
                message: held.message.id(),
                until,
                enqueued_at: held.enqueued_at,
            },
        );
        self.wake_up_at(id, until, Wait::Work { until });
        Poll::Pending
    }

    /// The delivery in hand is done with: `None` acknowledges it, else it is requeued or rejected.
    #[inline]
    pub(super) fn settle(&mut self, id: ProcessId, delivery: Place, requeue: Option<bool>) {
        let process = &mut self.processes[id.index()];
        process.stage = Stage::Connect;
        if !process.hand.is_some_and(|hand| hand.place == delivery) {
            return;
        }
        let client = process.client;
        let Some(delivery_tag) = self.put_down(id, requeue.is_some()) else {
            return;
        };
        let which = Acknowledgement {
            delivery_tag,
            multiple: false,
        };
        match requeue {
            None => self.send_ack(client, which),
            Some(requeue) => self.send(client, Command::BasicNack { which, requeue }),
        }
    }

    /// Work on what is in hand is broken off.
    pub(super) fn break_off(&mut self, id: ProcessId) {
        let _ = self.put_down(id, true);
    }

    /// Work on what is in hand has ended, well or not. Says which delivery is to be settled now, if it
    /// must be and there is somebody to tell.
    #[inline(always)]
    fn put_down(&mut self, id: ProcessId, failed: bool) -> Option<DeliveryTag> {
        let process = &mut self.processes[id.index()];
        let hand = process.hand.take()?;
        let client = &mut self.clients[process.client as usize];
        let Role::Consumer(receiver) = &mut client.role else {
            return None;
        };
        receiver.worked += u64::from(!failed);
        receiver.failed += u64::from(failed);
        let held = receiver.shelf.get(hand.place)?;
        self.recorder.record_often(
            self.now,
            TraceKind::WorkEnded {
                node: process.node,
                process: id,
                queue: held.queue,
                copy: held.copy,
                message: held.message.id(),
                failed,
                started_at: hand.since,
                enqueued_at: held.enqueued_at,
            },
        );
        // An acknowledgement on a connection that is gone would reach nobody.
        let tells = !held.no_ack && held.epoch == client.epoch;
        let tag = held.delivery_tag;
        receiver.shelf.give_up(hand.place);
        tells.then_some(tag)
    }

    /// Sets a coroutine back to the beginning of its turn; what it slept for is called off, and what
    /// it has in hand it must have put down.
    pub(super) fn set_back(&mut self, id: ProcessId) {
        let process = &mut self.processes[id.index()];
        process.stage = Stage::Connect;
        process.turn = process.turn.wrapping_add(1);
        process.fired = false;
        process.restart = true;
        if std::mem::take(&mut process.idle)
            && let Role::Consumer(receiver) = &mut self.clients[process.client as usize].role
        {
            receiver.idle.retain(|idle| *idle != id);
        }
        self.wake(id);
    }

    /// Sets back every coroutine of a client that has nothing in hand.
    pub(super) fn set_back_free(&mut self, client: u32) {
        for index in 0..self.client(client).processes.len() {
            let id = self.client(client).processes[index];
            if self.process(id).hand.is_none() {
                self.set_back(id);
            }
        }
    }
}
