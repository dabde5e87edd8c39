// Stories of exchanges, queues and bindings told with amqplib.
import assert from "node:assert/strict";
import { ownName, story } from "../story.mjs";
import { bodies, take } from "./amqplib-stage.mjs";

/** Publishes one message a key, with the key as its body. */
function publish(channel, exchange, keys, headers) {
  for (const key of keys) {
    channel.publish(exchange, key, Buffer.from(key), { headers });
  }
}

/** Binds a new queue for each pattern and tells what each gets. */
async function routed(stage, type, patterns, keys) {
  const channel = await stage.channel();
  const exchange = await stage.exchange(channel, type);
  const queues = {};
  for (const pattern of patterns) {
    queues[pattern] = await stage.queue(channel);
    await channel.bindQueue(queues[pattern], exchange, pattern);
  }
  publish(channel, exchange, keys);
  for (const pattern of patterns) {
    queues[pattern] = await bodies(channel, queues[pattern]);
  }
  return queues;
}

story("amqplib", "a direct exchange compares the whole key", async (stage) => {
  const got = await routed(stage, "direct", ["a", "b", ""], ["a", "b", "a.b", "A", ""]);
  assert.deepEqual(got, { a: ["a"], b: ["b"], "": [""] });
});

story("amqplib", "a fanout exchange asks for no key", async (stage) => {
  const got = await routed(stage, "fanout", ["a", "b"], ["a", "x"]);
  assert.deepEqual(got, { a: ["a", "x"], b: ["a", "x"] });
});

story("amqplib", "a topic exchange reads words, * and #", async (stage) => {
  const keys = ["quick.orange.rabbit", "lazy.orange.elephant", "quick.orange.fox", "lazy", "orange"];
  const got = await routed(stage, "topic", ["*.orange.*", "*.*.rabbit", "lazy.#", "#", "*"], keys);
  assert.deepEqual(got, {
    "*.orange.*": keys.slice(0, 3),
    "*.*.rabbit": keys.slice(0, 1),
    "lazy.#": ["lazy.orange.elephant", "lazy"],
    "#": keys,
    "*": ["lazy", "orange"],
  });
});

story("amqplib", "a headers exchange compares by value, whatever the width", async (stage) => {
  const channel = await stage.channel();
  const exchange = await stage.exchange(channel, "headers");
  const queue = await stage.queue(channel);
  await channel.bindQueue(queue, exchange, "", { "x-match": "all", n: 5, s: "five" });
  const send = (word, n, s) => publish(channel, exchange, [word], { n, s });
  send("same", 5, "five");
  send("wide", { "!": "int64", value: 5 }, "five");
  send("float", { "!": "double", value: 5 }, "five");
  send("text", "5", "five");
  send("other", 6, "five");
  send("missing", 5, undefined);
  assert.deepEqual(await bodies(channel, queue), ["same", "wide", "float"]);
});

story("amqplib", "exchanges are bound to exchanges, and unbound", async (stage) => {
  const channel = await stage.channel();
  const source = await stage.exchange(channel, "direct");
  const target = await stage.exchange(channel, "fanout");
  const queue = await stage.queue(channel);
  await channel.bindQueue(queue, target, "");
  await channel.bindExchange(target, source, "key");
  publish(channel, source, ["key", "other"]);
  assert.equal((await take(channel, queue, true)).fields.exchange, source);
  await channel.unbindExchange(target, source, "key");
  publish(channel, source, ["key"]);
  assert.deepEqual(await bodies(channel, queue), []);
});

story("amqplib", "what finds no queue goes to the alternate exchange", async (stage) => {
  const channel = await stage.channel();
  const lost = await stage.exchange(channel, "fanout");
  const exchange = await stage.exchange(channel, "topic", { alternateExchange: lost });
  const [some, rest] = [await stage.queue(channel), await stage.queue(channel)];
  await channel.bindQueue(some, exchange, "known.*");
  await channel.bindQueue(rest, lost, "");
  publish(channel, exchange, ["known.one", "unknown.one"]);
  assert.deepEqual([await bodies(channel, some), await bodies(channel, rest)], [
    ["known.one"],
    ["unknown.one"],
  ]);
});

story("amqplib", "queues are counted, purged and deleted", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  for (const word of ["1", "2", "3"]) {
    channel.sendToQueue(queue, Buffer.from(word));
  }
  await channel.get(queue);
  assert.deepEqual(await channel.checkQueue(queue), { queue, messageCount: 2, consumerCount: 0 });
  assert.deepEqual(await channel.purgeQueue(queue), { messageCount: 2 });
  channel.sendToQueue(queue, Buffer.from("4"));
  assert.deepEqual(await channel.deleteQueue(queue), { messageCount: 1 });
  assert.deepEqual(await channel.deleteQueue(queue), { messageCount: 0 });
});

story("amqplib", "the server names a queue that has no name", async (stage) => {
  const channel = await stage.channel();
  const { queue } = await channel.assertQueue("", { exclusive: true });
  assert.match(queue, /^amq\.gen-.{22}$/);
});

story("amqplib", "deleting what is in use is refused when asked for", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  channel.sendToQueue(queue, Buffer.from("hello"));
  await channel.checkQueue(queue);
  const other = await stage.channel();
  await assert.rejects(other.deleteQueue(queue, { ifEmpty: true }), { code: 406 });
  await channel.consume(queue, () => {});
  const third = await stage.channel();
  await assert.rejects(third.deleteQueue(queue, { ifUnused: true }), { code: 406 });
  await channel.deleteQueue(ownName("nothing"), { ifUnused: true, ifEmpty: true });
});
