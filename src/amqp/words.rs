//! Texts between octets and names.
//!
//! The protocol's short strings may hold any octets, names are text. What is no UTF-8 is kept octet by
//! octet in characters of a private plane that nobody else uses, so that it travels on unchanged. The
//! names that a connection says most often are kept, because to say them again should cost no memory.
//! Deliberately not here: which names are allowed.

use super::write::short_string;
use crate::types::ShortText;
use std::borrow::Cow;

/// The character that stands for the octet 0 where octets are no UTF-8; 255 others follow it, the last
/// of the last private plane.
const STRAY: u32 = 0x0010_FE00;
/// What every character of that plane begins with in UTF-8.
const PLANE: u8 = 0xF4;
/// How many names are kept: a power of two.
const KEPT: usize = 256;

fn stray_octet(character: char) -> Option<u8> {
    u8::try_from(u32::from(character).wrapping_sub(STRAY)).ok()
}

/// The text that stands for `octets`.
#[must_use]
pub fn text_of(octets: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(octets) {
        Ok(text) if !octets.contains(&PLANE) => Cow::Borrowed(text),
        Ok(_) | Err(_) => Cow::Owned(escaped(octets)),
    }
}

#[cold]
fn escaped(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len() * 4);
    for chunk in octets.utf8_chunks() {
        for character in chunk.valid().chars() {
            if stray_octet(character).is_some() {
                // It would be taken for an octet on its way back, so its own octets are kept instead.
                let mut own = [0; 4];
                let own = character.encode_utf8(&mut own).as_bytes();
                text.extend(own.iter().filter_map(|octet| stray(*octet)));
            } else {
                text.push(character);
            }
        }
        text.extend(chunk.invalid().iter().filter_map(|octet| stray(*octet)));
    }
    text
}

fn stray(octet: u8) -> Option<char> {
    char::from_u32(STRAY + u32::from(octet))
}

/// The octets that `text` stands for.
#[must_use]
pub fn octets_of(text: &str) -> Cow<'_, [u8]> {
    // Nearly every name is ASCII, which is seen at a glance.
    if text.is_ascii() || !text.as_bytes().contains(&PLANE) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut octets = Vec::with_capacity(text.len());
    for character in text.chars() {
        match stray_octet(character) {
            Some(octet) => octets.push(octet),
            None => octets.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(octets)
}

/// Writes the octets that `text` stands for as a short string.
#[inline(never)] // Or properties that are not set would pay for those that are.
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    if text.is_ascii() {
        short_string(out, text.as_bytes());
    } else {
        write_strange(out, text);
    }
}

#[cold]
fn write_strange(out: &mut Vec<u8>, text: &str) {
    short_string(out, &octets_of(text));
}

/// The octets at both ends of a name and its length, since names of one program often begin alike.
/// They say everything of a short name, so that it is compared at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Ends {
    first: u64,
    last: u64,
    octets: usize,
}

impl Ends {
    /// The longest name of which they say everything.
    const WHOLE: usize = 16;

    fn of(octets: &[u8]) -> Self {
        let (first, last) = match (octets.first_chunk(), octets.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => {
                let shift = |all, octet: &u8| (all << 8) | u64::from(*octet);
                (octets.iter().fold(0, shift), 0)
            }
        };
        Self {
            first,
            last,
            octets: octets.len(),
        }
    }

    /// The slot of a name with these ends; those that share a slot push each other out.
    #[inline]
    fn slot(&self) -> usize {
        let ends = self.first ^ self.last.rotate_left(29) ^ self.octets as u64;
        // An odd number without a pattern (of the golden ratio); its high bits depend on every octet.
        let mixed = ends.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 32) as usize % KEPT
    }
}

/// Names said before.
#[derive(Debug, Clone)]
pub struct Words(Vec<(Ends, ShortText)>);

impl Default for Words {
    fn default() -> Self {
        Self(vec![Default::default(); KEPT])
    }
}

impl Words {
    /// The short text that stands for `octets`, which are at most 255.
    #[must_use]
    pub fn text(&mut self, octets: &[u8]) -> ShortText {
        let ends = Ends::of(octets);
        let (kept, text) = &self.0[ends.slot()];
        if octets.len() <= Ends::WHOLE && *kept == ends {
            return text.clone();
        }
        self.text_of_long_or_new(octets)
    }

    #[inline(never)]
    fn text_of_long_or_new(&mut self, octets: &[u8]) -> ShortText {
        let ends = Ends::of(octets);
        let (kept, text) = &mut self.0[ends.slot()];
        if *kept != ends || text.as_str().as_bytes() != octets {
            *kept = ends;
            *text = ShortText::of_wire(&text_of(octets));
        }
        text.clone()
    }
}
