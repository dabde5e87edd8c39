//! `docs/protocol.md` is printed from the tables that the code runs on, so it cannot say anything else.

use brokerlab::amqp::method::{Kind, METHODS, Sender, names};
use brokerlab::amqp::state::{channel_diagram, connection_diagram};
use expect_test::expect_file;
use std::fmt::Write as _;

const INTRODUCTION: &str = "\
# The protocol, as this package speaks it

AMQP 0-9-1 with RabbitMQ's extensions, the server's side. Everything below is printed from the tables in `src/amqp/state.rs` and
`src/amqp/method.rs` by a test, which fails when this file is out of date (`UPDATE_EXPECT=1 cargo test --test it protocol` writes it).
";

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Bit => "bit",
        Kind::Octet => "octet",
        Kind::Short => "short",
        Kind::Long => "long",
        Kind::LongLong => "longlong",
        Kind::ShortString => "shortstr",
        Kind::LongString => "longstr",
        Kind::Table => "table",
    }
}

fn sender(sender: Sender) -> &'static str {
    match sender {
        Sender::Client => "client",
        Sender::Server => "server",
        Sender::Both => "either",
    }
}

#[test]
fn the_protocol_is_documented_from_its_tables() {
    let mut text = INTRODUCTION.to_owned();
    for (title, diagram) in [
        ("The life of a connection", connection_diagram()),
        ("The life of a channel", channel_diagram()),
    ] {
        write!(text, "\n## {title}\n\n```mermaid\n{diagram}```\n").unwrap();
    }
    text.push_str(
        "\n## Methods\n\n| class | method | name | who says it | fields |\n|---|---|---|---|---|\n",
    );
    for method in METHODS {
        let (id, names) = (method.id, names(method.id).unwrap());
        let fields = names.fields.iter().zip(method.kinds);
        let fields: Vec<_> = fields
            .map(|(name, of)| format!("{name}: {}", kind(*of)))
            .collect();
        writeln!(
            text,
            "| {} | {} | `{}` | {} | {} |",
            id.class,
            id.method,
            names.method,
            sender(method.sender),
            fields.join(", ")
        )
        .unwrap();
    }
    expect_file!["../../docs/protocol.md"].assert_eq(&text);
}
