//! All queues of a broker, by number.
//!
//! Clones of a broker share each queue until one of them changes it, so that a clone of a broker with
//! many queues is cheap and stays cheap for those that nobody touches. Deliberately not here: names;
//! the topology knows them.

use super::Queue;
use crate::types::QueueId;
use std::rc::Rc;

/// Queues by number; numbers are never given out again.
#[derive(Debug, Clone, Default)]
pub(in crate::broker) struct Queues {
    rows: Vec<Option<Rc<Queue>>>,
}

impl Queues {
    /// A queue that lives.
    pub(in crate::broker) fn get(&self, queue: QueueId) -> Option<&Queue> {
        self.rows.get(queue.index())?.as_deref()
    }

    /// A queue that lives, to be changed: from here on it is this broker's own.
    #[inline]
    pub(in crate::broker) fn get_mut(&mut self, queue: QueueId) -> Option<&mut Queue> {
        let shared = self.rows.get_mut(queue.index())?.as_mut()?;
        if Rc::strong_count(shared) != 1 {
            part(shared);
        }
        Rc::get_mut(shared)
    }

    /// Puts a new queue in its place.
    pub(in crate::broker) fn insert(&mut self, queue: Queue) {
        let index = queue.id.index();
        if self.rows.len() <= index {
            self.rows.resize_with(index + 1, || None);
        }
        self.rows[index] = Some(Rc::new(queue));
    }

    /// Takes a queue out for good.
    pub(in crate::broker) fn remove(&mut self, queue: QueueId) -> Option<Queue> {
        let shared = self.rows.get_mut(queue.index())?.take()?;
        Some(Rc::try_unwrap(shared).unwrap_or_else(|shared| Queue::clone(&shared)))
    }

    /// All that live, oldest first.
    pub(in crate::broker) fn iter(&self) -> impl Iterator<Item = &Queue> {
        self.rows.iter().flatten().map(|queue| &**queue)
    }
}

/// Gives a broker a queue of its own that it shared with another.
#[cold]
fn part(shared: &mut Rc<Queue>) {
    *shared = Rc::new(Queue::clone(shared));
}
