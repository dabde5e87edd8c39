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
