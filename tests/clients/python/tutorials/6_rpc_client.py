"""Tutorial 6, Remote Procedure Call: asks for a Fibonacci number and waits for the answer."""

import sys
import uuid

import pika
from broker import connect

n = int(sys.argv[1]) if len(sys.argv) > 1 else 30
connection = connect()
channel = connection.channel()
answers = channel.queue_declare("", exclusive=True).method.queue
question = str(uuid.uuid4())
answer = None


def on_answer(channel, method, properties, body):
    global answer
    # Another answer than ours would be a late one.
    if properties.correlation_id == question:
        answer = int(body)


channel.basic_consume(answers, on_answer, auto_ack=True)
print(f"Asking for fibonacci({n})", flush=True)
channel.basic_publish(
    exchange="",
    routing_key="tutorial.rpc",
    properties=pika.BasicProperties(reply_to=answers, correlation_id=question),
    body=str(n),
)
while answer is None:
    connection.process_data_events(time_limit=1)
print(f"Got {answer}")
connection.close()
