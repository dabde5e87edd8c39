//! The CC and BCC headers: further routing keys on one message.
//!
//! Source: RabbitMQ, "Sender-selected Distribution". Deliberately not here: taking BCC out of what is
//! delivered; the publish does that.

use crate::broker::equivalence::type_name;
use crate::types::{AmqpError, FieldTable, FieldValue, MethodId, ReplyCode, RoutingKey};

const CC: &str = "CC";
const BCC: &str = "BCC";

/// Routing keys beside the message's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CcKeys {
    /// CC keys, then BCC keys.
    keys: Vec<RoutingKey>,
    cc: usize,
    bcc: bool,
}

impl CcKeys {
    /// CC and BCC keys, in this order: what routing wants.
    pub(crate) fn all(&self) -> &[RoutingKey] {
        &self.keys
    }

    /// The CC keys alone, which may be told to others.
    pub(crate) fn cc(&self) -> &[RoutingKey] {
        &self.keys[..self.cc]
    }

    /// Whether there is a BCC header, be it without a key.
    pub(crate) const fn has_bcc(&self) -> bool {
        self.bcc
    }
}

/// Reads the CC and BCC headers. Elements that are no strings are passed over; a key longer than
/// a short string is cut.
///
/// # Errors
/// 406 when one of them is no array.
pub(crate) fn read_cc(headers: &FieldTable, method: MethodId) -> Result<CcKeys, AmqpError> {
    let mut found = CcKeys::default();
    append(headers, CC, &mut found.keys, method)?;
    found.cc = found.keys.len();
    found.bcc = append(headers, BCC, &mut found.keys, method)?;
    Ok(found)
}

/// Appends the header's keys; whether there is such a header.
fn append(
    headers: &FieldTable,
    header: &str,
    keys: &mut Vec<RoutingKey>,
    method: MethodId,
) -> Result<bool, AmqpError> {
    let Some(value) = headers.get(header) else {
        return Ok(false);
    };
    let FieldValue::Array(values) = value else {
        let kind = type_name(value);
        let text = format!("invalid message: {{unacceptable_type_in_header,\"{header}\",{kind}}}");
        return Err(AmqpError::new(ReplyCode::PreconditionFailed, text, method));
    };
    for value in values {
        if let FieldValue::LongStr(octets) = value {
            keys.push(RoutingKey::truncated(&String::from_utf8_lossy(octets)));
        }
    }
    Ok(true)
}
