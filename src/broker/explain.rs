//! Where a message would go, and why or why not at each hop.
//!
//! Pure data for the command line, which prints it as JSON, and for the page, which makes sentences
//! of it. It is worked out slowly, binding by binding, from what anybody may read of the broker, and
//! tests hold it against the fast walk. Deliberately not here: sentences.

mod mismatch;
#[cfg(test)]
mod tests;

pub use mismatch::Mismatch;

pub use super::topology::Lot;

use super::topology::{
    CcKeys, Choice, Destination, ExchangeView, Marks, Sought, Topology, read_cc,
};
use super::{BindingView, Broker, delay};
use crate::types::{
    AmqpError, BindingId, BindingKey, ExchangeId, ExchangeName, ExchangeType, FieldTable, MethodId,
    QueueId, QueueName, ReplyCode, RoutingKey, SimDuration, VhostId, sort_pairs,
};
use serde::Serialize;

/// The method a message would come with.
const PUBLISH: MethodId = MethodId::new(60, 40);

/// The way of one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RouteExplanation {
    /// The exchange asked about.
    pub exchange: ExchangeName,
    /// The message's routing key.
    pub routing_key: RoutingKey,
    /// Further keys from its CC header.
    pub cc: Vec<RoutingKey>,
    /// Further keys from its BCC header.
    pub bcc: Vec<RoutingKey>,
    /// What a publisher would be told instead: the exchange is internal. Bindings, alternates and
    /// dead letters may still lead here.
    pub refusal: Option<String>,
    /// Every exchange on the way, in the order in which they are asked.
    pub hops: Vec<Hop>,
    /// The queues that get a copy, in the order in which they are reached.
    pub queues: Vec<ReachedQueue>,
    /// Whether no queue gets it.
    pub unroutable: bool,
}

/// A queue that gets a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReachedQueue {
    /// Which.
    pub queue: QueueId,
    /// Its name.
    pub name: QueueName,
    /// The last exchange on the way.
    pub via: ExchangeId,
    /// That exchange's name.
    pub via_name: ExchangeName,
    /// Whether that is not sure: some exchange on the way picks one of several.
    pub perhaps: bool,
}

/// One exchange on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// Which.
    pub exchange: ExchangeId,
    /// Its name.
    pub name: ExchangeName,
    /// Its type.
    pub exchange_type: ExchangeType,
    /// How the message came here.
    pub reached: Reached,
    /// For how many milliseconds it waits here first (`x-delay`). Its way from here is that of today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// For the default exchange, what each key names. Empty when it was reached as an alternate: then
    /// it routes nothing.
    pub names: Vec<NamedQueue>,
    /// Every binding here, oldest first, and what became of it.
    pub bindings: Vec<ExplainedBinding>,
    /// What became of its alternate exchange.
    pub alternate: Alternate,
}

/// How a message came to an exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum Reached {
    /// It was published here.
    Published,
    /// By a binding of another exchange.
    Binding {
        /// The exchange it came from.
        from: ExchangeId,
        /// The binding.
        binding: BindingId,
    },
    /// As the alternate of an exchange where nothing matched.
    Alternate {
        /// That exchange.
        from: ExchangeId,
    },
}

/// What a key names at the default exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedQueue {
    /// The key, which is read as a queue's name.
    pub key: RoutingKey,
    /// The queue of that name.
    pub queue: Option<QueueId>,
}

/// A binding and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedBinding {
    /// Which.
    pub binding: BindingId,
    /// Where it leads.
    pub destination: Destination,
    /// The name of the queue or exchange there.
    pub destination_name: String,
    /// Its key.
    pub binding_key: BindingKey,
    /// Its arguments.
    pub arguments: FieldTable,
    /// Whether it matched, and if not, why.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Whether a binding matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// It did.
    Matched {
        /// The first key that matched; `None` where keys are not read.
        key: Option<RoutingKey>,
        /// Whether it led to something new. `false` when its queue had a copy already or its
        /// exchange was reached before.
        taken: bool,
    },
    /// It may: the exchange picks one of several, and what it goes by is not known.
    Perhaps {
        /// Of how many.
        one_of: usize,
        /// What it goes by.
        by: Lot,
        /// As above.
        taken: bool,
    },
    /// It did not.
    NotMatched {
        /// Why not: one reason for each key that was tried.
        reasons: Vec<Reason>,
    },
}

/// Why one key, or the headers, did not match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The key that was tried; `None` where keys are not read.
    pub key: Option<RoutingKey>,
    /// What did not fit.
    #[serde(flatten)]
    pub mismatch: Mismatch,
}

/// What became of an exchange's alternate exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "use", rename_all = "kebab-case")]
pub enum Alternate {
    /// It has none.
    None,
    /// Not needed: a binding matched, even if it leads nowhere in the end.
    NotNeeded {
        /// Its name.
        name: ExchangeName,
    },
    /// The message goes on there.
    Used {
        /// Its name.
        name: ExchangeName,
        /// Its id.
        exchange: ExchangeId,
    },
    /// Needed, but there is no such exchange.
    Missing {
        /// The name that stands in the argument.
        name: ExchangeName,
    },
    /// Needed, but the message has been there.
    AlreadyReached {
        /// Its name.
        name: ExchangeName,
    },
}

impl Broker {
    /// Where a message would go from `exchange` now, and why. Nothing is published.
    ///
    /// # Errors
    /// As for a publish: 404 when there is no such exchange, 406 when a CC or BCC header is no
    /// array. An internal exchange is explained all the same, with its refusal.
    pub fn explain_route(
        &self,
        vhost: VhostId,
        exchange: &ExchangeName,
        routing_key: &RoutingKey,
        headers: Option<&FieldTable>,
    ) -> Result<RouteExplanation, AmqpError> {
        explain(&self.topology, vhost, exchange, routing_key, headers)
    }
}

/// See [`Broker::explain_route`].
pub(super) fn explain(
    topology: &Topology,
    vhost: VhostId,
    exchange: &ExchangeName,
    routing_key: &RoutingKey,
    headers: Option<&FieldTable>,
) -> Result<RouteExplanation, AmqpError> {
    let published = topology.publish_target(vhost, exchange, PUBLISH);
    let (start, refusal) = match (published, topology.exchange_id(vhost, exchange.as_str())) {
        (Ok(start), _) => (start, None),
        (Err(error), Some(start)) if error.code == ReplyCode::AccessRefused => {
            (start, Some(error.reply_text()))
        }
        (Err(error), _) => return Err(error),
    };
    let extra = match headers {
        Some(headers) => read_cc(headers, PUBLISH)?,
        None => CcKeys::default(),
    };
    let walk = Walk::new(topology, routing_key, &extra, headers).from(start);
    Ok(RouteExplanation {
        exchange: exchange.clone(),
        routing_key: routing_key.clone(),
        cc: extra.cc().to_vec(),
        bcc: extra.all()[extra.cc().len()..].to_vec(),
        refusal,
        unroutable: walk.queues.is_empty(),
        hops: walk.hops,
        queues: walk.queues,
    })
}

/// An exchange that is about to be looked at.
#[derive(Clone)]
struct Step {
    exchange: ExchangeId,
    reached: Reached,
    /// Whether it is not sure that the message comes there.
    perhaps: bool,
    /// Whether it has waited before, which it does only once.
    waited: bool,
}

/// The slow walk.
struct Walk<'a> {
    topology: &'a Topology,
    keys: Vec<&'a RoutingKey>,
    headers: Option<&'a FieldTable>,
    pending: Vec<Step>,
    seen_exchanges: Marks,
    seen_queues: Marks,
    hops: Vec<Hop>,
    queues: Vec<ReachedQueue>,
}

impl<'a> Walk<'a> {
    fn new(
        topology: &'a Topology,
        key: &'a RoutingKey,
        extra: &'a CcKeys,
        headers: Option<&'a FieldTable>,
    ) -> Self {
        Self {
            topology,
            keys: std::iter::once(key).chain(extra.all()).collect(),
            headers,
            pending: Vec::new(),
            seen_exchanges: Marks::default(),
            seen_queues: Marks::default(),
            hops: Vec::new(),
            queues: Vec::new(),
        }
    }

    /// Whether it is met for the first time.
    fn see(&mut self, destination: Destination) -> bool {
        match destination {
            Destination::Queue(queue) => self.seen_queues.mark(queue.index()),
            Destination::Exchange(exchange) => self.seen_exchanges.mark(exchange.index()),
        }
    }

    fn from(mut self, start: ExchangeId) -> Self {
        self.seen_exchanges.begin();
        self.seen_queues.begin();
        self.see(Destination::Exchange(start));
        self.pending.push(Step {
            exchange: start,
            reached: Reached::Published,
            perhaps: false,
            waited: false,
        });
        while self.hops.len() < self.pending.len() {
            let step = self.pending[self.hops.len()].clone();
            let Some(exchange) = self.topology.exchange_view(step.exchange) else {
                // Whatever is pending exists: bindings and alternates were looked up.
                break;
            };
            let hop = self.hop(exchange, step);
            self.hops.push(hop);
        }
        self
    }

    fn hop(&mut self, at: ExchangeView<'_>, step: Step) -> Hop {
        let is_default = at.name.is_empty();
        let delays = at.exchange_type.name() == ExchangeType::DELAYED && !step.waited;
        let delay = delay::delay(self.headers.filter(|_| delays));
        let names = if is_default && step.reached == Reached::Published {
            self.named_queues(at)
        } else {
            Vec::new()
        };
        let waited = step.waited || delay.is_some();
        let bindings = self.judged_bindings(
            at,
            &Step {
                waited,
                ..step.clone()
            },
        );
        let matched = !names.is_empty()
            || bindings
                .iter()
                .any(|it| !matches!(it.verdict, Verdict::NotMatched { .. }));
        let alternate = self.alternate(at, matched && delay.is_none(), &step);
        Hop {
            exchange: at.id,
            name: at.name.clone(),
            exchange_type: at.exchange_type.clone(),
            reached: step.reached,
            delay_ms: delay.map(SimDuration::as_millis),
            names,
            bindings,
            alternate,
        }
    }

    fn named_queues(&mut self, at: ExchangeView<'_>) -> Vec<NamedQueue> {
        let mut names = Vec::new();
        for key in self.keys.clone() {
            let queue = self.topology.queue_id(at.vhost, key.as_str());
            if let Some(queue) = queue
                && self.see(Destination::Queue(queue))
            {
                self.reach_queue(queue, at, false);
            }
            names.push(NamedQueue {
                key: key.clone(),
                queue,
            });
        }
        names
    }

    /// Judges every binding, then takes the matching ones key by key, oldest first.
    fn judged_bindings(&mut self, at: ExchangeView<'_>, step: &Step) -> Vec<ExplainedBinding> {
        let topology = self.topology;
        let choice = match self.keys.first() {
            Some(key) => topology.choice(at.id, &Sought::plain(key, self.headers)),
            None => Choice::Every,
        };
        let judge = |binding: BindingView<'_>| self.judge(at.rule, &choice, binding);
        let mut bindings: Vec<_> = topology.views_from(at.id).map(judge).collect();
        let position = |verdict: &Verdict| match verdict {
            Verdict::Matched { key: Some(key), .. } => self.keys.iter().position(|it| *it == key),
            Verdict::Matched { key: None, .. } | Verdict::Perhaps { .. } => Some(0),
            Verdict::NotMatched { .. } => None,
        };
        let mut order: Vec<_> = bindings
            .iter()
            .enumerate()
            .filter_map(|(index, it)| Some((position(&it.verdict)? as i64, index)))
            .collect();
        sort_pairs(&mut order);
        for (_, index) in order {
            let ExplainedBinding {
                binding,
                destination,
                verdict,
                ..
            } = &mut bindings[index];
            let fresh = self.see(*destination);
            if let Verdict::Matched { taken, .. } | Verdict::Perhaps { taken, .. } = verdict {
                *taken = fresh;
            }
            let perhaps = step.perhaps || matches!(verdict, Verdict::Perhaps { .. });
            match destination {
                Destination::Queue(queue) if fresh => self.reach_queue(*queue, at, perhaps),
                Destination::Queue(queue) if !perhaps => self.make_sure(*queue),
                Destination::Exchange(next) if fresh => self.pending.push(Step {
                    exchange: *next,
                    reached: Reached::Binding {
                        from: at.id,
                        binding: *binding,
                    },
                    perhaps,
                    waited: step.waited,
                }),
                Destination::Queue(_) | Destination::Exchange(_) => {}
            }
        }
        bindings
    }

    fn judge(
        &self,
        rule: &ExchangeType,
        choice: &Choice,
        binding: BindingView<'_>,
    ) -> ExplainedBinding {
        let verdict = match choice {
            Choice::Every => self.compare(rule, binding),
            Choice::Lot { one_of, by } => Verdict::Perhaps {
                one_of: *one_of,
                by: by.clone(),
                taken: false,
            },
            Choice::One(chosen) if *chosen == Some(binding.destination) => Verdict::Matched {
                key: None,
                taken: false,
            },
            Choice::One(chosen) => {
                let to = chosen.map(|chosen| self.name_of(chosen));
                let mismatch = Mismatch::HashedElsewhere {
                    to: to.unwrap_or_default(),
                };
                let reason = Reason {
                    key: None,
                    mismatch,
                };
                Verdict::NotMatched {
                    reasons: vec![reason],
                }
            }
        };
        ExplainedBinding {
            binding: binding.id,
            destination: binding.destination,
            destination_name: self.name_of(binding.destination),
            binding_key: binding.binding_key.clone(),
            arguments: binding.arguments.clone(),
            verdict,
        }
    }

    fn compare(&self, exchange_type: &ExchangeType, binding: BindingView<'_>) -> Verdict {
        let mut reasons = Vec::new();
        let mut matched = None;
        for key in self.keys_read(exchange_type) {
            match mismatch::why_not(exchange_type, binding, key, self.headers) {
                None => {
                    matched = Some(key.cloned());
                    break;
                }
                Some(mismatch) => reasons.push(Reason {
                    key: key.cloned(),
                    mismatch,
                }),
            }
        }
        match matched {
            Some(key) => Verdict::Matched { key, taken: false },
            None => Verdict::NotMatched { reasons },
        }
    }

    /// The keys that this type of exchange tries; a single `None` when it reads none.
    fn keys_read(&self, exchange_type: &ExchangeType) -> Vec<Option<&'a RoutingKey>> {
        match exchange_type {
            ExchangeType::Direct | ExchangeType::Topic => {
                self.keys.iter().map(|key| Some(*key)).collect()
            }
            ExchangeType::Fanout | ExchangeType::Headers | ExchangeType::Other(_) => vec![None],
        }
    }

    fn name_of(&self, destination: Destination) -> String {
        let name = match destination {
            Destination::Queue(queue) => self
                .topology
                .queue_name(queue)
                .map(|(_, name)| name.as_str()),
            Destination::Exchange(exchange) => self
                .topology
                .exchange_view(exchange)
                .map(|it| it.name.as_str()),
        };
        name.unwrap_or_default().to_owned()
    }

    /// A queue that was perhaps reached before is reached for sure.
    fn make_sure(&mut self, queue: QueueId) {
        let reached = self.queues.iter_mut().find(|it| it.queue == queue);
        if let Some(reached) = reached {
            reached.perhaps = false;
        }
    }

    fn reach_queue(&mut self, queue: QueueId, at: ExchangeView<'_>, perhaps: bool) {
        if let Some((_, name)) = self.topology.queue_name(queue) {
            let (via, via_name) = (at.id, at.name.clone());
            self.queues.push(ReachedQueue {
                queue,
                name: name.clone(),
                via,
                via_name,
                perhaps,
            });
        }
    }

    fn alternate(&mut self, at: ExchangeView<'_>, matched: bool, step: &Step) -> Alternate {
        let Some(name) = at.alternate.cloned() else {
            return Alternate::None;
        };
        if matched {
            return Alternate::NotNeeded { name };
        }
        let Some(exchange) = self.topology.exchange_id(at.vhost, name.as_str()) else {
            return Alternate::Missing { name };
        };
        if !self.see(Destination::Exchange(exchange)) {
            return Alternate::AlreadyReached { name };
        }
        self.pending.push(Step {
            exchange,
            reached: Reached::Alternate { from: at.id },
            perhaps: step.perhaps,
            waited: step.waited,
        });
        Alternate::Used { name, exchange }
    }
}
