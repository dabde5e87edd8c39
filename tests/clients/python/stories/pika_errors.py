"""Stories of mistakes: which closes the channel, which the connection, and with what words."""

import pika
from pika import exceptions

from stories.pika_client import close_of, get, parameters
from story import same, story

VHOST = parameters().virtual_host


def channel_closes(stage, code, text, act):
    """The act closes its channel so, and nothing else."""
    channel = stage.channel()
    bystander = stage.channel()
    queue = stage.queue(bystander)
    got = close_of(exceptions.ChannelClosedByBroker, lambda: act(channel))
    same(got, (code, text))
    assert channel.is_closed
    bystander.basic_publish("", queue, "still here")
    same(get(bystander, queue)[0], b"still here")


def connection_closes(stage, code, text, act):
    """The act closes the connection so."""
    connection = stage.connect()
    channel = connection.channel()
    got = close_of(exceptions.ConnectionClosedByBroker, lambda: act(channel))
    same(got, (code, text))
    assert connection.is_closed


def flushed(channel):
    """A question behind a method that has no answer."""
    channel.exchange_declare("amq.direct", passive=True)


@story("404: a queue that is not there")
def no_queue(stage):
    name = stage.name("nothing")
    text = f"NOT_FOUND - no queue '{name}' in vhost '{VHOST}'"
    for act in [
        lambda channel: channel.queue_declare(name, passive=True),
        lambda channel: channel.basic_get(name),
        lambda channel: channel.queue_purge(name),
        lambda channel: channel.queue_bind(name, "amq.direct", "key"),
        lambda channel: channel.basic_consume(name, lambda *_: None),
    ]:
        channel_closes(stage, 404, text, act)


@story("404: an exchange that is not there")
def no_exchange(stage):
    name = stage.name("nothing")

    def publish(channel):
        channel.basic_publish(name, "key", "hello")
        flushed(channel)

    for act in [
        publish,
        lambda channel: channel.exchange_declare(name, passive=True),
        lambda channel: channel.exchange_bind(name, "amq.direct", "key"),
        lambda channel: channel.queue_bind(stage.queue(channel), name, "key"),
    ]:
        text = f"NOT_FOUND - no exchange '{name}' in vhost '{VHOST}'"
        channel_closes(stage, 404, text, act)


@story("406: a queue declared again in another way")
def inequivalent_queue(stage):
    queue = stage.queue(stage.channel(), {"x-max-length": 5}, durable=False)
    named = f"for queue '{queue}' in vhost '{VHOST}'"
    for changed, text in [
        ({"durable": True}, f"arg 'durable' {named}: received 'true' but current is 'false'"),
        (
            {"auto_delete": True},
            f"arg 'auto_delete' {named}: received 'true' but current is 'false'",
        ),
        (
            {"arguments": {"x-max-length": 6}},
            f"arg 'x-max-length' {named}: received '6' but current is '5'",
        ),
        (
            {},
            f"arg 'x-max-length' {named}: received none but current is the value '5' of type "
            "'signedint'",
        ),
    ]:
        text = f"PRECONDITION_FAILED - inequivalent {text}"
        declare = lambda channel: channel.queue_declare(queue, **changed)  # noqa: B023,E731
        channel_closes(stage, 406, text, declare)


@story("406: an exchange declared again in another way")
def inequivalent_exchange(stage):
    name = stage.exchange(stage.channel(), "direct")
    named = f"for exchange '{name}' in vhost '{VHOST}'"
    for changed, text in [
        (
            {"exchange_type": "fanout"},
            f"arg 'type' {named}: received 'fanout' but current is 'direct'",
        ),
        ({"durable": True}, f"arg 'durable' {named}: received 'true' but current is 'false'"),
        ({"internal": True}, f"arg 'internal' {named}: received 'true' but current is 'false'"),
    ]:
        text = f"PRECONDITION_FAILED - inequivalent {text}"
        declare = lambda channel: channel.exchange_declare(name, **changed)  # noqa: B023,E731
        channel_closes(stage, 406, text, declare)


@story("406: arguments that make no sense")
def senseless_arguments(stage):
    for arguments in [
        {"x-message-ttl": -1},
        {"x-message-ttl": "soon"},
        {"x-expires": 0},
        {"x-max-length": -1},
        {"x-max-priority": 256},
        {"x-overflow": "explode"},
        {"x-dead-letter-routing-key": "key"},
        {"x-single-active-consumer": "yes"},
    ]:
        channel = stage.channel()
        declare = lambda: stage.queue(channel, arguments)  # noqa: B023,E731
        code, text = close_of(exceptions.ChannelClosedByBroker, declare)
        same(code, 406, str(arguments))
        assert text.startswith("PRECONDITION_FAILED - invalid arg '"), text


@story("406: an expiration that is no number")
def senseless_expiration(stage):
    def publish(channel):
        properties = pika.BasicProperties(expiration="soon")
        channel.basic_publish("", "anywhere", "hello", properties)
        flushed(channel)

    code, text = close_of(exceptions.ChannelClosedByBroker, lambda: publish(stage.channel()))
    same(code, 406)
    assert text.startswith("PRECONDITION_FAILED - invalid expiration 'soon'"), text


@story("406: a user id that is another's")
def foreign_user_id(stage):
    def publish(channel):
        properties = pika.BasicProperties(user_id="somebody")
        channel.basic_publish("", "anywhere", "hello", properties)
        flushed(channel)

    text = (
        "PRECONDITION_FAILED - user_id property set to 'somebody' but authenticated user was "
        f"'{parameters().credentials.username}'"
    )
    channel_closes(stage, 406, text, publish)


@story("406: deleting what is in use or not empty")
def in_use(stage):
    channel = stage.channel()
    queue = stage.queue(channel)
    channel.basic_publish("", queue, "hello")
    text = f"PRECONDITION_FAILED - queue '{queue}' in vhost '{VHOST}' not empty"
    channel_closes(stage, 406, text, lambda other: other.queue_delete(queue, if_empty=True))
    channel.basic_consume(queue, lambda *_: None)
    text = f"PRECONDITION_FAILED - queue '{queue}' in vhost '{VHOST}' in use"
    channel_closes(stage, 406, text, lambda other: other.queue_delete(queue, if_unused=True))
    exchange = stage.exchange(channel, "direct")
    channel.queue_bind(queue, exchange, "key")
    text = f"PRECONDITION_FAILED - exchange '{exchange}' in vhost '{VHOST}' in use"
    channel_closes(stage, 406, text, lambda other: other.exchange_delete(exchange, if_unused=True))


@story("403: names and things that belong to the broker")
def reserved(stage):
    def publish_inside(channel):
        exchange = stage.exchange(channel, "fanout", internal=True)
        channel.basic_publish(exchange, "key", "hello")
        flushed(channel)

    default = "ACCESS_REFUSED - operation not permitted on the default exchange"
    amq = "contains reserved prefix 'amq.*'"
    for text, act in [
        (
            f"ACCESS_REFUSED - exchange name 'amq.mine' {amq}",
            lambda channel: channel.exchange_declare("amq.mine"),
        ),
        (
            f"ACCESS_REFUSED - queue name 'amq.mine' {amq}",
            lambda channel: channel.queue_declare("amq.mine"),
        ),
        (
            "ACCESS_REFUSED - deletion of system exchange 'amq.fanout' in vhost "
            f"'{VHOST}' not allowed",
            lambda channel: channel.exchange_delete("amq.fanout"),
        ),
        (default, lambda channel: channel.queue_bind(stage.queue(channel), "", "key")),
        (default, lambda channel: channel.exchange_delete("")),
    ]:
        channel_closes(stage, 403, text, act)
    code, text = close_of(
        exceptions.ChannelClosedByBroker, lambda: publish_inside(stage.channel())
    )
    same(code, 403)
    assert text.startswith("ACCESS_REFUSED - cannot publish to internal exchange '"), text


@story("503: an unknown type of exchange closes the connection")
def unknown_type(stage):
    text = "COMMAND_INVALID - unknown exchange type 'x-unheard-of'"
    name = stage.name("odd")
    connection_closes(
        stage, 503, text, lambda channel: channel.exchange_declare(name, "x-unheard-of")
    )


@story("530: a consumer tag used twice closes the connection")
def tag_twice(stage):
    def twice(channel):
        queue = stage.queue(channel)
        channel.basic_consume(queue, lambda *_: None, consumer_tag="mine")
        # pika itself would refuse; its inner channel asks.
        channel._impl._consumers.clear()
        channel._consumer_infos.clear()
        channel.basic_consume(queue, lambda *_: None, consumer_tag="mine")

    connection_closes(
        stage, 530, "NOT_ALLOWED - attempt to reuse consumer tag 'mine'", twice
    )


@story("540: what is not implemented closes the connection")
def not_implemented(stage):
    connection_closes(
        stage,
        540,
        "NOT_IMPLEMENTED - prefetch_size!=0 (100)",
        lambda channel: channel.basic_qos(prefetch_size=100),
    )
    connection_closes(
        stage, 540, "NOT_IMPLEMENTED - active=false", lambda channel: channel.flow(False)
    )


@story("a channel that was closed is opened again and works")
def after_the_error(stage):
    connection = stage.connect()
    for _ in range(10):
        channel = connection.channel()
        act = lambda: channel.basic_get(stage.name("nothing"))  # noqa: B023,E731
        same(close_of(exceptions.ChannelClosedByBroker, act)[0], 404)
    stage.queue(connection.channel())
