//! The one door: every action a person or a script asks for, carried out.
//!
//! Deliberately not here: named actions with their keys (`registry.rs`).

use super::{
    Action, App, KeyPress, PointerInput, Request, ShellFailure, describe, field, registry,
    view::NodeShape,
};
use crate::editor::geometry::{rect_of, size_of};
use crate::editor::{EdgeKey, Intent, PaletteItem, Selection, Spot, Tool};
use crate::scenario::{Edit, Node, NodeKind, Point};
use crate::text::Language;
use crate::types::{EdgeId, NodeId, NodeSet, VhostName, parse_number};

impl App {
    /// Carries out what is asked, and says what the shell is to do.
    pub fn dispatch(&mut self, action: Action) -> Vec<Request> {
        self.hint = None;
        self.stage_dirty = true;
        self.carry_out(action);
        std::mem::take(&mut self.requests)
    }

    fn carry_out(&mut self, action: Action) {
        match action {
            Action::Perform(id) => self.carry_out_named(&id),
            Action::Hold(item) => self.editor.hold(item),
            Action::Add(item) => {
                let spot = self.free_spot(size_of(&item.kind()));
                self.place(item, spot);
                // The free spot may lie outside of what is seen.
                let added = self.editor.selection.node();
                if let Some(rect) = added.and_then(|node| self.scene.rect(node)) {
                    self.editor.viewport.bring_into_view(&rect);
                }
            }
            Action::Place { item, x, y } => {
                let spot = self.editor.viewport.to_stage(x, y);
                self.place(item, spot);
            }
            Action::Link { from, to } => self.link(from, to),
            Action::SelectNode { node, add } => self.select_node(node, add),
            Action::SelectEdge(edge) => {
                let key = EdgeKey::Edge(edge);
                if self.scene.edge(key).is_some() {
                    self.select(Selection::of_edge(key));
                }
            }
            Action::SelectNothing => self.select(Selection::default()),
            Action::Reveal(node) => self.reveal(node),
            Action::SetField { key, value } => self.set_field(&key, &value),
            Action::SetSpeed(speed) => self.playback.set_speed(speed),
            Action::Follow(message) => self.followed = message,
            Action::SetVhost(name) => self.show_vhost(&name),
            Action::Open { name, text } => self.open(&name, &text),
            Action::OpenGallery(key) => self.open_gallery(&key),
            Action::ScenarioCame { key, text } => self.open_scenario(&key, &text),
            Action::AddLoad {
                exchanges,
                queues,
                rate,
                service,
            } => self.add_load(&exchanges, &queues, &rate, &service),
            Action::AnnexCame(action) => {
                self.annex_missing = false;
                self.carry_out(*action);
            }
            Action::Duplicate { nodes, dx, dy } => self.duplicate_by(nodes, dx, dy),
            Action::SetLanguage(language) => self.choose_language(language),
            Action::TextsCame(language) => {
                self.missing_languages
                    .retain(|missing| *missing != language);
                // Somebody may have chosen otherwise in between.
                if self.awaited_language == Some(language) {
                    self.choose_language(language);
                }
            }
            Action::SetTheme(theme) => {
                self.preferences.theme = theme;
                self.remember();
            }
            Action::SetColouring(colouring) => {
                self.preferences.colouring = colouring;
                self.remember();
            }
            Action::SetZoom(zoom) => {
                let (x, y) = self.middle_of_element();
                let factor = zoom / self.editor.viewport.zoom;
                self.editor.viewport.zoom_about(x, y, factor);
            }
            Action::Failed(failure) => self.shell_failed(failure),
        }
    }

    /// Asks for the annex where it is missing, and to be told to do this when it came; true then.
    pub(super) fn awaits_annex(&mut self, action: impl FnOnce() -> Action) -> bool {
        if self.annex_missing {
            self.request(Request::LoadAnnex(action()));
        }
        self.annex_missing
    }

    /// Puts copies of nodes beside them, once what does it is there.
    pub(super) fn duplicate_by(&mut self, nodes: NodeSet, dx: f64, dy: f64) {
        let again = || Action::Duplicate {
            nodes: nodes.clone(),
            dx,
            dy,
        };
        if !self.awaits_annex(again) {
            self.duplicate(&nodes, dx, dy);
        }
    }

    /// Speaks another language, once its texts are there.
    fn choose_language(&mut self, language: Language) {
        self.awaited_language = None;
        if self.missing_languages.contains(&language) {
            self.awaited_language = Some(language);
            self.request(Request::LoadTexts(language));
            return;
        }
        self.preferences.language = language;
        self.refused_fields.clear();
        self.narrated = 0;
        self.narration.clear();
        self.playback.last_step = None;
        self.remember();
    }

    fn remember(&mut self) {
        let text = self.preferences.to_text();
        self.request(Request::Remember { text });
    }

    fn shell_failed(&mut self, failure: ShellFailure) {
        let words = self.words();
        let text = match failure {
            ShellFailure::Storage => words.failed_storage(),
            ShellFailure::Clipboard => words.failed_clipboard(),
            ShellFailure::Reading => words.failed_reading(),
            ShellFailure::Annex => words.failed_annex(),
            ShellFailure::Texts => {
                self.awaited_language = None;
                words.failed_texts()
            }
        };
        self.refuse(text.to_owned());
    }

    pub(super) fn middle_of_element(&self) -> (f64, f64) {
        let viewport = &self.editor.viewport;
        (viewport.width / 2.0, viewport.height / 2.0)
    }

    /// The stage element has this size now, in CSS pixels.
    pub fn resize(&mut self, width: f64, height: f64) {
        if width >= 1.0 && height >= 1.0 {
            self.editor.viewport.resize(width, height);
            self.stage_dirty = true;
        }
    }

    /// Shows everything.
    pub(super) fn fit(&mut self) {
        if let Some(bounds) = self.scene.bounds() {
            self.editor.viewport.fit(&bounds);
        }
        self.stage_dirty = true;
    }

    /// A pointer did something on the stage.
    pub fn pointer(&mut self, input: PointerInput) -> Vec<Request> {
        let before = (self.editor.clone(), self.hint.clone());
        let intents = self.editor.pointer(input, &mut self.scene);
        if self.editor != before.0 {
            self.stage_dirty = true;
            if *self.editor.tool() != Tool::Idle || !intents.is_empty() {
                self.hint = None;
            }
        }
        for intent in intents {
            self.carry_out_intent(intent);
        }
        std::mem::take(&mut self.requests)
    }

    fn carry_out_intent(&mut self, intent: Intent) {
        self.stage_dirty = true;
        match intent {
            Intent::Move {
                nodes,
                dx,
                dy,
                copy,
            } => {
                if copy {
                    self.duplicate_by(nodes, dx, dy);
                } else {
                    self.move_by(&nodes, dx, dy);
                }
            }
            Intent::Link { from, to } => self.link(from, to),
            Intent::Place { item, at } => self.place(item, at),
            Intent::Open(node) => self.open_node(node),
            // A message lies over boxes and lines, so a click that finds one follows it.
            Intent::Click(spot) => {
                if let Some(message) = self.message_at(spot) {
                    self.followed = Some(message);
                }
            }
            Intent::Selected => self.selection_changed(),
        }
    }

    /// A key went down; `None` when it is not ours and the browser should have it.
    pub fn key(&mut self, press: &KeyPress) -> Option<Vec<Request>> {
        let id = match self.action_on_focused(press) {
            Some(id) => id,
            None => self.action_for(press)?,
        };
        Some(self.perform(&id))
    }

    /// A key that does something to what is selected does it to the node that has the focus, when
    /// that is another.
    fn action_on_focused(&mut self, press: &KeyPress) -> Option<String> {
        let node = press
            .node
            .filter(|node| press.on_stage && self.scene.has(*node))?;
        let selected = self.editor.selection.nodes().contains(&node);
        if selected || matches!(self.editor.tool(), Tool::Connecting { .. }) {
            return None;
        }
        let focused = Selection::of_nodes([node]);
        let before = std::mem::replace(&mut self.editor.selection, focused);
        let id = self.action_for(press);
        if id.as_deref().is_some_and(registry::is_about_selection) {
            self.selection_changed();
            return id;
        }
        self.editor.selection = before;
        None
    }

    // --- placing, linking, moving ---

    fn place(&mut self, item: PaletteItem, centre: Spot) {
        let edit = Edit::AddNode {
            kind: item.kind(),
            name: None,
            vhost: self.vhost.clone(),
            position: Point::from(centre),
        };
        let Some(applied) = self.edit(&edit) else {
            return;
        };
        let Some(id) = applied.nodes.first().copied() else {
            return;
        };
        self.select(Selection::of_nodes([id]));
        let words = self.words();
        let kind = describe::kind_name(describe::shape_of(&item.kind()), words);
        self.announce(words.say_added(kind, &self.node_name(id)));
        self.request(Request::Focus(id));
    }

    pub(super) fn link(&mut self, from: NodeId, to: NodeId) {
        self.editor.put_down(&mut self.scene);
        match crate::scenario::link(self.scenario(), from, to) {
            Err(code) => {
                let reason = self.refusal(code);
                self.refuse(reason);
            }
            Ok(_) => {
                let edit = Edit::Connect {
                    from,
                    to,
                    kind: None,
                };
                let Some(applied) = self.edit(&edit) else {
                    return;
                };
                let key = match applied.edges.first() {
                    Some(edge) => EdgeKey::Edge(*edge),
                    None => EdgeKey::DeadLetter(from),
                };
                if self.scene.edge(key).is_some() {
                    self.select(Selection::of_edge(key));
                }
                let words = self.words();
                let said = words.say_linked(&self.node_name(from), &self.node_name(to));
                self.announce(said);
            }
        }
    }

    /// Moves boxes as one step.
    pub(super) fn move_by(&mut self, nodes: &NodeSet, dx: f64, dy: f64) {
        for id in nodes.iter().filter(|id| id.as_outside().is_some()) {
            self.move_outside(*id, dx, dy);
        }
        let moved: Vec<(NodeId, Point)> = nodes
            .iter()
            .filter_map(|id| {
                let centre = rect_of(self.scenario().node(*id)?).centre;
                Some((*id, Point::from(centre.moved(dx, dy))))
            })
            .collect();
        let last = moved.last().map(|(_, point)| *point);
        if let Some(point) = last
            && self.edit(&Edit::Move { nodes: moved }).is_some()
        {
            let words = self.words();
            self.announce(words.say_moved(point.x, point.y));
        }
    }

    /// Deletes what is selected; of a line that follows from an argument, the argument.
    pub(super) fn delete_selected(&mut self) {
        let words = self.words();
        let nodes: Vec<NodeId> = self.editor.selection.nodes().iter().copied().collect();
        let edge_from = self.selected_edge().map(|edge| edge.from);
        let done = match self.editor.selection.edge() {
            None if nodes.is_empty() => return self.announce(words.nothing_selected().to_owned()),
            None => {
                let count = nodes.len();
                let edges = Vec::new();
                self.edit(&Edit::Remove { nodes, edges }).map(|_| count)
            }
            Some(EdgeKey::Edge(edge)) => self
                .edit(&Edit::Remove {
                    nodes: Vec::new(),
                    edges: vec![edge],
                })
                .map(|_| 1),
            Some(EdgeKey::DeadLetter(node)) => self.drop_arguments(
                node,
                &["x-dead-letter-exchange", "x-dead-letter-routing-key"],
            ),
            Some(EdgeKey::Alternate(node)) => self.drop_arguments(node, &["alternate-exchange"]),
        };
        if let Some(count) = done {
            self.announce(words.say_removed(count));
            // The focus went with the line; keys go on at the box it came from.
            if let Some(from) = edge_from {
                self.request(Request::Focus(from));
            }
        }
        self.selection_changed();
    }

    fn drop_arguments(&mut self, node: NodeId, keys: &[&str]) -> Option<usize> {
        let mut kind = self.scenario().node(node)?.kind.clone();
        let arguments = match &mut kind {
            NodeKind::Queue(queue) => &mut queue.arguments,
            NodeKind::Exchange(exchange) => &mut exchange.arguments,
            NodeKind::Producer(_) | NodeKind::Consumer(_) => return None,
        };
        for key in keys {
            arguments.remove(key);
        }
        self.edit(&Edit::SetNode { node, kind }).map(|_| 1)
    }

    /// Opens a box for editing: its name in the inspector.
    pub(super) fn open_node(&mut self, node: NodeId) {
        self.select(Selection::of_nodes([node]));
        self.request(Request::FocusField {
            key: "name".to_owned(),
        });
    }

    // --- selecting and showing ---

    pub(super) fn select(&mut self, selection: Selection) {
        if self.editor.selection != selection {
            self.editor.selection = selection;
            self.selection_changed();
        }
    }

    fn selection_changed(&mut self) {
        self.refused_fields.clear();
        self.stage_dirty = true;
    }

    fn select_node(&mut self, node: NodeId, add: bool) {
        if !self.scene.has(node) {
            return;
        }
        let mut selection = if add {
            self.editor.selection.clone()
        } else {
            Selection::default()
        };
        selection.toggle(node);
        self.select(selection);
    }

    /// Shows a node in the middle, on whichever virtual host it is, and selects it.
    fn reveal(&mut self, node: NodeId) {
        let Some(vhost) = self.scenario().node(node).map(|node| node.vhost.clone()) else {
            return;
        };
        self.show_vhost(vhost.as_str());
        if let Some(rect) = self.scene.rect(node) {
            self.editor.viewport.centre_on(rect.centre);
            self.select(Selection::of_nodes([node]));
            self.request(Request::Focus(node));
        }
    }

    fn show_vhost(&mut self, name: &str) {
        let known = self.scenario().vhosts.iter().find(|v| v.as_str() == name);
        let Some(vhost) = known.cloned() else {
            return;
        };
        if vhost != self.vhost {
            self.vhost = vhost;
            self.editor.put_down(&mut self.scene);
            self.rebuild_scene();
            self.fit();
            self.selection_changed();
        }
    }

    pub(super) fn vhost(&self) -> &VhostName {
        &self.vhost
    }

    // --- fields ---

    fn set_field(&mut self, key: &str, value: &str) {
        let words = self.words();
        let edit = match (self.editor.selection.node(), self.editor.selection.edge()) {
            (Some(node), _) => self.node_edit(node, key, value),
            (None, Some(EdgeKey::Edge(edge))) => self.edge_edit(edge, key, value),
            (None, Some(EdgeKey::DeadLetter(_) | EdgeKey::Alternate(_))) => {
                match self.selected_owner() {
                    Some(node) => self.node_edit(node, key, value),
                    None => Err(words.error_no_field().to_owned()),
                }
            }
            (None, None) if self.editor.selection.is_empty() => {
                field::options_for(self.scenario(), key, value, words)
                    .map(|options| Edit::SetOptions(Box::new(options)))
            }
            (None, None) => Err(words.error_no_field().to_owned()),
        };
        self.refused_fields.remove(key);
        let refused = match edit {
            Err(reason) => Some(reason),
            Ok(edit) => match self.history.apply(&edit) {
                Ok(_) => {
                    self.document_changed(edit.label());
                    None
                }
                Err(problem) => Some(super::problem_text(&problem, words)),
            },
        };
        if let Some(reason) = refused {
            self.request(Request::Announce {
                text: reason.clone(),
                assertive: true,
            });
            self.refused_fields
                .insert(key.to_owned(), (value.to_owned(), reason));
        }
    }

    fn node_edit(&self, id: NodeId, key: &str, value: &str) -> Result<Edit, String> {
        let words = self.words();
        let missing = || words.error_no_field().to_owned();
        let node: &Node = self.scenario().node(id).ok_or_else(missing)?;
        let coordinate =
            |typed: &str| parse_number(typed.trim()).ok_or_else(|| words.error_number().to_owned());
        let moved = |spot: Spot| Edit::Move {
            nodes: vec![(id, Point::from(spot))],
        };
        let centre = rect_of(node).centre;
        match key {
            "name" => Ok(Edit::Rename {
                node: id,
                name: value.trim().to_owned(),
            }),
            "x" => Ok(moved(Spot::new(coordinate(value)?, centre.y))),
            "y" => Ok(moved(Spot::new(centre.x, coordinate(value)?))),
            _ => Ok(Edit::SetNode {
                node: id,
                kind: field::set_node(&node.kind, key, value, words)?,
            }),
        }
    }

    fn edge_edit(&self, id: EdgeId, key: &str, value: &str) -> Result<Edit, String> {
        let words = self.words();
        let missing = || words.error_no_field().to_owned();
        let edge = self.scenario().edge(id).ok_or_else(missing)?;
        let kind = field::set_edge(edge, key, value, words)?;
        Ok(Edit::SetEdge { edge: id, kind })
    }

    // --- for views ---

    /// Things to place.
    #[must_use]
    pub fn palette(&self) -> Vec<super::view::PaletteView> {
        let words = self.words();
        let held = if let Tool::Placing { item, .. } = self.editor.tool() {
            Some(*item)
        } else {
            None
        };
        PaletteItem::ALL
            .into_iter()
            .zip(1..)
            .map(|(item, number)| {
                let shape: NodeShape = describe::shape_of(&item.kind());
                super::view::PaletteView {
                    item,
                    shape,
                    label: describe::kind_name(shape, words).to_owned(),
                    help: describe::kind_help(shape, words).to_owned(),
                    shortcut: number.to_string(),
                    held: held == Some(item),
                }
            })
            .collect()
    }

    /// Virtual hosts of the document.
    #[must_use]
    pub fn vhosts(&self) -> Vec<super::view::VhostView> {
        let count = |vhost: &VhostName| {
            let nodes = self.scenario().nodes.values();
            nodes.filter(|node| node.vhost == *vhost).count()
        };
        self.scenario()
            .vhosts
            .iter()
            .map(|vhost| super::view::VhostView {
                name: vhost.to_string(),
                nodes: count(vhost),
                shown: vhost == self.vhost(),
            })
            .collect()
    }
}
