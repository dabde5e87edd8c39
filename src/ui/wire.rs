//! The page's door for programs that speak AMQP: four functions that `www/js/connect.mjs` makes a
//! WebSocket of.
//!
//! Octets that come in are taken at once; what the engine has to say is fetched by the program's side,
//! which is told when frames made some. Deliberately not here: anything that looks like a WebSocket.

use crate::app::Pipe;
use crate::types::ConnectionId;
use crate::ui::shell::Shell;
use js_sys::Uint8Array;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// Why a pipe is no more, in the words of a WebSocket's close codes: it was closed.
const CLOSED: u16 = 1000;
/// ... or the run was begun anew ("service restart").
const RESTARTED: u16 = 1012;
/// ... or the program has stopped ("internal error").
const STOPPED: u16 = 1011;
/// A connection's number takes so many values of a pipe's.
const CONNECTIONS: f64 = 4_294_967_296.0;

thread_local! {
    /// The page that stands last; there is one but in tests.
    static PAGE: RefCell<Option<Shell>> = const { RefCell::new(None) };
}

#[wasm_bindgen]
extern "C" {
    /// Octets wait for pipes.
    #[wasm_bindgen(catch, js_namespace = brokerlabStart, js_name = octets)]
    fn tell() -> Result<(), JsValue>;
}

/// From now on programs reach this page's run.
pub(super) fn open_door(shell: &Shell) {
    PAGE.with(|page| *page.borrow_mut() = Some(shell.clone()));
}

/// Says to programs that octets wait for them.
pub(super) fn tell_programs() {
    // Nobody listens where the page is mounted by a test.
    let _ = tell();
}

fn with<T>(act: impl FnOnce(&mut crate::app::App) -> T) -> Option<T> {
    let shell = PAGE.with(|page| page.borrow().clone())?;
    let done = shell.with(act);
    shell.wake();
    done
}

fn pipe(number: f64) -> Pipe {
    Pipe {
        run: (number / CONNECTIONS) as u64,
        connection: ConnectionId((number % CONNECTIONS) as u32),
    }
}

/// Opens a pipe into the run as it stands; gives its number, or nothing when the program has stopped.
#[wasm_bindgen(js_name = pipeOpen)]
#[must_use]
pub fn pipe_open() -> Option<f64> {
    let pipe = with(|app| app.open_pipe())?;
    Some(pipe.run as f64 * CONNECTIONS + f64::from(pipe.connection.0))
}

/// Takes octets at the present instant; `false` when they are to be sent again later.
#[wasm_bindgen(js_name = pipeWrite)]
#[must_use]
pub fn pipe_write(number: f64, octets: &[u8]) -> bool {
    with(|app| app.write_pipe(pipe(number), octets)).unwrap_or(true)
}

/// Gives what waits for a program that has got `from` octets so far; when the pipe is no more, a
/// close code.
#[wasm_bindgen(js_name = pipeRead)]
#[must_use]
pub fn pipe_read(number: f64, from: f64) -> JsValue {
    let code = match with(|app| {
        let pipe = pipe(number);
        let is_old = pipe.run != app.run_number();
        app.read_pipe(pipe, from as u64).ok_or(is_old)
    }) {
        Some(Ok(fetched)) => return Uint8Array::from(fetched.octets.as_slice()).into(),
        Some(Err(false)) => CLOSED,
        Some(Err(true)) => RESTARTED,
        None => STOPPED,
    };
    code.into()
}

/// The program is gone.
#[wasm_bindgen(js_name = pipeClose)]
pub fn pipe_close(number: f64) {
    with(|app| app.close_pipe(pipe(number)));
}
