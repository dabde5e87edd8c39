//! Programs outside: their pipes into the run, and what they declared, shown beside the document.
//!
//! What stands in the broker and not in the document is drawn all the same, with its lines, and can be
//! kept. Deliberately not here: how it is drawn and kept (`outside.rs`), the protocol, and
//! what is at the other end of a pipe.

use super::App;
use crate::editor::geometry::rect_of;
use crate::scenario::{Point, Scenario};
use crate::sim::{Fetched, OperatorAction};
use crate::types::{ConnectionId, NodeId, Outside};
use std::rc::Rc;

/// Frames that are drawn after octets came, so that what they did is seen while nothing plays.
const STIRRED_FRAMES: u8 = 2;

/// A program's way into a run. It ends with the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pipe {
    /// The number of the run (`App::run_number`).
    pub run: u64,
    /// Its connection there.
    pub connection: ConnectionId,
}

impl App {
    // --- pipes ---

    /// A program outside connects to the run as it stands.
    pub fn open_pipe(&mut self) -> Pipe {
        self.stir();
        Pipe {
            run: self.run_number,
            connection: self.run.connect(),
        }
    }

    /// Octets from a program outside, taken at the present instant. `false` when they are to be sent
    /// again later: an alarm keeps it from publishing.
    pub fn write_pipe(&mut self, pipe: Pipe, octets: &[u8]) -> bool {
        let connection = pipe.connection;
        if pipe.run != self.run_number {
            return true;
        }
        if !self.run.wants_octets(connection) {
            return false;
        }
        let octets = octets.into();
        self.operate_pipe(OperatorAction::WireOctets { connection, octets });
        true
    }

    /// What waits for a program outside that has got `from` octets so far. `None` when its connection
    /// is no more: the run was begun anew, or the last octets were fetched before.
    pub fn read_pipe(&mut self, pipe: Pipe, from: u64) -> Option<Fetched> {
        if pipe.run != self.run_number {
            return None;
        }
        self.run.fetch_octets(pipe.connection, from)
    }

    /// A program outside is gone.
    pub fn close_pipe(&mut self, pipe: Pipe) {
        if pipe.run == self.run_number {
            self.operate_pipe(OperatorAction::WireDisconnect(pipe.connection));
        }
    }

    /// Whether programs outside should read their pipes: octets wait for one, or all are no more.
    pub fn pipes_wait(&mut self) -> bool {
        std::mem::take(&mut self.pipes_ended) || self.run.has_octets()
    }

    fn operate_pipe(&mut self, action: OperatorAction) {
        // What is said on a connection that is over is heard by nobody.
        if self.run.operate(action).is_ok() {
            self.stir();
        }
    }

    fn stir(&mut self) {
        self.run_is_fresh = false;
        self.playback.ended = None;
        self.stirred = STIRRED_FRAMES;
    }

    /// Whether a program outside did something lately that is yet to be drawn.
    #[must_use]
    pub fn is_stirred(&self) -> bool {
        self.stirred > 0
    }

    // --- what is shown of them ---

    /// The document, and what programs outside made of the run.
    pub(super) fn shown(&self) -> &Rc<Scenario> {
        self.shown.as_ref().unwrap_or_else(|| self.scenario())
    }

    /// What a program outside calls itself.
    pub(super) fn outside_name(&self, connection: ConnectionId) -> String {
        match self.run.wire_name(connection) {
            Some(name) if !name.is_empty() => name.to_string(),
            Some(_) | None => self.words().outside_client(u64::from(connection.0)),
        }
    }

    /// Takes over what came or went outside of the document.
    pub(super) fn follow_wire(&mut self) {
        let version = (self.run_number, self.run.wire_version());
        if self.wire_version != version {
            let before = self.scene.node_count();
            self.wire_version = version;
            self.rebuild_scene();
            let seen = self.editor.viewport.seen();
            let hidden = |node: NodeId| {
                let rect = self.scene.rect(node);
                node.as_outside().is_some() && rect.is_some_and(|rect| !rect.overlaps(&seen))
            };
            if self.scene.node_count() > before && self.scene.nodes().any(|node| hidden(node.id)) {
                self.fit();
            }
        }
    }

    /// The document with what programs outside declared; `None` as long as there is nothing.
    pub(super) fn with_outside(&self) -> Option<Rc<Scenario>> {
        let is_any = self.run.wire_version() > 0;
        is_any.then(|| Rc::new(self.placed(self.outside())))
    }

    /// Moves boxes that stand in no document.
    pub(super) fn move_outside(&mut self, id: NodeId, dx: f64, dy: f64) {
        if let Some(node) = self.shown().node(id) {
            let place = Point::from(rect_of(node).centre.moved(dx, dy));
            self.outside_places.insert(id, place);
            // Drawn anew with the next frame.
            self.wire_version = (u64::MAX, 0);
        }
    }

    // --- keeping it ---

    /// Whether a program outside declared anything that the document could have.
    pub(super) fn has_outside(&self) -> bool {
        self.shown().nodes.keys().any(|id| is_thing(*id))
    }
}

/// Whether a node stands for a queue or exchange outside of the document.
pub(super) fn is_thing(id: NodeId) -> bool {
    matches!(
        id.as_outside(),
        Some(Outside::Queue(_) | Outside::Exchange(_))
    )
}
