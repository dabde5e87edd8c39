//! What the broker's effects cause: a record of each, and something on its way to a client.
//!
//! Deliberately not here: any decision; the broker has decided.

use crate::broker::Effect;
use crate::sim::trace::{TraceKind, Wait};
use crate::sim::transport::Downward;
use crate::sim::world::{Owner, World};
use crate::types::{
    AmqpError, BindingId, ChannelRef, ConnectionId, ExchangeId, MessageId, NodeId, Outside,
};
use std::rc::Rc;

/// Stands where an effect was taken out to be seen to: plain numbers that nobody reads.
const SEEN_TO: Effect = Effect::Unbound {
    binding: BindingId(0),
};

impl World {
    #[inline]
    pub(super) fn client_at(&self, connection: ConnectionId) -> Option<u32> {
        match self.owners.get(connection.index()) {
            Some(Owner::Client { client, .. }) => Some(*client),
            Some(Owner::Assembly | Owner::Wire) | None => None,
        }
    }

    /// The node behind a channel; what the assembly does is done for the node it is about. For a
    /// connection from outside the node that publishes.
    #[inline]
    fn node_at(&self, channel: ChannelRef) -> NodeId {
        match self.owners.get(channel.connection.index()) {
            Some(Owner::Client { node, .. }) => *node,
            Some(Owner::Wire) => NodeId::outside(Outside::Producer(channel.connection)),
            Some(Owner::Assembly) | None => self.topology.about,
        }
    }

    /// As [`node_at`](Self::node_at), but for a connection from outside the node that consumes.
    #[inline]
    fn consumer_at(&self, channel: ChannelRef) -> NodeId {
        match self.owners.get(channel.connection.index()) {
            Some(Owner::Wire) => NodeId::outside(Outside::Consumer(channel.connection)),
            Some(Owner::Assembly | Owner::Client { .. }) | None => self.node_at(channel),
        }
    }

    /// Sees to the effects of a command that came as `parcel`.
    #[inline(never)]
    pub(super) fn take_effects(&mut self, parcel: Option<u64>) {
        if self.wire.is_some() {
            self.carry_to_wire();
        }
        // Nothing that is done about an effect speaks to the broker, so no more of them come.
        for index in 0..self.effects.len() {
            self.take_effect(index, parcel);
        }
        // Each is plain numbers now, which need not be looked at again to be dropped.
        std::mem::forget(self.effects.drain(..));
        self.effects.clear();
        if !self.deferred.is_empty() {
            self.reach_deferred();
        }
    }

    /// Sees to one effect; what is left of it is plain numbers.
    #[inline(always)]
    fn take_effect(&mut self, index: usize, parcel: Option<u64>) {
        match self.effects[index] {
            Effect::Deliver(_) => self.take_deliver(index),
            Effect::Published {
                channel,
                exchange,
                message,
            } => self.take_published(channel, exchange, message, parcel),
            Effect::Enqueued {
                queue,
                copy,
                message,
                via,
            } => self.record_often(TraceKind::Enqueued {
                queue,
                copy,
                message,
                via,
            }),
            Effect::Acked {
                channel,
                delivery_tag: _,
                queue,
                copy,
                message,
                enqueued_at,
            } => {
                let node = self.consumer_at(channel);
                self.record_often(TraceKind::Acked {
                    queue,
                    copy,
                    message,
                    node,
                    enqueued_at,
                });
            }
            Effect::Confirm { .. }
            | Effect::ConnectionBlocked { .. }
            | Effect::ConnectionUnblocked { .. }
            | Effect::ConnectionFlow { .. }
            | Effect::DirectReply { .. }
            | Effect::Return { .. }
            | Effect::ConsumerCancelled { .. }
            | Effect::ChannelClosed { .. }
            | Effect::ConnectionClosed { .. }
            | Effect::Forwarded { .. }
            | Effect::Unroutable { .. }
            | Effect::Refused { .. }
            | Effect::Gotten { .. }
            | Effect::Requeued { .. }
            | Effect::Overdue { .. }
            | Effect::Delayed { .. }
            | Effect::RetryDelayed { .. }
            | Effect::Dropped { .. }
            | Effect::DeadLettered { .. }
            | Effect::ExchangeDeclared { .. }
            | Effect::ExchangeDeleted { .. }
            | Effect::QueueDeclared { .. }
            | Effect::QueueDeleted { .. }
            | Effect::Bound { .. }
            | Effect::Unbound { .. }
            | Effect::ConsumerStarted { .. }
            | Effect::ConsumerStopped { .. } => {
                let effect = std::mem::replace(&mut self.effects[index], SEEN_TO);
                self.take_seldom(effect);
            }
        }
    }

    #[inline(always)]
    fn take_published(
        &mut self,
        channel: ChannelRef,
        exchange: ExchangeId,
        message: MessageId,
        parcel: Option<u64>,
    ) {
        let node = self.node_at(channel);
        let parcel = if self.unheard.is_empty() {
            parcel
        } else {
            self.heard_late(node).or(parcel)
        };
        let kind = |parcel| TraceKind::Published {
            node,
            parcel,
            message,
            exchange,
        };
        match parcel {
            None => self.record_often(kind(None)),
            Some(_) => {
                self.record(kind(parcel));
                self.note_heard(channel.connection);
            }
        }
    }

    /// What a producer sent off is heard: there may be room in its socket again.
    fn note_heard(&mut self, connection: ConnectionId) {
        let Some(client) = self.client_at(connection) else {
            return;
        };
        let Some(sender) = self.client_mut(client).sender() else {
            return;
        };
        if let Some(by) = sender.held_by {
            sender.under_way = sender.under_way.saturating_sub(1);
            if sender.backs_up().is_none() {
                self.wake_those(client, by);
            }
        }
    }

    /// As which parcel came what a node publishes, where the broker held it back. A channel keeps order.
    #[cold]
    fn heard_late(&mut self, node: NodeId) -> Option<u64> {
        let first = self.unheard.iter().position(|(it, _)| *it == node)?;
        Some(self.unheard.remove(first).1)
    }

    /// Sees to a delivery: what is read of it is read where it stands, before it goes on its way.
    #[inline(always)]
    fn take_deliver(&mut self, index: usize) {
        let effect = &mut self.effects[index];
        let Effect::Deliver(delivery) = effect else {
            return;
        };
        let owner = self.owners.get(delivery.channel.connection.index());
        let (client, node) = match owner {
            Some(&Owner::Client { client, node }) => (Some(client), node),
            Some(Owner::Wire) => {
                let connection = delivery.channel.connection;
                (None, NodeId::outside(Outside::Consumer(connection)))
            }
            Some(Owner::Assembly) | None => {
                *effect = SEEN_TO;
                return;
            }
        };
        let kind = TraceKind::Delivered {
            queue: delivery.queue,
            copy: delivery.copy,
            message: delivery.message.id(),
            node,
            delivery_tag: delivery.delivery_tag,
            redelivered: delivery.redelivered,
            enqueued_at: delivery.enqueued_at,
            no_ack: delivery.no_ack,
        };
        self.recorder.record_often(self.now, kind);
        let effect = std::mem::replace(effect, SEEN_TO);
        if let (Effect::Deliver(delivery), Some(client)) = (effect, client) {
            self.send_delivery(client, delivery);
        }
    }

    /// What does not come of every message.
    #[inline(never)]
    fn take_seldom(&mut self, effect: Effect) {
        match effect {
            Effect::Confirm { .. } => self.confirm(effect),
            Effect::Return { .. }
            | Effect::ConsumerCancelled { .. }
            | Effect::ChannelClosed { .. }
            | Effect::ConnectionClosed { .. } => self.carry_seldom(effect),
            Effect::Forwarded { .. }
            | Effect::Unroutable { .. }
            | Effect::Refused { .. }
            | Effect::Gotten { .. }
            | Effect::Requeued { .. } => self.record_message(effect),
            Effect::Overdue { .. } | Effect::Delayed { .. } | Effect::RetryDelayed { .. } => {
                self.record_time(effect);
            }
            Effect::Dropped { .. } | Effect::DeadLettered { .. } => self.record_drop(effect),
            Effect::ExchangeDeclared { .. }
            | Effect::ExchangeDeleted { .. }
            | Effect::QueueDeclared { .. }
            | Effect::QueueDeleted { .. }
            | Effect::Bound { .. }
            | Effect::Unbound { .. }
            | Effect::ConsumerStarted { .. }
            | Effect::ConsumerStopped { .. } => self.record_topology(effect),
            // No client of the document waits for answers.
            Effect::DirectReply {
                channel, message, ..
            } => {
                let (message, node) = (message.id(), self.consumer_at(channel));
                self.record(TraceKind::Replied { message, node });
            }
            Effect::ConnectionBlocked { connection, .. } => {
                self.hold_back(connection, Wait::Unblocked, true)
            }
            Effect::ConnectionUnblocked { connection } => {
                self.hold_back(connection, Wait::Unblocked, false)
            }
            Effect::ConnectionFlow { connection, on } => self.hold_back(connection, Wait::Flow, on),
            // Seen to already, as what comes of every message.
            Effect::Deliver(_)
            | Effect::Published { .. }
            | Effect::Enqueued { .. }
            | Effect::Acked { .. } => {}
        }
    }

    /// A producer's connection is read no more, or again.
    fn hold_back(&mut self, connection: ConnectionId, by: Wait, on: bool) {
        let Some(client) = self.client_at(connection) else {
            return;
        };
        if let Some(sender) = self.client_mut(client).sender() {
            sender.hold_back(by, on);
        }
        if !on {
            self.wake_those(client, by);
        }
    }

    fn confirm(&mut self, effect: Effect) {
        let Effect::Confirm {
            channel,
            sequence,
            multiple,
            ack,
            unroutable: _,
        } = effect
        else {
            return;
        };
        let Some(client) = self.client_at(channel.connection) else {
            if self.is_wire(channel.connection) {
                let node = self.node_at(channel);
                // The broker settles one message with each.
                self.record(TraceKind::Confirmed {
                    node,
                    sequence,
                    multiple,
                    messages: 1,
                    ack,
                });
            }
            return;
        };
        let Some(sender) = self.client_mut(client).sender() else {
            return;
        };
        let messages = sender.unconfirmed.settle(sequence.0, multiple);
        let node = self.client(client).node;
        self.record(TraceKind::Confirmed {
            node,
            sequence,
            multiple,
            messages,
            ack,
        });
        self.send_down(client, Downward::Confirm { messages, ack });
    }

    fn carry_seldom(&mut self, effect: Effect) {
        match effect {
            Effect::Return {
                channel,
                code,
                message,
            } => {
                let node = self.node_at(channel);
                self.record(TraceKind::Returned {
                    node,
                    message: message.id(),
                    code,
                });
                if let Some(client) = self.client_at(channel.connection) {
                    self.send_down(client, Downward::Return(message));
                }
            }
            Effect::ConsumerCancelled {
                channel,
                consumer_tag,
            } => {
                if let Some(client) = self.client_at(channel.connection) {
                    self.send_down(client, Downward::Cancelled(consumer_tag));
                }
            }
            Effect::ChannelClosed { channel, error } => {
                let node = self.node_at(channel);
                let client = self.client_at(channel.connection);
                if let Some(client) = client {
                    self.client_mut(client).channel_open = false;
                }
                self.close(node, client, &error, false);
            }
            Effect::ConnectionClosed { connection, error } => {
                let node = self.node_at(ChannelRef::new(connection, 0));
                let client = self.client_at(connection);
                if let Some(client) = client {
                    let client = self.client_mut(client);
                    client.connection_open = false;
                    client.channel_open = false;
                }
                self.close(node, client, &error, true);
            }
            _ => {}
        }
    }

    fn close(&mut self, node: NodeId, client: Option<u32>, error: &AmqpError, connection: bool) {
        let text: Rc<str> = error.reply_text().into();
        let code = error.code;
        self.record(TraceKind::Closed {
            node,
            text: Rc::clone(&text),
            code,
            connection,
        });
        if let Some(client) = client {
            self.send_down(client, Downward::Closed { code, text });
        }
    }

    fn record_message(&mut self, effect: Effect) {
        let kind = match effect {
            Effect::Forwarded {
                message,
                from,
                to,
                alternate,
            } => TraceKind::Forwarded {
                message,
                from,
                to,
                alternate,
            },
            Effect::Unroutable {
                message,
                exchange,
                fate,
            } => TraceKind::Unroutable {
                message,
                exchange,
                fate,
            },
            Effect::Refused {
                queue,
                message,
                via,
            } => TraceKind::Refused {
                queue,
                message,
                via,
            },
            Effect::Requeued {
                channel,
                queue,
                copy,
                message,
            } => TraceKind::Requeued {
                queue,
                copy,
                message,
                node: self.consumer_at(channel),
            },
            // Only a connection from outside takes messages with basic.get.
            Effect::Gotten {
                channel,
                delivery_tag,
                queue,
                copy,
                message,
                enqueued_at,
                no_ack,
            } => TraceKind::Delivered {
                queue,
                copy,
                message,
                node: self.consumer_at(channel),
                delivery_tag,
                redelivered: false,
                enqueued_at,
                no_ack,
            },
            // The rest is told elsewhere.
            _ => return,
        };
        self.record(kind);
    }

    fn record_time(&mut self, effect: Effect) {
        let kind = match effect {
            Effect::Overdue {
                channel,
                queue,
                message,
                timeout,
            } => TraceKind::Overdue {
                queue,
                message,
                node: self.consumer_at(channel),
                timeout,
            },
            Effect::Delayed {
                message,
                exchange,
                until,
            } => TraceKind::Delayed {
                message,
                exchange,
                until,
            },
            Effect::RetryDelayed {
                queue,
                message,
                until,
                attempt,
            } => TraceKind::RetryDelayed {
                queue,
                message,
                until,
                attempt,
            },
            _ => return,
        };
        self.record(kind);
    }

    fn record_drop(&mut self, effect: Effect) {
        let kind = match effect {
            Effect::Dropped {
                queue,
                copy,
                message,
                reason,
                was_unacked,
            } => TraceKind::Dropped {
                queue,
                copy,
                message,
                reason,
                was_unacked,
            },
            Effect::DeadLettered {
                queue,
                message,
                exchange,
                reason,
            } => TraceKind::DeadLettered {
                queue,
                message: message.id(),
                exchange,
                reason,
            },
            _ => return,
        };
        self.record(kind);
    }

    fn record_topology(&mut self, effect: Effect) {
        let kind = match effect {
            Effect::ExchangeDeclared { exchange, .. } => TraceKind::ExchangeChanged {
                exchange,
                exists: true,
            },
            Effect::ExchangeDeleted { exchange } => {
                self.topology.exchange_gone(exchange);
                TraceKind::ExchangeChanged {
                    exchange,
                    exists: false,
                }
            }
            Effect::QueueDeclared { queue, .. } => TraceKind::QueueChanged {
                queue,
                exists: true,
            },
            Effect::QueueDeleted { queue } => {
                self.topology.queue_gone(queue);
                TraceKind::QueueChanged {
                    queue,
                    exists: false,
                }
            }
            Effect::Bound { binding } => TraceKind::BindingChanged {
                binding,
                exists: true,
            },
            Effect::Unbound { binding } => TraceKind::BindingChanged {
                binding,
                exists: false,
            },
            Effect::ConsumerStarted {
                channel,
                consumer_tag,
                queue,
            } => TraceKind::ConsumerChanged {
                node: self.consumer_at(channel),
                consumer_tag,
                queue,
                active: true,
            },
            Effect::ConsumerStopped {
                channel,
                consumer_tag,
                queue,
            } => TraceKind::ConsumerChanged {
                node: self.consumer_at(channel),
                consumer_tag,
                queue,
                active: false,
            },
            _ => return,
        };
        self.record(kind);
    }
}
