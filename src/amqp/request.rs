//! Methods on channels: what each asks of the broker, and how its reply is said.
//!
//! A reply is said before what the command causes, as RabbitMQ's channel answers before its mailbox
//! brings the rest; only a commit gives unroutable messages back first. Deliberately not here: whether
//! a command is allowed, which the broker says; and `basic.publish`, which has content (`dialogue`).

use super::dialogue::{Dialogue, Fatal, not_open, of_table, unimplemented};
use super::method::{self, Arguments, Method, Names, Value, names};
use super::state::{ChannelEvent, ChannelState};
use super::table::read_table;
use super::words::{octets_of, text_of};
use crate::broker::{
    Acknowledgement, Command, Consume, DropReason, Effect, ExchangeDeclare, QueueDeclare, Reply,
};
use crate::types::{
    AmqpError, DeliveryTag, ExchangeType, FieldTable, MethodId, ReplyCode, ShortText,
};

/// The fields of a method by name: each place is found while the package is built.
macro_rules! place {
    ($method:ident, $field:literal) => {
        const {
            const NAMES: Names = names::$method;
            NAMES.place($field)
        }
    };
}

/// What a method asks, and whether it wants an answer.
struct Request {
    command: Command,
    no_wait: bool,
}

impl From<Command> for Request {
    fn from(command: Command) -> Self {
        Self {
            command,
            no_wait: false,
        }
    }
}

impl Dialogue<'_> {
    /// A method without content on a channel.
    pub(super) fn handle_channel_method(
        &mut self,
        number: u16,
        method: &Method,
        arguments: &Arguments<'_>,
    ) -> Result<(), Fatal> {
        let state = self.connection.channels.get(&number).map(|it| it.state);
        match state.unwrap_or(ChannelState::Fresh) {
            ChannelState::Fresh if method.id == method::CHANNEL_OPEN.id => {
                self.open_channel(number)
            }
            ChannelState::Fresh => Err(not_open(method.id)),
            ChannelState::Open => self.ask(number, method, arguments),
            ChannelState::Closing | ChannelState::Closed => {
                if method.id == method::CHANNEL_OPEN.id {
                    let text = "second 'channel.open' seen";
                    return Err(AmqpError::new(ReplyCode::ChannelError, text, method.id).into());
                }
                if method.id == method::CHANNEL_CLOSE.id {
                    self.connection.say(number, &method::CHANNEL_CLOSE_OK, &[]);
                    self.free_channel(number, ChannelEvent::Close);
                } else if method.id == method::CHANNEL_CLOSE_OK.id {
                    let from = self.effects.len();
                    // What it had only got is given back.
                    let _ = self.apply(number, Command::ChannelClose);
                    self.free_channel(number, ChannelEvent::CloseOk);
                    self.carry(from);
                }
                Ok(())
            }
        }
    }

    fn open_channel(&mut self, number: u16) -> Result<(), Fatal> {
        let from = self.effects.len();
        if self.apply(number, Command::ChannelOpen).is_ok() {
            let channel = self.connection.reference(number);
            let hears_cancel = self.connection.capabilities.consumer_cancel_notify;
            self.broker
                .put_on_wire(channel, self.settings.unwritten_max, hears_cancel);
            self.free_channel(number, ChannelEvent::Open);
            let nothing = [Value::LongString(b"")];
            self.connection
                .say(number, &method::CHANNEL_OPEN_OK, &nothing);
        }
        self.carry(from);
        Ok(())
    }

    fn ask(
        &mut self,
        number: u16,
        method: &Method,
        arguments: &Arguments<'_>,
    ) -> Result<(), Fatal> {
        let id = method.id;
        if id == method::BASIC_ACK.id {
            return self.ack(number, arguments);
        }
        if id == method::CHANNEL_FLOW.id {
            return self.flow(number, arguments);
        }
        if id == method::ACCESS_REQUEST.id {
            let ticket = [Value::Short(1)];
            self.connection
                .say(number, &method::ACCESS_REQUEST_OK, &ticket);
            return Ok(());
        }
        let Some(request) = self.request(method, arguments)? else {
            return Err(unimplemented(id));
        };
        let Request { command, no_wait } = request;
        let closes = matches!(command, Command::ChannelClose);
        let commits = matches!(command, Command::TxCommit);
        let mut from = self.effects.len();
        let done = self.apply(number, command);
        if commits {
            self.put_returns_first(from);
            // What publishes caused comes before the answer, what settlements cause after it.
            let is_publish = |it: &Effect| matches!(it, Effect::Published { .. });
            let published = self.effects[from..].iter().rposition(is_publish);
            let begin = from + published.unwrap_or(0);
            let at = self.effects[begin..].iter().position(settles);
            let at = at.map_or(self.effects.len(), |at| begin + at);
            let settlements = self.effects.split_off(at);
            self.carry(from);
            from = self.effects.len();
            self.effects.extend(settlements);
        }
        if let Ok(reply) = done
            && !no_wait
        {
            if id == method::BASIC_CANCEL.id {
                let tag = arguments.octets(place!(BASIC_CANCEL, "consumer-tag"));
                let values = [Value::ShortString(tag)];
                self.connection
                    .say(number, &method::BASIC_CANCEL_OK, &values);
            } else {
                self.reply(number, id, reply);
            }
        }
        if closes {
            self.free_channel(number, ChannelEvent::Close);
        }
        self.carry(from);
        Ok(())
    }

    /// A channel gives back by itself what finds no queue; what queues deliver comes later.
    fn put_returns_first(&mut self, from: usize) {
        let mut place = from;
        for at in from..self.effects.len() {
            if matches!(self.effects[at], Effect::Return { .. }) {
                self.effects[place..=at].rotate_right(1);
                place += 1;
            }
        }
    }

    fn ack(&mut self, number: u16, arguments: &Arguments<'_>) -> Result<(), Fatal> {
        let from = self.effects.len();
        let which = Acknowledgement {
            delivery_tag: DeliveryTag(arguments.number(place!(BASIC_ACK, "delivery-tag"))),
            multiple: arguments.bit(place!(BASIC_ACK, "multiple")),
        };
        let channel = self.connection.reference(number);
        self.broker
            .apply_ack(self.now, channel, which, self.effects);
        self.carry(from);
        Ok(())
    }

    fn flow(&mut self, number: u16, arguments: &Arguments<'_>) -> Result<(), Fatal> {
        if !arguments.bit(place!(CHANNEL_FLOW, "active")) {
            let id = method::CHANNEL_FLOW.id;
            return Err(AmqpError::new(ReplyCode::NotImplemented, "active=false", id).into());
        }
        let active = [Value::Bit(true)];
        self.connection
            .say(number, &method::CHANNEL_FLOW_OK, &active);
        Ok(())
    }

    fn text(&mut self, arguments: &Arguments<'_>, place: usize) -> ShortText {
        self.words.text(arguments.octets(place))
    }

    fn table(
        &mut self,
        method: &Method,
        arguments: &Arguments<'_>,
        place: usize,
    ) -> Result<FieldTable, Fatal> {
        read_table(arguments.octets(place), self.words)
            .map_err(|malformed| of_table(malformed, method))
    }

    /// What a method asks; `None` for those that clients do not say.
    fn request(
        &mut self,
        method: &Method,
        arguments: &Arguments<'_>,
    ) -> Result<Option<Request>, Fatal> {
        let MethodId { class, .. } = method.id;
        match class {
            20 if method.id == method::CHANNEL_OPEN.id => Ok(Some(Command::ChannelOpen.into())),
            20 if method.id == method::CHANNEL_CLOSE.id => Ok(Some(Command::ChannelClose.into())),
            40 => self.request_of_exchange(method, arguments),
            50 => self.request_of_queue(method, arguments),
            60 => self.request_of_basic(method, arguments),
            85 if method.id == method::CONFIRM_SELECT.id => Ok(Some(Request {
                command: Command::ConfirmSelect,
                no_wait: arguments.bit(place!(CONFIRM_SELECT, "no-wait")),
            })),
            90 => Ok(request_of_tx(method.id).map(Request::from)),
            _ => Ok(None),
        }
    }

    fn request_of_exchange(
        &mut self,
        method: &Method,
        arguments: &Arguments<'_>,
    ) -> Result<Option<Request>, Fatal> {
        let (command, no_wait) = if method.id == method::EXCHANGE_DECLARE.id {
            let kind = arguments.octets(place!(EXCHANGE_DECLARE, "type"));
            let declare = ExchangeDeclare {
                exchange: self
                    .text(arguments, place!(EXCHANGE_DECLARE, "exchange"))
                    .into(),
                exchange_type: ExchangeType::from(text_of(kind).into_owned()),
                passive: arguments.bit(place!(EXCHANGE_DECLARE, "passive")),
                durable: arguments.bit(place!(EXCHANGE_DECLARE, "durable")),
                auto_delete: arguments.bit(place!(EXCHANGE_DECLARE, "auto-delete")),
                internal: arguments.bit(place!(EXCHANGE_DECLARE, "internal")),
                arguments: self.table(method, arguments, place!(EXCHANGE_DECLARE, "arguments"))?,
            };
            let no_wait = arguments.bit(place!(EXCHANGE_DECLARE, "no-wait"));
            (Command::ExchangeDeclare(declare), no_wait)
        } else if method.id == method::EXCHANGE_DELETE.id {
            let command = Command::ExchangeDelete {
                exchange: self
                    .text(arguments, place!(EXCHANGE_DELETE, "exchange"))
                    .into(),
                if_unused: arguments.bit(place!(EXCHANGE_DELETE, "if-unused")),
            };
            (command, arguments.bit(place!(EXCHANGE_DELETE, "no-wait")))
        } else if method.id == method::EXCHANGE_BIND.id || method.id == method::EXCHANGE_UNBIND.id {
            let destination = self
                .text(arguments, place!(EXCHANGE_BIND, "destination"))
                .into();
            let source = self.text(arguments, place!(EXCHANGE_BIND, "source")).into();
            let binding_key = self
                .text(arguments, place!(EXCHANGE_BIND, "routing-key"))
                .into();
            let table = self.table(method, arguments, place!(EXCHANGE_BIND, "arguments"))?;
            let command = if method.id == method::EXCHANGE_BIND.id {
                Command::ExchangeBind {
                    destination,
                    source,
                    binding_key,
                    arguments: table,
                }
            } else {
                Command::ExchangeUnbind {
                    destination,
                    source,
                    binding_key,
                    arguments: table,
                }
            };
            (command, arguments.bit(place!(EXCHANGE_BIND, "no-wait")))
        } else {
            return Ok(None);
        };
        Ok(Some(Request { command, no_wait }))
    }

    fn request_of_queue(
        &mut self,
        method: &Method,
        arguments: &Arguments<'_>,
    ) -> Result<Option<Request>, Fatal> {
        // All of them begin with a ticket and the queue's name.
        let queue = self.text(arguments, place!(QUEUE_DECLARE, "queue")).into();
        let (command, no_wait) = if method.id == method::QUEUE_DECLARE.id {
            let declare = QueueDeclare {
                queue,
                passive: arguments.bit(place!(QUEUE_DECLARE, "passive")),
                durable: arguments.bit(place!(QUEUE_DECLARE, "durable")),
                exclusive: arguments.bit(place!(QUEUE_DECLARE, "exclusive")),
                auto_delete: arguments.bit(place!(QUEUE_DECLARE, "auto-delete")),
                arguments: self.table(method, arguments, place!(QUEUE_DECLARE, "arguments"))?,
            };
            let no_wait = arguments.bit(place!(QUEUE_DECLARE, "no-wait"));
            (Command::QueueDeclare(declare), no_wait)
        } else if method.id == method::QUEUE_BIND.id {
            let command = Command::QueueBind {
                queue,
                exchange: self.text(arguments, place!(QUEUE_BIND, "exchange")).into(),
                binding_key: self
                    .text(arguments, place!(QUEUE_BIND, "routing-key"))
                    .into(),
                arguments: self.table(method, arguments, place!(QUEUE_BIND, "arguments"))?,
            };
            (command, arguments.bit(place!(QUEUE_BIND, "no-wait")))
        } else if method.id == method::QUEUE_UNBIND.id {
            let command = Command::QueueUnbind {
                queue,
                exchange: self
                    .text(arguments, place!(QUEUE_UNBIND, "exchange"))
                    .into(),
                binding_key: self
                    .text(arguments, place!(QUEUE_UNBIND, "routing-key"))
                    .into(),
                arguments: self.table(method, arguments, place!(QUEUE_UNBIND, "arguments"))?,
            };
            (command, false)
        } else if method.id == method::QUEUE_PURGE.id {
            let no_wait = arguments.bit(place!(QUEUE_PURGE, "no-wait"));
            (Command::QueuePurge { queue }, no_wait)
        } else if method.id == method::QUEUE_DELETE.id {
            let command = Command::QueueDelete {
                queue,
                if_unused: arguments.bit(place!(QUEUE_DELETE, "if-unused")),
                if_empty: arguments.bit(place!(QUEUE_DELETE, "if-empty")),
            };
            (command, arguments.bit(place!(QUEUE_DELETE, "no-wait")))
        } else {
            return Ok(None);
        };
        Ok(Some(Request { command, no_wait }))
    }

    fn request_of_basic(
        &mut self,
        method: &Method,
        arguments: &Arguments<'_>,
    ) -> Result<Option<Request>, Fatal> {
        let id = method.id;
        if id == method::BASIC_CONSUME.id {
            return self.request_of_consume(method, arguments).map(Some);
        }
        if id == method::BASIC_CANCEL.id {
            return Ok(Some(Request {
                command: Command::BasicCancel {
                    consumer_tag: self
                        .text(arguments, place!(BASIC_CANCEL, "consumer-tag"))
                        .into(),
                },
                no_wait: arguments.bit(place!(BASIC_CANCEL, "no-wait")),
            }));
        }
        let command = if id == method::BASIC_QOS.id {
            Command::BasicQos {
                prefetch_size: arguments.long(place!(BASIC_QOS, "prefetch-size")),
                prefetch_count: arguments.short(place!(BASIC_QOS, "prefetch-count")),
                global: arguments.bit(place!(BASIC_QOS, "global")),
            }
        } else if id == method::BASIC_GET.id {
            Command::BasicGet {
                queue: self.text(arguments, place!(BASIC_GET, "queue")).into(),
                no_ack: arguments.bit(place!(BASIC_GET, "no-ack")),
            }
        } else if id == method::BASIC_REJECT.id {
            Command::BasicReject {
                delivery_tag: DeliveryTag(arguments.number(place!(BASIC_REJECT, "delivery-tag"))),
                requeue: arguments.bit(place!(BASIC_REJECT, "requeue")),
            }
        } else if id == method::BASIC_NACK.id {
            let tag = arguments.number(place!(BASIC_NACK, "delivery-tag"));
            Command::BasicNack {
                which: Acknowledgement {
                    delivery_tag: DeliveryTag(tag),
                    multiple: arguments.bit(place!(BASIC_NACK, "multiple")),
                },
                requeue: arguments.bit(place!(BASIC_NACK, "requeue")),
            }
        } else if id == method::BASIC_RECOVER.id || id == method::BASIC_RECOVER_ASYNC.id {
            let requeue = arguments.bit(place!(BASIC_RECOVER, "requeue"));
            if !requeue {
                let text = "requeue=false";
                return Err(AmqpError::new(ReplyCode::NotImplemented, text, id).into());
            }
            let request = Request {
                command: Command::BasicRecover { requeue },
                no_wait: id == method::BASIC_RECOVER_ASYNC.id,
            };
            return Ok(Some(request));
        } else {
            return Ok(None);
        };
        Ok(Some(command.into()))
    }

    fn request_of_consume(
        &mut self,
        method: &Method,
        arguments: &Arguments<'_>,
    ) -> Result<Request, Fatal> {
        let consume = Consume {
            queue: self.text(arguments, place!(BASIC_CONSUME, "queue")).into(),
            consumer_tag: self
                .text(arguments, place!(BASIC_CONSUME, "consumer-tag"))
                .into(),
            no_ack: arguments.bit(place!(BASIC_CONSUME, "no-ack")),
            exclusive: arguments.bit(place!(BASIC_CONSUME, "exclusive")),
            arguments: self.table(method, arguments, place!(BASIC_CONSUME, "arguments"))?,
        };
        Ok(Request {
            command: Command::BasicConsume(consume),
            no_wait: arguments.bit(place!(BASIC_CONSUME, "no-wait")),
        })
    }

    /// Says the broker's reply to the method `id`.
    fn reply(&mut self, number: u16, id: MethodId, reply: Reply) {
        let connection = &mut *self.connection;
        match reply {
            Reply::Published { .. } => {}
            Reply::Done => {
                if let Some(ok) = answer(id) {
                    connection.say(number, ok, &[]);
                }
            }
            Reply::QueueDeclared {
                queue,
                ready,
                consumers,
            } => {
                let name = octets_of(queue.as_str());
                let values = [
                    Value::ShortString(&name),
                    Value::Long(ready),
                    Value::Long(consumers),
                ];
                connection.say(number, &method::QUEUE_DECLARE_OK, &values);
            }
            Reply::Purged { messages } => {
                connection.say(number, &method::QUEUE_PURGE_OK, &[Value::Long(messages)]);
            }
            Reply::QueueDeleted { messages } => {
                connection.say(number, &method::QUEUE_DELETE_OK, &[Value::Long(messages)]);
            }
            Reply::Consuming { consumer_tag } => {
                let tag = octets_of(consumer_tag.as_str());
                let values = [Value::ShortString(&tag)];
                connection.say(number, &method::BASIC_CONSUME_OK, &values);
            }
            Reply::Got {
                delivery_tag,
                redelivered,
                message,
                ready,
            } => {
                let exchange = octets_of(message.exchange().as_str());
                let key = octets_of(message.routing_key().as_str());
                let values = [
                    Value::LongLong(delivery_tag.0),
                    Value::Bit(redelivered),
                    Value::ShortString(&exchange),
                    Value::ShortString(&key),
                    Value::Long(ready),
                ];
                connection.say(number, &method::BASIC_GET_OK, &values);
                connection.say_content(number, &message);
            }
            Reply::GetEmpty => {
                let nothing = [Value::ShortString(b"")];
                connection.say(number, &method::BASIC_GET_EMPTY, &nothing);
            }
        }
    }
}

/// Whether the effect is of a settlement, not of a publish.
const fn settles(effect: &Effect) -> bool {
    let rejected = matches!(
        effect,
        Effect::Dropped {
            reason: DropReason::Rejected,
            ..
        }
    );
    rejected || matches!(effect, Effect::Acked { .. } | Effect::Requeued { .. })
}

fn request_of_tx(id: MethodId) -> Option<Command> {
    if id == method::TX_SELECT.id {
        Some(Command::TxSelect)
    } else if id == method::TX_COMMIT.id {
        Some(Command::TxCommit)
    } else if id == method::TX_ROLLBACK.id {
        Some(Command::TxRollback)
    } else {
        None
    }
}

/// The `-ok` without fields that answers a method.
fn answer(id: MethodId) -> Option<&'static Method> {
    // It is the next one, but for one that somebody numbered otherwise.
    let number = match (id.class, id.method) {
        (40, 40) => 51,
        (60, 80 | 90 | 120) => return None,
        (_, method) => method + 1,
    };
    method::method(MethodId::new(id.class, number))
}
