//! A rough reader of Rust text: good enough to find imports, tests and the length of functions.
//!
//! Not a parser: it blanks comments and literals, then counts braces. What it misreads shows as
//! a failed check with file and line, never as silence about a whole file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The package's folder.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// One file of the package.
pub(crate) struct Source {
    /// Relative to the package, with forward slashes.
    pub(crate) name: String,
    /// As it is on disk.
    pub(crate) text: String,
}

impl Source {
    /// The text with comments and the insides of literals blanked, line for line the same.
    pub(crate) fn code(&self) -> String {
        blank(&self.text)
    }

    /// The folder of `src/` this file belongs to; nothing for the root and the programs.
    pub(crate) fn layer(&self) -> Option<&str> {
        let inside = self.name.strip_prefix("src/")?;
        let first = inside.split('/').next()?;
        let first = first.strip_suffix(".rs").unwrap_or(first);
        (!matches!(first, "lib" | "main" | "bin")).then_some(first)
    }

    /// Written for tests only: by its name or because its parent says so.
    pub(crate) fn is_test(&self, declared: &Declared) -> bool {
        let by_name = ["/tests.rs", "/tests/"]
            .iter()
            .any(|mark| self.name.contains(mark));
        by_name || self.name.starts_with("tests/") || declared.tests.covers(&self.name)
    }
}

/// Every file of the package with one of these endings, in a fixed order.
pub(crate) fn files(endings: &[&str]) -> Vec<Source> {
    const FOREIGN: [&str; 4] = ["target", "dist", "node_modules", ".git"];
    let root = root();
    let mut found = Vec::new();
    let mut waiting = vec![root.clone()];
    while let Some(path) = waiting.pop() {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if path.is_dir() {
            if !FOREIGN.contains(&name) {
                let entries = std::fs::read_dir(&path).expect("a folder of the package is read");
                waiting.extend(entries.flatten().map(|entry| entry.path()));
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            let text = std::fs::read_to_string(&path).expect("a file of the package is read");
            found.push(Source {
                name: relative(&root, &path),
                text,
            });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(
        !found.is_empty(),
        "no file with {endings:?} found below {}",
        root.display()
    );
    found
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// Modules as `folder/name`, so that `folder/name.rs` and all of `folder/name/` belong to them.
#[derive(Default)]
pub(crate) struct Modules(BTreeSet<String>);

impl Modules {
    /// Whether the file is one of these modules or lies in one.
    pub(crate) fn covers(&self, name: &str) -> bool {
        let whole = name.strip_suffix(".rs").unwrap_or(name);
        self.0.iter().any(|module| {
            whole
                .strip_prefix(module.as_str())
                .is_some_and(|rest| matches!(rest.get(..1), None | Some("/")))
        })
    }
}

/// What `mod name;` lines say about other files.
#[derive(Default)]
pub(crate) struct Declared {
    /// Compiled for tests only.
    pub(crate) tests: Modules,
    /// Tests that are not compiled for wasm.
    pub(crate) native: Modules,
}

impl Declared {
    /// Reads all declarations of the files.
    pub(crate) fn read(sources: &[Source]) -> Self {
        let mut declared = Self::default();
        for source in sources {
            let folder = module_folder(&source.name);
            let mut attribute = "";
            for line in source.text.lines().map(str::trim) {
                if line.starts_with("#[cfg(") {
                    attribute = line;
                } else if let Some(name) = module_declaration(line) {
                    let module = format!("{folder}/{name}");
                    if attribute.contains("wasm32") && attribute.contains("not(") {
                        declared.native.0.insert(module.clone());
                    }
                    if is_test_attribute(attribute) {
                        declared.tests.0.insert(module);
                    }
                    attribute = "";
                } else if !line.starts_with("#[") && !line.starts_with("//") {
                    attribute = "";
                }
            }
        }
        declared
    }
}

fn module_folder(name: &str) -> String {
    let whole = name.strip_suffix(".rs").unwrap_or(name);
    ["/mod", "/lib", "/main"]
        .iter()
        .find_map(|end| whole.strip_suffix(end))
        .unwrap_or(whole)
        .to_owned()
}

fn module_declaration(line: &str) -> Option<&str> {
    let line = line
        .strip_prefix("pub ")
        .or_else(|| line.strip_prefix("pub(crate) "))
        .unwrap_or(line);
    line.strip_prefix("mod ")?.strip_suffix(';')
}

fn is_test_attribute(line: &str) -> bool {
    line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test")
}

/// For every line, whether it belongs to an inline test module or test-only item.
pub(crate) fn test_lines(code: &str) -> Vec<bool> {
    let mut marks = Vec::new();
    let (mut depth, mut inside, mut waiting) = (0_i32, None, false);
    for line in code.lines() {
        let attribute = is_test_attribute(line.trim());
        waiting |= inside.is_none() && attribute;
        marks.push(waiting || inside.is_some());
        let before = depth;
        depth += balance(line);
        if waiting && depth > before {
            (inside, waiting) = (Some(before), false);
        } else if waiting && !attribute && line.trim().ends_with([';', '}', ',']) {
            waiting = false;
        } else if inside.is_some_and(|outer| depth <= outer) {
            inside = None;
        }
    }
    marks
}

fn balance(line: &str) -> i32 {
    line.chars().fold(0, |sum, letter| {
        sum + i32::from(letter == '{') - i32::from(letter == '}')
    })
}

/// Every function as (name, first line, number of lines), lines counted from one.
pub(crate) fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else {
            continue;
        };
        let (mut depth, mut opened) = (0, false);
        for (offset, line) in lines.iter().skip(index).enumerate() {
            depth += balance(line);
            opened |= line.contains('{');
            if (opened && depth <= 0) || (!opened && line.trim_end().ends_with(';')) {
                found.push((name.clone(), index + 1, offset + 1));
                break;
            }
        }
    }
    found
}

fn function_name(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    words
        .by_ref()
        .take_while(|word| !word.contains(['(', '=']))
        .find(|word| *word == "fn")?;
    let name = words.next()?;
    Some(name.split(['(', '<']).next().unwrap_or(name).to_owned())
}

/// Blanks comments, strings and character literals; keeps every line break.
pub(crate) fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = literal_or_comment(rest, out.chars().next_back());
        if length == 0 {
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
        } else {
            out.extend(
                rest[..length]
                    .chars()
                    .map(|c| if c == '\n' { '\n' } else { ' ' }),
            );
            rest = &rest[length..];
        }
    }
    out
}

/// The length of the comment or literal the text starts with, or zero.
fn literal_or_comment(text: &str, before: Option<char>) -> usize {
    let to = |end: &str, from: usize| {
        text[from..]
            .find(end)
            .map_or(text.len(), |place| from + place + end.len())
    };
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return to("*/", 2);
    }
    let word = before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    if !word && (text.starts_with("r\"") || text.starts_with("r#")) {
        let hashes = text[1..]
            .chars()
            .take_while(|letter| *letter == '#')
            .count();
        if text[1 + hashes..].starts_with('"') {
            return to(&format!("\"{}", "#".repeat(hashes)), 2 + hashes);
        }
    }
    if text.starts_with('"') {
        return quoted(text);
    }
    // 'a' and '\n' are literals; 'a without a closing mark is a lifetime.
    let mut letters = text.char_indices().skip(1);
    match (text.starts_with('\''), letters.next(), letters.next()) {
        (true, Some((_, '\\')), Some((place, letter))) => to("'", place + letter.len_utf8()),
        (true, Some((_, letter)), Some((place, '\''))) if letter != '\'' => place + 1,
        _ => 0,
    }
}

fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (place, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return place + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Every path of the crate that the code names, as (line, first segment, second segment if
/// any): `crate::a::b`, `brokerlab::a`, `use crate::{a, b::{c, d}}`.
pub(crate) fn crate_paths(code: &str) -> Vec<(usize, String, Option<String>)> {
    let mut found = Vec::new();
    for start in ["crate::", "brokerlab::"] {
        for (place, _) in code.match_indices(start) {
            let before = code[..place].chars().next_back();
            if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
                continue;
            }
            for (at, first) in heads(code, place + start.len()) {
                let line = 1 + code[..at].matches('\n').count();
                let after = at + first.len();
                let seconds = match code[after..].strip_prefix("::") {
                    Some(_) => heads(code, after + 2),
                    None => Vec::new(),
                };
                if seconds.is_empty() {
                    found.push((line, first.clone(), None));
                }
                for (_, second) in seconds {
                    found.push((line, first.clone(), Some(second)));
                }
            }
        }
    }
    found.sort();
    found
}

/// The identifier at a place, or those a brace group there starts its parts with.
fn heads(code: &str, place: usize) -> Vec<(usize, String)> {
    let word = |place: usize| -> Option<(usize, String)> {
        let rest = &code[place..];
        let start = place + (rest.len() - rest.trim_start().len());
        let name: String = code[start..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        (!name.is_empty()).then_some((start, name))
    };
    if !code[place..].starts_with('{') {
        return word(place).into_iter().collect();
    }
    let (mut depth, mut found) = (0, Vec::new());
    for (offset, letter) in code[place..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(letter, '{' | ',') {
            found.extend(word(place + offset + 1));
        }
    }
    found
}
