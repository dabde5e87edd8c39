//! Where load can be put: what the dialog "add load" offers.
//!
//! Deliberately not here: putting it there (`annex.rs`).

use super::view::LoadView;
use super::{App, describe, format};
use crate::scenario::{EdgeKind, LoadOptions, Node, NodeKind};
use crate::types::{NodeId, NodeSet, set_of, shortest};

/// Exchanges and queues that the dialog lists; a file may have ten thousand.
const CHOICES_MAX: usize = 500;
/// Of these, ticked at first when nothing is selected.
const TICKED_MAX: usize = 10;

impl App {
    /// Where load can be put (dialog "add load"). Ticked are the selected ones; when none is, those
    /// that have no producer or consumer yet.
    #[must_use]
    #[inline(never)]
    pub fn load_choices(&self) -> LoadView {
        let options = LoadOptions::default();
        LoadView {
            exchanges: self.choices(|node, served| match &node.kind {
                NodeKind::Exchange(exchange) if !exchange.internal => {
                    let routes = self
                        .scene
                        .edges_at(node.id)
                        .any(|edge| edge.from == node.id);
                    Some(routes && !served.contains(&node.id))
                }
                NodeKind::Exchange(_)
                | NodeKind::Producer(_)
                | NodeKind::Queue(_)
                | NodeKind::Consumer(_) => None,
            }),
            queues: self.choices(|node, served| match &node.kind {
                NodeKind::Queue(_) => Some(!served.contains(&node.id)),
                NodeKind::Exchange(_) | NodeKind::Producer(_) | NodeKind::Consumer(_) => None,
            }),
            rate: format::rate(options.rate),
            service: format!("{}ms", shortest(options.service.mean() * 1000.0)),
        }
    }

    /// Nodes that `pick` takes, with whether they are ticked. `pick` is told which exchanges are
    /// published to and which queues are consumed from.
    fn choices(
        &self,
        pick: impl Fn(&Node, &NodeSet) -> Option<bool>,
    ) -> Vec<(NodeId, String, bool)> {
        let words = self.words();
        let edges = self.scenario().edges.values();
        let served = set_of(edges.filter_map(|edge| match edge.kind {
            EdgeKind::Publish => Some(edge.to),
            EdgeKind::Consume => Some(edge.from),
            EdgeKind::Binding { .. } => None,
        }));
        let selected = self.editor.selection.nodes();
        let mut ticked = 0;
        self.scene
            .nodes()
            .filter_map(|node| self.scenario().node(node.id))
            .filter_map(|node| {
                let wanted = pick(node, &served)?;
                let tick = if selected.is_empty() {
                    wanted && ticked < TICKED_MAX
                } else {
                    selected.contains(&node.id)
                };
                ticked += usize::from(tick);
                Some((node.id, describe::name_of(node, words), tick))
            })
            .take(CHOICES_MAX)
            .collect()
    }
}
