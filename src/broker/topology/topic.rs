//! The topic exchange: words, `*` for exactly one of them, `#` for any number.
//!
//! Binding keys without wildcards stand in a hash table and cost one look-up however many there
//! are. The others stand in a trie of words. A match walks all its branches at once, word by word,
//! holding the set of nodes reached so far; a `#` node stays in the set. So a key costs its number of
//! words times the nodes its prefixes reach, whatever else is bound, and several `#` in one key
//! multiply nothing.
//!
//! Source: RabbitMQ's rabbit_db_topic_exchange for what matches: `""` has no words, `a.` has
//! two. Deliberately not here: which binding keys are refused.

use super::Destination;
use super::marks::Marks;
use super::members::{Exact, Members};
use super::named::Named;
use crate::types::{BindingId, BindingKey, ExchangeId, QueueId, Rising, ShortText, sort_pairs};

/// One word, whatever it is.
pub(in crate::broker) const ANY_WORD: &str = "*";
/// Any number of words, also none.
pub(in crate::broker) const ANY_WORDS: &str = "#";

/// The words of a routing key or binding key: what stands between dots; none in an empty key.
pub(in crate::broker) fn words(key: &str) -> impl Iterator<Item = &str> {
    (!key.is_empty())
        .then(|| key.split('.'))
        .into_iter()
        .flatten()
}

fn has_wildcards(key: &str) -> bool {
    words(key).any(|word| word == ANY_WORD || word == ANY_WORDS)
}

type NodeIndex = u32;
type WordId = u32;

const ROOT: NodeIndex = 0;

/// The bindings of a topic exchange.
#[derive(Debug, Clone, Default)]
pub(super) struct Topic {
    literal: Exact,
    patterns: Trie,
}

/// What a match needs while it runs, kept from one match to the next.
#[derive(Debug, Clone, Default)]
pub(super) struct TopicScratch {
    reached: Vec<NodeIndex>,
    next: Vec<NodeIndex>,
    /// `#` nodes reached with the present word.
    stayed: Marks,
    /// `#` nodes at the end of a pattern whose members are found already.
    ended: Marks,
    found: Vec<Found>,
}

/// A binding's number and which sort of thing it leads to, then that thing's number: pairs as the
/// one sort of the page takes them.
type Found = (i64, usize);

fn written((binding, to): (BindingId, Destination)) -> Found {
    let binding = i64::from(binding.0) << 1;
    match to {
        Destination::Queue(queue) => (binding, queue.index()),
        Destination::Exchange(exchange) => (binding | 1, exchange.index()),
    }
}

fn read((binding, to): Found) -> Destination {
    // It was written from an id, so nothing is cut off.
    if binding & 1 == 0 {
        Destination::Queue(QueueId(to as u32))
    } else {
        Destination::Exchange(ExchangeId(to as u32))
    }
}

impl Topic {
    /// Adds the newest binding.
    pub(super) fn insert(&mut self, key: &BindingKey, binding: BindingId, to: Destination) {
        if has_wildcards(key.as_str()) {
            self.patterns.insert(key.as_str(), binding, to);
        } else {
            self.literal.insert(key, binding, to);
        }
    }

    /// Takes a binding out.
    pub(super) fn remove(&mut self, key: &BindingKey, binding: BindingId) {
        if has_wildcards(key.as_str()) {
            self.patterns.remove(key.as_str(), binding);
        } else {
            self.literal.remove(key, binding);
        }
    }

    /// Calls `emit` for every binding that `key` matches, oldest first.
    pub(super) fn each_match(
        &self,
        key: &str,
        scratch: &mut TopicScratch,
        mut emit: impl FnMut(Destination),
    ) {
        let literal = self.literal.get(key);
        if self.patterns.is_empty() {
            literal
                .into_iter()
                .flat_map(Members::iter)
                .for_each(|(_, to)| emit(to));
            return;
        }
        scratch.found.clear();
        self.patterns.find(key, scratch);
        scratch
            .found
            .extend(literal.into_iter().flat_map(Members::iter).map(written));
        sort_pairs(&mut scratch.found);
        scratch.found.iter().for_each(|found| emit(read(*found)));
    }

    /// Whether no trace of a binding is left.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.literal.is_empty()
            && self.patterns.is_empty()
            && self.patterns.words.ids.is_empty()
            && self.patterns.nodes.len() == self.patterns.free.len() + 1
    }
}

/// A place in the trie: the words from the root to here.
#[derive(Debug, Clone, Default)]
struct Node {
    literals: Rising<NodeIndex>,
    any_word: Option<NodeIndex>,
    any_words: Option<NodeIndex>,
    /// Whether the last word to here is `#`.
    stays: bool,
    members: Members,
}

impl Node {
    fn has_children(&self) -> bool {
        !self.literals.is_empty() || self.any_word.is_some() || self.any_words.is_some()
    }

    fn is_unused(&self) -> bool {
        self.members.is_empty() && !self.has_children()
    }
}

/// Numbers for the words that stand in patterns, so that a key's word is hashed once and not at
/// every node.
#[derive(Debug, Clone, Default)]
struct Words {
    ids: Named<WordId>,
    /// Edges with the word, by its number.
    uses: Vec<u32>,
    free: Vec<WordId>,
}

impl Words {
    fn take(&mut self, word: &str) -> WordId {
        let id = match self.ids.get(word) {
            Some(id) => *id,
            None => {
                let id = self.free.pop().unwrap_or_else(|| {
                    self.uses.push(0);
                    (self.uses.len() - 1) as WordId
                });
                self.ids.insert(ShortText::truncated(word), id);
                id
            }
        };
        self.uses[id as usize] += 1;
        id
    }

    fn give_back(&mut self, word: &str) {
        let Some(&id) = self.ids.get(word) else {
            return;
        };
        self.uses[id as usize] -= 1;
        if self.uses[id as usize] == 0 {
            self.ids.remove(word);
            self.free.push(id);
        }
    }
}

#[derive(Debug, Clone)]
struct Trie {
    words: Words,
    /// The root is always there.
    nodes: Vec<Node>,
    free: Vec<NodeIndex>,
}

impl Default for Trie {
    fn default() -> Self {
        Self {
            words: Words::default(),
            nodes: vec![Node::default()],
            free: Vec::new(),
        }
    }
}

impl Trie {
    fn is_empty(&self) -> bool {
        self.nodes[ROOT as usize].is_unused()
    }

    fn new_node(&mut self, stays: bool) -> NodeIndex {
        let node = Node {
            stays,
            ..Node::default()
        };
        match self.free.pop() {
            Some(index) => {
                self.nodes[index as usize] = node;
                index
            }
            None => {
                self.nodes.push(node);
                (self.nodes.len() - 1) as NodeIndex
            }
        }
    }

    fn child(&self, node: NodeIndex, word: &str) -> Option<NodeIndex> {
        let node = &self.nodes[node as usize];
        match word {
            ANY_WORD => node.any_word,
            ANY_WORDS => node.any_words,
            literal => node
                .literals
                .get((*self.words.ids.get(literal)?).into())
                .copied(),
        }
    }

    fn insert(&mut self, key: &str, binding: BindingId, to: Destination) {
        let mut at = ROOT;
        for word in words(key) {
            at = match self.child(at, word) {
                Some(child) => child,
                None => self.grow(at, word),
            };
        }
        self.nodes[at as usize].members.push(binding, to);
    }

    fn grow(&mut self, parent: NodeIndex, word: &str) -> NodeIndex {
        let child = self.new_node(word == ANY_WORDS);
        match word {
            ANY_WORD => self.nodes[parent as usize].any_word = Some(child),
            ANY_WORDS => self.nodes[parent as usize].any_words = Some(child),
            literal => {
                let id = self.words.take(literal);
                self.nodes[parent as usize]
                    .literals
                    .insert(id.into(), child);
            }
        }
        child
    }

    fn remove(&mut self, key: &str, binding: BindingId) {
        let mut path = Vec::new();
        let mut at = ROOT;
        for word in words(key) {
            let Some(child) = self.child(at, word) else {
                return;
            };
            path.push((at, word));
            at = child;
        }
        self.nodes[at as usize].members.remove(binding);
        while let Some((parent, word)) = path.pop() {
            if !self.nodes[at as usize].is_unused() {
                return;
            }
            self.free.push(at);
            match word {
                ANY_WORD => self.nodes[parent as usize].any_word = None,
                ANY_WORDS => self.nodes[parent as usize].any_words = None,
                literal => {
                    if let Some(&id) = self.words.ids.get(literal) {
                        self.nodes[parent as usize].literals.remove(id.into());
                    }
                    self.words.give_back(literal);
                }
            }
            at = parent;
        }
    }

    /// Appends to `scratch.found` all bindings that `key` matches, each once.
    fn find(&self, key: &str, scratch: &mut TopicScratch) {
        scratch.ended.begin();
        scratch.stayed.begin();
        scratch.next.clear();
        self.reach(ROOT, scratch);
        for word in words(key) {
            std::mem::swap(&mut scratch.reached, &mut scratch.next);
            scratch.next.clear();
            scratch.stayed.begin();
            let word = self.words.ids.get(word);
            for index in 0..scratch.reached.len() {
                let at = scratch.reached[index];
                let node = &self.nodes[at as usize];
                if let Some(child) = word.and_then(|word| node.literals.get((*word).into())) {
                    self.reach(*child, scratch);
                }
                if let Some(child) = node.any_word {
                    self.reach(child, scratch);
                }
                if node.stays && scratch.stayed.mark(at as usize) {
                    self.reach(at, scratch);
                }
            }
            if scratch.next.is_empty() {
                return;
            }
        }
        for at in &scratch.next {
            scratch
                .found
                .extend(self.nodes[*at as usize].members.iter().map(written));
        }
    }

    /// Puts `at` among the reached nodes, and every `#` after it, which may stand for no word.
    ///
    /// Only a `#` node can be reached twice with one word (any other has one parent, itself
    /// reached once), so only those are marked.
    fn reach(&self, at: NodeIndex, scratch: &mut TopicScratch) {
        let mut at = at;
        loop {
            let node = &self.nodes[at as usize];
            if node.stays && !node.has_children() {
                // Whatever words follow, this pattern matches: it is found now and needs no more
                // steps.
                if scratch.ended.mark(at as usize) {
                    scratch.found.extend(node.members.iter().map(written));
                }
                return;
            }
            scratch.next.push(at);
            match node.any_words {
                Some(child) if scratch.stayed.mark(child as usize) => at = child,
                Some(_) | None => return,
            }
        }
    }
}
