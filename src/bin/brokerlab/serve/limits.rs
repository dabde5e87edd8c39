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
