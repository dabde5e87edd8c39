//! What can be asked on the command line, and its help.
//!
//! Deliberately not here: doing it.

use brokerlab::types::{Profile, SimDuration};
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;

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
    Serve(ServeOptions),
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

/// Serve AMQP 0-9-1: any client of RabbitMQ can talk to the broker.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  brokerlab serve
  brokerlab serve --amqp 127.0.0.1:0 --profile 4.x
  brokerlab serve --definitions definitions.json
  brokerlab serve --memory-limit 64M --max-connections 100 --verbose

Once it listens it prints one line, `listening on amqp://ADDRESS:PORT`; connections that are refused
or lost are told on standard error. User guest with password guest may come from this machine only.
Ctrl-C or SIGTERM closes all connections (320 CONNECTION_FORCED) and ends. Messages are kept in memory
and are gone with the server.

Sizes are octets, or octets with k, M or G (1024 times, and so on). Times are like 500ms, 10s, 1m.

Exit codes: 0 stopped by a signal; 2 wrong usage; 3 the address cannot be listened on.")]
pub(crate) struct ServeOptions {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:5672")]
    pub(crate) amqp: SocketAddr,
    /// Vhosts, users, permissions, limits, policies, exchanges, queues and bindings to begin with; a
    /// file with users replaces guest
    #[arg(long, value_name = "FILE")]
    pub(crate) definitions: Option<String>,
    /// Which RabbitMQ is imitated where versions differ: 3.x or 4.x
    #[arg(long, value_name = "VERSION", default_value = "3.x", value_parser = profile)]
    pub(crate) profile: Profile,
    /// Connections open at once; further ones are refused
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) max_connections: u32,
    /// Channels of a connection
    #[arg(long, value_name = "N", default_value_t = 2047, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_channels: u16,
    /// Largest frame
    #[arg(long, value_name = "SIZE", default_value = "128k", value_parser = frame_octets)]
    pub(crate) frame_max: u32,
    /// Seconds between signs of life that clients are asked for; 0 for none
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) heartbeat: u16,
    /// A connection that is not open after this time is dropped
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub(crate) handshake_timeout: SimDuration,
    /// Nothing more is read from a client while so much waits for it to be read
    #[arg(long, value_name = "SIZE", default_value = "4M", value_parser = memory_octets)]
    pub(crate) max_output: usize,
    /// Largest message [default: 128M, or 16M with --profile 4.x]
    #[arg(long, value_name = "SIZE", value_parser = octets)]
    pub(crate) max_message_size: Option<u64>,
    /// Octets of messages at which publishers are held back; 0 holds all of them back [default: two
    /// fifths of the machine's memory]
    #[arg(long, value_name = "SIZE", value_parser = octets)]
    pub(crate) memory_limit: Option<u64>,
    /// How long a delivery may stay unacked before its channel is closed; with --profile 4.x deliveries
    /// of quorum queues only
    #[arg(long, value_name = "TIME", default_value = "30m")]
    pub(crate) consumer_timeout: SimDuration,
    /// Users who may come from this machine only, with commas between; empty for none
    #[arg(
        long,
        value_name = "NAMES",
        default_value = "guest",
        value_delimiter = ','
    )]
    pub(crate) loopback_users: Vec<String>,
    /// Tell nothing on standard error once it listens
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Tell of every connection that comes and goes
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

fn profile(text: &str) -> Result<Profile, String> {
    let named = Profile::ALL.into_iter().find(|it| it.name() == text);
    named.ok_or_else(|| "it is 3.x or 4.x".to_owned())
}

/// Octets, with or without a unit of 1024.
fn octets(text: &str) -> Result<u64, String> {
    let units = [("k", 10), ("K", 10), ("M", 20), ("G", 30)];
    let unit = units.iter().find(|(unit, _)| text.ends_with(unit));
    let (number, shift) = unit.map_or((text, 0), |(unit, shift)| {
        (text.trim_end_matches(unit), *shift)
    });
    let wrong = || "it is a number of octets, or one with k, M or G".to_owned();
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(1 << shift).ok_or_else(wrong)
}

fn memory_octets(text: &str) -> Result<usize, String> {
    usize::try_from(octets(text)?).map_err(|_| "it is more than any memory".to_owned())
}

/// A frame's size: at least what every client must be able to rely on (AMQP 0-9-1, 2.3.5).
fn frame_octets(text: &str) -> Result<u32, String> {
    let octets = u32::try_from(octets(text)?).ok();
    octets
        .filter(|octets| *octets >= 4096)
        .ok_or_else(|| "it is at least 4k and less than 4G".to_owned())
}
