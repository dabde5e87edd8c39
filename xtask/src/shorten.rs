//! Short names where the program and its glue meet.
//!
//! wasm-bindgen calls each function that crosses over by a long name with a hash; wasm-opt gives
//! them names of one or two letters and says which is which, and the glue is told the same here.
//! Deliberately not here: what else wasm-opt and esbuild do (`page.rs`).

use crate::{Outcome, files};
use std::path::{Path, PathBuf};

/// Makes wasm-opt shorten the names and print them.
pub const FLAG: &str = "--minify-imports-and-exports-and-modules";

/// The module that wasm-opt makes of all modules.
const MODULE: &str = "a";

/// A name between the two, long and short; what the program asks for has a module, what it gives
/// has none.
#[derive(Debug, PartialEq, Eq)]
struct Name<'a> {
    module: Option<&'a str>,
    long: &'a str,
    short: &'a str,
}

/// The glue of a program that wasm-bindgen made: `x.js` of `x_bg.wasm`.
pub fn glue_of(program: &Path) -> Option<PathBuf> {
    let stem = program.file_stem()?.to_str()?.strip_suffix("_bg")?;
    let glue = program.with_file_name(format!("{stem}.js"));
    glue.exists().then_some(glue)
}

/// Writes the short names of wasm-opt's `report` into the glue.
pub fn rename(glue: &Path, report: &str) -> Outcome {
    let text = files::read(glue)?;
    let renamed = renamed(&text, &read(report))
        .map_err(|long| format!("{} does not know `{long}`.", glue.display()))?;
    files::write(glue, &renamed)
}

/// The report: one name a line, as a JSON array of two or three texts without escapes.
fn read(report: &str) -> Vec<Name<'_>> {
    report.lines().filter_map(name_of).collect()
}

/// The short names of what a program gives, by the long.
pub fn given(report: &str) -> impl Iterator<Item = (&str, &str)> {
    let given = read(report)
        .into_iter()
        .filter(|name| name.module.is_none());
    given.map(|name| (name.long, name.short))
}

fn name_of(line: &str) -> Option<Name<'_>> {
    let line = line.trim().trim_end_matches(',');
    let inner = line.strip_prefix("[\"")?.strip_suffix("\"]")?;
    let mut parts = inner.rsplit("\", \"");
    let (short, long) = (parts.next()?, parts.next()?);
    let module = parts.next();
    Some(Name {
        module,
        long,
        short,
    })
}

/// The glue with short names, or a name that it lacks. It says `name: function` of what the program
/// asks for, `wasm.name` of what the program gives, and names its own module once.
fn renamed<'a>(glue: &str, names: &[Name<'a>]) -> Result<String, &'a str> {
    let mut text = String::with_capacity(glue.len());
    let mut met = vec![false; names.len()];
    let mut rest = glue;
    while let Some(start) = rest.find(is_of_name) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !is_of_name(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        text.push_str(before);
        let found = names.iter().position(|name| {
            let fits = match name.module {
                Some(_) => after.starts_with(": function"),
                None => text.ends_with("wasm."),
            };
            fits && name.long == word
        });
        text.push_str(found.map_or(word, |found| names[found].short));
        if let Some(found) = found {
            met[found] = true;
        }
        rest = after;
    }
    text.push_str(rest);
    for (name, met) in names.iter().zip(met) {
        let Some(module) = name.module else { continue };
        let long = format!("\"{module}\": ");
        if !met {
            return Err(name.long);
        }
        text = text.replace(&long, &format!("\"{MODULE}\": "));
    }
    Ok(text)
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"{
 "imports": [
  ["./x_bg.js", "__wbg_add_1f", "$"],
  ["./x_bg.js", "__wbg_add_1f2", "b"]
 ],
"exports": [
  ["memory", "c"],
  ["main", "d"]
 ]
}"#;

    #[test]
    fn both_sides_get_the_same_names_and_nothing_else_changes() {
        let glue = "const main = { __wbg_add_1f: function(memory) { wasm.memory.main(); },\n\
            __wbg_add_1f2: function() {} }; return { \"./x_bg.js\": main }; wasm.__wbg_add_1f;";
        let short = "const main = { $: function(memory) { wasm.c.main(); },\n\
            b: function() {} }; return { \"a\": main }; wasm.__wbg_add_1f;";
        assert_eq!(renamed(glue, &read(REPORT)), Ok(short.to_owned()));
    }

    #[test]
    fn a_glue_of_another_program_is_refused() {
        assert_eq!(renamed("nothing", &read(REPORT)), Err("__wbg_add_1f"));
    }
}
