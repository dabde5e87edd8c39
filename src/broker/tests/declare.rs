//! Queues are declared, purged and deleted (semantics section 4).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn flags(name: &str, durable: bool, exclusive: bool, auto_delete: bool) -> Command {
    let queue = QueueName::truncated(name);
    let arguments = FieldTable::new();
    let passive = false;
    Command::QueueDeclare(QueueDeclare {
        queue,
        passive,
        durable,
        exclusive,
        auto_delete,
        arguments,
    })
}

fn passive(name: &str) -> Command {
    let queue = QueueName::truncated(name);
    Command::QueueDeclare(QueueDeclare {
        queue,
        passive: true,
        ..QueueDeclare::default()
    })
}

fn name_of(reply: Reply) -> String {
    match reply {
        Reply::QueueDeclared { queue, .. } => queue.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_empty_name_is_invented_and_reserved() {
    let mut bench = Bench::new();
    let name = name_of(bench.ok(HERE, flags("", false, true, false)));
    assert!(name.starts_with("amq.gen-") && name.len() == 30, "{name}");
    assert_ne!(name, name_of(bench.ok(HERE, flags("", false, true, false))));
    bench.ok(HERE, passive(&name));
    let text = format!("403 ACCESS_REFUSED - queue name '{name}' contains reserved prefix 'amq.*'");
    assert_eq!(bench.refused(HERE, flags(&name, false, true, false)), text);
}

#[test]
fn the_same_run_invents_the_same_names() {
    let names = || {
        let mut bench = Bench::new();
        [(); 3].map(|()| name_of(bench.ok(HERE, flags("", true, false, false))))
    };
    assert_eq!(names(), names());
}

#[test]
fn line_ends_are_taken_out_of_a_name() {
    let mut bench = Bench::new();
    assert_eq!(
        name_of(bench.ok(HERE, flags("a\r\nb", true, false, false))),
        "ab"
    );
}

#[test]
fn declaring_again_says_how_many_are_ready_and_consuming() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.publish_all("q", "m0 m1 m2");
    bench.get(HERE, "q");
    let other = bench.open(1, 2);
    bench.qos(other, 1, false);
    bench.consume(other, "q", "c");
    for command in [declare("q", FieldTable::new()), passive("q")] {
        let reply = bench.ok(HERE, command);
        let Reply::QueueDeclared {
            ready, consumers, ..
        } = reply
        else {
            panic!("{reply:?}");
        };
        assert_eq!((ready, consumers), (1, 1));
    }
}

#[test]
fn flags_that_differ_are_refused_one_after_the_other() {
    let place = "for queue 'q' in vhost '/'";
    let text = |flag: &str| {
        format!(
            "406 PRECONDITION_FAILED - inequivalent arg '{flag}' {place}: received 'true' but \
             current is 'false'"
        )
    };
    for (command, flag) in [
        (flags("q", true, false, true), "durable"),
        (flags("q", false, false, true), "auto_delete"),
    ] {
        let mut bench = Bench::new();
        bench.ok(HERE, flags("q", false, false, false));
        assert_eq!(bench.refused(HERE, command), text(flag));
    }
}

#[test]
fn exclusive_against_shared_is_locked_either_way_also_for_the_owner() {
    let text = "405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost \
                '/'. It could be originally declared on another connection or the exclusive \
                property value does not match that of the original declaration.";
    for exclusive in [true, false] {
        let mut bench = Bench::new();
        bench.ok(HERE, flags("q", false, exclusive, false));
        assert_eq!(
            bench.refused(HERE, flags("q", false, !exclusive, false)),
            text
        );
    }
}

#[test]
fn an_exclusive_queue_may_be_declared_again_with_either_durability() {
    let mut bench = Bench::new();
    bench.ok(HERE, flags("q", true, true, false));
    bench.ok(HERE, flags("q", false, true, false));
}

#[test]
fn an_exclusive_queue_is_its_connections_alone_but_for_publishing() {
    let queue = || QueueName::truncated("own");
    let commands = [
        passive("own"),
        flags("own", false, true, false),
        delete("own"),
        Command::QueuePurge { queue: queue() },
        Command::BasicGet {
            queue: queue(),
            no_ack: true,
        },
        consume("own", "c", FieldTable::new()),
        bind("own", "amq.direct"),
        unbind("own", "amq.direct"),
    ];
    for command in commands {
        let mut bench = Bench::new();
        bench.ok(HERE, flags("own", false, true, false));
        let stranger = bench.open(2, 1);
        bench.ok(stranger, publish("own", "may come", None));
        // Only a binding that is there is guarded against unbinding.
        bench.ok(HERE, bind("own", "amq.direct"));
        let method = command.method_id();
        let error = bench.try_do(stranger, command).expect_err("refused");
        assert_eq!(
            (error.code, error.method),
            (ReplyCode::ResourceLocked, method)
        );
        assert_eq!(bench.counts("own").0, 1);
    }
}

#[test]
fn arguments_are_checked_and_named() {
    let i32 = FieldValue::I32;
    let cases = [
        ("x-message-ttl", i32(-1), "{value_negative,-1}"),
        (
            "x-message-ttl",
            FieldValue::text("5"),
            "\"expected integer, got longstr\"",
        ),
        (
            "x-message-ttl",
            FieldValue::Bool(true),
            "\"expected integer, got bool\"",
        ),
        ("x-expires", i32(0), "{value_zero,0}"),
        ("x-max-length", i32(-5), "{value_negative,-5}"),
        (
            "x-max-length-bytes",
            FieldValue::F64(1.0),
            "\"expected integer, got double\"",
        ),
        ("x-max-priority", i32(256), "{max_value_exceeded,256}"),
        (
            "x-overflow",
            FieldValue::text("explode"),
            "invalid_overflow",
        ),
        (
            "x-dead-letter-routing-key",
            FieldValue::text("k"),
            "routing_key_but_no_dlx_defined",
        ),
        (
            "x-single-active-consumer",
            i32(1),
            "{unacceptable_type,signedint}",
        ),
        (
            "x-queue-mode",
            FieldValue::text("fast"),
            "\"unsupported queue mode 'fast'\"",
        ),
        (
            "x-queue-type",
            FieldValue::text("list"),
            "\"unsupported queue type 'list'\"",
        ),
    ];
    for (key, value, reason) in cases {
        let mut bench = Bench::new();
        let refusal = bench.refused(HERE, declare("q", FieldTable::new().with(key, value)));
        let expected = format!(
            "406 PRECONDITION_FAILED - invalid arg '{key}' for queue 'q' in vhost '/': {reason}"
        );
        assert_eq!(refusal, expected);
        assert!(!bench.exists("q"));
    }
}

#[test]
fn compared_arguments_must_be_the_same_and_unknown_ones_are_ignored() {
    let ttl = |value: FieldValue| FieldTable::new().with("x-message-ttl", value);
    let mut bench = Bench::new();
    bench.declare("q", ttl(FieldValue::I32(1000)).with("x-own", "1"));
    bench.declare("q", ttl(FieldValue::I64(1000)).with("x-own", "2"));
    let text = "406 PRECONDITION_FAILED - inequivalent arg 'x-message-ttl' for queue 'q' in vhost \
                '/': received none but current is the value '1000' of type 'signedint'";
    assert_eq!(bench.refused(HERE, declare("q", FieldTable::new())), text);
}

#[test]
fn an_empty_name_means_the_last_queue_declared_on_the_channel() {
    let mut bench = Bench::new();
    let empty = || QueueName::default();
    let purge = || Command::QueuePurge { queue: empty() };
    let text = "404 NOT_FOUND - no previously declared queue";
    assert_eq!(bench.refused(HERE, purge()), text);
    bench.open(1, 1);
    bench.declare("a", FieldTable::new());
    bench.declare("b", FieldTable::new());
    bench.ok(HERE, passive("a"));
    bench.publish("a", "m0");
    let reply = bench.ok(HERE, purge());
    assert!(matches!(reply, Reply::Purged { messages: 1 }), "{reply:?}");
    bench.ok(HERE, delete("a"));
    let text = "404 NOT_FOUND - no queue 'a' in vhost '/'";
    assert_eq!(
        bench.refused(HERE, purge()),
        text,
        "the name survives the queue"
    );
}

#[test]
fn purge_takes_ready_messages_only() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.publish_all("q", "m0 m1 m2");
    bench.get(HERE, "q");
    let reply = bench.ok(
        HERE,
        Command::QueuePurge {
            queue: QueueName::truncated("q"),
        },
    );
    assert!(matches!(reply, Reply::Purged { messages: 2 }), "{reply:?}");
    assert_eq!(bench.counts("q"), (0, 1, 0));
}

#[test]
fn delete_may_ask_for_an_unused_and_an_empty_queue() {
    let command = |if_unused, if_empty| {
        let queue = QueueName::truncated("q");
        Command::QueueDelete {
            queue,
            if_unused,
            if_empty,
        }
    };
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.publish_all("q", "m0 m1");
    bench.qos(other, 1, false);
    bench.consume(other, "q", "c");
    let text = |what| format!("406 PRECONDITION_FAILED - queue 'q' in vhost '/' {what}");
    assert_eq!(bench.refused(HERE, command(true, true)), text("not empty"));
    bench.open(1, 1);
    assert_eq!(bench.refused(HERE, command(false, true)), text("not empty"));
    bench.open(1, 1);
    bench.ok(
        HERE,
        Command::QueuePurge {
            queue: QueueName::truncated("q"),
        },
    );
    let reply = bench.ok(HERE, command(false, true));
    assert!(
        matches!(reply, Reply::QueueDeleted { messages: 0 }),
        "unacked do not count"
    );
    let reply = bench.ok(HERE, command(true, true));
    assert!(
        matches!(reply, Reply::QueueDeleted { messages: 0 }),
        "gone already"
    );
}

#[test]
fn an_auto_delete_queue_goes_with_its_last_consumer_and_never_before_it_had_one() {
    let mut bench = Bench::new();
    bench.ok(HERE, flags("q", true, false, true));
    bench.publish_all("q", "m0 m1");
    bench.get(HERE, "q");
    assert!(bench.exists("q"));
    bench.consume(HERE, "q", "a");
    bench.consume(HERE, "q", "b");
    bench.ok(HERE, cancel("a"));
    assert!(bench.exists("q"));
    bench.ok(HERE, cancel("b"));
    assert!(!bench.exists("q"));
    let told = bench
        .effects
        .iter()
        .any(|it| matches!(it, Effect::ConsumerCancelled { .. }));
    assert!(!told, "the cancelling client gets no basic.cancel");
}

#[test]
fn an_auto_delete_queue_takes_its_unacked_messages_with_it() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.ok(HERE, flags("q", true, false, true));
    bench.consume(other, "q", "c");
    bench.publish_all("q", "m0 m1");
    bench.ok(other, Command::ChannelClose);
    assert!(!bench.exists("q"));
    assert_eq!(bench.dropped(), 2);
}

#[test]
fn a_quorum_queue_is_durable_shared_named_and_lasting() {
    let quorum = || FieldTable::new().with("x-queue-type", "quorum");
    let mut bench = Bench::new();
    bench.declare("q", quorum());
    let declare = |name: &str, durable, exclusive, auto_delete| {
        let queue = QueueName::truncated(name);
        let (passive, arguments) = (false, quorum());
        let declare = QueueDeclare {
            queue,
            passive,
            durable,
            exclusive,
            auto_delete,
            arguments,
        };
        Command::QueueDeclare(declare)
    };
    let cases = [
        (
            declare("x", false, false, false),
            "invalid property 'non-durable'",
        ),
        (
            declare("x", false, true, false),
            "invalid property 'exclusive-owner'",
        ),
        (
            declare("x", true, false, true),
            "invalid property 'auto-delete'",
        ),
        (
            declare("", true, false, false),
            "Cannot declare a server-named queue",
        ),
    ];
    for (command, text) in cases {
        let mut bench = Bench::new();
        let refusal = bench.refused(HERE, command);
        assert!(
            refusal.starts_with(&format!("406 PRECONDITION_FAILED - {text}")),
            "{refusal}"
        );
    }
}

#[test]
fn a_stream_keeps_messages_and_refuses_readers_with_a_sentence() {
    let mut bench = Bench::new();
    let stream = || FieldTable::new().with("x-queue-type", "stream");
    bench.declare("s", stream().with("x-max-length-bytes", 1));
    bench.publish_all("s", "m0 m1");
    assert_eq!(bench.counts("s"), (2, 0, 0));
    let unread = "406 PRECONDITION_FAILED - consumer prefetch count is not set for 'queue 's' in \
                  vhost '/''";
    let read = || consume("s", "c", FieldTable::new());
    assert_eq!(bench.refused(HERE, read()), unread);
    bench.open(1, 1);
    bench.qos(HERE, 5, false);
    let text = "540 NOT_IMPLEMENTED - queue 's' in vhost '/' is a stream, which this broker keeps \
                but does not read";
    assert_eq!(bench.refused(HERE, read()), text);
    bench.open(1, 1);
    let queue = QueueName::truncated("s");
    let text = "540 NOT_IMPLEMENTED - queue.purge not supported by stream queues queue 's' in vhost \
                '/'";
    assert_eq!(bench.refused(HERE, Command::QueuePurge { queue }), text);
    bench.open(1, 1);
    let text = "406 PRECONDITION_FAILED - invalid arg 'x-max-length' for queue 't' in vhost '/' of \
                queue type rabbit_stream_queue";
    let short = stream().with("x-max-length", 1);
    assert_eq!(bench.refused(HERE, declare("t", short)), text);
}

#[test]
fn a_binding_names_queue_and_key_by_the_last_declared() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.ok(HERE, bind("", "amq.direct"));
    let binding = bench
        .broker
        .bindings()
        .next()
        .map(|it| it.binding_key.to_string());
    assert_eq!(binding.as_deref(), Some("q"));
    bench.ok(HERE, unbind("", "amq.direct"));
    assert_eq!(bench.broker.bindings().count(), 0);
}

#[test]
fn saying_that_a_queue_is_classic_is_saying_nothing() {
    let mut bench = Bench::new();
    let typed = |name: &str| FieldTable::new().with("x-queue-type", name);
    bench.declare("q", FieldTable::new());
    bench.declare("q", typed("classic"));
    let refusal = bench.refused(HERE, declare("q", typed("quorum")));
    assert!(
        refusal.contains("inequivalent arg 'x-queue-type'"),
        "{refusal}"
    );
}
