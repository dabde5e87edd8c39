//! The message catalogue: every sentence a person reads, in every language of the page.
//!
//! A text is one line in one of the files of this folder, one file for each area of the page:
//!
//! ```text
//! words! {
//!     play: "Play" | "播放";                                     // words.play() -> &'static str
//! }
//! sentences! {
//!     zoom(percent: u32): "Zoom {percent} %" | "缩放 {percent} %"; // words.zoom(50) -> String
//! }
//! ```
//!
//! Each line makes a method of [`Words`], so a text without its translation does not compile, and
//! a text that nobody has cannot be asked for. The page gets its words from `App::words`. To add
//! one: write the line with both texts in the file of its area (`page.rs` for labels of the page
//! itself). RabbitMQ's terms stay in English beside the Chinese where a view shows them first, e.g.
//! 交换机 (exchange).
//!
//! Layer 0. Deliberately not here: when a sentence is shown, and anything about documents or runs.

/// Makes a method of [`Words`] for each fixed text.
macro_rules! words {
    ($($name:ident : $en:literal | $zh:literal ;)*) => {
        impl $crate::text::Words {
            $(
                #[doc = $en]
                #[must_use]
                pub const fn $name(self) -> &'static str {
                    match self.language {
                        $crate::text::Language::English => $en,
                        $crate::text::Language::Chinese => $zh,
                    }
                }
            )*
        }
    };
}

/// Makes a method of [`Words`] for each text with something to fill in: both texts and the names
/// of the places as one line of data each, and one function that fills all of them in. Formatting
/// in every method took the download kilobytes.
macro_rules! sentences {
    ($($name:ident ( $($argument:ident : $kind:ty),* $(,)? ) : $en:literal | $zh:literal ;)*) => {
        impl $crate::text::Words {
            $(
                #[doc = $en]
                #[must_use]
                pub fn $name(self $(, $argument: $kind)*) -> String {
                    const TEXTS: &str = concat!($en, "\n", $zh, "\n" $(, stringify!($argument), ",")*);
                    const { assert!($crate::text::fill::names_every_place(TEXTS)) };
                    $crate::text::fill::fill(self.language, TEXTS, &[$(&$argument),*])
                }
            )*
        }
    };
}

/// Makes a method of [`Words`] for each field of the inspector: its label and its sentence of help.
macro_rules! labelled {
    ($($name:ident : $en:literal | $zh:literal , $help_en:literal | $help_zh:literal ;)*) => {
        impl $crate::text::Words {
            $(
                #[doc = $help_en]
                #[must_use]
                pub const fn $name(self) -> (&'static str, &'static str) {
                    match self.language {
                        $crate::text::Language::English => ($en, $help_en),
                        $crate::text::Language::Chinese => ($zh, $help_zh),
                    }
                }
            )*
        }
    };
}

mod action;
mod chart;
mod field;
mod file;
mod fill;
mod journey;
mod page;
mod problem;
mod shell;
mod stage;
mod transport;

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// Every language of the page.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Its tag (BCP 47), for the `lang` attribute and for keeping.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// What its speakers call it.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "简体中文",
        }
    }

    /// The language of the page that suits a browser's tag: Chinese for `zh` and all its kinds,
    /// else English.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") {
            Self::Chinese
        } else {
            Self::English
        }
    }
}

/// Every text of the page in one language; a method for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Words {
    language: Language,
}

impl Words {
    /// The texts in `language`.
    #[must_use]
    pub const fn new(language: Language) -> Self {
        Self { language }
    }

    /// Which language these are in.
    #[must_use]
    pub const fn language(self) -> Language {
        self.language
    }
}
