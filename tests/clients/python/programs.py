"""Whole programs and what they print, seen from outside as a person at the terminal sees it."""

import os
import queue
import subprocess
import sys
import threading

from story import PATIENCE


class Program:
    """A Python program at work."""

    def __init__(self, path, *arguments, url=None):
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        if url:
            environment["AMQP_URL"] = url
        self.process = subprocess.Popen(
            [sys.executable, str(path), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            text=True,
        )
        self.lines = queue.Queue()
        self.seen = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def line(self):
        """The next line that it prints."""
        try:
            line = self.lines.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"no line for {PATIENCE} s after {self.seen}") from None
        if line is None:
            raise AssertionError(f"ended after {self.seen}")
        self.seen.append(line)
        return line

    def until(self, wanted):
        """Reads on until this line."""
        while self.line() != wanted:
            pass

    def rest(self):
        """Everything else that it prints until it ends by itself."""
        self.process.wait(PATIENCE)
        rest = []
        while (line := self.lines.get(timeout=PATIENCE)) is not None:
            rest.append(line)
        return rest

    def stop(self):
        """Ends it without a chance to tidy up."""
        self.process.kill()
        self.process.wait()
