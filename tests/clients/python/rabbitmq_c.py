"""Stories told with the command line tools of rabbitmq-c, the client for C.

They are programs of their own (Debian: amqp-tools); Python only starts them and reads what they
print.
"""

import itertools
import os
import pathlib
import subprocess
import sys
import tempfile

import story
from story import PATIENCE, address, same

_numbers = itertools.count(1)


def amqp(tool, *arguments, text=None, credentials=None):
    """Runs one of the tools; gives its exit code, what it printed, and its complaint."""
    host, port, user, password, vhost = address()
    user, password = credentials or (user, password)
    wanted = {"server": host, "port": port, "vhost": vhost, "username": user, "password": password}
    ran = subprocess.run(
        [f"amqp-{tool}", *(f"--{name}={value}" for name, value in wanted.items()), *arguments],
        input=text,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr.decode().strip()


def done(tool, *arguments, text=None):
    """What a tool printed that did its work."""
    code, printed, complaint = amqp(tool, *arguments, text=text)
    same((code, complaint), (0, ""))
    return printed


class Stage:
    """The queues of one story."""

    def __init__(self):
        self.queues = []

    def queue(self):
        name = f"stories.c.{os.getpid()}.{next(_numbers)}"
        self.queues.append(name)
        same(done("declare-queue", f"--queue={name}").decode().strip(), name)
        return name

    def clear(self):
        for name in self.queues:
            amqp("delete-queue", f"--queue={name}")


@story.story("publish with one program, get with another")
def publish_and_get(stage):
    queue = stage.queue()
    done("publish", f"--routing-key={queue}", "--body=hello")
    done("publish", f"--routing-key={queue}", "--persistent", text=b"from standard input\n")
    same(done("get", f"--queue={queue}"), b"hello")
    same(done("get", f"--queue={queue}"), b"from standard input\n")
    # Nothing there: exit code 2, and no complaint.
    same(amqp("get", f"--queue={queue}"), (2, b"", ""))


@story.story("each message is a command's standard input")
def consume(stage):
    queue = stage.queue()
    lines = b"one\ntwo\nthree\n"
    done("publish", f"--routing-key={queue}", "--line-buffered", text=lines)
    for options in [["--count=2", "--prefetch-count=1"], ["--count=1", "--no-ack"]]:
        got = done("consume", f"--queue={queue}", *options, "cat")
        same(got, lines[:8] if len(got) == 8 else lines[8:])
    same(done("delete-queue", f"--queue={queue}"), b"0\n")


@story.story("a file of some megabytes goes through")
def megabytes(stage):
    queue = stage.queue()
    body = bytes(range(256)) * 8192
    done("publish", f"--routing-key={queue}", text=body)
    same(done("get", f"--queue={queue}") == body, True)


@story.story("a queue bound to an exchange, by a consumer that waits")
def bound(stage):
    with tempfile.TemporaryDirectory() as folder:
        # The consumer says that it is there by what it has done to the broker: try until it has.
        seen = pathlib.Path(folder) / "seen"
        host, port, user, password, vhost = address()
        consumer = subprocess.Popen(
            ["amqp-consume", f"--server={host}", f"--port={port}", f"--vhost={vhost}"]
            + [f"--username={user}", f"--password={password}", "--exchange=amq.topic"]
            + ["--routing-key=stories.c.#", "--exclusive", "--count=1"]
            + ["tee", str(seen)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        key = "--routing-key=stories.c.topic"
        send = lambda: done("publish", "--exchange=amq.topic", key, "--body=hello")  # noqa: E731
        story.until(lambda: seen.is_file() and seen.read_bytes(), send, "the message")
        same(seen.read_bytes(), b"hello")
        same(consumer.wait(PATIENCE), 0)


@story.story("mistakes are told with the broker's own words")
def mistakes(stage):
    _, _, _, _, vhost = address()
    code, _, complaint = amqp("get", "--queue=stories.c.nothing")
    same(code, 1)
    wanted = f"NOT_FOUND - no queue 'stories.c.nothing' in vhost '{vhost}'"
    assert f"server channel error 404, message: {wanted}" in complaint, complaint
    code, _, complaint = amqp("get", "--queue=any", credentials=("guest", "wrong"))
    same(code, 1)
    assert "ACCESS_REFUSED - Login was refused using authentication" in complaint, complaint


if __name__ == "__main__":
    good, bad = story.tell("rabbitmq-c", Stage)
    print(f"c: {good} stories ok, {bad} failed")
    sys.exit(1 if bad else 0)
