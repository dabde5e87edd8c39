//! A client that does what a program's steps say and writes down what the server answers.
//!
//! What a broker may choose freely is made the same here: names it invents are numbered, confirms
//! are written one by one in order after everything else of their channel, and what comes on
//! different channels is grouped by channel.

use super::codec::{
    Argument, Arguments, BODY, Frame, GREETING, HEADER, HEARTBEAT, METHOD, Method, method_payload,
    named, read_header, read_method, take_frame, take_text, write_frame,
};
use super::probe::Probes;
use super::program::{Place, Step, read_step};
use super::spec::MethodSpec;
use super::value::{Value, quote};
use super::world::{Arrival, VHOST, World};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A step is over when nothing came for so long.
const QUIET: Duration = Duration::from_millis(40);

/// An answer that has not come after so long does not come.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a client says it can do, unless a program says otherwise.
const CAPABILITIES: [&str; 6] = [
    "authentication_failure_close",
    "basic.nack",
    "connection.blocked",
    "consumer_cancel_notify",
    "exchange_exchange_bindings",
    "publisher_confirms",
];

/// One line of the transcript before it is put in order.
pub(super) struct Line {
    pub(super) connection: String,
    pub(super) channel: u16,
    /// The delivery tag of a confirm.
    pub(super) confirm: Option<u64>,
    pub(super) text: String,
}

/// A content on its way.
pub(super) struct Content {
    pub(super) line: String,
    /// Size of the whole body once its header has come.
    pub(super) size: Option<u64>,
    pub(super) body: Vec<u8>,
}

#[derive(Default)]
pub(super) struct Channel {
    pub(super) open: bool,
    pub(super) content: Option<Content>,
    /// In confirm mode: how many were published, and which of them are not confirmed.
    pub(super) confirms: Option<(u64, BTreeSet<u64>)>,
}

#[derive(Default)]
pub(super) struct Connection {
    pub(super) pipe: usize,
    pub(super) inbox: Vec<u8>,
    pub(super) channels: BTreeMap<u16, Channel>,
    pub(super) over: bool,
    /// What `connect` was told; there until the connection is open.
    pub(super) greeting: Option<Arguments>,
}

/// A client with any number of connections.
pub(crate) struct Client<W> {
    /// There when the client asks for quiet instead of waiting for it.
    pub(super) probes: Option<Probes>,
    pub(crate) world: W,
    pub(super) connections: BTreeMap<String, Connection>,
    held: BTreeMap<String, Vec<u8>>,
    pub(super) lines: Vec<Line>,
    names: Names,
    quiet: Duration,
}

impl<W: World> Client<W> {
    pub(crate) fn new(world: W) -> Self {
        Self {
            world,
            connections: BTreeMap::new(),
            held: BTreeMap::new(),
            lines: Vec::new(),
            names: Names::default(),
            quiet: QUIET,
            probes: None,
        }
    }

    /// A client that believes a step to be over after so long a quiet: more than usual, where a
    /// broker on a busy machine is to be given time.
    pub(crate) fn new_with_quiet(world: W, quiet: Duration) -> Self {
        Self {
            quiet,
            ..Self::new(world)
        }
    }

    /// A client that finds out by questions of its own, on channels of its own, that a step is over:
    /// far quicker than waiting, for programs of which only few in a million mind the questions.
    pub(crate) fn new_with_probes(world: W) -> Self {
        Self {
            probes: Some(Probes::default()),
            ..Self::new(world)
        }
    }

    /// Does one step and gives the answers to it.
    pub(crate) fn step(&mut self, text: &str) -> Result<Vec<String>, String> {
        let text = self.names.fill_in(text).replace(VHOST, self.world.vhost());
        match read_step(&text)? {
            Step::Note => return Ok(Vec::new()),
            Step::Open(places) => {
                for place in places {
                    self.open(&place)?;
                }
            }
            Step::Connect(name, arguments) => self.connect(&name, arguments),
            Step::Dial(name) => {
                self.dial(&name);
                self.settle(1);
            }
            Step::HangUp(name) => {
                let connection = self.connection(&name)?;
                connection.over = true;
                let pipe = connection.pipe;
                self.world.hang_up(pipe);
                self.settle(3);
            }
            Step::Wait(time) => self.listen_for(time),
            Step::Control(words) => {
                self.world.control(&words)?;
                self.settle(2);
            }
            Step::Send {
                place,
                octets,
                question,
                method,
                times,
                held,
            } => {
                self.count_publishes(&place, method.map_or("", |spec| spec.name), times);
                self.connection(&place.connection)?;
                let out = self.held.entry(place.connection.clone()).or_default();
                out.extend(octets);
                if !held {
                    for (name, octets) in std::mem::take(&mut self.held) {
                        let pipe = self.connection(&name)?.pipe;
                        self.world.write(pipe, &octets);
                    }
                    if question && !self.is_deaf(&place, method) {
                        self.listen_until(
                            |lines, connection| {
                                connection.over || lines.iter().any(|line| line.is_at(&place))
                            },
                            &place.connection,
                        );
                    }
                    self.settle(1);
                    self.note_owner(&place, method);
                }
            }
        }
        Ok(self.take_lines())
    }

    /// Lets go of every connection and undoes what outlives a vhost.
    pub(crate) fn tidy_up(&mut self) {
        for connection in self.connections.values_mut() {
            self.world.hang_up(connection.pipe);
        }
    }

    fn connection(&mut self, name: &str) -> Result<&mut Connection, String> {
        let connection = self.connections.get_mut(name);
        connection.ok_or_else(|| format!("there is no connection `{name}`: open it first"))
    }

    fn dial(&mut self, name: &str) {
        let pipe = self.world.dial();
        let connection = Connection {
            pipe,
            ..Connection::default()
        };
        self.connections.insert(name.to_owned(), connection);
    }

    fn connect(&mut self, name: &str, arguments: Arguments) {
        self.dial(name);
        if let Some(connection) = self.connections.get_mut(name) {
            connection.greeting = Some(arguments);
            self.world.write(connection.pipe, GREETING);
        }
        self.listen_until(
            |_, connection| connection.over || connection.greeting.is_none(),
            name,
        );
        // No second quiet time: a connection that is open has nothing more to say.
    }

    fn open(&mut self, place: &Place) -> Result<(), String> {
        let known = self.connections.get(&place.connection);
        if known.is_none_or(|connection| connection.over) {
            self.connect(&place.connection, Arguments::new());
        }
        let pipe = self.connection(&place.connection)?.pipe;
        let payload = method_payload(named("channel.open")?, &mut Arguments::new())?;
        let mut octets = Vec::new();
        write_frame(&mut octets, METHOD, place.channel, &payload);
        self.world.write(pipe, &octets);
        self.listen_until(
            |lines, connection| connection.over || lines.iter().any(|line| line.is_at(place)),
            &place.connection,
        );
        self.lines
            .retain(|line| !(line.is_at(place) && line.text == "channel.open-ok"));
        Ok(())
    }

    fn count_publishes(&mut self, place: &Place, method: &str, times: u64) {
        let Some(connection) = self.connections.get_mut(&place.connection) else {
            return;
        };
        let channel = connection.channels.entry(place.channel).or_default();
        match (method, &mut channel.confirms) {
            ("channel.open", confirms) => *confirms = None,
            ("confirm.select", confirms @ None) => *confirms = Some((0, BTreeSet::new())),
            ("basic.publish", Some((count, open))) => {
                for _ in 0..times {
                    *count += 1;
                    open.insert(*count);
                }
            }
            _ => {}
        }
    }

    /// Whether no answer will come, so that who is in a hurry need not wait for one.
    fn is_deaf(&self, place: &Place, method: Option<&MethodSpec>) -> bool {
        let channel = self
            .connections
            .get(&place.connection)
            .and_then(|connection| connection.channels.get(&place.channel));
        let open = channel.is_some_and(|channel| channel.open);
        let opens = method.is_some_and(|spec| spec.name == "channel.open");
        self.probes.is_some() && !open && !opens && place.channel != 0
    }

    /// The end of a step: nothing more comes.
    fn settle(&mut self, times: u32) {
        if self.probes.is_some() {
            self.probe_until_quiet();
        } else {
            self.listen(self.quiet * times);
        }
    }

    // ---- listening ------------------------------------------------------------------------

    /// Until nothing comes for that long.
    pub(crate) fn listen(&mut self, quiet: Duration) {
        while let Some((pipe, arrival)) = self.world.read(quiet) {
            self.arrive(pipe, arrival);
        }
    }

    /// For exactly that long.
    fn listen_for(&mut self, time: Duration) {
        let end = self.world.now() + time;
        while let Some(left) = end.checked_sub(self.world.now()) {
            match self.world.read(left) {
                Some((pipe, arrival)) => self.arrive(pipe, arrival),
                None => break,
            }
        }
    }

    fn listen_until(&mut self, done: impl Fn(&[Line], &Connection) -> bool, name: &str) {
        let patience = if self.probes.is_some() {
            PATIENCE / 10
        } else {
            PATIENCE
        };
        let end = self.world.now() + patience;
        while !self
            .connections
            .get(name)
            .is_none_or(|connection| done(&self.lines, connection))
        {
            let left = end.saturating_sub(self.world.now());
            match self.world.read(left) {
                Some((pipe, arrival)) => self.arrive(pipe, arrival),
                None => break,
            }
        }
    }

    pub(super) fn arrive(&mut self, pipe: usize, arrival: Arrival) {
        let found = self
            .connections
            .iter_mut()
            .find(|(_, connection)| connection.pipe == pipe);
        let Some((name, connection)) = found else {
            return;
        };
        let name = name.clone();
        match arrival {
            Arrival::End => {
                if !std::mem::replace(&mut connection.over, true) {
                    let left = std::mem::take(&mut connection.inbox);
                    if !left.is_empty() {
                        self.say(&name, 0, format!("octets {}", quote(&left)));
                    }
                    self.say(&name, 0, "end".to_owned());
                }
            }
            Arrival::Octets(octets) => {
                connection.inbox.extend(octets);
                if connection.inbox.starts_with(b"AMQP") && connection.inbox.len() >= 8 {
                    let greeting: Vec<u8> = connection.inbox.drain(..8).collect();
                    self.say(&name, 0, format!("greeting {}", quote(&greeting)));
                    return;
                }
                while let Some(frame) = self
                    .connections
                    .get_mut(&name)
                    .filter(|connection| !connection.inbox.starts_with(b"AMQP"))
                    .and_then(|connection| take_frame(&mut connection.inbox))
                {
                    self.frame(&name, frame);
                }
            }
        }
    }

    fn say(&mut self, connection: &str, channel: u16, text: String) {
        self.lines.push(Line {
            connection: connection.to_owned(),
            channel,
            confirm: None,
            text,
        });
    }

    fn frame(&mut self, name: &str, frame: Frame) {
        if self.is_answer_to_probe(name, &frame) {
            return;
        }
        match frame.kind {
            METHOD => match read_method(&frame.payload) {
                Some(method) => self.method(name, frame.channel, &method),
                None => self.say(
                    name,
                    frame.channel,
                    format!("method {}", quote(&frame.payload)),
                ),
            },
            HEADER | BODY => self.content(name, &frame),
            HEARTBEAT => self.say(name, frame.channel, "heartbeat".to_owned()),
            other => self.say(name, frame.channel, format!("frame type={other}")),
        }
    }

    fn content(&mut self, name: &str, frame: &Frame) {
        let Some(connection) = self.connections.get_mut(name) else {
            return;
        };
        let channel = connection.channels.entry(frame.channel).or_default();
        let Some(mut content) = channel.content.take() else {
            self.say(
                name,
                frame.channel,
                format!("content without a method, type={}", frame.kind),
            );
            return;
        };
        if frame.kind == HEADER {
            let (size, properties) = read_header(&frame.payload).unwrap_or_default();
            content.size = Some(size);
            content.line.push_str(&properties);
        } else {
            content.body.extend(&frame.payload);
        }
        if content
            .size
            .is_some_and(|size| content.body.len() as u64 >= size)
        {
            let line = format!("{} body={}", content.line, quote(&content.body));
            self.say(name, frame.channel, line);
        } else {
            channel.content = Some(content);
        }
    }

    fn method(&mut self, name: &str, number: u16, method: &Method) {
        if self.shakes_hands(name, method) {
            return;
        }
        let Some(connection) = self.connections.get_mut(name) else {
            return;
        };
        let channel = connection.channels.entry(number).or_default();
        match method.spec.name {
            "basic.ack" | "basic.nack" if channel.confirms.is_some() => {
                self.confirm(name, number, method);
                return;
            }
            "channel.open-ok" => channel.open = true,
            "channel.close-ok" => channel.open = false,
            "channel.close" => {
                channel.open = false;
                channel.content = None;
                channel.confirms = None;
            }
            "connection.close" => {
                let mut octets = Vec::new();
                write_frame(&mut octets, METHOD, 0, &[0, 10, 0, 51]);
                let pipe = connection.pipe;
                self.world.write(pipe, &octets);
            }
            _ if method.spec.content => {
                channel.content = Some(Content {
                    line: method.line(),
                    size: None,
                    body: Vec::new(),
                });
                return;
            }
            _ => {}
        }
        self.say(name, number, method.line());
    }

    /// One line for each publish that is confirmed.
    fn confirm(&mut self, name: &str, number: u16, method: &Method) {
        let tag: u64 = method.get("delivery-tag").parse().unwrap_or_default();
        let open = self
            .connections
            .get_mut(name)
            .and_then(|connection| connection.channels.get_mut(&number))
            .and_then(|channel| channel.confirms.as_mut());
        let Some((_, open)) = open else {
            return;
        };
        let tags: Vec<u64> = if method.get("multiple") == "true" {
            open.range(..=tag).copied().collect()
        } else {
            vec![tag]
        };
        for tag in tags {
            let doubt = if open.remove(&tag) {
                ""
            } else {
                " that was not open"
            };
            self.lines.push(Line {
                connection: name.to_owned(),
                channel: number,
                confirm: Some(tag),
                text: format!("{} delivery-tag={tag}{doubt}", method.spec.name),
            });
        }
    }

    /// Answers the server's part of a usual handshake; whether this was one.
    fn shakes_hands(&mut self, name: &str, method: &Method) -> bool {
        let vhost = self.world.vhost().to_owned();
        let Some(connection) = self.connections.get_mut(name) else {
            return false;
        };
        let Some(said) = &mut connection.greeting else {
            return false;
        };
        let mut out = Vec::new();
        let mut answer = |name: &str, mut arguments: Arguments| {
            let payload = named(name).and_then(|spec| method_payload(spec, &mut arguments));
            let payload = payload.expect("the handshake's own methods are well formed");
            write_frame(&mut out, METHOD, 0, &payload);
        };
        match method.spec.name {
            "connection.start" => answer("connection.start-ok", start_ok(said)),
            "connection.tune" => {
                let mut limits = Arguments::new();
                for limit in ["channel-max", "frame-max", "heartbeat"] {
                    let usual = if limit == "heartbeat" {
                        "0"
                    } else {
                        method.get(limit)
                    };
                    let value = take_text(said, limit).unwrap_or_else(|| usual.as_bytes().to_vec());
                    limits.insert(limit.to_owned(), Argument::Text(value));
                }
                answer("connection.tune-ok", limits);
                let vhost = take_text(said, "vhost").unwrap_or_else(|| vhost.into_bytes());
                let open = [("virtual-host".to_owned(), Argument::Text(vhost))];
                answer("connection.open", open.into());
            }
            "connection.open-ok" => connection.greeting = None,
            _ => return false,
        }
        let pipe = connection.pipe;
        self.world.write(pipe, &out);
        true
    }

    // ---- order ----------------------------------------------------------------------------

    /// The lines since the last step, in their lasting order and form.
    fn take_lines(&mut self) -> Vec<String> {
        let mut lines = std::mem::take(&mut self.lines);
        lines.sort_by(|a, b| a.order().cmp(&b.order()));
        lines.dedup_by(|a, b| a.text == "heartbeat" && a.order() == b.order() && a.text == b.text);
        let vhost = self.world.vhost().to_owned();
        lines
            .iter()
            .map(|line| {
                let place = if line.connection.is_empty() {
                    line.channel.to_string()
                } else {
                    format!("{}.{}", line.connection, line.channel)
                };
                let text = self.names.hide(&line.text).replace(&vhost, VHOST);
                format!("{place} {text}")
            })
            .collect()
    }
}

impl Line {
    fn order(&self) -> (&str, u16, Option<u64>) {
        (&self.connection, self.channel, self.confirm)
    }

    fn is_at(&self, place: &Place) -> bool {
        self.connection == place.connection && self.channel == place.channel
    }
}

/// The usual answer to connection.start with what the program says differently.
fn start_ok(said: &mut Arguments) -> Arguments {
    let text = |said: &mut Arguments, name: &str, usual: &str| {
        take_text(said, name).unwrap_or_else(|| usual.as_bytes().to_vec())
    };
    let user = text(said, "user", "guest");
    let password = text(said, "password", "guest");
    let capabilities = text(said, "capabilities", &CAPABILITIES.join(" "));
    let capabilities = String::from_utf8_lossy(&capabilities).into_owned();
    let able = capabilities
        .split_whitespace()
        .map(|name| (name.as_bytes().to_vec(), Value::Bool(true)));
    let properties = vec![(b"capabilities".to_vec(), Value::Table(able.collect()))];
    let mut response = vec![0];
    response.extend(user);
    response.push(0);
    response.extend(password);
    let mut arguments = Arguments::new();
    arguments.insert("client-properties".to_owned(), Argument::Table(properties));
    for (name, value) in [
        ("mechanism", b"PLAIN".to_vec()),
        ("response", response),
        ("locale", b"en_US".to_vec()),
    ] {
        arguments.insert(name.to_owned(), Argument::Text(value));
    }
    arguments
}

/// Names that the broker invents, numbered in the order in which they are seen.
#[derive(Default)]
struct Names {
    /// Real name and placeholder.
    seen: Vec<(String, String)>,
}

/// How an invented name starts, and what stands for it.
const INVENTED: [(&str, &str); 3] = [
    ("amq.gen-", "gen"),
    ("amq.ctag-", "ctag"),
    ("amq.rabbitmq.reply-to.", "reply-to"),
];

/// Invented names are longer than what a program would call its own.
const INVENTED_TAIL: usize = 6;

impl Names {
    fn fill_in(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, placeholder) in &self.seen {
            text = text.replace(&format!("={placeholder}"), &format!("=\"{name}\""));
            text = text.replace(placeholder, name);
        }
        text
    }

    fn hide(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for (prefix, word) in INVENTED {
            let mut from = 0;
            while let Some(at) = text[from..].find(prefix).map(|at| at + from) {
                let tail = &text[at + prefix.len()..];
                let inside =
                    |letter: char| letter.is_ascii_alphanumeric() || "_-+/=.#".contains(letter);
                let length = tail.find(|letter| !inside(letter)).unwrap_or(tail.len());
                if length < INVENTED_TAIL {
                    from = at + prefix.len();
                    continue;
                }
                let end = at + prefix.len() + length;
                let placeholder = self.placeholder(&text[at..end], word);
                text.replace_range(at..end, &placeholder);
                from = at + placeholder.len();
            }
        }
        // A placeholder is a word, whatever was in the name.
        for (_, placeholder) in &self.seen {
            text = text.replace(&format!("=\"{placeholder}\""), &format!("={placeholder}"));
        }
        text
    }

    fn placeholder(&mut self, name: &str, word: &str) -> String {
        if let Some((_, known)) = self.seen.iter().find(|(seen, _)| seen == name) {
            return known.clone();
        }
        let count = self
            .seen
            .iter()
            .filter(|(_, known)| known.starts_with(&format!("<{word}-")))
            .count();
        let placeholder = format!("<{word}-{}>", count + 1);
        self.seen.push((name.to_owned(), placeholder.clone()));
        placeholder
    }
}
