//! The native command `brokerlab`: run a scenario, import and export definitions, explain a route,
//! serve AMQP.
//!
//! What it prints on standard output is the result and nothing else; problems, advice and progress
//! go to standard error. Exit codes: 0 done, 1 something is wrong with the input or a check failed,
//! 2 wrong usage, 3 a file cannot be read or written. Deliberately not here: anything a page could
//! not do too; the work is the library's.

#![forbid(unsafe_code)]

#[path = "brokerlab/args.rs"]
mod args;
#[path = "brokerlab/files.rs"]
mod files;
#[path = "brokerlab/report.rs"]
mod report;
#[path = "brokerlab/route.rs"]
mod route;
#[path = "brokerlab/run.rs"]
mod run;
#[path = "brokerlab/serve/mod.rs"]
mod serve;
#[path = "brokerlab/table.rs"]
mod table;

use args::{Command, Options};
use clap::Parser as _;
use files::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let done = match Options::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Import(options) => files::import(&options),
        Command::Export(options) => files::export(&options),
        Command::Route(options) => route::route(&options),
        Command::Gallery(options) => files::gallery(&options),
        Command::Serve(options) => serve::serve(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(sentence) = failure.sentence() {
                eprintln!("brokerlab: {sentence}");
            }
            ExitCode::from(failure.code())
        }
    }
}

/// A step that is done, or why not.
type Done = Result<(), Failure>;
