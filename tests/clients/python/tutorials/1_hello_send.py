"""Tutorial 1, Hello World: puts one message into a queue."""

from broker import connect

connection = connect()
channel = connection.channel()
channel.queue_declare("tutorial.hello")
channel.basic_publish(exchange="", routing_key="tutorial.hello", body="Hello World!")
print("Sent 'Hello World!'")
connection.close()
