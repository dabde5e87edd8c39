//! The gallery: ready-made documents, kept as data files under `www/scenarios`.
//!
//! The command line and the tests read the embedded text. With the feature `fetched` only the first
//! document is in the program; the page fetches the others from files beside it when one of them is
//! chosen. Deliberately not here: how the gallery is shown, and fetching.

use super::format::{Cursor, Read, read_local_text};
use super::{LocalText, Problem, Scenario, format};

const INDEX: &str = include_str!("../../www/scenarios/index.json");

/// The documents that are in the program: all of them, or with the feature `fetched` the first.
macro_rules! files {
    ($first:literal, $($name:literal),* $(,)?) => {
        /// The scenario the page opens on.
        pub const FIRST: &str = $first;

        const FILES: &[(&str, &str)] = &[
            ($first, include_str!(concat!("../../www/scenarios/", $first, ".json"))),
            $(
                #[cfg(not(feature = "fetched"))]
                ($name, include_str!(concat!("../../www/scenarios/", $name, ".json"))),
            )*
        ];
    };
}

files![
    "hello-world",
    "fresh-broker",
    "work-queue",
    "direct-exchange",
    "fanout-exchange",
    "topic-exchange",
    "headers-exchange",
    "flash-sale",
    "slow-database",
    "memory-alarm",
    "flow",
    "retry",
    "lost-connection",
    "prefetch",
    "priorities",
    "ttl-at-the-head",
];

/// An entry of the gallery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GalleryItem {
    /// Its name in links and for programs; the file is `www/scenarios/<id>.json`.
    pub id: String,
    /// What it is called.
    pub title: LocalText,
    /// The one thing it teaches.
    pub teaches: LocalText,
}

/// Every entry, in the order to be shown. The index is part of the package and read by a test, so
/// an index that cannot be read, which would give no entries, is never shipped.
#[must_use]
pub fn items() -> Vec<GalleryItem> {
    let index = format::json(INDEX).unwrap_or_default();
    read_index(&Cursor::top(&index)).unwrap_or_default()
}

fn read_index(top: &Cursor<'_>) -> Read<Vec<GalleryItem>> {
    let mut fields = top.fields()?;
    fields.need("version")?.u64()?;
    let items = fields.need("scenarios")?.list(read_item)?;
    fields.finish()?;
    Ok(items)
}

fn read_item(at: &Cursor<'_>) -> Read<GalleryItem> {
    let mut fields = at.fields()?;
    let item = GalleryItem {
        id: fields.need("id")?.owned_text()?,
        title: read_local_text(&fields.need("title")?)?,
        teaches: read_local_text(&fields.need("teaches")?)?,
    };
    fields.finish()?;
    Ok(item)
}

/// The text of an entry's file, where it is in the program.
#[must_use]
pub fn text(id: &str) -> Option<&'static str> {
    let (_, text) = FILES.iter().find(|(name, _)| *name == id)?;
    Some(text)
}

/// An entry's document; `None` when there is no such entry in the program.
///
/// # Errors
/// When its file cannot be read; a test reads them all.
#[must_use]
pub fn open(id: &str) -> Option<Result<Scenario, Problem>> {
    text(id).map(format::read)
}
