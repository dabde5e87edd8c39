//! Things to put on the stage: drag one there, or click it and then the stage, or press Enter on it.
//!
//! Deliberately not here: what a new thing is like.

use crate::app::view::PaletteView;
use crate::app::{
    Action, Modifiers, PaletteItem, PointerButton, PointerInput, PointerKind, PointerPhase, Words,
};
use crate::ui::browser;
use crate::ui::element::{El, each, el};
use crate::ui::hand::{Deed, yes};
use crate::ui::part::Part;
use crate::ui::shell::Shell;
use crate::ui::stage::glyph::thumbnail;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent, PointerEvent};

/// Pixels after which a press is a drag.
const DRAG_PX: f64 = 6.0;

/// The palette.
pub(crate) struct Palette {
    /// What can be placed.
    pub(crate) items: Rc<Vec<PaletteView>>,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

impl Part for Palette {
    fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.items, &other.items) && self.words == other.words
    }

    fn draw(&self) -> El {
        el("div class='palette' role='group'")
            .set("aria-label", self.words.palette())
            .kid(each(self.items.iter().map(|view| item(&self.shell, view))))
    }
}

/// A press on an item, from down to up: one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Press {
    down: Option<(i32, f64, f64)>,
    dragging: bool,
}

fn item(shell: &Shell, view: &PaletteView) -> El {
    let what = view.item;
    let title = if view.shortcut.is_empty() {
        view.help.clone()
    } else {
        format!("{} ({})", view.help, view.shortcut)
    };
    let class = if view.held {
        "palette-item held"
    } else {
        "palette-item"
    };
    el("button type='button'")
        .key(what.name())
        .set("class", class)
        .set("data-item", what.name())
        .set("title", &title)
        .set("aria-pressed", yes(view.held))
        .on("pointerdown", shell, Deed::Press(what, PointerPhase::Down))
        .on("pointermove", shell, Deed::Press(what, PointerPhase::Move))
        .on("pointerup", shell, Deed::Press(what, PointerPhase::Up))
        .on(
            "pointercancel",
            shell,
            Deed::Press(what, PointerPhase::Cancel),
        )
        .on("click", shell, Deed::Pick(what))
        .kid(thumbnail(view.shape))
        .kid(el("span").text(&view.label))
}

/// What a pointer does to an item.
pub(crate) fn press(shell: &Shell, what: PaletteItem, phase: PointerPhase, event: &PointerEvent) {
    let press = shell.press();
    match phase {
        PointerPhase::Down if event.button() == 0 => {
            // From the first moment: a quick hand is off the button with its first move.
            capture(event);
            let (x, y) = (event.client_x().into(), event.client_y().into());
            press.set(Press {
                down: Some((event.pointer_id(), x, y)),
                dragging: false,
            });
        }
        PointerPhase::Move => drag(press, shell, what, event),
        PointerPhase::Up => {
            let before = press.get();
            press.set(Press {
                down: None,
                ..before
            });
            if before.dragging {
                drop_on_stage(shell, what, event);
            }
        }
        PointerPhase::Cancel => {
            if press.take().dragging {
                shell.key(&escape());
            }
        }
        PointerPhase::Down
        | PointerPhase::Leave
        | PointerPhase::Double
        | PointerPhase::Wheel { .. } => {}
    }
}

/// An item was clicked.
pub(crate) fn pick(shell: &Shell, what: PaletteItem, event: &MouseEvent) {
    // The click that follows a drag has been answered by the drop.
    if shell.press().take().dragging {
        return;
    }
    // Enter and Space give a click without a press.
    shell.dispatch(if event.detail() == 0 {
        Action::Add(what)
    } else {
        Action::Hold(what)
    });
}

/// What lets go of what is in hand.
fn escape() -> crate::app::KeyPress {
    crate::app::KeyPress {
        key: "Escape".to_owned(),
        on_stage: true,
        ..crate::app::KeyPress::default()
    }
}

fn stage_place(event: &PointerEvent) -> Option<(f64, f64, bool)> {
    let rect = browser::by_id("stage-area")?.get_bounding_client_rect();
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    let within = x >= rect.left() && x <= rect.right() && y >= rect.top() && y <= rect.bottom();
    Some((x - rect.left(), y - rect.top(), within))
}

fn capture(event: &PointerEvent) {
    let button = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|target| target.closest("button").ok().flatten());
    if let Some(button) = button {
        // Refused for a pointer that is gone already.
        let _ = button.set_pointer_capture(event.pointer_id());
    }
}

fn drag(press: &Cell<Press>, shell: &Shell, what: PaletteItem, event: &PointerEvent) {
    let Some((pointer, x, y)) = press.get().down else {
        return;
    };
    let (dx, dy) = (
        f64::from(event.client_x()) - x,
        f64::from(event.client_y()) - y,
    );
    if !press.get().dragging {
        if dx.abs() + dy.abs() < DRAG_PX {
            return;
        }
        press.set(Press {
            dragging: true,
            ..press.get()
        });
        shell.dispatch(Action::Hold(what));
    }
    if let Some((x, y, _)) = stage_place(event) {
        shell.pointer(
            PointerInput {
                phase: PointerPhase::Move,
                x,
                y,
                pointer,
                kind: PointerKind::Mouse,
                button: PointerButton::Main,
                modifiers: Modifiers::default(),
            },
            true,
        );
    }
}

fn drop_on_stage(shell: &Shell, item: PaletteItem, event: &PointerEvent) {
    shell.key(&escape());
    if let Some((x, y, true)) = stage_place(event) {
        shell.dispatch(Action::Place { item, x, y });
    }
}
