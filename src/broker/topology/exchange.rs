//! One exchange: what it was declared as, its bindings, and how its type picks among them.
//!
//! Deliberately not here: the walk from exchange to exchange, and who may declare what.

use super::headers::Headers;
use super::members::{Exact, Members};
use super::ring::{Hashed, Ring};
use super::topic::{Topic, TopicScratch};
use super::walk::Sought;
use super::{Destination, Topology};
use crate::broker::command::ExchangeDeclare;
use crate::broker::names::scattered;
use crate::types::{
    BindingId, BindingKey, ExchangeId, ExchangeName, ExchangeType, FieldTable, FieldValue, Rising,
    VhostId,
};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHasher};
use serde::Serialize;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// The argument that names where messages go which match no binding.
pub(in crate::broker) const ALTERNATE_EXCHANGE: &str = "alternate-exchange";

/// The exchanges every vhost has from the start, in RabbitMQ's order.
pub(super) fn predeclared() -> impl Iterator<Item = ExchangeDeclare> {
    let exchanges = [
        ("", ExchangeType::Direct, false),
        ("amq.direct", ExchangeType::Direct, false),
        ("amq.topic", ExchangeType::Topic, false),
        ("amq.match", ExchangeType::Headers, false),
        ("amq.headers", ExchangeType::Headers, false),
        ("amq.fanout", ExchangeType::Fanout, false),
        ("amq.rabbitmq.trace", ExchangeType::Topic, true),
    ];
    exchanges
        .into_iter()
        .map(|(name, exchange_type, internal)| ExchangeDeclare {
            exchange: ExchangeName::truncated(name),
            exchange_type,
            durable: true,
            internal,
            ..ExchangeDeclare::default()
        })
}

/// How an exchange picks among its bindings.
#[derive(Debug, Clone)]
pub(super) enum Router {
    /// The default exchange: the routing key is a queue's name, and only for what was published
    /// to it; nothing comes to it by binding or as an alternate.
    Default,
    /// Equal keys.
    Direct(Exact),
    /// All.
    Fanout(Members),
    /// Words and wildcards.
    Topic(Topic),
    /// Arguments and headers.
    Headers(Headers),
    /// A hash, in shares.
    Ring(Ring),
    /// One, by chance.
    Random(Members),
}

impl Router {
    /// `None` for a type that has no rule here.
    fn new(declare: &ExchangeDeclare, rule: &ExchangeType) -> Option<Self> {
        let name = &declare.exchange;
        Some(match rule {
            ExchangeType::Direct if name.is_empty() => Self::Default,
            ExchangeType::Direct => Self::Direct(Exact::default()),
            ExchangeType::Fanout => Self::Fanout(Members::default()),
            ExchangeType::Topic => Self::Topic(Topic::default()),
            ExchangeType::Headers => Self::Headers(Headers::default()),
            ExchangeType::Other(plugin) => match plugin.as_str() {
                ExchangeType::CONSISTENT_HASH => {
                    Self::Ring(Ring::new(Hashed::read(&declare.arguments)))
                }
                ExchangeType::RANDOM | ExchangeType::LOCAL_RANDOM => {
                    Self::Random(Members::default())
                }
                _ => return None,
            },
        })
    }

    /// Calls `emit` for each matching binding, oldest first.
    pub(super) fn each_match(
        &self,
        key: &str,
        sought: &Sought<'_>,
        scratch: &mut TopicScratch,
        mut emit: impl FnMut(Destination),
    ) {
        match self {
            Self::Default => {}
            Self::Direct(exact) => {
                exact
                    .get(key)
                    .into_iter()
                    .flat_map(Members::iter)
                    .for_each(|(_, to)| emit(to));
            }
            Self::Fanout(members) => members.iter().for_each(|(_, to)| emit(to)),
            Self::Topic(topic) => topic.each_match(key, scratch, emit),
            Self::Headers(rules) => rules.each_match(sought.headers, emit),
            Self::Ring(ring) => ring.choose(sought).into_iter().for_each(emit),
            Self::Random(members) => by_chance(members, sought.number).into_iter().for_each(emit),
        }
    }

    /// Whether the routing key decides, so that CC and BCC keys are worth trying too.
    pub(super) fn reads_key(&self) -> bool {
        match self {
            Self::Default | Self::Direct(_) | Self::Topic(_) => true,
            Self::Fanout(_) | Self::Headers(_) | Self::Ring(_) | Self::Random(_) => false,
        }
    }

    /// Whether two messages with one key and without headers may go different ways.
    pub(super) fn is_fickle(&self) -> bool {
        match self {
            Self::Random(_) => true,
            Self::Ring(ring) => matches!(ring.hashed, Hashed::Property(_)),
            Self::Default
            | Self::Direct(_)
            | Self::Fanout(_)
            | Self::Topic(_)
            | Self::Headers(_) => false,
        }
    }
}

/// How an exchange picks one of several destinations where the message alone does not tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "lot", rename_all = "kebab-case")]
pub enum Lot {
    /// By chance, each binding as likely as another.
    Chance,
    /// By the hash of a property, which was not given.
    Property {
        /// Its name.
        name: String,
    },
}

/// Which of its bindings an exchange may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::broker) enum Choice {
    /// Every one that matches.
    Every,
    /// Those to this destination.
    One(Option<Destination>),
    /// One of so many.
    Lot {
        /// How many.
        one_of: usize,
        /// By what.
        by: Lot,
    },
}

/// An exchange.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    pub(super) vhost: VhostId,
    pub(super) name: ExchangeName,
    pub(super) exchange_type: ExchangeType,
    /// By whose rule it routes; its own type but for one that delays.
    pub(super) rule: ExchangeType,
    /// Whether messages may wait here.
    pub(super) delays: bool,
    pub(super) durable: bool,
    pub(super) auto_delete: bool,
    pub(super) internal: bool,
    pub(super) arguments: FieldTable,
    /// Named, not resolved: it may come to be later.
    pub(super) alternate: Option<ExchangeName>,
    pub(super) router: Router,
    /// Bindings of which it is the source.
    pub(super) outgoing: Rising<()>,
    /// Bindings of which it is the destination.
    pub(super) incoming: Rising<()>,
    /// By what makes a binding itself, hashed.
    identities: IndexMap<u64, Vec<BindingId>, FxBuildHasher>,
}

impl Exchange {
    /// Bindings to `to` with this key and these arguments, and, by an unlikely collision, others.
    pub(super) fn candidates(
        &self,
        to: Destination,
        key: &BindingKey,
        arguments: &FieldTable,
    ) -> &[BindingId] {
        self.identities
            .get(&identity(to, key, arguments))
            .map_or(&[], Vec::as_slice)
    }

    /// Adds a binding of which this is the source.
    pub(super) fn wire(
        &mut self,
        binding: BindingId,
        to: Destination,
        key: &BindingKey,
        arguments: &FieldTable,
    ) {
        match &mut self.router {
            Router::Default => {}
            Router::Direct(exact) => exact.insert(key, binding, to),
            Router::Fanout(members) => members.push(binding, to),
            Router::Topic(topic) => topic.insert(key, binding, to),
            Router::Headers(rules) => rules.insert(arguments, binding, to),
            Router::Ring(ring) => ring.insert(key, to),
            Router::Random(members) => members.push(binding, to),
        }
        self.outgoing.insert(binding.0.into(), ());
        let identity = identity(to, key, arguments);
        self.identities.entry(identity).or_default().push(binding);
    }

    /// Takes a binding out of which this is the source.
    pub(super) fn unwire(
        &mut self,
        binding: BindingId,
        to: Destination,
        key: &BindingKey,
        arguments: &FieldTable,
    ) {
        match &mut self.router {
            Router::Default => {}
            Router::Direct(exact) => exact.remove(key, binding),
            Router::Fanout(members) => members.remove(binding),
            Router::Topic(topic) => topic.remove(key, binding),
            Router::Headers(rules) => rules.remove(binding),
            Router::Ring(ring) => ring.remove(to),
            Router::Random(members) => members.remove(binding),
        }
        self.outgoing.remove(binding.0.into());
        let identity = identity(to, key, arguments);
        let Some(same) = self.identities.get_mut(&identity) else {
            return;
        };
        same.retain(|other| *other != binding);
        if same.is_empty() {
            self.identities.swap_remove(&identity);
        }
    }

    /// Whether no trace of a binding from here is left.
    #[cfg(test)]
    pub(super) fn is_unwired(&self) -> bool {
        self.outgoing.is_empty()
            && self.identities.is_empty()
            && match &self.router {
                Router::Default => true,
                Router::Direct(exact) => exact.is_empty(),
                Router::Fanout(members) => members.is_empty(),
                Router::Topic(topic) => topic.is_empty(),
                Router::Headers(rules) => rules.is_empty(),
                Router::Ring(ring) => ring.is_empty(),
                Router::Random(members) => members.is_empty(),
            }
    }
}

impl Topology {
    /// Which of its bindings an exchange may choose for a message.
    pub(in crate::broker) fn choice(&self, exchange: ExchangeId, sought: &Sought<'_>) -> Choice {
        let Some(exchange) = self.exchange(exchange) else {
            return Choice::Every;
        };
        match &exchange.router {
            Router::Random(members) => Choice::Lot {
                one_of: members.iter().count(),
                by: Lot::Chance,
            },
            Router::Ring(ring) => match &ring.hashed {
                Hashed::Property(name) => Choice::Lot {
                    one_of: ring.len(),
                    by: Lot::Property { name: name.clone() },
                },
                Hashed::Key | Hashed::Header(_) => Choice::One(ring.choose(sought)),
            },
            Router::Default
            | Router::Direct(_)
            | Router::Fanout(_)
            | Router::Topic(_)
            | Router::Headers(_) => Choice::Every,
        }
    }

    /// Makes an exchange. `None` when the type has no rule here; nothing has happened then.
    pub(super) fn add_exchange(
        &mut self,
        vhost: VhostId,
        declare: &ExchangeDeclare,
    ) -> Option<ExchangeId> {
        let name = declare.exchange.clone();
        let rule = declare.exchange_type.rule(&declare.arguments)?;
        let router = Router::new(declare, &rule)?;
        let exchange = ExchangeId(self.exchanges.len() as u32);
        self.vhost_mut(vhost)?
            .exchanges
            .insert((&name).into(), exchange);
        let alternate = declare
            .arguments
            .get(ALTERNATE_EXCHANGE)
            .and_then(FieldValue::as_text);
        self.exchanges.push(Some(Rc::new(Exchange {
            vhost,
            name,
            delays: declare.exchange_type.name() == ExchangeType::DELAYED,
            exchange_type: declare.exchange_type.clone(),
            rule,
            durable: declare.durable,
            auto_delete: declare.auto_delete,
            internal: declare.internal,
            alternate: alternate.map(ExchangeName::truncated),
            arguments: declare.arguments.clone(),
            router,
            outgoing: Rising::default(),
            incoming: Rising::default(),
            identities: IndexMap::default(),
        })));
        Some(exchange)
    }

    /// Says where messages go that match no binding of an exchange.
    pub(crate) fn set_alternate(&mut self, exchange: ExchangeId, to: Option<ExchangeName>) {
        // Looking is free; a change makes every channel look for its way anew.
        if self.exchange(exchange).is_some_and(|it| it.alternate != to)
            && let Some(exchange) = self.exchange_mut(exchange)
        {
            exchange.alternate = to;
        }
    }
}

/// One of the destinations, each as likely as another. The lot is the message's number, scattered, so
/// that the same run draws the same lots.
fn by_chance(members: &Members, number: u64) -> Option<Destination> {
    let count = members.iter().count() as u64;
    let lot = scattered(number).checked_rem(count)?;
    let mut members = members.iter().map(|(_, to)| to);
    members.nth(usize::try_from(lot).unwrap_or(0))
}

/// What makes a binding of an exchange itself, hashed.
fn identity(to: Destination, key: &BindingKey, arguments: &FieldTable) -> u64 {
    let mut hasher = FxHasher::default();
    to.hash(&mut hasher);
    key.as_str().hash(&mut hasher);
    hash_table(arguments, &mut hasher);
    hasher.finish()
}

fn hash_table(table: &FieldTable, hasher: &mut FxHasher) {
    for (key, value) in table.iter() {
        key.as_str().hash(hasher);
        hash_value(value, hasher);
    }
}

/// Equal values give equal hashes; the type on the wire is left out, which only costs a comparison.
fn hash_value(value: &FieldValue, hasher: &mut FxHasher) {
    match value {
        FieldValue::Bool(value) => value.hash(hasher),
        FieldValue::F32(value) => value.to_bits().hash(hasher),
        FieldValue::F64(value) => value.to_bits().hash(hasher),
        FieldValue::Decimal(decimal) => (decimal.scale, decimal.value).hash(hasher),
        FieldValue::LongStr(octets) | FieldValue::Bytes(octets) => octets.hash(hasher),
        FieldValue::Array(values) => {
            for value in values {
                hash_value(value, hasher);
            }
        }
        FieldValue::Timestamp(value) => value.hash(hasher),
        FieldValue::Table(table) => hash_table(table, hasher),
        FieldValue::Void => 0u8.hash(hasher),
        FieldValue::I8(_)
        | FieldValue::U8(_)
        | FieldValue::I16(_)
        | FieldValue::U16(_)
        | FieldValue::I32(_)
        | FieldValue::U32(_)
        | FieldValue::I64(_) => value.as_integer().hash(hasher),
    }
}
