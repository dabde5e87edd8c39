//! What the page weighs, raw and as a web server would send it.

use crate::text::Language;
use crate::{Outcome, files, paths};
use std::io::Write;
use std::path::Path;

/// What every visitor downloads before the page works: code, glue and style. The texts of one
/// language come on top; the annex is fetched by who uses what is in it.
const DOWNLOADED: [&str; 4] = ["wasm", "js", "mjs", "css"];

/// The download stays within this many bytes of brotli.
pub const DOWNLOAD_LIMIT: usize = 350_000;

/// Prints a table of the files in `dist/` and gives the size of the download in brotli.
pub fn weigh() -> Outcome<usize> {
    let dist = paths::dist();
    let (mut raw_sum, mut brotli_sum, mut download) = (0, 0, 0);
    let mut texts = Vec::new();
    println!("\n{:>10} {:>10}  file", "raw", "brotli");
    for path in files::below(&dist) {
        let bytes = std::fs::read(&path)
            .map_err(|error| format!("cannot read {}: {error}.", path.display()))?;
        let packed = brotli_size(&bytes)?;
        let name = path.strip_prefix(&dist).unwrap_or(&path);
        println!("{:>10} {:>10}  {}", bytes.len(), packed, name.display());
        raw_sum += bytes.len();
        brotli_sum += packed;
        if is_downloaded(&path) {
            download += packed;
        }
        if is_texts(&path) {
            texts.push(packed);
        }
    }
    if texts.len() != Language::ALL.len() {
        return Err("dist/ does not hold the texts of each language.".to_owned());
    }
    // Nobody reads both; what is promised holds for the heavier.
    download += texts.into_iter().max().unwrap_or_default();
    println!("{raw_sum:>10} {brotli_sum:>10}  all files");
    println!(
        "{:>10} {download:>10}  the download: wasm, js, css and the heavier of the languages",
        ""
    );
    Ok(download)
}

fn is_downloaded(path: &Path) -> bool {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or("");
    // What lies in a folder of its own is fetched when it is wanted: examples, the annex. Scripts
    // that the page begins with are the exception.
    let folder = path
        .parent()
        .and_then(|folder| folder.strip_prefix(paths::dist()).ok());
    let at_once = [Path::new(""), Path::new("js")];
    DOWNLOADED.contains(&extension) && folder.is_some_and(|folder| at_once.contains(&folder))
}

fn is_texts(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let mut known = Language::ALL
        .iter()
        .map(|language| format!("{}.txt", language.tag()));
    known.any(|known| name == Some(&known))
}

fn brotli_size(bytes: &[u8]) -> Outcome<usize> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 22);
    writer
        .write_all(bytes)
        .map_err(|error| format!("brotli: {error}."))?;
    drop(writer);
    Ok(packed.len())
}
