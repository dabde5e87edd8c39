// Stories of consumers and of messages that do not stay, told with amqplib.
import assert from "node:assert/strict";
import { story, until } from "../story.mjs";
import { bodies, collect, settle, take } from "./amqplib-stage.mjs";

function send(channel, queue, words, options) {
  for (const word of words) {
    channel.sendToQueue(queue, Buffer.from(word), options);
  }
}

/** The deliveries of a consumer and, after a while, no more than these. */
async function delivers(stage, got, words) {
  await until(() => got.length >= words.length, `${words.length} deliveries`);
  await settle(await stage.first());
  assert.deepEqual(got.texts(), words);
}

story("amqplib", "prefetch holds back what comes after it", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  await channel.prefetch(2);
  send(channel, queue, ["1", "2", "3", "4"]);
  const got = await collect(channel, queue);
  await delivers(stage, got, ["1", "2"]);
  channel.ack(got[1], true);
  await delivers(stage, got, ["1", "2", "3", "4"]);
});

story("amqplib", "a prefetch for the whole channel is shared", async (stage) => {
  const channel = await stage.channel();
  const queues = [await stage.queue(channel), await stage.queue(channel)];
  await channel.prefetch(1, true);
  const first = await collect(channel, queues[0]);
  const second = await collect(channel, queues[1]);
  send(channel, queues[0], ["a"]);
  await delivers(stage, first, ["a"]);
  send(channel, queues[1], ["b"]);
  await delivers(stage, second, []);
  channel.ack(first[0]);
  await delivers(stage, second, ["b"]);
});

story("amqplib", "consumers take turns", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  const [one, two] = [await collect(channel, queue), await collect(channel, queue)];
  send(channel, queue, ["1", "2", "3", "4"]);
  await delivers(stage, one, ["1", "3"]);
  await delivers(stage, two, ["2", "4"]);
});

story("amqplib", "what is given back comes again, in its old place", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  send(channel, queue, ["1", "2", "3"]);
  const [one, two] = [await channel.get(queue), await channel.get(queue)];
  channel.nack(two, false, true);
  channel.reject(one, true);
  const again = [];
  for (let count = 0; count < 3; count += 1) {
    again.push(await take(channel, queue, true));
  }
  assert.deepEqual(
    again.map(({ content, fields }) => [content.toString(), fields.redelivered]),
    [["1", true], ["2", true], ["3", false]],
  );
});

story("amqplib", "nackAll and recover give back everything", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  send(channel, queue, ["1", "2"]);
  const got = await collect(channel, queue);
  await delivers(stage, got, ["1", "2"]);
  channel.nackAll(true);
  await delivers(stage, got, ["1", "2", "1", "2"]);
  await channel.recover();
  await delivers(stage, got, ["1", "2", "1", "2", "1", "2"]);
});

story("amqplib", "a consumer is told by null when its queue is deleted", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  const got = await collect(channel, queue);
  await (await stage.channel()).deleteQueue(queue);
  await until(() => got.length === 1, "the cancellation");
  assert.equal(got[0], null);
});

story("amqplib", "after cancelling nothing comes", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  const got = await collect(channel, queue, { noAck: true });
  await channel.cancel(got.tag);
  send(channel, queue, ["left"]);
  assert.equal(await take(channel, queue), "left");
  assert.equal(got.length, 0);
});

story("amqplib", "an exclusive consumer is alone", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  await collect(channel, queue, { exclusive: true });
  const other = await stage.channel();
  await assert.rejects(collect(other, queue), { code: 403 });
});

story("amqplib", "the consumer of higher priority comes first", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel);
  await channel.prefetch(1);
  const low = await collect(channel, queue, { priority: 1 });
  const high = await collect(channel, queue, { priority: 2 });
  send(channel, queue, ["1", "2"]);
  await delivers(stage, high, ["1"]);
  await delivers(stage, low, ["2"]);
});

story("amqplib", "dead letters tell why: rejected, expired, no room", async (stage) => {
  const channel = await stage.channel();
  const grave = await stage.queue(channel);
  const dead = { deadLetterExchange: "", deadLetterRoutingKey: grave };
  const rejecting = await stage.queue(channel, dead);
  send(channel, rejecting, ["no"], { headers: { mine: true } });
  channel.nack(await channel.get(rejecting), false, false);
  const full = await stage.queue(channel, { ...dead, maxLength: 1 });
  const reasons = [await take(channel, grave, true)];
  send(channel, full, ["old", "new"]);
  reasons.push(await take(channel, grave, true));
  const brief = await stage.queue(channel, { ...dead, messageTtl: 30 });
  send(channel, brief, ["late"]);
  reasons.push(await take(channel, grave, true));
  assert.deepEqual(
    reasons.map(({ content, properties: { headers } }) => [
      content.toString(),
      headers["x-death"][0].reason,
      headers["x-death"][0].count,
      headers["x-first-death-queue"],
    ]),
    [
      ["no", "rejected", 1, rejecting],
      ["old", "maxlen", 1, full],
      ["late", "expired", 1, brief],
    ],
  );
  assert.equal(reasons[0].properties.headers.mine, true);
});

story("amqplib", "the urgent come first", async (stage) => {
  const channel = await stage.channel();
  const queue = await stage.queue(channel, { maxPriority: 10 });
  for (const [word, priority] of [["a", 0], ["b", 5], ["c", 10], ["d", 5], ["e", 200]]) {
    send(channel, queue, [word], { priority });
  }
  assert.deepEqual(await bodies(channel, queue), ["c", "e", "b", "d", "a"]);
});

story("amqplib", "an unknown delivery tag closes the channel with 406", async (stage) => {
  const channel = await stage.channel();
  channel.ack({ fields: { deliveryTag: 7 } });
  await until(() => channel.errors.length === 1, "the error");
  const [{ code, message }] = channel.errors;
  assert.equal(code, 406);
  assert.match(message, /"PRECONDITION_FAILED - unknown delivery tag 7"/);
});

story("amqplib", "many messages, some workers: each is done once, also those given back", async (stage) => {
  const COUNT = 10_000;
  const publisher = await stage.confirmChannel();
  const queue = await stage.queue(publisher);
  const done = new Map();
  for (let number = 0; number < 3; number += 1) {
    const channel = await stage.channel();
    await channel.prefetch(20);
    await channel.consume(queue, (message) => {
      const word = message.content.toString();
      // Every tenth is given back once.
      if (word.endsWith("0") && !message.fields.redelivered) {
        channel.nack(message, false, true);
      } else {
        done.set(word, (done.get(word) ?? 0) + 1);
        channel.ack(message);
      }
    });
  }
  for (let number = 0; number < COUNT; number += 1) {
    publisher.sendToQueue(queue, Buffer.from(`${number}`));
  }
  await publisher.waitForConfirms();
  await until(() => done.size === COUNT, "all of them");
  assert.deepEqual([...new Set(done.values())], [1]);
  await settle(await stage.first());
  assert.equal((await publisher.checkQueue(queue)).messageCount, 0);
});
