//! How little a ready message holds beyond its body, and that only the message is allocated:
//! octets and allocations asked of the allocator, counted, not timed.
//!
//! Not here: what the allocator adds to each allocation (8 octets with glibc).

mod stage;
mod support;

use stage::Stage;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Ready messages whose memory is counted.
const READY: u64 = 100_000;
/// Messages published, delivered and acked while allocations are counted.
const CYCLES: u64 = 100_000;

fn main() {
    for octets in [0, 100, 1_000, 10_000] {
        let mut stage = Stage::new(octets);
        let region = Region::new(ALLOCATOR);
        (0..READY).for_each(|_| stage.publish());
        let change = region.change();
        let held = change.bytes_allocated as f64 - change.bytes_deallocated as f64;
        let beyond = held / READY as f64 - octets as f64;
        let note = "a ready message beyond its body";
        support::print_exact(&format!("broker ready {octets}"), beyond, "octets", note);
    }
    let stage = Stage::new(16).consuming(false).cycles(1, 1);
    let region = Region::new(ALLOCATOR);
    let stage = support::black_box(stage.cycles(2, CYCLES));
    let allocations = region.change().allocations as f64 / CYCLES as f64;
    drop(stage);
    let note = "publish, deliver, ack; the message and its body";
    support::print_exact("broker cycle allocations", allocations, "", note);
}
