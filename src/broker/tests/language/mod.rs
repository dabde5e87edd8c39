//! A little language for programs: one line, one command on one channel.
//!
//! ```text
//! # c.n is channel n of connection c; both are opened when first named
//! 1.1 exchange logs topic durable alternate-exchange=rest
//! 1.1 queue q exclusive x-max-length=2 x-overflow=reject-publish
//! 1.1 bind logs -> q "*.error"
//! 1.1 bind-exchange logs -> copies # a=1
//! 1.1 confirm
//! 1.1 publish logs a.error "the body" mandatory persistent priority=3 headers={n=5, CC=[x, y]}
//! 1.1 get q
//! 1.2 qos 1
//! 1.2 consume q tag auto exclusive x-priority=5
//! 1.2 ack 1 multiple
//! 1.2 nack 1 multiple requeue
//! 1.2 reject 1 requeue
//! pass 100ms
//! 1.2 close
//! 1.0 close
//! ```
//!
//! Other commands: `open`, `unbind`, `unbind-exchange`, `delete`, `delete-exchange`, `purge`,
//! `cancel`, `recover`. A line that begins with `!` is said without opening anything first. Text is a
//! bare word or stands in quotes with `\"`, `\\`, `\n`, `\r`; `""` is empty. Values are `true`,
//! `void`, `5`, `1.5`, text, `[list]`, `{table=1}`, or typed as `i64(5)`, `u8(5)`, `f32(1.5)`,
//! `bytes(x)`, `time(5)`. Names the broker made are written `@1`, `@2` in the order it made them.
//!
//! What a program prints is read back as the same program. Deliberately not here: running it.

mod parse;
mod print;
#[cfg(test)]
mod tests;
mod value;

pub(in crate::broker) use print::message_text;

use crate::broker::Command;
use crate::types::{ChannelRef, SimDuration};
use std::fmt;
use std::str::FromStr;

/// One line of a program.
#[derive(Debug, Clone)]
pub(in crate::broker) enum Step {
    /// Time passes.
    Pass(SimDuration),
    /// A command is said.
    Say {
        /// On which channel.
        at: ChannelRef,
        /// Whether the channel is opened first when it was never named before.
        opens: bool,
        /// What is said.
        command: Command,
    },
}

/// Lines in order.
#[derive(Debug, Clone, Default)]
pub(in crate::broker) struct Program {
    /// The steps.
    pub(in crate::broker) steps: Vec<Step>,
}

/// What is wrong with a program, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::broker) struct ProgramError {
    /// The line, from 1.
    pub(in crate::broker) line: usize,
    /// A sentence.
    pub(in crate::broker) text: String,
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

impl FromStr for Program {
    type Err = ProgramError;

    fn from_str(text: &str) -> Result<Self, ProgramError> {
        let mut steps = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let step = parse::step(line).map_err(|text| ProgramError {
                line: index + 1,
                text,
            })?;
            steps.push(step);
        }
        Ok(Self { steps })
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        Ok(())
    }
}
