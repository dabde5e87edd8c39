//! A topology one can talk to in few words.

use super::super::{QueueBinding, Routes, Sought, Topology};
use crate::broker::command::ExchangeDeclare;
use crate::broker::effect::Effects;
use crate::types::{
    AmqpError, BindingKey, ExchangeName, ExchangeType, FieldTable, MethodId, Profile, QueueId,
    QueueName, RoutingKey, VhostId,
};

pub(super) const ROOT: VhostId = VhostId(0);
pub(super) const EXCHANGE_DECLARE: MethodId = MethodId::new(40, 10);
pub(super) const EXCHANGE_DELETE: MethodId = MethodId::new(40, 20);
pub(super) const EXCHANGE_BIND: MethodId = MethodId::new(40, 30);
pub(super) const EXCHANGE_UNBIND: MethodId = MethodId::new(40, 40);
pub(super) const QUEUE_BIND: MethodId = MethodId::new(50, 20);
pub(super) const QUEUE_UNBIND: MethodId = MethodId::new(50, 50);
pub(super) const PUBLISH: MethodId = MethodId::new(60, 40);

/// A topology with what it did and room to route in.
pub(super) struct Wiring {
    pub(super) topology: Topology,
    pub(super) effects: Effects,
    pub(super) routes: Routes,
}

pub(super) fn name(text: &str) -> ExchangeName {
    ExchangeName::new(text).expect("a short name")
}

pub(super) fn key(text: &str) -> BindingKey {
    BindingKey::new(text).expect("a short key")
}

pub(super) fn routing_key(text: &str) -> RoutingKey {
    RoutingKey::new(text).expect("a short key")
}

/// A durable exchange of this type.
pub(super) fn exchange(exchange: &str, exchange_type: &str) -> ExchangeDeclare {
    ExchangeDeclare {
        exchange: name(exchange),
        exchange_type: ExchangeType::from(exchange_type.to_owned()),
        durable: true,
        ..ExchangeDeclare::default()
    }
}

impl Wiring {
    pub(super) fn new(profile: Profile) -> Self {
        let topology = Topology::new(profile);
        Self {
            topology,
            effects: Vec::new(),
            routes: Routes::default(),
        }
    }

    pub(super) fn declare(&mut self, declare: &ExchangeDeclare) -> Result<(), AmqpError> {
        self.topology
            .exchange_declare(ROOT, declare, EXCHANGE_DECLARE, &mut self.effects)
    }

    /// Declares an exchange, which must work.
    pub(super) fn exchange(&mut self, text: &str, exchange_type: &str) {
        self.declare(&exchange(text, exchange_type)).expect(text);
    }

    pub(super) fn delete(&mut self, text: &str, if_unused: bool) -> Result<(), AmqpError> {
        let effects = &mut self.effects;
        self.topology
            .exchange_delete(ROOT, &name(text), if_unused, EXCHANGE_DELETE, effects)
    }

    pub(super) fn queue(&mut self, text: &str) -> QueueId {
        self.topology
            .register_queue(ROOT, &QueueName::new(text).expect("a short name"))
    }

    pub(super) fn remove_queue(&mut self, text: &str) {
        if let Some(queue) = self.topology.queue_id(ROOT, text) {
            self.topology.remove_queue(queue, &mut self.effects);
        }
    }

    pub(super) fn try_bind(
        &mut self,
        source: &str,
        queue: &str,
        binding_key: &str,
        arguments: &FieldTable,
    ) -> Result<(), AmqpError> {
        let binding = QueueBinding {
            exchange: &name(source),
            queue: self.topology.queue_id(ROOT, queue),
            queue_name: &QueueName::new(queue).expect("a short name"),
            binding_key: &key(binding_key),
            arguments,
        };
        self.topology
            .queue_bind(ROOT, &binding, QUEUE_BIND, &mut self.effects)
    }

    /// Binds a queue, which must work.
    pub(super) fn bind(&mut self, source: &str, queue: &str, binding_key: &str) {
        self.try_bind(source, queue, binding_key, &FieldTable::new())
            .expect("a binding");
    }

    pub(super) fn unbind(
        &mut self,
        source: &str,
        queue: &str,
        binding_key: &str,
        arguments: &FieldTable,
    ) -> Result<(), AmqpError> {
        let binding = QueueBinding {
            exchange: &name(source),
            queue: self.topology.queue_id(ROOT, queue),
            queue_name: &QueueName::new(queue).expect("a short name"),
            binding_key: &key(binding_key),
            arguments,
        };
        self.topology
            .queue_unbind(ROOT, &binding, QUEUE_UNBIND, &mut self.effects)
    }

    pub(super) fn try_link(
        &mut self,
        source: &str,
        destination: &str,
        binding_key: &str,
    ) -> Result<(), AmqpError> {
        let ends = (&name(source), &name(destination));
        let what = (&key(binding_key), &FieldTable::new());
        self.topology
            .exchange_bind(ROOT, ends, what, EXCHANGE_BIND, &mut self.effects)
    }

    /// Binds an exchange to an exchange, which must work.
    pub(super) fn link(&mut self, source: &str, destination: &str, binding_key: &str) {
        self.try_link(source, destination, binding_key)
            .expect("a binding");
    }

    pub(super) fn unlink(
        &mut self,
        source: &str,
        destination: &str,
        binding_key: &str,
    ) -> Result<(), AmqpError> {
        let ends = (&name(source), &name(destination));
        let what = (&key(binding_key), &FieldTable::new());
        self.topology
            .exchange_unbind(ROOT, ends, what, EXCHANGE_UNBIND, &mut self.effects)
    }

    /// The names of the queues a message goes to, in order.
    pub(super) fn route(&mut self, source: &str, text: &str) -> Vec<String> {
        self.route_with(source, text, None, &[])
    }

    pub(super) fn route_with(
        &mut self,
        source: &str,
        text: &str,
        headers: Option<&FieldTable>,
        extra: &[&str],
    ) -> Vec<String> {
        let extra: Vec<_> = extra.iter().map(|text| routing_key(text)).collect();
        let start = self
            .topology
            .exchange_id(ROOT, source)
            .expect("a known exchange");
        let Self {
            topology, routes, ..
        } = self;
        let key = routing_key(text);
        topology.route(start, &Sought::plain(&key, headers), &extra, routes);
        routes
            .queues
            .iter()
            .map(|(queue, _)| {
                topology
                    .queue_name(*queue)
                    .expect("a known queue")
                    .1
                    .to_string()
            })
            .collect()
    }

    pub(super) fn exists(&self, exchange: &str) -> bool {
        self.topology.exchange_id(ROOT, exchange).is_some()
    }
}

/// The refusal as it travels.
pub(super) fn refusal(result: Result<(), AmqpError>) -> String {
    let error = result.expect_err("a refusal");
    let MethodId { class, method } = error.method;
    format!("{:?} {error} ({class},{method})", error.scope())
}
