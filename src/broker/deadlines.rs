//! When each queue that has a deadline is due: a heap that knows where each queue stands in it, so
//! that a queue's deadline is moved in place. Deliberately not here: what is due then.

use crate::types::{QueueId, Rising, SimTime};

/// Deadlines, the earliest first; of equal ones that of the oldest queue.
#[derive(Debug, Clone, Default)]
pub(super) struct Deadlines {
    /// No entry is before its parent, which stands at half its place.
    heap: Vec<(SimTime, QueueId)>,
    /// By queue: its place in the heap.
    places: Rising<usize>,
}

impl Deadlines {
    /// The next one.
    pub(super) fn first(&self) -> Option<(SimTime, QueueId)> {
        self.heap.first().copied()
    }

    /// All, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (SimTime, QueueId)> {
        self.heap.iter().copied()
    }

    /// Moves a queue's deadline; [`SimTime::MAX`] stands for none.
    pub(super) fn set(&mut self, queue: QueueId, due: SimTime) {
        let known = self.places.get(queue.0.into()).copied();
        let place = match (known, due == SimTime::MAX) {
            (None, true) => return,
            (None, false) => {
                self.heap.push((due, queue));
                self.heap.len() - 1
            }
            (Some(place), false) => {
                self.heap[place].0 = due;
                place
            }
            (Some(place), true) => {
                self.places.remove(queue.0.into());
                self.heap.swap_remove(place);
                place
            }
        };
        self.settle(place);
    }

    /// Moves what stands at `place`, if anything does, to where it belongs.
    fn settle(&mut self, mut place: usize) {
        let Some(&entry) = self.heap.get(place) else {
            return;
        };
        while place > 0 && entry < self.heap[(place - 1) / 2] {
            self.put(place, self.heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }
        loop {
            let mut child = 2 * place + 1;
            if let (Some(left), Some(right)) = (self.heap.get(child), self.heap.get(child + 1))
                && right < left
            {
                child += 1;
            }
            match self.heap.get(child) {
                Some(&earlier) if earlier < entry => self.put(place, earlier),
                Some(_) | None => break,
            }
            place = child;
        }
        self.put(place, entry);
    }

    fn put(&mut self, place: usize, entry: (SimTime, QueueId)) {
        self.heap[place] = entry;
        self.places.insert(entry.1.0.into(), place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_earliest_comes_first_however_deadlines_were_moved() {
        let mut deadlines = Deadlines::default();
        let mut plain = BTreeMap::new();
        let mut step = 1_u64;
        for _ in 0..5_000 {
            step = step.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let queue = QueueId((step >> 40) as u32 % 50);
            let due = match step >> 60 {
                0..4 => SimTime::MAX,
                _ => SimTime::from_nanos((step >> 50) % 40),
            };
            deadlines.set(queue, due);
            plain.insert(queue, due);
            let first = plain.iter().map(|(queue, due)| (*due, *queue)).min();
            let first = first.filter(|(due, _)| *due != SimTime::MAX);
            assert_eq!(deadlines.first(), first);
        }
    }
}
