//! The one place where document, run and editor meet; still pure, tested natively.
//!
//! Everything a user or a script asks for is an `Action` through `App::dispatch`; everything shown is
//! a view model. Layer 5. Deliberately not here: the browser, and any clock: wall time comes in as an
//! argument.

pub mod action;
pub mod picture;
