"""Tutorial 5, Topics: tells a line under a topic such as kern.critical: TOPIC LINE."""

import sys

from broker import connect

topic = sys.argv[1] if len(sys.argv) > 1 else "anonymous.info"
line = " ".join(sys.argv[2:]) or "Hello World!"
connection = connect()
channel = connection.channel()
channel.exchange_declare("tutorial.topic_logs", "topic")
channel.basic_publish(exchange="tutorial.topic_logs", routing_key=topic, body=line)
print(f"Sent {topic}:{line!r}")
connection.close()
