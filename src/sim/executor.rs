//! Runs coroutines on one thread, first ready first run.
//!
//! A coroutine is started when it is first to run, and again after a clone or when its state was set
//! back; nobody needs its future for anything but running it. Wakers do nothing: the world says who
//! is ready. Deliberately not here: time.

use crate::sim::client::Role;
use crate::sim::context::Context;
use crate::sim::process::{consume, produce};
use crate::sim::world::World;
use crate::types::ProcessId;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context as TaskContext, Waker};

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The futures of one run, by process.
#[derive(Default)]
pub(super) struct Executor {
    tasks: Vec<Option<Task>>,
}

impl Executor {
    /// Runs until nobody is ready.
    pub(super) fn run(&mut self, world: &Rc<RefCell<World>>) {
        loop {
            let next = world.borrow_mut().next_ready();
            let Some((process, restart)) = next else {
                return;
            };
            self.poll(world, process, restart);
        }
    }

    /// Runs one coroutine until it waits.
    #[inline(always)]
    pub(super) fn poll(&mut self, world: &Rc<RefCell<World>>, process: ProcessId, restart: bool) {
        let mut task_context = TaskContext::from_waker(Waker::noop());
        let slot = match self.tasks.get_mut(process.index()) {
            Some(slot @ Some(_)) if !restart => slot,
            Some(_) | None => self.begin(world, process),
        };
        if let Some(task) = slot
            && task.as_mut().poll(&mut task_context).is_ready()
        {
            *slot = None;
        }
    }

    /// Starts a coroutine in its place, which it may not have had before.
    #[cold]
    fn begin(&mut self, world: &Rc<RefCell<World>>, process: ProcessId) -> &mut Option<Task> {
        let index = process.index();
        if index >= self.tasks.len() {
            self.tasks.resize_with(index + 1, || None);
        }
        let slot = &mut self.tasks[index];
        *slot = Some(start(world, process));
        slot
    }
}

#[cold]
fn start(world: &Rc<RefCell<World>>, process: ProcessId) -> Task {
    let context = Context {
        world: Rc::clone(world),
        process,
    };
    let produces = matches!(world.borrow().client_of(process).role, Role::Producer(_));
    if produces {
        Box::pin(produce(context))
    } else {
        Box::pin(consume(context))
    }
}
