//! What 4.x does differently (the table in `broker::profile`).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn transient(name: &str, exclusive: bool) -> Command {
    let queue = QueueName::truncated(name);
    Command::QueueDeclare(QueueDeclare {
        queue,
        exclusive,
        ..QueueDeclare::default()
    })
}

#[test]
fn a_transient_shared_queue_is_refused_by_4_x_and_declared_by_3_x() {
    let mut old = Bench::with_profile(Profile::V3);
    old.ok(HERE, transient("q", false));
    let mut new = Bench::with_profile(Profile::V4);
    new.ok(HERE, transient("own", true));
    let refusal = new.refused(HERE, transient("q", false));
    let start = "541 INTERNAL_ERROR - Feature `transient_nonexcl_queues` is deprecated.";
    assert!(refusal.starts_with(start), "{refusal}");
    assert!(!new.broker.is_open(HERE), "the whole connection is closed");
}

#[test]
fn a_limit_over_the_channel_is_refused_by_4_x() {
    let mut bench = Bench::with_profile(Profile::V4);
    bench.qos(HERE, 5, false);
    let qos = Command::BasicQos {
        prefetch_size: 0,
        prefetch_count: 5,
        global: true,
    };
    let refusal = bench.refused(HERE, qos);
    assert!(
        refusal.starts_with("541 INTERNAL_ERROR - Feature `global_qos`"),
        "{refusal}"
    );
}

#[test]
fn lazy_mode_and_the_first_queue_version_are_refused_by_4_x() {
    for (key, value) in [
        ("x-queue-mode", FieldValue::text("lazy")),
        ("x-queue-mode", FieldValue::text("default")),
        ("x-queue-version", FieldValue::I32(1)),
    ] {
        let arguments = || FieldTable::new().with(key, value.clone());
        Bench::with_profile(Profile::V3).ok(HERE, declare("q", arguments()));
        let refusal = Bench::with_profile(Profile::V4).refused(HERE, declare("q", arguments()));
        assert!(
            refusal.starts_with("406 PRECONDITION_FAILED - invalid arg"),
            "{refusal}"
        );
    }
    let second = FieldTable::new().with("x-queue-version", 2);
    Bench::with_profile(Profile::V4).ok(HERE, declare("q", second));
}

#[test]
fn the_largest_message_is_128_mib_in_3_x_and_16_mib_in_4_x() {
    let blank = |octets| {
        let Command::BasicPublish(publish) = publish("nowhere", "", None) else {
            unreachable!("a publish is a publish");
        };
        Command::BasicPublish(Publish {
            body: Body::Blank(octets),
            ..publish
        })
    };
    for (profile, most) in [(Profile::V3, 134_217_728), (Profile::V4, 16_777_216)] {
        let mut bench = Bench::with_profile(profile);
        bench.ok(HERE, blank(most));
        let text = format!(
            "406 PRECONDITION_FAILED - message size {} is larger than configured max size {most}",
            most + 1
        );
        assert_eq!(bench.refused(HERE, blank(most + 1)), text);
    }
}

#[test]
fn a_history_that_a_client_sends_is_believed_by_3_x_only() {
    for (profile, expected) in [(Profile::V3, 8), (Profile::V4, 1)] {
        let mut bench = Bench::with_profile(profile);
        bench.declare("dead", FieldTable::new());
        let arguments = FieldTable::new()
            .with("x-dead-letter-exchange", "")
            .with("x-dead-letter-routing-key", "dead");
        bench.declare("q", arguments);
        let death = FieldTable::new()
            .with("count", 7_i64)
            .with("reason", "rejected")
            .with("queue", "q");
        let deaths = FieldValue::Array(vec![FieldValue::Table(death)]);
        let headers = Some(FieldTable::new().with("x-death", deaths));
        bench.ok(
            HERE,
            publish(
                "q",
                "x",
                Some(Properties {
                    headers,
                    ..Properties::default()
                }),
            ),
        );
        bench.get(HERE, "q");
        bench.ok(HERE, reject(1, false));
        let message = bench.take("dead");
        let Some(FieldValue::Array(deaths)) = message.headers().and_then(|it| it.get("x-death"))
        else {
            panic!("no x-death");
        };
        let FieldValue::Table(newest) = &deaths[0] else {
            panic!("no table");
        };
        let count = newest.get("count").and_then(FieldValue::as_integer);
        assert_eq!(count, Some(expected), "{profile}");
    }
}

#[test]
fn the_last_death_stands_beside_the_first_in_4_x() {
    for (profile, expected) in [(Profile::V3, None), (Profile::V4, Some("b"))] {
        let mut bench = Bench::with_profile(profile);
        let to = |key: &str| {
            FieldTable::new()
                .with("x-dead-letter-exchange", "")
                .with("x-dead-letter-routing-key", key)
                .with("x-message-ttl", 10)
        };
        bench.declare("a", to("b"));
        bench.declare("b", to("dead"));
        bench.declare("dead", FieldTable::new());
        bench.publish("a", "m0");
        bench.advance(20);
        let message = bench.take("dead");
        let said = |key: &str| message.headers()?.get(key)?.as_text();
        assert_eq!(said("x-first-death-queue"), Some("a"));
        assert_eq!(said("x-last-death-queue"), expected, "{profile}");
    }
}
