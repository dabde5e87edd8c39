//! `cargo xtask fuzz`: runs the programs of `fuzz/fuzz_targets/` for a while each.
//!
//! They are built without a sanitizer, so that the pinned compiler can do it: there is no unsafe code
//! to be watched, and what is looked for are panics, hangs and growth. What was found worth keeping
//! stays in `target/fuzz/corpus` and is begun with the next time. Not here: what must hold
//! (`fuzz/bodies.rs`).

use crate::process::{Talk, run, say};
use crate::{Outcome, paths, tools};

/// How long each program runs unless it is said.
const SECONDS: u64 = 60;
/// An input that takes longer is a hang, in seconds.
const HANG: u64 = 10;
/// More memory is growth, in megabytes.
const MEMORY: u64 = 1024;
/// Octets of an input.
const LENGTH: u64 = 4096;

/// `cargo xtask fuzz [TARGET] [--for TIME]`.
pub fn fuzz(arguments: &[String]) -> Outcome {
    let (mut chosen, mut seconds) = (None, SECONDS);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--for" {
            let time = rest.next().map(String::as_str);
            seconds = time
                .and_then(in_seconds)
                .ok_or("`--for` wants a time: 90s, 10m, 1h.")?;
        } else {
            chosen = Some(argument.as_str());
        }
    }
    let all = targets()?;
    let targets: Vec<&String> = all
        .iter()
        .filter(|target| chosen.is_none_or(|chosen| chosen == target.as_str()))
        .collect();
    if targets.is_empty() {
        return Err(format!("the targets are {}.", all.join(", ")));
    }
    tools::ensure_cargo_fuzz()?;
    for target in targets {
        say(&format!("\n==== {target}, {seconds} s ===="));
        run_one(target, seconds)?;
    }
    Ok(())
}

fn targets() -> Outcome<Vec<String>> {
    let folder = paths::root().join("fuzz").join("fuzz_targets");
    let unreadable = |error: std::io::Error| format!("{}: {error}.", folder.display());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if let Some(name) = path.file_stem() {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn run_one(target: &str, seconds: u64) -> Outcome {
    let folder = paths::target().join("fuzz");
    let (corpus, found) = (folder.join("corpus").join(target), folder.join("found"));
    for folder in [&corpus, &found] {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("{}: {error}.", folder.display()))?;
    }
    let mut fuzz = tools::cargo();
    fuzz.args(["fuzz", "run", "--sanitizer", "none", "--target-dir"])
        .arg(folder.join("build"))
        .arg(target)
        .arg(&corpus)
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={HANG}"))
        .arg(format!("-rss_limit_mb={MEMORY}"))
        .arg(format!("-max_len={LENGTH}"))
        // Long inputs from the start: a conversation is no puzzle of single octets.
        .arg("-len_control=0")
        .arg(format!("-artifact_prefix={}/{target}-", found.display()))
        .arg("-print_final_stats=1");
    run(&format!("fuzzing {target}"), &mut fuzz, Talk::Whole).map_err(|error| {
        format!(
            "{error}\nThe input is in {}: give it to the body in a test.",
            found.display()
        )
    })
}

/// `90s`, `10m` or `1h` in seconds.
fn in_seconds(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times are read, and every target is found.
    #[test]
    fn times_and_targets() {
        assert_eq!(in_seconds("10m"), Some(600));
        assert_eq!(in_seconds("90s"), Some(90));
        assert_eq!(in_seconds("m"), None);
        assert_eq!(in_seconds(""), None);
        let names = targets().expect("the folder is there");
        assert_eq!(names, ["connection", "frame", "header", "table"]);
    }
}
