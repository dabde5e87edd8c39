//! `brokerlab run`: drives a simulation to its end with a progress bar on long runs.
//!
//! Deliberately not here: what is reported.

use crate::Done;
use crate::args::RunOptions;
use crate::files::{Failure, is_plain, list, open_scenario, print};
use crate::report::Report;
use brokerlab::scenario::validate;
use brokerlab::sim::{Simulation, Stop};
use brokerlab::types::{Severity, SimDuration, SimTime};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::rc::Rc;
use std::time::Duration;

/// Events between two looks at the progress bar: some tens of milliseconds of work.
const EVENTS_PER_SLICE: u64 = 100_000;
/// A run that says nowhere how long it is.
const DEFAULT_SECONDS: u64 = 60;
/// A bar has so many steps; simulated nanoseconds would overflow its arithmetic.
const BAR_STEPS: u64 = 1000;

pub(crate) fn run(options: &RunOptions) -> Done {
    let mut scenario = open_scenario(&options.scenario)?;
    if let Some(seed) = options.seed {
        scenario.seed = seed;
    }
    let problems = validate(&scenario);
    list(&problems, &scenario);
    let time = options.time.or(scenario.duration);
    let time = time.unwrap_or_else(|| SimDuration::from_secs(DEFAULT_SECONDS));
    let until = SimTime::ZERO + time;
    let mut simulation = Simulation::new(Rc::new(scenario));
    let (events, stop) = drive(&mut simulation, until);
    let report = Report::new(&simulation, events, stop, &problems);
    if options.json {
        let json = serde_json::to_string_pretty(&report);
        print(&json.map_or_else(|error| error.to_string(), |json| json + "\n"))?;
    } else {
        print(&report.to_text(is_plain()))?;
    }
    let wrong = problems
        .iter()
        .any(|problem| problem.severity() == Severity::Error);
    if stop == Stop::Livelock {
        return Err(Failure::Input(format!(
            "the run stands still at {} s: too many events at one instant. Look for work, links and \
             intervals that all take no time.",
            simulation.now()
        )));
    }
    if options.strict && (wrong || report.was_refused()) {
        return Err(Failure::Input(
            "--strict: the scenario has errors or the broker refused something".to_owned(),
        ));
    }
    Ok(())
}

/// Runs up to `until` and says how many events there were and why it ended.
fn drive(simulation: &mut Simulation, until: SimTime) -> (u64, Stop) {
    // Drawn on standard error, and only when that is a terminal.
    let bar = ProgressBar::with_draw_target(Some(BAR_STEPS), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(
        "{elapsed_precise} [{bar:40}] {percent} % of {msg}, {eta} to go",
    ) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(until.since(SimTime::ZERO).to_string());
    let mut events = 0;
    let stop = loop {
        let progress = simulation.run_until(until, EVENTS_PER_SLICE);
        events += progress.events;
        if progress.stop != Stop::Budget {
            break progress.stop;
        }
        let share = progress.now.as_secs_f64() / until.as_secs_f64();
        // A short run would only flash.
        if bar.elapsed() > Duration::from_secs(1) {
            bar.set_position((share * BAR_STEPS as f64) as u64);
        }
    };
    bar.finish_and_clear();
    (events, stop)
}
