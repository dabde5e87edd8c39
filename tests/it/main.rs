//! The one native test binary for whole-package promises.
//!
//! One binary, because each further one links the whole library again. Native only: the tests
//! read files. A new area is a file beside this one and a `mod` line here.
#![cfg(not(target_arch = "wasm32"))]

#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
#[path = "../../benches/client/mod.rs"]
mod client;
mod conformance;
mod definitions;
mod determinism;
mod fuzzed;
mod golden;
mod hostile;
mod page;
#[path = "../peer/mod.rs"]
#[allow(dead_code, reason = "the program that records uses the rest")]
mod peer;
mod protocol;
mod refusals;
#[cfg(feature = "cli")]
mod serve;
#[cfg(feature = "cli")]
#[path = "../../benches/support/server.rs"]
mod server;
// Millions of messages: optimised builds only.
#[cfg(not(debug_assertions))]
mod theory;
mod tidy;
mod traces;
