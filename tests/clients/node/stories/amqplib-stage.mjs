// What every story told with amqplib needs: connections that end with it and names of its own.
import amqp from "amqplib";
import { URL_OF_BROKER, ownName, until } from "../story.mjs";

/** The connections and exchanges of one story. */
export class Stage {
  connections = [];
  exchanges = [];

  /** A connection; the options are query parameters of the address. */
  async connect(options = {}, change = (url) => url) {
    const url = change(new URL(URL_OF_BROKER));
    for (const [name, value] of Object.entries(options)) {
      url.searchParams.set(name, value);
    }
    const connection = await amqp.connect(url.href);
    connection.errors = [];
    connection.on("error", (error) => connection.errors.push(error));
    connection.on("close", () => (connection.isOver = true));
    this.connections.push(connection);
    return connection;
  }

  async first() {
    return this.connections[0] ?? (await this.connect());
  }

  /** A channel on the story's first connection; what it complains of is kept in `errors`. */
  async channel() {
    return watched(await (await this.first()).createChannel());
  }

  /** A channel with confirms. */
  async confirmChannel() {
    return watched(await (await this.first()).createConfirmChannel());
  }

  /** Declares a queue of the connection's own. */
  async queue(channel, options = {}) {
    const { queue } = await channel.assertQueue(ownName("queue"), {
      exclusive: true,
      durable: false,
      ...options,
    });
    return queue;
  }

  /** Declares an exchange that goes when the story is over. */
  async exchange(channel, type, options = {}) {
    const { exchange } = await channel.assertExchange(ownName(type), type, {
      durable: false,
      ...options,
    });
    this.exchanges.push(exchange);
    return exchange;
  }

  async clear() {
    if (this.exchanges.length > 0) {
      const connection = await amqp.connect(URL_OF_BROKER);
      const channel = await connection.createChannel();
      for (const exchange of this.exchanges) {
        await channel.deleteExchange(exchange);
      }
      await connection.close();
    }
    for (const connection of this.connections.filter(({ isOver }) => !isOver)) {
      await connection.close();
    }
  }
}

function watched(channel) {
  channel.errors = [];
  channel.on("error", (error) => channel.errors.push(error));
  return channel;
}

/** The body of the next message, which may be on its way still, or all of it with `whole`. */
export async function take(channel, queue, whole = false) {
  let message = false;
  const look = async () => {
    message = await channel.get(queue, { noAck: true });
    return message;
  };
  await until(look, `a message in ${queue}`);
  return whole ? message : message.content.toString();
}

/** The bodies of all that is ready. */
export async function bodies(channel, queue) {
  const found = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (!message) {
      return found;
    }
    found.push(message.content.toString());
  }
}

/** Starts a consumer; gives the list that its messages are added to. */
export async function collect(channel, queue, options = {}) {
  const got = [];
  const { consumerTag } = await channel.consume(queue, (message) => got.push(message), options);
  got.tag = consumerTag;
  got.texts = () => got.map((message) => message?.content.toString());
  return got;
}

/** Waits until something asked after all the rest has been answered. */
export async function settle(connection) {
  const channel = await connection.createChannel();
  await channel.checkExchange("amq.direct");
  await channel.close();
}
