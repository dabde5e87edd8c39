"""Tutorial 3, Publish/Subscribe: prints every line told while it listens."""

from broker import connect, consume


def on_line(channel, method, properties, body):
    print(body.decode(), flush=True)


channel = connect().channel()
channel.exchange_declare("tutorial.logs", "fanout")
# A queue for us alone, with a name that the broker makes; it goes when we go.
queue = channel.queue_declare("", exclusive=True).method.queue
channel.queue_bind(queue, "tutorial.logs")
channel.basic_consume(queue, on_line, auto_ack=True)
consume(channel)
