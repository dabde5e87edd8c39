"""What every story told with pika needs: connections that end with it and names of its own."""

import itertools
import os

import pika

from story import URL, same, until

_numbers = itertools.count(1)

TEXT = pika.BasicProperties


class Stage:
    """The connections, exchanges and queues of one story."""

    def __init__(self):
        self.connections = []
        self.exchanges = []
        self.queues = []

    def connect(self, **options):
        """A connection; the options are those of pika's ConnectionParameters."""
        connection = pika.BlockingConnection(parameters(**options))
        self.connections.append(connection)
        return connection

    def channel(self):
        """A channel on the story's first connection."""
        if not self.connections:
            self.connect()
        return self.connections[0].channel()

    def name(self, word):
        """A name that no other story and no other run uses."""
        return f"stories.pika.{os.getpid()}.{next(_numbers)}.{word}"

    def exchange(self, channel, kind, **options):
        """Declares an exchange that goes when the story is over."""
        name = self.name(kind)
        channel.exchange_declare(name, kind, **options)
        self.exchanges.append(name)
        return name

    def queue(self, channel, arguments=None, **options):
        """Declares a queue of the connection's own, or with other options one that goes with
        the story."""
        options = options or {"exclusive": True}
        name = self.name("queue")
        channel.queue_declare(name, arguments=arguments, **options)
        if not options.get("exclusive"):
            self.queues.append(name)
        return name

    def bound(self, channel, exchange, key="", arguments=None):
        """A queue bound to the exchange."""
        queue = self.queue(channel)
        channel.queue_bind(queue, exchange, key, arguments)
        return queue

    def clear(self):
        """Takes away what the story made, whatever became of it."""
        if self.exchanges or self.queues:
            connection = pika.BlockingConnection(parameters())
            channel = connection.channel()
            for queue in self.queues:
                channel.queue_delete(queue)
            for exchange in self.exchanges:
                channel.exchange_delete(exchange)
            connection.close()
        for connection in self.connections:
            if connection.is_open:
                connection.close()


def parameters(**options):
    """Those of AMQP_URL, with changes."""
    wanted = pika.URLParameters(URL)
    for option, value in options.items():
        setattr(wanted, option, value)
    return wanted


def get(channel, queue):
    """The next message at once, as (body, properties, method), or None."""
    method, properties, body = channel.basic_get(queue, auto_ack=True)
    return (body, properties, method) if method else None


def take(channel, queue):
    """The next message, which may be on its way still."""
    found = []

    def look():
        message = get(channel, queue)
        if message:
            found.append(message)
        else:
            channel.connection.sleep(0.01)

    until(lambda: found, look, f"a message in {queue}")
    return found[0]


def bodies(channel, queue):
    """The bodies of all that is ready."""
    found = []
    while message := get(channel, queue):
        found.append(message[0].decode())
    return found


def collect(channel, queue, **options):
    """Starts a consumer; gives the list that its (body, properties, method) are added to."""
    got = []

    def on_message(_channel, method, properties, body):
        got.append((body, properties, method))

    channel.basic_consume(queue, on_message, **options)
    return got


def await_count(channel, got, count):
    """Waits for so many deliveries, and for none beyond them."""
    connection = channel.connection
    until(lambda: len(got) >= count, lambda: connection.process_data_events(0.1), "deliveries")
    settle(channel)
    same(len(got), count, "deliveries")


def settle(channel):
    """Waits until the broker has answered something asked after all the rest."""
    other = channel.connection.channel()
    other.queue_declare("", exclusive=True)
    other.close()
    channel.connection.process_data_events(0.05)


def close_of(error, act):
    """The code and text of the close that the act provokes."""
    try:
        act()
    except error as closed:
        return closed.reply_code, closed.reply_text
    raise AssertionError(f"no {error.__name__}")
