//! The report of a run: one structure, printed as tables or as JSON.
//!
//! `docs/report.schema.json` describes the JSON, and a test holds both together. Times are seconds,
//! rates a second; what cannot be said (no message waited) is null. Deliberately not here:
//! counting; the simulator's statistics do that.

use crate::files::words;
use crate::table::{Table, share, time};
use brokerlab::scenario::{Node, NodeKind, Problem};
use brokerlab::sim::stats::{Drops, Spans, Totals};
use brokerlab::sim::{ClientState, Simulation, Stop};
use brokerlab::types::{NodeId, SimDuration};
use serde::Serialize;

/// The version of the report's form.
const VERSION: u32 = 1;

#[derive(Debug, Serialize)]
pub(crate) struct Report {
    version: u32,
    title: String,
    seed: u64,
    profile: &'static str,
    /// Simulated seconds.
    seconds: f64,
    events: u64,
    stopped: &'static str,
    /// Two runs with the same hash went the same way.
    trace_hash: String,
    totals: TotalsReport,
    producers: Vec<ProducerReport>,
    exchanges: Vec<ExchangeReport>,
    queues: Vec<QueueReport>,
    consumers: Vec<ConsumerReport>,
    problems: Vec<ProblemReport>,
}

#[derive(Debug, Serialize)]
struct TotalsReport {
    published: u64,
    unroutable: u64,
    returned: u64,
    enqueued: u64,
    refused: u64,
    delivered: u64,
    redelivered: u64,
    acked: u64,
    requeued: u64,
    dropped: DropsReport,
    dead_lettered: u64,
    lost_on_links: u64,
}

#[derive(Debug, Serialize)]
struct DropsReport {
    rejected: u64,
    expired: u64,
    max_length: u64,
    delivery_limit: u64,
    purged: u64,
    queue_deleted: u64,
}

#[derive(Debug, Serialize)]
struct Who {
    id: NodeId,
    name: String,
    vhost: String,
}

/// Times in seconds.
#[derive(Debug, Serialize)]
struct Times {
    mean: f64,
    p50: f64,
    p95: f64,
    p99: f64,
    max: f64,
    #[serde(skip)]
    shown: [Option<SimDuration>; 3],
}

#[derive(Debug, Serialize)]
struct ProducerReport {
    #[serde(flatten)]
    who: Who,
    published: u64,
    confirmed: u64,
    refused: u64,
    returned: u64,
    state: &'static str,
    /// The broker's own words, when it refused the client.
    refusal: Option<String>,
}

#[derive(Debug, Serialize)]
struct ExchangeReport {
    #[serde(flatten)]
    who: Who,
    exists: bool,
    published: u64,
    forwarded: u64,
    unroutable: u64,
    dead_lettered: u64,
}

#[derive(Debug, Serialize)]
struct QueueReport {
    #[serde(flatten)]
    who: Who,
    exists: bool,
    enqueued: u64,
    delivered: u64,
    redelivered: u64,
    acked: u64,
    requeued: u64,
    refused: u64,
    dropped: DropsReport,
    dead_lettered: u64,
    ready: u64,
    unacked: u64,
    ready_max: u64,
    ready_mean: f64,
    rate_in: f64,
    rate_out: f64,
    waiting: Option<Times>,
    sojourn: Option<Times>,
    little_ratio: Option<f64>,
}

#[derive(Debug, Serialize)]
struct ConsumerReport {
    #[serde(flatten)]
    who: Who,
    delivered: u64,
    redelivered: u64,
    acked: u64,
    requeued: u64,
    failed: u64,
    utilisation: Option<f64>,
    work: Option<Times>,
    state: &'static str,
    refusal: Option<String>,
}

#[derive(Debug, Serialize)]
struct ProblemReport {
    code: &'static str,
    severity: &'static str,
    node: Option<NodeId>,
    edge: Option<brokerlab::types::EdgeId>,
    path: String,
    message: String,
    fix: String,
}

impl Report {
    pub(crate) fn new(run: &Simulation, events: u64, stop: Stop, problems: &[Problem]) -> Self {
        let scenario = run.scenario();
        let mut report = Self {
            version: VERSION,
            title: scenario.title.en.clone(),
            seed: scenario.seed,
            profile: scenario.profile.name(),
            seconds: run.now().as_secs_f64(),
            events,
            stopped: match stop {
                Stop::Reached | Stop::Budget => "reached",
                Stop::Idle => "idle",
                Stop::Livelock => "livelock",
            },
            trace_hash: format!("{:016x}", run.trace_hash()),
            totals: totals(run.stats().totals()),
            producers: Vec::new(),
            exchanges: Vec::new(),
            queues: Vec::new(),
            consumers: Vec::new(),
            problems: problems.iter().map(problem).collect(),
        };
        for node in scenario.nodes.values() {
            match &node.kind {
                NodeKind::Producer(_) => report.producers.push(producer(run, node)),
                NodeKind::Exchange(_) => report.exchanges.push(exchange(run, node)),
                NodeKind::Queue(_) => report.queues.push(queue(run, node)),
                NodeKind::Consumer(_) => report.consumers.push(consumer(run, node)),
            }
        }
        report
    }

    /// Whether the broker refused a client, or an exchange or queue that should be there is not.
    pub(crate) fn was_refused(&self) -> bool {
        let producers = self.producers.iter().any(|p| p.refusal.is_some());
        producers || self.consumers.iter().any(|c| c.refusal.is_some())
    }

    /// The report for people.
    pub(crate) fn to_text(&self, plain: bool) -> String {
        let title = if self.title.is_empty() {
            "Run"
        } else {
            &self.title
        };
        let mut out = format!(
            "{title}: {} s simulated, {} events, seed {}, profile {}\n",
            self.seconds, self.events, self.seed, self.profile
        );
        let t = &self.totals;
        out.push_str(&format!(
            "{} published, {} delivered, {} acknowledged, {} unroutable, {} returned, {} dropped, \
             {} dead-lettered\n",
            t.published,
            t.delivered,
            t.acked,
            t.unroutable,
            t.returned,
            t.dropped.total(),
            t.dead_lettered
        ));
        for table in [
            self.queue_table(),
            self.consumer_table(),
            self.producer_table(),
        ] {
            if !table.is_empty() {
                out.push('\n');
                table.print(plain, &mut out);
            }
        }
        let refusals = (self.producers.iter().map(|p| (&p.who, &p.refusal)))
            .chain(self.consumers.iter().map(|c| (&c.who, &c.refusal)));
        for (who, refusal) in refusals {
            if let Some(text) = refusal {
                out.push_str(&format!("\n{} was refused: {text}\n", who.name));
            }
        }
        out
    }

    fn queue_table(&self) -> Table {
        let mut table = Table::new(&[
            "queue",
            "published",
            "delivered",
            "acked",
            "ready",
            "unacked",
            "max depth",
            "wait mean",
            "p95",
            "p99",
        ]);
        for queue in &self.queues {
            let [mean, p95, p99] = queue
                .waiting
                .as_ref()
                .map_or([None; 3], |times| times.shown);
            let name = if queue.exists {
                queue.who.name.clone()
            } else {
                format!("{} (not there)", queue.who.name)
            };
            table.row(vec![
                name,
                queue.enqueued.to_string(),
                queue.delivered.to_string(),
                queue.acked.to_string(),
                queue.ready.to_string(),
                queue.unacked.to_string(),
                queue.ready_max.to_string(),
                time(mean),
                time(p95),
                time(p99),
            ]);
        }
        table
    }

    fn consumer_table(&self) -> Table {
        let mut table = Table::new(&[
            "consumer",
            "delivered",
            "redelivered",
            "acked",
            "failed",
            "utilisation",
            "work mean",
        ]);
        for consumer in &self.consumers {
            let work = consumer.work.as_ref().and_then(|times| times.shown[0]);
            table.row(vec![
                consumer.who.name.clone(),
                consumer.delivered.to_string(),
                consumer.redelivered.to_string(),
                consumer.acked.to_string(),
                consumer.failed.to_string(),
                share(consumer.utilisation),
                time(work),
            ]);
        }
        table
    }

    fn producer_table(&self) -> Table {
        let mut table = Table::new(&[
            "producer",
            "published",
            "confirmed",
            "refused",
            "returned",
            "state",
        ]);
        for producer in &self.producers {
            table.row(vec![
                producer.who.name.clone(),
                producer.published.to_string(),
                producer.confirmed.to_string(),
                producer.refused.to_string(),
                producer.returned.to_string(),
                producer.state.to_owned(),
            ]);
        }
        table
    }
}

impl DropsReport {
    const fn new(drops: &Drops) -> Self {
        Self {
            rejected: drops.rejected,
            expired: drops.expired,
            max_length: drops.max_length,
            delivery_limit: drops.delivery_limit,
            purged: drops.purged,
            queue_deleted: drops.queue_deleted,
        }
    }

    const fn total(&self) -> u64 {
        let by_rule = self.rejected + self.expired + self.max_length + self.delivery_limit;
        by_rule + self.purged + self.queue_deleted
    }
}

const fn totals(totals: &Totals) -> TotalsReport {
    TotalsReport {
        published: totals.published,
        unroutable: totals.unroutable,
        returned: totals.returned,
        enqueued: totals.enqueued,
        refused: totals.refused,
        delivered: totals.delivered,
        redelivered: totals.redelivered,
        acked: totals.settled,
        requeued: totals.requeued,
        dropped: DropsReport::new(&totals.drops),
        dead_lettered: totals.dead_lettered,
        lost_on_links: totals.lost,
    }
}

fn who(node: &Node) -> Who {
    Who {
        id: node.id,
        name: node.name.clone(),
        vhost: node.vhost.to_string(),
    }
}

fn times(spans: &Spans) -> Option<Times> {
    let quantile = |q| spans.quantile(q).map(SimDuration::as_secs_f64);
    Some(Times {
        mean: spans.mean()?.as_secs_f64(),
        p50: quantile(0.5)?,
        p95: quantile(0.95)?,
        p99: quantile(0.99)?,
        max: spans.max()?.as_secs_f64(),
        shown: [spans.mean(), spans.quantile(0.95), spans.quantile(0.99)],
    })
}

/// How a client stands, and the broker's words when it refused it.
fn state(run: &Simulation, node: &Node) -> (&'static str, Option<String>) {
    let Some(view) = run.client(node.id) else {
        return ("absent", None);
    };
    match view.state {
        ClientState::Connecting => ("connecting", None),
        ClientState::Up => ("up", None),
        ClientState::Paused => ("paused", None),
        ClientState::Down => ("down", None),
        ClientState::Cut => ("cut", None),
        ClientState::Refused { text, .. } => ("refused", Some(text.to_string())),
        ClientState::Cancelled => ("cancelled", None),
        ClientState::Ended => ("ended", None),
    }
}

fn producer(run: &Simulation, node: &Node) -> ProducerReport {
    let stats = run.stats();
    let stats = stats.producer(node.id);
    let (state, refusal) = state(run, node);
    ProducerReport {
        who: who(node),
        published: stats.map_or(0, |stats| stats.published.total()),
        confirmed: stats.map_or(0, |stats| stats.confirmed.total()),
        refused: stats.map_or(0, |stats| stats.refused),
        returned: stats.map_or(0, |stats| stats.returned),
        state,
        refusal,
    }
}

fn exchange(run: &Simulation, node: &Node) -> ExchangeReport {
    let id = run.exchange_of(node.id);
    let stats = run.stats();
    let stats = id.and_then(|id| stats.exchange(id));
    ExchangeReport {
        who: who(node),
        exists: id.is_some(),
        published: stats.map_or(0, |stats| stats.published.total()),
        forwarded: stats.map_or(0, |stats| stats.forwarded),
        unroutable: stats.map_or(0, |stats| stats.unroutable),
        dead_lettered: stats.map_or(0, |stats| stats.dead_lettered),
    }
}

fn queue(run: &Simulation, node: &Node) -> QueueReport {
    let id = run.queue_of(node.id);
    let now = run.now();
    let all = run.stats();
    let stats = id.and_then(|id| all.queue(id));
    QueueReport {
        who: who(node),
        exists: id.is_some(),
        enqueued: stats.map_or(0, |stats| stats.enqueued.total()),
        delivered: stats.map_or(0, |stats| stats.delivered),
        redelivered: stats.map_or(0, |stats| stats.redelivered),
        acked: stats.map_or(0, |stats| stats.settled.total()),
        requeued: stats.map_or(0, |stats| stats.requeued),
        refused: stats.map_or(0, |stats| stats.refused),
        dropped: DropsReport::new(&stats.map_or_else(Drops::default, |stats| stats.drops)),
        dead_lettered: stats.map_or(0, |stats| stats.dead_lettered),
        ready: stats.map_or(0, |stats| stats.ready.now()),
        unacked: stats.map_or(0, |stats| stats.unacked.now()),
        ready_max: stats.map_or(0, |stats| stats.ready.max()),
        ready_mean: stats.map_or(0.0, |stats| stats.ready.mean(now)),
        rate_in: stats.map_or(0.0, |stats| stats.enqueued.per_second_overall(now)),
        rate_out: stats.map_or(0.0, |stats| stats.settled.per_second_overall(now)),
        waiting: stats.and_then(|stats| times(&stats.waiting)),
        sojourn: stats.and_then(|stats| times(&stats.sojourn)),
        little_ratio: stats.and_then(|stats| stats.little(now).ratio()),
    }
}

fn consumer(run: &Simulation, node: &Node) -> ConsumerReport {
    let all = run.stats();
    let stats = all.consumer(node.id);
    let (state, refusal) = state(run, node);
    ConsumerReport {
        who: who(node),
        delivered: stats.map_or(0, |stats| stats.delivered),
        redelivered: stats.map_or(0, |stats| stats.redelivered),
        acked: stats.map_or(0, |stats| stats.acked.total()),
        requeued: stats.map_or(0, |stats| stats.requeued),
        failed: stats.map_or(0, |stats| stats.failed),
        utilisation: stats.and_then(|stats| stats.utilisation(run.now())),
        work: stats.and_then(|stats| times(&stats.service)),
        state,
        refusal,
    }
}

fn problem(problem: &Problem) -> ProblemReport {
    ProblemReport {
        code: problem.code.code(),
        severity: problem.severity().name(),
        node: problem.place.node,
        edge: problem.place.edge,
        path: problem.place.path.clone(),
        message: words().problem(problem.code, &problem.params),
        fix: words().problem_fix(problem.code, &problem.params),
    }
}
