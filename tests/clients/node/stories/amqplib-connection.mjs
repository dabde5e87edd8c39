// Stories of coming and going told with amqplib: handshake, credentials, errors, heartbeats.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { VHOST, ownName, story, until } from "../story.mjs";
import { settle, take } from "./amqplib-stage.mjs";

story("amqplib", "the server says who it is and what it can do", async (stage) => {
  const { serverProperties } = (await stage.connect()).connection;
  for (const name of ["product", "version", "platform", "copyright", "information"]) {
    assert.equal(typeof serverProperties[name], "string", name);
  }
  for (const name of [
    "publisher_confirms",
    "exchange_exchange_bindings",
    "basic.nack",
    "consumer_cancel_notify",
    "connection.blocked",
    "consumer_priorities",
    "authentication_failure_close",
    "per_consumer_qos",
    "direct_reply_to",
  ]) {
    assert.equal(serverProperties.capabilities[name], true, name);
  }
});

story("amqplib", "limits are agreed on", async (stage) => {
  const offered = (await stage.connect({ frameMax: 0, heartbeat: 60 })).connection;
  assert.deepEqual([offered.frameMax, offered.channelMax, offered.heartbeat], [131072, 2047, 60]);
  const less = (await stage.connect({ frameMax: 4096, channelMax: 5, heartbeat: 3 })).connection;
  assert.deepEqual([less.frameMax, less.channelMax, less.heartbeat], [4096, 5, 3]);
});

story("amqplib", "a wrong password is refused", async (stage) => {
  const wrong = (url) => Object.assign(url, { password: "wrong" });
  await assert.rejects(stage.connect({}, wrong), (error) => {
    const sentence =
      'terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was ' +
      "refused using authentication mechanism PLAIN. For details see the broker logfile.\"";
    assert.ok(error.message.includes(sentence), error.message);
    return true;
  });
});

story("amqplib", "an unknown virtual host is refused", async (stage) => {
  const elsewhere = (url) => Object.assign(url, { pathname: "/no-such-vhost" });
  // The client does not pass on the code here.
  await assert.rejects(stage.connect({}, elsewhere), /got <ConnectionClose channel:0>/);
});

story("amqplib", "a hundred channels at once", async (stage) => {
  const connection = await stage.connect();
  const numbers = [...Array(100).keys()];
  const work = async (number) => {
    const channel = await connection.createChannel();
    const queue = await stage.queue(channel);
    channel.sendToQueue(queue, Buffer.from(String(number)));
    return take(channel, queue);
  };
  assert.deepEqual(await Promise.all(numbers.map(work)), numbers.map(String));
});

story("amqplib", "more channels than agreed on are refused with 530", async (stage) => {
  const connection = await stage.connect({ channelMax: 3 });
  for (let count = 0; count < 3; count += 1) {
    await connection.createChannel();
  }
  // The client counts too, and does not even ask.
  await assert.rejects(connection.createChannel(), /No channels left/);
});

story("amqplib", "a channel error closes the channel with code and text", async (stage) => {
  const bystander = await stage.channel();
  const queue = await stage.queue(bystander);
  const missing = ownName("missing");
  for (const [act, code, text, ids] of [
    [
      (channel) => channel.checkQueue(missing),
      404,
      `NOT_FOUND - no queue '${missing}' in vhost '${VHOST}'`,
      [50, 10],
    ],
    [
      (channel) => channel.bindQueue(queue, missing, "key"),
      404,
      `NOT_FOUND - no exchange '${missing}' in vhost '${VHOST}'`,
      [50, 20],
    ],
    [
      (channel) => channel.assertQueue(queue, { exclusive: true, autoDelete: true }),
      406,
      `PRECONDITION_FAILED - inequivalent arg 'auto_delete' for queue '${queue}' in vhost ` +
        `'${VHOST}': received 'true' but current is 'false'`,
      [50, 10],
    ],
    [
      (channel) => channel.consume(missing, () => {}),
      404,
      `NOT_FOUND - no queue '${missing}' in vhost '${VHOST}'`,
      [60, 20],
    ],
    [
      (channel) => channel.assertExchange("amq.mine", "direct"),
      403,
      "ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'",
      [40, 10],
    ],
  ]) {
    const channel = await stage.channel();
    await assert.rejects(act(channel), (error) => {
      assert.deepEqual([error.code, error.classId, error.methodId], [code, ...ids]);
      assert.ok(error.message.includes(`"${text}"`), error.message);
      return true;
    });
  }
  bystander.sendToQueue(queue, Buffer.from("still here"));
  assert.equal(await take(bystander, queue), "still here");
});

story("amqplib", "a connection error closes the connection with code and text", async (stage) => {
  for (const [act, code, text] of [
    [
      (channel) => channel.assertExchange(ownName("odd"), "x-unheard-of"),
      503,
      "COMMAND_INVALID - unknown exchange type 'x-unheard-of'",
    ],
    [
      async (channel) => {
        const queue = await stage.queue(channel);
        await channel.consume(queue, () => {}, { consumerTag: "mine" });
        await channel.consume(queue, () => {}, { consumerTag: "mine" });
      },
      530,
      "NOT_ALLOWED - attempt to reuse consumer tag 'mine'",
    ],
  ]) {
    const connection = await stage.connect();
    const channel = await connection.createChannel();
    channel.on("error", () => {});
    await assert.rejects(act(channel));
    await until(() => connection.isOver, "the connection to close");
    assert.equal(connection.errors[0].code, code);
    assert.ok(connection.errors[0].message.includes(`"${text}"`), connection.errors[0].message);
  }
});

story("amqplib", "heartbeats keep a quiet connection open", async (stage) => {
  const connection = await stage.connect({ heartbeat: 1 });
  await sleep(4_500);
  await settle(connection);
  assert.deepEqual(connection.errors, []);
});

story("amqplib", "a renewed secret is taken", async (stage) => {
  const connection = await stage.connect();
  const { password } = new URL(process.env.AMQP_URL ?? "amqp://guest:guest@127.0.0.1");
  await connection.updateSecret(Buffer.from(password), "renewed in time");
  await settle(connection);
});

story("amqplib", "a closed connection takes its exclusive queues with it", async (stage) => {
  const first = await stage.connect();
  const queue = await stage.queue(await first.createChannel());
  await first.close();
  const channel = await (await stage.connect()).createChannel();
  channel.on("error", () => {});
  await assert.rejects(channel.checkQueue(queue), { code: 404 });
});
