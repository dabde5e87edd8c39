//! Wakes the server when something is due: heartbeats, handshakes that take too long, messages that
//! expire.
//!
//! Deliberately not here: what is due, which the protocol and the broker know.

use super::hub::Shared;
use std::future::{Future as _, poll_fn};
use std::task::Poll;
use tokio::time::{Instant, sleep_until};

/// Meets deadlines for ever.
pub(super) async fn keep_time(hub: Shared) {
    let mut sleep = std::pin::pin!(sleep_until(Instant::now()));
    poll_fn(|cx| {
        loop {
            let due = hub.borrow_mut().arm_timer(cx.waker());
            if sleep.deadline() != due {
                sleep.as_mut().reset(due);
            }
            if sleep.as_mut().poll(cx).is_pending() {
                return Poll::<()>::Pending;
            }
            hub.borrow_mut().handle_timeout();
        }
    })
    .await;
}
