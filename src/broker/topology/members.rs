//! Where bindings with the same match lead: a list in the order of their age.
//!
//! Deliberately not here: the match itself.

use super::Destination;
use crate::types::{BindingId, BindingKey};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// Destinations by binding, oldest first. Taking one out leaves a gap; when most entries are gaps
/// the list is packed, so that taking all of them out, in any order, costs no more than linear time.
#[derive(Debug, Clone, Default)]
pub(super) struct Members {
    /// Sorted, because binding ids only rise.
    entries: Vec<(BindingId, Option<Destination>)>,
    gaps: usize,
}

impl Members {
    /// Adds the newest binding.
    pub(super) fn push(&mut self, binding: BindingId, destination: Destination) {
        self.entries.push((binding, Some(destination)));
    }

    /// Takes a binding out; without effect when it is not here.
    pub(super) fn remove(&mut self, binding: BindingId) {
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

    /// Whether nothing is here.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.len() == self.gaps
    }

    /// Bindings and where they lead, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (BindingId, Destination)> {
        self.entries
            .iter()
            .filter_map(|(binding, destination)| destination.map(|to| (*binding, to)))
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
