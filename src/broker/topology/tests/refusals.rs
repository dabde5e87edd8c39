//! What is refused about exchanges and bindings: scope, code, text and method, as RabbitMQ says it.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::support::{PUBLISH, ROOT, Wiring, exchange, name, refusal};
use crate::broker::command::ExchangeDeclare;
use crate::broker::topology::read_cc;
use crate::types::{FieldTable, FieldValue, Profile};

fn declare(change: impl FnOnce(&mut ExchangeDeclare)) -> ExchangeDeclare {
    let mut declare = exchange("x", "direct");
    change(&mut declare);
    declare
}

/// A broker with a durable direct exchange `x`, an internal one `in`, and a queue `q`.
fn wiring() -> Wiring {
    let mut wiring = Wiring::new(Profile::V4);
    wiring.exchange("x", "direct");
    let internal = ExchangeDeclare {
        internal: true,
        ..exchange("in", "fanout")
    };
    wiring.declare(&internal).expect("an exchange");
    wiring.queue("q");
    wiring
}

#[test]
fn an_unknown_exchange_type_closes_the_connection_in_3_and_the_channel_in_4() {
    let cases = [
        (
            Profile::V3,
            "nope",
            "Connection 503 COMMAND_INVALID - unknown exchange type 'nope'",
        ),
        (
            Profile::V3,
            "",
            "Connection 503 COMMAND_INVALID - invalid exchange type ''",
        ),
        (
            Profile::V4,
            "nope",
            "Channel 406 PRECONDITION_FAILED - unknown exchange type 'nope'",
        ),
        (
            Profile::V4,
            "",
            "Channel 406 PRECONDITION_FAILED - invalid exchange type ''",
        ),
    ];
    for (profile, exchange_type, expected) in cases {
        let refused = Wiring::new(profile).declare(&exchange("x", exchange_type));
        assert_eq!(refusal(refused), format!("{expected} (40,10)"));
    }
}

#[test]
fn the_type_is_checked_first_but_not_when_passive() {
    let mut wiring = wiring();
    let reserved = exchange("amq.mine", "nope");
    assert!(refusal(wiring.declare(&reserved)).contains("unknown exchange type"));
    let passive = ExchangeDeclare {
        passive: true,
        ..exchange("x", "nope")
    };
    assert_eq!(wiring.declare(&passive), Ok(()));
}

#[test]
fn declaring_again_must_say_the_same() {
    let not = |what: &str, received: &str, current: &str| {
        format!(
            "Channel 406 PRECONDITION_FAILED - inequivalent arg '{what}' for exchange 'x' in vhost \
             '/': received {received} but current is {current} (40,10)"
        )
    };
    let cases = [
        (
            declare(|it| it.durable = false),
            not("durable", "'false'", "'true'"),
        ),
        (
            declare(|it| it.auto_delete = true),
            not("auto_delete", "'true'", "'false'"),
        ),
        (
            declare(|it| it.internal = true),
            not("internal", "'true'", "'false'"),
        ),
        (
            // Of several differences the type is named first.
            ExchangeDeclare {
                durable: false,
                ..exchange("x", "topic")
            },
            not("type", "'topic'", "'direct'"),
        ),
        (
            declare(|it| it.arguments.set("alternate-exchange", "a")),
            not(
                "alternate-exchange",
                "the value 'a' of type 'longstr'",
                "none",
            ),
        ),
    ];
    let mut wiring = wiring();
    for (declare, expected) in cases {
        assert_eq!(refusal(wiring.declare(&declare)), expected);
    }
    let other = declare(|it| it.arguments.set("something-else", 1));
    assert_eq!(
        wiring.declare(&other),
        Ok(()),
        "other arguments are not compared"
    );
}

#[test]
fn another_alternate_exchange_is_named_without_its_type() {
    let mut wiring = Wiring::new(Profile::V4);
    let first = declare(|it| it.arguments.set("alternate-exchange", "a"));
    wiring.declare(&first).expect("an exchange");
    assert_eq!(wiring.declare(&first), Ok(()));
    let other = declare(|it| it.arguments.set("alternate-exchange", "b"));
    assert!(refusal(wiring.declare(&other)).contains("received 'b' but current is 'a'"));
    let none = declare(|_| ());
    let expected = "received none but current is the value 'a' of type 'longstr'";
    assert!(refusal(wiring.declare(&none)).contains(expected));
}

#[test]
fn declares_are_refused_in_rabbitmqs_words() {
    let passive = |name| ExchangeDeclare {
        passive: true,
        ..exchange(name, "direct")
    };
    let default = "Channel 403 ACCESS_REFUSED - operation not permitted on the default exchange";
    let cases = [
        (
            passive("y"),
            "Channel 404 NOT_FOUND - no exchange 'y' in vhost '/'",
        ),
        (
            passive("amq.mine"),
            "Channel 404 NOT_FOUND - no exchange 'amq.mine' in vhost '/'",
        ),
        (
            exchange("amq.mine", "direct"),
            "Channel 403 ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'",
        ),
        (exchange("", "direct"), default),
        (passive(""), default),
        (
            ExchangeDeclare {
                arguments: FieldTable::new().with("alternate-exchange", 5),
                ..exchange("y", "direct")
            },
            "Channel 406 PRECONDITION_FAILED - invalid type 'signedint' for arg \
             'alternate-exchange' in exchange 'y' in vhost '/'",
        ),
    ];
    let mut wiring = wiring();
    for (declare, expected) in cases {
        assert_eq!(
            refusal(wiring.declare(&declare)),
            format!("{expected} (40,10)")
        );
    }
    assert_eq!(
        wiring.declare(&exchange("amq.topic", "topic")),
        Ok(()),
        "it is there already"
    );
}

#[test]
fn deletes_are_refused_in_rabbitmqs_words() {
    let system = |name| {
        format!(
            "Channel 403 ACCESS_REFUSED - deletion of system exchange '{name}' in vhost '/' not \
             allowed (40,20)"
        )
    };
    let mut wiring = wiring();
    assert_eq!(
        refusal(wiring.delete("", false)),
        "Channel 403 ACCESS_REFUSED - operation not permitted on the default exchange (40,20)"
    );
    assert_eq!(
        refusal(wiring.delete("amq.fanout", false)),
        system("amq.fanout")
    );
    assert_eq!(
        refusal(wiring.delete("amq.nothing", false)),
        system("amq.nothing")
    );
    assert_eq!(wiring.delete("missing", true), Ok(()));
    wiring.link("x", "in", "k");
    assert_eq!(
        refusal(wiring.delete("x", true)),
        "Channel 406 PRECONDITION_FAILED - exchange 'x' in vhost '/' in use (40,20)"
    );
    assert_eq!(
        wiring.delete("in", true),
        Ok(()),
        "being only a destination is not in use"
    );
    assert_eq!(
        wiring.delete("x", true),
        Ok(()),
        "its only binding went with the other"
    );
}

#[test]
fn publishers_are_refused_missing_and_internal_exchanges() {
    let wiring = wiring();
    let target = |text| {
        let found = wiring.topology.publish_target(ROOT, &name(text), PUBLISH);
        refusal(found.map(|_| ()))
    };
    assert_eq!(
        target("y"),
        "Channel 404 NOT_FOUND - no exchange 'y' in vhost '/' (60,40)"
    );
    assert_eq!(
        target("in"),
        "Channel 403 ACCESS_REFUSED - cannot publish to internal exchange 'in' in vhost '/' (60,40)"
    );
    assert!(
        wiring
            .topology
            .publish_target(ROOT, &name(""), PUBLISH)
            .is_ok()
    );
}

#[test]
fn bindings_name_what_is_missing_the_exchange_first() {
    let mut wiring = wiring();
    let none = FieldTable::new();
    let default = "Channel 403 ACCESS_REFUSED - operation not permitted on the default exchange";
    let cases = [
        (
            wiring.try_bind("y", "nope", "", &none),
            "no exchange 'y' in vhost '/' (50,20)",
        ),
        (
            wiring.try_bind("y", "q", "", &none),
            "no exchange 'y' in vhost '/' (50,20)",
        ),
        (
            wiring.try_bind("x", "nope", "", &none),
            "no queue 'nope' in vhost '/' (50,20)",
        ),
        (
            wiring.try_link("y", "z", ""),
            "no exchange 'y' in vhost '/' (40,30)",
        ),
        (
            wiring.try_link("x", "z", ""),
            "no exchange 'z' in vhost '/' (40,30)",
        ),
    ];
    for (result, expected) in cases {
        assert_eq!(
            refusal(result),
            format!("Channel 404 NOT_FOUND - {expected}")
        );
    }
    for (result, ids) in [
        (wiring.try_bind("", "q", "", &none), "(50,20)"),
        (wiring.unbind("", "q", "", &none), "(50,50)"),
        (wiring.try_link("", "x", ""), "(40,30)"),
        (wiring.try_link("x", "", ""), "(40,30)"),
        (wiring.unlink("", "x", ""), "(40,40)"),
        (wiring.unlink("x", "", ""), "(40,40)"),
    ] {
        assert_eq!(refusal(result), format!("{default} {ids}"));
    }
}

#[test]
fn unbinding_whatever_is_missing_succeeds() {
    let mut wiring = wiring();
    let none = FieldTable::new();
    assert_eq!(wiring.unbind("x", "q", "never", &none), Ok(()));
    assert_eq!(wiring.unbind("x", "missing", "", &none), Ok(()));
    assert_eq!(wiring.unbind("missing", "q", "", &none), Ok(()));
    assert_eq!(wiring.unlink("missing", "x", ""), Ok(()));
    assert_eq!(wiring.unlink("x", "missing", ""), Ok(()));
    assert!(
        wiring
            .effects
            .iter()
            .all(|effect| !format!("{effect:?}").contains("Unbound"))
    );
}

#[test]
fn a_headers_binding_with_a_wrong_x_match_is_refused() {
    let mut wiring = wiring();
    wiring.exchange("h", "headers");
    let mut bind = |value: FieldValue| {
        let arguments = FieldTable::new().with("x-match", value);
        wiring.try_bind("h", "q", "", &arguments)
    };
    assert_eq!(
        refusal(bind("bogus".into())),
        "Channel 406 PRECONDITION_FAILED - Invalid x-match field value <<\"bogus\">>; expected all, \
         any, all-with-x, or any-with-x (50,20)"
    );
    assert_eq!(
        refusal(bind(FieldValue::I8(1))),
        "Channel 406 PRECONDITION_FAILED - Invalid x-match field type byte (value 1); expected \
         longstr (50,20)"
    );
    for mode in ["all", "any", "all-with-x", "any-with-x"] {
        assert_eq!(bind(mode.into()), Ok(()));
    }
    let bogus = FieldTable::new().with("x-match", "bogus");
    assert_eq!(
        wiring.try_bind("x", "q", "", &bogus),
        Ok(()),
        "only headers exchanges look"
    );
}

#[test]
fn more_than_two_any_words_wildcards_are_refused_in_4_only() {
    let none = FieldTable::new();
    for profile in Profile::ALL {
        let mut wiring = Wiring::new(profile);
        wiring.exchange("t", "topic");
        wiring.exchange("d", "direct");
        wiring.queue("q");
        wiring.bind("t", "q", "#.a.#");
        wiring.bind("t", "q", "##.#.#b.#");
        wiring.bind("d", "q", "#.#.#");
        let three = wiring.try_bind("t", "q", "#.a.#.b.#", &none);
        match profile {
            Profile::V3 => assert_eq!(three, Ok(())),
            Profile::V4 => assert_eq!(
                refusal(three),
                "Channel 406 PRECONDITION_FAILED - Topic binding key '#.a.#.b.#' uses 3 '#' \
                 wildcards, at most 2 are allowed (50,20)"
            ),
        }
    }
}

#[test]
fn cc_and_bcc_must_be_arrays_and_only_their_strings_count() {
    let array = |values: &[FieldValue]| FieldValue::Array(values.to_vec());
    let headers = FieldTable::new()
        .with("BCC", array(&["c".into()]))
        .with("CC", array(&["a".into(), FieldValue::I32(5), "b".into()]));
    let keys = read_cc(&headers, PUBLISH).expect("keys");
    let texts = |keys: &[crate::types::RoutingKey]| {
        keys.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(texts(keys.all()), ["a", "b", "c"]);
    assert_eq!(texts(keys.cc()), ["a", "b"]);
    assert!(keys.has_bcc());
    for header in ["CC", "BCC"] {
        let wrong = FieldTable::new().with(header, "a");
        let expected = format!(
            "Channel 406 PRECONDITION_FAILED - invalid message: \
             {{unacceptable_type_in_header,\"{header}\",longstr}} (60,40)"
        );
        assert_eq!(refusal(read_cc(&wrong, PUBLISH).map(|_| ())), expected);
    }
}
