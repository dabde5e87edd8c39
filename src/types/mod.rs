//! Words shared by all layers: ids, names, times, field tables, properties, messages, reply codes.
//!
//! Layer 0: data only, with parsing and formatting. Deliberately not here: any behaviour of a broker,
//! a document or a run.

mod big;
mod deadlines;
mod digits;
mod exchange_type;
mod field;
mod id;
mod message;
mod name;
mod number;
mod pattern;
pub(crate) mod policy;
mod problem;
mod profile;
mod queue_type;
mod reply;
mod rising;
mod shared;
mod sorted;
mod time;

pub(crate) use deadlines::Deadlines;
pub use digits::{Shortest, fixed, scientific, shortest};
pub use exchange_type::ExchangeType;
pub use field::{Decimal, FieldTable, FieldValue};
pub use id::{
    BindingId, ChannelRef, ConnectionId, CopyId, DeliveryTag, EdgeId, ExchangeId, MessageId,
    NodeId, Outside, ProcessId, PublishSequence, QueueId, UserId, VhostId,
};
pub(crate) use message::Places;
pub use message::{Message, Properties};
pub use name::{
    BindingKey, ConsumerTag, ExchangeName, NameTooLong, QueueName, RoutingKey, ShortText, VhostName,
};
pub use number::{parse_number, power_of_ten};
pub use pattern::{Pattern, PatternError};
pub use policy::{ApplyTo, Policy, PolicyRefused};
pub use problem::{CaseWord, Phrase, ProblemCode, Severity};
pub use profile::Profile;
pub use queue_type::QueueType;
pub use reply::{AmqpError, MethodId, ReplyCode, Scope};
pub use rising::Rising;
pub use sorted::{NodeSet, SortedMap, ascending, order_by, order_of, set_of, sort_pairs};
pub use time::{ParseDurationError, SimDuration, SimTime};

#[cfg(test)]
mod tests;
