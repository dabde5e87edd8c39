//! Random documents and edits for property tests.

use super::*;
use crate::types::{ExchangeType, FieldValue, Profile, SimDuration};
use rand_core::{Rng as _, SeedableRng};
use rand_pcg::Pcg32;

/// Draws documents and edits; the same seed draws the same.
pub(in crate::scenario) struct Random(Pcg32);

impl Random {
    pub(in crate::scenario) fn new(seed: u64) -> Self {
        Self(Pcg32::seed_from_u64(seed))
    }

    pub(in crate::scenario) fn below(&mut self, end: u32) -> u32 {
        self.0.next_u32() % end.max(1)
    }

    fn chance(&mut self, one_in: u32) -> bool {
        self.below(one_in) == 0
    }

    fn number(&mut self) -> f64 {
        match self.below(5) {
            0 => 0.0,
            1 => f64::from(self.below(1000)),
            2 => f64::from(self.below(1000)) / 1000.0,
            3 => 1.0 / 3.0,
            _ => f64::from_bits(u64::from(self.0.next_u32()) << 30).abs(),
        }
    }

    fn span(&mut self) -> SimDuration {
        match self.below(3) {
            0 => SimDuration::from_secs(self.below(100).into()),
            1 => SimDuration::from_millis(self.below(100_000).into()),
            _ => SimDuration::from_nanos(self.0.next_u64() >> self.below(60)),
        }
    }

    fn text(&mut self) -> String {
        let texts = [
            "",
            "a",
            "orders.eu",
            "#",
            "*.b",
            "队列",
            "a \"quoted\" \\ one",
            "é\n",
            "{[,",
        ];
        texts[self.below(texts.len() as u32) as usize].to_owned()
    }

    fn value(&mut self) -> FieldValue {
        match self.below(7) {
            0 => FieldValue::Bool(self.chance(2)),
            1 => FieldValue::I64(i64::from(self.below(100)) - 50),
            2 => FieldValue::F64(self.number()),
            3 => FieldValue::Void,
            4 => FieldValue::Array(vec![FieldValue::text("x"), FieldValue::I64(1)]),
            5 => FieldValue::Table(self.table()),
            _ => FieldValue::text(&self.text()),
        }
    }

    fn table(&mut self) -> FieldTable {
        let keys = ["x-message-ttl", "x-dead-letter-exchange", "x-match", "tier"];
        let mut table = FieldTable::new();
        for key in keys {
            if self.chance(4) {
                table.set(key, self.value());
            }
        }
        table
    }

    fn distribution(&mut self) -> Distribution {
        match self.below(4) {
            0 => Distribution::Fixed {
                value: self.number(),
            },
            1 => Distribution::Uniform {
                min: self.number(),
                max: self.number(),
            },
            2 => Distribution::Exponential {
                mean: self.number(),
            },
            _ => Distribution::Lognormal {
                mean: self.number(),
                deviation: self.number(),
            },
        }
    }

    fn choice<T>(&mut self, draw: impl Fn(&mut Self) -> T) -> Choice<T> {
        match self.below(3) {
            0 => Choice::Fixed(draw(self)),
            1 => Choice::Cycle(vec![draw(self), draw(self)]),
            _ => Choice::Drawn(vec![(draw(self), 3), (draw(self), 0)]),
        }
    }

    fn shape(&mut self) -> LoadShape {
        match self.below(8) {
            0 => LoadShape::Constant {
                rate: self.number(),
            },
            1 => LoadShape::Bursts {
                rate: self.number(),
                on: self.span(),
                off: self.span(),
            },
            2 => LoadShape::Ramp {
                from: self.number(),
                to: self.number(),
                over: self.span(),
            },
            3 => LoadShape::Step {
                before: self.number(),
                after: self.number(),
                at: self.span(),
            },
            4 => LoadShape::Spike {
                base: self.number(),
                peak: self.number(),
                at: self.span(),
                lasts: self.span(),
            },
            5 => LoadShape::Sine {
                mean: self.number(),
                amplitude: self.number(),
                period: self.span(),
            },
            6 => LoadShape::Times {
                times: vec![self.span(), self.span()],
            },
            _ => LoadShape::Rates {
                points: vec![RatePoint {
                    at: self.span(),
                    rate: self.number(),
                }],
                last: self.span(),
            },
        }
    }

    fn outages(&mut self) -> Vec<Outage> {
        let kinds = [OutageKind::Pause, OutageKind::Crash, OutageKind::Cut];
        (0..self.below(3))
            .map(|_| Outage {
                at: self.span(),
                lasts: self.chance(2).then(|| self.span()),
                what: kinds[self.below(3) as usize],
            })
            .collect()
    }

    fn producer(&mut self) -> Producer {
        Producer {
            load: Load {
                shape: self.shape(),
                arrivals: [Arrivals::Regular, Arrivals::Poisson][self.below(2) as usize],
            },
            limit: self.chance(2).then_some(10),
            routing_key: self.choice(Self::text),
            headers: vec![HeaderChoice {
                name: "tier".into(),
                value: self.choice(Self::value),
            }],
            size: self.distribution(),
            persistent: self.chance(2),
            priority: self.chance(2).then_some(5),
            expiration: self.chance(2).then(|| self.span()),
            mandatory: self.chance(2),
            confirm_window: self.chance(2).then_some(100),
            latency: self.distribution(),
            outages: self.outages(),
        }
    }

    fn consumer(&mut self) -> Consumer {
        Consumer {
            service: self.distribution(),
            workers: self.below(4),
            prefetch: 20,
            ack_mode: [AckMode::Manual, AckMode::Automatic][self.below(2) as usize],
            failures: Failures {
                share: self.number(),
                outcome: [FailureOutcome::Requeue, FailureOutcome::Reject][self.below(2) as usize],
            },
            priority: self.chance(2).then_some(-3),
            exclusive: self.chance(3),
            latency: self.distribution(),
            outages: self.outages(),
        }
    }

    fn kind(&mut self) -> NodeKind {
        match self.below(4) {
            0 => NodeKind::Producer(self.producer()),
            1 => NodeKind::Exchange(Exchange {
                exchange_type: ExchangeType::from(
                    ["direct", "fanout", "topic", "headers", "x-random"][self.below(5) as usize]
                        .to_owned(),
                ),
                durable: self.chance(2),
                auto_delete: self.chance(3),
                internal: self.chance(5),
                arguments: self.table(),
            }),
            2 => NodeKind::Queue(Queue {
                declared: !self.chance(4),
                durable: self.chance(2),
                exclusive: self.chance(3),
                auto_delete: self.chance(3),
                arguments: self.table(),
            }),
            _ => NodeKind::Consumer(self.consumer()),
        }
    }

    fn node(&mut self) -> NodeId {
        NodeId(self.below(14))
    }

    fn edge_kind(&mut self) -> EdgeKind {
        match self.below(4) {
            0 => EdgeKind::Publish,
            1 => EdgeKind::Consume,
            _ => EdgeKind::Binding {
                binding_key: BindingKey::truncated(&self.text()),
                arguments: self.table(),
            },
        }
    }

    /// A document with some nodes and lines, on two virtual hosts.
    pub(in crate::scenario) fn scenario(&mut self) -> Scenario {
        let mut scenario = Scenario {
            title: LocalText {
                en: self.text(),
                zh: self.text(),
            },
            seed: self.0.next_u64(),
            profile: Profile::ALL[self.below(2) as usize],
            broker: BrokerSettings {
                memory_limit: self.chance(2).then(|| self.0.next_u64()),
                disk_free: self.chance(2).then(|| self.0.next_u64()),
                disk_free_limit: [50_000_000, 0][self.below(2) as usize],
                consumer_timeout: self.span(),
                queue_time: self.span(),
            },
            duration: self.chance(2).then(|| self.span()),
            speed: self.chance(2).then(|| self.number()),
            ..Scenario::new()
        };
        if self.chance(3) {
            let users = r#"[{"name": "guest"}]"#.parse().expect("JSON");
            scenario.carried.set("users", users);
        }
        for _ in 0..30 {
            let _ = scenario.apply(&self.edit());
        }
        scenario
    }

    /// An edit that may or may not make sense.
    pub(in crate::scenario) fn edit(&mut self) -> Edit {
        let vhost = VhostName::truncated(["/", "/", "/", "other"][self.below(4) as usize]);
        match self.below(14) {
            0..=3 => Edit::AddNode {
                kind: self.kind(),
                name: self.chance(2).then(|| self.text()),
                vhost,
                position: Point {
                    x: self.below(1000) as i32 - 500,
                    y: i32::MAX,
                },
            },
            4..=6 => Edit::Connect {
                from: self.node(),
                to: self.node(),
                kind: self.chance(2).then(|| self.edge_kind()),
            },
            7 => Edit::Remove {
                nodes: vec![self.node()],
                edges: vec![EdgeId(self.below(8)); self.below(2) as usize],
            },
            8 => Edit::Rename {
                node: self.node(),
                name: self.text().repeat(1 + 300 * usize::from(self.chance(5))),
            },
            9 => Edit::SetNode {
                node: self.node(),
                kind: self.kind(),
            },
            10 => Edit::Reconnect {
                edge: EdgeId(self.below(8)),
                from: self.node(),
                to: self.node(),
            },
            11 => Edit::SetEdge {
                edge: EdgeId(self.below(8)),
                kind: self.edge_kind(),
            },
            12 => Edit::Move {
                nodes: vec![
                    (self.node(), Point { x: 1, y: 2 }),
                    (self.node(), Point::default()),
                ],
            },
            _ if self.chance(2) => Edit::AddVhost { name: vhost },
            _ => Edit::RemoveVhost { name: vhost },
        }
    }
}
