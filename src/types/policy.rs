//! Policies: what an administrator wants of all queues and exchanges of some names.
//!
//! Source: RabbitMQ's `rabbit_policy` and `rabbit_policies` for what may be set. Deliberately not
//! here: what policies do, and which of several counts; the broker knows that.

use crate::types::{FieldTable, FieldValue, Pattern, ShortText, VhostName};

/// What a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ApplyTo {
    /// Queues and exchanges.
    #[default]
    All,
    /// Exchanges.
    Exchanges,
    /// Queues of every type.
    Queues,
    /// Queues of the type `classic`.
    ClassicQueues,
    /// Queues of the type `quorum`.
    QuorumQueues,
    /// Queues of the type `stream`, which this broker does not run.
    Streams,
}

impl ApplyTo {
    /// From RabbitMQ's word for it.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "all" => Self::All,
            "exchanges" => Self::Exchanges,
            "queues" => Self::Queues,
            "classic_queues" => Self::ClassicQueues,
            "quorum_queues" => Self::QuorumQueues,
            "streams" => Self::Streams,
            _ => return None,
        })
    }
}

/// A policy or an operator policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// In which vhost it applies.
    pub vhost: VhostName,
    /// Its name: one policy and one operator policy may have it.
    pub name: ShortText,
    /// Whether it is an operator policy.
    pub operator: bool,
    /// The names it is about.
    pub pattern: Pattern,
    /// The things it is about.
    pub apply_to: ApplyTo,
    /// Of several that match, the highest counts.
    pub priority: i64,
    /// What it sets, such as `max-length`.
    pub definition: FieldTable,
}

/// A policy that RabbitMQ would not take: it sets nothing, or sets something wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRefused {
    /// Which setting is unknown or has a value that it cannot have; empty when there is none at all.
    pub setting: String,
}

/// Has a number, that is not negative.
pub(crate) const NUMBER: u8 = 1;
/// Has a text.
const TEXT: u8 = 2;
/// May be in an operator policy; the smaller of two numbers counts.
pub(crate) const OPERATOR: u8 = 4;
/// Known to classic queues.
pub(crate) const CLASSIC: u8 = 8;
/// Known to quorum queues.
pub(crate) const QUORUM: u8 = 16;

const LIMIT: u8 = NUMBER | OPERATOR | CLASSIC | QUORUM;
const WORD: u8 = TEXT | CLASSIC | QUORUM;

/// Settings, by how they begin.
const SETTINGS: [(&str, u8); 25] = [
    ("message-ttl", LIMIT),
    ("expires", LIMIT),
    ("max-length", LIMIT),
    ("max-length-bytes", LIMIT),
    ("max-in-memory-length", LIMIT),
    ("max-in-memory-bytes", LIMIT),
    ("consumer-timeout", NUMBER | CLASSIC | QUORUM),
    ("delivery-limit", NUMBER | OPERATOR | QUORUM),
    ("delayed-retry-type", TEXT | QUORUM),
    ("delayed-retry-min", NUMBER | QUORUM),
    ("delayed-retry-max", NUMBER | QUORUM),
    ("dead-letter-exchange", WORD),
    ("dead-letter-routing-key", WORD),
    ("alternate-exchange", WORD),
    ("overflow", WORD),
    ("dead-letter-strategy", TEXT | QUORUM),
    ("queue-mode", TEXT | CLASSIC),
    ("queue-version", NUMBER | CLASSIC),
    ("queue-master-locator", TEXT | CLASSIC),
    ("queue-leader-locator", TEXT | QUORUM),
    ("max-age", TEXT),
    ("stream-max-segment-size-bytes", NUMBER),
    ("initial-cluster-size", NUMBER),
    ("federation-", CLASSIC | QUORUM),
    ("ha-", CLASSIC),
];

/// What is known of a setting; nothing when there is no such setting.
pub(crate) fn traits_of(setting: &str) -> Option<u8> {
    let known = |(name, _): &&(&str, u8)| {
        *name == setting || (name.ends_with('-') && setting.starts_with(*name))
    };
    SETTINGS.iter().find(known).map(|(_, traits)| *traits)
}

impl Policy {
    /// Whether RabbitMQ would take it.
    ///
    /// # Errors
    /// What it would not take.
    pub fn check(&self) -> Result<(), PolicyRefused> {
        let wrong = |(setting, value): &(&ShortText, &FieldValue)| {
            let Some(traits) = traits_of(setting.as_str()) else {
                return true;
            };
            let least = i64::from(setting.as_str() == "expires");
            let number = value.as_integer().is_some_and(|it| it >= least);
            let overflows = ["drop-head", "reject-publish", "reject-publish-dlx"];
            let text = value
                .as_text()
                .is_some_and(|it| setting.as_str() != "overflow" || overflows.contains(&it));
            (traits & NUMBER != 0 && !number)
                || (traits & TEXT != 0 && !text)
                || (self.operator && traits & OPERATOR == 0)
        };
        let wrong = self.definition.iter().find(wrong);
        if wrong.is_none() && !self.definition.is_empty() {
            return Ok(());
        }
        let setting = wrong.map(|(setting, _)| setting.to_string());
        let setting = setting.unwrap_or_default();
        Err(PolicyRefused { setting })
    }
}
