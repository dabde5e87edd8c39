//! Waiting: what a coroutine asks of the world, each askable again at any time.
//!
//! A stage behind the coroutine answers at once; a wait that already runs is joined; otherwise it
//! begins. Deliberately not here: the order in which a coroutine waits (`process`).

use crate::broker::{Acknowledgement, Command};
use crate::scenario::FailureOutcome;
use crate::sim::calendar::Event;
use crate::sim::client::{Role, Session};
use crate::sim::context::Work;
use crate::sim::process::{Hand, Stage};
use crate::sim::trace::{TraceKind, Wait};
use crate::sim::world::World;
use crate::types::{DeliveryTag, ProcessId, SimTime};
use std::task::Poll;

impl World {
    /// The time a coroutine waited for has come.
    #[inline]
    pub(super) fn wake_at_time(&mut self, id: ProcessId, turn: u32) {
        let process = self.process_mut(id);
        if process.turn == turn {
            process.turn = turn.wrapping_add(1);
            process.fired = true;
            self.wake(id);
        }
    }

    #[inline]
    fn wake_up_at(&mut self, id: ProcessId, at: SimTime, wait: Wait) {
        let at = at.max(self.now);
        let turn = self.process(id).turn;
        self.calendar
            .schedule(at, Event::Wake { process: id, turn });
        self.wait_for(id, wait);
    }

    #[inline]
    pub(super) fn poll_connected(&mut self, id: ProcessId) -> Poll<()> {
        let process = self.process(id);
        if process.stage > Stage::Connect {
            return Poll::Ready(());
        }
        let (client, worker) = (process.client, process.worker);
        if self.client(client).session == Session::Closed && self.client(client).may_connect() {
            self.connect(client);
        }
        let client = self.client(client);
        let wait = if let Role::Consumer(receiver) = &client.role
            && worker >= receiver.workers
        {
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
        let process = self.process(id);
        if process.stage > Stage::Take {
            return Poll::Ready(());
        }
        let client = process.client;
        let room = match &self.client(client).role {
            Role::Producer(sender) => sender.has_room(),
            Role::Consumer(_) => true,
        };
        if room {
            self.process_mut(id).stage = Stage::Time;
            return Poll::Ready(());
        }
        self.wait_for(id, Wait::Confirm);
        Poll::Pending
    }

    #[inline]
    pub(super) fn poll_due(&mut self, id: ProcessId) -> Poll<()> {
        let process = self.process_mut(id);
        if process.stage > Stage::Time {
            return Poll::Ready(());
        }
        if process.fired {
            process.fired = false;
            process.stage = Stage::Act;
            return Poll::Ready(());
        }
        if matches!(process.wait, Wait::Interval { .. }) {
            return Poll::Pending;
        }
        let client = process.client;
        let due = match &self.client(client).role {
            Role::Producer(sender) => sender.due(),
            Role::Consumer(_) => None,
        };
        match due {
            Some(due) => {
                let until = due.max(self.now);
                self.wake_up_at(id, until, Wait::Interval { until });
            }
            None => {
                if let Some(sender) = self.client_mut(client).sender() {
                    sender.ended = true;
                }
                self.wait_for(id, Wait::Ended);
                self.note_status(client);
            }
        }
        Poll::Pending
    }

    #[inline]
    pub(super) fn publish_due(&mut self, id: ProcessId) {
        let process = self.process_mut(id);
        process.stage = Stage::Connect;
        let client = process.client;
        if let Role::Producer(sender) = &mut self.clients[client as usize].role {
            sender.arrivals.advance(&mut sender.arrivals_stream);
        }
        self.publish_one(client);
    }

    /// One message along each of a producer's lines.
    pub(super) fn publish_one(&mut self, client: u32) {
        let Role::Producer(sender) = &mut self.clients[client as usize].role else {
            return;
        };
        let content = sender
            .draft
            .content(sender.turns, &mut sender.content_stream);
        sender.turns += 1;
        // The last line takes the content itself; most producers have one line.
        let lines = sender.targets.len();
        let mut content = Some(content);
        for line in 0..lines {
            let Role::Producer(sender) = &mut self.clients[client as usize].role else {
                return;
            };
            let copy = if line + 1 == lines {
                content.take()
            } else {
                content.clone()
            };
            let (Some(target), Some(copy)) = (sender.targets.get(line), copy) else {
                return;
            };
            let publish = sender.draft.publish(target, copy);
            sender.published += 1;
            if sender.window.is_some() {
                sender.outstanding += 1;
            }
            self.send(client, Command::BasicPublish(publish));
        }
    }

    #[inline]
    pub(super) fn poll_next(&mut self, id: ProcessId) -> Poll<DeliveryTag> {
        let process = &mut self.processes[id.index()];
        if process.stage > Stage::Take
            && let Some(hand) = &process.hand
        {
            return Poll::Ready(hand.held.delivery.delivery_tag);
        }
        let Role::Consumer(receiver) = &mut self.clients[process.client as usize].role else {
            return Poll::Pending;
        };
        if let Some(held) = receiver.mailbox.pop_front() {
            if process.idle {
                process.idle = false;
                receiver.idle.retain(|idle| *idle != id);
            }
            let tag = held.delivery.delivery_tag;
            process.hand = Some(Hand {
                held,
                since: self.now,
                until: self.now,
                fails: false,
            });
            process.stage = Stage::Time;
            return Poll::Ready(tag);
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
        let until = self.now + receiver.service.span(&mut process.service);
        hand.fails = process.failure.happens(receiver.failure);
        hand.since = self.now;
        hand.until = until;
        let delivery = &hand.held.delivery;
        let kind = TraceKind::WorkStarted {
            node: process.node,
            process: id,
            queue: delivery.queue,
            copy: delivery.copy,
            message: delivery.message.id(),
            until,
            enqueued_at: delivery.enqueued_at,
        };
        self.record(kind);
        self.wake_up_at(id, until, Wait::Work { until });
        Poll::Pending
    }

    /// The delivery in hand is done with: `None` acknowledges it, else it is requeued or rejected.
    #[inline]
    pub(super) fn settle(&mut self, id: ProcessId, tag: DeliveryTag, requeue: Option<bool>) {
        let process = self.process_mut(id);
        process.stage = Stage::Connect;
        let client = process.client;
        let Some(hand) = self.put_down(id, requeue.is_some()) else {
            return;
        };
        // An acknowledgement on a connection that is gone would reach nobody.
        if hand.held.delivery.no_ack || hand.held.epoch != self.client(client).epoch {
            return;
        }
        let which = Acknowledgement {
            delivery_tag: tag,
            multiple: false,
        };
        let command = match requeue {
            None => Command::BasicAck(which),
            Some(requeue) => Command::BasicNack { which, requeue },
        };
        self.send(client, command);
    }

    /// Work on what is in hand has ended, well or not.
    pub(super) fn put_down(&mut self, id: ProcessId, failed: bool) -> Option<Hand> {
        let process = &mut self.processes[id.index()];
        let hand = process.hand.take()?;
        if let Role::Consumer(receiver) = &mut self.clients[process.client as usize].role {
            receiver.worked += u64::from(!failed);
            receiver.failed += u64::from(failed);
        }
        let delivery = &hand.held.delivery;
        let kind = TraceKind::WorkEnded {
            node: process.node,
            process: id,
            queue: delivery.queue,
            copy: delivery.copy,
            message: delivery.message.id(),
            failed,
            started_at: hand.since,
            enqueued_at: delivery.enqueued_at,
        };
        self.record(kind);
        Some(hand)
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
