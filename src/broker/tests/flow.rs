//! Flow (semantics section 18): queues take time, publishers have credit, a connection is held back.

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A bench whose queues take 10 ms for a message, with a queue `q`.
fn slow() -> Bench {
    let mut bench = Bench::new();
    let pace = SimDuration::from_millis(10);
    let now = bench.now;
    bench.broker.set_queue_time(now, pace, &mut bench.effects);
    bench.declare("q", FieldTable::new());
    bench
}

/// What was told about flow by the latest effects.
fn told(bench: &Bench) -> Vec<bool> {
    let told = bench.effects.iter().filter_map(|effect| match effect {
        Effect::ConnectionFlow { on, .. } => Some(*on),
        _ => None,
    });
    told.collect()
}

fn unhandled(bench: &Bench, queue: &str) -> usize {
    let found = bench.broker.queue_named(VhostId(0), queue);
    bench.broker.unhandled(found.expect("declared"))
}

#[test]
fn a_message_is_there_when_its_queue_has_handled_it() {
    let mut bench = slow();
    let other = bench.open(2, 1);
    bench.publish_all("q", "a b c");
    assert_eq!(bench.counts("q"), (0, 0, 0));
    assert_eq!(unhandled(&bench, "q"), 3);
    bench.advance(10);
    assert_eq!(bench.ready("q"), "a");
    bench.advance(15);
    assert_eq!(bench.ready("q"), "a b");
    // The queue is busy with what others published, too.
    bench.ok(other, publish("q", "d", None));
    bench.advance(5);
    assert_eq!(bench.ready("q"), "a b c");
    bench.advance(10);
    assert_eq!(bench.ready("q"), "a b c d");
    assert_eq!(bench.broker.next_deadline(), None);
}

#[test]
fn who_is_400_messages_ahead_waits_until_200_are_handled() {
    let mut bench = slow();
    for number in 0..399 {
        bench.publish("q", &number.to_string());
        assert_eq!(told(&bench), [false; 0]);
    }
    bench.publish("q", "399");
    assert_eq!(told(&bench), [true]);
    assert!(bench.broker.is_in_flow(bench.now, HERE.connection));
    bench.publish("q", "on its way already");
    assert_eq!(unhandled(&bench, "q"), 400, "not even read");
    bench.advance(1_990);
    assert_eq!(told(&bench), [false; 0]);
    assert_eq!(bench.counts("q").0, 199);
    bench.advance(10);
    assert_eq!(told(&bench), [false]);
    assert_eq!(unhandled(&bench, "q"), 201);
    assert!(
        bench.broker.is_in_flow(bench.now, HERE.connection),
        "RabbitMQ says so for some seconds"
    );
    bench.advance(5_000);
    assert!(!bench.broker.is_in_flow(bench.now, HERE.connection));
    assert_eq!(bench.counts("q").0, 401);
}

#[test]
fn whoever_asks_is_answered_as_if_all_that_it_published_were_handled() {
    let mut bench = slow();
    bench.publish_all("q", "a b");
    assert_eq!(bench.get(HERE, "q"), "a tag 1, 1 left");
    bench.publish("q", "c");
    bench.ok(HERE, Command::ChannelClose);
    assert_eq!(bench.counts("q").0, 3, "what was sent is not lost");
}

#[test]
fn confirms_come_in_order_when_the_slowest_queue_is_done() {
    let mut bench = slow();
    bench.declare("busy", FieldTable::new());
    bench.ok(HERE, bind("q", "amq.fanout"));
    bench.ok(HERE, bind("busy", "amq.fanout"));
    let other = bench.open(2, 1);
    for _ in 0..3 {
        bench.ok(other, publish("busy", "x", None));
    }
    bench.ok(HERE, Command::ConfirmSelect);
    let to_all = || {
        let mut to_all = publish("", "", None);
        if let Command::BasicPublish(publish) = &mut to_all {
            publish.exchange = ExchangeName::truncated("amq.fanout");
        }
        to_all
    };
    let confirms = |bench: &Bench| {
        let confirms = bench.effects.iter().filter_map(|effect| match effect {
            Effect::Confirm { sequence, .. } => Some(sequence.0),
            _ => None,
        });
        confirms.collect::<Vec<u64>>()
    };
    bench.ok(HERE, to_all());
    bench.ok(
        HERE,
        publish("nowhere", "unroutable, but not before the first", None),
    );
    assert_eq!(confirms(&bench), [0; 0]);
    bench.advance(39);
    assert_eq!(confirms(&bench), [0; 0]);
    bench.advance(1);
    assert_eq!(confirms(&bench), [1, 2]);
}

#[test]
fn without_time_for_messages_what_waits_is_handled_at_once() {
    let mut bench = slow();
    for number in 0..500 {
        bench.publish("q", &number.to_string());
    }
    let now = bench.now;
    bench.effects.clear();
    bench
        .broker
        .set_queue_time(now, SimDuration::ZERO, &mut bench.effects);
    bench.ledger.follow(&bench.effects);
    assert_eq!(told(&bench), [false]);
    assert_eq!(bench.counts("q").0, 500);
    bench.publish("q", "at once");
    assert_eq!(bench.counts("q").0, 501);
}

/// A repeatable sequence of small numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (self.0 >> 33) % most
    }
}

/// What is seen of a busy broker.
struct Watch {
    seed: u64,
    entered: u64,
    held: [bool; 2],
}

impl Watch {
    fn look(&mut self, bench: &Bench) {
        let seed = self.seed;
        for effect in &bench.effects {
            match effect {
                Effect::Enqueued { .. } => self.entered += 1,
                Effect::ConnectionFlow { connection, on } => {
                    let held = &mut self.held[connection.index() - 1];
                    assert_ne!(*held, *on, "seed {seed}: told twice; {REPEAT}");
                    *held = *on;
                }
                _ => {}
            }
        }
        for queue in ["q", "b", "c"] {
            // Four channels.
            assert!(unhandled(bench, queue) <= 4 * 400, "seed {seed}; {REPEAT}");
        }
    }

    /// Publishes some messages on a channel; says how many times a queue is to get one.
    fn burst(&mut self, bench: &mut Bench, dice: &mut Dice, on: ChannelRef) -> u64 {
        let mut sent = 0;
        for _ in 0..dice.below(200) {
            let kind = dice.below(4) as usize;
            let mut command = publish(["q", "b", "", "nowhere"][kind], "m", None);
            if kind == 2
                && let Command::BasicPublish(publish) = &mut command
            {
                publish.exchange = ExchangeName::truncated("amq.fanout");
            }
            sent += [1, 1, 2, 0][kind];
            // Everything is compared after the burst: there are many.
            let (now, effects) = (bench.now, &mut bench.effects);
            effects.clear();
            let applied = bench.broker.apply(now, on, command, effects);
            applied.expect("accepted");
            bench.ledger.follow(&bench.effects);
            self.look(bench);
        }
        sent
    }
}

const REPEAT: &str = "repeat with cargo test whatever_happens_all";

/// Two connections with two channels each publish in bursts to three queues, at an exchange to two of
/// them and to nowhere, ask in between, and queues become quicker and slower.
fn busy(seed: u64) {
    let mut dice = Dice(seed);
    let mut bench = slow();
    for queue in ["b", "c"] {
        bench.declare(queue, FieldTable::new());
        bench.ok(HERE, bind(queue, "amq.fanout"));
    }
    let channels = [channel(1, 1), channel(1, 2), channel(2, 1), channel(2, 2)];
    for other in &channels[1..] {
        bench.open(other.connection.0, other.channel);
    }
    let (entered, held) = (0, [false; 2]);
    let mut watch = Watch {
        seed,
        entered,
        held,
    };
    let mut sent = 0;
    for _ in 0..40 {
        let on = channels[dice.below(4) as usize];
        match dice.below(10) {
            0..=5 => sent += watch.burst(&mut bench, &mut dice, on),
            6 => {
                // What it published before is there.
                let _ = bench.get(on, "q");
                watch.look(&bench);
            }
            7 => {
                let (pace, now) = (SimDuration::from_millis(dice.below(20)), bench.now);
                bench.effects.clear();
                let effects = &mut bench.effects;
                bench.broker.set_queue_time(now, pace, effects);
                bench.ledger.follow(&bench.effects);
                watch.look(&bench);
            }
            _ => {
                bench.advance(dice.below(3_000));
                watch.look(&bench);
            }
        }
    }
    bench.advance(1_000_000);
    watch.look(&bench);
    assert_eq!(watch.entered, sent, "seed {seed}: all, once; {REPEAT}");
    assert_eq!(watch.held, [false; 2], "seed {seed}; {REPEAT}");
}

#[test]
fn whatever_happens_all_is_handled_once_and_nobody_stays_held_back() {
    for seed in 0..6 {
        busy(seed);
    }
}
