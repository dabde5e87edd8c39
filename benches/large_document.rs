//! What a large document costs the page: a definitions file of 10 000 queues opened, drawn, pointed
//! at, edited, undone.

mod support;

use brokerlab::app::{
    Action, App, Modifiers, PaletteItem, PointerButton, PointerInput, PointerKind, PointerPhase,
    Start,
};
use std::fmt::Write;
use support::{REPETITIONS, measure};

const QUEUES: u32 = 10_000;

/// A definitions file with a topic exchange and so many queues bound to it.
fn definitions() -> String {
    let (mut queues, mut bindings) = (String::new(), String::new());
    for index in 0..QUEUES {
        let comma = if index == 0 { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(
            queues,
            r#"{comma}{{"name":"q{index}","vhost":"/","durable":true,"auto_delete":false,"arguments":{{}}}}"#
        );
        let _ = write!(
            bindings,
            r#"{comma}{{"source":"events","vhost":"/","destination":"q{index}","destination_type":"queue","routing_key":"k.{index}","arguments":{{}}}}"#
        );
    }
    format!(
        r#"{{"vhosts":[{{"name":"/"}}],"exchanges":[{{"name":"events","vhost":"/","type":"topic","durable":true,"auto_delete":false,"internal":false,"arguments":{{}}}}],"queues":[{queues}],"bindings":[{bindings}]}}"#
    )
}

fn app() -> App {
    App::new(Start {
        width: 1440.0,
        height: 900.0,
        ..Start::default()
    })
}

fn open(app: &mut App, text: &str) {
    app.dispatch(Action::Open {
        name: "definitions.json".to_owned(),
        text: text.to_owned(),
    });
    app.stage();
}

fn move_pointer(app: &mut App, phase: PointerPhase, x: f64) {
    app.pointer(PointerInput {
        phase,
        x,
        y: 450.0,
        pointer: 1,
        kind: PointerKind::Mouse,
        button: PointerButton::Main,
        modifiers: Modifiers::default(),
    });
    app.stage();
}

fn milliseconds(name: &str, setup: impl FnMut() -> App, run: impl FnMut(App) -> App, note: &str) {
    let figure = |elapsed: std::time::Duration| elapsed.as_secs_f64() * 1000.0;
    measure(name, "ms", REPETITIONS, setup, run, figure, note);
}

fn main() {
    let text = definitions();
    let mut opened = app();
    open(&mut opened, &text);
    let document = opened.document_text();
    let again = || {
        App::new(Start {
            width: 1440.0,
            height: 900.0,
            document: Some(document.clone()),
            ..Start::default()
        })
    };
    milliseconds(
        "large document: open 10 000 queues",
        app,
        |mut app| {
            open(&mut app, &text);
            app
        },
        "definitions file to a drawn stage, the broker declared",
    );
    milliseconds(
        "large document: pan by one step",
        || {
            let mut app = again();
            app.dispatch(Action::SetZoom(1.0));
            move_pointer(&mut app, PointerPhase::Down, 700.0);
            app
        },
        |mut app| {
            move_pointer(&mut app, PointerPhase::Move, 640.0);
            app
        },
        "at 100 %, stage built anew",
    );
    milliseconds(
        "large document: everything in view",
        &again,
        |mut app| {
            app.perform("fit");
            app.stage();
            app
        },
        "most boxes as plain marks",
    );
    editing(again);
}

fn editing(again: impl Fn() -> App) {
    milliseconds(
        "large document: add a queue",
        || {
            let mut app = again();
            app.stage();
            app
        },
        |mut app| {
            app.dispatch(Action::Add(PaletteItem::Queue));
            app.stage();
            app
        },
        "before the run: declared anew",
    );
    milliseconds(
        "large document: add a queue while it runs",
        || {
            let mut app = again();
            app.perform("step");
            app.stage();
            app
        },
        |mut app| {
            app.dispatch(Action::Add(PaletteItem::Queue));
            app.stage();
            app
        },
        "taken over by the run",
    );
}
