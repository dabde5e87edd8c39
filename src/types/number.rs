//! Decimal numbers as people and files write them.
//!
//! One reader for all: JSON needs one that is exact to the last bit, and a second one would cost the
//! page a table of ten kilobytes. Deliberately not here: units, bounds, and what a number means.

/// Reads a decimal number to the nearest `f64`, exact to the last bit: what JSON (RFC 8259, section
/// 6) allows, and besides a leading `+`, `.5` and `5.`. `None` for anything else, for what is too
/// large to be finite, and for the words `inf` and `nan`.
#[must_use]
pub fn parse_number(text: &str) -> Option<f64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let whole_end = digits.find(|c: char| !c.is_ascii_digit());
    let (whole, rest) = digits.split_at(whole_end.unwrap_or(digits.len()));
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit());
            rest.split_at(end.unwrap_or(rest.len()))
        }
        None => ("", rest),
    };
    // JSON lets white space follow.
    let spaced = rest.bytes().any(|octet| octet.is_ascii_whitespace());
    if spaced || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    // JSON wants digits on both sides of the point, and no zeros before others.
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    // As any value: reading an `f64` brings the writer of what else it might have been.
    let value: serde_json::Value =
        serde_json::from_str(&format!("{sign}{whole}.{fraction}{rest}")).ok()?;
    value.as_f64()
}
