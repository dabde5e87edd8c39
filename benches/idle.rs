//! What a connection costs that does nothing: many are opened at once, and the memory that the server
//! came to hold is divided among them.
//!
//! Not here: what the system holds for a socket, which is not the server's. Where the system does not
//! say how much memory a process holds, there is no figure. Native only.

mod client;
#[path = "support/server.rs"]
mod server;
mod support;

use client::Client;
use server::Server;
use std::io;

/// Connections at once.
const CONNECTIONS: usize = 5_000;
const NAME: &str = "idle connection";

fn main() {
    if !support::wanted(NAME) {
        return;
    }
    // Our own end of each connection is a file as well.
    let _ = rlimit::increase_nofile_limit(CONNECTIONS as u64 + 64);
    match octets_each() {
        Ok(Some(octets)) => {
            let note = format!("{CONNECTIONS} open at once, each with a channel");
            support::print_exact(NAME, octets, "octets", &note);
        }
        Ok(None) => eprintln!("{NAME}: this system does not say what memory a process holds"),
        Err(error) => {
            eprintln!("{NAME}: {error}");
            std::process::exit(1);
        }
    }
}

fn octets_each() -> io::Result<Option<f64>> {
    let server = Server::start(&[])?;
    // The first brings what all of them share.
    Client::open(&server.address)?.close()?;
    let before = server.memory("VmRSS");
    let clients: io::Result<Vec<Client>> = (0..CONNECTIONS)
        .map(|_| Client::open(&server.address))
        .collect();
    let clients = clients?;
    let after = server.memory("VmRSS");
    drop(clients);
    let each =
        |(before, after): (u64, u64)| after.saturating_sub(before) as f64 / CONNECTIONS as f64;
    Ok(before.zip(after).map(each))
}
