"""Runs the article's producer and consumer, byte for byte, against the broker at localhost:5672.

    python article.py FOLDER [WORD ...]

FOLDER has producer.py and consumer.py. When STORIES_BROKER names our program, it is started there
first and ended afterwards. STORIES_ALONE says that we are in a network of our own, whose loopback
nobody has switched on yet. The article forgets to say that somebody has to declare the queue
`hello`; what its scripts do without is a story too.
"""

import os
import pathlib
import subprocess
import sys

import pika
from pika import exceptions

import story
from programs import Program
from story import same

QUEUE = "hello"
HERE = "amqp://guest:guest@localhost:5672/%2f"
MESSAGES = 10


def switch_on_loopback():
    """What `ip link set lo up` does, on Linux."""
    import fcntl
    import socket
    import struct

    set_flags, up_and_running = 0x8914, 0x1 | 0x40
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh", b"lo", up_and_running) + bytes(22))


class Stage:
    """The queue and the terminals of one story."""

    def __init__(self):
        self.programs = []
        self.connection = pika.BlockingConnection(pika.URLParameters(HERE))
        self.channel = self.connection.channel()
        self.channel.queue_delete(QUEUE)

    def start(self, name):
        program = Program(FOLDER / name)
        self.programs.append(program)
        return program

    def clear(self):
        for program in self.programs:
            program.stop()
        self.channel.queue_delete(QUEUE)
        self.connection.close()


@story.story("the producer's ten messages reach the consumer")
def together(stage):
    stage.channel.queue_declare(QUEUE)
    consumer = stage.start("consumer.py")
    same(consumer.line(), " [*] Waiting for messages. To exit press CTRL+C")
    producer = stage.start("producer.py")
    for number in range(MESSAGES):
        sent = producer.line()
        assert sent.startswith(f" [x] Sent {number}") and sent.endswith("hello world!"), sent
        text = sent.removeprefix(" [x] Sent ")
        same(consumer.line(), f" [x] Received {text.encode()}")
    same((producer.rest(), producer.process.returncode), ([], 0))


@story.story("without the queue the consumer is told so")
def no_queue(stage):
    consumer = stage.start("consumer.py")
    rest = consumer.rest()
    same(
        rest[-1],
        "pika.exceptions.ChannelClosedByBroker: (404, \"NOT_FOUND - no queue 'hello' in vhost "
        "'/'\")",
    )
    same(consumer.process.returncode, 1)


def main():
    del sys.argv[1:2]
    if os.environ.get("STORIES_ALONE"):
        switch_on_loopback()
    program = os.environ.get("STORIES_BROKER")
    broker = subprocess.Popen([program, "serve"], stdout=subprocess.DEVNULL) if program else None
    try:
        if broker:
            await_broker()
        good, bad = story.tell("article", Stage)
    finally:
        if broker:
            broker.terminate()
            broker.wait()
    print(f"article: {good} stories ok, {bad} failed")
    return 1 if bad else 0


def await_broker():
    """Until somebody listens."""
    told = []

    def look():
        try:
            pika.BlockingConnection(pika.URLParameters(HERE)).close()
            told.append(True)
        except exceptions.AMQPConnectionError:
            pass

    story.until(lambda: told, look, "the broker to listen")


FOLDER = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None

if __name__ == "__main__":
    sys.exit(main())
