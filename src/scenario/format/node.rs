//! What stands on the stage, in JSON: the settings of each kind of node.
//!
//! Each kind is read and written side by side. Reading begins with the defaults, writing leaves
//! out what equals them. Deliberately not here: what all kinds have, such as an id and a name
//! ([`read`](super::read), [`write`](super::write)).

use super::cursor::{Cursor, Fields, Read};
use super::json::{Json, JsonObject};
use super::load::{read_load, span, write_load};
use super::number::{
    read_amounts, read_choice, read_times, write_amounts, write_choice, write_times,
};
use crate::scenario::{
    AckMode, Consumer, Exchange, FailureOutcome, Failures, HeaderChoice, Outage, OutageKind,
    Producer, Queue,
};
use crate::types::{ExchangeType, FieldTable, FieldValue};

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

pub(super) fn write_producer(out: &mut JsonObject, producer: &Producer) {
    let usual = Producer::default();
    if producer.load != usual.load {
        out.set("load", write_load(&producer.load));
    }
    if producer.limit != usual.limit {
        out.set("limit", producer.limit.into());
    }
    if producer.routing_key != usual.routing_key {
        let key = write_choice(&producer.routing_key, |key| key.as_str().into());
        out.set("routing_key", key);
    }
    if producer.headers != usual.headers {
        out.set(
            "headers",
            producer.headers.iter().map(write_header).collect(),
        );
    }
    if producer.size != usual.size {
        out.set("size", write_amounts(&producer.size));
    }
    if producer.persistent != usual.persistent {
        out.set("persistent", producer.persistent.into());
    }
    if producer.priority != usual.priority {
        out.set("priority", producer.priority.into());
    }
    if producer.expiration != usual.expiration {
        out.set("expiration", producer.expiration.as_ref().map(span).into());
    }
    if producer.mandatory != usual.mandatory {
        out.set("mandatory", producer.mandatory.into());
    }
    if producer.confirm_window != usual.confirm_window {
        out.set("confirm_window", producer.confirm_window.into());
    }
    if producer.latency != usual.latency {
        out.set("latency", write_times(&producer.latency));
    }
    if producer.outages != usual.outages {
        out.set("outages", write_outages(&producer.outages));
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

fn write_header(header: &HeaderChoice) -> Json {
    let out = JsonObject::new().with("name", header.name.as_str());
    out.with("value", write_choice(&header.value, field_value))
        .into()
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

pub(super) fn write_exchange(out: &mut JsonObject, exchange: &Exchange) {
    let usual = Exchange::default();
    // The type of an exchange is what one looks for; it stands even when it is the default.
    out.set("type", exchange.exchange_type.name().into());
    if exchange.durable != usual.durable {
        out.set("durable", exchange.durable.into());
    }
    if exchange.auto_delete != usual.auto_delete {
        out.set("auto_delete", exchange.auto_delete.into());
    }
    if exchange.internal != usual.internal {
        out.set("internal", exchange.internal.into());
    }
    if !exchange.arguments.is_empty() {
        out.set("arguments", table(&exchange.arguments));
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

pub(super) fn write_queue(out: &mut JsonObject, queue: &Queue) {
    let usual = Queue::default();
    if queue.declared != usual.declared {
        out.set("declared", queue.declared.into());
    }
    if queue.durable != usual.durable {
        out.set("durable", queue.durable.into());
    }
    if queue.exclusive != usual.exclusive {
        out.set("exclusive", queue.exclusive.into());
    }
    if queue.auto_delete != usual.auto_delete {
        out.set("auto_delete", queue.auto_delete.into());
    }
    if !queue.arguments.is_empty() {
        out.set("arguments", table(&queue.arguments));
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

pub(super) fn write_consumer(out: &mut JsonObject, consumer: &Consumer) {
    let usual = Consumer::default();
    if consumer.service != usual.service {
        out.set("service", write_times(&consumer.service));
    }
    if consumer.workers != usual.workers {
        out.set("workers", consumer.workers.into());
    }
    if consumer.prefetch != usual.prefetch {
        out.set("prefetch", consumer.prefetch.into());
    }
    if consumer.ack_mode != usual.ack_mode {
        out.set("ack_mode", ack_mode(consumer.ack_mode).into());
    }
    if consumer.failures != usual.failures {
        out.set("failures", write_failures(&consumer.failures));
    }
    if consumer.priority != usual.priority {
        out.set("priority", consumer.priority.into());
    }
    if consumer.exclusive != usual.exclusive {
        out.set("exclusive", consumer.exclusive.into());
    }
    if consumer.latency != usual.latency {
        out.set("latency", write_times(&consumer.latency));
    }
    if consumer.outages != usual.outages {
        out.set("outages", write_outages(&consumer.outages));
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

fn write_failures(failures: &Failures) -> Json {
    let outcome = match failures.outcome {
        FailureOutcome::Requeue => "requeue",
        FailureOutcome::Reject => "reject",
    };
    let out = JsonObject::new().with("share", failures.share);
    out.with("outcome", outcome).into()
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

fn write_outages(outages: &[Outage]) -> Json {
    let outage = |outage: &Outage| {
        let what = match outage.what {
            OutageKind::Pause => "pause",
            OutageKind::Crash => "crash",
            OutageKind::Cut => "cut",
        };
        let out = JsonObject::new().with("at", span(&outage.at));
        out.with("lasts", outage.lasts.as_ref().map(span))
            .with("what", what)
            .into()
    };
    outages.iter().map(outage).collect()
}

/// A value of a field table as JSON says it: numbers widen to 64 bits, octets that are not UTF-8
/// lose what is not text. RabbitMQ's own definitions files do the same.
pub(in crate::scenario) fn field_value(value: &FieldValue) -> Json {
    match value {
        FieldValue::Bool(value) => (*value).into(),
        FieldValue::F32(value) => f64::from(*value).into(),
        FieldValue::F64(value) => (*value).into(),
        FieldValue::Decimal(decimal) => decimal.as_f64().into(),
        FieldValue::LongStr(octets) | FieldValue::Bytes(octets) => {
            String::from_utf8_lossy(octets).into_owned().into()
        }
        FieldValue::Array(values) => values.iter().map(field_value).collect(),
        FieldValue::Timestamp(seconds) => (*seconds).into(),
        FieldValue::Table(fields) => table(fields),
        FieldValue::Void => Json::Null,
        FieldValue::I8(_)
        | FieldValue::U8(_)
        | FieldValue::I16(_)
        | FieldValue::U16(_)
        | FieldValue::I32(_)
        | FieldValue::U32(_)
        | FieldValue::I64(_) => value.as_integer().into(),
    }
}

/// A field table as an object; of repeated keys the last value counts.
pub(in crate::scenario) fn table(table: &FieldTable) -> Json {
    let fields = table.iter();
    let fields = fields.map(|(key, value)| (key.as_str().to_owned(), field_value(value)));
    Json::Object(fields.collect())
}
