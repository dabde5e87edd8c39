//! The message catalogue: every sentence a person reads, in every language of the page.
//!
//! Layer 0. Deliberately not here: when a sentence is shown, and anything about documents or runs.

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}
