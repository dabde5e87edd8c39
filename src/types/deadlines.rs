//! When each of many things that have a deadline is due: a heap that knows where each stands in it, so
//! that a deadline is moved in place. Deliberately not here: what is due then.

use super::{Rising, SimTime};

/// Deadlines by number, the earliest first; of equal ones that of the lowest number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deadlines {
    /// No entry is before its parent, which stands at half its place.
    heap: Vec<(SimTime, u32)>,
    /// By number: its place in the heap.
    places: Rising<usize>,
}

impl Deadlines {
    /// The next one.
    pub(crate) fn first(&self) -> Option<(SimTime, u32)> {
        self.heap.first().copied()
    }

    /// All, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (SimTime, u32)> {
        self.heap.iter().copied()
    }

    /// Moves a deadline; [`SimTime::MAX`] stands for none.
    pub(crate) fn set(&mut self, number: u32, due: SimTime) {
        let known = self.places.get(number.into()).copied();
        let place = match (known, due == SimTime::MAX) {
            (None, true) => return,
            (None, false) => {
                self.heap.push((due, number));
                self.heap.len() - 1
            }
            (Some(place), false) => {
                self.heap[place].0 = due;
                place
            }
            (Some(place), true) => {
                self.places.remove(number.into());
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

    fn put(&mut self, place: usize, entry: (SimTime, u32)) {
        self.heap[place] = entry;
        self.places.insert(entry.1.into(), place);
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
            let number = (step >> 40) as u32 % 50;
            let due = match step >> 60 {
                0..4 => SimTime::MAX,
                _ => SimTime::from_nanos((step >> 50) % 40),
            };
            deadlines.set(number, due);
            plain.insert(number, due);
            let first = plain.iter().map(|(number, due)| (*due, *number)).min();
            let first = first.filter(|(due, _)| *due != SimTime::MAX);
            assert_eq!(deadlines.first(), first);
        }
    }
}
