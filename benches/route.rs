//! What it costs to find the queues of one message.
//!
//! Everything is declared and bound through the broker's door; then only the routing is measured,
//! over a thousand keys in turn, each of which goes where the figure's name says.

mod support;

use brokerlab::broker::{Broker, BrokerOptions, Command, ExchangeDeclare, QueueDeclare, Routes};
use brokerlab::types::{
    BindingKey, ChannelRef, ConnectionId, ExchangeId, ExchangeName, ExchangeType, FieldTable,
    FieldValue, QueueName, RoutingKey, SimTime, VhostId, VhostName,
};
use support::{bench, black_box};

const CONNECTION: ChannelRef = ChannelRef::new(ConnectionId(1), 0);
const CHANNEL: ChannelRef = ChannelRef::new(ConnectionId(1), 1);

/// Keys that are tried in turn, so that no single path is in the cache by merit of repetition.
const KEYS: usize = 1024;
/// Times over all keys for one repetition.
const ROUNDS: usize = 100;

/// A broker with one exchange `x` of a type.
struct Wiring(Broker);

impl Wiring {
    fn new(exchange_type: &str) -> Self {
        let mut wiring = Self(Broker::new(BrokerOptions::default()));
        wiring.say(CONNECTION, Command::open(VhostName::truncated("/")));
        wiring.say(CHANNEL, Command::ChannelOpen);
        let declare = ExchangeDeclare {
            exchange: ExchangeName::truncated("x"),
            exchange_type: ExchangeType::from(exchange_type.to_owned()),
            durable: true,
            ..ExchangeDeclare::default()
        };
        wiring.say(CHANNEL, Command::ExchangeDeclare(declare));
        wiring
    }

    fn say(&mut self, channel: ChannelRef, command: Command) {
        let done = self
            .0
            .apply(SimTime::ZERO, channel, command, &mut Vec::new());
        done.expect("what a benchmark sets up is accepted");
    }

    fn queue(&mut self, name: &str) {
        let queue = QueueName::truncated(name);
        let declare = QueueDeclare {
            queue,
            durable: true,
            ..QueueDeclare::default()
        };
        self.say(CHANNEL, Command::QueueDeclare(declare));
    }

    fn bind(&mut self, queue: &str, binding_key: &str, arguments: FieldTable) {
        let bind = Command::QueueBind {
            queue: QueueName::truncated(queue),
            exchange: ExchangeName::truncated("x"),
            binding_key: BindingKey::truncated(binding_key),
            arguments,
        };
        self.say(CHANNEL, bind);
    }

    fn exchange(&self, name: &str) -> ExchangeId {
        self.0
            .exchange_named(VhostId(0), name)
            .expect("it was declared")
    }
}

/// A message as routing sees it.
type Asked = (RoutingKey, Option<FieldTable>);

/// Measures the routing of `asked`, each of which reaches `queues` queues.
fn measure(
    name: &str,
    wiring: &Wiring,
    exchange: &str,
    asked: &[Asked],
    queues: usize,
    note: &str,
) {
    let exchange = wiring.exchange(exchange);
    let mut routes = Routes::default();
    for (key, headers) in asked {
        wiring
            .0
            .route(exchange, key, headers.as_ref(), &[], &mut routes);
        assert_eq!(routes.queues.len(), queues, "{name}: {key}");
    }
    let run = |()| {
        for _ in 0..ROUNDS {
            for (key, headers) in asked {
                let (key, headers) = black_box((key, headers.as_ref()));
                wiring.0.route(exchange, key, headers, &[], &mut routes);
                black_box(&routes.queues);
            }
        }
    };
    bench(name, (ROUNDS * asked.len()) as u64, || (), run, note);
}

fn keys(of: impl Fn(usize) -> String) -> Vec<Asked> {
    (0..KEYS)
        .map(|index| (RoutingKey::truncated(&of(index)), None))
        .collect()
}

/// A key of three words without wildcards.
fn literal(index: usize) -> String {
    format!(
        "region{}.service{}.event{}",
        index % 20,
        index / 20 % 25,
        index / 500
    )
}

/// A binding key with wildcards, and a routing key that only it matches.
fn pattern(index: usize) -> (String, String) {
    let word = format!("tenant{index}");
    match index % 4 {
        0 => (format!("{word}.*.created"), format!("{word}.order.created")),
        1 => (format!("*.{word}.*"), format!("region1.{word}.event2")),
        2 => (format!("{word}.#"), format!("{word}.service3.event4")),
        _ => (format!("#.{word}"), format!("region3.service4.{word}")),
    }
}

/// As many bindings as said, each to a queue of its own, every tenth with wildcards.
fn topic(bindings: usize) {
    let mut wiring = Wiring::new("topic");
    let mut matching = Vec::new();
    for index in 0..bindings {
        let (binding_key, key) = if index % 10 == 9 {
            pattern(index / 10)
        } else {
            (literal(index), literal(index))
        };
        let queue = format!("q{index}");
        wiring.queue(&queue);
        wiring.bind(&queue, &binding_key, FieldTable::new());
        matching.push(key);
    }
    // A prime step visits all kinds of keys, and neighbours in no order.
    let asked = keys(|index| matching[index * 7919 % matching.len()].clone());
    let name = format!("route: topic, {bindings} bindings, to one queue");
    measure(
        &name,
        &wiring,
        "x",
        &asked,
        1,
        "a tenth of the bindings with wildcards",
    );
}

fn direct() {
    let mut wiring = Wiring::new("direct");
    for index in 0..100 {
        let queue = format!("q{index}");
        wiring.queue(&queue);
        wiring.bind(&queue, &format!("key{index}"), FieldTable::new());
    }
    let asked = keys(|index| format!("key{}", index * 7919 % 100));
    measure(
        "route: direct, 100 bindings, to one queue",
        &wiring,
        "x",
        &asked,
        1,
        "",
    );
    let asked = keys(|index| format!("q{}", index * 7919 % 100));
    measure(
        "route: default exchange, 100 queues",
        &wiring,
        "",
        &asked,
        1,
        "",
    );
}

fn fanout() {
    let mut wiring = Wiring::new("fanout");
    for index in 0..10 {
        let queue = format!("q{index}");
        wiring.queue(&queue);
        wiring.bind(&queue, "", FieldTable::new());
    }
    let asked = keys(|index| format!("key{index}"));
    measure("route: fanout to 10 queues", &wiring, "x", &asked, 10, "");
}

fn headers() {
    let mut wiring = Wiring::new("headers");
    for index in 0..100 {
        let queue = format!("q{index}");
        wiring.queue(&queue);
        let arguments = FieldTable::new()
            .with("x-match", "all")
            .with("kind", format!("kind{index}").as_str())
            .with("priority", FieldValue::I32(1));
        wiring.bind(&queue, "", arguments);
    }
    let message = |index: usize| {
        let kind = format!("kind{}", index * 7919 % 100);
        let headers = FieldTable::new()
            .with("kind", kind.as_str())
            .with("priority", 1);
        (RoutingKey::default(), Some(headers))
    };
    let asked: Vec<_> = (0..KEYS).map(message).collect();
    let note = "two headers each; every binding is looked at";
    measure(
        "route: headers, 100 bindings, to one queue",
        &wiring,
        "x",
        &asked,
        1,
        note,
    );
}

fn main() {
    topic(100);
    topic(10_000);
    direct();
    fanout();
    headers();
}
