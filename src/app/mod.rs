//! The one place where document, run and editor meet; still pure, tested natively.
//!
//! Layer 5. Deliberately not here: the browser.
