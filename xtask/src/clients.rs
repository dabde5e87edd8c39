//! `cargo xtask clients`: other people's AMQP clients tell their stories to our broker, or to any.
//!
//! Every suite is a program below `tests/clients` that reads AMQP_URL, prints a line for each story
//! and a last line with the counts. They run side by side against one broker: much of their time is
//! waiting for heartbeats. What they need is installed by `client_tools.rs`. Deliberately not here:
//! what a story says; the stories must hold against a real RabbitMQ as they are (`--url`).

use crate::client_tools::{self, Tools};
use crate::process::{Talk, run, say};
use crate::{Outcome, paths, tools};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// How long our broker may take until it says where it listens.
const START_LIMIT: Duration = Duration::from_secs(20);

/// Where the article's scripts look for a broker; nothing in them can be changed.
const ARTICLE_ADDRESS: &str = "127.0.0.1:5672";

/// What a broker of little memory has, in octets: some large messages.
const MEMORY_LIMIT: u64 = 8 << 20;

/// A program that tells stories.
struct Suite {
    name: &'static str,
    command: Command,
}

/// How many stories went well, and how many not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    ok: u32,
    failed: u32,
}

/// `cargo xtask clients [WORD] [--url amqp://USER:PASSWORD@HOST:PORT/VHOST]`.
pub fn clients(arguments: &[String]) -> Outcome {
    let mut words: Vec<&str> = Vec::new();
    let mut url = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--url" => url = Some(rest.next().ok_or("--url wants an address: amqp://...")?),
            flag if flag.starts_with("--") => {
                return Err(format!("`{flag}` is not understood: only --url is."));
            }
            word => words.push(word),
        }
    }
    let tools = client_tools::set_up()?;
    let rust = client_tools::build_rust_stories()?;
    let program = url.is_none().then(build_broker).transpose()?;
    let brokers = program.as_deref().map(Brokers::start).transpose()?;
    let mut suites = Vec::from_iter(article(&tools, url, program.as_deref()));
    suites.extend(by_url(&tools, &rust, |place, command| {
        match (url, &brokers) {
            (_, Some(brokers)) => brokers.name(place, command),
            (Some(url), None) => command.env("AMQP_URL", url),
            (None, None) => command,
        };
    }));
    let counts = tell(suites, &words)?;
    brokers.map_or(Ok(()), Brokers::end)?;
    match counts {
        Counts { ok: 0, failed: 0 } => Err("no story has that word.".to_owned()),
        Counts { ok, failed: 0 } => {
            say(&format!("All {ok} stories are ok."));
            Ok(())
        }
        Counts { ok, failed } => Err(format!("{failed} stories failed, {ok} are ok.")),
    }
}

/// What kind of broker a suite is for; against a foreign one all are the same.
#[derive(Clone, Copy)]
enum Place {
    /// As it is without any option.
    Plain,
    /// With the users and policies of `definitions.json`.
    Defined,
    /// With too little memory for what is published.
    Scarce,
}

/// The suites that go wherever AMQP_URL says, which `name` puts into their environment.
fn by_url(tools: &Tools, rust: &Path, name: impl Fn(Place, &mut Command)) -> Vec<Suite> {
    let folder = paths::clients();
    let script = |program: &str, name: &str| {
        let mut command = Command::new(program);
        command.arg(folder.join(name));
        command
    };
    let python = |name: &str| script(&tools.python.to_string_lossy(), name);
    let suites = [
        ("python", Place::Plain, python("python/run.py")),
        ("tutorials", Place::Plain, python("python/tutorials.py")),
        (
            "operator",
            Place::Defined,
            python("python/operator_stories.py"),
        ),
        ("alarm", Place::Scarce, python("python/alarm_stories.py")),
        ("celery", Place::Plain, python("python/celery_stories.py")),
        ("node", Place::Plain, script("node", "node/run.mjs")),
        ("rust", Place::Plain, Command::new(rust)),
        ("ruby", Place::Plain, script("ruby", "ruby/run.rb")),
        ("c", Place::Plain, python("python/rabbitmq_c.py")),
    ];
    let told = suites.map(|(suite, place, mut command)| {
        name(place, &mut command);
        Suite {
            name: suite,
            command,
        }
    });
    told.into()
}

/// The article's two scripts, where the broker can be where they look for it.
fn article(tools: &Tools, url: Option<&String>, broker: Option<&Path>) -> Option<Suite> {
    let scripts = paths::root().join("../shared/seed");
    if !scripts.join("producer.py").is_file() {
        say("The article's scripts are not at ../shared/seed: their story is left out.");
        return None;
    }
    let in_reach = ["localhost", "127.0.0.1"]
        .map(|host| format!("amqp://guest:guest@{host}:5672/%2f"))
        .iter()
        .any(|address| url == Some(address));
    let free = || TcpListener::bind(ARTICLE_ADDRESS).is_ok();
    let mut command = match (in_reach, broker.is_some()) {
        (true, _) => Command::new(&tools.python),
        (false, true) if free() => Command::new(&tools.python),
        (false, true) => alone(&tools.python)?,
        (false, false) => {
            say("The article's scripts want a broker at port 5672: their story is left out.");
            return None;
        }
    };
    command.arg(paths::clients().join("python/article.py"));
    command.arg(scripts);
    if let Some(program) = broker {
        command.env("STORIES_BROKER", program);
    }
    Some(Suite {
        name: "article",
        command,
    })
}

/// The program in a network of its own, where no port is taken; by whoever may make one.
fn alone(program: &Path) -> Option<Command> {
    for rights in [&["--net"][..], &["--net", "--map-root-user"]] {
        let mut alone = Command::new("unshare");
        if crate::process::output(alone.args(rights).arg("true")).is_some() {
            let mut alone = Command::new("unshare");
            alone.args(rights).arg(program).env("STORIES_ALONE", "yes");
            return Some(alone);
        }
    }
    say("Port 5672 is taken by another program: the article's story is left out.");
    None
}

/// Runs the suites side by side and prints what each has told when it is at its end.
fn tell(suites: Vec<Suite>, words: &[&str]) -> Outcome<Counts> {
    let (sender, ended) = mpsc::channel();
    let count = suites.len();
    for Suite { name, mut command } in suites {
        command
            .args(words)
            .env("PATH", tools::search_path())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null());
        let sender = sender.clone();
        std::thread::spawn(move || {
            // Nobody listens any more only when we have given up.
            let _ = sender.send((name, command.output()));
        });
    }
    let mut all = Counts::default();
    for _ in 0..count {
        let (name, output) = ended.recv().map_err(|_| "a suite has vanished.")?;
        let output = output.map_err(|error| format!("cannot start the {name} suite: {error}."))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let counted = counts(&text);
        if counted != Some(Counts::default()) || words.is_empty() {
            say(&format!("\n{}", text.trim_end()));
        }
        match counted {
            Some(counts) => {
                all.ok += counts.ok;
                all.failed += counts.failed;
                if output.status.success() || counts.failed > 0 {
                    continue;
                }
            }
            None => say(&format!("The {name} suite did not come to its end.")),
        }
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        all.failed += 1;
    }
    Ok(all)
}

/// What the last line of a suite says: `name: 12 stories ok, 0 failed`.
fn counts(text: &str) -> Option<Counts> {
    let (_, line) = text.trim_end().lines().last()?.split_once(": ")?;
    let (ok, failed) = line.split_once(" stories ok, ")?;
    Some(Counts {
        ok: ok.parse().ok()?,
        failed: failed.strip_suffix(" failed")?.parse().ok()?,
    })
}

fn build_broker() -> Outcome<PathBuf> {
    let mut build = tools::cargo();
    build.args(["build", "--bin", "brokerlab", "--features", "cli"]);
    run("building brokerlab", &mut build, Talk::Counted)?;
    Ok(paths::target()
        .join("debug")
        .join(format!("brokerlab{}", std::env::consts::EXE_SUFFIX)))
}

/// Ours, one of each kind.
struct Brokers {
    plain: Broker,
    defined: Broker,
    scarce: Broker,
}

impl Brokers {
    fn start(program: &Path) -> Outcome<Self> {
        let definitions = paths::clients().join("definitions.json");
        let limit = MEMORY_LIMIT.to_string();
        let brokers = Self {
            plain: Broker::start(program, &[])?,
            defined: Broker::start(program, &["--definitions".as_ref(), definitions.as_ref()])?,
            scarce: Broker::start(program, &["--memory-limit".as_ref(), limit.as_ref()])?,
        };
        say(&format!("Our broker listens at {}.", brokers.plain.address));
        Ok(brokers)
    }

    /// Says in the command's environment which of them it is for.
    fn name<'a>(&self, place: Place, command: &'a mut Command) -> &'a mut Command {
        let (user, broker) = match place {
            Place::Plain => ("guest", &self.plain),
            Place::Defined => ("stories-all", &self.defined),
            Place::Scarce => ("guest", &self.scarce),
        };
        let url = format!("amqp://{user}:{user}@{}/%2f", broker.address);
        command.env("AMQP_URL", url);
        if matches!(place, Place::Scarce) {
            command.env("STORIES_MEMORY_OCTETS", (4 * MEMORY_LIMIT).to_string());
        }
        command
    }

    /// They must have lived through all of it.
    fn end(self) -> Outcome {
        let ends = [self.plain, self.defined, self.scarce].map(Broker::end);
        ends.into_iter().collect()
    }
}

/// `brokerlab serve` at work on a free port; ended with us, whatever becomes of the stories.
struct Broker {
    process: Child,
    address: String,
    /// Everything it says after its address.
    log: Receiver<String>,
}

impl Broker {
    fn start(program: &Path, options: &[&OsStr]) -> Outcome<Self> {
        let mut process = Command::new(program)
            .args(["serve", "--amqp", "127.0.0.1:0"])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}.", program.display()))?;
        let (sender, log) = mpsc::channel();
        let stdout = process.stdout.take().map(|pipe| Box::new(pipe) as Pipe);
        let stderr = process.stderr.take().map(|pipe| Box::new(pipe) as Pipe);
        for pipe in [stdout, stderr].into_iter().flatten() {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let lines = BufReader::new(pipe).lines().map_while(Result::ok);
                lines.for_each(|line| drop(sender.send(line)));
            });
        }
        let mut broker = Self {
            process,
            address: String::new(),
            log,
        };
        let mut said = String::new();
        while broker.address.is_empty() {
            let line = broker.log.recv_timeout(START_LIMIT).map_err(|_| {
                format!("`brokerlab serve` does not say where it listens. It said:\n{said}")
            })?;
            broker.address = address_in(&line).unwrap_or_default();
            said.push_str(&line);
            said.push('\n');
        }
        Ok(broker)
    }

    fn end(mut self) -> Outcome {
        match self.process.try_wait() {
            Ok(None) => Ok(()),
            ended => {
                let log: Vec<String> = self.log.try_iter().collect();
                let tail = &log[log.len().saturating_sub(40)..];
                Err(format!(
                    "`brokerlab serve` ended by itself ({ended:?}):\n{}",
                    tail.join("\n")
                ))
            }
        }
    }
}

type Pipe = Box<dyn Read + Send>;

impl Drop for Broker {
    fn drop(&mut self) {
        // When it is gone already there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The address in a line such as `Listening for AMQP at 127.0.0.1:40123.`
fn address_in(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("127.0.0.1:")?;
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("127.0.0.1:{}", port.parse::<u16>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_counted() {
        let text = "ok     pika: a\nFAILED pika: b\n       why: 1 stories ok, 2 failed?\n";
        assert_eq!(counts(text), None);
        let counted = counts(&format!("{text}python: 12 stories ok, 3 failed\n"));
        assert_eq!(counted, Some(Counts { ok: 12, failed: 3 }));
    }

    #[test]
    fn the_address_is_found_in_what_the_broker_says() {
        let line = "brokerlab: AMQP 0-9-1 at 127.0.0.1:40123, profile 3.x";
        assert_eq!(address_in(line).as_deref(), Some("127.0.0.1:40123"));
        assert_eq!(address_in("nothing yet"), None);
    }
}
