//! Edits: every way in which a document changes, and the one door that carries them out.
//!
//! An edit is checked first and carried out after, so a refused one leaves nothing half done.
//! Mistakes that somebody may make on the way to something sensible (two queues of one name, a
//! binding that matches nothing) are not refused; they are [`problems`](super::validate).
//! Deliberately not here: undo ([`History`](super::History)), and what an edit means to a run.

mod bounds;
mod rename;

pub(super) use bounds::{check_edge_kind, check_node, check_options};

use super::limits::{EDGES_MAX, ID_MAX, NODES_MAX, VHOSTS_MAX};
use super::link::{LinkKind, Shape, link};
use super::{BrokerSettings, Edge, EdgeKind, LocalText, Node, NodeKind, Point, Problem, Scenario};
use crate::types::{
    EdgeId, FieldValue, NodeId, NodeSet, ProblemCode, Profile, SimDuration, SortedMap, VhostName,
    set_of,
};
use std::rc::Rc;

/// One change to a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// A new node, with an id of the document's choice.
    AddNode {
        /// What it is.
        kind: NodeKind,
        /// Its name; `None` for a fresh one such as `queue-2`.
        name: Option<String>,
        /// On which virtual host.
        vhost: VhostName,
        /// Where its centre stands.
        position: Point,
    },
    /// Several nodes and the lines among them and to what is there (a paste, a load). Ids that are
    /// taken are changed, and the lines that came along follow.
    Insert {
        /// Nodes.
        nodes: Vec<Node>,
        /// Lines.
        edges: Vec<Edge>,
    },
    /// Nodes with all their lines, and lines.
    Remove {
        /// Nodes.
        nodes: Vec<NodeId>,
        /// Lines.
        edges: Vec<EdgeId>,
    },
    /// Nodes to new positions.
    Move {
        /// Which, and where to.
        nodes: Vec<(NodeId, Point)>,
    },
    /// A new name. Arguments of the same virtual host that name the exchange or queue follow it.
    Rename {
        /// Which node.
        node: NodeId,
        /// The name.
        name: String,
    },
    /// New settings of a node; the kind stays.
    SetNode {
        /// Which node.
        node: NodeId,
        /// All its settings.
        kind: NodeKind,
    },
    /// A new line, or from a queue to an exchange the queue's dead-letter argument.
    Connect {
        /// Where it begins.
        from: NodeId,
        /// Where it ends.
        to: NodeId,
        /// Its settings; `None` for those a fresh line has.
        kind: Option<EdgeKind>,
    },
    /// Other ends for a line that keeps its settings.
    Reconnect {
        /// Which line.
        edge: EdgeId,
        /// Where it begins.
        from: NodeId,
        /// Where it ends.
        to: NodeId,
    },
    /// New settings of a line.
    SetEdge {
        /// Which line.
        edge: EdgeId,
        /// All its settings.
        kind: EdgeKind,
    },
    /// Settings of the document; `None` leaves one as it is.
    SetOptions(Box<Options>),
    /// A new virtual host, last in order.
    AddVhost {
        /// Its name.
        name: VhostName,
    },
    /// A virtual host without nodes goes.
    RemoveVhost {
        /// Its name.
        name: VhostName,
    },
    /// Everything another.
    Replace(Rc<Scenario>),
}

/// Settings of the document; `None` leaves one as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// The title.
    pub title: Option<LocalText>,
    /// The description.
    pub description: Option<LocalText>,
    /// The seed.
    pub seed: Option<u64>,
    /// The profile.
    pub profile: Option<Profile>,
    /// What the broker has.
    pub broker: Option<BrokerSettings>,
    /// How long a run is meant to last; `Some(None)` for as long as one watches.
    pub duration: Option<Option<SimDuration>>,
    /// How fast it is played at first; `Some(None)` for the page's own choice.
    pub speed: Option<Option<f64>>,
}

/// What an edit made, beside what it said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// New nodes, in the order of the edit.
    pub nodes: Vec<NodeId>,
    /// New lines, in the order of the edit.
    pub edges: Vec<EdgeId>,
}

/// Why an edit was refused; the document is as it was.
pub type EditError = Problem;

/// What an edit does, for the name of its undo step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EditLabel {
    /// A node came.
    Add,
    /// Several nodes came.
    Insert,
    /// Something was removed.
    Remove,
    /// Something was moved.
    Move,
    /// A name changed.
    Rename,
    /// Settings of a node changed.
    SetNode,
    /// A line came.
    Connect,
    /// A line's ends changed.
    Reconnect,
    /// Settings of a line changed.
    SetEdge,
    /// Settings of the document changed.
    SetOptions,
    /// Virtual hosts changed.
    Vhosts,
    /// Everything changed.
    Replace,
}

impl Edit {
    /// The name of its undo step.
    #[must_use]
    pub const fn label(&self) -> EditLabel {
        match self {
            Self::AddNode { .. } => EditLabel::Add,
            Self::Insert { .. } => EditLabel::Insert,
            Self::Remove { .. } => EditLabel::Remove,
            Self::Move { .. } => EditLabel::Move,
            Self::Rename { .. } => EditLabel::Rename,
            Self::SetNode { .. } => EditLabel::SetNode,
            Self::Connect { .. } => EditLabel::Connect,
            Self::Reconnect { .. } => EditLabel::Reconnect,
            Self::SetEdge { .. } => EditLabel::SetEdge,
            Self::SetOptions(_) => EditLabel::SetOptions,
            Self::AddVhost { .. } | Self::RemoveVhost { .. } => EditLabel::Vhosts,
            Self::Replace(_) => EditLabel::Replace,
        }
    }
}

impl Scenario {
    /// Carries out `edit`, or refuses it and leaves everything as it was.
    ///
    /// # Errors
    /// Why it was refused, and where.
    pub fn apply(&mut self, edit: &Edit) -> Result<Applied, EditError> {
        match edit {
            Edit::AddNode {
                kind,
                name,
                vhost,
                position,
            } => self.add_node(kind, name.as_deref(), vhost, *position),
            Edit::Insert { nodes, edges } => self.insert(nodes, edges),
            Edit::Remove { nodes, edges } => self.remove(nodes, edges),
            Edit::Move { nodes } => self.move_nodes(nodes),
            Edit::Rename { node, name } => self.rename(*node, name),
            Edit::SetNode { node, kind } => self.set_node(*node, kind),
            Edit::Connect { from, to, kind } => self.connect(*from, *to, kind.as_ref()),
            Edit::Reconnect { edge, from, to } => self.reconnect(*edge, *from, *to),
            Edit::SetEdge { edge, kind } => self.set_edge(*edge, kind),
            Edit::SetOptions(options) => self.set_options(options),
            Edit::AddVhost { name } => self.add_vhost(name),
            Edit::RemoveVhost { name } => self.remove_vhost(name),
            Edit::Replace(other) => {
                *self = Self::clone(other);
                Ok(Applied::default())
            }
        }
    }

    /// A name no node of that shape on that virtual host has: `queue`, `queue-2`, `queue-3` ...
    #[must_use]
    pub fn fresh_name(&self, shape: Shape, vhost: &VhostName) -> String {
        let word = shape.word();
        // Which numbers are taken; the first that is free is at most one above how many nodes
        // there are.
        let mut taken = vec![false; self.nodes.len() + 2];
        for node in self.nodes.values() {
            if node.vhost == *vhost
                && node.kind.shape() == shape
                && let Some(number) = number_of(&node.name, word)
                && let Some(taken) = taken.get_mut(number)
            {
                *taken = true;
            }
        }
        match (1..taken.len()).find(|number| !taken[*number]) {
            None | Some(1) => word.to_owned(),
            Some(number) => format!("{word}-{number}"),
        }
    }

    fn add_node(
        &mut self,
        kind: &NodeKind,
        name: Option<&str>,
        vhost: &VhostName,
        position: Point,
    ) -> Result<Applied, EditError> {
        let name = match name {
            Some(name) => name.to_owned(),
            None => self.fresh_name(kind.shape(), vhost),
        };
        let node = Node {
            id: self.next_node_id(),
            name,
            vhost: vhost.clone(),
            position,
            kind: kind.clone(),
        };
        self.insert(&[node], &[])
    }

    fn insert(&mut self, nodes: &[Node], edges: &[Edge]) -> Result<Applied, EditError> {
        if self.nodes.len() + nodes.len() > NODES_MAX {
            return Err(Problem::new(ProblemCode::TooManyNodes).with("max", NODES_MAX));
        }
        if self.edges.len() + edges.len() > EDGES_MAX {
            return Err(Problem::new(ProblemCode::TooManyEdges).with("max", EDGES_MAX));
        }
        let mut next = self.clone();
        let mut renumbered = SortedMap::new();
        // Looking through all lines for each new one would be quadratic in a large load: that is
        // done only for pairs that a line joins already.
        let mut joined: SortedMap<NodeId, NodeSet> = SortedMap::new();
        if !edges.is_empty() {
            // Every node at first, in order: what is put in later is found or goes to the end.
            joined = self.nodes.keys().map(|id| (*id, NodeSet::new())).collect();
            for edge in self.edges.values() {
                joined.or_default(edge.from).insert(edge.to);
            }
        }
        let mut applied = Applied::default();
        for node in nodes {
            self.known_vhost(&node.vhost)?;
            bounds::check_node(node)?;
            let id = if next.nodes.contains_key(&node.id) || node.id.0 > ID_MAX {
                next.next_node_id()
            } else {
                node.id
            };
            renumbered.insert(node.id, id);
            applied.nodes.push(id);
            let mut node = node.clone();
            node.id = id;
            node.position = bounds::clamp(node.position);
            next.nodes.insert(id, Rc::new(node));
        }
        for edge in edges {
            let end = |node: &NodeId| renumbered.get(node).copied().unwrap_or(*node);
            let (from, to) = (end(&edge.from), end(&edge.to));
            let id = if next.edges.contains_key(&edge.id) || edge.id.0 > ID_MAX {
                next.next_edge_id()
            } else {
                edge.id
            };
            next.check_edge(from, to, &edge.kind, None)?;
            if !joined.or_default(from).insert(to) {
                check_twin(next.beside(from, to, None), &edge.kind)?;
            }
            applied.edges.push(id);
            let kind = edge.kind.clone();
            next.edges.insert(id, Rc::new(Edge { id, from, to, kind }));
        }
        *self = next;
        Ok(applied)
    }

    fn remove(&mut self, nodes: &[NodeId], edges: &[EdgeId]) -> Result<Applied, EditError> {
        for node in nodes {
            self.existing(*node)?;
        }
        for edge in edges {
            if !self.edges.contains_key(edge) {
                return Err(Problem::new(ProblemCode::UnknownEdge).at_edge(*edge));
            }
        }
        let gone = set_of(nodes.iter().copied());
        for edge in edges {
            self.edges.remove(edge);
        }
        if !gone.is_empty() {
            self.nodes.retain(|id, _| !gone.contains(id));
            self.edges
                .retain(|_, edge| !gone.contains(&edge.from) && !gone.contains(&edge.to));
        }
        Ok(Applied::default())
    }

    fn move_nodes(&mut self, nodes: &[(NodeId, Point)]) -> Result<Applied, EditError> {
        for (node, _) in nodes {
            self.existing(*node)?;
        }
        for (id, position) in nodes {
            if let Some(node) = self.nodes.get_mut(id) {
                let position = bounds::clamp(*position);
                if node.position != position {
                    Rc::make_mut(node).position = position;
                }
            }
        }
        Ok(Applied::default())
    }

    fn set_node(&mut self, id: NodeId, kind: &NodeKind) -> Result<Applied, EditError> {
        let before = self.existing(id)?;
        if before.kind.shape() != kind.shape() {
            return Err(Problem::new(ProblemCode::NodeKindChanged)
                .at_node(id)
                .with("from", before.kind.shape().word())
                .with("to", kind.shape().word()));
        }
        if before.kind == *kind {
            return Ok(Applied::default());
        }
        let mut node = before.clone();
        node.kind = kind.clone();
        bounds::check_node(&node)?;
        self.nodes.insert(id, Rc::new(node));
        Ok(Applied::default())
    }

    fn connect(
        &mut self,
        from: NodeId,
        to: NodeId,
        kind: Option<&EdgeKind>,
    ) -> Result<Applied, EditError> {
        let meaning = self.link(from, to)?;
        let Some(fresh) = meaning.edge_kind() else {
            return self.dead_letter_to(from, to);
        };
        let kind = kind.cloned().unwrap_or(fresh);
        if self.edges.len() >= EDGES_MAX {
            return Err(Problem::new(ProblemCode::TooManyEdges).with("max", EDGES_MAX));
        }
        self.check_edge(from, to, &kind, None)?;
        check_twin(self.beside(from, to, None), &kind)?;
        let id = self.next_edge_id();
        self.edges.insert(id, Rc::new(Edge { id, from, to, kind }));
        Ok(Applied {
            nodes: Vec::new(),
            edges: vec![id],
        })
    }

    fn dead_letter_to(&mut self, queue: NodeId, exchange: NodeId) -> Result<Applied, EditError> {
        let name = self.existing(exchange)?.name.clone();
        let mut node = self.existing(queue)?.clone();
        if let NodeKind::Queue(settings) = &mut node.kind {
            settings
                .arguments
                .set("x-dead-letter-exchange", FieldValue::text(&name));
        }
        self.nodes.insert(queue, Rc::new(node));
        Ok(Applied::default())
    }

    fn reconnect(&mut self, id: EdgeId, from: NodeId, to: NodeId) -> Result<Applied, EditError> {
        let edge = self.existing_edge(id)?;
        if edge.from == from && edge.to == to {
            return Ok(Applied::default());
        }
        let meaning = self.link(from, to).map_err(|error| error.at_edge(id))?;
        let Some(fresh) = meaning.edge_kind() else {
            return Err(Problem::new(ProblemCode::EdgeKindMismatch).at_edge(id));
        };
        // A binding stays a binding with its key; a line that changes its meaning starts afresh.
        let kind = if meaning.fits(&edge.kind) {
            edge.kind.clone()
        } else {
            fresh
        };
        self.check_edge(from, to, &kind, Some(id))?;
        check_twin(self.beside(from, to, Some(id)), &kind)?;
        self.edges.insert(id, Rc::new(Edge { id, from, to, kind }));
        Ok(Applied::default())
    }

    fn set_edge(&mut self, id: EdgeId, kind: &EdgeKind) -> Result<Applied, EditError> {
        let edge = self.existing_edge(id)?;
        let (from, to) = (edge.from, edge.to);
        self.check_edge(from, to, kind, Some(id))?;
        check_twin(self.beside(from, to, Some(id)), kind)?;
        let kind = kind.clone();
        self.edges.insert(id, Rc::new(Edge { id, from, to, kind }));
        Ok(Applied::default())
    }

    fn set_options(&mut self, options: &Options) -> Result<Applied, EditError> {
        bounds::check_options(options)?;
        let Options {
            title,
            description,
            seed,
            profile,
            broker,
            duration,
            speed,
        } = options.clone();
        self.title = title.unwrap_or_else(|| self.title.clone());
        self.description = description.unwrap_or_else(|| self.description.clone());
        self.seed = seed.unwrap_or(self.seed);
        self.profile = profile.unwrap_or(self.profile);
        self.broker = broker.unwrap_or(self.broker);
        self.duration = duration.unwrap_or(self.duration);
        self.speed = speed.unwrap_or(self.speed);
        Ok(Applied::default())
    }

    fn add_vhost(&mut self, name: &VhostName) -> Result<Applied, EditError> {
        if self.vhosts.contains(name) {
            return Err(Problem::new(ProblemCode::VhostTaken).with("vhost", name));
        }
        if self.vhosts.len() >= VHOSTS_MAX {
            return Err(Problem::new(ProblemCode::TooManyVhosts).with("max", VHOSTS_MAX));
        }
        self.vhosts.push(name.clone());
        Ok(Applied::default())
    }

    fn remove_vhost(&mut self, name: &VhostName) -> Result<Applied, EditError> {
        self.known_vhost(name)?;
        if self.vhosts.len() == 1 {
            return Err(Problem::new(ProblemCode::LastVhost).with("vhost", name));
        }
        if self.nodes.values().any(|node| node.vhost == *name) {
            return Err(Problem::new(ProblemCode::VhostNotEmpty).with("vhost", name));
        }
        self.vhosts.retain(|vhost| vhost != name);
        Ok(Applied::default())
    }

    fn existing(&self, node: NodeId) -> Result<&Node, EditError> {
        self.node(node)
            .ok_or_else(|| Problem::new(ProblemCode::UnknownNode).at_node(node))
    }

    fn existing_edge(&self, edge: EdgeId) -> Result<&Edge, EditError> {
        self.edge(edge)
            .ok_or_else(|| Problem::new(ProblemCode::UnknownEdge).at_edge(edge))
    }

    fn known_vhost(&self, name: &VhostName) -> Result<(), EditError> {
        if self.vhosts.contains(name) {
            Ok(())
        } else {
            Err(Problem::new(ProblemCode::UnknownVhost).with("vhost", name))
        }
    }

    fn link(&self, from: NodeId, to: NodeId) -> Result<LinkKind, EditError> {
        link(self, from, to).map_err(|code| {
            let name = |id| self.node(id).map_or_else(String::new, |n| n.name.clone());
            Problem::new(code)
                .at_node(from)
                .with("from", name(from))
                .with("to", name(to))
        })
    }

    /// Whether a line of `kind` may join `from` and `to`; `except` is the line itself, if it
    /// exists.
    fn check_edge(
        &self,
        from: NodeId,
        to: NodeId,
        kind: &EdgeKind,
        except: Option<EdgeId>,
    ) -> Result<(), EditError> {
        let meaning = self.link(from, to)?;
        if !meaning.fits(kind) {
            let mut problem = Problem::new(ProblemCode::EdgeKindMismatch).at_node(from);
            problem.place.edge = except;
            return Err(problem);
        }
        bounds::check_edge_kind(kind)
    }

    /// The lines from `from` to `to`, but for `except`.
    fn beside(
        &self,
        from: NodeId,
        to: NodeId,
        except: Option<EdgeId>,
    ) -> impl Iterator<Item = &Edge> {
        self.edges
            .values()
            .map(AsRef::as_ref)
            .filter(move |e| e.from == from && e.to == to && Some(e.id) != except)
    }
}

/// The number of a name that [`Scenario::fresh_name`] would give: 1 for the word alone.
fn number_of(name: &str, word: &str) -> Option<usize> {
    let rest = name.strip_prefix(word)?;
    if rest.is_empty() {
        return Some(1);
    }
    let digits = rest.strip_prefix('-')?;
    let number = digits.parse().ok().filter(|number| *number > 1)?;
    // `queue-02` is another name than `queue-2`.
    (!digits.starts_with(['0', '+'])).then_some(number)
}

/// Two bindings between one pair must differ in key or arguments; publish and consume lines stand
/// alone (RabbitMQ would take the second binding for the first).
fn check_twin<'a>(
    mut beside: impl Iterator<Item = &'a Edge>,
    kind: &EdgeKind,
) -> Result<(), EditError> {
    match beside.find(|edge| edge.kind == *kind) {
        None => Ok(()),
        Some(edge) => Err(Problem::new(ProblemCode::LinkTwice).at_edge(edge.id)),
    }
}
