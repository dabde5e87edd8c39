//! `exchange.declare`, `exchange.delete`, and what a publisher may publish to.
//!
//! Source: AMQP 0-9-1, exchange class; RabbitMQ's rabbit_channel for the order of the checks.
//! Deliberately not here: bindings, and permissions.

use super::exchange::ALTERNATE_EXCHANGE;
use super::{Topology, refusal};
use crate::broker::command::ExchangeDeclare;
use crate::broker::effect::{Effect, Effects};
use crate::broker::equivalence::{check_same, check_same_argument};
use crate::types::{
    AmqpError, ExchangeId, ExchangeName, ExchangeType, FieldValue, MethodId, VhostId, VhostName,
};

/// Names beginning so are the broker's own.
const RESERVED_PREFIX: &str = "amq.";

/// The name without carriage returns and line feeds, which RabbitMQ strips.
pub(super) fn stripped(name: &ExchangeName) -> ExchangeName {
    let line_end = |c| c == '\r' || c == '\n';
    if name.as_str().contains(line_end) {
        ExchangeName::truncated(&name.as_str().replace(line_end, ""))
    } else {
        name.clone()
    }
}

pub(super) fn not_default(name: &ExchangeName, method: MethodId) -> Result<(), AmqpError> {
    if name.is_empty() {
        Err(refusal::default_exchange(method))
    } else {
        Ok(())
    }
}

impl Topology {
    /// `exchange.declare`.
    ///
    /// # Errors
    /// What RabbitMQ refuses: an unknown type, the default exchange, a reserved name, a passive
    /// declare of what is not there, other properties than what is there has, an alternate exchange
    /// that is no string.
    pub(crate) fn exchange_declare(
        &mut self,
        vhost: VhostId,
        declare: &ExchangeDeclare,
        method: MethodId,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        let name = stripped(&declare.exchange);
        if declare.passive {
            not_default(&name, method)?;
            return self.known_exchange(vhost, &name, method).map(|_| ());
        }
        if !declare.exchange_type.is_known(self.profile) {
            return Err(refusal::unknown_type(
                &declare.exchange_type,
                self.profile,
                method,
            ));
        }
        not_default(&name, method)?;
        if let Some(exchange) = self.exchange_id(vhost, name.as_str()) {
            return self.check_equivalent(exchange, declare, method);
        }
        if name.as_str().starts_with(RESERVED_PREFIX) {
            return Err(refusal::reserved_name(&name, method));
        }
        let place = self.named_vhost(vhost, method)?;
        if let Some(alternate) = declare.arguments.get(ALTERNATE_EXCHANGE)
            && !matches!(alternate, FieldValue::LongStr(_))
        {
            let argument = ALTERNATE_EXCHANGE;
            return Err(refusal::argument_type(
                alternate, argument, &name, place, method,
            ));
        }
        refusal::check_rule(declare, self.profile, method)?;
        let declare = ExchangeDeclare {
            exchange: name,
            ..declare.clone()
        };
        let exchange = self
            .add_exchange(vhost, &declare)
            .ok_or_else(|| refusal::unknown_type(&declare.exchange_type, self.profile, method))?;
        effects.push(Effect::ExchangeDeclared { vhost, exchange });
        Ok(())
    }

    /// `exchange.delete`. Deleting what is not there succeeds.
    ///
    /// # Errors
    /// For the default exchange, a reserved name, and with `if_unused` when it is the source of a
    /// binding.
    pub(crate) fn exchange_delete(
        &mut self,
        vhost: VhostId,
        name: &ExchangeName,
        if_unused: bool,
        method: MethodId,
        effects: &mut Effects,
    ) -> Result<(), AmqpError> {
        let name = stripped(name);
        not_default(&name, method)?;
        let place = self.named_vhost(vhost, method)?;
        if name.as_str().starts_with(RESERVED_PREFIX) {
            return Err(refusal::system_exchange(&name, place, method));
        }
        let Some(exchange) = self.exchange_id(vhost, name.as_str()) else {
            return Ok(());
        };
        if if_unused
            && self
                .exchange(exchange)
                .is_some_and(|it| !it.outgoing.is_empty())
        {
            return Err(refusal::in_use(&name, place, method));
        }
        let bindings = self.remove_exchange(exchange, effects);
        self.remove_bindings(bindings, effects);
        Ok(())
    }

    /// The exchange a publisher named.
    ///
    /// # Errors
    /// 404 when it is not there, 403 when it is internal.
    pub(crate) fn publish_target(
        &self,
        vhost: VhostId,
        name: &ExchangeName,
        method: MethodId,
    ) -> Result<ExchangeId, AmqpError> {
        let exchange = self.known_exchange(vhost, name, method)?;
        if self.exchange(exchange).is_some_and(|it| it.internal) {
            let place = self.named_vhost(vhost, method)?;
            return Err(refusal::internal_exchange(name, place, method));
        }
        Ok(exchange)
    }

    /// The exchange, or RabbitMQ's 404.
    pub(super) fn known_exchange(
        &self,
        vhost: VhostId,
        name: &ExchangeName,
        method: MethodId,
    ) -> Result<ExchangeId, AmqpError> {
        match self.exchange_id(vhost, name.as_str()) {
            Some(exchange) => Ok(exchange),
            None => Err(refusal::no_exchange(
                name,
                self.named_vhost(vhost, method)?,
                method,
            )),
        }
    }

    /// The name of a vhost that must be there, since the caller's connection is on it.
    pub(super) fn named_vhost(
        &self,
        vhost: VhostId,
        method: MethodId,
    ) -> Result<&VhostName, AmqpError> {
        self.vhost_name(vhost)
            .ok_or_else(|| refusal::no_vhost(method))
    }

    fn check_equivalent(
        &self,
        exchange: ExchangeId,
        declare: &ExchangeDeclare,
        method: MethodId,
    ) -> Result<(), AmqpError> {
        let Some(current) = self.exchange(exchange) else {
            return Ok(());
        };
        let of = refusal::exchange_in(&current.name, self.named_vhost(current.vhost, method)?);
        check_same(
            "type",
            &of,
            &atom(&declare.exchange_type),
            &atom(&current.exchange_type),
            method,
        )?;
        check_same("durable", &of, &declare.durable, &current.durable, method)?;
        check_same(
            "auto_delete",
            &of,
            &declare.auto_delete,
            &current.auto_delete,
            method,
        )?;
        check_same(
            "internal",
            &of,
            &declare.internal,
            &current.internal,
            method,
        )?;
        let (asked, there) = (&declare.arguments, &current.arguments);
        check_same_argument(ALTERNATE_EXCHANGE, &of, asked, there, method)
    }
}

/// The type as Erlang prints an atom: in quotes of its own when it is a plugin's, whose names have hyphens.
fn atom(kind: &ExchangeType) -> String {
    match kind {
        ExchangeType::Other(name) => format!("'{name}'"),
        kind => kind.name().to_owned(),
    }
}
