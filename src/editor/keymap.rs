//! Keys by name: `Ctrl+Shift+Z`, `L`, `Delete`.
//!
//! Deliberately not here: what they do; the registry of actions says that.

use crate::editor::KeyPress;

/// A key with the keys held down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chord {
    key: String,
    command: bool,
    shift: bool,
    alt: bool,
}

impl Chord {
    /// Reads a name such as `Ctrl+Shift+Z`; `Ctrl` stands for Command on a Mac too.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        let mut chord = Self {
            key: String::new(),
            command: false,
            shift: false,
            alt: false,
        };
        let mut rest = name;
        loop {
            let held = [
                ("Ctrl+", &mut chord.command),
                ("Shift+", &mut chord.shift),
                ("Alt+", &mut chord.alt),
            ];
            let mut found = false;
            for (prefix, flag) in held {
                if let Some(after) = rest.strip_prefix(prefix)
                    && !after.is_empty()
                {
                    *flag = true;
                    rest = after;
                    found = true;
                }
            }
            if !found {
                break;
            }
        }
        chord.key = normal(rest);
        chord
    }

    /// Whether this is what was pressed. Signs such as `?` need Shift on some keyboards and not on
    /// others, so for them Shift is left out of the comparison.
    #[must_use]
    pub fn matches(&self, press: &KeyPress) -> bool {
        let key = normal(&press.key);
        let is_sign = matches!(key.as_bytes(), [sign] if !sign.is_ascii_alphanumeric());
        key == self.key
            && press.modifiers.command() == self.command
            && press.modifiers.alt == self.alt
            && (is_sign || press.modifiers.shift == self.shift)
    }

    /// Whether it is a sign alone, which means something only while the stage has the focus
    /// (WCAG 2.1.4).
    #[must_use]
    pub const fn needs_focus(&self) -> bool {
        !self.command && !self.alt
    }
}

fn normal(key: &str) -> String {
    match key {
        " " | "Spacebar" => "Space".to_owned(),
        "Esc" => "Escape".to_owned(),
        "Del" => "Delete".to_owned(),
        _ if key.chars().count() == 1 => key.to_ascii_uppercase(),
        _ => key.to_owned(),
    }
}
