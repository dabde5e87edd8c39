//! Colours and sizes of numbers, from the style sheet: a canvas takes no variables of it.
//!
//! Deliberately not here: which number has which.

use crate::types::Shortest;
use crate::ui::browser;

/// Families as the style sheet has them for the page.
const FAMILIES: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', \
                        'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

/// What a colour is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// What is read first.
    Strong,
    /// What is read second.
    Muted,
    /// Outlines.
    Line,
    /// Areas.
    Tint,
    /// Rims of slots.
    Control,
    /// Slots that hold something.
    Hair,
    /// What should be looked at.
    Warn,
    /// What went wrong.
    Alarm,
}

/// The style sheet's names of them, in the order above.
const VARIABLES: [&str; 8] = [
    "--ink",
    "--muted",
    "--line",
    "--tint",
    "--control",
    "--hair",
    "--warn",
    "--alarm",
];

/// What kind of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letter {
    /// The large number of a producer and a queue.
    Main,
    /// The one beside a consumer's ring.
    Beside,
    /// The one under an exchange.
    Below,
    /// The second number, and notes.
    Small,
}

const LETTERS: [Letter; 4] = [Letter::Main, Letter::Beside, Letter::Below, Letter::Small];

/// How numbers look now.
#[derive(Debug, Default)]
pub(super) struct Look {
    theme: Option<String>,
    colours: Vec<String>,
    fonts: Vec<String>,
    large: bool,
}

impl Look {
    /// Reads the style sheet when the theme is another; true when it was.
    pub(super) fn renew(&mut self) -> bool {
        let Some(root) = browser::document().and_then(|document| document.document_element())
        else {
            return false;
        };
        let theme = root.get_attribute("data-theme").unwrap_or_default();
        if self.theme.as_ref() == Some(&theme) {
            return false;
        }
        let style =
            browser::window().and_then(|window| window.get_computed_style(&root).ok().flatten());
        let colour = |name: &&str| {
            let value = style
                .as_ref()
                .and_then(|style| style.get_property_value(name).ok());
            value.unwrap_or_default().trim().to_owned()
        };
        self.colours = VARIABLES.iter().map(colour).collect();
        self.large = theme == "projector";
        self.theme = Some(theme);
        self.fonts = LETTERS.map(|letter| self.described(letter)).into();
        true
    }

    /// A colour, as a canvas wants it.
    pub(super) fn colour(&self, ink: Ink) -> &str {
        self.colours
            .get(ink as usize)
            .map_or("#000", String::as_str)
    }

    /// Size in stage units.
    pub(super) fn size(&self, letter: Letter) -> f64 {
        match (letter, self.large) {
            (Letter::Main, false) => 15.0,
            (Letter::Main, true) => 17.0,
            (Letter::Beside, false) | (Letter::Below, true) => 13.5,
            (Letter::Beside, true) => 14.0,
            (Letter::Below, false) => 12.5,
            (Letter::Small, false) => 11.5,
            (Letter::Small, true) => 13.0,
        }
    }

    /// A font, as a canvas wants it.
    pub(super) fn font(&self, letter: Letter) -> &str {
        self.fonts.get(letter as usize).map_or("", String::as_str)
    }

    fn described(&self, letter: Letter) -> String {
        let weight = match letter {
            Letter::Main | Letter::Beside => "600",
            Letter::Below => "500",
            Letter::Small => "400",
        };
        format!("{weight} {}px {FAMILIES}", Shortest(self.size(letter)))
    }
}
