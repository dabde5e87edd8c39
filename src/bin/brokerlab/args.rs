//! What can be asked on the command line, and its help.
//!
//! Deliberately not here: doing it.

use brokerlab::types::SimDuration;
use clap::{Args, Parser, Subcommand};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  something is wrong with the input, or a check failed
  2  wrong usage
  3  a file cannot be read or written";

/// A message broker you can see: run scenarios, open RabbitMQ definitions, explain routes.
#[derive(Debug, Parser)]
#[command(name = "brokerlab", version, after_help = EXIT_CODES)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(RunOptions),
    Import(ImportOptions),
    Export(ExportOptions),
    Route(RouteOptions),
    Gallery(GalleryOptions),
}

/// Run a scenario in simulated time and report what came of it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brokerlab run hello-world
  brokerlab run shop.json --for 10m --seed 7
  brokerlab run shop.json --json | jq '.queues[] | {name, ready, waiting}'

The same scenario, seed and time give the same report to the bit. docs/report.schema.json describes
the JSON report.

Exit codes: 0 done; 1 the scenario cannot be opened, or with --strict has errors or was refused
something by the broker; 2 wrong usage; 3 a file cannot be read.")]
pub(crate) struct RunOptions {
    /// Scenario file, `-` for standard input, or the name of a gallery scenario
    pub(crate) scenario: String,
    /// How much simulated time, e.g. 90s, 10m, 2h [default: what the scenario says, else 1m]
    #[arg(long = "for", value_name = "TIME")]
    pub(crate) time: Option<SimDuration>,
    /// Seed of all random streams [default: the scenario's]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Exit with 1 when the scenario has errors or the broker refuses something
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Turn a RabbitMQ definitions file into a scenario, laid out.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brokerlab import definitions.json -o broker.json
  rabbitmqctl export_definitions - | brokerlab import - > broker.json

What cannot be honoured is listed on standard error with its path in the file. Users, permissions,
policies and parameters are kept in the scenario and come out again with `brokerlab export`.

Exit codes: 0 opened; 1 not a definitions file, or one RabbitMQ refuses; 2 wrong usage; 3 a file
cannot be read or written.")]
pub(crate) struct ImportOptions {
    /// Definitions file, or `-` for standard input
    pub(crate) definitions: String,
    /// Where to write the scenario [default: standard output]
    #[arg(short, long, value_name = "SCENARIO.json")]
    pub(crate) output: Option<String>,
}

/// Turn a scenario into a RabbitMQ definitions file.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  brokerlab export broker.json -o definitions.json

Producers, consumers and exclusive queues are no part of a broker's definitions and are left out.")]
pub(crate) struct ExportOptions {
    /// Scenario file, `-` for standard input, or the name of a gallery scenario
    pub(crate) scenario: String,
    /// Where to write the definitions [default: standard output]
    #[arg(short, long, value_name = "DEFINITIONS.json")]
    pub(crate) output: Option<String>,
}

/// Say where a message would go, and why or why not at each hop.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brokerlab route definitions.json --exchange orders --key order.eu.paid
  brokerlab route definitions.json --exchange documents --header format=pdf --header pages:=40
  brokerlab route definitions.json --vhost shop --exchange '' --key invoices --json

NAME=TEXT is a text header; NAME:=JSON is a number, true, false, null, a list or an object.

Exit codes: 0 at least one queue gets a copy; 1 no queue does, the broker refuses it, or the file
cannot be opened; 2 wrong usage; 3 a file cannot be read.")]
pub(crate) struct RouteOptions {
    /// Definitions or scenario file, `-` for standard input, or the name of a gallery scenario
    pub(crate) file: String,
    /// Exchange that is published to; '' for the default exchange
    #[arg(short, long, value_name = "NAME")]
    pub(crate) exchange: String,
    /// Routing key
    #[arg(short, long, value_name = "KEY", default_value = "")]
    pub(crate) key: String,
    /// A header, NAME=TEXT or NAME:=JSON; may be given several times
    #[arg(long = "header", value_name = "NAME=VALUE")]
    pub(crate) headers: Vec<String>,
    /// Virtual host [default: the only one, or /]
    #[arg(long, value_name = "NAME")]
    pub(crate) vhost: Option<String>,
    /// Print the explanation as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// List the gallery, or print one of its scenarios.
#[derive(Debug, Args)]
pub(crate) struct GalleryOptions {
    /// Name of a scenario to print
    pub(crate) name: Option<String>,
}
