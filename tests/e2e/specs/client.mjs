// Programs in the page that speak AMQP with its broker: the npm package @cloudamqp/amqp-client as
// it is, through brokerlab.WebSocket, and the example beside the page.
import assert from "node:assert/strict";

/** Loads the client into the page and leads its WebSocket to the page's broker. */
async function client(page) {
  await page.evaluate(async () => {
    const url = new URL("examples/client/amqp-websocket-client.mjs", location.href);
    globalThis.amqp = await import(url);
    globalThis.WebSocket = brokerlab.WebSocket;
    globalThis.open = (options = {}) => {
      const init = { url: "ws://brokerlab.local/", name: "tester", logger: null, ...options };
      const client = new amqp.AMQPWebSocketClient(init);
      client.onerror = () => {};
      return client.connect();
    };
  });
}

/** The number a box shows. */
const shown = (app, name) => app.node(name).getAttribute("aria-description");

export async function speaks_every_day_amqp_while_nothing_plays({ page, app }) {
  await app.begin();
  await client(page);
  const told = await page.evaluate(async () => {
    const connection = await open();
    const channel = await connection.channel();
    await channel.confirmSelect();
    await channel.exchangeDeclare("orders", "topic");
    await channel.queueDeclare("paid");
    await channel.queueBind("paid", "orders", "order.*");
    const tags = [];
    for (const text of ["one", "two", "three"]) {
      tags.push(await channel.basicPublish("orders", "order.paid", text, { deliveryMode: 2 }));
    }
    const heard = [];
    await new Promise((resolve) => {
      channel.basicConsume("paid", { noAck: false }, async (message) => {
        heard.push(`${message.bodyString()}${message.redelivered ? " again" : ""}`);
        if (message.bodyString() === "two" && !message.redelivered) {
          await message.nack(true);
        } else {
          await message.ack();
        }
        if (heard.length === 4) {
          resolve();
        }
      });
    });
    const left = await channel.queueDeclare("paid", { passive: true });
    return { tags, heard: heard.sort(), left: left.messageCount };
  });
  assert.deepEqual(told.tags, [1, 2, 3]);
  assert.deepEqual(told.heard, ["one", "three", "two", "two again"]);
  assert.equal(told.left, 0);
  // What the program declared is on the stage, and so is the program.
  for (const name of ["orders", "paid"]) {
    await app.node(name).waitFor();
    assert.match(await app.node(name).getAttribute("class"), /outside/);
  }
  await page.waitForFunction(
    () => document.querySelectorAll("#stage .producer.outside, #stage .consumer.outside").length === 2,
  );
  assert.equal(await app.node("tester").count(), 2);
  // Producer to exchange, exchange to queue, queue to consumer.
  assert.equal(await app.lines().count(), 3);
  assert.equal(await app.seconds(), 0);
}

export async function is_told_what_is_wrong_and_comes_back({ page, app }) {
  await app.open();
  await client(page);
  const told = await page.evaluate(async () => {
    const reason = (promise) => promise.then(() => "no error", (error) => error.message);
    const connection = await open();
    const channel = await connection.channel();
    const missing = await reason(channel.basicConsume("nowhere", {}, () => {}));
    const other = await connection.channel();
    const queue = await other.queueDeclare("hello", { passive: true });
    const refused = await reason(open({ password: "wrong" }));
    await connection.close();
    const again = await open();
    await again.channel();
    return { missing, queue: queue.name, refused };
  });
  assert.match(told.missing, /NOT_FOUND - no queue 'nowhere' in vhost '\/'/);
  assert.equal(told.queue, "hello");
  assert.match(told.refused, /ACCESS_REFUSED/);
}

export async function works_with_simulated_producers_and_consumers({ page, app }) {
  await app.open();
  await client(page);
  await page.evaluate(async () => {
    const channel = await (await open()).channel();
    globalThis.heard = 0;
    await channel.basicConsume("hello", { noAck: true }, () => {
      globalThis.heard += 1;
    });
  });
  await page.locator("#play").click();
  await page.waitForFunction(() => globalThis.heard >= 3, undefined, { timeout: 20_000 });
  assert.ok(Number.parseFloat(await shown(app, "tester")) >= 0);
}

export async function is_closed_when_the_run_begins_anew({ page, app }) {
  await app.open();
  await client(page);
  await page.evaluate(async () => {
    globalThis.ended = new Promise((resolve) => {
      globalThis.pipe = brokerlab.connect();
      pipe.addEventListener("close", (event) => resolve([event.code, event.wasClean]));
    });
    await new Promise((resolve) => {
      pipe.onopen = resolve;
    });
    pipe.send(new TextEncoder().encode("AMQP\0\0\t\u0001"));
    globalThis.first = await new Promise((resolve) => {
      pipe.onmessage = (event) => resolve(event.data.byteLength);
    });
  });
  assert.ok((await page.evaluate(() => globalThis.first)) > 100);
  await app.press("reset");
  assert.deepEqual(await page.evaluate(() => globalThis.ended), [1012, false]);
  assert.equal(await page.evaluate(() => pipe.readyState), 3);
  await page.evaluate(async () => (await open()).channel());
}

export async function what_was_declared_can_be_kept({ page, app }) {
  await app.begin();
  await client(page);
  await page.evaluate(async () => {
    const channel = await (await open()).channel();
    await channel.exchangeDeclare("orders", "topic");
    await channel.queueDeclare("paid");
    await channel.queueBind("paid", "orders", "order.#");
  });
  await app.node("paid").waitFor();
  await app.node("paid").click();
  await app.press("adopt");
  await page.waitForFunction(() => document.querySelectorAll("#stage .outside").length === 0);
  assert.equal(await app.nodes().count(), 2);
  assert.equal(await app.lines().count(), 1);
}

export async function the_example_shows_its_messages_on_the_stage({ page, app, url }) {
  await page.goto(new URL("examples/client/", url).href);
  await page.locator("#connect:enabled").click({ timeout: 30_000 });
  await page.locator("#order:enabled").click();
  const frame = page.frames().find((frame) => frame.name() === "brokerlab-unkept");
  const box = (name) =>
    frame.locator("#stage [data-node]").filter({ has: frame.locator(`text.name:text-is("${name}")`) });
  for (const name of ["orders", "invoices", "parcels"]) {
    await box(name).waitFor();
  }
  // Marks on the canvas over the drawing, and a number in the box.
  await frame.waitForFunction(() => {
    const canvas = document.getElementById("messages");
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.some((value, index) => index % 4 === 3 && value > 0);
  });
  await page.locator("#log [data-what=acked]").nth(4).waitFor({ timeout: 20_000 });
  await page.locator("#log [data-what=nacked]").first().waitFor({ timeout: 20_000 });
  await page.locator("#log [data-what=confirmed]").nth(11).waitFor({ timeout: 20_000 });
  // Nobody consumes parcels: every third order is paid and waits.
  await frame.waitForFunction(() => {
    const boxes = [...document.querySelectorAll("#stage .queue.outside")];
    const parcels = boxes.find((box) => box.querySelector(".name").textContent === "parcels");
    return Number.parseInt(parcels?.getAttribute("aria-description") ?? "", 10) === 4;
  });
  await app.screenshot("example");
  assert.match(await page.locator("#source").innerText(), /AMQPWebSocketClient/);
  await page.locator("#close").click();
  await page.locator("#log [data-what=closed]").waitFor();
  assert.equal(await page.locator("#log [data-what=failed]").count(), 0);
}
