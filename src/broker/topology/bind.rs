//! Binding and unbinding, to queues and to exchanges.
//!
//! A binding is the same as another when source, destination, key and arguments are the same; the
//! order of the arguments does not count. Source: RabbitMQ's rabbit_binding and the
//! `validate_binding` of its exchange types. Deliberately not here: what an empty queue name means,
//! and who may touch an exclusive queue; the channel's side knows that.

use super::declare::{not_default, stripped};
use super::headers::XMatch;
use super::topic::{ANY_WORDS, words};
use super::{Binding, Destination, Topology, refusal};
use crate::broker::effect::{Effect, Effects};
use crate::types::{
    AmqpError, BindingId, BindingKey, ExchangeId, ExchangeName, ExchangeType, FieldTable, MethodId,
    Profile, QueueId, QueueName, VhostId,
};
use std::rc::Rc;

/// RabbitMQ 4.x allows no more `#` in one topic binding key, since each multiplies its work.
const ANY_WORDS_MAX: usize = 2;

/// `queue.bind` or `queue.unbind` with the queue already looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QueueBinding<'a> {
    /// The source.
    pub(crate) exchange: &'a ExchangeName,
    /// The destination; `None` when there is no such queue.
    pub(crate) queue: Option<QueueId>,
    /// Its name, for the text of a refusal.
    pub(crate) queue_name: &'a QueueName,
    /// The binding key.
    pub(crate) binding_key: &'a BindingKey,
    /// The arguments.
    pub(crate) arguments: &'a FieldTable,
}

impl Topology {
    /// All that can be refused about a `queue.bind` before it is asked whose queue it is: RabbitMQ
    /// looks at the exchange first, then the queue, then the binding, then at exclusive queues.
    ///
    /// # Errors
    /// The default exchange 403, missing exchange or queue 404, a key or argument that the
    /// exchange's type refuses 406.
    pub(crate) fn check_queue_bind(
        &self,
        vhost: VhostId,
        binding: &QueueBinding<'_>,
        method: MethodId,
    ) -> Result<(ExchangeId, QueueId), AmqpError> {
        let exchange = stripped(binding.exchange);
        not_default(&exchange, method)?;
        let source = self.known_exchange(vhost, &exchange, method)?;
        let Some(queue) = binding.queue else {
            let place = self.named_vhost(vhost, method)?;
            return Err(refusal::no_queue(binding.queue_name, place, method));
        };
        self.check_binding(source, binding.binding_key, binding.arguments, method)?;
        Ok((source, queue))
    }

    /// `queue.bind`. Repeating a binding has no effect.
    ///
    /// # Errors
    /// See [`Self::check_queue_bind`].
    pub(crate) fn queue_bind(
        &mut self,
        vhost: VhostId,
        binding: &QueueBinding<'_>,
        method: MethodId,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        let (source, queue) = self.check_queue_bind(vhost, binding, method)?;
        let to = Destination::Queue(queue);
        self.bind(source, to, binding.binding_key, binding.arguments, effects);
        Ok(())
    }

    /// `queue.unbind`. Unbinding what is not bound, or not there, succeeds.
    ///
    /// # Errors
    /// 403 for the default exchange.
    pub(crate) fn queue_unbind(
        &mut self,
        vhost: VhostId,
        binding: &QueueBinding<'_>,
        method: MethodId,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        let exchange = stripped(binding.exchange);
        not_default(&exchange, method)?;
        let source = self.exchange_id(vhost, exchange.as_str());
        if let (Some(source), Some(queue)) = (source, binding.queue) {
            let to = Destination::Queue(queue);
            self.unbind(source, to, binding.binding_key, binding.arguments, effects);
        }
        Ok(())
    }

    /// Whether there is such a binding; what is not there is not bound.
    pub(crate) fn is_queue_bound(&self, vhost: VhostId, binding: &QueueBinding<'_>) -> bool {
        let exchange = stripped(binding.exchange);
        let source = self.exchange_id(vhost, exchange.as_str());
        let (Some(source), Some(queue)) = (source, binding.queue) else {
            return false;
        };
        let (to, key) = (Destination::Queue(queue), binding.binding_key);
        let arguments = canonical(binding.arguments);
        self.bound(source, to, key, &arguments).is_some()
    }

    /// `exchange.bind`. Repeating a binding has no effect.
    ///
    /// # Errors
    /// The default exchange 403, a missing exchange 404 (the source is named first), a key or
    /// argument that the source's type refuses 406.
    pub(crate) fn exchange_bind(
        &mut self,
        vhost: VhostId,
        (source, destination): (&ExchangeName, &ExchangeName),
        (key, arguments): (&BindingKey, &FieldTable),
        method: MethodId,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        let (source, destination) = (stripped(source), stripped(destination));
        not_default(&destination, method)?;
        not_default(&source, method)?;
        let source = self.known_exchange(vhost, &source, method)?;
        let to = Destination::Exchange(self.known_exchange(vhost, &destination, method)?);
        self.check_binding(source, key, arguments, method)?;
        self.bind(source, to, key, arguments, effects);
        Ok(())
    }

    /// `exchange.unbind`. Unbinding what is not bound, or not there, succeeds.
    ///
    /// # Errors
    /// 403 for the default exchange.
    pub(crate) fn exchange_unbind(
        &mut self,
        vhost: VhostId,
        (source, destination): (&ExchangeName, &ExchangeName),
        (key, arguments): (&BindingKey, &FieldTable),
        method: MethodId,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        let (source, destination) = (stripped(source), stripped(destination));
        not_default(&destination, method)?;
        not_default(&source, method)?;
        let source = self.exchange_id(vhost, source.as_str());
        let destination = self.exchange_id(vhost, destination.as_str());
        if let (Some(source), Some(destination)) = (source, destination) {
            let to = Destination::Exchange(destination);
            self.unbind(source, to, key, arguments, effects);
        }
        Ok(())
    }

    /// What the type of the source refuses about a binding.
    fn check_binding(
        &self,
        source: ExchangeId,
        key: &BindingKey,
        arguments: &FieldTable,
        method: MethodId,
    ) -> Result<(), AmqpError> {
        match self.exchange(source).map(|it| &it.rule) {
            Some(ExchangeType::Headers) => match arguments.get(XMatch::KEY) {
                Some(value) if value.as_text().and_then(XMatch::parse).is_none() => {
                    Err(refusal::x_match(value, method))
                }
                Some(_) | None => Ok(()),
            },
            Some(ExchangeType::Topic) if self.profile == Profile::V4 => {
                let found = words(key.as_str())
                    .filter(|word| *word == ANY_WORDS)
                    .count();
                if found > ANY_WORDS_MAX {
                    return Err(refusal::too_many_wildcards(
                        key,
                        found,
                        ANY_WORDS_MAX,
                        method,
                    ));
                }
                Ok(())
            }
            Some(ExchangeType::Other(name)) if name == ExchangeType::CONSISTENT_HASH => {
                refusal::check_weight(key, method)
            }
            Some(
                ExchangeType::Direct
                | ExchangeType::Fanout
                | ExchangeType::Topic
                | ExchangeType::Other(_),
            )
            | None => Ok(()),
        }
    }

    fn bind(
        &mut self,
        source: ExchangeId,
        to: Destination,
        key: &BindingKey,
        arguments: &FieldTable,
        effects: &mut Effects,
    ) {
        let arguments = canonical(arguments);
        if self.bound(source, to, key, &arguments).is_some() {
            return;
        }
        let binding = BindingId(self.bindings_made);
        let Some(exchange) = self.exchange_mut(source) else {
            return;
        };
        exchange.wire(binding, to, key, &arguments);
        match to {
            Destination::Queue(queue) => {
                if let Some(queue) = self.queues_mut().get_mut(queue.0.into()) {
                    queue.incoming.insert(binding.0.into(), ());
                }
            }
            Destination::Exchange(exchange) => {
                if let Some(exchange) = self.exchange_mut(exchange) {
                    exchange.incoming.insert(binding.0.into(), ());
                }
            }
        }
        let key = key.clone();
        Rc::make_mut(&mut self.bindings).insert(
            binding.0.into(),
            Binding {
                source,
                destination: to,
                key,
                arguments,
            },
        );
        self.bindings_made += 1;
        effects.push(Effect::Bound { binding });
    }

    fn unbind(
        &mut self,
        source: ExchangeId,
        to: Destination,
        key: &BindingKey,
        arguments: &FieldTable,
        effects: &mut Effects,
    ) {
        if let Some(binding) = self.bound(source, to, key, &canonical(arguments)) {
            self.remove_bindings(vec![binding], effects);
        }
    }

    /// The binding that is this one; `arguments` are sorted.
    fn bound(
        &self,
        source: ExchangeId,
        to: Destination,
        key: &BindingKey,
        arguments: &FieldTable,
    ) -> Option<BindingId> {
        let same = |binding: &BindingId| {
            self.bindings.get(binding.0.into()).is_some_and(|it| {
                it.destination == to && it.key == *key && it.arguments == *arguments
            })
        };
        let candidates = self.exchange(source)?.candidates(to, key, arguments);
        candidates.iter().copied().find(same)
    }
}

fn canonical(arguments: &FieldTable) -> FieldTable {
    let mut arguments = arguments.clone();
    arguments.sort_by_key();
    arguments
}
