//! `cargo xtask test`: every check in order, each with a heading, and one summary at the end.

use crate::process::{Talk, run, say};
use crate::{Outcome, browser, client_tools, clients, page, tools, weigh};
use std::process::Command;
use std::time::{Duration, Instant};

struct Step {
    name: &'static str,
    /// Part of the inner loop (`--quick`)?
    quick: bool,
    run: fn() -> Outcome,
}

const STEPS: &[Step] = &[
    Step {
        name: "set-up",
        quick: false,
        run: set_up,
    },
    Step {
        name: "format",
        quick: true,
        run: format,
    },
    Step {
        name: "lints, native",
        quick: true,
        run: lints_native,
    },
    Step {
        name: "lints, command line",
        quick: false,
        run: lints_command,
    },
    Step {
        name: "lints, page",
        quick: false,
        run: lints_page,
    },
    Step {
        name: "core without the page",
        quick: false,
        run: layers,
    },
    Step {
        name: "documentation",
        quick: false,
        run: documentation,
    },
    Step {
        name: "native tests",
        quick: true,
        run: native,
    },
    Step {
        name: "other people's clients",
        quick: false,
        run: || clients::clients(&[]),
    },
    Step {
        name: "numbers against theory",
        quick: false,
        run: theory,
    },
    Step {
        name: "browser tests",
        quick: false,
        run: || browser::wasm(&[]),
    },
    Step {
        name: "page and its weight",
        quick: false,
        run: weight,
    },
    Step {
        name: "end-to-end tests",
        quick: false,
        run: || browser::e2e(&[]),
    },
];

/// `cargo xtask test [--quick]`.
pub fn test(arguments: &[String]) -> Outcome {
    let quick = match arguments {
        [] => false,
        [flag] if flag == "--quick" => true,
        _ => {
            return Err(format!(
                "`{}` is not understood: only --quick is.",
                arguments.join(" ")
            ));
        }
    };
    let steps: Vec<&Step> = STEPS.iter().filter(|step| step.quick || !quick).collect();
    let mut results: Vec<(&str, Duration, Outcome)> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        say(&format!(
            "\n==== {}/{} {} ====",
            index + 1,
            steps.len(),
            step.name
        ));
        let start = Instant::now();
        let result = (step.run)();
        if let Err(sentence) = &result {
            say(&format!("FAILED: {sentence}"));
        }
        results.push((step.name, start.elapsed(), result));
    }
    summary(&results)
}

fn summary(results: &[(&str, Duration, Outcome)]) -> Outcome {
    say("\n==== summary ====");
    let mut total = Duration::ZERO;
    for (name, took, result) in results {
        let mark = if result.is_ok() { "ok" } else { "FAILED" };
        say(&format!("{mark:<7} {name:<24} {:>5} s", took.as_secs()));
        total += *took;
    }
    let failed = results
        .iter()
        .filter(|(_, _, result)| result.is_err())
        .count();
    let passed = results.len() - failed;
    say(&format!(
        "{passed} steps passed, {failed} failed, {} s in all",
        total.as_secs()
    ));
    if failed == 0 {
        Ok(())
    } else {
        Err("not everything is well (see the summary above).".into())
    }
}

/// What is quick to install comes first, so that a machine where it cannot be installed says
/// so at once; trunk and wasm-bindgen are built when they are needed.
fn set_up() -> Outcome {
    tools::ensure_wasm_target()?;
    tools::ensure_browser()?;
    tools::ensure_e2e_packages()?;
    client_tools::set_up()?;
    tools::ensure_shrinkers();
    Ok(())
}

fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = tools::cargo();
    cargo.args(arguments);
    cargo
}

fn format() -> Outcome {
    run(
        "cargo fmt --all --check",
        &mut cargo(&["fmt", "--all", "--check"]),
        Talk::Whole,
    )?;
    // A package of its own, outside the workspace.
    let mut stories = cargo(&["fmt", "--check", "--manifest-path"]);
    stories.arg(client_tools::manifest());
    run("cargo fmt --check", &mut stories, Talk::Whole)
}

fn clippy(options: &[&str]) -> Outcome {
    let mut clippy = cargo(&["clippy"]);
    clippy.args(options).args(["--", "--deny", "warnings"]);
    run("clippy", &mut clippy, Talk::Whole)
}

fn lints_native() -> Outcome {
    clippy(&["--workspace", "--all-targets"])
}

fn lints_command() -> Outcome {
    clippy(&["--all-targets", "--features", "cli"])
}

fn lints_page() -> Outcome {
    const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];
    tools::ensure_wasm_target()?;
    let options = ["--features", "web", "--lib", "--bins", "--tests"];
    clippy(&[&WASM[..], &options].concat())?;
    // As it is sent to visitors.
    let options = ["--features", "web,fetched", "--lib", "--bins"];
    clippy(&[&WASM[..], &options].concat())
}

fn layers() -> Outcome {
    let mut check = cargo(&["check", "--no-default-features", "--lib"]);
    run("cargo check --no-default-features", &mut check, Talk::Whole)
}

fn documentation() -> Outcome {
    let mut doc = cargo(&["doc", "--no-deps", "--lib", "--quiet"]);
    doc.env("RUSTDOCFLAGS", "--deny warnings");
    run("cargo doc", &mut doc, Talk::Whole)
}

fn native() -> Outcome {
    let mut test = cargo(&[
        "test",
        "--workspace",
        "--no-fail-fast",
        "--features",
        "brokerlab/cli",
    ]);
    run("cargo test", &mut test, Talk::Whole)
}

/// Millions of messages, so in an optimised build of its own.
fn theory() -> Outcome {
    // And what takes too long without optimisation: recorded octets parted at every place.
    let tests = ["theory::", "conformance::"];
    let mut test = cargo(&["test", "--profile", "theory", "--test", "it", "--"]);
    test.args(tests);
    run("cargo test", &mut test, Talk::Whole)
}

fn weight() -> Outcome {
    page::build()?;
    let download = weigh::weigh()?;
    let limit = weigh::DOWNLOAD_LIMIT;
    if download <= limit {
        return Ok(());
    }
    Err(format!(
        "the download is {download} bytes in brotli; it must stay within {limit}."
    ))
}
