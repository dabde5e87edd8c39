//! Running other programs so that the person watching always knows what is going on.

use crate::Outcome;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// After this long without a word from a program we say that it is still at work.
const SILENCE: Duration = Duration::from_secs(20);

/// How many of a quiet program's last lines are shown when it fails.
const TAIL_LINES: usize = 40;

/// How much of a program's own talk is passed on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Talk {
    /// All of it.
    Whole,
    /// Off a terminal, only the number of crates compiled, and the last lines on failure.
    Counted,
    /// All of it, and no word from us: the program runs until somebody stops it.
    Endless,
}

/// Announces a step.
pub fn say(text: &str) {
    println!("{text}");
    // Nobody reads a progress line that stays in a buffer; a closed pipe is not our error.
    let _ = std::io::stdout().flush();
}

/// Runs the command to its end; anything but success is an error that names `what` failed.
pub fn run(what: &str, command: &mut Command, talk: Talk) -> Outcome {
    let status = if talk == Talk::Endless || std::io::stderr().is_terminal() {
        command
            .status()
            .map_err(|error| cannot_start(command, &error))?
            .success()
    } else {
        run_watched(command, talk)?
    };
    if status {
        Ok(())
    } else {
        Err(format!("{what} failed (see above)."))
    }
}

/// Runs the command to its end and gives its standard output; its errors are shown as they come.
pub fn run_and_read(what: &str, command: &mut Command) -> Outcome<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| cannot_start(command, &error))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{what} failed (see above)."))
    }
}

/// Runs the command quietly and gives its standard output, or nothing when it fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!(
        "cannot start `{}`: {error}.",
        command.get_program().to_string_lossy()
    )
}

/// Without a terminal, programs show no moving bar: count or pass on their lines instead, and
/// break long silences.
fn run_watched(command: &mut Command, talk: Talk) -> Outcome<bool> {
    let mut child = command
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| cannot_start(command, &error))?;
    let (sender, lines) = mpsc::channel();
    let stderr = child.stderr.take();
    std::thread::spawn(move || {
        for line in stderr
            .into_iter()
            .flat_map(|pipe| BufReader::new(pipe).lines())
            .flatten()
        {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let start = Instant::now();
    let mut spoken = Instant::now();
    let mut compiled = 0_u32;
    let mut tail: Vec<String> = Vec::new();
    loop {
        let wait = SILENCE.saturating_sub(spoken.elapsed());
        match lines.recv_timeout(wait) {
            Ok(line) if talk != Talk::Counted => {
                eprintln!("{line}");
                spoken = Instant::now();
            }
            Ok(line) => {
                compiled += u32::from(line.trim_start().starts_with("Compiling "));
                tail.push(line);
                if tail.len() > TAIL_LINES {
                    tail.remove(0);
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                let seconds = start.elapsed().as_secs();
                let count = if compiled > 0 {
                    format!(", {compiled} crates so far")
                } else {
                    String::new()
                };
                say(&format!("    ... still at work after {seconds} s{count}"));
                spoken = Instant::now();
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let success = child
        .wait()
        .map_err(|error| cannot_start(command, &error))?
        .success();
    if !success && talk == Talk::Counted {
        eprintln!("{}", tail.join("\n"));
    }
    Ok(success)
}
