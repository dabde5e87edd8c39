"""What every story told with py-amqp (the client under Celery and Kombu) needs."""

import itertools
import os
import socket

import amqp

from story import address, until

_numbers = itertools.count(1)


class Stage:
    """The connections of one story; its queues are exclusive and go with them."""

    def __init__(self):
        self.connections = []

    def connect(self, **options):
        """A connection; the options are those of py-amqp's Connection."""
        host, port, user, password, vhost = address()
        wanted = {"userid": user, "password": password, "virtual_host": vhost, **options}
        connection = amqp.Connection(host=f"{host}:{port}", connect_timeout=10, **wanted)
        self.connections.append(connection)
        connection.connect()
        return connection

    def channel(self):
        """A channel on the story's first connection."""
        if not self.connections:
            self.connect()
        return self.connections[0].channel()

    def queue(self, channel, **options):
        """Declares a queue of the connection's own."""
        name = f"stories.amqp.{os.getpid()}.{next(_numbers)}"
        channel.queue_declare(name, exclusive=True, auto_delete=False, **options)
        return name

    def clear(self):
        """Closes what is open."""
        for connection in self.connections:
            if connection.connected:
                connection.close()


def drain(connection, happened, what):
    """Reads what the broker sends until it happened."""

    def step():
        try:
            connection.drain_events(timeout=0.1)
        except socket.timeout:
            pass

    until(happened, step, what)


def take(channel, queue):
    """The body of the next message, which may be on its way still; it is not acknowledged."""
    found = []

    def look():
        message = channel.basic_get(queue)
        if message:
            found.append(message.body)

    until(lambda: found, look, f"a message in {queue}")
    return found[0]
