//! The set-up: finds each tool at the version the package pins, or installs it.
//!
//! Pins live where the tool itself reads them (`Cargo.lock`, `Trunk.toml`, the lock file of the
//! end-to-end tests), so that there is no second number to forget. A tool of the right version
//! on PATH is used; anything else is built into `target/tools`.

use crate::process::{Talk, output, run, say};
use crate::{Outcome, files, paths};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

const WASM: &str = "wasm32-unknown-unknown";

/// The version of cargo-fuzz.
const CARGO_FUZZ: &str = "0.13.2";

/// What makes the page small: npm package, version and the program in it.
const SHRINKERS: [(&str, &str, &str); 2] = [
    ("binaryen", "132.0.0", "wasm-opt"),
    ("esbuild", "0.28.2", "esbuild"),
];

/// Debian's browser, its driver and what runs the end-to-end tests.
const DEBIAN_BROWSER: [&str; 2] = ["chromium", "chromium-driver"];
const DEBIAN_NODE: [&str; 2] = ["nodejs", "npm"];

/// A browser and the program that drives it for wasm-bindgen-test.
pub struct Browser {
    /// Chromium or Chrome.
    pub chromium: PathBuf,
    /// The matching chromedriver.
    pub driver: PathBuf,
}

/// The PATH that has our tools first.
pub fn search_path() -> OsString {
    let mut folders = vec![
        paths::tools().join("bin"),
        npm_tools().join("node_modules/.bin"),
    ];
    folders.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    std::env::join_paths(folders).unwrap_or_else(|_| std::env::var_os("PATH").unwrap_or_default())
}

/// A command that finds our tools first and runs in the package's folder.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env("PATH", search_path())
        .current_dir(paths::root());
    command
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    let mut cargo = command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    if std::env::var_os("CI").is_some() {
        // Nobody edits there; what cargo keeps for the next edit is most of what a build takes on disk.
        cargo.env("CARGO_INCREMENTAL", "0");
    }
    cargo
}

/// Makes sure the compiler can build for the browser.
pub fn ensure_wasm_target() -> Outcome {
    let folder = output(command("rustc").args(["--print", "target-libdir", "--target", WASM]));
    if folder.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    say(&format!("Adding the target {WASM} ..."));
    run(
        "rustup",
        command("rustup").args(["target", "add", WASM]),
        Talk::Whole,
    )
    .map_err(|error| format!("{error}\nThe Rust target {WASM} is needed: rustup target add {WASM}"))
}

/// Makes sure wasm-bindgen and its test runner are there, at the version in `Cargo.lock`.
pub fn ensure_wasm_bindgen() -> Outcome {
    let version = wasm_bindgen_version()?;
    // Without its own lock file: that one may name versions a registry mirror does not have.
    // It reads whole programs, so it is optimised a little.
    ensure_cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &version, "1", &[])
}

/// Makes sure trunk is there, at the version in `Trunk.toml`.
pub fn ensure_trunk() -> Outcome {
    // It only calls the others.
    ensure_cargo_tool("trunk", "trunk", &trunk_version()?, "0", &["--locked"])
}

/// Makes sure cargo-fuzz is there.
pub fn ensure_cargo_fuzz() -> Outcome {
    // It only calls cargo.
    ensure_cargo_tool("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ, "0", &["--locked"])
}

fn wasm_bindgen_version() -> Outcome<String> {
    let lock = files::read(&paths::root().join("Cargo.lock"))?;
    lock.split("[[package]]")
        .find(|package| package.contains("name = \"wasm-bindgen\"\n"))
        .and_then(|package| quoted_after(package, "version = "))
        .ok_or_else(|| "Cargo.lock names no version of wasm-bindgen.".to_owned())
}

fn trunk_version() -> Outcome<String> {
    quoted_after(
        &files::read(&paths::root().join("Trunk.toml"))?,
        "trunk-version = ",
    )
    .map(|version| version.trim_start_matches('=').to_owned())
    .ok_or_else(|| "Trunk.toml names no trunk-version.".to_owned())
}

fn quoted_after(text: &str, key: &str) -> Option<String> {
    let rest = text
        .lines()
        .find_map(|line| line.trim().strip_prefix(key))?;
    Some(rest.trim().trim_matches('"').to_owned())
}

/// Finds the tool, or builds it: these programs run for seconds, so a quick build is worth more
/// than a quick program.
fn ensure_cargo_tool(
    program: &str,
    package: &str,
    version: &str,
    optimisation: &str,
    options: &[&str],
) -> Outcome {
    let found = output(command(program).arg("--version")).unwrap_or_default();
    if found.split_whitespace().any(|word| word == version) {
        return Ok(());
    }
    say(&format!(
        "Installing {package} {version} into target/tools (once; a few minutes) ..."
    ));
    let build = paths::tools().join("build");
    let mut install = cargo();
    install
        .args(["install", package, "--version", version, "--root"])
        .arg(paths::tools())
        .args(["--force", "--no-track"])
        .args(options)
        .env("CARGO_TARGET_DIR", &build)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", optimisation)
        .env("CARGO_PROFILE_RELEASE_LTO", "false")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
        .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback");
    run(
        &format!("installing {package} {version}"),
        &mut install,
        Talk::Counted,
    )?;
    // What is left of the build is large and of no further use; if it cannot go, it may stay.
    let _ = std::fs::remove_dir_all(build);
    Ok(())
}

fn npm_tools() -> PathBuf {
    paths::tools().join("npm")
}

/// Makes sure of what makes the page small, where npm is at hand; false when the page must do
/// without.
pub fn ensure_shrinkers() -> bool {
    let there = SHRINKERS.iter().all(|(_, version, program)| {
        // wasm-opt knows the first part of its version alone.
        let first = version.split('.').next().unwrap_or(version);
        let found = output(command(program).arg("--version")).unwrap_or_default();
        let words: Vec<&str> = found.split_whitespace().collect();
        words.contains(version) || words.contains(&first)
    });
    if there {
        return true;
    }
    let packages = SHRINKERS.map(|(package, version, _)| format!("{package}@{version}"));
    say(&format!(
        "Installing {} (npm) into target/tools ...",
        packages.join(" and ")
    ));
    let folder = npm_tools();
    let installed = std::fs::create_dir_all(&folder).is_ok()
        && run(
            "npm",
            // Together: npm takes away what an installation of its own does not name.
            command(npm())
                .args(["install", "--no-audit", "--no-fund", "--no-save"])
                .args(["--ignore-scripts", "--loglevel=error"])
                .args(packages)
                .current_dir(folder),
            Talk::Counted,
        )
        .is_ok();
    if !installed {
        say("    That did not work (is npm there?): the page works, but is larger.");
    }
    installed
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// Finds a browser and its driver, or installs Debian's.
pub fn ensure_browser() -> Outcome<Browser> {
    if let Some(browser) = find_browser() {
        return Ok(browser);
    }
    apt_install(
        &DEBIAN_BROWSER,
        "A Chromium and its chromedriver are needed",
    )?;
    find_browser().ok_or_else(|| {
        "Chromium or chromedriver is still not found; name them with CHROME and CHROMEDRIVER."
            .to_owned()
    })
}

fn find_browser() -> Option<Browser> {
    const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    let chromium = find(
        "CHROME",
        &[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
            "chrome",
            MAC,
        ],
    )?;
    Some(Browser {
        chromium,
        driver: find("CHROMEDRIVER", &["chromedriver"])?,
    })
}

/// A program named by an environment variable, or the first of these names on PATH.
fn find(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(variable).map(PathBuf::from) {
        return path.is_file().then_some(path);
    }
    let folders: Vec<PathBuf> = std::env::split_paths(&search_path()).collect();
    names.iter().find_map(|name| {
        folders
            .iter()
            .map(|folder| folder.join(name))
            .find(|path| path.is_file())
            .or_else(|| {
                let windows = format!("{name}.exe");
                folders
                    .iter()
                    .map(|folder| folder.join(&windows))
                    .find(|path| path.is_file())
            })
    })
}

/// Makes sure Node and the packages of the end-to-end tests are there, as their lock file says.
pub fn ensure_e2e_packages() -> Outcome {
    if find("NODE", &["node"]).is_none() || find("NPM", &["npm", "npm.cmd"]).is_none() {
        apt_install(
            &DEBIAN_NODE,
            "Node.js and npm are needed for the end-to-end tests",
        )?;
    }
    ensure_npm_packages(&paths::e2e(), "the end-to-end tests")
}

/// Makes sure of the npm packages that the lock file of a folder names.
pub fn ensure_npm_packages(folder: &Path, whose: &str) -> Outcome {
    let lock = folder.join("package-lock.json");
    let stamp = folder.join("node_modules").join(".installed");
    let wanted = files::fingerprint(&[lock], "");
    if std::fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    say(&format!(
        "Installing the packages of {whose} into their node_modules ..."
    ));
    run(
        "npm ci",
        command(npm())
            .args([
                "ci",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--loglevel=error",
            ])
            .current_dir(folder),
        Talk::Counted,
    )?;
    files::write(&stamp, &wanted)
}

/// Installs Debian packages when we may; otherwise says which command does it.
pub fn apt_install(packages: &[&str], why: &str) -> Outcome {
    let list = packages.join(" ");
    let by_hand = format!(
        "{why}. Install them and start again:\n    sudo apt-get install {list}\n\
         (on another system: its own packages of the same kind, or set CHROME and CHROMEDRIVER)"
    );
    let root = output(Command::new("id").arg("-u")).is_some_and(|user| user == "0");
    if !root || find("APT_GET", &["apt-get"]).is_none() {
        return Err(by_hand);
    }
    say(&format!(
        "Installing {list} with apt-get (once; a minute or two) ..."
    ));
    let apt = |arguments: &[&str]| {
        let mut apt = command("apt-get");
        apt.args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(std::io::stderr());
        run("apt-get", &mut apt, Talk::Counted)
    };
    let mut install = vec!["install", "-y", "-q", "--no-install-recommends"];
    install.extend(packages);
    apt(&["update", "-q"])
        .and_then(|()| apt(&install))
        .map_err(|error| format!("{error}\n{by_hand}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both pins are found where the tools themselves read them.
    #[test]
    fn pins_are_found() {
        for version in [wasm_bindgen_version(), trunk_version()] {
            let version = version.expect("the pin is in its file");
            let digits = |part: &str| part.parse::<u32>().is_ok();
            assert!(
                version.split('.').filter(|part| digits(part)).count() == 3,
                "{version}"
            );
        }
        assert_eq!(
            quoted_after("a = 1\nversion = \"1.2\"", "version = ").as_deref(),
            Some("1.2")
        );
    }
}
