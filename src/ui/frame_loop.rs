//! One frame after another, outside of yew's rendering: simulate for a few milliseconds, tell the
//! root when the stage changed, draw the messages, write the numbers that live.
//!
//! Frames are asked for only while something moves. Deliberately not here: simulated time and speed
//! (`App`), and what is drawn.

use crate::app::Work;
use crate::ui::canvas::Messages;
use crate::ui::live::Live;
use crate::ui::numbers::{BOXES_A_FRAME, Numbers};
use crate::ui::shell::{Notice, Shell, Turn};
use crate::ui::{browser, wire};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// Simulation may take this long of a frame; the rest is for drawing (16.7 ms in all).
const WORK_BUDGET_MS: f64 = 6.0;
/// Events between two looks at the clock.
const EVENTS_A_LOOK: u64 = 128;
/// Numbers and charts are written anew this often.
const LIVE_EVERY_MS: f64 = 180.0;
/// What is not on the stage is looked at this often while it runs.
const TICK_EVERY_MS: f64 = 500.0;
/// After the run has stopped, marks that are on their way for a moment of wall time finish it.
const GLIDE_MS: f64 = 1_500.0;
/// A frame never stands for more wall time than this: a page that was hidden does not catch up.
const FRAME_MAX_MS: f64 = 250.0;

/// What the browser calls with the time of a frame.
type Frame = Closure<dyn FnMut(f64)>;

struct Inner {
    shell: Shell,
    live: RefCell<Live>,
    messages: RefCell<Option<Messages>>,
    numbers: RefCell<Option<Numbers>>,
    callback: RefCell<Option<Frame>>,
    asked: Cell<bool>,
    idle: Cell<bool>,
    last: Cell<f64>,
    last_live: Cell<f64>,
    last_tick: Cell<f64>,
    /// Numbers are to be looked at.
    numbers_due: Cell<bool>,
    /// What the root has yet to look at.
    turns: RefCell<Vec<Turn>>,
    last_moving: Cell<f64>,
    stage_version: Cell<u64>,
}

/// The frame loop; clones are the same.
#[derive(Clone)]
pub(crate) struct FrameLoop(Rc<Inner>);

impl std::fmt::Debug for FrameLoop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FrameLoop")
    }
}

impl FrameLoop {
    /// A loop over this app, asleep until it is woken.
    #[must_use]
    pub(crate) fn new(shell: Shell) -> Self {
        let this = Self(Rc::new(Inner {
            shell: shell.clone(),
            live: RefCell::new(Live::default()),
            messages: RefCell::new(canvas("messages").and_then(Messages::new)),
            numbers: RefCell::new(canvas("numbers").and_then(Numbers::new)),
            callback: RefCell::new(None),
            asked: Cell::new(false),
            idle: Cell::new(true),
            last: Cell::new(0.0),
            last_live: Cell::new(f64::MIN),
            last_tick: Cell::new(f64::MIN),
            numbers_due: Cell::new(true),
            turns: RefCell::new(Vec::new()),
            last_moving: Cell::new(f64::MIN),
            stage_version: Cell::new(u64::MAX),
        }));
        let seen = this.clone();
        *this.0.callback.borrow_mut() = Some(Closure::new(move |now: f64| seen.frame(now)));
        let seen = this.clone();
        shell.set_wake(move || seen.wake());
        this
    }

    /// Asks for a frame, once.
    pub(crate) fn wake(&self) {
        if self.0.asked.replace(true) {
            return;
        }
        let callback = self.0.callback.borrow();
        if let (Some(window), Some(callback)) = (browser::window(), callback.as_ref()) {
            // A browser that gives no frames shows a still page; every action asks again.
            let worked = window.request_animation_frame(callback.as_ref().unchecked_ref());
            self.0.asked.set(worked.is_ok());
        }
    }

    /// Elements were drawn anew: numbers are written into them with the next frame.
    pub(crate) fn forget_elements(&self) {
        self.0.live.borrow_mut().forget();
        self.look_round();
        if let Some(numbers) = self.0.numbers.borrow_mut().as_mut() {
            numbers.forget();
        }
        self.0.last_live.set(f64::MIN);
        self.0.numbers_due.set(true);
        self.wake();
    }

    fn frame(&self, now: f64) {
        let inner = &self.0;
        inner.asked.set(false);
        // After a rest the time that passed was nobody's.
        let elapsed = if inner.idle.replace(false) {
            0.0
        } else {
            (now - inner.last.get()).clamp(0.0, FRAME_MAX_MS)
        };
        inner.last.set(now);
        let begun = browser::now_ms();
        let Some((version, moving, octets)) = inner.shell.with(|app| {
            app.begin_frame(elapsed);
            while app.work(EVENTS_A_LOOK) == Work::More {
                if browser::now_ms() - begun > WORK_BUDGET_MS {
                    break;
                }
            }
            app.end_frame();
            if let Some(messages) = inner.messages.borrow_mut().as_mut() {
                messages.frame(app, now);
            }
            let moving = app.is_moving() || app.is_stirred();
            (app.stage().version, moving, app.pipes_wait())
        }) else {
            return;
        };
        if octets {
            wire::tell_programs();
        }
        let stage_changed = inner.stage_version.replace(version) != version;
        if stage_changed {
            inner.shell.notify(Notice::Stage);
        }

        if moving {
            inner.last_moving.set(now);
        }
        self.refresh(now);
        if now - inner.last_moving.get() < GLIDE_MS {
            self.wake();
        } else {
            inner.idle.set(true);
        }
    }

    /// Writes what lives, one thing a frame; all of it with the last frame before a rest, so that a
    /// still page shows true numbers.
    fn refresh(&self, now: f64) {
        let inner = &self.0;
        let still = now - inner.last_moving.get() >= GLIDE_MS;
        let done = inner.numbers.borrow().as_ref().is_none_or(Numbers::is_done);
        let mut busy = true;
        if still || (done && now - inner.last_live.get() >= LIVE_EVERY_MS) {
            inner.last_live.set(now);
            inner.numbers_due.set(true);
            inner.shell.with(|app| inner.live.borrow_mut().write(app));
        } else {
            busy = self.take_turn(now);
        }
        self.draw_numbers(still, busy);
        if still {
            while inner.live.borrow_mut().write_chart() {}
            for turn in Turn::ALL {
                inner.shell.notify(Notice::Tick(turn));
            }
            self.look_round();
        }
    }

    /// One of the things that are waiting; false when none is.
    fn take_turn(&self, now: f64) -> bool {
        let inner = &self.0;
        if inner.live.borrow_mut().write_chart() {
            return true;
        }
        let turn = inner.turns.borrow_mut().pop();
        if let Some(turn) = turn {
            inner.shell.notify(Notice::Tick(turn));
            return true;
        }
        if now - inner.last_tick.get() >= TICK_EVERY_MS {
            inner.last_tick.set(now);
            inner.turns.borrow_mut().extend(Turn::ALL);
            self.look_round();
        }
        false
    }

    /// Some of the numbers that changed: all for a page that comes to rest, none in a frame that is
    /// busy with other things.
    fn draw_numbers(&self, still: bool, busy: bool) {
        let inner = &self.0;
        let (numbers, messages) = (&mut *inner.numbers.borrow_mut(), &*inner.messages.borrow());
        let (Some(numbers), Some(messages)) = (numbers, messages) else {
            return;
        };
        let due = inner.numbers_due.replace(false);
        let most = match (still, busy) {
            (true, _) => usize::MAX,
            (false, true) => 0,
            (false, false) => BOXES_A_FRAME,
        };
        let (size, ratio) = messages.size();
        inner
            .shell
            .with(|app| numbers.frame(app, due, most, size, ratio));
    }

    fn look_round(&self) {
        if let Some(messages) = self.0.messages.borrow_mut().as_mut() {
            messages.look_round();
        }
        if let Some(numbers) = self.0.numbers.borrow_mut().as_mut() {
            numbers.look_round();
        }
    }
}

/// The canvas of that name, which the stage has.
fn canvas(id: &str) -> Option<HtmlCanvasElement> {
    browser::by_id(id).map(JsCast::unchecked_into)
}
