"""Stories of a careful publisher: confirms, returns, transactions."""

import pika
from pika import exceptions

from stories.pika_client import bodies, close_of, get, take
from story import same, story, until


@story("a confirmed publish returns once the broker has it")
def confirms(stage):
    channel = stage.channel()
    queue = stage.queue(channel, durable=True)
    channel.confirm_delivery()
    for number in range(20):
        mode = pika.BasicProperties(delivery_mode=1 + number % 2)
        channel.basic_publish("", queue, str(number), mode)
    same(bodies(channel, queue), [str(number) for number in range(20)])


@story("a mandatory message without a queue comes back with 312")
def returned(stage):
    channel = stage.channel()
    channel.confirm_delivery()
    exchange = stage.exchange(channel, "direct")
    properties = pika.BasicProperties(message_id="lost", headers={"a": 1})
    try:
        channel.basic_publish(exchange, "nowhere", "hello", properties, mandatory=True)
    except exceptions.UnroutableError as error:
        (message,) = error.messages
        method = message.method
        wanted = (312, "NO_ROUTE", exchange, "nowhere")
        same((method.reply_code, method.reply_text, method.exchange, method.routing_key), wanted)
        same((message.body, message.properties), (b"hello", properties))
    else:
        raise AssertionError("not returned")
    # Without mandatory nobody is told, and the broker confirms.
    channel.basic_publish(exchange, "nowhere", "hello")


@story("without confirms a mandatory message comes back as well")
def returned_unconfirmed(stage):
    channel = stage.channel()
    returns = []
    channel.add_on_return_callback(lambda *arguments: returns.append(arguments))
    channel.basic_publish("amq.direct", "nowhere", "hello", mandatory=True)
    look = lambda: channel.connection.process_data_events(0.05)  # noqa: E731
    until(lambda: returns, look, "the return")
    _, method, _, body = returns[0]
    same((method.reply_code, body), (312, b"hello"))


@story("a full queue that rejects says no to the publisher")
def rejected(stage):
    channel = stage.channel()
    queue = stage.queue(channel, {"x-max-length": 2, "x-overflow": "reject-publish"})
    channel.confirm_delivery()
    channel.basic_publish("", queue, "1")
    channel.basic_publish("", queue, "2")
    try:
        channel.basic_publish("", queue, "3")
    except exceptions.NackError:
        pass
    else:
        raise AssertionError("taken")
    same(bodies(channel, queue), ["1", "2"])


@story("a transaction is seen when it is committed")
def commit(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    channel.tx_select()
    channel.basic_publish("", queue, "1")
    channel.basic_publish("", queue, "2")
    watcher = stage.channel()
    same(get(watcher, queue), None)
    channel.tx_commit()
    same(bodies(watcher, queue), ["1", "2"])


@story("a transaction that is rolled back never was")
def rollback(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    channel.basic_publish("", queue, "before")
    channel.tx_select()
    method, _, _ = channel.basic_get(queue)
    channel.basic_ack(method.delivery_tag)
    channel.basic_publish("", queue, "never")
    channel.tx_rollback()
    # Outstanding again under the same tag: it can be acknowledged again.
    same(channel.queue_declare(queue, passive=True).method.message_count, 0)
    channel.basic_nack(method.delivery_tag, requeue=True)
    channel.tx_commit()
    body, _, method = take(stage.channel(), queue)
    same((body, method.redelivered), (b"before", True))
    same(get(channel, queue), None)


@story("committing without a transaction closes the channel with 406")
def no_transaction(stage):
    for act in ["tx_commit", "tx_rollback"]:
        channel = stage.channel()
        got = close_of(exceptions.ChannelClosedByBroker, getattr(channel, act))
        same(got, (406, "PRECONDITION_FAILED - channel is not transactional"))


@story("a channel confirms or has transactions, not both")
def not_both(stage):
    channel = stage.channel()
    channel.tx_select()
    got = close_of(exceptions.ChannelClosedByBroker, channel.confirm_delivery)
    same(got, (406, "PRECONDITION_FAILED - cannot switch from tx to confirm mode"))
    channel = stage.channel()
    channel.confirm_delivery()
    got = close_of(exceptions.ChannelClosedByBroker, channel.tx_select)
    same(got, (406, "PRECONDITION_FAILED - cannot switch from confirm to tx mode"))
