//! Walking folders and telling whether what was built still matches its sources.

use crate::Outcome;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Every file below a folder (or the file itself), in a fixed order.
pub fn below(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![path.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_file() {
            found.push(path);
        } else if let Ok(entries) = std::fs::read_dir(&path) {
            waiting.extend(entries.flatten().map(|entry| entry.path()));
        }
    }
    found.sort();
    found
}

/// A number that changes when any of these files or folders changes in name or content.
pub fn fingerprint(paths: &[PathBuf], also: &str) -> String {
    let mut hasher = DefaultHasher::new();
    also.hash(&mut hasher);
    for path in paths.iter().flat_map(|path| below(path)) {
        path.hash(&mut hasher);
        std::fs::read(&path).unwrap_or_default().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

/// A number that changes when any of these names or texts changes.
pub fn fingerprint_of(files: &[(String, String)]) -> String {
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// A file's name with a number for what is in it, in place of the one that it has:
/// `page-<number>_bg.wasm` for `page-0123456789abcdef_bg.wasm`.
pub fn named_by_contents(path: &Path, name: &str) -> Outcome<String> {
    let contents =
        std::fs::read(path).map_err(|error| format!("cannot read {}: {error}.", path.display()))?;
    let mut hasher = DefaultHasher::new();
    contents.hash(&mut hasher);
    Ok(numbered(name, hasher.finish()))
}

/// Fewer digits than this are a word.
const OLD_DIGITS_MIN: usize = 10;

fn numbered(name: &str, number: u64) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let (before, after) = stem.split_once('-').unwrap_or((stem, ""));
    // Trunk leaves out zeros in front.
    let digits = after.bytes().take_while(u8::is_ascii_hexdigit).count();
    let (before, after) = match digits {
        OLD_DIGITS_MIN.. => (before, &after[digits..]),
        _ => (stem, ""),
    };
    format!("{before}-{number:016x}{after}.{extension}")
}

/// Reads a text file; the error names it.
pub fn read(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}.", path.display()))
}

/// Writes a text file and the folder it is in; the error names it.
pub fn write(path: &Path, text: &str) -> Outcome {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("cannot make {}: {error}.", folder.display()))?;
    }
    std::fs::write(path, text).map_err(|error| format!("cannot write {}: {error}.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn a_name_has_one_number_and_keeps_what_follows() {
        for (name, want) in [
            ("start.mjs", "start-00000000000000ff.mjs"),
            ("page-123456789abcdef.css", "page-00000000000000ff.css"),
            ("a-face.css", "a-face-00000000000000ff.css"),
            ("a-0123456789abcdef_bg.wasm", "a-00000000000000ff_bg.wasm"),
            ("some-page.js", "some-page-00000000000000ff.js"),
        ] {
            assert_eq!(numbered(name, 255), want);
        }
    }
}
