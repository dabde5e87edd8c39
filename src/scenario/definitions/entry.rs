//! One entry of a section, read field by field with RabbitMQ's defaults.
//!
//! Deliberately not here: what entries refer to.

use crate::scenario::format::{Cursor, Json, JsonObject, Number, shown, too_long};
use crate::scenario::locate::Path;
use crate::scenario::{Exchange, Problem, Queue};
use crate::types::{
    ApplyTo, ExchangeType, FieldTable, FieldValue, Pattern, Phrase, Policy, ProblemCode, ShortText,
    VhostName,
};

/// An entry that was read: its name, its virtual host, what it is.
pub(super) struct Named<T> {
    pub(super) name: String,
    pub(super) vhost: VhostName,
    pub(super) what: T,
}

impl<T> Named<T> {
    /// The same of what `f` makes of it.
    pub(super) fn map<U>(self, f: fn(T) -> U) -> Named<U> {
        Named {
            name: self.name,
            vhost: self.vhost,
            what: f(self.what),
        }
    }
}

/// A binding as the file says it.
pub(super) struct BindingEntry {
    pub(super) vhost: VhostName,
    pub(super) source: String,
    pub(super) destination: String,
    pub(super) to_queue: bool,
    pub(super) key: String,
    pub(super) arguments: FieldTable,
}

/// Keys RabbitMQ knows in each kind of entry, or writes itself.
pub(super) const EXCHANGE_KEYS: [&str; 10] = [
    "name",
    "vhost",
    "type",
    "durable",
    "auto_delete",
    "internal",
    "arguments",
    "policy",
    "user_who_performed_action",
    "message_stats",
];
pub(super) const QUEUE_KEYS: [&str; 10] = [
    "name",
    "vhost",
    "type",
    "durable",
    "auto_delete",
    "arguments",
    "exclusive",
    "policy",
    "node",
    "state",
];
pub(super) const BINDING_KEYS: [&str; 7] = [
    "source",
    "vhost",
    "destination",
    "destination_type",
    "routing_key",
    "arguments",
    "properties_key",
];

/// An entry that lacks a field.
pub(super) fn no_key(problem: Problem, key: &str) -> Problem {
    problem
        .with_phrase("reason", Phrase::NoKey)
        .with("key", key)
}

/// Reads fields of one entry.
pub(super) struct Fields<'a> {
    pub(super) map: &'a JsonObject,
    pub(super) path: &'a Path,
    /// The virtual host of entries that name none.
    pub(super) vhost: Option<&'a str>,
}

impl Fields<'_> {
    fn broken(&self) -> Problem {
        Problem::new(ProblemCode::EntryBroken).at_path(self.path.to_string())
    }

    /// A field is there and is something else than expected.
    fn not_expected(&self, key: &str, given: &Json, expected: Phrase) -> Problem {
        self.broken()
            .with_phrase("reason", Phrase::KeyNotExpected)
            .with("key", key)
            .with("given", shown(given))
            .with_phrase("expected", expected)
    }

    fn missing(&self, key: &str) -> Problem {
        no_key(self.broken(), key)
    }

    fn text(&self, key: &str) -> Result<Option<&str>, Problem> {
        match self.map.get(key) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.not_expected(key, other, Phrase::Text)),
        }
    }

    fn need(&self, key: &str) -> Result<&str, Problem> {
        self.text(key)?.ok_or_else(|| self.missing(key))
    }

    fn name(&self, key: &str) -> Result<String, Problem> {
        let name = self.need(key)?;
        match VhostName::new(name) {
            Ok(_) => Ok(name.to_owned()),
            Err(error) => Err(too_long(self.broken(), &error)),
        }
    }

    pub(super) fn vhost(&self) -> Result<VhostName, Problem> {
        let name = self.text("vhost")?.or(self.vhost);
        let name = name.ok_or_else(|| self.missing("vhost"))?;
        VhostName::new(name).map_err(|error| too_long(self.broken(), &error))
    }

    /// Some tools write booleans as text.
    fn flag(&self, key: &str, default: bool) -> Result<bool, Problem> {
        match self.map.get(key) {
            None | Some(Json::Null) => Ok(default),
            Some(Json::Bool(flag)) => Ok(*flag),
            Some(Json::String(text)) if text == "true" => Ok(true),
            Some(Json::String(text)) if text == "false" => Ok(false),
            Some(other) => Err(self.not_expected(key, other, Phrase::Flag)),
        }
    }

    fn arguments(&self) -> Result<FieldTable, Problem> {
        self.table("arguments")
    }

    fn table(&self, key: &str) -> Result<FieldTable, Problem> {
        let Some(arguments) = self.map.get(key).filter(|it| **it != Json::Null) else {
            return Ok(FieldTable::new());
        };
        Cursor::top(arguments).table().map_err(|refusal| {
            let path = self.path.key(key).below(&refusal.path);
            Problem {
                code: ProblemCode::EntryBroken,
                ..refusal.problem.at_path(path.to_string())
            }
        })
    }

    pub(super) fn exchange(&self) -> Result<Named<Exchange>, Problem> {
        let exchange_type = self.text("type")?.unwrap_or("direct").to_owned();
        Ok(Named {
            name: self.name("name")?,
            vhost: self.vhost()?,
            what: Exchange {
                exchange_type: ExchangeType::from(exchange_type),
                durable: self.flag("durable", true)?,
                auto_delete: self.flag("auto_delete", false)?,
                internal: self.flag("internal", false)?,
                arguments: self.arguments()?,
            },
        })
    }

    pub(super) fn queue(&self) -> Result<Named<Queue>, Problem> {
        Ok(Named {
            name: self.name("name")?,
            vhost: self.vhost()?,
            what: Queue {
                declared: true,
                durable: self.flag("durable", true)?,
                exclusive: false,
                auto_delete: self.flag("auto_delete", false)?,
                arguments: self.arguments()?,
            },
        })
    }

    /// What a policy says. Of an operator policy, which is a parameter, that stands within `self`,
    /// and its name around.
    pub(super) fn policy(&self, around: Option<&Self>) -> Result<Policy, Problem> {
        let named = around.unwrap_or(self);
        let name = named.name("name")?;
        let problem = |code| {
            Problem::new(code)
                .at_path(self.path.to_string())
                .with("name", &name)
        };
        let pattern = self.need("pattern")?;
        let pattern = Pattern::new(pattern).map_err(|error| {
            problem(ProblemCode::PolicyPattern)
                .with("pattern", pattern)
                .with("at", error.at + 1)
        })?;
        let target = self.text("apply-to")?.unwrap_or("all");
        let setting = |key: &str| problem(ProblemCode::PolicySetting).with("key", key);
        let priority = self.map.get("priority").and_then(Json::as_number);
        let policy = Policy {
            vhost: named.vhost()?,
            operator: around.is_some(),
            pattern,
            apply_to: ApplyTo::parse(target).ok_or_else(|| setting("apply-to"))?,
            priority: priority.and_then(Number::as_i64).unwrap_or(0),
            definition: self.table("definition")?,
            name: ShortText::truncated(&name),
        };
        match policy.check() {
            Ok(()) => Ok(policy),
            Err(refused) => Err(setting(&refused.setting)),
        }
    }

    pub(super) fn binding(&self) -> Result<BindingEntry, Problem> {
        let to_queue = match self.text("destination_type")?.unwrap_or("queue") {
            "queue" => true,
            "exchange" => false,
            other => {
                let given = Json::from(other);
                let expected = Phrase::QueueOrExchange;
                return Err(self.not_expected("destination_type", &given, expected));
            }
        };
        let key = match self.map.get("routing_key") {
            Some(_) if self.text("routing_key")?.is_some() => self.name("routing_key")?,
            _ => String::new(),
        };
        Ok(BindingEntry {
            vhost: self.vhost()?,
            source: self.name("source")?,
            destination: self.name("destination")?,
            to_queue,
            key,
            arguments: self.arguments()?,
        })
    }

    /// Sets the type of a queue whose arguments do not: from its own `type`, or from its virtual
    /// host's default.
    pub(super) fn take_type(
        &self,
        queue: &mut Named<Queue>,
        default: Option<&str>,
    ) -> Result<Option<Problem>, Problem> {
        let own = self.text("type")?;
        let argument = queue.what.arguments.get("x-queue-type").cloned();
        let problem = |code| {
            Problem::new(code)
                .at_path(self.path.to_string())
                .with("name", &queue.name)
        };
        let given = argument.as_ref().and_then(FieldValue::as_text);
        let default = default.filter(|kind| !matches!(*kind, "classic" | "undefined"));
        let (taken, source) = match (own, argument.is_some(), default) {
            (Some(own), true, _) => {
                let differs = given.is_some_and(|given| given != own);
                return Ok(differs.then(|| {
                    problem(ProblemCode::QueueTypeTwice)
                        .with("type", own)
                        .with("given", given.unwrap_or_default())
                }));
            }
            (None, true, _) | (None | Some("classic"), false, None) => return Ok(None),
            (Some(own), false, _) => (own, "type"),
            (None, false, Some(default)) => (default, "default_queue_type"),
        };
        let notice = problem(ProblemCode::QueueTypeTaken)
            .with("type", taken)
            .with("source", source);
        queue.what.arguments.set("x-queue-type", taken);
        Ok(Some(notice))
    }
}
