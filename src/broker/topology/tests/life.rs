//! Coming and going: declare, bind, unbind, delete, and what goes with it.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::support::{ROOT, Wiring, exchange, key, name};
use crate::broker::command::ExchangeDeclare;
use crate::broker::effect::Effect;
use crate::types::{FieldTable, Profile, QueueName, VhostId, VhostName};

fn auto_delete(name: &str) -> ExchangeDeclare {
    ExchangeDeclare {
        auto_delete: true,
        ..exchange(name, "fanout")
    }
}

/// The effects since the last look, in short.
fn effects(wiring: &mut Wiring) -> Vec<String> {
    let line = |effect: Effect| match effect {
        Effect::ExchangeDeclared { exchange, .. } => format!("+x{exchange}"),
        Effect::ExchangeDeleted { exchange } => format!("-x{exchange}"),
        Effect::Bound { binding } => format!("+b{binding}"),
        Effect::Unbound { binding } => format!("-b{binding}"),
        other => format!("{other:?}"),
    };
    wiring.effects.drain(..).map(line).collect()
}

#[test]
fn an_auto_delete_exchange_goes_with_its_last_binding_and_takes_its_kind_along() {
    let mut wiring = Wiring::new(Profile::V4);
    for exchange in ["a", "b", "c"] {
        wiring.declare(&auto_delete(exchange)).expect("an exchange");
    }
    wiring.queue("q");
    wiring.link("a", "b", "");
    wiring.link("b", "c", "");
    wiring.bind("c", "q", "");
    assert_eq!(
        effects(&mut wiring),
        ["+x7", "+x8", "+x9", "+b0", "+b1", "+b2"]
    );
    wiring
        .unbind("c", "q", "no such key", &FieldTable::new())
        .expect("no effect");
    assert!(effects(&mut wiring).is_empty());
    wiring.remove_queue("q");
    assert_eq!(
        effects(&mut wiring),
        ["-b2", "-x9", "-b1", "-x8", "-b0", "-x7"]
    );
    assert!(!wiring.exists("a") && !wiring.exists("b") && !wiring.exists("c"));
}

#[test]
fn an_auto_delete_exchange_without_a_binding_yet_stays() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring.declare(&auto_delete("x")).expect("an exchange");
    wiring.exchange("y", "fanout");
    wiring.queue("q");
    wiring.link("y", "x", "");
    wiring.unlink("y", "x", "").expect("an unbind");
    assert!(wiring.exists("x"), "bindings towards it do not count");
    wiring.bind("x", "q", "1");
    wiring.bind("x", "q", "2");
    wiring
        .unbind("x", "q", "1", &FieldTable::new())
        .expect("an unbind");
    assert!(wiring.exists("x"));
    wiring
        .unbind("x", "q", "2", &FieldTable::new())
        .expect("an unbind");
    assert!(!wiring.exists("x"));
}

#[test]
fn deleting_an_exchange_deletes_its_bindings_on_both_sides() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring.declare(&auto_delete("before")).expect("an exchange");
    wiring.exchange("x", "fanout");
    wiring.exchange("after", "fanout");
    wiring.queue("q");
    wiring.link("before", "x", "");
    wiring.link("x", "after", "");
    wiring.link("x", "x", "");
    wiring.bind("x", "q", "");
    wiring.effects.clear();
    wiring.delete("x", false).expect("a delete");
    assert_eq!(
        effects(&mut wiring),
        ["-x8", "-b0", "-b1", "-b2", "-b3", "-x7"]
    );
    assert!(wiring.topology.bindings.is_empty());
    assert!(wiring.exists("after") && !wiring.exists("before"));
}

#[test]
fn declaring_what_is_there_changes_nothing_and_a_name_can_come_again_with_another_id() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring.exchange("x", "direct");
    wiring.exchange("x", "direct");
    assert_eq!(effects(&mut wiring), ["+x7"]);
    wiring.delete("x", false).expect("a delete");
    wiring.exchange("x", "topic");
    assert_eq!(effects(&mut wiring), ["-x7", "+x8"]);
    let first = wiring.queue("q");
    wiring.remove_queue("q");
    assert_ne!(wiring.queue("q"), first);
}

#[test]
fn a_deleted_and_declared_again_queue_has_none_of_its_old_bindings() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring.exchange("x", "direct");
    wiring.queue("q");
    wiring.bind("x", "q", "k");
    wiring.remove_queue("q");
    wiring.queue("q");
    assert!(wiring.route("x", "k").is_empty());
}

#[test]
fn line_ends_are_stripped_from_names_that_are_declared_bound_and_deleted() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring.exchange("a\r\nb", "direct");
    assert!(wiring.exists("ab"));
    wiring.queue("q");
    wiring.bind("a\nb", "q", "k");
    assert_eq!(wiring.route("ab", "k"), ["q"]);
    wiring
        .unbind("ab\n", "q", "k", &FieldTable::new())
        .expect("an unbind");
    assert!(wiring.route("ab", "k").is_empty());
    wiring.delete("\nab", false).expect("a delete");
    assert!(!wiring.exists("ab"));
    let only_line_ends = wiring.declare(&exchange("\r\n", "direct"));
    assert!(
        only_line_ends.is_err(),
        "what is left is the default exchange's name"
    );
}

#[test]
fn vhosts_are_worlds_of_their_own() {
    let mut wiring = Wiring::new(Profile::V4);
    let other = wiring.topology.add_vhost(&VhostName::truncated("other"));
    assert_eq!(
        wiring.topology.add_vhost(&VhostName::truncated("other")),
        other
    );
    assert_eq!(
        wiring.topology.vhost_name(other).map(VhostName::as_str),
        Some("other")
    );
    wiring.exchange("x", "direct");
    let here = wiring.queue("q");
    let there = wiring
        .topology
        .register_queue(other, &QueueName::truncated("q"));
    assert_ne!(here, there);
    assert_eq!(wiring.topology.exchange_id(other, "x"), None);
    assert!(wiring.topology.exchange_id(other, "amq.direct").is_some());
    assert_ne!(
        wiring.topology.exchange_id(other, "amq.direct"),
        wiring.topology.exchange_id(ROOT, "amq.direct")
    );
}

#[test]
fn a_vhost_that_is_not_there_is_refused_and_never_a_panic() {
    let mut wiring = Wiring::new(Profile::V4);
    let nowhere = VhostId(99);
    let method = super::support::EXCHANGE_DECLARE;
    let declare = exchange("x", "direct");
    let (x, none) = (name("x"), FieldTable::new());
    let topology = &mut wiring.topology;
    let effects = &mut wiring.effects;
    assert!(
        topology
            .exchange_declare(nowhere, &declare, method, effects)
            .is_err()
    );
    assert!(
        topology
            .exchange_delete(nowhere, &x, false, method, effects)
            .is_err()
    );
    let what = (&key(""), &none);
    assert!(
        topology
            .exchange_bind(nowhere, (&x, &x), what, method, effects)
            .is_err()
    );
    assert!(topology.publish_target(nowhere, &x, method).is_err());
    assert_eq!(topology.queue_id(nowhere, "q"), None);
}

#[test]
fn a_clone_goes_its_own_way() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring.exchange("x", "topic");
    wiring.queue("q");
    wiring.bind("x", "q", "#");
    let before = wiring.topology.clone();
    wiring.remove_queue("q");
    wiring.queue("r");
    wiring.bind("x", "r", "a.*");
    wiring.exchange("y", "fanout");
    assert_eq!(wiring.route("x", "a.b"), ["r"]);
    wiring.topology = before;
    assert_eq!(wiring.route("x", "a.b"), ["q"]);
    assert!(!wiring.exists("y"));
    assert_eq!(wiring.topology.queue_id(ROOT, "r"), None);
}
