"""Tutorial 6, Remote Procedure Call: works out Fibonacci numbers for who asks."""

import pika
from broker import connect, consume


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def on_request(channel, method, properties, body):
    n = int(body)
    print(f"Asked for fibonacci({n})", flush=True)
    channel.basic_publish(
        exchange="",
        routing_key=properties.reply_to,
        properties=pika.BasicProperties(correlation_id=properties.correlation_id),
        body=str(fibonacci(n)),
    )
    channel.basic_ack(method.delivery_tag)


channel = connect().channel()
channel.queue_declare("tutorial.rpc")
channel.basic_qos(prefetch_count=1)
channel.basic_consume("tutorial.rpc", on_request)
consume(channel)
