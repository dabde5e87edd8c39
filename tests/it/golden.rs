//! What the gallery promises: every file is listed, readable, in the format's own writing, and does in
//! a run what its description says.

use brokerlab::scenario::{format, gallery};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("www/scenarios")
}

/// With `UPDATE_EXPECT=1` the files are rewritten in place, as the inline snapshots are.
fn updating() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some()
}

#[test]
fn every_file_of_the_gallery_is_listed_and_embedded() {
    let listed: BTreeSet<String> = gallery::items().into_iter().map(|item| item.id).collect();
    assert!(
        listed.len() >= 8,
        "the gallery has {} entries",
        listed.len()
    );
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder()).expect("the gallery's folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if name != "index" {
            assert!(gallery::text(&name).is_some(), "{name} is not embedded");
            found.insert(name);
        }
    }
    assert_eq!(found, listed);
    assert!(listed.contains(gallery::FIRST));
}

#[test]
fn every_scenario_of_the_gallery_opens_and_has_its_words_in_both_languages() {
    for item in gallery::items() {
        let scenario = gallery::open(&item.id).expect("listed");
        let scenario = scenario.unwrap_or_else(|problem| panic!("{}: {problem}", item.id));
        assert_eq!(scenario.title, item.title, "{}", item.id);
        for text in [&item.title, &item.teaches, &scenario.description] {
            assert!(!text.en.is_empty() && !text.zh.is_empty(), "{}", item.id);
            assert_ne!(text.en, text.zh, "{}", item.id);
        }
        assert!(
            scenario.duration.is_some() && scenario.speed.is_some(),
            "{}",
            item.id
        );
    }
}

#[test]
fn every_file_of_the_gallery_is_written_as_the_program_writes() {
    for item in gallery::items() {
        let path = folder().join(format!("{}.json", item.id));
        let text = std::fs::read_to_string(&path).expect("a file of the gallery");
        let scenario = format::read(&text).unwrap_or_else(|problem| panic!("{path:?}: {problem}"));
        let written = format::write(&scenario);
        if updating() {
            std::fs::write(&path, written).expect("the file can be written");
        } else {
            assert_eq!(
                text, written,
                "{path:?}; UPDATE_EXPECT=1 cargo test rewrites it"
            );
        }
    }
}
