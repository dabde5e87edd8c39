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
use std::task::{Context as TaskContext, Poll, Waker};

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
        if restart || process.index() >= self.tasks.len() {
            self.forget(process);
        }
        let slot = &mut self.tasks[process.index()];
        let task = slot.get_or_insert_with(|| start(world, process));
        match task.as_mut().poll(&mut task_context) {
            Poll::Pending => {}
            Poll::Ready(()) => *slot = None,
        }
    }

    /// Makes sure that a coroutine has a place, and is started before it runs.
    #[cold]
    fn forget(&mut self, process: ProcessId) {
        let index = process.index();
        if index >= self.tasks.len() {
            self.tasks.resize_with(index + 1, || None);
        }
        self.tasks[index] = None;
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
