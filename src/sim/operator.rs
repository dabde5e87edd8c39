//! What a human does to a running simulation: timed, logged, replayed.
//!
//! Deliberately not here: how an action is carried out.

use crate::scenario::Scenario;
use crate::types::{NodeId, SimTime};
use std::fmt;
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
    /// ... and is started again. Restarting a program that runs ends it first.
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

/// An action cannot be done; nothing has changed and nothing was logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperateError {
    /// No producer or consumer of that id takes part in the run.
    NoClient(NodeId),
    /// The client is no producer.
    NoProducer(NodeId),
    /// The client is not connected.
    NotConnected(NodeId),
    /// The node is no queue, or its queue does not exist in the broker.
    NoQueue(NodeId),
}

impl fmt::Display for OperateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoClient(node) => write!(f, "node {node} is no producer or consumer"),
            Self::NoProducer(node) => write!(f, "node {node} is no producer"),
            Self::NotConnected(node) => write!(f, "node {node} is not connected"),
            Self::NoQueue(node) => write!(f, "node {node} has no queue in the broker"),
        }
    }
}

impl std::error::Error for OperateError {}
