// The first ten seconds, and what is remembered afterwards.
import assert from "node:assert/strict";

const BOXES = "#stage [data-node]";

/** Opens on hello world, and within ten seconds of pressing play a message has gone all the way. */
export async function the_first_ten_seconds({ page, app }) {
  await app.open();
  await page.locator(BOXES).first().waitFor();
  assert.ok((await app.nodes().count()) >= 3, "hello world is drawn");
  assert.equal(await page.locator("#time").innerText(), "00:00:00.000");
  await page.locator("#play").click();
  await page.waitForFunction(
    () => /is done with message/.test(document.querySelector("#narration")?.textContent ?? ""),
    undefined,
    { timeout: 10_000 },
  );
  await page.locator("#play").click();
  await app.drawn();
  const stopped = await app.seconds();
  await page.waitForTimeout(300);
  assert.equal(await app.seconds(), stopped, "paused time stands still");
}

/** One event at a time, each said in words. */
export async function stepping_says_what_happened({ page, app }) {
  await app.open();
  await app.press("step");
  await page.waitForFunction(
    () => document.querySelector("#transport-status")?.textContent !== "",
  );
  assert.equal(
    await page.locator("#transport-status").getAttribute("data-kind"),
    "step",
  );
}

/** A number is edited live: the run goes on, and the backlog grows because of it. */
export async function a_number_is_edited_while_it_runs({ page, app }) {
  await app.open();
  await app.press("gallery");
  await page.locator('.card[data-scenario="work-queue"]').click();
  const queue = page.locator("#stage .queue");
  const ready = async () => Number.parseInt(await queue.getAttribute("aria-description"), 10) || 0;
  await app.speed(1);
  const at = await app.body(page.locator("#stage .producer").first());
  await page.mouse.click(at.x, at.y);
  const rate = page.locator('[id="field-load.rate"]');
  await rate.waitFor();
  await page.locator("#play").click();
  await app.until(() => app.seconds(), (seconds) => seconds >= 3, "simulated seconds");
  const [edited, before] = [await app.seconds(), await ready()];
  await rate.fill("60");
  await rate.press("Enter");
  await page.waitForFunction(
    (most) => {
      const queue = document.querySelector("#stage .queue");
      return Number.parseInt(queue.getAttribute("aria-description"), 10) > most;
    },
    before + 30,
    { timeout: 20_000 },
  );
  await page.waitForTimeout(300);
  assert.ok((await app.seconds()) > edited, "the run was not begun anew");
  assert.equal(await rate.inputValue(), "60");
}

/** The browser's language is taken first; a choice is remembered. */
export async function the_language_follows_the_browser({ browser, url }) {
  const context = await browser.newContext({ locale: "zh-CN" });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator("#language").waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  assert.match(await page.locator(".palette").innerText(), /队列/);
  await page.locator("#language").selectOption("en");
  await page.waitForFunction(() => document.documentElement.lang === "en");
  assert.match(await page.locator(".palette").innerText(), /Queue/);
  await page.reload();
  await page.locator("#language").waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await context.close();
}

/** Themes switch, follow the system when asked to, and are remembered. */
export async function themes_switch({ page, app }) {
  await app.open();
  const theme = () => page.locator("html").getAttribute("data-theme");
  assert.equal(await theme(), "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  await page.locator("#theme").selectOption("projector");
  await page.waitForFunction(() => document.documentElement.dataset.theme === "projector");
  await page.reload();
  await app.ready();
  assert.equal(await theme(), "projector");
}

/** Presenting leaves the stage and the transport; Escape brings the rest back. */
export async function presenting_hides_the_rest({ page, app }) {
  await app.open();
  await app.press("present");
  await page.locator(".bar").waitFor({ state: "detached" });
  assert.equal(await page.locator(".panel").count(), 0);
  assert.ok(await page.locator("#play").isVisible());
  await page.keyboard.press("Escape");
  await page.locator(".bar").waitFor();
}

/** Work survives a reload: the same boxes at the same places. */
export async function a_reload_keeps_the_work({ page, app }) {
  await app.open();
  const before = await app.nodes().count();
  await app.add("queue");
  const places = () =>
    page.locator(BOXES).evaluateAll((all) => all.map((node) => node.ariaLabel).sort());
  const drawn = await places();
  await app.kept(before + 1);
  await page.reload();
  await app.ready();
  await app.count(BOXES, before + 1);
  assert.deepEqual(await places(), drawn);
}

/** A full storage is said in a sentence, and nothing is lost. */
export async function a_full_storage_is_said({ page, app }) {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await app.open();
  const before = await app.nodes().count();
  await app.item("queue").focus();
  await page.keyboard.press("Enter");
  await page.locator(".toast.refusal").waitFor({ timeout: 5_000 });
  await app.count(BOXES, before + 1);
}

/** When the program stops, the page says so and offers the work. */
export async function a_stopped_program_offers_the_work({ page, app }) {
  app.expectError(/stopped on purpose/);
  await app.open();
  const before = await app.nodes().count();
  await app.add("queue");
  await app.kept(before + 1);
  await page.evaluate(() => window.brokerlabStart.crashed("stopped on purpose"));
  await page.locator("#crash").waitFor({ state: "visible" });
  const download = page.waitForEvent("download");
  await page.locator("#crash-save").click();
  const saved = await (await download).createReadStream();
  let text = "";
  for await (const piece of saved) {
    text += piece;
  }
  assert.equal(JSON.parse(text).nodes.length, before + 1);
}
