//! Asking a broker whether it is done, instead of waiting.
//!
//! A round asks each queue for its length, on channels of our own, and each open channel for its
//! flow. When two rounds in a row bring nothing else, everything a step caused has come. A queue
//! may answer before it has worked off what waits, so this can be wrong, though rarely: who finds a
//! difference this way looks again with patience.

use super::client::Client;
use super::codec::{Arguments, Frame, METHOD, Method, method_payload, named, read_arguments};
use super::codec::{read_method, write_frame};
use super::program::Place;
use super::spec::MethodSpec;
use super::value::Cursor;
use super::world::World;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Channels from this number on are ours, not the program's.
const HIDDEN: u16 = 1000;

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(3);

/// Rounds that bring nothing before we believe that nothing comes.
const ROUNDS: usize = 2;

/// What is known for asking.
#[derive(Default)]
pub(super) struct Probes {
    /// Queues and the connection that declared them, which may ask even when they are exclusive.
    queues: BTreeMap<String, String>,
    /// Channels of ours that are open.
    open: BTreeSet<(String, u16)>,
    /// How many answers are awaited on each channel.
    awaited: BTreeMap<(String, u16), u32>,
}

impl<W: World> Client<W> {
    /// Remembers who declared a queue.
    pub(super) fn note_owner(&mut self, place: &Place, method: Option<&MethodSpec>) {
        if method.is_none_or(|spec| spec.name != "queue.declare") {
            return;
        }
        let name = self.lines.iter().find_map(|line| {
            let words = line.text.strip_prefix("queue.declare-ok queue=")?;
            words.split(' ').next().map(str::to_owned)
        });
        if let (Some(probes), Some(name)) = (&mut self.probes, name) {
            probes.queues.insert(name, place.connection.clone());
        }
    }

    /// Asks until nothing but answers comes.
    pub(super) fn probe_until_quiet(&mut self) {
        let mut silent = 0;
        while silent < ROUNDS {
            let before = self.lines.len();
            self.probe();
            silent = if self.lines.len() == before {
                silent + 1
            } else {
                0
            };
        }
    }

    fn probe(&mut self) {
        let mut out: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let Some(probes) = &mut self.probes else {
            return;
        };
        let alive = |name: &str| {
            let connection = self.connections.get(name);
            connection.is_some_and(|connection| !connection.over)
        };
        for (index, (queue, owner)) in probes.queues.iter().enumerate() {
            let owner = if alive(owner) { owner.as_str() } else { "" };
            if !alive(owner) {
                continue;
            }
            let key = (owner.to_owned(), HIDDEN + index as u16);
            let octets = out.entry(owner.to_owned()).or_default();
            let awaited = probes.awaited.entry(key.clone()).or_default();
            if !probes.open.contains(&key) {
                say(octets, key.1, "channel.open", "");
                *awaited += 1;
            }
            say(
                octets,
                key.1,
                "queue.declare",
                &format!("queue={queue} passive=true"),
            );
            *awaited += 1;
        }
        for (name, connection) in self.connections.iter().filter(|(name, _)| alive(name)) {
            for (number, _) in connection
                .channels
                .iter()
                .filter(|(_, channel)| channel.open)
            {
                let octets = out.entry(name.clone()).or_default();
                say(octets, *number, "channel.flow", "active=true");
                *probes.awaited.entry((name.clone(), *number)).or_default() += 1;
            }
        }
        for (name, octets) in out {
            if let Some(connection) = self.connections.get(&name) {
                self.world.write(connection.pipe, &octets);
            }
        }
        while self.awaits_answers() {
            match self.world.read(PATIENCE) {
                Some((pipe, arrival)) => self.arrive(pipe, arrival),
                None => break,
            }
        }
    }

    fn awaits_answers(&mut self) -> bool {
        let Some(probes) = &mut self.probes else {
            return false;
        };
        probes.awaited.retain(|(name, _), count| {
            let connection = self.connections.get(name);
            *count > 0 && connection.is_some_and(|connection| !connection.over)
        });
        probes.open.retain(|(name, _)| {
            let connection = self.connections.get(name);
            connection.is_some_and(|connection| !connection.over)
        });
        !probes.awaited.is_empty()
    }

    /// Takes what comes because we asked.
    pub(super) fn is_answer_to_probe(&mut self, name: &str, frame: &Frame) -> bool {
        let Some(probes) = &mut self.probes else {
            return false;
        };
        if frame.kind != METHOD {
            return false;
        }
        let key = (name.to_owned(), frame.channel);
        let method = read_method(&frame.payload);
        let method = method
            .as_ref()
            .map_or("", |method: &Method| method.spec.name);
        if frame.channel < HIDDEN {
            if method == "channel.close" {
                probes.awaited.remove(&key);
            }
            let mine = method == "channel.flow-ok" && probes.awaited.contains_key(&key);
            if mine && let Some(count) = probes.awaited.get_mut(&key) {
                *count -= 1;
            }
            return mine;
        }
        match method {
            "channel.open-ok" => {
                probes.open.insert(key.clone());
            }
            "channel.close" => {
                probes.open.remove(&key);
                probes.awaited.remove(&key);
                let mut octets = Vec::new();
                say(&mut octets, frame.channel, "channel.close-ok", "");
                if let Some(connection) = self.connections.get(name) {
                    self.world.write(connection.pipe, &octets);
                }
            }
            _ => {}
        }
        if let Some(count) = probes.awaited.get_mut(&key) {
            *count = count.saturating_sub(1);
        }
        true
    }
}

fn say(out: &mut Vec<u8>, channel: u16, method: &str, arguments: &str) {
    let mut arguments = read_arguments(&mut Cursor::new(arguments)).unwrap_or_default();
    let payload = named(method).and_then(|spec| method_payload(spec, &mut arguments));
    debug_assert_eq!(arguments, Arguments::new());
    write_frame(out, METHOD, channel, &payload.unwrap_or_default());
}
