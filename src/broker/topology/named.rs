//! Things found by name.
//!
//! One map of names serves every kind of thing, and the things lie in a list of the same order: a
//! hash map for each kind would cost the page's download kilobytes. Deliberately not here: any order
//! that somebody could read; the last takes the place of what is removed.

use crate::types::ShortText;
use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

/// Things by name.
#[derive(Debug, Clone)]
pub(super) struct Named<T> {
    names: IndexSet<ShortText, FxBuildHasher>,
    /// Each at the place of its name.
    things: Vec<T>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self {
            names: IndexSet::default(),
            things: Vec::new(),
        }
    }
}

impl<T> Named<T> {
    /// What has this name.
    pub(super) fn get(&self, name: &str) -> Option<&T> {
        self.things.get(self.names.get_index_of(name)?)
    }

    /// What has this name, to be changed.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.things.get_mut(self.names.get_index_of(name)?)
    }

    /// Puts a thing under a name, in place of what had it before.
    pub(super) fn insert(&mut self, name: ShortText, thing: T) {
        let (place, new) = self.names.insert_full(name);
        if new {
            self.things.push(thing);
        } else {
            self.things[place] = thing;
        }
    }

    /// Takes what has this name out.
    pub(super) fn remove(&mut self, name: &str) {
        if let Some((place, _)) = self.names.swap_remove_full(name) {
            self.things.swap_remove(place);
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.things.len()
    }

    /// Whether nothing is here.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Names and things, in no order.
    #[cfg(test)]
    pub(super) fn iter(&self) -> impl Iterator<Item = (&ShortText, &T)> {
        self.names.iter().zip(&self.things)
    }
}
