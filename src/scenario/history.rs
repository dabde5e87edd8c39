//! Undo and redo: labelled snapshots of the document, one for each gesture.
//!
//! Snapshots, because nodes and lines are shared and a copy costs pointers only. Deliberately not
//! here: selection and viewport, which undo never touches.

use super::limits::UNDO_STEPS_MAX;
use super::{Applied, Edit, EditError, EditLabel, Scenario};
use std::collections::VecDeque;
use std::rc::Rc;

#[derive(Debug, Clone)]
struct Step {
    label: EditLabel,
    scenario: Rc<Scenario>,
}

/// A gesture under way: the document as it was, and what the step will be called.
#[derive(Debug, Clone)]
struct Gesture {
    label: Option<EditLabel>,
    before: Rc<Scenario>,
}

/// The document and its past and future.
#[derive(Debug, Clone)]
pub struct History {
    present: Rc<Scenario>,
    past: VecDeque<Step>,
    future: Vec<Step>,
    gesture: Option<Gesture>,
}

impl History {
    /// A history that begins with `scenario`.
    #[must_use]
    pub const fn new(scenario: Rc<Scenario>) -> Self {
        Self {
            present: scenario,
            past: VecDeque::new(),
            future: Vec::new(),
            gesture: None,
        }
    }

    /// The document as it is.
    #[must_use]
    pub const fn present(&self) -> &Rc<Scenario> {
        &self.present
    }

    /// Carries out `edit`: a step of its own, or part of the gesture under way.
    ///
    /// # Errors
    /// Why it was refused; nothing has changed.
    pub fn apply(&mut self, edit: &Edit) -> Result<Applied, EditError> {
        let mut next = Scenario::clone(&self.present);
        let applied = next.apply(edit)?;
        if same(&next, &self.present) {
            return Ok(applied);
        }
        let next = Rc::new(next);
        match &mut self.gesture {
            Some(gesture) => {
                gesture.label.get_or_insert_with(|| edit.label());
                self.present = next;
            }
            None => {
                let before = std::mem::replace(&mut self.present, next);
                self.record(edit.label(), before);
            }
        }
        Ok(applied)
    }

    /// Begins a gesture (a drag, typing in a field): edits until [`end`](Self::end) become one
    /// step. Within a gesture it does nothing.
    pub fn begin(&mut self) {
        if self.gesture.is_none() {
            self.gesture = Some(Gesture {
                label: None,
                before: Rc::clone(&self.present),
            });
        }
    }

    /// Ends the gesture; it becomes one step, or none when it changed nothing.
    pub fn end(&mut self) {
        let Some(Gesture { label, before }) = self.gesture.take() else {
            return;
        };
        if let Some(label) = label
            && !same(&before, &self.present)
        {
            self.record(label, before);
        }
    }

    /// Gives the gesture up: the document is as it was when it began.
    pub fn cancel(&mut self) {
        if let Some(gesture) = self.gesture.take() {
            self.present = gesture.before;
        }
    }

    /// Takes the last step back and says which it was. A gesture under way ends first.
    pub fn undo(&mut self) -> Option<EditLabel> {
        self.end();
        let step = self.past.pop_back()?;
        let undone = std::mem::replace(&mut self.present, step.scenario);
        self.future.push(Step {
            label: step.label,
            scenario: undone,
        });
        Some(step.label)
    }

    /// Does again what was undone last and says which step it was.
    pub fn redo(&mut self) -> Option<EditLabel> {
        self.end();
        let step = self.future.pop()?;
        let before = std::mem::replace(&mut self.present, step.scenario);
        self.past.push_back(Step {
            label: step.label,
            scenario: before,
        });
        Some(step.label)
    }

    /// What [`undo`](Self::undo) would take back.
    #[must_use]
    pub fn undo_label(&self) -> Option<EditLabel> {
        self.gesture
            .as_ref()
            .and_then(|gesture| gesture.label)
            .or_else(|| self.past.back().map(|step| step.label))
    }

    /// What [`redo`](Self::redo) would do again.
    #[must_use]
    pub fn redo_label(&self) -> Option<EditLabel> {
        self.future.last().map(|step| step.label)
    }

    fn record(&mut self, label: EditLabel, before: Rc<Scenario>) {
        if self.past.len() == UNDO_STEPS_MAX {
            self.past.pop_front();
        }
        self.past.push_back(Step {
            label,
            scenario: before,
        });
        self.future.clear();
    }
}

/// Equality that looks into a node or line only when it is not the very same one.
fn same(a: &Scenario, b: &Scenario) -> bool {
    let nodes = a.nodes.len() == b.nodes.len()
        && (a.nodes.values().zip(b.nodes.values())).all(|(a, b)| Rc::ptr_eq(a, b) || a == b);
    let edges = a.edges.len() == b.edges.len()
        && (a.edges.values().zip(b.edges.values())).all(|(a, b)| Rc::ptr_eq(a, b) || a == b);
    // Exhaustive, so that a new field is not forgotten here.
    let Scenario {
        title,
        description,
        seed,
        profile,
        broker,
        vhosts,
        duration,
        speed,
        nodes: _,
        edges: _,
        carried,
    } = a;
    nodes
        && edges
        && *title == b.title
        && *description == b.description
        && *seed == b.seed
        && *profile == b.profile
        && *broker == b.broker
        && *vhosts == b.vhosts
        && *duration == b.duration
        && *speed == b.speed
        && *carried == b.carried
}
