//! Where bindings with the same match lead: a list in the order of their age.
//!
//! Deliberately not here: the match itself.

use super::Destination;
use crate::types::{BindingId, BindingKey};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// Destinations by binding, oldest first. One alone, the common case, stands here itself and costs
/// a match no further look into memory.
#[derive(Debug, Clone, Default)]
pub(super) enum Members {
    /// No binding.
    #[default]
    None,
    /// One binding.
    One(BindingId, Destination),
    /// Several, or what is left of them.
    Many(Box<Crowd>),
}

/// Several members. Taking one out leaves a gap; when most entries are gaps the list is packed, so
/// that taking all of them out, in any order, costs no more than linear time.
#[derive(Debug, Clone, Default)]
pub(super) struct Crowd {
    /// Sorted, because binding ids only rise.
    entries: Vec<(BindingId, Option<Destination>)>,
    gaps: usize,
}

impl Crowd {
    fn remove(&mut self, binding: BindingId) {
        let Ok(index) = self.entries.binary_search_by_key(&binding, |entry| entry.0) else {
            return;
        };
        if self.entries[index].1.take().is_some() {
            self.gaps += 1;
        }
        if self.gaps * 2 > self.entries.len() {
            self.entries.retain(|entry| entry.1.is_some());
            self.gaps = 0;
        }
    }
}

impl Members {
    /// Adds the newest binding.
    pub(super) fn push(&mut self, binding: BindingId, destination: Destination) {
        match self {
            Self::None => *self = Self::One(binding, destination),
            Self::One(first, to) => {
                let entries = vec![(*first, Some(*to)), (binding, Some(destination))];
                *self = Self::Many(Box::new(Crowd { entries, gaps: 0 }));
            }
            Self::Many(crowd) => crowd.entries.push((binding, Some(destination))),
        }
    }

    /// Takes a binding out; without effect when it is not here.
    pub(super) fn remove(&mut self, binding: BindingId) {
        match self {
            Self::One(only, _) if *only == binding => *self = Self::None,
            Self::Many(crowd) => {
                crowd.remove(binding);
                if crowd.entries.is_empty() {
                    *self = Self::None;
                }
            }
            Self::None | Self::One(..) => {}
        }
    }

    /// Whether nothing is here.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Bindings and where they lead, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (BindingId, Destination)> {
        let (one, many) = match self {
            Self::None => (None, &[][..]),
            Self::One(binding, destination) => (Some((*binding, *destination)), &[][..]),
            Self::Many(crowd) => (None, &crowd.entries[..]),
        };
        let present = |entry: &(BindingId, Option<Destination>)| entry.1.map(|to| (entry.0, to));
        one.into_iter().chain(many.iter().filter_map(present))
    }
}

/// Members by their exact binding key: the whole of a direct exchange, and the part of a topic
/// exchange without wildcards.
#[derive(Debug, Clone, Default)]
pub(super) struct Exact(IndexMap<BindingKey, Members, FxBuildHasher>);

impl Exact {
    /// Adds the newest binding.
    pub(super) fn insert(&mut self, key: &BindingKey, binding: BindingId, to: Destination) {
        match self.0.get_mut(key) {
            Some(members) => members.push(binding, to),
            None => self.0.entry(key.clone()).or_default().push(binding, to),
        }
    }

    /// Takes a binding out.
    pub(super) fn remove(&mut self, key: &BindingKey, binding: BindingId) {
        let Some(members) = self.0.get_mut(key) else {
            return;
        };
        members.remove(binding);
        if members.is_empty() {
            // Nobody reads the order of the keys, so the cheap removal is as good.
            self.0.swap_remove(key);
        }
    }

    /// The bindings whose key is `key`.
    pub(super) fn get(&self, key: &str) -> Option<&Members> {
        self.0.get(key)
    }

    /// Whether nothing is here.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
