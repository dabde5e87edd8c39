//! Waiting: what a coroutine asks of the world, each askable again at any time.
//!
//! A stage behind the coroutine answers at once; a wait that already runs is joined; otherwise it
//! begins. Deliberately not here: the order in which a coroutine waits (`process`).

use crate::broker::{Acknowledgement, Command};
use crate::scenario::FailureOutcome;
use crate::sim::client::{Role, Session};
use crate::sim::context::Work;
use crate::sim::draft::Content;
use crate::sim::held::Place;
use crate::sim::process::{Hand, Stage};
use crate::sim::trace::{TraceKind, Wait};
use crate::sim::world::World;
use crate::types::{DeliveryTag, ProcessId};
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

    /// A producer's waiting, one stage after the other.
    #[inline]
    pub(super) fn poll_due(&mut self, id: ProcessId) -> Poll<()> {
        let process = &mut self.processes[id.index()];
        if process.stage > Stage::Time || process.fired {
            process.fired = false;
            process.stage = Stage::Act;
            return Poll::Ready(());
        }
        let client = &self.clients[process.client as usize];
        if process.stage == Stage::Connect && !client.lets_work(process.worker) {
            return match self.connect_or_wait(id) {
                Poll::Ready(()) => self.poll_due(id),
                Poll::Pending => Poll::Pending,
            };
        }
        let Role::Producer(sender) = &client.role else {
            return Poll::Pending;
        };
        if process.stage < Stage::Time {
            if !sender.has_room() {
                process.stage = Stage::Take;
                let wait = sender.backs_up().unwrap_or(Wait::Confirm);
                self.wait_for(id, wait);
                return Poll::Pending;
            }
            process.stage = Stage::Time;
        }
        if matches!(process.wait, Wait::Interval { .. }) {
            return Poll::Pending;
        }
        match sender.due() {
            Some(due) => {
                let until = due.max(self.now);
                process.sleep(id, until, Wait::Interval { until }, &mut self.calendar);
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
            let content = sender.next_content();
            self.publish_along_lines(client, content.as_ref());
        }
    }

    /// One message along each of a producer's lines.
    pub(super) fn publish_one(&mut self, client: u32) {
        if let Role::Producer(sender) = &mut self.clients[client as usize].role {
            let content = sender.next_content();
            self.publish_along_lines(client, content.as_ref());
        }
    }

    #[inline]
    fn publish_along_lines(&mut self, client: u32, content: Option<&Content>) {
        let mut line = 0;
        while let Role::Producer(sender) = &mut self.clients[client as usize].role
            && let Some(target) = sender.targets.get(line)
            && let Some(publish) = sender.draft.publish(target, content)
        {
            line += 1;
            sender.published += 1;
            sender.outstanding += u64::from(sender.window.is_some());
            self.send_publish(client, publish);
        }
    }

    /// A worker's waiting for something to do, one stage after the other.
    #[inline]
    pub(super) fn poll_next(&mut self, id: ProcessId) -> Poll<Place> {
        let process = &mut self.processes[id.index()];
        if process.stage > Stage::Take
            && let Some(hand) = &process.hand
        {
            return Poll::Ready(hand.place);
        }
        let client = &mut self.clients[process.client as usize];
        if process.stage == Stage::Connect {
            if !client.lets_work(process.worker) {
                return match self.connect_or_wait(id) {
                    Poll::Ready(()) => self.poll_next(id),
                    Poll::Pending => Poll::Pending,
                };
            }
            process.stage = Stage::Take;
        }
        let Role::Consumer(receiver) = &mut client.role else {
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
        process.sleep(id, until, Wait::Work { until }, &mut self.calendar);
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
        match requeue {
            None => {
                let multiple = false;
                let which = Acknowledgement {
                    delivery_tag,
                    multiple,
                };
                self.send_ack(client, which);
            }
            // Work that failed: to quorum queues since 4.3 a nack would be none.
            Some(requeue) => {
                let reject = Command::BasicReject {
                    delivery_tag,
                    requeue,
                };
                self.send(client, reject);
            }
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
