//! A broker made as a definitions file describes it: vhosts, users and what they may do, limits,
//! policies, exchanges, queues, bindings.
//!
//! In RabbitMQ's order of import (`rabbit_definitions`). Deliberately not here: reading what the stage
//! shows (`scenario::definitions`), and runs, in which nobody logs in: of users they know nothing.

#[cfg(test)]
mod tests;

use super::assembly::declared;
use crate::broker::{Broker, Command, Effects, Password, Permissions, User, VhostLimits};
use crate::scenario::definitions::{Imported, import, policies};
use crate::scenario::format::{Json, JsonObject};
use crate::scenario::{Edge, EdgeKind, Node, NodeKind, Problem, Scenario};
use crate::types::{
    ChannelRef, ConnectionId, ExchangeName, ProblemCode, QueueName, ShortText, SimTime, VhostName,
};
use sha2::{Digest, Sha256, Sha512};
use std::fmt::Display;
use std::rc::Rc;

/// The connection on which things are declared; open only while a file is loaded.
const LOADER: ConnectionId = ConnectionId(0);
/// Names that are the broker's own: they are there already, and RabbitMQ passes over them.
const RESERVED_PREFIX: &str = "amq.";
/// Octets of salt in front of a password's hash (`rabbit_password`).
const SALT_OCTETS: usize = 4;

/// What did not go as the file says.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What the stage would show of it, in which problems have their places.
    pub scenario: Scenario,
    /// What could not be honoured in the file and what is worth knowing.
    pub problems: Vec<Problem>,
    /// What the broker did not take: a sentence each, with the broker's reason.
    pub refused: Vec<String>,
}

/// Makes everything that a definitions file describes. A file with users replaces the default one,
/// as it does when RabbitMQ starts with it. The connection 0 must be free.
///
/// # Errors
/// When it is no definitions file, or one that RabbitMQ refuses as a whole; nothing has happened then.
pub fn load(broker: &mut Broker, now: SimTime, text: &str) -> Result<Loaded, Problem> {
    let Imported {
        scenario, problems, ..
    } = import(text)?;
    // What runs leave alone counts here: users and permissions, and of parameters the limits.
    let mut parameters = entries(&scenario.carried, "parameters").iter();
    let others = parameters
        .any(|it| !["vhost-limits", "operator_policy"].contains(&text_of(it, "component")));
    let counts = |it: &Problem| {
        it.code == ProblemCode::Kept
            && match it.place.path.as_str() {
                "users" | "permissions" | "topic_permissions" => true,
                "parameters" => !others,
                _ => false,
            }
    };
    let mut loading = Loading {
        broker,
        now,
        effects: Effects::new(),
        refused: Vec::new(),
    };
    loading.everything(&scenario);
    Ok(Loaded {
        problems: problems.into_iter().filter(|it| !counts(it)).collect(),
        refused: loading.refused,
        scenario,
    })
}

struct Loading<'a> {
    broker: &'a mut Broker,
    now: SimTime,
    effects: Effects,
    refused: Vec<String>,
}

/// The entries of a section.
fn entries<'a>(carried: &'a JsonObject, section: &str) -> &'a [Json] {
    let entries = carried.get(section).and_then(Json::as_array);
    entries.unwrap_or_default()
}

fn text_of<'a>(entry: &'a Json, key: &str) -> &'a str {
    entry.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// A limit; what is not there or below zero is none.
fn limit(limits: Option<&Json>, key: &str) -> Option<u32> {
    let limit = limits?.get(key)?.as_number()?.as_u64()?;
    Some(u32::try_from(limit).unwrap_or(u32::MAX))
}

impl Loading<'_> {
    fn refuse(&mut self, what: impl Display, why: impl Display) {
        self.refused.push(format!("{what}: {why}"));
    }

    fn everything(&mut self, scenario: &Scenario) {
        let carried = &scenario.carried;
        let users = entries(carried, "users");
        if !users.is_empty() {
            self.broker.clear_users();
        }
        for vhost in &scenario.vhosts {
            self.broker.add_vhost(vhost);
        }
        for user in users {
            self.user(user);
        }
        for entry in entries(carried, "permissions") {
            self.permissions(entry);
        }
        for entry in entries(carried, "topic_permissions") {
            self.topic_permissions(entry);
        }
        let policies = policies(carried);
        self.broker
            .replace_policies(self.now, policies, &mut self.effects);
        for vhost in &scenario.vhosts {
            self.declare_all(scenario, vhost);
        }
        for entry in entries(carried, "parameters") {
            if text_of(entry, "component") == "vhost-limits" {
                self.limits(text_of(entry, "vhost"), entry.get("value"));
            }
        }
        for entry in entries(carried, "vhosts") {
            if let Some(limits) = entry.get("limits").filter(|it| it.as_object().is_some()) {
                self.limits(text_of(entry, "name"), Some(limits));
            }
        }
    }

    fn user(&mut self, entry: &Json) {
        let name = text_of(entry, "name");
        let hash = text_of(entry, "password_hash");
        let password = if hash.is_empty() {
            Some(Password::Plain(text_of(entry, "password").into()))
        } else {
            hashed(hash, text_of(entry, "hashing_algorithm"))
        };
        if password.is_none() {
            self.refuse(
                format!("user '{name}' cannot log in"),
                "its hash is unknown",
            );
        }
        let tags: Vec<ShortText> = match entry.get("tags") {
            Some(Json::Array(tags)) => tags
                .iter()
                .filter_map(Json::as_str)
                .map(ShortText::truncated)
                .collect(),
            Some(tags) => tags
                .as_str()
                .unwrap_or_default()
                .split(',')
                .map(|tag| ShortText::truncated(tag.trim()))
                .collect(),
            None => Vec::new(),
        };
        let limits = entry.get("limits");
        self.broker.set_user(User {
            name: ShortText::truncated(name),
            // Nobody can log in with an empty password.
            password: password.unwrap_or_else(|| Password::Plain("".into())),
            tags,
            max_connections: limit(limits, "max-connections"),
            max_channels: limit(limits, "max-channels"),
        });
    }

    fn permissions(&mut self, entry: &Json) {
        let (user, vhost) = (text_of(entry, "user"), text_of(entry, "vhost"));
        let what = format!("permissions of user '{user}' in vhost '{vhost}'");
        let vhost = VhostName::truncated(vhost);
        let [configure, write, read] = ["configure", "write", "read"].map(|it| text_of(entry, it));
        let rights = Permissions::new(configure, write, read);
        match rights.map(|rights| self.broker.set_permissions(user, &vhost, rights)) {
            Err(error) => self.refuse(what, error),
            Ok(true) => {}
            Ok(false) => self.refuse(what, "no such user"),
        }
    }

    fn topic_permissions(&mut self, entry: &Json) {
        let (user, exchange) = (text_of(entry, "user"), text_of(entry, "exchange"));
        let what = format!("topic permissions of user '{user}' on exchange '{exchange}'");
        let vhost = VhostName::truncated(text_of(entry, "vhost"));
        let exchange = ExchangeName::truncated(exchange);
        let rights = (text_of(entry, "write"), text_of(entry, "read"));
        match self
            .broker
            .set_topic_permissions(user, &vhost, &exchange, rights)
        {
            Err(error) => self.refuse(what, error),
            Ok(true) => {}
            Ok(false) => self.refuse(what, "no such user"),
        }
    }

    fn limits(&mut self, vhost: &str, limits: Option<&Json>) {
        let limits = VhostLimits {
            max_connections: limit(limits, "max-connections"),
            max_queues: limit(limits, "max-queues"),
        };
        let name = VhostName::truncated(vhost);
        self.broker.set_vhost_limits(&name, limits);
        let id = self.broker.vhost_named(&name);
        let queues = self
            .broker
            .queues()
            .filter(|it| Some(it.vhost) == id)
            .count();
        if let Some(max) = limits.max_queues.filter(|max| queues > *max as usize) {
            let why = format!("the file has {queues}, and RabbitMQ would not import it");
            self.refuse(format!("vhost '{vhost}' is limited to {max} queues"), why);
        }
    }

    /// Declares and binds all that is in a vhost.
    fn declare_all(&mut self, scenario: &Scenario, vhost: &VhostName) {
        let what = format!("vhost '{vhost}'");
        self.say(0, Command::open(vhost.clone()), &what);
        self.say(1, Command::ChannelOpen, &what);
        for node in scenario.nodes.values().filter(|it| it.vhost == *vhost) {
            let own = node.name.is_empty() || node.name.starts_with(RESERVED_PREFIX);
            if let Some(command) = declared(node).filter(|_| !own) {
                let what = format!(
                    "{} '{}' in vhost '{vhost}'",
                    node.kind.shape().word(),
                    node.name
                );
                self.say(1, command, &what);
            }
        }
        for edge in scenario.edges.values() {
            let (Some(from), Some(to)) = (scenario.node(edge.from), scenario.node(edge.to)) else {
                continue;
            };
            if from.vhost == *vhost
                && let Some(command) = bound(edge, from, to)
            {
                let what = format!(
                    "binding of '{}' to '{}' in vhost '{vhost}'",
                    to.name, from.name
                );
                self.say(1, command, &what);
            }
        }
        self.say(0, Command::ConnectionClose, &what);
    }

    /// Says a command; after a refusal there is a channel again.
    fn say(&mut self, channel: u16, command: Command, what: &str) {
        let at = ChannelRef::new(LOADER, channel);
        let answer = self.broker.apply(self.now, at, command, &mut self.effects);
        self.effects.clear();
        if let Err(error) = answer {
            self.refuse(what, error);
            if channel != 0 && !self.broker.is_open(at) {
                // Where the connection itself is closed, the rest of the vhost is refused one by one.
                let open = Command::ChannelOpen;
                let _ = self.broker.apply(self.now, at, open, &mut self.effects);
            }
        }
    }
}

fn bound(edge: &Edge, from: &Node, to: &Node) -> Option<Command> {
    let EdgeKind::Binding {
        binding_key,
        arguments,
    } = &edge.kind
    else {
        return None;
    };
    let (binding_key, arguments) = (binding_key.clone(), arguments.clone());
    let source = ExchangeName::truncated(&from.name);
    match &to.kind {
        NodeKind::Queue(_) => Some(Command::QueueBind {
            queue: QueueName::truncated(&to.name),
            exchange: source,
            binding_key,
            arguments,
        }),
        NodeKind::Exchange(_) => Some(Command::ExchangeBind {
            destination: ExchangeName::truncated(&to.name),
            source,
            binding_key,
            arguments,
        }),
        NodeKind::Producer(_) | NodeKind::Consumer(_) => None,
    }
}

/// The password with this hash: base 64 of four octets of salt and the digest of salt and password.
/// Nothing for what is no such thing, or made by an algorithm that nobody should use any more.
fn hashed(hash: &str, algorithm: &str) -> Option<Password> {
    let octets = base_64(hash)?;
    let digest: fn(&[u8], &[u8]) -> Vec<u8> = match algorithm {
        "" | "rabbit_password_hashing_sha256" => digested::<Sha256>,
        "rabbit_password_hashing_sha512" => digested::<Sha512>,
        _ => return None,
    };
    let (salt, wanted) = octets.split_at_checked(SALT_OCTETS)?;
    let (salt, wanted) = (salt.to_vec(), wanted.to_vec());
    let is_it = move |password: &str| digest(&salt, password.as_bytes()) == wanted;
    Some(Password::Asked(Rc::new(is_it)))
}

fn digested<D: Digest>(salt: &[u8], password: &[u8]) -> Vec<u8> {
    let digest = D::new().chain_update(salt).chain_update(password);
    digest.finalize().to_vec()
}

/// The octets of a text in base 64 (RFC 4648, section 4).
fn base_64(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held) = (0u32, 0);
    let mut octets = Vec::new();
    for letter in text.trim_end_matches('=').bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            // Only the eight bits on top of those that are held back.
            octets.push((bits >> held) as u8);
        }
    }
    Some(octets)
}
