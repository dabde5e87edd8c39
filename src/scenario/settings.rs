//! What the broker has and allows: memory, disk, speed and patience, as its configuration file says.
//!
//! Deliberately not here: what it does when one of them runs low (`broker`).

use crate::types::SimDuration;

/// RabbitMQ's `disk_free_limit` where nobody says one: 50 MB.
const DISK_FREE_LIMIT: u64 = 50_000_000;
/// RabbitMQ's `consumer_timeout` where nobody says one: half an hour.
const CONSUMER_TIMEOUT: SimDuration = SimDuration::from_secs(30 * 60);

/// What the broker has, and from where on it holds publishers back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokerSettings {
    /// Octets of memory that messages may take (`vm_memory_high_watermark.absolute`, of what messages
    /// take alone); `None` for as many as come.
    pub memory_limit: Option<u64>,
    /// Octets that are free on the disk before there are messages; `None` for a disk without end.
    pub disk_free: Option<u64>,
    /// Octets that must stay free on the disk (`disk_free_limit.absolute`).
    pub disk_free_limit: u64,
    /// How long a delivery may stay unacked (`consumer_timeout`).
    pub consumer_timeout: SimDuration,
    /// How long a queue takes to handle a message that is published to it; publishers that are faster
    /// are slowed down (RabbitMQ's `flow`). Nothing for as fast as they come.
    pub queue_time: SimDuration,
}

impl Default for BrokerSettings {
    fn default() -> Self {
        Self {
            memory_limit: None,
            disk_free: None,
            disk_free_limit: DISK_FREE_LIMIT,
            consumer_timeout: CONSUMER_TIMEOUT,
            queue_time: SimDuration::ZERO,
        }
    }
}

impl BrokerSettings {
    /// Octets of the disk that messages may take; `None` for as many as come.
    #[must_use]
    pub fn disk_limit(&self) -> Option<u64> {
        let free = self.disk_free?;
        Some(free.saturating_sub(self.disk_free_limit))
    }
}
