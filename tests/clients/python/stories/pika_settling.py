"""Stories of consumers: acknowledging, giving back, prefetch, turns, cancelling."""

from pika import exceptions

from stories.pika_client import await_count, bodies, close_of, collect, get, settle, take
from story import same, story, until


def numbered(channel, queue, count):
    """Publishes the numbers from 0."""
    for number in range(count):
        channel.basic_publish("", queue, str(number))


def texts(got):
    return [body.decode() for body, _, _ in got]


@story("what is acknowledged is gone, what is not comes again when the channel closes")
def acknowledge(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    numbered(channel, queue, 3)
    for number in range(3):
        method, _, _ = channel.basic_get(queue)
        same((method.redelivered, method.delivery_tag), (False, number + 1))
        if number == 1:
            channel.basic_ack(method.delivery_tag)
    channel.close()
    other = stage.channel()
    got = [take(other, queue), take(other, queue)]
    same([(body, method.redelivered) for body, _, method in got], [(b"0", True), (b"2", True)])
    same(get(other, queue), None)


@story("multiple acknowledges all up to the tag")
def multiple(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    numbered(channel, queue, 5)
    for _ in range(5):
        channel.basic_get(queue)
    channel.basic_ack(3, multiple=True)
    channel.basic_nack(0, multiple=True, requeue=True)
    same(texts([take(channel, queue), take(channel, queue)]), ["3", "4"])


@story("a message given back takes its old place")
def requeue(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    numbered(channel, queue, 4)
    for _ in range(3):
        channel.basic_get(queue)
    for tag in [2, 1, 3]:
        channel.basic_reject(tag, requeue=True)
    got = [take(channel, queue) for _ in range(4)]
    same(texts(got), ["0", "1", "2", "3"])
    same([method.redelivered for _, _, method in got], [True, True, True, False])


@story("recover gives back all that is outstanding")
def recover(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    numbered(channel, queue, 3)
    got = collect(channel, queue)
    await_count(channel, got, 3)
    channel.basic_recover(requeue=True)
    await_count(channel, got, 6)
    same(texts(got), ["0", "1", "2"] * 2)
    same([method.redelivered for _, _, method in got], [False] * 3 + [True] * 3)


@story("recover without requeue is not implemented: 540")
def recover_without_requeue(stage):
    channel = stage.channel()
    act = lambda: channel.basic_recover(requeue=False)  # noqa: E731
    got = close_of(exceptions.ConnectionClosedByBroker, act)
    same(got, (540, "NOT_IMPLEMENTED - requeue=false"))


@story("prefetch holds back what comes after it, until an acknowledgement")
def prefetch(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    channel.basic_qos(prefetch_count=2)
    numbered(channel, queue, 5)
    got = collect(channel, queue)
    await_count(channel, got, 2)
    channel.basic_ack(got[0][2].delivery_tag)
    await_count(channel, got, 3)
    channel.basic_ack(got[2][2].delivery_tag, multiple=True)
    await_count(channel, got, 5)


@story("a prefetch for the whole channel is shared by its consumers")
def global_prefetch(stage):
    channel = stage.channel()
    queues = [stage.queue(channel), stage.queue(channel)]
    channel.basic_qos(prefetch_count=3, global_qos=True)
    for queue in queues:
        numbered(channel, queue, 4)
    got = collect(channel, queues[0])
    more = collect(channel, queues[1])
    until(lambda: len(got) + len(more) >= 3, lambda: settle(channel), "three deliveries")
    settle(channel)
    same(len(got) + len(more), 3)
    channel.basic_qos(prefetch_count=0, global_qos=True)
    until(lambda: len(got) + len(more) >= 8, lambda: settle(channel), "the rest")


@story("consumers take turns")
def turns(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    consumers = [collect(channel, queue) for _ in range(3)]
    numbered(channel, queue, 6)
    until(
        lambda: sum(map(len, consumers)) >= 6,
        lambda: channel.connection.process_data_events(0.1),
        "six deliveries",
    )
    same([texts(got) for got in consumers], [["0", "3"], ["1", "4"], ["2", "5"]])


@story("the consumer of higher priority comes first, the other gets what it cannot take")
def consumer_priority(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    channel.basic_qos(prefetch_count=2)
    low = collect(channel, queue)
    high = collect(channel, queue, arguments={"x-priority": 10})
    numbered(channel, queue, 3)
    await_count(channel, high, 2)
    until(lambda: low, lambda: settle(channel), "the third")
    same((texts(high), texts(low)), (["0", "1"], ["2"]))


@story("of several consumers a single one is active, and the next takes over")
def single_active(stage):
    channel = stage.channel()
    queue = stage.queue(channel, {"x-single-active-consumer": True})
    first, second = [], []
    tag = channel.basic_consume(queue, lambda *got: first.append(got[3]), auto_ack=True)
    channel.basic_consume(queue, lambda *got: second.append(got[3]), auto_ack=True)
    numbered(channel, queue, 2)
    until(lambda: len(first) == 2, lambda: settle(channel), "two messages")
    channel.basic_cancel(tag)
    numbered(channel, queue, 1)
    until(lambda: second, lambda: settle(channel), "the second's turn")
    same((first, second), ([b"0", b"1"], [b"0"]))


@story("an exclusive consumer is alone")
def exclusive_consumer(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    collect(channel, queue, exclusive=True)
    other = stage.channel()
    code, text = close_of(exceptions.ChannelClosedByBroker, lambda: collect(other, queue))
    same(code, 403)
    assert text.startswith(f"ACCESS_REFUSED - queue '{queue}' in vhost '"), text
    assert text.endswith("' in exclusive use"), text


@story("a consumer is told when its queue is deleted")
def cancelled(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    told = []
    channel.add_on_cancel_callback(lambda frame: told.append(frame.method.consumer_tag))
    tag = channel.basic_consume(queue, lambda *_: None)
    stage.channel().queue_delete(queue)
    until(lambda: told, lambda: channel.connection.process_data_events(0.1), "basic.cancel")
    same(told, [tag])


@story("after cancelling nothing comes, and what came can be acknowledged")
def cancel(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    channel.basic_qos(prefetch_count=1)
    numbered(channel, queue, 2)
    got = []
    tag = channel.basic_consume(queue, lambda *arguments: got.append(arguments))
    until(lambda: got, lambda: channel.connection.process_data_events(0.1), "a delivery")
    channel.basic_cancel(tag)
    channel.basic_ack(got[0][1].delivery_tag)
    settle(channel)
    same(len(got), 1)
    same(bodies(channel, queue), ["1"])


@story("the generator of pika reads a queue to its end")
def generator(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    numbered(channel, queue, 10)
    seen = []
    for method, _, body in channel.consume(queue, inactivity_timeout=20):
        seen.append(body.decode())
        channel.basic_ack(method.delivery_tag)
        if len(seen) == 10:
            break
    same(channel.cancel(), 0)
    same(seen, [str(number) for number in range(10)])


@story("an unknown delivery tag closes the channel with 406")
def unknown_tag(stage):
    for act, arguments in [
        ("basic_ack", {"delivery_tag": 99}),
        ("basic_nack", {"delivery_tag": 99}),
        ("basic_reject", {"delivery_tag": 99}),
    ]:
        channel = stage.channel()
        queue = stage.queue(channel)
        getattr(channel, act)(**arguments)
        check = lambda: channel.queue_declare(queue, passive=True)  # noqa: B023,E731
        got = close_of(exceptions.ChannelClosedByBroker, check)
        same(got, (406, "PRECONDITION_FAILED - unknown delivery tag 99"))
