"""Tutorial 4, Routing: tells a line to who listens to its severity: SEVERITY LINE."""

import sys

from broker import connect

severity = sys.argv[1] if len(sys.argv) > 1 else "info"
line = " ".join(sys.argv[2:]) or "Hello World!"
connection = connect()
channel = connection.channel()
channel.exchange_declare("tutorial.direct_logs", "direct")
channel.basic_publish(exchange="tutorial.direct_logs", routing_key=severity, body=line)
print(f"Sent {severity}:{line!r}")
connection.close()
