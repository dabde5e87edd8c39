//! Opening and saving: files by their text, the gallery.
//!
//! Opening puts another document in the place of this one as an edit, so undo brings the old one
//! back. Deliberately not here: reading the formats (`scenario`), and
//! files of other programs (`annex.rs`).

use super::view::{GalleryEntry, ProblemView};
use super::{Action, App, Language, Request, problem_text};
use crate::scenario::definitions::has_policies;
use crate::scenario::{LocalText, Problem, Scenario, format, gallery};
use crate::text::Words;
use crate::types::{ProblemCode, Severity, VhostName};

/// What the page opens on: hello world.
pub(super) fn first(words: Words) -> Scenario {
    match gallery::open(gallery::FIRST) {
        Some(Ok(scenario)) => scenario,
        // The gallery is part of the package and its files are tested; an empty stage is right when
        // it is not there all the same.
        Some(Err(_)) | None => empty(words),
    }
}

/// A document with nothing on the stage.
fn empty(words: Words) -> Scenario {
    Scenario {
        title: LocalText {
            en: words.untitled().to_owned(),
            zh: words.untitled().to_owned(),
        },
        vhosts: vec![VhostName::truncated("/")],
        seed: 1,
        ..Scenario::default()
    }
}

/// What was kept cannot be opened: it is offered as a download, so that nothing is lost.
pub(super) fn keep_unreadable(text: String, words: Words) -> Vec<Request> {
    vec![
        Request::Announce {
            text: words.stored_unreadable().to_owned(),
            assertive: true,
        },
        Request::Download {
            name: "brokerlab-kept.json".to_owned(),
            mime: "application/json",
            text,
        },
    ]
}

impl App {
    pub(super) fn new_document(&mut self) {
        let scenario = empty(self.words());
        self.replace_document(scenario);
    }

    /// Opens a dropped, chosen or pasted file: a scenario, RabbitMQ definitions, or a CSV of rates.
    pub(super) fn open(&mut self, name: &str, text: &str) {
        let words = self.words();
        if text.trim().is_empty() {
            self.refuse(words.not_opened(name, words.open_empty()));
            return;
        }
        let again = || Action::Open {
            name: name.to_owned(),
            text: text.to_owned(),
        };
        if name.to_ascii_lowercase().ends_with(".csv") {
            if !self.awaits_annex(again) {
                self.open_csv(name, text);
            }
            return;
        }
        match format::read(text) {
            Ok(scenario) => {
                let awaits = has_policies(&scenario.carried) && self.awaits_annex(again);
                if !awaits && self.replace_document(scenario) {
                    self.announce(words.opened(name));
                }
            }
            Err(problem) if problem.code == ProblemCode::IsDefinitions => {
                if !self.awaits_annex(again) {
                    self.open_definitions(name, text);
                }
            }
            Err(problem) => self.not_opened(name, &problem),
        }
    }

    pub(super) fn not_opened(&mut self, name: &str, problem: &Problem) {
        let words = self.words();
        let mut reason = problem_text(problem, words);
        if let Some((line, column)) = problem.place.line {
            reason = words.at_line(line, column, &reason);
        }
        self.refuse(words.not_opened(name, &reason));
        self.file_problems = vec![problem.clone()];
    }

    /// Opens a scenario of the gallery, or asks for it when it is not in the program.
    pub(super) fn open_gallery(&mut self, key: &str) {
        let listed = || gallery::items().iter().any(|item| item.id == key);
        match gallery::text(key) {
            Some(text) => self.open_scenario(key, text),
            None if listed() => self.request(Request::LoadScenario(key.to_owned())),
            None => self.refuse(self.words().gallery_missing().to_owned()),
        }
    }

    /// Opens the text of a scenario of the gallery.
    pub(super) fn open_scenario(&mut self, key: &str, text: &str) {
        match format::read(text) {
            Err(problem) => self.not_opened(key, &problem),
            Ok(scenario) => {
                let title = self.local(&scenario.title);
                if self.replace_document(scenario) {
                    self.announce(self.words().opened(&title));
                }
            }
        }
    }

    /// Scenarios that come with the page.
    #[must_use]
    pub fn gallery(&self) -> Vec<GalleryEntry> {
        gallery::items()
            .into_iter()
            .map(|item| GalleryEntry {
                title: self.local(&item.title),
                description: self.local(&item.teaches),
                here: gallery::text(&item.id).is_some(),
                key: item.id,
            })
            .collect()
    }

    pub(super) fn local(&self, text: &LocalText) -> String {
        match self.preferences.language {
            Language::English => text.en.clone(),
            Language::Chinese => text.zh.clone(),
        }
    }

    pub(super) fn save(&mut self) {
        let text = self.document_text();
        self.request(Request::Download {
            name: format!("{}.json", self.file_stem()),
            mime: "application/json",
            text,
        });
    }

    /// The title as a file name: letters and digits, the rest dashes.
    pub(super) fn file_stem(&self) -> String {
        let title = &self.scenario().title.en;
        let mut stem = String::new();
        for c in title.chars().take(60) {
            if is_of_names(c) {
                stem.push(c.to_ascii_lowercase());
            } else if !stem.ends_with('-') && !stem.is_empty() {
                stem.push('-');
            }
        }
        let stem = stem.trim_end_matches('-');
        if stem.is_empty() {
            "brokerlab".to_owned()
        } else {
            stem.to_owned()
        }
    }

    /// Problems of the document, and of the file that was opened last.
    #[must_use]
    pub fn problems(&self) -> Vec<ProblemView> {
        let words = self.words();
        let of_file = self.file_problems.iter().map(|problem| ProblemView {
            severity: severity(problem.severity()),
            text: problem_text(problem, words),
            place: problem.place.to_string(),
            node: problem
                .place
                .node
                .filter(|node| self.scenario().node(*node).is_some()),
        });
        let mut in_file = self.file_places.as_slice();
        let of_document = self.document_problems.iter().map(|problem| {
            let found = in_file.iter().position(|other| is_same(other, problem));
            let place = found.map(|at| in_file[at].place.to_string());
            // Both are in one order, so that what came before is not looked at again.
            in_file = found.map_or(in_file, |at| &in_file[at + 1..]);
            let edge = problem
                .place
                .edge
                .and_then(|edge| self.scenario().edge(edge));
            let node = problem.place.node.or_else(|| edge.map(|edge| edge.from));
            ProblemView {
                severity: severity(problem.severity()),
                text: problem_text(problem, words),
                place: place.unwrap_or_else(|| match (node, edge) {
                    (_, Some(edge)) => {
                        format!(
                            "{} → {}",
                            self.node_name(edge.from),
                            self.node_name(edge.to)
                        )
                    }
                    (Some(node), None) => self.node_name(node),
                    (None, None) => problem.place.to_string(),
                }),
                node,
            }
        });
        let all: Vec<ProblemView> = of_file.chain(of_document).collect();
        // The worst first, and among equals those of the file.
        let mut sorted = Vec::with_capacity(all.len());
        for severity in (0..=severity(Severity::Error)).rev() {
            let of_severity = all.iter().filter(|problem| problem.severity == severity);
            sorted.extend(of_severity.cloned());
        }
        sorted
    }
}

/// Letters and digits of any script, told from signs by where Unicode has those.
const fn is_of_names(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || !matches!(c, '\0'..='\u{bf}' | '\u{2000}'..='\u{2bff}' | '\u{3000}'..='\u{303f}'
            | '\u{ff00}'..='\u{ff0f}')
}

/// Whether two problems say the same of the same thing, wherever it stands in a file.
fn is_same(one: &Problem, other: &Problem) -> bool {
    let of = |problem: &Problem| (problem.code, problem.place.node, problem.place.edge);
    of(one) == of(other) && one.params == other.params
}

const fn severity(severity: Severity) -> u8 {
    match severity {
        Severity::Notice => 0,
        Severity::Warning => 1,
        Severity::Error => 2,
    }
}
