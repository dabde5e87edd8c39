//! Random programs against a real broker and against the engine, until they differ.

use crate::peer::client::Client;
use crate::peer::engine::{Engine, Pieces};
use crate::peer::random::Generator;
use crate::peer::tcp::Tcp;
use crate::peer::world::World;
use crate::record::{make_vhosts, remove_vhosts};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Answers to each step.
type Transcript = Vec<Vec<String>>;

/// How a program is run again before a difference is believed: what a real broker leaves to chance
/// comes out both ways, and an answer that was late on a busy machine comes in time when the client
/// waits longer. In milliseconds of quiet; 0 asks for quiet instead of waiting for it.
const TRIES: [u64; 8] = [0, 40, 0, 80, 0, 160, 320, 640];

/// What RabbitMQ's timing decides may come out the engine's way once in forty times only. So before a
/// difference is reported, the whole program is run so many times more, once in [`SLOW_EVERY`] of them
/// with the recorder's patience and else in a hurry. It counts as chance only when RabbitMQ was then
/// seen to give the engine's answers, all of them, to the whole program.
const RARE_TRIES: usize = 120;
const SLOW_EVERY: usize = 12;
const RECORDED: u64 = 40;

/// The same while a difference is made shorter, which takes many runs.
const SHORT_TRIES: [u64; 3] = [0, 0, 80];

/// For the answers that are shown.
const SHOWN: u64 = 160;

/// Programs that run at the same time, each in a vhost of its own.
const AT_ONCE: usize = 3;

/// Names that random programs use.
const QUEUES: usize = 4;
const EXCHANGES: usize = 4;

/// How the seeds from `from` on compare; stops at the first difference.
pub(crate) fn compare(address: &str, from: u64, count: u64) -> Result<(), String> {
    let vhosts: Vec<String> = (1..=AT_ONCE)
        .map(|number| format!("vhost-8{number:03}"))
        .collect();
    make_vhosts(&vhosts)?;
    let next = AtomicU64::new(from);
    let chance = Chance::default();
    let steps = AtomicU64::new(0);
    let found: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let start = Instant::now();
    std::thread::scope(|scope| {
        for vhost in &vhosts {
            scope.spawn(|| {
                let at = Place { address, vhost };
                while found.lock().is_ok_and(|found| found.is_empty()) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from + count {
                        break;
                    }
                    match at.compare_seed(seed, &chance) {
                        Ok(length) => {
                            steps.fetch_add(length as u64, Ordering::Relaxed);
                        }
                        Err(report) => {
                            if let Ok(mut found) = found.lock() {
                                found.push(report);
                            }
                        }
                    }
                    let done = seed + 1 - from;
                    if done.is_multiple_of(500) {
                        println!("{done} programs, {:.0} s", start.elapsed().as_secs_f64());
                    }
                }
            });
        }
    });
    let found = found.into_inner().unwrap_or_default();
    let done = next.into_inner().min(from + count) - from;
    println!(
        "{done} programs of {} steps in all; in {} chance decided on RabbitMQ's side; {:.0} s",
        steps.into_inner(),
        chance.seen.into_inner(),
        start.elapsed().as_secs_f64()
    );
    for line in chance.rare.into_inner().unwrap_or_default() {
        println!("{line}");
    }
    remove_vhosts(&vhosts)?;
    if found.is_empty() {
        Ok(())
    } else {
        Err(found.join("\n"))
    }
}

/// What RabbitMQ answered both ways, the engine's and another.
#[derive(Default)]
struct Chance {
    /// Programs.
    seen: AtomicU64,
    /// A sentence for each of them in which the engine's way came seldom.
    rare: Mutex<Vec<String>>,
}

/// Where a real broker is to be found.
struct Place<'a> {
    address: &'a str,
    vhost: &'a str,
}

impl Place<'_> {
    /// Compares one seed; says how long its program is, or reports the shortest difference.
    fn compare_seed(&self, seed: u64, chance: &Chance) -> Result<usize, String> {
        let (program, expected) = generate(seed);
        let real = self.run(&program, 0);
        if real == expected {
            return Ok(program.len());
        }
        if !self.differs(&program, &TRIES) {
            chance.seen.fetch_add(1, Ordering::Relaxed);
            return Ok(program.len());
        }
        if let Some(runs) = self.runs_until_seen(&program, &expected) {
            chance.seen.fetch_add(1, Ordering::Relaxed);
            let sentence = format!("seed {seed}: RabbitMQ gave our answers in run {runs} only");
            println!("{sentence}");
            if let Ok(mut rare) = chance.rare.lock() {
                rare.push(sentence);
            }
            return Ok(program.len());
        }
        println!("seed {seed}: a difference; looking for the shortest program that shows it");
        let short = self.shrink(program.clone());
        // A short program that differed by chance is no use.
        let program = if self.differs(&short, &TRIES) {
            short
        } else {
            program
        };
        let (ours, theirs) = (run_engine(&program), self.run(&program, SHOWN));
        let mut report = format!("seed {seed}:\n");
        for (at, step) in program.iter().enumerate() {
            report.push_str(&format!("{step}\n"));
            for line in &theirs[at] {
                report.push_str(&format!("< {line}\n"));
            }
            if ours[at] != theirs[at] {
                for line in &ours[at] {
                    report.push_str(&format!("#   the engine: {line}\n"));
                }
            }
        }
        Err(report)
    }

    /// Whether the broker's answers are never the engine's, with none of these patiences.
    fn differs(&self, program: &[String], tries: &[u64]) -> bool {
        let mut client = Client::new(Engine::new(Pieces::Whole));
        let answer = |step: &String| client.step(step).unwrap_or_else(|error| vec![error]);
        let expected: Transcript = program.iter().map(answer).collect();
        if !is_polite(program, &expected) {
            return false;
        }
        let expected = settled(expected);
        tries
            .iter()
            .all(|quiet| self.run(program, *quiet) != expected)
    }

    /// How many more runs it takes until the broker gives the engine's answers, all of them; `None`
    /// when it never does.
    fn runs_until_seen(&self, program: &[String], expected: &Transcript) -> Option<usize> {
        let pace = |run: usize| {
            if run.is_multiple_of(SLOW_EVERY) {
                RECORDED
            } else {
                0
            }
        };
        (1..=RARE_TRIES)
            .find(|run| self.run(program, pace(*run)) == *expected)
            .map(|run| run + TRIES.len())
    }

    fn shrink(&self, mut program: Vec<String>) -> Vec<String> {
        // What comes after the first difference is of no use.
        let (ours, theirs) = (run_engine(&program), self.run(&program, SHOWN));
        if let Some(at) = ours.iter().zip(&theirs).position(|(a, b)| a != b) {
            let short = program[..(at + 2).min(program.len())].to_vec();
            if self.differs(&short, &SHORT_TRIES) {
                program = short;
            }
        }
        let mut size = program.len() / 2;
        while size > 0 {
            let mut at = 1;
            while at < program.len() {
                let mut shorter = program.clone();
                shorter.drain(at..(at + size).min(program.len()));
                if self.differs(&shorter, &SHORT_TRIES) {
                    program = shorter;
                } else {
                    at += size;
                }
            }
            size /= 2;
        }
        program
    }

    /// Runs it with so many milliseconds of quiet after each step, 0 to ask instead.
    fn run(&self, program: &[String], quiet: u64) -> Transcript {
        let world = Tcp::new(self.address, self.vhost);
        let mut client = if quiet == 0 {
            Client::new_with_probes(world)
        } else {
            Client::new_with_quiet(world, Duration::from_millis(quiet))
        };
        let transcript = steps(&mut client, program);
        client.tidy_up();
        self.clean();
        transcript
    }

    /// Removes what a program may have left.
    fn clean(&self) {
        let mut client = Client::new_with_probes(Tcp::new(self.address, self.vhost));
        let _ = client.step("open 1");
        for number in 0..QUEUES.max(EXCHANGES) {
            for _ in 0..50 {
                let queue = client.step(&format!("> 1 queue.delete queue=q{number}"));
                let gone = queue.is_ok_and(|lines| lines.iter().all(|line| line.contains("-ok")));
                if gone {
                    break;
                }
                // An exclusive queue goes a moment after its connection.
                std::thread::sleep(Duration::from_millis(5));
                let _ = client.step("> 1 channel.close-ok");
                let _ = client.step("> 1 channel.open");
            }
            let _ = client.step(&format!("> 1 exchange.delete exchange=x{number}"));
        }
        client.tidy_up();
    }
}

/// The place of a channel that the broker closed.
fn closed_channel(lines: &[String]) -> Option<&str> {
    lines.iter().find_map(|line| {
        let (place, text) = line.split_once(' ')?;
        text.starts_with("channel.close ").then_some(place)
    })
}

/// The connection that ends with this line.
fn ended_connection(line: &str) -> Option<String> {
    let (place, text) = line.split_once(' ')?;
    let name = place.strip_suffix('0')?.trim_end_matches('.');
    (text == "end").then(|| name.to_owned())
}

/// Whether each channel that is closed is told so at once, see [`settled`].
fn is_polite(program: &[String], transcript: &Transcript) -> bool {
    transcript.iter().enumerate().all(|(at, lines)| {
        closed_channel(lines).is_none_or(|place| {
            let answer = format!("> {place} channel.close-ok");
            program.get(at + 1).is_none_or(|step| *step == answer)
        })
    })
}

/// RabbitMQ puts what a channel only got back when its close is answered, the engine when it is said
/// (tests/conformance/known.txt): so what comes of both steps is looked at together.
/// What settlements of a commit bring may come before or after its answer.
fn settled(mut transcript: Transcript) -> Transcript {
    for lines in &mut transcript {
        // What comes on the channels of a connection that ends may come in time or not.
        let ended: Vec<String> = lines
            .iter()
            .filter_map(|line| ended_connection(line))
            .collect();
        lines.retain(|line| {
            let place = line.split(' ').next().unwrap_or_default();
            let (connection, channel) = place.rsplit_once('.').unwrap_or(("", place));
            channel == "0" || !ended.iter().any(|name| name == connection)
        });
        if let Some(at) = lines
            .iter()
            .position(|line| line.ends_with(" tx.commit-ok"))
        {
            let place = lines[at].split(' ').next().unwrap_or_default().to_owned();
            let last = lines
                .iter()
                .rposition(|line| line.split(' ').next() == Some(&place));
            let answer = lines.remove(at);
            lines.insert(last.unwrap_or(at), answer);
        }
    }
    for at in (1..transcript.len()).rev() {
        if closed_channel(&transcript[at - 1]).is_some() {
            let mut both = std::mem::take(&mut transcript[at - 1]);
            both.append(&mut transcript[at]);
            both.sort_by(|a, b| a.split(' ').next().cmp(&b.split(' ').next()));
            transcript[at] = both;
        }
    }
    transcript
}

fn steps<W: World>(client: &mut Client<W>, program: &[String]) -> Transcript {
    let answer = |step: &String| client.step(step).unwrap_or_else(|error| vec![error]);
    settled(program.iter().map(answer).collect())
}

fn run_engine(program: &[String]) -> Transcript {
    steps(&mut Client::new(Engine::new(Pieces::Whole)), program)
}

/// The program of a seed, and what the engine answers to it.
fn generate(seed: u64) -> (Vec<String>, Transcript) {
    let mut generator = Generator::new(seed);
    let mut client = Client::new(Engine::new(Pieces::Whole));
    let (mut program, mut transcript) = (Vec::new(), Vec::new());
    while let Some(step) = generator.next() {
        let lines = client.step(&step).unwrap_or_else(|error| vec![error]);
        generator.learn(&lines);
        program.push(step);
        transcript.push(lines);
    }
    (program, settled(transcript))
}

/// Prints the program of a seed with the engine's answers.
pub(crate) fn show(seed: u64) {
    let (program, transcript) = generate(seed);
    for (step, lines) in program.iter().zip(&transcript) {
        println!("{step}");
        for line in lines {
            println!("< {line}");
        }
    }
}
