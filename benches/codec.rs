//! A publish with five headers, from octets to its fields and back: the protocol layer alone, against
//! the crate that `lapin` is built on.
//!
//! One operation is what a server does for a message that passes through: it reads the method, the
//! content header and the body from frames, and writes them as frames. Not here: what a broker does
//! between.

mod support;

use brokerlab::amqp::content::{read_head, read_properties_to, write_header};
use brokerlab::amqp::frame::{self, FRAME_AROUND, Frame, read_frame, write_body, write_frame};
use brokerlab::amqp::method::{self, Value, names};
use brokerlab::amqp::words::Words;
use brokerlab::types::{FieldTable, FieldValue, Properties, ShortText};
use support::black_box;

/// Publishes of one repetition.
const PUBLISHES: u64 = 100_000;
/// What both sides agree on.
const FRAME_MAX: u32 = 131_072;
const NAME: &str = "codec publish";

fn main() {
    let octets = publish();
    let note = "5 headers, 16 octets of body; read and written";
    support::bench(
        NAME,
        PUBLISHES,
        || (Words::default(), Vec::new()),
        |(mut words, mut out)| {
            for _ in 0..PUBLISHES {
                out.clear();
                if pass_through(black_box(&octets), &mut words, &mut out).is_none() {
                    break;
                }
            }
            assert_eq!(out, octets, "what was read is written");
            out
        },
        note,
    );
    #[cfg(feature = "peers")]
    peer::measure(&octets);
}

/// A publish of a small message with five headers and the properties that clients set most often.
fn publish() -> Vec<u8> {
    let headers = FieldTable::new()
        .with("x-tenant", "north")
        .with("x-attempt", 3)
        .with("x-trace-id", "4bf92f3577b34da6a3ce929d0e0e4736")
        .with("x-signed", true)
        .with("x-sent-at", FieldValue::Timestamp(1_700_000_000));
    let properties = Properties {
        content_type: ShortText::new("application/json").ok(),
        delivery_mode: Some(2),
        headers: Some(headers),
        ..Properties::default()
    };
    let mut out = Vec::new();
    let no = Value::Bit(false);
    let (exchange, key) = (
        Value::ShortString(b"orders"),
        Value::ShortString(b"order.eu.paid"),
    );
    method::BASIC_PUBLISH.write(&mut out, 1, &[Value::Short(0), exchange, key, no, no]);
    write_content(&mut out, Some(&properties), &[b'x'; 16]);
    out
}

fn write_content(out: &mut Vec<u8>, properties: Option<&Properties>, body: &[u8]) {
    write_frame(out, frame::HEADER, 1, |out| {
        write_header(out, body.len() as u64, properties);
    });
    write_body(out, 1, body, FRAME_MAX);
}

fn next<'a>(octets: &mut &'a [u8]) -> Option<Frame<'a>> {
    let (frame, taken) = read_frame(octets, FRAME_MAX).ok()??;
    *octets = octets.get(taken..)?;
    Some(frame)
}

/// Reads a publish and writes it again.
fn pass_through(mut octets: &[u8], words: &mut Words, out: &mut Vec<u8>) -> Option<()> {
    const fn place(name: &str) -> usize {
        names::BASIC_PUBLISH.place(name)
    }
    let said = next(&mut octets)?;
    let fields = said.payload.get(4..)?;
    let arguments = method::BASIC_PUBLISH.read(fields).ok()?;
    let exchange = words.text(arguments.octets(const { place("exchange") }));
    let key = words.text(arguments.octets(const { place("routing-key") }));
    let head = read_head(next(&mut octets)?.payload).ok()?;
    let mut properties = Properties::default();
    read_properties_to(&mut properties, head.properties, words).ok()?;
    let body = next(&mut octets)?.payload;
    out.reserve(body.len() + 8 * FRAME_AROUND);
    let values = [
        Value::Short(0),
        Value::ShortString(exchange.as_str().as_bytes()),
        Value::ShortString(key.as_str().as_bytes()),
        Value::Bit(false),
        Value::Bit(false),
    ];
    method::BASIC_PUBLISH.write(out, said.channel, &values);
    write_content(out, Some(&properties), body);
    Some(())
}

/// The same with other people's codec.
#[cfg(feature = "peers")]
mod peer {
    use super::{NAME, PUBLISHES, support};
    use amq_protocol::frame::{AMQPFrame, WriteContext, gen_frame, parse_frame};
    use support::black_box;

    pub(super) fn measure(octets: &[u8]) {
        support::bench(
            &format!("{NAME}/amq-protocol"),
            PUBLISHES / 10,
            Vec::new,
            |mut out| {
                for _ in 0..PUBLISHES / 10 {
                    out.clear();
                    out = pass_through(black_box(octets), out);
                }
                assert_eq!(out.len(), octets.len(), "what was read is written");
                out
            },
            "the same with the crate amq-protocol",
        );
    }

    fn pass_through(mut octets: &[u8], out: Vec<u8>) -> Vec<u8> {
        let mut context = WriteContext::from(out);
        while let Ok((rest, frame)) = parse_frame(octets) {
            octets = rest;
            match gen_frame::<Vec<u8>>(&frame)(context) {
                Ok(written) => context = written,
                Err(_) => return Vec::new(),
            }
            if matches!(frame, AMQPFrame::Body(..)) {
                break;
            }
        }
        context.into_inner().0
    }
}
