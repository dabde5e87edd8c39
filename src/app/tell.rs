//! Records of the trace as sentences.
//!
//! Deliberately not here: which records, and when they are said.

use super::{App, describe};
use crate::broker::{DropReason, UnroutableFate};
use crate::sim::{ClientStatus, Parcel, TraceKind, TraceRecord, Wait};
use crate::text::Words;
use crate::types::{ExchangeId, MessageId, NodeId, Outside, QueueId};

/// Why a message left a queue.
pub(super) fn drop_reason(reason: DropReason, words: Words) -> &'static str {
    match reason {
        DropReason::Rejected => words.drop_rejected(),
        DropReason::Expired => words.drop_expired(),
        DropReason::MaxLength => words.drop_max_length(),
        DropReason::DeliveryLimit => words.drop_delivery_limit(),
        DropReason::Purged => words.drop_purged(),
        DropReason::QueueDeleted => words.drop_queue_deleted(),
    }
}

/// What a coroutine waits for.
pub(super) fn wait_name(wait: Wait, words: Words) -> &'static str {
    match wait {
        Wait::Ready => words.wait_ready(),
        Wait::Interval { .. } => words.wait_interval(),
        Wait::Delivery => words.wait_delivery(),
        Wait::Work { .. } => words.wait_work(),
        Wait::Confirm => words.wait_confirm(),
        Wait::Answer => words.wait_answer(),
        Wait::Unblocked => words.wait_unblocked(),
        Wait::Flow => words.wait_flow(),
        Wait::Outage => words.wait_outage(),
        Wait::Ended => words.wait_ended(),
    }
}

/// How a client stands.
fn status_name(status: ClientStatus, words: Words) -> &'static str {
    match status {
        ClientStatus::Connecting => words.state_connecting(),
        ClientStatus::Up => words.status_up(),
        ClientStatus::Paused => words.state_paused(),
        ClientStatus::Down => words.state_down(),
        ClientStatus::Cut => words.state_cut(),
        ClientStatus::Refused => words.status_refused(),
        ClientStatus::Cancelled => words.state_cancelled(),
        ClientStatus::Ended => words.state_ended(),
        ClientStatus::Removed => words.status_removed(),
    }
}

impl App {
    pub(super) fn node_name(&self, node: NodeId) -> String {
        match node.as_outside() {
            Some(Outside::Producer(connection) | Outside::Consumer(connection)) => {
                self.outside_name(connection)
            }
            Some(Outside::Queue(_) | Outside::Exchange(_)) | None => {
                describe::name(self.shown(), node, self.words())
            }
        }
    }

    pub(super) fn queue_name(&self, queue: QueueId) -> String {
        match self.run.node_of_queue(queue) {
            Some(node) => self.node_name(node),
            None => self.words().unnamed().to_owned(),
        }
    }

    pub(super) fn exchange_name(&self, exchange: ExchangeId) -> String {
        match self.run.node_of_exchange(exchange) {
            Some(node) => self.node_name(node),
            // The default exchange seldom stands on the stage.
            None => self.words().default_exchange().to_owned(),
        }
    }

    /// The record as a sentence without time; `None` for what is nothing to see. Each group of
    /// records is asked in turn and passes over those of the others.
    pub(super) fn tell(&self, record: &TraceRecord) -> Option<String> {
        self.tell_link(&record.kind)
            .or_else(|| self.tell_routing(&record.kind))
            .or_else(|| self.tell_queue(&record.kind))
            .or_else(|| self.tell_client(&record.kind))
            .or_else(|| self.tell_time(&record.kind))
    }

    fn tell_link(&self, kind: &TraceKind) -> Option<String> {
        let words = self.words();
        match kind {
            TraceKind::Departed {
                node,
                parcel,
                message,
                ..
            } => {
                let node = self.node_name(*node);
                let number = message.map(|id| id.to_string()).unwrap_or_default();
                Some(match parcel {
                    Parcel::Publish => words.tell_departed(&node),
                    Parcel::Delivery => words.tell_delivery_departed(&number, &node),
                    Parcel::Ack => words.tell_ack_departed(&node),
                    Parcel::Nack => words.tell_nack_departed(&node),
                    Parcel::Confirm { .. } => words.tell_confirm_departed(&node),
                    Parcel::Return => words.tell_return_departed(&number, &node),
                    Parcel::Other => words.tell_other_departed(&node),
                })
            }
            TraceKind::Lost { node, .. } => Some(words.tell_lost(&self.node_name(*node))),
            // What arrives does something, and that is told.
            TraceKind::Arrived { .. }
            | TraceKind::Published { .. }
            | TraceKind::Forwarded { .. }
            | TraceKind::Unroutable { .. }
            | TraceKind::Enqueued { .. }
            | TraceKind::Refused { .. }
            | TraceKind::Delivered { .. }
            | TraceKind::Acked { .. }
            | TraceKind::Requeued { .. }
            | TraceKind::Dropped { .. }
            | TraceKind::DeadLettered { .. }
            | TraceKind::Confirmed { .. }
            | TraceKind::Returned { .. }
            | TraceKind::ExchangeChanged { .. }
            | TraceKind::QueueChanged { .. }
            | TraceKind::BindingChanged { .. }
            | TraceKind::ConsumerChanged { .. }
            | TraceKind::Closed { .. }
            | TraceKind::WorkStarted { .. }
            | TraceKind::WorkEnded { .. }
            | TraceKind::ClientChanged { .. }
            | TraceKind::Waits { .. }
            | TraceKind::Delayed { .. }
            | TraceKind::RetryDelayed { .. }
            | TraceKind::Overdue { .. }
            | TraceKind::Replied { .. }
            | TraceKind::Operated { .. } => None,
        }
    }

    fn tell_routing(&self, kind: &TraceKind) -> Option<String> {
        let words = self.words();
        Some(match kind {
            TraceKind::Published {
                node,
                message,
                exchange,
                ..
            } => words.tell_published(
                message.0,
                &self.node_name(*node),
                &self.exchange_name(*exchange),
            ),
            TraceKind::Forwarded {
                message,
                from,
                to,
                alternate,
            } => {
                let (from, to) = (self.exchange_name(*from), self.exchange_name(*to));
                match alternate {
                    true => words.tell_forwarded_alternate(message.0, &from, &to),
                    false => words.tell_forwarded(message.0, &from, &to),
                }
            }
            TraceKind::Unroutable {
                message,
                exchange,
                fate,
            } => self.tell_unroutable(*message, *exchange, *fate),
            TraceKind::DeadLettered {
                queue,
                message,
                exchange,
                ..
            } => words.tell_dead_lettered(
                message.0,
                &self.queue_name(*queue),
                &self.exchange_name(*exchange),
            ),
            TraceKind::ExchangeChanged { exchange, exists } => {
                self.tell_exchange(*exchange, *exists)
            }
            TraceKind::BindingChanged { .. } => words.tell_bindings().to_owned(),
            TraceKind::Departed { .. }
            | TraceKind::Arrived { .. }
            | TraceKind::Lost { .. }
            | TraceKind::Enqueued { .. }
            | TraceKind::Refused { .. }
            | TraceKind::Delivered { .. }
            | TraceKind::Acked { .. }
            | TraceKind::Requeued { .. }
            | TraceKind::Dropped { .. }
            | TraceKind::Confirmed { .. }
            | TraceKind::Returned { .. }
            | TraceKind::QueueChanged { .. }
            | TraceKind::ConsumerChanged { .. }
            | TraceKind::Closed { .. }
            | TraceKind::WorkStarted { .. }
            | TraceKind::WorkEnded { .. }
            | TraceKind::ClientChanged { .. }
            | TraceKind::Waits { .. }
            | TraceKind::Delayed { .. }
            | TraceKind::RetryDelayed { .. }
            | TraceKind::Overdue { .. }
            | TraceKind::Replied { .. }
            | TraceKind::Operated { .. } => return None,
        })
    }

    fn tell_exchange(&self, exchange: ExchangeId, exists: bool) -> String {
        let words = self.words();
        let name = self.exchange_name(exchange);
        match exists {
            true => words.tell_exchange_came(&name),
            false => words.tell_exchange_went(&name),
        }
    }

    fn tell_unroutable(
        &self,
        message: MessageId,
        exchange: ExchangeId,
        fate: UnroutableFate,
    ) -> String {
        let words = self.words();
        let exchange = self.exchange_name(exchange);
        match fate {
            UnroutableFate::Dropped => words.tell_unroutable_dropped(message.0, &exchange),
            UnroutableFate::Returned => words.tell_unroutable_returned(message.0, &exchange),
            UnroutableFate::Replied => words.tell_replied(message.0),
            UnroutableFate::DeadLetter => words.tell_unroutable_dead(message.0, &exchange),
        }
    }

    fn tell_queue(&self, kind: &TraceKind) -> Option<String> {
        let words = self.words();
        Some(match kind {
            TraceKind::Enqueued { queue, message, .. } => {
                words.tell_enqueued(message.0, &self.queue_name(*queue))
            }
            TraceKind::Refused { queue, message, .. } => {
                words.tell_refused(message.0, &self.queue_name(*queue))
            }
            TraceKind::Delivered {
                queue,
                message,
                node,
                redelivered,
                ..
            } => {
                let (node, queue) = (self.node_name(*node), self.queue_name(*queue));
                if *redelivered {
                    words.tell_redelivered(message.0, &node, &queue)
                } else {
                    words.tell_delivered(message.0, &node, &queue)
                }
            }
            TraceKind::Acked { message, node, .. } => {
                words.tell_acked(message.0, &self.node_name(*node))
            }
            TraceKind::Requeued { queue, message, .. } => {
                words.tell_requeued(message.0, &self.queue_name(*queue))
            }
            TraceKind::Dropped {
                queue,
                message,
                reason,
                ..
            } => words.tell_dropped(
                message.0,
                &self.queue_name(*queue),
                drop_reason(*reason, words),
            ),
            TraceKind::QueueChanged { queue, exists } => {
                let name = self.queue_name(*queue);
                match exists {
                    true => words.tell_queue_came(&name),
                    false => words.tell_queue_went(&name),
                }
            }
            TraceKind::Departed { .. }
            | TraceKind::Arrived { .. }
            | TraceKind::Lost { .. }
            | TraceKind::Published { .. }
            | TraceKind::Forwarded { .. }
            | TraceKind::Unroutable { .. }
            | TraceKind::DeadLettered { .. }
            | TraceKind::Confirmed { .. }
            | TraceKind::Returned { .. }
            | TraceKind::ExchangeChanged { .. }
            | TraceKind::BindingChanged { .. }
            | TraceKind::ConsumerChanged { .. }
            | TraceKind::Closed { .. }
            | TraceKind::WorkStarted { .. }
            | TraceKind::WorkEnded { .. }
            | TraceKind::ClientChanged { .. }
            | TraceKind::Waits { .. }
            | TraceKind::Delayed { .. }
            | TraceKind::RetryDelayed { .. }
            | TraceKind::Overdue { .. }
            | TraceKind::Replied { .. }
            | TraceKind::Operated { .. } => return None,
        })
    }

    fn tell_client(&self, kind: &TraceKind) -> Option<String> {
        let words = self.words();
        Some(match kind {
            TraceKind::Confirmed { node, ack, .. } => match ack {
                true => words.tell_confirmed(&self.node_name(*node)),
                false => words.tell_confirm_refused(&self.node_name(*node)),
            },
            TraceKind::Returned { node, message, .. } => {
                words.tell_returned(message.0, &self.node_name(*node))
            }
            TraceKind::ConsumerChanged {
                node,
                queue,
                active,
                ..
            } => {
                let (node, queue) = (self.node_name(*node), self.queue_name(*queue));
                match active {
                    true => words.tell_consumer_came(&node, &queue),
                    false => words.tell_consumer_went(&node, &queue),
                }
            }
            TraceKind::Closed {
                node,
                text,
                connection,
                ..
            } => self.tell_closed(*node, text, *connection),
            TraceKind::WorkStarted { node, message, .. } => {
                words.tell_work_started(&self.node_name(*node), message.0)
            }
            TraceKind::WorkEnded {
                node,
                message,
                failed,
                ..
            } => self.tell_work_ended(*node, *message, *failed),
            TraceKind::Waits { node, wait, .. } => {
                words.tell_waits(&self.node_name(*node), wait_name(*wait, words))
            }
            TraceKind::ClientChanged { node, status, .. } => {
                words.tell_status(&self.node_name(*node), status_name(*status, words))
            }
            TraceKind::Replied { node, message } => {
                words.tell_answered(&self.node_name(*node), message.0)
            }
            TraceKind::Operated { .. } => words.tell_operated().to_owned(),
            TraceKind::Departed { .. }
            | TraceKind::Arrived { .. }
            | TraceKind::Lost { .. }
            | TraceKind::Published { .. }
            | TraceKind::Forwarded { .. }
            | TraceKind::Unroutable { .. }
            | TraceKind::Enqueued { .. }
            | TraceKind::Refused { .. }
            | TraceKind::Delivered { .. }
            | TraceKind::Acked { .. }
            | TraceKind::Requeued { .. }
            | TraceKind::Dropped { .. }
            | TraceKind::DeadLettered { .. }
            | TraceKind::Delayed { .. }
            | TraceKind::RetryDelayed { .. }
            | TraceKind::Overdue { .. }
            | TraceKind::ExchangeChanged { .. }
            | TraceKind::QueueChanged { .. }
            | TraceKind::BindingChanged { .. } => return None,
        })
    }

    /// What time alone brings about.
    fn tell_time(&self, kind: &TraceKind) -> Option<String> {
        let words = self.words();
        if let TraceKind::Delayed {
            message,
            exchange,
            until,
        } = kind
        {
            let exchange = self.exchange_name(*exchange);
            return Some(words.tell_delayed(message.0, &exchange, &until.to_string()));
        }
        if let TraceKind::RetryDelayed {
            queue,
            message,
            until,
            attempt,
        } = kind
        {
            let queue = self.queue_name(*queue);
            let until = until.to_string();
            return Some(words.tell_retry_delayed(message.0, &queue, &until, *attempt));
        }
        if let TraceKind::Overdue {
            message,
            node,
            timeout,
            ..
        } = kind
        {
            let node = self.node_name(*node);
            return Some(words.tell_overdue(message.0, &node, &timeout.to_string()));
        }
        None
    }

    fn tell_closed(&self, node: NodeId, text: &str, connection: bool) -> String {
        let words = self.words();
        let node = self.node_name(node);
        match connection {
            true => words.tell_closed_connection(&node, text),
            false => words.tell_closed_channel(&node, text),
        }
    }

    fn tell_work_ended(&self, node: NodeId, message: MessageId, failed: bool) -> String {
        let words = self.words();
        let node = self.node_name(node);
        match failed {
            true => words.tell_work_failed(&node, message.0),
            false => words.tell_work_ended(&node, message.0),
        }
    }
}
