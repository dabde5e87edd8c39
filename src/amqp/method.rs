//! The methods of the protocol: one table of numbers, names and fields that drives reading, writing
//! and naming them.
//!
//! Source: AMQP 0-9-1, the generated list of methods, with RabbitMQ's extensions. A crate made from the
//! protocol's description was weighed (`amq-protocol`, on nom): its field tables are sorted maps, so
//! order and repeated keys would be lost on the way through; a type, a reader and a writer for each of
//! 65 methods are more code than a page should download; and it takes texts to be UTF-8. It is what the
//! tests hold this table against. Deliberately not here: what methods do, and when they are in place.

use super::frame;
use super::read::{Malformed, Reader};
use super::write;
use crate::types::MethodId;

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One bit; those that follow each other share octets.
    Bit,
    /// One octet.
    Octet,
    /// Two octets.
    Short,
    /// Four octets.
    Long,
    /// Eight octets.
    LongLong,
    /// At most 255 octets, most often text.
    ShortString,
    /// Octets, most often text.
    LongString,
    /// A field table.
    Table,
}

/// Who says a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// Clients only.
    Client,
    /// The server only.
    Server,
    /// Either.
    Both,
}

/// A method's row in the table.
#[derive(Debug, Clone, Copy)]
pub struct Method {
    /// Class and method number.
    pub id: MethodId,
    /// Who says it.
    pub sender: Sender,
    /// The types of its fields.
    pub kinds: &'static [Kind],
}

/// What a method is called, and its fields.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    /// As in the specification: `queue.declare`.
    pub method: &'static str,
    /// Its fields in order.
    pub fields: &'static [&'static str],
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

impl Names {
    /// Where the field `name` stands. Asked while the package is built, so a wrong name stops that.
    ///
    /// # Panics
    /// When the method has no such field.
    #[must_use]
    pub const fn place(&self, name: &str) -> usize {
        let mut at = 0;
        while at < self.fields.len() {
            if same(self.fields[at], name) {
                return at;
            }
            at += 1;
        }
        // Only ever asked in constants, where it is an error of compilation.
        panic!("the method has no field of this name")
    }
}

/// A field's value; strings and tables are still in the octets they came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// A bit.
    Bit(bool),
    /// An octet.
    Octet(u8),
    /// A short.
    Short(u16),
    /// A long.
    Long(u32),
    /// A long-long.
    LongLong(u64),
    /// A short string.
    ShortString(&'a [u8]),
    /// A long string.
    LongString(&'a [u8]),
    /// A field table, without its length.
    Table(&'a [u8]),
}

/// The most fields that a method has.
const FIELDS_MAX: usize = 9;

/// The fields of a method that came, in order.
#[derive(Debug, Clone, Copy)]
pub struct Arguments<'a> {
    values: [Value<'a>; FIELDS_MAX],
    count: usize,
}

impl<'a> Arguments<'a> {
    /// All of them.
    #[must_use]
    pub fn values(&self) -> &[Value<'a>] {
        &self.values[..self.count]
    }

    /// The bit at `place`.
    #[must_use]
    pub const fn bit(&self, place: usize) -> bool {
        matches!(self.values[place], Value::Bit(true))
    }

    /// The number at `place`, of whatever width.
    #[must_use]
    pub const fn number(&self, place: usize) -> u64 {
        match self.values[place] {
            Value::Octet(value) => value as u64,
            Value::Short(value) => value as u64,
            Value::Long(value) => value as u64,
            Value::LongLong(value) => value,
            Value::Bit(_) | Value::ShortString(_) | Value::LongString(_) | Value::Table(_) => 0,
        }
    }

    /// The short at `place`.
    #[must_use]
    pub const fn short(&self, place: usize) -> u16 {
        self.number(place) as u16
    }

    /// The long at `place`.
    #[must_use]
    pub const fn long(&self, place: usize) -> u32 {
        self.number(place) as u32
    }

    /// The octets of the string or table at `place`.
    #[must_use]
    pub const fn octets(&self, place: usize) -> &'a [u8] {
        match self.values[place] {
            Value::ShortString(octets) | Value::LongString(octets) | Value::Table(octets) => octets,
            Value::Bit(_)
            | Value::Octet(_)
            | Value::Short(_)
            | Value::Long(_)
            | Value::LongLong(_) => &[],
        }
    }
}

impl Method {
    /// Reads the fields of the method.
    ///
    /// # Errors
    /// When they are cut short or go on behind the last.
    pub fn read<'a>(&self, octets: &'a [u8]) -> Result<Arguments<'a>, Malformed> {
        let mut reader = Reader::new(octets);
        let mut values = [Value::Bit(false); FIELDS_MAX];
        let (mut bits, mut bits_left) = (0, 0);
        for (kind, place) in self.kinds.iter().zip(&mut values) {
            if *kind != Kind::Bit {
                bits_left = 0;
            }
            *place = match kind {
                Kind::Bit => {
                    if bits_left == 0 {
                        (bits, bits_left) = (reader.octet()?, 8);
                    }
                    let bit = bits & 1 != 0;
                    bits >>= 1;
                    bits_left -= 1;
                    Value::Bit(bit)
                }
                Kind::Octet => Value::Octet(reader.octet()?),
                Kind::Short => Value::Short(reader.short()?),
                Kind::Long => Value::Long(reader.long()?),
                Kind::LongLong => Value::LongLong(reader.long_long()?),
                Kind::ShortString => Value::ShortString(reader.short_string()?),
                Kind::LongString => Value::LongString(reader.long_string()?),
                Kind::Table => Value::Table(reader.long_string()?),
            };
        }
        reader.end()?;
        Ok(Arguments {
            values,
            count: self.kinds.len(),
        })
    }

    /// Writes a frame with this method. `values` are its fields in order, each of its type; what is
    /// missing is left out.
    pub fn write(&self, out: &mut Vec<u8>, channel: u16, values: &[Value<'_>]) {
        debug_assert_eq!(values.len(), self.kinds.len());
        let at = frame::begin(out, frame::METHOD, channel);
        out.extend_from_slice(&self.id.class.to_be_bytes());
        out.extend_from_slice(&self.id.method.to_be_bytes());
        let mut bits = 8;
        for value in values {
            if !matches!(value, Value::Bit(_)) {
                bits = 8;
            }
            match *value {
                Value::Bit(bit) => {
                    if bits == 8 {
                        out.push(0);
                        bits = 0;
                    }
                    if let Some(last) = out.last_mut() {
                        *last |= u8::from(bit) << bits;
                    }
                    bits += 1;
                }
                Value::Octet(value) => out.push(value),
                Value::Short(value) => out.extend_from_slice(&value.to_be_bytes()),
                Value::Long(value) => out.extend_from_slice(&value.to_be_bytes()),
                Value::LongLong(value) => out.extend_from_slice(&value.to_be_bytes()),
                Value::ShortString(octets) => write::short_string(out, octets),
                Value::LongString(octets) | Value::Table(octets) => {
                    write::long_string(out, octets);
                }
            }
        }
        frame::end(out, at);
    }
}

macro_rules! methods {
    ($($(#[$doc:meta])* $row:ident = $class:literal, $method:literal, $name:literal, $sender:ident,
        [$($field:literal: $kind:ident),*];)*) => {
        $(
            $(#[$doc])*
            pub const $row: Method = Method {
                id: MethodId::new($class, $method),
                sender: Sender::$sender,
                kinds: &[$(Kind::$kind),*],
            };
        )*

        /// Every method, ascending by class and number.
        pub static METHODS: &[Method] = &[$($row),*];

        /// The names of all methods, in the order of [`METHODS`]; a page never needs them.
        static NAMES: &[Names] = &[$(names::$row),*];

        /// The names of each method and its fields.
        pub mod names {
            use super::Names;
            $(
                $(#[$doc])*
                pub const $row: Names = Names { method: $name, fields: &[$($field),*] };
            )*
        }
    };
}

methods! {
    /// The server introduces itself.
    CONNECTION_START = 10, 10, "connection.start", Server,
        ["version-major": Octet, "version-minor": Octet, "server-properties": Table,
         "mechanisms": LongString, "locales": LongString];
    /// The client says who it is.
    CONNECTION_START_OK = 10, 11, "connection.start-ok", Client,
        ["client-properties": Table, "mechanism": ShortString, "response": LongString,
         "locale": ShortString];
    /// The server asks for more proof.
    CONNECTION_SECURE = 10, 20, "connection.secure", Server, ["challenge": LongString];
    /// The client proves more.
    CONNECTION_SECURE_OK = 10, 21, "connection.secure-ok", Client, ["response": LongString];
    /// The server offers limits.
    CONNECTION_TUNE = 10, 30, "connection.tune", Server,
        ["channel-max": Short, "frame-max": Long, "heartbeat": Short];
    /// The client chooses limits.
    CONNECTION_TUNE_OK = 10, 31, "connection.tune-ok", Client,
        ["channel-max": Short, "frame-max": Long, "heartbeat": Short];
    /// The client chooses a vhost.
    CONNECTION_OPEN = 10, 40, "connection.open", Client,
        ["virtual-host": ShortString, "reserved-1": ShortString, "reserved-2": Bit];
    /// The connection is open.
    CONNECTION_OPEN_OK = 10, 41, "connection.open-ok", Server, ["reserved-1": ShortString];
    /// One side ends the connection.
    CONNECTION_CLOSE = 10, 50, "connection.close", Both,
        ["reply-code": Short, "reply-text": ShortString, "class-id": Short, "method-id": Short];
    /// The other side agrees.
    CONNECTION_CLOSE_OK = 10, 51, "connection.close-ok", Both, [];
    /// The server reads no more for now.
    CONNECTION_BLOCKED = 10, 60, "connection.blocked", Server, ["reason": ShortString];
    /// The server reads again.
    CONNECTION_UNBLOCKED = 10, 61, "connection.unblocked", Server, [];
    /// The client renews its credentials.
    CONNECTION_UPDATE_SECRET = 10, 70, "connection.update-secret", Client,
        ["new-secret": LongString, "reason": ShortString];
    /// They are taken.
    CONNECTION_UPDATE_SECRET_OK = 10, 71, "connection.update-secret-ok", Server, [];

    /// Opens a channel.
    CHANNEL_OPEN = 20, 10, "channel.open", Client, ["reserved-1": ShortString];
    /// It is open.
    CHANNEL_OPEN_OK = 20, 11, "channel.open-ok", Server, ["reserved-1": LongString];
    /// Asks for deliveries to pause or go on.
    CHANNEL_FLOW = 20, 20, "channel.flow", Both, ["active": Bit];
    /// They do.
    CHANNEL_FLOW_OK = 20, 21, "channel.flow-ok", Both, ["active": Bit];
    /// One side ends the channel.
    CHANNEL_CLOSE = 20, 40, "channel.close", Both,
        ["reply-code": Short, "reply-text": ShortString, "class-id": Short, "method-id": Short];
    /// The other side agrees.
    CHANNEL_CLOSE_OK = 20, 41, "channel.close-ok", Both, [];

    /// Asks for an access ticket, which no server gives any meaning.
    ACCESS_REQUEST = 30, 10, "access.request", Client,
        ["realm": ShortString, "exclusive": Bit, "passive": Bit, "active": Bit, "write": Bit,
         "read": Bit];
    /// Gives one.
    ACCESS_REQUEST_OK = 30, 11, "access.request-ok", Server, ["ticket": Short];

    /// Declares an exchange.
    EXCHANGE_DECLARE = 40, 10, "exchange.declare", Client,
        ["ticket": Short, "exchange": ShortString, "type": ShortString, "passive": Bit,
         "durable": Bit, "auto-delete": Bit, "internal": Bit, "no-wait": Bit, "arguments": Table];
    /// It is there.
    EXCHANGE_DECLARE_OK = 40, 11, "exchange.declare-ok", Server, [];
    /// Deletes an exchange.
    EXCHANGE_DELETE = 40, 20, "exchange.delete", Client,
        ["ticket": Short, "exchange": ShortString, "if-unused": Bit, "no-wait": Bit];
    /// It is gone.
    EXCHANGE_DELETE_OK = 40, 21, "exchange.delete-ok", Server, [];
    /// Binds an exchange to an exchange.
    EXCHANGE_BIND = 40, 30, "exchange.bind", Client,
        ["ticket": Short, "destination": ShortString, "source": ShortString,
         "routing-key": ShortString, "no-wait": Bit, "arguments": Table];
    /// It is bound.
    EXCHANGE_BIND_OK = 40, 31, "exchange.bind-ok", Server, [];
    /// Unbinds an exchange from an exchange.
    EXCHANGE_UNBIND = 40, 40, "exchange.unbind", Client,
        ["ticket": Short, "destination": ShortString, "source": ShortString,
         "routing-key": ShortString, "no-wait": Bit, "arguments": Table];
    /// It is unbound.
    EXCHANGE_UNBIND_OK = 40, 51, "exchange.unbind-ok", Server, [];

    /// Declares a queue.
    QUEUE_DECLARE = 50, 10, "queue.declare", Client,
        ["ticket": Short, "queue": ShortString, "passive": Bit, "durable": Bit, "exclusive": Bit,
         "auto-delete": Bit, "no-wait": Bit, "arguments": Table];
    /// It is there.
    QUEUE_DECLARE_OK = 50, 11, "queue.declare-ok", Server,
        ["queue": ShortString, "message-count": Long, "consumer-count": Long];
    /// Binds a queue to an exchange.
    QUEUE_BIND = 50, 20, "queue.bind", Client,
        ["ticket": Short, "queue": ShortString, "exchange": ShortString,
         "routing-key": ShortString, "no-wait": Bit, "arguments": Table];
    /// It is bound.
    QUEUE_BIND_OK = 50, 21, "queue.bind-ok", Server, [];
    /// Removes a queue's ready messages.
    QUEUE_PURGE = 50, 30, "queue.purge", Client,
        ["ticket": Short, "queue": ShortString, "no-wait": Bit];
    /// They are gone.
    QUEUE_PURGE_OK = 50, 31, "queue.purge-ok", Server, ["message-count": Long];
    /// Deletes a queue.
    QUEUE_DELETE = 50, 40, "queue.delete", Client,
        ["ticket": Short, "queue": ShortString, "if-unused": Bit, "if-empty": Bit, "no-wait": Bit];
    /// It is gone.
    QUEUE_DELETE_OK = 50, 41, "queue.delete-ok", Server, ["message-count": Long];
    /// Unbinds a queue from an exchange.
    QUEUE_UNBIND = 50, 50, "queue.unbind", Client,
        ["ticket": Short, "queue": ShortString, "exchange": ShortString,
         "routing-key": ShortString, "arguments": Table];
    /// It is unbound.
    QUEUE_UNBIND_OK = 50, 51, "queue.unbind-ok", Server, [];

    /// Limits what is delivered before it is settled.
    BASIC_QOS = 60, 10, "basic.qos", Client,
        ["prefetch-size": Long, "prefetch-count": Short, "global": Bit];
    /// The limits hold.
    BASIC_QOS_OK = 60, 11, "basic.qos-ok", Server, [];
    /// Starts a consumer.
    BASIC_CONSUME = 60, 20, "basic.consume", Client,
        ["ticket": Short, "queue": ShortString, "consumer-tag": ShortString, "no-local": Bit,
         "no-ack": Bit, "exclusive": Bit, "no-wait": Bit, "arguments": Table];
    /// It runs.
    BASIC_CONSUME_OK = 60, 21, "basic.consume-ok", Server, ["consumer-tag": ShortString];
    /// Ends a consumer; the server says so when its queue is gone.
    BASIC_CANCEL = 60, 30, "basic.cancel", Both, ["consumer-tag": ShortString, "no-wait": Bit];
    /// It has ended.
    BASIC_CANCEL_OK = 60, 31, "basic.cancel-ok", Both, ["consumer-tag": ShortString];
    /// Publishes a message, whose content follows.
    BASIC_PUBLISH = 60, 40, "basic.publish", Client,
        ["ticket": Short, "exchange": ShortString, "routing-key": ShortString, "mandatory": Bit,
         "immediate": Bit];
    /// Gives a message back, whose content follows.
    BASIC_RETURN = 60, 50, "basic.return", Server,
        ["reply-code": Short, "reply-text": ShortString, "exchange": ShortString,
         "routing-key": ShortString];
    /// Delivers a message, whose content follows.
    BASIC_DELIVER = 60, 60, "basic.deliver", Server,
        ["consumer-tag": ShortString, "delivery-tag": LongLong, "redelivered": Bit,
         "exchange": ShortString, "routing-key": ShortString];
    /// Asks for one message.
    BASIC_GET = 60, 70, "basic.get", Client,
        ["ticket": Short, "queue": ShortString, "no-ack": Bit];
    /// Here it is; its content follows.
    BASIC_GET_OK = 60, 71, "basic.get-ok", Server,
        ["delivery-tag": LongLong, "redelivered": Bit, "exchange": ShortString,
         "routing-key": ShortString, "message-count": Long];
    /// There is none.
    BASIC_GET_EMPTY = 60, 72, "basic.get-empty", Server, ["reserved-1": ShortString];
    /// Settles a delivery, or confirms a publish.
    BASIC_ACK = 60, 80, "basic.ack", Both, ["delivery-tag": LongLong, "multiple": Bit];
    /// Gives one delivery up.
    BASIC_REJECT = 60, 90, "basic.reject", Client, ["delivery-tag": LongLong, "requeue": Bit];
    /// Gives all deliveries back, without an answer.
    BASIC_RECOVER_ASYNC = 60, 100, "basic.recover-async", Client, ["requeue": Bit];
    /// Gives all deliveries back.
    BASIC_RECOVER = 60, 110, "basic.recover", Client, ["requeue": Bit];
    /// They are back.
    BASIC_RECOVER_OK = 60, 111, "basic.recover-ok", Server, [];
    /// Gives deliveries up, or refuses a publish.
    BASIC_NACK = 60, 120, "basic.nack", Both,
        ["delivery-tag": LongLong, "multiple": Bit, "requeue": Bit];

    /// Asks for publisher confirms.
    CONFIRM_SELECT = 85, 10, "confirm.select", Client, ["no-wait": Bit];
    /// They come from now on.
    CONFIRM_SELECT_OK = 85, 11, "confirm.select-ok", Server, [];

    /// Makes a channel transactional.
    TX_SELECT = 90, 10, "tx.select", Client, [];
    /// It is.
    TX_SELECT_OK = 90, 11, "tx.select-ok", Server, [];
    /// Carries out what was said since.
    TX_COMMIT = 90, 20, "tx.commit", Client, [];
    /// It is carried out.
    TX_COMMIT_OK = 90, 21, "tx.commit-ok", Server, [];
    /// Forgets what was said since.
    TX_ROLLBACK = 90, 30, "tx.rollback", Client, [];
    /// It is forgotten.
    TX_ROLLBACK_OK = 90, 31, "tx.rollback-ok", Server, [];
}

/// The row of a method; `None` for numbers that no method has.
#[must_use]
pub fn method(id: MethodId) -> Option<&'static Method> {
    let at = METHODS.binary_search_by(|row| row.id.cmp(&id)).ok()?;
    METHODS.get(at)
}

/// What a method is called and its fields, for people.
#[must_use]
pub fn names(id: MethodId) -> Option<&'static Names> {
    let at = METHODS.binary_search_by(|row| row.id.cmp(&id)).ok()?;
    NAMES.get(at)
}
