//! The files beside the program: what the page fetches when it is wanted (the feature `fetched`).
//!
//! They stand in a folder named after what is in them, so that a browser never gives a new program
//! an old file: the texts of each language and the scenarios of the gallery. The texts are those of
//! the package itself: its own module is compiled into this program too, without the rest of the
//! library. Not here: fetching, which `www/js/start.mjs` does.

use crate::text::{Language, to_file};
use crate::{Outcome, files, paths};

/// Where the page reads the folder's name.
const META: &str = "brokerlab-beside";

/// Where the page reads the annex's address, when it has one.
const ANNEX: &str = "brokerlab-annex";

/// Writes the files into the built page and says in `index.html` where they are.
pub fn write(annex: Option<&[u8]>) -> Outcome {
    let mut files: Vec<(String, String)> = Language::ALL
        .iter()
        .map(|language| (format!("{}.txt", language.tag()), to_file(*language)))
        .collect();
    for path in files::below(&paths::root().join("www").join("scenarios")) {
        let name = path.file_name().unwrap_or_default();
        files.push((name.to_string_lossy().into_owned(), files::read(&path)?));
    }
    let dist = paths::dist();
    let folder = format!("beside-{}", files::fingerprint_of(&files));
    for (name, text) in &files {
        files::write(&dist.join(&folder).join(name), text)?;
    }
    let meta = |name, content| format!("<meta name=\"{name}\" content=\"{content}\" />");
    if let Some(annex) = annex {
        let path = dist.join(&folder).join("annex.wasm");
        std::fs::write(&path, annex)
            .map_err(|error| format!("cannot write {}: {error}.", path.display()))?;
        let name = files::named_by_contents(&path, "annex.wasm")?;
        std::fs::rename(&path, path.with_file_name(&name))
            .map_err(|error| format!("cannot rename {}: {error}.", path.display()))?;
        crate::page::into_head(&meta(ANNEX, format!("./{folder}/{name}")))?;
    }
    crate::page::into_head(&meta(META, format!("./{folder}/")))
}
