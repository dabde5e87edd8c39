//! `x-delayed-message`: messages that wait at an exchange, as README and sources of RabbitMQ's plugin
//! say; no release of RabbitMQ holds it, so nothing here was measured.

use super::*;
use crate::broker::{ExchangeDeclare, Resource, UnroutableFate};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn exchange(name: &str, arguments: FieldTable) -> Command {
    Command::ExchangeDeclare(ExchangeDeclare {
        exchange: ExchangeName::truncated(name),
        exchange_type: ExchangeType::from(ExchangeType::DELAYED.to_owned()),
        arguments,
        ..ExchangeDeclare::default()
    })
}

fn plain_exchange(name: &str, kind: ExchangeType) -> Command {
    Command::ExchangeDeclare(ExchangeDeclare {
        exchange: ExchangeName::truncated(name),
        exchange_type: kind,
        ..ExchangeDeclare::default()
    })
}

fn as_type(name: &str) -> FieldTable {
    FieldTable::new().with("x-delayed-type", name)
}

/// A queue `q` behind a delaying exchange `x` that routes as a type does.
fn delaying(kind: &str) -> Bench {
    let mut bench = Bench::new();
    bench.ok(HERE, exchange("x", as_type(kind)));
    bench.declare("q", FieldTable::new());
    bench.ok(HERE, bind("q", "x"));
    bench
}

fn sent(body: &str, delay: impl Into<FieldValue>) -> Publish {
    let headers = FieldTable::new().with("z", 1).with("x-delay", delay);
    let properties = Properties {
        headers: Some(headers),
        ..Properties::default()
    };
    let Command::BasicPublish(publish) = publish("", body, Some(properties)) else {
        panic!("a publish");
    };
    Publish {
        exchange: ExchangeName::truncated("x"),
        ..publish
    }
}

fn send(bench: &mut Bench, body: &str, delay: impl Into<FieldValue>) {
    bench.ok(HERE, Command::BasicPublish(sent(body, delay)));
}

fn waiting(bench: &Bench) -> u32 {
    let x = bench.broker.exchange_named(VhostId(0), "x").expect("x");
    bench.broker.delayed_at(x)
}

fn fates(bench: &Bench) -> Vec<UnroutableFate> {
    let fate = |effect: &Effect| match effect {
        Effect::Unroutable { fate, .. } => Some(*fate),
        _ => None,
    };
    bench.effects.iter().filter_map(fate).collect()
}

#[test]
fn messages_leave_when_they_are_due_and_of_one_instant_as_they_came() {
    let mut bench = delaying("direct");
    for (body, delay) in [("late", 5000), ("soon", 1000), ("then", 1000)] {
        send(&mut bench, body, delay);
    }
    assert_eq!((waiting(&bench), bench.ready("q").as_str()), (3, ""));
    assert_eq!(
        bench.broker.next_deadline(),
        Some(SimTime::from_millis(1000))
    );
    bench.advance(999);
    assert_eq!(bench.ready("q"), "");
    bench.advance(1);
    assert_eq!(
        (bench.ready("q").as_str(), waiting(&bench)),
        ("soon then", 1)
    );
    bench.advance(4000);
    assert_eq!(bench.ready("q"), "soon then late");
    assert_eq!(bench.broker.next_deadline(), None);
}

#[test]
fn who_does_not_ask_for_it_or_for_too_much_does_not_wait() {
    let mut bench = delaying("fanout");
    for delay in [
        FieldValue::I32(0),
        FieldValue::I32(-5000),
        FieldValue::I64(4_294_967_296),
        FieldValue::Bool(true),
        FieldValue::text("soon"),
    ] {
        send(&mut bench, "m", delay);
    }
    assert_eq!((bench.counts("q").0, waiting(&bench)), (5, 0));
    for delay in [
        FieldValue::I64(4_294_967_295),
        FieldValue::text("1000"),
        FieldValue::F64(1.9),
        FieldValue::U8(200),
    ] {
        send(&mut bench, "m", delay);
    }
    assert_eq!((bench.counts("q").0, waiting(&bench)), (5, 4));
    bench.advance(1);
    assert_eq!(bench.counts("q").0, 6, "1.9 is cut to 1");
}

#[test]
fn the_header_says_afterwards_that_it_has_waited() {
    let mut bench = delaying("direct");
    send(&mut bench, "m", "1000");
    bench.advance(1000);
    let message = bench.take("q");
    let headers = message.headers().expect("headers");
    assert_eq!(headers.get("x-delay"), Some(&FieldValue::I32(-1000)));
    let keys: Vec<&str> = headers.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["x-delay", "z"]);
    assert_eq!(
        (message.exchange().as_str(), message.routing_key().as_str()),
        ("x", "")
    );
    // More than fits is the least that does, so that it is below zero all the same.
    send(&mut bench, "m", 4_294_967_295_i64);
    bench.advance(4_294_967_295);
    let message = bench.take("q");
    let delay = message.headers().and_then(|it| it.get("x-delay"));
    assert_eq!(delay, Some(&FieldValue::I32(i32::MIN)));
}

#[test]
fn it_goes_by_the_bindings_of_the_time_when_it_is_due() {
    let mut bench = delaying("direct");
    bench.declare("r", FieldTable::new());
    send(&mut bench, "m", 1000);
    bench.ok(HERE, unbind("q", "x"));
    bench.ok(HERE, bind("r", "x"));
    bench.advance(1000);
    assert_eq!((bench.counts("q").0, bench.counts("r").0), (0, 1));
    let gone = Command::ExchangeDelete {
        exchange: ExchangeName::truncated("x"),
        if_unused: false,
    };
    send(&mut bench, "m", 1000);
    send(&mut bench, "m", 2000);
    bench.ok(HERE, gone);
    bench.advance(1000);
    assert_eq!(fates(&bench), [UnroutableFate::Dropped]);
    bench.ok(HERE, plain_exchange("x", ExchangeType::Fanout));
    bench.ok(HERE, bind("q", "x"));
    bench.advance(1000);
    assert_eq!(
        bench.counts("q").0,
        1,
        "an exchange of that name is found again"
    );
}

#[test]
fn a_mandatory_message_goes_back_and_comes_all_the_same() {
    let mut bench = delaying("direct");
    bench.ok(HERE, Command::ConfirmSelect);
    let mandatory = true;
    bench.ok(
        HERE,
        Command::BasicPublish(Publish {
            mandatory,
            ..sent("m", 1000)
        }),
    );
    let returned = |it: &Effect| matches!(it, Effect::Return { .. });
    assert!(bench.effects.iter().any(returned));
    assert_eq!(fates(&bench), [UnroutableFate::Returned]);
    let confirmed = |it: &Effect| matches!(it, Effect::Confirm { ack: true, .. });
    assert!(
        bench.effects.iter().any(confirmed),
        "it is confirmed at once"
    );
    send(&mut bench, "n", 1000);
    assert_eq!(fates(&bench), []);
    bench.advance(1000);
    assert_eq!(bench.ready("q"), "m n");
}

#[test]
fn the_alternate_exchange_does_not_wait() {
    let mut bench = Bench::new();
    bench.ok(HERE, plain_exchange("rest", ExchangeType::Fanout));
    let arguments = as_type("direct").with("alternate-exchange", "rest");
    bench.ok(HERE, exchange("x", arguments));
    for (queue, source) in [("q", "x"), ("r", "rest")] {
        bench.declare(queue, FieldTable::new());
        bench.ok(HERE, bind(queue, source));
    }
    send(&mut bench, "m", 1000);
    assert_eq!(
        (bench.ready("q").as_str(), bench.ready("r").as_str()),
        ("", "m")
    );
    bench.advance(1000);
    assert_eq!(
        (bench.ready("q").as_str(), bench.ready("r").as_str()),
        ("m", "m")
    );
}

#[test]
fn a_rollback_does_not_call_it_back() {
    let mut bench = delaying("direct");
    bench.ok(HERE, Command::TxSelect);
    send(&mut bench, "m", 1000);
    bench.ok(HERE, Command::TxRollback);
    send(&mut bench, "n", 1000);
    bench.ok(HERE, Command::TxCommit);
    assert_eq!(fates(&bench), [], "it waits and is not lost");
    bench.advance(1000);
    assert_eq!(bench.ready("q"), "m n");
}

#[test]
fn it_waits_wherever_it_comes_to_such_an_exchange_but_only_once() {
    let mut bench = delaying("direct");
    bench.ok(HERE, exchange("y", as_type("fanout")));
    bench.declare("r", FieldTable::new());
    bench.ok(HERE, bind("r", "y"));
    bench.ok(
        HERE,
        Command::ExchangeBind {
            destination: ExchangeName::truncated("y"),
            source: ExchangeName::truncated("x"),
            binding_key: BindingKey::default(),
            arguments: FieldTable::new(),
        },
    );
    send(&mut bench, "m", 1000);
    bench.advance(1000);
    assert_eq!(
        (bench.ready("q").as_str(), bench.ready("r").as_str()),
        ("m", "m")
    );
    // A dead letter waits too.
    let dead = FieldTable::new().with("x-dead-letter-exchange", "x");
    bench.declare("d", dead.with("x-dead-letter-routing-key", ""));
    let direct = Publish {
        exchange: ExchangeName::default(),
        routing_key: RoutingKey::truncated("d"),
        ..sent("dead", 500)
    };
    bench.ok(HERE, Command::BasicPublish(direct));
    bench.get(HERE, "d");
    bench.ok(HERE, reject(1, false));
    assert_eq!((waiting(&bench), fates(&bench).len()), (1, 0));
    bench.advance(500);
    assert_eq!(bench.ready("q"), "m dead");
}

#[test]
fn the_other_type_must_be_one_and_has_its_say() {
    let refused = |arguments: FieldTable| Bench::new().refused(HERE, exchange("x", arguments));
    let no_type = "406 PRECONDITION_FAILED - Invalid argument, 'x-delayed-type' must be an existing exchange type";
    assert_eq!(refused(FieldTable::new()), no_type);
    assert_eq!(
        refused(FieldTable::new().with("x-delayed-type", 5)),
        no_type
    );
    assert_eq!(refused(as_type("x-delayed-message")), no_type);
    assert_eq!(
        refused(as_type("strange")),
        "503 COMMAND_INVALID - unknown exchange type 'strange'"
    );
    let mut bench = Bench::new();
    bench.ok(HERE, exchange("x", as_type("headers")));
    bench.declare("q", FieldTable::new());
    let Command::QueueBind {
        queue,
        exchange,
        binding_key,
        ..
    } = bind("q", "x")
    else {
        panic!("a binding");
    };
    let arguments = FieldTable::new().with("x-match", "some");
    let wrong = Command::QueueBind {
        queue,
        exchange,
        binding_key,
        arguments,
    };
    assert!(bench.refused(HERE, wrong).contains("x-match"));
    // A second declaration need not say the other type.
    bench.open(1, 1);
    bench.ok(HERE, super::delay::exchange("x", FieldTable::new()));
}

#[test]
fn what_waits_takes_memory() {
    let mut bench = delaying("direct");
    let before = bench.broker.used(Resource::Memory);
    send(&mut bench, "ten octets", 1000);
    assert_eq!(bench.broker.used(Resource::Memory), before + 730);
    bench.advance(1000);
    bench.take("q");
    assert_eq!(bench.broker.used(Resource::Memory), before);
}
