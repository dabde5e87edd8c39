"""Stories told with py-amqp: what it does in its own way, AMQPLAIN and floats among it."""

import datetime
from decimal import Decimal

import amqp
from amqp.exceptions import MessageNacked

from stories.amqp_client import drain, take
from story import same, story, until


def refused(error, act):
    """The reply code and text of the error that the act raises."""
    try:
        act()
    except error as refusal:
        return refusal.reply_code, refusal.reply_text
    raise AssertionError(f"no {error.__name__}")


@story("AMQPLAIN opens the door as PLAIN does")
def amqplain(stage):
    for method in ["AMQPLAIN", "PLAIN"]:
        connection = stage.connect(login_method=method)
        stage.queue(connection.channel())


@story("a wrong password by AMQPLAIN is refused with 403")
def wrong_password(stage):
    # This client also says that it wants to be told.
    act = lambda: stage.connect(login_method="AMQPLAIN", password="wrong")  # noqa: E731
    code, text = refused(amqp.AccessRefused, act)
    same(code, 403)
    same(
        text,
        "ACCESS_REFUSED - Login was refused using authentication mechanism AMQPLAIN. "
        "For details see the broker logfile.",
    )


@story("an unknown virtual host is refused with 530")
def unknown_vhost(stage):
    act = lambda: stage.connect(virtual_host="no-such-vhost")  # noqa: E731
    got = refused(amqp.NotAllowed, act)
    same(got, (530, "NOT_ALLOWED - vhost no-such-vhost not found"))


@story("both sides' mechanisms, locales and limits are read")
def handshake(stage):
    connection = stage.connect(heartbeat=5)
    same(sorted(connection.mechanisms), [b"AMQPLAIN", b"PLAIN"])
    same(connection.locales, ["en_US"])
    same((connection.version_major, connection.version_minor), (0, 9))
    same((connection.channel_max, connection.heartbeat), (2047, 5))


@story("publish, consume, acknowledge")
def consume(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    got = []
    tag = channel.basic_consume(queue, callback=got.append)
    for number in range(10):
        channel.basic_publish(amqp.Message(str(number)), routing_key=queue)
    drain(channel.connection, lambda: len(got) == 10, "ten deliveries")
    same([int(message.body) for message in got], list(range(10)))
    got[-1].channel.basic_ack(got[-1].delivery_tag, multiple=True)
    channel.basic_cancel(tag)
    same(tuple(channel.queue_declare(queue, passive=True)), (queue, 0, 0))


@story("headers keep every type that py-amqp can write")
def field_types(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    headers = {
        "text": "你好",
        "octets": b"\xff\x00\xfe",
        "yes": True,
        "no": False,
        "int": 1,
        "long": 2**62,
        "double": 1.5,
        "minus": -0.25,
        "decimal": Decimal("12.34"),
        "time": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
        "table": {"a": {"b": [1.25]}},
        "array": ["a", 1, 2.5, {"b": "c"}],
        "void": None,
    }
    channel.basic_publish(amqp.Message("", application_headers=headers), routing_key=queue)
    got = channel.basic_get(queue, no_ack=True)
    got_time = got.headers["time"]
    got.headers["time"] = got_time.replace(tzinfo=datetime.timezone.utc)
    same(got.headers, headers)


@story("a body of many frames comes back whole")
def frames(stage):
    connection = stage.connect(frame_max=4096)
    channel = connection.channel()
    queue = stage.queue(channel)
    body = bytes(range(256)) * 1000
    channel.basic_publish(amqp.Message(body), routing_key=queue)
    same(channel.basic_get(queue, no_ack=True).body, body)


@story("confirms: the publisher waits for the broker")
def confirms(stage):
    connection = stage.connect(confirm_publish=True)
    channel = connection.channel()
    queue = stage.queue(channel)
    for number in range(5):
        channel.basic_publish(amqp.Message(str(number)), routing_key=queue)
    same(channel.queue_declare(queue, passive=True).message_count, 5)


@story("confirms: a queue that rejects makes it an error")
def nacked(stage):
    channel = stage.connect(confirm_publish=True).channel()
    arguments = {"x-max-length": 0, "x-overflow": "reject-publish"}
    queue = stage.queue(channel, arguments=arguments)
    try:
        channel.basic_publish(amqp.Message("no room"), routing_key=queue)
    except MessageNacked:
        return
    raise AssertionError("taken")


@story("a mandatory message without a queue is returned")
def returned(stage):
    channel = stage.channel()
    returns = []
    channel.events["basic_return"].add(lambda *arguments: returns.append(arguments))
    message = amqp.Message("lost")
    channel.basic_publish(message, exchange="amq.topic", routing_key="nowhere", mandatory=True)
    drain(channel.connection, lambda: returns, "basic.return")
    error, exchange, key, message = returns[0]
    same((error.reply_code, exchange, key, message.body), (312, "amq.topic", "nowhere", "lost"))


@story("recover, also the old way that has no answer")
def recover(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    got = []
    channel.basic_consume(queue, callback=got.append)
    channel.basic_publish(amqp.Message("again"), routing_key=queue)
    drain(channel.connection, lambda: len(got) == 1, "a delivery")
    channel.basic_recover(requeue=True)
    drain(channel.connection, lambda: len(got) == 2, "the same again")
    channel.basic_recover_async(requeue=True)
    drain(channel.connection, lambda: len(got) == 3, "the same a third time")
    same([message.delivery_info["redelivered"] for message in got], [False, True, True])


@story("a transaction, committed and rolled back")
def transaction(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    channel.tx_select()
    channel.basic_publish(amqp.Message("never"), routing_key=queue)
    channel.tx_rollback()
    channel.basic_publish(amqp.Message("kept"), routing_key=queue)
    channel.tx_commit()
    same(channel.basic_get(queue, no_ack=True).body, "kept")
    same(channel.basic_get(queue, no_ack=True), None)


@story("a consumer is told when its queue is deleted")
def cancelled(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    told = []
    tag = channel.basic_consume(queue, callback=lambda _: None, on_cancel=told.append)
    stage.channel().queue_delete(queue)
    drain(channel.connection, lambda: told, "basic.cancel")
    same(told, [tag])


@story("channel errors are of the kind they should be, and the connection lives on")
def channel_errors(stage):
    connection = stage.connect()
    queue = stage.queue(connection.channel())
    for error, code, act in [
        (amqp.NotFound, 404, lambda channel: channel.basic_get("stories.amqp.nothing")),
        (amqp.AccessRefused, 403, lambda channel: channel.exchange_declare("amq.x", "direct")),
        (amqp.ResourceLocked, 405, lambda channel: channel.queue_declare(queue)),
        (amqp.PreconditionFailed, 406, lambda channel: channel.tx_commit()),
    ]:
        same(refused(error, lambda: act(connection.channel()))[0], code)  # noqa: B023
    stage.queue(connection.channel())


@story("connection errors are of the kind they should be")
def connection_errors(stage):
    def deliver_unknown_type(channel):
        channel.exchange_declare("stories.amqp.odd", "x-unheard-of", auto_delete=True)

    channel = stage.channel()
    code, _ = refused(amqp.InvalidCommand, lambda: deliver_unknown_type(channel))
    same(code, 503)
    channel = stage.connect().channel()
    code, _ = refused(amqp.AMQPNotImplementedError, lambda: channel.basic_qos(1, 0, False))
    same(code, 540)


@story("a client that publishes for long before it reads what comes back to it")
def publish_before_reading(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    got = []
    channel.basic_consume(queue, callback=got.append, no_ack=True)
    sizes = [1_000_000] * 20 + [20_000_000] * 3
    # One is far more than any socket holds, and the client reads nothing while it writes.
    for size in sizes:
        channel.basic_publish(amqp.Message(bytes(size)), routing_key=queue)
    drain(channel.connection, lambda: len(got) == len(sizes), "all deliveries")
    same([len(message.body) for message in got], sizes)


@story("a client that dies in the middle of a message leaves nothing behind")
def dies_midway(stage):
    watcher = stage.channel()
    shared = stage.queue(watcher)
    dying = stage.connect()
    channel = dying.channel()
    own = stage.queue(channel)
    bystander = stage.connect().channel()
    bystander.basic_publish(amqp.Message("unacked"), routing_key=shared)
    same(take(watcher, shared), "unacked")
    # A method and a header that promises a thousand octets, of which ten come.
    method = b"\x00\x3c\x00\x28\x00\x00\x00" + bytes([len(own)]) + own.encode() + b"\x00"
    header = b"\x00\x3c\x00\x00" + (1000).to_bytes(8, "big") + b"\x00\x00"
    frames = [(1, method), (2, header), (3, b"ten octets")]
    for kind, payload in frames:
        start = bytes([kind]) + channel.channel_id.to_bytes(2, "big")
        frame = start + len(payload).to_bytes(4, "big") + payload + b"\xce"
        dying.transport.sock.sendall(frame if kind < 3 else frame[:-4])
    dying.transport.sock.close()
    gone = []

    def look():
        try:
            bystander.connection.channel().queue_declare(own, passive=True)
        except amqp.NotFound:
            gone.append(True)
        except amqp.ResourceLocked:
            pass

    until(lambda: gone, look, "the dead client's queue to go")
    bystander.basic_publish(amqp.Message("alive"), routing_key=shared)
    same(take(watcher, shared), "alive")
    dying.collect()
