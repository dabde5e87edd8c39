//! The native command `brokerlab`.
fn main() {}
