//! What may be read of the topology through [`Broker`], by id and by name.
//!
//! Deliberately not here: anything that changes it.

use super::exchange::Exchange;
use super::{Binding, Destination, Routes, Sought, Topology, bindings_of};
use crate::broker::Broker;
use crate::types::{
    BindingId, BindingKey, ExchangeId, ExchangeName, ExchangeType, FieldTable, QueueId, QueueName,
    RoutingKey, VhostId, VhostName,
};

/// An exchange as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExchangeView<'a> {
    /// Its id.
    pub id: ExchangeId,
    /// Where it is.
    pub vhost: VhostId,
    /// Its name.
    pub name: &'a ExchangeName,
    /// Its type.
    pub exchange_type: &'a ExchangeType,
    /// By whose rule it routes: its own type, but for one that delays.
    pub rule: &'a ExchangeType,
    /// Survives a restart of the broker.
    pub durable: bool,
    /// Goes when its last binding as a source goes.
    pub auto_delete: bool,
    /// Not open to publishers.
    pub internal: bool,
    /// Arguments as declared.
    pub arguments: &'a FieldTable,
    /// The name of its alternate exchange, which need not exist.
    pub alternate: Option<&'a ExchangeName>,
    /// How many bindings it is the source of.
    pub outgoing: usize,
    /// How many bindings it is the destination of.
    pub incoming: usize,
}

/// A binding as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BindingView<'a> {
    /// Its id.
    pub id: BindingId,
    /// Where messages come from.
    pub source: ExchangeId,
    /// Where they go.
    pub destination: Destination,
    /// Its key.
    pub binding_key: &'a BindingKey,
    /// Its arguments, sorted by name as RabbitMQ lists them.
    pub arguments: &'a FieldTable,
}

fn exchange_view(id: ExchangeId, exchange: &Exchange) -> ExchangeView<'_> {
    ExchangeView {
        id,
        vhost: exchange.vhost,
        name: &exchange.name,
        exchange_type: &exchange.exchange_type,
        rule: &exchange.rule,
        durable: exchange.durable,
        auto_delete: exchange.auto_delete,
        internal: exchange.internal,
        arguments: &exchange.arguments,
        alternate: exchange.alternate.as_ref(),
        outgoing: exchange.outgoing.len(),
        incoming: exchange.incoming.len(),
    }
}

fn binding_view(id: BindingId, binding: &Binding) -> BindingView<'_> {
    BindingView {
        id,
        source: binding.source,
        destination: binding.destination,
        binding_key: &binding.key,
        arguments: &binding.arguments,
    }
}

impl Topology {
    /// All vhosts, in the order they were made.
    pub(crate) fn vhost_list(&self) -> impl Iterator<Item = (VhostId, &VhostName)> {
        let vhosts = self.vhosts.iter().enumerate();
        vhosts.map(|(index, vhost)| (VhostId(index as u32), &vhost.name))
    }

    /// All exchanges of all vhosts, in the order of their ids.
    pub(crate) fn exchange_views(&self) -> impl Iterator<Item = ExchangeView<'_>> {
        self.exchanges
            .iter()
            .enumerate()
            .filter_map(|(index, exchange)| {
                Some(exchange_view(
                    ExchangeId(index as u32),
                    exchange.as_deref()?,
                ))
            })
    }

    /// One exchange.
    pub(crate) fn exchange_view(&self, exchange: ExchangeId) -> Option<ExchangeView<'_>> {
        Some(exchange_view(exchange, self.exchange(exchange)?))
    }

    /// All bindings of all vhosts, in the order of their ids.
    pub(crate) fn binding_views(&self) -> impl Iterator<Item = BindingView<'_>> {
        self.bindings
            .iter()
            .map(|(id, binding)| binding_view(BindingId(id as u32), binding))
    }

    /// One binding.
    pub(crate) fn binding_view(&self, binding: BindingId) -> Option<BindingView<'_>> {
        Some(binding_view(binding, self.bindings.get(binding.0.into())?))
    }

    /// The bindings of which `exchange` is the source, in the order of their ids.
    pub(crate) fn views_from(&self, exchange: ExchangeId) -> impl Iterator<Item = BindingView<'_>> {
        let outgoing = self.exchange(exchange).map(|it| &it.outgoing);
        outgoing
            .into_iter()
            .flat_map(bindings_of)
            .filter_map(|binding| self.binding_view(binding))
    }

    /// The bindings that lead to `destination`, in the order of their ids.
    pub(crate) fn views_to(
        &self,
        destination: Destination,
    ) -> impl Iterator<Item = BindingView<'_>> {
        let incoming = match destination {
            Destination::Queue(queue) => self.queues.get(queue.0.into()).map(|it| &it.incoming),
            Destination::Exchange(exchange) => self.exchange(exchange).map(|it| &it.incoming),
        };
        incoming
            .into_iter()
            .flat_map(bindings_of)
            .filter_map(|binding| self.binding_view(binding))
    }
}

impl Broker {
    /// All vhosts, in the order they were made.
    pub fn vhosts(&self) -> impl Iterator<Item = (VhostId, &VhostName)> {
        self.topology.vhost_list()
    }

    /// The vhost called `name`.
    #[must_use]
    pub fn vhost_named(&self, name: &VhostName) -> Option<VhostId> {
        self.topology.vhost(name)
    }

    /// The name of a vhost.
    #[must_use]
    pub fn vhost_name(&self, vhost: VhostId) -> Option<&VhostName> {
        self.topology.vhost_name(vhost)
    }

    /// All exchanges of all vhosts, in the order of their ids.
    pub fn exchanges(&self) -> impl Iterator<Item = ExchangeView<'_>> {
        self.topology.exchange_views()
    }

    /// One exchange.
    #[must_use]
    pub fn exchange(&self, exchange: ExchangeId) -> Option<ExchangeView<'_>> {
        self.topology.exchange_view(exchange)
    }

    /// The exchange called `name`; `""` is the default exchange.
    #[must_use]
    pub fn exchange_named(&self, vhost: VhostId, name: &str) -> Option<ExchangeId> {
        self.topology.exchange_id(vhost, name)
    }

    /// All bindings of all vhosts, in the order of their ids. The default exchange's, one for every
    /// queue, are not listed.
    pub fn bindings(&self) -> impl Iterator<Item = BindingView<'_>> {
        self.topology.binding_views()
    }

    /// One binding.
    #[must_use]
    pub fn binding(&self, binding: BindingId) -> Option<BindingView<'_>> {
        self.topology.binding_view(binding)
    }

    /// The bindings of which `exchange` is the source, in the order of their ids.
    pub fn bindings_from(&self, exchange: ExchangeId) -> impl Iterator<Item = BindingView<'_>> {
        self.topology.views_from(exchange)
    }

    /// The bindings that lead to `destination`, in the order of their ids.
    pub fn bindings_to(&self, destination: Destination) -> impl Iterator<Item = BindingView<'_>> {
        self.topology.views_to(destination)
    }

    /// The queue called `name`.
    #[must_use]
    pub fn queue_named(&self, vhost: VhostId, name: &str) -> Option<QueueId> {
        self.topology.queue_id(vhost, name)
    }

    /// The vhost and name of a queue.
    #[must_use]
    pub fn queue_name(&self, queue: QueueId) -> Option<(VhostId, &QueueName)> {
        self.topology.queue_name(queue)
    }

    /// Where a message with this key, these headers and these CC and BCC keys would go from
    /// `exchange` now. Nothing is published.
    pub fn route(
        &self,
        exchange: ExchangeId,
        key: &RoutingKey,
        headers: Option<&FieldTable>,
        extra_keys: &[RoutingKey],
        out: &mut Routes,
    ) {
        let sought = Sought::plain(key, headers);
        self.topology.route(exchange, &sought, extra_keys, out);
    }
}
