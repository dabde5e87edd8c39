//! A conformance program: a text file of steps and of what a real broker answered to each.
//!
//! `tests/conformance/README.md` describes the format for people.

use super::codec::{
    Arguments, BODY, FRAME_END, HEADER, HEARTBEAT, METHOD, header_payload, method_payload, named,
    read_arguments, take_number, take_text, write_frame,
};
use super::spec::MethodSpec;
use super::value::Cursor;
use std::time::Duration;

/// A step or a comment, and the answers recorded below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Entry {
    pub(crate) text: String,
    pub(crate) answers: Vec<String>,
}

/// A whole file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    /// The section of the measured semantics, with its number.
    pub(crate) area: String,
    /// What the program shows, in a sentence.
    pub(crate) promise: String,
    pub(crate) entries: Vec<Entry>,
}

impl Program {
    /// Reads a file's text.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut program = Self::default();
        for line in text.lines() {
            if let Some(area) = line.strip_prefix("area: ") {
                area.trim().clone_into(&mut program.area);
            } else if let Some(promise) = line.strip_prefix("promise: ") {
                promise.trim().clone_into(&mut program.promise);
            } else if let Some(answer) = line.strip_prefix("< ") {
                let last = program.entries.last_mut();
                let last = last.ok_or("an answer stands before the first step")?;
                last.answers.push(answer.to_owned());
            } else {
                program.entries.push(Entry {
                    text: line.trim_end().to_owned(),
                    answers: Vec::new(),
                });
            }
        }
        if program.area.is_empty() || program.promise.is_empty() {
            return Err("a program starts with `area: ...` and `promise: ...`".to_owned());
        }
        Ok(program)
    }

    /// The file's text.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("area: {}\npromise: {}\n", self.area, self.promise);
        for entry in &self.entries {
            text.push_str(&format!("{}\n", entry.text));
            for answer in &entry.answers {
                text.push_str(&format!("< {answer}\n"));
            }
        }
        text
    }
}

/// A channel of a connection; the connection without a name is the usual one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) connection: String,
    pub(crate) channel: u16,
}

impl Place {
    fn read(word: &str) -> Result<Self, String> {
        let (connection, channel) = word.split_once('.').unwrap_or(("", word));
        let channel = channel.parse();
        Ok(Self {
            connection: connection.to_owned(),
            channel: channel.map_err(|_| format!("`{word}` is not `channel` or `name.channel`"))?,
        })
    }
}

/// What one line asks of the client.
#[derive(Debug)]
pub(crate) enum Step {
    /// A comment or an empty line.
    Note,
    /// Open channels, connecting first where needed; the usual answers are not recorded.
    Open(Vec<Place>),
    /// Connect in the usual way with some things said differently.
    Connect(String, Arguments),
    /// Open a pipe and say nothing.
    Dial(String),
    /// Let go of a pipe without a word.
    HangUp(String),
    Wait(Duration),
    /// Ask the broker's operator.
    Control(Vec<String>),
    Send {
        place: Place,
        octets: Vec<u8>,
        /// A question waits for its answer.
        question: bool,
        /// The method sent, if it is one.
        method: Option<&'static MethodSpec>,
        /// How many times it was repeated.
        times: u64,
        /// Goes out together with the next step.
        held: bool,
    },
}

/// Reads a step's line.
pub(crate) fn read_step(text: &str) -> Result<Step, String> {
    let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
    let name = |word: &str| {
        let plain = word.chars().all(|letter| letter.is_ascii_alphanumeric());
        let plain = plain || word == "-";
        let name = if word == "-" { "" } else { word };
        plain
            .then(|| name.to_owned())
            .ok_or_else(|| format!("`{word}` is no name for a connection"))
    };
    match verb {
        "" => Ok(Step::Note),
        _ if verb.starts_with('#') => Ok(Step::Note),
        "open" => {
            let places: Result<Vec<Place>, String> =
                rest.split_whitespace().map(Place::read).collect();
            places.map(Step::Open)
        }
        "connect" => {
            let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            Ok(Step::Connect(
                name(word)?,
                read_arguments(&mut Cursor::new(rest))?,
            ))
        }
        "dial" => Ok(Step::Dial(name(rest)?)),
        "hang-up" => Ok(Step::HangUp(name(rest)?)),
        "wait" => {
            let number = rest.strip_suffix("ms").ok_or("wait wants N ms: `150ms`")?;
            let number = number
                .parse()
                .map_err(|error| format!("wait {rest}: {error}"))?;
            Ok(Step::Wait(Duration::from_millis(number)))
        }
        "ctl" => {
            let mut cursor = Cursor::new(rest);
            let mut words = Vec::new();
            while !cursor.is_at_end() {
                words.push(control_word(&mut cursor)?);
            }
            Ok(Step::Control(words))
        }
        ">" | "+" => {
            let (place, what) = rest.split_once(' ').ok_or("send what?")?;
            send(Place::read(place)?, what, verb == "+")
        }
        _ => Err(format!("`{verb}` is no step")),
    }
}

fn control_word(cursor: &mut Cursor) -> Result<String, String> {
    let word = cursor.word()?;
    Ok(String::from_utf8_lossy(&word).into_owned())
}

fn send(place: Place, what: &str, held: bool) -> Result<Step, String> {
    let (word, rest) = what.split_once(' ').unwrap_or((what, ""));
    let mut octets = Vec::new();
    let mut method = None;
    let mut times = 1;
    match word {
        "raw" => octets = hex(rest)?,
        "greeting" => octets.extend(super::codec::GREETING),
        "frame" | "header" | "body" | "heartbeat" => {
            let mut arguments = read_arguments(&mut Cursor::new(rest))?;
            write_single(&mut octets, word, place.channel, &mut arguments)?;
            nothing_left(&arguments)?;
        }
        _ => {
            let spec = named(word)?;
            let mut arguments = read_arguments(&mut Cursor::new(rest))?;
            times = take_number(&mut arguments, "times")?.unwrap_or(1);
            for number in 0..times {
                let mut arguments = arguments.clone();
                write_method(&mut octets, spec, place.channel, &mut arguments, number)?;
                nothing_left(&arguments)?;
            }
            let nowait = spec.has("nowait")
                && arguments.get("nowait") == Some(&super::codec::Argument::Text(b"true".to_vec()));
            method = Some((spec, nowait));
        }
    }
    Ok(Step::Send {
        place,
        octets,
        question: method.is_some_and(|(spec, nowait)| spec.is_question() && !nowait),
        method: method.map(|(spec, _)| spec),
        times,
        held,
    })
}

fn nothing_left(arguments: &Arguments) -> Result<(), String> {
    match arguments.keys().next() {
        Some(name) => Err(format!("`{name}` is not among its arguments")),
        None => Ok(()),
    }
}

fn hex(text: &str) -> Result<Vec<u8>, String> {
    let digits: String = text.split_whitespace().collect();
    let pairs = (0..digits.len()).step_by(2);
    pairs
        .map(|at| {
            let pair = digits.get(at..at + 2).ok_or("an octet has two digits")?;
            u8::from_str_radix(pair, 16).map_err(|error| format!("{pair}: {error}"))
        })
        .collect()
}

/// One frame by hand.
fn write_single(
    out: &mut Vec<u8>,
    word: &str,
    channel: u16,
    arguments: &mut Arguments,
) -> Result<(), String> {
    let (kind, payload) = match word {
        "header" => {
            let class = take_number(arguments, "class")?.unwrap_or(60) as u16;
            let size = take_number(arguments, "body-size")?.unwrap_or(0);
            (HEADER, header_payload(class, size, arguments)?)
        }
        "body" => (BODY, take_text(arguments, "octets").unwrap_or_default()),
        "heartbeat" => (HEARTBEAT, Vec::new()),
        _ => {
            let kind = take_number(arguments, "type")?.unwrap_or(1) as u8;
            let payload = take_text(arguments, "payload").unwrap_or_default();
            (kind, hex(&String::from_utf8_lossy(&payload))?)
        }
    };
    write_frame(out, kind, channel, &payload);
    if let Some(end) = take_text(arguments, "end") {
        let end = hex(&String::from_utf8_lossy(&end))?;
        let last = out.len() - 1;
        out[last] = end.first().copied().unwrap_or(FRAME_END);
    }
    Ok(())
}

fn write_method(
    out: &mut Vec<u8>,
    spec: &MethodSpec,
    channel: u16,
    arguments: &mut Arguments,
    number: u64,
) -> Result<(), String> {
    let alone = take_text(arguments, "content").as_deref() == Some(b"none");
    let body = take_text(arguments, "body");
    let piece = take_number(arguments, "piece")?.unwrap_or(131_064) as usize;
    let payload = method_payload(spec, arguments)?;
    write_frame(out, METHOD, channel, &payload);
    if !spec.content || alone {
        return Ok(());
    }
    let body = String::from_utf8_lossy(&body.unwrap_or_default())
        .replace("{n}", &number.to_string())
        .into_bytes();
    let header = header_payload(spec.class, body.len() as u64, arguments)?;
    write_frame(out, HEADER, channel, &header);
    for piece in body.chunks(piece) {
        write_frame(out, BODY, channel, piece);
    }
    Ok(())
}
