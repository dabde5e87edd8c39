//! What a human does to a running simulation: timed, logged, replayed.
//!
//! Deliberately not here: what an action does in detail; that stands with what it acts on.

use crate::broker::Command;
use crate::scenario::Scenario;
use crate::sim::client::{Role, Session};
use crate::sim::trace::TraceKind;
use crate::sim::world::World;
use crate::types::{ConnectionId, NodeId, SimTime};
use std::fmt;
use std::rc::Rc;

/// Something a human, or a program outside, does to a run.
#[derive(Debug, Clone, PartialEq)]
pub enum OperatorAction {
    /// The document was edited; the run takes over what changed (declares, binds, deletes, starts
    /// and stops clients, changes rates) and leaves the rest alone.
    Edit(Rc<Scenario>),
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
    /// A program outside connects; it gets the next connection's number.
    WireConnect,
    /// Octets come from a program outside.
    WireOctets {
        /// By which connection.
        connection: ConnectionId,
        /// What.
        octets: Rc<[u8]>,
    },
    /// A program outside is gone.
    WireDisconnect(ConnectionId),
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
    /// There is no such connection from outside, or it is over.
    NoConnection(ConnectionId),
}

impl fmt::Display for OperateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoClient(node) => write!(f, "node {node} is no producer or consumer"),
            Self::NoProducer(node) => write!(f, "node {node} is no producer"),
            Self::NotConnected(node) => write!(f, "node {node} is not connected"),
            Self::NoQueue(node) => write!(f, "node {node} has no queue in the broker"),
            Self::NoConnection(connection) => {
                write!(f, "connection {connection} is not open")
            }
        }
    }
}

impl std::error::Error for OperateError {}

impl World {
    /// Checks, logs and carries out an action.
    pub(super) fn operate(&mut self, action: OperatorAction) -> Result<(), OperateError> {
        self.check(&action)?;
        // An operator does far fewer than 2^32 things.
        let entry = self.log.len() as u32;
        if self.logs(&action) {
            self.log.push(OperatorEntry {
                at: self.now,
                action: action.clone(),
            });
        }
        // Octets say what they do by what they cause.
        if !matches!(action, OperatorAction::WireOctets { .. }) {
            self.record(TraceKind::Operated { entry });
        }
        // Whatever went round in circles may not do so any more.
        self.events_at_now = 0;
        match action {
            OperatorAction::Edit(scenario) => self.edit(&scenario),
            OperatorAction::Purge(node) => self.purge(node),
            OperatorAction::WireConnect => self.wire_connect(),
            OperatorAction::WireOctets { connection, octets } => {
                self.wire_octets(connection, &octets);
            }
            OperatorAction::WireDisconnect(connection) => self.wire_disconnect(connection),
            OperatorAction::Pause(node)
            | OperatorAction::Resume(node)
            | OperatorAction::Crash(node)
            | OperatorAction::Restart(node)
            | OperatorAction::Cut(node)
            | OperatorAction::Reconnect(node)
            | OperatorAction::PublishOne(node) => {
                if let Some(&client) = self.client_of_node.get(&node) {
                    self.operate_client(client, &action);
                }
            }
        }
        Ok(())
    }

    /// Whether the log has room for an action.
    fn logs(&mut self, action: &OperatorAction) -> bool {
        if let OperatorAction::WireOctets { octets, .. } = action
            && let Some(wire) = &mut self.wire
        {
            return wire.logs(octets.len());
        }
        true
    }

    fn check(&self, action: &OperatorAction) -> Result<(), OperateError> {
        match action {
            OperatorAction::Edit(_) | OperatorAction::WireConnect => Ok(()),
            OperatorAction::WireOctets { connection, .. }
            | OperatorAction::WireDisconnect(connection) => {
                let wire = self.wire.as_ref();
                match wire.is_some_and(|wire| wire.has(*connection)) {
                    true => Ok(()),
                    false => Err(OperateError::NoConnection(*connection)),
                }
            }
            OperatorAction::Purge(node) => match self.topology.queue_of(*node) {
                Some(_) => Ok(()),
                None => Err(OperateError::NoQueue(*node)),
            },
            OperatorAction::Pause(node)
            | OperatorAction::Resume(node)
            | OperatorAction::Crash(node)
            | OperatorAction::Restart(node)
            | OperatorAction::Cut(node)
            | OperatorAction::Reconnect(node)
            | OperatorAction::PublishOne(node) => {
                let found = self.client_of_node.get(node);
                let client = self.client(*found.ok_or(OperateError::NoClient(*node))?);
                match (action, &client.role) {
                    (OperatorAction::PublishOne(_), Role::Consumer(_)) => {
                        Err(OperateError::NoProducer(*node))
                    }
                    (OperatorAction::PublishOne(_), Role::Producer(_))
                        if client.session != Session::Up =>
                    {
                        Err(OperateError::NotConnected(*node))
                    }
                    (_, Role::Producer(_) | Role::Consumer(_)) => Ok(()),
                }
            }
        }
    }

    fn operate_client(&mut self, client: u32, action: &OperatorAction) {
        match action {
            OperatorAction::Pause(_) => self.pause(client),
            OperatorAction::Resume(_) => self.resume(client),
            OperatorAction::Crash(_) => self.crash(client),
            OperatorAction::Restart(_) => self.restart(client),
            OperatorAction::Cut(_) => self.cut(client),
            OperatorAction::Reconnect(_) => self.reconnect(client),
            OperatorAction::PublishOne(_) => self.publish_one(client),
            OperatorAction::Edit(_)
            | OperatorAction::Purge(_)
            | OperatorAction::WireConnect
            | OperatorAction::WireOctets { .. }
            | OperatorAction::WireDisconnect(_) => {}
        }
    }

    fn purge(&mut self, node: NodeId) {
        let queue = self.queue_name(node);
        let scenario = std::rc::Rc::clone(&self.scenario);
        if let Some(node) = scenario.node(node) {
            let _ = self.say_for(node, Command::QueuePurge { queue });
        }
    }
}
