//! Consistent hashing (`x-consistent-hash`): a message goes to one destination, chosen by a hash of its
//! routing key or of a header, in the shares that the binding keys ask for; and exchanges that choose
//! at random.
//!
//! The same as RabbitMQ's plugin to the bit: jump consistent hash (Lamping, Veach 2014) over as many
//! buckets as weights, driven by Erlang's generator exs1024 that is seeded with `erlang:phash2` of the
//! value. A destination has the buckets of the first binding that leads to it, and any unbinding takes
//! them all. Source: `rabbit_exchange_type_consistent_hash` of 3.10; Erlang/OTP's `rand`, `utils.c`.
//! Deliberately not here: hashing of anything but strings; what is no string has no place of its own.

use super::Destination;
use super::walk::Sought;
use crate::types::{BindingKey, FieldTable, FieldValue};

/// What an exchange hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hashed {
    /// The routing key.
    Key,
    /// A header.
    Header(String),
    /// A property: `correlation_id`, `message_id` or `timestamp`.
    Property(String),
}

impl Hashed {
    pub(super) const PROPERTIES: [&str; 3] = ["correlation_id", "message_id", "timestamp"];

    /// As the exchange's arguments say.
    pub(super) fn read(arguments: &FieldTable) -> Self {
        let text = |key| arguments.get(key).and_then(FieldValue::as_text);
        match (text("hash-header"), text("hash-property")) {
            (Some(header), _) => Self::Header(header.to_owned()),
            (None, Some(property)) => Self::Property(property.to_owned()),
            (None, None) => Self::Key,
        }
    }

    /// The hash of what a message has of it.
    fn of(&self, sought: &Sought<'_>) -> u32 {
        let text = match self {
            Self::Key => return phash(sought.key.as_str().as_bytes(), 0),
            Self::Header(name) => {
                let header = sought.headers.and_then(|headers| headers.get(name));
                // Erlang hashes the pair of type and value.
                return match header {
                    Some(FieldValue::LongStr(octets)) => phash(octets, tagged("longstr")),
                    Some(_) | None => atom("undefined") & RANGE,
                };
            }
            Self::Property(name) => sought.properties.and_then(|it| match name.as_str() {
                "correlation_id" => it.correlation_id.as_ref().map(|id| id.to_string()),
                "message_id" => it.message_id.as_ref().map(|id| id.to_string()),
                _ => it.timestamp.map(|time| time.to_string()),
            }),
        };
        match text {
            Some(text) => phash(text.as_bytes(), 0),
            None => atom("undefined") & RANGE,
        }
    }
}

/// Destinations and their numbers of buckets.
#[derive(Debug, Clone)]
pub(super) struct Ring {
    pub(super) hashed: Hashed,
    shares: Vec<(Destination, u64)>,
}

impl Ring {
    pub(super) fn new(hashed: Hashed) -> Self {
        Self {
            hashed,
            shares: Vec::new(),
        }
    }

    pub(super) fn insert(&mut self, key: &BindingKey, to: Destination) {
        if !self.shares.iter().any(|(other, _)| *other == to) {
            let weight = key.as_str().parse().unwrap_or(1);
            self.shares.push((to, weight));
        }
    }

    pub(super) fn remove(&mut self, to: Destination) {
        self.shares.retain(|(other, _)| *other != to);
    }

    /// How many destinations there are.
    pub(super) fn len(&self) -> usize {
        self.shares.len()
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.shares.is_empty()
    }

    /// Where a message goes.
    pub(super) fn choose(&self, sought: &Sought<'_>) -> Option<Destination> {
        let buckets = self.shares.iter().map(|(_, weight)| weight).sum();
        let mut bucket = jump(self.hashed.of(sought), buckets);
        let share = self.shares.iter().find(|(_, weight)| {
            let found = bucket < *weight;
            bucket = bucket.saturating_sub(*weight);
            found
        });
        share.map(|(to, _)| *to)
    }
}

/// The bucket of a key among so many.
fn jump(key: u32, buckets: u64) -> u64 {
    if buckets <= 1 {
        return 0;
    }
    let mut random = Exs1024::new(key);
    let (mut bucket, mut next) = (0, 0);
    while next < buckets {
        bucket = next;
        // The quotient is far below what a float holds exactly, or beyond all buckets.
        next = ((bucket + 1) as f64 / random.uniform()) as u64;
    }
    bucket
}

/// Erlang's generator of that name, as `rand:uniform_s/1` uses it.
struct Exs1024 {
    ahead: Vec<u64>,
    behind: Vec<u64>,
}

impl Exs1024 {
    /// Seeded with `{Key, Key, Key}`.
    fn new(key: u32) -> Self {
        const BITS: u64 = (1 << 21) - 1;
        let part = |prime| ((u64::from(key) & BITS) + 1).wrapping_mul(prime) & BITS;
        let mut seed = part(2_097_131) << 43 | part(2_097_133) << 22 | part(2_097_143) << 1 | 1;
        let mut ahead: Vec<u64> = Vec::with_capacity(16);
        for _ in 0..16 {
            seed ^= seed >> 12;
            seed ^= seed << 25;
            seed ^= seed >> 27;
            ahead.push(seed.wrapping_mul(2_685_821_657_736_338_717));
        }
        Self {
            // Erlang's list has the last at its head; the head is at the end here.
            ahead,
            behind: Vec::new(),
        }
    }

    fn next(&mut self) -> u64 {
        if self.ahead.len() == 1 {
            // Behind the last one come all again that lie behind, the oldest first.
            self.behind.reverse();
            let last = self.ahead.pop();
            self.ahead = std::mem::take(&mut self.behind);
            self.ahead.extend(last);
        }
        let (first, mut second) = (self.ahead.pop().unwrap_or(0), self.ahead.pop().unwrap_or(0));
        second ^= second << 31;
        second ^= second >> 11;
        let new = first ^ first >> 30 ^ second;
        self.ahead.push(new);
        self.behind.push(first);
        new.wrapping_mul(1_181_783_497_276_652_981)
    }

    /// Evenly from 0 to 1.
    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// `erlang:phash2` gives 27 bits.
const RANGE: u32 = (1 << 27) - 1;
const CONSTANT: u32 = 0x9e37_79b9;

/// `erlang:phash2` of a binary, behind what was hashed before it.
fn phash(octets: &[u8], before: u32) -> u32 {
    let seed = CONSTANT.wrapping_mul(13).wrapping_add(before);
    let hash = if octets.is_empty() {
        seed
    } else {
        block(octets, seed)
    };
    hash & RANGE
}

/// What has been hashed of `{tag, Value}` when its value comes.
fn tagged(tag: &str) -> u32 {
    let mut hash = [
        CONSTANT.wrapping_mul(9).wrapping_add(2),
        CONSTANT.wrapping_mul(9),
        0,
    ];
    mix(&mut hash);
    let three = CONSTANT.wrapping_mul(3);
    let mut hash = [three.wrapping_add(atom(tag)), three, hash[2]];
    mix(&mut hash);
    hash[2]
}

/// The hash of an atom's name (Hash PJW).
fn atom(name: &str) -> u32 {
    name.bytes().fold(0, |hash: u32, octet| {
        let hash = (hash << 4).wrapping_add(octet.into());
        let high = hash & 0xf000_0000;
        hash ^ high >> 24 ^ high
    })
}

/// Bob Jenkins's hash of 1996, as `block_hash` in Erlang's `utils.c`.
fn block(octets: &[u8], seed: u32) -> u32 {
    let mut state = [CONSTANT, CONSTANT, seed];
    let whole = octets.chunks_exact(12);
    let rest = whole.remainder();
    for chunk in whole {
        for (index, octet) in chunk.iter().enumerate() {
            add(&mut state, index, *octet);
        }
        mix(&mut state);
    }
    state[2] = state[2].wrapping_add(octets.len() as u32);
    for (index, octet) in rest.iter().enumerate() {
        // The lowest octet of the last word is the length's.
        add(&mut state, index + usize::from(index >= 8), *octet);
    }
    mix(&mut state);
    state[2]
}

fn add(state: &mut [u32; 3], index: usize, octet: u8) {
    let word = &mut state[index / 4];
    *word = word.wrapping_add(u32::from(octet) << (index % 4 * 8));
}

fn mix(state: &mut [u32; 3]) {
    let shifts: [[i32; 3]; 3] = [[13, -8, 13], [12, -16, 5], [3, -10, 15]];
    for round in shifts {
        for (at, shift) in round.into_iter().enumerate() {
            let (other, third) = (state[(at + 1) % 3], state[(at + 2) % 3]);
            let moved = if shift > 0 {
                third >> shift
            } else {
                third << -shift
            };
            state[at] = state[at].wrapping_sub(other).wrapping_sub(third) ^ moved;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn strings_hash_as_in_erlang() {
        // erlang:phash2(Binary), Erlang 25.2.3.
        for (text, hash) in [
            ("", 13_708_901),
            ("a", 112_802_447),
            ("abcde", 101_564_595),
            ("hello world", 33_550_279),
            ("hello world!", 25_699_699),
            ("hello world, this is long", 86_224_811),
        ] {
            assert_eq!(phash(text.as_bytes(), 0), hash, "{text}");
        }
    }
    #[test]
    fn values_with_their_type_hash_as_in_erlang() {
        // erlang:phash2({longstr, Binary}) and erlang:phash2(undefined).
        assert_eq!(phash(b"abc", tagged("longstr")), 101_716_503);
        assert_eq!(phash(b"", tagged("longstr")), 116_351_706);
        assert_eq!(atom("undefined") & RANGE, 45_914_356);
    }

    #[test]
    fn keys_fall_into_the_buckets_of_rabbitmqs_plugin() {
        // rabbit_exchange_type_consistent_hash:jump_consistent_hash(Key, N) for these N.
        let counts = [2, 3, 10, 100, 100_000];
        for (key, buckets) in [
            (0, [0, 0, 4, 47, 64_444]),
            (1, [0, 2, 3, 29, 856]),
            (13_708_901, [0, 0, 9, 45, 14_052]),
            (112_802_447, [1, 1, 6, 47, 59_500]),
            (47_480_723, [1, 1, 9, 43, 61_657]),
            (134_217_727, [0, 2, 6, 74, 46_231]),
        ] {
            assert_eq!(counts.map(|count| jump(key, count)), buckets, "{key}");
        }
    }

    #[test]
    fn the_generator_goes_round_as_erlangs_does() {
        // rand:uniform_s/1 from rand:seed_s(exs1024, {1, 1, 1}), in millionths: the first and the
        // fortieth.
        let mut random = Exs1024::new(1);
        let mut next = || (random.uniform() * 1_000_000.0) as u64;
        assert_eq!(next(), 359_998);
        assert_eq!((0..39).map(|_| next()).last(), Some(935_846));
    }
}
