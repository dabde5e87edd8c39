//! The shell round the app: hands it what people do, and does what it asks.
//!
//! Everything goes through [`Shell::dispatch`] and its sisters, so that there is one place where
//! requests are carried out and one where a stopped program stays stopped. Deliberately not here:
//! frames (`frame_loop.rs`), and any decision about the document or the run.

use crate::app::{Action, App, Dialog, KeyPress, PointerInput, Request, ShellFailure};
use crate::editor::EdgeKey;
use crate::types::NodeId;
use crate::ui::dialog::Done;
use crate::ui::panel::{Draft, Press};
use crate::ui::root::Panel;
use crate::ui::{beside, browser, storage};
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How long after a change the work is kept; a burst of changes is kept once.
const SAVE_DELAY_MS: u32 = 400;

/// What changes by itself while it runs. One a frame is looked at: all at once are too much for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// What can be done now, and how fast it plays.
    Actions,
    /// What is selected and followed.
    Inspector,
    /// What happened lately.
    Narration,
    /// Which charts there are.
    Charts,
}

impl Turn {
    /// All of them, the last first.
    pub(crate) const ALL: [Self; 4] = [
        Self::Charts,
        Self::Narration,
        Self::Inspector,
        Self::Actions,
    ];
}

/// What the root component is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// Something that is not on the stage may look different.
    Chrome,
    /// The stage has a new version.
    Stage,
    /// A few times a second while it runs: look at one of the things that change by themselves.
    Tick(Turn),
    /// Open a dialog.
    Show(Dialog),
    /// Open the dialog about the program.
    About,
    /// The dialog was closed.
    Closed,
    /// Something was done in the dialog.
    Done(Done),
    /// Hide the panels, or bring them back.
    Present(bool),
    /// Open or fold a panel.
    Toggle(Panel),
    /// Unfold or fold the table of the chart with this key.
    Table(String),
    /// Somebody finished typing into a field.
    Typed,
    /// A box has the focus.
    Focused(NodeId),
    /// The window crossed the width at which panels become sheets, or the system's theme changed.
    Surroundings,
    /// The sentence of this number has been shown long enough.
    ToastOver(u64),
    /// Show a sentence for a while.
    Toast {
        /// The sentence.
        text: String,
        /// It was refused.
        assertive: bool,
        /// Read out only: the transport shows it already.
        quiet: bool,
    },
}

/// Who is told.
type Ear = Rc<dyn Fn(Notice)>;

struct Inner {
    app: RefCell<App>,
    notify: RefCell<Ear>,
    wake: RefCell<Option<Box<dyn Fn()>>>,
    stopped: Cell<bool>,
    playing: Cell<bool>,
    storage_full: Cell<bool>,
    save: RefCell<Option<Timeout>>,
    draft: RefCell<Option<Draft>>,
    press: Cell<Press>,
}

/// A handle to the app and to what is round it; clones are the same.
#[derive(Clone)]
pub struct Shell(Rc<Inner>);

impl PartialEq for Shell {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Shell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shell")
    }
}

impl Shell {
    /// A shell round this app.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self(Rc::new(Inner {
            app: RefCell::new(app),
            notify: RefCell::new(Rc::new(|_| ())),
            wake: RefCell::new(None),
            stopped: Cell::new(false),
            playing: Cell::new(false),
            storage_full: Cell::new(false),
            save: RefCell::new(None),
            draft: RefCell::new(None),
            press: Cell::new(Press::default()),
        }))
    }

    /// From now on the root component hears of changes.
    pub fn set_notify(&self, notify: impl Fn(Notice) + 'static) {
        *self.0.notify.borrow_mut() = Rc::new(notify);
    }

    /// What is being typed into a field.
    pub(crate) fn draft(&self) -> &RefCell<Option<Draft>> {
        &self.0.draft
    }

    /// A press on an item of the palette.
    pub(crate) fn press(&self) -> &Cell<Press> {
        &self.0.press
    }

    /// From now on the frame loop is woken by changes.
    pub fn set_wake(&self, wake: impl Fn() + 'static) {
        *self.0.wake.borrow_mut() = Some(Box::new(wake));
    }

    /// Tells the root component.
    pub fn notify(&self, notice: Notice) {
        let notify = self.0.notify.borrow().clone();
        notify(notice);
    }

    /// Asks for a frame.
    pub fn wake(&self) {
        if let Some(wake) = self.0.wake.borrow().as_ref() {
            wake();
        }
    }

    /// Looks at the app or changes it; `None` when the program has stopped, or when this is called
    /// from within another such call.
    pub fn with<T>(&self, act: impl FnOnce(&mut App) -> T) -> Option<T> {
        if self.0.stopped.get() {
            return None;
        }
        self.0
            .app
            .try_borrow_mut()
            .ok()
            .map(|mut app| act(&mut app))
    }

    /// The one door for actions.
    pub fn dispatch(&self, action: Action) {
        let requests = self.with(|app| app.dispatch(action));
        self.settle(requests);
    }

    /// Does a named action.
    pub fn perform(&self, id: &str) {
        let requests = self.with(|app| app.perform(id));
        self.settle(requests);
    }

    /// Does what the app asks for right after the start.
    pub fn begin(&self) {
        let requests = self.with(App::begin);
        self.settle(requests);
    }

    /// Hands over a key; true when it was ours.
    pub fn key(&self, key: &KeyPress) -> bool {
        let requests = self.with(|app| app.key(key)).flatten();
        let ours = requests.is_some();
        if ours {
            self.settle(requests);
        }
        ours
    }

    /// Hands over what a pointer did. A mere move changes nothing outside of the stage.
    pub fn pointer(&self, input: PointerInput, only_moved: bool) {
        let requests = self.with(|app| app.pointer(input)).unwrap_or_default();
        if only_moved && requests.is_empty() {
            self.wake();
        } else {
            self.settle(Some(requests));
        }
    }

    fn settle(&self, requests: Option<Vec<Request>>) {
        self.notify(Notice::Chrome);
        for request in requests.into_iter().flatten() {
            self.carry_out(request);
        }
        self.wake();
    }

    fn carry_out(&self, request: Request) {
        match request {
            Request::Save => self.save_soon(),
            Request::Download { name, mime, text } => {
                browser::download(&name, mime, &text);
            }
            Request::OpenFile { accept } => self.open_file(accept),
            Request::CopyText { text } => {
                let shell = self.clone();
                browser::copy(&text, move |worked| {
                    if !worked {
                        shell.dispatch(Action::Failed(ShellFailure::Clipboard));
                    }
                });
            }
            Request::Announce { text, assertive } => {
                let transport = self.with(|app| app.transport()).unwrap_or_default();
                // That it plays is seen at the button, and a step's sentence stands beside it.
                let turned = self.0.playing.replace(transport.playing) != transport.playing;
                let quiet = !assertive && (turned || transport.last_step.as_ref() == Some(&text));
                self.notify(Notice::Toast {
                    text,
                    assertive,
                    quiet,
                });
            }
            Request::Remember { text } => {
                if !storage::write(storage::PREFERENCES, &text) {
                    self.say_storage_full();
                }
            }
            Request::LoadTexts(language) => {
                let shell = self.clone();
                beside::fetch_texts(language, move |came| {
                    shell.dispatch(if came {
                        Action::TextsCame(language)
                    } else {
                        Action::Failed(ShellFailure::Texts)
                    });
                });
            }
            Request::LoadAnnex(action) => {
                let shell = self.clone();
                beside::fetch_annex(move |came| {
                    shell.dispatch(if came {
                        Action::AnnexCame(Box::new(action))
                    } else {
                        Action::Failed(ShellFailure::Annex)
                    });
                });
            }
            Request::LoadScenario(key) => {
                self.notify(Notice::Done(Done::Chose(key.clone())));
                let shell = self.clone();
                beside::fetch_scenario(&key.clone(), move |text| {
                    shell.notify(Notice::Done(Done::Came(key, text)));
                });
            }
            Request::Focus(node) => focus_node(node),
            Request::FocusEdge(edge) => focus_later(edge_element_id(edge)),
            Request::FocusField { key } => focus_later(format!("field-{key}")),
            Request::Show(dialog) => self.notify(Notice::Show(dialog)),
            Request::Present(on) => self.notify(Notice::Present(on)),
        }
    }

    /// Lets the person choose a file and opens it.
    pub fn open_file(&self, accept: &str) {
        let shell = self.clone();
        browser::pick_file(accept, move |file| shell.read(file));
    }

    /// Opens a file that was dropped or chosen.
    pub fn read(&self, file: web_sys::File) {
        let shell = self.clone();
        browser::read_file(file, move |name, text| {
            shell.dispatch(match text {
                Some(text) => Action::Open { name, text },
                None => Action::Failed(ShellFailure::Reading),
            });
        });
    }

    fn save_soon(&self) {
        let mut save = self.0.save.borrow_mut();
        if save.is_none() {
            let shell = self.clone();
            *save = Some(browser::after(SAVE_DELAY_MS, move || shell.save_now()));
        }
    }

    /// Keeps the work at once when there is something to keep; before the page goes, for instance.
    pub fn save_pending(&self) {
        if self.0.save.borrow().is_some() {
            self.save_now();
        }
    }

    fn save_now(&self) {
        // Dropping a timer that is just firing is harmless; dropping a waiting one cancels it.
        drop(self.0.save.borrow_mut().take());
        let Some(text) = self.with(|app| app.document_text()) else {
            return;
        };
        storage::keep_work(&text);
        if storage::write(storage::DOCUMENT, &text) {
            self.0.storage_full.set(false);
        } else {
            self.say_storage_full();
        }
    }

    /// Once, and again only after it worked in between: nobody wants it with every change.
    fn say_storage_full(&self) {
        if !self.0.storage_full.replace(true) {
            self.dispatch(Action::Failed(ShellFailure::Storage));
        }
    }

    /// The program stopped: nothing is done any more.
    pub fn stop(&self) {
        self.0.stopped.set(true);
    }
}

/// The id of a node's element on the stage.
#[must_use]
pub(crate) fn node_element_id(node: NodeId) -> String {
    format!("node-{node}")
}

/// The id of a line's element on the stage.
#[must_use]
pub(crate) fn edge_element_id(edge: EdgeKey) -> String {
    format!("line-{edge}")
}

fn focus_node(node: NodeId) {
    focus_later(node_element_id(node));
}

/// Focus after the page has drawn what the element stands in: yew renders at the end of the
/// event, and the stage with the next frame.
pub(crate) fn focus_later(id: String) {
    browser::after(50, move || {
        if let Some(element) = browser::by_id(&id) {
            browser::focus(&element);
        }
    })
    .forget();
}
