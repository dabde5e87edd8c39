//! The running hash of a trace.
//!
//! Made of 64-bit words and wrapping arithmetic alone, so that every target computes the same; the
//! usual hashers depend on the width of a pointer. Deliberately not here: any claim to
//! withstand somebody who looks for collisions.

use crate::sim::trace::TraceKind;
use crate::types::SimTime;
use std::hash::{Hash, Hasher};

/// Odd numbers from the digits of the golden ratio and of pi, one for each place in a record, so that
/// the products of one record do not wait for one another.
const FACTORS: [u64; 16] = [
    0x9e37_79b9_7f4a_7c15,
    0xd1b5_4a32_d192_ed03,
    0xaef1_7502_108e_f2d9,
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7345,
    0xa409_3822_299f_31d1,
    0x082e_fa98_ec4e_6c89,
    0x4528_21e6_38d0_1377,
    0xbe54_66cf_34e9_0c6d,
    0xc0ac_29b7_c97c_50dd,
    0x3f84_d5b5_b547_0917,
    0x9216_d5d9_8979_fb1b,
    0xd131_0ba6_98df_b5ad,
    0x2ffd_72db_d01a_dfb7,
    0xb8e1_afed_6a26_7e97,
    0xba7c_9045_f12c_7f99,
];

/// The hash of all records so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TraceHash(u64);

impl TraceHash {
    /// Takes in a record: its time and what happened; its sequence follows from its place. As a
    /// derived `Hash` would, and told apart like it, but so that a caller who knows the kind pays for
    /// that kind alone.
    #[inline(always)]
    pub(super) fn add(&mut self, at: SimTime, kind: &TraceKind) {
        let mut words = Words { sum: 0, place: 0 };
        at.hash(&mut words);
        add_kind(kind, &mut words);
        self.0 = (self.0.rotate_left(23) ^ words.sum).wrapping_mul(FACTORS[0]);
    }

    pub(super) const fn finish(self) -> u64 {
        let word = self.0;
        (word ^ (word >> 29)).wrapping_mul(FACTORS[1]) ^ (word >> 32)
    }
}

/// As `kind.hash(words)`.
#[inline(always)]
fn add_kind(kind: &TraceKind, words: &mut Words) {
    let which = std::mem::discriminant(kind);
    match *kind {
        TraceKind::Published {
            node,
            parcel,
            message,
            exchange,
        } => {
            which.hash(words);
            words.word(node.0.into());
            parcel.hash(words);
            words.all([message.0, exchange.0.into()]);
        }
        TraceKind::Enqueued {
            queue,
            copy,
            message,
            via,
        } => {
            which.hash(words);
            words.all([queue.0.into(), copy.0, message.0, via.0.into()]);
        }
        TraceKind::Delivered { .. } => add_delivered(kind, words),
        TraceKind::Acked {
            queue,
            copy,
            message,
            node,
            enqueued_at,
        } => {
            which.hash(words);
            words.all([queue.0.into(), copy.0, message.0, node.0.into()]);
            words.word(enqueued_at.as_nanos());
        }
        TraceKind::WorkStarted { .. } => add_work_started(kind, words),
        TraceKind::WorkEnded { .. } => add_work_ended(kind, words),
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
        | TraceKind::Delayed { .. }
        | TraceKind::RetryDelayed { .. }
        | TraceKind::Replied { .. }
        | TraceKind::Overdue { .. }
        | TraceKind::Operated { .. } => add_seldom(kind, words),
    }
}

#[inline(always)]
fn add_delivered(kind: &TraceKind, words: &mut Words) {
    let TraceKind::Delivered {
        queue,
        copy,
        message,
        node,
        delivery_tag,
        redelivered,
        enqueued_at,
        no_ack,
    } = *kind
    else {
        return;
    };
    std::mem::discriminant(kind).hash(words);
    words.all([queue.0.into(), copy.0, message.0, node.0.into()]);
    words.all([delivery_tag.0, redelivered.into()]);
    words.all([enqueued_at.as_nanos(), no_ack.into()]);
}

#[inline(always)]
fn add_work_started(kind: &TraceKind, words: &mut Words) {
    let TraceKind::WorkStarted {
        node,
        process,
        queue,
        copy,
        message,
        until,
        enqueued_at,
    } = *kind
    else {
        return;
    };
    std::mem::discriminant(kind).hash(words);
    words.all([node.0.into(), process.0.into(), queue.0.into()]);
    words.all([copy.0, message.0]);
    words.all([until.as_nanos(), enqueued_at.as_nanos()]);
}

#[inline(always)]
fn add_work_ended(kind: &TraceKind, words: &mut Words) {
    let TraceKind::WorkEnded {
        node,
        process,
        queue,
        copy,
        message,
        failed,
        started_at,
        enqueued_at,
    } = *kind
    else {
        return;
    };
    std::mem::discriminant(kind).hash(words);
    words.all([node.0.into(), process.0.into(), queue.0.into()]);
    words.all([copy.0, message.0, failed.into()]);
    words.all([started_at.as_nanos(), enqueued_at.as_nanos()]);
}

#[inline(never)]
fn add_seldom(kind: &TraceKind, words: &mut Words) {
    kind.hash(words);
}

/// The words of one record. What a derived `Hash` writes is widened to 64 bits, the numbers of an
/// enum's variants too, which it writes as wide as a pointer.
struct Words {
    sum: u64,
    place: usize,
}

impl Words {
    #[inline(always)]
    fn all<const N: usize>(&mut self, words: [u64; N]) {
        for word in words {
            self.word(word);
        }
    }

    #[inline(always)]
    fn word(&mut self, word: u64) {
        let factor = FACTORS[self.place % FACTORS.len()];
        self.place += 1;
        self.sum = self.sum.wrapping_add(word.wrapping_mul(factor));
    }
}

impl Hasher for Words {
    fn write(&mut self, octets: &[u8]) {
        let mut hash = octets.len() as u64;
        for octet in octets {
            hash = (hash.rotate_left(5) ^ u64::from(*octet)).wrapping_mul(FACTORS[2]);
        }
        self.word(hash);
    }

    #[inline]
    fn write_u8(&mut self, number: u8) {
        self.word(u64::from(number));
    }

    #[inline]
    fn write_u16(&mut self, number: u16) {
        self.word(u64::from(number));
    }

    #[inline]
    fn write_u32(&mut self, number: u32) {
        self.word(u64::from(number));
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        self.word(number);
    }

    #[inline]
    fn write_usize(&mut self, number: usize) {
        self.word(number as u64);
    }

    #[inline]
    fn write_isize(&mut self, number: isize) {
        self.word(number as u64);
    }

    fn finish(&self) -> u64 {
        self.sum
    }
}
