//! What stands on the stage, in JSON: the settings of each kind of node.
//!
//! Each kind is read and written side by side. Reading begins with the defaults, writing leaves
//! out what equals them. Deliberately not here: what all kinds have, such as an id and a name
//! ([`read`](super::read), [`write`](super::write)).

use super::cursor::{Cursor, Fields, Read};
use super::load::{read_load, span, write_load};
use super::number::{
    read_amounts, read_choice, read_times, write_amounts, write_choice, write_times,
};
use super::write::Out;
use crate::scenario::{
    AckMode, Consumer, Exchange, FailureOutcome, Failures, HeaderChoice, Outage, OutageKind,
    Producer, Queue,
};
use crate::types::{ExchangeType, FieldTable, FieldValue};
use serde_json::{Value, json};

pub(super) fn read_producer(fields: &mut Fields<'_>) -> Read<Producer> {
    let mut producer = Producer::default();
    fields.set("load", &mut producer.load, read_load)?;
    fields.set_optional("limit", &mut producer.limit, Cursor::u64)?;
    fields.set("routing_key", &mut producer.routing_key, |key| {
        read_choice(key, |key| key.owned_text())
    })?;
    fields.set("headers", &mut producer.headers, |headers| {
        headers.list(read_header)
    })?;
    fields.set("size", &mut producer.size, read_amounts)?;
    fields.set("persistent", &mut producer.persistent, Cursor::flag)?;
    fields.set_optional("priority", &mut producer.priority, Cursor::u8)?;
    fields.set_optional("expiration", &mut producer.expiration, Cursor::span)?;
    fields.set("mandatory", &mut producer.mandatory, Cursor::flag)?;
    fields.set_optional("confirm_window", &mut producer.confirm_window, Cursor::u32)?;
    fields.set("latency", &mut producer.latency, read_times)?;
    fields.set("outages", &mut producer.outages, read_outages)?;
    Ok(producer)
}

pub(super) fn write_producer(out: &mut Out, producer: &Producer) {
    let usual = Producer::default();
    if producer.load != usual.load {
        out.put("load", write_load(&producer.load));
    }
    if producer.limit != usual.limit {
        out.put("limit", producer.limit.into());
    }
    if producer.routing_key != usual.routing_key {
        let key = write_choice(&producer.routing_key, |key| key.as_str().into());
        out.put("routing_key", key);
    }
    if producer.headers != usual.headers {
        out.put(
            "headers",
            producer.headers.iter().map(write_header).collect(),
        );
    }
    if producer.size != usual.size {
        out.put("size", write_amounts(&producer.size));
    }
    if producer.persistent != usual.persistent {
        out.put("persistent", producer.persistent.into());
    }
    if producer.priority != usual.priority {
        out.put("priority", producer.priority.into());
    }
    if producer.expiration != usual.expiration {
        out.put("expiration", producer.expiration.as_ref().map(span).into());
    }
    if producer.mandatory != usual.mandatory {
        out.put("mandatory", producer.mandatory.into());
    }
    if producer.confirm_window != usual.confirm_window {
        out.put("confirm_window", producer.confirm_window.into());
    }
    if producer.latency != usual.latency {
        out.put("latency", write_times(&producer.latency));
    }
    if producer.outages != usual.outages {
        out.put("outages", write_outages(&producer.outages));
    }
}

fn read_header(at: &Cursor<'_>) -> Read<HeaderChoice> {
    let mut fields = at.fields()?;
    let header = HeaderChoice {
        name: fields.need("name")?.owned_text()?,
        value: read_choice(&fields.need("value")?, |value| value.field_value())?,
    };
    fields.finish()?;
    Ok(header)
}

fn write_header(header: &HeaderChoice) -> Value {
    json!({ "name": header.name.as_str(), "value": write_choice(&header.value, field_value) })
}

pub(super) fn read_exchange(fields: &mut Fields<'_>) -> Read<Exchange> {
    let mut exchange = Exchange::default();
    fields.set("type", &mut exchange.exchange_type, |name| {
        name.owned_text().map(ExchangeType::from)
    })?;
    fields.set("durable", &mut exchange.durable, Cursor::flag)?;
    fields.set("auto_delete", &mut exchange.auto_delete, Cursor::flag)?;
    fields.set("internal", &mut exchange.internal, Cursor::flag)?;
    fields.set("arguments", &mut exchange.arguments, Cursor::table)?;
    Ok(exchange)
}

pub(super) fn write_exchange(out: &mut Out, exchange: &Exchange) {
    let usual = Exchange::default();
    // The type of an exchange is what one looks for; it stands even when it is the default.
    out.put("type", exchange.exchange_type.name().into());
    if exchange.durable != usual.durable {
        out.put("durable", exchange.durable.into());
    }
    if exchange.auto_delete != usual.auto_delete {
        out.put("auto_delete", exchange.auto_delete.into());
    }
    if exchange.internal != usual.internal {
        out.put("internal", exchange.internal.into());
    }
    if !exchange.arguments.is_empty() {
        out.put("arguments", table(&exchange.arguments));
    }
}

pub(super) fn read_queue(fields: &mut Fields<'_>) -> Read<Queue> {
    let mut queue = Queue::default();
    fields.set("declared", &mut queue.declared, Cursor::flag)?;
    fields.set("durable", &mut queue.durable, Cursor::flag)?;
    fields.set("exclusive", &mut queue.exclusive, Cursor::flag)?;
    fields.set("auto_delete", &mut queue.auto_delete, Cursor::flag)?;
    fields.set("arguments", &mut queue.arguments, Cursor::table)?;
    Ok(queue)
}

pub(super) fn write_queue(out: &mut Out, queue: &Queue) {
    let usual = Queue::default();
    if queue.declared != usual.declared {
        out.put("declared", queue.declared.into());
    }
    if queue.durable != usual.durable {
        out.put("durable", queue.durable.into());
    }
    if queue.exclusive != usual.exclusive {
        out.put("exclusive", queue.exclusive.into());
    }
    if queue.auto_delete != usual.auto_delete {
        out.put("auto_delete", queue.auto_delete.into());
    }
    if !queue.arguments.is_empty() {
        out.put("arguments", table(&queue.arguments));
    }
}

pub(super) fn read_consumer(fields: &mut Fields<'_>) -> Read<Consumer> {
    let mut consumer = Consumer::default();
    fields.set("service", &mut consumer.service, read_times)?;
    fields.set("workers", &mut consumer.workers, Cursor::u32)?;
    fields.set("prefetch", &mut consumer.prefetch, Cursor::u16)?;
    fields.set("ack_mode", &mut consumer.ack_mode, |mode| {
        mode.one_of(&[
            ("manual", AckMode::Manual),
            ("automatic", AckMode::Automatic),
        ])
    })?;
    fields.set("failures", &mut consumer.failures, read_failures)?;
    fields.set_optional("priority", &mut consumer.priority, Cursor::i32)?;
    fields.set("exclusive", &mut consumer.exclusive, Cursor::flag)?;
    fields.set("latency", &mut consumer.latency, read_times)?;
    fields.set("outages", &mut consumer.outages, read_outages)?;
    Ok(consumer)
}

pub(super) fn write_consumer(out: &mut Out, consumer: &Consumer) {
    let usual = Consumer::default();
    if consumer.service != usual.service {
        out.put("service", write_times(&consumer.service));
    }
    if consumer.workers != usual.workers {
        out.put("workers", consumer.workers.into());
    }
    if consumer.prefetch != usual.prefetch {
        out.put("prefetch", consumer.prefetch.into());
    }
    if consumer.ack_mode != usual.ack_mode {
        out.put("ack_mode", ack_mode(consumer.ack_mode).into());
    }
    if consumer.failures != usual.failures {
        out.put("failures", write_failures(&consumer.failures));
    }
    if consumer.priority != usual.priority {
        out.put("priority", consumer.priority.into());
    }
    if consumer.exclusive != usual.exclusive {
        out.put("exclusive", consumer.exclusive.into());
    }
    if consumer.latency != usual.latency {
        out.put("latency", write_times(&consumer.latency));
    }
    if consumer.outages != usual.outages {
        out.put("outages", write_outages(&consumer.outages));
    }
}

const fn ack_mode(mode: AckMode) -> &'static str {
    match mode {
        AckMode::Manual => "manual",
        AckMode::Automatic => "automatic",
    }
}

fn read_failures(at: &Cursor<'_>) -> Read<Failures> {
    let mut fields = at.fields()?;
    let mut failures = Failures::default();
    fields.set("share", &mut failures.share, Cursor::number)?;
    fields.set("outcome", &mut failures.outcome, |outcome| {
        outcome.one_of(&[
            ("requeue", FailureOutcome::Requeue),
            ("reject", FailureOutcome::Reject),
        ])
    })?;
    fields.finish()?;
    Ok(failures)
}

fn write_failures(failures: &Failures) -> Value {
    let outcome = match failures.outcome {
        FailureOutcome::Requeue => "requeue",
        FailureOutcome::Reject => "reject",
    };
    json!({ "share": failures.share, "outcome": outcome })
}

fn read_outages(at: &Cursor<'_>) -> Read<Vec<Outage>> {
    at.list(|at| {
        let mut fields = at.fields()?;
        let begins = fields.need("at")?.span()?;
        let mut lasts = None;
        fields.set_optional("lasts", &mut lasts, Cursor::span)?;
        let what = fields.need("what")?.one_of(&[
            ("pause", OutageKind::Pause),
            ("crash", OutageKind::Crash),
            ("cut", OutageKind::Cut),
        ])?;
        fields.finish()?;
        Ok(Outage {
            at: begins,
            lasts,
            what,
        })
    })
}

fn write_outages(outages: &[Outage]) -> Value {
    let outage = |outage: &Outage| {
        let what = match outage.what {
            OutageKind::Pause => "pause",
            OutageKind::Crash => "crash",
            OutageKind::Cut => "cut",
        };
        let lasts = Value::from(outage.lasts.as_ref().map(span));
        json!({ "at": span(&outage.at), "lasts": lasts, "what": what })
    };
    outages.iter().map(outage).collect()
}

/// A value of a field table. JSON can say every one, so that no case is left in which this would
/// give null for something else.
pub(in crate::scenario) fn field_value(value: &FieldValue) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// A field table as an object.
pub(in crate::scenario) fn table(table: &FieldTable) -> Value {
    let fields = table.iter();
    fields
        .map(|(key, value)| (key.as_str().to_owned(), field_value(value)))
        .collect()
}
