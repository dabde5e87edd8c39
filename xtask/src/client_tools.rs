//! What the clients' stories need: languages from Debian, libraries at pinned versions.
//!
//! The pins live where each language's own installer reads them, with hashes: `requirements.txt`,
//! `package-lock.json`, `Cargo.lock`. Ruby's and C's clients are Debian's own packages.

use crate::process::{Talk, output, run, say};
use crate::{Outcome, files, paths, tools};
use std::path::{Path, PathBuf};

/// Programs that tell stories.
pub struct Tools {
    /// Python with the libraries of the stories.
    pub python: PathBuf,
}

/// A question that a program answers with success when it is all there, and Debian's packages for
/// when it is not.
const LANGUAGES: [(&str, &[&str], &[&str]); 4] = [
    (
        "python3",
        &["-c", "import ensurepip, venv"],
        &["python3", "python3-venv"],
    ),
    ("npm", &["--version"], &["nodejs", "npm"]),
    ("ruby", &["-e", "require 'bunny'"], &["ruby", "ruby-bunny"]),
    ("amqp-declare-queue", &["--help"], &["amqp-tools"]),
];

/// Finds or installs everything but the Rust crates.
pub fn set_up() -> Outcome<Tools> {
    let missing: Vec<&str> = LANGUAGES
        .iter()
        .filter(|(program, question, _)| output(tools::command(program).args(*question)).is_none())
        .flat_map(|(_, _, packages)| packages.iter().copied())
        .collect();
    if !missing.is_empty() {
        tools::apt_install(&missing, "Clients in several languages are needed")?;
    }
    tools::ensure_npm_packages(&paths::clients().join("node"), "the Node.js clients")?;
    Ok(Tools {
        python: ensure_python_packages()?,
    })
}

/// Makes sure of a Python with the libraries of the stories; gives its path.
fn ensure_python_packages() -> Outcome<PathBuf> {
    let folder = paths::target().join("clients").join("python");
    let python = if cfg!(windows) {
        folder.join("Scripts").join("python.exe")
    } else {
        folder.join("bin").join("python")
    };
    let wanted = paths::clients().join("python").join("requirements.txt");
    let version = output(tools::command("python3").arg("--version")).unwrap_or_default();
    let stamp = folder.join(".installed");
    let fingerprint = files::fingerprint(std::slice::from_ref(&wanted), &version);
    if python.is_file() && std::fs::read_to_string(&stamp).is_ok_and(|have| have == fingerprint) {
        return Ok(python);
    }
    say("Installing the Python clients into target/clients/python ...");
    let mut make = tools::command("python3");
    make.args(["-m", "venv", "--clear"]).arg(&folder);
    run("python3 -m venv", &mut make, Talk::Counted)?;
    let mut install = tools::command(&python.to_string_lossy());
    install
        .args(["-m", "pip", "install", "--quiet", "--require-hashes"])
        .args(["--disable-pip-version-check", "--requirement"])
        .arg(wanted);
    run("pip install", &mut install, Talk::Counted)?;
    files::write(&stamp, &fingerprint)?;
    Ok(python)
}

/// Builds the Rust client's stories, a package of its own; gives the program.
pub fn build_rust_stories() -> Outcome<PathBuf> {
    let folder = paths::target().join("clients").join("rust");
    let mut build = tools::cargo();
    build
        .args(["build", "--locked", "--manifest-path"])
        .arg(manifest())
        .arg("--target-dir")
        .arg(&folder);
    run(
        "building the Rust client's stories",
        &mut build,
        Talk::Counted,
    )?;
    Ok(folder.join("debug").join(format!(
        "brokerlab-lapin-stories{}",
        std::env::consts::EXE_SUFFIX
    )))
}

/// The package of the Rust client's stories.
pub fn manifest() -> PathBuf {
    let rust: &Path = "rust/Cargo.toml".as_ref();
    paths::clients().join(rust)
}
