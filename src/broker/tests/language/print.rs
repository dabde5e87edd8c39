//! From a step to its line, and from a message to its text.

use super::Step;
use super::value::{entries, word, written};
use crate::broker::{Acknowledgement, Body, Command, Consume, Publish};
use crate::types::{FieldTable, FieldValue, Message, Properties};
use std::fmt;

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass(span) => write!(f, "pass {span}"),
            Self::Say { at, opens, command } => {
                let mark = if *opens { "" } else { "!" };
                write!(f, "{mark}{at} {}", line(command))
            }
        }
    }
}

/// Parts of a line with spaces between; what is empty is left out.
fn joined(parts: &[String]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

fn flag(name: &str, on: bool) -> String {
    if on { name.to_owned() } else { String::new() }
}

fn which(acknowledgement: &Acknowledgement) -> String {
    let multiple = flag(" multiple", acknowledgement.multiple);
    format!("{}{multiple}", acknowledgement.delivery_tag)
}

fn binding(verb: &str, from: &str, to: &str, key: &str, arguments: &FieldTable) -> String {
    let (from, to, key) = (word(from), word(to), word(key));
    joined(&[
        format!("{verb} {from} -> {to} {key}"),
        entries(arguments, " "),
    ])
}

fn line(command: &Command) -> String {
    let line = binding_line(command).or_else(|| topology_line(command));
    line.unwrap_or_else(|| basic_line(command))
}

fn topology_line(command: &Command) -> Option<String> {
    Some(match command {
        Command::ExchangeDeclare(d) => joined(&[
            format!(
                "exchange {} {}",
                word(d.exchange.as_str()),
                word(d.exchange_type.name())
            ),
            flag("passive", d.passive),
            flag("durable", d.durable),
            flag("auto-delete", d.auto_delete),
            flag("internal", d.internal),
            entries(&d.arguments, " "),
        ]),
        Command::ExchangeDelete {
            exchange,
            if_unused,
        } => joined(&[
            format!("delete-exchange {}", word(exchange.as_str())),
            flag("if-unused", *if_unused),
        ]),
        Command::QueueDeclare(d) => joined(&[
            format!("queue {}", word(d.queue.as_str())),
            flag("passive", d.passive),
            flag("durable", d.durable),
            flag("exclusive", d.exclusive),
            flag("auto-delete", d.auto_delete),
            entries(&d.arguments, " "),
        ]),
        Command::QueuePurge { queue } => format!("purge {}", word(queue.as_str())),
        Command::QueueDelete {
            queue,
            if_unused,
            if_empty,
        } => joined(&[
            format!("delete {}", word(queue.as_str())),
            flag("if-unused", *if_unused),
            flag("if-empty", *if_empty),
        ]),
        _ => return None,
    })
}

fn binding_line(command: &Command) -> Option<String> {
    Some(match command {
        Command::ExchangeBind {
            destination,
            source,
            binding_key,
            arguments,
        } => binding(
            "bind-exchange",
            source.as_str(),
            destination.as_str(),
            binding_key.as_str(),
            arguments,
        ),
        Command::ExchangeUnbind {
            destination,
            source,
            binding_key,
            arguments,
        } => binding(
            "unbind-exchange",
            source.as_str(),
            destination.as_str(),
            binding_key.as_str(),
            arguments,
        ),
        Command::QueueBind {
            queue,
            exchange,
            binding_key,
            arguments,
        } => binding(
            "bind",
            exchange.as_str(),
            queue.as_str(),
            binding_key.as_str(),
            arguments,
        ),
        Command::QueueUnbind {
            queue,
            exchange,
            binding_key,
            arguments,
        } => binding(
            "unbind",
            exchange.as_str(),
            queue.as_str(),
            binding_key.as_str(),
            arguments,
        ),
        _ => return None,
    })
}

fn basic_line(command: &Command) -> String {
    match command {
        Command::ConnectionOpen { vhost, user } => match user.0 {
            0 => format!("open {}", word(vhost.as_str())),
            user => format!("open {} user={user}", word(vhost.as_str())),
        },
        Command::ConnectionClose | Command::ChannelClose => "close".to_owned(),
        Command::ChannelOpen => "open".to_owned(),
        Command::BasicQos {
            prefetch_size,
            prefetch_count,
            global,
        } => joined(&[
            format!("qos {prefetch_count}"),
            flag("global", *global),
            flag(&format!("size={prefetch_size}"), *prefetch_size != 0),
        ]),
        Command::BasicConsume(consume) => consume_line(consume),
        Command::BasicCancel { consumer_tag } => format!("cancel {}", word(consumer_tag.as_str())),
        Command::BasicPublish(publish) => publish_line(publish),
        Command::BasicGet { queue, no_ack } => joined(&[
            format!("get {}", word(queue.as_str())),
            flag("auto", *no_ack),
        ]),
        Command::BasicAck(acknowledgement) => format!("ack {}", which(acknowledgement)),
        Command::BasicNack {
            which: acknowledgement,
            requeue,
        } => joined(&[
            format!("nack {}", which(acknowledgement)),
            flag("requeue", *requeue),
        ]),
        Command::BasicReject {
            delivery_tag,
            requeue,
        } => joined(&[format!("reject {delivery_tag}"), flag("requeue", *requeue)]),
        Command::BasicRecover { requeue } => joined(&["recover".into(), flag("drop", !requeue)]),
        Command::ConfirmSelect => "confirm".to_owned(),
        Command::TxSelect => "tx".to_owned(),
        Command::TxCommit => "commit".to_owned(),
        Command::TxRollback => "rollback".to_owned(),
        // The other lines took the rest.
        _ => String::new(),
    }
}

fn consume_line(consume: &Consume) -> String {
    let tag = match consume.consumer_tag.as_str() {
        "" => String::new(),
        tag => word(tag),
    };
    joined(&[
        format!("consume {}", word(consume.queue.as_str())),
        tag,
        flag("auto", consume.no_ack),
        flag("exclusive", consume.exclusive),
        entries(&consume.arguments, " "),
    ])
}

fn publish_line(publish: &Publish) -> String {
    let body = match &publish.body {
        Body::Octets(octets) if octets.is_empty() => String::new(),
        Body::Octets(octets) => word(&String::from_utf8_lossy(octets)),
        Body::Blank(size) => format!("size={size}"),
    };
    let (exchange, key) = (publish.exchange.as_str(), publish.routing_key.as_str());
    joined(&[
        format!("publish {} {}", word(exchange), word(key)),
        body,
        flag("mandatory", publish.mandatory),
        flag("immediate", publish.immediate),
        publish
            .properties
            .as_deref()
            .map(properties_text)
            .unwrap_or_default(),
    ])
}

/// All properties that are set, `key=value`.
fn properties_text(properties: &Properties) -> String {
    let text = |key: &str, value: &Option<crate::types::ShortText>| match value {
        Some(value) => format!("{key}={}", written(&FieldValue::text(value.as_str()))),
        None => String::new(),
    };
    let number = |key: &str, value: Option<u64>| match value {
        Some(value) => format!("{key}={value}"),
        None => String::new(),
    };
    let p = properties;
    joined(&[
        text("content-type", &p.content_type),
        text("content-encoding", &p.content_encoding),
        number("mode", p.delivery_mode.map(u64::from)),
        number("priority", p.priority.map(u64::from)),
        text("correlation-id", &p.correlation_id),
        text("reply-to", &p.reply_to),
        text("expiration", &p.expiration),
        text("message-id", &p.message_id),
        number("timestamp", p.timestamp),
        text("type", &p.type_name),
        text("user-id", &p.user_id),
        text("app-id", &p.app_id),
        text("cluster-id", &p.cluster_id),
        match &p.headers {
            Some(headers) => format!("headers={{{}}}", entries(headers, ", ")),
            None => String::new(),
        },
    ])
}

/// A message as transcripts show it: body, exchange and key, properties.
pub(in crate::broker) fn message_text(message: &Message) -> String {
    let body = if message.body().is_empty() && message.body_octets() > 0 {
        format!("size={}", message.body_octets())
    } else {
        word(&String::from_utf8_lossy(message.body()))
    };
    let (exchange, key) = (message.exchange().as_str(), message.routing_key().as_str());
    let properties = message
        .properties()
        .map(|p| properties_text(p))
        .unwrap_or_default();
    joined(&[
        body,
        format!("({}/{})", word(exchange), word(key)),
        properties,
    ])
}
