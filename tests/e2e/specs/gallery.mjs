// Every scenario of the gallery runs to its end, at high speed, without a word in the console.
import assert from "node:assert/strict";

export async function every_scenario_runs_to_its_end({ page, app }) {
  await app.open();
  await app.press("gallery");
  const cards = page.locator(".card");
  await cards.first().waitFor();
  const keys = await cards.evaluateAll((all) => all.map((card) => card.dataset.scenario));
  assert.ok(keys.length >= 8, `${keys.length} scenarios`);
  await page.locator("#dialog-close").click();
  for (const key of keys) {
    await app.press("gallery");
    await page.locator(`.card[data-scenario="${key}"]`).click();
    await page.locator("#stage [data-node]").first().waitFor();
    await app.speed(2);
    await page.locator("#play").click();
    await page.waitForFunction(
      () => document.querySelector("#transport-status")?.dataset.kind === "ended",
      undefined,
      { timeout: 60_000 },
    );
    assert.ok((await app.seconds()) > 1, `${key} ran`);
    assert.equal(await page.locator("#crash").isVisible(), false);
  }
}

/** A scenario is fetched when it is chosen; meanwhile, and when it fails, its card says so. */
export async function a_scenario_that_does_not_come_is_said({ page, app }) {
  app.expectError(/prefetch\.json|503/);
  await app.open();
  const before = await app.nodes().count();
  let answer;
  const asked = new Promise((resolve) => {
    answer = resolve;
  });
  await page.route("**/prefetch.json", async (route) => {
    await asked;
    await route.fulfill({ status: 503, body: "" });
  });
  await app.press("gallery");
  const card = page.locator('.card[data-scenario="prefetch"]');
  await card.click();
  await card.locator("span", { hasText: "Loading" }).waitFor();
  answer();
  await card.locator("span", { hasText: "could not be loaded" }).waitFor();
  assert.match(await page.locator('dialog [role="status"]').textContent(), /could not be loaded/);
  assert.equal(await app.nodes().count(), before);
  await page.unroute("**/prefetch.json");
  await card.click();
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.locator(".toast", { hasText: "Opened" }).waitFor();
}

/** Who closes the dialog has changed their mind: what comes late is not opened. */
export async function a_late_scenario_is_not_opened({ page, app }) {
  await app.open();
  const label = () => page.locator("#stage .queue").first().getAttribute("aria-label");
  const before = await label();
  let answer;
  const asked = new Promise((resolve) => {
    answer = resolve;
  });
  await page.route("**/work-queue.json", async (route) => {
    await asked;
    await route.continue();
  });
  await app.press("gallery");
  await page.locator('.card[data-scenario="work-queue"]').click();
  await page.locator("#dialog-close").click();
  const came = page.waitForResponse("**/work-queue.json");
  answer();
  await came;
  await page.waitForTimeout(300);
  assert.equal(await label(), before);
  assert.equal(await page.locator("dialog").count(), 0);
}
