//! The examples beside the page: ordinary programs that use the page's broker, and other people's
//! client as it comes from npm.
//!
//! They are no part of the download and are sent as they are: nothing in them is made small or
//! renamed. Not here: the page.

use crate::process::say;
use crate::{Outcome, files, paths, tools};
use std::path::Path;

/// Of other people: the file in the package, and what it is called beside the example.
const CLIENT: [(&str, &str); 2] = [
    (
        "dist/amqp-websocket-client.mjs",
        "amqp-websocket-client.mjs",
    ),
    ("LICENSE", "LICENSE.amqp-client.txt"),
];

/// Files of an example that are sent.
const SENT: [&str; 3] = ["html", "css", "mjs"];

/// Writes the examples into the built page. Without npm they are left out, and that is said.
pub fn write(policy: &str) -> Outcome {
    let from = paths::root().join("www/examples/client");
    let to = paths::dist().join("examples/client");
    if let Err(reason) = tools::ensure_npm_packages(&from, "the example") {
        say(&format!(
            "    The example examples/client/ is left out: {reason}"
        ));
        return Ok(());
    }
    let package = from.join("node_modules/@cloudamqp/amqp-client");
    for (file, name) in CLIENT {
        copy(&package.join(file), &to.join(name))?;
    }
    let entries = std::fs::read_dir(&from)
        .map_err(|error| format!("cannot read {}: {error}.", from.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let kind = path.extension().and_then(|kind| kind.to_str());
        if let (Some(kind), Some(name)) = (kind, path.file_name())
            && SENT.contains(&kind)
        {
            copy(&path, &to.join(name))?;
        }
    }
    crate::page::into_head_of(&to.join("index.html"), policy)
}

fn copy(from: &Path, to: &Path) -> Outcome {
    files::write(to, &files::read(from)?)
}
