// Files that people bring: definitions of a real broker, and broken ones.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const DATA = new URL("../../../../shared/data/definitions/", import.meta.url);
const BOXES = "#stage [data-node]";

/** A definitions file is dropped; "add load" makes it run. */
export async function definitions_are_dropped_and_loaded({ page, app }) {
  const file = new URL("008-travel-agency-direct.json", DATA);
  if (!existsSync(fileURLToPath(file))) {
    console.log("       (no ../shared/data: nothing to drop)");
    return;
  }
  await app.open();
  await app.dropFile("travel-agency.json", await readFile(file, "utf8"));
  await page.waitForFunction(
    () => document.querySelectorAll("#stage .queue").length > 0 &&
      document.querySelectorAll("#stage .producer").length === 0,
  );
  await app.press("add-load");
  await page.locator("#load-rate").fill("20");
  await page.locator("#load-add").click();
  await page.locator("#stage .producer").first().waitFor();
  await page.locator("#play").click();
  await page.waitForFunction(
    () => document.querySelector("#narration")?.childElementCount > 3,
    undefined,
    { timeout: 15_000 },
  );
  await page.locator("#play").click();
}

/** A file that is not JSON is refused with line and column; nothing is lost. */
export async function a_broken_file_is_refused({ page, app }) {
  await app.open();
  await page.locator(BOXES).first().waitFor();
  const before = await app.nodes().count();
  await app.dropFile("broken.json", '{\n  "nodes": [,]\n}');
  const toast = page.locator(".toast.refusal");
  await toast.waitFor();
  assert.match(await toast.innerText(), /2/, "says the line");
  assert.equal(await app.nodes().count(), before);
}

/** What is saved opens again as it was. */
export async function saving_and_opening({ page, app }) {
  await app.open();
  await page.locator(BOXES).first().waitFor();
  const labels = () =>
    page.locator(BOXES).evaluateAll((all) => all.map((node) => node.ariaLabel).sort());
  const before = await labels();
  const download = page.waitForEvent("download");
  await app.press("save");
  let text = "";
  for await (const piece of await (await download).createReadStream()) {
    text += piece;
  }
  await app.press("new");
  await page.waitForFunction(() => !document.querySelector("#stage [data-node]"));
  await app.dropFile("saved.json", text);
  await page.locator(BOXES).first().waitFor();
  assert.deepEqual(await labels(), before);
}

/** What reads and writes files of other programs is fetched when it is wanted, and not before. */
export async function code_for_other_files_comes_when_it_is_wanted({ page, app }) {
  const fetched = [];
  page.on("request", (request) => {
    if (/annex.*\.wasm$/.test(request.url())) {
      fetched.push(request.url());
    }
  });
  await app.open();
  await page.locator(BOXES).first().waitFor();
  await page.locator("#play").click();
  assert.equal(fetched.length, 0);
  const before = await app.nodes().count();
  await app.dropFile("rates.csv", "0,5\n1,50\n2,0\n");
  await page.waitForFunction(
    (before) => document.querySelectorAll("#stage [data-node]").length > before,
    before,
  );
  const download = page.waitForEvent("download");
  await app.press("actions");
  await app.press("export");
  let text = "";
  for await (const piece of await (await download).createReadStream()) {
    text += piece;
  }
  assert.ok(JSON.parse(text).queues.length > 0);
  assert.equal(fetched.length, 1);
}

/** Without a connection that is said, nothing is lost, and later it works. */
export async function code_that_does_not_come_is_said({ page, context, app }) {
  app.expectError(/ERR_INTERNET_DISCONNECTED|annex/);
  await app.open();
  await page.locator(BOXES).first().waitFor();
  const before = await app.nodes().count();
  await context.setOffline(true);
  const definitions = JSON.stringify({
    vhosts: [{ name: "/" }],
    queues: [{ name: "alone", vhost: "/", durable: true, arguments: {} }],
  });
  await app.dropFile("definitions.json", definitions);
  await page.locator(".toast.refusal", { hasText: "could not be loaded" }).waitFor();
  assert.equal(await app.nodes().count(), before);
  await context.setOffline(false);
  await app.dropFile("definitions.json", definitions);
  await page.waitForFunction(() => document.querySelectorAll("#stage [data-node]").length === 1);
}

/** A document with policies needs that code before anything else can be done with it. */
export async function a_reload_keeps_policies({ page, app }) {
  await app.open();
  await page.locator(BOXES).first().waitFor();
  await app.dropFile(
    "definitions.json",
    JSON.stringify({
      vhosts: [{ name: "/" }],
      queues: [{ name: "short", vhost: "/", durable: true, arguments: {} }],
      policies: [
        { vhost: "/", name: "five", pattern: ".*", "apply-to": "queues", definition: { "max-length": 5 } },
      ],
    }),
  );
  const stored = () =>
    Object.values(localStorage).some((kept) => kept.includes('"max-length"'));
  await page.waitForFunction(stored);
  await page.reload();
  await app.ready();
  await app.count(BOXES, 1);
  assert.ok(await page.evaluate(stored));
  await app.press("step");
}
