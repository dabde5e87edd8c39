//! What a run shows of itself: what a step did, what each client and each coroutine is about.
//!
//! Plain data, made when asked for. Deliberately not here: counts and times over the run, which are
//! [`Stats`](super::Stats), and what the broker holds, which [`Broker`](crate::broker::Broker) shows.

use crate::sim::Wait;
use crate::types::{CopyId, Message, NodeId, ProcessId, QueueId, ReplyCode, SimTime};
use std::rc::Rc;

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// An event of this instant, with everything it caused at once.
    Done(SimTime),
    /// Nothing lies ahead: no event will ever come unless somebody does something.
    Idle,
    /// This instant has had [`EVENTS_AT_ONE_INSTANT_MAX`](super::EVENTS_AT_ONE_INSTANT_MAX) events;
    /// time would never pass. The run stands still until the document is edited.
    Livelock(SimTime),
}

/// Why a stretch of a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The asked instant is reached; everything due up to and including it has happened.
    Reached,
    /// The asked number of events is used up before.
    Budget,
    /// Nothing lies ahead any more; time went on to the asked instant.
    Idle,
    /// Too many events at one instant.
    Livelock,
}

/// How far a stretch of a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The time it is now.
    pub now: SimTime,
    /// Events of the calendar that were carried out.
    pub events: u64,
    /// Why it ended.
    pub stop: Stop,
}

/// How a producer or consumer stands with the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientState {
    /// Its connection and channel are being opened, or its consumers started.
    Connecting,
    /// At work.
    Up,
    /// Connected, but it takes up no work.
    Paused,
    /// Its program is dead.
    Down,
    /// Its link is cut.
    Cut,
    /// The broker closed its channel or connection; it tries again when it is restarted or the
    /// document is edited.
    Refused {
        /// The reply code.
        code: ReplyCode,
        /// The reply text, in the broker's own words.
        text: Rc<str>,
    },
    /// The broker cancelled its last consumer, because the queue is gone.
    Cancelled,
    /// A producer has published all it had to.
    Ended,
}

/// A producer or consumer at this instant. Counts are those of the whole run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientView {
    /// Which node.
    pub node: NodeId,
    /// How it stands.
    pub state: ClientState,
    /// Messages it has sent off.
    pub published: u64,
    /// Of these, known to be taken.
    pub confirmed: u64,
    /// Of these, known to be refused by a queue (`basic.nack`).
    pub refused: u64,
    /// Sent off in confirm mode on this connection, and not yet heard of.
    pub outstanding: u64,
    /// Messages that were given back to it.
    pub returned: u64,
    /// Deliveries that are there and wait for a worker.
    pub held: u64,
    /// Work done without failure.
    pub worked: u64,
    /// Work that failed or was broken off.
    pub failed: u64,
}

/// A delivery in a worker's hand.
#[derive(Debug, Clone)]
pub struct HandView {
    /// The message.
    pub message: Message,
    /// From which queue.
    pub queue: QueueId,
    /// Which message of it.
    pub copy: CopyId,
    /// Whether it was delivered before.
    pub redelivered: bool,
    /// When work on it began.
    pub since: SimTime,
    /// When work on it will be done.
    pub until: SimTime,
}

/// A coroutine at this instant.
#[derive(Debug, Clone)]
pub struct ProcessView {
    /// Its number in the run.
    pub process: ProcessId,
    /// Whose it is.
    pub node: NodeId,
    /// Which of its node's workers, from 0; a producer has one.
    pub worker: u32,
    /// What it waits for.
    pub wait: Wait,
    /// What it works on.
    pub hand: Option<HandView>,
}
