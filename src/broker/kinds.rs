//! What quorum queues and streams are refused that classic queues may do.
//!
//! Texts and scopes are RabbitMQ's (`rabbit_quorum_queue`, `rabbit_stream_queue`; measured on 3.10.8)
//! but for one: reading a stream is refused in words of ours, since streams are declared, shown and
//! appended to, but not read here. Deliberately not here: arguments (`queue::arguments`), and what
//! quorum queues do with what comes back (`queue`).

use super::Broker;
use super::channel::Channel;
use super::consumer::{Consumer, Standing};
use super::declare::{DECLARE, DELETE, PURGE};
use super::queue::Queue;
use super::unacked::NO_CONSUMER;
use super::{Consume, QueueDeclare};
use crate::types::{AmqpError, ConsumerTag, MethodId, QueueId, QueueType, ReplyCode};

type Verdict = Result<(), AmqpError>;

fn not_implemented(text: String, method: MethodId) -> Verdict {
    Err(AmqpError::new(ReplyCode::NotImplemented, text, method))
}

fn refused(text: String, method: MethodId) -> Verdict {
    Err(AmqpError::new(ReplyCode::PreconditionFailed, text, method))
}

/// Neither lets the broker name it.
pub(super) fn check_named(kind: QueueType) -> Verdict {
    if kind == QueueType::Classic {
        return Ok(());
    }
    let kind = kind.module();
    let text = format!("Cannot declare a server-named queue for type {kind}");
    refused(text, DECLARE)
}

/// Both are durable, shared and not auto-delete.
pub(super) fn check_flags(kind: QueueType, declare: &QueueDeclare, place: &str) -> Verdict {
    if kind == QueueType::Classic {
        return Ok(());
    }
    let wrong = if declare.auto_delete {
        "auto-delete"
    } else if declare.exclusive {
        "exclusive-owner"
    } else if !declare.durable {
        "non-durable"
    } else {
        return Ok(());
    };
    refused(format!("invalid property '{wrong}' for {place}"), DECLARE)
}

impl Broker {
    /// How many consumers a queue tells. A quorum queue leaves out who waits behind a single active
    /// consumer, and counts who holds messages of it: each message got one by one, and consumers that
    /// are gone (`rabbit_fifo:query_stat/1`).
    pub(super) fn counted_consumers(&self, id: QueueId) -> u32 {
        let Some(queue) = self.queue(id) else {
            return 0;
        };
        let known = queue.consumers.len();
        if queue.settings.kind != QueueType::Quorum {
            return known;
        }
        let waiting = u32::try_from(queue.waiting.len()).unwrap_or(u32::MAX);
        let known = known.saturating_sub(waiting);
        if queue.unacked == 0 {
            return known;
        }
        let gone = self.consumers.iter().filter(|(_, it)| {
            it.queue == id && it.standing == Standing::Gone && !self.has_heir(it)
        });
        let held = self.channels.iter().flat_map(|(_, channel)| channel.held());
        let got = held.filter(|it| it.queue == id && it.consumer == NO_CONSUMER);
        known + (gone.count() + got.count()) as u32
    }

    /// Whether a quorum queue takes a consumer that is gone and one of its tag for one.
    fn has_heir(&self, gone: &Consumer) -> bool {
        let channel = self.channels.get(gone.channel);
        let heir = channel.and_then(|channel| channel.consumers.get(&gone.tag));
        let heir = heir.and_then(|number| self.consumers.get(*number));
        heir.is_some_and(|heir| heir.queue == gone.queue)
    }

    /// Deliveries of a queue that a channel holds of a consumer that had this tag before.
    pub(super) fn left_by(&self, row: u32, tag: &ConsumerTag, id: QueueId) -> i32 {
        let held = self.channels.get(row).into_iter().flat_map(Channel::held);
        let left = held.filter(|delivery| {
            let consumer = self.consumers.get(delivery.consumer);
            delivery.queue == id && consumer.is_some_and(|it| it.tag == *tag)
        });
        i32::try_from(left.count()).unwrap_or(i32::MAX)
    }

    fn place_of(&self, queue: &Queue) -> String {
        self.queue_in_words(queue.vhost, &queue.name)
    }

    /// A queue that is not classic.
    fn special(&self, id: QueueId) -> Option<&Queue> {
        let queue = self.queue(id)?;
        (queue.settings.kind != QueueType::Classic).then_some(queue)
    }

    /// A quorum queue is deleted without conditions.
    pub(super) fn check_deletable(&self, id: QueueId, if_unused: bool, if_empty: bool) -> Verdict {
        let flag = match (if_unused, if_empty) {
            (true, _) => "if-unused",
            (false, true) => "if-empty",
            (false, false) => return Ok(()),
        };
        match self.special(id) {
            Some(queue) if queue.settings.kind == QueueType::Quorum => {
                let place = self.place_of(queue);
                let text = format!(
                    "cannot delete {place}. queue.delete operations with {flag} flag set are not \
                     supported by quorum queues"
                );
                not_implemented(text, DELETE)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// A stream is not purged.
    pub(super) fn check_purgeable(&self, id: QueueId) -> Verdict {
        self.check_no_stream(id, "queue.purge", PURGE)
    }

    /// A stream gives no single messages, nor does a quorum queue with a single active consumer.
    pub(super) fn check_gettable(&self, id: QueueId, method: MethodId) -> Verdict {
        self.check_no_stream(id, "basic.get", method)?;
        match self.special(id) {
            Some(queue) if queue.settings.single_active => {
                let place = self.place_of(queue);
                let text = format!(
                    "cannot obtain access to locked {place}. basic.get operations are not \
                     supported by quorum queues with single active consumer"
                );
                Err(AmqpError::new(ReplyCode::ResourceLocked, text, method))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn check_no_stream(&self, id: QueueId, what: &str, method: MethodId) -> Verdict {
        match self.special(id) {
            Some(queue) if queue.settings.kind == QueueType::Stream => {
                let place = self.place_of(queue);
                let text = format!("{what} not supported by stream queues {place}");
                not_implemented(text, method)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What a channel must be like to consume from a queue that is not classic.
    pub(super) fn check_consumable(&self, row: u32, id: QueueId, method: MethodId) -> Verdict {
        let (Some(queue), Some(channel)) = (self.special(id), self.channels.get(row)) else {
            return Ok(());
        };
        let place = self.place_of(queue);
        match queue.settings.kind {
            QueueType::Quorum if channel.global.limit != 0 => {
                not_implemented(format!("{place} does not support global qos"), method)
            }
            QueueType::Stream if channel.prefetch == 0 => {
                let text = format!("consumer prefetch count is not set for '{place}'");
                refused(text, method)
            }
            QueueType::Stream => {
                let text =
                    format!("{place} is a stream, which this broker keeps but does not read");
                not_implemented(text, method)
            }
            QueueType::Classic | QueueType::Quorum => Ok(()),
        }
    }

    /// Whether `consume` asks for, or meets, a queue that one consumer has alone. Quorum queues know
    /// no such consumers: they let everybody in (measured).
    pub(super) fn is_taken_by_one(&self, id: QueueId, consume: &Consume) -> bool {
        self.queue(id).is_some_and(|queue| {
            let others = !queue.consumers.is_empty() || queue.settings.single_active;
            queue.settings.kind == QueueType::Classic
                && (queue.exclusive_consumer || (consume.exclusive && others))
        })
    }
}
