//! How the parts stand: bar, palette, stage, inspector, dock; which of them are folded away.
//!
//! Deliberately not here: sizes and colours; those are the style sheet's.

use super::{Root, RootMsg};
use crate::app::Words;
use crate::app::view::Cursor;
use crate::ui::chart::Charts;
use crate::ui::dialog::Dialogs;
use crate::ui::icon::icon;
use crate::ui::panel::{Bar, Inspector, Journey, Palette, Transport};
use crate::ui::stage::Stage;
use crate::ui::{browser, storage};
use yew::{Context, Html, classes, html};

/// Below this width panels are sheets.
pub(super) const NARROW: &str = "(max-width: 700px)";

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

    const fn label(self, words: Words) -> &'static str {
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
    pub(super) fn page(&self, ctx: &Context<Self>) -> Html {
        let shown = &self.shown;
        let shell = &ctx.props().shell;
        let words = shown.words;
        let panels = self.panels;
        let open = |panel: Panel| !self.present && panels.is_open(panel);
        html! {
            <div class={classes!("page", self.present.then_some("present"))}>
                if !self.present {
                    <Bar view={shown.bar.clone()} {words} shell={shell.clone()} />
                }
                <div class="middle">
                    if open(Panel::Palette) {
                        <aside class="panel palette-panel" aria-label={words.palette()}>
                            { self.sheet_head(ctx, Panel::Palette) }
                            <Palette items={shown.palette.clone()} {words} shell={shell.clone()} />
                        </aside>
                    }
                    <main class="stage-panel">
                        <Stage view={shown.stage.clone()} {words} current={self.current}
                            area={self.area.clone()} canvas={self.canvas.clone()} />
                        <p class={classes!("hint", is_busy(shown.stage.cursor).then_some("busy"))}
                            id="hint">{ &shown.stage.hint }</p>
                        { self.toasts.view() }
                    </main>
                    if open(Panel::Inspector) {
                        <aside class="panel inspector-panel" aria-label={words.inspector()}>
                            { self.sheet_head(ctx, Panel::Inspector) }
                            if let Some(journey) = &shown.journey {
                                <Journey view={journey.clone()} {words} shell={shell.clone()} />
                            }
                            <Inspector view={shown.inspector.clone()} {words} shell={shell.clone()} />
                        </aside>
                    }
                </div>
                <div class="dock">
                    <div class="dock-head">
                        <Transport view={shown.transport.clone()} actions={shown.actions.clone()}
                            {words} shell={shell.clone()} />
                        { self.toggles(ctx) }
                    </div>
                    if open(Panel::Charts) {
                        <section class="panel charts-panel" aria-label={words.charts()}>
                            { self.sheet_head(ctx, Panel::Charts) }
                            <Charts frames={shown.charts.clone()} {words} shell={shell.clone()} />
                            { self.narration() }
                        </section>
                    }
                </div>
                if let Some(open) = self.dialog {
                    <Dialogs {open} {words} shell={shell.clone()}
                        on_close={ctx.link().callback(|()| RootMsg::Closed)} />
                }
            </div>
        }
    }

    /// What happened lately, in words: the picture for those who do not see it, or missed it.
    fn narration(&self) -> Html {
        let title = self.shown.words.narration();
        html! {
            <section class="narration" aria-label={title}>
                <h3>{ title }</h3>
                <ol id="narration" tabindex="0" aria-label={title}>
                    { for self.shown.narration.iter().rev().map(|line| html! { <li>{ line }</li> }) }
                </ol>
            </section>
        }
    }

    /// A sheet has its name and a way to close it; on a wide page the toggles do that.
    fn sheet_head(&self, ctx: &Context<Self>, panel: Panel) -> Html {
        let words = self.shown.words;
        html! {
            <header class="sheet-head">
                <h2>{ panel.label(words) }</h2>
                <button type="button" class="button bare" aria-label={words.hide_panel()}
                    title={words.hide_panel()}
                    onclick={ctx.link().callback(move |_| RootMsg::Toggle(panel))}>
                    { icon("close") }
                </button>
            </header>
        }
    }

    fn toggles(&self, ctx: &Context<Self>) -> Html {
        if self.present {
            let action = self
                .shown
                .actions
                .iter()
                .find(|action| action.id == "present");
            return html! {
                <crate::ui::panel::ActionButton action={action.cloned()} icon="present"
                    shell={ctx.props().shell.clone()} bare=true />
            };
        }
        html! {
            <div class="group toggles">
                { for Panel::ALL.into_iter().map(|panel| {
                    let open = self.panels.is_open(panel);
                    let label = panel.label(self.shown.words);
                    html! {
                        <button type="button" class="button bare toggle" title={label}
                            aria-label={label} data-panel={panel.name()}
                            aria-pressed={if open { "true" } else { "false" }}
                            onclick={ctx.link().callback(move |_| RootMsg::Toggle(panel))}>
                            { icon(panel.name()) }
                        </button>
                    }
                }) }
            </div>
        }
    }
}
