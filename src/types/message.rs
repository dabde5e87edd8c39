//! A message: what it is called, where it was published, its properties and its body.
//!
//! Queues share a message. A simulated message may have a body that is only a length, so that a queue
//! full of large messages costs no memory. Deliberately not here: the state of a message in a queue
//! (redelivered, deadline), which belongs to the queue's entry.

use crate::types::{ExchangeName, FieldTable, MessageId, RoutingKey, ShortText};
use std::fmt;
use std::rc::Rc;

/// The fourteen properties of the basic class (AMQP 0-9-1, 1.8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Properties {
    /// MIME content type.
    pub content_type: Option<ShortText>,
    /// MIME content encoding.
    pub content_encoding: Option<ShortText>,
    /// Headers; a table that is present but empty is not the same as none.
    pub headers: Option<FieldTable>,
    /// 1 transient, 2 persistent.
    pub delivery_mode: Option<u8>,
    /// Priority, 0 lowest.
    pub priority: Option<u8>,
    /// For matching replies with requests.
    pub correlation_id: Option<ShortText>,
    /// Where to reply to.
    pub reply_to: Option<ShortText>,
    /// Time to live in milliseconds, as text.
    pub expiration: Option<ShortText>,
    /// The application's message id.
    pub message_id: Option<ShortText>,
    /// Seconds since 1970.
    pub timestamp: Option<u64>,
    /// The application's type name (`type` on the wire).
    pub type_name: Option<ShortText>,
    /// The publishing user.
    pub user_id: Option<ShortText>,
    /// The publishing application.
    pub app_id: Option<ShortText>,
    /// Formerly a cluster id; carried as it came.
    pub cluster_id: Option<ShortText>,
}

impl Properties {
    /// Whether the message is to outlive a restart of the broker (delivery mode 2).
    #[must_use]
    pub fn is_persistent(&self) -> bool {
        self.delivery_mode == Some(2)
    }
}

#[derive(Default)]
struct Head {
    id: MessageId,
    exchange: ExchangeName,
    routing_key: RoutingKey,
    properties: Option<Rc<Properties>>,
    body: Content,
}

/// A body as a message holds it.
#[derive(Clone)]
enum Content {
    Octets(Box<[u8]>),
    /// That many octets which nobody will read.
    Blank(u64),
}

impl Default for Content {
    fn default() -> Self {
        Self::Blank(0)
    }
}

/// So many places are kept: as many as messages come between two that go, as a rule.
const PLACES_MAX: usize = 64;

/// Places in memory that messages have left, for the next ones: to ask for memory and to give it back
/// costs more than all the rest of making a message. A clone begins without any.
#[derive(Default)]
pub(crate) struct Places(Vec<Rc<Head>>);

impl Places {
    #[inline(always)]
    fn take(&mut self, head: Head) -> Message {
        let Some(mut place) = self.0.pop() else {
            return Message(Rc::new(head));
        };
        match Rc::get_mut(&mut place) {
            // What stands there is empty and need not be dropped.
            Some(left) => std::mem::forget(std::mem::replace(left, head)),
            None => place = Rc::new(head),
        }
        Message(place)
    }
}

impl Clone for Places {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Places({})", self.0.len())
    }
}

/// A published message; cheap to clone, never changed.
#[derive(Clone)]
pub struct Message(Rc<Head>);

impl Message {
    /// A message with its octets. `properties` of `None` means none was set.
    #[must_use]
    pub fn new(
        id: MessageId,
        exchange: ExchangeName,
        routing_key: RoutingKey,
        properties: Option<Rc<Properties>>,
        body: &[u8],
    ) -> Self {
        Self(Rc::new(Head {
            id,
            exchange,
            routing_key,
            properties,
            body: Content::Octets(body.into()),
        }))
    }

    /// A message whose body is only a length: `octets` octets that nobody will read.
    #[must_use]
    pub fn blank(
        id: MessageId,
        exchange: ExchangeName,
        routing_key: RoutingKey,
        properties: Option<Rc<Properties>>,
        octets: u64,
    ) -> Self {
        Self(Rc::new(Head {
            id,
            exchange,
            routing_key,
            properties,
            body: Content::Blank(octets),
        }))
    }

    /// As [`new`](Self::new), in a place that a message before it has left.
    #[inline]
    pub(crate) fn new_in(
        places: &mut Places,
        id: MessageId,
        exchange: ExchangeName,
        routing_key: RoutingKey,
        properties: Option<Rc<Properties>>,
        body: Box<[u8]>,
    ) -> Self {
        places.take(Head {
            id,
            exchange,
            routing_key,
            properties,
            body: Content::Octets(body),
        })
    }

    /// As [`blank`](Self::blank), in a place that a message before it has left.
    #[inline]
    pub(crate) fn blank_in(
        places: &mut Places,
        id: MessageId,
        exchange: ExchangeName,
        routing_key: RoutingKey,
        properties: Option<Rc<Properties>>,
        octets: u64,
    ) -> Self {
        places.take(Head {
            id,
            exchange,
            routing_key,
            properties,
            body: Content::Blank(octets),
        })
    }

    /// Leaves its place to another message, when nobody else has this one.
    #[inline]
    pub(crate) fn leave(mut self, places: &mut Places) {
        if places.0.len() < PLACES_MAX
            && let Some(head) = Rc::get_mut(&mut self.0)
        {
            *head = Head::default();
            places.0.push(self.0);
        }
    }

    /// The number of the publish; what dead-lettering makes of a message keeps it.
    #[must_use]
    pub fn id(&self) -> MessageId {
        self.0.id
    }

    /// The exchange it was published to, last.
    #[must_use]
    pub fn exchange(&self) -> &ExchangeName {
        &self.0.exchange
    }

    /// Its routing key.
    #[must_use]
    pub fn routing_key(&self) -> &RoutingKey {
        &self.0.routing_key
    }

    /// Its properties, shared; `None` when none was set.
    #[must_use]
    pub fn properties(&self) -> Option<&Rc<Properties>> {
        self.0.properties.as_ref()
    }

    /// Its headers, when it has any table of them.
    #[must_use]
    pub fn headers(&self) -> Option<&FieldTable> {
        self.0.properties.as_ref()?.headers.as_ref()
    }

    /// Its octets; empty for a body that is only a length.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        match &self.0.body {
            Content::Octets(octets) => octets,
            Content::Blank(_) => &[],
        }
    }

    /// The body's length in octets.
    #[must_use]
    pub fn body_octets(&self) -> u64 {
        match &self.0.body {
            Content::Octets(octets) => octets.len() as u64,
            Content::Blank(octets) => *octets,
        }
    }

    /// The same body under another exchange, key and properties: what dead-lettering does.
    #[must_use]
    pub fn republished(
        &self,
        exchange: ExchangeName,
        routing_key: RoutingKey,
        properties: Option<Rc<Properties>>,
    ) -> Self {
        Self(Rc::new(Head {
            id: self.id(),
            exchange,
            routing_key,
            properties,
            body: self.0.body.clone(),
        }))
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Message({} {}/{} {} octets)",
            self.id(),
            self.exchange(),
            self.routing_key(),
            self.body_octets()
        )
    }
}
