//! What the broker has: memory and disk, as its configuration file says.
//!
//! Deliberately not here: what it does when one of them runs low (`broker`).

/// RabbitMQ's `disk_free_limit` where nobody says one: 50 MB.
const DISK_FREE_LIMIT: u64 = 50_000_000;

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
}

impl Default for BrokerSettings {
    fn default() -> Self {
        Self {
            memory_limit: None,
            disk_free: None,
            disk_free_limit: DISK_FREE_LIMIT,
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
