"""Stories of messages that do not stay: time to live, length limits, dead letters, priorities."""

import pika
from pika import exceptions

from stories.pika_client import bodies, get, take
from story import same, story, until


def graveyard(stage, channel):
    """A fanout exchange with a queue, to be named as dead letter exchange."""
    exchange = stage.exchange(channel, "fanout")
    return exchange, stage.bound(channel, exchange)


@story("a rejected message becomes a dead letter with its history")
def rejected(stage):
    channel = stage.channel()
    dlx, dead = graveyard(stage, channel)
    queue = stage.queue(channel, {"x-dead-letter-exchange": dlx})
    properties = pika.BasicProperties(headers={"mine": "kept"}, message_id="m", delivery_mode=2)
    channel.basic_publish("", queue, "bad", properties)
    method, _, _ = channel.basic_get(queue)
    channel.basic_reject(method.delivery_tag, requeue=False)
    body, got, method = take(channel, dead)
    same((body, got.message_id, got.delivery_mode), (b"bad", "m", 2))
    same((method.exchange, method.routing_key, method.redelivered), (dlx, queue, False))
    headers = dict(got.headers)
    (death,) = headers.pop("x-death")
    assert isinstance(death.pop("time").timestamp(), float)
    wanted = {"count": 1, "reason": "rejected", "queue": queue, "exchange": ""}
    same(death, {**wanted, "routing-keys": [queue]})
    first = {"reason": "rejected", "queue": queue, "exchange": ""}
    first = {f"x-first-death-{name}": value for name, value in first.items()}
    same(headers, {"mine": "kept", **first})


@story("the second death is counted")
def counted(stage):
    channel = stage.channel()
    queue = stage.name("retry")
    again = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": queue}
    channel.queue_declare(queue, exclusive=True, arguments=again)
    channel.basic_publish("", queue, "again")
    for _ in range(3):
        until(
            lambda: channel.queue_declare(queue, passive=True).method.message_count == 1,
            lambda: channel.connection.sleep(0.01),
            "the dead letter",
        )
        method, properties, _ = channel.basic_get(queue)
        channel.basic_reject(method.delivery_tag, requeue=False)
    _, properties, _ = take(channel, queue)
    (death,) = properties.headers["x-death"]
    same((death["count"], death["reason"]), (3, "rejected"))


@story("a message whose time is over leaves, to the dead letter exchange")
def expired(stage):
    channel = stage.channel()
    dlx, dead = graveyard(stage, channel)
    route = {"x-dead-letter-exchange": dlx, "x-dead-letter-routing-key": "late"}
    queue = stage.queue(channel, route)
    channel.basic_publish("", queue, "short", pika.BasicProperties(expiration="50"))
    body, got, method = take(channel, dead)
    (death,) = got.headers["x-death"]
    same((body, method.routing_key, death["reason"]), (b"short", "late", "expired"))
    same((got.expiration, death["original-expiration"]), (None, "50"))


@story("a queue's own time to live holds for all in it")
def queue_ttl(stage):
    channel = stage.channel()
    dlx, dead = graveyard(stage, channel)
    queue = stage.queue(channel, {"x-message-ttl": 50, "x-dead-letter-exchange": dlx})
    for word in ["a", "b", "c"]:
        channel.basic_publish("", queue, word)
    same([take(channel, dead)[0] for _ in range(3)], [b"a", b"b", b"c"])
    same(channel.queue_declare(queue, passive=True).method.message_count, 0)


@story("an expired message behind one that is not waits for its turn")
def behind_the_head(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    channel.basic_publish("", queue, "long", pika.BasicProperties(expiration="600000"))
    channel.basic_publish("", queue, "short", pika.BasicProperties(expiration="1"))
    channel.connection.sleep(0.1)
    same(channel.queue_declare(queue, passive=True).method.message_count, 2)
    same(bodies(channel, queue), ["long"])


@story("an unused queue expires")
def queue_expires(stage):
    channel = stage.channel()
    queue = stage.queue(channel, {"x-expires": 100})
    gone = []

    def look():
        # Declaring would be a use of it: ask by publishing.
        try:
            channel.basic_publish("", queue, "anyone?", mandatory=True)
        except exceptions.UnroutableError:
            gone.append(True)
        channel.connection.sleep(0.02)

    channel.confirm_delivery()
    until(lambda: gone, look, "the queue to expire")


@story("a full queue drops its oldest message, as a dead letter")
def drop_head(stage):
    channel = stage.channel()
    dlx, dead = graveyard(stage, channel)
    queue = stage.queue(channel, {"x-max-length": 2, "x-dead-letter-exchange": dlx})
    for word in ["1", "2", "3"]:
        channel.basic_publish("", queue, word)
    body, got, _ = take(channel, dead)
    same((body, got.headers["x-death"][0]["reason"]), (b"1", "maxlen"))
    same(bodies(channel, queue), ["2", "3"])


@story("a limit in octets counts bodies")
def octets(stage):
    channel = stage.channel()
    queue = stage.queue(channel, {"x-max-length-bytes": 10})
    for word in ["aaaa", "bbbb", "cccc"]:
        channel.basic_publish("", queue, word)
    same(bodies(channel, queue), ["bbbb", "cccc"])


@story("a refused publish becomes a dead letter where the queue says so")
def reject_publish_dlx(stage):
    channel = stage.channel()
    dlx, dead = graveyard(stage, channel)
    arguments = {"x-max-length": 1, "x-overflow": "reject-publish-dlx"}
    queue = stage.queue(channel, {**arguments, "x-dead-letter-exchange": dlx})
    channel.basic_publish("", queue, "1")
    channel.basic_publish("", queue, "2")
    same(take(channel, dead)[0], b"2")
    same(bodies(channel, queue), ["1"])


@story("the urgent come first, and in their own order")
def priorities(stage):
    channel = stage.channel()
    queue = stage.queue(channel, {"x-max-priority": 5})
    for priority, word in [(None, "a"), (1, "b"), (5, "c"), (9, "d"), (0, "e"), (1, "f")]:
        channel.basic_publish("", queue, word, pika.BasicProperties(priority=priority))
    same(bodies(channel, queue), ["c", "d", "b", "f", "a", "e"])


@story("a quorum queue counts how often it delivered, and gives up at its limit")
def quorum(stage):
    channel = stage.channel()
    dlx, dead = graveyard(stage, channel)
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": 1, "x-dead-letter-exchange": dlx}
    queue = stage.queue(channel, arguments, durable=True)
    channel.confirm_delivery()
    channel.basic_publish("", queue, "poison")
    counts = []
    for method, properties, _ in channel.consume(queue, inactivity_timeout=20):
        counts.append((properties.headers or {}).get("x-delivery-count"))
        channel.basic_reject(method.delivery_tag, requeue=True)
        if len(counts) == 2:
            break
    _, got, _ = take(channel, dead)
    same((counts, got.headers["x-death"][0]["reason"]), ([None, 1], "delivery_limit"))
    same(get(channel, queue), None)
