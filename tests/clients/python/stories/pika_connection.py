"""Stories of coming and going: handshake, credentials, limits, heartbeats, many channels."""

import time

import pika
from pika import exceptions

from stories.pika_client import close_of, get, parameters
from story import PATIENCE, same, story, until

CAPABILITIES = [
    "publisher_confirms",
    "exchange_exchange_bindings",
    "basic.nack",
    "consumer_cancel_notify",
    "connection.blocked",
    "consumer_priorities",
    "authentication_failure_close",
    "per_consumer_qos",
    "direct_reply_to",
]


@story("the server says who it is and what it can do")
def server_properties(stage):
    # pika keeps them for itself.
    inner = stage.connect()._impl
    properties = inner.server_properties
    for name in ["product", "version", "platform", "copyright", "information", "cluster_name"]:
        assert isinstance(properties[name], str) and properties[name], name
    same(inner.server_capabilities, dict.fromkeys(CAPABILITIES, True))


@story("limits are agreed on: what the server offers, or less when the client wants less")
def limits(stage):
    agreed = stage.connect(channel_max=65535, frame_max=131072, heartbeat=None)._impl.params
    same((agreed.channel_max, agreed.frame_max, agreed.heartbeat), (2047, 131072, 60))
    agreed = stage.connect(channel_max=9, frame_max=4096, heartbeat=7)._impl.params
    same((agreed.channel_max, agreed.frame_max, agreed.heartbeat), (9, 4096, 7))


@story("a wrong password is refused with 403 and a sentence")
def wrong_password(stage):
    credentials = pika.PlainCredentials("guest", "not the password")
    try:
        stage.connect(credentials=credentials)
    except exceptions.ProbableAuthenticationError as error:
        sentence = (
            "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. "
            "For details see the broker logfile."
        )
        assert "403" in str(error) and sentence in str(error), error
    else:
        raise AssertionError("let in")


@story("an unknown user is refused as a wrong password is")
def unknown_user(stage):
    try:
        stage.connect(credentials=pika.PlainCredentials("nobody-known", "guest"))
    except exceptions.ProbableAuthenticationError as error:
        assert "(403) 'ACCESS_REFUSED - Login was refused" in str(error), error
    else:
        raise AssertionError("let in")


@story("an unknown virtual host is refused with 530")
def unknown_vhost(stage):
    try:
        stage.connect(virtual_host="no-such-vhost")
    except exceptions.ProbableAccessDeniedError as error:
        wanted = "(530) 'NOT_ALLOWED - vhost no-such-vhost not found'"
        assert wanted in str(error), error
    else:
        raise AssertionError("let in")


@story("two hundred channels on one connection work side by side")
def many_channels(stage):
    connection = stage.connect()
    channels = [connection.channel() for _ in range(200)]
    queues = [channel.queue_declare("", exclusive=True).method.queue for channel in channels]
    same(len(set(queues)), 200)
    for index, (channel, queue) in enumerate(zip(channels, queues)):
        channel.basic_publish("", queue, f"for {index}")
    for index, (channel, queue) in enumerate(zip(channels, queues)):
        body, _, method = get(channel, queue)
        same((body.decode(), method.delivery_tag), (f"for {index}", 1))


@story("a channel's number is free again once it is closed")
def channel_number_again(stage):
    connection = stage.connect()
    for _ in range(5):
        channel = connection.channel(7)
        channel.queue_declare("", exclusive=True)
        channel.close()


@story("a closed connection takes its exclusive queues with it")
def exclusive_queues_go(stage):
    first = stage.connect()
    queue = stage.queue(first.channel())
    first.close()
    channel = stage.connect().channel()
    act = lambda: channel.queue_declare(queue, passive=True)  # noqa: E731
    code, _ = close_of(exceptions.ChannelClosedByBroker, act)
    same(code, 404)


@story("heartbeats keep a quiet connection open")
def heartbeats(stage):
    connection = stage.connect(heartbeat=1)
    # Several times what the server would bear without a sign of life.
    connection.sleep(4.5)
    connection.channel().queue_declare("", exclusive=True)


@story("a client that gives no sign of life is dropped")
def no_heartbeats(stage):
    connection = stage.connect(heartbeat=1)
    queue = stage.queue(connection.channel())
    other = stage.connect().channel()
    gone = []

    def look():
        # Not a word from pika meanwhile: it only speaks when it is called.
        time.sleep(0.2)
        probe = other.connection.channel()
        try:
            probe.queue_declare(queue, passive=True)
        except exceptions.ChannelClosedByBroker as closed:
            if closed.reply_code == 404:
                gone.append(True)

    until(lambda: gone, look, "the queue of the dead connection to go")
    try:
        connection.process_data_events(PATIENCE)
    except exceptions.AMQPConnectionError:
        return
    raise AssertionError("still connected")


@story("a renewed secret is taken")
def update_secret(stage):
    connection = stage.connect()
    connection.update_secret(parameters().credentials.password, "renewed in time")
    connection.channel().queue_declare("", exclusive=True)


@story("flow is always on")
def flow(stage):
    same(stage.channel().flow(True), True)
