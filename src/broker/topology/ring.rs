//! Consistent hashing (`x-consistent-hash`): a message goes to one destination, chosen by a hash of its
//! routing key or of a header, in the shares that the binding keys ask for; and exchanges that choose
//! at random.
//!
//! The same as RabbitMQ's plugin to the bit: jump consistent hash (Lamping, Veach 2014) over as many
//! buckets as weights, driven by Erlang's generator exs1024 that is seeded with `erlang:phash2` of the
//! value. A destination has the buckets of the first binding that leads to it, and any unbinding takes
//! them all. Source: `rabbit_exchange_type_consistent_hash` of 3.10; Erlang/OTP's `rand`, `utils.c`.
//! Deliberately not here: where a message may go beside (`exchange`).

use super::Destination;
use super::walk::Sought;
use crate::broker::equivalence::type_name;
use crate::types::{BindingKey, FieldTable, FieldValue, ShortText};

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
        let of_text = |text: &ShortText| Phash::of_octets(text.as_str().as_bytes());
        let hash = match self {
            Self::Key => Some(Phash::of_octets(sought.key.as_str().as_bytes())),
            Self::Header(name) => {
                let header = sought.headers.and_then(|headers| headers.get(name));
                header.map(Phash::of_value)
            }
            Self::Property(name) => sought.properties.and_then(|it| match name.as_str() {
                "correlation_id" => it.correlation_id.as_ref().map(of_text),
                "message_id" => it.message_id.as_ref().map(of_text),
                _ => it
                    .timestamp
                    .map(|time| Phash::of_octets(time.to_string().as_bytes())),
            }),
        };
        hash.unwrap_or_else(Phash::of_nothing)
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

/// Erlang's generator of that name, as `rand:uniform_s/1` uses it: its list goes round.
struct Exs1024 {
    list: [u64; 16],
    head: usize,
}

impl Exs1024 {
    /// Seeded with `{Key, Key, Key}`.
    fn new(key: u32) -> Self {
        const BITS: u64 = (1 << 21) - 1;
        let part = |prime| ((u64::from(key) & BITS) + 1).wrapping_mul(prime) & BITS;
        let mut seed = part(2_097_131) << 43 | part(2_097_133) << 22 | part(2_097_143) << 1 | 1;
        let mut list = [0; 16];
        // The last is the head.
        for number in list.iter_mut().rev() {
            seed ^= seed >> 12;
            seed ^= seed << 25;
            seed ^= seed >> 27;
            *number = seed.wrapping_mul(2_685_821_657_736_338_717);
        }
        Self { list, head: 0 }
    }

    fn next(&mut self) -> u64 {
        let first = self.list[self.head];
        self.head = (self.head + 1) % 16;
        let second = &mut self.list[self.head];
        *second ^= *second << 31;
        *second ^= *second >> 11;
        *second ^= first ^ first >> 30;
        second.wrapping_mul(1_181_783_497_276_652_981)
    }

    /// Evenly from 0 to 1.
    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// `erlang:phash2` gives 27 bits.
const RANGE: u32 = (1 << 27) - 1;
const CONSTANT: u32 = 0x9e37_79b9;

/// `erlang:phash2` under way: what has been hashed of a term so far (`make_hash2` in Erlang's
/// `utils.c`).
#[derive(Debug, Clone, Copy)]
struct Phash(u32);

impl Phash {
    fn of_octets(octets: &[u8]) -> u32 {
        Self(0).octets(octets).0 & RANGE
    }

    /// Of what is not there, an atom that stands alone.
    fn of_nothing() -> u32 {
        atom("undefined") & RANGE
    }

    /// Of the pair of type and value as which RabbitMQ has a value.
    fn of_value(value: &FieldValue) -> u32 {
        Self(0).tuple(2).typed(value).0 & RANGE
    }

    /// Two words, with a constant that says of what.
    fn words(self, one: u32, two: u32, constant: u32) -> Self {
        let constant = CONSTANT.wrapping_mul(constant);
        let mut hash = [
            constant.wrapping_add(one),
            constant.wrapping_add(two),
            self.0,
        ];
        mix(&mut hash);
        Self(hash[2])
    }

    fn tuple(self, count: u32) -> Self {
        self.words(count, 0, 9)
    }

    fn atom(self, name: &str) -> Self {
        self.words(atom(name), 0, 3)
    }

    fn octets(self, octets: &[u8]) -> Self {
        let seed = CONSTANT.wrapping_mul(13).wrapping_add(self.0);
        Self(if octets.is_empty() {
            seed
        } else {
            block(octets, seed)
        })
    }

    /// Whole numbers of up to 28 bits are mixed as one word, the negative ones twice.
    fn whole(self, magnitude: u64, is_negative: bool) -> Self {
        const SMALL: u64 = 1 << 27;
        let low = magnitude as u32;
        if magnitude < SMALL || is_negative && magnitude == SMALL {
            let begun = if is_negative {
                self.words(low, 0, 1)
            } else {
                self
            };
            let signed = if is_negative { low.wrapping_neg() } else { low };
            return begun.words(signed, 0, 1);
        }
        let constant = if is_negative { 10 } else { 11 };
        self.words(low, (magnitude >> 32) as u32, constant)
    }

    fn float(self, value: f64) -> Self {
        // There is one zero.
        let bits = (value + 0.0).to_bits();
        self.words((bits >> 32) as u32, bits as u32, 12)
    }

    fn end_of_list(self) -> Self {
        self.words(NIL, 0, 2)
    }

    /// The name of the type, then the value.
    fn typed(self, value: &FieldValue) -> Self {
        let hash = self.atom(type_name(value));
        if let Some(number) = value.as_integer() {
            return hash.whole(number.unsigned_abs(), number < 0);
        }
        match value {
            FieldValue::Bool(yes) => hash.atom(if *yes { "true" } else { "false" }),
            FieldValue::Timestamp(seconds) => hash.whole(*seconds, false),
            FieldValue::F32(value) => hash.float((*value).into()),
            FieldValue::F64(value) => hash.float(*value),
            FieldValue::Decimal(decimal) => {
                let hash = hash.tuple(2).whole(decimal.scale.into(), false);
                hash.whole(decimal.value.into(), false)
            }
            FieldValue::LongStr(octets) | FieldValue::Bytes(octets) => hash.octets(octets),
            FieldValue::Array(values) => {
                let all = values.iter();
                all.fold(hash, |hash, value| hash.tuple(2).typed(value))
                    .end_of_list()
            }
            FieldValue::Table(table) => {
                let all = table.iter().fold(hash, |hash, (key, value)| {
                    hash.tuple(3).octets(key.as_str().as_bytes()).typed(value)
                });
                all.end_of_list()
            }
            // Numbers are told above.
            FieldValue::I8(_)
            | FieldValue::U8(_)
            | FieldValue::I16(_)
            | FieldValue::U16(_)
            | FieldValue::I32(_)
            | FieldValue::U32(_)
            | FieldValue::I64(_)
            | FieldValue::Void => hash.atom("undefined"),
        }
    }
}

/// The empty list, as Erlang's tags number it.
const NIL: u32 = 2;

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
    use crate::types::Decimal;
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
            assert_eq!(Phash::of_octets(text.as_bytes()), hash, "{text}");
        }
    }

    #[test]
    fn values_with_their_type_hash_as_in_erlang() {
        let text = FieldValue::text;
        let array = vec![text("a"), FieldValue::I32(1)];
        let table = FieldTable::new().with("a", 1);
        // erlang:phash2({Type, Value}), Erlang 25.2.3.
        for (value, hash) in [
            (text("abc"), 101_716_503),
            (text(""), 116_351_706),
            (FieldValue::I32(0), 66_238_499),
            (FieldValue::I32(1), 71_654_985),
            (FieldValue::I32(-1), 78_275_235),
            (FieldValue::I64(-77), 24_885_089),
            (FieldValue::I64(5_000_000_000), 19_715_522),
            (FieldValue::I64(-5_000_000_000), 45_891_831),
            (FieldValue::I32((1 << 27) - 1), 17_240_753),
            (FieldValue::I32(1 << 27), 127_254_635),
            (FieldValue::I32(-(1 << 27)), 65_405_468),
            (FieldValue::I32(-(1 << 27) - 1), 11_977_661),
            (FieldValue::I32(i32::MIN), 18_235_318),
            (FieldValue::I64(i64::MAX), 120_433_834),
            (FieldValue::I64(i64::MIN), 112_631_110),
            (FieldValue::I16(5), 104_726_785),
            (FieldValue::I8(5), 128_459_157),
            (FieldValue::U8(5), 66_494_969),
            (FieldValue::U32(5), 103_125_511),
            (FieldValue::Bool(true), 32_030_443),
            (FieldValue::Bool(false), 54_145_719),
            (FieldValue::Void, 27_077_197),
            (FieldValue::Timestamp(1_700_000_000), 59_280_699),
            (FieldValue::F64(1.5), 115_320_697),
            (FieldValue::F64(-0.0), 28_702_447),
            (FieldValue::F32(2.5), 8_580_325),
            (FieldValue::Bytes((*b"abc").into()), 23_856_409),
            (FieldValue::Array(array), 40_191_755),
            (FieldValue::Array(Vec::new()), 86_211_673),
            (FieldValue::Table(table), 61_145_695),
            (FieldValue::Table(FieldTable::new()), 80_606_520),
        ] {
            assert_eq!(Phash::of_value(&value), hash, "{value:?}");
        }
        let decimal = Decimal {
            scale: 2,
            value: 150,
        };
        assert_eq!(Phash::of_value(&FieldValue::Decimal(decimal)), 123_867_887);
        // erlang:phash2(undefined).
        assert_eq!(Phash::of_nothing(), 45_914_356);
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
