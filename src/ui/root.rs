//! The root component: puts the parts of the page together and keeps what each of them shows.
//!
//! It asks the app for view models when a notice says that something may have changed, and hands on
//! what really did. Deliberately not here: frames, and the parts themselves.

mod frame;
mod toast;

pub(crate) use frame::Panel;

use crate::app::view::{ActionView, InspectorView, JourneyView, PaletteView, StageView};
use crate::app::{Theme, Words};
use crate::types::NodeId;
use crate::ui::browser::{self, Listener};
use crate::ui::chart::{ChartFrame, Tables};
use crate::ui::dialog::{self, Content, Done};
use crate::ui::frame_loop::FrameLoop;
use crate::ui::panel::{BarView, TransportFrame};
use crate::ui::root::frame::Panels;
use crate::ui::root::toast::Toasts;
use crate::ui::shell::{Notice, Shell, Turn};
use crate::ui::stage::StageInput;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};
use yew::{Component, Context, Html, Properties};

/// The page.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RootProps {
    /// The app.
    pub shell: Shell,
}

/// What the page shows, as the app said last.
#[derive(Debug, Default)]
struct Shown {
    words: Words,
    stage: Rc<StageView>,
    bar: Rc<BarView>,
    palette: Rc<Vec<PaletteView>>,
    actions: Rc<Vec<ActionView>>,
    inspector: Rc<InspectorView>,
    journey: Option<Rc<JourneyView>>,
    transport: TransportFrame,
    charts: Rc<Vec<ChartFrame>>,
    narration: Rc<Vec<String>>,
}

/// The page.
pub struct Root {
    shown: Shown,
    panels: Panels,
    present: bool,
    dialog: Option<Rc<Content>>,
    tables: Rc<Tables>,
    /// How often somebody has finished typing into a field.
    typed: u32,
    toasts: Toasts,
    current: Option<NodeId>,
    frames: Option<FrameLoop>,
    elements_changed: bool,
    listeners: Vec<Listener>,
    input: Option<StageInput>,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

impl std::fmt::Debug for Root {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Root")
    }
}

impl Component for Root {
    type Message = Notice;
    type Properties = RootProps;

    fn create(ctx: &Context<Self>) -> Self {
        let shell = &ctx.props().shell;
        let link = ctx.link().clone();
        shell.set_notify(move |notice| link.send_message(notice));
        let mut root = Self {
            shown: Shown::default(),
            panels: Panels::remembered(),
            present: false,
            dialog: None,
            tables: Rc::default(),
            typed: 0,
            toasts: Toasts::default(),
            current: None,
            frames: None,
            elements_changed: true,
            listeners: Vec::new(),
            input: None,
            observer: None,
        };
        root.look_at_chrome(shell);
        root.look_at_run(shell);
        root.look_at_stage(shell);
        root
    }

    fn update(&mut self, ctx: &Context<Self>, notice: Notice) -> bool {
        self.take(&ctx.props().shell, notice)
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.page(&ctx.props().shell)
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.begin(&ctx.props().shell);
        }
        if self.dialog.is_some() {
            dialog::show();
        }
        if std::mem::take(&mut self.elements_changed)
            && let Some(frames) = &self.frames
        {
            frames.forget_elements();
        }
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        if let Some((observer, _)) = &self.observer {
            observer.disconnect();
        }
    }
}

impl Root {
    /// Takes a notice of the shell; true when something is to be drawn.
    fn take(&mut self, shell: &Shell, notice: Notice) -> bool {
        match notice {
            Notice::Stage => return self.look_at_stage(shell),
            Notice::Chrome => return self.look_at_chrome(shell) | self.look_at_run(shell),
            Notice::Tick(turn) => return self.look_at(shell, turn),
            Notice::Show(dialog) => self.dialog = Some(Rc::new(Content::of(dialog, shell))),
            Notice::About => self.dialog = Some(Rc::new(Content::About)),
            Notice::Closed => return self.dialog.take().is_some(),
            Notice::Done(done) => self.done(shell, done),
            Notice::Present(on) => {
                self.present = on;
                self.elements_changed = true;
            }
            Notice::Toggle(panel) => {
                self.panels.toggle(panel);
                self.elements_changed = true;
            }
            Notice::Table(key) => self.turn_table(shell, key),
            Notice::Typed => self.typed += 1,
            Notice::Focused(node) => return self.current.replace(node) != Some(node),
            Notice::Surroundings => {
                self.panels = Panels::remembered();
                self.elements_changed = true;
                self.look_at_chrome(shell);
            }
            Notice::ToastOver(number) => return self.toasts.end(number),
            Notice::Toast {
                text,
                assertive,
                quiet,
            } => self.toasts.show(shell, text, assertive, quiet),
        }
        true
    }

    /// Something was done in the open dialog.
    fn done(&mut self, shell: &Shell, done: Done) {
        let action = self
            .dialog
            .as_mut()
            .and_then(|content| Rc::make_mut(content).take(done));
        if let Some(action) = action {
            self.dialog = None;
            shell.dispatch(action);
        }
    }

    /// Unfolds the table of a chart with what it says now, or folds it.
    fn turn_table(&mut self, shell: &Shell, key: String) {
        let tables = Rc::make_mut(&mut self.tables);
        let before = tables.len();
        tables.retain(|(unfolded, _)| *unfolded != key);
        if tables.len() == before
            && let Some(table) = shell.with(|app| app.chart_table(&key)).flatten()
        {
            tables.push((key, table));
        }
    }

    /// Boxes and lines; true when there is something new.
    fn look_at_stage(&mut self, shell: &Shell) -> bool {
        let known = self.shown.stage.version;
        let stage = shell.with(|app| {
            let stage = app.stage();
            (stage.version != known || stage.nodes.is_empty()).then(|| stage.clone())
        });
        let Some(Some(stage)) = stage else {
            return false;
        };
        let same = stage.nodes.len() == self.shown.stage.nodes.len()
            && stage
                .nodes
                .iter()
                .zip(&self.shown.stage.nodes)
                .all(|(new, old)| new.id == old.id && new.shape == old.shape);
        // A box that stays keeps its elements; only new ones must be looked up.
        self.elements_changed |= !same;
        self.shown.stage = Rc::new(stage);
        true
    }

    /// What is edited and chosen.
    fn look_at_chrome(&mut self, shell: &Shell) -> bool {
        let looked = shell.with(|app| {
            let problems = app.problems();
            let worst = problems.iter().map(|problem| problem.severity).max();
            (
                app.words(),
                app.preferences(),
                app.palette(),
                app.vhosts(),
                (problems.len(), worst.unwrap_or(0)),
            )
        });
        let Some((words, preferences, palette, vhosts, problems)) = looked else {
            return false;
        };
        if words != self.shown.words {
            self.elements_changed = true;
        }
        self.shown.words = words;
        replace(&mut self.shown.palette, palette);
        dress(words, preferences.theme);
        let bar = BarView {
            vhosts,
            problems,
            preferences,
        };
        replace(&mut self.shown.bar, bar);
        true
    }

    /// Everything that changes by itself while it runs; true when something did.
    fn look_at_run(&mut self, shell: &Shell) -> bool {
        Turn::ALL
            .into_iter()
            .fold(false, |changed, turn| self.look_at(shell, turn) | changed)
    }

    fn look_at(&mut self, shell: &Shell, turn: Turn) -> bool {
        match turn {
            Turn::Actions => self.look_at_actions(shell),
            Turn::Inspector => self.look_at_inspector(shell),
            Turn::Narration => shell
                .with(|app| app.narration())
                .is_some_and(|narration| replace(&mut self.shown.narration, narration)),
            Turn::Charts => {
                let charts = shell.with(|app| app.charts().iter().map(ChartFrame::from).collect());
                let changed = charts.is_some_and(|charts| replace(&mut self.shown.charts, charts));
                self.elements_changed |= changed;
                changed
            }
        }
    }

    fn look_at_actions(&mut self, shell: &Shell) -> bool {
        let looked = shell.with(|app| (app.actions(), app.transport(), app.preferences()));
        let Some((actions, transport, preferences)) = looked else {
            return false;
        };
        let transport = TransportFrame {
            playing: transport.playing,
            speed: transport.speed,
            speed_value: transport.speed_value,
            colouring: preferences.colouring,
        };
        let changed = self.shown.transport != transport;
        self.shown.transport = transport;
        replace(&mut self.shown.actions, actions) | changed
    }

    fn look_at_inspector(&mut self, shell: &Shell) -> bool {
        let Some((inspector, journey)) = shell.with(|app| (app.inspector(), app.journey())) else {
            return false;
        };
        let changed = self.shown.journey.as_deref() != journey.as_ref();
        if changed {
            // A message that was clicked is told of beside the stage, whether that was open or not.
            if self.shown.journey.is_none() {
                self.panels.open(Panel::Inspector);
            }
            self.shown.journey = journey.map(Rc::new);
        }
        replace(&mut self.shown.inspector, inspector) | changed
    }

    /// The elements are there: listen, measure, and let frames run.
    fn begin(&mut self, shell: &Shell) {
        let Some(area) = browser::by_id("stage-area") else {
            return;
        };
        self.input = Some(StageInput::new(shell, &area));
        self.listen(shell, &area);
        let frames = FrameLoop::new(shell.clone());
        self.observe(shell, &area);
        frames.wake();
        self.frames = Some(frames);
        // The size was a guess until now.
        shell.perform("fit");
        shell.begin();
    }

    fn listen(&mut self, shell: &Shell, area: &Element) {
        let seen = shell.clone();
        self.listeners
            .push(Listener::new(area, "focusin", false, move |event| {
                let node = browser::target_of(&event)
                    .and_then(|target| target.closest("[data-node]").ok().flatten())
                    .and_then(|node| node.get_attribute("data-node"))
                    .and_then(|node| node.parse().ok());
                if let Some(node) = node {
                    seen.notify(Notice::Focused(NodeId(node)));
                }
            }));
        for query in [frame::NARROW, "(prefers-color-scheme: dark)"] {
            let seen = shell.clone();
            let heard = browser::on_media(query, move || seen.notify(Notice::Surroundings));
            self.listeners.extend(heard);
        }
        if let Some(window) = browser::window() {
            for name in ["pagehide", "blur"] {
                let shell = shell.clone();
                self.listeners
                    .push(Listener::new(&window, name, false, move |_| {
                        shell.save_pending();
                    }));
            }
        }
    }

    fn observe(&mut self, shell: &Shell, area: &Element) {
        let measure = {
            let (shell, area) = (shell.clone(), area.clone());
            move || {
                let rect = area.get_bounding_client_rect();
                shell.with(|app| app.resize(rect.width(), rect.height()));
                shell.wake();
            }
        };
        measure();
        let closure = Closure::<dyn FnMut()>::new(measure);
        if let Ok(observer) = ResizeObserver::new(closure.as_ref().unchecked_ref()) {
            observer.observe(area);
            self.observer = Some((observer, closure));
        }
    }
}

/// Puts the new value there when it differs; true when it did.
fn replace<T: PartialEq>(place: &mut Rc<T>, value: T) -> bool {
    let differs = **place != value;
    if differs {
        *place = Rc::new(value);
    }
    differs
}

/// Language, title and theme of the document itself.
fn dress(words: Words, theme: Theme) {
    let Some(document) = browser::document() else {
        return;
    };
    document.set_title(words.document_title());
    let Some(root) = document.document_element() else {
        return;
    };
    let dark = browser::media("(prefers-color-scheme: dark)");
    let shown = match theme {
        Theme::System if dark => Theme::Dark,
        Theme::System => Theme::Light,
        Theme::Light | Theme::Dark | Theme::Projector => theme,
    };
    // Valid names and values of our own; they cannot be refused.
    let _ = root.set_attribute("data-theme", shown.name());
    let tag = words.language().tag();
    let _ = root.set_attribute("lang", tag);
    // The choice shows what is spoken, also while other texts are under way or when they fail.
    if let Some(choice) = browser::by_id("language") {
        let _ = js_sys::Reflect::set(&choice, &"value".into(), &tag.into());
    }
}
