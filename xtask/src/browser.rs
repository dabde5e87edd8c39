//! What runs in a browser: the wasm tests and the end-to-end tests.

use crate::process::{Talk, run, say};
use crate::{Outcome, files, page, paths, serve, tools};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The page must work from any folder, so the tests never see it at the root.
const PREFIX: &str = "/some/folder/";

/// The wasm suite as a whole may take this long in the browser, in seconds.
const WASM_TIMEOUT_SECONDS: &str = "600";

/// `cargo xtask wasm [WORD]`: the core suite and the page's tests in a headless browser.
pub fn wasm(arguments: &[String]) -> Outcome {
    tools::ensure_wasm_target()?;
    tools::ensure_wasm_bindgen()?;
    let browser = tools::ensure_browser()?;
    let mut test = tools::cargo();
    test.args([
        "test",
        "--target",
        "wasm32-unknown-unknown",
        "--features",
        "web",
    ])
    .args(["--no-fail-fast", "--lib", "--test", "web", "--"])
    .args(arguments)
    .env("CHROMEDRIVER", browser.driver)
    .env("TMPDIR", scratch("wasm")?)
    .env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TIMEOUT_SECONDS)
    // The engine's loops are slow without any optimisation, and slower still in wasm.
    .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1");
    run("the browser suite", &mut test, Talk::Whole)
}

/// `cargo xtask e2e [WORD]`: the end-to-end tests on the built page.
pub fn e2e(arguments: &[String]) -> Outcome {
    let mut node = node(&["run.mjs"], arguments)?;
    run("the end-to-end tests", &mut node, Talk::Whole)
}

/// Prepares the browser's benchmarks: those of the page and the native programs, built as the
/// page is. Their lines go to standard output.
pub fn bench(words: &[String]) -> Outcome<Command> {
    let programs = bench_programs()?;
    let mut node = node(&["run.mjs", "--bench"], &[])?;
    let names: Vec<String> = programs.iter().map(|(name, _)| name.clone()).collect();
    node.env(
        "BENCH_URL",
        serve_folder(paths::target().join("bench-page"), "/")?,
    )
    .env("BENCH_PROGRAMS", names.join(" "))
    .env("BENCH_WORDS", words.join(" "));
    Ok(node)
}

/// Builds each benchmark program for the browser into a folder of its own; gives their names.
fn bench_programs() -> Outcome<Vec<(String, String)>> {
    let small = page::set_up()?;
    say("Building the benchmark programs for the browser ...");
    let mut build = tools::cargo();
    build
        .args([
            "build",
            "--benches",
            "--profile",
            "page",
            "--features",
            "web",
            "--quiet",
        ])
        .args([
            "--target",
            "wasm32-unknown-unknown",
            "--message-format=json-render-diagnostics",
        ])
        .stderr(Stdio::inherit());
    let messages = build
        .output()
        .map_err(|error| format!("cannot start cargo: {error}."))?;
    if !messages.status.success() {
        return Err("building the benchmark programs failed (see above).".to_owned());
    }
    let messages = String::from_utf8_lossy(&messages.stdout).into_owned();
    let programs: Vec<(String, String)> = messages.lines().filter_map(bench_program).collect();
    let folder = paths::target().join("bench-page");
    // What an earlier run left would only be made small again.
    let _ = std::fs::remove_dir_all(&folder);
    for (name, wasm) in &programs {
        let mut bind = tools::command("wasm-bindgen");
        bind.args([
            "--target",
            "web",
            "--no-typescript",
            "--out-name",
            "program",
            "--out-dir",
        ])
        .arg(folder.join(name))
        .arg(wasm);
        run("wasm-bindgen", &mut bind, Talk::Whole)?;
        let place = folder.join(name);
        files::write(&place.join("index.html"), BENCH_PAGE)?;
        files::write(&place.join("run.mjs"), BENCH_SCRIPT)?;
    }
    if small {
        page::shrink(&folder)?;
    }
    Ok(programs)
}

const BENCH_PAGE: &str = "<!doctype html>\n<meta charset=\"utf-8\" />\n<title>Benchmark</title>\n\
    <link rel=\"icon\" href=\"data:,\" />\n<script type=\"module\" src=\"./run.mjs\"></script>\n";

const BENCH_SCRIPT: &str = "globalThis.benchWords = () => \
    decodeURIComponent(location.hash.slice(1));\n\
    const program = await import('./program.js');\n\
    await program.default();\n\
    globalThis.benchDone = true;\n";

/// Name and file of the benchmark that one of cargo's messages is about.
fn bench_program(message: &str) -> Option<(String, String)> {
    let after = |text: &str, key: &str| -> Option<String> {
        let (_, rest) = text.split_once(key)?;
        Some(
            rest.split('"')
                .next()
                .unwrap_or_default()
                .replace("\\\\", "\\"),
        )
    };
    let (_, target) = message.split_once("\"kind\":[\"bench\"]")?;
    Some((
        after(target, "\"name\":\"")?,
        after(target, "\"executable\":\"")?,
    ))
}

/// Serves a folder in the background on a free port; gives the address.
fn serve_folder(folder: PathBuf, prefix: &'static str) -> Outcome<String> {
    let listener = serve::listen(0)?;
    let address = listener
        .local_addr()
        .map_err(|error| format!("no local address: {error}."))?;
    std::thread::spawn(move || serve::serve(&listener, prefix, folder));
    Ok(format!("http://{address}{prefix}"))
}

/// A path of a socket may have 107 octets, and the browser's stands so many deeper than its scratch
/// folder: `/org.chromium.Chromium.scoped_dir.XXXXXX/SingletonSocket`.
const SCRATCH_PATH_MAX: usize = 107 - 57;

/// An empty folder for what the browser leaves behind, some 30 MB a run: it is emptied here, and not
/// everybody's folder for temporary files is.
fn scratch(name: &str) -> Outcome<PathBuf> {
    let mut folder = paths::target().join("tmp").join(name);
    if folder.as_os_str().len() > SCRATCH_PATH_MAX {
        folder = std::env::temp_dir().join("brokerlab").join(name);
    }
    // There is none before the first run; what cannot be removed is only not gone.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("cannot make {}: {error}.", folder.display()))?;
    Ok(folder)
}

/// Builds and serves the page on a free port and prepares Node to visit it.
fn node(script: &[&str], arguments: &[String]) -> Outcome<Command> {
    let browser = tools::ensure_browser()?;
    tools::ensure_e2e_packages()?;
    page::build()?;
    let url = serve_folder(paths::dist(), PREFIX)?;
    say(&format!("Serving dist/ at {url}"));
    let mut command = tools::command("node");
    command
        .args(script)
        .args(arguments)
        .current_dir(paths::e2e())
        .env("CHROME", browser.chromium)
        .env("TMPDIR", scratch("e2e")?)
        .env("PAGE_URL", url)
        .env("E2E_OUTPUT", paths::target().join("e2e"));
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only benchmark programs are taken from what cargo says.
    #[test]
    fn benchmark_programs_are_found() {
        let bench = r#"{"target":{"kind":["bench"],"name":"route"},"executable":"a/route-1.wasm"}"#;
        let found = bench_program(bench);
        assert_eq!(
            found,
            Some(("route".to_owned(), "a/route-1.wasm".to_owned()))
        );
        assert_eq!(bench_program(&bench.replace("bench", "lib")), None);
    }
}
