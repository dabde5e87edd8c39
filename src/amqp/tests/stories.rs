//! Stories told over the wire, each a promise of the protocol's layer.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::pair::{Pair, TUNED, open_vhost, published, said, start_ok, told};
use crate::amqp::method::{self, Value};
use crate::amqp::{Server, Settings};
use crate::broker::{Broker, BrokerOptions, Resource};
use crate::types::{ConnectionId, Profile, SimDuration};
use expect_test::{Expect, expect};

fn check(told: &str, expected: Expect) {
    expected.assert_eq(told);
}

fn declare(pair: &mut Pair, id: ConnectionId, queue: &[u8]) {
    let values = [
        Value::Short(0),
        Value::ShortString(queue),
        Value::Bit(false),
        Value::Bit(false),
        Value::Bit(false),
        Value::Bit(false),
        Value::Bit(false),
        Value::Table(b""),
    ];
    pair.say(id, &method::QUEUE_DECLARE, &values);
}

fn consume(pair: &mut Pair, id: ConnectionId, queue: &[u8], no_ack: bool) {
    let values = [
        Value::Short(0),
        Value::ShortString(queue),
        Value::ShortString(b"c"),
        Value::Bit(false),
        Value::Bit(no_ack),
        Value::Bit(false),
        Value::Bit(false),
        Value::Table(b""),
    ];
    pair.say(id, &method::BASIC_CONSUME, &values);
}

fn is_over(server: &Server, id: ConnectionId) -> bool {
    server.is_over(id)
}

#[test]
fn a_connection_opens_and_closes() {
    let mut pair = Pair::new();
    let id = pair.pipe();
    pair.feed(id, b"AMQP\x00\x00\x09\x01");
    check(
        &pair.lines(id),
        expect![[r#"
            0 connection.start version-major=0 version-minor=9 mechanisms='PLAIN AMQPLAIN' locales='en_US'
        "#]],
    );
    pair.feed(id, &start_ok(b"\x00guest\x00guest"));
    pair.feed(id, &said(0, &method::CONNECTION_TUNE_OK, &TUNED));
    pair.feed(id, &open_vhost(b"/"));
    let close = [
        Value::Short(200),
        Value::ShortString(b"bye"),
        Value::Short(0),
        Value::Short(0),
    ];
    pair.feed(id, &said(0, &method::CONNECTION_CLOSE, &close));
    check(
        &pair.lines(id),
        expect![[r#"
            0 connection.tune channel-max=2047 frame-max=131072 heartbeat=60
            0 connection.open-ok
            0 connection.close-ok
        "#]],
    );
    // The pipe is the client's to drop, but it is not kept for ever.
    pair.pass(SimDuration::from_secs(29));
    assert!(!is_over(&pair.server, id));
    pair.pass(SimDuration::from_secs(1));
    assert!(is_over(&pair.server, id));
}

#[test]
fn since_4_1_frames_may_not_be_smaller_than_8192_octets() {
    for (profile, frame_max, taken) in [
        (Profile::V3, 4_095, false),
        (Profile::V3, 4_096, true),
        (Profile::V4, 4_096, false),
        (Profile::V4, 8_191, false),
        (Profile::V4, 8_192, true),
    ] {
        let mut pair = Pair::new();
        pair.broker = Broker::new(BrokerOptions { profile });
        let id = pair.pipe();
        pair.feed(id, b"AMQP\x00\x00\x09\x01");
        pair.feed(id, &start_ok(b"\x00guest\x00guest"));
        let tuned = [Value::Short(10), Value::Long(frame_max), Value::Short(0)];
        pair.feed(id, &said(0, &method::CONNECTION_TUNE_OK, &tuned));
        pair.feed(id, &open_vhost(b"/"));
        let opened = pair.lines(id).contains("connection.open-ok");
        assert_eq!(opened, taken, "{frame_max} on {profile}");
    }
}

#[test]
fn another_protocol_is_told_which_one_is_spoken() {
    let mut pair = Pair::new();
    let id = pair.pipe();
    pair.feed(id, b"GET / HTTP/1.1\r\n");
    assert_eq!(pair.octets(id), b"AMQP\x00\x00\x09\x01");
    assert!(is_over(&pair.server, id));
}

#[test]
fn a_message_goes_round() {
    let mut pair = Pair::new();
    let id = pair.open();
    declare(&mut pair, id, b"q");
    consume(&mut pair, id, b"q", false);
    pair.publish(id, "", "q", b"hello");
    pair.publish(id, "", "q", b"");
    let ack = [Value::LongLong(2), Value::Bit(true)];
    pair.say(id, &method::BASIC_ACK, &ack);
    check(
        &pair.lines(id),
        expect![[r#"
            1 queue.declare-ok queue='q' message-count=0 consumer-count=0
            1 basic.consume-ok consumer-tag='c'
            1 basic.deliver consumer-tag='c' delivery-tag=1 redelivered=false exchange='' routing-key='q'
            1 header 5
            1 body hello
            1 basic.deliver consumer-tag='c' delivery-tag=2 redelivered=false exchange='' routing-key='q'
            1 header 0
        "#]],
    );
    assert_eq!(pair.broker.totals().unacked, 0);
}

#[test]
fn octets_may_be_cut_anywhere() {
    let mut whole = b"AMQP\x00\x00\x09\x01".to_vec();
    whole.extend(start_ok(b"\x00guest\x00guest"));
    whole.extend(said(0, &method::CONNECTION_TUNE_OK, &TUNED));
    whole.extend(open_vhost(b"/"));
    whole.extend(said(1, &method::CHANNEL_OPEN, &[Value::ShortString(b"")]));
    whole.extend(published("", "nowhere", None, b"lost"));
    whole.extend(said(1, &method::CONFIRM_SELECT, &[Value::Bit(false)]));
    whole.extend(published("", "nowhere", None, b"lost as well"));
    let answer = |parts: &[&[u8]]| {
        let mut pair = Pair::new();
        let id = pair.pipe();
        for part in parts {
            pair.feed(id, part);
        }
        pair.octets(id)
    };
    let expected = answer(&[&whole]);
    assert!(told(&expected).ends_with("1 basic.ack delivery-tag=1 multiple=false\n"));
    for cut in 0..whole.len() {
        assert_eq!(answer(&[&whole[..cut], &whole[cut..]]), expected, "{cut}");
    }
    let octets: Vec<_> = whole.chunks(1).collect();
    assert_eq!(answer(&octets), expected);
}

#[test]
fn a_client_that_does_not_read_holds_its_consumers_back() {
    let mut pair = Pair::with(Settings {
        unwritten_max: 10,
        watched: false,
        ..Settings::default()
    });
    let (slow, fast) = (pair.open(), pair.open());
    declare(&mut pair, slow, b"q");
    consume(&mut pair, slow, b"q", true);
    for _ in 0..25 {
        pair.publish(fast, "", "q", b"m");
    }
    assert_eq!(pair.broker.totals().ready, 15);
    let told = pair.lines(slow);
    assert_eq!(told.matches("basic.deliver").count(), 25);
    assert_eq!(pair.broker.totals().ready, 0);
}

#[test]
fn a_client_that_does_not_read_may_publish_but_not_ask_for_ever_more() {
    let mut pair = Pair::with(Settings {
        output_octets_max: 1_000,
        watched: false,
        ..Settings::default()
    });
    let id = pair.open();
    declare(&mut pair, id, b"own");
    consume(&mut pair, id, b"own", true);
    pair.publish(id, "", "own", &[0; 5_000]);
    // It may be in the midst of publishing, and reads what it consumes when that is done.
    assert!(pair.server.output(id).len() > 5_000);
    assert!(pair.server.wants_bytes(id));
    declare(&mut pair, id, b"big");
    pair.publish(id, "", "big", &[0; 5_000]);
    let get = [
        Value::Short(0),
        Value::ShortString(b"big"),
        Value::Bit(true),
    ];
    pair.say(id, &method::BASIC_GET, &get);
    assert!(!pair.server.wants_bytes(id));
    let _ = pair.octets(id);
    assert!(pair.server.wants_bytes(id));
}

#[test]
fn a_publisher_that_is_faster_than_its_queue_is_not_heard_until_the_queue_catches_up() {
    let mut pair = Pair::new();
    let id = pair.open();
    declare(&mut pair, id, b"q");
    let (now, mut effects) = (pair.now, Vec::new());
    let pace = SimDuration::from_millis(1);
    pair.broker.set_queue_time(now, pace, &mut effects);
    let _ = pair.lines(id);
    // All in one piece: what is beyond the credit of 400 waits as octets.
    let mut piece = Vec::new();
    for _ in 0..450 {
        piece.extend(published("", "q", None, b"m"));
    }
    pair.feed(id, &piece);
    assert!(!pair.server.wants_bytes(id));
    pair.pass(SimDuration::from_millis(199));
    assert!(!pair.server.wants_bytes(id));
    assert_eq!(pair.broker.totals().ready, 199);
    pair.pass(SimDuration::from_millis(1));
    assert!(pair.server.wants_bytes(id));
    pair.pass(SimDuration::from_millis(300));
    assert_eq!(pair.broker.totals().ready, 450);
    assert_eq!(pair.lines(id), "", "the protocol tells nobody");
}

#[test]
fn a_publisher_is_not_heard_while_memory_is_low_and_then_where_it_stopped() {
    let mut pair = Pair::new();
    let id = pair.open();
    declare(&mut pair, id, b"q");
    let (now, mut effects) = (pair.now, Vec::new());
    pair.broker
        .set_limit(now, Resource::Memory, Some(1_000), &mut effects);
    pair.publish(id, "", "q", &[0; 500]);
    // All in one piece: what comes behind the publish that is held back waits with it.
    let mut piece = published("", "q", None, b"held");
    piece.extend(published("", "q", None, b"behind"));
    piece.extend(said(
        1,
        &method::CHANNEL_CLOSE,
        &[
            Value::Short(0),
            Value::ShortString(b""),
            Value::Short(0),
            Value::Short(0),
        ],
    ));
    let (first, rest) = piece.split_at(piece.len() - 3);
    let _ = pair.lines(id);
    pair.feed(id, first);
    assert!(!pair.server.wants_bytes(id));
    assert_eq!(pair.broker.totals().ready, 1);
    pair.feed(id, rest);
    assert_eq!(pair.broker.totals().channels, 1);
    let (now, mut effects) = (pair.now, Vec::new());
    pair.broker
        .set_limit(now, Resource::Memory, None, &mut effects);
    pair.server.handle_effects(now, &effects);
    assert!(pair.server.wants_bytes(id));
    pair.pass(SimDuration::from_millis(1));
    assert_eq!(pair.broker.totals().ready, 3);
    assert_eq!(pair.broker.totals().channels, 0);
}

#[test]
fn a_silent_client_is_dropped_and_a_lively_one_hears_heartbeats() {
    let mut pair = Pair::new();
    let id = pair.pipe();
    pair.feed(id, b"AMQP\x00\x00\x09\x01");
    pair.feed(id, &start_ok(b"\x00guest\x00guest"));
    let tuned = [Value::Short(10), Value::Long(4096), Value::Short(2)];
    pair.feed(id, &said(0, &method::CONNECTION_TUNE_OK, &tuned));
    pair.feed(id, &open_vhost(b"/"));
    let _ = pair.octets(id);
    pair.pass(SimDuration::from_millis(4_500));
    assert_eq!(pair.lines(id).matches("0 heartbeat").count(), 4);
    assert!(!is_over(&pair.server, id));
    pair.pass(SimDuration::from_millis(1_500));
    assert!(is_over(&pair.server, id));
}

#[test]
fn a_wrong_password_is_refused_in_words_to_who_understands_them() {
    let mut pair = Pair::new();
    let id = pair.pipe();
    pair.feed(id, b"AMQP\x00\x00\x09\x01");
    let _ = pair.octets(id);
    pair.feed(id, &start_ok(b"\x00guest\x00wrong"));
    check(
        &pair.lines(id),
        expect![[r#"
            0 connection.close reply-code=403 reply-text='ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.' class-id=0 method-id=0
        "#]],
    );
    pair.pass(SimDuration::from_millis(2_999));
    assert!(!is_over(&pair.server, id));
    pair.pass(SimDuration::from_millis(1));
    assert!(is_over(&pair.server, id));
}

#[test]
fn who_asks_for_much_at_once_is_answered_piece_by_piece() {
    let mut pair = Pair::with(Settings {
        output_octets_max: 10_000,
        watched: false,
        ..Settings::default()
    });
    let id = pair.open();
    declare(&mut pair, id, b"q");
    for _ in 0..20 {
        pair.publish(id, "", "q", &[b'x'; 4_000]);
    }
    let get = [Value::Short(0), Value::ShortString(b"q"), Value::Bit(true)];
    let all: Vec<u8> = (0..20)
        .flat_map(|_| said(1, &method::BASIC_GET, &get))
        .collect();
    let _ = pair.octets(id);
    pair.feed(id, &all);
    assert!(pair.server.output(id).len() < 15_000);
    assert!(!pair.server.wants_bytes(id));
    assert_eq!(pair.lines(id).matches("basic.get-ok").count(), 20);
    assert!(pair.server.wants_bytes(id));
}
