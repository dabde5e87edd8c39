//! Connections and channels: opening, closing, what is given back (semantics section 2).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn exclusive(name: &str) -> Command {
    let queue = QueueName::truncated(name);
    Command::QueueDeclare(QueueDeclare {
        queue,
        exclusive: true,
        ..QueueDeclare::default()
    })
}

#[test]
fn a_command_on_a_channel_that_is_not_open_closes_the_connection() {
    let mut bench = Bench::new();
    let text = "504 CHANNEL_ERROR - expected 'channel.open'";
    assert_eq!(bench.refused(channel(1, 7), Command::ConfirmSelect), text);
    assert!(!bench.broker.is_open(HERE));
    assert!(matches!(bench.effects[0], Effect::ConnectionClosed { .. }));
}

#[test]
fn a_channel_is_opened_once() {
    let mut bench = Bench::new();
    let text = "504 CHANNEL_ERROR - second 'channel.open' seen";
    assert_eq!(bench.refused(HERE, Command::ChannelOpen), text);
}

#[test]
fn channel_zero_is_the_connections_own() {
    let mut bench = Bench::new();
    let text = "504 CHANNEL_ERROR - unexpected method in connection state running";
    assert_eq!(bench.refused(channel(1, 0), Command::ConfirmSelect), text);
    bench.open(1, 1);
    let vhost = VhostName::truncated("/");
    assert_eq!(bench.refused(channel(1, 0), Command::open(vhost)), text);
}

#[test]
fn an_unknown_vhost_is_refused() {
    let mut bench = Bench::new();
    let vhost = VhostName::truncated("nowhere");
    let command = Command::open(vhost.clone());
    let text = "530 NOT_ALLOWED - vhost nowhere not found";
    assert_eq!(bench.refused(channel(2, 0), command.clone()), text);
    bench.broker.add_vhost(&vhost);
    bench.ok(channel(2, 0), command);
}

#[test]
fn vhosts_know_nothing_of_each_other() {
    let mut bench = Bench::new();
    let vhost = VhostName::truncated("other");
    bench.broker.add_vhost(&vhost);
    bench.ok(channel(2, 0), Command::open(vhost));
    bench.ok(channel(2, 1), Command::ChannelOpen);
    bench.declare("q", FieldTable::new());
    bench.ok(channel(2, 1), publish("q", "lost", None));
    assert_eq!(bench.counts("q").0, 0);
    let get = Command::BasicGet {
        queue: QueueName::truncated("q"),
        no_ack: true,
    };
    let text = "404 NOT_FOUND - no queue 'q' in vhost 'other'";
    assert_eq!(bench.refused(channel(2, 1), get), text);
}

#[test]
fn a_channel_error_ends_its_consumers_and_requeues_its_messages_only() {
    let mut bench = Bench::new();
    let (a, b) = (bench.open(1, 2), bench.open(1, 3));
    bench.declare("q", FieldTable::new());
    bench.qos(a, 2, false);
    bench.consume(a, "q", "a");
    bench.publish_all("q", "m0 m1 m2");
    bench.consume(b, "q", "b");
    assert_eq!(bench.delivered(), "b:m2");
    bench.refused(a, Command::BasicAck(one(99)));
    assert!(matches!(bench.effects[0], Effect::ChannelClosed { .. }));
    assert_eq!(bench.delivered(), "b:m0* b:m1*");
    assert!(bench.broker.is_open(b));
    bench.open(1, 2);
}

#[test]
fn a_closing_channel_gives_everything_back_to_its_place() {
    let mut bench = Bench::new();
    let other = bench.open(1, 2);
    bench.declare("q", FieldTable::new());
    bench.qos(other, 2, false);
    bench.consume(other, "q", "c");
    bench.publish_all("q", "m0 m1 m2");
    bench.ok(other, Command::ChannelClose);
    let words: Vec<String> = (0..3).map(|_| bench.get(HERE, "q")).collect();
    let expected = "m0* tag 1, 2 left; m1* tag 2, 1 left; m2 tag 3, 0 left";
    assert_eq!(
        words.join("; "),
        expected,
        "what was never delivered is not redelivered"
    );
}

#[test]
fn a_closing_connection_takes_its_exclusive_queues_and_no_others() {
    let mut bench = Bench::new();
    let theirs = bench.open(2, 1);
    bench.declare("shared", FieldTable::new());
    bench.ok(theirs, exclusive("own"));
    bench.consume(theirs, "shared", "c");
    bench.publish_all("shared", "m0 m1");
    bench.publish("own", "anyone may publish");
    bench.ok(channel(2, 0), Command::ConnectionClose);
    assert!(!bench.exists("own") && bench.exists("shared"));
    assert_eq!(bench.ready("shared"), "m0 m1");
    assert_eq!(
        bench.delivered(),
        "",
        "its own dying channels are given nothing"
    );
}

#[test]
fn the_same_connection_number_may_come_back() {
    let mut bench = Bench::new();
    bench.ok(channel(1, 0), Command::ConnectionClose);
    bench.open(1, 1);
    bench.declare("q", FieldTable::new());
}

#[test]
fn a_connection_method_on_another_channel_is_unimplemented() {
    let mut bench = Bench::new();
    let text = "503 COMMAND_INVALID - unimplemented method";
    assert_eq!(bench.refused(HERE, Command::ConnectionClose), text);
}

#[test]
fn what_waits_to_be_written_is_bounded_for_the_connection_too() {
    let waiting = |channels: u16| {
        let mut bench = Bench::new();
        for number in 1..=channels {
            let queue = format!("q{number}");
            bench.declare(&queue, FieldTable::new());
            bench.publish_all(&queue, &["m"; 30].join(" "));
        }
        for number in 1..=channels {
            let client = bench.open(2, number);
            bench.broker.put_on_wire(client, 20, true);
        }
        for number in 1..=channels {
            bench.consume_no_ack(channel(2, number), &format!("q{number}"), "c");
        }
        let left: usize = (1..=channels)
            .map(|it| bench.counts(&format!("q{it}")).0)
            .sum();
        (usize::from(channels) * 30 - left, bench)
    };
    assert_eq!(
        waiting(2).0,
        40,
        "few channels may have all that one may have"
    );
    assert_eq!(waiting(8).0, 160);
    assert_eq!(
        waiting(9).0,
        90,
        "ten each: half of what eight may have is shared by sixteen"
    );
    let (all, mut bench) = waiting(100);
    assert_eq!(all, 100, "one each, or nobody would get anything");
    // What closes leaves room to those that are written to next.
    for number in 2..=100 {
        bench.ok(channel(2, number), Command::ChannelClose);
    }
    let now = bench.now;
    let mut effects = Vec::new();
    bench.broker.written(now, channel(2, 1), &mut effects);
    assert_eq!(deliveries(&effects).count(), 20);
}
