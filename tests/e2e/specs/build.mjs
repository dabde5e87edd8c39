// Wiring a broker by dragging, by clicking and by keyboard; refusals; undo.
import assert from "node:assert/strict";

const BOXES = "#stage [data-node]";
const LINES = "#stage [data-edge]";

const PARTS = [
  ["producer", 0.15],
  ["direct", 0.38],
  ["queue", 0.6],
  ["consumer", 0.85],
];

async function playsThrough(page) {
  await page.locator("#play").click();
  await page.waitForFunction(
    () => {
      const consumer = document.querySelector("#stage .consumer");
      return Number.parseFloat(consumer?.getAttribute("aria-description")) > 0;
    },
    undefined,
    { timeout: 20_000 },
  );
  await page.locator("#play").click();
}

/** From nothing: parts are dragged from the palette and linked by dragging from their handles. */
export async function by_dragging({ page, app }) {
  await app.begin();
  for (const [index, [item, x]] of PARTS.entries()) {
    await app.dragElement(app.item(item), await app.place(x, 0.4));
    await app.count(BOXES, index + 1);
  }
  const boxes = [".producer", ".exchange", ".queue", ".consumer"].map((kind) =>
    page.locator(`#stage ${kind}`),
  );
  for (let index = 0; index < 3; index += 1) {
    await app.drag(await app.handle(boxes[index]), await app.body(boxes[index + 1]));
    await app.count(LINES, index + 1);
  }
}

/** From nothing: click in the palette, click on the stage; click a handle, click the end. */
export async function by_clicking({ page, app }) {
  await app.begin();
  for (const [index, [item, x]] of [PARTS[0], PARTS[2], PARTS[3]].entries()) {
    await app.item(item).click();
    const at = await app.place(x, 0.5);
    await page.mouse.move(at.x, at.y);
    await page.mouse.click(at.x, at.y);
    await app.count(BOXES, index + 1);
  }
  const boxes = [".producer", ".queue", ".consumer"].map((kind) =>
    page.locator(`#stage ${kind}`),
  );
  for (let index = 0; index < 2; index += 1) {
    const from = await app.handle(boxes[index]);
    await page.mouse.click(from.x, from.y);
    const to = await app.body(boxes[index + 1]);
    await page.mouse.move(to.x, to.y);
    await page.mouse.click(to.x, to.y);
    await app.count(LINES, index + 1);
  }
  await playsThrough(page);
}

/** From nothing, with no pointer at all. */
export async function by_keyboard({ page, app }) {
  await app.begin();
  for (const item of ["producer", "queue", "consumer"]) {
    await app.add(item);
  }
  const link = async (from, to, lines) => {
    await page.locator(`#stage ${from}`).focus();
    await page.keyboard.press("l");
    const start = await app.body(page.locator(`#stage ${from}`));
    const end = await app.body(page.locator(`#stage ${to}`));
    const [dx, dy] = [end.x - start.x, end.y - start.y];
    const across = Math.abs(dx) > Math.abs(dy);
    const arrow = across
      ? (dx < 0 ? "ArrowLeft" : "ArrowRight")
      : (dy < 0 ? "ArrowUp" : "ArrowDown");
    // Each press goes on to another box, and says whether the line may end there.
    const reached = page.locator("#stage .link-yes, #stage .link-no");
    const name = async () => ((await reached.count()) > 0 ? await reached.getAttribute("id") : "");
    for (let tries = 0; tries < 4; tries += 1) {
      const before = await name();
      await page.keyboard.press(arrow);
      await app.until(name, (now) => now !== before, `${arrow} led from ${before} to`);
      if ((await page.locator(`#stage ${to}.link-yes`).count()) > 0) {
        break;
      }
    }
    await page.keyboard.press("Enter");
    await app.count(LINES, lines);
  };
  await link(".producer", ".queue", 1);
  await link(".queue", ".consumer", 2);
}

/** A line is reached, read, changed and deleted with no pointer at all. */
export async function lines_by_keyboard({ page, app }) {
  await app.open();
  await app.press("gallery");
  await page.locator('.card[data-scenario="direct-exchange"]').click();
  await page.locator("#stage .exchange").first().focus();
  const lines = await app.lines().count();
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  await page.keyboard.press("e");
  await page.locator('#stage [data-edge]:focus[aria-selected="true"]').waitFor();
  const first = await focused();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(
    (first) => document.activeElement.getAttribute("aria-label") !== first,
    first,
  );
  assert.match(await page.evaluate(() => document.activeElement.id), /^line-/);
  await page.keyboard.press("Enter");
  const key = page.locator("#field-binding-key");
  await page.waitForFunction(() => document.activeElement.id === "field-binding-key");
  await key.fill("another");
  await key.press("Enter");
  await page.locator("#stage .edge.selected .chip", { hasText: "another" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#stage .exchange").first().focus();
  await page.keyboard.press("e");
  await page.locator("#stage [data-edge]:focus").waitFor();
  await page.keyboard.press("Delete");
  await app.count(LINES, lines - 1);
  await page.locator("#stage .exchange:focus").waitFor();
}

/** A link that makes no sense is refused with a sentence, and nothing changes. */
export async function a_wrong_link_is_refused({ page, app }) {
  await app.open();
  await page.locator(BOXES).first().waitFor();
  const lines = await app.lines().count();
  const queue = page.locator("#stage .queue").first();
  const producer = page.locator("#stage .producer").first();
  const from = await app.handle(queue);
  const to = await app.body(producer);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 10 });
  await page.locator(".refusal-here").waitFor();
  assert.ok((await page.locator(".refusal-here").textContent()).length > 10);
  await page.mouse.up();
  await page.locator(".toast.refusal").waitFor();
  assert.equal(await app.lines().count(), lines);
}

/** Every change can be taken back and done again. */
export async function undo_and_redo({ page, app }) {
  await app.open();
  await page.locator(BOXES).first().waitFor();
  const before = await app.nodes().count();
  await app.add("queue");
  await app.press("undo");
  await app.count(BOXES, before);
  await app.press("redo");
  await app.count(BOXES, before + 1);
  await page.keyboard.press("Control+z");
  await app.count(BOXES, before);
}

/** A box is dragged, moved by keys and deleted. */
export async function moving_and_deleting({ page, app }) {
  await app.open();
  await page.locator(BOXES).first().waitFor();
  const queue = page.locator("#stage .queue").first();
  const start = await app.body(queue);
  await app.drag(start, { x: start.x + 40, y: start.y + 90 });
  const y = async () => (await app.body(queue)).y;
  const moved = await app.until(y, (y) => Math.abs(y - start.y - 90) < 20, "dragged to");
  await page.keyboard.press("Shift+ArrowDown");
  await app.until(y, (y) => y > moved, "moved by a key to");
  const before = await app.nodes().count();
  await page.keyboard.press("Delete");
  await app.count(BOXES, before - 1);
}

/** A wrong number in a field is said at the field, and the old value goes on. */
export async function a_wrong_number_is_said_at_the_field({ page, app }) {
  await app.open();
  const at = await app.body(page.locator("#stage .consumer").first());
  await page.mouse.click(at.x, at.y);
  const field = page.locator(".inspector-panel .field:has(.unit)").first();
  await field.locator("input").fill("many");
  await field.locator("input").press("Enter");
  await page.locator(".inspector-panel .field.wrong .error").waitFor();
}

/** The wheel zooms about the pointer, and F shows everything again. */
export async function zooming({ page, app }) {
  await app.open();
  const queue = page.locator("#stage .queue .outline").first();
  const wide = async () => (await queue.boundingBox()).width;
  const before = await wide();
  const at = await app.place(0.5, 0.5);
  await page.mouse.move(at.x, at.y);
  await page.mouse.wheel(0, -240);
  await app.until(wide, (now) => now > before * 1.2, "zoomed in to");
  await app.press("fit");
  await app.until(wide, (now) => Math.abs(now - before) < before * 0.1, "shown whole at");
}
