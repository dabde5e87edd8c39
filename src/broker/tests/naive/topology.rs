//! Exchanges, queues and bindings: declare, bind, unbind, delete (§3, §4, §5).

use super::quorum::{check_quorum, is_quorum};
use super::refusals::*;
use super::{Answer, Binding, Destination, Exchange, Naive, Queue};
use crate::broker::{DropReason, Effect, Effects, ExchangeDeclare, QueueDeclare, Reply};
use crate::types::{
    AmqpError, BindingId, BindingKey, ChannelRef, ExchangeId, ExchangeName, ExchangeType,
    FieldTable, FieldValue, MethodId, Profile, QueueId, QueueName, ReplyCode, SimDuration, VhostId,
};

/// §3: carriage returns and line feeds are stripped from names on declare.
fn stripped(name: &str) -> String {
    name.replace(['\r', '\n'], "")
}

fn sorted(arguments: &FieldTable) -> FieldTable {
    let mut table = arguments.clone();
    table.sort_by_key();
    table
}

impl Naive {
    pub(super) fn exchange_declare(
        &mut self,
        declare: ExchangeDeclare,
        fx: &mut Effects,
    ) -> Answer {
        let method = EXCHANGE_DECLARE;
        if let (false, ExchangeType::Other(kind)) = (declare.passive, &declare.exchange_type) {
            let word = if kind.is_empty() {
                "invalid"
            } else {
                "unknown"
            };
            // 4.x, rabbit_exchange.erl, `check_type`: a channel error.
            let code = match self.profile {
                Profile::V3 => ReplyCode::CommandInvalid,
                Profile::V4 => ReplyCode::PreconditionFailed,
            };
            let text = format!("{word} exchange type '{kind}'");
            return Err(AmqpError::new(code, text, method));
        }
        let name = if declare.passive {
            declare.exchange.as_str().to_owned()
        } else {
            stripped(declare.exchange.as_str())
        };
        if name.is_empty() {
            return Err(default_exchange(method));
        }
        if let Some(current) = self.exchange_named(&name) {
            if !declare.passive {
                check_same_exchange(current, &declare)?;
            }
            return Ok(Reply::Done);
        }
        if declare.passive {
            return Err(not_found("exchange", &name, method));
        }
        if name.starts_with("amq.") {
            let text = format!("exchange name '{name}' contains reserved prefix 'amq.*'");
            return Err(access_refused(text, method));
        }
        if let Some(value) = declare.arguments.get("alternate-exchange")
            && value.as_text().is_none()
        {
            let text = format!(
                "invalid type '{}' for arg 'alternate-exchange' in exchange '{name}' in vhost '/'",
                type_name(value)
            );
            return Err(precondition(text, method));
        }
        self.next_exchange += 1;
        let id = ExchangeId(self.next_exchange);
        self.exchanges.push(Exchange {
            id,
            name: ExchangeName::truncated(&name),
            kind: declare.exchange_type,
            durable: declare.durable,
            auto_delete: declare.auto_delete,
            internal: declare.internal,
            arguments: declare.arguments,
        });
        fx.push(Effect::ExchangeDeclared {
            vhost: VhostId(0),
            exchange: id,
        });
        Ok(Reply::Done)
    }

    pub(super) fn exchange_delete(
        &mut self,
        name: &ExchangeName,
        if_unused: bool,
        fx: &mut Effects,
    ) -> Answer {
        if name.is_empty() {
            return Err(default_exchange(EXCHANGE_DELETE));
        }
        if name.as_str().starts_with("amq.") {
            return Err(access_refused(
                format!("deletion of system exchange '{name}' in vhost '/' not allowed"),
                EXCHANGE_DELETE,
            ));
        }
        let Some(id) = self.exchange_named(name.as_str()).map(|x| x.id) else {
            return Ok(Reply::Done);
        };
        if if_unused && self.bindings.iter().any(|b| b.source == id) {
            return Err(precondition(
                format!("exchange '{name}' in vhost '/' in use"),
                EXCHANGE_DELETE,
            ));
        }
        self.remove_exchange(id, fx);
        Ok(Reply::Done)
    }

    fn remove_exchange(&mut self, id: ExchangeId, fx: &mut Effects) {
        self.exchanges.retain(|x| x.id != id);
        fx.push(Effect::ExchangeDeleted { exchange: id });
        self.remove_bindings(
            |b| b.source == id || b.destination == Destination::Exchange(id),
            fx,
        );
    }

    /// §5, and §3: an auto-delete exchange goes with its last binding as a source.
    fn remove_bindings(&mut self, gone: impl Fn(&Binding) -> bool, fx: &mut Effects) {
        let removed: Vec<Binding> = self.bindings.iter().filter(|b| gone(b)).cloned().collect();
        self.bindings.retain(|b| !gone(b));
        for binding in &removed {
            fx.push(Effect::Unbound {
                binding: binding.id,
            });
        }
        for binding in removed {
            let is_source = |x: &&Exchange| x.id == binding.source && x.auto_delete;
            let left = self.bindings.iter().any(|b| b.source == binding.source);
            if let (Some(exchange), false) = (self.exchanges.iter().find(is_source), left) {
                self.remove_exchange(exchange.id, fx);
            }
        }
    }

    fn bind(
        &mut self,
        source: ExchangeId,
        destination: Destination,
        key: BindingKey,
        arguments: FieldTable,
        fx: &mut Effects,
    ) -> Answer {
        let arguments = sorted(&arguments);
        let known = self.bindings.iter().any(|b| {
            b.source == source
                && b.destination == destination
                && b.key == key
                && b.arguments == arguments
        });
        if !known {
            self.next_binding += 1;
            let id = BindingId(self.next_binding);
            self.bindings.push(Binding {
                id,
                source,
                destination,
                key,
                arguments,
            });
            fx.push(Effect::Bound { binding: id });
        }
        Ok(Reply::Done)
    }

    /// What the source's type refuses of a binding (§6; §20 for `#`).
    fn check_binding(
        &self,
        source: ExchangeId,
        key: &BindingKey,
        arguments: &FieldTable,
        method: MethodId,
    ) -> Result<(), AmqpError> {
        let kind = self.exchanges.iter().find(|x| x.id == source);
        match kind.map(|x| &x.kind) {
            Some(ExchangeType::Headers) => match arguments.get("x-match") {
                None => Ok(()),
                Some(value) => match value.as_text() {
                    Some("all" | "any" | "all-with-x" | "any-with-x") => Ok(()),
                    Some(other) => Err(precondition(
                        format!(
                            "Invalid x-match field value <<\"{other}\">>; expected all, any, \
                             all-with-x, or any-with-x"
                        ),
                        method,
                    )),
                    None => Err(precondition(
                        format!(
                            "Invalid x-match field type {} (value {}); expected longstr",
                            type_name(value),
                            shown(value)
                        ),
                        method,
                    )),
                },
            },
            Some(ExchangeType::Topic) => {
                let hashes = key.as_str().split('.').filter(|w| *w == "#").count();
                if self.profile == Profile::V4 && hashes > 2 {
                    return Err(precondition(
                        format!(
                            "Topic binding key '{key}' uses {hashes} '#' wildcards, at most 2 are \
                             allowed"
                        ),
                        method,
                    ));
                }
                Ok(())
            }
            Some(ExchangeType::Direct | ExchangeType::Fanout | ExchangeType::Other(_)) | None => {
                Ok(())
            }
        }
    }

    pub(super) fn exchange_bind(
        &mut self,
        destination: &ExchangeName,
        source: &ExchangeName,
        key: BindingKey,
        arguments: FieldTable,
        fx: &mut Effects,
    ) -> Answer {
        if destination.is_empty() || source.is_empty() {
            return Err(default_exchange(EXCHANGE_BIND));
        }
        let find = |name: &ExchangeName| {
            let found = self.exchange_named(name.as_str()).map(|x| x.id);
            found.ok_or_else(|| not_found("exchange", name.as_str(), EXCHANGE_BIND))
        };
        let from = find(source)?;
        let to = find(destination)?;
        self.check_binding(from, &key, &arguments, EXCHANGE_BIND)?;
        self.bind(from, Destination::Exchange(to), key, arguments, fx)
    }

    pub(super) fn exchange_unbind(
        &mut self,
        destination: &ExchangeName,
        source: &ExchangeName,
        key: &BindingKey,
        arguments: &FieldTable,
        fx: &mut Effects,
    ) -> Answer {
        if destination.is_empty() || source.is_empty() {
            return Err(default_exchange(EXCHANGE_UNBIND));
        }
        let from = self.exchange_named(source.as_str()).map(|x| x.id);
        let to = self.exchange_named(destination.as_str()).map(|x| x.id);
        if let (Some(from), Some(to)) = (from, to) {
            self.unbind(from, Destination::Exchange(to), key, arguments, fx);
        }
        Ok(Reply::Done)
    }

    fn unbind(
        &mut self,
        source: ExchangeId,
        destination: Destination,
        key: &BindingKey,
        arguments: &FieldTable,
        fx: &mut Effects,
    ) {
        let arguments = sorted(arguments);
        self.remove_bindings(
            |b| {
                b.source == source
                    && b.destination == destination
                    && b.key == *key
                    && b.arguments == arguments
            },
            fx,
        );
    }

    /// §4: an empty name is the last queue declared on the channel.
    pub(super) fn meant(
        &mut self,
        at: ChannelRef,
        queue: QueueName,
        method: MethodId,
    ) -> Result<QueueName, AmqpError> {
        if !queue.is_empty() {
            return Ok(queue);
        }
        let last = self.channel(at).last_queue.clone();
        last.ok_or_else(|| {
            AmqpError::new(ReplyCode::NotFound, "no previously declared queue", method)
        })
    }

    /// A queue that exists and that this connection may use (§4).
    pub(super) fn usable(
        &mut self,
        at: ChannelRef,
        queue: QueueName,
        method: MethodId,
    ) -> Result<QueueId, AmqpError> {
        let name = self.meant(at, queue, method)?;
        match self.queue_named(name.as_str()) {
            None => Err(not_found("queue", name.as_str(), method)),
            Some(q) if q.owner.is_some_and(|owner| owner != at.connection) => {
                Err(locked(name.as_str(), method))
            }
            Some(q) => Ok(q.id),
        }
    }

    pub(super) fn queue_declare(
        &mut self,
        at: ChannelRef,
        declare: QueueDeclare,
        fx: &mut Effects,
    ) -> Answer {
        let method = QUEUE_DECLARE;
        if declare.passive {
            let name = declare.queue.clone();
            if name.is_empty() {
                return Err(not_found("queue", "", method));
            }
            let id = self.usable(at, name, method)?;
            return Ok(self.declared(at, id));
        }
        let mut name = stripped(declare.queue.as_str());
        if name.is_empty() {
            if is_quorum(&declare.arguments) {
                let text = "Cannot declare a server-named queue for type rabbit_quorum_queue";
                return Err(precondition(text.to_owned(), method));
            }
            name = self.invented("amq.gen-");
        } else if name.starts_with("amq.") {
            let text = format!("queue name '{name}' contains reserved prefix 'amq.*'");
            return Err(access_refused(text, method));
        }
        let owner = declare.exclusive.then_some(at.connection);
        let durable = declare.durable && !declare.exclusive;
        if let Some(current) = self.queue_named(&name) {
            if current.owner != owner {
                return Err(locked(&name, method));
            }
            let of = format!("queue '{name}'");
            let flag = |key, current: bool, received: bool| {
                let (current, received) = (current.to_string(), received.to_string());
                check_same_property(key, &of, &current, &received, method)
            };
            flag("durable", current.durable, durable)?;
            flag("auto_delete", current.auto_delete, declare.auto_delete)?;
            check_same_queue_arguments(&name, &current.arguments, &declare.arguments)?;
            let id = current.id;
            return Ok(self.declared(at, id));
        }
        check_queue_arguments(self.profile, &name, &declare.arguments)?;
        let mut wanted = declare.clone();
        wanted.durable = durable;
        check_quorum(&name, &wanted)?;
        if self.profile == Profile::V4 && !durable && owner.is_none() {
            // §20: 4.3 denies queues that are neither durable nor exclusive.
            return Err(AmqpError::new(
                ReplyCode::InternalError,
                "Feature `transient_nonexcl_queues` is deprecated.",
                method,
            ));
        }
        self.next_queue += 1;
        let id = QueueId(self.next_queue);
        self.queues.push(Queue {
            id,
            name: QueueName::truncated(&name),
            durable,
            has_written: false,
            owner,
            auto_delete: declare.auto_delete,
            arguments: declare.arguments,
            ready: Vec::new(),
            delayed: Vec::new(),
            unacked: Vec::new(),
            consumers: Vec::new(),
            rotation: Vec::new(),
            full: false,
            active: None,
            forgotten: false,
            looked: None,
            has_had_consumers: false,
            declared_at: self.now,
            used_at: self.now,
        });
        fx.push(Effect::QueueDeclared {
            vhost: VhostId(0),
            queue: id,
        });
        Ok(self.declared(at, id))
    }

    /// §4: a declare renews the expiry, names the channel's last queue and counts.
    fn declared(&mut self, at: ChannelRef, id: QueueId) -> Reply {
        let now = self.now;
        let queue = self.queue(id);
        if !queue.is_quorum() {
            queue.used_at = now;
        }
        let name = queue.name.clone();
        let ready = queue.ready.len() as u32;
        let mut consumers = queue.consumers.len() as u32;
        if queue.is_quorum() {
            if queue.is_single_active() {
                // The rest wait (rabbit_fifo.erl, `waiting_consumers`).
                consumers = consumers.min(1);
            }
            consumers += self.holders(id);
        }
        self.channel(at).last_queue = Some(name.clone());
        Reply::QueueDeclared {
            queue: name,
            ready,
            consumers,
        }
    }

    /// §4: with queue and key both empty, the key too is the last queue's name.
    fn bind_names(
        &mut self,
        at: ChannelRef,
        queue: QueueName,
        key: BindingKey,
        method: MethodId,
    ) -> Result<(QueueName, BindingKey), AmqpError> {
        let both_empty = queue.is_empty() && key.is_empty();
        let name = self.meant(at, queue, method)?;
        let key = if both_empty {
            BindingKey::from(&name)
        } else {
            key
        };
        Ok((name, key))
    }

    pub(super) fn queue_bind(
        &mut self,
        at: ChannelRef,
        queue: QueueName,
        exchange: &ExchangeName,
        key: BindingKey,
        arguments: FieldTable,
        fx: &mut Effects,
    ) -> Answer {
        let (queue, key) = self.bind_names(at, queue, key, QUEUE_BIND)?;
        if exchange.is_empty() {
            return Err(default_exchange(QUEUE_BIND));
        }
        let from = self.exchange_named(exchange.as_str()).map(|x| x.id);
        let from = from.ok_or_else(|| not_found("exchange", exchange.as_str(), QUEUE_BIND))?;
        let known = self.queue_named(queue.as_str()).is_some();
        if known {
            self.check_binding(from, &key, &arguments, QUEUE_BIND)?;
        }
        let to = self.usable(at, queue, QUEUE_BIND)?;
        self.bind(from, Destination::Queue(to), key, arguments, fx)
    }

    pub(super) fn queue_unbind(
        &mut self,
        at: ChannelRef,
        queue: QueueName,
        exchange: &ExchangeName,
        key: BindingKey,
        arguments: &FieldTable,
        fx: &mut Effects,
    ) -> Answer {
        let (queue, key) = self.bind_names(at, queue, key, QUEUE_UNBIND)?;
        if exchange.is_empty() {
            return Err(default_exchange(QUEUE_UNBIND));
        }
        let from = self.exchange_named(exchange.as_str()).map(|x| x.id);
        let to = self.queue_named(queue.as_str()).map(|q| (q.id, q.owner));
        let (Some(from), Some((to, owner))) = (from, to) else {
            return Ok(Reply::Done);
        };
        let arguments = sorted(arguments);
        // rabbit_binding.erl, remove/3: access is only checked for a binding that exists.
        let exists = self.bindings.iter().any(|b| {
            b.source == from
                && b.destination == Destination::Queue(to)
                && b.key == key
                && b.arguments == arguments
        });
        if exists && owner.is_some_and(|owner| owner != at.connection) {
            return Err(locked(queue.as_str(), QUEUE_UNBIND));
        }
        self.unbind(from, Destination::Queue(to), &key, &arguments, fx);
        Ok(Reply::Done)
    }

    /// §4: purge takes the ready messages only.
    pub(super) fn queue_purge(
        &mut self,
        at: ChannelRef,
        queue: QueueName,
        fx: &mut Effects,
    ) -> Answer {
        let id = self.usable(at, queue, QUEUE_PURGE)?;
        self.queue(id).looked = None;
        let gone = std::mem::take(&mut self.queue(id).ready);
        let messages = gone.len() as u32;
        for entry in gone {
            fx.push(Effect::Dropped {
                queue: id,
                copy: Some(entry.copy),
                message: entry.letter.message.id(),
                reason: DropReason::Purged,
                was_unacked: false,
            });
        }
        Ok(Reply::Purged { messages })
    }

    pub(super) fn queue_delete(
        &mut self,
        at: ChannelRef,
        queue: QueueName,
        if_unused: bool,
        if_empty: bool,
        fx: &mut Effects,
    ) -> Answer {
        let name = self.meant(at, queue, QUEUE_DELETE)?;
        if self.queue_named(name.as_str()).is_none() {
            return Ok(Reply::QueueDeleted { messages: 0 });
        }
        let id = self.usable(at, name, QUEUE_DELETE)?;
        let queue = self.queue(id);
        queue.check_unconditional(if_unused, if_empty)?;
        let refuse = |queue: &Queue, why: &str| {
            let text = format!("queue '{}' in vhost '/' {why}", queue.name);
            Err(precondition(text, QUEUE_DELETE))
        };
        if if_unused && !queue.consumers.is_empty() {
            return refuse(queue, "in use");
        }
        if if_empty && !queue.ready.is_empty() {
            return refuse(queue, "not empty");
        }
        let messages = queue.ready.len() as u32;
        self.remove_queue(id, fx);
        Ok(Reply::QueueDeleted { messages })
    }

    /// §4, §8: a queue goes with its messages, consumers and bindings; nothing is dead-lettered.
    /// Deliveries that are not settled stay outstanding on their channels.
    pub(super) fn remove_queue(&mut self, id: QueueId, fx: &mut Effects) {
        let index = self.queues.iter().position(|q| q.id == id);
        let mut queue = self
            .queues
            .remove(index.expect("only existing queues are removed"));
        // A channel tells its consumers in the order of their tags.
        queue.consumers.sort_by(|a, b| a.tag.cmp(&b.tag));
        for consumer in &queue.consumers {
            fx.push(Effect::ConsumerCancelled {
                channel: consumer.channel,
                consumer_tag: consumer.tag.clone(),
            });
            fx.push(Effect::ConsumerStopped {
                channel: consumer.channel,
                consumer_tag: consumer.tag.clone(),
                queue: id,
            });
        }
        let ready = queue.ready.iter().map(|entry| (entry, false));
        let delayed = queue.delayed.iter().map(|(_, entry)| (entry, false));
        let unacked = queue.unacked.iter().map(|entry| (entry, true));
        for (entry, was_unacked) in ready.chain(delayed).chain(unacked) {
            fx.push(Effect::Dropped {
                queue: id,
                copy: Some(entry.copy),
                message: entry.letter.message.id(),
                reason: DropReason::QueueDeleted,
                was_unacked,
            });
        }
        fx.push(Effect::QueueDeleted { queue: id });
        self.remove_bindings(|b| b.destination == Destination::Queue(id), fx);
    }
}

/// §3: what a redeclaration of an exchange compares, in order.
fn check_same_exchange(current: &Exchange, declare: &ExchangeDeclare) -> Result<(), AmqpError> {
    let of = format!("exchange '{}'", current.name);
    let flag = |key, current: &str, received: &str| {
        check_same_property(key, &of, current, received, EXCHANGE_DECLARE)
    };
    let word = |flag: bool| if flag { "true" } else { "false" };
    flag("type", current.kind.name(), declare.exchange_type.name())?;
    flag("durable", word(current.durable), word(declare.durable))?;
    flag(
        "auto_delete",
        word(current.auto_delete),
        word(declare.auto_delete),
    )?;
    flag("internal", word(current.internal), word(declare.internal))?;
    check_same_argument(
        "alternate-exchange",
        &of,
        current.arguments.get("alternate-exchange"),
        declare.arguments.get("alternate-exchange"),
        EXCHANGE_DECLARE,
    )
}

impl Queue {
    /// An argument that is a number.
    pub(super) fn number(&self, key: &str) -> Option<u64> {
        let value = self.arguments.get(key).and_then(FieldValue::as_integer)?;
        u64::try_from(value).ok()
    }

    /// An argument that is text.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.arguments.get(key)?.as_text()
    }

    /// An argument that is a number of milliseconds.
    pub(super) fn millis(&self, key: &str) -> Option<SimDuration> {
        self.number(key).map(SimDuration::from_millis)
    }
}
