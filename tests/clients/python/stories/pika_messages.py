"""Stories of what is in a message: properties, field tables, bodies of every size."""

import datetime
import decimal
import hashlib

import pika

from stories.pika_client import await_count, collect, get, take
from story import same, story, until


@story("all fourteen properties come back as they were sent")
def properties(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    sent = {
        "content_type": "application/json",
        "content_encoding": "gzip",
        "headers": {"a": 1},
        "delivery_mode": 2,
        "priority": 7,
        "correlation_id": "correlation",
        "reply_to": "somewhere",
        "expiration": "600000",
        "message_id": "message",
        "timestamp": 1_700_000_000,
        "type": "greeting",
        "user_id": "guest",
        "app_id": "stories",
        "cluster_id": "cluster",
    }
    channel.basic_publish("", queue, "hello", pika.BasicProperties(**sent))
    _, got, _ = get(channel, queue)
    same({name: getattr(got, name) for name in sent}, sent)


@story("no properties stay no properties, and empty headers stay empty")
def no_properties(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    channel.basic_publish("", queue, "bare")
    channel.basic_publish("", queue, "empty", pika.BasicProperties(headers={}))
    same(get(channel, queue)[1], pika.BasicProperties())
    same(get(channel, queue)[1].headers, {})


@story("headers keep every type that pika can write")
def field_types(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    headers = {
        "text": "grüße, 你好, 🐇",
        "octets": bytes(range(256)),
        "empty": "",
        "true": True,
        "false": False,
        "int": 5,
        "minus": -5,
        "long": 2**40,
        "longest": -(2**63),
        "decimal": decimal.Decimal("3.14"),
        "time": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
        "table": {"in": {"in": {"in": "deep"}}, "nothing": {}},
        "array": [1, "two", [3, None], {"four": False}],
        "empty array": [],
        "void": None,
    }
    channel.basic_publish("", queue, "", pika.BasicProperties(headers=headers))
    same(get(channel, queue)[1].headers, headers)


@story("an empty body is a message too")
def empty_body(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    got = collect(channel, queue, auto_ack=True)
    channel.basic_publish("", queue, b"")
    channel.basic_publish("", queue, b"after")
    await_count(channel, got, 2)
    same([body for body, _, _ in got], [b"", b"after"])


@story("bodies around the frame size come back whole")
def frame_sizes(stage):
    connection = stage.connect(frame_max=4096)
    channel = connection.channel()
    queue = stage.queue(channel)
    sizes = [1, 4087, 4088, 4089, 8176, 8177, 100_000]
    for size in sizes:
        channel.basic_publish("", queue, bytes(index % 251 for index in range(size)))
    for size in sizes:
        body, _, _ = get(channel, queue)
        same(body, bytes(index % 251 for index in range(size)), f"{size} octets")


@story("ten megabytes go through and come back")
def ten_megabytes(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    channel.confirm_delivery()
    body = hashlib.shake_256(b"ten megabytes").digest(10_000_000)
    channel.basic_publish("", queue, body)
    got, _, _ = take(channel, queue)
    same(len(got), len(body))
    assert got == body


@story("a thousand messages keep their order")
def order(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    got = collect(channel, queue, auto_ack=True)
    for number in range(1000):
        channel.basic_publish("", queue, str(number))
    await_count(channel, got, 1000)
    same([int(body) for body, _, _ in got], list(range(1000)))
    same([method.delivery_tag for _, _, method in got], list(range(1, 1001)))


@story("a question is answered by way of the direct reply-to")
def direct_reply_to(stage):
    server = stage.connect().channel()
    questions = stage.queue(server)

    def answer(channel, method, properties, body):
        reply = pika.BasicProperties(correlation_id=properties.correlation_id)
        channel.basic_publish("", properties.reply_to, b"re: " + body, reply)
        channel.basic_ack(method.delivery_tag)

    server.basic_consume(questions, answer)
    client = stage.connect().channel()
    answers = collect(client, "amq.rabbitmq.reply-to", auto_ack=True)
    asked = pika.BasicProperties(reply_to="amq.rabbitmq.reply-to", correlation_id="42")
    client.basic_publish("", questions, "what?", asked)

    def look():
        server.connection.process_data_events(0.05)
        client.connection.process_data_events(0.05)

    until(lambda: answers, look, "the answer")
    body, properties, method = answers[0]
    same((body, properties.correlation_id), (b"re: what?", "42"))
    assert method.routing_key.startswith("amq.rabbitmq.reply-to."), method.routing_key


@story("the message count of a get is what remains")
def get_counts(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    for number in range(3):
        channel.basic_publish("", queue, str(number))
    same([get(channel, queue)[2].message_count for _ in range(3)], [2, 1, 0])
    same(get(channel, queue), None)
