//! A client for the tests, made apart from the package: its own table of methods, its own codec,
//! and the programs it runs against a real broker or against the engine.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "speaks to real brokers in real time"
)]

pub(crate) mod client;
pub(crate) mod codec;
pub(crate) mod control;
pub(crate) mod engine;
mod probe;
pub(crate) mod program;
pub(crate) mod random;
pub(crate) mod spec;
pub(crate) mod tcp;
pub(crate) mod value;
pub(crate) mod world;

use std::path::{Path, PathBuf};

/// Every program below the folder, in the order of their names.
pub(crate) fn programs(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(path) = waiting.pop() {
        let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
        for entry in entries {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "txt")
                && path.parent() != Some(folder)
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
