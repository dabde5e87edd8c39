//! Octets as Erlang prints them, which RabbitMQ's refusals show to clients.
//!
//! Source: Erlang's `io:format`, `~p` and `~w`. Deliberately not here: any other term.

use super::words::text_of;
use std::fmt::Write as _;

/// Octets one by one, as `~w` prints them: `<<1,2,3>>`.
#[must_use]
pub(super) fn binary(octets: &[u8]) -> String {
    let mut text = String::from("<<");
    for (at, octet) in octets.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        // Writing into a string cannot fail.
        let _ = write!(text, "{comma}{octet}");
    }
    text.push_str(">>");
    text
}

/// Octets as `~p` prints them: in quotes when all can be printed.
#[must_use]
pub(super) fn printed(octets: &[u8]) -> String {
    let printable = |octet: &u8| matches!(octet, 0x20..=0x7e | 0xa0..=0xff | 7..=13 | 27);
    if octets.is_empty() || !octets.iter().all(printable) {
        return binary(octets);
    }
    let mut text = String::from("<<\"");
    for &octet in octets {
        match octet {
            b'"' | b'\\' => text.extend(['\\', char::from(octet)]),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            7 => text.push_str("\\a"),
            8 => text.push_str("\\b"),
            11 => text.push_str("\\v"),
            12 => text.push_str("\\f"),
            27 => text.push_str("\\e"),
            32..=126 => text.push(char::from(octet)),
            // Latin-1, which RabbitMQ says octet by octet.
            other => text.push_str(&text_of(&[other])),
        }
    }
    text.push_str("\">>");
    text
}

/// The first octets of a payload in a refusal.
#[must_use]
pub(super) fn snippet(payload: &[u8]) -> String {
    const SHOWN: usize = 16;
    match payload.split_at_checked(SHOWN) {
        Some((first, rest)) if !rest.is_empty() => {
            format!("first 16 octets = {}", printed(first))
        }
        Some(_) | None => format!("all octets = {}", printed(payload)),
    }
}
