//! `brokerlab serve`: the broker on a TCP port, for any AMQP 0-9-1 client.
//!
//! One thread does everything: the broker and the protocol are plain data that one connection after
//! the other changes. From here the clock comes in, as time since the start. Deliberately not here:
//! the protocol (`amqp`), what commands do (`broker`).

mod hub;
mod journal;
mod limits;
mod pipe;
mod timer;

use crate::Done;
use crate::args::ServeOptions;
use crate::files::Failure;
use hub::{Hub, Shared};
use std::cell::RefCell;
use std::future::Future;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::LocalSet;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;
/// How long to wait when the system has no room for another connection.
const BREATH: Duration = Duration::from_millis(100);
/// How long clients have to say goodbye when the server stops.
const FAREWELL: Duration = Duration::from_secs(3);

/// Serves until somebody stops it.
pub(crate) fn serve(options: &ServeOptions) -> Done {
    let hub = Hub::new(options)?;
    limits::raise_open_files(options.max_connections);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::File(format!("no way to wait for input: {error}")))?;
    LocalSet::new().block_on(&runtime, listen(options, Rc::new(RefCell::new(hub))))
}

async fn listen(options: &ServeOptions, hub: Shared) -> Done {
    let cannot = |error: io::Error| Failure::File(format!("{}: {error}", options.amqp));
    let listener = bind(options.amqp).map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let mut stop = Stop::new().map_err(cannot)?;
    announce(address);
    tokio::task::spawn_local(timer::keep_time(Rc::clone(&hub)));
    either(accept(&listener, &hub), stop.asked()).await;
    drop(listener);
    hub.borrow_mut().shut_down();
    let farewell = tokio::time::timeout(FAREWELL, hub::all_gone(Rc::clone(&hub)));
    either(
        async {
            let _ = farewell.await;
        },
        stop.asked(),
    )
    .await;
    Ok(())
}

/// One line that a program can read; port 0 has become the one that was chosen.
fn announce(address: SocketAddr) {
    let mut out = io::stdout().lock();
    // Whoever closed our output does not want to know.
    let _ = writeln!(out, "listening on amqp://{address}").and_then(|()| out.flush());
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // Else a port that was in use a minute ago stays closed on Unix; elsewhere it would be shared.
    socket.set_reuseaddr(cfg!(unix))?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Takes connections for ever.
async fn accept(listener: &TcpListener, hub: &Shared) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                if let Some(pipe) = pipe::Pipe::new(hub, stream, peer) {
                    tokio::task::spawn_local(pipe.run());
                }
            }
            Err(error) => {
                hub.borrow()
                    .journal
                    .refused(None, &format!("cannot accept: {error}"));
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Waits until one of the two is done.
async fn either(one: impl Future<Output = ()>, other: impl Future<Output = ()>) {
    let (mut one, mut other) = (std::pin::pin!(one), std::pin::pin!(other));
    std::future::poll_fn(|cx| {
        if one.as_mut().poll(cx).is_ready() {
            return std::task::Poll::Ready(());
        }
        other.as_mut().poll(cx)
    })
    .await;
}

/// The signals that stop the server.
struct Stop {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    #[cfg(not(unix))]
    const fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits until somebody asks the server to stop.
    #[cfg(unix)]
    async fn asked(&mut self) {
        let (terminate, interrupt) = (&mut self.terminate, &mut self.interrupt);
        std::future::poll_fn(|cx| {
            if terminate.poll_recv(cx).is_ready() {
                return std::task::Poll::Ready(());
            }
            interrupt.poll_recv(cx).map(|_| ())
        })
        .await;
    }

    #[cfg(not(unix))]
    async fn asked(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
