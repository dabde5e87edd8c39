"""Stories of a broker that runs out of memory: who is blocked, who is told, and what ends it.

The broker must have little of it: STORIES_MEMORY_OCTETS says after how many octets of messages at the
latest it has too little. `cargo xtask clients` starts ours with such a limit; for a RabbitMQ, use
`rabbitmqctl set_vm_memory_high_watermark absolute ...`. Without it the stories are left out.
"""

import os
import sys

import story
from stories.pika_client import Stage, get
from story import same, until

ENOUGH = int(os.environ.get("STORIES_MEMORY_OCTETS", "0"))
BODY = bytes(1_000_000)


class Publisher:
    """A connection that publishes, and what it is told."""

    def __init__(self, stage):
        self.connection = stage.connect()
        self.channel = self.connection.channel()
        self.told = []
        self.connection.add_on_connection_blocked_callback(
            lambda _, frame: self.told.append(f"blocked: {frame.method.reason}")
        )
        self.connection.add_on_connection_unblocked_callback(
            lambda _, frame: self.told.append("unblocked")
        )

    def fill(self, queue):
        """Publishes until it is told to stop; gives how many messages that took."""
        count = 0
        while not self.told:
            assert count * len(BODY) < ENOUGH, f"{count} messages and no word"
            self.channel.basic_publish("", queue, BODY)
            self.connection.process_data_events(0.02)
            count += 1
        return count


@story.story("a publisher is told that it is blocked, and when it is not any more")
def blocked(stage):
    publisher = Publisher(stage)
    reader = stage.connect().channel()
    queue = stage.queue(reader, auto_delete=False)
    count = publisher.fill(queue)
    same(publisher.told, ["blocked: low on memory"])
    # Who does not publish goes on, and what it takes away ends the alarm.
    assert get(reader, queue)
    left = reader.queue_purge(queue).method.message_count
    assert left <= count - 1, (left, count)
    look = lambda: publisher.connection.process_data_events(0.1)  # noqa: E731
    until(lambda: len(publisher.told) > 1, look, "connection.unblocked")
    same(publisher.told[1:], ["unblocked"])
    publisher.channel.confirm_delivery()
    publisher.channel.basic_publish("", queue, "welcome again")
    reader.queue_purge(queue)


@story.story("a publisher that comes while memory is low is blocked when it publishes")
def comes_later(stage):
    reader = stage.connect().channel()
    queue = stage.queue(reader, auto_delete=False)
    Publisher(stage).fill(queue)
    late = Publisher(stage)
    # It may ask whatever it likes.
    late.channel.queue_declare(queue, passive=True)
    same(late.told, [])
    late.channel.basic_publish("", queue, "held back")
    look = lambda: late.connection.process_data_events(0.1)  # noqa: E731
    until(lambda: late.told, look, "connection.blocked")
    same(late.told, ["blocked: low on memory"])
    reader.queue_purge(queue)
    until(lambda: len(late.told) > 1, look, "connection.unblocked")
    seen = []
    until(
        lambda: seen and seen[-1][0] == b"held back",
        lambda: seen.append(get(reader, queue) or ("nothing yet",)),
        "what was held back",
    )


if __name__ == "__main__":
    if ENOUGH:
        good, bad = story.tell("alarm", Stage)
    else:
        print("The broker has all the memory it wants: the stories of too little are left out.")
        good, bad = 0, 0
    print(f"alarm: {good} stories ok, {bad} failed")
    sys.exit(1 if bad else 0)
