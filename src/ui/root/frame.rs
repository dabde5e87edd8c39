//! How the parts stand: bar, palette, stage, inspector, dock; which of them are folded away.
//!
//! Deliberately not here: sizes and colours; those are the style sheet's.

use super::Root;
use crate::app::Words;
use crate::app::view::Cursor;
use crate::ui::chart::Charts;
use crate::ui::dialog::OpenDialog;
use crate::ui::element::{El, Kid, each, el};
use crate::ui::hand::Deed;
use crate::ui::live::GAUGES;
use crate::ui::panel::button::{Bare, Look, bare, button_of};
use crate::ui::panel::{Bar, Inspector, Journey, Palette, Transport};
use crate::ui::part::{Part, part};
use crate::ui::shell::{Notice, Shell};
use crate::ui::stage::Stage;
use crate::ui::{browser, storage};
use std::rc::Rc;
use yew::Html;

/// Below this width panels are sheets.
pub(super) const NARROW: &str = "(max-width: 700px)";

/// Sentences of what happened lately that are shown while it runs: all are when it stands still.
const LINES_RUNNING: usize = 12;

/// Whether a hand is in the middle of something, so that the hint should catch the eye.
const fn is_busy(cursor: Cursor) -> bool {
    match cursor {
        Cursor::Cross | Cursor::Refused => true,
        Cursor::Arrow | Cursor::Grab | Cursor::Grabbing => false,
    }
}

/// A panel that folds away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// Things to place.
    Palette,
    /// What is selected.
    Inspector,
    /// Charts.
    Charts,
}

impl Panel {
    const ALL: [Self; 3] = [Self::Palette, Self::Inspector, Self::Charts];

    const fn name(self) -> &'static str {
        match self {
            Self::Palette => "palette",
            Self::Inspector => "inspector",
            Self::Charts => "charts",
        }
    }

    fn label(self, words: Words) -> &'static str {
        match self {
            Self::Palette => words.palette(),
            Self::Inspector => words.inspector(),
            Self::Charts => words.charts(),
        }
    }
}

/// Which panels are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Panels {
    palette: bool,
    inspector: bool,
    charts: bool,
    narrow: bool,
}

impl Panels {
    /// As they were left on a wide page; a narrow one begins with the stage alone.
    pub(super) fn remembered() -> Self {
        let narrow = browser::media(NARROW);
        let kept = storage::read(storage::PANELS).unwrap_or_default();
        let open = |panel: Panel| !narrow && !kept.split(' ').any(|name| name == panel.name());
        Self {
            palette: open(Panel::Palette),
            inspector: open(Panel::Inspector),
            charts: open(Panel::Charts),
            narrow,
        }
    }

    fn is_open(self, panel: Panel) -> bool {
        match panel {
            Panel::Palette => self.palette,
            Panel::Inspector => self.inspector,
            Panel::Charts => self.charts,
        }
    }

    fn set(&mut self, panel: Panel, open: bool) {
        match panel {
            Panel::Palette => self.palette = open,
            Panel::Inspector => self.inspector = open,
            Panel::Charts => self.charts = open,
        }
    }

    /// Opens a panel that may be folded.
    pub(super) fn open(&mut self, panel: Panel) {
        if !self.is_open(panel) {
            self.toggle(panel);
        }
    }

    /// Opens or folds a panel. Of sheets one is open at a time.
    pub(super) fn toggle(&mut self, panel: Panel) {
        let open = !self.is_open(panel);
        if self.narrow {
            for other in Panel::ALL {
                self.set(other, false);
            }
        }
        self.set(panel, open);
        if !self.narrow {
            let folded: Vec<&str> = Panel::ALL
                .into_iter()
                .filter(|panel| !self.is_open(*panel))
                .map(Panel::name)
                .collect();
            // Not worth a word when it cannot be kept.
            let _ = storage::write(storage::PANELS, &folded.join(" "));
        }
    }
}

impl Root {
    /// The whole page.
    pub(super) fn page(&self, shell: &Shell) -> Html {
        let stage = Stage {
            view: self.shown.stage.clone(),
            words: self.shown.words,
            current: self.current,
        };
        el("div")
            .set("class", if self.present { "page present" } else { "page" })
            .kid(self.bar(shell))
            .kid(
                el("div class='middle'")
                    .kid(self.palette(shell))
                    .kid(
                        el("main class='stage-panel'")
                            .kid(part(None, stage))
                            .kid(self.hint())
                            .kid(self.gauges())
                            .kid(self.toasts.view()),
                    )
                    .kid(self.inspector(shell)),
            )
            .kid(
                el("div class='dock'")
                    .kid(
                        el("div class='dock-head'")
                            .kid(self.transport(shell))
                            .kid(self.toggles(shell)),
                    )
                    .kid(self.charts(shell)),
            )
            .kid(self.open_dialog(shell))
            .html()
    }

    /// What the tool in hand says to do next.
    fn hint(&self) -> El {
        let stage = &self.shown.stage;
        let class = if is_busy(stage.cursor) {
            "hint busy"
        } else {
            "hint"
        };
        el("p id='hint'").set("class", class).text(&stage.hint)
    }

    /// How much of memory and disk messages take. `ui::live` fills them in where there are limits.
    fn gauges(&self) -> El {
        let words = self.shown.words;
        let labels = [words.gauge_memory(), words.gauge_disk()];
        let gauges = labels.into_iter().zip(GAUGES).map(|(label, ids)| {
            let [gauge, level, text, alarm] = ids;
            el("p class='gauge' data-state='none'")
                .set("id", gauge)
                .kid(el("b").text(label))
                .kid(el("meter").set("id", level).set("aria-label", label))
                .kid(el("span").set("id", text))
                .kid(el("span class='gauge-alarm' role='status'").set("id", alarm))
        });
        el("div class='gauges'").kid(each(gauges))
    }

    fn is_shown(&self, panel: Panel) -> bool {
        !self.present && self.panels.is_open(panel)
    }

    fn bar(&self, shell: &Shell) -> Html {
        if self.present {
            return Html::default();
        }
        let bar = Bar {
            actions: self.shown.actions.clone(),
            view: self.shown.bar.clone(),
            words: self.shown.words,
            shell: shell.clone(),
        };
        part(None, bar)
    }

    fn palette(&self, shell: &Shell) -> Option<El> {
        if !self.is_shown(Panel::Palette) {
            return None;
        }
        let palette = Palette {
            items: self.shown.palette.clone(),
            words: self.shown.words,
            shell: shell.clone(),
        };
        let panel = el("aside class='panel palette-panel'");
        Some(
            self.headed(shell, Panel::Palette, panel)
                .kid(part(None, palette)),
        )
    }

    fn inspector(&self, shell: &Shell) -> Option<El> {
        let words = self.shown.words;
        if !self.is_shown(Panel::Inspector) {
            return None;
        }
        let journey = self.shown.journey.as_ref().map(|view| {
            let journey = Journey {
                view: view.clone(),
                words,
                shell: shell.clone(),
            };
            part(None, journey)
        });
        let inspector = Inspector {
            view: self.shown.inspector.clone(),
            typed: self.typed,
            words,
            shell: shell.clone(),
        };
        let panel = el("aside class='panel inspector-panel'");
        let panel = self
            .headed(shell, Panel::Inspector, panel)
            .kid(journey.unwrap_or_default())
            .kid(part(None, inspector));
        Some(panel)
    }

    fn transport(&self, shell: &Shell) -> Html {
        let transport = Transport {
            view: self.shown.transport.clone(),
            actions: self.shown.actions.clone(),
            words: self.shown.words,
            shell: shell.clone(),
        };
        part(None, transport)
    }

    fn charts(&self, shell: &Shell) -> Option<El> {
        let words = self.shown.words;
        if !self.is_shown(Panel::Charts) {
            return None;
        }
        let charts = Charts {
            frames: self.shown.charts.clone(),
            tables: self.tables.clone(),
            words,
            shell: shell.clone(),
        };
        let narration = Narration {
            lines: self.shown.narration.clone(),
            most: if self.shown.transport.playing {
                LINES_RUNNING
            } else {
                usize::MAX
            },
            words,
        };
        let panel = el("section class='panel charts-panel'");
        let panel = self
            .headed(shell, Panel::Charts, panel)
            .kid(part(None, charts))
            .kid(part(None, narration));
        Some(panel)
    }

    fn open_dialog(&self, shell: &Shell) -> Html {
        let Some(content) = &self.dialog else {
            return Html::default();
        };
        let dialog = OpenDialog {
            content: content.clone(),
            words: self.shown.words,
            shell: shell.clone(),
        };
        part(None, dialog)
    }

    /// A sheet has its name and a way to close it; on a wide page the toggles do that.
    fn headed(&self, shell: &Shell, panel: Panel, element: El) -> El {
        let label = panel.label(self.shown.words);
        let close = Bare {
            label: self.shown.words.hide_panel(),
            drawing: "close",
            ..Bare::default()
        };
        let head = el("header class='sheet-head'")
            .kid(el("h2").text(label))
            .kid(bare(shell, &close, Deed::Tell(Notice::Toggle(panel))));
        element.set("aria-label", label).kid(head)
    }

    fn toggles(&self, shell: &Shell) -> Option<El> {
        if self.present {
            let actions = &self.shown.actions;
            return button_of(shell, actions, "present", "present", Look::Bare);
        }
        let toggle = |panel: Panel| {
            let toggle = Bare {
                label: panel.label(self.shown.words),
                drawing: panel.name(),
                panel: Some(panel.name()),
                pressed: Some(self.panels.is_open(panel)),
                ..Bare::default()
            };
            bare(shell, &toggle, Deed::Tell(Notice::Toggle(panel)))
        };
        Some(el("div class='group toggles'").kid(each(Panel::ALL.into_iter().map(toggle))))
    }
}

/// What happened lately, in words: the picture for those who do not see it, or missed it.
struct Narration {
    lines: Rc<Vec<String>>,
    most: usize,
    words: Words,
}

impl Part for Narration {
    fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.lines, &other.lines)
            && self.most == other.most
            && self.words == other.words
    }

    fn draw(&self) -> El {
        let title = self.words.narration();
        let lines = self.lines.iter().rev().take(self.most);
        let list = el("ol id='narration' tabindex='0'").set("aria-label", title);
        el("section class='narration'")
            .set("aria-label", title)
            .kid(el("h3").text(title))
            .kid(list.kid(each(lines.map(|line| el("li").text(line)))))
    }
}
