//! RabbitMQ's definitions files: in and out.

/// Whether a JSON object has the look of a definitions file.
pub(super) fn looks_like(map: &serde_json::Map<String, serde_json::Value>) -> bool {
    [
        "queues",
        "exchanges",
        "bindings",
        "vhosts",
        "rabbit_version",
    ]
    .iter()
    .any(|key| map.contains_key(*key))
}
