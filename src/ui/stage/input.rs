//! From the browser's pointer, wheel, drop and key events to the app's.
//!
//! Listeners stand on the elements themselves and not in yew, because a wheel must be cancelled and a
//! move must not render anything. What kind an event is follows from its name. Deliberately not here:
//! what any of it means.

use crate::app::{KeyPress, Modifiers, PointerButton, PointerInput, PointerKind, PointerPhase};
use crate::types::NodeId;
use crate::ui::browser::{self, Listener, target_of};
use crate::ui::shell::Shell;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Element, Event, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

/// Lines and pages of a wheel in CSS pixels, for browsers that count in those.
const WHEEL_LINE_PX: f64 = 16.0;
const WHEEL_PAGE_PX: f64 = 400.0;

/// Listens as long as it lives.
#[derive(Debug)]
pub(crate) struct StageInput {
    _listeners: Vec<Listener>,
}

impl StageInput {
    /// Listens for pointers on the stage, and for keys and dropped files on the whole page.
    #[must_use]
    pub(crate) fn new(shell: &Shell, area: &Element) -> Self {
        let mut listeners = pointer_listeners(shell, area);
        if let Some(document) = browser::document() {
            let document: Element = match document.document_element() {
                Some(root) => root,
                None => area.clone(),
            };
            let (seen, stage) = (shell.clone(), area.clone());
            listeners.push(Listener::new(&document, "keydown", false, move |event| {
                on_key(&seen, &stage, event);
            }));
            listeners.push(Listener::new(&document, "dragover", false, |event| {
                event.prevent_default();
            }));
            let seen = shell.clone();
            listeners.push(Listener::new(&document, "drop", false, move |event| {
                on_drop(&seen, &event);
            }));
        }
        Self {
            _listeners: listeners,
        }
    }
}

fn pointer_listeners(shell: &Shell, area: &Element) -> Vec<Listener> {
    let phases = [
        ("pointerdown", PointerPhase::Down),
        ("pointermove", PointerPhase::Move),
        ("pointerup", PointerPhase::Up),
        ("pointercancel", PointerPhase::Cancel),
        ("pointerleave", PointerPhase::Leave),
        ("dblclick", PointerPhase::Double),
    ];
    let mut listeners: Vec<Listener> = phases
        .into_iter()
        .map(|(name, phase)| {
            let (shell, stage) = (shell.clone(), area.clone());
            Listener::new(area, name, false, move |event| {
                on_pointer(&shell, &stage, phase, &event);
            })
        })
        .collect();
    let (seen, stage) = (shell.clone(), area.clone());
    listeners.push(Listener::new(area, "wheel", false, move |event| {
        on_wheel(&seen, &stage, &event);
    }));
    // The browser would move the focus to what the pointer is captured by; we give it to the box.
    listeners.push(Listener::new(area, "mousedown", false, |event| {
        event.prevent_default();
    }));
    listeners.push(Listener::new(area, "contextmenu", false, |event| {
        event.prevent_default();
    }));
    listeners
}

/// Keys that are held; a pointer tells of them as a key does.
fn modifiers(event: &Event) -> Modifiers {
    let event = event.unchecked_ref::<MouseEvent>();
    Modifiers {
        shift: event.shift_key(),
        ctrl: event.ctrl_key(),
        alt: event.alt_key(),
        meta: event.meta_key(),
    }
}

/// The app's words for a pointer event, in pixels of the stage.
fn translate(stage: &Element, phase: PointerPhase, event: &Event) -> PointerInput {
    let mouse: &MouseEvent = event.unchecked_ref();
    let rect = stage.get_bounding_client_rect();
    let pointer = event.dyn_ref::<PointerEvent>();
    PointerInput {
        phase,
        x: f64::from(mouse.client_x()) - rect.left(),
        y: f64::from(mouse.client_y()) - rect.top(),
        pointer: pointer.map_or(0, PointerEvent::pointer_id),
        kind: match pointer.map(PointerEvent::pointer_type).as_deref() {
            Some("touch") => PointerKind::Touch,
            Some("pen") => PointerKind::Pen,
            Some(_) | None => PointerKind::Mouse,
        },
        button: match mouse.button() {
            1 => PointerButton::Middle,
            2 => PointerButton::Secondary,
            _ => PointerButton::Main,
        },
        modifiers: modifiers(event),
    }
}

fn on_pointer(shell: &Shell, stage: &Element, phase: PointerPhase, event: &Event) {
    let input = translate(stage, phase, event);
    if phase == PointerPhase::Down {
        if let Some(id) = event
            .dyn_ref::<PointerEvent>()
            .map(PointerEvent::pointer_id)
        {
            // Refused for a pointer that is gone already; then its moves outside are not heard.
            let _ = stage.set_pointer_capture(id);
        }
        focus_what_was_pressed(stage, event);
    }
    // A captured pointer does not leave; one that does is only hovering.
    shell.pointer(input, phase == PointerPhase::Move);
}

fn focus_what_was_pressed(stage: &Element, event: &Event) {
    let pressed = target_of(event)
        .and_then(|target| target.closest("[data-node]").ok().flatten())
        .or_else(|| stage.query_selector("#stage").ok().flatten());
    if let Some(element) = pressed {
        browser::focus(&element);
    }
}

fn on_wheel(shell: &Shell, stage: &Element, event: &Event) {
    event.prevent_default();
    let wheel = event.unchecked_ref::<WheelEvent>();
    let unit = match wheel.delta_mode() {
        WheelEvent::DOM_DELTA_LINE => WHEEL_LINE_PX,
        WheelEvent::DOM_DELTA_PAGE => WHEEL_PAGE_PX,
        _ => 1.0,
    };
    let phase = PointerPhase::Wheel {
        dx: wheel.delta_x() * unit,
        dy: wheel.delta_y() * unit,
    };
    shell.pointer(translate(stage, phase, event), true);
}

fn on_drop(shell: &Shell, event: &Event) {
    event.prevent_default();
    let file = event
        .unchecked_ref::<DragEvent>()
        .data_transfer()
        .and_then(|transfer| transfer.files())
        .and_then(|files| files.get(0));
    if let Some(file) = file {
        shell.read(file);
    }
}

/// The box an element belongs to.
fn node_of(element: &Element) -> Option<NodeId> {
    let node = element.closest("[data-node]").ok().flatten()?;
    node.get_attribute("data-node")?.parse().ok().map(NodeId)
}

fn on_key(shell: &Shell, stage: &Element, event: Event) {
    let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
        return;
    };
    let Some(target) = target_of(&event) else {
        return;
    };
    if event.default_prevented() || belongs_to_the_element(&target, key) {
        return;
    }
    let press = KeyPress {
        key: key.key(),
        modifiers: modifiers(&event),
        on_stage: stage.contains(Some(&target)) || is_free_key(&target, key),
        node: node_of(&target),
    };
    if shell.key(&press) {
        event.prevent_default();
    }
}

/// With the focus nowhere, keys that are no letters, digits or signs are the stage's too (WCAG 2.1.4
/// is about those that are).
fn is_free_key(target: &Element, key: &KeyboardEvent) -> bool {
    let nowhere = matches!(target.tag_name().as_str(), "BODY" | "HTML");
    let key = key.key();
    nowhere && (key == " " || key.chars().count() > 1)
}

/// Text fields keep all their keys, an open dialog keeps its own, and a button its Space and Enter.
fn belongs_to_the_element(target: &Element, key: &KeyboardEvent) -> bool {
    let within = |selector: &str| target.closest(selector).ok().flatten().is_some();
    if within("input, textarea, select, dialog[open], [contenteditable]") {
        return true;
    }
    let presses = matches!(key.key().as_str(), " " | "Enter");
    presses && within("button, summary, a[href]")
}
