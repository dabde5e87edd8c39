//! The headers exchange: a binding's arguments against a message's headers.
//!
//! Source: RabbitMQ's rabbit_exchange_type_headers. Values are compared as Erlang compares them:
//! numbers by value whatever their width, strings and byte arrays by their octets. Deliberately not
//! here: which `x-match` is refused.

use super::Destination;
use crate::types::{BindingId, FieldTable, FieldValue, Rising, ShortText};

/// What `x-match` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::broker) struct XMatch {
    /// Every compared argument, or at least one.
    pub(in crate::broker) all: bool,
    /// Whether arguments that begin with `x-` are compared too.
    pub(in crate::broker) with_x: bool,
}

impl XMatch {
    /// The argument that says it.
    pub(in crate::broker) const KEY: &'static str = "x-match";

    /// Reads the word; `None` when it is no such word.
    pub(in crate::broker) fn parse(word: &str) -> Option<Self> {
        let (all, with_x) = match word {
            "all" => (true, false),
            "any" => (false, false),
            "all-with-x" => (true, true),
            "any-with-x" => (false, true),
            _ => return None,
        };
        Some(Self { all, with_x })
    }

    /// What a binding's arguments ask for; `all` when they say nothing.
    pub(in crate::broker) fn of(arguments: &FieldTable) -> Self {
        arguments
            .get(Self::KEY)
            .and_then(FieldValue::as_text)
            .and_then(Self::parse)
            .unwrap_or(Self {
                all: true,
                with_x: false,
            })
    }

    /// Whether the argument `key` is compared.
    pub(in crate::broker) fn compares(self, key: &str) -> bool {
        key != Self::KEY && (self.with_x || !key.starts_with("x-"))
    }
}

#[derive(Debug, Clone)]
struct Rule {
    all: bool,
    wanted: Box<[(ShortText, FieldValue)]>,
    destination: Destination,
}

impl Rule {
    fn matches(&self, headers: Option<&FieldTable>) -> bool {
        let satisfied = |(key, wanted): &(ShortText, FieldValue)| {
            headers
                .and_then(|headers| headers.get(key.as_str()))
                .is_some_and(|given| satisfies(wanted, given))
        };
        if self.all {
            self.wanted.iter().all(satisfied)
        } else {
            self.wanted.iter().any(satisfied)
        }
    }
}

/// The bindings of a headers exchange.
#[derive(Debug, Clone, Default)]
pub(super) struct Headers(Rising<Rule>);

impl Headers {
    /// Adds a binding.
    pub(super) fn insert(&mut self, arguments: &FieldTable, binding: BindingId, to: Destination) {
        let x_match = XMatch::of(arguments);
        let wanted = arguments
            .iter()
            .filter(|(key, _)| x_match.compares(key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let rule = Rule {
            all: x_match.all,
            wanted,
            destination: to,
        };
        self.0.insert(binding.0.into(), rule);
    }

    /// Takes a binding out.
    pub(super) fn remove(&mut self, binding: BindingId) {
        self.0.remove(binding.0.into());
    }

    /// Calls `emit` for every binding that `headers` match, oldest first.
    pub(super) fn each_match(&self, headers: Option<&FieldTable>, emit: impl FnMut(Destination)) {
        let matching = self.0.iter().filter(|(_, rule)| rule.matches(headers));
        matching.map(|(_, rule)| rule.destination).for_each(emit);
    }

    /// Whether nothing is here.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a header's value is what a binding's argument wants; a void argument wants any.
pub(in crate::broker) fn satisfies(wanted: &FieldValue, given: &FieldValue) -> bool {
    matches!(wanted, FieldValue::Void) || same_term(wanted, given)
}

/// A value as Erlang sees it once its type on the wire is forgotten.
enum Term<'a> {
    Bool(bool),
    Integer(i128),
    Float(f64),
    Octets(&'a [u8]),
    Decimal(u8, u32),
    Array(&'a [FieldValue]),
    Table(&'a FieldTable),
    Undefined,
}

fn term(value: &FieldValue) -> Term<'_> {
    match value {
        FieldValue::Bool(value) => Term::Bool(*value),
        FieldValue::I8(value) => Term::Integer(i128::from(*value)),
        FieldValue::U8(value) => Term::Integer(i128::from(*value)),
        FieldValue::I16(value) => Term::Integer(i128::from(*value)),
        FieldValue::U16(value) => Term::Integer(i128::from(*value)),
        FieldValue::I32(value) => Term::Integer(i128::from(*value)),
        FieldValue::U32(value) => Term::Integer(i128::from(*value)),
        FieldValue::I64(value) => Term::Integer(i128::from(*value)),
        FieldValue::Timestamp(value) => Term::Integer(i128::from(*value)),
        FieldValue::F32(value) => Term::Float(f64::from(*value)),
        FieldValue::F64(value) => Term::Float(*value),
        FieldValue::Decimal(decimal) => Term::Decimal(decimal.scale, decimal.value),
        FieldValue::LongStr(octets) | FieldValue::Bytes(octets) => Term::Octets(octets),
        FieldValue::Array(values) => Term::Array(values),
        FieldValue::Table(table) => Term::Table(table),
        FieldValue::Void => Term::Undefined,
    }
}

fn same_term(a: &FieldValue, b: &FieldValue) -> bool {
    match (term(a), term(b)) {
        (Term::Integer(a), Term::Integer(b)) => a == b,
        (Term::Float(a), Term::Float(b)) => a == b,
        (Term::Integer(integer), Term::Float(float))
        | (Term::Float(float), Term::Integer(integer)) => {
            // Exact: a whole float of this size converts without loss, and no other is equal to an
            // integer.
            libm::trunc(float) == float && float as i128 == integer
        }
        (Term::Bool(a), Term::Bool(b)) => a == b,
        (Term::Octets(a), Term::Octets(b)) => a == b,
        (Term::Decimal(scale_a, a), Term::Decimal(scale_b, b)) => scale_a == scale_b && a == b,
        // Inside arrays and tables Erlang sees the types again, next to the values.
        (Term::Array(a), Term::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_typed(a, b))
        }
        (Term::Table(a), Term::Table(b)) => {
            let same_entry = |(a, b): (_, _)| {
                let ((key_a, value_a), (key_b, value_b)): (Entry<'_>, Entry<'_>) = (a, b);
                key_a == key_b && same_typed(value_a, value_b)
            };
            a.len() == b.len() && a.iter().zip(b.iter()).all(same_entry)
        }
        (Term::Undefined, Term::Undefined) => true,
        (
            Term::Bool(_)
            | Term::Integer(_)
            | Term::Float(_)
            | Term::Octets(_)
            | Term::Decimal(..)
            | Term::Array(_)
            | Term::Table(_)
            | Term::Undefined,
            _,
        ) => false,
    }
}

type Entry<'a> = (&'a ShortText, &'a FieldValue);

fn same_typed(a: &FieldValue, b: &FieldValue) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b) && same_term(a, b)
}
