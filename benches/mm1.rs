//! What a customer costs: the M/M/1 queue at 0.8, through a producer coroutine, the broker and a
//! consumer coroutine, with manual acknowledgement and no latency.
//!
//! Ours routes, keeps delivery tags, hashes the trace and counts waiting times, depths and rates, as
//! in the page; once without and once with records retained for looking back. Beside it, with the
//! feature `peers`, the same queue in nexosim 1.0: a source and a server, one thread, the same random
//! numbers, nothing counted and nothing recorded. Last, what a clone of a run costs.

mod support;

use brokerlab::scenario::{
    Arrivals, Consumer, Distribution, Edge, EdgeKind, Load, LoadShape, Node, NodeKind, Point,
    Producer, Queue, Scenario,
};
use brokerlab::sim::Simulation;
use brokerlab::types::{EdgeId, NodeId, SimTime, VhostName};
#[cfg(feature = "peers")]
use brokerlab::{scenario, types};
use std::rc::Rc;
use support::{bench, rate};

/// Customers in one repetition.
const CUSTOMERS: u64 = 400_000;
const ARRIVAL_RATE: f64 = 0.8;

fn main() {
    let note = "M/M/1 at 0.8 through producer, broker, consumer";
    let until = SimTime::from_secs((CUSTOMERS as f64 / ARRIVAL_RATE) as u64);
    let run = |prefetch, records| {
        let mut run = Simulation::new(Rc::new(mm1(prefetch)));
        run.retain(records);
        run
    };
    let go = |mut run: Simulation| {
        run.run_until(until, u64::MAX);
        run
    };
    rate("mm1/customers", CUSTOMERS, || run(1, 0), go, note);
    let noted = "the same, 65 536 records retained";
    rate(
        "mm1/customers/retained",
        CUSTOMERS,
        || run(1, 65_536),
        go,
        noted,
    );
    let many = "the same, prefetch 10";
    rate(
        "mm1/customers/prefetch-10",
        CUSTOMERS,
        || run(10, 0),
        go,
        many,
    );
    clones();
    #[cfg(feature = "peers")]
    {
        peer::measure();
        let note = "ours over nexosim, run in turn";
        for (name, records) in [("mm1/ratio", 0), ("mm1/ratio/retained", 65_536)] {
            let ours = || support::timed(|| run(1, records), go);
            support::ratio(name, ours, peer::time, note);
        }
    }
}

/// A run whose queue holds 10 000 messages, cloned.
fn clones() {
    let mut scenario = mm1(1);
    for (name, records) in [
        ("clone/10000-messages", 0),
        ("clone/10000-messages/retained", 65_536),
    ] {
        scenario.edges.remove(&EdgeId(2));
        let mut run = Simulation::new(Rc::new(scenario.clone()));
        run.retain(records);
        run.run_until(
            SimTime::from_secs((10_000.0 / ARRIVAL_RATE) as u64),
            u64::MAX,
        );
        let note = "a whole run with 10 000 messages ready";
        bench(name, 1, || (), |()| run.clone(), note);
    }
}

fn mm1(prefetch: u16) -> Scenario {
    let latency = Distribution::Fixed { value: 0.0 };
    let producer = Producer {
        load: Load {
            shape: LoadShape::Constant { rate: ARRIVAL_RATE },
            arrivals: Arrivals::Poisson,
        },
        latency,
        ..Producer::default()
    };
    let consumer = Consumer {
        service: Distribution::Exponential { mean: 1.0 },
        prefetch,
        latency,
        ..Consumer::default()
    };
    let vhost = VhostName::truncated("/");
    let mut scenario = Scenario {
        seed: 1,
        vhosts: vec![vhost.clone()],
        ..Scenario::default()
    };
    let kinds = [
        NodeKind::Producer(producer),
        NodeKind::Queue(Queue::default()),
        NodeKind::Consumer(consumer),
    ];
    for (id, kind) in (1..).map(NodeId).zip(kinds) {
        let node = Node {
            id,
            name: format!("n{id}"),
            vhost: vhost.clone(),
            position: Point::default(),
            kind,
        };
        scenario.nodes.insert(id, Rc::new(node));
    }
    let lines = [(1, 2, EdgeKind::Publish), (2, 3, EdgeKind::Consume)];
    for (id, (from, to, kind)) in (1..).map(EdgeId).zip(lines) {
        let (from, to) = (NodeId(from), NodeId(to));
        let edge = Edge { id, from, to, kind };
        scenario.edges.insert(id, Rc::new(edge));
    }
    scenario
}

/// The simulator's own random streams, so that both draw the same numbers at the same cost.
#[cfg(feature = "peers")]
#[allow(dead_code, unreachable_pub, reason = "a part of it is used here")]
#[path = "../src/sim/random.rs"]
mod random;

/// The same queue in nexosim.
#[cfg(feature = "peers")]
#[allow(
    missing_docs,
    reason = "the models of another library, for this program alone"
)]
mod peer {
    use super::{ARRIVAL_RATE, CUSTOMERS};
    use crate::random::{Purpose, Stream};
    use crate::support::{rate, timed};
    use brokerlab::types::NodeId;
    use nexosim::model::{Context, Model, schedulable};
    use nexosim::ports::Output;
    use nexosim::simulation::{Mailbox, SimInit, Simulation};
    use nexosim::time::MonotonicTime;
    use serde::{Deserialize, Serialize};
    use std::collections::VecDeque;
    use std::time::Duration;

    fn exponential(random: &mut Stream, mean: f64) -> Duration {
        Duration::from_nanos((random.exponential() * mean * 1e9) as u64 + 1)
    }

    /// Models can be saved and read back, though not here.
    fn stream() -> Stream {
        Stream::new(1, NodeId(1), Purpose::Service, 0)
    }

    #[derive(Serialize, Deserialize)]
    pub(super) struct Source {
        out: Output<u64>,
        customers: u64,
        #[serde(skip, default = "stream")]
        random: Stream,
    }

    #[Model]
    impl Source {
        #[nexosim(init)]
        async fn init(&mut self, context: &Context<Self>) {
            self.next(context);
        }

        fn next(&mut self, context: &Context<Self>) {
            let gap = exponential(&mut self.random, 1.0 / ARRIVAL_RATE);
            let event = schedulable!(Self::arrive);
            context
                .schedule_event(gap, event, ())
                .expect("in the future");
        }

        #[nexosim(schedulable)]
        async fn arrive(&mut self, _: (), context: &Context<Self>) {
            self.customers += 1;
            self.out.send(self.customers).await;
            self.next(context);
        }
    }

    #[derive(Serialize, Deserialize)]
    pub(super) struct Server {
        waiting: VecDeque<u64>,
        busy: bool,
        served: u64,
        #[serde(skip, default = "stream")]
        random: Stream,
    }

    #[Model]
    impl Server {
        pub(super) async fn enter(&mut self, customer: u64, context: &Context<Self>) {
            self.waiting.push_back(customer);
            if !self.busy {
                self.serve(context);
            }
        }

        fn serve(&mut self, context: &Context<Self>) {
            self.busy = self.waiting.pop_front().is_some();
            if self.busy {
                let work = exponential(&mut self.random, 1.0);
                let event = schedulable!(Self::leave);
                context
                    .schedule_event(work, event, ())
                    .expect("in the future");
            }
        }

        #[nexosim(schedulable)]
        async fn leave(&mut self, _: (), context: &Context<Self>) {
            self.served += 1;
            self.serve(context);
        }
    }

    fn simulation() -> Simulation {
        let mut source = Source {
            out: Output::default(),
            customers: 0,
            random: Stream::new(1, NodeId(1), Purpose::Arrivals, 0),
        };
        let server = Server {
            waiting: VecDeque::new(),
            busy: false,
            served: 0,
            random: Stream::new(1, NodeId(3), Purpose::Service, 0),
        };
        let (source_mailbox, server_mailbox) = (Mailbox::new(), Mailbox::new());
        source.out.connect(Server::enter, &server_mailbox);
        SimInit::with_num_threads(1)
            .add_model(source, source_mailbox, "source")
            .add_model(server, server_mailbox, "server")
            .init(MonotonicTime::EPOCH)
            .expect("two models that start")
    }

    fn go(mut simulation: Simulation) -> Simulation {
        let span = Duration::from_secs_f64(CUSTOMERS as f64 / ARRIVAL_RATE);
        simulation.step_until(span).expect("a run to its end");
        simulation
    }

    /// How long one repetition takes.
    pub(super) fn time() -> Duration {
        timed(simulation, go)
    }

    pub(super) fn measure() {
        let note = "M/M/1 at 0.8, nexosim 1.0, a source and a server, one thread";
        rate("mm1/customers/nexosim", CUSTOMERS, simulation, go, note);
    }
}
