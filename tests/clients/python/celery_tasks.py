"""The tasks that the worker of the Celery stories does."""

import os

from celery import Celery

# With its own queue, and answers by way of the broker too.
app = Celery("stories", broker=os.environ["AMQP_URL"], backend="rpc://")
app.conf.task_default_queue = os.environ.get("STORIES_QUEUE", "stories.celery")
app.conf.task_acks_late = True
app.conf.worker_hijack_root_logger = False
app.conf.event_queue_exclusive = True
app.conf.broker_connection_retry_on_startup = False


@app.task
def add(x, y):
    """Adds."""
    return x + y


@app.task(bind=True, max_retries=3)
def third_time(self):
    """Fails twice."""
    if self.request.retries < 2:
        raise self.retry(countdown=0.1)
    return self.request.retries


@app.task
def not_alone():
    """Which worker does it."""
    return os.getpid()
