//! AMQP 0-9-1 on the wire, the server's side, without input and output.
//!
//! Octets and the time go in; octets, commands for the broker and the next deadline come out. Nothing
//! here knows a socket, a thread or a clock, so the same code serves a TCP port and a page.
//!
//! From the elementary to the whole: [`read`] and [`mod@write`] know the protocol's types, [`words`] texts,
//! [`table`] field tables, [`method`] every method, [`content`] properties, [`frame`] frames; [`state`]
//! says how connections and channels live; [`Server`] keeps all connections of a broker, and answers.
//! Deliberately not here: what commands do, which is the `broker`'s.

mod connection;
pub mod content;
mod dialogue;
mod erlang;
pub mod frame;
mod handshake;
pub mod method;
pub mod read;
mod request;
mod server;
mod settings;
pub mod state;
pub mod table;
pub mod words;
pub mod write;

pub use server::Server;
pub use settings::{Peer, Settings};

#[cfg(test)]
mod tests;
