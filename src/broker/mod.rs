//! The broker engine: a pure state machine.
//!
//! One door, [`Broker::apply`]: a command and the time go in; a reply comes back and effects are
//! appended. What must happen later is asked for with [`Broker::next_deadline`] and done by
//! [`Broker::expire`]. Everything else only reads.
//!
//! Deliberately not here: clocks, random numbers, sockets, bytes on a wire, documents, pictures.

pub mod command;
pub mod effect;
#[allow(dead_code, unused_imports, reason = "until the queues are wired to it")]
mod equivalence;
pub mod explain;
#[allow(dead_code, unused_imports, reason = "until the queues are wired to it")]
mod topology;

pub use command::{
    Acknowledgement, Body, Command, Consume, ExchangeDeclare, Publish, QueueDeclare, Reply,
};
pub use effect::{Delivery, DropReason, Effect, Effects, UnroutableFate};
pub use topology::{BindingView, Destination, ExchangeView, Routes};

use crate::types::{AmqpError, ChannelRef, MethodId, Profile, ReplyCode, SimTime};

/// How a broker is set up.
#[derive(Debug, Clone, Default)]
pub struct BrokerOptions {
    /// Which RabbitMQ is imitated where versions differ.
    pub profile: Profile,
}

/// A whole broker: vhosts, exchanges, queues, bindings, connections, channels. Cloning it is cheap
/// (messages are shared) and gives an independent broker in the same state.
#[derive(Debug, Clone)]
pub struct Broker {
    options: BrokerOptions,
    topology: topology::Topology,
}

impl Broker {
    /// A fresh broker with the vhost `/` and its predeclared exchanges.
    #[must_use]
    pub fn new(options: BrokerOptions) -> Self {
        let topology = topology::Topology::new(options.profile);
        Self { options, topology }
    }

    /// Carries out `command`, said on `channel` at `now`, and appends what came of it to `effects`.
    ///
    /// Time never runs backwards: `now` must not be earlier than in any call before.
    ///
    /// # Errors
    /// What RabbitMQ would close the channel or connection with. The closing has then happened: its
    /// consumers are gone, its unacked messages are back in their queues, and a
    /// [`Effect::ChannelClosed`] or [`Effect::ConnectionClosed`] stands among the effects.
    pub fn apply(
        &mut self,
        _now: SimTime,
        _channel: ChannelRef,
        command: Command,
        _effects: &mut Effects,
    ) -> Result<Reply, AmqpError> {
        Err(refuse(&self.options, &command))
    }

    /// The next instant at which something happens by itself (a message or queue expires).
    #[must_use]
    pub fn next_deadline(&self) -> Option<SimTime> {
        None
    }

    /// Does what is due at `now`.
    pub fn expire(&mut self, _now: SimTime, _effects: &mut Effects) {}
}

fn refuse(_options: &BrokerOptions, command: &Command) -> AmqpError {
    let method: MethodId = command.method_id();
    AmqpError::new(ReplyCode::NotImplemented, "not built yet", method)
}
