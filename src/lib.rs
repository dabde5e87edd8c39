//! Brokerlab: a deterministic AMQP 0-9-1 broker you can see.

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
