//! One program, two brokers: where do they part?
//!
//! Where RabbitMQ promises no order, among the queues that one message reaches, the naive broker takes
//! them in the engine's order. Answers and refusals must be the same to the letter. What one channel is sent must be the same in
//! the same order, deliveries and confirms apart, since RabbitMQ orders nothing between queues and
//! channels. Facts must be the same whatever their order within one command. Deliberately not here:
//! where programs come from.

use super::language::{Program, Step};
use super::naive::Naive;
use super::session::{Door, Heard, Session};
use crate::broker::{Broker, BrokerOptions};
use crate::types::{Profile, SimTime};
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Where two brokers part.
#[derive(Debug, Clone)]
pub(in crate::broker) struct Difference {
    /// Which step, from 0.
    pub(in crate::broker) step: usize,
    /// What was expected and what was heard.
    pub(in crate::broker) text: String,
}

/// Both brokers side by side.
pub(in crate::broker) struct Pair {
    pub(in crate::broker) naive: Session<Naive>,
    engine: Session<Broker>,
    profile: Profile,
}

impl Pair {
    pub(in crate::broker) fn new(profile: Profile) -> Self {
        Self {
            naive: Session::new(Naive::new(profile)),
            engine: Session::new(Broker::new(BrokerOptions { profile })),
            profile,
        }
    }

    /// Gives both the step; says how they differ, if they do.
    pub(in crate::broker) fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Say { at, opens, command } => {
                let got = self.engine.say(*at, *opens, command);
                self.naive.follow(got.as_ref());
                let expected = self.naive.say(*at, *opens, command);
                match (expected, got) {
                    (None, None) => {}
                    (Some(expected), Some(got)) => self.same(&expected, &got)?,
                    _ => return Err("one of them has closed the connection".to_owned()),
                }
            }
            Step::Pass(span) => self.pass_until(self.naive.now + *span)?,
        }
        let problems = self.engine.door.problems();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(format!("broken inside: {}", problems.join("; ")))
        }
    }

    fn next_deadline(&self) -> Option<SimTime> {
        let (a, b) = (&self.naive.door, &self.engine.door);
        a.next_deadline().into_iter().chain(b.next_deadline()).min()
    }

    fn pass_until(&mut self, until: SimTime) -> Result<(), String> {
        // More instants than messages and queues of any of our programs could need.
        for _ in 0..10_000 {
            let due = self.next_deadline().filter(|due| *due <= until);
            let at = due.unwrap_or(until);
            let got = self.engine.expire(at);
            self.naive.follow(Some(&got));
            let expected = self.naive.expire(at);
            self.same(&expected, &got)?;
            if due.is_none() {
                return Ok(());
            }
        }
        Err("time does not pass: the next deadline is always due".to_owned())
    }

    fn same(&self, expected: &Heard, got: &Heard) -> Result<(), String> {
        let mut text = String::new();
        let answers = [expected, got].map(|heard| match self.profile {
            Profile::V3 => heard.answer.clone(),
            // What 4.x says has not been measured; its codes are known.
            Profile::V4 => heard.answer.chars().take(40).collect(),
        });
        let [a, b] = &answers;
        differ(
            &mut text,
            "answer",
            std::slice::from_ref(a),
            std::slice::from_ref(b),
        );
        let (a, b) = (streams(self.profile, expected), streams(self.profile, got));
        differ(&mut text, "sent to clients", &a, &b);
        let facts = [expected, got].map(|heard| {
            let mut facts = heard.facts.clone();
            facts.sort();
            facts
        });
        differ(&mut text, "facts", &facts[0], &facts[1]);
        if text.is_empty() { Ok(()) } else { Err(text) }
    }
}

/// What is sent, channel by channel, deliveries apart from the rest, each in order.
fn streams(profile: Profile, heard: &Heard) -> Vec<String> {
    let mut lines: Vec<(String, bool, String)> = heard
        .sent
        .iter()
        .map(|(to, line)| {
            let line = match profile {
                Profile::V4 if line.starts_with("closed") => line.chars().take(40).collect(),
                Profile::V3 | Profile::V4 => line.clone(),
            };
            (to.clone(), line.contains(" <- "), line)
        })
        .collect();
    lines.sort_by_key(|(to, is_delivery, _)| (to.clone(), *is_delivery));
    let lines = lines
        .into_iter()
        .map(|(to, _, line)| format!("{to} {line}"));
    lines.collect()
}

fn differ(text: &mut String, what: &str, expected: &[String], got: &[String]) {
    if expected == got {
        return;
    }
    // Writing into a String cannot fail.
    let _ = writeln!(text, "{what}:");
    for line in expected {
        let mark = if got.contains(line) { ' ' } else { '-' };
        let _ = writeln!(text, "  {mark} {line}");
    }
    for line in got.iter().filter(|line| !expected.contains(line)) {
        let _ = writeln!(text, "  + {line}");
    }
    if expected.iter().all(|line| got.contains(line)) && expected.len() == got.len() {
        let _ = writeln!(text, "  got in another order:");
        for line in got {
            let _ = writeln!(text, "  > {line}");
        }
    }
}

/// Runs a program on both; the first difference, if any. A panic is a difference.
pub(in crate::broker) fn first_difference(
    profile: Profile,
    program: &Program,
) -> Option<Difference> {
    let mut pair = Pair::new(profile);
    for (index, step) in program.steps.iter().enumerate() {
        if let Err(text) = guarded(&mut pair, step) {
            return Some(Difference { step: index, text });
        }
    }
    None
}

/// A step, with a panic told as a difference.
pub(in crate::broker) fn guarded(pair: &mut Pair, step: &Step) -> Result<(), String> {
    let outcome = catch_unwind(AssertUnwindSafe(|| pair.step(step)));
    outcome.unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(format!("panicked: {}", text.unwrap_or_default()))
    })
}

/// The shortest program that still parts them, by leaving out runs of steps and then single ones.
pub(in crate::broker) fn shrunk(profile: Profile, program: &Program) -> Program {
    let mut best = program.clone();
    if let Some(difference) = first_difference(profile, &best) {
        best.steps.truncate(difference.step + 1);
    }
    let mut size = best.steps.len().div_ceil(2);
    while size > 0 {
        let before = best.steps.len();
        let mut start = 0;
        while start < best.steps.len() {
            let mut shorter = best.clone();
            let end = (start + size).min(shorter.steps.len());
            shorter.steps.drain(start..end);
            match first_difference(profile, &shorter) {
                Some(difference) => {
                    shorter.steps.truncate(difference.step + 1);
                    best = shorter;
                }
                None => start += size,
            }
        }
        if size > 1 || best.steps.len() == before {
            size /= 2;
        }
    }
    best
}
