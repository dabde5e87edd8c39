//! Content headers: the size of a body and the fourteen properties of a message.
//!
//! Source: AMQP 0-9-1, 4.2.6 and the class `basic`. Deliberately not here: what properties mean, and
//! bodies, which are octets.

use super::read::{Malformed, Reader};
use super::table::{read_table_to, write_table};
use super::words::{Words, text_of, write_text};
use crate::types::{FieldTable, Properties, ShortText};
use std::rc::Rc;

/// The first octets of a content header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentHead<'a> {
    /// The class whose content it is.
    pub class: u16,
    /// The body's length in octets.
    pub body_octets: u64,
    /// Flags and properties, still as octets.
    pub properties: &'a [u8],
}

/// Reads what stands before the properties. A weight that is not 0 is as good as no header.
///
/// # Errors
/// When the payload is too short.
pub fn read_head(payload: &[u8]) -> Result<ContentHead<'_>, Malformed> {
    let mut reader = Reader::new(payload);
    let class = reader.short()?;
    let weight = reader.short()?;
    let body_octets = reader.long_long()?;
    if weight != 0 {
        return Err(Malformed::Length);
    }
    Ok(ContentHead {
        class,
        body_octets,
        properties: reader.rest(),
    })
}

const CONTENT_TYPE: u16 = 1 << 15;
const CONTENT_ENCODING: u16 = 1 << 14;
const HEADERS: u16 = 1 << 13;
const DELIVERY_MODE: u16 = 1 << 12;
const PRIORITY: u16 = 1 << 11;
const CORRELATION_ID: u16 = 1 << 10;
const REPLY_TO: u16 = 1 << 9;
const EXPIRATION: u16 = 1 << 8;
const MESSAGE_ID: u16 = 1 << 7;
const TIMESTAMP: u16 = 1 << 6;
const TYPE: u16 = 1 << 5;
const USER_ID: u16 = 1 << 4;
const APP_ID: u16 = 1 << 3;
const CLUSTER_ID: u16 = 1 << 2;

/// Reads flags and properties, as messages share them; `None` when there is none at all.
///
/// # Errors
/// When they are cut short, or go on behind the last. RabbitMQ does not look at the two flags that
/// name no property.
pub fn read_properties(
    octets: &[u8],
    words: &mut Words,
) -> Result<Option<Rc<Properties>>, Malformed> {
    // The two flags that name no property may be set.
    if let [0, 0..=3] = octets {
        return Ok(None);
    }
    let mut properties = Rc::<Properties>::default();
    if let Some(place) = Rc::get_mut(&mut properties) {
        read_properties_to(place, octets, words)?;
    }
    Ok(Some(properties))
}

/// Reads flags and properties to the place where they stay, where none is set: to carry them there
/// costs as much as to read them.
///
/// # Errors
/// As [`read_properties`].
pub fn read_properties_to(
    properties: &mut Properties,
    octets: &[u8],
    words: &mut Words,
) -> Result<(), Malformed> {
    let mut reader = Reader::new(octets);
    let flags = reader.short()?;
    let has = |flag: u16| flags & flag != 0;
    if has(CONTENT_TYPE) {
        properties.content_type = Some(words.text(reader.short_string()?));
    }
    if has(CONTENT_ENCODING) {
        properties.content_encoding = Some(words.text(reader.short_string()?));
    }
    if has(HEADERS) {
        let headers = properties.headers.insert(FieldTable::new());
        read_table_to(headers, reader.long_string()?, words)?;
    }
    if has(DELIVERY_MODE) {
        properties.delivery_mode = Some(reader.octet()?);
    }
    if has(PRIORITY) {
        properties.priority = Some(reader.octet()?);
    }
    let texts = [
        (CORRELATION_ID, &mut properties.correlation_id),
        (REPLY_TO, &mut properties.reply_to),
        (EXPIRATION, &mut properties.expiration),
        (MESSAGE_ID, &mut properties.message_id),
    ];
    for (flag, property) in texts {
        if has(flag) {
            *property = Some(short_text(&mut reader)?);
        }
    }
    if has(TIMESTAMP) {
        properties.timestamp = Some(reader.long_long()?);
    }
    let texts = [
        (TYPE, &mut properties.type_name),
        (USER_ID, &mut properties.user_id),
        (APP_ID, &mut properties.app_id),
        (CLUSTER_ID, &mut properties.cluster_id),
    ];
    for (flag, property) in texts {
        if has(flag) {
            *property = Some(words.text(reader.short_string()?));
        }
    }
    reader.end()
}

fn short_text(reader: &mut Reader<'_>) -> Result<ShortText, Malformed> {
    Ok(ShortText::of_wire(&text_of(reader.short_string()?)))
}

/// Writes a content header of class `basic`: class, weight, size, flags, properties.
pub fn write_header(out: &mut Vec<u8>, body_octets: u64, properties: Option<&Properties>) {
    out.extend_from_slice(&[0, 60, 0, 0]);
    out.extend_from_slice(&body_octets.to_be_bytes());
    let flags_at = out.len();
    out.extend_from_slice(&[0; 2]);
    let Some(properties) = properties else {
        return;
    };
    let mut flags = 0;
    let mut text = |out: &mut Vec<u8>, flag: u16, text: &Option<ShortText>| {
        if let Some(text) = text {
            flags |= flag;
            write_text(out, text.as_str());
        }
    };
    text(out, CONTENT_TYPE, &properties.content_type);
    text(out, CONTENT_ENCODING, &properties.content_encoding);
    if let Some(headers) = &properties.headers {
        write_table(out, headers);
    }
    out.extend(properties.delivery_mode);
    out.extend(properties.priority);
    text(out, CORRELATION_ID, &properties.correlation_id);
    text(out, REPLY_TO, &properties.reply_to);
    text(out, EXPIRATION, &properties.expiration);
    text(out, MESSAGE_ID, &properties.message_id);
    if let Some(seconds) = properties.timestamp {
        out.extend_from_slice(&seconds.to_be_bytes());
    }
    text(out, TYPE, &properties.type_name);
    text(out, USER_ID, &properties.user_id);
    text(out, APP_ID, &properties.app_id);
    text(out, CLUSTER_ID, &properties.cluster_id);
    for (flag, is_there) in [
        (HEADERS, properties.headers.is_some()),
        (DELIVERY_MODE, properties.delivery_mode.is_some()),
        (PRIORITY, properties.priority.is_some()),
        (TIMESTAMP, properties.timestamp.is_some()),
    ] {
        if is_there {
            flags |= flag;
        }
    }
    out[flags_at..flags_at + 2].copy_from_slice(&flags.to_be_bytes());
}
