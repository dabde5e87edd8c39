//! Names that the broker invents: `amq.gen-...` for queues, `amq.ctag-...` for consumers.
//!
//! They look as RabbitMQ's do but come from a counter, so that the same run invents the same names.
//! Deliberately not here: which names clients may not use.

use super::Broker;
use crate::types::{ConsumerTag, QueueName, ShortText};

/// Letters of URL-safe base 64, as RabbitMQ writes its identifiers.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Letters behind the prefix: 128 bits.
const LENGTH: usize = 22;

/// The `number`-th name: two numbers never give the same.
pub(super) fn invented(prefix: &str, number: u64) -> String {
    let mut bits = u128::from(scattered(number)) << 64 | u128::from(scattered(!number));
    let mut name = String::with_capacity(prefix.len() + LENGTH);
    name.push_str(prefix);
    for _ in 0..LENGTH {
        name.push(char::from(LETTERS[(bits >> 122) as usize]));
        bits <<= 6;
    }
    name
}

/// A one-to-one scattering of 64 bits (the finaliser of SplitMix64, Steele et al. 2014).
pub(super) const fn scattered(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Broker {
    /// A fresh name for a queue declared without one.
    pub(super) fn invent_queue_name(&mut self) -> QueueName {
        self.counters.name += 1;
        QueueName::truncated(&invented("amq.gen-", self.counters.name))
    }

    /// A fresh name that leads to a channel.
    pub(super) fn invent_reply_name(&mut self, prefix: &str) -> ShortText {
        self.counters.name += 1;
        ShortText::truncated(&invented(prefix, self.counters.name))
    }

    /// A fresh name for a consumer that gave none.
    pub(super) fn invent_consumer_tag(&mut self) -> ConsumerTag {
        self.counters.name += 1;
        ConsumerTag::truncated(&invented("amq.ctag-", self.counters.name))
    }
}
