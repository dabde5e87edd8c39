"""Runs the six tutorials as a learner does, in several terminals, and checks what is printed."""

import pathlib
import sys

import pika

import story
from programs import Program
from story import same

FOLDER = pathlib.Path(__file__).parent / "tutorials"
WAITING = "Waiting for messages. Ctrl-C ends it."


class Stage:
    """The terminals of one tutorial."""

    def __init__(self):
        self.programs = []
        self._delete()

    def start(self, name, *arguments):
        """Starts a program that waits for messages, and waits until it does."""
        program = Program(FOLDER / f"{name}.py", *arguments, url=story.URL)
        self.programs.append(program)
        program.until(WAITING)
        return program

    def run(self, name, *arguments):
        """Runs a program to its end; gives what it printed."""
        program = Program(FOLDER / f"{name}.py", *arguments, url=story.URL)
        self.programs.append(program)
        return program.rest()

    def clear(self):
        for program in self.programs:
            program.stop()
        self._delete()

    def _delete(self):
        connection = pika.BlockingConnection(pika.URLParameters(story.URL))
        channel = connection.channel()
        for name in ["hello", "tasks", "rpc"]:
            channel.queue_delete(f"tutorial.{name}")
        for name in ["logs", "direct_logs", "topic_logs"]:
            channel.exchange_delete(f"tutorial.{name}")
        connection.close()


@story.story("1 Hello World")
def hello(stage):
    # The message waits for who comes later.
    same(stage.run("1_hello_send"), ["Sent 'Hello World!'"])
    receiver = stage.start("1_hello_receive")
    same(receiver.line(), "Received 'Hello World!'")
    stage.run("1_hello_send")
    same(receiver.line(), "Received 'Hello World!'")


@story.story("2 Work Queues: tasks are shared out")
def work(stage):
    workers = [stage.start("2_work_worker"), stage.start("2_work_worker")]
    for task in ["first.", "second."]:
        same(stage.run("2_work_new_task", task), [f"Sent {task!r}"])
    lines = [[worker.line(), worker.line()] for worker in workers]
    wanted = [[f"Received {task!r}", f"Done {task!r}"] for task in ["first.", "second."]]
    same(lines, wanted)


@story.story("2 Work Queues: what a worker left undone another does")
def undone(stage):
    worker = stage.start("2_work_worker")
    # More work than anybody waits for.
    task = "endless" + "." * 1000
    stage.run("2_work_new_task", task)
    same(worker.line(), f"Received {task!r}")
    worker.stop()
    same(stage.start("2_work_worker").line(), f"Received {task!r}")


@story.story("3 Publish/Subscribe")
def publish(stage):
    # Told before anybody listens: lost.
    stage.run("3_publish_emit_log", "nobody hears")
    listeners = [stage.start("3_publish_receive_logs") for _ in range(2)]
    same(stage.run("3_publish_emit_log", "hear", "me"), ["Sent 'hear me'"])
    for listener in listeners:
        same(listener.line(), "hear me")


@story.story("4 Routing")
def routing(stage):
    errors = stage.start("4_routing_receive_logs", "error")
    some = stage.start("4_routing_receive_logs", "info", "warning", "error")
    for severity in ["debug", "info", "error"]:
        line = stage.run("4_routing_emit_log", severity, "Run run.")
        same(line, [f"Sent {severity}:'Run run.'"])
    same([some.line(), some.line()], ["info:Run run.", "error:Run run."])
    same(errors.line(), "error:Run run.")


@story.story("5 Topics")
def topics(stage):
    everything = stage.start("5_topics_receive_logs", "#")
    kernel = stage.start("5_topics_receive_logs", "kern.*", "*.critical")
    for topic in ["kern.critical", "cron.info", "cron.critical", "kern.a.b", "kern.info"]:
        stage.run("5_topics_emit_log", topic, "!")
    same(
        [everything.line() for _ in range(5)],
        ["kern.critical:!", "cron.info:!", "cron.critical:!", "kern.a.b:!", "kern.info:!"],
    )
    same(
        [kernel.line() for _ in range(3)],
        ["kern.critical:!", "cron.critical:!", "kern.info:!"],
    )


@story.story("6 Remote Procedure Call")
def rpc(stage):
    server = stage.start("6_rpc_server")
    same(stage.run("6_rpc_client"), ["Asking for fibonacci(30)", "Got 832040"])
    same(stage.run("6_rpc_client", "90")[-1], "Got 2880067194370816120")
    same([server.line(), server.line()], ["Asked for fibonacci(30)", "Asked for fibonacci(90)"])


if __name__ == "__main__":
    good, bad = story.tell("tutorials", Stage)
    print(f"tutorials: {good} stories ok, {bad} failed")
    sys.exit(1 if bad else 0)
