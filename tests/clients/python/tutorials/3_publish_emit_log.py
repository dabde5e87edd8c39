"""Tutorial 3, Publish/Subscribe: tells a line to everybody who listens."""

import sys

from broker import connect

line = " ".join(sys.argv[1:]) or "info: Hello World!"
connection = connect()
channel = connection.channel()
channel.exchange_declare("tutorial.logs", "fanout")
channel.basic_publish(exchange="tutorial.logs", routing_key="", body=line)
print(f"Sent {line!r}")
connection.close()
