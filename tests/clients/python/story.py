"""How a story is told: a function with a title, run on a stage of its own against AMQP_URL.

A story that fails says so in one line and the others go on. What is deliberately not here: any
knowledge of which broker is at the other end.
"""

import os
import sys
import threading
import time
import traceback
from urllib.parse import unquote, urlparse

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/%2f")

# No story may hold up the rest for longer (seconds); a healthy one takes a fraction of it.
LIMIT = 60
# How long to wait for something that a healthy broker does at once.
PATIENCE = 20

_stories = []


def story(title):
    """Puts a function among the stories to be told."""

    def keep(function):
        _stories.append((title, function))
        return function

    return keep


def address():
    """Host, port, user, password and virtual host of the broker."""
    parts = urlparse(URL)
    vhost = unquote(parts.path[1:]) or "/"
    return parts.hostname, parts.port or 5672, parts.username, parts.password, vhost


class LeftOut(Exception):
    """Raised by a story that this broker has no part for, with the reason."""


def until(happened, step, what):
    """Calls `step` until `happened()` is true."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(f"waited {PATIENCE} s for {what}")
        step()


def same(got, wanted, what=""):
    """Fails with both values when they differ."""
    if got != wanted:
        raise AssertionError(f"{what}{': ' if what else ''}got {got!r}, wanted {wanted!r}")


def _hung(label):
    print(f"FAILED {label}\n       no end within {LIMIT} s", flush=True)
    # The story's thread cannot be stopped; the rest is not told.
    os._exit(1)


def tell(client, new_stage):
    """Tells every story, or those whose title has one of the words; gives how many failed."""
    words = sys.argv[1:]
    wanted = [
        (f"{client}: {title}", function)
        for title, function in _stories
        if function.__module__ == "__main__" or f".{client}_" in function.__module__
    ]
    if words:
        wanted = [pair for pair in wanted if any(word in pair[0] for word in words)]
    passed, failed = 0, 0
    for label, function in wanted:
        watch = threading.Timer(LIMIT, _hung, [label])
        watch.daemon = True
        watch.start()
        stage = new_stage()
        try:
            function(stage)
            passed += 1
            print(f"ok     {label}", flush=True)
        except LeftOut as reason:
            print(f"-      {label} (left out: {reason})", flush=True)
        except Exception as error:  # any failure is a line, not the end
            failed += 1
            where = traceback.extract_tb(error.__traceback__)
            own = [frame for frame in where if frame.name == function.__name__] or where
            place = f"{os.path.basename(own[-1].filename)}:{own[-1].lineno}"
            print(f"FAILED {label}\n       {place}: {type(error).__name__}: {error}", flush=True)
        finally:
            stage.clear()
            watch.cancel()
    return passed, failed
