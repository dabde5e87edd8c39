// Stories told with @cloudamqp/amqp-client, the client that also runs in a page.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { VHOST, ownName, story, until } from "../story.mjs";
import { collect, take } from "./cloudamqp-stage.mjs";

story("cloudamqp", "connect and agree on limits", async (stage) => {
  const client = await stage.connect({ frameMax: 8192, channelMax: 7, heartbeat: 9 });
  assert.deepEqual([client.frameMax, client.channelMax, client.heartbeat], [8192, 7, 9]);
});

story("cloudamqp", "a wrong password is refused with a sentence", async (stage) => {
  const wrong = (url) => Object.assign(url, { password: "wrong" });
  await assert.rejects(
    stage.connect({}, wrong),
    /ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN/,
  );
});

story("cloudamqp", "an unknown virtual host is refused with a sentence", async (stage) => {
  const elsewhere = (url) => Object.assign(url, { pathname: "/no-such-vhost" });
  await assert.rejects(
    stage.connect({}, elsewhere),
    /NOT_ALLOWED - vhost no-such-vhost not found/,
  );
});

story("cloudamqp", "publish, get, acknowledge", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  for (const word of ["1", "2"]) {
    await channel.basicPublish("", queue, word);
  }
  const message = await channel.basicGet(queue, { noAck: false });
  assert.deepEqual(
    [message.bodyToString(), message.messageCount, message.redelivered, message.routingKey],
    ["1", 1, false, queue],
  );
  await message.nack(true);
  assert.equal((await take(channel, queue)).redelivered, true);
  assert.equal((await take(channel, queue)).bodyToString(), "2");
  assert.equal(await channel.basicGet(queue, { noAck: true }), null);
});

story("cloudamqp", "the generator reads what comes", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  for (const word of ["a", "b", "c"]) {
    await channel.basicPublish("", queue, word);
  }
  const consumer = await channel.basicConsume(queue, { noAck: false });
  const seen = [];
  for await (const message of consumer.messages) {
    seen.push(message.bodyToString());
    await message.ack();
    if (seen.length === 3) {
      break;
    }
  }
  assert.deepEqual(seen, ["a", "b", "c"]);
});

story("cloudamqp", "confirms are numbered from one", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  await channel.confirmSelect();
  const sent = ["a", "b", "c"].map((word) => channel.basicPublish("", queue, word));
  assert.deepEqual(await Promise.all(sent), [1, 2, 3]);
});

story("cloudamqp", "a refused message is an error for its publisher", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel, { "x-max-length": 0, "x-overflow": "reject-publish" });
  await channel.confirmSelect();
  await assert.rejects(channel.basicPublish("", queue, "no room"), /rejected/i);
});

story("cloudamqp", "a mandatory message without a queue comes back", async (stage) => {
  const channel = await stage.channel();
  const returns = [];
  channel.onReturn = (message) => returns.push(message);
  await channel.basicPublish("amq.topic", "nowhere", "lost", { messageId: "m" }, true);
  await until(() => returns.length === 1, "the return");
  const [{ replyCode, replyText, exchange, routingKey, properties }] = returns;
  assert.deepEqual(
    [replyCode, replyText, exchange, routingKey, properties.messageId, returns[0].bodyToString()],
    [312, "NO_ROUTE", "amq.topic", "nowhere", "m", "lost"],
  );
});

story("cloudamqp", "properties and headers come back as they were sent", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  const sent = {
    contentType: "text/plain",
    contentEncoding: "identity",
    headers: {
      yes: true,
      int: 7,
      long: 2 ** 40,
      big: 2n ** 62n,
      float: 0.5,
      text: "嗨",
      array: [1, "two", [true]],
      table: { in: { in: "deep" } },
      time: new Date("2026-01-02T03:04:05Z"),
      octets: new Uint8Array([0, 255]),
      void: null,
    },
    deliveryMode: 2,
    priority: 9,
    correlationId: "c",
    replyTo: "r",
    expiration: "60000",
    messageId: "m",
    timestamp: new Date("2026-01-02T03:04:05Z"),
    type: "t",
    userId: "guest",
    appId: "a",
  };
  await channel.basicPublish("", queue, "hello", sent);
  const { properties } = await take(channel, queue);
  assert.deepEqual({ ...properties, headers: undefined }, { ...sent, headers: undefined });
  const text = (value) =>
    JSON.stringify(value, (_, inner) => {
      if (typeof inner === "bigint") {
        return Number(inner);
      }
      return inner instanceof Uint8Array ? [...inner] : inner;
    });
  assert.equal(text(properties.headers), text(sent.headers));
});

story("cloudamqp", "bodies of every size come back whole", async (stage) => {
  const client = await stage.connect({ frameMax: 8192 });
  const channel = await client.channel();
  const queue = await stage.queue(channel);
  for (const size of [0, 1, 8184, 8185, 1_000_000]) {
    const body = new Uint8Array(size).map((_, index) => index % 251);
    await channel.basicPublish("", queue, body);
    const message = await take(channel, queue);
    assert.equal(message.bodySize, size);
    assert.ok(Buffer.from(message.body ?? []).equals(Buffer.from(body)), `${size} octets`);
  }
});

story("cloudamqp", "exchanges of each type, bound to one another", async (stage) => {
  const channel = await stage.channel();
  const [from, to] = [ownName("from"), ownName("to")];
  await channel.exchangeDeclare(from, "topic", { durable: false, autoDelete: false });
  await channel.exchangeDeclare(to, "headers", { durable: false, autoDelete: false });
  const queue = await stage.queue(channel);
  await channel.exchangeBind(to, from, "*.new");
  await channel.queueBind(queue, to, "", { "x-match": "any", a: 1, b: 2 });
  for (const [key, headers] of [["x.new", { a: 1 }], ["x.new", { a: 2 }], ["x.old", { a: 1 }]]) {
    await channel.basicPublish(from, key, key, { headers });
  }
  const message = await take(channel, queue);
  assert.deepEqual([message.routingKey, message.exchange], ["x.new", from]);
  assert.equal(await channel.basicGet(queue, { noAck: true }), null);
  await channel.queueUnbind(queue, to, "", { "x-match": "any", a: 1, b: 2 });
  await channel.exchangeUnbind(to, from, "*.new");
  await channel.exchangeDelete(from);
  await channel.exchangeDelete(to);
});

story("cloudamqp", "prefetch holds back what comes after it", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  await channel.basicQos(1);
  for (const word of ["1", "2"]) {
    await channel.basicPublish("", queue, word);
  }
  const got = await collect(channel, queue);
  await until(() => got.length === 1, "the first");
  await stage.queue(await stage.channel());
  assert.deepEqual(got.texts(), ["1"]);
  await got[0].ack();
  await until(() => got.length === 2, "the second");
});

story("cloudamqp", "a transaction, committed and rolled back", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  await channel.txSelect();
  await channel.basicPublish("", queue, "never");
  await channel.txRollback();
  await channel.basicPublish("", queue, "kept");
  await channel.txCommit();
  assert.equal((await take(channel, queue)).bodyToString(), "kept");
  assert.equal(await channel.basicGet(queue, { noAck: true }), null);
});

story("cloudamqp", "recover gives back everything", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  await channel.basicPublish("", queue, "again");
  const got = await collect(channel, queue);
  await until(() => got.length === 1, "a delivery");
  await channel.basicRecover(true);
  await until(() => got.length === 2, "the same again");
  assert.deepEqual(
    got.map(({ redelivered }) => redelivered),
    [false, true],
  );
});

story("cloudamqp", "a consumer ends with an error when its queue is deleted", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  const got = await collect(channel, queue);
  const ended = assert.rejects(got.consumer.wait(20_000), /[Cc]ancel/);
  await (await stage.channel()).queueDelete(queue);
  await ended;
});

story("cloudamqp", "a channel error closes the channel with its text", async (stage) => {
  const missing = ownName("missing");
  const text = `NOT_FOUND - no queue '${missing}' in vhost '${VHOST}'`;
  for (const act of [
    (channel) => channel.queueDeclare(missing, { passive: true }),
    (channel) => channel.queuePurge(missing),
    (channel) => channel.basicGet(missing),
  ]) {
    const channel = await stage.channel();
    await assert.rejects(act(channel), (error) => error.message.includes(text));
    assert.ok(channel.closed);
  }
  await stage.queue(await stage.channel());
});

story("cloudamqp", "a connection error closes the connection with its text", async (stage) => {
  const client = await stage.connect();
  const channel = await client.channel();
  await assert.rejects(
    channel.exchangeDeclare(ownName("odd"), "x-unheard-of"),
    /COMMAND_INVALID - unknown exchange type 'x-unheard-of'/,
  );
  await until(() => client.closed, "the connection to close");
});

story("cloudamqp", "flow, secrets and heartbeats", async (stage) => {
  const client = await stage.connect({ heartbeat: 1 });
  const channel = await client.channel();
  assert.equal(await channel.basicFlow(true), true);
  await client.updateSecret("guest", "renewed in time");
  await sleep(3_500);
  await stage.queue(channel);
  assert.deepEqual(client.errors, []);
});
