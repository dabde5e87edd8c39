//! What runs in a browser: the wasm tests and the end-to-end tests.

use crate::process::{Talk, run, say};
use crate::{Outcome, page, paths, serve, tools};

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
    .args(["--lib", "--test", "web", "--"])
    .args(arguments)
    .env(
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
        "wasm-bindgen-test-runner",
    )
    .env("CHROMEDRIVER", browser.driver)
    .env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TIMEOUT_SECONDS)
    // The engine's loops are slow without any optimisation, and slower still in wasm.
    .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1");
    run("the browser suite", &mut test, Talk::Whole)
}

/// `cargo xtask e2e [WORD]`: the end-to-end tests on the built page.
pub fn e2e(arguments: &[String]) -> Outcome {
    run_node("the end-to-end tests", &["run.mjs"], arguments)
}

/// The browser's benchmarks; their lines go to standard output.
pub fn bench(words: &[String]) -> Outcome<std::process::Command> {
    node(&["run.mjs", "--bench"], words)
}

fn run_node(what: &str, script: &[&str], arguments: &[String]) -> Outcome {
    let mut command = node(script, arguments)?;
    run(what, &mut command, Talk::Whole)
}

/// Builds and serves the page on a free port and prepares Node to visit it.
fn node(script: &[&str], arguments: &[String]) -> Outcome<std::process::Command> {
    let browser = tools::ensure_browser()?;
    tools::ensure_e2e_packages()?;
    page::build()?;
    let listener = serve::listen(0)?;
    let address = listener
        .local_addr()
        .map_err(|error| format!("no local address: {error}."))?;
    let url = format!("http://{address}{PREFIX}");
    say(&format!("Serving dist/ at {url}"));
    std::thread::spawn(move || serve::serve(&listener, PREFIX));
    let mut command = tools::command("node");
    command
        .args(script)
        .args(arguments)
        .current_dir(paths::e2e())
        .env("CHROME", browser.chromium)
        .env("PAGE_URL", url)
        .env("E2E_OUTPUT", paths::target().join("e2e"));
    Ok(command)
}
