//! Small programs with the transcripts that RabbitMQ was measured to give.
//!
//! [`check`] runs a program on the engine and on the naive broker; both must tell the expected
//! transcript. Each module is a section of the notes on RabbitMQ's behaviour. Deliberately not here:
//! facts that no client sees.

mod access;
mod bindings;
mod channels;
mod dead_letters;
mod delivering;
mod dispatch;
mod exchanges;
mod found;
mod limits;
mod policies;
mod priorities;
mod profile_four;
mod publishing;
mod queues;
mod quorum;
mod routes;
mod routing;
mod settling;
mod single_active;
mod transactions;

use super::language::Program;
use super::naive::Naive;
use super::session::{Door, Session};
use crate::broker::{Broker, BrokerOptions, Effects};
use crate::types::{Profile, SimTime};
use expect_test::Expect;
use std::fmt::Write;

/// What clients hear of a program, step by step.
pub(in crate::broker) fn transcript<D: Door>(door: D, program: &Program) -> String {
    let mut text = String::new();
    tell(&mut Session::new(door), program, &mut text);
    text
}

fn tell<D: Door>(session: &mut Session<D>, program: &Program, text: &mut String) {
    for step in &program.steps {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{step}");
        for heard in session.step(step) {
            if heard.answer != "ok" && !heard.answer.is_empty() && !is_publish(&heard.answer) {
                let _ = writeln!(text, "    {}", heard.answer);
            }
            for (to, line) in heard.sent {
                // The refusal itself says this already.
                if !heard.answer.starts_with("closes") || !line.starts_with("closed: ") {
                    let _ = writeln!(text, "    {to} {line}");
                }
            }
        }
    }
}

/// What an administrator does to a broker.
type Deed<'a> = &'a dyn Fn(&mut Broker, SimTime, &mut Effects);

/// Runs programs on the engine alone, each after a deed of an administrator, of whom the naive broker
/// knows nothing.
fn check_administered(stages: &[(Deed<'_>, &str)], expected: &Expect) {
    let profile = Profile::V3;
    let mut session = Session::new(Broker::new(BrokerOptions { profile }));
    let mut text = String::new();
    for (deed, program) in stages {
        session.administer(*deed);
        let program: Program = match program.parse() {
            Ok(program) => program,
            Err(error) => panic!("{error}\nin\n{program}"),
        };
        tell(&mut session, &program, &mut text);
        text.push_str("--\n");
        assert_eq!(session.door.check_invariants(), Ok(()));
    }
    expected.assert_eq(text.trim_end_matches("--\n"));
}

/// `m12` or `waits`, the answer to a publish, which no client hears.
fn is_publish(answer: &str) -> bool {
    if answer == "waits" {
        return true;
    }
    let number = answer.strip_prefix('m');
    number.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
}

/// A transcript with refusals' codes but not their sentences, which nobody measured on 4.x.
fn without_reasons(text: &str) -> String {
    let short = |line: &str| match line.split_once(" - ") {
        Some((code, _)) if line.trim_start().starts_with("closes") => format!("{code}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(short).collect()
}

/// Runs a program as RabbitMQ 3.x does.
fn check(program: &str, expected: &Expect) {
    check_on(Profile::V3, program, expected);
}

fn check_on(profile: Profile, program: &str, expected: &Expect) {
    let program: Program = match program.parse() {
        Ok(program) => program,
        Err(error) => panic!("{error}\nin\n{program}"),
    };
    let naive = transcript(Naive::new(profile), &program);
    let engine = transcript(Broker::new(BrokerOptions { profile }), &program);
    let [naive, engine] = [naive, engine].map(|text| match profile {
        Profile::V3 => text,
        Profile::V4 => without_reasons(&text),
    });
    expected.assert_eq(&naive);
    assert_eq!(engine, naive, "the engine parts from the naive broker");
}

/// Whether the queue `q` of a program has a message after one more line; on both brokers.
fn get_after(setup: &str, line: &str) -> bool {
    let text = format!("{setup}\n{line}\n1.1 get q");
    let program: Program = match text.parse() {
        Ok(program) => program,
        Err(error) => panic!("{error}\nin\n{text}"),
    };
    let profile = Profile::V3;
    let naive = transcript(Naive::new(profile), &program);
    let engine = transcript(Broker::new(BrokerOptions { profile }), &program);
    assert_eq!(naive, engine);
    engine.contains("    got 1")
}
