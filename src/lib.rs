//! Brokerlab: a message broker you can see.
//!
//! The heart is [`broker`], an AMQP 0-9-1 broker as a pure state machine: a command and the time go
//! in; a reply and effects come out. It reads no clock, draws no random number, does no input or
//! output, and behaves as RabbitMQ does. [`sim`] drives it in simulated time with producers and
//! consumers written as coroutines; the same scenario, seed and operator log give the same trace to
//! the bit, natively and in the browser.
//!
//! A [`scenario`] is the document people edit, save and share; [`editor`] and [`app`] are the page
//! without a browser. Only `ui` and `api` know that a browser exists (feature `web`).
//!
//! The modules are listed in the order of their layers; `ARCHITECTURE.md` says who may import whom.

#![forbid(unsafe_code)]

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

pub mod types;

pub mod text;

pub mod broker;

pub mod amqp;

pub mod scenario;

pub mod sim;

pub mod editor;

pub mod app;

#[cfg(feature = "web")]
pub mod ui;

#[cfg(feature = "web")]
pub mod api;

/// The README's program is compiled and run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
