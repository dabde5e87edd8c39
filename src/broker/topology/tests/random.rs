//! The real topology against its slow double: exhaustively on small topic keys, and on random
//! programs of declares, binds, unbinds, deletes and publishes.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::naive::{Naive, NaiveBinding, NaiveExchange, NaiveRoutes, split, topic_matches};
use super::support::{ROOT, Wiring, exchange, key as binding_key, name, routing_key};
use crate::broker::explain::{Reached, explain};
use crate::broker::topology::topic::{Topic, TopicScratch};
use crate::broker::topology::{Destination, Sought};
use crate::types::{BindingId, FieldTable, FieldValue, Profile, QueueId};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;

const SEEDS: u64 = 150;
const STEPS: usize = 120;

/// Draws from lists; every failure names the seed.
struct Draw(Pcg32);

impl Draw {
    fn new(seed: u64) -> Self {
        Self(Pcg32::seed_from_u64(seed))
    }

    fn below(&mut self, count: usize) -> usize {
        self.0.next_u32() as usize % count
    }

    fn of<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    fn key(&mut self, alphabet: &[&str], words_max: usize) -> String {
        let count = self.below(words_max + 1);
        let words: Vec<&str> = (0..count).map(|_| self.of(alphabet)).collect();
        words.join(".")
    }

    fn value(&mut self) -> FieldValue {
        match self.below(8) {
            0 => FieldValue::I32(1),
            1 => FieldValue::I64(1),
            2 => FieldValue::F64(1.0),
            3 => FieldValue::F64(1.5),
            4 => FieldValue::text("1"),
            5 => FieldValue::Bool(true),
            6 => FieldValue::Void,
            _ => FieldValue::U8(2),
        }
    }

    fn table(&mut self, modes: &[&str]) -> FieldTable {
        let mut table = FieldTable::new();
        for key in ["h", "i", "x-j"] {
            if self.below(2) == 0 {
                let value = self.value();
                table.set(key, value);
            }
        }
        if !modes.is_empty() && self.below(4) > 0 {
            let mode = self.of(modes);
            table.set("x-match", mode);
        }
        table
    }
}

/// How to run a failed seed again.
fn again(test: &str, seed: u64) -> String {
    format!("seed {seed}; repeat with: cargo test --lib {test}")
}

fn all_keys(alphabet: &[&str], words_max: usize) -> Vec<String> {
    let mut keys = vec![String::new()];
    let mut longest: Vec<String> = alphabet.iter().map(|word| (*word).to_owned()).collect();
    for _ in 0..words_max {
        keys.extend(longest.iter().cloned());
        longest = longest
            .iter()
            .flat_map(|start| alphabet.iter().map(move |word| format!("{start}.{word}")))
            .collect();
    }
    keys.sort();
    keys.dedup();
    keys
}

#[test]
fn a_topic_exchange_matches_as_its_definition_says_on_all_small_keys() {
    let patterns = all_keys(&["a", "b", "", "*", "#"], 3);
    let mut wiring = Wiring::new(Profile::V3);
    wiring.exchange("x", "topic");
    for pattern in &patterns {
        wiring.queue(pattern);
        wiring.bind("x", pattern, pattern);
    }
    for key in all_keys(&["a", "b", "", "#"], 4) {
        let expected: Vec<_> = patterns
            .iter()
            .filter(|pattern| topic_matches(&split(pattern), &split(&key)))
            .cloned()
            .collect();
        assert_eq!(wiring.route("x", &key), expected, "for the key '{key}'");
    }
}

#[test]
fn a_match_finds_each_binding_once() {
    let patterns = all_keys(&["a", "*", "#"], 4);
    let mut topic = Topic::default();
    for (index, pattern) in patterns.iter().enumerate() {
        let queue = Destination::Queue(QueueId(index as u32));
        topic.insert(&binding_key(pattern), BindingId(index as u32), queue);
    }
    let mut scratch = TopicScratch::default();
    for key in all_keys(&["a", "b"], 5) {
        let mut found = Vec::new();
        topic.each_match(&key, &mut scratch, |to| found.push(to));
        let expected: Vec<_> = (0u32..)
            .zip(&patterns)
            .filter(|(_, pattern)| topic_matches(&split(pattern), &split(&key)))
            .map(|(index, _)| Destination::Queue(QueueId(index)))
            .collect();
        assert_eq!(found, expected, "for the key '{key}'");
    }
}

#[test]
fn many_any_words_wildcards_in_one_key_multiply_nothing() {
    let mut wiring = Wiring::new(Profile::V3);
    wiring.exchange("x", "topic");
    wiring.queue("yes");
    wiring.queue("no");
    // A matcher that tries all ways to share out the words would not come to an end here.
    wiring.bind("x", "yes", &format!("{}z", "#.a.".repeat(50)));
    wiring.bind("x", "no", &format!("{}y", "#.*.".repeat(60)));
    let key = format!("{}z", "a.".repeat(126));
    assert_eq!(wiring.route("x", &key), ["yes"]);
}

const EXCHANGES: [&str; 5] = ["d", "f", "t", "h", "u"];
const TYPES: [&str; 4] = ["direct", "fanout", "topic", "headers"];
const QUEUES: [&str; 5] = ["a", "b", "c", "q", "a.b"];
const PATTERN_WORDS: [&str; 5] = ["a", "b", "", "*", "#"];
const KEY_WORDS: [&str; 4] = ["a", "b", "c", ""];
const MODES: [&str; 4] = ["all", "any", "all-with-x", "any-with-x"];

/// Both brokers side by side.
struct Twins {
    real: Wiring,
    naive: Naive,
    draw: Draw,
    /// For the message of a failure.
    repeat: String,
}

impl Twins {
    fn new(seed: u64, test: &str) -> Self {
        let mut naive = Naive::default();
        naive.exchanges.push(NaiveExchange {
            name: String::new(),
            exchange_type: "direct".to_owned().into(),
            auto_delete: false,
            alternate: None,
        });
        Self {
            real: Wiring::new(Profile::V3),
            naive,
            draw: Draw::new(seed),
            repeat: again(test, seed),
        }
    }

    fn step(&mut self) {
        match self.draw.below(20) {
            0..=2 => self.declare(),
            3 => {
                let name = self.draw.of(&EXCHANGES);
                self.real
                    .delete(name, false)
                    .expect("deleting always works");
                self.naive.delete_exchange(name);
            }
            4..=5 => {
                let name = self.draw.of(&QUEUES);
                if !self.naive.queues.iter().any(|queue| queue == name) {
                    self.real.queue(name);
                    self.naive.queues.push(name.to_owned());
                }
            }
            6 => {
                let name = self.draw.of(&QUEUES);
                self.real.remove_queue(name);
                self.naive.delete_queue(name);
            }
            7..=14 => self.bind(),
            _ => self.unbind(),
        }
    }

    fn declare(&mut self) {
        let mut declare = exchange(self.draw.of(&EXCHANGES), self.draw.of(&TYPES));
        declare.auto_delete = self.draw.below(3) == 0;
        let alternate = match self.draw.below(4) {
            0 => Some(self.draw.of(&EXCHANGES)),
            1 => Some(self.draw.of(&["", "missing"])),
            _ => None,
        };
        if let Some(name) = alternate {
            declare.arguments.set("alternate-exchange", name);
        }
        let name = declare.exchange.to_string();
        let there = self.naive.exchange(&name).is_some();
        let done = self.real.declare(&declare);
        if !there {
            done.expect("a new name can be declared");
            self.naive.exchanges.push(NaiveExchange {
                name,
                exchange_type: declare.exchange_type,
                auto_delete: declare.auto_delete,
                alternate: alternate.map(str::to_owned),
            });
        }
    }

    fn bind(&mut self) {
        let to_exchange = self.draw.below(3) == 0;
        let destination = self.draw.of(if to_exchange { &EXCHANGES } else { &QUEUES });
        let mut binding = NaiveBinding {
            source: self.draw.of(&EXCHANGES).to_owned(),
            to_exchange,
            destination: destination.to_owned(),
            key: self.draw.key(&PATTERN_WORDS, 3),
            arguments: if to_exchange {
                FieldTable::new()
            } else {
                self.draw.table(&MODES)
            },
        };
        binding.arguments.sort_by_key();
        let (source, key) = (&binding.source, &binding.key);
        let done = if to_exchange {
            self.real.try_link(source, destination, key)
        } else {
            self.real
                .try_bind(source, destination, key, &binding.arguments)
        };
        let ends_exist = self.naive.exchange(source).is_some()
            && if to_exchange {
                self.naive.exchange(destination).is_some()
            } else {
                self.naive.queues.iter().any(|queue| queue == destination)
            };
        assert_eq!(done.is_ok(), ends_exist, "{}", self.repeat);
        if ends_exist {
            self.naive.bind(binding);
        }
    }

    fn unbind(&mut self) {
        if self.naive.bindings.is_empty() {
            return;
        }
        let index = self.draw.below(self.naive.bindings.len());
        let binding = self.naive.bindings[index].clone();
        let (source, to, key) = (&binding.source, &binding.destination, &binding.key);
        if binding.to_exchange {
            self.real
                .unlink(source, to, key)
                .expect("unbinding always works");
        } else {
            self.real
                .unbind(source, to, key, &binding.arguments)
                .expect("unbinding always works");
        }
        self.naive.unbind(&binding);
    }

    /// An exchange to publish to, keys and headers.
    fn message(&mut self) -> (String, Vec<String>, FieldTable) {
        let start = self.draw.below(self.naive.exchanges.len());
        let start = self.naive.exchanges[start].name.clone();
        let extra = self.draw.below(4).saturating_sub(1);
        let keys = (0..=extra).map(|_| self.draw.key(&KEY_WORDS, 3)).collect();
        (start, keys, self.draw.table(&[]))
    }

    fn publish(&mut self) {
        let (start, keys, headers) = self.message();
        let expected = self.naive.route(&start, &keys, &headers);
        let real = self.real_routes(&start, &keys, &headers);
        assert_eq!(real, expected, "{start} {keys:?}; {}", self.repeat);
    }

    fn explain(&mut self) {
        let (start, keys, mut headers) = self.message();
        let real = self.real_routes(&start, &keys, &headers);
        let extra = keys[1..].iter().map(|key| FieldValue::text(key)).collect();
        headers.set("CC", FieldValue::Array(extra));
        let key = routing_key(&keys[0]);
        let topology = &self.real.topology;
        let told = explain(topology, ROOT, &name(&start), &key, Some(&headers)).expect("a way");
        let queues = told
            .queues
            .iter()
            .map(|it| (it.name.to_string(), it.via_name.to_string()));
        let name_of = |id| topology.exchange(id).expect("an exchange").name.to_string();
        let hops = told.hops.iter().filter_map(|hop| match &hop.reached {
            Reached::Published => None,
            Reached::Binding { from, .. } => Some((name_of(*from), hop.name.to_string(), false)),
            Reached::Alternate { from } => Some((name_of(*from), hop.name.to_string(), true)),
        });
        let told = NaiveRoutes {
            queues: queues.collect(),
            hops: hops.collect(),
        };
        assert_eq!(told, real, "{start} {keys:?}; {}", self.repeat);
    }

    fn real_routes(&mut self, start: &str, keys: &[String], headers: &FieldTable) -> NaiveRoutes {
        let keys: Vec<_> = keys.iter().map(|key| routing_key(key)).collect();
        let Wiring {
            topology, routes, ..
        } = &mut self.real;
        let id = topology.exchange_id(ROOT, start).expect("both have it");
        let sought = Sought::plain(&keys[0], Some(headers));
        topology.route(id, &sought, &keys[1..], routes);
        let queue = |queue| topology.queue_name(queue).expect("a queue").1.to_string();
        let exchange = |id| topology.exchange(id).expect("an exchange").name.to_string();
        let reached = routes
            .queues
            .iter()
            .map(|(to, via)| (queue(*to), exchange(*via)));
        let hops = routes.forwarded.iter();
        NaiveRoutes {
            queues: reached.collect(),
            hops: hops
                .map(|(from, to, by)| (exchange(*from), exchange(*to), *by))
                .collect(),
        }
    }

    fn compare(&self) {
        let mut names: Vec<_> = self
            .naive
            .exchanges
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        names.sort_unstable();
        let topology = &self.real.topology;
        let vhost = &topology.vhosts[0];
        let mut real: Vec<_> = vhost
            .exchanges
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        real.retain(|name| !name.starts_with("amq."));
        real.sort_unstable();
        assert_eq!(real, names, "{}", self.repeat);
        assert_eq!(
            topology.bindings.len(),
            self.naive.bindings.len(),
            "{}",
            self.repeat
        );
        for (binding, naive) in topology
            .bindings
            .iter()
            .map(|(_, it)| it)
            .zip(&self.naive.bindings)
        {
            assert_eq!(binding.key.as_str(), naive.key, "{}", self.repeat);
            assert_eq!(binding.arguments, naive.arguments, "{}", self.repeat);
        }
    }
}

#[test]
fn random_programs_route_as_the_slow_double_does() {
    for seed in 0..SEEDS {
        let mut twins = Twins::new(seed, "random_programs_route_as_the_slow_double_does");
        for _ in 0..STEPS {
            twins.step();
            twins.compare();
            twins.publish();
            twins.publish();
        }
    }
}

#[test]
fn an_explanation_comes_to_the_same_end_as_the_walk() {
    for seed in 0..SEEDS {
        let mut twins = Twins::new(seed, "an_explanation_comes_to_the_same_end_as_the_walk");
        for _ in 0..STEPS / 4 {
            (0..4).for_each(|_| twins.step());
            twins.explain();
        }
    }
}

#[test]
fn bindings_taken_out_in_any_order_leave_nothing_behind() {
    for seed in 0..20 {
        let repeat = again("bindings_taken_out_in_any_order_leave_nothing_behind", seed);
        let mut draw = Draw::new(seed);
        let mut wiring = Wiring::new(Profile::V3);
        let mut bound = Vec::new();
        for kind in TYPES {
            wiring.exchange(kind, kind);
        }
        for queue in QUEUES {
            wiring.queue(queue);
        }
        for _ in 0..400 {
            let (source, queue) = (draw.of(&TYPES), draw.of(&QUEUES));
            let (key, arguments) = (draw.key(&PATTERN_WORDS, 5), draw.table(&MODES));
            wiring
                .try_bind(source, queue, &key, &arguments)
                .expect(&repeat);
            bound.push((source, queue, key, arguments));
        }
        while !bound.is_empty() {
            let (source, queue, key, arguments) = bound.swap_remove(draw.below(bound.len()));
            wiring
                .unbind(source, queue, &key, &arguments)
                .expect(&repeat);
        }
        let topology = &wiring.topology;
        assert!(topology.bindings.is_empty(), "{repeat}");
        let mut exchanges = topology.exchanges.iter().flatten();
        assert!(exchanges.all(|exchange| exchange.is_unwired()), "{repeat}");
        assert!(
            topology
                .queues
                .iter()
                .all(|(_, queue)| queue.incoming.is_empty()),
            "{repeat}"
        );
    }
}
