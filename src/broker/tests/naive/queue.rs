//! Publishing and what queues do with messages: limits, time to live, dead letters' cause
//! (§7, §11, §13, §14), and `basic.get` (§8).

use super::refusals::*;
use super::{Answer, Entry, Letter, Naive, Queue, Unacked, transaction};
use crate::broker::{Body, DropReason, Effect, Effects, Publish, Reply, UnroutableFate};
use crate::types::{
    AmqpError, ChannelRef, CopyId, ExchangeId, FieldTable, FieldValue, Message, Profile,
    PublishSequence, QueueId, QueueName, ReplyCode, RoutingKey, SimDuration,
};
use std::rc::Rc;

/// §7, §20: the largest body.
fn body_octets_max(profile: Profile) -> u64 {
    match profile {
        Profile::V3 => 134_217_728,
        Profile::V4 => 16_777_216,
    }
}

/// §6: the keys in a CC or BCC header.
fn extra_keys(headers: &FieldTable, name: &str) -> Result<Vec<RoutingKey>, AmqpError> {
    match headers.get(name) {
        None => Ok(Vec::new()),
        Some(FieldValue::Array(values)) => Ok(values
            .iter()
            .filter_map(FieldValue::as_text)
            .map(RoutingKey::truncated)
            .collect()),
        Some(other) => Err(precondition(
            format!(
                "invalid message: {{unacceptable_type_in_header,\"{name}\",{}}}",
                type_name(other)
            ),
            BASIC_PUBLISH,
        )),
    }
}

/// Whether it is to survive its broker in a durable queue.
pub(super) fn is_persistent(message: &Message) -> bool {
    let properties = message.properties();
    properties.is_some_and(|p| p.delivery_mode == Some(2))
}

impl Naive {
    /// §7: checks in RabbitMQ's order, even when nothing would be routed.
    fn checked(&mut self, publish: Publish) -> Result<(ExchangeId, Letter), AmqpError> {
        let method = BASIC_PUBLISH;
        if publish.immediate {
            let code = ReplyCode::NotImplemented;
            return Err(AmqpError::new(code, "immediate=true", method));
        }
        let (size, most) = (publish.body.octets(), body_octets_max(self.profile));
        if size > most {
            let text = format!("message size {size} is larger than configured max size {most}");
            return Err(precondition(text, method));
        }
        let name = &publish.exchange;
        let Some(exchange) = self.exchange_named(name.as_str()) else {
            return Err(not_found("exchange", name.as_str(), method));
        };
        if exchange.internal {
            return Err(access_refused(
                format!("cannot publish to internal exchange '{name}' in vhost '/'"),
                method,
            ));
        }
        let exchange = exchange.id;
        let mut properties = publish.properties;
        let mut keys = vec![publish.routing_key.clone()];
        if let Some(given) = properties.clone() {
            if let Some(user) = given.user_id.as_ref().filter(|u| u.as_str() != "guest") {
                return Err(precondition(
                    format!("user_id property set to '{user}' but authenticated user was 'guest'"),
                    method,
                ));
            }
            if let Some(text) = &given.expiration {
                expiration(text.as_str())?;
            }
            if let Some(headers) = &given.headers {
                keys.extend(extra_keys(headers, "CC")?);
                keys.extend(extra_keys(headers, "BCC")?);
                let mut kept = (*given).clone();
                if let Some(headers) = kept.headers.as_mut() {
                    headers.remove("BCC");
                }
                properties = Some(Rc::new(kept));
            }
        }
        let id = self.new_message_id();
        let (exchange_name, key) = (publish.exchange, publish.routing_key);
        let message = match &publish.body {
            Body::Octets(octets) => Message::new(id, exchange_name, key, properties, octets),
            Body::Blank(size) => Message::blank(id, exchange_name, key, properties, *size),
        };
        let letter = Letter {
            message,
            keys,
            died: false,
        };
        Ok((exchange, letter))
    }

    pub(super) fn basic_publish(
        &mut self,
        at: ChannelRef,
        publish: Publish,
        fx: &mut Effects,
    ) -> Answer {
        let mandatory = publish.mandatory;
        let (exchange, letter) = self.checked(publish)?;
        let message = letter.message.id();
        let mut forwards = Effects::new();
        let reached = self.route(exchange, &letter, &mut forwards);
        let name = |id| self.queues.iter().find(|queue| queue.id == id);
        let names = reached.iter().filter_map(|(id, _)| name(*id));
        let mut routed = transaction::Routed {
            names: names.map(|queue| queue.name.clone()).collect(),
            exchange,
            mandatory,
            letter,
            reached,
            forwards,
        };
        if let Some(waiting) = &mut self.channel(at).tx {
            if routed.letter.message.exchange().is_empty() {
                // §12: the default exchange names queues; whether they are there counts at the commit.
                for key in &routed.letter.keys {
                    if routed
                        .names
                        .iter()
                        .all(|name| name.as_str() != key.as_str())
                    {
                        routed.names.push(QueueName::truncated(key.as_str()));
                        routed.reached.push((QueueId(u32::MAX), exchange));
                    }
                }
            }
            waiting.publishes.push(routed);
            return Ok(Reply::Published { message });
        }
        let unroutable = routed.reached.is_empty();
        let ack = self.send_routed(at, routed, fx);
        // §11: a nack when any queue refused it, else an ack.
        if let Some(sequence) = self.channel(at).confirms {
            self.channel(at).confirms = Some(PublishSequence(sequence.0 + 1));
            fx.push(Effect::Confirm {
                channel: at,
                sequence,
                multiple: !ack,
                ack,
                unroutable,
            });
        }
        Ok(Reply::Published { message })
    }

    /// What was routed goes where it was found to go; whether no queue refused it.
    pub(super) fn send_routed(
        &mut self,
        at: ChannelRef,
        routed: transaction::Routed,
        fx: &mut Effects,
    ) -> bool {
        let transaction::Routed {
            exchange,
            mandatory,
            letter,
            reached,
            forwards,
            names: _,
        } = routed;
        let message = letter.message.clone();
        fx.push(Effect::Published {
            channel: at,
            exchange,
            message: message.id(),
        });
        fx.extend(forwards);
        if reached.is_empty() {
            fx.push(Effect::Unroutable {
                message: message.id(),
                exchange,
                fate: if mandatory {
                    UnroutableFate::Returned
                } else {
                    UnroutableFate::Dropped
                },
            });
            if mandatory {
                fx.push(Effect::Return {
                    channel: at,
                    code: ReplyCode::NoRoute,
                    message: message.clone(),
                });
            }
        }
        let mut refused = false;
        for (queue, via) in self.in_order(reached) {
            refused |= !self.enqueue(queue, via, letter.clone(), fx);
        }
        !refused
    }

    /// A message comes to a queue; `false` when the queue refuses it (§13).
    pub(super) fn enqueue(
        &mut self,
        id: QueueId,
        via: ExchangeId,
        letter: Letter,
        fx: &mut Effects,
    ) -> bool {
        let queue = self.queue(id);
        let overflow = queue.text("x-overflow").unwrap_or("drop-head").to_owned();
        let quorum = queue.is_quorum();
        let refuses = match overflow.as_str() {
            "drop-head" => false,
            // §19: it takes this for a word it does not know.
            "reject-publish-dlx" if quorum => false,
            _ if quorum => queue.refuses_all(),
            _ => queue.would_overflow(letter.message.body_octets()),
        };
        if refuses {
            fx.push(Effect::Refused {
                queue: id,
                message: letter.message.id(),
                via,
            });
            if overflow == "reject-publish-dlx" {
                self.drop_letter(id, None, letter, DropReason::MaxLength, false, fx);
            }
            return false;
        }
        self.next_copy += 1;
        self.next_turn += 1;
        let entry = self.entry_of(id, CopyId(self.next_copy), letter);
        fx.push(Effect::Enqueued {
            queue: id,
            copy: entry.copy,
            message: entry.letter.message.id(),
            via,
        });
        if let Some(confirmed) = self.pass_a_forgotten_queue(id, &entry, fx) {
            return confirmed;
        }
        let (queue, copy) = (self.queue(id), entry.copy);
        // rabbit_amqqueue_process.erl, `deliver_or_enqueue`: with no time at all it is not written.
        let is_kept = queue.millis("x-message-ttl") != Some(SimDuration::ZERO)
            || queue.text("x-dead-letter-exchange").is_some();
        let is_kept = is_kept && is_persistent(&entry.letter.message);
        queue.put(entry);
        // Delivered at once if somebody can take it; only then do limits and deadlines act.
        self.dispatch(id, fx);
        let queue = self.queue(id);
        queue.has_written |= is_kept && queue.ready.iter().any(|e| e.copy == copy);
        let before = self.queue(id).ready.len();
        self.drop_over_limit(id, fx);
        let after = self.queue(id).ready.len();
        // rabbit_amqqueue_process.erl, `deliver_or_enqueue`.
        if self.profile == Profile::V4 || before != after || after == 1 {
            self.drop_expired(id, fx);
        }
        true
    }

    /// §13: deadline = enqueue time + the smaller of the queue's and the message's time to live.
    /// §14: absent priority is 0, too high is the maximum; without the argument it is ignored.
    fn entry_of(&mut self, id: QueueId, copy: CopyId, letter: Letter) -> Entry {
        let (now, turn) = (self.now, self.next_turn);
        let quorum_priorities = self.profile == Profile::V4;
        let queue = self.queue(id);
        let properties = letter.message.properties();
        let own = properties
            .and_then(|p| p.expiration.as_ref())
            .and_then(|text| expiration(text.as_str()).ok())
            .map(|millis| SimDuration::from_millis(millis.unsigned_abs()));
        let span = [own, queue.millis("x-message-ttl")]
            .into_iter()
            .flatten()
            .min();
        // §20: quorum queues have 32 priorities, and the fifth is that of who asks for none.
        let (most, silent) = if quorum_priorities && queue.is_quorum() {
            (31, 4)
        } else {
            (queue.number("x-max-priority").unwrap_or(0), 0)
        };
        let wanted = properties.and_then(|p| p.priority).unwrap_or(silent);
        let priority = wanted.min(u8::try_from(most).unwrap_or(u8::MAX));
        Entry {
            turn,
            own_priority: priority,
            failures: queue.is_quorum().then_some(0),
            returns: 0,
            copy,
            redelivered: false,
            held_by: None,
            enqueued_at: now,
            deadline: span.map(|span| now + span),
            priority,
            letter,
        }
    }

    /// §13: with `drop-head` the head goes until the ready messages are within the limits.
    pub(super) fn drop_over_limit(&mut self, id: QueueId, fx: &mut Effects) {
        loop {
            let queue = self.queue(id);
            let overflow = queue.text("x-overflow").unwrap_or("drop-head").to_owned();
            let quorum = queue.is_quorum();
            let drops = overflow == "drop-head" || quorum && overflow == "reject-publish-dlx";
            let most = queue.number("x-max-length").unwrap_or(u64::MAX);
            let most_octets = queue.number("x-max-length-bytes").unwrap_or(u64::MAX);
            let within = queue.limited() as u64 <= most && queue.ready_octets() <= most_octets;
            queue.full |= quorum && !within;
            if !drops || within || queue.ready.is_empty() {
                return;
            }
            let entry = queue.ready.remove(0);
            let reason = DropReason::MaxLength;
            self.drop_letter(id, Some(entry.copy), entry.letter, reason, false, fx);
        }
    }

    /// §13: what has expired goes when it is at the head, never from behind.
    pub(super) fn drop_expired(&mut self, id: QueueId, fx: &mut Effects) {
        loop {
            let now = self.now;
            let queue = self.queue(id);
            let head = queue.ready.first().and_then(|entry| entry.deadline);
            queue.looked = head;
            if head.is_none_or(|deadline| deadline > now) {
                return;
            }
            let entry = queue.ready.remove(0);
            let reason = DropReason::Expired;
            self.drop_letter(id, Some(entry.copy), entry.letter, reason, false, fx);
        }
    }

    /// A message leaves a queue unacknowledged, through the dead-letter exchange if there is one.
    pub(super) fn drop_letter(
        &mut self,
        id: QueueId,
        copy: Option<CopyId>,
        letter: Letter,
        reason: DropReason,
        was_unacked: bool,
        fx: &mut Effects,
    ) {
        fx.push(Effect::Dropped {
            queue: id,
            copy,
            message: letter.message.id(),
            reason,
            was_unacked,
        });
        self.dead_letter(id, letter, reason, fx);
    }

    /// §8: the head, if there is one; the answer counts what remains.
    pub(super) fn basic_get(
        &mut self,
        at: ChannelRef,
        queue: QueueName,
        no_ack: bool,
        fx: &mut Effects,
    ) -> Answer {
        let id = self.usable(at, queue, BASIC_GET)?;
        self.queue(id).check_get(BASIC_GET)?;
        let now = self.now;
        let queue = self.queue(id);
        queue.used_at = now;
        if queue.ready.is_empty() {
            return Ok(Reply::GetEmpty);
        }
        let entry = queue.ready.remove(0);
        let queue_name = queue.name.clone();
        if !no_ack {
            queue.unacked.push(entry.clone());
        }
        self.drop_expired(id, fx);
        let ready = self.queue(id).ready.len() as u32;
        let channel = self.channel(at);
        let delivery_tag = channel.next_delivery_tag();
        if !no_ack {
            channel.unacked.push(Unacked {
                tag: delivery_tag,
                queue: id,
                queue_name,
                copy: entry.copy,
                consumer: None,
            });
        }
        fx.push(Effect::Gotten {
            channel: at,
            delivery_tag,
            queue: id,
            copy: entry.copy,
            message: entry.letter.message.id(),
            enqueued_at: entry.enqueued_at,
            no_ack,
        });
        Ok(Reply::Got {
            delivery_tag,
            redelivered: entry.redelivered,
            message: entry.shown(self.profile, true),
            ready,
        })
    }
}

impl Queue {
    /// Puts a message in its place: highest priority first, then the oldest copy (§10, §14).
    pub(super) fn put(&mut self, entry: Entry) {
        self.ready.push(entry);
        self.ready
            .sort_by_key(|e| (std::cmp::Reverse(e.priority), e.turn));
    }

    pub(super) fn ready_octets(&self) -> u64 {
        let delayed = self.delayed.iter().map(|(_, entry)| entry);
        self.ready
            .iter()
            .chain(delayed)
            .map(|e| e.letter.message.body_octets())
            .sum()
    }

    fn would_overflow(&self, octets: u64) -> bool {
        let most = self.number("x-max-length").unwrap_or(u64::MAX);
        let most_octets = self.number("x-max-length-bytes").unwrap_or(u64::MAX);
        self.ready.len() as u64 + 1 > most || self.ready_octets() + octets > most_octets
    }
}
