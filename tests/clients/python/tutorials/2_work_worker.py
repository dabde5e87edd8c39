"""Tutorial 2, Work Queues: does one task at a time and acknowledges it when it is done."""

from broker import connect, consume

SECONDS_A_DOT = 0.1


def on_task(channel, method, properties, body):
    task = body.decode()
    print(f"Received {task!r}", flush=True)
    channel.connection.sleep(task.count(".") * SECONDS_A_DOT)
    print(f"Done {task!r}", flush=True)
    channel.basic_ack(method.delivery_tag)


channel = connect().channel()
channel.queue_declare("tutorial.tasks", durable=True)
# No second task before the first is done: another worker may be free.
channel.basic_qos(prefetch_count=1)
channel.basic_consume("tutorial.tasks", on_task)
consume(channel)
