//! `brokerlab route`: where a message would go, hop by hop, in sentences or as JSON.
//!
//! Deliberately not here: working it out; the broker explains its own routing.

use crate::Done;
use crate::args::RouteOptions;
use crate::files::{Failure, list, open_any, print, sentence};
use brokerlab::broker::explain::{
    Alternate, ExplainedBinding, Hop, Lot, Mismatch, Reached, RouteExplanation, Verdict,
};
use brokerlab::scenario::format::read_field_value;
use brokerlab::scenario::{Scenario, validate};
use brokerlab::sim::Simulation;
use brokerlab::types::{ExchangeName, FieldTable, FieldValue, RoutingKey, ShortText, VhostName};
use std::fmt::Write as _;
use std::rc::Rc;

/// Bindings that did not match are listed up to here; a large exchange may have thousands.
const MISSES_MAX: usize = 30;

pub(crate) fn route(options: &RouteOptions) -> Done {
    let headers = headers(&options.headers)?;
    let key = RoutingKey::new(&options.key).map_err(|error| Failure::Usage(error.to_string()))?;
    let exchange =
        ExchangeName::new(&options.exchange).map_err(|error| Failure::Usage(error.to_string()))?;
    let scenario = open_any(&options.file)?;
    let vhost = vhost(&scenario, options.vhost.as_deref())?;
    let scenario = Rc::new(scenario);
    let run = Simulation::new(Rc::clone(&scenario));
    let explained = run.with_broker(|broker| {
        let id = broker
            .vhost_named(&vhost)
            .ok_or_else(|| Failure::Input(format!("the broker has no virtual host '{vhost}'")))?;
        broker
            .explain_route(id, &exchange, &key, headers.as_ref())
            .map_err(|error| {
                why_missing(&scenario, &options.exchange);
                Failure::Input(error.to_string())
            })
    })?;
    if options.json {
        let json = serde_json::to_string_pretty(&explained);
        print(&json.map_or_else(|error| error.to_string(), |json| json + "\n"))?;
    } else {
        print(&text(&explained))?;
    }
    if explained.unroutable || explained.refusal.is_some() {
        return Err(Failure::Said);
    }
    Ok(())
}

/// An exchange may be in the file and still not in the broker, which refused it: says why.
fn why_missing(scenario: &Scenario, exchange: &str) {
    let mut problems = validate(scenario);
    problems.retain(|problem| {
        let node = problem.place.node.and_then(|node| scenario.node(node));
        node.is_some_and(|node| node.name == exchange)
    });
    list(&problems, scenario);
}

/// The virtual host that is meant: the one that is named, the only one, or `/`.
fn vhost(scenario: &Scenario, name: Option<&str>) -> Result<VhostName, Failure> {
    let known = &scenario.vhosts;
    let found = match (name, known.as_slice()) {
        (Some(name), _) => known.iter().find(|vhost| vhost.as_str() == name),
        (None, [only]) => Some(only),
        (None, _) => known.iter().find(|vhost| vhost.as_str() == "/"),
    };
    found.cloned().ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(VhostName::as_str).collect();
        Failure::Usage(match name {
            Some(name) => format!("no virtual host '{name}'; there are: {}", names.join(", ")),
            None => format!("say --vhost; there are: {}", names.join(", ")),
        })
    })
}

fn headers(given: &[String]) -> Result<Option<FieldTable>, Failure> {
    if given.is_empty() {
        return Ok(None);
    }
    let mut table = FieldTable::new();
    for header in given {
        let usage = |why: &str| Failure::Usage(format!("--header {header}: {why}"));
        let (name, value) = header
            .split_once('=')
            .ok_or_else(|| usage("write NAME=TEXT or NAME:=JSON"))?;
        let (name, value) = match name.strip_suffix(':') {
            Some(name) => {
                let value =
                    read_field_value(value).map_err(|problem| usage(&sentence(&problem)))?;
                (name, value)
            }
            None => (name, FieldValue::text(value)),
        };
        let name = ShortText::new(name).map_err(|error| usage(&error.to_string()))?;
        table.push(name, value);
    }
    Ok(Some(table))
}

fn shown(name: &str) -> String {
    if name.is_empty() {
        "the default exchange".to_owned()
    } else {
        format!("'{name}'")
    }
}

fn text(explained: &RouteExplanation) -> String {
    let mut out = String::new();
    if let Some(refusal) = &explained.refusal {
        let _ = writeln!(out, "A publisher is refused: {refusal}");
    }
    for hop in &explained.hops {
        hop_text(hop, explained, &mut out);
    }
    if explained.queues.is_empty() {
        out.push_str("No queue gets it: unroutable.\n");
    }
    for queue in &explained.queues {
        let gets = if queue.perhaps { "may get" } else { "gets" };
        let via = shown(queue.via_name.as_str());
        let _ = writeln!(out, "Queue '{}' {gets} a copy, by {via}.", queue.name);
    }
    out
}

fn hop_text(hop: &Hop, explained: &RouteExplanation, out: &mut String) {
    let name = |id| {
        let from = explained.hops.iter().find(|hop| hop.exchange == id);
        from.map_or_else(String::new, |hop| shown(hop.name.as_str()))
    };
    let how = match &hop.reached {
        Reached::Published => "published here".to_owned(),
        Reached::Binding { from, .. } => format!("by a binding of {}", name(*from)),
        Reached::Alternate { from } => format!("as the alternate of {}", name(*from)),
    };
    let _ = writeln!(
        out,
        "{} ({}): {how}",
        shown(hop.name.as_str()),
        hop.exchange_type
    );
    for named in &hop.names {
        let there = if named.queue.is_some() {
            "names a queue"
        } else {
            "names no queue"
        };
        let _ = writeln!(out, "  key '{}' {there}", named.key);
    }
    if let Some(millis) = hop.delay_ms {
        let _ = writeln!(
            out,
            "  waits here for {millis} ms (x-delay), then by the bindings of that time:"
        );
    }
    let mut misses = 0;
    for binding in &hop.bindings {
        if let Verdict::NotMatched { .. } = binding.verdict {
            misses += 1;
            if misses > MISSES_MAX {
                continue;
            }
        }
        binding_text(binding, out);
    }
    if misses > MISSES_MAX {
        let _ = writeln!(
            out,
            "  ... and {} more that do not match",
            misses - MISSES_MAX
        );
    }
    if hop.bindings.is_empty() && hop.names.is_empty() {
        out.push_str("  no bindings\n");
    }
    alternate_text(hop, out);
}

fn alternate_text(hop: &Hop, out: &mut String) {
    match &hop.alternate {
        Alternate::None => {}
        Alternate::NotNeeded { name } => {
            let _ = writeln!(out, "  alternate exchange '{name}' is not needed");
        }
        Alternate::Used { name, .. } => {
            let why = match hop.delay_ms {
                Some(_) => "nothing matches while it waits: at once",
                None => "nothing matched: on",
            };
            let _ = writeln!(out, "  {why} to the alternate exchange '{name}'");
        }
        Alternate::Missing { name } => {
            let _ = writeln!(
                out,
                "  nothing matched, and there is no alternate exchange '{name}'"
            );
        }
        Alternate::AlreadyReached { name } => {
            let _ = writeln!(
                out,
                "  nothing matched, and it has been at the alternate '{name}'"
            );
        }
    }
}

fn binding_text(binding: &ExplainedBinding, out: &mut String) {
    let mut said = format!("'{}'", binding.binding_key);
    if !binding.arguments.is_empty() {
        let arguments = serde_json::to_string(&binding.arguments).unwrap_or_default();
        let _ = write!(said, " {arguments}");
    }
    let mark = match &binding.verdict {
        Verdict::Matched { .. } => "yes",
        Verdict::Perhaps { .. } => "may",
        Verdict::NotMatched { .. } => " no",
    };
    let _ = write!(out, "  {mark}  {said} -> '{}'", binding.destination_name);
    match &binding.verdict {
        Verdict::Matched { taken: true, .. } => out.push('\n'),
        Verdict::Matched { taken: false, .. } => out.push_str(": had it already\n"),
        Verdict::Perhaps { one_of, by, .. } => {
            let by = match by {
                Lot::Chance => "chance".to_owned(),
                Lot::Property { name } => format!("the property {name}, which is not given"),
            };
            let _ = writeln!(out, ": one of {one_of}, by {by}");
        }
        Verdict::NotMatched { reasons } => {
            let reasons: Vec<String> = reasons.iter().map(|r| mismatch(&r.mismatch)).collect();
            let _ = writeln!(out, ": {}", reasons.join("; "));
        }
    }
}

fn mismatch(mismatch: &Mismatch) -> String {
    let json = |value: &FieldValue| serde_json::to_string(value).unwrap_or_default();
    match mismatch {
        Mismatch::KeyDiffers => "the keys are not equal".to_owned(),
        Mismatch::WordDiffers {
            position,
            wanted,
            given,
        } => format!("word {} is '{given}', not '{wanted}'", position + 1),
        Mismatch::TooFewWords { wanted } => format!("the key ends before '{wanted}'"),
        Mismatch::TooManyWords { position, given } => {
            format!("word {}, '{given}', is one too many", position + 1)
        }
        Mismatch::HeaderMissing { header, .. } => format!("there is no header '{header}'"),
        Mismatch::HeaderDiffers {
            header,
            wanted,
            given,
        } => format!("header '{header}' is {}, not {}", json(given), json(wanted)),
        Mismatch::NoHeaderFits { headers } => {
            let each: Vec<String> = headers.iter().map(self::mismatch).collect();
            format!("no header fits: {}", each.join(", "))
        }
        Mismatch::NothingToCompare => "the binding compares no header".to_owned(),
        Mismatch::HashedElsewhere { to } => format!("the hash leads to '{to}'"),
        Mismatch::UnknownType => "the broker does not run this type of exchange".to_owned(),
    }
}
