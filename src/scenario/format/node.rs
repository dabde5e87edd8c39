//! What stands on the stage, in JSON: the settings of each kind of node.
//!
//! Each kind is a list of settings, which is read and written alike. Reading begins with the
//! defaults, writing leaves out what equals them. Deliberately not here: what all kinds have, such as
//! an id and a name ([`read`](super::read), [`write`](super::write)).

use super::cursor::{Cursor, Fields, Read};
use super::json::{Json, JsonObject};
use super::load::{read_load, span, write_load};
use super::number::{
    read_amounts, read_choice, read_times, write_amounts, write_choice, write_times,
};
use crate::scenario::{
    AckMode, Choice, Consumer, Distribution, Exchange, FailureOutcome, Failures, HeaderChoice,
    Load, NodeKind, Outage, OutageKind, Producer, Queue, Shape,
};
use crate::types::{ExchangeType, FieldTable, FieldValue, SimDuration};

/// What a node can be set to: where it is kept, which says how it is read and written.
#[derive(PartialEq)]
enum Setting<'a> {
    Flag(&'a mut bool),
    U16(&'a mut u16),
    U32(&'a mut u32),
    MaybeU8(&'a mut Option<u8>),
    MaybeU32(&'a mut Option<u32>),
    MaybeU64(&'a mut Option<u64>),
    MaybeI32(&'a mut Option<i32>),
    MaybeSpan(&'a mut Option<SimDuration>),
    Times(&'a mut Distribution),
    Amounts(&'a mut Distribution),
    Table(&'a mut FieldTable),
    Load(&'a mut Load),
    Key(&'a mut Choice<String>),
    Headers(&'a mut Vec<HeaderChoice>),
    Type(&'a mut ExchangeType),
    AckMode(&'a mut AckMode),
    Failures(&'a mut Failures),
    Outages(&'a mut Vec<Outage>),
}

/// All settings of a node, in the order in which files have them.
fn settings(kind: &mut NodeKind) -> Vec<(&'static str, Setting<'_>)> {
    match kind {
        NodeKind::Producer(producer) => vec![
            ("load", Setting::Load(&mut producer.load)),
            ("limit", Setting::MaybeU64(&mut producer.limit)),
            ("routing_key", Setting::Key(&mut producer.routing_key)),
            ("headers", Setting::Headers(&mut producer.headers)),
            ("size", Setting::Amounts(&mut producer.size)),
            ("persistent", Setting::Flag(&mut producer.persistent)),
            ("priority", Setting::MaybeU8(&mut producer.priority)),
            ("expiration", Setting::MaybeSpan(&mut producer.expiration)),
            ("mandatory", Setting::Flag(&mut producer.mandatory)),
            (
                "confirm_window",
                Setting::MaybeU32(&mut producer.confirm_window),
            ),
            ("latency", Setting::Times(&mut producer.latency)),
            ("outages", Setting::Outages(&mut producer.outages)),
        ],
        NodeKind::Exchange(exchange) => vec![
            ("type", Setting::Type(&mut exchange.exchange_type)),
            ("durable", Setting::Flag(&mut exchange.durable)),
            ("auto_delete", Setting::Flag(&mut exchange.auto_delete)),
            ("internal", Setting::Flag(&mut exchange.internal)),
            ("arguments", Setting::Table(&mut exchange.arguments)),
        ],
        NodeKind::Queue(queue) => vec![
            ("declared", Setting::Flag(&mut queue.declared)),
            ("durable", Setting::Flag(&mut queue.durable)),
            ("exclusive", Setting::Flag(&mut queue.exclusive)),
            ("auto_delete", Setting::Flag(&mut queue.auto_delete)),
            ("arguments", Setting::Table(&mut queue.arguments)),
        ],
        NodeKind::Consumer(consumer) => vec![
            ("service", Setting::Times(&mut consumer.service)),
            ("workers", Setting::U32(&mut consumer.workers)),
            ("prefetch", Setting::U16(&mut consumer.prefetch)),
            ("ack_mode", Setting::AckMode(&mut consumer.ack_mode)),
            ("failures", Setting::Failures(&mut consumer.failures)),
            ("priority", Setting::MaybeI32(&mut consumer.priority)),
            ("exclusive", Setting::Flag(&mut consumer.exclusive)),
            ("latency", Setting::Times(&mut consumer.latency)),
            ("outages", Setting::Outages(&mut consumer.outages)),
        ],
    }
}

/// Reads the settings that the file has; the others stay as they are.
pub(super) fn read_settings(fields: &mut Fields<'_>, kind: &mut NodeKind) -> Read<()> {
    for (key, setting) in settings(kind) {
        if let Some(at) = fields.find(key) {
            setting.read(&at)?;
        }
    }
    Ok(())
}

/// Writes the settings that differ from the usual ones.
pub(super) fn write_settings(out: &mut JsonObject, kind: &NodeKind) {
    let (mut kind, mut usual) = (kind.clone(), usual(kind.shape()));
    let usual = settings(&mut usual).into_iter();
    for ((key, setting), (_, usual)) in settings(&mut kind).into_iter().zip(usual) {
        // The type of an exchange is what one looks for; it stands even when it is the default.
        if setting != usual || matches!(setting, Setting::Type(_)) {
            out.set(key, setting.write());
        }
    }
}

/// A node of that shape, as it is when nothing is set.
pub(super) fn usual(shape: Shape) -> NodeKind {
    match shape {
        Shape::Producer => NodeKind::Producer(Producer::default()),
        Shape::Exchange => NodeKind::Exchange(Exchange::default()),
        Shape::Queue => NodeKind::Queue(Queue::default()),
        Shape::Consumer => NodeKind::Consumer(Consumer::default()),
    }
}

impl Setting<'_> {
    fn read(self, at: &Cursor<'_>) -> Read<()> {
        match self {
            Self::Flag(flag) => *flag = at.flag()?,
            Self::U16(number) => *number = at.u16()?,
            Self::U32(number) => *number = at.u32()?,
            Self::MaybeU8(number) => *number = at.optional(Cursor::u8)?,
            Self::MaybeU32(number) => *number = at.optional(Cursor::u32)?,
            Self::MaybeU64(number) => *number = at.optional(Cursor::u64)?,
            Self::MaybeI32(number) => *number = at.optional(Cursor::i32)?,
            Self::MaybeSpan(span) => *span = at.optional(Cursor::span)?,
            Self::Times(times) => *times = read_times(at)?,
            Self::Amounts(amounts) => *amounts = read_amounts(at)?,
            Self::Table(table) => *table = at.table()?,
            Self::Load(load) => *load = read_load(at)?,
            Self::Key(key) => *key = read_choice(at, |key| key.owned_text())?,
            Self::Headers(headers) => *headers = at.list(read_header)?,
            Self::Type(name) => *name = at.owned_text().map(ExchangeType::from)?,
            Self::AckMode(mode) => *mode = at.one_of(&ACK_MODES)?,
            Self::Failures(failures) => *failures = read_failures(at)?,
            Self::Outages(outages) => *outages = at.list(read_outage)?,
        }
        Ok(())
    }

    fn write(&self) -> Json {
        match self {
            Self::Flag(flag) => (**flag).into(),
            Self::U16(number) => (**number).into(),
            Self::U32(number) => (**number).into(),
            Self::MaybeU8(number) => (**number).into(),
            Self::MaybeU32(number) => (**number).into(),
            Self::MaybeU64(number) => (**number).into(),
            Self::MaybeI32(number) => (**number).into(),
            Self::MaybeSpan(time) => time.as_ref().map(span).into(),
            Self::Times(times) => write_times(times),
            Self::Amounts(amounts) => write_amounts(amounts),
            Self::Table(fields) => table(fields),
            Self::Load(load) => write_load(load),
            Self::Key(key) => write_choice(key, |key| key.as_str().into()),
            Self::Headers(headers) => headers.iter().map(write_header).collect(),
            Self::Type(name) => name.name().into(),
            Self::AckMode(mode) => word_of(&ACK_MODES, **mode),
            Self::Failures(failures) => write_failures(failures),
            Self::Outages(outages) => outages.iter().map(write_outage).collect(),
        }
    }
}

const ACK_MODES: [(&str, AckMode); 2] = [
    ("manual", AckMode::Manual),
    ("automatic", AckMode::Automatic),
];

const OUTCOMES: [(&str, FailureOutcome); 2] = [
    ("requeue", FailureOutcome::Requeue),
    ("reject", FailureOutcome::Reject),
];

const OUTAGES: [(&str, OutageKind); 3] = [
    ("pause", OutageKind::Pause),
    ("crash", OutageKind::Crash),
    ("cut", OutageKind::Cut),
];

/// The word for a meaning, of all there are.
fn word_of<T: PartialEq>(words: &[(&str, T)], meaning: T) -> Json {
    let word = words.iter().find(|(_, it)| *it == meaning);
    word.map(|(word, _)| *word).into()
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

fn read_failures(at: &Cursor<'_>) -> Read<Failures> {
    let mut fields = at.fields()?;
    let mut failures = Failures::default();
    fields.set("share", &mut failures.share, Cursor::number)?;
    fields.set("outcome", &mut failures.outcome, |at| at.one_of(&OUTCOMES))?;
    fields.finish()?;
    Ok(failures)
}

fn write_failures(failures: &Failures) -> Json {
    let out = JsonObject::new().with("share", failures.share);
    out.with("outcome", word_of(&OUTCOMES, failures.outcome))
        .into()
}

fn read_outage(at: &Cursor<'_>) -> Read<Outage> {
    let mut fields = at.fields()?;
    let begins = fields.need("at")?.span()?;
    let mut lasts = None;
    fields.set("lasts", &mut lasts, |at| at.optional(Cursor::span))?;
    let what = fields.need("what")?.one_of(&OUTAGES)?;
    fields.finish()?;
    Ok(Outage {
        at: begins,
        lasts,
        what,
    })
}

fn write_outage(outage: &Outage) -> Json {
    JsonObject::new()
        .with("at", span(&outage.at))
        .with("lasts", outage.lasts.as_ref().map(span))
        .with("what", word_of(&OUTAGES, outage.what))
        .into()
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
