//! What a coroutine may call: a small client library in simulated time.
//!
//! Every wait can be begun again: it asks the world, which remembers. Deliberately not here: any
//! state; a context is a number and a handle.

use crate::sim::held::Place;
use crate::sim::world::World;
use crate::types::ProcessId;
use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;

/// A coroutine's handle to its world.
pub(super) struct Context {
    pub(super) world: Rc<RefCell<World>>,
    pub(super) process: ProcessId,
}

/// How work on a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// Well.
    Done,
    /// It failed; the message goes back.
    Requeue,
    /// It failed; the message is rejected.
    Reject,
}

impl Context {
    /// Until the client is connected and not paused, another message may be outstanding, and the next
    /// one is due.
    pub(super) fn due(&self) -> impl Future<Output = ()> + '_ {
        poll_fn(|_| self.world.borrow_mut().poll_due(self.process))
    }

    /// Publishes the message that is due.
    pub(super) fn publish(&self) {
        self.world.borrow_mut().publish_due(self.process);
    }

    /// The next delivery, once the client is connected and not paused.
    pub(super) fn next(&self) -> impl Future<Output = Place> + '_ {
        poll_fn(|_| self.world.borrow_mut().poll_next(self.process))
    }

    /// Sleeps as long as the work takes.
    pub(super) fn work(&self) -> impl Future<Output = Work> + '_ {
        poll_fn(|_| self.world.borrow_mut().poll_work(self.process))
    }

    /// Acknowledges the delivery in hand.
    pub(super) fn ack(&self, delivery: Place) {
        self.world.borrow_mut().settle(self.process, delivery, None);
    }

    /// Gives the delivery in hand back as failed, or rejects it.
    pub(super) fn reject(&self, delivery: Place, requeue: bool) {
        let requeue = Some(requeue);
        self.world
            .borrow_mut()
            .settle(self.process, delivery, requeue);
    }
}
