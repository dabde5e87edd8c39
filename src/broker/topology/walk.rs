//! The walk of a message: from exchange to exchange to queues.
//!
//! RabbitMQ defines no order among the queues of one message. Ours is this: exchanges breadth
//! first; at each, the message's key, then its CC keys, then its BCC keys; for each key, matching
//! bindings from the oldest. Each exchange and each queue is taken when it is first reached, so cycles
//! and diamonds end and a queue gets one copy. Deliberately not here: what happens to the copies.

use super::exchange::{Exchange, Router};
use super::marks::Marks;
use super::topic::TopicScratch;
use super::{Destination, Topology};
use crate::broker::delay::delay;
use crate::types::{
    ExchangeId, ExchangeName, FieldTable, Message, Properties, QueueId, RoutingKey,
};

/// Where a message goes. Made once and used again for every publish, so that routing allocates
/// nothing.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    /// The queues, and for each the last exchange on the way.
    pub queues: Vec<(QueueId, ExchangeId)>,
    /// From which exchange to which it passed, and whether `to` was the alternate exchange. A way
    /// to an exchange reached before is not walked again and does not stand here.
    pub forwarded: Vec<(ExchangeId, ExchangeId, bool)>,
    /// Exchanges on the way that hold it back for a while.
    pub(in crate::broker) delayed: Vec<ExchangeId>,
    /// Whether the next message with the same key may go another way.
    fickle: bool,
    seen: Seen,
    topic: TopicScratch,
}

#[derive(Debug, Clone, Default)]
struct Seen {
    queues: Marks,
    exchanges: Marks,
    /// Exchanges reached, in the order in which they are tried.
    pending: Vec<ExchangeId>,
}

/// What routing looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sought<'a> {
    pub(crate) key: &'a RoutingKey,
    pub(crate) headers: Option<&'a FieldTable>,
    /// What exchanges that hash may look at besides.
    pub(crate) properties: Option<&'a Properties>,
    /// The message's number, of which lots are drawn.
    pub(crate) number: u64,
}

impl<'a> Sought<'a> {
    /// Of a message.
    pub(crate) fn by(message: &'a Message) -> Self {
        Self {
            key: message.routing_key(),
            headers: message.headers(),
            properties: message.properties().map(|shared| &**shared),
            number: message.id().0,
        }
    }

    /// Of a message that is only thought of.
    pub(crate) const fn plain(key: &'a RoutingKey, headers: Option<&'a FieldTable>) -> Self {
        Self {
            key,
            headers,
            properties: None,
            number: 0,
        }
    }
}

/// A way that was walked, kept so that the next message that takes it need not be routed. Without
/// headers on the message, where it goes depends on exchange and routing key alone.
#[derive(Debug, Clone, Default)]
pub(in crate::broker) struct Way {
    /// Of the topology when it was walked; no topology is in epoch 0, where a way that was never walked
    /// stands.
    epoch: u64,
    name: ExchangeName,
    key: RoutingKey,
    exchange: ExchangeId,
    queues: Vec<(QueueId, ExchangeId)>,
    forwarded: Vec<(ExchangeId, ExchangeId, bool)>,
}

impl Way {
    /// The exchange called `name`, when this is still the way from it under `key`.
    #[inline]
    pub(in crate::broker) fn leads_from(
        &self,
        epoch: u64,
        name: &ExchangeName,
        key: &RoutingKey,
    ) -> Option<ExchangeId> {
        let same = self.epoch == epoch && self.name == *name && self.key == *key;
        same.then_some(self.exchange)
    }

    /// The one queue it leads to and the last exchange before it, when it leads to no other and
    /// through no other exchange.
    #[inline]
    pub(in crate::broker) fn straight(&self) -> Option<(QueueId, ExchangeId)> {
        match (self.queues.as_slice(), self.forwarded.is_empty()) {
            ([only], true) => Some(*only),
            _ => None,
        }
    }

    /// Keeps the way that `routes` just found from `exchange` for `message`.
    pub(in crate::broker) fn keep(
        &mut self,
        epoch: u64,
        exchange: ExchangeId,
        message: &Message,
        routes: &Routes,
    ) {
        // No topology is in epoch 0.
        self.epoch = if routes.fickle { 0 } else { epoch };
        self.name.clone_from(message.exchange());
        self.key.clone_from(message.routing_key());
        self.exchange = exchange;
        self.queues.clone_from(&routes.queues);
        self.forwarded.clone_from(&routes.forwarded);
    }
}

impl Routes {
    /// Goes a way again that was kept.
    #[inline]
    pub(in crate::broker) fn repeat(&mut self, way: &Way) {
        self.queues.clone_from(&way.queues);
        self.forwarded.clone_from(&way.forwarded);
        // Without headers nothing waits.
        self.delayed.clear();
    }

    fn begin(&mut self, start: ExchangeId) {
        self.queues.clear();
        self.forwarded.clear();
        self.delayed.clear();
        self.fickle = false;
        self.seen.queues.begin();
        self.seen.exchanges.begin();
        self.seen.exchanges.mark(start.index());
        self.seen.pending.clear();
        self.seen.pending.push(start);
    }
}

impl Topology {
    /// Fills `out` with where a message published to `exchange` goes. `extra_keys` are its CC and
    /// BCC keys.
    pub(crate) fn route(
        &self,
        exchange: ExchangeId,
        sought: &Sought<'_>,
        extra_keys: &[RoutingKey],
        out: &mut Routes,
    ) {
        let key = sought.key;
        out.begin(exchange);
        let Some(start) = self.exchange(exchange) else {
            return;
        };
        if let Router::Default = start.router {
            self.route_by_name(exchange, start, key, extra_keys, out);
            return;
        }
        let mut tried = 0;
        while let Some(&at) = out.seen.pending.get(tried) {
            tried += 1;
            if let Some(here) = self.exchange(at) {
                self.hop(at, here, sought, extra_keys, out);
            }
        }
    }

    fn route_by_name(
        &self,
        exchange: ExchangeId,
        start: &Exchange,
        key: &RoutingKey,
        extra_keys: &[RoutingKey],
        out: &mut Routes,
    ) {
        let Some(vhost) = self.vhosts.get(start.vhost.index()) else {
            return;
        };
        for key in std::iter::once(key).chain(extra_keys) {
            if let Some(&queue) = vhost.queues.get(key.as_str())
                && out.seen.queues.mark(queue.index())
            {
                out.queues.push((queue, exchange));
            }
        }
    }

    fn hop(
        &self,
        at: ExchangeId,
        here: &Exchange,
        sought: &Sought<'_>,
        extra_keys: &[RoutingKey],
        out: &mut Routes,
    ) {
        let Routes {
            queues,
            forwarded,
            delayed,
            fickle,
            seen,
            topic,
        } = out;
        *fickle |= here.router.is_fickle();
        let waits = here.delays && delay(sought.headers).is_some();
        let mut matched = false;
        let mut take = |to| {
            matched = true;
            match to {
                Destination::Queue(queue) => {
                    if seen.queues.mark(queue.index()) {
                        queues.push((queue, at));
                    }
                }
                Destination::Exchange(next) => {
                    if seen.exchanges.mark(next.index()) {
                        seen.pending.push(next);
                        forwarded.push((at, next, false));
                    }
                }
            }
        };
        if waits {
            delayed.push(at);
        } else {
            here.router
                .each_match(sought.key.as_str(), sought, topic, &mut take);
        }
        if here.router.reads_key() && !waits {
            for key in extra_keys {
                here.router
                    .each_match(key.as_str(), sought, topic, &mut take);
            }
        }
        if matched {
            return;
        }
        if let Some(next) = self.alternate(here)
            && seen.exchanges.mark(next.index())
        {
            seen.pending.push(next);
            forwarded.push((at, next, true));
        }
    }

    /// The alternate exchange, when it is there.
    pub(super) fn alternate(&self, of: &Exchange) -> Option<ExchangeId> {
        self.exchange_id(of.vhost, of.alternate.as_ref()?.as_str())
    }
}
