//! What the system allows us.
//!
//! Deliberately not here: what we allow clients, which are options.

/// Files that are open beside connections: standard streams, the port, what the runtime needs.
const BESIDE: u64 = 64;

/// Asks the system for as many open files as connections may come, where it limits them. What it
/// refuses shows when there is no room for another connection, and is told then.
pub(super) fn raise_open_files(connections: u32) {
    #[cfg(unix)]
    {
        let wanted = u64::from(connections) + BESIDE;
        let enough =
            rlimit::getrlimit(rlimit::Resource::NOFILE).is_ok_and(|(soft, _)| soft >= wanted);
        if !enough {
            let _ = rlimit::increase_nofile_limit(wanted);
        }
    }
    #[cfg(not(unix))]
    let _ = connections;
}

/// Octets of messages at which publishers are held back where nobody says: RabbitMQ's two fifths of
/// the machine's memory, or of this where the system does not tell how much that is.
const MEMORY_UNKNOWN: u64 = 4 << 30;

/// The limit of memory where nobody says one.
pub(super) fn memory() -> u64 {
    let told = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = told.lines().find_map(|line| {
        let kilo = line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?;
        kilo.parse::<u64>().ok()?.checked_mul(1024)
    });
    total.unwrap_or(MEMORY_UNKNOWN) / 5 * 2
}
