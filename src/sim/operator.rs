//! What a human does to a running simulation: timed, logged, replayed.
//!
//! Deliberately not here: how an action is carried out.

use crate::scenario::Scenario;
use crate::types::{NodeId, SimTime};
use std::sync::Arc;

/// Something a human does to a run.
#[derive(Debug, Clone, PartialEq)]
pub enum OperatorAction {
    /// The document was edited; the run takes over what changed (declares, binds, deletes, starts
    /// and stops clients, changes rates) and leaves the rest alone.
    Edit(Arc<Scenario>),
    /// A producer or consumer stops taking up work, keeping its connection.
    Pause(NodeId),
    /// ... and goes on.
    Resume(NodeId),
    /// A client's program dies; its connection closes at once.
    Crash(NodeId),
    /// ... and is started again.
    Restart(NodeId),
    /// A client's link is cut.
    Cut(NodeId),
    /// ... and is there again; the client reconnects.
    Reconnect(NodeId),
    /// A queue's ready messages are purged.
    Purge(NodeId),
    /// A producer publishes one message now, beside its load.
    PublishOne(NodeId),
}

/// An entry of the operator log.
#[derive(Debug, Clone, PartialEq)]
pub struct OperatorEntry {
    /// When, in simulated time.
    pub at: SimTime,
    /// What.
    pub action: OperatorAction,
}
