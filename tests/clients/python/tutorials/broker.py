"""Where the broker of the tutorials is: AMQP_URL, or this machine."""

import os

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/%2f")


def connect():
    """A connection to it."""
    return pika.BlockingConnection(pika.URLParameters(URL))


def consume(channel):
    """Waits for messages until somebody presses Ctrl-C."""
    print("Waiting for messages. Ctrl-C ends it.", flush=True)
    try:
        channel.start_consuming()
    except KeyboardInterrupt:
        channel.stop_consuming()
    channel.connection.close()
