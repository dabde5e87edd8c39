//! Field tables on the wire, with RabbitMQ's type letters.
//!
//! Source: AMQP 0-9-1, 4.2.5.5, and RabbitMQ's list of errata. Every value comes back octet for octet:
//! order, repeated keys and widths of numbers are kept. Deliberately not here: what arguments mean.

use super::read::{Malformed, Reader};
use super::words::{Words, write_text};
use super::write::{long_string, with_length};
use crate::types::{Decimal, FieldTable, FieldValue};

/// Tables and lists inside each other, at most: what is deeper is an attack on the stack.
const DEPTH_MAX: u32 = 64;

/// The table in `octets`, without the length before it.
///
/// # Errors
/// When they are cut short, hold an unknown type, or nest too deep.
pub fn read_table(octets: &[u8], words: &mut Words) -> Result<FieldTable, Malformed> {
    let mut entries = FieldTable::new();
    read_entries(octets, words, DEPTH_MAX, &mut entries)?;
    Ok(entries)
}

/// Reads the table in `octets` to the place where it stays.
///
/// # Errors
/// As [`read_table`].
pub(super) fn read_table_to(
    place: &mut FieldTable,
    octets: &[u8],
    words: &mut Words,
) -> Result<(), Malformed> {
    read_entries(octets, words, DEPTH_MAX, place)
}

fn read_entries(
    octets: &[u8],
    words: &mut Words,
    depth: u32,
    entries: &mut FieldTable,
) -> Result<(), Malformed> {
    let mut reader = Reader::new(octets);
    *entries = FieldTable::with_capacity(octets.len() / 16 + 1);
    while !reader.rest().is_empty() {
        let key = words.text(reader.short_string()?);
        if let Some(place) = entries.begin(key) {
            read_value(&mut reader, words, depth, place)?;
        }
    }
    Ok(())
}

/// Puts a value where nothing stands, which need not be dropped.
#[inline]
fn put(place: &mut FieldValue, value: FieldValue) {
    std::mem::forget(std::mem::replace(place, value));
}

/// Reads a value to the place where it stays: to carry it there costs more than to read it.
fn read_value(
    reader: &mut Reader<'_>,
    words: &mut Words,
    depth: u32,
    place: &mut FieldValue,
) -> Result<(), Malformed> {
    let letter = reader.octet()?;
    match letter {
        b't' => put(place, FieldValue::Bool(reader.octet()? != 0)),
        b'b' => put(place, FieldValue::I8(reader.octet()?.cast_signed())),
        b'B' => put(place, FieldValue::U8(reader.octet()?)),
        b's' => put(place, FieldValue::I16(reader.short()?.cast_signed())),
        b'u' => put(place, FieldValue::U16(reader.short()?)),
        b'I' => put(place, FieldValue::I32(reader.long()?.cast_signed())),
        b'i' => put(place, FieldValue::U32(reader.long()?)),
        // RabbitMQ takes either letter for the same, and so do clients: py-amqp writes `L`.
        b'l' | b'L' => put(place, FieldValue::I64(reader.long_long()?.cast_signed())),
        b'f' => put(place, FieldValue::F32(f32::from_bits(reader.long()?))),
        b'd' => put(place, FieldValue::F64(f64::from_bits(reader.long_long()?))),
        b'D' => {
            let (scale, value) = (reader.octet()?, reader.long()?);
            put(place, FieldValue::Decimal(Decimal { scale, value }));
        }
        b'S' => put(place, FieldValue::LongStr(reader.long_string()?.into())),
        b'x' => put(place, FieldValue::Bytes(reader.long_string()?.into())),
        b'T' => put(place, FieldValue::Timestamp(reader.long_long()?)),
        b'V' => put(place, FieldValue::Void),
        b'F' | b'A' => {
            let depth = depth.checked_sub(1).ok_or(Malformed::TooDeep)?;
            let octets = reader.long_string()?;
            read_nested(letter, octets, words, depth, place)?;
        }
        _ => return Err(Malformed::FieldType(letter)),
    }
    Ok(())
}

/// Reads a table or an array, apart from the plain values, which need no room for it.
#[inline(never)]
fn read_nested(
    letter: u8,
    octets: &[u8],
    words: &mut Words,
    depth: u32,
    place: &mut FieldValue,
) -> Result<(), Malformed> {
    if letter == b'F' {
        let mut entries = FieldTable::new();
        read_entries(octets, words, depth, &mut entries)?;
        put(place, FieldValue::Table(entries));
        return Ok(());
    }
    let mut reader = Reader::new(octets);
    let mut values = Vec::new();
    while !reader.rest().is_empty() {
        let mut value = FieldValue::Void;
        read_value(&mut reader, words, depth, &mut value)?;
        values.push(value);
    }
    put(place, FieldValue::Array(values));
    Ok(())
}

/// Writes `entries` behind their length.
pub fn write_table(out: &mut Vec<u8>, entries: &FieldTable) {
    with_length(out, |out| {
        for (key, value) in entries.iter() {
            write_text(out, key.as_str());
            write_value(out, value);
        }
    });
}

/// Writes a letter and so many octets of a number at one go, since each has to see whether there is
/// room.
#[inline]
fn tagged(out: &mut Vec<u8>, letter: u8, octets: usize, value: u64) {
    let mut all = [letter; 9];
    all[1..].copy_from_slice(&(value << (64 - 8 * octets)).to_be_bytes());
    out.extend_from_slice(&all[..=octets]);
}

fn write_value(out: &mut Vec<u8>, value: &FieldValue) {
    match value {
        FieldValue::Bool(value) => tagged(out, b't', 1, (*value).into()),
        FieldValue::I8(value) => tagged(out, b'b', 1, value.cast_unsigned().into()),
        FieldValue::U8(value) => tagged(out, b'B', 1, (*value).into()),
        FieldValue::I16(value) => tagged(out, b's', 2, value.cast_unsigned().into()),
        FieldValue::U16(value) => tagged(out, b'u', 2, (*value).into()),
        FieldValue::I32(value) => tagged(out, b'I', 4, value.cast_unsigned().into()),
        FieldValue::U32(value) => tagged(out, b'i', 4, (*value).into()),
        FieldValue::I64(value) => tagged(out, b'l', 8, value.cast_unsigned()),
        FieldValue::F32(value) => tagged(out, b'f', 4, value.to_bits().into()),
        FieldValue::F64(value) => tagged(out, b'd', 8, value.to_bits()),
        FieldValue::Decimal(decimal) => {
            tagged(out, b'D', 1, decimal.scale.into());
            out.extend_from_slice(&decimal.value.to_be_bytes());
        }
        FieldValue::Timestamp(seconds) => tagged(out, b'T', 8, *seconds),
        FieldValue::Void => out.push(b'V'),
        FieldValue::LongStr(octets) => {
            out.push(b'S');
            long_string(out, octets);
        }
        FieldValue::Bytes(octets) => {
            out.push(b'x');
            long_string(out, octets);
        }
        FieldValue::Array(values) => {
            out.push(b'A');
            with_length(out, |out| {
                for value in values {
                    write_value(out, value);
                }
            });
        }
        FieldValue::Table(entries) => {
            out.push(b'F');
            write_table(out, entries);
        }
    }
}
