//! The document, its undo, and the run that follows it.
//!
//! An edit reaches the run at once: one that has not begun is made anew, one under way takes the
//! change over as an operator's action. Deliberately not here: which edits (`dispatch.rs`).

use super::{App, Request, problem_text};
use crate::editor::Scene;
use crate::scenario::{Applied, Edit, EditLabel, Scenario, format};
use crate::sim::{OperatorAction, Simulation};
use crate::text::Words;
use crate::types::{NodeId, ProblemCode, Severity, SortedMap, VhostName, shortest};
use std::rc::Rc;

/// Sentences of the narration that are kept; more than anybody scrolls back.
const NARRATION_MAX: usize = 40;

/// The virtual host to show first: the first that has anything.
pub(super) fn first_vhost(scenario: &Scenario) -> VhostName {
    let has_nodes = |vhost: &&VhostName| scenario.nodes.values().any(|node| node.vhost == **vhost);
    scenario
        .vhosts
        .iter()
        .find(has_nodes)
        .or_else(|| scenario.vhosts.first())
        .cloned()
        .unwrap_or_else(|| VhostName::truncated("/"))
}

impl App {
    /// Carries out one edit as an undo step of its own, or says why not.
    pub(super) fn edit(&mut self, edit: &Edit) -> Option<Applied> {
        match self.history.apply(edit) {
            Ok(applied) => {
                self.document_changed(edit.label());
                Some(applied)
            }
            Err(problem) => {
                let words = self.words();
                let reason = problem_text(&problem, words);
                self.refuse(words.say_edit_refused(&reason));
                None
            }
        }
    }

    /// The document is another than before.
    pub(super) fn document_changed(&mut self, label: EditLabel) {
        self.request(Request::Save);
        self.rebuild_scene();
        match label {
            // Where boxes stand is nothing to a run.
            EditLabel::Move => {}
            EditLabel::Replace => self.start_over(),
            EditLabel::Add
            | EditLabel::Insert
            | EditLabel::Remove
            | EditLabel::Rename
            | EditLabel::SetNode
            | EditLabel::Connect
            | EditLabel::Reconnect
            | EditLabel::SetEdge
            | EditLabel::SetOptions
            | EditLabel::Vhosts => self.follow_document(),
        }
    }

    fn follow_document(&mut self) {
        if self.run_is_fresh {
            self.start_over();
            return;
        }
        let scenario = Rc::clone(self.scenario());
        // An edit of the document is always possible.
        let _ = self.run.operate(OperatorAction::Edit(scenario));
        // The document may have what stood outside of it before.
        self.wire_version = (u64::MAX, 0);
        self.playback.ended = None;
    }

    /// Begins the run anew at time 0 with the document as it stands.
    pub(super) fn start_over(&mut self) {
        self.run = Simulation::new(Rc::clone(self.scenario()));
        self.run_is_fresh = true;
        self.run_number += 1;
        self.playback.rewind();
        self.followed = None;
        self.narrated = 0;
        self.narration.clear();
        self.outside_places.clear();
        self.pipes_ended = true;
    }

    /// Makes boxes and lines anew from the document.
    pub(super) fn rebuild_scene(&mut self) {
        if !self.scenario().vhosts.contains(&self.vhost) {
            self.vhost = first_vhost(self.scenario());
        }
        self.shown = self.with_outside();
        self.scene = Scene::new(self.shown(), &self.vhost);
        self.editor.prune(&mut self.scene);
        self.problems_stale = true;
        self.stage_dirty = true;
    }

    pub(super) fn undo(&mut self) {
        let words = self.words();
        if let Some(label) = self.history.undo() {
            self.refused_fields.clear();
            self.after_travel(label);
            self.announce(words.say_undone(edit_name(label, words)));
        }
    }

    pub(super) fn redo(&mut self) {
        let words = self.words();
        if let Some(label) = self.history.redo() {
            self.refused_fields.clear();
            self.after_travel(label);
            self.announce(words.say_redone(edit_name(label, words)));
        }
    }

    /// Undo or redo went over a step.
    fn after_travel(&mut self, label: EditLabel) {
        self.document_changed(label);
        if label == EditLabel::Replace {
            self.file_problems.clear();
            self.file_places.clear();
            self.vhost = first_vhost(self.scenario());
            self.playback
                .set_speed(self.scenario().speed.unwrap_or(1.0));
            self.rebuild_scene();
            self.fit();
        }
    }

    /// Puts another document in the place of this one; undo brings it back.
    pub(super) fn replace_document(&mut self, scenario: Scenario) -> bool {
        let speed = scenario.speed.unwrap_or(1.0);
        let before = std::mem::replace(&mut self.vhost, first_vhost(&scenario));
        let run_number = self.run_number;
        if self.edit(&Edit::Replace(Rc::new(scenario))).is_none() {
            self.vhost = before;
            return false;
        }
        // The same document again is no change, but it is meant to begin anew. Making a run twice
        // would be felt with ten thousand queues.
        if self.run_number == run_number {
            self.start_over();
        }
        self.editor.put_down(&mut self.scene);
        self.editor.selection = crate::editor::Selection::default();
        self.refused_fields.clear();
        self.file_problems.clear();
        self.file_places.clear();
        self.hint = None;
        self.playback.set_speed(speed);
        self.stage_dirty = true;
        self.fit();
        true
    }

    /// The document as text, to keep; opens again as it was.
    #[must_use]
    pub fn document_text(&self) -> String {
        format::write(self.scenario())
    }

    pub(super) fn refresh_problems(&mut self) {
        if self.problems_stale {
            self.problems_stale = false;
            self.document_problems = crate::scenario::validate(self.scenario());
            self.worst_problems = self.worst_of_nodes();
        }
    }

    /// Of each node with warnings or errors the worst, by its place in the list. Sentences are made
    /// only for what is shown: a file of ten thousand queues may have as many problems.
    fn worst_of_nodes(&self) -> SortedMap<NodeId, usize> {
        let mut worst = SortedMap::new();
        for (index, problem) in self.document_problems.iter().enumerate() {
            let severity = problem.severity();
            let node = problem.place.node.or_else(|| {
                let edge = self.scenario().edge(problem.place.edge?)?;
                Some(edge.from)
            });
            let Some(node) = node.filter(|_| severity > Severity::Notice) else {
                continue;
            };
            let known = worst.or_insert_with(node, || index);
            if severity > self.document_problems[*known].severity() {
                *known = index;
            }
        }
        worst
    }

    /// Why a link cannot be.
    pub(super) fn refusal(&self, code: ProblemCode) -> String {
        let words = self.words();
        let what = words.problem(code, &[]);
        let fix = words.problem_fix(code, &[]);
        format!("{what} {fix}").trim_end().to_owned()
    }

    pub(super) fn request(&mut self, request: Request) {
        if request != Request::Save || !self.requests.contains(&Request::Save) {
            self.requests.push(request);
        }
    }

    /// Says something when there is a pause.
    pub(super) fn announce(&mut self, text: String) {
        self.request(Request::Announce {
            text,
            assertive: false,
        });
    }

    /// Says at once, and shows at the stage, why something was not done.
    pub(super) fn refuse(&mut self, text: String) {
        self.hint = Some(text.clone());
        self.stage_dirty = true;
        self.request(Request::Announce {
            text,
            assertive: true,
        });
    }

    /// Writes down what happened since last time, for the text equivalent of the picture.
    pub(super) fn narrate(&mut self) {
        let next = self.run.next_sequence();
        let from = self
            .narrated
            .max(self.run.first_retained())
            .max(next.saturating_sub(NARRATION_MAX as u64));
        if from >= next {
            return;
        }
        let mut sentences = Vec::new();
        self.run.records_since(from, |record| {
            if let Some(what) = self.tell(record) {
                let time = super::format::clock(record.at);
                sentences.push(self.words().narrate(&time, &what));
            }
        });
        self.narrated = next;
        self.narration.extend(sentences);
        while self.narration.len() > NARRATION_MAX {
            self.narration.pop_front();
        }
    }

    /// What has happened lately, newest last, as sentences: a text equivalent of the picture.
    pub fn narration(&mut self) -> Vec<String> {
        self.narrate();
        self.narration.iter().cloned().collect()
    }

    /// Checks what must hold after every action; tests call it.
    ///
    /// # Errors
    /// What does not hold.
    pub fn validate_invariants(&self) -> Result<(), String> {
        let selection = &self.editor.selection;
        for node in selection.nodes() {
            if !self.scene.has(*node) {
                return Err(format!("node {node} is selected and not on the stage"));
            }
        }
        if selection
            .edge()
            .is_some_and(|edge| self.scene.edge(edge).is_none())
        {
            return Err("an edge is selected and not on the stage".to_owned());
        }
        let viewport = &self.editor.viewport;
        let numbers = [viewport.pan_x, viewport.pan_y, viewport.zoom];
        if !numbers.into_iter().all(f64::is_finite) || viewport.zoom <= 0.0 {
            let numbers = numbers.map(shortest).join(", ");
            return Err(format!("the view is broken: {numbers}"));
        }
        let scenario = self.scenario();
        for edge in scenario.edges.values() {
            if scenario.node(edge.from).is_none() || scenario.node(edge.to).is_none() {
                return Err(format!("edge {} has a loose end", edge.id));
            }
        }
        if scenario.vhosts.is_empty() {
            return Err("the document has no virtual host".to_owned());
        }
        Ok(())
    }
}

/// What an undo step is called.
pub(super) fn edit_name(label: EditLabel, words: Words) -> &'static str {
    match label {
        EditLabel::Add => words.edit_add(),
        EditLabel::Insert => words.edit_insert(),
        EditLabel::Remove => words.edit_remove(),
        EditLabel::Move => words.edit_move(),
        EditLabel::Rename => words.edit_rename(),
        EditLabel::SetNode => words.edit_set_node(),
        EditLabel::Connect => words.edit_connect(),
        EditLabel::Reconnect => words.edit_reconnect(),
        EditLabel::SetEdge => words.edit_set_edge(),
        EditLabel::SetOptions => words.edit_set_options(),
        EditLabel::Vhosts => words.edit_vhosts(),
        EditLabel::Replace => words.edit_replace(),
    }
}
