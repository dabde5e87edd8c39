//! The style guide as tests: layers, sizes, words. Each failure says file, line and what to do.
//!
//! What a compiler or clippy can say is left to them; what needs judgement is left to people.

mod source;

use source::{Declared, Source, crate_paths, files, functions, test_lines};
use std::collections::BTreeMap;

/// Lines in a file, in a function, and in ARCHITECTURE.md.
const FILE_LINES: usize = 800;
const FUNCTION_LINES: usize = 70;
const ARCHITECTURE_LINES: usize = 150;

/// These need a browser or are programs; the rest is the pure half of the package.
const SHELL: [&str; 2] = ["ui", "api"];

/// Fails with every finding, one a line.
fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// The table "Layers" of ARCHITECTURE.md: a folder of `src/` and the paths it may import.
fn layers() -> BTreeMap<String, Vec<String>> {
    let text = files(&["ARCHITECTURE.md"]).remove(0).text;
    let section = text
        .split("\n## ")
        .find(|part| part.starts_with("Layers"))
        .unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let mut cells = row
            .trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().replace('`', ""));
        let name = cells.next().unwrap_or_default();
        let allowed = cells.next().unwrap_or_default();
        (
            name,
            allowed
                .split(',')
                .map(|path| path.trim().to_owned())
                .collect(),
        )
    })
    .collect()
}

/// Every file of `src/` imports only what its row of the table in ARCHITECTURE.md allows.
#[test]
fn layers_are_kept() {
    let layers = layers();
    assert!(
        layers.len() > 5,
        "ARCHITECTURE.md has no table of layers any more"
    );
    let mut findings = Vec::new();
    for source in files(&[".rs"]) {
        let Some(layer) = source.layer() else {
            continue;
        };
        let Some(allowed) = layers.get(layer) else {
            findings.push(format!(
                "{}: `{layer}` has no row in the layer table of ARCHITECTURE.md: add one, or move the file",
                source.name
            ));
            continue;
        };
        for (line, first, second) in crate_paths(&source.code()) {
            let whole = second.map_or_else(|| first.clone(), |second| format!("{first}::{second}"));
            let known = layers.contains_key(&first);
            let fine = first == layer || allowed.contains(&first) || allowed.contains(&whole);
            if known && !fine {
                findings.push(format!(
                    "{}:{line}: `{layer}` may not import `{whole}` (ARCHITECTURE.md, Layers): ask through a layer it may see, or move the code",
                    source.name
                ));
            }
        }
    }
    assert_none(&findings);
}

/// Below `ui` and `api` there is no clock, thread, file, socket, environment or random order.
#[test]
fn the_core_is_pure() {
    const BANNED: [(&str, &str); 10] = [
        ("std::time::Instant", "take the time as an argument"),
        ("std::time::SystemTime", "take the time as an argument"),
        ("std::thread", "the core is single-threaded"),
        ("std::fs", "files belong to the programs"),
        ("std::net", "sockets belong to the programs"),
        ("std::env", "take what is needed as an argument"),
        ("std::process", "only programs end or start programs"),
        ("HashMap", "use BTreeMap, or IndexMap with a fixed hasher"),
        ("HashSet", "use BTreeSet, or IndexSet with a fixed hasher"),
        ("wasm_bindgen::", "the browser belongs to `ui` and `api`"),
    ];
    let sources = files(&[".rs"]);
    let declared = Declared::read(&sources);
    let mut findings = Vec::new();
    for source in &sources {
        let pure = source.layer().is_some_and(|layer| !SHELL.contains(&layer));
        if !pure || source.is_test(&declared) {
            continue;
        }
        for (number, line) in library_lines(source) {
            for (word, advice) in BANNED.iter().filter(|(word, _)| line.contains(word)) {
                findings.push(format!(
                    "{}:{number}: `{word}` in the core: {advice}",
                    source.name
                ));
            }
        }
    }
    assert_none(&findings);
}

/// The lines of a file that are not tests, comments or literals, with their numbers.
fn library_lines(source: &Source) -> Vec<(usize, String)> {
    let code = source.code();
    let tests = test_lines(&code);
    let numbered = code.lines().enumerate().filter(|(index, _)| !tests[*index]);
    numbered
        .map(|(index, line)| (index + 1, line.to_owned()))
        .collect()
}

/// A call that can panic stands under a comment that proves it cannot.
#[test]
fn panics_are_proved_impossible() {
    const CALLS: [&str; 5] = [
        ".unwrap()",
        ".expect(",
        "panic!(",
        "unreachable!(",
        ".unwrap_err()",
    ];
    /// The comment may stand this many lines above the call, since chains are long.
    const REACH: usize = 4;
    let sources = files(&[".rs"]);
    let declared = Declared::read(&sources);
    let mut findings = Vec::new();
    for source in sources
        .iter()
        .filter(|source| source.name.starts_with("src/"))
    {
        if source.is_test(&declared) {
            continue;
        }
        let raw: Vec<&str> = source.text.lines().collect();
        for (number, line) in library_lines(source) {
            let Some(call) = CALLS.iter().find(|call| line.contains(*call)) else {
                continue;
            };
            let near = &raw[number.saturating_sub(1 + REACH)..number];
            if !near
                .iter()
                .any(|line| line.contains("// ") && !line.contains("///"))
            {
                findings.push(format!(
                    "{}:{number}: `{call}` without a comment that proves it cannot fail: return an error, or prove it",
                    source.name
                ));
            }
        }
    }
    assert_none(&findings);
}

/// Nothing unfinished, skipped or tied to one machine is left in the package.
#[test]
fn no_leftover_words() {
    // Written in halves, so that this file does not find itself.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("db", "g!("),
        concat!("#[ign", "ore"),
        concat!("should", "_panic"),
        concat!("/wo", "rk/"),
        concat!("/tm", "p/"),
        concat!("/ho", "me/"),
        concat!("/Use", "rs/"),
        concat!("\"resol", "ved\":"),
    ];
    const ENDINGS: [&str; 10] = [
        ".rs", ".md", ".mjs", ".js", ".css", ".html", ".toml", ".json", ".svg", "run",
    ];
    let mut findings = Vec::new();
    for source in files(&ENDINGS) {
        for (index, line) in source.text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(*word)) {
                findings.push(format!("{}:{}: `{word}` must go", source.name, index + 1));
            }
        }
    }
    assert_none(&findings);
}

/// Files and functions stay small enough to be read at one go.
#[test]
fn files_and_functions_are_short() {
    let mut findings = Vec::new();
    for source in files(&[".rs", ".mjs", ".js", ".css", ".md", ".html"]) {
        let lines = source.text.lines().count();
        if lines > FILE_LINES {
            findings.push(format!(
                "{}: {lines} lines, {FILE_LINES} at most: split it by concept",
                source.name
            ));
        }
        if source.name.ends_with(".rs") {
            for (name, first, lines) in functions(&source.code()) {
                if lines > FUNCTION_LINES {
                    findings.push(format!(
                        "{}:{first}: `{name}` has {lines} lines, {FUNCTION_LINES} at most: name its parts",
                        source.name
                    ));
                }
            }
        }
    }
    assert_none(&findings);
}

/// Every file of Rust opens by saying what it is for.
#[test]
fn modules_say_what_they_are_for() {
    let silent = |source: &&Source| !source.text.starts_with("//!");
    let sources = files(&[".rs"]);
    let findings: Vec<String> = sources
        .iter()
        .filter(silent)
        .map(|source| {
            format!(
                "{}:1: start with `//! what it is for, and what not`",
                source.name
            )
        })
        .collect();
    assert_none(&findings);
}

/// A test of the core runs under wasm too, or says that it does not.
#[test]
fn core_tests_run_under_wasm() {
    let sources = files(&[".rs"]);
    let declared = Declared::read(&sources);
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.layer().is_some()) {
        let Some(line) = source
            .code()
            .lines()
            .position(|line| line.trim() == "#[test]")
        else {
            continue;
        };
        let said = source.text.contains("wasm_bindgen_test as test")
            || source.text.contains("not(target_arch = \"wasm32\")")
            || declared.native.covers(&source.name);
        if !said {
            findings.push(format!(
                "{}:{}: wasm would skip these tests: alias `test` (ARCHITECTURE.md, Tests), or declare the module native only",
                source.name,
                line + 1
            ));
        }
    }
    assert_none(&findings);
}

/// A document has one title, and ARCHITECTURE.md is short enough to be read first.
#[test]
fn documents_are_in_order() {
    let mut findings = Vec::new();
    for source in files(&[".md"]) {
        let mut fenced = false;
        let mut titles = 0;
        for line in source.text.lines() {
            fenced ^= line.trim_start().starts_with("```");
            titles += usize::from(!fenced && line.starts_with("# "));
        }
        if titles != 1 {
            findings.push(format!(
                "{}: {titles} lines start with `# `, one should",
                source.name
            ));
        }
        let lines = source.text.lines().count();
        if source.name == "ARCHITECTURE.md" && lines >= ARCHITECTURE_LINES {
            findings.push(format!(
                "ARCHITECTURE.md: {lines} lines, fewer than {ARCHITECTURE_LINES} wanted: move detail into module comments"
            ));
        }
    }
    assert_none(&findings);
}

/// The reader of Rust text sees what these checks rely on.
#[test]
fn the_reader_reads() {
    let code = source::blank("let a = \"crate::x\"; // crate::y\nlet c = '\"'; 'a: loop {}\n");
    assert!(crate_paths(&code).is_empty(), "{code}");
    assert!(code.contains("'a: loop"));
    let found = crate_paths("use crate::{sim::{trace::T, stats}, types};\ncrate::app::x();");
    let text: Vec<String> = found
        .iter()
        .map(|(line, a, b)| format!("{line} {a} {}", b.as_deref().unwrap_or("-")))
        .collect();
    assert_eq!(text, ["1 sim stats", "1 sim trace", "1 types -", "2 app x"]);
    let marks = test_lines("fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}");
    assert_eq!(marks, [false, true, true, true, true, false]);
    assert_eq!(functions("fn a(\n) {\n}\n    pub const fn b() {}").len(), 2);
}
