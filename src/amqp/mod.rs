//! AMQP 0-9-1 on the wire, the server's side, without input and output.
//!
//! Octets and the time go in; octets, commands for the broker and the next deadline come out. Nothing
//! here knows a socket, a thread or a clock, so the same code serves a TCP port and a page.
//!
//! From the elementary to the whole: [`read`] and [`write`] know the protocol's types, [`words`] texts,
//! [`table`] field tables, [`method`] every method, [`content`] properties, [`frame`] frames.
//! Deliberately not here: what commands do, which is the `broker`'s.

pub mod content;
pub mod frame;
pub mod method;
pub mod read;
pub mod table;
pub mod words;
pub mod write;

#[cfg(test)]
mod tests;
