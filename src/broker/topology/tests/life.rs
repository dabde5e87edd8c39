//! Coming and going: declare, bind, unbind, delete, and what goes with it.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::support::{Wiring, exchange};
use crate::broker::command::ExchangeDeclare;
use crate::types::{FieldTable, Profile};

fn auto_delete(name: &str) -> ExchangeDeclare {
    ExchangeDeclare {
        auto_delete: true,
        ..exchange(name, "fanout")
    }
}

#[test]
fn a_queue_gets_one_copy_however_many_bindings_match() {
    let mut wiring = Wiring::new(Profile::V4);
    wiring.exchange("x", "topic");
    wiring.queue("q");
    for binding_key in ["a.b", "a.*", "#", "#.b"] {
        wiring.bind("x", "q", binding_key);
    }
    assert_eq!(wiring.route("x", "a.b"), ["q"]);
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
    wiring
        .unbind("c", "q", "no such key", &FieldTable::new())
        .expect("no effect");
    assert!(wiring.exists("c"));
    wiring.remove_queue("q");
    assert!(!wiring.exists("a") && !wiring.exists("b") && !wiring.exists("c"));
}
