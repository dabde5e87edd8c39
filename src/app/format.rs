//! Numbers, times and rates as people read them.
//!
//! Deliberately not here: sentences.

use crate::types::{SimDuration, SimTime, fixed};

/// Simulated time as `00:01:23.450`.
pub(super) fn clock(at: SimTime) -> String {
    let millis = at.as_nanos() / 1_000_000;
    let (seconds, millis) = (millis / 1000, millis % 1000);
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{millis:03}")
}

/// A span with three digits and the unit that suits it: `250 ms`, `1.5 s`, `3.2 min`.
pub(super) fn span(span: SimDuration) -> String {
    seconds(span.as_secs_f64())
}

/// Seconds with three digits and the unit that suits them.
pub(super) fn seconds(value: f64) -> String {
    let (value, unit) = match value {
        _ if value <= 0.0 => return "0 s".to_owned(),
        _ if value < 1e-3 => (value * 1e6, "µs"),
        _ if value < 1.0 => (value * 1e3, "ms"),
        _ if value < 120.0 => (value, "s"),
        _ if value < 7200.0 => (value / 60.0, "min"),
        _ => (value / 3600.0, "h"),
    };
    format!("{} {unit}", short(value))
}

/// Three digits, no needless zeros: `0.25`, `12.5`, `1200`.
pub(super) fn short(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let decimals = match libm::fabs(value) {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let text = fixed(value, decimals);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// A rate: two digits behind the point below ten, so that it does not jump about in width.
pub(super) fn rate(per_second: f64) -> String {
    short(per_second)
}

/// A share as per cent.
pub(super) fn percent(share: f64) -> String {
    short(share * 100.0)
}

/// Octets with three digits and the unit that suits them: `720 B`, `1.5 MB`.
pub(super) fn octets(count: u64) -> String {
    let (mut value, mut unit) = (count as f64, "B");
    for larger in ["kB", "MB", "GB", "TB"] {
        if value < 1000.0 {
            break;
        }
        (value, unit) = (value / 1000.0, larger);
    }
    format!("{} {unit}", short(value))
}

/// A speed: `0.5x`, `10x`.
pub(super) fn speed(value: f64) -> String {
    format!("{}x", short(value))
}
