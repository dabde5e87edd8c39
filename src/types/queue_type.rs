//! The types of queues, and which arguments each knows.
//!
//! Deliberately not here: what arguments may say and do.

use super::Profile;

/// What kind of queue it is (`x-queue-type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QueueType {
    /// The common kind.
    #[default]
    Classic,
    /// Replicated; run here as one of its replicas sees it.
    Quorum,
    /// A log. It is declared, shown and appended to; nothing is read from it here.
    Stream,
}

impl QueueType {
    /// As RabbitMQ's texts call it.
    #[must_use]
    pub const fn module(self) -> &'static str {
        match self {
            Self::Classic => "rabbit_classic_queue",
            Self::Quorum => "rabbit_quorum_queue",
            Self::Stream => "rabbit_stream_queue",
        }
    }

    /// The bit that stands for it in [`Self::ARGUMENTS`].
    const fn bit(self) -> u8 {
        match self {
            Self::Classic => 1,
            Self::Quorum => 2,
            Self::Stream => 4,
        }
    }

    /// The type of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "classic" => Some(Self::Classic),
            "quorum" => Some(Self::Quorum),
            "stream" => Some(Self::Stream),
            _ => None,
        }
    }

    /// Arguments that some type of queue knows, and which: 1 classic, 2 quorum, 4 stream. Two declarations
    /// must agree on their presence and value (`rabbit_queue_type:arguments`).
    const ARGUMENTS: [(&str, u8); 26] = [
        ("x-expires", 3),
        ("x-message-ttl", 3),
        ("x-dead-letter-exchange", 3),
        ("x-dead-letter-routing-key", 3),
        ("x-dead-letter-strategy", 2),
        ("x-max-length", 3),
        ("x-max-length-bytes", 7),
        ("x-max-in-memory-length", 2),
        ("x-max-in-memory-bytes", 2),
        ("x-max-priority", 1),
        ("x-overflow", 3),
        ("x-queue-mode", 1),
        ("x-queue-version", 1),
        ("x-single-active-consumer", 3),
        ("x-queue-type", 7),
        ("x-queue-master-locator", 1),
        ("x-quorum-initial-group-size", 2),
        ("x-delivery-limit", 2),
        ("x-queue-leader-locator", 6),
        ("x-max-age", 4),
        ("x-stream-max-segment-size-bytes", 4),
        ("x-initial-cluster-size", 4),
        // Not known to 3.10; since 4.3 it means nothing to classic queues.
        ("x-consumer-timeout", 3),
        // The same, for quorum queues alone.
        ("x-delayed-retry-type", 2),
        ("x-delayed-retry-min", 2),
        ("x-delayed-retry-max", 2),
    ];

    /// Arguments that some type knows under a profile, and which types, as bits.
    #[must_use]
    pub fn arguments(profile: Profile) -> &'static [(&'static str, u8)] {
        const ALL: &[(&str, u8)] = &QueueType::ARGUMENTS;
        match (profile, ALL) {
            (Profile::V3, [known @ .., _, _, _, _]) => known,
            (Profile::V3, _) | (Profile::V4, _) => ALL,
        }
    }

    /// Whether it may be declared with an argument. What no type knows is ignored.
    #[must_use]
    pub fn knows(self, argument: &str) -> bool {
        let mut known = Self::ARGUMENTS.iter();
        known
            .find(|(name, _)| *name == argument)
            .is_none_or(|(_, types)| types & self.bit() != 0)
    }
}
