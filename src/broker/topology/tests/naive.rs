//! The slow, obvious double of exchanges, bindings and routing: lists, loops and recursion.
//!
//! Deliberately not here: refusals. It is only told what the real one accepted.

use crate::types::{ExchangeType, FieldTable, FieldValue};

/// What matches a topic binding, straight from its definition.
pub(super) fn topic_matches(pattern: &[&str], key: &[&str]) -> bool {
    match (pattern, key) {
        ([], []) => true,
        (["#", rest @ ..], _) => (0..=key.len()).any(|taken| topic_matches(rest, &key[taken..])),
        (["*", rest @ ..], [_, others @ ..]) => topic_matches(rest, others),
        ([word, rest @ ..], [other, others @ ..]) => word == other && topic_matches(rest, others),
        ([], [_, ..]) | ([_, ..], []) => false,
    }
}

/// The words of a key; an empty key has none.
pub(super) fn split(key: &str) -> Vec<&str> {
    if key.is_empty() {
        Vec::new()
    } else {
        key.split('.').collect()
    }
}

fn value_matches(wanted: &FieldValue, given: &FieldValue) -> bool {
    match (wanted, given) {
        (FieldValue::Void, _) => true,
        (FieldValue::F64(a), FieldValue::F64(b)) => a == b,
        // The tests draw small numbers, for which this is exact.
        (FieldValue::F64(float), other) | (other, FieldValue::F64(float)) => other
            .as_integer()
            .is_some_and(|integer| integer as f64 == *float),
        (a, b) if a.as_integer().is_some() => a.as_integer() == b.as_integer(),
        (a, b) => a == b,
    }
}

fn headers_match(arguments: &FieldTable, headers: &FieldTable) -> bool {
    let mode = arguments
        .get("x-match")
        .and_then(FieldValue::as_text)
        .unwrap_or("all");
    let mut compared = 0;
    let mut fitting = 0;
    for (key, wanted) in arguments.iter() {
        let key = key.as_str();
        if key == "x-match" || (key.starts_with("x-") && !mode.ends_with("-with-x")) {
            continue;
        }
        compared += 1;
        if headers
            .get(key)
            .is_some_and(|given| value_matches(wanted, given))
        {
            fitting += 1;
        }
    }
    if mode.starts_with("all") {
        fitting == compared
    } else {
        fitting > 0
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct NaiveBinding {
    pub(super) source: String,
    /// To an exchange; else to a queue.
    pub(super) to_exchange: bool,
    pub(super) destination: String,
    pub(super) key: String,
    pub(super) arguments: FieldTable,
}

#[derive(Debug, Clone)]
pub(super) struct NaiveExchange {
    pub(super) name: String,
    pub(super) exchange_type: ExchangeType,
    pub(super) auto_delete: bool,
    pub(super) alternate: Option<String>,
}

/// Everything in lists, in the order in which it was made.
#[derive(Debug, Clone, Default)]
pub(super) struct Naive {
    pub(super) exchanges: Vec<NaiveExchange>,
    pub(super) queues: Vec<String>,
    pub(super) bindings: Vec<NaiveBinding>,
}

/// Where a message goes: queues with the last exchange, and hops with whether by the alternate.
#[derive(Debug, Default, PartialEq)]
pub(super) struct NaiveRoutes {
    pub(super) queues: Vec<(String, String)>,
    pub(super) hops: Vec<(String, String, bool)>,
}

impl Naive {
    pub(super) fn exchange(&self, name: &str) -> Option<&NaiveExchange> {
        self.exchanges.iter().find(|exchange| exchange.name == name)
    }

    pub(super) fn bind(&mut self, binding: NaiveBinding) {
        if !self.bindings.contains(&binding) {
            self.bindings.push(binding);
        }
    }

    pub(super) fn unbind(&mut self, binding: &NaiveBinding) {
        if self.bindings.contains(binding) {
            self.bindings.retain(|other| other != binding);
            self.collect(&binding.source);
        }
    }

    pub(super) fn delete_queue(&mut self, name: &str) {
        self.queues.retain(|queue| queue != name);
        self.drop_towards(false, name);
    }

    pub(super) fn delete_exchange(&mut self, name: &str) {
        self.exchanges.retain(|exchange| exchange.name != name);
        self.bindings.retain(|binding| binding.source != name);
        self.drop_towards(true, name);
    }

    fn drop_towards(&mut self, to_exchange: bool, name: &str) {
        let (gone, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.bindings)
            .into_iter()
            .partition(|it| it.to_exchange == to_exchange && it.destination == name);
        self.bindings = kept;
        for binding in gone {
            self.collect(&binding.source);
        }
    }

    /// An auto-delete exchange that has just lost a binding goes if it was the last.
    fn collect(&mut self, name: &str) {
        let finished = self
            .exchange(name)
            .is_some_and(|exchange| exchange.auto_delete)
            && !self.bindings.iter().any(|binding| binding.source == name);
        if finished {
            self.delete_exchange(name);
        }
    }

    fn matches(&self, binding: &NaiveBinding, key: &str, headers: &FieldTable) -> bool {
        match self
            .exchange(&binding.source)
            .map(|exchange| &exchange.exchange_type)
        {
            Some(ExchangeType::Direct) => binding.key == key,
            Some(ExchangeType::Fanout) => true,
            Some(ExchangeType::Topic) => topic_matches(&split(&binding.key), &split(key)),
            Some(ExchangeType::Headers) => headers_match(&binding.arguments, headers),
            Some(ExchangeType::Other(_)) | None => false,
        }
    }

    /// Exchange by exchange, key by key, binding by binding.
    pub(super) fn route(&self, start: &str, keys: &[String], headers: &FieldTable) -> NaiveRoutes {
        let mut routes = NaiveRoutes::default();
        let mut exchanges = vec![start.to_owned()];
        let mut next = 0;
        while let Some(at) = exchanges.get(next).cloned() {
            next += 1;
            let mut matched = false;
            for key in keys {
                if at.is_empty() && next == 1 && self.queues.contains(key) {
                    routes.reach(key, &at);
                }
                for binding in self.bindings.iter().filter(|it| it.source == at) {
                    if !self.matches(binding, key, headers) {
                        continue;
                    }
                    matched = true;
                    let to = &binding.destination;
                    if !binding.to_exchange {
                        routes.reach(to, &at);
                    } else if !exchanges.contains(to) {
                        exchanges.push(to.clone());
                        routes.hops.push((at.clone(), to.clone(), false));
                    }
                }
            }
            let alternate = self
                .exchange(&at)
                .and_then(|exchange| exchange.alternate.clone());
            if let Some(to) = alternate.filter(|to| !matched && self.exchange(to).is_some())
                && !exchanges.contains(&to)
            {
                exchanges.push(to.clone());
                routes.hops.push((at, to, true));
            }
        }
        routes
    }
}

impl NaiveRoutes {
    fn reach(&mut self, queue: &str, via: &str) {
        if !self.queues.iter().any(|(reached, _)| reached == queue) {
            self.queues.push((queue.to_owned(), via.to_owned()));
        }
    }
}
