//! Where things are: the package, what cargo builds, and the tools kept beside it.

use std::path::PathBuf;

/// The package's own folder.
pub fn root() -> PathBuf {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map_or_else(|| xtask.clone(), PathBuf::from)
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    let root = root();
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir))
}

/// Tools at pinned versions; `cargo clean` removes them with everything else.
pub fn tools() -> PathBuf {
    target().join("tools")
}

/// The built page.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The end-to-end tests and their runner.
pub fn e2e() -> PathBuf {
    root().join("tests").join("e2e")
}

/// The stories told by other people's clients.
pub fn clients() -> PathBuf {
    root().join("tests").join("clients")
}

/// Where cargo keeps the sources of other people's crates, among other things.
pub fn cargo_home() -> PathBuf {
    let home = || std::env::home_dir().unwrap_or_default().join(".cargo");
    std::env::var_os("CARGO_HOME").map_or_else(home, PathBuf::from)
}
