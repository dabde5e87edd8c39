//! Where bindings with the same match lead: a list in the order of their age.
//!
//! Deliberately not here: the match itself.

use super::Destination;
use super::named::Named;
use crate::types::{BindingId, BindingKey, Rising};

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
    Many(Box<Rising<Destination>>),
}

impl Members {
    /// Adds the newest binding.
    pub(super) fn push(&mut self, binding: BindingId, destination: Destination) {
        match self {
            Self::None => *self = Self::One(binding, destination),
            Self::One(first, to) => {
                let mut many = Rising::default();
                many.insert(first.0.into(), *to);
                many.insert(binding.0.into(), destination);
                *self = Self::Many(Box::new(many));
            }
            Self::Many(many) => many.insert(binding.0.into(), destination),
        }
    }

    /// Takes a binding out; without effect when it is not here.
    pub(super) fn remove(&mut self, binding: BindingId) {
        match self {
            Self::One(only, _) if *only == binding => *self = Self::None,
            Self::Many(many) => {
                many.remove(binding.0.into());
                if many.is_empty() {
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
            Self::None => (None, None),
            Self::One(binding, destination) => (Some((*binding, *destination)), None),
            Self::Many(many) => (None, Some(many)),
        };
        // Only ids were put in, so nothing is cut off.
        let many = many.into_iter().flat_map(|many| many.iter());
        let many = many.map(|(number, to)| (BindingId(number as u32), *to));
        one.into_iter().chain(many)
    }
}

/// Members by their exact binding key: the whole of a direct exchange, and the part of a topic
/// exchange without wildcards.
#[derive(Debug, Clone, Default)]
pub(super) struct Exact(Named<Members>);

impl Exact {
    /// Adds the newest binding.
    pub(super) fn insert(&mut self, key: &BindingKey, binding: BindingId, to: Destination) {
        match self.0.get_mut(key.as_str()) {
            Some(members) => members.push(binding, to),
            None => self.0.insert(key.into(), Members::One(binding, to)),
        }
    }

    /// Takes a binding out.
    pub(super) fn remove(&mut self, key: &BindingKey, binding: BindingId) {
        let Some(members) = self.0.get_mut(key.as_str()) else {
            return;
        };
        members.remove(binding);
        if members.is_empty() {
            self.0.remove(key.as_str());
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
