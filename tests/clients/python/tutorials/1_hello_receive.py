"""Tutorial 1, Hello World: prints every message of the queue."""

from broker import connect, consume


def on_message(channel, method, properties, body):
    print(f"Received {body.decode()!r}", flush=True)


channel = connect().channel()
# Whoever comes first makes the queue; for the other it is there already.
channel.queue_declare("tutorial.hello")
channel.basic_consume("tutorial.hello", on_message, auto_ack=True)
consume(channel)
