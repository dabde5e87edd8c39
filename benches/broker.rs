//! How fast the broker is: publish, deliver and ack through one direct
//! exchange; the same beside many queues and many unacked deliveries; the time of a clone.
//!
//! Not here: routing alone (`route`), memory (`broker_memory`, since counting costs time), and
//! clients in simulated time.

mod stage;
mod support;

use brokerlab::broker::Command;
use stage::Stage;

/// Messages in one repetition.
const CYCLES: u64 = 500_000;
/// Ready messages in a broker that is cloned.
const CLONED: u64 = 10_000;
/// Deliveries outstanding, or queues standing by, where many must not matter.
const MANY: u64 = 10_000;

fn main() {
    speed();
    crowds();
    clone();
}

fn speed() {
    let note = "16 octets, direct exchange, one consumer";
    support::rate(
        "broker cycle",
        CYCLES,
        || Stage::new(16).consuming(false),
        |it| it.cycles(1, CYCLES),
        note,
    );
    let publish_all = |mut stage: Stage| {
        for _ in 0..CYCLES {
            stage.publish();
        }
        stage
    };
    let stage = || Stage::new(16).consuming(true);
    support::rate(
        "broker cycle no-ack",
        CYCLES,
        stage,
        publish_all,
        "16 octets",
    );
    support::rate(
        "broker publish",
        CYCLES,
        || Stage::new(16),
        publish_all,
        "into a queue nobody reads",
    );
}

fn crowds() {
    let outstanding = || {
        let mut stage = Stage::new(16).consuming(false);
        (0..MANY).for_each(|_| stage.publish());
        stage
    };
    let note = "10 000 older deliveries stay unacked";
    support::rate(
        "broker cycle unacked",
        CYCLES,
        outstanding,
        |it| it.cycles(MANY + 1, CYCLES),
        note,
    );
    let queues = || {
        let mut stage = Stage::new(16).consuming(false);
        (0..MANY).for_each(|number| stage.declare(&format!("other {number}")));
        stage
    };
    support::rate(
        "broker cycle queues",
        CYCLES,
        queues,
        |it| it.cycles(1, CYCLES),
        "10 000 other queues",
    );
    let consumers = || {
        let mut stage = Stage::new(16);
        (0..MANY).for_each(|number| stage.consume(&format!("consumer {number}"), false));
        stage
    };
    let note = "10 000 consumers take turns";
    support::rate(
        "broker cycle consumers",
        CYCLES,
        consumers,
        |it| it.cycles(1, CYCLES),
        note,
    );
    let close = |mut stage: Stage| {
        stage.say(stage::CLIENT, Command::ChannelClose);
        stage
    };
    let note = "a channel with 10 000 consumers closes";
    support::bench("broker close", MANY, consumers, close, note);
    let requeue = |mut stage: Stage| {
        stage.say(stage::CLIENT, Command::BasicRecover { requeue: true });
        stage
    };
    let note = "10 000 requeued and delivered again";
    support::bench("broker recover", MANY, outstanding, requeue, note);
    let acked = |mut stage: Stage| {
        stage.ack(0, true);
        stage
    };
    support::bench(
        "broker ack multiple",
        MANY,
        outstanding,
        acked,
        "10 000 at once",
    );
}

fn clone() {
    let filled = || {
        let mut stage = Stage::new(100);
        (0..CLONED).for_each(|_| stage.publish());
        stage
    };
    let copy = |stage: Stage| {
        // A clone shares a queue until it is touched, so one more publish makes it whole.
        let mut copy = stage.clone();
        copy.publish();
        (stage, copy)
    };
    let millis = |elapsed: std::time::Duration| elapsed.as_secs_f64() * 1e3;
    let note = "10 000 messages in a queue, and one more put in";
    support::measure(
        "broker clone",
        "ms",
        support::REPETITIONS,
        filled,
        copy,
        millis,
        note,
    );
    let queues = || {
        let mut stage = Stage::new(100);
        (0..CLONED).for_each(|number| stage.declare(&format!("other {number}")));
        stage
    };
    let note = "10 000 empty queues, and one message put in";
    support::measure(
        "broker clone queues",
        "ms",
        support::REPETITIONS,
        queues,
        copy,
        millis,
        note,
    );
}
