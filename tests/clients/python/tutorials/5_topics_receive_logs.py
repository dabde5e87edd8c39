"""Tutorial 5, Topics: prints the lines whose topic has one of these shapes: kern.* '#' ..."""

import sys

from broker import connect, consume


def on_line(channel, method, properties, body):
    print(f"{method.routing_key}:{body.decode()}", flush=True)


shapes = sys.argv[1:]
if not shapes:
    sys.exit("Say which topics: * is a word, # any number of them.")
channel = connect().channel()
channel.exchange_declare("tutorial.topic_logs", "topic")
queue = channel.queue_declare("", exclusive=True).method.queue
for shape in shapes:
    channel.queue_bind(queue, "tutorial.topic_logs", shape)
channel.basic_consume(queue, on_line, auto_ack=True)
consume(channel)
