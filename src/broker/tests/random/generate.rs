//! Where random programs come from: a few names, used over and over, so that things meet.
//!
//! Deliberately not here: anything about what is right. The naive broker is only asked which
//! deliveries are outstanding, so that most acknowledgements hit something.

use crate::broker::tests::language::Step;
use crate::broker::tests::naive::Naive;
use crate::broker::{
    Acknowledgement, Body, Command, Consume, ExchangeDeclare, Publish, QueueDeclare,
};
use crate::types::{
    BindingKey, ChannelRef, ConnectionId, ConsumerTag, DeliveryTag, ExchangeName, ExchangeType,
    FieldTable, FieldValue, Profile, Properties, QueueName, RoutingKey, ShortText, SimDuration,
    VhostName,
};
use std::rc::Rc;

const EXCHANGES: [&str; 5] = ["x0", "x1", "x2", "x3", "x4"];
const SYSTEM: [&str; 5] = [
    "amq.direct",
    "amq.fanout",
    "amq.topic",
    "amq.headers",
    "amq.match",
];
const QUEUES: [&str; 5] = ["q0", "q1", "q2", "q3", "q4"];
const KEYS: [&str; 10] = ["a", "b", "a.b", "b.a", "a.b.c", "", "a.", "q0", "q1", "q2"];
const PATTERNS: [&str; 12] = [
    "a", "b", "a.b", "#", "*", "a.#", "#.b", "*.b", "a.*", "", "a.#.c", "#.a.#.b",
];
const TAGS: [&str; 4] = ["a", "b", "c", "d"];
const CHANNELS: [(u32, u16); 5] = [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)];

/// Numbers that look random and are the same everywhere (splitmix64, public domain).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    /// True `percent` times out of a hundred.
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let index = self.below(from.len() as u64);
        from[usize::try_from(index).unwrap_or(0)].clone()
    }
}

/// What a program is mostly about. Programs of one mix but `Anything` make few mistakes, so that they
/// get somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mix {
    Anything,
    Consumers,
    Letters,
    Routes,
}

/// What is said next.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Publish,
    Get,
    Consume,
    Cancel,
    Ack,
    Nack,
    Reject,
    Recover,
    Qos,
    Confirm,
    Transaction,
    DeclareQueue,
    DeclareExchange,
    Bind,
    Unbind,
    Purge,
    DeleteQueue,
    DeleteExchange,
    CloseChannel,
    CloseConnection,
    OpenConnection,
    OpenChannel,
}

/// What is said where routes matter.
const ROUTES: &[(Kind, u64)] = &[
    (Kind::Publish, 90),
    (Kind::Get, 20),
    (Kind::Purge, 4),
    (Kind::DeclareExchange, 10),
    (Kind::Bind, 40),
    (Kind::Unbind, 12),
    (Kind::DeleteQueue, 2),
    (Kind::DeclareQueue, 6),
    (Kind::DeleteExchange, 5),
    (Kind::Confirm, 2),
];

impl Mix {
    /// How often each kind is said.
    const fn weights(self) -> &'static [(Kind, u64)] {
        match self {
            Self::Anything => &[
                (Kind::Publish, 62),
                (Kind::Get, 12),
                (Kind::Consume, 20),
                (Kind::Cancel, 6),
                (Kind::Ack, 28),
                (Kind::Nack, 14),
                (Kind::Reject, 12),
                (Kind::Recover, 2),
                (Kind::Qos, 7),
                (Kind::Confirm, 3),
                (Kind::Transaction, 3),
                (Kind::DeclareQueue, 7),
                (Kind::DeclareExchange, 4),
                (Kind::Bind, 8),
                (Kind::Unbind, 2),
                (Kind::Purge, 3),
                (Kind::DeleteQueue, 2),
                (Kind::DeleteExchange, 2),
                (Kind::CloseChannel, 3),
                (Kind::CloseConnection, 1),
                (Kind::OpenConnection, 1),
                (Kind::OpenChannel, 1),
            ],
            Self::Consumers => &[
                (Kind::Publish, 60),
                (Kind::Get, 4),
                (Kind::Consume, 20),
                (Kind::Cancel, 8),
                (Kind::Ack, 30),
                (Kind::Nack, 14),
                (Kind::Reject, 14),
                (Kind::Recover, 3),
                (Kind::Qos, 22),
                (Kind::Transaction, 12),
                (Kind::Purge, 1),
                (Kind::DeclareQueue, 1),
                (Kind::CloseChannel, 4),
                (Kind::CloseConnection, 1),
            ],
            Self::Letters => &[
                (Kind::Publish, 60),
                (Kind::Get, 30),
                (Kind::Consume, 8),
                (Kind::Cancel, 4),
                (Kind::Ack, 8),
                (Kind::Nack, 20),
                (Kind::Reject, 25),
                (Kind::Qos, 4),
                (Kind::Confirm, 3),
                (Kind::Transaction, 8),
                (Kind::DeclareQueue, 3),
                (Kind::Bind, 4),
                (Kind::DeclareExchange, 2),
                (Kind::DeleteExchange, 1),
                (Kind::CloseChannel, 3),
            ],
            Self::Routes => ROUTES,
        }
    }
}

/// Makes one program.
pub(super) struct Generator {
    dice: Dice,
    profile: Profile,
    mix: Mix,
    made: usize,
    /// How many of the queue names and channels this program uses.
    queues_used: usize,
    channels_used: usize,
    /// What each queue name is declared with in this program, most of the time.
    queues: Vec<QueueDeclare>,
    exchanges: Vec<ExchangeDeclare>,
}

impl Generator {
    pub(super) fn new(seed: u64, profile: Profile) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0xD134_2543_DE82_EF95));
        let mixes = [Mix::Anything, Mix::Consumers, Mix::Letters, Mix::Routes];
        let mix = dice.pick(&mixes);
        let (queues_used, channels_used) = match mix {
            Mix::Anything => (5, 5),
            Mix::Consumers => (dice.pick(&[1, 2, 2, 3]), dice.pick(&[2, 3, 4])),
            Mix::Letters => (dice.pick(&[2, 3, 4]), 3),
            Mix::Routes => (4, 2),
        };
        let mut generator = Self {
            dice,
            profile,
            mix,
            queues_used,
            channels_used,
            made: 0,
            queues: Vec::new(),
            exchanges: Vec::new(),
        };
        for name in QUEUES {
            let declare = generator.new_queue(name);
            generator.queues.push(declare);
        }
        for name in EXCHANGES {
            let declare = generator.new_exchange(name);
            generator.exchanges.push(declare);
        }
        generator
    }

    pub(super) fn step(&mut self, naive: &Naive) -> Step {
        self.made += 1;
        if self.made > 10 && self.dice.chance(10) {
            let span = self.dice.pick(&[1_u64, 5, 10, 30, 50, 100, 200]);
            return Step::Pass(SimDuration::from_millis(span));
        }
        let (connection, channel) = self.dice.pick(&CHANNELS[..self.channels_used]);
        let at = ChannelRef::new(ConnectionId(connection), channel);
        // What was closed is mostly opened again before anything else is said on it.
        let connection = ChannelRef::new(at.connection, 0);
        let vhost = VhostName::truncated("/");
        let command = if !naive.is_open(connection) {
            Command::open(vhost)
        } else if !naive.is_open(at) && self.dice.chance(97) {
            Command::ChannelOpen
        } else if self.made <= 24 {
            self.building()
        } else {
            self.command(at, naive)
        };
        // A connection speaks for itself on channel 0.
        let of_connection = matches!(
            command,
            Command::ConnectionClose | Command::ConnectionOpen { .. }
        );
        let at = ChannelRef::new(at.connection, if of_connection { 0 } else { channel });
        Step::Say {
            at,
            opens: true,
            command,
        }
    }

    /// Whether something out of the ordinary is said, `times` in a hundred.
    fn mistake(&mut self, times: u64) -> bool {
        self.dice.chance(times) && self.mix == Mix::Anything
    }

    /// The beginning of a program: things to play with.
    fn building(&mut self) -> Command {
        // Twice each, since the first may only have opened a channel.
        if self.mix != Mix::Anything {
            let number = self.made / 2;
            if let Some(declare) = self.queues[..self.queues_used].get(number) {
                return Command::QueueDeclare(declare.clone());
            }
            let exchange = self.exchanges.get(number - self.queues_used);
            if let (Some(declare), true) = (exchange, self.mix != Mix::Consumers) {
                return Command::ExchangeDeclare(declare.clone());
            }
        }
        match (self.mix, self.dice.below(10)) {
            (Mix::Consumers, _) | (_, 0..4) => self.queue_declare(),
            (_, 4..7) => self.exchange_declare(),
            _ => self.binding(),
        }
    }

    fn kind(&mut self) -> Kind {
        let weights = self.mix.weights();
        let total = weights.iter().map(|(_, weight)| weight).sum();
        let mut point = self.dice.below(total);
        for (kind, weight) in weights {
            if point < *weight {
                return *kind;
            }
            point -= weight;
        }
        Kind::Publish
    }

    /// Begun on some channels, and ended again and again on those.
    fn transaction(&mut self, at: ChannelRef, naive: &Naive) -> Command {
        let begun = naive.is_transactional(at);
        match self.dice.below(10) {
            0..3 if begun => Command::TxRollback,
            3..9 if begun => Command::TxCommit,
            0 if self.mistake(30) => Command::TxCommit,
            1 if self.mistake(30) => Command::TxRollback,
            _ => Command::TxSelect,
        }
    }

    fn command(&mut self, at: ChannelRef, naive: &Naive) -> Command {
        match self.kind() {
            Kind::Publish => self.publish(),
            Kind::Get => Command::BasicGet {
                queue: self.queue_name(),
                no_ack: self.dice.chance(25),
            },
            Kind::Consume => self.consume(at, naive),
            Kind::Cancel => {
                let mut tags = naive.consumer_tags(at);
                // Names of a broker's own making are its own.
                tags.retain(|tag| !tag.starts_with("amq."));
                let made_up = tags.is_empty() || self.dice.chance(10);
                let tag = if made_up {
                    self.dice.pick(&TAGS).to_owned()
                } else {
                    self.dice.pick(&tags)
                };
                Command::BasicCancel {
                    consumer_tag: ConsumerTag::truncated(&tag),
                }
            }
            Kind::Ack => Command::BasicAck(self.which(at, naive)),
            Kind::Nack => Command::BasicNack {
                which: self.which(at, naive),
                requeue: self.dice.chance(60),
            },
            Kind::Reject => self.reject(at, naive),
            Kind::Recover => Command::BasicRecover {
                requeue: !self.mistake(10),
            },
            Kind::Qos => self.qos(),
            Kind::Confirm => Command::ConfirmSelect,
            Kind::Transaction => self.transaction(at, naive),
            Kind::DeclareQueue => self.queue_declare(),
            Kind::DeclareExchange => self.exchange_declare(),
            Kind::Bind => self.binding(),
            Kind::Unbind => self.unbinding(),
            Kind::Purge => Command::QueuePurge {
                queue: self.queue_name(),
            },
            Kind::DeleteQueue => Command::QueueDelete {
                queue: self.queue_name(),
                if_unused: self.dice.chance(30),
                if_empty: self.dice.chance(30),
            },
            Kind::DeleteExchange => Command::ExchangeDelete {
                exchange: self.exchange_name(),
                if_unused: self.dice.chance(40),
            },
            Kind::CloseChannel => Command::ChannelClose,
            Kind::CloseConnection => Command::ConnectionClose,
            Kind::OpenConnection => Command::open(VhostName::truncated("/")),
            Kind::OpenChannel => Command::ChannelOpen,
        }
    }

    /// One outstanding delivery; unlike an acknowledgement it has no way to mean none.
    fn reject(&mut self, at: ChannelRef, naive: &Naive) -> Command {
        let outstanding = naive.outstanding(at);
        if outstanding.is_empty() && !self.mistake(10) {
            return self.publish();
        }
        Command::BasicReject {
            delivery_tag: self.which(at, naive).delivery_tag,
            requeue: self.dice.chance(40),
        }
    }

    /// One of the queues in use.
    fn used_queue(&mut self) -> &'static str {
        self.dice.pick(&QUEUES[..self.queues_used])
    }

    fn queue_name(&mut self) -> QueueName {
        let name = match self.dice.below(40) {
            0..3 if self.mix == Mix::Anything => "",
            3 if self.mix == Mix::Anything => "@1",
            4 if self.mix == Mix::Anything => "amq.none",
            _ => self.used_queue(),
        };
        QueueName::truncated(name)
    }

    fn exchange_name(&mut self) -> ExchangeName {
        let anything = self.mix == Mix::Anything;
        let name = match self.dice.below(40) {
            0..7 if anything => "",
            7..15 => self.dice.pick(&SYSTEM),
            15 if anything => "amq.rabbitmq.trace",
            _ => self.dice.pick(&EXCHANGES),
        };
        ExchangeName::truncated(name)
    }

    fn new_queue(&mut self, name: &str) -> QueueDeclare {
        let mix = self.mix;
        let dice = &mut self.dice;
        let exclusive = dice.chance(if mix == Mix::Anything { 12 } else { 1 });
        let durable = match self.profile {
            Profile::V3 => dice.chance(40),
            Profile::V4 => dice.chance(95),
        };
        let auto_delete = dice.chance(if mix == Mix::Anything { 15 } else { 5 });
        let quorum = dice.chance(15);
        let mut arguments = self.queue_arguments();
        if quorum {
            arguments.set("x-queue-type", "quorum");
            arguments.remove("x-max-priority");
            if self.dice.chance(50) {
                arguments.set("x-delivery-limit", self.dice.pick(&[-1_i32, 0, 1, 2]));
            }
            if self.profile == Profile::V4 {
                let kinds = ["all", "failed", "returned", "disabled", "often"];
                arguments.set("x-delayed-retry-type", self.dice.pick(&kinds));
                arguments.set("x-delayed-retry-min", self.dice.pick(&[0_i32, 10, 30]));
                arguments.set("x-delayed-retry-max", self.dice.pick(&[20_i32, 500]));
            }
        }
        let classic = !quorum || self.mistake(5);
        QueueDeclare {
            queue: QueueName::truncated(name),
            passive: false,
            durable: durable || !classic,
            exclusive: exclusive && classic,
            auto_delete: auto_delete && classic,
            arguments,
        }
    }

    fn queue_arguments(&mut self) -> FieldTable {
        let dice = &mut self.dice;
        let mut table = FieldTable::new();
        if dice.chance(25) {
            table.set("x-message-ttl", dice.pick(&[0_i32, 10, 50, 100]));
        }
        if dice.chance(8) {
            table.set("x-expires", dice.pick(&[30_i32, 100, 200]));
        }
        if dice.chance(25) {
            table.set("x-max-length", dice.pick(&[0_i64, 1, 1, 2, 2, 3, 4]));
        }
        if dice.chance(12) {
            table.set("x-max-length-bytes", dice.pick(&[0_i32, 2, 4, 8]));
        }
        if dice.chance(35) {
            table.set(
                "x-overflow",
                dice.pick(&["drop-head", "reject-publish", "reject-publish-dlx"]),
            );
        }
        if dice.chance(50) {
            let exchange = dice.pick(&["", "", "x0", "x1", "x2", "amq.fanout", "amq.direct"]);
            table.set("x-dead-letter-exchange", exchange);
            if dice.chance(50) {
                let key = dice.pick(&["a", "a.b", "q0", "q1", "q2", "q3"]);
                table.set("x-dead-letter-routing-key", key);
            }
        }
        if dice.chance(20) {
            table.set("x-max-priority", dice.pick(&[0_i32, 2, 5]));
        }
        if dice.chance(12) {
            table.set("x-single-active-consumer", true);
        }
        table
    }

    fn queue_declare(&mut self) -> Command {
        let used = self.queues[..self.queues_used].to_vec();
        let mut declare = self.dice.pick(&used);
        match self.dice.below(60) {
            0..3 => declare.passive = true,
            _ if self.mix != Mix::Anything => {}
            3 => declare.durable = !declare.durable,
            4 => declare.exclusive = !declare.exclusive,
            5 => declare.auto_delete = !declare.auto_delete,
            6 => declare.arguments = self.queue_arguments(),
            7..10 => {
                declare = self.new_queue("");
                declare.exclusive |= self.profile == Profile::V4;
            }
            10 => declare.queue = QueueName::truncated("amq.mine"),
            11 => declare = self.bad_queue(),
            _ => {}
        }
        Command::QueueDeclare(declare)
    }

    fn bad_queue(&mut self) -> QueueDeclare {
        let name = self.dice.pick(&QUEUES);
        let (key, value) = self.dice.pick(&[
            ("x-message-ttl", FieldValue::I32(-1)),
            ("x-message-ttl", FieldValue::text("10")),
            ("x-message-ttl", FieldValue::I64(315_360_000_001)),
            ("x-expires", FieldValue::I32(0)),
            ("x-max-length", FieldValue::Bool(true)),
            ("x-max-length", FieldValue::I32(-2)),
            ("x-max-priority", FieldValue::I32(256)),
            ("x-overflow", FieldValue::text("drop-tail")),
            ("x-dead-letter-exchange", FieldValue::I32(1)),
            ("x-dead-letter-routing-key", FieldValue::text("k")),
            ("x-single-active-consumer", FieldValue::I32(1)),
            ("x-queue-mode", FieldValue::text("quick")),
        ]);
        QueueDeclare {
            queue: QueueName::truncated(name),
            durable: true,
            arguments: FieldTable::new().with(key, value),
            ..QueueDeclare::default()
        }
    }

    fn new_exchange(&mut self, name: &str) -> ExchangeDeclare {
        let dice = &mut self.dice;
        let mut arguments = FieldTable::new();
        if dice.chance(30) {
            let alternate = dice.pick(&["", "x0", "x1", "x2", "x3", "nowhere", "amq.fanout"]);
            arguments.set("alternate-exchange", alternate);
        }
        ExchangeDeclare {
            exchange: ExchangeName::truncated(name),
            exchange_type: dice.pick(&[
                ExchangeType::Direct,
                ExchangeType::Fanout,
                ExchangeType::Topic,
                ExchangeType::Headers,
            ]),
            passive: false,
            durable: dice.chance(50),
            auto_delete: dice.chance(20),
            internal: dice.chance(8),
            arguments,
        }
    }

    fn exchange_declare(&mut self) -> Command {
        let mut declare = self.dice.pick(&self.exchanges.clone());
        match self.dice.below(50) {
            _ if self.mix != Mix::Anything => {}
            0..2 => declare.passive = true,
            2 => declare.durable = !declare.durable,
            3 => declare.internal = !declare.internal,
            4 => declare.auto_delete = !declare.auto_delete,
            5 => declare.arguments.set("alternate-exchange", 5),
            6 => declare.exchange = self.exchange_name(),
            7 => declare.exchange_type = ExchangeType::Other("strange".into()),
            8 => declare.exchange = ExchangeName::truncated("amq.mine"),
            _ => {}
        }
        Command::ExchangeDeclare(declare)
    }

    fn header_arguments(&mut self) -> FieldTable {
        let mut table = FieldTable::new();
        if self.dice.chance(40) {
            let modes = ["all", "any", "all-with-x", "any-with-x", "some"];
            let mode = self.dice.pick(&modes);
            if mode != "some" || self.mistake(20) {
                table.set("x-match", mode);
            }
        }
        for key in ["n", "s", "x-n"] {
            if self.dice.chance(35) {
                table.set(key, self.header_value());
            }
        }
        table
    }

    fn header_value(&mut self) -> FieldValue {
        self.dice.pick(&[
            FieldValue::I32(1),
            FieldValue::I64(1),
            FieldValue::F64(1.0),
            FieldValue::I32(2),
            FieldValue::text("1"),
            FieldValue::Bool(true),
            FieldValue::Void,
        ])
    }

    fn binding_arguments(&mut self) -> FieldTable {
        if self.dice.chance(40) {
            self.header_arguments()
        } else {
            FieldTable::new()
        }
    }

    fn binding(&mut self) -> Command {
        let binding_key = BindingKey::truncated(self.dice.pick(&PATTERNS));
        let arguments = self.binding_arguments();
        if self.dice.chance(30) {
            return Command::ExchangeBind {
                destination: self.exchange_name(),
                source: self.exchange_name(),
                binding_key,
                arguments,
            };
        }
        Command::QueueBind {
            queue: self.queue_name(),
            exchange: self.exchange_name(),
            binding_key,
            arguments,
        }
    }

    fn unbinding(&mut self) -> Command {
        match self.binding() {
            Command::QueueBind {
                queue,
                exchange,
                binding_key,
                ..
            } => Command::QueueUnbind {
                queue,
                exchange,
                binding_key,
                arguments: FieldTable::new(),
            },
            Command::ExchangeBind {
                destination,
                source,
                binding_key,
                ..
            } => Command::ExchangeUnbind {
                destination,
                source,
                binding_key,
                arguments: FieldTable::new(),
            },
            other => other,
        }
    }

    fn publish(&mut self) -> Command {
        let direct = match self.mix {
            Mix::Anything => 20,
            Mix::Consumers => 100,
            Mix::Letters => 80,
            Mix::Routes => 5,
        };
        let exchange = if self.dice.chance(direct) {
            ExchangeName::default()
        } else {
            self.exchange_name()
        };
        let key = if exchange.is_empty() && self.dice.chance(90) {
            self.used_queue()
        } else {
            self.dice.pick(&KEYS)
        };
        let body = match self.dice.below(6) {
            0 => Body::Blank(self.dice.below(6)),
            1 => Body::Octets(Vec::new().into()),
            _ => Body::Octets(format!("b{}", self.made).as_bytes().into()),
        };
        let properties = self.dice.chance(60).then(|| Rc::new(self.properties()));
        let properties = properties.filter(|p| **p != Properties::default());
        Command::BasicPublish(Publish {
            exchange,
            routing_key: RoutingKey::truncated(key),
            mandatory: self.dice.chance(20),
            immediate: self.mistake(1),
            properties,
            body,
        })
    }

    fn properties(&mut self) -> Properties {
        let mut properties = Properties::default();
        if self.dice.chance(30) {
            properties.delivery_mode = Some(2);
        }
        if self.dice.chance(40) {
            properties.priority = Some(self.dice.pick(&[0, 1, 2, 3, 9]));
        }
        if self.dice.chance(30) {
            let text = self
                .dice
                .pick(&["0", "10", "50", "+30", "10", "50", "100", "soon", "-1"]);
            let is_bad = text == "soon" || text == "-1";
            let text = if is_bad && !self.mistake(20) {
                "20"
            } else {
                text
            };
            properties.expiration = Some(ShortText::truncated(text));
        }
        if self.mistake(2) {
            let user = self.dice.pick(&["guest", "bob"]);
            properties.user_id = Some(ShortText::truncated(user));
        }
        if self.dice.chance(45) {
            properties.headers = Some(self.headers());
        }
        properties
    }

    fn headers(&mut self) -> FieldTable {
        let mut table = FieldTable::new();
        for key in ["s", "n", "x-n"] {
            if self.dice.chance(35) {
                table.set(key, self.header_value());
            }
        }
        for key in ["CC", "BCC"] {
            if self.dice.chance(20) {
                let value = if self.mistake(4) {
                    FieldValue::text("q1")
                } else {
                    FieldValue::Array(vec![
                        FieldValue::text(self.dice.pick(&KEYS)),
                        FieldValue::text(self.dice.pick(&QUEUES)),
                        FieldValue::I32(1),
                    ])
                };
                table.set(key, value);
            }
        }
        if self.dice.chance(8) {
            let value = if self.dice.chance(30) {
                FieldValue::text("none")
            } else {
                let death = FieldTable::new()
                    .with("count", 3_i64)
                    .with("queue", self.dice.pick(&QUEUES))
                    .with("reason", self.dice.pick(&["rejected", "expired", "maxlen"]));
                FieldValue::Array(vec![FieldValue::Table(death)])
            };
            table.set("x-death", value);
        }
        table
    }

    fn consume(&mut self, at: ChannelRef, naive: &Naive) -> Command {
        let mut arguments = FieldTable::new();
        if self.dice.chance(25) {
            arguments.set("x-priority", self.dice.pick(&[-1_i32, 0, 1, 2]));
        }
        if self.mistake(1) {
            arguments.set("x-priority", "high");
        }
        // A tag in use closes the connection: seldom wanted.
        let used = naive.consumer_tags(at);
        let mut tag = self.dice.pick(&TAGS);
        if self.dice.chance(8) || (used.iter().any(|u| u == tag) && !self.mistake(5)) {
            tag = "";
        }
        Command::BasicConsume(Consume {
            queue: self.queue_name(),
            consumer_tag: ConsumerTag::truncated(tag),
            no_ack: self.dice.chance(20),
            exclusive: self.mistake(10),
            arguments,
        })
    }

    fn qos(&mut self) -> Command {
        let global = self.dice.chance(35) && (self.profile == Profile::V3 || self.mistake(10));
        Command::BasicQos {
            prefetch_size: u32::from(self.mistake(2)),
            prefetch_count: self.dice.pick(&[0, 1, 1, 1, 2, 2, 3]),
            global,
        }
    }

    /// Mostly something outstanding, else anything.
    fn which(&mut self, at: ChannelRef, naive: &Naive) -> Acknowledgement {
        let outstanding = naive.outstanding(at);
        let multiple = self.dice.chance(25);
        let tag = if outstanding.is_empty() || self.mistake(3) {
            // Without anything outstanding, all of nothing is mostly meant.
            if !self.mistake(20) {
                return Acknowledgement {
                    delivery_tag: DeliveryTag(0),
                    multiple: true,
                };
            }
            self.dice.below(12)
        } else if multiple && self.dice.chance(30) {
            0
        } else {
            self.dice.pick(&outstanding)
        };
        Acknowledgement {
            delivery_tag: DeliveryTag(tag),
            multiple,
        }
    }
}
