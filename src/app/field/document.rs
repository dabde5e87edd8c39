//! The fields of the document itself: title, seed, version, duration.
//!
//! Deliberately not here: what stands on the stage.

use super::{Field, Section, lines, parse, plain_number, text};
use crate::app::view::SectionView;
use crate::scenario::{BrokerSettings, LocalText, Options, Scenario};
use crate::text::{Language, Words};
use crate::types::{Profile, Shortest, SimDuration};

/// Speeds a scenario may ask for.
pub(in crate::app) const SPEED_BOUNDS: (f64, f64) = (0.1, 1000.0);

/// The document's settings, and in which language its texts are edited.
#[derive(Clone)]
struct Settings {
    language: Language,
    now: Options,
}

static SECTIONS: &[Section<Settings>] = &[
    Section {
        title: |words| words.section_document(),
        open: true,
        fields: DOCUMENT,
    },
    Section {
        title: |words| words.section_run(),
        open: true,
        fields: RUN,
    },
    Section {
        title: |words| words.section_broker(),
        open: true,
        fields: BROKER,
    },
];

fn in_language(text: &LocalText, language: Language) -> String {
    match language {
        Language::English => text.en.clone(),
        Language::Chinese => text.zh.clone(),
    }
}

/// The text with one language set; a text that was the same in both stays so.
fn with_language(text: &LocalText, language: Language, typed: &str) -> LocalText {
    let typed = typed.to_owned();
    if text.en == text.zh {
        return LocalText {
            en: typed.clone(),
            zh: typed,
        };
    }
    match language {
        Language::English => LocalText {
            en: typed,
            zh: text.zh.clone(),
        },
        Language::Chinese => LocalText {
            en: text.en.clone(),
            zh: typed,
        },
    }
}

static DOCUMENT: &[Field<Settings>] = &[
    Field {
        key: "title",
        words: |words| words.field_title(),
        input: text,
        get: |settings| {
            let title = settings.now.title.as_ref()?;
            Some(in_language(title, settings.language))
        },
        set: |settings, typed, _| {
            let title = settings.now.title.take().unwrap_or_default();
            settings.now.title = Some(with_language(&title, settings.language, typed));
            Ok(())
        },
    },
    Field {
        key: "description",
        words: |words| words.field_description(),
        input: lines,
        get: |settings| {
            let description = settings.now.description.as_ref()?;
            Some(in_language(description, settings.language))
        },
        set: |settings, typed, _| {
            let text = settings.now.description.take().unwrap_or_default();
            settings.now.description = Some(with_language(&text, settings.language, typed));
            Ok(())
        },
    },
];

static RUN: &[Field<Settings>] = &[
    Field {
        key: "seed",
        words: |words| words.field_seed(),
        input: plain_number,
        get: |settings| Some(parse::show_optional(settings.now.seed)),
        set: |settings, typed, words| {
            settings.now.seed = Some(parse::whole(typed, 0, u64::MAX, words)?);
            Ok(())
        },
    },
    Field {
        key: "profile",
        words: |words| words.field_profile(),
        input: |_| {
            super::choice(&[
                (Profile::V3.name(), Profile::V3.name()),
                (Profile::V4.name(), Profile::V4.name()),
            ])
        },
        get: |settings| Some(parse::show_optional(settings.now.profile)),
        set: |settings, typed, words| {
            let profile = Profile::ALL.into_iter().find(|known| known.name() == typed);
            settings.now.profile = Some(profile.ok_or_else(|| words.error_choice().to_owned())?);
            Ok(())
        },
    },
    Field {
        key: "duration",
        words: |words| words.field_duration(),
        input: text,
        get: |settings| Some(parse::show_optional(settings.now.duration.flatten())),
        set: |settings, typed, words| {
            settings.now.duration = Some(parse::optional(typed, words, parse::duration)?);
            Ok(())
        },
    },
    Field {
        key: "speed",
        words: |words| words.field_speed(),
        input: plain_number,
        get: |settings| {
            Some(parse::show_optional(
                settings.now.speed.flatten().map(Shortest),
            ))
        },
        set: |settings, typed, words| {
            let speed = parse::optional(typed, words, parse::number)?;
            if speed.is_some_and(|speed| speed < SPEED_BOUNDS.0 || speed > SPEED_BOUNDS.1) {
                return Err(words.error_speed().to_owned());
            }
            settings.now.speed = Some(speed);
            Ok(())
        },
    },
];

/// What the broker has; the settings hold it always.
fn broker(settings: &Settings) -> BrokerSettings {
    settings.now.broker.unwrap_or_default()
}

fn octets(typed: &str, words: Words) -> Result<u64, String> {
    parse::whole(typed, 0, u64::MAX, words)
}

static BROKER: &[Field<Settings>] = &[
    Field {
        key: "memory-limit",
        words: |words| words.field_memory_limit(),
        input: super::octets,
        get: |settings| Some(parse::show_optional(broker(settings).memory_limit)),
        set: |settings, typed, words| {
            settings.now.broker = Some(BrokerSettings {
                memory_limit: parse::optional(typed, words, octets)?,
                ..broker(settings)
            });
            Ok(())
        },
    },
    Field {
        key: "disk-free",
        words: |words| words.field_disk_free(),
        input: super::octets,
        get: |settings| Some(parse::show_optional(broker(settings).disk_free)),
        set: |settings, typed, words| {
            settings.now.broker = Some(BrokerSettings {
                disk_free: parse::optional(typed, words, octets)?,
                ..broker(settings)
            });
            Ok(())
        },
    },
    Field {
        key: "disk-free-limit",
        words: |words| words.field_disk_free_limit(),
        input: super::octets,
        get: |settings| {
            let limit = broker(settings).disk_free_limit;
            Some(parse::show_optional(Some(limit)))
        },
        set: |settings, typed, words| {
            settings.now.broker = Some(BrokerSettings {
                disk_free_limit: octets(typed, words)?,
                ..broker(settings)
            });
            Ok(())
        },
    },
    Field {
        key: "consumer-timeout",
        words: |words| words.field_consumer_timeout(),
        input: text,
        get: |settings| Some(broker(settings).consumer_timeout.to_string()),
        set: |settings, typed, words| {
            settings.now.broker = Some(BrokerSettings {
                consumer_timeout: parse::duration(typed, words)?,
                ..broker(settings)
            });
            Ok(())
        },
    },
    Field {
        key: "queue-time",
        words: |words| words.field_queue_time(),
        input: text,
        get: |settings| {
            let time = broker(settings).queue_time;
            Some(parse::show_optional(
                Some(time).filter(|time| *time != SimDuration::ZERO),
            ))
        },
        set: |settings, typed, words| {
            let time = parse::optional(typed, words, parse::duration)?;
            settings.now.broker = Some(BrokerSettings {
                queue_time: time.unwrap_or_default(),
                ..broker(settings)
            });
            Ok(())
        },
    },
];

fn settings_of(scenario: &Scenario, language: Language) -> Settings {
    Settings {
        language,
        now: Options {
            title: Some(scenario.title.clone()),
            description: Some(scenario.description.clone()),
            seed: Some(scenario.seed),
            profile: Some(scenario.profile),
            broker: Some(scenario.broker),
            duration: Some(scenario.duration),
            speed: Some(scenario.speed),
        },
    }
}

/// The fields of the document.
pub(in crate::app) fn sections(scenario: &Scenario, words: Words) -> Vec<SectionView> {
    super::show(SECTIONS, &settings_of(scenario, words.language()), words)
}

/// The document's settings with one field set from text.
pub(in crate::app) fn options_for(
    scenario: &Scenario,
    key: &str,
    value: &str,
    words: Words,
) -> Result<Options, String> {
    let settings = settings_of(scenario, words.language());
    Ok(super::set(SECTIONS, &settings, key, value, words)?.now)
}
