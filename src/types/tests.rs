//! What the shared words promise.

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_duration_prints_what_it_reads() {
    for text in ["0s", "250ms", "1500ms", "10m", "2h", "1d", "40us", "7ns"] {
        let span: SimDuration = text.parse().expect(text);
        assert_eq!(span.to_string(), text);
    }
    let half: SimDuration = "1.5s".parse().expect("a fraction");
    assert_eq!(half, SimDuration::from_millis(1500));
}

#[test]
fn a_text_that_is_no_duration_is_refused_with_an_example() {
    for text in [
        "",
        "ms",
        "5",
        "1,5s",
        "-1s",
        "1.s.s",
        "5 parsecs",
        "99999999999999d",
        "1.5.5s",
    ] {
        let error = text.parse::<SimDuration>().expect_err(text);
        assert!(error.to_string().contains("250ms"), "{error}");
    }
}

#[test]
fn drawn_seconds_become_whole_nanoseconds_and_never_wrap() {
    assert_eq!(SimDuration::from_secs_f64(1e-9), SimDuration::from_nanos(1));
    assert_eq!(SimDuration::from_secs_f64(-1.0), SimDuration::ZERO);
    assert_eq!(SimDuration::from_secs_f64(f64::NAN), SimDuration::ZERO);
    assert_eq!(SimDuration::from_secs_f64(1e30), SimDuration::MAX);
}

#[test]
fn a_name_has_at_most_255_octets() {
    assert!(QueueName::new("q".repeat(255)).is_ok());
    assert_eq!(
        QueueName::new("q".repeat(256)),
        Err(NameTooLong { octets: 256 })
    );
    assert_eq!(QueueName::truncated(&"é".repeat(200)).as_str().len(), 254);
}

#[test]
fn a_reply_text_is_cut_to_255_octets_with_three_dots() {
    let error = AmqpError::new(ReplyCode::NotFound, "x".repeat(400), MethodId::new(50, 10));
    let text = error.reply_text();
    assert_eq!(text.len(), 255);
    assert!(text.starts_with("NOT_FOUND - x") && text.ends_with("..."));
}

#[test]
fn a_blank_body_weighs_its_length_and_holds_no_octets() {
    let message = Message::blank(
        MessageId(1),
        ExchangeName::default(),
        RoutingKey::default(),
        None,
        1_000_000,
    );
    assert_eq!(message.body_octets(), 1_000_000);
    assert!(message.body().is_empty());
}
