//! What the operator is told on standard error: one line for each thing worth a line.
//!
//! Deliberately not here: what clients are told.

use std::io::Write as _;
use std::net::SocketAddr;

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loudness {
    /// Nothing.
    Quiet,
    /// What went wrong.
    Trouble,
    /// Also that connections come and go.
    Everything,
}

/// Tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Journal(Loudness);

impl Journal {
    /// As loud as was asked for.
    pub(super) const fn new(quiet: bool, verbose: bool) -> Self {
        Self(match (quiet, verbose) {
            (true, _) => Loudness::Quiet,
            (false, false) => Loudness::Trouble,
            (false, true) => Loudness::Everything,
        })
    }

    fn say(self, loudness: Loudness, peer: Option<SocketAddr>, what: &str) {
        if self.0 < loudness {
            return;
        }
        let mut err = std::io::stderr().lock();
        // Whoever closed our standard error does not want to know.
        let _ = match peer {
            Some(peer) => writeln!(err, "brokerlab: {peer} {what}"),
            None => writeln!(err, "brokerlab: {what}"),
        };
    }

    /// A connection that was not let in.
    pub(super) fn refused(self, peer: Option<SocketAddr>, why: &str) {
        self.say(Loudness::Trouble, peer, &format!("refused: {why}"));
    }

    /// A connection that ended otherwise than by a goodbye.
    pub(super) fn lost(self, peer: SocketAddr, why: &str) {
        self.say(Loudness::Trouble, Some(peer), why);
    }

    /// That something happened as it should.
    pub(super) fn note(self, peer: Option<SocketAddr>, what: &str) {
        self.say(Loudness::Everything, peer, what);
    }
}
