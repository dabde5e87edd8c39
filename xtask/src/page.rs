//! The page: built by trunk, made small, served.

use crate::process::{Talk, output, run, run_and_read, say};
use crate::{Outcome, annex, beside, examples, files, paths, serve, shorten, tools, weigh};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The port of `play` and `dev` unless `--port` says otherwise.
const PORT: u16 = 8080;

/// What of the package is in the page that is sent to visitors.
const FEATURES: &str = "web,fetched";

/// What wasm-opt does, chosen by what is sent (brotli): `-Oz` and `-Os` make the file smaller and
/// the download larger. A function called once stays a function of its own, so that it lies beside
/// its like, and by name the instances of one generic lie side by side.
const WASM_OPT_FLAGS: [&str; 4] = [
    "-O2",
    "--one-caller-inline-max-function-size=0",
    "--reorder-functions-by-name",
    "--strip-debug",
];

/// `cargo xtask play`.
pub fn play(arguments: &[String]) -> Outcome {
    let port = port_of(arguments)?;
    // Before the build: nobody should wait minutes to read that a port is taken.
    let listener = serve::listen(port)?;
    build()?;
    say(&format!(
        "\nBrokerlab is at http://127.0.0.1:{port}/ (Ctrl-C ends it)"
    ));
    serve::serve(&listener, "/", paths::dist());
    Ok(())
}

/// `cargo xtask build`.
pub fn build_and_weigh(arguments: &[String]) -> Outcome {
    if let Some(unknown) = arguments.first() {
        return Err(format!(
            "`{unknown}` is not understood: cargo xtask build takes no arguments."
        ));
    }
    build()?;
    weigh::weigh().map(|_| ())
}

/// `cargo xtask dev`.
pub fn dev(arguments: &[String]) -> Outcome {
    let port = port_of(arguments)?;
    drop(serve::listen(port)?);
    set_up()?;
    let mut trunk = tools::command("trunk");
    trunk.args([
        "serve",
        "--offline",
        "--address",
        "127.0.0.1",
        "--port",
        &port.to_string(),
    ]);
    // Apart from dist/, which holds the release page and what is known about it.
    trunk.arg("--dist").arg(paths::target().join("dev"));
    run("trunk serve", &mut trunk, Talk::Endless)
}

fn port_of(arguments: &[String]) -> Outcome<u16> {
    match arguments {
        [] => Ok(PORT),
        [flag, port] if flag == "--port" => match port.parse() {
            Ok(port) if port > 0 => Ok(port),
            _ => Err(format!(
                "`{port}` is not a port: give a number from 1 to 65535."
            )),
        },
        _ => Err(format!(
            "`{}` is not understood: only --port N is.",
            arguments.join(" ")
        )),
    }
}

/// Tools and crates that a build of the page needs; true when those that make it small are
/// among them.
pub fn set_up() -> Outcome<bool> {
    tools::ensure_wasm_target()?;
    tools::ensure_wasm_bindgen()?;
    tools::ensure_trunk()?;
    let small = tools::ensure_shrinkers();
    fetch()?;
    Ok(small)
}

/// Fetches the crates beforehand, since trunk is kept offline (it would download tools).
fn fetch() -> Outcome {
    let host = output(tools::command("rustc").arg("-vV")).unwrap_or_default();
    let host = host
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap_or_default();
    let mut fetch = tools::cargo();
    fetch.args([
        "fetch",
        "--quiet",
        "--locked",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    if !host.is_empty() {
        fetch.args(["--target", host]);
    }
    run("cargo fetch", &mut fetch, Talk::Whole)
}

/// Builds the release page into `dist/`, unless what is there is already made of these sources.
pub fn build() -> Outcome {
    let small = set_up()?;
    let stamp = paths::target().join("page.fingerprint");
    let wanted = fingerprint(small);
    let there = paths::dist().join("index.html").is_file();
    if there && std::fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        say("The page in dist/ is up to date.");
        return Ok(());
    }
    let start = Instant::now();
    say("Building the release page (the first time a few minutes, later less) ...");
    // A build that stops half-way must not pass for a finished one.
    let _ = std::fs::remove_file(&stamp);
    let mut trunk = tools::command("trunk");
    trunk
        .args(["build", "--release", "--offline", "--features"])
        .args([FEATURES, "--dist"])
        .arg(paths::dist())
        .env("RUSTFLAGS", without_this_machine());
    run("trunk build", &mut trunk, Talk::Whole)?;
    let annex = if small {
        let annex = shrink_program()?;
        shrink_rest(&paths::dist())?;
        Some(annex)
    } else {
        None
    };
    name_by_contents()?;
    beside::write(annex.as_deref())?;
    write_policy()?;
    files::write(&stamp, &wanted)?;
    say(&format!("Built dist/ in {} s.", start.elapsed().as_secs()));
    Ok(())
}

/// Flags that keep the folders of this machine out of the page: without them every place where a
/// crate may panic carries the path it was compiled from.
fn without_this_machine() -> String {
    let mut flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    let sources = paths::cargo_home().join("registry").join("src");
    for entry in std::fs::read_dir(sources).into_iter().flatten().flatten() {
        // Flags are parted at spaces; a folder with one in its name stays as it is.
        let folder = entry.path().display().to_string();
        if !folder.contains(' ') {
            flags.push_str(&format!(" --remap-path-prefix={folder}/="));
        }
    }
    flags.trim_start().to_owned()
}

fn fingerprint(small: bool) -> String {
    let root = paths::root();
    let sources: Vec<PathBuf> = [
        "src",
        "www",
        "index.html",
        "Trunk.toml",
        "Cargo.toml",
        "Cargo.lock",
        "rust-toolchain.toml",
        ".cargo",
        "xtask/src",
    ]
    .iter()
    .map(|name| root.join(name))
    .collect();
    let flags = if small {
        WASM_OPT_FLAGS.join(" ")
    } else {
        String::new()
    };
    files::fingerprint(&sources, &flags)
}

/// Makes the programs of a folder small: wasm by wasm-opt, scripts and styles by esbuild. Here and not in trunk,
/// so that a machine without them can still build.
pub fn shrink(folder: &Path) -> Outcome {
    // Programs first: their glue is read as wasm-bindgen wrote it.
    for path in of_kind(folder, &["wasm"]) {
        optimise(&path, &path, &[])?;
    }
    shrink_rest(folder)
}

/// Makes the page's program small and parts the annex from it; gives the annex.
fn shrink_program() -> Outcome<Vec<u8>> {
    say("    making the program small (wasm-opt) ...");
    let programs = of_kind(&paths::dist(), &["wasm"]);
    let [path] = programs.as_slice() else {
        return Err("dist/ does not hold one program.".to_owned());
    };
    let parted = annex::part(path)?;
    let as_text = |name: &str| paths::target().join(name).with_extension("wat");
    let (program, annex) = (as_text("program"), as_text("annex"));
    files::write(&program, &parted.program)?;
    if let Some(glue) = shorten::glue_of(path) {
        files::write(&glue, &annex::into_glue(&files::read(&glue)?)?)?;
    }
    let report = optimise(&program, path, &parted.features)?;
    files::write(&annex, &annex::with_short_names(parted.annex, &report))?;
    let made = annex.with_extension("wasm");
    let mut wasm_opt = tools::command("wasm-opt");
    wasm_opt.args(WASM_OPT_FLAGS).args(&parted.features);
    wasm_opt.arg(&annex).arg("-o").arg(&made);
    run("wasm-opt", &mut wasm_opt, Talk::Whole)?;
    std::fs::read(&made).map_err(|error| format!("cannot read {}: {error}.", made.display()))
}

/// Makes a program small, and shortens the names where it meets its glue; gives wasm-opt's report
/// of these.
fn optimise(from: &Path, to: &Path, flags: &[String]) -> Outcome<String> {
    let mut wasm_opt = tools::command("wasm-opt");
    wasm_opt.args(WASM_OPT_FLAGS).args(flags);
    wasm_opt.arg(from).arg("-o").arg(to);
    match shorten::glue_of(to) {
        Some(glue) => {
            wasm_opt.arg(shorten::FLAG);
            let report = run_and_read("wasm-opt", &mut wasm_opt)?;
            shorten::rename(&glue, &report)?;
            Ok(report)
        }
        None => run("wasm-opt", &mut wasm_opt, Talk::Whole).map(|()| String::new()),
    }
}

/// Makes the scripts and styles of a folder small.
fn shrink_rest(folder: &Path) -> Outcome {
    for path in of_kind(folder, &["js", "mjs", "css"]) {
        let mut esbuild = tools::command("esbuild");
        esbuild.args(["--minify", "--log-level=warning", "--allow-overwrite"]);
        esbuild.arg(&path);
        esbuild.arg(format!("--outfile={}", path.display()));
        run("esbuild", &mut esbuild, Talk::Whole)?;
    }
    Ok(())
}

/// The files below a folder that have one of these extensions.
fn of_kind(folder: &Path, kinds: &[&str]) -> Vec<PathBuf> {
    let mut found = files::below(folder);
    found.retain(|path| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| kinds.contains(&extension))
    });
    found
}

/// Calls programs and styles after what is in them now, so that a browser never joins a file that it
/// kept to one of another build: trunk's names know nothing of what was made small since, and those
/// of the starting scripts nothing at all.
fn name_by_contents() -> Outcome {
    let index = paths::dist().join("index.html");
    let mut html = files::read(&index)?;
    for path in of_kind(&paths::dist(), &["wasm", "js", "mjs", "css"]) {
        let Some(old) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let new = files::named_by_contents(&path, old)?;
        if !html.contains(old) {
            return Err(format!("dist/index.html does not load {old}."));
        }
        std::fs::rename(&path, path.with_file_name(&new))
            .map_err(|error| format!("cannot rename {}: {error}.", path.display()))?;
        html = html.replace(old, &new);
    }
    files::write(&index, &html)
}

/// Writes the content security policy into the page, so that it holds on any server. Not in
/// the source `index.html`: `trunk serve` adds an inline script for reloading.
fn write_policy() -> Outcome {
    let policy = serve::CONTENT_SECURITY_POLICY;
    let tag = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\" />");
    into_head(&tag)?;
    examples::write(&tag)
}

/// Puts a tag at the beginning of the built page's head.
pub fn into_head(tag: &str) -> Outcome {
    into_head_of(&paths::dist().join("index.html"), tag)
}

/// Puts a tag at the beginning of a built file's head.
pub fn into_head_of(path: &Path, tag: &str) -> Outcome {
    const PLACE: &str = "<head>";
    let html = files::read(path)?;
    if !html.contains(PLACE) {
        return Err(format!("{} has no {PLACE} for {tag}.", path.display()));
    }
    files::write(
        path,
        &html.replacen(PLACE, &format!("{PLACE}\n    {tag}"), 1),
    )
}
