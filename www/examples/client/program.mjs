// An ordinary AMQP program. Nothing in it knows that its broker runs in a page: with another
// address it talks to any broker behind a WebSocket.
import { AMQPWebSocketClient } from "./amqp-websocket-client.mjs";

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Opens a shop at the broker of this address; `say` is told what happens. */
export async function open(url, say) {
  const client = new AMQPWebSocketClient({ url, name: "shop" });
  client.ondisconnect = (error) => say("lost", error.message);
  const connection = await client.connect();

  // Topology: orders go to two queues, by topic.
  const setup = await connection.channel();
  await setup.exchangeDeclare("orders", "topic", { durable: true });
  await setup.queueDeclare("invoices", { durable: true });
  await setup.queueDeclare("parcels", { durable: true });
  await setup.queueBind("invoices", "orders", "order.#");
  await setup.queueBind("parcels", "orders", "order.paid");

  // Work: an invoice takes a moment; a refused order is given back once.
  const desk = await connection.channel();
  await desk.prefetch(3);
  await desk.basicConsume("invoices", { noAck: false }, async (message) => {
    await sleep(400);
    if (message.routingKey === "order.refused" && !message.redelivered) {
      await message.nack(true);
      say("nacked", message.bodyString());
    } else {
      await message.ack();
      say("acked", message.bodyString());
    }
  });

  // Orders, each confirmed by the broker.
  const counter = await connection.channel();
  await counter.confirmSelect();
  let number = 0;
  return {
    /** Publishes so many orders and waits for their confirms. */
    async order(count) {
      for (let index = 0; index < count; index += 1) {
        number += 1;
        const key = ["order.paid", "order.open", "order.refused"][number % 3];
        await counter.basicPublish("orders", key, `order ${number}`, { deliveryMode: 2 });
        say("confirmed", `order ${number} (${key})`);
        await sleep(150);
      }
    },
    close: () => connection.close("closing time"),
  };
}
