//! Things to put on the stage: drag one there, or click it and then the stage, or press Enter on it.
//!
//! Deliberately not here: what a new thing is like.

use crate::app::view::PaletteView;
use crate::app::{
    Action, Modifiers, PaletteItem, PointerButton, PointerInput, PointerKind, PointerPhase, Words,
};
use crate::ui::browser;
use crate::ui::shell::Shell;
use crate::ui::stage::glyph::thumbnail;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};
use yew::{Callback, Html, Properties, classes, function_component, html, use_memo};

/// Pixels after which a press is a drag.
const DRAG_PX: f64 = 6.0;

/// The palette.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct PaletteProps {
    /// What can be placed.
    pub(crate) items: Rc<Vec<PaletteView>>,
    /// Texts.
    pub(crate) words: Words,
    /// The app.
    pub(crate) shell: Shell,
}

/// The palette.
#[function_component(Palette)]
pub(crate) fn palette(props: &PaletteProps) -> Html {
    html! {
        <div class="palette" role="group" aria-label={props.words.palette()}>
            { for props.items.iter().map(|item| html! {
                <Item key={item.item.name()} view={item.clone()} shell={props.shell.clone()} />
            }) }
        </div>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct ItemProps {
    view: PaletteView,
    shell: Shell,
}

/// A press on an item, from down to up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Press {
    down: Option<(i32, f64, f64)>,
    dragging: bool,
}

#[function_component(Item)]
fn item(props: &ItemProps) -> Html {
    let press = use_memo((), |()| Cell::new(Press::default()));
    let view = &props.view;
    let what = view.item;
    let hands = Hands {
        press,
        shell: props.shell.clone(),
        what,
    };
    let title = if view.shortcut.is_empty() {
        view.help.clone()
    } else {
        format!("{} ({})", view.help, view.shortcut)
    };
    html! {
        <button type="button" class={classes!("palette-item", view.held.then_some("held"))}
            data-item={what.name()} {title} aria-pressed={if view.held { "true" } else { "false" }}
            onpointerdown={hands.on_down()} onpointermove={hands.on_move()}
            onpointerup={hands.on_up()} onpointercancel={hands.on_cancel()}
            onclick={hands.on_click()}>
            { thumbnail(view.shape) }
            <span>{ &view.label }</span>
        </button>
    }
}

/// What hands do to one item.
struct Hands {
    press: Rc<Cell<Press>>,
    shell: Shell,
    what: PaletteItem,
}

impl Hands {
    fn on_down(&self) -> Callback<PointerEvent> {
        let press = self.press.clone();
        Callback::from(move |event: PointerEvent| {
            if event.button() == 0 {
                // From the first moment: a quick hand is off the button with its first move.
                capture(&event);
                let (x, y) = (event.client_x().into(), event.client_y().into());
                press.set(Press {
                    down: Some((event.pointer_id(), x, y)),
                    dragging: false,
                });
            }
        })
    }

    fn on_move(&self) -> Callback<PointerEvent> {
        let (press, shell, what) = (self.press.clone(), self.shell.clone(), self.what);
        Callback::from(move |event: PointerEvent| drag(&press, &shell, what, &event))
    }

    fn on_up(&self) -> Callback<PointerEvent> {
        let (press, shell, what) = (self.press.clone(), self.shell.clone(), self.what);
        Callback::from(move |event: PointerEvent| {
            let before = press.get();
            press.set(Press {
                down: None,
                ..before
            });
            if before.dragging {
                drop_on_stage(&shell, what, &event);
            }
        })
    }

    fn on_cancel(&self) -> Callback<PointerEvent> {
        let (press, shell) = (self.press.clone(), self.shell.clone());
        Callback::from(move |_: PointerEvent| {
            if press.replace(Press::default()).dragging {
                shell.key(&escape());
            }
        })
    }

    fn on_click(&self) -> Callback<yew::MouseEvent> {
        let (press, shell, what) = (self.press.clone(), self.shell.clone(), self.what);
        Callback::from(move |event: yew::MouseEvent| {
            // The click that follows a drag has been answered by the drop.
            if press.replace(Press::default()).dragging {
                return;
            }
            // Enter and Space give a click without a press.
            shell.dispatch(if event.detail() == 0 {
                Action::Add(what)
            } else {
                Action::Hold(what)
            });
        })
    }
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
