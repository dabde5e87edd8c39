//! Runs each conformance program against a real broker and writes down its answers.

use crate::peer;
use crate::peer::client::Client;
use crate::peer::program::{Entry, Program};
use crate::peer::tcp::{Tcp, rabbitmqctl};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// How often a program is run to believe its recording.
const RUNS: usize = 2;

/// Programs that run at the same time: most of their time is waiting.
const AT_ONCE: usize = 4;

/// Words in steps that change the whole node; their programs run alone.
const WHOLE_NODE: [&str; 2] = ["ctl alarm", "ctl consumer_timeout"];

/// Records the programs whose path contains the word.
pub(crate) fn record(address: &str, word: &str) -> Result<(), String> {
    let folder = Path::new("tests/conformance");
    let mut programs = Vec::new();
    for file in peer::programs(folder) {
        if file.to_string_lossy().contains(word) {
            let text = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
            let program =
                Program::read(&text).map_err(|error| format!("{}: {error}", file.display()))?;
            programs.push((file, program));
        }
    }
    let vhosts: Vec<String> = (1..=programs.len() * RUNS)
        .map(|number| format!("vhost-{number:04}"))
        .collect();
    make_vhosts(&vhosts)?;
    let mut work = Vec::new();
    for (index, (file, program)) in programs.into_iter().enumerate() {
        work.push((file, program, &vhosts[index * RUNS..(index + 1) * RUNS]));
    }
    let (alone, mut together): (Vec<_>, Vec<_>) = work.into_iter().partition(|(_, program, _)| {
        let steps = program.entries.iter();
        let mut words = steps.flat_map(|entry| WHOLE_NODE.map(|word| entry.text.starts_with(word)));
        words.any(|found| found)
    });
    together.reverse();
    let refused = Mutex::new(Vec::new());
    let work = Mutex::new(together);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let next = work.lock().ok().and_then(|mut work| work.pop());
                    let Some((file, program, vhosts)) = next else {
                        return;
                    };
                    note(&refused, record_one(address, &file, &program, vhosts));
                }
            });
        }
    });
    for (file, program, vhosts) in alone {
        note(&refused, record_one(address, &file, &program, vhosts));
    }
    remove_vhosts(&vhosts)?;
    let refused = refused.into_inner().unwrap_or_default();
    if refused.is_empty() {
        Ok(())
    } else {
        Err(format!("not recorded:\n{}", refused.join("\n")))
    }
}

fn note(refused: &Mutex<Vec<String>>, done: Result<(), String>) {
    if let (Err(sentence), Ok(mut refused)) = (done, refused.lock()) {
        refused.push(sentence);
    }
}

fn record_one(
    address: &str,
    file: &PathBuf,
    program: &Program,
    vhosts: &[String],
) -> Result<(), String> {
    let name = file.display();
    let mut runs = Vec::new();
    for vhost in vhosts {
        runs.push(run(program, address, vhost).map_err(|error| format!("{name}: {error}"))?);
    }
    if let Some((a, b)) = runs[0].iter().zip(&runs[1]).find(|(a, b)| a != b) {
        return Err(format!(
            "{name}: the answers differ from run to run\n  {}\n    once:  {:?}\n    again: {:?}",
            a.text, a.answers, b.answers
        ));
    }
    println!("{name}");
    let new = Program {
        entries: runs.swap_remove(0),
        ..program.clone()
    };
    std::fs::write(file, new.text()).map_err(|error| error.to_string())
}

/// The entries with the answers of this run.
fn run(program: &Program, address: &str, vhost: &str) -> Result<Vec<Entry>, String> {
    let mut client = Client::new(Tcp::new(address, vhost));
    let mut entries = program.entries.clone();
    for entry in &mut entries {
        entry.answers = client
            .step(&entry.text)
            .map_err(|error| format!("{}: {error}", entry.text))?;
    }
    client.tidy_up();
    Ok(entries)
}

fn list(vhosts: &[String]) -> String {
    let names: Vec<String> = vhosts
        .iter()
        .map(|name| format!("<<\"{name}\">>"))
        .collect();
    names.join(", ")
}

pub(crate) fn make_vhosts(vhosts: &[String]) -> Result<(), String> {
    let names = list(vhosts);
    rabbitmqctl(&[
        "-q".to_owned(),
        "eval".to_owned(),
        format!(
            "lists:foreach(fun(V) -> \
             case rabbit_vhost:exists(V) of true -> rabbit_vhost:delete(V, <<\"c\">>); _ -> ok end, \
             rabbit_vhost:add(V, <<\"c\">>), \
             rabbit_auth_backend_internal:set_permissions(<<\"guest\">>, V, <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"c\">>) \
             end, [{names}])."
        ),
    ])
    .map(drop)
}

pub(crate) fn remove_vhosts(vhosts: &[String]) -> Result<(), String> {
    let names = list(vhosts);
    rabbitmqctl(&[
        "-q".to_owned(),
        "eval".to_owned(),
        format!("lists:foreach(fun(V) -> rabbit_vhost:delete(V, <<\"c\">>) end, [{names}])."),
    ])
    .map(drop)
}
