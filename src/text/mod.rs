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
//! Each line makes a method of [`Words`], so a text without its translation does not compile, and a
//! text that nobody has cannot be asked for. A visitor reads one language: with the feature
//! `fetched` no text is in the program, and the page fetches the catalogue of one language, which
//! `cargo xtask build` wrote from these very files (`catalogue.rs`). The page gets its words from
//! `App::words`. To add one: write the line with both texts in the file of its area (`page.rs` for
//! labels of the page itself). RabbitMQ's terms stay in English beside the Chinese where a view
//! shows them first, e.g. 交换机 (exchange).
//!
//! Layer 0. Deliberately not here: when a sentence is shown, and anything about documents or runs.

/// Makes a method of [`Words`] for each fixed text.
macro_rules! words {
    ($($name:ident : $en:literal | $zh:literal ;)*) => {
        /// The fixed texts of this file, numbered by the compiler.
        #[expect(non_camel_case_types, reason = "each is named like its method")]
        pub(super) enum Word { $($name),* }

        impl $crate::text::catalogue::Block for Word {
            const TEXTS: &'static [$crate::text::catalogue::Text] =
                &[$($crate::text::catalogue::Text::new(stringify!($name), $en, $zh, "")),*];
        }

        impl $crate::text::Words {
            $(
                #[doc = $en]
                #[must_use]
                pub fn $name(self) -> &'static str {
                    use $crate::text::catalogue::Placed;
                    self.line(Word::START + Word::$name as usize)
                }
            )*
        }
    };
}

/// Makes a method of [`Words`] for each text with something to fill in. One function fills all of
/// them in: formatting in every method took the download kilobytes.
macro_rules! sentences {
    ($($name:ident ( $($argument:ident : $kind:ty),* $(,)? ) : $en:literal | $zh:literal ;)*) => {
        /// The sentences of this file, numbered by the compiler.
        #[expect(non_camel_case_types, reason = "each is named like its method")]
        pub(super) enum Sentence { $($name),* }

        impl $crate::text::catalogue::Block for Sentence {
            const TEXTS: &'static [$crate::text::catalogue::Text] = &[$({
                const PLACES: &str = concat!($(stringify!($argument), ","),*);
                assert!($crate::text::fill::names_every_place($en, PLACES));
                assert!($crate::text::fill::names_every_place($zh, PLACES));
                $crate::text::catalogue::Text::new(stringify!($name), $en, $zh, PLACES)
            }),*];
        }

        impl $crate::text::Words {
            $(
                #[doc = $en]
                #[must_use]
                pub fn $name(self $(, $argument: $kind)*) -> String {
                    use $crate::text::catalogue::Placed;
                    let text = self.line(Sentence::START + Sentence::$name as usize);
                    $crate::text::fill::fill(text, &[$(&$argument),*])
                }
            )*
        }
    };
}

/// Makes a method of [`Words`] for each field of the inspector: its label and its sentence of help.
macro_rules! labelled {
    ($($name:ident : $en:literal | $zh:literal , $help_en:literal | $help_zh:literal ;)*) => {
        /// The fields of this file, numbered by the compiler; each has two lines.
        #[expect(non_camel_case_types, reason = "each is named like its method")]
        pub(super) enum Label { $($name),* }

        impl $crate::text::catalogue::Block for Label {
            const TEXTS: &'static [$crate::text::catalogue::Text] = &[$(
                $crate::text::catalogue::Text::new(stringify!($name), $en, $zh, ""),
                $crate::text::catalogue::Text::new("help", $help_en, $help_zh, ""),
            )*];
        }

        impl $crate::text::Words {
            $(
                #[doc = $help_en]
                #[must_use]
                pub fn $name(self) -> (&'static str, &'static str) {
                    use $crate::text::catalogue::Placed;
                    let line = Label::START + 2 * (Label::$name as usize);
                    (self.line(line), self.line(line + 1))
                }
            )*
        }
    };
}

mod action;
mod catalogue;
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

pub use catalogue::{BUILT_IN, WrongTexts, are_there, load, to_file};

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

    /// The language with this tag.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.tag() == tag)
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

    /// The text in this line of the language's catalogue.
    fn line(self, number: usize) -> &'static str {
        catalogue::line(self.language, number)
    }
}
