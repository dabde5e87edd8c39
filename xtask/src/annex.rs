//! The annex: the part of the built page's program that is fetched when it is first wanted.
//!
//! The linker knows one program. Here it is parted in two after wasm-bindgen, as text: functions of
//! the modules in [`MODULES`], and whatever they alone call, go into a second program that works on
//! the memory and the tables of the first. In the first, each of them that the rest calls leaves a
//! stand-in that calls it through the table; when it is called before the annex was fetched, it has
//! it fetched at once (`www/js/start.mjs`). So nothing in the sources depends on where a function lies
//! but how long one waits for it: the app asks for the annex before it does what needs it.
//! Binaryen's `wasm-split` does the like, but is not in the npm package that has `wasm-opt`.
//! Deliberately not here: writing the annex beside the page (`beside.rs`).

use crate::process::run_and_read;
use crate::{Outcome, shorten, tools};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};
use std::path::Path;

/// What the annex holds: functions whose names begin like this.
const MODULES: [&str; 20] = [
    // Files of other programs, in and out, and what they alone bring into a document.
    "brokerlab::app::annex::",
    "brokerlab::scenario::definitions::entry::",
    "brokerlab::scenario::definitions::export::",
    "brokerlab::scenario::definitions::import::",
    "brokerlab::scenario::definitions::policies::",
    "brokerlab::scenario::rates::",
    "brokerlab::sim::policies::",
    "brokerlab::types::pattern::",
    // Load for what stands on the stage, and a place for each.
    "brokerlab::app::load::",
    "brokerlab::scenario::add_load::",
    "brokerlab::scenario::layout::",
    "brokerlab::ui::dialog::load::",
    // Copies of boxes.
    "brokerlab::app::clipboard::",
    // The list of all actions.
    "brokerlab::ui::dialog::actions::",
    // What programs that connect declared, and what they alone do: each awaits the annex first
    // (`www/js/connect.mjs`).
    "brokerlab::app::outside::",
    "brokerlab::broker::transaction::<impl brokerlab::broker::Broker>::tx_",
    "brokerlab::sim::wire::<impl brokerlab::sim::world::World>::tell_wire",
    // The JavaScript door.
    "brokerlab::api::Playground::",
    "brokerlab::api::snapshot::",
    "playground_",
];

/// Functions of up to so many octets of text that the annex calls are copied into it: cheaper than
/// to export them, and what is exported cannot be made as small.
const COPIED_MAX: usize = 300;

/// What the annex calls the module whose exports it works with.
const PROGRAM: &str = "program";

/// The function of the glue that fetches the annex at once.
const FETCH: &str = "fetchAnnex";

/// A program in two parts, as text.
pub struct Parted {
    /// What every visitor downloads.
    pub program: String,
    /// The rest. It names what it takes from the program as the program did before wasm-opt.
    pub annex: String,
    /// Flags with which wasm-opt reads either.
    pub features: Vec<String>,
}

/// Parts the program in a file.
pub fn part(path: &Path) -> Outcome<Parted> {
    let text = run_and_read("wasm-dis", tools::command("wasm-dis").arg(path))?;
    let features = text
        .lines()
        .rev()
        .find_map(|line| line.trim().strip_prefix(";; features section: "))
        .unwrap_or_default();
    let features = features.split(", ").filter(|feature| !feature.is_empty());
    let features = features
        .map(|feature| format!("--enable-{feature}"))
        .collect();
    let (program, annex) = Program::read(&text).part()?;
    Ok(Parted {
        program,
        annex,
        features,
    })
}

/// The glue with the function that stand-ins call.
pub fn into_glue(glue: &str) -> Outcome<String> {
    const PLACE: &str = "const import0 = {\n";
    let function = format!("{FETCH}: function() {{ brokerlabStart.{FETCH}(wasm); }},\n");
    if !glue.contains(PLACE) {
        return Err("the glue of wasm-bindgen does not say what the program asks for.".to_owned());
    }
    Ok(glue.replacen(PLACE, &format!("{PLACE}{function}"), 1))
}

/// The annex with the names that the program's exports have after wasm-opt.
pub fn with_short_names(annex: String, report: &str) -> String {
    shorten::given(report).fold(annex, |text, (long, short)| {
        let import = |name| format!("(import \"{PROGRAM}\" \"{name}\" ");
        text.replacen(&import(long), &import(short), 1)
    })
}

/// A thing at the top level of a program's text.
#[derive(Clone, Copy)]
struct Item<'a> {
    /// What it is: `func` (also one that is asked for), `table`, `export` and so on.
    kind: &'a str,
    /// Its name, or the first that stands in it.
    name: &'a str,
    /// All of it, to the end of its last line.
    text: &'a str,
}

/// A program as text.
#[derive(Default)]
struct Program<'a> {
    /// In the order of the text.
    items: Vec<Item<'a>>,
    /// What each function made here calls.
    calls: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Names of exports, by kind and name of what is exported.
    exports: BTreeMap<(&'a str, &'a str), &'a str>,
    /// Functions that others may call: exports and what stands in the table.
    open: BTreeSet<&'a str>,
}

/// Types of a function's parameters and results.
#[derive(Default)]
struct Type<'a> {
    parameters: Vec<&'a str>,
    results: Vec<&'a str>,
}

/// What the annex uses of the program, by kind and name, with the names of the exports.
type Shared<'a> = BTreeMap<(&'a str, &'a str), String>;

impl<'a> Program<'a> {
    fn read(text: &'a str) -> Self {
        let mut program = Self {
            items: items(text),
            ..Self::default()
        };
        for item in program.items.clone() {
            match item.kind {
                "func" if !item.is_asked_for() => {
                    program.calls.insert(item.name, called(item.text));
                }
                "export" => {
                    let name = item.text.split('"').nth(1).unwrap_or_default();
                    let of = item.text.split_once("\" (").map_or("", |(_, of)| of);
                    let kind = of.split(' ').next().unwrap_or_default();
                    program.exports.insert((kind, first_name(of)), name);
                    if kind == "func" {
                        program.open.insert(first_name(of));
                    }
                }
                "elem" | "start" => program.open.extend(names(item.text)),
                _ => {}
            }
        }
        program
    }

    fn of_kind(&self, kind: &str) -> impl Iterator<Item = Item<'a>> {
        self.items
            .iter()
            .copied()
            .filter(move |item| item.kind == kind)
    }

    /// Functions that belong to the annex: those of its modules, and those that no other reaches
    /// but through them.
    fn of_annex(&self) -> BTreeSet<&'a str> {
        let mut rest = BTreeSet::new();
        let mut next: Vec<&str> = self.open.iter().copied().collect();
        while let Some(name) = next.pop() {
            let Some(calls) = self.calls.get(name) else {
                continue;
            };
            if !is_of_modules(name) && rest.insert(name) {
                next.extend(calls);
            }
        }
        let all = self.calls.keys().copied();
        all.filter(|name| !rest.contains(name)).collect()
    }

    /// The program without the annex, and the annex.
    fn part(&self) -> Outcome<(String, String)> {
        let annex = self.of_annex();
        if annex.is_empty() {
            return Err("no function of the annex is in the program.".to_owned());
        }
        let outside = self.calls.iter().filter(|(name, _)| !annex.contains(*name));
        let called = outside.flat_map(|(_, calls)| calls).chain(&self.open);
        let stand_ins = called
            .copied()
            .filter(|name| annex.contains(name))
            .collect();
        let held = self.with_copies(&annex);
        let bodies: Vec<Item> = self
            .of_kind("func")
            .filter(|item| held.contains(item.name))
            .collect();
        let wanted = bodies.iter().flat_map(|body| &self.calls[body.name]);
        let wanted = wanted
            .copied()
            .filter(|name| !held.contains(name))
            .collect();
        let shared = self.shared(&bodies, &wanted);
        Ok((
            self.program(&annex, &stand_ins, &shared)?,
            self.annex(&bodies, &stand_ins, &shared)?,
        ))
    }

    /// What the annex holds: its own functions, and copies of short ones that it calls.
    fn with_copies(&self, annex: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
        let of_kind = self.of_kind("func");
        let short: BTreeSet<&str> = of_kind
            .filter(|item| !item.is_asked_for() && item.text.len() <= COPIED_MAX)
            .map(|item| item.name)
            .collect();
        let mut held = annex.clone();
        let mut next: Vec<&str> = annex.iter().copied().collect();
        while let Some(name) = next.pop() {
            for called in &self.calls[name] {
                if short.contains(called) && held.insert(called) {
                    next.push(called);
                }
            }
        }
        held
    }

    fn shared(&self, bodies: &[Item], wanted: &BTreeSet<&str>) -> Shared<'a> {
        let used: BTreeSet<&str> = bodies.iter().flat_map(|body| names(body.text)).collect();
        let mut shared = Shared::new();
        for item in &self.items {
            let is_used = match item.kind {
                "func" => wanted.contains(item.name),
                "global" => used.contains(item.name),
                "memory" | "table" => true,
                _ => false,
            };
            if is_used {
                let key = (item.kind, item.name);
                let export = match self.exports.get(&key) {
                    Some(export) => (*export).to_owned(),
                    None => format!("annex{}", shared.len()),
                };
                shared.insert(key, export);
            }
        }
        shared
    }

    /// The table of functions, and how long it is.
    fn table(&self) -> Outcome<(Item<'a>, usize)> {
        self.of_kind("table")
            .find(|table| table.text.trim_end().ends_with("funcref)"))
            .and_then(|table| {
                let places = table.text.trim().split(' ').nth(2)?.parse().ok()?;
                Some((table, places))
            })
            .ok_or_else(|| "the program has no table of functions.".to_owned())
    }

    fn program(
        &self,
        annex: &BTreeSet<&str>,
        stand_ins: &BTreeSet<&str>,
        shared: &Shared,
    ) -> Outcome<String> {
        let (table, places) = self.table()?;
        let asked_for = self.of_kind("func").find(Item::is_asked_for);
        let module = asked_for
            .and_then(|item| item.text.split('"').nth(1))
            .unwrap_or_default();
        let mut text = format!("(module\n (import \"{module}\" \"{FETCH}\" (func $annex.fetch))\n");
        for item in &self.items {
            if item.text == table.text {
                text.push_str(&longer(table.text, places, stand_ins.len()));
            } else if item.kind != "func" || !annex.contains(item.name) {
                text.push_str(item.text);
            } else if let Some(place) = stand_ins.iter().position(|name| *name == item.name) {
                text.push_str(&self.stand_in(*item, places + place));
            }
        }
        for ((kind, name), export) in shared {
            if !self.exports.contains_key(&(*kind, *name)) {
                let _ = writeln!(text, " (export \"{export}\" ({kind} {name}))");
            }
        }
        text.push_str(
            " (global $annex.there (mut i32) (i32.const 0))\n \
             (export \"annexThere\" (global $annex.there))\n)\n",
        );
        Ok(text)
    }

    /// A function that calls the one at a place of the table in its stead.
    fn stand_in(&self, item: Item, place: usize) -> String {
        let of = Type::of(item);
        let mut text = format!("{}\n", item.text.lines().next().unwrap_or_default());
        text.push_str("  (if (i32.eqz (global.get $annex.there)) (then (call $annex.fetch)))\n");
        let _ = write!(text, "  (call_indirect {of}");
        for parameter in 0..of.parameters.len() {
            let _ = write!(text, " (local.get {parameter})");
        }
        let _ = writeln!(text, " (i32.const {place}))\n )");
        text
    }

    /// Takes what it needs from the program, and puts itself into the table.
    fn annex(
        &self,
        bodies: &[Item],
        stand_ins: &BTreeSet<&str>,
        shared: &Shared,
    ) -> Outcome<String> {
        let (table, places) = self.table()?;
        let mut text = "(module\n".to_owned();
        for item in self.of_kind("type") {
            text.push_str(item.text);
        }
        for item in &self.items {
            let Some(export) = shared.get(&(item.kind, item.name)) else {
                continue;
            };
            let what = match item.kind {
                "func" => format!("(func {} {})", item.name, Type::of(*item)),
                "table" if item.text == table.text => longer(item.text, places, stand_ins.len()),
                // A global without its first value.
                "global" => without_value(item.text),
                _ => item.text.to_owned(),
            };
            let _ = writeln!(text, " (import \"{PROGRAM}\" \"{export}\" {})", what.trim());
        }
        let places_taken: Vec<&str> = stand_ins.iter().copied().collect();
        let _ = writeln!(
            text,
            " (import \"{PROGRAM}\" \"annexThere\" (global $annex.there (mut i32)))\n \
             (elem (table {}) (i32.const {places}) func {})\n \
             (func $annex.begin (global.set $annex.there (i32.const 1)))\n \
             (start $annex.begin)",
            table.name,
            places_taken.join(" "),
        );
        bodies.iter().for_each(|body| text.push_str(body.text));
        text.push_str(")\n");
        Ok(text)
    }
}

impl Item<'_> {
    /// Whether it is a function that the program asks for.
    fn is_asked_for(&self) -> bool {
        self.kind == "func" && self.text.starts_with(" (import ")
    }
}

impl<'a> Type<'a> {
    /// Reads `(func $name (param $0 i32) (param i32 i64) (result i32)`, until something else comes.
    fn of(item: Item<'a>) -> Self {
        let mut read = Self::default();
        let line = item.text.lines().next().unwrap_or_default();
        let (_, line) = line.split_once(item.name).unwrap_or_default();
        for group in line.split('(').skip(1) {
            let group = group.split(')').next().unwrap_or_default();
            let mut words = group.split(' ').filter(|word| !word.starts_with('$'));
            match words.next() {
                Some("param") => read.parameters.extend(words),
                Some("result") => read.results.extend(words),
                _ => {}
            }
        }
        read
    }
}

impl fmt::Display for Type<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parameters, results) = (self.parameters.join(" "), self.results.join(" "));
        write!(f, "(param {parameters}) (result {results})")
    }
}

fn is_of_modules(name: &str) -> bool {
    let name = name.trim_start_matches(['$', '"', '<']);
    MODULES.iter().any(|module| name.starts_with(module))
}

/// A global without its first value.
fn without_value(global: &str) -> String {
    let value = global.rfind(" (").unwrap_or(global.len());
    format!("{})", &global[..value])
}

/// A table with more places at its end.
fn longer(table: &str, places: usize, more: usize) -> String {
    table.replace(&places.to_string(), &(places + more).to_string())
}

/// The items of a module: each begins on a line of its own, with one space and a parenthesis.
fn items(text: &str) -> Vec<Item<'_>> {
    let starts = text.match_indices("\n (").map(|(at, _)| at + 1);
    let mut bounds: Vec<usize> = starts.collect();
    // Behind the last stand comments and the end of the module.
    let last = bounds.last().map_or("", |last| &text[*last..]);
    bounds.push(
        text.len()
            - last
                .find("\n )\n")
                .map_or(0, |end| last.len() - end - "\n )\n".len()),
    );
    let item = |pair: &[usize]| {
        let text = &text[pair[0]..pair[1]];
        let kind = text[" (".len()..].split([' ', '\n']).next();
        let kind = if kind == Some("import") {
            Some("func")
        } else {
            kind
        };
        Item {
            kind: kind.unwrap_or_default(),
            name: first_name(text),
            text,
        }
    };
    bounds.windows(2).map(item).collect()
}

fn first_name(text: &str) -> &str {
    names(text).next().unwrap_or_default()
}

/// The name at the beginning of a text.
fn name_at(text: &str) -> &str {
    let end = match text.strip_prefix("$\"") {
        // No name of Rust has a quotation mark in it.
        Some(quoted) => quoted.find('"').map(|end| end + "$\"\"".len()),
        None => text.find([' ', ')', '(', '\n']),
    };
    &text[..end.unwrap_or(text.len())]
}

/// All names in a text.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = &rest[rest.find('$')?..];
        let name = name_at(rest);
        rest = &rest[name.len()..];
        Some(name)
    })
}

/// The functions that a function calls or names.
fn called(item: &str) -> BTreeSet<&str> {
    let of = |instruction: &'static str| {
        let places = item.match_indices(instruction);
        places.map(move |(at, _)| name_at(&item[at + instruction.len() - 1..]))
    };
    of("call $").chain(of("ref.func $")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"(module $x
 (type $0 (func (param i32)))
 (import "./x_bg.js" "log" (func $log (param externref)))
 (global $stack (mut i32) (i32.const 16))
 (memory $0 1)
 (data $d (i32.const 8) "call $main")
 (table $0 7 7 funcref)
 (elem $0 (table $0) (i32.const 1) func $main $"brokerlab::app::annex::<impl A>::open")
 (export "memory" (memory $0))
 (export "main" (func $main))
 (func $main (param $0 i32) (param $1 i64) (result i32)
  (call $"brokerlab::app::annex::<impl A>::open"
   (local.get $0)
  )
  (call $both)
 )
 (func $"brokerlab::app::annex::<impl A>::open" (param $0 i32)
  (global.set $stack (local.get $0))
  (call $only_annex)
  (call $both)
  (call $log)
 )
 (func $only_annex
  (call $both)
 )
 (func $both
  (nop)
 )
 ;; features section: reference-types
)
"#;

    #[test]
    fn what_only_the_annex_needs_goes_with_it_and_the_rest_calls_through_the_table() {
        let text = TEXT.replace("  (nop)\n", &"  (nop)\n".repeat(COPIED_MAX));
        let parted = Program::read(&text).part();
        let (program, annex) = parted.expect("a program with an annex");
        let has = |text: &str, wanted: &str| assert!(text.contains(wanted), "{wanted}\n{text}");
        has(&program, "(table $0 8 8 funcref)");
        has(
            &program,
            "(call_indirect (param i32) (result ) (local.get 0) (i32.const 7))",
        );
        has(&program, "(func $both\n");
        assert!(!program.contains("$only_annex"), "{program}");
        has(&annex, "(func $only_annex\n");
        has(
            &annex,
            "(elem (table $0) (i32.const 7) func $\"brokerlab::app::annex::<impl A>::open\")",
        );
        assert!(!annex.contains("(func $both\n"), "{annex}");
        for import in [
            "\"memory\" (memory $0 1)",
            "(func $log (param externref) (result ))",
            "(func $both (param ) (result ))",
            "(global $stack (mut i32))",
            "(table $0 8 8 funcref)",
        ] {
            has(&annex, import);
        }
    }

    #[test]
    fn what_both_need_is_in_both_when_it_is_short() {
        let (program, annex) = Program::read(TEXT).part().expect("a program with an annex");
        for text in [program, annex] {
            assert!(text.contains("(func $both\n  (nop)"), "{text}");
        }
    }

    #[test]
    fn the_annex_takes_what_it_needs_under_its_short_name() {
        let report = "[\n  [\"main\", \"b\"],\n  [\"./x_bg.js\", \"log\", \"c\"]\n]";
        let long = "(import \"program\" \"main\" (func $main))".to_owned();
        let short = "(import \"program\" \"b\" (func $main))";
        assert_eq!(with_short_names(long, report), short);
    }

    #[test]
    fn a_program_without_the_modules_is_refused() {
        let text = TEXT.replace("brokerlab::app::annex", "other");
        assert!(Program::read(&text).part().is_err());
    }
}
