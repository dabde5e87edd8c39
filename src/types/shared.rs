//! Text that is shared: every copy of a name points at the same characters.
//!
//! Copies are counted without atomic instructions, which cost more than all the rest of a publish;
//! so nothing here may cross threads. Deliberately not here: what a text may contain and how long it
//! may be, which the names say.

use serde::{Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// Empty text at a real address. A bare `""` points nowhere, and processors whose comparison of octets
/// loads under a mask take a hundred nanoseconds to find that nothing of nowhere was asked for.
const EMPTY: &str = " ".split_at(0).0;

/// Immutable text behind one pointer of one word.
#[derive(Clone, Default)]
pub(super) struct SharedText(Option<Rc<Box<str>>>);

impl SharedText {
    /// A copy of `text` of its own; empty text takes no memory.
    pub(super) fn new(text: &str) -> Self {
        Self((!text.is_empty()).then(|| Rc::new(text.into())))
    }

    /// The characters.
    #[inline]
    pub(super) fn as_str(&self) -> &str {
        self.0.as_ref().map_or(EMPTY, |text| text)
    }

    /// Whether there are no characters.
    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Whether both are copies of one text, which says at once that they are equal.
    #[inline]
    fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

impl PartialEq for SharedText {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.as_str() == other.as_str()
    }
}

impl Eq for SharedText {}

impl PartialOrd for SharedText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SharedText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for SharedText {
    /// As the characters alone hash, so that a map may be asked with a plain `str`.
    #[inline]
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.as_str().hash(hasher);
    }
}

impl fmt::Debug for SharedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl Serialize for SharedText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
