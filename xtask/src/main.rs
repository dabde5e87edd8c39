//! `cargo xtask`: every chore of the package behind one command, with its own set-up.
//!
//! What is deliberately not here: anything a plain `cargo` command already does well on its
//! own, and any tool that must be installed beforehand. Rust (by rustup) is the only thing
//! assumed; `tools.rs` finds or installs the rest.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "runs on the machine"
)]

mod annex;
mod bench;
mod beside;
mod browser;
mod checks;
mod client_tools;
mod clients;
mod examples;
mod files;
mod fuzz;
mod page;
mod paths;
mod process;
mod real_broker;
mod serve;
mod shorten;
mod tools;
mod weigh;

/// The texts of the page, from the package itself: the same lines, so nothing can get out of step.
#[allow(
    dead_code,
    unused_imports,
    reason = "only the texts as files are wanted here"
)]
#[path = "../../src/text/mod.rs"]
mod text;

/// What the texts need of the package's `types`.
#[allow(dead_code, reason = "only the codes are wanted here")]
#[path = "../../src/types/problem.rs"]
mod types;

use std::process::ExitCode;

/// What a chore gives back: nothing, or a sentence for the person who asked.
pub type Outcome<T = ()> = Result<T, String>;

struct Chore {
    name: &'static str,
    arguments: &'static str,
    sentence: &'static str,
    run: fn(&[String]) -> Outcome,
}

const CHORES: &[Chore] = &[
    Chore {
        name: "play",
        arguments: "[--port N]",
        sentence: "Build the release page and serve it on 127.0.0.1:8080.",
        run: page::play,
    },
    Chore {
        name: "test",
        arguments: "[--quick]",
        sentence: "Run every check: format, lints, native, in the browser, end to end.",
        run: checks::test,
    },
    Chore {
        name: "e2e",
        arguments: "[WORD]",
        sentence: "Run the end-to-end tests whose file or name contains the word.",
        run: browser::e2e,
    },
    Chore {
        name: "clients",
        arguments: "[WORD] [--url amqp://...]",
        sentence: "Let real AMQP clients talk to our broker, or to the one at that address.",
        run: clients::clients,
    },
    Chore {
        name: "wasm",
        arguments: "[WORD]",
        sentence: "Run the core suite and the page's tests in a headless browser.",
        run: browser::wasm,
    },
    Chore {
        name: "build",
        arguments: "",
        sentence: "Build the release page into dist/ and say what each file weighs.",
        run: page::build_and_weigh,
    },
    Chore {
        name: "bench",
        arguments: "[WORD] [--browser] [--write]",
        sentence: "Run the benchmarks and print one table (--write: into benches/README.md).",
        run: bench::bench,
    },
    Chore {
        name: "fuzz",
        arguments: "[TARGET] [--for TIME]",
        sentence: "Fuzz the protocol, each target for a minute or as long as is said.",
        run: fuzz::fuzz,
    },
    Chore {
        name: "record-conformance",
        arguments: "[WORD]",
        sentence: "Record what a real RabbitMQ answers to the programs whose path has the word.",
        run: real_broker::record,
    },
    Chore {
        name: "compare-brokers",
        arguments: "[--seeds N] [--from S]",
        sentence: "Run random programs against a real RabbitMQ and our engine until they differ.",
        run: real_broker::compare,
    },
    Chore {
        name: "dev",
        arguments: "[--port N]",
        sentence: "Serve an unoptimised page that rebuilds and reloads at every edit.",
        run: page::dev,
    },
    Chore {
        name: "help",
        arguments: "",
        sentence: "Print this list.",
        run: |_| {
            print!("{}", help());
            Ok(())
        },
    },
];

fn help() -> String {
    let mut text = String::from("Usage: cargo xtask <command>\n\nCommands:\n");
    for chore in CHORES {
        let call = format!("{} {}", chore.name, chore.arguments);
        text.push_str(&format!("  {call:<34} {}\n", chore.sentence));
    }
    text
}

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let name = if arguments.is_empty() {
        "help".to_owned()
    } else {
        arguments.remove(0)
    };
    let name = if name == "--help" || name == "-h" {
        "help"
    } else {
        name.as_str()
    };
    let Some(chore) = CHORES.iter().find(|chore| chore.name == name) else {
        eprintln!("error: there is no command `{name}`.\n\n{}", help());
        return ExitCode::from(2);
    };
    if arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        println!(
            "cargo xtask {} {}\n\n{}",
            chore.name, chore.arguments, chore.sentence
        );
        return ExitCode::SUCCESS;
    }
    match (chore.run)(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("\nerror: {sentence}");
            ExitCode::FAILURE
        }
    }
}
