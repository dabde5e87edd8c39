//! "Was this number here already in this round?", without clearing anything between rounds.
//!
//! Deliberately not here: what the numbers stand for.

/// A set of small numbers that is emptied in constant time.
#[derive(Debug, Clone, Default)]
pub(in crate::broker) struct Marks {
    rounds: Vec<u32>,
    round: u32,
}

impl Marks {
    /// Empties the set.
    pub(in crate::broker) fn begin(&mut self) {
        if self.round == u32::MAX {
            // Old marks would look new again after the counter wraps.
            self.rounds.clear();
            self.round = 0;
        }
        self.round += 1;
    }

    /// Puts `number` in; `true` when it was not there.
    pub(in crate::broker) fn mark(&mut self, number: usize) -> bool {
        if number >= self.rounds.len() {
            self.rounds.resize(number + 1, 0);
        }
        let mark = &mut self.rounds[number];
        let fresh = *mark != self.round;
        *mark = self.round;
        fresh
    }
}
