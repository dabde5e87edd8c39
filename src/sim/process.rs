//! Coroutines: what producers and consumers do, told in order.
//!
//! Each is an ordinary `async fn` without a local that outlives an await: what it must remember is
//! plain data in the world, together with the stage it has come to. Started again from there it
//! passes over the stages it has behind it and waits where it waited. That is how a run is cloned,
//! and how a coroutine is set back when its client is paused or dies. Deliberately not here: how the
//! waiting is done.

use crate::sim::calendar::{Calendar, Event};
use crate::sim::context::{Context, Work};
use crate::sim::held::Place;
use crate::sim::random::Stream;
use crate::sim::trace::Wait;
use crate::types::{NodeId, ProcessId, SimTime};

/// The stages of one turn of a coroutine, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// To be connected and not paused.
    Connect,
    /// Producer: room in the confirm window. Consumer: a delivery.
    Take,
    /// Producer: the time of the next message. Consumer: the end of work.
    Time,
    /// All waiting of this turn is done.
    Act,
}

/// The state of a coroutine.
#[derive(Debug, Clone)]
pub(super) struct Process {
    pub(super) node: NodeId,
    pub(super) client: u32,
    pub(super) worker: u32,
    pub(super) stage: Stage,
    pub(super) wait: Wait,
    /// Tells a wake-up that counts from one that was called off.
    pub(super) turn: u32,
    /// The time it waited for has come.
    pub(super) fired: bool,
    /// It stands in the queue of those about to run.
    pub(super) ready: bool,
    /// It must be started again from its state before it runs.
    pub(super) restart: bool,
    /// It is among its client's idle workers.
    pub(super) idle: bool,
    /// What it works on.
    pub(super) hand: Option<Hand>,
    pub(super) service: Stream,
    pub(super) failure: Stream,
}

impl Process {
    /// Sleeps until then, which is ordinary work: nobody need be told. `id` is its own number.
    #[inline(always)]
    pub(super) fn sleep(
        &mut self,
        id: ProcessId,
        until: SimTime,
        wait: Wait,
        calendar: &mut Calendar,
    ) {
        let turn = self.turn;
        calendar.schedule(until, Event::Wake { process: id, turn });
        self.wait = wait;
    }
}

/// A delivery in hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hand {
    pub(super) place: Place,
    pub(super) since: SimTime,
    pub(super) until: SimTime,
    pub(super) fails: bool,
}

/// A producer: one message a turn.
pub(super) async fn produce(context: Context) {
    loop {
        context.due().await;
        context.publish();
    }
}

/// A worker of a consumer: one delivery a turn.
pub(super) async fn consume(context: Context) {
    loop {
        let delivery = context.next().await;
        match context.work().await {
            Work::Done => context.ack(delivery),
            Work::Requeue => context.reject(delivery, true),
            Work::Reject => context.reject(delivery, false),
        }
    }
}

/// The number of a coroutine as an index.
pub(super) const fn number(index: usize) -> ProcessId {
    // A run has far fewer than 2^32 coroutines: a document's nodes times their workers.
    ProcessId(index as u32)
}
