//! Exchanges that hold messages back (`x-delayed-message`).
//!
//! A message whose header `x-delay` asks for it waits at such an exchange, wherever on its way it comes
//! to one, for so many milliseconds. Then the header is negated, so that it waits nowhere else, and the
//! message is routed from there by the bindings of that moment, as the type in `x-delayed-type` does
//! it. Until then the exchange has matched nothing: an alternate exchange gets the message at once as
//! well, a mandatory message goes back although it will come, a confirm is sent at once, and a
//! transaction that is rolled back does not call it back. When its time comes and there is no queue, or
//! the exchange is gone, it is lost. Source: README and sources of `rabbitmq_delayed_message_exchange`,
//! which no release of RabbitMQ holds. Its one freedom is decided here: messages that are due at one
//! instant leave in the order in which they came. Deliberately not here: routing.

use super::publish::Wishes;
use super::topology::read_cc;
use super::{Broker, Effect, Effects, MESSAGE_OCTETS, UnroutableFate};
use crate::types::{
    Deadlines, ExchangeId, ExchangeName, FieldTable, FieldValue, Message, MethodId, Properties,
    Rising, SimDuration, SimTime, VhostId,
};
use std::rc::Rc;

/// The header that says how long.
const HEADER: &str = "x-delay";
/// The longest delay in milliseconds; who asks for more waits not at all.
const DELAY_MS_MAX: i64 = 4_294_967_295;

/// Milliseconds that headers ask for, be it to wait or not.
fn asked(headers: &FieldTable) -> Option<i64> {
    match headers.get(HEADER)? {
        FieldValue::LongStr(octets) => std::str::from_utf8(octets).ok()?.parse().ok(),
        FieldValue::F32(number) => Some(*number as i64),
        FieldValue::F64(number) => Some(*number as i64),
        value => value.as_integer(),
    }
}

/// How long a message with these headers waits, if it does.
pub(super) fn delay(headers: Option<&FieldTable>) -> Option<SimDuration> {
    let millis = asked(headers?).filter(|it| (1..=DELAY_MS_MAX).contains(it))?;
    Some(SimDuration::from_millis(millis.unsigned_abs()))
}

/// The message with its delay negated. It is a 32-bit integer then, whatever it was; of what does not fit
/// the plugin cuts bits off, and here it is the least that fits.
fn negated(message: &Message) -> Message {
    let mut properties = message.properties().map(|shared| Properties::clone(shared));
    if let Some(properties) = &mut properties
        && let Some(headers) = &mut properties.headers
        && let Some(millis) = asked(headers)
    {
        headers.set(
            HEADER,
            i32::try_from(millis.wrapping_neg()).unwrap_or(i32::MIN),
        );
        headers.sort_by_key();
    }
    let (exchange, key) = (message.exchange().clone(), message.routing_key().clone());
    message.republished(exchange, key, properties.map(Rc::new))
}

/// A message that waits.
#[derive(Debug, Clone)]
struct Waiting {
    vhost: VhostId,
    /// Looked up when the time comes: it may be gone by then, or another.
    name: ExchangeName,
    exchange: ExchangeId,
    message: Message,
    wishes: Wishes,
}

/// All messages that wait at exchanges.
#[derive(Debug, Clone, Default)]
pub(super) struct Delays {
    calendar: Deadlines,
    waiting: Rising<Rc<Waiting>>,
    /// How many wait at each exchange.
    counts: Rising<u32>,
    /// Octets of their bodies.
    octets: u64,
    last: u32,
}

impl Delays {
    /// When the next is due; [`SimTime::MAX`] when none waits.
    #[inline]
    pub(super) fn first(&self) -> SimTime {
        self.calendar.first().map_or(SimTime::MAX, |(due, _)| due)
    }

    /// Octets of memory that they take.
    pub(super) fn octets(&self) -> u64 {
        let heads = MESSAGE_OCTETS * self.waiting.len() as u64;
        self.octets.saturating_add(heads)
    }

    /// Whether what is counted is there.
    pub(super) fn is_in_order(&self) -> bool {
        let count: u64 = self.counts.iter().map(|(_, count)| u64::from(*count)).sum();
        count == self.waiting.len() as u64 && self.calendar.iter().count() == self.waiting.len()
    }

    fn count(&mut self, exchange: ExchangeId, change: i32) {
        let before = self.counts.get(exchange.0.into()).copied().unwrap_or(0);
        let after = before.saturating_add_signed(change);
        self.counts.insert(exchange.0.into(), after);
    }

    fn put(&mut self, due: SimTime, waiting: Waiting) {
        self.last = self.last.wrapping_add(1);
        self.count(waiting.exchange, 1);
        self.octets += waiting.message.body_octets();
        self.calendar.set(self.last, due);
        self.waiting.insert(self.last.into(), Rc::new(waiting));
    }

    fn take_first(&mut self) -> Option<Rc<Waiting>> {
        let (_, number) = self.calendar.first()?;
        self.calendar.set(number, SimTime::MAX);
        let waiting = self.waiting.remove(number.into())?;
        self.count(waiting.exchange, -1);
        self.octets -= waiting.message.body_octets();
        Some(waiting)
    }
}

impl Broker {
    /// How many messages wait at an exchange until their delay is over.
    #[must_use]
    pub fn delayed_at(&self, exchange: ExchangeId) -> u32 {
        self.delays
            .counts
            .get(exchange.0.into())
            .copied()
            .unwrap_or(0)
    }

    /// Lets a message that was just routed wait at the exchanges that hold it back.
    #[cold]
    pub(super) fn hold_back(
        &mut self,
        now: SimTime,
        message: &Message,
        wishes: Wishes,
        effects: &mut Effects,
    ) {
        let Some(delay) = delay(message.headers()) else {
            return;
        };
        let until = now + delay;
        for &exchange in &self.routes.delayed {
            let Some(view) = self.topology.exchange_view(exchange) else {
                continue;
            };
            effects.push(Effect::Delayed {
                message: message.id(),
                exchange,
                until,
            });
            let waiting = Waiting {
                vhost: view.vhost,
                name: view.name.clone(),
                exchange,
                message: message.clone(),
                wishes,
            };
            self.delays.put(until, waiting);
        }
    }

    /// Sends on the message whose time has come.
    pub(super) fn release_delayed(&mut self, now: SimTime, effects: &mut Effects) {
        let Some(waiting) = self.delays.take_first() else {
            return;
        };
        let message = negated(&waiting.message);
        let Some(exchange) = self
            .topology
            .exchange_id(waiting.vhost, waiting.name.as_str())
        else {
            effects.push(Effect::Unroutable {
                message: message.id(),
                exchange: waiting.exchange,
                fate: UnroutableFate::Dropped,
            });
            return;
        };
        // The headers were checked when it was published.
        let extra_keys = message.headers().map(|it| read_cc(it, MethodId::default()));
        let extra_keys = extra_keys.and_then(Result::ok).unwrap_or_default();
        self.find_routes(exchange, &message, extra_keys.all());
        self.publish_where_routed(now, exchange, message, waiting.wishes, None, effects);
    }
}
