"""Tells the stories of the Python clients: `python run.py [WORD ...]` with AMQP_URL set."""

import sys

import story
from stories import amqp_client, pika_client
from stories import pika_connection, pika_errors, pika_lifetimes, pika_messages  # noqa: F401
from stories import pika_publishing, pika_settling, pika_topology, amqp_stories  # noqa: F401


def main():
    passed, failed = 0, 0
    for client, stage in [("pika", pika_client.Stage), ("amqp", amqp_client.Stage)]:
        good, bad = story.tell(client, stage)
        passed, failed = passed + good, failed + bad
    print(f"python: {passed} stories ok, {failed} failed")
    return 1 if failed or not passed and not sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
