//! The document: the only thing that is saved, shared and undone.
//!
//! A [`Scenario`] says what stands on the stage and how it behaves. It does not run: a
//! [`Simulation`](crate::sim) is made from it. Deliberately not here: selection, viewport and
//! playhead (the page's), and everything that happened in a run.

mod add_load;
pub mod definitions;
mod edge;
mod edit;
pub mod format;
pub mod gallery;
mod history;
pub mod layout;
pub mod limits;
mod link;
mod load;
mod locate;
pub(crate) mod names;
mod node;
mod problem;
mod rates;
mod settings;
mod validate;

pub use add_load::{LoadOptions, add_load};
pub use edge::{Edge, EdgeKind};
pub use edit::{Applied, Edit, EditError, EditLabel, Options};
pub use history::History;
pub use link::{LinkKind, Shape, link, link_shapes};
pub use load::{Arrivals, Load, LoadShape, RatePoint};
pub use node::{
    AckMode, Choice, Consumer, Distribution, Exchange, FailureOutcome, Failures, HeaderChoice,
    Node, NodeKind, Outage, OutageKind, Point, Producer, Queue,
};
pub use problem::{Place, Problem};
pub use rates::{RateOptions, RateValues, read_rates};
pub use settings::BrokerSettings;
pub use validate::validate;

use crate::types::{EdgeId, NodeId, Profile, SimDuration, SortedMap, VhostName};
use std::rc::Rc;

/// A text in the languages of the page; in JSON a plain string (for both) or `{"en": .., "zh":
/// ..}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocalText {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// A whole document. Nodes and edges are shared, so that a copy for undo costs pointers only.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scenario {
    /// What it is called.
    pub title: LocalText,
    /// What to look at; a few sentences.
    pub description: LocalText,
    /// Seeds every random stream of a run.
    pub seed: u64,
    /// Which RabbitMQ is imitated where versions differ.
    pub profile: Profile,
    /// What the broker has.
    pub broker: BrokerSettings,
    /// Virtual hosts in order; never empty in a valid document.
    pub vhosts: Vec<VhostName>,
    /// How long a run is meant to last; `None` for as long as one watches.
    pub duration: Option<SimDuration>,
    /// How fast the page plays it at first: simulated seconds per second of wall clock.
    pub speed: Option<f64>,
    /// Boxes on the stage.
    pub nodes: SortedMap<NodeId, Rc<Node>>,
    /// Lines between them.
    pub edges: SortedMap<EdgeId, Rc<Edge>>,
    /// What a definitions file held that the stage does not show (users, permissions, policies,
    /// parameters ...), kept so that an export gives it back.
    pub carried: format::JsonObject,
}

impl Scenario {
    /// An empty document with the virtual host `/`.
    #[must_use]
    pub fn new() -> Self {
        Self {
            vhosts: vec![VhostName::truncated("/")],
            ..Self::default()
        }
    }

    /// The node, when it exists.
    #[must_use]
    pub fn node(&self, node: NodeId) -> Option<&Node> {
        self.nodes.get(&node).map(AsRef::as_ref)
    }

    /// The edge, when it exists.
    #[must_use]
    pub fn edge(&self, edge: EdgeId) -> Option<&Edge> {
        self.edges.get(&edge).map(AsRef::as_ref)
    }

    /// Edges that begin or end at `node`.
    pub fn edges_at(&self, node: NodeId) -> impl Iterator<Item = &Edge> {
        self.edges
            .values()
            .map(AsRef::as_ref)
            .filter(move |edge| edge.touches(node))
    }

    /// An id that no node has: one above the highest, so that ids are not reused while undo can
    /// bring a deleted node back.
    #[must_use]
    pub fn next_node_id(&self) -> NodeId {
        NodeId(
            self.nodes
                .keys()
                .next_back()
                .map_or(1, |last| last.0.saturating_add(1)),
        )
    }

    /// An id that no edge has.
    #[must_use]
    pub fn next_edge_id(&self) -> EdgeId {
        EdgeId(
            self.edges
                .keys()
                .next_back()
                .map_or(1, |last| last.0.saturating_add(1)),
        )
    }
}

#[cfg(test)]
mod tests;
