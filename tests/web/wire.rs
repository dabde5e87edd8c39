//! Pipes into the page's run: octets in, octets out, and why a pipe is no more.
//!
//! Deliberately not here: what looks like a WebSocket; the end-to-end tests have a real client.

use crate::support::Stand;
use brokerlab::ui::{pipe_close, pipe_open, pipe_read, pipe_write};
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test as test;

const HEADER: &[u8] = b"AMQP\x00\x00\x09\x01";

/// What waits in a pipe of which `from` octets were read.
fn read(pipe: f64, from: usize) -> Vec<u8> {
    let octets = pipe_read(pipe, from as f64);
    octets.dyn_into::<Uint8Array>().unwrap().to_vec()
}

#[test]
async fn a_broker_answers_at_once_while_nothing_plays() {
    let page = Stand::new().await;
    let pipe = pipe_open().unwrap();
    assert!(pipe_write(pipe, &HEADER[..3]));
    assert!(read(pipe, 0).is_empty());
    assert!(pipe_write(pipe, &HEADER[3..]));
    let start = read(pipe, 0);
    // A method frame on channel 0: connection.start.
    assert_eq!(start[..3], [1, 0, 0]);
    assert_eq!(start[7..11], [0, 10, 0, 10]);
    assert!(read(pipe, start.len()).is_empty());
    pipe_close(pipe);
    assert_eq!(pipe_read(pipe, start.len() as f64).as_f64(), Some(1000.0));
    drop(page);
}

#[test]
async fn another_protocol_is_refused_and_the_pipe_closed() {
    let page = Stand::new().await;
    let pipe = pipe_open().unwrap();
    assert!(pipe_write(pipe, b"HTTP/1.1"));
    assert_eq!(read(pipe, 0), HEADER);
    assert_eq!(pipe_read(pipe, 8.0).as_f64(), Some(1000.0));
    // What is said afterwards is heard by nobody.
    let _ = pipe_write(pipe, b"more");
    drop(page);
}

#[test]
async fn a_run_begun_anew_ends_its_pipes() {
    let page = Stand::new().await;
    let pipe = pipe_open().unwrap();
    page.click("[data-action='reset']").await;
    assert_eq!(pipe_read(pipe, 0.0).as_f64(), Some(1012.0));
    let next = pipe_open().unwrap();
    assert_ne!(next.to_bits(), pipe.to_bits());
    assert!(pipe_write(next, HEADER));
    assert!(!read(next, 0).is_empty());
    drop(page);
}

#[test]
async fn a_page_that_is_gone_takes_nothing() {
    let page = Stand::new().await;
    let pipe = pipe_open().unwrap();
    drop(page);
    assert_eq!(pipe_open(), None);
    assert_eq!(pipe_read(pipe, 0.0).as_f64(), Some(1011.0));
}
