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
