//! From a line to a step.

use super::Step;
use super::value::{Item, Reader};
use crate::broker::{
    Acknowledgement, Body, Command, Consume, ExchangeDeclare, Publish, QueueDeclare,
};
use crate::types::{
    BindingKey, ChannelRef, ConnectionId, ConsumerTag, DeliveryTag, ExchangeName, ExchangeType,
    FieldTable, FieldValue, Properties, QueueName, RoutingKey, ShortText, UserId, VhostName,
};
use std::rc::Rc;

/// What stands behind the verb: words in order, then `key=value`.
struct Rest {
    words: Vec<String>,
    used: usize,
    pairs: FieldTable,
}

pub(super) fn step(line: &str) -> Result<Step, String> {
    let (opens, line) = match line.strip_prefix('!') {
        Some(line) => (false, line),
        None => (true, line),
    };
    let mut reader = Reader::new(line);
    let mut words = Vec::new();
    let mut pairs = FieldTable::new();
    while let Some(item) = reader.item()? {
        match item {
            Item::Word(word) => words.push(word),
            Item::Pair(key, value) => pairs.push(ShortText::truncated(&key), value),
        }
    }
    let mut rest = Rest {
        words,
        used: 0,
        pairs,
    };
    let first = rest.word("a channel such as 1.1, or 'pass'")?;
    if first == "pass" {
        let span = rest.word("a duration")?;
        let span = span.parse().map_err(|error| format!("{error}"))?;
        rest.end()?;
        return Ok(Step::Pass(span));
    }
    let at = channel(&first)?;
    let verb = rest.word("a command")?;
    let command = command(at, &verb, &mut rest)?;
    rest.end()?;
    Ok(Step::Say { at, opens, command })
}

fn channel(text: &str) -> Result<ChannelRef, String> {
    let parsed = text.split_once('.').and_then(|(connection, channel)| {
        let connection = ConnectionId(connection.parse().ok()?);
        Some(ChannelRef::new(connection, channel.parse().ok()?))
    });
    parsed.ok_or_else(|| format!("'{text}' is no channel; write connection.channel, such as 1.1"))
}

fn command(at: ChannelRef, verb: &str, rest: &mut Rest) -> Result<Command, String> {
    Ok(match verb {
        "open" if at.channel == 0 => Command::ConnectionOpen {
            vhost: VhostName::truncated(&rest.word_or("/")),
            user: UserId(rest.pair_number("user")?.unwrap_or(0)),
        },
        "close" if at.channel == 0 => Command::ConnectionClose,
        "open" => Command::ChannelOpen,
        "close" => Command::ChannelClose,
        "exchange" => exchange(rest)?,
        "delete-exchange" => Command::ExchangeDelete {
            exchange: ExchangeName::truncated(&rest.word("an exchange")?),
            if_unused: rest.flag("if-unused"),
        },
        "bind" | "unbind" | "bind-exchange" | "unbind-exchange" => binding(verb, rest)?,
        "queue" => queue(rest)?,
        "purge" => Command::QueuePurge {
            queue: rest.queue()?,
        },
        "delete" => Command::QueueDelete {
            queue: rest.queue()?,
            if_unused: rest.flag("if-unused"),
            if_empty: rest.flag("if-empty"),
        },
        "qos" => Command::BasicQos {
            prefetch_count: rest.number("a prefetch count")?,
            global: rest.flag("global"),
            prefetch_size: rest.pair_number("size")?.unwrap_or(0),
        },
        "consume" => Command::BasicConsume(Consume {
            queue: rest.queue()?,
            consumer_tag: ConsumerTag::truncated(&rest.word_or("")),
            no_ack: rest.flag("auto"),
            exclusive: rest.flag("exclusive"),
            arguments: rest.arguments(),
        }),
        "cancel" => Command::BasicCancel {
            consumer_tag: ConsumerTag::truncated(&rest.word("a consumer tag")?),
        },
        "publish" => publish(rest)?,
        "get" => Command::BasicGet {
            queue: rest.queue()?,
            no_ack: rest.flag("auto"),
        },
        "ack" => Command::BasicAck(rest.which()?),
        "nack" => Command::BasicNack {
            which: rest.which()?,
            requeue: rest.flag("requeue"),
        },
        "reject" => Command::BasicReject {
            delivery_tag: DeliveryTag(rest.number("a delivery tag")?),
            requeue: rest.flag("requeue"),
        },
        "recover" => Command::BasicRecover {
            requeue: !rest.flag("drop"),
        },
        "confirm" => Command::ConfirmSelect,
        "tx" => Command::TxSelect,
        "commit" => Command::TxCommit,
        "rollback" => Command::TxRollback,
        other => return Err(format!("there is no command '{other}'")),
    })
}

fn exchange(rest: &mut Rest) -> Result<Command, String> {
    Ok(Command::ExchangeDeclare(ExchangeDeclare {
        exchange: ExchangeName::truncated(&rest.word("an exchange")?),
        exchange_type: ExchangeType::from(rest.word("a type")?),
        passive: rest.flag("passive"),
        durable: rest.flag("durable"),
        auto_delete: rest.flag("auto-delete"),
        internal: rest.flag("internal"),
        arguments: rest.arguments(),
    }))
}

fn queue(rest: &mut Rest) -> Result<Command, String> {
    Ok(Command::QueueDeclare(QueueDeclare {
        queue: rest.queue()?,
        passive: rest.flag("passive"),
        durable: rest.flag("durable"),
        exclusive: rest.flag("exclusive"),
        auto_delete: rest.flag("auto-delete"),
        arguments: rest.arguments(),
    }))
}

fn binding(verb: &str, rest: &mut Rest) -> Result<Command, String> {
    let from = ExchangeName::truncated(&rest.word("the source exchange")?);
    if rest.word("'->'")? != "->" {
        return Err("between source and destination stands '->'".to_owned());
    }
    let to = rest.word("the destination")?;
    let binding_key = BindingKey::truncated(&rest.word_or(""));
    let arguments = rest.arguments();
    Ok(match verb {
        "bind" => Command::QueueBind {
            queue: QueueName::truncated(&to),
            exchange: from,
            binding_key,
            arguments,
        },
        "unbind" => Command::QueueUnbind {
            queue: QueueName::truncated(&to),
            exchange: from,
            binding_key,
            arguments,
        },
        "bind-exchange" => Command::ExchangeBind {
            destination: ExchangeName::truncated(&to),
            source: from,
            binding_key,
            arguments,
        },
        _ => Command::ExchangeUnbind {
            destination: ExchangeName::truncated(&to),
            source: from,
            binding_key,
            arguments,
        },
    })
}

fn publish(rest: &mut Rest) -> Result<Command, String> {
    let exchange = ExchangeName::truncated(&rest.word("an exchange")?);
    let routing_key = RoutingKey::truncated(&rest.word("a routing key")?);
    let mandatory = rest.flag("mandatory");
    let immediate = rest.flag("immediate");
    let persistent = rest.flag("persistent");
    let body = match rest.pair_number("size")? {
        Some(size) => Body::Blank(size),
        None => Body::Octets(rest.word_or("").as_bytes().into()),
    };
    let mut properties = properties(rest)?;
    if persistent {
        properties.delivery_mode = Some(2);
    }
    let properties = (properties != Properties::default()).then(|| Rc::new(properties));
    Ok(Command::BasicPublish(Publish {
        exchange,
        routing_key,
        mandatory,
        immediate,
        properties,
        body,
    }))
}

fn properties(rest: &mut Rest) -> Result<Properties, String> {
    Ok(Properties {
        content_type: rest.pair_text("content-type")?,
        content_encoding: rest.pair_text("content-encoding")?,
        headers: rest.pair_table("headers")?,
        delivery_mode: rest.pair_number("mode")?,
        priority: rest.pair_number("priority")?,
        correlation_id: rest.pair_text("correlation-id")?,
        reply_to: rest.pair_text("reply-to")?,
        expiration: rest.pair_text("expiration")?,
        message_id: rest.pair_text("message-id")?,
        timestamp: rest.pair_number("timestamp")?,
        type_name: rest.pair_text("type")?,
        user_id: rest.pair_text("user-id")?,
        app_id: rest.pair_text("app-id")?,
        cluster_id: rest.pair_text("cluster-id")?,
    })
}

impl Rest {
    fn word(&mut self, what: &str) -> Result<String, String> {
        let word = self.words.get(self.used).cloned();
        self.used += 1;
        word.ok_or_else(|| format!("{what} is missing"))
    }

    /// The next word unless the line has no more; flags are to be taken first or stand behind.
    fn word_or(&mut self, default: &str) -> String {
        const FLAGS: [&str; 2] = ["auto", "exclusive"];
        match self.words.get(self.used) {
            Some(word) if !FLAGS.contains(&word.as_str()) => {
                self.used += 1;
                word.clone()
            }
            _ => default.to_owned(),
        }
    }

    fn queue(&mut self) -> Result<QueueName, String> {
        self.word("a queue").map(|word| QueueName::truncated(&word))
    }

    fn number<T: std::str::FromStr>(&mut self, what: &str) -> Result<T, String> {
        let word = self.word(what)?;
        word.parse().map_err(|_| format!("'{word}' is not {what}"))
    }

    /// Whether the word stands anywhere behind what was read; takes it out.
    fn flag(&mut self, name: &str) -> bool {
        let behind = self.words.iter().skip(self.used);
        match behind.clone().position(|word| word == name) {
            Some(index) => {
                self.words.remove(self.used + index);
                true
            }
            None => false,
        }
    }

    fn which(&mut self) -> Result<Acknowledgement, String> {
        Ok(Acknowledgement {
            delivery_tag: DeliveryTag(self.number("a delivery tag")?),
            multiple: self.flag("multiple"),
        })
    }

    fn arguments(&mut self) -> FieldTable {
        std::mem::take(&mut self.pairs)
    }

    fn pair_number<T: TryFrom<i64>>(&mut self, key: &str) -> Result<Option<T>, String> {
        let Some(value) = self.pairs.remove(key) else {
            return Ok(None);
        };
        let number = value.as_integer().and_then(|v| T::try_from(v).ok());
        number
            .map(Some)
            .ok_or_else(|| format!("'{key}' is not a number that fits"))
    }

    fn pair_text(&mut self, key: &str) -> Result<Option<ShortText>, String> {
        match self.pairs.remove(key) {
            None => Ok(None),
            Some(FieldValue::LongStr(octets)) => {
                let text = String::from_utf8_lossy(&octets).into_owned();
                Ok(Some(ShortText::truncated(&text)))
            }
            Some(value) => match value.as_integer() {
                Some(number) => Ok(Some(ShortText::truncated(&number.to_string()))),
                None => Err(format!("'{key}' is not text")),
            },
        }
    }

    fn pair_table(&mut self, key: &str) -> Result<Option<FieldTable>, String> {
        match self.pairs.remove(key) {
            None => Ok(None),
            Some(FieldValue::Table(table)) => Ok(Some(table)),
            Some(_) => Err(format!("'{key}' is not a table such as {{a=1}}")),
        }
    }

    fn end(&self) -> Result<(), String> {
        if let Some(word) = self.words.get(self.used) {
            return Err(format!("'{word}' is not understood here"));
        }
        match self.pairs.iter().next() {
            Some((key, _)) => Err(format!("'{key}=' is not understood here")),
            None => Ok(()),
        }
    }
}
