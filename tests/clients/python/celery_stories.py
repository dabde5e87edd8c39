"""Stories told with Celery, which puts a whole framework on top of an AMQP client: a worker is
started as anybody starts one, and asked to do things.
"""

import itertools
import os
import subprocess
import sys

import story
from story import PATIENCE, same, until

os.environ["AMQP_URL"] = story.URL
# The library joins the path to the address as it is.
os.environ["STORIES_QUEUE"] = f"stories.celery.{os.getpid()}"

import celery_tasks  # noqa: E402  (reads the two)
from celery import group  # noqa: E402
from celery_tasks import add, app, not_alone, third_time  # noqa: E402

_numbers = itertools.count(1)


class Stage:
    """The workers of one story."""

    def __init__(self):
        self.workers = {}

    def worker(self):
        """Starts a worker, and waits until it answers."""
        name = f"stories{next(_numbers)}@here"
        command = ["-m", "celery", "--app=celery_tasks", "--quiet", "worker", "--pool=solo"]
        self.workers[name] = subprocess.Popen(
            [sys.executable, *command, f"--hostname={name}", "--without-mingle"],
            cwd=os.path.dirname(celery_tasks.__file__),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ask = app.control.inspect([name], timeout=0.5).ping
        answered = []
        until(lambda: answered, lambda: answered.extend(ask() or []), "the worker's answer")
        return name

    def clear(self):
        for worker in self.workers.values():
            worker.kill()
            worker.wait()


def clear():
    """Takes away the queue of all stories; that Celery made it is not forgotten in between."""
    with app.connection() as connection:
        connection.default_channel.queue_delete(app.conf.task_default_queue)
        connection.default_channel.exchange_delete(app.conf.task_default_queue)


@story.story("a hundred tasks are done and their results come back")
def results(stage):
    stage.worker()
    asked = [add.delay(number, number) for number in range(100)]
    same([result.get(PATIENCE) for result in asked], [2 * number for number in range(100)])
    parts = group(add.s(number, 1) for number in range(10))()
    same(parts.get(PATIENCE), list(range(1, 11)))


@story.story("a task that fails is tried again, and one may be asked for later")
def again(stage):
    stage.worker()
    same(third_time.delay().get(PATIENCE), 2)
    same(add.apply_async((1, 2), countdown=0.2).get(PATIENCE), 3)


@story.story("tasks asked for while nobody works are done by who comes")
def later(stage):
    asked = [add.delay(number, 0) for number in range(5)]
    stage.worker()
    same([result.get(PATIENCE) for result in asked], list(range(5)))


@story.story("workers are asked about themselves, and share the work")
def share(stage):
    names = [stage.worker(), stage.worker()]
    told = app.control.ping(names, timeout=2)
    same(sorted(name for answer in told for name in answer), sorted(names))
    asked = [not_alone.delay() for _ in range(40)]
    same(len({result.get(PATIENCE) for result in asked}), 2)


if __name__ == "__main__":
    good, bad = story.tell("celery", Stage)
    clear()
    print(f"celery: {good} stories ok, {bad} failed")
    sys.exit(1 if bad else 0)
