//! Alarms (semantics section 18): who is blocked, what waits, what ends it.

use super::*;
use crate::broker::{MESSAGE_OCTETS, Resource};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What connections were told by the latest effects.
fn told(bench: &Bench) -> Vec<String> {
    let told = bench.effects.iter().filter_map(|effect| match effect {
        Effect::ConnectionBlocked { connection, reason } => Some(format!("{connection} {reason}")),
        Effect::ConnectionUnblocked { connection } => Some(format!("{connection} unblocked")),
        _ => None,
    });
    told.collect()
}

fn set(bench: &mut Bench, what: Resource, on: bool) {
    bench.effects.clear();
    bench
        .broker
        .set_alarm(bench.now, what, on, &mut bench.effects);
    bench.ledger.follow(&bench.effects);
}

#[test]
fn a_connection_is_blocked_by_its_publish_which_waits() {
    let mut bench = Bench::new();
    let other = bench.open(2, 1);
    bench.declare("q", FieldTable::new());
    set(&mut bench, Resource::Memory, true);
    assert_eq!(told(&bench), [""; 0]);
    bench.publish("q", "m0");
    assert_eq!(told(&bench), ["1 low on memory"]);
    bench.publish("q", "m1");
    assert_eq!(told(&bench), [""; 0], "it knows");
    assert_eq!(bench.counts("q"), (0, 0, 0));
    assert_eq!(bench.get(other, "q"), "empty");
    assert_eq!(told(&bench), [""; 0], "who publishes nothing goes on");
    set(&mut bench, Resource::Memory, false);
    assert_eq!(told(&bench), ["1 unblocked"]);
    assert_eq!(bench.ready("q"), "m0 m1");
}

#[test]
fn all_alarms_must_be_over() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    set(&mut bench, Resource::Disk, true);
    bench.publish("q", "m0");
    assert_eq!(told(&bench), ["1 low on disk"]);
    set(&mut bench, Resource::Memory, true);
    let other = bench.open(2, 1);
    bench.ok(other, publish("q", "m1", None));
    assert_eq!(told(&bench), ["2 low on disk & memory"]);
    set(&mut bench, Resource::Disk, false);
    assert_eq!(told(&bench), [""; 0]);
    set(&mut bench, Resource::Memory, false);
    assert_eq!(told(&bench), ["1 unblocked", "2 unblocked"]);
    assert_eq!(bench.ready("q"), "m0 m1");
}

#[test]
fn messages_fill_the_memory_and_what_is_taken_away_makes_room_within_the_interval() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    let limit = Some(3 * (MESSAGE_OCTETS + 2));
    let Bench {
        broker,
        now,
        effects,
        ..
    } = &mut bench;
    broker.set_limit(*now, Resource::Memory, limit, effects);
    bench.publish_all("q", "m0 m1 m2");
    assert_eq!(
        bench.broker.used(Resource::Memory),
        3 * (MESSAGE_OCTETS + 2)
    );
    bench.publish("q", "m3");
    assert_eq!(told(&bench), ["1 low on memory"]);
    assert_eq!(bench.broker.alarm(), Some("low on memory"));
    bench.advance(2_500);
    assert_eq!(told(&bench), [""; 0], "nothing was taken away");
    let other = bench.open(2, 1);
    assert_eq!(bench.get(other, "q"), "m0 tag 1, 2 left");
    bench.advance(2_500);
    assert_eq!(told(&bench), [""; 0], "what is unacked takes room");
    bench.ack(other, 1);
    bench.advance(2_499);
    assert_eq!(told(&bench), [""; 0]);
    bench.advance(1);
    assert_eq!(told(&bench), ["1 unblocked"]);
    assert_eq!(bench.ready("q"), "m1 m2 m3");
}

/// However long nothing happens, and whatever else waits for its time.
#[test]
fn the_end_of_time_is_reached_while_memory_is_low() {
    for profile in Profile::ALL {
        let mut bench = Bench::with_profile(profile);
        bench.declare("q", FieldTable::new());
        bench.declare("r", FieldTable::new().with("x-message-ttl", 90_000_000));
        bench.publish_all("q", "m0 m1");
        bench.publish("r", "expires");
        let other = bench.open(2, 1);
        assert_eq!(bench.get(other, "q"), "m0 tag 1, 1 left");
        let Bench {
            broker,
            now,
            effects,
            ..
        } = &mut bench;
        broker.set_limit(*now, Resource::Memory, Some(MESSAGE_OCTETS), effects);
        bench.publish("q", "held");
        assert_eq!(told(&bench), ["1 low on memory"]);
        let year = 365 * 24 * 60 * 60 * 1000;
        bench.advance(year);
        assert_eq!(told(&bench), [""; 0]);
        assert_eq!(bench.counts("r"), (0, 0, 0));
        bench.effects.clear();
        bench.broker.expire(SimTime::MAX, &mut bench.effects);
        assert_eq!(bench.broker.alarm(), Some("low on memory"));
    }
}

#[test]
fn what_a_connection_had_to_say_goes_with_it() {
    let mut bench = Bench::new();
    let other = bench.open(2, 1);
    bench.declare("q", FieldTable::new());
    set(&mut bench, Resource::Disk, true);
    bench.ok(other, publish("q", "lost", None));
    bench.ok(channel(2, 0), Command::ConnectionClose);
    set(&mut bench, Resource::Disk, false);
    assert_eq!(told(&bench), [""; 0]);
    assert_eq!(bench.counts("q"), (0, 0, 0));
}

#[test]
fn persistent_messages_in_durable_queues_fill_the_disk() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    let mut gone = declare("gone", FieldTable::new());
    if let Command::QueueDeclare(declare) = &mut gone {
        (declare.durable, declare.exclusive) = (false, true);
    }
    bench.ok(HERE, gone);
    let persistent = || {
        Some(Properties {
            delivery_mode: Some(2),
            ..Properties::default()
        })
    };
    let Bench {
        broker,
        now,
        effects,
        ..
    } = &mut bench;
    broker.set_limit(*now, Resource::Disk, Some(6), effects);
    let used = |bench: &Bench| bench.broker.used(Resource::Disk);
    bench.publish("q", "transient");
    assert_eq!(used(&bench), 0);
    bench.ok(HERE, publish("gone", "not durable", persistent()));
    assert_eq!(used(&bench), 0);
    bench.ok(HERE, publish("q", "abc", persistent()));
    assert_eq!(used(&bench), 3);
    bench.ok(HERE, publish("q", "def", persistent()));
    assert_eq!(used(&bench), 6);
    assert_eq!(told(&bench), [""; 0]);
    bench.publish("q", "m");
    assert_eq!(told(&bench), ["1 low on disk"]);
    assert!(bench.broker.is_low(Resource::Disk) && !bench.broker.is_low(Resource::Memory));
    assert_eq!(bench.broker.blocked_connections().len(), 1);
}
