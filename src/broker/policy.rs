//! Policies: what an administrator says about queues and exchanges by a pattern of their names.
//!
//! A policy and an operator policy may each match; of several of a kind the one of highest priority
//! does. Together they stand beside the arguments that were declared:
//!
//! | setting | policy and operator policy | policy and argument |
//! |---|---|---|
//! | `message-ttl`, `expires`, `max-length`, `max-length-bytes`, `delivery-limit` | the smaller | the smaller; on quorum queues `expires` of the policy |
//! | `consumer-timeout`, `delayed-retry-min`, `delayed-retry-max`, which act under `4.x` | policies only | the smaller |
//! | `overflow` | policies only | the argument; on quorum queues the policy |
//! | `dead-letter-exchange`, `dead-letter-routing-key`, `alternate-exchange`, `delayed-retry-type` | policies only | the argument |
//! | `ha-...`, `federation-...`, `queue-mode` and others | accepted without effect | |
//!
//! A policy that sets what a type of queue does not know does not match queues of that type. Source:
//! RabbitMQ's `rabbit_policy`, `rabbit_policies`, `rabbit_amqqueue_process:process_args_policy`.
//! Deliberately not here: what a limit does, and the same settings as arguments (`queue::arguments`).

use super::queue::{QueueSettings, queue_type};
use super::topology::ALTERNATE_EXCHANGE;
use super::{Broker, Effect, Effects};
use crate::types::policy::{CLASSIC, NUMBER, QUORUM, traits_of};
use crate::types::{
    ApplyTo, ExchangeId, ExchangeName, FieldTable, FieldValue, Policy, PolicyRefused, QueueId,
    QueueName, QueueType, ShortText, SimTime, VhostId, VhostName,
};
use std::rc::Rc;

/// Something that policies may be about.
#[derive(Clone, Copy)]
enum Kind {
    Exchange,
    Queue { quorum: bool },
}

impl Policy {
    fn is(&self, vhost: &VhostName, name: &str, operator: bool) -> bool {
        self.vhost == *vhost && self.name.as_str() == name && self.operator == operator
    }

    fn matches(&self, vhost: &VhostName, kind: Kind, name: &str) -> bool {
        let needed = match kind {
            Kind::Exchange => 0,
            Kind::Queue { quorum: false } => CLASSIC,
            Kind::Queue { quorum: true } => QUORUM,
        };
        let about = match (self.apply_to, kind) {
            (ApplyTo::All, _) | (ApplyTo::Exchanges, Kind::Exchange) => true,
            (ApplyTo::Queues, Kind::Queue { .. }) => true,
            (ApplyTo::ClassicQueues, Kind::Queue { quorum }) => !quorum,
            (ApplyTo::QuorumQueues, Kind::Queue { quorum }) => quorum,
            (_, Kind::Exchange) | (ApplyTo::Exchanges | ApplyTo::Streams, _) => false,
        };
        let mut settings = self.definition.iter();
        let known = |(setting, _): (&ShortText, _)| {
            traits_of(setting.as_str()).is_some_and(|traits| traits & needed == needed)
        };
        about && self.vhost == *vhost && settings.all(known) && self.pattern.is_match(name)
    }
}

/// The policy and the operator policy that count for one thing.
#[derive(PartialEq)]
struct Matched<'a>([Option<&'a Policy>; 2]);

/// All policies, in the order in which they were first set.
#[derive(Debug, Clone, Default)]
pub(super) struct Policies(Vec<Policy>);

impl Policies {
    fn matched(&self, vhost: &VhostName, kind: Kind, name: &str) -> Matched<'_> {
        Matched([false, true].map(|operator| {
            let own = |it: &&Policy| it.operator == operator && it.matches(vhost, kind, name);
            let matching = self.0.iter().filter(own);
            matching.reduce(|one, next| {
                if next.priority > one.priority {
                    next
                } else {
                    one
                }
            })
        }))
    }
}

impl Matched<'_> {
    /// What both set together.
    fn definition(&self) -> FieldTable {
        let mut all = FieldTable::new();
        for (setting, value) in self.0.iter().flatten().flat_map(|it| it.definition.iter()) {
            let value = match all.get(setting.as_str()) {
                Some(other) => smaller(other, value),
                None => value.clone(),
            };
            all.set(setting.as_str(), value);
        }
        all
    }
}

fn smaller(one: &FieldValue, other: &FieldValue) -> FieldValue {
    let first = one.as_integer() <= other.as_integer();
    if first { one } else { other }.clone()
}

/// A queue's arguments with what policies set beside them.
fn with_policies(arguments: &FieldTable, matched: &Matched<'_>) -> FieldTable {
    let quorum = queue_type(arguments) == Ok(QueueType::Quorum);
    let mut all = arguments.clone();
    for (setting, value) in matched.definition().iter() {
        let setting = setting.as_str();
        let limit = traits_of(setting).is_some_and(|traits| traits & NUMBER != 0);
        let policy_first = quorum && matches!(setting, "expires" | "overflow");
        let key = format!("x-{setting}");
        let value = match all.get(&key) {
            Some(own) if limit && !policy_first => smaller(own, value),
            Some(own) if !policy_first => own.clone(),
            Some(_) | None => value.clone(),
        };
        all.set(&key, value);
    }
    all
}

impl Broker {
    /// Sets a policy, in place of one of that name, and applies it at once to all that it is about.
    ///
    /// # Errors
    /// When RabbitMQ would not take it.
    pub fn set_policy(
        &mut self,
        now: SimTime,
        policy: Policy,
        effects: &mut Effects,
    ) -> Result<(), PolicyRefused> {
        policy.check()?;
        let mut policies = self.policies.0.clone();
        let (vhost, name) = (policy.vhost.clone(), policy.name.clone());
        let place = policies
            .iter()
            .position(|it| it.is(&vhost, name.as_str(), policy.operator));
        match place {
            Some(at) => policies[at] = policy,
            None => policies.push(policy),
        }
        self.replace_policies(now, policies, effects);
        Ok(())
    }

    /// Clears a policy; one that is not there is cleared already.
    pub fn clear_policy(
        &mut self,
        now: SimTime,
        (vhost, name, operator): (&VhostName, &str, bool),
        effects: &mut Effects,
    ) {
        let mut policies = self.policies.0.clone();
        policies.retain(|it| !it.is(vhost, name, operator));
        self.replace_policies(now, policies, effects);
    }

    /// Policies in the order in which they were first set.
    pub fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.policies.0.iter()
    }

    /// Takes these for all policies there are and applies at once what changes by that. Each must have
    /// been [checked](Policy::check).
    pub fn replace_policies(&mut self, now: SimTime, policies: Vec<Policy>, effects: &mut Effects) {
        self.expire(now, effects);
        let before = std::mem::replace(&mut self.policies, Rc::new(Policies(policies)));
        let after = Rc::clone(&self.policies);
        let queues: Vec<QueueId> = self.queues.iter().map(|queue| queue.id).collect();
        for id in queues {
            self.renew_queue(now, id, &before, &after, effects);
        }
        let exchanges: Vec<ExchangeId> = self.exchanges().map(|it| it.id).collect();
        for id in exchanges {
            self.note_exchange_policies(id);
        }
        self.conclude(now, effects);
    }

    /// What the arguments of a queue to be declared and the policies mean together.
    pub(super) fn settings_of(
        &self,
        vhost: VhostId,
        name: &QueueName,
        arguments: &FieldTable,
    ) -> QueueSettings {
        match self.topology.vhost_name(vhost) {
            Some(vhost) if !self.policies.0.is_empty() => {
                let quorum = queue_type(arguments) == Ok(QueueType::Quorum);
                let matched = self
                    .policies
                    .matched(vhost, Kind::Queue { quorum }, name.as_str());
                let all = with_policies(arguments, &matched);
                QueueSettings::read(&all, self.options.profile, self.looks.timeout())
            }
            Some(_) | None => {
                QueueSettings::read(arguments, self.options.profile, self.looks.timeout())
            }
        }
    }

    /// Brings a queue in step when another policy counts for it than before.
    fn renew_queue(
        &mut self,
        now: SimTime,
        id: QueueId,
        before: &Policies,
        after: &Policies,
        effects: &mut Effects,
    ) {
        let Some(queue) = self.queues.get_mut(id) else {
            return;
        };
        let Some(vhost) = self.topology.vhost_name(queue.vhost) else {
            return;
        };
        let quorum = queue.settings.kind == QueueType::Quorum;
        let matched = |policies| {
            Policies::matched(policies, vhost, Kind::Queue { quorum }, queue.name.as_str())
        };
        let counts = matched(after);
        if counts == matched(before) {
            return;
        }
        let profile = self.options.profile;
        let all = with_policies(&queue.arguments, &counts);
        let new = QueueSettings::read(&all, profile, self.looks.timeout());
        // RabbitMQ takes settings over one by one, limits before overflow: what is too much is
        // dropped even where the same policy says that nothing shall be from now on.
        let overflow = new.overflow;
        let old = std::mem::replace(&mut queue.settings, new);
        queue.settings.overflow = old.overflow;
        queue.trim(effects, &mut self.dead_letters);
        queue.settings.overflow = overflow;
        queue.trim(effects, &mut self.dead_letters);
        queue.look(now, effects, &mut self.dead_letters);
        // The time without use begins anew.
        if queue.unused_since.is_some() {
            queue.unused_since = Some(now);
        }
        queue.timed |= queue.settings.expires.is_some();
        self.note_deadline(id);
        self.send_dead_letters(now, effects);
    }

    /// An exchange that has just come to be gets what policies set.
    pub(super) fn note_policies_of_last(&mut self, effects: &Effects) {
        if let Some(Effect::ExchangeDeclared { exchange, .. }) = effects.last()
            && !self.policies.0.is_empty()
        {
            self.note_exchange_policies(*exchange);
        }
    }

    /// Gives an exchange the alternate exchange that its argument or else a policy names.
    fn note_exchange_policies(&mut self, id: ExchangeId) {
        let Some(exchange) = self.topology.exchange_view(id) else {
            return;
        };
        let Some(vhost) = self.topology.vhost_name(exchange.vhost) else {
            return;
        };
        let name = exchange.name.as_str();
        let set = self
            .policies
            .matched(vhost, Kind::Exchange, name)
            .definition();
        let own = exchange.arguments.get(ALTERNATE_EXCHANGE);
        let named = own.or_else(|| set.get(ALTERNATE_EXCHANGE));
        let alternate = named
            .and_then(FieldValue::as_text)
            .map(ExchangeName::truncated);
        self.topology.set_alternate(id, alternate);
    }
}
