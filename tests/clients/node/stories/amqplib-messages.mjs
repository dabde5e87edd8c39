// Stories of messages told with amqplib: properties, field tables, bodies, confirms, returns.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { story, until } from "../story.mjs";
import { bodies, collect, settle, take } from "./amqplib-stage.mjs";

story("amqplib", "all properties come back as they were sent", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  const sent = {
    contentType: "text/plain",
    contentEncoding: "identity",
    headers: { a: 1 },
    deliveryMode: 2,
    priority: 3,
    correlationId: "correlation",
    replyTo: "somewhere",
    expiration: "60000",
    messageId: "message",
    timestamp: 1_700_000_000,
    type: "greeting",
    userId: "guest",
    appId: "stories",
  };
  channel.sendToQueue(queue, Buffer.from("hello"), sent);
  const { properties } = await take(channel, queue, true);
  assert.deepEqual({ ...properties, clusterId: undefined }, { ...sent, clusterId: undefined });
});

story("amqplib", "headers keep every field type there is", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  const typed = (type, value) => ({ "!": type, value });
  const headers = {
    bit: true,
    int8: typed("int8", -128),
    uint8: typed("uint8", 255),
    int16: typed("int16", -32_768),
    uint16: typed("uint16", 65_535),
    int32: typed("int32", -2_147_483_648),
    uint32: typed("uint32", 4_294_967_295),
    int64: typed("int64", Number.MIN_SAFE_INTEGER),
    float: typed("float", 0.5),
    double: typed("double", 0.1),
    decimal: typed("decimal", { digits: 314, places: 2 }),
    text: "zwölf 十二",
    octets: Buffer.from([0, 1, 254, 255]),
    time: typed("timestamp", 1_700_000_000),
    table: { in: { in: { nothing: {} } } },
    array: [1, [2, [3, []]], { four: null }],
    void: null,
  };
  channel.sendToQueue(queue, Buffer.alloc(0), { headers });
  const got = (await take(channel, queue, true)).properties.headers;
  const plain = Object.entries(headers).map(([name, value]) => {
    const told = ["decimal", "time"].includes(name);
    return [name, told ? value : (value?.value ?? value)];
  });
  assert.deepEqual(got, Object.fromEntries(plain));
});

story("amqplib", "bodies of every size come back whole", async (stage) => {
  const connection = await stage.connect({ frameMax: 8192 });
  const channel = await connection.createChannel();
  const queue = await stage.queue(channel);
  const sizes = [0, 1, 2047, 8183, 8184, 8185, 16_368, 16_369, 1_000_000];
  for (const size of sizes) {
    channel.sendToQueue(queue, Buffer.alloc(size, `${size}.`));
  }
  for (const size of sizes) {
    const { content } = await take(channel, queue, true);
    assert.ok(content.equals(Buffer.alloc(size, `${size}.`)), `${size} octets`);
  }
});

story("amqplib", "ten megabytes go through and come back", async (stage) => {
  const channel = await stage.confirmChannel();
  const queue = await stage.queue(channel);
  const body = createHash("shake256", { outputLength: 10_000_000 }).update("much").digest();
  channel.sendToQueue(queue, body);
  await channel.waitForConfirms();
  assert.ok((await take(channel, queue, true)).content.equals(body));
});

story("amqplib", "a thousand confirmed messages keep their order", async (stage) => {
  const channel = await stage.confirmChannel();
  const queue = await stage.queue(channel);
  const confirmed = [];
  const numbers = [...Array(1000).keys()];
  for (const number of numbers) {
    channel.sendToQueue(queue, Buffer.from(String(number)), { persistent: true }, (error) =>
      confirmed.push(error),
    );
  }
  await channel.waitForConfirms();
  assert.deepEqual(confirmed, Array(1000).fill(null));
  const got = await collect(channel, queue, { noAck: true });
  await until(() => got.length === 1000, "a thousand deliveries");
  assert.deepEqual(got.texts(), numbers.map(String));
});

story("amqplib", "a refused message is a confirm that fails", async (stage) => {
  const channel = await stage.confirmChannel();
  const queue = await stage.queue(channel, { maxLength: 1, overflow: "reject-publish" });
  const results = [];
  for (const word of ["1", "2", "3"]) {
    channel.sendToQueue(queue, Buffer.from(word), {}, (error) => results.push(error !== null));
  }
  await until(() => results.length === 3, "three answers");
  assert.deepEqual(results, [false, true, true]);
  assert.deepEqual(await bodies(channel, queue), ["1"]);
});

story("amqplib", "a mandatory message without a queue comes back before its confirm", async (stage) => {
  const channel = await stage.confirmChannel();
  const seen = [];
  channel.on("return", ({ fields, content }) =>
    seen.push([fields.replyCode, fields.replyText, fields.routingKey, content.toString()]),
  );
  channel.publish("amq.direct", "nowhere", Buffer.from("lost"), { mandatory: true }, () =>
    seen.push("confirmed"),
  );
  await until(() => seen.length === 2, "return and confirm");
  assert.deepEqual(seen, [[312, "NO_ROUTE", "nowhere", "lost"], "confirmed"]);
});

story("amqplib", "a question is answered by way of the direct reply-to", async (stage) => {
  const server = await (await stage.connect()).createChannel();
  const questions = await stage.queue(server);
  await server.consume(questions, (message) => {
    const { replyTo, correlationId } = message.properties;
    server.sendToQueue(replyTo, Buffer.from(`re: ${message.content}`), { correlationId });
    server.ack(message);
  });
  const client = await (await stage.connect()).createChannel();
  const answers = await collect(client, "amq.rabbitmq.reply-to", { noAck: true });
  const replyTo = "amq.rabbitmq.reply-to";
  for (const correlationId of ["1", "2"]) {
    client.sendToQueue(questions, Buffer.from("what?"), { replyTo, correlationId });
  }
  await until(() => answers.length === 2, "the answers");
  assert.deepEqual(answers.texts(), ["re: what?", "re: what?"]);
  assert.deepEqual(
    answers.map(({ properties }) => properties.correlationId),
    ["1", "2"],
  );
});

story("amqplib", "publishing to no exchange closes the channel a little later", async (stage) => {
  const channel = await stage.channel();
  channel.publish("stories.node.nothing", "key", Buffer.from("hello"));
  await until(() => channel.errors.length === 1, "the error");
  assert.equal(channel.errors[0].code, 404);
  await settle(await stage.first());
});
