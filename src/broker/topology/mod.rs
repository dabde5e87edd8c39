//! Who is wired to whom: vhosts, exchanges, bindings, the names of queues, and the way of a message
//! from an exchange to queues.
//!
//! Exchanges hold bindings to ids, never to queues themselves. The names of queues are here because
//! the default exchange routes by them; what is inside a queue is not. Deliberately not here:
//! messages, consumers, channels, who may do what.
//!
//! Where versions of RabbitMQ differ:
//!
//! | rule | `3.x` | `4.x` | source |
//! |---|---|---|---|
//! | a topic binding key with more than two `#` | bound | 406 | 4.3.5, `rabbit_exchange_type_topic` |
//! | declaring an unknown exchange type | connection closed with 503 | channel closed with 406 | 4.0, `rabbit_exchange:check_type` |
//!
//! Types of plugins, enabled without being asked for: `x-consistent-hash`, `x-random`, `x-delayed-message`, and
//! `x-local-random` of 4.0. Their lots are drawn from the message's number, so a run repeats them.

mod bind;
mod cc;
mod declare;
mod exchange;
mod headers;
mod marks;
mod members;
mod named;
mod query;
mod refusal;
mod ring;
mod topic;
mod walk;

#[cfg(test)]
mod tests;

pub(super) use bind::QueueBinding;
pub(super) use cc::{CcKeys, read_cc};
pub(super) use exchange::ALTERNATE_EXCHANGE;
pub(super) use exchange::Choice;
pub use exchange::Lot;
pub(super) use headers::{XMatch, satisfies};
pub(super) use marks::Marks;
pub use query::{BindingView, ExchangeView};
pub(super) use topic::{ANY_WORD, ANY_WORDS, words};
pub use walk::Routes;
pub(super) use walk::{Sought, Way};

use super::effect::{Effect, Effects};
use crate::types::{
    BindingId, BindingKey, ExchangeId, FieldTable, Profile, QueueId, QueueName, Rising, VhostId,
    VhostName, ascending,
};
use exchange::Exchange;
use named::Named;
use serde::Serialize;
use std::rc::Rc;

/// Where a binding leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Destination {
    /// To a queue.
    Queue(QueueId),
    /// To another exchange.
    Exchange(ExchangeId),
}

/// A binding: messages of `source` that match go to `destination`.
#[derive(Debug, Clone)]
struct Binding {
    source: ExchangeId,
    destination: Destination,
    key: BindingKey,
    /// Sorted by key: their order is no part of a binding's identity.
    arguments: FieldTable,
}

#[derive(Debug, Clone)]
struct Vhost {
    name: VhostName,
    /// What is listed is listed by id.
    exchanges: Named<ExchangeId>,
    queues: Named<QueueId>,
}

#[derive(Debug, Clone)]
struct QueueEntry {
    vhost: VhostId,
    name: QueueName,
    /// Bindings towards it.
    incoming: Rising<()>,
}

/// All vhosts with their exchanges and bindings. Ids rise and are never used again.
///
/// A clone shares everything with its original until one of them changes it: a run is cloned far more
/// often than anything is declared.
#[derive(Debug, Clone)]
pub(super) struct Topology {
    profile: Profile,
    vhosts: Vec<Rc<Vhost>>,
    /// By id; a deleted exchange leaves a gap.
    exchanges: Vec<Option<Rc<Exchange>>>,
    queues: Rc<Rising<QueueEntry>>,
    bindings: Rc<Rising<Binding>>,
    queues_made: u32,
    bindings_made: u32,
    /// Changes whenever the way of any message may have changed.
    epoch: u64,
}

impl Topology {
    /// The vhost `/` with its predeclared exchanges and nothing else.
    pub(crate) fn new(profile: Profile) -> Self {
        let mut topology = Self {
            profile,
            vhosts: Vec::new(),
            exchanges: Vec::new(),
            queues: Rc::default(),
            bindings: Rc::default(),
            queues_made: 0,
            bindings_made: 0,
            epoch: 0,
        };
        topology.add_vhost(&VhostName::truncated("/"));
        topology
    }

    /// The vhost called `name`.
    pub(crate) fn vhost(&self, name: &VhostName) -> Option<VhostId> {
        // A broker has a handful of vhosts.
        let index = self.vhosts.iter().position(|vhost| vhost.name == *name)?;
        Some(VhostId(index as u32))
    }

    /// The vhost called `name`, made with its predeclared exchanges when it is not there.
    pub(crate) fn add_vhost(&mut self, name: &VhostName) -> VhostId {
        if let Some(vhost) = self.vhost(name) {
            return vhost;
        }
        let vhost = VhostId(self.vhosts.len() as u32);
        self.vhosts.push(Rc::new(Vhost {
            name: name.clone(),
            exchanges: Named::default(),
            queues: Named::default(),
        }));
        for exchange in exchange::predeclared() {
            self.add_exchange(vhost, &exchange);
        }
        vhost
    }

    /// The name of a vhost; `None` when there is no such id.
    pub(crate) fn vhost_name(&self, vhost: VhostId) -> Option<&VhostName> {
        Some(&self.vhosts.get(vhost.index())?.name)
    }

    /// The exchange called `name`; internal ones too, so that dead letters find theirs.
    pub(crate) fn exchange_id(&self, vhost: VhostId, name: &str) -> Option<ExchangeId> {
        self.vhosts.get(vhost.index())?.exchanges.get(name).copied()
    }

    /// A number that is another one whenever the way of any message may have changed: every change of
    /// names or bindings goes through one of the two doors that count it.
    #[inline]
    pub(crate) const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The queue called `name`.
    pub(crate) fn queue_id(&self, vhost: VhostId, name: &str) -> Option<QueueId> {
        self.vhosts.get(vhost.index())?.queues.get(name).copied()
    }

    /// How many queues a vhost has.
    pub(crate) fn queue_count(&self, vhost: VhostId) -> usize {
        self.vhosts
            .get(vhost.index())
            .map_or(0, |it| it.queues.len())
    }

    /// The vhost and name of a queue.
    pub(crate) fn queue_name(&self, queue: QueueId) -> Option<(VhostId, &QueueName)> {
        self.queues
            .get(queue.0.into())
            .map(|entry| (entry.vhost, &entry.name))
    }

    /// Gives a queue its id and lets the default exchange route to it. The caller has made sure
    /// that the name is free; a name that is not gets the id it has.
    pub(crate) fn register_queue(&mut self, vhost: VhostId, name: &QueueName) -> QueueId {
        if let Some(queue) = self.queue_id(vhost, name.as_str()) {
            return queue;
        }
        let queue = QueueId(self.queues_made);
        self.queues_made += 1;
        let entry = QueueEntry {
            vhost,
            name: name.clone(),
            incoming: Rising::default(),
        };
        self.queues_mut().insert(queue.0.into(), entry);
        if let Some(vhost) = self.vhost_mut(vhost) {
            vhost.queues.insert(name.into(), queue);
        }
        queue
    }

    /// Forgets a queue, its bindings, and the auto-delete exchanges that lose their last binding
    /// with them.
    pub(crate) fn remove_queue(&mut self, queue: QueueId, effects: &mut Effects) {
        let Some(entry) = self.queues_mut().remove(queue.0.into()) else {
            return;
        };
        if let Some(vhost) = self.vhost_mut(entry.vhost) {
            vhost.queues.remove(entry.name.as_str());
        }
        self.remove_bindings(bindings_of(&entry.incoming).collect(), effects);
    }

    fn exchange(&self, exchange: ExchangeId) -> Option<&Exchange> {
        self.exchanges.get(exchange.index())?.as_deref()
    }

    fn exchange_mut(&mut self, exchange: ExchangeId) -> Option<&mut Exchange> {
        self.epoch += 1;
        self.exchanges
            .get_mut(exchange.index())?
            .as_mut()
            .map(Rc::make_mut)
    }

    fn queues_mut(&mut self) -> &mut Rising<QueueEntry> {
        Rc::make_mut(&mut self.queues)
    }

    fn vhost_mut(&mut self, vhost: VhostId) -> Option<&mut Vhost> {
        self.epoch += 1;
        self.vhosts.get_mut(vhost.index()).map(Rc::make_mut)
    }

    /// Removes bindings, then every auto-delete exchange that lost its last one as a source,
    /// with its own bindings, and so on.
    fn remove_bindings(&mut self, mut doomed: Vec<BindingId>, effects: &mut Effects) {
        while !doomed.is_empty() {
            let mut sources = Vec::new();
            for binding in ascending(std::mem::take(&mut doomed), |it| it.0) {
                sources.extend(self.detach(binding, effects));
            }
            for source in ascending(sources, |it| it.0) {
                let finished = self
                    .exchange(source)
                    .is_some_and(|it| it.auto_delete && it.outgoing.is_empty());
                if finished {
                    doomed.extend(self.remove_exchange(source, effects));
                }
            }
        }
    }

    /// Takes one binding out of everything that knows it; returns its source.
    fn detach(&mut self, binding: BindingId, effects: &mut Effects) -> Option<ExchangeId> {
        let gone = Rc::make_mut(&mut self.bindings).remove(binding.0.into())?;
        if let Some(source) = self.exchange_mut(gone.source) {
            source.unwire(binding, gone.destination, &gone.key, &gone.arguments);
        }
        match gone.destination {
            Destination::Queue(queue) => {
                if let Some(queue) = self.queues_mut().get_mut(queue.0.into()) {
                    queue.incoming.remove(binding.0.into());
                }
            }
            Destination::Exchange(exchange) => {
                if let Some(exchange) = self.exchange_mut(exchange) {
                    exchange.incoming.remove(binding.0.into());
                }
            }
        }
        effects.push(Effect::Unbound { binding });
        Some(gone.source)
    }

    /// Takes an exchange out and returns the bindings that must go with it.
    fn remove_exchange(&mut self, exchange: ExchangeId, effects: &mut Effects) -> Vec<BindingId> {
        let Some(gone) = self
            .exchanges
            .get_mut(exchange.index())
            .and_then(Option::take)
        else {
            return Vec::new();
        };
        if let Some(vhost) = self.vhost_mut(gone.vhost) {
            vhost.exchanges.remove(gone.name.as_str());
        }
        effects.push(Effect::ExchangeDeleted { exchange });
        bindings_of(&gone.incoming)
            .chain(bindings_of(&gone.outgoing))
            .collect()
    }
}

/// The bindings of a list, oldest first.
fn bindings_of(bindings: &Rising<()>) -> impl Iterator<Item = BindingId> {
    // Only ids were put in, so nothing is cut off.
    bindings.iter().map(|(number, ())| BindingId(number as u32))
}
