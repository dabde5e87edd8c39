//! Checks of a publish, and what is delivered of it (semantics section 7).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn expiring(text: &str) -> Properties {
    let expiration = Some(ShortText::truncated(text));
    Properties {
        expiration,
        ..Properties::default()
    }
}

#[test]
fn an_expiration_is_a_decimal_number_of_at_most_ten_years() {
    for text in ["0", "100", "+100", "315360000000"] {
        let mut bench = Bench::new();
        bench.ok(HERE, publish("nowhere", "x", Some(expiring(text))));
    }
    let cases = [
        ("", "no_integer"),
        ("soon", "no_integer"),
        (" 1", "no_integer"),
        ("10.5", "{leftover_string,\".5\"}"),
        ("1000ms", "{leftover_string,\"ms\"}"),
        ("-1", "{value_negative,-1}"),
    ];
    for (text, reason) in cases {
        let mut bench = Bench::new();
        let refusal = bench.refused(HERE, publish("nowhere", "x", Some(expiring(text))));
        let expected = format!("406 PRECONDITION_FAILED - invalid expiration '{text}': {reason}");
        assert_eq!(refusal, expected);
    }
    for text in ["315360000001", "99999999999999999999"] {
        let mut bench = Bench::new();
        bench.refused(HERE, publish("nowhere", "x", Some(expiring(text))));
    }
}

#[test]
fn immediate_is_not_implemented() {
    let mut bench = Bench::new();
    let Command::BasicPublish(publish) = publish("q", "x", None) else {
        unreachable!("a publish is a publish");
    };
    let command = Command::BasicPublish(Publish {
        immediate: true,
        ..publish
    });
    assert_eq!(
        bench.refused(HERE, command),
        "540 NOT_IMPLEMENTED - immediate=true"
    );
}

#[test]
fn a_missing_exchange_closes_the_channel() {
    let mut bench = Bench::new();
    bench.ok(HERE, Command::ConfirmSelect);
    let Command::BasicPublish(publish) = publish("q", "x", None) else {
        unreachable!("a publish is a publish");
    };
    let exchange = ExchangeName::truncated("none");
    let error = bench.refused(
        HERE,
        Command::BasicPublish(Publish {
            exchange,
            ..publish
        }),
    );
    assert_eq!(error, "404 NOT_FOUND - no exchange 'none' in vhost '/'");
    assert!(
        !bench
            .effects
            .iter()
            .any(|it| matches!(it, Effect::Confirm { .. }))
    );
}

#[test]
fn properties_come_back_as_they_went_and_an_empty_header_table_stays() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    let properties = Properties {
        headers: Some(FieldTable::new()),
        delivery_mode: Some(2),
        priority: Some(200),
        expiration: Some(ShortText::truncated("60000")),
        type_name: Some(ShortText::truncated("kind")),
        ..Properties::default()
    };
    bench.ok(HERE, publish("q", "x", Some(properties.clone())));
    let message = bench.take("q");
    assert_eq!(
        message.properties().map(|it| (**it).clone()),
        Some(properties)
    );
}

#[test]
fn bcc_routes_and_is_not_seen_while_cc_stays() {
    let mut bench = Bench::new();
    for queue in ["q", "copy", "blind"] {
        bench.declare(queue, FieldTable::new());
    }
    let keys = |name: &str| FieldValue::Array(vec![FieldValue::text(name)]);
    let headers = FieldTable::new()
        .with("CC", keys("copy"))
        .with("BCC", keys("blind"));
    let properties = Properties {
        headers: Some(headers),
        ..Properties::default()
    };
    bench.ok(HERE, publish("q", "x", Some(properties)));
    for queue in ["q", "copy", "blind"] {
        let message = bench.take(queue);
        let expected = FieldTable::new().with("CC", keys("copy"));
        assert_eq!(message.headers(), Some(&expected));
        assert_eq!(
            message.routing_key().as_str(),
            "q",
            "the key is the publish's"
        );
    }
}

#[test]
fn an_otherwise_empty_header_table_stays_when_bcc_is_taken_out() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    let blind = FieldValue::Array(vec![FieldValue::text("elsewhere")]);
    let headers = Some(FieldTable::new().with("BCC", blind));
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
    assert_eq!(bench.take("q").headers(), Some(&FieldTable::new()));
}

#[test]
fn a_body_may_be_only_a_length() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    let Command::BasicPublish(publish) = publish("q", "", None) else {
        unreachable!("a publish is a publish");
    };
    bench.ok(
        HERE,
        Command::BasicPublish(Publish {
            body: Body::Blank(1_000_000),
            ..publish
        }),
    );
    assert_eq!(bench.take("q").body_octets(), 1_000_000);
}
