//! The root component: puts the parts of the page together and keeps what each of them shows.
//!
//! It asks the app for view models when a notice says that something may have changed, and hands on
//! what really did. Deliberately not here: frames, and the parts themselves.

mod frame;
mod toast;

use crate::app::view::{ActionView, InspectorView, JourneyView, PaletteView, StageView};
use crate::app::{Theme, Words};
use crate::types::NodeId;
use crate::ui::browser::{self, Listener};
use crate::ui::chart::ChartFrame;
use crate::ui::dialog::Open;
use crate::ui::frame_loop::FrameLoop;
use crate::ui::panel::{BarView, TransportFrame};
use crate::ui::root::frame::{Panel, Panels};
use crate::ui::root::toast::Toasts;
use crate::ui::shell::{Notice, Shell};
use crate::ui::stage::StageInput;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};
use yew::{Component, Context, Html, NodeRef, Properties};

/// The page.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RootProps {
    /// The app.
    pub shell: Shell,
}

/// What the root is told.
#[derive(Debug)]
pub enum RootMsg {
    /// By the shell.
    Notice(Notice),
    /// A panel is opened or folded.
    Toggle(Panel),
    /// The dialog was closed.
    Closed,
    /// A sentence has been shown long enough.
    ToastOver(u64),
    /// A box has the focus.
    Focused(NodeId),
    /// The window crossed the width at which panels become sheets, or the system's theme changed.
    Surroundings,
}

/// What the page shows, as the app said last.
#[derive(Debug, Default)]
struct Shown {
    words: Words,
    stage: Rc<StageView>,
    bar: BarView,
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
    dialog: Option<Open>,
    toasts: Toasts,
    current: Option<NodeId>,
    area: NodeRef,
    canvas: NodeRef,
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
    type Message = RootMsg;
    type Properties = RootProps;

    fn create(ctx: &Context<Self>) -> Self {
        let shell = &ctx.props().shell;
        shell.set_notify(ctx.link().callback(RootMsg::Notice));
        let mut root = Self {
            shown: Shown::default(),
            panels: Panels::remembered(),
            present: false,
            dialog: None,
            toasts: Toasts::default(),
            current: None,
            area: NodeRef::default(),
            canvas: NodeRef::default(),
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

    fn update(&mut self, ctx: &Context<Self>, message: RootMsg) -> bool {
        let shell = &ctx.props().shell;
        match message {
            RootMsg::Notice(notice) => self.take(ctx, notice),
            RootMsg::Toggle(panel) => {
                self.panels.toggle(panel);
                self.elements_changed = true;
                true
            }
            RootMsg::Closed => self.dialog.take().is_some(),
            RootMsg::ToastOver(number) => self.toasts.end(number),
            RootMsg::Focused(node) => {
                if self.current == Some(node) {
                    return false;
                }
                self.current = Some(node);
                true
            }
            RootMsg::Surroundings => {
                self.panels = Panels::remembered();
                self.elements_changed = true;
                self.look_at_chrome(shell);
                true
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.page(ctx)
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.begin(ctx);
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
    fn take(&mut self, ctx: &Context<Self>, notice: Notice) -> bool {
        let shell = &ctx.props().shell;
        match notice {
            Notice::Stage => self.look_at_stage(shell),
            Notice::Chrome => self.look_at_chrome(shell) | self.look_at_run(shell),
            Notice::Tick => self.look_at_run(shell),
            Notice::Show(dialog) => {
                self.dialog = Some(Open::Of(dialog));
                true
            }
            Notice::About => {
                self.dialog = Some(Open::About);
                true
            }
            Notice::Present(on) => {
                self.present = on;
                self.elements_changed = true;
                true
            }
            Notice::Toast {
                text,
                assertive,
                quiet,
            } => {
                let link = ctx.link().clone();
                self.toasts.show(text, assertive, quiet, move |number| {
                    link.send_message(RootMsg::ToastOver(number));
                });
                true
            }
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
        self.shown.bar.vhosts = vhosts;
        self.shown.bar.problems = problems;
        self.shown.bar.preferences = preferences;
        dress(words, preferences.theme);
        true
    }

    /// What changes by itself while it runs; true when it did.
    fn look_at_run(&mut self, shell: &Shell) -> bool {
        let looked = shell.with(|app| {
            let transport = app.transport();
            (
                app.actions(),
                app.inspector(),
                app.journey(),
                TransportFrame {
                    playing: transport.playing,
                    speed: transport.speed,
                    speed_value: transport.speed_value,
                    colouring: app.preferences().colouring,
                },
                app.charts().iter().map(ChartFrame::from).collect(),
                app.narration(),
            )
        });
        let Some((actions, inspector, journey, transport, charts, narration)) = looked else {
            return false;
        };
        let mut changed = replace(&mut self.shown.actions, actions);
        changed |= replace(&mut self.shown.narration, narration);
        self.shown.bar.actions = self.shown.actions.clone();
        changed |= replace(&mut self.shown.inspector, inspector);
        if self.shown.journey.as_deref() != journey.as_ref() {
            // A message that was clicked is told of beside the stage, whether that was open or not.
            if self.shown.journey.is_none() {
                self.panels.open(Panel::Inspector);
            }
            self.shown.journey = journey.map(Rc::new);
            changed = true;
        }
        if self.shown.transport != transport {
            self.shown.transport = transport;
            changed = true;
        }
        let charts_changed = replace(&mut self.shown.charts, charts);
        self.elements_changed |= charts_changed;
        changed | charts_changed
    }

    /// The elements are there: listen, measure, and let frames run.
    fn begin(&mut self, ctx: &Context<Self>) {
        let shell = &ctx.props().shell;
        let Some(area) = self.area.cast::<Element>() else {
            return;
        };
        self.input = Some(StageInput::new(shell, &area));
        self.listen(ctx, &area);
        let frames = FrameLoop::new(shell.clone(), self.canvas.cast());
        self.observe(shell, &area);
        frames.wake();
        self.frames = Some(frames);
        // The size was a guess until now.
        shell.perform("fit");
        shell.begin();
    }

    fn listen(&mut self, ctx: &Context<Self>, area: &Element) {
        let link = ctx.link().clone();
        self.listeners
            .push(Listener::new(area, "focusin", false, move |event| {
                let node = browser::target_of(&event)
                    .and_then(|target| target.closest("[data-node]").ok().flatten())
                    .and_then(|node| node.get_attribute("data-node"))
                    .and_then(|node| node.parse().ok());
                if let Some(node) = node {
                    link.send_message(RootMsg::Focused(NodeId(node)));
                }
            }));
        for query in [frame::NARROW, "(prefers-color-scheme: dark)"] {
            let link = ctx.link().clone();
            let heard = browser::on_media(query, move || link.send_message(RootMsg::Surroundings));
            self.listeners.extend(heard);
        }
        if let Some(window) = browser::window() {
            for name in ["pagehide", "blur"] {
                let shell = ctx.props().shell.clone();
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
    let _ = root.set_attribute("lang", words.language().tag());
}
