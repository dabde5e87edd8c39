//! Policies of the document in a run.
//!
//! Few documents have any, so the built page fetches this, and what it alone calls, when the first
//! such document is opened (`xtask/src/annex.rs`). Deliberately not here: what a policy does.

use super::world::World;
use crate::scenario::definitions::policies;

impl World {
    /// Lets the policies of the document count, which an opened definitions file left in it.
    #[inline(never)]
    pub(super) fn apply_policies(&mut self) {
        let policies = policies(&self.scenario.carried);
        self.broker
            .replace_policies(self.now, policies, &mut self.effects);
        self.take_effects(None);
    }
}
