//! What a server offers and allows, and who is at the other end.
//!
//! Deliberately not here: users and permissions, which the broker knows.

use crate::types::SimDuration;

/// What a server offers and allows. The defaults are RabbitMQ's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Most channels of a connection.
    pub channel_max: u16,
    /// Largest frame in octets, with the eight around its payload.
    pub frame_max: u32,
    /// Seconds between signs of life; 0 for none.
    pub heartbeat: u16,
    /// A connection must be open after so long; `None` where time passes otherwise than for clients.
    pub handshake: Option<SimDuration>,
    /// So much of a message is kept while it comes; what is announced larger is refused when it is
    /// complete, without having been kept.
    pub message_octets_max: u64,
    /// When so much besides deliveries waits to be written, nothing more is read.
    pub output_octets_max: usize,
    /// Deliveries to a channel that may wait to be written before its consumers count as busy.
    pub unwritten_max: u32,
    /// Users who may only come from the machine itself.
    pub loopback_users: Vec<String>,
    /// Whether effects are left for somebody who watches; else they are dropped when carried.
    pub watched: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            channel_max: 2047,
            frame_max: 131_072,
            heartbeat: 60,
            handshake: Some(SimDuration::from_secs(10)),
            message_octets_max: 134_217_728,
            output_octets_max: 4 << 20,
            unwritten_max: 200,
            loopback_users: vec!["guest".to_owned()],
            watched: true,
        }
    }
}

/// Who is at the other end of a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Whether it is on the same machine.
    pub loopback: bool,
}
