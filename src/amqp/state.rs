//! The lives of connections and channels, as tables.
//!
//! Every change of state is a row here; the code asks [`ConnectionState::after`] and
//! [`ChannelState::after`], and the diagrams in the documentation are printed from the same rows.
//! Source: AMQP 0-9-1, 2.2.4 and 2.2.5, and what RabbitMQ does where they are silent. Deliberately not
//! here: what is said at each change.

use std::fmt::Write as _;

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Its name in texts and diagrams.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

named! {
    /// Where a connection stands.
    ConnectionState {
        /// Nothing has come but octets of the protocol header.
        Connected = "connected",
        /// `start` was said, `start-ok` is awaited.
        Starting = "starting",
        /// `tune` was said, `tune-ok` is awaited.
        Tuning = "tuning",
        /// `open` is awaited.
        Opening = "opening",
        /// Open.
        Running = "running",
        /// The server said `close` and awaits `close-ok`; all else that comes is thrown away.
        Closing = "closing",
        /// The client said `close` and was answered: the pipe is its to drop.
        Closed = "closed",
        /// The client is not trusted: nothing more is read or said until the pipe is dropped.
        Distrusted = "distrusted",
        /// The last word is said; the pipe may be closed when it is written.
        Over = "over",
    }
}

named! {
    /// What moves a connection on.
    ConnectionEvent {
        /// The protocol header came and is spoken here.
        Header = "protocol header",
        /// Another one came; it was answered with ours.
        OtherHeader = "another protocol header",
        /// `start-ok` with credentials that hold.
        StartOk = "start-ok",
        /// `tune-ok` with limits in bounds.
        TuneOk = "tune-ok",
        /// `open` of a vhost that may be entered.
        Open = "open",
        /// The client said `close`; it was answered.
        Close = "close",
        /// The client said `close-ok`.
        CloseOk = "close-ok",
        /// A connection exception: the server said `close`.
        Exception = "exception",
        /// Something wrong before the connection was open.
        Distrust = "handshake error",
        /// Nothing came in time, or the wait for the other side is over.
        Timeout = "timeout",
    }
}

/// Every change of a connection's state.
pub const CONNECTION: &[(ConnectionState, ConnectionEvent, ConnectionState)] = {
    use ConnectionEvent as On;
    use ConnectionState as Is;
    &[
        (Is::Connected, On::Header, Is::Starting),
        (Is::Connected, On::OtherHeader, Is::Over),
        (Is::Connected, On::Timeout, Is::Over),
        (Is::Starting, On::StartOk, Is::Tuning),
        (Is::Starting, On::Exception, Is::Closing),
        (Is::Starting, On::Distrust, Is::Distrusted),
        (Is::Starting, On::Timeout, Is::Over),
        (Is::Tuning, On::TuneOk, Is::Opening),
        (Is::Tuning, On::Distrust, Is::Distrusted),
        (Is::Tuning, On::Timeout, Is::Over),
        (Is::Opening, On::Open, Is::Running),
        (Is::Opening, On::Exception, Is::Closing),
        (Is::Opening, On::Timeout, Is::Over),
        (Is::Running, On::Close, Is::Closed),
        (Is::Running, On::Exception, Is::Closing),
        (Is::Running, On::Timeout, Is::Over),
        (Is::Closing, On::Close, Is::Closing),
        (Is::Closing, On::CloseOk, Is::Over),
        (Is::Closing, On::Exception, Is::Closing),
        (Is::Closing, On::Timeout, Is::Over),
        (Is::Closed, On::Timeout, Is::Over),
        (Is::Distrusted, On::Timeout, Is::Over),
    ]
};

named! {
    /// Where a channel stands.
    ChannelState {
        /// Named by a client; `open` is awaited.
        Fresh = "fresh",
        /// Open.
        Open = "open",
        /// The server said `close` and awaits `close-ok`; all else that comes is thrown away.
        Closing = "closing",
        /// The number is free.
        Closed = "closed",
    }
}

named! {
    /// What moves a channel on.
    ChannelEvent {
        /// The client said `open`; it was answered.
        Open = "open",
        /// The client said `close`; it was answered.
        Close = "close",
        /// The client said `close-ok`.
        CloseOk = "close-ok",
        /// A channel exception: the server said `close`.
        Exception = "exception",
    }
}

/// Every change of a channel's state.
pub const CHANNEL: &[(ChannelState, ChannelEvent, ChannelState)] = {
    use ChannelEvent as On;
    use ChannelState as Is;
    &[
        (Is::Fresh, On::Open, Is::Open),
        (Is::Open, On::Close, Is::Closed),
        (Is::Open, On::Exception, Is::Closing),
        (Is::Closing, On::Close, Is::Closing),
        (Is::Closing, On::CloseOk, Is::Closed),
    ]
};

impl ConnectionState {
    /// The state after `event`; the same when nothing is said of it.
    #[must_use]
    pub fn after(self, event: ConnectionEvent) -> Self {
        let row = CONNECTION
            .iter()
            .find(|row| row.0 == self && row.1 == event);
        row.map_or(self, |row| row.2)
    }
}

impl ChannelState {
    /// The state after `event`; the same when nothing is said of it.
    #[must_use]
    pub fn after(self, event: ChannelEvent) -> Self {
        let row = CHANNEL.iter().find(|row| row.0 == self && row.1 == event);
        row.map_or(self, |row| row.2)
    }
}

/// A connection's life as a Mermaid diagram.
#[must_use]
pub fn connection_diagram() -> String {
    let rows = CONNECTION.iter();
    diagram(rows.map(|(from, on, to)| (from.name(), on.name(), to.name())))
}

/// A channel's life as a Mermaid diagram.
#[must_use]
pub fn channel_diagram() -> String {
    let rows = CHANNEL.iter();
    diagram(rows.map(|(from, on, to)| (from.name(), on.name(), to.name())))
}

fn diagram<'a>(rows: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> String {
    let mut text = String::from("stateDiagram-v2\n");
    for (from, on, to) in rows {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "    {from} --> {to}: {on}");
    }
    text
}
