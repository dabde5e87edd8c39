//! Frames: type, channel, payload, and the octet that ends each.
//!
//! Source: AMQP 0-9-1, 4.2.3. Deliberately not here: what payloads say, and keeping octets until a
//! frame has come whole.

/// The octet behind every payload.
pub const FRAME_END: u8 = 0xCE;
/// Octets of a frame around its payload.
pub const FRAME_AROUND: usize = 8;
/// Octets before the payload.
const HEAD: usize = 7;
/// RabbitMQ lets payloads be so much longer than was agreed (`FRAME_SIZE_FUDGE`).
const FUDGE: usize = 8;

/// A method frame's type.
pub const METHOD: u8 = 1;
/// A content header frame's type.
pub const HEADER: u8 = 2;
/// A content body frame's type.
pub const BODY: u8 = 3;
/// A heartbeat frame's type.
pub const HEARTBEAT: u8 = 8;

/// A frame that has come whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// 1 method, 2 content header, 3 body, 8 heartbeat.
    pub kind: u8,
    /// Its channel.
    pub channel: u16,
    /// What it carries.
    pub payload: &'a [u8],
}

/// Why octets are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadFrame<'a> {
    /// The payload is longer than was agreed; known before it has come.
    TooLarge {
        /// Its type.
        kind: u8,
        /// Its channel.
        channel: u16,
        /// Its payload's length.
        octets: usize,
        /// The length agreed on.
        most: usize,
    },
    /// Something else stands where the frame must end.
    End {
        /// The frame that should end.
        frame: Frame<'a>,
        /// What stands there.
        octet: u8,
    },
}

/// Reads one frame from the beginning of `octets`: the frame and how many octets it took, or `None`
/// when it has not come whole. `frame_max` counts the eight octets around a payload; 0 is no limit.
///
/// # Errors
/// When no frame can come of it.
pub fn read_frame(
    octets: &[u8],
    frame_max: u32,
) -> Result<Option<(Frame<'_>, usize)>, BadFrame<'_>> {
    let Some((head, rest)) = octets.split_first_chunk::<HEAD>() else {
        return Ok(None);
    };
    let [kind, high, low, ref size @ ..] = *head;
    let channel = u16::from_be_bytes([high, low]);
    let octets = u32::from_be_bytes(*size) as usize;
    let most = (frame_max as usize).saturating_sub(FRAME_AROUND);
    if frame_max != 0 && octets > most + FUDGE {
        return Err(BadFrame::TooLarge {
            kind,
            channel,
            octets,
            most,
        });
    }
    let Some((payload, end)) = rest.split_at_checked(octets) else {
        return Ok(None);
    };
    let frame = Frame {
        kind,
        channel,
        payload,
    };
    match end.first() {
        None => Ok(None),
        Some(&FRAME_END) => Ok(Some((frame, HEAD + octets + 1))),
        Some(&octet) => Err(BadFrame::End { frame, octet }),
    }
}

/// Writes a frame whose payload `write` writes.
pub fn write_frame(out: &mut Vec<u8>, kind: u8, channel: u16, write: impl FnOnce(&mut Vec<u8>)) {
    let at = begin(out, kind, channel);
    write(out);
    end(out, at);
}

/// Begins a frame; what is written next is its payload, until [`end`].
pub fn begin(out: &mut Vec<u8>, kind: u8, channel: u16) -> usize {
    let [high, low] = channel.to_be_bytes();
    out.extend_from_slice(&[kind, high, low, 0, 0, 0, 0]);
    out.len()
}

/// Ends the frame whose payload began at `at`.
pub fn end(out: &mut Vec<u8>, at: usize) {
    let octets = (out.len() - at) as u32;
    out[at - 4..at].copy_from_slice(&octets.to_be_bytes());
    out.push(FRAME_END);
}

/// Writes `body` in as many frames as it takes; none for none.
pub fn write_body(out: &mut Vec<u8>, channel: u16, body: &[u8], frame_max: u32) {
    let most = match frame_max as usize {
        0 => usize::MAX,
        some => some.saturating_sub(FRAME_AROUND).max(1),
    };
    for part in body.chunks(most) {
        let at = begin(out, BODY, channel);
        out.extend_from_slice(part);
        end(out, at);
    }
}
