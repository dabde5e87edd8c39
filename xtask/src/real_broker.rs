//! A real RabbitMQ of our own on loopback: recording its answers, and comparing programs with it.
//!
//! It has its own name, ports and folder, so that no broker that runs here is touched. What is asked
//! of it is not here but in `examples/conformance`.

use crate::process::{Talk, output, run, say};
use crate::{Outcome, paths, tools};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where the package puts RabbitMQ's own scripts, which run as any user.
const SCRIPTS: &str = "/usr/lib/rabbitmq/bin";

/// Ours only: its name, and the ports for clients and for its own use.
const NODE: &str = "brokerlab@localhost";
const PORT: u16 = 5695;
const OWN_PORT: u16 = 25695;

/// It starts within seconds; a slow machine may take its time.
const START: Duration = Duration::from_secs(120);

/// Seeds compared when nobody says how many.
const SEEDS: &str = "1000";

/// `cargo xtask record-conformance [WORD]`.
pub fn record(arguments: &[String]) -> Outcome {
    let mut words = vec!["record".to_owned(), address()];
    match arguments {
        [] => {}
        [word] => words.push(word.clone()),
        _ => return Err("only one word can be asked for.".to_owned()),
    }
    let broker = Broker::start()?;
    broker.ask(&words)
}

/// `cargo xtask compare-brokers [--seeds N] [--from S]`.
pub fn compare(arguments: &[String]) -> Outcome {
    let (mut seeds, mut from) = (SEEDS.to_owned(), "1".to_owned());
    let mut rest = arguments.iter();
    while let Some(flag) = rest.next() {
        let value = rest.next().filter(|value| value.parse::<u64>().is_ok());
        let value = value.ok_or_else(|| format!("`{flag}` wants a number."))?;
        match flag.as_str() {
            "--seeds" => seeds.clone_from(value),
            "--from" => from.clone_from(value),
            _ => return Err(format!("`{flag}` is not understood.")),
        }
    }
    let broker = Broker::start()?;
    broker.ask(&["compare".to_owned(), address(), from, seeds])
}

fn address() -> String {
    format!("127.0.0.1:{PORT}")
}

fn script(name: &str) -> String {
    format!("{SCRIPTS}/{name}")
}

/// A broker that runs as long as this value lives.
struct Broker {
    child: Child,
}

impl Broker {
    fn start() -> Outcome<Self> {
        if !std::path::Path::new(&script("rabbitmq-server")).exists() {
            tools::apt_install(&["rabbitmq-server"], "a real broker to compare with")?;
        }
        let folder = paths::target().join("rabbitmq");
        std::fs::create_dir_all(folder.join("home")).map_err(|error| error.to_string())?;
        let plugins = "[rabbitmq_consistent_hash_exchange].\n";
        for (name, text) in [("enabled_plugins", plugins), ("rabbitmq.conf", "")] {
            std::fs::write(folder.join(name), text).map_err(|error| error.to_string())?;
        }
        say(&format!("    starting RabbitMQ on {}", address()));
        let log = std::fs::File::create(folder.join("server.log"));
        let child = with_settings(&mut Command::new(script("rabbitmq-server")))
            .stdin(Stdio::null())
            .stdout(log.map_err(|error| error.to_string())?)
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("cannot start RabbitMQ: {error}."))?;
        let broker = Self { child };
        let start = Instant::now();
        let mut awaited = Command::new(script("rabbitmqctl"));
        with_settings(awaited.args(["-q", "await_startup"]));
        while output(&mut awaited).is_none() {
            if start.elapsed() > START {
                return Err(format!(
                    "RabbitMQ did not start; see {}.",
                    folder.join("server.log").display()
                ));
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        Ok(broker)
    }

    fn ask(&self, words: &[String]) -> Outcome {
        // Our own environment is for RabbitMQ's scripts only: cargo keeps its home.
        let mut build = tools::cargo();
        build.args(["build", "--example", "conformance"]);
        run("building the comparer", &mut build, Talk::Counted)?;
        let program = paths::target().join("debug/examples/conformance");
        let mut command = Command::new(program);
        with_settings(&mut command)
            .args(words)
            .current_dir(paths::root())
            .env("BROKERLAB_CTL", script("rabbitmqctl"));
        run(&words[0], &mut command, Talk::Whole)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let mut stop = Command::new(script("rabbitmqctl"));
        if output(with_settings(stop.args(["-q", "stop"]))).is_none() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// What makes the scripts ours: RabbitMQ reads its settings from the environment.
fn with_settings(command: &mut Command) -> &mut Command {
    let folder = paths::target().join("rabbitmq");
    command
        // What falls down when it falls over (`erl_crash.dump`) stays in its folder.
        .current_dir(&folder)
        .env("HOME", folder.join("home"))
        .env("RABBITMQ_NODENAME", NODE)
        .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
        .env("RABBITMQ_NODE_PORT", PORT.to_string())
        .env("RABBITMQ_DIST_PORT", OWN_PORT.to_string())
        .env("RABBITMQ_MNESIA_BASE", folder.join("data"))
        .env("RABBITMQ_LOG_BASE", folder.join("log"))
        .env(
            "RABBITMQ_ENABLED_PLUGINS_FILE",
            folder.join("enabled_plugins"),
        )
        .env("RABBITMQ_CONFIG_FILE", folder.join("rabbitmq"))
        .env("RABBITMQ_CONF_ENV_FILE", folder.join("none"))
        .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+sbwt none")
}
