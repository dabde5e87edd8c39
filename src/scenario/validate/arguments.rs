//! Arguments of queues, exchanges and bindings, checked as the broker checks them when they are
//! declared (semantics, section 4, "Argument validation").
//!
//! Deliberately not here: what the arguments do.

use super::index::Index;
use crate::scenario::format::write_field_value;
use crate::scenario::{Exchange, Node, Problem, Queue, Shape};
use crate::types::{ExchangeType, FieldTable, FieldValue, Phrase, ProblemCode, Profile, QueueType};

/// The longest time to live or expiry in milliseconds: ten years of 365 days.
const EXPIRY_MS_MAX: i64 = 315_360_000_000;
const OVERFLOWS: [&str; 3] = ["drop-head", "reject-publish", "reject-publish-dlx"];
const MATCHES: [&str; 4] = ["all", "any", "all-with-x", "any-with-x"];

/// What an argument of a queue must be.
enum Rule {
    Integer { min: i64, max: i64 },
    Text,
    OneOf(&'static [&'static str]),
    Bool,
}

/// Of what a profile does not know, its rule does not count.
const QUEUE_RULES: [(&str, Rule); 16] = [
    (
        "x-message-ttl",
        Rule::Integer {
            min: 0,
            max: EXPIRY_MS_MAX,
        },
    ),
    (
        "x-expires",
        Rule::Integer {
            min: 1,
            max: EXPIRY_MS_MAX,
        },
    ),
    (
        "x-max-length",
        Rule::Integer {
            min: 0,
            max: i64::MAX,
        },
    ),
    (
        "x-max-length-bytes",
        Rule::Integer {
            min: 0,
            max: i64::MAX,
        },
    ),
    ("x-max-priority", Rule::Integer { min: 0, max: 255 }),
    (
        "x-delivery-limit",
        Rule::Integer {
            min: -1,
            max: i64::MAX,
        },
    ),
    ("x-delayed-retry-type", Rule::Text),
    (
        "x-delayed-retry-min",
        Rule::Integer {
            min: 0,
            max: i64::MAX,
        },
    ),
    (
        "x-delayed-retry-max",
        Rule::Integer {
            min: 0,
            max: i64::MAX,
        },
    ),
    ("x-queue-mode", Rule::OneOf(&["default", "lazy"])),
    ("x-queue-version", Rule::Integer { min: 1, max: 2 }),
    ("x-overflow", Rule::OneOf(&OVERFLOWS)),
    ("x-dead-letter-exchange", Rule::Text),
    ("x-dead-letter-routing-key", Rule::Text),
    ("x-single-active-consumer", Rule::Bool),
    (
        "x-queue-type",
        Rule::OneOf(&["classic", "quorum", "stream"]),
    ),
];

impl Rule {
    fn allows(&self, value: &FieldValue) -> bool {
        match self {
            Self::Integer { min, max } => value
                .as_integer()
                .is_some_and(|n| (*min..=*max).contains(&n)),
            Self::Text => value.as_text().is_some(),
            Self::OneOf(words) => value.as_text().is_some_and(|text| words.contains(&text)),
            Self::Bool => value.as_bool().is_some(),
        }
    }

    /// Says what it wants.
    fn told(&self, problem: Problem) -> Problem {
        match self {
            Self::Integer { min, max: i64::MAX } => problem
                .with_phrase("expected", Phrase::WholeNumberFrom)
                .with("min", min),
            Self::Integer { min, max } => problem
                .with_phrase("expected", Phrase::WholeNumber)
                .with("min", min)
                .with("max", max),
            Self::Text => problem.with_phrase("expected", Phrase::Text),
            Self::OneOf(words) => problem.with("expected", words.join(", ")),
            Self::Bool => problem.with_phrase("expected", Phrase::Flag),
        }
    }
}

fn shown(value: &FieldValue) -> String {
    write_field_value(value)
}

fn path(argument: &str) -> String {
    format!("arguments.{argument}")
}

fn wrong(argument: &str, value: &FieldValue, rule: &Rule) -> Problem {
    let problem = Problem::new(ProblemCode::ArgumentWrong)
        .at_path(path(argument))
        .with("argument", argument)
        .with("given", shown(value));
    rule.told(problem)
}

pub(super) fn check_queue(index: &Index<'_>, node: &Node, queue: &Queue, found: &mut Vec<Problem>) {
    if !queue.declared {
        found.push(
            Problem::new(ProblemCode::QueueUndeclared)
                .at_path("declared")
                .with("name", &node.name),
        );
        return;
    }
    let arguments = &queue.arguments;
    let known = QueueType::arguments(index.profile);
    for (argument, rule) in &QUEUE_RULES {
        if let Some(value) = arguments.get(argument)
            && !rule.allows(value)
            && known.iter().any(|(known, _)| known == argument)
        {
            found.push(wrong(argument, value, rule));
        }
    }
    check_type(index.profile, node, queue, found);
    if index.profile == Profile::V4 {
        check_refused_in_4(queue, found);
    }
    check_dead_letters(index, node, arguments, found);
}

fn check_type(profile: Profile, node: &Node, queue: &Queue, found: &mut Vec<Problem>) {
    const ARGUMENT: &str = "x-queue-type";
    let problem = |code| Problem::new(code).at_path(path(ARGUMENT));
    let name = queue.arguments.get(ARGUMENT).map(FieldValue::as_text);
    // A type that is not one is told as an argument that is wrong.
    let Some(kind) = QueueType::named(name.flatten().unwrap_or("classic")) else {
        return;
    };
    let special = match kind {
        QueueType::Classic => false,
        QueueType::Quorum => {
            found.push(problem(ProblemCode::QueueTypeAsClassic));
            true
        }
        QueueType::Stream => {
            found.push(problem(ProblemCode::QueueTypeNotRun));
            true
        }
    };
    let flags = [
        ("not durable", special && !queue.durable),
        ("exclusive", special && queue.exclusive),
        ("auto-delete", special && queue.auto_delete),
        ("without a name", special && node.name.is_empty()),
    ];
    let flags = flags.iter().filter(|(_, is_so)| *is_so);
    let unknown = QueueType::arguments(profile)
        .iter()
        .filter(|(argument, _)| queue.arguments.get(argument).is_some() && !kind.knows(argument));
    for (property, _) in flags {
        found.push(problem(ProblemCode::QuorumProperty).with("property", property));
    }
    for (argument, _) in unknown {
        found.push(problem(ProblemCode::QuorumProperty).with("property", argument));
    }
}

fn check_refused_in_4(queue: &Queue, found: &mut Vec<Problem>) {
    if !queue.durable && !queue.exclusive {
        found.push(Problem::new(ProblemCode::TransientSharedQueue).at_path("durable"));
    }
    let version_1 = queue
        .arguments
        .get("x-queue-version")
        .and_then(FieldValue::as_integer);
    for (argument, refused) in [
        (
            "x-queue-mode",
            queue.arguments.get("x-queue-mode").is_some(),
        ),
        ("x-queue-version", version_1 == Some(1)),
    ] {
        if refused {
            found.push(
                Problem::new(ProblemCode::ArgumentRefused)
                    .at_path(path(argument))
                    .with("argument", argument),
            );
        }
    }
}

fn check_dead_letters(
    index: &Index<'_>,
    node: &Node,
    arguments: &FieldTable,
    found: &mut Vec<Problem>,
) {
    let key = arguments.get("x-dead-letter-routing-key");
    let Some(exchange) = arguments.get("x-dead-letter-exchange") else {
        if key.is_some() {
            let problem = Problem::new(ProblemCode::DeadLetterKeyAlone);
            found.push(problem.at_path(path("x-dead-letter-routing-key")));
        }
        return;
    };
    match exchange.as_text() {
        None => {}
        Some("") => {
            let key = key.and_then(FieldValue::as_text);
            if let Some(name) = key.filter(|name| !index.exists(node, Shape::Queue, name)) {
                found.push(
                    Problem::new(ProblemCode::DeadLetterQueueMissing)
                        .at_path(path("x-dead-letter-routing-key"))
                        .with("name", name),
                );
            }
        }
        Some(name) if is_there(index, node, name) => {}
        Some(name) => found.push(
            Problem::new(ProblemCode::DeadLetterExchangeMissing)
                .at_path(path("x-dead-letter-exchange"))
                .with("name", name),
        ),
    }
}

fn is_there(index: &Index<'_>, node: &Node, exchange: &str) -> bool {
    index.exists(node, Shape::Exchange, exchange) || super::predeclared(exchange).is_some()
}

pub(super) fn check_exchange(
    index: &Index<'_>,
    node: &Node,
    exchange: &Exchange,
    found: &mut Vec<Problem>,
) {
    const ARGUMENT: &str = "alternate-exchange";
    check_rule(exchange, index.profile, found);
    let Some(value) = exchange.arguments.get(ARGUMENT) else {
        return;
    };
    match value.as_text() {
        None => found.push(wrong(ARGUMENT, value, &Rule::Text)),
        Some("") => {
            let problem = Problem::new(ProblemCode::AlternateExchangeDefault);
            found.push(problem.at_path(path(ARGUMENT)));
        }
        Some(name) if is_there(index, node, name) => {}
        Some(name) => found.push(
            Problem::new(ProblemCode::AlternateExchangeMissing)
                .at_path(path(ARGUMENT))
                .with("name", name),
        ),
    }
}

/// An exchange that delays routes as another type does, which it must name.
fn check_rule(exchange: &Exchange, profile: Profile, found: &mut Vec<Problem>) {
    let rule = exchange.exchange_type.rule(&exchange.arguments);
    let delays = exchange.exchange_type.name() == ExchangeType::DELAYED;
    if delays && !rule.is_some_and(|rule| rule.is_known(profile)) {
        let named = exchange.arguments.get(ExchangeType::DELAYED_TYPE);
        let named = named.unwrap_or(&FieldValue::Void);
        let wanted = Rule::OneOf(&["direct", "fanout", "topic", "headers"]);
        found.push(wrong(ExchangeType::DELAYED_TYPE, named, &wanted));
    }
}

/// `x-match` of a binding of a headers exchange.
pub(super) fn check_match(arguments: &FieldTable, found: &mut Vec<Problem>) {
    if let Some(value) = arguments.get("x-match")
        && !value.as_text().is_some_and(|text| MATCHES.contains(&text))
    {
        found.push(
            Problem::new(ProblemCode::HeadersMatchWrong)
                .at_path(path("x-match"))
                .with("given", shown(value)),
        );
    }
}
