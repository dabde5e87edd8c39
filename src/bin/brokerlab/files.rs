//! Files in and out, problems in sentences, and the commands that only do that.
//!
//! Deliberately not here: running.

use crate::Done;
use crate::args::{ExportOptions, GalleryOptions, ImportOptions};
use brokerlab::broker::Broker;
use brokerlab::scenario::definitions::{self, Imported};
use brokerlab::scenario::{Problem, Scenario, format, gallery};
use brokerlab::sim;
use brokerlab::text::{Language, Words};
use brokerlab::types::{ProblemCode, Severity, SimTime};
use std::io::{IsTerminal as _, Read as _, Write as _};

/// Problems listed one by one; a large broker may have thousands.
const LISTED_MAX: usize = 40;

/// Why a command did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something is wrong with the input.
    Input(String),
    /// It is said already.
    Said,
    /// The command line makes no sense.
    Usage(String),
    /// A file cannot be read or written.
    File(String),
}

impl Failure {
    pub(crate) const fn code(&self) -> u8 {
        match self {
            Self::Input(_) | Self::Said => 1,
            Self::Usage(_) => 2,
            Self::File(_) => 3,
        }
    }

    pub(crate) fn sentence(&self) -> Option<&str> {
        match self {
            Self::Input(text) | Self::Usage(text) | Self::File(text) => Some(text),
            Self::Said => None,
        }
    }
}

/// The words of the command line.
pub(crate) const fn words() -> Words {
    Words::new(Language::English)
}

/// Reads a file, or standard input for `-`.
fn read(name: &str) -> Result<String, Failure> {
    let mut octets = Vec::new();
    let taken = if name == "-" {
        std::io::stdin().lock().read_to_end(&mut octets).map(|_| ())
    } else {
        std::fs::read(name).map(|read| octets = read)
    };
    if let Err(error) = taken {
        return Err(Failure::File(format!("{name}: {error}")));
    }
    String::from_utf8(octets).map_err(|_| refused(name, &Problem::new(ProblemCode::NotText)))
}

/// A problem as a failure: place, sentence, advice.
fn refused(name: &str, problem: &Problem) -> Failure {
    Failure::Input(format!("{name}: {}", sentence(problem)))
}

/// `line 3, column 5 (queues[0]): what is wrong. What to do.`
pub(crate) fn sentence(problem: &Problem) -> String {
    let place = problem.place.to_string();
    let what = words().problem(problem.code, &problem.params);
    let fix = words().problem_fix(problem.code, &problem.params);
    let mut text = String::new();
    if !place.is_empty() {
        text = format!("{place}: ");
    }
    text.push_str(&what);
    if !fix.is_empty() {
        text.push(' ');
        text.push_str(&fix);
    }
    text
}

/// Opens a scenario file or a scenario of the gallery.
pub(crate) fn open_scenario(name: &str) -> Result<Scenario, Failure> {
    if let Some(text) = from_gallery(name) {
        return format::read(text).map_err(|problem| refused(name, &problem));
    }
    let text = read(name)?;
    format::read(&text).map_err(|problem| refused(name, &problem))
}

/// A name of the gallery counts when there is no such file.
fn from_gallery(name: &str) -> Option<&'static str> {
    if std::path::Path::new(name).exists() {
        return None;
    }
    gallery::text(name)
}

/// Opens a definitions file, a scenario file or a scenario of the gallery.
pub(crate) fn open_any(name: &str) -> Result<Scenario, Failure> {
    if let Some(text) = from_gallery(name) {
        return format::read(text).map_err(|problem| refused(name, &problem));
    }
    let text = read(name)?;
    match definitions::import(&text) {
        Ok(Imported { scenario, .. }) => Ok(scenario),
        Err(problem) if problem.code == ProblemCode::IsScenario => {
            format::read(&text).map_err(|problem| refused(name, &problem))
        }
        Err(problem) => Err(refused(name, &problem)),
    }
}

/// Writes a result to a file, or to standard output.
fn write(output: Option<&str>, text: &str) -> Done {
    let Some(name) = output.filter(|name| *name != "-") else {
        return print(text);
    };
    std::fs::write(name, text).map_err(|error| Failure::File(format!("{name}: {error}")))
}

/// Prints a result. Who reads may stop early, as `head` does; that is no failure.
pub(crate) fn print(text: &str) -> Done {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::File(format!("standard output: {error}"))),
    }
}

/// Whether to use bold type on standard output (no-color.org).
pub(crate) fn is_plain() -> bool {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    no_color || !std::io::stdout().is_terminal()
}

/// Lists problems on standard error, worst first.
pub(crate) fn list(problems: &[Problem], scenario: &Scenario) {
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|problem| std::cmp::Reverse(problem.severity()));
    for problem in sorted.iter().take(LISTED_MAX) {
        let severity = match problem.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Notice => "notice",
        };
        let at = where_it_is(problem, scenario);
        let what = words().problem(problem.code, &problem.params);
        let fix = words().problem_fix(problem.code, &problem.params);
        eprintln!("{severity}: {at}{what}");
        if !fix.is_empty() {
            eprintln!("         {fix}");
        }
    }
    if let Some(more) = sorted
        .len()
        .checked_sub(LISTED_MAX)
        .filter(|more| *more > 0)
    {
        eprintln!("... and {more} more");
    }
}

fn where_it_is(problem: &Problem, scenario: &Scenario) -> String {
    let node = problem.place.node.and_then(|node| scenario.node(node));
    match (problem.place.path.as_str(), node) {
        ("", None) => String::new(),
        ("", Some(node)) => format!("{} '{}': ", node.kind.shape().word(), node.name),
        // A path of a file says which entry it is; one of a document only which field.
        (path, Some(node)) if !path.contains('[') => {
            format!("{} '{}', {path}: ", node.kind.shape().word(), node.name)
        }
        (path, _) => format!("{path}: "),
    }
}

pub(crate) fn import(options: &ImportOptions) -> Done {
    let name = &options.definitions;
    let text = read(name)?;
    let Imported {
        scenario, problems, ..
    } = definitions::import(&text).map_err(|problem| refused(name, &problem))?;
    list(&problems, &scenario);
    write(options.output.as_deref(), &format::write(&scenario))
}

/// Makes of a broker what a definitions file describes, and says what did not go so.
pub(crate) fn load(name: &str, broker: &mut Broker, quiet: bool) -> Done {
    let text = read(name)?;
    let loaded = sim::definitions::load(broker, SimTime::ZERO, &text);
    let loaded = loaded.map_err(|problem| refused(name, &problem))?;
    if !quiet {
        list(&loaded.problems, &loaded.scenario);
        for line in &loaded.refused {
            // Whoever closed our error output does not want to know.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }
    Ok(())
}

pub(crate) fn export(options: &ExportOptions) -> Done {
    let scenario = open_scenario(&options.scenario)?;
    write(options.output.as_deref(), &definitions::export(&scenario))
}

pub(crate) fn gallery(options: &GalleryOptions) -> Done {
    if let Some(name) = &options.name {
        let text = gallery::text(name).ok_or_else(|| {
            Failure::Usage(format!(
                "the gallery has no '{name}'; `brokerlab gallery` lists what it has"
            ))
        })?;
        return print(text);
    }
    let items = gallery::items();
    let width = items.iter().map(|item| item.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for item in items {
        out.push_str(&format!("{:width$}  {}\n", item.id, item.teaches.en));
    }
    print(&out)
}
