//! What is written is read again, octet for octet; what is cut short is refused.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::amqp::content::{read_head, read_properties, write_header};
use crate::amqp::frame::{BadFrame, FRAME_END, METHOD, read_frame, write_body, write_frame};
use crate::amqp::method::{BASIC_PUBLISH, Kind, METHODS, Value, method, names};
use crate::amqp::read::Malformed;
use crate::amqp::table::{read_table, write_table};
use crate::amqp::words::{Words, octets_of, text_of};
use crate::types::{Decimal, FieldTable, FieldValue, Properties, ShortText};

/// A value of a kind, different at each place.
fn sample(kind: Kind, place: usize) -> Value<'static> {
    let number = place as u64 + 1;
    match kind {
        Kind::Bit => Value::Bit(place % 2 == 1),
        Kind::Octet => Value::Octet(number as u8),
        Kind::Short => Value::Short(0x0100 + number as u16),
        Kind::Long => Value::Long(0x0102_0300 + number as u32),
        Kind::LongLong => Value::LongLong(0x0102_0304_0506_0700 + number),
        Kind::ShortString => Value::ShortString(&b"abcdefghi"[..place + 1]),
        Kind::LongString => Value::LongString(&b"ihgfedcba"[..place + 1]),
        Kind::Table => Value::Table(b"\x01kt\x01"),
    }
}

#[test]
fn every_method_is_read_as_it_was_written() {
    for row in METHODS {
        let kinds = row.kinds.iter().enumerate();
        let values: Vec<_> = kinds.map(|(place, kind)| sample(*kind, place)).collect();
        let mut out = Vec::new();
        row.write(&mut out, 7, &values);
        let (frame, taken) = read_frame(&out, 4096).unwrap().unwrap();
        assert_eq!((taken, frame.kind, frame.channel), (out.len(), METHOD, 7));
        let [ch, cl, mh, ml, ref fields @ ..] = *frame.payload else {
            panic!("no class and method");
        };
        let id = row.id;
        assert_eq!([ch, cl], id.class.to_be_bytes());
        assert_eq!([mh, ml], id.method.to_be_bytes());
        let found = method(id).unwrap();
        assert_eq!(found.read(fields).unwrap().values(), values, "{id:?}");
        for cut in 0..fields.len() {
            assert_eq!(found.read(&fields[..cut]).err(), Some(Malformed::Length));
        }
        let mut long = fields.to_vec();
        long.push(0);
        assert_eq!(found.read(&long).err(), Some(Malformed::Length));
    }
}

#[test]
fn methods_ascend_and_each_field_has_a_name() {
    assert!(METHODS.windows(2).all(|pair| pair[0].id < pair[1].id));
    for row in METHODS {
        let names = names(row.id).unwrap();
        assert_eq!(names.fields.len(), row.kinds.len(), "{}", names.method);
    }
}

/// A table with a value of every type.
fn every_type() -> FieldTable {
    let inner = FieldTable::new().with("k", 1);
    FieldTable::new()
        .with("bool", true)
        .with("i8", FieldValue::I8(-8))
        .with("u8", FieldValue::U8(200))
        .with("i16", FieldValue::I16(-300))
        .with("u16", FieldValue::U16(60_000))
        .with("i32", FieldValue::I32(-70_000))
        .with("u32", FieldValue::U32(4_000_000_000))
        .with("i64", FieldValue::I64(i64::MIN))
        .with("f32", FieldValue::F32(0.1))
        .with("f64", FieldValue::F64(-0.0))
        .with(
            "decimal",
            FieldValue::Decimal(Decimal {
                scale: 2,
                value: 314,
            }),
        )
        .with("text", "grün")
        .with("octets", FieldValue::Bytes([0, 255, 206].into()))
        .with(
            "list",
            FieldValue::Array(vec![FieldValue::Void, FieldValue::Bool(false)]),
        )
        .with("time", FieldValue::Timestamp(1_700_000_000))
        .with("table", FieldValue::Table(inner))
        .with("void", FieldValue::Void)
}

#[test]
fn a_table_of_every_type_comes_back_and_no_part_of_it_is_taken_for_one() {
    let entries = every_type();
    let mut out = Vec::new();
    write_table(&mut out, &entries);
    let octets = &out[4..];
    assert_eq!(out[..4], u32::try_from(octets.len()).unwrap().to_be_bytes());
    let mut words = Words::default();
    assert_eq!(read_table(octets, &mut words), Ok(entries.clone()));
    let mut whole = 0;
    for cut in 1..octets.len() {
        match read_table(&octets[..cut], &mut words) {
            Ok(part) => {
                whole += 1;
                assert_eq!(part.len(), whole, "cut at {cut}");
            }
            Err(malformed) => assert_eq!(malformed, Malformed::Length),
        }
    }
    assert_eq!(whole, entries.len() - 1);
}

#[test]
fn repeated_keys_and_their_order_are_kept() {
    let octets = b"\x01bt\x01\x01ab\x05\x01bV";
    let entries = read_table(octets, &mut Words::default()).unwrap();
    let keys: Vec<_> = entries.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["b", "a", "b"]);
    let mut out = Vec::new();
    write_table(&mut out, &entries);
    assert_eq!(&out[4..], octets);
}

#[test]
fn either_letter_is_a_long_integer() {
    let mut words = Words::default();
    let [small, capital] = [b'l', b'L'].map(|letter| {
        let octets = [1, b'k', letter, 0, 0, 0, 1, 0, 0, 0, 0];
        read_table(&octets, &mut words)
    });
    assert_eq!(
        small,
        Ok(FieldTable::new().with("k", FieldValue::I64(1 << 32)))
    );
    assert_eq!(small, capital);
}

#[test]
fn an_unknown_type_and_tables_without_end_are_refused() {
    let mut words = Words::default();
    let refused = read_table(b"\x01kz", &mut words);
    assert_eq!(refused, Err(Malformed::FieldType(b'z')));
    let mut nested = FieldTable::new();
    for _ in 0..70 {
        nested = FieldTable::new().with("k", FieldValue::Table(nested));
    }
    let mut out = Vec::new();
    write_table(&mut out, &nested);
    assert_eq!(read_table(&out[4..], &mut words), Err(Malformed::TooDeep));
}

#[test]
fn names_are_told_apart_by_every_octet_and_their_length() {
    let mut words = Words::default();
    let mut names = Vec::new();
    for length in 0..=40 {
        names.push(vec![0; length]);
        for place in 0..length {
            for octet in [b'a', 0xff] {
                let mut name = vec![0; length];
                name[place] = octet;
                names.push(name);
            }
        }
    }
    // Each twice: as it is first said, and as it was kept.
    for name in names.iter().flat_map(|name| [name, name]) {
        assert_eq!(words.text(name).as_str(), text_of(name), "{name:?}");
    }
    for name in &names {
        assert_eq!(words.text(name).as_str(), text_of(name), "{name:?}");
    }
}

#[test]
fn flags_without_a_property_are_no_properties() {
    let mut words = Words::default();
    for flags in 0..=3 {
        assert_eq!(read_properties(&[0, flags], &mut words), Ok(None));
    }
}

#[test]
fn octets_that_are_no_text_come_back_unchanged() {
    let mut words = Words::default();
    let mut octets: Vec<Vec<u8>> = (0..=255).map(|octet| vec![octet]).collect();
    octets.push("\u{10FE80}ü".as_bytes().to_vec());
    octets.push(b"a\xff\xfe\xc3\xa9\xc3".to_vec());
    octets.push(vec![0x80; 255]);
    for octets in octets {
        let text = text_of(&octets).into_owned();
        assert_eq!(octets_of(&text), octets.as_slice());
        assert_eq!(octets_of(words.text(&octets).as_str()), octets.as_slice());
    }
}

fn text(text: &str) -> Option<ShortText> {
    Some(ShortText::new(text).unwrap())
}

fn all_properties() -> Properties {
    Properties {
        content_type: text("text/plain"),
        content_encoding: text("gzip"),
        headers: Some(every_type()),
        delivery_mode: Some(2),
        priority: Some(9),
        correlation_id: text("1"),
        reply_to: text("2"),
        expiration: text("3"),
        message_id: text("4"),
        timestamp: Some(5),
        type_name: text("6"),
        user_id: text("guest"),
        app_id: text("7"),
        cluster_id: text("8"),
    }
}

#[test]
fn properties_are_read_as_they_were_written() {
    let none = Properties::default();
    let only = |set: fn(&mut Properties, Properties)| {
        let mut some = Properties::default();
        set(&mut some, all_properties());
        some
    };
    let each = [
        only(|some, all| some.content_type = all.content_type),
        only(|some, all| some.content_encoding = all.content_encoding),
        only(|some, _| some.headers = Some(FieldTable::new())),
        only(|some, all| some.delivery_mode = all.delivery_mode),
        only(|some, all| some.priority = all.priority),
        only(|some, all| some.correlation_id = all.correlation_id),
        only(|some, all| some.reply_to = all.reply_to),
        only(|some, all| some.expiration = all.expiration),
        only(|some, all| some.message_id = all.message_id),
        only(|some, all| some.timestamp = all.timestamp),
        only(|some, all| some.type_name = all.type_name),
        only(|some, all| some.user_id = all.user_id),
        only(|some, all| some.app_id = all.app_id),
        only(|some, all| some.cluster_id = all.cluster_id),
        all_properties(),
    ];
    let mut words = Words::default();
    for properties in each {
        let mut out = Vec::new();
        write_header(&mut out, 99, Some(&properties));
        let head = read_head(&out).unwrap();
        assert_eq!((head.class, head.body_octets), (60, 99));
        let read = read_properties(head.properties, &mut words).unwrap();
        assert_eq!(read.as_deref(), Some(&properties));
        for cut in 2..head.properties.len() {
            assert!(read_properties(&head.properties[..cut], &mut words).is_err());
        }
    }
    for none in [None, Some(&none)] {
        let mut out = Vec::new();
        write_header(&mut out, 0, none);
        let head = read_head(&out).unwrap();
        assert_eq!(read_properties(head.properties, &mut words), Ok(None));
    }
}

#[test]
fn a_frame_needs_all_its_octets_and_its_end() {
    let mut out = Vec::new();
    write_frame(&mut out, METHOD, 3, |out| out.extend_from_slice(b"payload"));
    for cut in 0..out.len() {
        assert_eq!(read_frame(&out[..cut], 4096), Ok(None));
    }
    let whole = out.clone();
    let (frame, taken) = read_frame(&whole, 4096).unwrap().unwrap();
    assert_eq!((frame.payload, taken), (&b"payload"[..], out.len()));
    *out.last_mut().unwrap() = 0xCD;
    let bad = read_frame(&out, 4096).unwrap_err();
    assert_eq!(bad, BadFrame::End { frame, octet: 0xCD });
}

#[test]
fn a_frame_may_be_eight_octets_longer_than_agreed_and_is_refused_by_its_head() {
    let head = |octets: u32| {
        let [a, b, c, d] = octets.to_be_bytes();
        [3, 0, 1, a, b, c, d]
    };
    assert_eq!(read_frame(&head(4096), 4096), Ok(None));
    let large = head(4097);
    let bad = read_frame(&large, 4096).unwrap_err();
    let expected = BadFrame::TooLarge {
        kind: 3,
        channel: 1,
        octets: 4097,
        most: 4088,
    };
    assert_eq!(bad, expected);
    assert_eq!(read_frame(&head(u32::MAX), 0), Ok(None));
}

#[test]
fn a_body_is_cut_into_frames_of_the_size_agreed() {
    let body = vec![7; 10_000];
    let mut out = Vec::new();
    write_body(&mut out, 1, &body, 4096);
    let (mut rest, mut sizes) = (out.as_slice(), Vec::new());
    while let Some((frame, taken)) = read_frame(rest, 4096).unwrap() {
        sizes.push(frame.payload.len());
        rest = &rest[taken..];
    }
    assert_eq!(sizes, [4088, 4088, 1824]);
    assert!(rest.is_empty());
    assert_eq!(out.last(), Some(&FRAME_END));
    out.clear();
    write_body(&mut out, 1, &[], 4096);
    assert!(out.is_empty());
}

#[test]
fn bits_share_an_octet() {
    let mut out = Vec::new();
    let values = [
        Value::Short(0),
        Value::ShortString(b"e"),
        Value::ShortString(b"k"),
        Value::Bit(true),
        Value::Bit(true),
    ];
    BASIC_PUBLISH.write(&mut out, 1, &values);
    assert_eq!(
        out[7..out.len() - 1],
        *b"\x00\x3c\x00\x28\x00\x00\x01e\x01k\x03"
    );
}
