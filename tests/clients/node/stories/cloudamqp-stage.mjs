// What every story told with @cloudamqp/amqp-client needs.
import { AMQPClient } from "@cloudamqp/amqp-client";
import { URL_OF_BROKER, until } from "../story.mjs";

/** Its complaints are for the stories to see, not for the terminal. */
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

/** The connections of one story; its queues are exclusive and go with them. */
export class Stage {
  clients = [];

  /** A connection; the options are query parameters of the address. */
  async connect(options = {}, change = (url) => url) {
    const url = change(new URL(URL_OF_BROKER));
    for (const [name, value] of Object.entries(options)) {
      url.searchParams.set(name, value);
    }
    const client = new AMQPClient(url.href, undefined, QUIET);
    client.errors = [];
    client.onerror = (error) => client.errors.push(error);
    await client.connect();
    this.clients.push(client);
    return client;
  }

  /** A channel on the story's first connection. */
  async channel() {
    const client = this.clients[0] ?? (await this.connect());
    return client.channel();
  }

  /** Declares a queue of the connection's own, or with a word of its settings. */
  async queue(channel, args = {}) {
    const { name } = await channel.queueDeclare("", { exclusive: true }, args);
    return name;
  }

  async clear() {
    for (const client of this.clients.filter(({ closed }) => !closed)) {
      await client.close();
    }
  }
}

/** The next message, which may be on its way still. */
export async function take(channel, queue) {
  let message = null;
  const look = async () => {
    message = await channel.basicGet(queue, { noAck: true });
    return message;
  };
  await until(look, `a message in ${queue}`);
  return message;
}

/** Starts a consumer; gives the list that its messages are added to. */
export async function collect(channel, queue, options = { noAck: false }) {
  const got = [];
  got.consumer = await channel.basicConsume(queue, options, (message) => {
    got.push(message);
  });
  got.texts = () => got.map((message) => message.bodyToString());
  return got;
}
