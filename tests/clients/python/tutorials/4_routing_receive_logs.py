"""Tutorial 4, Routing: prints the lines of some severities: SEVERITY ..."""

import sys

from broker import connect, consume


def on_line(channel, method, properties, body):
    print(f"{method.routing_key}:{body.decode()}", flush=True)


severities = sys.argv[1:]
if not severities:
    sys.exit("Say which severities: info, warning, error ...")
channel = connect().channel()
channel.exchange_declare("tutorial.direct_logs", "direct")
queue = channel.queue_declare("", exclusive=True).method.queue
for severity in severities:
    channel.queue_bind(queue, "tutorial.direct_logs", severity)
channel.basic_consume(queue, on_line, auto_ack=True)
consume(channel)
