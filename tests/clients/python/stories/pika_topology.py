"""Stories of exchanges, queues and bindings: who gets which message."""

import pika

from stories.pika_client import bodies, get, take
from story import LeftOut, same, story


def published(channel, exchange, keys, headers=None):
    """Publishes one message a key, with the key as its body."""
    for key in keys:
        channel.basic_publish(exchange, key, key, pika.BasicProperties(headers=headers))


@story("the default exchange leads to the queue of that name")
def default_exchange(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    channel.basic_publish("", queue, "hello")
    body, _, method = get(channel, queue)
    same((body, method.exchange, method.routing_key), (b"hello", "", queue))


@story("a direct exchange compares the whole key")
def direct(stage):
    channel = stage.channel()
    exchange = stage.exchange(channel, "direct")
    errors = stage.bound(channel, exchange, "error")
    both = stage.bound(channel, exchange, "error")
    channel.queue_bind(both, exchange, "info")
    published(channel, exchange, ["error", "info", "Error", "error.x", "#"])
    same(bodies(channel, errors), ["error"])
    same(bodies(channel, both), ["error", "info"])


@story("a fanout exchange asks for no key")
def fanout(stage):
    channel = stage.channel()
    exchange = stage.exchange(channel, "fanout")
    queues = [stage.bound(channel, exchange, key) for key in ["", "a", "b"]]
    published(channel, exchange, ["x", "a"])
    for queue in queues:
        same(bodies(channel, queue), ["x", "a"])


@story("a topic exchange reads words, * and #")
def topic(stage):
    channel = stage.channel()
    exchange = stage.exchange(channel, "topic")
    keys = ["", "a", "a.b", "a.b.c", "b", "a..b", "a.", "x.b"]
    wanted = {
        "#": keys,
        "*": ["a", "b"],
        "a.#": ["a", "a.b", "a.b.c", "a..b", "a."],
        "#.b": ["a.b", "b", "a..b", "x.b"],
        "a.*": ["a.b", "a."],
        "*.*": ["a.b", "a.", "x.b"],
        "a.*.c": ["a.b.c"],
        "a.#.b": ["a.b", "a..b"],
        "a.b": ["a.b"],
        "a*": [],
    }
    queues = {key: stage.bound(channel, exchange, key) for key in wanted}
    published(channel, exchange, keys)
    same({key: bodies(channel, queue) for key, queue in queues.items()}, wanted)


@story("a headers exchange compares headers, all or any of them")
def headers(stage):
    channel = stage.channel()
    exchange = stage.exchange(channel, "headers")
    wanted = {
        "all": {"x-match": "all", "format": "pdf", "pages": 5},
        "any": {"x-match": "any", "format": "pdf", "pages": 5},
        "none said": {"format": "pdf", "pages": 5},
        "present": {"x-match": "all", "format": None},
        "no condition": {"x-match": "all"},
        "text": {"x-match": "all", "pages": "5"},
    }
    queues = {name: stage.bound(channel, exchange, "", args) for name, args in wanted.items()}
    published(channel, exchange, ["both"], {"format": "pdf", "pages": 5, "more": 1})
    published(channel, exchange, ["one"], {"format": "zip", "pages": 5})
    published(channel, exchange, ["neither"], {"format": "zip"})
    published(channel, exchange, ["bare"])
    got = {name: bodies(channel, queue) for name, queue in queues.items()}
    same(
        got,
        {
            "all": ["both"],
            "any": ["both", "one"],
            "none said": ["both"],
            "present": ["both", "one", "neither"],
            "no condition": ["both", "one", "neither", "bare"],
            "text": [],
        },
    )


@story("the exchanges every broker has are there")
def predeclared(stage):
    channel = stage.channel()
    for name in ["amq.direct", "amq.fanout", "amq.topic", "amq.headers", "amq.match"]:
        channel.exchange_declare(name, passive=True)
        queue = stage.bound(channel, name, "key")
        channel.basic_publish(name, "key", "hello")
        same(bodies(channel, queue), ["hello"], name)


@story("exchanges are bound to exchanges, and unbound")
def exchange_to_exchange(stage):
    channel = stage.channel()
    source = stage.exchange(channel, "topic")
    middle = stage.exchange(channel, "fanout", internal=True)
    queue = stage.bound(channel, middle)
    channel.exchange_bind(middle, source, "order.#")
    published(channel, source, ["order.new", "invoice.new"])
    body, _, method = take(channel, queue)
    same((body, method.exchange, method.routing_key), (b"order.new", source, "order.new"))
    channel.exchange_unbind(middle, source, "order.#")
    published(channel, source, ["order.old"])
    same(bodies(channel, queue), [])


@story("one queue gets one copy, however many ways lead to it")
def one_copy(stage):
    channel = stage.channel()
    exchange = stage.exchange(channel, "topic")
    queue = stage.bound(channel, exchange, "a.#")
    channel.queue_bind(queue, exchange, "*.b")
    channel.queue_bind(queue, exchange, "#")
    published(channel, exchange, ["a.b"])
    same(bodies(channel, queue), ["a.b"])


@story("what finds no queue goes to the alternate exchange")
def alternate_exchange(stage):
    channel = stage.channel()
    lost = stage.exchange(channel, "fanout")
    exchange = stage.exchange(channel, "direct", arguments={"alternate-exchange": lost})
    known = stage.bound(channel, exchange, "known")
    rest = stage.bound(channel, lost)
    published(channel, exchange, ["known", "unknown"])
    same(bodies(channel, known), ["known"])
    same(bodies(channel, rest), ["unknown"])


@story("CC and BCC lead to more queues, and BCC is not told")
def carbon_copies(stage):
    channel = stage.channel()
    queues = [stage.queue(channel) for _ in range(3)]
    headers = {"CC": [queues[1]], "BCC": [queues[2]]}
    channel.basic_publish("", queues[0], "hello", pika.BasicProperties(headers=headers))
    for queue in queues:
        body, properties, method = take(channel, queue)
        wanted = (b"hello", queues[0], {"CC": [queues[1]]})
        same((body, method.routing_key, properties.headers), wanted)


@story("a server-named queue can be told apart, and an empty name means the last one")
def server_named(stage):
    channel = stage.channel()
    name = channel.queue_declare("", exclusive=True).method.queue
    assert name.startswith("amq.gen-") and len(name) == 30, name
    channel.basic_publish("", name, "hello")
    same(get(channel, "")[0], b"hello")


@story("declaring tells how many messages and consumers there are; purge and delete count")
def counts(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    for number in range(5):
        channel.basic_publish("", queue, str(number))
    channel.basic_get(queue)
    declared = channel.queue_declare(queue, passive=True).method
    same((declared.message_count, declared.consumer_count), (4, 0))
    same(channel.queue_purge(queue).method.message_count, 4)
    channel.basic_publish("", queue, "one more")
    same(channel.queue_delete(queue).method.message_count, 1)
    # What is not there can be deleted.
    same(channel.queue_delete(queue).method.message_count, 0)


@story("unbinding what is not bound is no error; an unbound queue gets nothing")
def unbind(stage):
    channel = stage.channel()
    exchange = stage.exchange(channel, "direct")
    queue = stage.bound(channel, exchange, "key")
    channel.queue_unbind(queue, exchange, "another key")
    published(channel, exchange, ["key"])
    channel.queue_unbind(queue, exchange, "key")
    published(channel, exchange, ["key"])
    same(bodies(channel, queue), ["key"])


@story("an auto-delete exchange goes with its last binding")
def auto_delete_exchange(stage):
    channel = stage.channel()
    exchange = stage.exchange(channel, "fanout", auto_delete=True)
    queue = stage.bound(channel, exchange)
    channel.exchange_declare(exchange, passive=True)
    channel.queue_unbind(queue, exchange, "")
    try:
        channel.exchange_declare(exchange, passive=True)
    except pika.exceptions.ChannelClosedByBroker as closed:
        same(closed.reply_code, 404)
    else:
        raise AssertionError("still there")


@story("an auto-delete queue goes with its last consumer")
def auto_delete_queue(stage):
    channel = stage.channel()
    queue = stage.queue(channel, auto_delete=True)
    tag = channel.basic_consume(queue, lambda *_: None)
    channel.queue_declare(queue, passive=True)
    channel.basic_cancel(tag)
    try:
        channel.queue_declare(queue, passive=True)
    except pika.exceptions.ChannelClosedByBroker as closed:
        same(closed.reply_code, 404)
    else:
        raise AssertionError("still there")


@story("a second connection may not touch an exclusive queue, but publish to it")
def exclusive_queue(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    other = stage.connect()
    for act in [
        lambda: other.channel().basic_get(queue),
        lambda: other.channel().queue_purge(queue),
        lambda: other.channel().queue_declare(queue, exclusive=True),
    ]:
        try:
            act()
        except pika.exceptions.ChannelClosedByBroker as closed:
            text = (
                f"RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '{queue}' in "
                "vhost '"
            )
            same(closed.reply_code, 405)
            assert closed.reply_text.startswith(text), closed.reply_text
        else:
            raise AssertionError("not locked")
    publisher = other.channel()
    publisher.confirm_delivery()
    publisher.basic_publish("", queue, "from outside")
    same(take(channel, queue)[0], b"from outside")


@story("a consistent hash exchange shares out keys by weight, a key always to the same queue")
def consistent_hash(stage):
    channel = stage.channel()
    try:
        exchange = stage.exchange(channel, "x-consistent-hash")
    except pika.exceptions.ConnectionClosedByBroker as closed:
        same(closed.reply_code, 503)
        raise LeftOut("a plugin that is not enabled") from None
    queues = [stage.bound(channel, exchange, weight) for weight in ["1", "3"]]
    keys = [f"key {number}" for number in range(400)]
    published(channel, exchange, keys)
    published(channel, exchange, keys)
    light, heavy = [bodies(channel, queue) for queue in queues]
    same(sorted(light + heavy), sorted(keys * 2))
    same(set(light) & set(heavy), set())
    # One in four, and some way off: the hash decides.
    assert 50 < len(set(light)) < 160, len(set(light))


@story("a delayed message exchange holds messages back for as long as they say")
def delayed_message(stage):
    channel = stage.channel()
    try:
        kind = {"x-delayed-type": "direct"}
        exchange = stage.exchange(channel, "x-delayed-message", arguments=kind)
    except pika.exceptions.ConnectionClosedByBroker as closed:
        same(closed.reply_code, 503)
        raise LeftOut("a plugin that is not enabled") from None
    queue = stage.bound(channel, exchange, "key")
    for word, delay in [("late", 200), ("soon", 50), ("now", 0)]:
        headers = pika.BasicProperties(headers={"x-delay": delay})
        channel.basic_publish(exchange, "key", word, headers)
    same([take(channel, queue)[0] for _ in range(3)], [b"now", b"soon", b"late"])
