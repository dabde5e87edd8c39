//! The running hash of a trace.
//!
//! Made of 64-bit words and wrapping arithmetic alone, so that every target computes the same; the
//! standard library's hashing depends on the width of a pointer. Deliberately not here: any claim to
//! withstand somebody who looks for collisions.

use crate::sim::trace::{Parcel, TraceKind, TraceRecord, Wait};
use crate::types::{MessageId, SimTime};

/// Odd constants from the digits of the golden ratio and pi, one for each place in a record, so that
/// the products of one record do not wait for one another.
const FACTORS: [u64; 8] = [
    0x9e37_79b9_7f4a_7c15,
    0xd1b5_4a32_d192_ed03,
    0xaef1_7502_108e_f2d9,
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7345,
    0xa409_3822_299f_31d1,
    0x082e_fa98_ec4e_6c89,
    0x4528_21e6_38d0_1377,
];

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hasher(u64);

impl Hasher {
    #[inline]
    pub(super) fn add(&mut self, record: &TraceRecord) {
        let time = record.at.as_nanos().wrapping_mul(FACTORS[0]);
        let words = words(&record.kind);
        let mut sum = time;
        for (word, factor) in words.iter().zip(&FACTORS[1..]) {
            // The rotation lets high bits of a word reach low bits of the sum.
            sum = sum.wrapping_add((word ^ (word >> 32)).wrapping_mul(*factor));
        }
        self.0 = (self.0.rotate_left(23) ^ sum).wrapping_mul(FACTORS[0]);
    }

    pub(super) const fn finish(self) -> u64 {
        let word = self.0;
        (word ^ (word >> 29)).wrapping_mul(FACTORS[1]) ^ (word >> 32)
    }
}

/// Two small numbers in one word.
const fn pair(high: u32, low: u32) -> u64 {
    (high as u64) << 32 | low as u64
}

/// A kind's number, which must never change, with a small number beside it.
const fn head(kind: u8, rest: u32) -> u64 {
    (kind as u64) << 56 | rest as u64
}

fn text(text: &str) -> u64 {
    let mut hash = text.len() as u64;
    for octet in text.bytes() {
        hash = (hash.rotate_left(5) ^ u64::from(octet)).wrapping_mul(FACTORS[2]);
    }
    hash
}

const fn parcel(parcel: Parcel) -> u32 {
    match parcel {
        Parcel::Publish => 0,
        Parcel::Delivery => 1,
        Parcel::Ack => 2,
        Parcel::Nack => 3,
        Parcel::Confirm { ack: false } => 4,
        Parcel::Confirm { ack: true } => 5,
        Parcel::Return => 6,
        Parcel::Other => 7,
    }
}

const fn wait(wait: Wait) -> (u32, u64) {
    match wait {
        Wait::Ready => (0, 0),
        Wait::Interval { until } => (1, until.as_nanos()),
        Wait::Delivery => (2, 0),
        Wait::Work { until } => (3, until.as_nanos()),
        Wait::Confirm => (4, 0),
        Wait::Answer => (5, 0),
        Wait::Unblocked => (6, 0),
        Wait::Outage => (7, 0),
        Wait::Ended => (8, 0),
    }
}

fn optional(message: Option<MessageId>) -> u64 {
    message.map_or(u64::MAX, |message| message.0)
}

const fn nanos(at: SimTime) -> u64 {
    at.as_nanos()
}

/// What of a record is hashed: everything but its sequence, which follows from its place, and names
/// that follow from ids.
#[inline]
fn words(kind: &TraceKind) -> [u64; 5] {
    match kind {
        TraceKind::Published {
            node,
            parcel,
            message,
            exchange,
        } => [
            head(3, exchange.0),
            u64::from(node.0),
            message.0,
            parcel.unwrap_or(u64::MAX),
            0,
        ],
        TraceKind::Enqueued {
            queue,
            copy,
            message,
            via,
        } => [head(6, via.0), u64::from(queue.0), copy.0, message.0, 0],
        TraceKind::Delivered {
            queue,
            copy,
            message,
            node,
            delivery_tag,
            redelivered,
            enqueued_at,
            no_ack,
        } => [
            head(8, u32::from(*redelivered) << 1 | u32::from(*no_ack)),
            pair(queue.0, node.0),
            copy.0 ^ message.0.rotate_left(32),
            delivery_tag.0,
            nanos(*enqueued_at),
        ],
        TraceKind::Acked {
            queue,
            copy,
            message,
            node,
            enqueued_at,
        } => [
            head(9, 0),
            pair(queue.0, node.0),
            copy.0,
            message.0,
            nanos(*enqueued_at),
        ],
        TraceKind::WorkStarted {
            node,
            process,
            queue,
            copy,
            message: _,
            until,
            enqueued_at: _,
        } => [
            head(20, queue.0),
            pair(node.0, process.0),
            copy.0,
            nanos(*until),
            0,
        ],
        TraceKind::WorkEnded {
            node,
            process,
            queue,
            copy,
            message: _,
            failed,
            started_at,
            enqueued_at: _,
        } => [
            head(21, queue.0),
            pair(node.0, process.0),
            copy.0,
            nanos(*started_at),
            u64::from(*failed),
        ],
        TraceKind::Departed { .. }
        | TraceKind::Arrived { .. }
        | TraceKind::Lost { .. }
        | TraceKind::Forwarded { .. }
        | TraceKind::Unroutable { .. }
        | TraceKind::Refused { .. }
        | TraceKind::Requeued { .. }
        | TraceKind::Dropped { .. }
        | TraceKind::DeadLettered { .. }
        | TraceKind::Confirmed { .. }
        | TraceKind::Returned { .. }
        | TraceKind::ExchangeChanged { .. }
        | TraceKind::QueueChanged { .. }
        | TraceKind::BindingChanged { .. }
        | TraceKind::ConsumerChanged { .. }
        | TraceKind::ClientChanged { .. }
        | TraceKind::Closed { .. }
        | TraceKind::Waits { .. }
        | TraceKind::Operated { .. } => words_seldom(kind),
    }
}

/// What does not happen to every message.
fn words_seldom(kind: &TraceKind) -> [u64; 5] {
    let one = |number: u8, rest: u32, word: u64| [head(number, rest), word, 0, 0, 0];
    match kind {
        TraceKind::Departed {
            node,
            parcel: what,
            number,
            arrives_at,
            message,
            ..
        } => [
            head(0, parcel(*what)),
            u64::from(node.0),
            *number,
            nanos(*arrives_at),
            optional(*message),
        ],
        TraceKind::Arrived {
            node,
            parcel: what,
            number,
        } => [head(1, parcel(*what)), u64::from(node.0), *number, 0, 0],
        TraceKind::Lost {
            node,
            parcel: what,
            number,
        } => [head(2, parcel(*what)), u64::from(node.0), *number, 0, 0],
        TraceKind::Forwarded {
            message,
            from,
            to,
            alternate,
        } => [
            head(4, u32::from(*alternate)),
            pair(from.0, to.0),
            message.0,
            0,
            0,
        ],
        TraceKind::Unroutable {
            message,
            exchange,
            fate,
        } => [
            head(5, *fate as u32),
            u64::from(exchange.0),
            message.0,
            0,
            0,
        ],
        TraceKind::Refused {
            queue,
            message,
            via,
        } => [head(7, via.0), u64::from(queue.0), message.0, 0, 0],
        TraceKind::Requeued {
            queue,
            copy,
            message,
            node,
        } => [head(10, 0), pair(queue.0, node.0), copy.0, message.0, 0],
        TraceKind::Dropped {
            queue,
            copy,
            message,
            reason,
            was_unacked,
        } => [
            head(11, (*reason as u32) << 1 | u32::from(*was_unacked)),
            u64::from(queue.0),
            copy.map_or(u64::MAX, |copy| copy.0),
            message.0,
            0,
        ],
        TraceKind::DeadLettered {
            queue,
            message,
            exchange,
            reason,
        } => [
            head(12, *reason as u32),
            pair(queue.0, exchange.0),
            message.0,
            0,
            0,
        ],
        TraceKind::Confirmed {
            node,
            sequence,
            multiple,
            messages,
            ack,
        } => [
            head(13, u32::from(*multiple) << 1 | u32::from(*ack)),
            pair(node.0, *messages),
            sequence.0,
            0,
            0,
        ],
        TraceKind::Returned {
            node,
            message,
            code,
        } => [
            head(14, u32::from(code.number())),
            u64::from(node.0),
            message.0,
            0,
            0,
        ],
        TraceKind::ExchangeChanged { exchange, exists } => {
            one(15, u32::from(*exists), u64::from(exchange.0))
        }
        TraceKind::QueueChanged { queue, exists } => {
            one(16, u32::from(*exists), u64::from(queue.0))
        }
        TraceKind::BindingChanged { binding, exists } => {
            one(17, u32::from(*exists), u64::from(binding.0))
        }
        TraceKind::ConsumerChanged {
            node,
            consumer_tag,
            queue,
            active,
        } => [
            head(18, u32::from(*active)),
            pair(node.0, queue.0),
            text(consumer_tag.as_str()),
            0,
            0,
        ],
        TraceKind::Closed {
            node,
            text: words,
            code,
            connection,
        } => [
            head(19, u32::from(code.number()) << 1 | u32::from(*connection)),
            u64::from(node.0),
            text(words),
            0,
            0,
        ],
        TraceKind::Waits {
            node,
            process,
            wait: what,
        } => {
            let (number, until) = wait(*what);
            [head(22, number), pair(node.0, process.0), until, 0, 0]
        }
        TraceKind::Operated { entry } => one(23, *entry, 0),
        TraceKind::ClientChanged {
            node,
            status,
            workers,
        } => [head(24, *status as u32), pair(node.0, *workers), 0, 0, 0],
        TraceKind::Published { .. }
        | TraceKind::Enqueued { .. }
        | TraceKind::Delivered { .. }
        | TraceKind::Acked { .. }
        | TraceKind::WorkStarted { .. }
        | TraceKind::WorkEnded { .. } => [0; 5],
    }
}
