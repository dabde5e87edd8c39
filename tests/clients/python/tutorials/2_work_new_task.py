"""Tutorial 2, Work Queues: hands out a task; every dot in it is a bit of work."""

import sys

import pika
from broker import connect

task = " ".join(sys.argv[1:]) or "Think."
connection = connect()
channel = connection.channel()
# The task outlives the broker: a durable queue and a persistent message.
channel.queue_declare("tutorial.tasks", durable=True)
channel.basic_publish(
    exchange="",
    routing_key="tutorial.tasks",
    body=task,
    properties=pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent),
)
print(f"Sent {task!r}")
connection.close()
