"""Stories of what an operator has laid down in `../definitions.json`: users and what they may do,
policies, limits, and things that are there before anybody declares them.

The broker must have these definitions. `cargo xtask clients` starts one of ours with them, and says
so by the user in AMQP_URL; any other broker gets them by `rabbitmqctl import_definitions`. Without
them the stories are left out with a notice. Every password is the user's name.
"""

import sys

import pika
from pika import exceptions

import story
from stories import pika_client
from stories.pika_client import bodies, close_of, get, parameters, take
from story import same

VHOST = "stories"


class Stage(pika_client.Stage):
    """Connections of one of our users to one of our virtual hosts."""

    def connect_as(self, user, vhost=VHOST):
        return self.connect(credentials=pika.PlainCredentials(user, user), virtual_host=vhost)

    def clear(self):
        for connection in self.connections:
            if connection.is_open:
                connection.close()


def loaded():
    """Whether the broker has the definitions."""
    try:
        credentials = pika.PlainCredentials("stories-all", "stories-all")
        wanted = parameters(credentials=credentials, virtual_host=VHOST)
        pika.BlockingConnection(wanted).close()
    except exceptions.AMQPConnectionError:
        return False
    return True


def refused(connection, act, what):
    """The act closes its channel with 403 and this sentence."""
    got = close_of(exceptions.ChannelClosedByBroker, lambda: act(connection.channel()))
    user = connection._impl.params.credentials.username
    same(got, (403, f"ACCESS_REFUSED - access to {what} refused for user '{user}'"))


def thing(kind, name):
    return f"{kind} '{name}' in vhost '{VHOST}'"


def flushed(channel):
    """A question behind a method that has no answer."""
    channel.exchange_declare("amq.direct", passive=True)


@story.story("a user without permissions is not let into the virtual host")
def no_permissions(stage):
    try:
        stage.connect_as("stories-none")
    except exceptions.ProbableAccessDeniedError as error:
        wanted = "NOT_ALLOWED - access to vhost 'stories' refused for user 'stories-none'"
        assert "(530)" in str(error) and wanted in str(error), error
    else:
        raise AssertionError("let in")


@story.story("configure, write and read each have their names")
def permissions(stage):
    own = stage.connect_as("stories-some")
    channel = own.channel()
    channel.queue_declare("mine.queue", exclusive=True)
    channel.basic_publish("", "mine.queue", "hello")
    same(get(channel, "mine.queue")[0], b"hello")
    declare = lambda other: other.queue_declare("yours", exclusive=True)  # noqa: E731
    refused(own, declare, thing("queue", "yours"))
    declare = lambda other: other.exchange_declare("yours")  # noqa: E731
    refused(own, declare, thing("exchange", "yours"))
    refused(own, lambda other: other.queue_delete("graveyard"), thing("queue", "graveyard"))
    refused(own, lambda other: other.basic_get("graveyard"), thing("queue", "graveyard"))
    refused(own, lambda other: other.queue_purge("graveyard"), thing("queue", "graveyard"))
    bind = lambda other: other.queue_bind("mine.queue", "amq.fanout", "")  # noqa: E731
    refused(own, bind, thing("exchange", "amq.fanout"))

    def publish(other):
        other.basic_publish("amq.fanout", "", "hello")
        flushed(other)

    refused(own, publish, thing("exchange", "amq.fanout"))
    # Looking needs no permission.
    channel.queue_declare("graveyard", passive=True)


@story.story("on a topic exchange the key needs permission as well")
def topic_permissions(stage):
    own = stage.connect_as("stories-some")
    channel = own.channel()
    channel.queue_declare("mine.topics", exclusive=True)
    channel.queue_bind("mine.topics", "amq.topic", "allowed.#")
    channel.basic_publish("amq.topic", "allowed.key", "hello")
    same(bodies(channel, "mine.topics"), ["hello"])

    def publish(other):
        other.basic_publish("amq.topic", "forbidden.key", "hello")
        flushed(other)

    topic = "topic 'forbidden.key' in exchange 'amq.topic' in vhost 'stories'"
    refused(own, publish, topic)
    bind = lambda other: other.queue_bind("mine.topics", "amq.topic", "#")  # noqa: E731
    refused(own, bind, "topic '#' in exchange 'amq.topic' in vhost 'stories'")


@story.story("who is an impersonator may publish as another")
def impersonator(stage):
    channel = stage.connect_as("stories-all").channel()
    queue = stage.queue(channel)
    channel.basic_publish("", queue, "hello", pika.BasicProperties(user_id="somebody"))
    same(get(channel, queue)[1].user_id, "somebody")


@story.story("what was defined is there")
def defined(stage):
    channel = stage.connect_as("stories-all").channel()
    channel.queue_purge("graveyard")
    channel.queue_declare("graveyard", durable=True, arguments={"x-max-length": 1000})
    channel.basic_publish("graveyard", "any", "rest in peace")
    same(get(channel, "graveyard")[0], b"rest in peace")


def confirmed(channel, queue, count):
    """How many of so many messages are not refused."""
    channel.confirm_delivery()
    taken = 0
    for number in range(count):
        try:
            channel.basic_publish("", queue, str(number))
            taken += 1
        except exceptions.NackError:
            pass
    return taken


@story.story("of two policies the one of higher priority holds, within the operator's limit")
def policies(stage):
    channel = stage.connect_as("stories-all").channel()
    # The policy "short" says 3 and reject; "any" says 1; the operator says never more than 2.
    channel.queue_declare("policy.short", exclusive=True)
    same(confirmed(channel, "policy.short", 4), 2)
    same(bodies(channel, "policy.short"), ["0", "1"])


@story.story("a queue's own argument and its policy: the lower limit holds")
def policy_and_argument(stage):
    channel = stage.connect_as("stories-all").channel()
    channel.queue_declare("policy.own", exclusive=True, arguments={"x-max-length": 5})
    for number in range(4):
        channel.basic_publish("", "policy.own", str(number))
    same(bodies(channel, "policy.own"), ["3"])


@story.story("a policy gives time to live and dead letter exchange")
def policy_dead_letters(stage):
    channel = stage.connect_as("stories-all").channel()
    channel.queue_purge("graveyard")
    channel.queue_declare("policy.brief", exclusive=True)
    channel.basic_publish("", "policy.brief", "late")
    body, properties, method = take(channel, "graveyard")
    (death,) = properties.headers["x-death"]
    same((body, method.routing_key, death["reason"]), (b"late", "buried", "expired"))


@story.story("a policy gives an exchange its alternate")
def policy_alternate(stage):
    channel = stage.connect_as("stories-all").channel()
    channel.queue_purge("graveyard")
    channel.exchange_declare("policy.exchange", "direct")
    channel.basic_publish("policy.exchange", "nowhere", "lost")
    same(take(channel, "graveyard")[0], b"lost")
    channel.exchange_delete("policy.exchange")


@story.story("a virtual host takes no more queues than its limit says")
def queue_limit(stage):
    connection = stage.connect_as("stories-all", "stories-small")
    connection.channel().queue_declare("first", exclusive=True)
    act = lambda: connection.channel().queue_declare("second", exclusive=True)  # noqa: E731
    got = close_of(exceptions.ChannelClosedByBroker, act)
    wanted = (
        "PRECONDITION_FAILED - cannot declare queue 'second': queue limit in vhost "
        "'stories-small' (1) is reached"
    )
    same(got, (406, wanted))


@story.story("a virtual host takes no more connections than its limit says")
def connection_limit(stage):
    for _ in range(2):
        stage.connect_as("stories-all", "stories-small")
    try:
        stage.connect_as("stories-all", "stories-small")
    except exceptions.ProbableAccessDeniedError as error:
        wanted = (
            "NOT_ALLOWED - access to vhost 'stories-small' refused for user 'stories-all': "
            "connection limit (2) is reached"
        )
        assert "(530)" in str(error) and wanted in str(error), error
    else:
        raise AssertionError("let in")


def main():
    if loaded() or story.address()[2] == "stories-all":
        good, bad = story.tell("operator", Stage)
    else:
        print("The broker does not have tests/clients/definitions.json: its stories are left out.")
        good, bad = 0, 0
    print(f"operator: {good} stories ok, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
