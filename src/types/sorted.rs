//! A map and a set kept as sorted lists, and one sort for whatever must be put in order.
//!
//! Keys here are mostly ids, given in ascending order, so that what is put in goes to the end and
//! what is looked up is found by halving. Beside a `BTreeMap` it is smaller in memory, quicker to
//! copy (a document is copied for every step of undo) and, above all, costs the page a tenth of
//! the code for each pair of types. Putting in or taking out in the middle moves what lies behind:
//! a map that grows large in no order at all is better off as a `BTreeMap`. Deliberately not
//! here: maps by number, which `Rising` has.

use crate::types::NodeId;
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::iter::Zip;
use std::slice::{Iter, IterMut};

/// Where the keys stand in ascending order; equal ones stay in the order they came in.
///
/// Each type that is sorted is a copy of the sort in the page; so what can be told by a number is
/// put in order by it.
#[must_use]
pub fn order_of(keys: impl Iterator<Item = i64>) -> Vec<usize> {
    fn sorted(mut keys: Vec<(i64, usize)>) -> Vec<usize> {
        sort_pairs(&mut keys);
        keys.into_iter().map(|(_, index)| index).collect()
    }
    sorted(keys.zip(0..).collect())
}

/// Puts pairs in ascending order: the one sort of whatever is written as such pairs.
#[inline(never)]
pub fn sort_pairs(pairs: &mut [(i64, usize)]) {
    pairs.sort_unstable();
}

/// Things in ascending order of their numbers, each once.
#[must_use]
pub fn ascending<T: Copy>(things: Vec<T>, number: impl Fn(T) -> u32) -> Vec<T> {
    if things.is_sorted_by(|one, next| number(*one) < number(*next)) {
        return things;
    }
    let order = order_of(things.iter().map(|it| i64::from(number(*it))));
    let mut last = None;
    let mut sorted = Vec::with_capacity(things.len());
    for index in order {
        let thing = things[index];
        if last.replace(number(thing)) != Some(number(thing)) {
            sorted.push(thing);
        }
    }
    sorted
}

/// In which order the first `count` numbers stand by what `compare` says of two; equal ones stay as
/// they were. For what no number tells, such as names: a plain merge sort, which stands once in the
/// page where the library's would stand once for each kind of thing.
#[must_use]
pub fn order_by(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut run = 1;
    while run < count {
        let mut merged = Vec::with_capacity(count);
        for pair in order.chunks(run * 2) {
            let (mut low, mut high) = pair.split_at(run.min(pair.len()));
            while let (Some(a), Some(b)) = (low.first(), high.first()) {
                if compare(*a, *b).is_le() {
                    merged.push(*a);
                    low = &low[1..];
                } else {
                    merged.push(*b);
                    high = &high[1..];
                }
            }
            merged.extend_from_slice(low);
            merged.extend_from_slice(high);
        }
        order = merged;
        run *= 2;
    }
    order
}

/// A set of these nodes.
#[must_use]
pub fn set_of(nodes: impl Iterator<Item = NodeId>) -> NodeSet {
    NodeSet(ascending(nodes.collect(), |node| node.0))
}

/// Nodes in ascending order, each once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeSet(Vec<NodeId>);

impl NodeSet {
    /// No node.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The nodes, ascending.
    pub fn iter(&self) -> Iter<'_, NodeId> {
        self.0.iter()
    }

    /// The lowest.
    #[must_use]
    pub fn first(&self) -> Option<&NodeId> {
        self.0.first()
    }

    /// Takes the lowest out.
    pub fn pop_first(&mut self) -> Option<NodeId> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Keeps the nodes of which `keep` says so.
    pub fn retain(&mut self, keep: impl FnMut(&NodeId) -> bool) {
        self.0.retain(keep);
    }

    /// Whether the node is one of them.
    #[must_use]
    pub fn contains(&self, node: &NodeId) -> bool {
        self.0.binary_search(node).is_ok()
    }

    /// Puts a node in; `false` when it was there.
    pub fn insert(&mut self, node: NodeId) -> bool {
        let Err(place) = self.0.binary_search(&node) else {
            return false;
        };
        self.0.insert(place, node);
        true
    }

    /// Takes a node out; `false` when it was not there.
    pub fn remove(&mut self, node: &NodeId) -> bool {
        let Ok(place) = self.0.binary_search(node) else {
            return false;
        };
        self.0.remove(place);
        true
    }
}

impl<'a> IntoIterator for &'a NodeSet {
    type Item = &'a NodeId;
    type IntoIter = Iter<'a, NodeId>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A map in ascending order of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortedMap<K, V> {
    /// Ascending, each once.
    keys: Vec<K>,
    /// As many as keys, in their order.
    values: Vec<V>,
}

impl<K, V> SortedMap<K, V> {
    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            keys: Vec::new(),
            values: Vec::new(),
        }
    }

    /// How many entries it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys, ascending.
    pub fn keys(&self) -> Iter<'_, K> {
        self.keys.iter()
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> Iter<'_, V> {
        self.values.iter()
    }

    /// The values, to be changed, in the order of their keys.
    pub fn values_mut(&mut self) -> IterMut<'_, V> {
        self.values.iter_mut()
    }

    /// The values alone, in the order of their keys.
    pub fn into_values(self) -> std::vec::IntoIter<V> {
        self.values.into_iter()
    }

    /// The entries, in the order of their keys.
    pub fn iter(&self) -> Zip<Iter<'_, K>, Iter<'_, V>> {
        self.keys.iter().zip(&self.values)
    }

    /// Takes the first entry out; its value.
    pub fn pop_first(&mut self) -> Option<V> {
        if self.keys.is_empty() {
            return None;
        }
        self.keys.remove(0);
        Some(self.values.remove(0))
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.values.clear();
    }

    /// Keeps the entries of which `keep` says so; asked in order.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        let mut kept = self.keys.iter().zip(&mut self.values);
        let kept: Vec<bool> = kept.by_ref().map(|(key, value)| keep(key, value)).collect();
        let mut of_keys = kept.iter();
        self.keys.retain(|_| of_keys.next() == Some(&true));
        let mut of_values = kept.iter();
        self.values.retain(|_| of_values.next() == Some(&true));
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// Where the key is, or where it would be.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        // What comes last is asked for and put in most.
        match self.keys.last() {
            Some(last) if last.borrow() < key => Err(self.keys.len()),
            Some(_) | None => self.keys.binary_search_by(|own| own.borrow().cmp(key)),
        }
    }

    /// Whether there is an entry of that key.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// The value of a key.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.values.get(self.find(key).ok()?)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        self.values.get_mut(at)
    }

    /// Puts a value in; gives back the one that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.values[at], value)),
            Err(at) => {
                self.keys.insert(at, key);
                self.values.insert(at, value);
                None
            }
        }
    }

    /// The value of a key, which is made when it is not there.
    pub fn or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let at = match self.find(&key) {
            Ok(at) => at,
            Err(at) => {
                self.keys.insert(at, key);
                self.values.insert(at, make());
                at
            }
        };
        &mut self.values[at]
    }

    /// The value of a key, by default the type's default.
    pub fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.or_insert_with(key, V::default)
    }

    /// Takes an entry out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        self.keys.remove(at);
        Some(self.values.remove(at))
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

/// Of entries with one key the last stays.
impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = Zip<std::vec::IntoIter<K>, std::vec::IntoIter<V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.keys.into_iter().zip(self.values)
    }
}

impl<'a, K, V> IntoIterator for &'a SortedMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Zip<Iter<'a, K>, Iter<'a, V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
