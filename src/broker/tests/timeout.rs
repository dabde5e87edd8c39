//! Consumer timeout: deliveries that stay out too long (semantics section 10).

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const MINUTE: u64 = 60_000;

/// What a client would hear of the last call, beside deliveries.
fn heard(bench: &Bench) -> Vec<String> {
    let mut heard = Vec::new();
    for effect in &bench.effects {
        match effect {
            Effect::ChannelClosed { channel, error } => heard.push(format!("{channel} {error}")),
            Effect::ConsumerCancelled { consumer_tag, .. } => {
                heard.push(format!("{consumer_tag} cancelled"));
            }
            _ => {}
        }
    }
    heard
}

fn due(bench: &Bench) -> Option<u64> {
    let due = bench.broker.next_deadline()?;
    Some(due.as_nanos() / 1_000_000)
}

fn quorum() -> FieldTable {
    FieldTable::new().with("x-queue-type", "quorum")
}

/// A broker of 4.x with a quorum queue of three messages, of which a consumer holds two.
fn late_worker(arguments: FieldTable) -> (Bench, ChannelRef) {
    let mut bench = Bench::with_profile(Profile::V4);
    bench.declare("q", quorum());
    bench.publish_all("q", "m0 m1 m2");
    let worker = bench.open(2, 1);
    bench.qos(worker, 2, false);
    bench.ok(worker, consume("q", "w", arguments));
    (bench, worker)
}

#[test]
fn a_channel_looks_in_whole_minutes_and_only_while_it_holds_something() {
    let mut bench = Bench::new();
    let timeout = SimDuration::from_secs(20);
    bench.broker.set_consumer_timeout(Some(timeout));
    bench.declare("q", FieldTable::new());
    bench.publish_all("q", "m0 m1");
    assert_eq!(due(&bench), None);
    bench.advance(30_000);
    let worker = bench.open(2, 5);
    bench.qos(worker, 1, false);
    bench.advance(45_000);
    bench.consume(worker, "q", "w");
    assert_eq!(
        due(&bench),
        Some(30_000 + 2 * MINUTE),
        "20 s are not over after 15"
    );
    bench.advance(15_000);
    assert_eq!(heard(&bench), [""; 0]);
    bench.ack(worker, 1);
    bench.advance(MINUTE - 1);
    assert_eq!(bench.delivered(), "");
    bench.advance(1);
    assert_eq!(
        heard(&bench),
        [
            "2.5 406 PRECONDITION_FAILED - delivery acknowledgement on channel 5 timed out. Timeout \
          value used: 20000 ms. This timeout value can be configured, see consumers doc guide to \
          learn more"
        ]
    );
    let closed = bench.effects.iter().find_map(|effect| match effect {
        Effect::ChannelClosed { error, .. } => Some(error.method),
        _ => None,
    });
    assert_eq!(closed, Some(MethodId::default()), "it names no method");
    assert_eq!(bench.counts("q"), (1, 0, 0));
    assert_eq!(bench.get(HERE, "q"), "m1* tag 1, 0 left");
    bench.ack(HERE, 1);
    assert_eq!(due(&bench), None, "nobody holds anything");
}

#[test]
fn half_an_hour_is_allowed_and_not_more() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.broker.consumer_timeout(),
        Some(SimDuration::from_secs(1800))
    );
    bench.declare("q", FieldTable::new());
    bench.publish("q", "m0");
    bench.get(HERE, "q");
    assert_eq!(
        due(&bench),
        Some(31 * MINUTE),
        "after 30 minutes it is not yet more than 30"
    );
    bench.advance(31 * MINUTE);
    assert_eq!(heard(&bench).len(), 1);
    assert_eq!(bench.counts("q"), (1, 0, 0));
}

#[test]
fn it_can_be_switched_off() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.broker.set_consumer_timeout(None);
    bench.publish("q", "m0");
    bench.get(HERE, "q");
    assert_eq!((due(&bench), bench.broker.consumer_timeout()), (None, None));
}

#[test]
fn a_look_that_was_arranged_in_vain_does_no_harm() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.publish_all("q", "m0 m1");
    bench.get(HERE, "q");
    bench.ack(HERE, 1);
    bench.advance(100 * MINUTE);
    bench.get(HERE, "q");
    assert_eq!(due(&bench), Some(131 * MINUTE));
    bench.ack(HERE, 2);
    assert_eq!(due(&bench), None);
}

#[test]
fn what_a_transaction_settled_is_not_waited_for_until_it_is_rolled_back() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new());
    bench.publish("q", "m0");
    bench.ok(HERE, Command::TxSelect);
    bench.get(HERE, "q");
    bench.ack(HERE, 1);
    bench.advance(40 * MINUTE);
    assert_eq!((heard(&bench).len(), due(&bench)), (0, None));
    bench.ok(HERE, Command::TxRollback);
    assert_eq!(due(&bench), Some(41 * MINUTE));
    bench.advance(MINUTE);
    assert_eq!(heard(&bench).len(), 1);
}

#[test]
fn a_channel_that_is_being_closed_is_closed_once() {
    let mut bench = Bench::new();
    let worker = bench.open(2, 1);
    bench.broker.put_on_wire(worker, 0, true);
    bench.declare("q", FieldTable::new());
    bench.publish("q", "m0");
    bench.get(worker, "q");
    bench.refused(worker, Command::BasicAck(one(7)));
    bench.advance(100 * MINUTE);
    assert_eq!(heard(&bench), [""; 0]);
    bench.ok(worker, Command::ChannelClose);
    assert_eq!(bench.counts("q"), (1, 0, 0));
}

#[test]
fn since_4_3_classic_queues_wait_for_ever_and_quorum_queues_cancel_the_consumer() {
    let mut bench = Bench::with_profile(Profile::V4);
    bench.declare("c", FieldTable::new().with("x-consumer-timeout", 1000));
    bench.publish("c", "m0");
    bench.get(HERE, "c");
    assert_eq!(due(&bench), None);
    let (mut bench, worker) = late_worker(FieldTable::new());
    let other = bench.open(3, 1);
    bench.advance(10 * MINUTE);
    bench.ack(worker, 1);
    bench.advance(20 * MINUTE);
    assert_eq!(
        (heard(&bench).len(), due(&bench)),
        (0, Some(30 * MINUTE + 1))
    );
    bench.advance(1);
    assert_eq!(heard(&bench), ["w cancelled"]);
    assert_eq!(bench.counts("q"), (1, 1, 0), "m2 is not overdue");
    let again = bench.take("q");
    assert_eq!(body(&again), "m1");
    let count = again
        .properties()
        .and_then(|it| it.headers.as_ref()?.get("x-delivery-count"));
    assert_eq!(
        count.and_then(FieldValue::as_integer),
        Some(0),
        "that was no failure"
    );
    bench.ack(worker, 2);
    let refused = bench.refused(other, Command::BasicAck(one(2)));
    assert!(refused.contains("unknown delivery tag 2"), "{refused}");
    bench.advance(11 * MINUTE);
    assert_eq!(heard(&bench).len(), 1, "there is nobody left to cancel");
    assert!(!bench.broker.is_open(worker));
}

#[test]
fn a_client_that_hears_of_no_cancelling_and_one_that_fetches_lose_the_channel() {
    let (mut bench, worker) = late_worker(FieldTable::new());
    bench.broker.put_on_wire(worker, 0, false);
    bench.get(HERE, "q");
    bench.advance(31 * MINUTE);
    let heard = heard(&bench);
    assert!(
        heard[0].starts_with("1.1 406") && heard[1].starts_with("2.1 406"),
        "{heard:?}"
    );
    assert_eq!(bench.counts("q").1, 2, "until the client has agreed");
    bench.ok(worker, Command::ChannelClose);
    assert_eq!(bench.counts("q"), (3, 0, 0));
}

#[test]
fn consumer_queue_and_policy_say_it_each_over_the_next() {
    let (mut bench, _) = late_worker(FieldTable::new().with("x-consumer-timeout", 90_000));
    assert_eq!(due(&bench), Some(90_001));
    bench.declare("r", quorum().with("x-consumer-timeout", 300_000));
    let set = Policy {
        vhost: VhostName::truncated("/"),
        name: ShortText::truncated("p"),
        operator: false,
        pattern: Pattern::new("r").expect("a pattern"),
        apply_to: ApplyTo::Queues,
        priority: 0,
        definition: FieldTable::new().with("consumer-timeout", 200_000),
    };
    let now = bench.now;
    let set = bench.broker.set_policy(now, set, &mut Vec::new());
    assert_eq!(set, Ok(()));
    bench.advance(2 * MINUTE);
    assert_eq!(heard(&bench), ["w cancelled"]);
    bench.publish("r", "m0");
    bench.get(HERE, "r");
    let smaller = Some(2 * MINUTE + 200_001);
    assert_eq!(due(&bench), smaller, "of queue and policy");
}

#[test]
fn before_4_3_an_argument_for_it_says_nothing() {
    let mut bench = Bench::new();
    bench.declare("q", FieldTable::new().with("x-consumer-timeout", "soon"));
    bench.declare("q", FieldTable::new());
    let mut bench = Bench::with_profile(Profile::V4);
    let wrong = FieldTable::new().with("x-consumer-timeout", "soon");
    let refused = bench.refused(HERE, declare("q", wrong));
    assert!(refused.contains("x-consumer-timeout"), "{refused}");
}
