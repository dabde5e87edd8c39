//! Canvas logic without a canvas: selection, tools, hit tests, geometry.
//!
//! Layer 4. Deliberately not here: drawing, the run, the browser.
