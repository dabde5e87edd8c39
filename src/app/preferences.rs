//! What a person prefers: language, theme, colours. Remembered across visits, never in a document.
//!
//! Deliberately not here: where it is kept; the shell has a place for it.

use crate::text::Language;

/// Colours of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// White ground, thick strokes, large type.
    Projector,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::Projector];

    /// A stable word for it, also the value of the page's `data-theme`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Projector => "projector",
        }
    }

    /// The theme of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// What the colour of a message tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colouring {
    /// Its routing key.
    #[default]
    RoutingKey,
    /// Its producer.
    Producer,
    /// How old it is.
    Age,
}

impl Colouring {
    /// Every way of colouring.
    pub const ALL: [Self; 3] = [Self::RoutingKey, Self::Producer, Self::Age];

    /// A stable word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RoutingKey => "routing-key",
            Self::Producer => "producer",
            Self::Age => "age",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|colouring| colouring.name() == name)
    }
}

/// What is remembered about a person's wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Preferences {
    /// Language of the page.
    pub language: Language,
    /// Colours of the page.
    pub theme: Theme,
    /// What the colour of a message tells.
    pub colouring: Colouring,
}

impl Preferences {
    /// As a short text to keep.
    #[must_use]
    pub fn to_text(self) -> String {
        format!(
            "language={} theme={} colouring={}",
            self.language.tag(),
            self.theme.name(),
            self.colouring.name()
        )
    }

    /// Reads what [`to_text`](Self::to_text) wrote; what is missing or strange stays as it is by
    /// default. `www/js/start.mjs` reads the language too, before the program is there.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let mut read = Self::default();
        for (key, value) in text.split(' ').filter_map(|entry| entry.split_once('=')) {
            match key {
                "language" => read.language = Language::from_tag(value).unwrap_or(read.language),
                "theme" => read.theme = Theme::from_name(value).unwrap_or(read.theme),
                "colouring" => {
                    read.colouring = Colouring::from_name(value).unwrap_or(read.colouring);
                }
                _ => {}
            }
        }
        read
    }
}
