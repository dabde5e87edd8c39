//! One connection's socket: reads when the server wants octets, writes what it says.
//!
//! Deliberately not here: what the octets say.

use super::hub::Shared;
use brokerlab::types::ConnectionId;
use std::future::{Future as _, poll_fn};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::AsyncWrite as _;
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// So long, and for so many octets, a client is listened to after the last word, at most.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_OCTETS: usize = 4 << 20;

/// How often a client that is not read is asked whether it is still there: nothing else would tell.
const WATCH: Duration = Duration::from_secs(2);

/// Why a pipe ends.
enum End {
    /// Both sides have said all they want to say.
    Over,
    /// The client is gone without a goodbye.
    Gone,
    /// The system says so.
    Broken(io::Error),
}

/// A connection and its socket.
pub(super) struct Pipe {
    hub: Shared,
    id: ConnectionId,
    peer: SocketAddr,
    stream: TcpStream,
    /// Rings while nothing is read of the client.
    watch: Option<Pin<Box<Sleep>>>,
}

/// What came of trying to read or write.
fn tried(result: io::Result<usize>) -> Result<Option<usize>, End> {
    match result {
        Ok(0) => Err(End::Gone),
        Ok(count) => Ok(Some(count)),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
        Err(error) if error.kind() == ErrorKind::ConnectionReset => Err(End::Gone),
        Err(error) => Err(End::Broken(error)),
    }
}

impl Pipe {
    /// The pipe of a connection that is let in.
    pub(super) fn new(hub: &Shared, stream: TcpStream, peer: SocketAddr) -> Option<Self> {
        let mut shared = hub.borrow_mut();
        // Answers are short and awaited; what is long is written in one piece anyway.
        let _ = stream.set_nodelay(true);
        match shared.connect(peer) {
            Ok(id) => {
                shared.journal.note(Some(peer), "connected");
                Some(Self {
                    hub: Rc::clone(hub),
                    id,
                    peer,
                    stream,
                    watch: None,
                })
            }
            Err(why) => {
                shared.journal.refused(Some(peer), &why);
                None
            }
        }
    }

    /// Serves the connection until it ends.
    pub(super) async fn run(mut self) {
        let end = loop {
            match poll_fn(|cx| self.turn(cx)).await {
                // Everybody else has a turn, and the system is asked who is ready, before the next.
                Ok(()) => tokio::task::yield_now().await,
                Err(end) => break end,
            }
        };
        self.note(&end);
        if matches!(end, End::Over) {
            let _ = tokio::time::timeout(LINGER, self.linger()).await;
        }
        self.hub.borrow_mut().disconnect(self.id);
    }

    fn note(&self, end: &End) {
        let hub = self.hub.borrow();
        match end {
            End::Over => hub.journal.note(Some(self.peer), "disconnected"),
            End::Gone if hub.has_parted(self.id) => {
                hub.journal.note(Some(self.peer), "disconnected")
            }
            End::Gone => hub
                .journal
                .lost(self.peer, "is gone without closing its connection"),
            End::Broken(error) => hub.journal.lost(self.peer, &format!("is lost: {error}")),
        }
    }

    /// Hangs up, and throws away what the client still sends: were it left unread, the system would
    /// take our last words back.
    async fn linger(&mut self) {
        let _ = poll_fn(|cx| Pin::new(&mut self.stream).poll_shutdown(cx)).await;
        let mut left = LINGER_OCTETS;
        while self.stream.readable().await.is_ok() {
            let read = self.stream.try_read(&mut self.hub.borrow_mut().buffer);
            match tried(read) {
                Ok(Some(count)) if count < left => left -= count,
                Ok(None) => {}
                Ok(Some(_)) | Err(_) => break,
            }
        }
    }

    /// Reads once and writes once, where that is possible; else waits.
    fn turn(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        match self.try_turn(cx) {
            Ok(false) => Poll::Pending,
            Ok(true) => Poll::Ready(Ok(())),
            Err(end) => Poll::Ready(Err(end)),
        }
    }

    fn try_turn(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        let mut hub = self.hub.borrow_mut();
        hub.sleep(self.id, cx.waker());
        let mut moved = false;
        while hub.wants_bytes(self.id) && self.stream.poll_read_ready(cx).is_ready() {
            if let Some(count) = tried(self.stream.try_read(&mut hub.buffer))? {
                hub.handle_bytes(self.id, count);
                moved = true;
                break;
            }
        }
        while !hub.output(self.id).is_empty() && self.stream.poll_write_ready(cx).is_ready() {
            if let Some(count) = tried(self.stream.try_write(hub.output(self.id)))? {
                hub.handle_written(self.id, count);
                moved = true;
                break;
            }
        }
        if hub.is_over(self.id) && hub.output(self.id).is_empty() {
            return Err(End::Over);
        }
        let unread = !hub.wants_bytes(self.id);
        drop(hub);
        moved |= self.watch(unread, cx)?;
        Ok(moved)
    }

    /// While nothing is read of a client, asks from time to time whether the system has lost it. One
    /// that has only said its last word is left alone: that word is still to be heard, as by RabbitMQ.
    fn watch(&mut self, unread: bool, cx: &mut Context<'_>) -> Result<bool, End> {
        if !unread {
            self.watch = None;
            return Ok(false);
        }
        let watch = self.watch.get_or_insert_with(|| Box::pin(sleep(WATCH)));
        if watch.as_mut().poll(cx).is_pending() {
            return Ok(false);
        }
        self.watch = None;
        match self.stream.take_error() {
            Ok(None) => Ok(true),
            Ok(Some(error)) | Err(error) => tried(Err(error)).map(|_| true),
        }
    }
}
