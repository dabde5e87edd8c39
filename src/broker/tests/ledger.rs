//! The life of every message, followed through the effects alone: it enters a queue once, is ready,
//! delivered, requeued, and leaves once. What is left must be what the broker holds.

use super::*;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Ready,
    Unacked,
    Gone,
}

/// Every copy that ever was.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    lives: BTreeMap<CopyId, (QueueId, Life)>,
}

impl Ledger {
    /// Enters what happened, checking each step.
    pub(super) fn follow(&mut self, effects: &[Effect]) {
        for effect in effects {
            self.enter(effect);
        }
    }

    fn enter(&mut self, effect: &Effect) {
        use Life::{Gone, Ready, Unacked};
        match effect {
            Effect::Enqueued { queue, copy, .. } => {
                let newest = self
                    .lives
                    .last_key_value()
                    .is_none_or(|(last, _)| last < copy);
                assert!(newest, "copy {copy} does not rise");
                self.lives.insert(*copy, (*queue, Ready));
            }
            Effect::Deliver(it) => {
                self.step(
                    it.queue,
                    it.copy,
                    Ready,
                    if it.no_ack { Gone } else { Unacked },
                );
            }
            Effect::Gotten {
                queue,
                copy,
                no_ack,
                ..
            } => {
                self.step(*queue, *copy, Ready, if *no_ack { Gone } else { Unacked });
            }
            Effect::Acked { queue, copy, .. } => self.step(*queue, *copy, Unacked, Gone),
            Effect::Requeued { queue, copy, .. } => self.step(*queue, *copy, Unacked, Ready),
            Effect::Dropped {
                queue,
                copy: Some(copy),
                was_unacked,
                ..
            } => {
                self.step(
                    *queue,
                    *copy,
                    if *was_unacked { Unacked } else { Ready },
                    Gone,
                );
            }
            _ => {}
        }
    }

    fn step(&mut self, queue: QueueId, copy: CopyId, from: Life, to: Life) {
        let before = self.lives.insert(copy, (queue, to));
        assert_eq!(before, Some((queue, from)), "copy {copy} becomes {to:?}");
    }

    /// Compares what is left with what the broker holds.
    pub(super) fn compare(&self, broker: &Broker) {
        let mut held = BTreeMap::new();
        for queue in broker.queues() {
            for ready in broker.ready(queue.id).chain(broker.delayed(queue.id)) {
                held.insert(ready.copy, (queue.id, Life::Ready));
            }
            for unacked in broker.unacked_of(queue.id) {
                held.insert(unacked.copy, (queue.id, Life::Unacked));
            }
        }
        let left = self
            .lives
            .iter()
            .filter(|(_, (_, life))| *life != Life::Gone);
        assert!(
            left.eq(held.iter()),
            "{:?}\nthe broker holds {held:?}",
            self.lives
        );
    }
}
